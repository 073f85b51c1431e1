"""Comparisons in words."""

from __future__ import annotations

import itertools

import pytest

from social_evidence.charts import words as charted
from social_evidence.errors import DefinitionError
from social_evidence.model.comparison import KINDS, VERDICTS, Comparison
from social_evidence.model.estimate import HIDDEN
from social_evidence.site.language_files import language_files, language_of
from social_evidence.wording.language_sentences import verdict_word as spoken_word
from social_evidence.wording.phrases import plain
from social_evidence.wording.verdicts import (
    difference_words,
    is_one_sided,
    verdict_sentence,
    verdict_word,
    verdict_words,
)

ENGLISH = next(language_of(one) for one in language_files() if one.code == "en")
_BOTH = tuple(itertools.product(VERDICTS, (False, True)))


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
        "Camden cannot be told apart from London: it could be anything from 3.1 percentage points "
        "lower to 5.2 percentage points higher, with 95% confidence."
    )


def test_a_range_on_one_side_of_none_says_why_the_verdict_does_not_follow_it() -> None:
    told = said(verdict="no_clear_difference", p_adjusted=0.2)
    assert told == (
        "Camden cannot be told apart from London: taken by itself it could be anything between 1.2 "
        "and 7.0 percentage points higher, with 95% confidence, but among so many comparisons that "
        "may be chance."
    )
    assert is_one_sided(row(verdict="no_clear_difference"))
    assert not is_one_sided(row())
    assert not is_one_sided(row(verdict="no_clear_difference", lower=0.0))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "between 1 and 7 points higher"),
        ({"verdict": "lower", "lower": -0.07, "upper": -0.012}, "between 1 and 7 points lower"),
        ({"lower": -0.031, "upper": 0.052}, "from 4 points lower to 6 points higher"),
        ({"lower": 0.0, "upper": 0.01}, "from no different to 1 point higher"),
        ({"kind": "gap"}, "between 1 and 7 points lower"),
        ({"lower": None, "upper": None}, "4 points higher"),
        ({"lower": None, "upper": None, "verdict": "cannot_say"}, ""),
        (
            {"lower": None, "upper": None, "verdict": "no_clear_difference", "difference": -0.0004},
            "to within 1 point",
        ),
        ({"status": "protected", "difference": None}, ""),
    ],
)
def test_a_difference_is_told_with_directions_and_no_signs(
    changed: dict[str, object], words: str
) -> None:
    assert difference_words(row(**changed), "share", decimals=0) == words


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
    assert same == (
        "Camden is the same as London, to within 0.1 percentage points: counted, not estimated."
    )


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


def test_every_verdict_has_a_word_and_two_counts_that_are_alike_are_the_same() -> None:
    told = {(one, counted): verdict_word(one, counted=counted) for one, counted in _BOTH}
    assert told == {
        ("higher", False): "Higher",
        ("lower", False): "Lower",
        ("no_clear_difference", False): "Cannot tell",
        ("cannot_say", False): "Cannot say",
        ("higher", True): "Higher",
        ("lower", True): "Lower",
        ("no_clear_difference", True): "The same",
        ("cannot_say", True): "Cannot say",
    }
    with pytest.raises(DefinitionError, match="better"):
        verdict_word("better")


@pytest.mark.parametrize(("verdict", "counted"), _BOTH)
def test_languages_charts_and_pages_say_a_verdict_alike(verdict: str, counted: bool) -> None:
    facts = dict.fromkeys(("p_value", "p_adjusted", "lower", "upper")) if counted else {}
    one = row(verdict=verdict, **facts)
    word = verdict_word(verdict, counted=one.is_counted)
    after = " (counted)" if one.is_counted else ""
    assert plain(spoken_word(ENGLISH, one)) == f"{word}{after}"
    on_charts = {
        "higher": charted.ENGLISH.key_higher,
        "lower": charted.ENGLISH.key_lower,
        "no_clear_difference": charted.ENGLISH.key_cannot_tell,
        "cannot_say": charted.ENGLISH.key_cannot_say,
    }
    assert on_charts[verdict] == verdict_word(verdict)
