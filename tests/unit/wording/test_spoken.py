"""Shares as people say them, and titles turned into sentences only where that is true."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.wording.findings import change_sentence, differ_sentence, listed
from social_evidence.wording.spoken import about, dated, simple_fraction, told_of_people, when


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.21, "about 1 in 5"),
        (0.912, "about 9 in 10"),
        (0.34, "about 1 in 3"),
        (0.26, "about 1 in 4"),
        (0.5, "about half"),
        (0.46, "46%"),
        (0.02, "2%"),
        (0.97, "97%"),
    ],
)
def test_a_share_is_said_as_a_fraction_within_two_points(share: float, words: str) -> None:
    assert about(share) == words


def test_a_sentence_says_once_when_it_is_of() -> None:
    assert dated("About half vote.", "in 2021") == "In 2021, about half vote."
    assert dated("52% in London in 2021.", "in 2021") == "52% in London in 2021."
    assert dated("There is no figure.", "") == "There is no figure."


@pytest.mark.parametrize(
    ("share", "lower", "upper", "words"),
    [
        (0.586, 0.577, 0.595, "58.6%"),
        (0.586, 0.577, 0.6, "about 6 in 10"),
        (0.532, 0.523, 0.541, "53.2%"),
        (0.185, 0.181, 0.188, "18.5%"),
        (0.212, 0.204, 0.22, "21.2%"),
        (0.49, 0.42, 0.55, "about half"),
    ],
)
def test_no_fraction_is_said_that_the_range_denies(
    share: float, lower: float, upper: float, words: str
) -> None:
    assert about(share, lower, upper, decimals=1) == words


@given(thousandths=st.integers(0, 1000), below=st.integers(0, 200), above=st.integers(0, 200))
def test_what_is_said_is_near_the_figure_and_inside_its_range(
    thousandths: int, below: int, above: int
) -> None:
    share, lower, upper = (
        min(max(one, 0), 1000) / 1000
        for one in (thousandths, thousandths - below, thousandths + above)
    )
    found = simple_fraction(share, lower, upper)
    if found is not None:
        said = found[0] / found[1]
        assert abs(said - share) <= 0.0200001
        assert lower - 1e-9 <= said <= upper + 1e-9


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("People who agree", "About 1 in 5 people in London agree"),
        ("Adults who are members", "About 1 in 5 adults in London are members"),
        ("People with nobody to rely on", "About 1 in 5 people in London have nobody to rely on"),
        ("People in families", "About 1 in 5 people in London are in families"),
    ],
)
def test_a_plain_title_becomes_a_sentence(title: str, sentence: str) -> None:
    assert told_of_people(title, "about 1 in 5", "London") == sentence


@pytest.mark.parametrize(
    "title",
    [
        "People with another language whose English hinders work",
        "People looking for work, of all who work or look for it",
        "Electors per adult",
        "Gaps between groups",
    ],
)
def test_a_title_with_a_base_of_its_own_is_left_alone(title: str) -> None:
    assert told_of_people(title, "about 1 in 5", "London") == ""


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("fy2021-22", "in 2021/22"),
        ("2024-12-01", "on 1 December 2024"),
        ("y2023-06", "in the 12 months to June 2023"),
        ("2023", "in 2023"),
    ],
)
def test_a_period_stands_in_a_sentence(label: str, words: str) -> None:
    assert when(label) == words


def test_half_and_per_cent_are_of_people() -> None:
    assert told_of_people("Adults who vote", "46%", "London") == "46% of adults in London vote"


def test_a_list_counts_what_it_does_not_name() -> None:
    assert listed(["a", "b", "c"], most=2) == "a, b and 1 more"


def test_verdicts_are_summed_up_and_the_rest_is_not_called_the_same() -> None:
    told = differ_sentence(["A"], ["B"], 3, place="London", noun="boroughs")
    assert told == (
        "The figure is clearly higher than for London in A. It is clearly lower in B. "
        "For the other 3 boroughs we cannot tell."
    )


def test_groups_are_named_as_labels() -> None:
    told = differ_sentence([], ["Retired"], 0, place="London as a whole", noun="groups")
    assert told == "The figure is clearly lower than for London as a whole in the group “Retired”."


def test_without_verdicts_nothing_is_said() -> None:
    assert differ_sentence([], [], 0, place="London", noun="groups") == ""
    assert change_sentence("cannot_say", "2018", "") == ""


def test_no_clear_change_is_not_no_change() -> None:
    told = change_sentence("no_clear_difference", "2018", "from 3 points lower to 4 points higher")
    assert told == (
        "We cannot tell whether it has changed since 2018: it could be anything from 3 points "
        "lower to 4 points higher."
    )


def test_a_change_that_looks_clear_by_itself_says_why_it_is_not_called_one() -> None:
    told = change_sentence(
        "no_clear_difference", "2018", "between 1 and 4 points lower", alone=True
    )
    assert told == (
        "We cannot tell whether it has changed since 2018: by itself it seems between 1 and 4 "
        "points lower, but among so many comparisons that may be chance."
    )


def test_a_clear_change_is_told_with_its_range_and_a_counted_one_as_counted() -> None:
    told = change_sentence("lower", "2018", "between 1 and 4 points lower")
    assert told == "It is clearly lower than in 2018, very likely between 1 and 4 points lower."
    counted = change_sentence("higher", "2018", "0.3 points higher", counted=True)
    assert counted == "It is 0.3 points higher than in 2018, counted in full."
    same = change_sentence("no_clear_difference", "2018", "to within 0.1 points", counted=True)
    assert same == "It is the same as in 2018, to within 0.1 points, counted in full."


def test_counts_are_called_counted_and_never_clear_or_unclear() -> None:
    place = {"place": "London", "noun": "boroughs", "counted": True}
    assert differ_sentence(["A"], ["B"], 1, **place) == (
        "Counted in full, the figure is higher than for London in A. It is lower in B. "
        "For the other one it is the same."
    )
    assert differ_sentence([], ["B"], 0, **place) == (
        "Counted in full, the figure is lower than for London in B."
    )
    assert differ_sentence([], [], 3, **place) == (
        "Counted in full, the figure is the same for all boroughs as for London."
    )
