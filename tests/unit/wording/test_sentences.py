"""A row in words: rounded for readers, never hiding its uncertainty or its reason."""

from __future__ import annotations

import datetime as dt

import pytest

from social_evidence.errors import DefinitionError
from social_evidence.model import estimate
from social_evidence.model.estimate import Estimate
from social_evidence.wording.sentences import FLAGS, figure_sentence, flag_sentence


def row(**changed: object) -> Estimate:
    given: dict[str, object] = {
        "measure": "m",
        "series": "s",
        "period": "2016",
        "period_start": dt.date(2016, 1, 1),
        "period_end": dt.date(2016, 12, 31),
        "area": "E12000007",
        "statistic": "proportion",
        "unit": "share",
        "estimate": 0.574,
        "lower": 0.521,
        "upper": 0.626,
        "level": 0.95,
        "base": 310,
        "method": "survey",
        "source": "s",
    }
    return Estimate(**{**given, **changed})  # type: ignore[arg-type]


def test_a_share_is_told_with_its_limits() -> None:
    assert figure_sentence(row()) == "57.4%, and with 95% confidence between 52.1% and 62.6%."


def test_limits_are_rounded_outward() -> None:
    assert "between 52% and 63%" in figure_sentence(row(), decimals=0)


def test_a_count_in_full_says_so_and_shows_both_counts() -> None:
    told = figure_sentence(
        row(
            statistic="ratio",
            method="administrative",
            estimate=0.613833951904,
            lower=None,
            upper=None,
            level=None,
            base=None,
            numerator=24147.0,
            denominator=39338.0,
        )
    )
    assert told.startswith("61.4% (24,147 over 39,338). It was counted in full")


@pytest.mark.parametrize(
    ("status", "word"),
    [("protected", "protect"), ("not_asked", "not asked"), ("not_available", "not available")],
)
def test_a_hidden_figure_tells_its_reason_and_no_number(status: str, word: str) -> None:
    hidden = row(status=status, estimate=None, lower=None, upper=None, base=None, level=None)
    told = figure_sentence(hidden)
    assert word in told
    assert not any(character.isdigit() for character in told)


def test_few_answers_come_with_care() -> None:
    assert figure_sentence(row(status="low_base")).endswith("use it with care.")


def test_a_survey_figure_without_limits_says_that_its_uncertainty_is_not_known() -> None:
    told = figure_sentence(row(lower=None, upper=None, level=None))
    assert "could not be worked out" in told
    assert "counted in full" not in told


def test_every_flag_of_the_contract_has_a_sentence() -> None:
    assert set(FLAGS) == estimate.FLAGS
    assert "describes nobody" in flag_sentence("synthetic")


def test_an_unknown_flag_is_refused() -> None:
    with pytest.raises(DefinitionError, match="no flag 'brek'"):
        flag_sentence("brek")
