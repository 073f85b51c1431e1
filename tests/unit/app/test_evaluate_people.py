"""How many people: against the planning methods, and turned round."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.app.evaluate_people import PeopleAsked, people_needed
from social_evidence.errors import DataError
from social_evidence.methods.evaluation.planning import changed_people, two_shares_people


def test_each_step_multiplies_the_people() -> None:
    asked = PeopleAsked(change=0.08, moved=0.25, per_project=20, alike=0.02, lost=0.3)
    needed = people_needed(asked)
    exact = changed_people(0.25, 0.08)
    assert needed.answers == math.ceil(exact)
    assert needed.cluster_factor == pytest.approx(1.38)
    assert needed.with_projects == math.ceil(exact * 1.38)
    assert needed.to_begin == math.ceil(exact * 1.38 / 0.7)
    assert needed.projects == math.ceil(needed.to_begin / 20)


def test_few_people_at_all_need_fewer() -> None:
    many = people_needed(PeopleAsked())
    few = people_needed(PeopleAsked(population=300))
    assert few.of_population < many.of_population
    assert few.to_begin <= 300 / 0.7


def test_two_groups_are_counted_each() -> None:
    needed = people_needed(PeopleAsked(kind="two_groups", before=0.4, change=0.1, lost=0))
    assert needed.groups == 2
    assert needed.answers == math.ceil(two_shares_people(0.4, 0.5))
    assert needed.projects is None


@given(
    st.sampled_from(["same_people", "same_people_score", "two_groups_score"]),
    st.integers(60, 5000),
    st.floats(0, 0.6),
    st.integers(1, 30),
)
@settings(max_examples=60, deadline=None)
def test_the_smallest_change_needs_the_people_there_are(
    kind: str, people: int, lost: float, per_project: int
) -> None:
    asked = PeopleAsked(kind=kind, people=people, lost=lost, per_project=per_project)
    found = people_needed(asked).detectable
    if found is None:
        return
    back = people_needed(PeopleAsked(kind=kind, change=found, lost=lost, per_project=per_project))
    assert back.to_begin == pytest.approx(people, abs=1 + 1e-4 * people)


def test_a_handful_shows_nothing() -> None:
    assert people_needed(PeopleAsked(people=4)).detectable is None


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (PeopleAsked(change=0), "smallest that matters"),
        (PeopleAsked(moved=1.4), "moved is 1.4"),
        (PeopleAsked(change=0.5, moved=0.3), "cannot come of"),
        (PeopleAsked(lost=1.0), "lost"),
        (PeopleAsked(per_project=0), "1 is the least"),
        (PeopleAsked(power=1.0), "power is 1"),
        (PeopleAsked(population=0), "population"),
    ],
)
def test_what_cannot_be_is_refused(asked: PeopleAsked, words: str) -> None:
    with pytest.raises(DataError, match=words):
        people_needed(asked)
