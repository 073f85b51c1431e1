"""Listing a file's values: after missing codes and derived variables, with counts of rows."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest

from social_evidence.engine.codes import listing, rows
from social_evidence.errors import DataError, DefinitionError
from social_evidence.plan.scan import Column, Derived


class Table:
    """A table in memory."""

    name = "survey.csv"
    digest = "0" * 64

    def __init__(self, **columns):
        self.table = pa.table(columns)

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


def listed(table, variables, columns=None, derived=(), ranges=None):
    names = columns or [Column(name=name) for name in table.table.column_names]
    return listing(table, columns=names, derived=derived, variables=variables, ranges=ranges or {})


def test_values_are_counted_without_missing_ones():
    table = Table(a=[1, 2, 2, -9, None], b=["x", "y", "x", "x", ""])
    columns = [Column(name="a", missing=(-9,)), Column(name="b", missing=("",))]
    found = listed(table, ["a", "b"], columns)
    assert found.values == {"a": ((1, 1), (2, 2)), "b": (("x", 3), ("y", 1))}
    assert found.rows == 5


def test_derived_variables_are_listed_as_they_come_out():
    table = Table(a=[1, 5, None])
    derived = [Derived(name="big", sql="case when a is null then null else a > 3 end")]
    assert listed(table, ["big"], derived=derived).values == {"big": ((False, 1), (True, 1))}


def test_numbers_outside_every_range_are_counted_and_never_shown():
    table = Table(score=[0, 10, 11, -1, None, 4.5], n=[1, 2, 3, 4, 5, 6])
    ranges = {("score", "a"): [(0, 10)], ("score", "b"): [(0, 4), (5, 20)]}
    assert listed(table, [], ranges=ranges).outside == {("score", "a"): 2, ("score", "b"): 2}


def test_more_variables_than_one_pass_holds_agree_with_counting_one_by_one():
    columns = {f"v{i}": [(i * row) % 7 for row in range(50)] for i in range(90)}
    found = listed(Table(**columns), list(columns)).values
    for name, values in columns.items():
        assert found[name] == tuple(sorted(Counter(values).items()))


def test_a_derived_variable_over_text_is_refused():
    derived = [Derived(name="d", sql="cast(a as double) + 1")]
    with pytest.raises(DataError, match=r"survey.csv: a variable cannot be computed"):
        listed(Table(a=["x"]), ["d"], derived=derived)


def test_rows_give_expressions_after_missing_codes_and_derived_variables():
    table = Table(a=[1, -9, 3])
    found = rows(
        table,
        columns=[Column(name="a", missing=(-9,))],
        derived=[Derived(name="twice", sql="a * 2")],
        expressions={"y": '"twice"', "known": "a is not null"},
    )
    assert sorted(found.to_pylist(), key=str) == [
        {"y": 2, "known": True},
        {"y": 6, "known": True},
        {"y": None, "known": False},
    ]


def test_rows_refuse_what_a_definition_may_not_hold():
    with pytest.raises(DefinitionError, match="not allowed"):
        rows(Table(a=[1]), columns=[Column(name="a")], derived=[], expressions={"y": "random()"})


@pytest.mark.usefixtures("empty_cache")
def test_a_remainder_by_zero_is_refused_without_a_value():
    derived = [Derived(name="d", sql="7654321 % a")]
    with pytest.raises(DataError, match="a division is by zero") as refusal:
        listed(Table(a=[1, 0]), ["d"], derived=derived)
    assert "7654321" not in str(refusal.value)


def test_listing_spills_only_inside_the_cache(empty_cache, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    assert listed(Table(a=[1, 2]), ["a"]).rows == 2
    assert not any(elsewhere.iterdir())
    assert not any((empty_cache / "work").iterdir())
