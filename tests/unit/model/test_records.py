"""Records made column by column are those that their class makes one by one."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.model.estimate import Estimate
from social_evidence.model.records import of_columns, with_columns

_WORDS = st.text("ab*", max_size=3)
_NUMBERS = st.none() | st.floats(allow_nan=False)


@st.composite
def rows(draw):
    return {
        "measure": draw(_WORDS),
        "series": draw(_WORDS),
        "period": draw(_WORDS),
        "area": draw(_WORDS),
        "statistic": draw(_WORDS),
        "period_start": date(2026, 1, 1),
        "period_end": draw(st.dates()),
        "unit": "share",
        "estimate": draw(_NUMBERS),
        "method": "survey",
        "source": draw(_WORDS),
        "flags": draw(_WORDS),
    }


@given(st.lists(rows(), min_size=1, max_size=6))
def test_records_are_those_of_the_constructor_with_its_defaults(given_rows):
    columns = {name: [row[name] for row in given_rows] for name in given_rows[0]}
    assert of_columns(Estimate, columns) == [Estimate(**row) for row in given_rows]


@given(st.lists(rows(), min_size=1, max_size=6), _WORDS)
def test_copies_differ_in_the_columns_that_are_given(given_rows, word):
    before = [Estimate(**row) for row in given_rows]
    flags = [f"{word}{at}" for at in range(len(before))]
    expected = [dataclasses.replace(row, flags=own) for row, own in zip(before, flags, strict=True)]
    assert with_columns(Estimate, before, {"flags": flags}) == expected
    assert [row.flags for row in before] == [row["flags"] for row in given_rows]


def test_nothing_makes_no_records():
    assert with_columns(Estimate, [], {}) == []


def test_a_record_made_so_never_changes_either():
    row = dict.fromkeys(("measure", "series", "period", "area", "statistic", "unit"), "x")
    columns = {**row, "method": "m", "source": "s", "period_start": "", "period_end": ""}
    (made,) = of_columns(Estimate, {name: [value] for name, value in columns.items()})
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.measure = "another"


def test_an_unknown_field_is_refused():
    with pytest.raises(TypeError, match="no field 'colour'"):
        of_columns(Estimate, {"colour": ["red"]})


def test_a_missing_field_without_default_is_refused():
    with pytest.raises(TypeError, match="needs the field"):
        of_columns(Estimate, {"measure": ["trust"]})


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        of_columns(Estimate, {"measure": ["trust"], "series": []})
