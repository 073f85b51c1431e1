"""What may be asked, and the names it goes by in the results."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from social_evidence.errors import DefinitionError
from social_evidence.methods import interval_methods
from social_evidence.methods import quantile as quantiles
from social_evidence.model import statistic as asked


@pytest.mark.parametrize(
    ("one", "short", "full"),
    [
        (asked.proportion("race", 2), "race", "race=2"),
        (asked.proportion("race", [1, 2]), "race", "race=1,2"),
        (asked.proportion("talks", "often"), "talks", "talks=often"),
        (asked.mean("age"), "age", "age"),
        (asked.total("1"), "1", "1"),
        (asked.ratio("alive", "arrests"), "alive/arrests", "alive/arrests"),
        (asked.quantile("income", 0.25), "income", "income@0.25"),
    ],
)
def test_a_statistic_has_a_short_and_a_full_name(
    one: asked.Statistic, short: str, full: str
) -> None:
    assert asked.short_label(one) == short
    assert asked.full_label(one) == full


def test_a_ratio_reads_two_variables_and_the_others_one() -> None:
    assert asked.variables_of(asked.ratio("a", "b")) == ("a", "b")
    assert asked.variables_of(asked.proportion("a")) == ("a",)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: asked.proportion("a", interval="exact"), "say one of logit"),
        (lambda: asked.proportion("a", ()), "nothing would count"),
        (lambda: asked.quantile("a", 0), "between 0 and 1"),
        (lambda: asked.quantile("a", 25), "between 0 and 1"),
        (lambda: asked.quantile("a", interval="wald"), "interval is 'wald'"),
        (lambda: asked.quantile("a", rule="hf12"), "rule is 'hf12'"),
    ],
)
def test_what_makes_no_sense_is_refused_when_it_is_asked(
    make: Callable[[], object], words: str
) -> None:
    with pytest.raises(DefinitionError, match=words):
        make()


def test_the_choices_are_those_the_methods_know() -> None:
    assert set(asked.PROPORTION_INTERVALS) == set(interval_methods.PROPORTION_METHODS)
    assert set(asked.QUANTILE_INTERVALS) == set(quantiles.QUANTILE_INTERVALS)
    assert set(asked.QUANTILE_RULES) == set(quantiles.QUANTILE_RULES)
