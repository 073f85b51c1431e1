from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.charts.scales import (
    NUMBERS,
    PEOPLE,
    POINTS,
    POUNDS,
    SHARES,
    fixed_scale,
    nice_scale,
    nice_step,
    tick_text,
)
from social_evidence.errors import DefinitionError

finite = st.floats(-1e6, 1e6).map(lambda value: round(value, 4))


@given(st.floats(1e-6, 1e9))
def test_a_step_is_1_2_or_5_times_a_power_of_ten(span: float) -> None:
    step = nice_step(span)
    digits = step / 10.0 ** math.floor(math.log10(step) + 1e-9)
    assert any(math.isclose(digits, wanted, rel_tol=1e-9) for wanted in (1.0, 2.0, 5.0))
    assert span / step <= 5 + 1e-6


@given(st.lists(finite, min_size=1, max_size=9))
def test_a_scale_holds_every_figure_and_has_few_ticks(values: list[float]) -> None:
    scale = nice_scale(values, NUMBERS, 0.0, 100.0)
    slack = 1e-8 * (scale.high - scale.low)
    assert scale.low <= min(values) + slack
    assert scale.high >= max(values) - slack
    assert 2 <= len(scale.ticks) <= 8
    assert list(scale.ticks) == sorted(set(scale.ticks))


@given(st.lists(finite, min_size=1, max_size=9))
def test_the_ends_of_a_scale_lie_where_it_was_laid(values: list[float]) -> None:
    scale = nice_scale(values, NUMBERS, 27.0, 70.0)
    assert scale.at(scale.low) == pytest.approx(27.0)
    assert scale.at(scale.high) == pytest.approx(70.0)


def test_zero_is_on_the_scale_unless_it_takes_more_than_half() -> None:
    assert nice_scale([0.15, 0.36], SHARES, 0, 100).low == 0.0
    assert nice_scale([0.60, 0.70], SHARES, 0, 100).low > 0.0
    assert nice_scale([0.60, 0.70], SHARES, 0, 100, zero=True).low == 0.0


def test_a_scale_of_shares_ends_at_all_of_them() -> None:
    scale = nice_scale([0.62, 0.99], SHARES, 0, 100)
    assert scale.high == 1.0
    assert scale.ticks[-1] == 1.0


def test_a_share_above_all_of_them_is_still_on_the_scale() -> None:
    assert nice_scale([0.2, 1.07], SHARES, 0, 100).high >= 1.07


def test_people_are_counted_in_whole_ticks() -> None:
    assert all(tick == round(tick) for tick in nice_scale([0, 2], PEOPLE, 0, 100).ticks)


def test_ticks_are_written_in_their_unit() -> None:
    assert tick_text(0.3, SHARES) == "30%"
    assert tick_text(0.3, SHARES, bare=True) == "30"
    assert tick_text(0.1, POINTS) == "+10"
    assert tick_text(-0.1, POINTS) == "−10"
    assert tick_text(1200.0, POUNDS) == "£1,200"
    assert tick_text(0.1 + 0.2, NUMBERS) == "0.3"


def test_a_figure_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(DefinitionError, match="not a number"):
        nice_scale([0.1, float("nan")], SHARES, 0, 100)


def test_a_scale_without_length_is_refused() -> None:
    with pytest.raises(DefinitionError, match="lower"):
        fixed_scale(1.0, 1.0, (), 0.0, 100.0)
