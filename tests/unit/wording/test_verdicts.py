"""Comparisons in words."""

from __future__ import annotations

import itertools

import pytest

from social_evidence.errors import DefinitionError
from social_evidence.model.comparison import KINDS, VERDICTS, Comparison
from social_evidence.model.estimate import HIDDEN
from social_evidence.wording.verdicts import verdict_sentence, verdict_words


def row(**changed: object) -> Comparison:
    given: dict[str, object] = {
        "measure": "m",
        "series": "s",
        "kind": "area",
        "area_from": "E12000007",
        "area_to": "E09000007",
        "period_from": "2016",
        "period_to": "2016",
        "statistic": "proportion",
        "difference": 0.041,
        "standard_error": 0.015,
        "lower": 0.012,
        "upper": 0.07,
        "level": 0.95,
        "degrees_of_freedom": 900.0,
        "p_value": 0.006,
        "p_adjusted": 0.03,
        "family": "m|all|s|area",
        "verdict": "higher",
    }
    return Comparison(**{**given, **changed})  # type: ignore[arg-type]


def said(unit: str = "share", *, decimals: int = 1, **changed: object) -> str:
    return verdict_sentence(row(**changed), unit, side="Camden", other="London", decimals=decimals)


def test_a_clear_difference_is_told_with_its_range() -> None:
    assert said() == (
        "Camden is 4.1 percentage points higher than London; it could be anything between 1.2 "
        "and 7.0 percentage points higher, with 95% confidence."
    )


def test_what_is_not_clear_is_told_as_a_range_with_directions() -> None:
    unclear = {"verdict": "no_clear_difference", "lower": -0.031, "upper": 0.052}
    assert said(**unclear) == (
        "No clear difference from London: Camden could be anything from 3.1 percentage points "
        "lower to 5.2 percentage points higher, with 95% confidence."
    )


def test_ends_are_rounded_outward() -> None:
    unclear = {"verdict": "no_clear_difference", "lower": -0.031, "upper": 0.052}
    assert "4 percentage points lower to 6 percentage points higher" in said(decimals=0, **unclear)
    assert "between 1 and 7 percentage points higher" in said(decimals=0)
    assert "between 4 and 8 percentage points lower" in said(
        decimals=0, verdict="lower", difference=-0.06, lower=-0.071, upper=-0.049
    )


def test_a_gap_is_told_of_the_group_and_not_of_the_reference() -> None:
    told = said(kind="gap", verdict="lower")
    assert told.startswith("Camden is 4.1 percentage points lower than London; it could be")
    assert "between 1.2 and 7.0 percentage points lower" in told


def test_a_count_in_full_is_called_counted_and_never_clear_or_likely() -> None:
    fact = dict.fromkeys(("p_value", "p_adjusted", "family", "lower", "upper", "standard_error"))
    told = said(**fact)
    assert told == ("Camden is 4.1 percentage points higher than London: counted, not estimated.")
    same = said(**fact, verdict="no_clear_difference", difference=0.0004)
    assert same.startswith("Camden is the same as London")


@pytest.mark.parametrize("status", sorted(HIDDEN))
def test_a_hidden_side_is_told_by_its_status(status: str) -> None:
    told = said(status=status, verdict="cannot_say", difference=None)
    assert not any(letter.isdigit() for letter in told)


def test_a_change_across_the_end_of_a_series_says_so() -> None:
    told = said(kind="change", status="not_applicable", verdict="cannot_say", difference=None)
    assert "new series" in told


def test_a_difference_without_a_test_is_given_but_not_judged() -> None:
    untested = dict.fromkeys(("p_value", "p_adjusted", "family", "lower", "upper"))
    told = said(verdict="cannot_say", **untested)
    assert "4.1 percentage points" in told
    assert "higher" not in told


@pytest.mark.parametrize(("unit", "size"), [("per_1000", "0.041 per 1,000"), ("score", "0.041")])
def test_other_units_are_told_in_their_own_words(unit: str, size: str) -> None:
    assert f"is {size} higher" in said(unit)


def test_no_sentence_speaks_of_intervals_that_overlap() -> None:
    for kind, verdict in itertools.product(KINDS, VERDICTS):
        told = said(kind=kind, verdict=verdict)
        assert "overlap" not in told
        assert "significant" not in told


def test_every_verdict_has_words_and_no_other_has() -> None:
    assert all(verdict_words(verdict) for verdict in VERDICTS)
    with pytest.raises(DefinitionError, match="better"):
        verdict_words("better")
