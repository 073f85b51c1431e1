"""Parquet and the JSON API hold the release, row by row, and describe themselves."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from social_evidence.errors import DefinitionError
from social_evidence.publish.api import area_path, write_api
from social_evidence.publish.content import Content
from social_evidence.publish.openapi import write_openapi
from social_evidence.publish.parquet import write_parquet


@pytest.fixture(scope="module")
def folder(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("api")
    write_parquet(content, made)
    write_api(content, made)
    write_openapi(content, made)
    return made


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def listed(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in row.items()}


def test_parquet_holds_the_named_tables_with_metadata(content: Content, folder: Path) -> None:
    for name, rows in (
        ("estimates", content.named_estimates),
        ("comparisons", content.named_comparisons),
    ):
        written = pq.read_table(folder / "parquet" / f"{name}.parquet")
        assert written.column_names == [*rows.column_names, "release"]
        assert written.select(rows.column_names).to_pylist() == rows.to_pylist()
        assert set(written["release"].to_pylist()) == {"2026.1.0 DRAFT"}
        assert (
            b"Benjamini"
            in b"".join(
                (written.schema.field(at).metadata or {}).get(b"description", b"")
                for at in range(len(written.schema))
            )
            or name == "estimates"
        )
        assert b"DRAFT" in written.schema.metadata[b"title"]


def test_the_files_of_measures_are_the_estimates(content: Content, folder: Path) -> None:
    rows = [
        row
        for measure in ("crime", "trust")
        for row in listed(read(folder / "api" / "measures" / f"{measure}.json")["estimates"])
    ]
    stored = [plain(row) for row in content.estimates.to_pylist()]
    assert [{name: row[name] for name in stored[0]} for row in rows] == stored
    assert {row["area_name"] for row in rows} >= {"Middleton, city of “bridges”"}


def test_the_files_of_areas_hold_each_row_once(content: Content, folder: Path) -> None:
    files = [read(path) for path in sorted((folder / "api" / "areas").glob("*.json"))]
    rows = [row for file in files for row in listed(file["estimates"])]
    assert len(rows) == content.estimates.num_rows
    compared = [row for file in files for row in listed(file["comparisons"])]
    assert len(compared) == content.comparisons.num_rows
    for file in files:
        assert {row["area"] for row in listed(file["estimates"])} == {file["area"]["code"]}


def test_comparisons_are_read_back(content: Content, folder: Path) -> None:
    rows = listed(read(folder / "api" / "comparisons" / "trust.json")["comparisons"])
    stored = content.comparisons.to_pylist()
    assert [{name: row[name] for name in stored[0]} for row in rows] == stored
    assert rows[1]["group_to_name"] == "Male"


def test_the_index_leads_to_every_file(folder: Path) -> None:
    index = read(folder / "api" / "index.json")
    named = [measure["estimates"] for measure in index["measures"]]
    named += [measure["comparisons"] for measure in index["measures"] if measure["comparisons"]]
    named += [area["figures"] for area in index["areas"]]
    there = {path.relative_to(folder / "api").as_posix() for path in folder.rglob("*/*/*.json")}
    assert set(named) == there
    assert index["marks"] == ["synthetic", "draft"]
    assert index["codes"]["status"]["protected"] == "Hidden to protect people"


def test_openapi_names_every_path_and_column(folder: Path) -> None:
    told = read(folder / "api" / "openapi.json")
    assert told["openapi"].startswith("3.1")
    written = [
        path.relative_to(folder / "api").as_posix() for path in folder.rglob("api/**/*.json")
    ]
    expected = {"/index.json"}
    for path, item in told["paths"].items():
        for parameter in item["get"].get("parameters", []):
            key, values = parameter["name"], parameter["schema"]["enum"]
            expected |= {path.replace(f"{{{key}}}", value) for value in values}
    assert {f"/{name}" for name in written} - {"/openapi.json"} == expected - {
        path for path in told["paths"] if "{" in path
    }
    estimates = told["components"]["schemas"]["Estimates"]["properties"]
    file = read(folder / "api" / "measures" / "trust.json")
    assert estimates["columns"]["const"] == file["estimates"]["columns"]
    assert estimates["rows"]["items"]["minItems"] == len(file["estimates"]["columns"])


def test_a_code_that_cannot_be_a_file_is_refused() -> None:
    with pytest.raises(DefinitionError, match="area code"):
        area_path("../x")
