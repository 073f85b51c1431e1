from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.disclosure.primary import (
    CellSize,
    PrimaryRule,
    joint_status,
    primary_status,
    primary_statuses,
)
from social_evidence.errors import DefinitionError, DisclosureError

STATUSES = ("shown", "low_base", "protected", "not_asked", "not_available", "not_applicable")

cells = st.integers(0, 80).flatmap(
    lambda base: st.builds(
        CellSize,
        base=st.just(base),
        units=st.none() | st.integers(min(base, 1), base),
        part=st.none() | st.integers(0, base),
        is_unknown=st.booleans(),
        status=st.sampled_from(STATUSES),
    )
)
rules = st.builds(
    PrimaryRule,
    threshold=st.integers(1, 30),
    low_base_minimum=st.just(0) | st.integers(31, 60),
    low_base=st.sampled_from(["show", "hide"]),
    unknown=st.sampled_from(["show", "protect"]),
    zeros=st.sampled_from(["show", "protect"]),
    part_minimum=st.integers(0, 5),
)


def judged(base, rule=None, **sizes):
    return primary_status(CellSize(base=base, **sizes), rule or PrimaryRule())


def test_ten_respondents_are_shown_and_nine_are_not():
    assert [judged(9), judged(10)] == ["protected", "shown"]


def test_few_households_hide_a_cell_of_many_people():
    assert judged(30, units=9) == "protected"
    assert judged(30, units=10) == "shown"


def test_low_base_is_shown_for_care_or_hidden_as_the_source_says():
    shown = PrimaryRule(low_base_minimum=50)
    hidden = PrimaryRule(low_base_minimum=50, low_base="hide")
    assert [judged(base, shown) for base in (9, 10, 49, 50)] == [
        "protected",
        "low_base",
        "low_base",
        "shown",
    ]
    assert [judged(base, hidden) for base in (9, 10, 49, 50)] == [
        "protected",
        "protected",
        "protected",
        "shown",
    ]


def test_an_empty_cell_is_shown_only_where_zeros_are_allowed():
    assert judged(0) == "protected"
    assert judged(0, PrimaryRule(zeros="show", low_base_minimum=50)) == "shown"


def test_the_unknown_group_has_no_estimate_and_is_never_small():
    assert [judged(base, is_unknown=True) for base in (0, 3, 300)] == ["not_applicable"] * 3


def test_the_unknown_group_is_judged_by_size_where_the_source_says_so():
    rule = PrimaryRule(unknown="protect")
    assert judged(3, rule, is_unknown=True) == "protected"
    assert judged(300, rule, is_unknown=True) == "not_applicable"


def test_figures_their_owner_publishes_are_not_hidden_again():
    rule = PrimaryRule(published_openly=True, low_base_minimum=50, part_minimum=3)
    assert [judged(base, rule, part=0) for base in (None, 0, 1, 50)] == [
        "shown",
        "shown",
        "low_base",
        "shown",
    ]


@pytest.mark.parametrize("part", [1, 2, 38, 39])
def test_a_few_people_alone_in_or_outside_the_numerator_hide_the_cell_if_asked(part):
    assert judged(40, PrimaryRule(part_minimum=3), part=part) == "protected"
    assert judged(40, part=part) == "shown"


@pytest.mark.parametrize("part", [0, 3, 37, 40])
def test_none_all_or_enough_in_the_numerator_do_not(part):
    assert judged(40, PrimaryRule(part_minimum=3), part=part) == "shown"


def test_a_cell_without_a_base_is_refused_unless_it_is_published_openly():
    with pytest.raises(DisclosureError, match="published_openly"):
        judged(None)


@pytest.mark.parametrize("status", ["protected", "not_asked", "not_available", "not_applicable"])
def test_a_reason_for_no_number_stays_whatever_the_size(status):
    assert judged(500, status=status) == status
    assert judged(None, status=status) == status


@given(st.lists(cells), rules)
def test_judging_twice_is_judging_once(sizes, rule):
    once = primary_statuses(sizes, rule)
    again = [replace(cell, status=status) for cell, status in zip(sizes, once, strict=True)]
    assert primary_statuses(again, rule) == once


@given(st.lists(cells), rules, st.integers(1, 30))
def test_a_higher_threshold_hides_a_superset(sizes, rule, threshold):
    low, high = sorted([rule.threshold, threshold])
    first = primary_statuses(sizes, replace(rule, threshold=low))
    second = primary_statuses(sizes, replace(rule, threshold=high))
    assert all(b == "protected" for a, b in zip(first, second, strict=True) if a == "protected")


@given(cells, rules)
def test_nothing_shown_rests_on_fewer_than_the_threshold(cell, rule):
    if primary_status(cell, rule) in {"shown", "low_base"}:
        assert cell.base == 0 or cell.base >= rule.threshold
        assert cell.units is None or cell.base == 0 or cell.units >= rule.threshold


@pytest.mark.parametrize(
    "fields",
    [
        {"threshold": 0},
        {"low_base_minimum": 10},
        {"low_base_minimum": 4},
        {"part_minimum": -1},
        {"published_openly": True, "low_base": "hide"},
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(fields):
    with pytest.raises(DefinitionError, match=next(iter(fields))):
        PrimaryRule(**fields)


@pytest.mark.parametrize(
    ("of", "joint"),
    [
        (("shown", "shown"), "shown"),
        (("shown", "low_base"), "low_base"),
        (("not_applicable", "low_base"), "not_applicable"),
        (("not_available", "protected"), "protected"),
        (("not_asked", "shown", "not_available"), "not_asked"),
    ],
)
def test_a_row_of_several_cells_is_as_hidden_as_the_most_hidden(of, joint):
    assert joint_status(*of) == joint
