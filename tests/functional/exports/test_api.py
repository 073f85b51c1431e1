"""The JSON API and its description, the archive and the checksums, by other people's software."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import jsonschema
from openapi_spec_validator import OpenAPIV31SpecValidator

SHARED = {"estimates": "measures", "comparisons": "comparisons"}


def rows(path: Path, table: str) -> list[dict[str, object]]:
    read = json.loads(path.read_bytes())
    return [dict(zip(read[table]["columns"], row, strict=True)) for row in read[table]["rows"]]


def contract(published, table) -> list[str]:
    return list(next(iter(published.tables[table].values())))


def test_the_files_of_the_measures_hold_every_value(published, agree) -> None:
    for table, folder in SHARED.items():
        found = [
            row
            for path in sorted(published.folder.glob(f"api/{folder}/*.json"))
            for row in rows(path, table)
        ]
        agree(table, found, contract(published, table))


def test_the_files_of_the_areas_hold_every_value(published, agree) -> None:
    paths = sorted(published.folder.glob("api/areas/*.json"))
    for table in SHARED:
        found = [row for path in paths for row in rows(path, table)]
        agree(table, found, contract(published, table))


def test_the_description_is_valid_openapi(published) -> None:
    OpenAPIV31SpecValidator(json.loads(published.file("api/openapi.json").read_bytes())).validate()


def test_every_answer_is_as_described(published) -> None:
    described = json.loads(published.file("api/openapi.json").read_bytes())
    asked = 0
    for path, operations in described["paths"].items():
        answer = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        schema = {**answer, "components": described["components"]}
        checker = jsonschema.Draft202012Validator(schema)
        files = addresses(published, path, operations["get"].get("parameters", []))
        for file in files[: 3 if published.name == "london" else None]:
            checker.validate(json.loads(file.read_bytes()))
            asked += 1
    assert asked > len(described["paths"])


def addresses(published, path: str, parameters: list[dict[str, object]]) -> list[Path]:
    found = [path]
    for one in parameters:
        name, values = one["name"], one["schema"]["enum"]
        found = [each.replace(f"{{{name}}}", value) for each in found for value in values]
    return [published.file(f"api{each}") for each in found]


def test_the_paths_are_the_files(published) -> None:
    described = json.loads(published.file("api/openapi.json").read_bytes())
    told = {
        file.relative_to(published.folder).as_posix()
        for path, operations in described["paths"].items()
        for file in addresses(published, path, operations["get"].get("parameters", []))
    }
    there = {
        path.relative_to(published.folder).as_posix()
        for path in published.folder.glob("api/**/*.json")
    }
    assert there - told == {"api/openapi.json"}


def test_the_checksums_hold_by_sha256sum(published, program) -> None:
    sums = published.file("SHA256SUMS")
    done = subprocess.run(
        [program("sha256sum"), "--check", "--strict", "--quiet", sums.name],
        cwd=published.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    listed = {line.split("  ", 1)[1] for line in sums.read_text().splitlines()}
    files = {
        path.relative_to(published.folder).as_posix()
        for path in published.folder.rglob("*")
        if path.is_file()
    }
    assert {name for name in files - listed if ".zip" not in name} == {"SHA256SUMS"}


def test_the_archive_holds_the_same_bytes(published) -> None:
    (path,) = published.folder.glob("*.zip")
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        for entry in opened.infolist():
            _, _, name = entry.filename.partition("/")
            assert opened.read(entry) == published.file(name).read_bytes()
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
