"""A row in words: its figure, its range, and why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from social_evidence.model.comparison import Comparison
from social_evidence.model.estimate import Estimate
from social_evidence.site.figures import needs_care, range_sentence, tell, verdict_of

ROW = Estimate(
    measure="trust",
    series="survey",
    period="2021",
    area="X1",
    statistic="proportion",
    period_start=date(2021, 1, 1),
    period_end=date(2021, 12, 31),
    unit="share",
    estimate=0.213,
    lower=0.187,
    upper=0.241,
    level=0.95,
    base=900,
    method="survey",
    source="survey",
)


def test_a_survey_share_is_whole_per_cent_with_limits_outward() -> None:
    told = tell(ROW)
    assert (told.value, told.range, told.label) == ("21%", "18% to 25%", "21% (18 to 25)")


def test_a_narrow_range_has_one_decimal() -> None:
    assert tell(replace(ROW, lower=0.207, upper=0.219)).label == "21.3% (20.7 to 21.9)"


def test_a_count_says_that_it_is_one() -> None:
    row = replace(ROW, method="administrative", lower=None, upper=None)
    assert tell(row).range == "Counted in full"
    assert "counted in full" in range_sentence(row)


def test_a_printed_figure_says_that_no_range_is_given() -> None:
    row = replace(ROW, method="published", estimate=0.63, lower=None, upper=None)
    told = tell(row)
    assert (told.value, told.range) == ("63%", "Its publisher gives no range")
    assert "no range" in range_sentence(row)


def test_a_survey_s_figure_without_a_range_does_not_blame_a_publisher() -> None:
    row = replace(ROW, method="survey", lower=None, upper=None)
    assert tell(row).range == "No range could be worked out"
    assert "publisher" not in range_sentence(row)
    assert "Too few people" in range_sentence(row)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("protected", "Too few people to say"),
        ("not_asked", "Not asked"),
        ("not_available", "Not available"),
        ("not_applicable", "Does not apply"),
    ],
)
def test_a_hidden_row_has_words_and_no_number(status: str, words: str) -> None:
    row = replace(ROW, status=status, estimate=None, lower=None, upper=None, base=None)
    told = tell(row)
    assert told.value == words
    assert not told.is_shown
    assert not any(letter.isdigit() for letter in told.value + told.range + told.label)


@pytest.mark.parametrize(
    ("changed", "letter", "said"),
    [
        ({"status": "low_base"}, "[u]", "It rests on few answers: use it with care."),
        ({"reliability": "D"}, "[u]", "That is a wide range: use it with care."),
        ({"reliability": "C"}, "", ""),
        ({"reliability": "A"}, "", ""),
    ],
)
def test_what_is_not_to_be_relied_on_says_so_in_words_and_by_one_letter(
    changed: dict[str, str], letter: str, said: str
) -> None:
    row = replace(ROW, **changed)
    assert tell(row).markers == letter
    assert needs_care(row) == bool(said)
    sentence = range_sentence(row)
    assert sentence == f"The true figure is very likely between 18% and 25%. {said}".strip()


def test_a_difference_is_in_points() -> None:
    told = tell(replace(ROW, statistic="difference", estimate=-0.05, lower=-0.12, upper=0.02))
    assert told.label == "−5 points (−12 to 2)"


def test_a_rate_keeps_its_unit_beside_the_figure_only() -> None:
    row = replace(ROW, unit="per_1000", statistic="rate", estimate=2.4, lower=2.37, upper=2.44)
    assert tell(row).label == "2.4 per 1,000 (2.37 to 2.44)"


def test_a_verdict_is_the_releases_own() -> None:
    one = Comparison(
        measure="trust",
        series="survey",
        kind="area",
        area_from="X1",
        area_to="X1-N",
        period_from="2021",
        period_to="2021",
        statistic="proportion",
        difference=-0.09,
        lower=-0.151,
        upper=-0.03,
        p_value=0.002,
        verdict="lower",
    )
    told = verdict_of(one, "share")
    assert told is not None
    assert (told.word, told.size, told.is_counted) == ("Lower", "−16 to −3 points", False)


def test_where_nothing_was_compared_nothing_is_said() -> None:
    assert verdict_of(None, "share") is None
