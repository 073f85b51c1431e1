"""SDMX, read by pysdmx and checked against its structure: every value is the release's."""

from __future__ import annotations

import json

import pytest
from pysdmx.io import get_datasets, read_sdmx

RENAMED = {"REF_AREA": "area", "UNIT_MEASURE": "unit"}
OBSERVED = {"estimates": "estimate", "comparisons": "difference"}
TEXT_MISSING = {"flags": ""}
STATUS = {
    "protected": "Q",
    "not_asked": "L",
    "not_available": "O",
    "not_applicable": "M",
    "low_base": "U",
}


def sdmx_id(code: str) -> str:
    """A code as SDMX's ids allow it."""
    return "_T" if code == "all" else code.replace(" * ", "-").replace("*", "-")


def sdmx_group(breakdown: str, group: str) -> str:
    return (
        "_T" if (breakdown, group) == ("all", "all") else f"{sdmx_id(breakdown)}@{sdmx_id(group)}"
    )


def codes(published, table):
    """SDMX id -> our code, for each column; made from the release alone."""
    rows = published.tables[table].values()
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str) and name not in {"family", "flags"}:
                is_group = name.startswith("group")
                made = sdmx_group(row["breakdown"], value) if is_group else sdmx_id(value)
                assert found.setdefault(name, {}).setdefault(made, value) == value
    return found


def read_rows(published, table):
    data = published.file(f"sdmx/{table}.csv")
    structure = published.file("sdmx/structure.json")
    (found,) = get_datasets(data, structure, validate=True)
    known = codes(published, table)
    for row in found.data.astype(object).to_dict("records"):
        read = {RENAMED.get(name, name.lower()): value for name, value in row.items()}
        read[OBSERVED[table]] = read.pop("obs_value")
        yield {name: stored(name, value, known) for name, value in read.items()}


def stored(name, value, known):
    if value is None or value != value or value == "":
        return TEXT_MISSING.get(name)
    if name in known:
        return known[name][str(value)]
    try:
        return int(value) if name == "base" else float(value)
    except ValueError:
        return str(value)


@pytest.mark.parametrize("table", ["estimates", "comparisons"])
def test_pysdmx_reads_every_value(published, agree, table) -> None:
    days = {"period_start", "period_end"}
    columns = [name for name in next(iter(published.tables[table].values())) if name not in days]
    agree(table, read_rows(published, table), columns)


def test_the_observation_status_says_why_there_is_no_figure(published) -> None:
    for row in read_rows(published, "estimates"):
        expected = STATUS.get(row["status"])
        assert expected is None or row["obs_status"] == expected
        assert expected is not None or row["obs_status"] in {"A", "B", "P"}


def test_every_code_used_is_in_its_list(published) -> None:
    message = read_sdmx(published.file("sdmx/structure.json"), validate=True)
    for dsd in (one for one in message.structures if type(one).__name__.startswith("DataStr")):
        data = read_sdmx(published.file(f"sdmx/{dsd.id.lower()}.csv")).data[0].data
        for part in dsd.components:
            if part.enumeration is not None:
                listed = {code.id for code in part.enumeration.codes}
                assert set(data[part.id]) - {""} <= listed, part.id


def test_names_stand_in_the_codelists(published) -> None:
    told = json.loads(published.file("sdmx/structure.json").read_bytes())
    for codelist in told["data"]["codelists"]:
        assert all(code.get("name") for code in codelist["codes"]), codelist["id"]
