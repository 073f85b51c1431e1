"""CSV files hold every value of the tables, and no text in them can become a formula."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.publish.content import Content
from social_evidence.publish.delimited import GUARDED, guarded, unguarded, write_csv
from social_evidence.publish.tables import published_tables


@pytest.fixture(scope="module")
def folder(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("csv")
    write_csv(content, made)
    return made


NEGATIVE = re.compile(r"-\d+(\.\d+)?(e[+-]\d+)?")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def as_written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return guarded(value) if isinstance(value, str) else str(value)


def test_every_value_of_every_table_is_read_back(content: Content, folder: Path) -> None:
    tables = published_tables(content)
    assert {path.stem for path in (folder / "csv").glob("*.csv")} == {t.name for t in tables}
    for table in tables:
        written = read(folder / "csv" / f"{table.name}.csv")
        assert len(written) == table.rows.num_rows
        for was, row in zip(written, table.rows.to_pylist(), strict=True):
            for name, value in row.items():
                if isinstance(value, float):
                    assert float(was[name]) == value, (table.name, name)
                else:
                    assert was[name] == as_written(value), (table.name, name)


def test_no_text_can_become_a_formula(folder: Path) -> None:
    for path in folder.rglob("*.csv"):
        for row in read(path):
            begun = [value for value in row.values() if value.startswith(("=", "+", "-", "@"))]
            assert [value for value in begun if not NEGATIVE.fullmatch(value)] == [], path.name


def test_hostile_names_stand_behind_an_apostrophe(folder: Path) -> None:
    names = {row["area"]: row["name"] for row in read(folder / "csv" / "areas.csv")}
    assert names["X1-N"] == '\'=HYPERLINK("http://bad.example/","Press")'
    groups = {row["group"]: row["name"] for row in read(folder / "csv" / "groups.csv")}
    assert groups["female"] == "'+Female"


def test_a_negative_number_stays_a_number(folder: Path) -> None:
    found = [r for r in read(folder / "csv" / "estimates.csv") if r["statistic"] == "difference"]
    assert [row["estimate"] for row in found] == ["-0.004"]


@given(st.text())
def test_a_guarded_text_is_given_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(tuple(set(GUARDED) - {"'"}))


def test_an_absent_text_is_not_an_empty_one(folder: Path) -> None:
    text = (folder / "csv" / "sources.csv").read_text(encoding="utf-8")
    assert '""' not in text


def test_the_files_of_measures_are_the_whole_file(content: Content, folder: Path) -> None:
    whole = (folder / "csv" / "estimates.csv").read_text(encoding="utf-8").splitlines()
    parts = [
        (folder / "csv" / "estimates" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        for name in ("crime", "trust")
    ]
    assert {part[0] for part in parts} == {whole[0]}
    assert [line for part in parts for line in part[1:]] == whole[1:]


def test_every_row_says_which_release_it_is_of(folder: Path) -> None:
    for name in ("estimates", "comparisons", "changes"):
        found = {row["release"] for row in read(folder / "csv" / f"{name}.csv")}
        assert found == {"2026.1.0 DRAFT"}


def test_the_dictionary_describes_every_column(content: Content, folder: Path) -> None:
    told = read(folder / "csv" / "dictionary.csv")
    columns = {(row["table"], row["column"]) for row in told}
    for table in published_tables(content):
        assert {(table.name, name) for name in table.rows.column_names} <= columns
    assert [row["column"] for row in told if not row["description"]] == []


def test_a_key_is_unique_and_links_lead_somewhere(content: Content) -> None:
    tables = {table.name: table for table in published_tables(content)}
    for table in tables.values():
        assert unique(table.rows, table.key), table.name
        for link in table.links:
            there = keys(tables[link.table].rows, link.to)
            own = {key for key in keys(table.rows, link.columns) if None not in key}
            assert own <= there, (table.name, link)


def keys(rows: pa.Table, columns: tuple[str, ...]) -> set[tuple[object, ...]]:
    return {tuple(row.values()) for row in rows.select(columns).to_pylist()}


def unique(rows: pa.Table, columns: tuple[str, ...]) -> bool:
    return len(keys(rows, columns)) == rows.num_rows
