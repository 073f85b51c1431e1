"""CSVW and the data package say of every CSV file what is in it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from social_evidence.publish.content import Content
from social_evidence.publish.csvw import write_csvw
from social_evidence.publish.datapackage import write_datapackage
from social_evidence.publish.delimited import write_csv
from social_evidence.publish.tables import published_tables


@pytest.fixture(scope="module")
def folder(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("package")
    files = write_csv(content, made)
    write_csvw(content, made, files)
    write_datapackage(content, made, files)
    return made


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def head(path: Path) -> list[str]:
    line = path.read_text(encoding="utf-8").split("\n", 1)[0]
    return [name.strip('"') for name in line.split(",")]


def test_csvw_names_the_columns_in_their_order(folder: Path) -> None:
    group = read(folder / "csv" / "csv-metadata.json")
    assert len(group["tables"]) == len(list((folder / "csv").glob("*.csv")))
    for table in group["tables"]:
        columns = [column["name"] for column in table["tableSchema"]["columns"]]
        assert columns == head(folder / "csv" / table["url"])


def test_every_measures_file_has_its_own_description(folder: Path) -> None:
    for path in (folder / "csv").glob("*/*.csv"):
        alone = read(path.with_name(f"{path.name}-metadata.json"))
        assert alone["url"] == path.name
        assert [c["name"] for c in alone["tableSchema"]["columns"]] == head(path)


def test_csvw_bears_the_marks_and_types(folder: Path) -> None:
    group = read(folder / "csv" / "csv-metadata.json")
    assert "DRAFT" in group["dc:title"]
    assert any("made up" in note["body"] for note in group["notes"])
    (estimates,) = [t for t in group["tables"] if t["url"] == "estimates.csv"]
    types = {c["name"]: c["datatype"] for c in estimates["tableSchema"]["columns"]}
    assert (types["estimate"], types["base"], types["area"]) == ("double", "integer", "string")
    assert types["period_start"]["format"] == "yyyy-MM-dd"


def test_the_package_states_size_and_digest_of_every_file(folder: Path) -> None:
    package = read(folder / "datapackage.json")
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_the_package_has_keys_links_sources_and_a_licence(content: Content, folder: Path) -> None:
    package = read(folder / "datapackage.json")
    schemas = {r["name"]: r["schema"] for r in package["resources"]}
    for table in published_tables(content):
        assert schemas[table.name]["primaryKey"] == list(table.key)
    linked = {
        tuple([key["fields"]] if isinstance(key["fields"], str) else key["fields"])
        for key in schemas["estimates"]["foreignKeys"]
    }
    assert {("area",), ("period",), ("breakdown", "group"), ("source",)} <= linked
    assert package["sources"][0]["title"].startswith("Nobody")
    assert package["licenses"][0]["title"] == "CC0 1.0"
    assert package["version"] == "2026.1.0"
