"""What a table of comparisons refuses."""

from __future__ import annotations

from typing import Any

import pytest

from social_evidence.errors import StoreError
from social_evidence.model.estimate import COMPARISON_COLUMNS
from social_evidence.store import tables

ROW: dict[str, Any] = {
    "population": "residents",
    "measure": "m",
    "part": "all",
    "series": "s",
    "kind": "area",
    "breakdown": "all",
    "group_from": "all",
    "group_to": "all",
    "area_from": "T",
    "area_to": "N",
    "period_from": "2019",
    "period_to": "2019",
    "statistic": "proportion",
    "difference": 0.1,
    "standard_error": 0.02,
    "lower": 0.06,
    "upper": 0.14,
    "level": 0.95,
    "degrees_of_freedom": 90.0,
    "p_value": 0.001,
    "p_adjusted": 0.003,
    "family": "m|all|s|area",
    "verdict": "higher",
    "status": "shown",
}
HIDDEN: dict[str, Any] = {
    **dict.fromkeys(
        ("difference", "standard_error", "lower", "upper", "level", "degrees_of_freedom",
         "p_value", "p_adjusted", "family")
    ),
    "verdict": "cannot_say",
    "status": "protected",
}  # fmt: skip


def columns(*rows: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: [{**ROW, **row}[name] for row in rows] for name, _ in COMPARISON_COLUMNS}


def test_rows_are_sorted_by_key_and_periods_by_their_days() -> None:
    table = tables.comparisons_table(
        columns({"period_from": "fy2019-20"}, {"period_from": "2018"}, {"area_to": "A"}, HIDDEN)
    )
    assert table.column("area_to").to_pylist() == ["A", "N", "N", "N"]
    assert table.column("period_from").to_pylist() == ["2019", "2018", "2019", "fy2019-20"]


def test_nothing_gives_an_empty_table_with_every_column() -> None:
    table = tables.comparisons_table()
    assert table.column_names == [name for name, _ in COMPARISON_COLUMNS]
    assert table.num_rows == 0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{}, {}], "share the address"),
        ([{"area_to": ""}], "area_to"),
        ([{"kind": "gaps"}], "kind is 'gaps'"),
        ([{"verdict": "better"}], "verdict is 'better'"),
        ([{**HIDDEN, "p_value": 0.5}], "still holds p_value"),
        ([{**HIDDEN, "verdict": "lower"}], "cannot say"),
        ([{"family": None}], "without family"),
        ([{"p_adjusted": None}], "without p_adjusted"),
        ([{"upper": float("inf")}], "upper is not a finite"),
    ],
)
def test_a_row_that_breaks_the_contract_is_refused(
    rows: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(StoreError, match=message):
        tables.comparisons_table(columns(*rows))


def test_tables_that_differ_in_anything_are_told_apart() -> None:
    first = tables.comparisons_table(columns({}))
    told = {
        tables.table_bytes(tables.comparisons_table(columns(other)))
        for other in ({}, {"difference": 0.2}, {"difference": None}, {"family": "x"}, HIDDEN)
    }
    assert len(told) == 5
    assert tables.table_bytes(first) in told
