"""Answers become numbers and one row a person, or are refused with their place."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from social_evidence.app.participant_answers import (
    indicator_columns,
    participants_of,
    values_of,
)
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.initiative import Reading

SHARE = Reading(way="paired_share", question="q", yes=("a",), among=("a", "b"))
STEPS = Reading(way="rise", question="q", among=("low", "middle", "high"))


def numbers(values: list[str | None], reading: Reading, **how: bool) -> list[float | None]:
    found = values_of(pa.array(values, pa.string()), reading, **how)
    return [None if math.isnan(one) else one for one in found]


def answers(**columns: list[object]) -> pa.Table:
    n = len(next(iter(columns.values())))
    usual = {"arm": "taking_part", "project": "p", "period": "2026", "area": None, "form": "1"}
    laid = {name: pa.array([value] * n, pa.string()) for name, value in usual.items()}
    return pa.table(laid | {name: pa.array(own, pa.string()) for name, own in columns.items()})


def test_answers_outside_the_base_count_as_none() -> None:
    assert numbers(["a", "b", "c", None], SHARE) == [1.0, 0.0, None, None]


def test_without_a_base_every_answer_counts() -> None:
    assert numbers(["a", "c"], Reading(way="paired_share", question="q", yes=("a",))) == [1.0, 0.0]


def test_steps_are_numbered_in_their_order() -> None:
    assert numbers(["high", "low", "gone", None], STEPS) == [2.0, 0.0, None, None]
    assert numbers(["high", "low"], STEPS, is_score=True) == [3.0, 1.0]


def test_scores_are_numbers_and_nothing_else() -> None:
    score = Reading(way="paired_share", question="q")
    assert numbers(["2.5", None], score, is_score=True) == [2.5, None]
    with pytest.raises(DataError, match="no number"):
        numbers(["many"], score, is_score=True)


def test_who_rose_cannot_be_asked_without_steps() -> None:
    with pytest.raises(DefinitionError, match="lowest first"):
        numbers(["a"], Reading(way="rise", question="q"))


def test_each_person_has_one_row_with_the_waves_beside_each_other() -> None:
    table = answers(
        pseudonym=["x", "y", "x", "z"], wave=["before", "before", "after", "after"], q=list("abba")
    )
    people = participants_of(table)
    assert people.people == 3
    before, after = people.values("before", SHARE), people.values("after", SHARE)
    np.testing.assert_array_equal(before, [1.0, 0.0, np.nan])
    np.testing.assert_array_equal(after, [0.0, np.nan, 1.0])
    assert np.isnan(people.values("followup_6m", SHARE)).all()


def test_a_background_left_out_at_first_is_filled_in_later() -> None:
    table = answers(
        pseudonym=["x", "y", "x"], wave=["before", "before", "after"], sex=[None, "male", "female"]
    )
    assert list(participants_of(table).background("sex")) == ["female", "male"]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"pseudonym": ["x", "x"], "wave": ["before", "before"]}, "more than one row"),
        ({"pseudonym": ["x", "y"], "wave": ["before", "later"]}, "wave 'later'"),
        (
            {
                "pseudonym": ["x", "x"],
                "wave": ["before", "after"],
                "arm": ["taking_part", "comparison"],
            },
            "one arm",
        ),
        ({"pseudonym": [], "wave": []}, "no answers yet"),
    ],
)
def test_a_table_that_cannot_be_of_people_is_refused(
    columns: dict[str, list[object]], words: str
) -> None:
    with pytest.raises(DataError, match=words):
        participants_of(answers(**columns))


def test_a_missing_column_is_named_and_no_pseudonym_is() -> None:
    table = answers(pseudonym=["secretperson"], wave=["before"])
    with pytest.raises(DataError, match="'form'") as refusal:
        participants_of(table.drop_columns(["form"]))
    assert "secretperson" not in str(refusal.value)
    with pytest.raises(DataError, match="no column 'q'"):
        participants_of(table).values("before", SHARE)


def test_groups_become_columns_but_the_largest_and_the_tiny() -> None:
    codes = np.array(["a"] * 20 + ["b"] * 8 + ["c"] * 2 + [None] * 6, dtype=object)
    columns, names = indicator_columns({"kind": codes}, np.ones(36, dtype=bool))
    assert names == (("kind", ""), ("kind", "b"))
    assert columns.sum(axis=0).tolist() == [6, 8]
