"""SDMX-CSV holds the release; every id in it is of its codelist, and every id is a valid one."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from social_evidence.model.period import parse
from social_evidence.publish.content import Content
from social_evidence.publish.sdmx import (
    COMPARISONS,
    ESTIMATES,
    group_id,
    observation_status,
    time_period,
    to_id,
    write_sdmx,
)
from social_evidence.publish.sdmx_structure import write_structure

ID = re.compile(r"[A-Za-z0-9_@$-]+", re.ASCII)


@pytest.fixture(scope="module")
def folder(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sdmx")
    write_sdmx(content, made)
    write_structure(content, made)
    return made / "sdmx"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.fixture(scope="module")
def structure(folder: Path) -> Any:
    return json.loads((folder / "structure.json").read_text(encoding="utf-8"))["data"]


def test_numbers_are_the_releases(content: Content, folder: Path) -> None:
    for structure, stored in (
        (ESTIMATES, content.estimates),
        (COMPARISONS, content.comparisons),
    ):
        written = read(folder / f"{structure.id.lower()}.csv")
        assert len(written) == stored.num_rows
        for was, row in zip(written, stored.to_pylist(), strict=True):
            for part in structure.components:
                if part.role == "measure" or part.type == "Double":
                    value = row[part.column]
                    assert was[part.id] == "" if value is None else float(was[part.id]) == value


def test_every_id_is_in_its_codelist_and_is_an_sdmx_id(folder: Path, structure: Any) -> None:
    lists = {one["id"]: {code["id"] for code in one["codes"]} for one in structure["codelists"]}
    assert all(ID.fullmatch(code) for codes in lists.values() for code in codes)
    for one in (ESTIMATES, COMPARISONS):
        for row in read(folder / f"{one.id.lower()}.csv"):
            for part in one.components:
                if part.codes and row[part.id]:
                    assert row[part.id] in lists[part.codes], (one.id, part.id)


def test_the_dimensions_tell_rows_apart(folder: Path) -> None:
    for one in (ESTIMATES, COMPARISONS):
        dimensions = [part.id for part in one.components if part.role in {"dimension", "time"}]
        rows = read(folder / f"{one.id.lower()}.csv")
        assert len({tuple(row[name] for name in dimensions) for row in rows}) == len(rows)


def test_names_stand_beside_ids_and_are_no_formulas(folder: Path) -> None:
    rows = {row["GROUP"]: row for row in read(folder / "estimates.csv")}
    assert rows["sex@female"]["Group"] == "'+Female"
    assert rows["sex-age@female-young"]["Breakdown"] == "Sex by age"
    assert rows["_T"]["Group"] == "Everybody"
    names = {row["REF_AREA"]: row["Area"] for row in rows.values()}
    assert names["X1"] == "Middleton, city of “bridges”"
    head = (folder / "estimates.csv").read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    assert head[:4] == ['"STRUCTURE"', '"STRUCTURE_ID"', '"STRUCTURE_NAME"', '"ACTION"']
    assert len(head) == 4 + 2 * len(ESTIMATES.components)


def test_observation_status_says_why_a_number_is_missing(folder: Path) -> None:
    rows = read(folder / "estimates.csv")
    found = {(row["STATUS"], row["OBS_STATUS"]) for row in rows}
    assert found == {
        ("shown", "A"),
        ("shown", "P"),
        ("low_base", "U"),
        ("protected", "Q"),
        ("not_asked", "L"),
        ("not_available", "O"),
        ("not_applicable", "M"),
    }
    assert observation_status("shown", "break;synthetic") == "B"
    assert observation_status("protected", "break;provisional") == "Q"


def test_the_structure_defines_every_column(structure: Any, folder: Path) -> None:
    for one in structure["dataStructures"]:
        parts = one["dataStructureComponents"]
        ids = [
            *(d["id"] for d in parts["dimensionList"]["dimensions"]),
            *(m["id"] for m in parts["measureList"]["measures"]),
            *(a["id"] for a in parts["attributeList"]["attributes"]),
        ]
        ids += [t["id"] for t in [parts["dimensionList"].get("timeDimension")] if t]
        head = read(folder / f"{one['id'].lower()}.csv")[0]
        assert set(ids) == {name for name in head if name.isupper()} - FIXED
        concepts = {c["id"] for c in structure["conceptSchemes"][0]["concepts"]}
        assert set(ids) <= concepts


FIXED = {"STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION"}


def test_a_draft_is_one_in_its_version_and_its_name(structure: Any, folder: Path) -> None:
    assert {one["version"] for one in structure["codelists"]} == {"2026.1.0-draft"}
    assert "DRAFT" in structure["dataflows"][0]["name"]
    identity = {row["STRUCTURE_ID"] for row in read(folder / "estimates.csv")}
    assert identity == {"SOCIAL_EVIDENCE:ESTIMATES(2026.1.0-draft)"}


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("2016", "2016"),
        ("2016Q3", "2016-Q3"),
        ("2016-09", "2016-09"),
        ("2016-12-01", "2016-12-01"),
        ("fy2016-17", "2016-04-01/P1Y"),
        ("ay2016-17", "2016-09-01/P1Y"),
        ("y2023Q2", "2022-07-01/P1Y"),
        ("p2013-2015", "2013-01-01/P3Y"),
        ("2014-2015", "2014-01-01/P2Y"),
    ],
)
def test_periods_are_written_as_sdmx_writes_time(label: str, written: str) -> None:
    period = parse(label)
    assert time_period(label, period.start, period.end) == written


def test_odd_spans_are_counted_in_days_or_months() -> None:
    assert time_period("x", dt.date(2020, 1, 5), dt.date(2020, 1, 9)) == "2020-01-05/P5D"
    assert time_period("x", dt.date(2020, 1, 1), dt.date(2020, 5, 31)) == "2020-01-01/P5M"


def test_ids_of_ours_become_ids_of_sdmx() -> None:
    assert to_id("age_band*sex") == "age_band-sex"
    assert to_id("participants:choir") == "participants-choir"
    assert group_id("sex", "all") == "sex@_T"
    assert group_id("all", "all") == "_T"
