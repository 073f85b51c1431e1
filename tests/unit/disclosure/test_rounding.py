import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.disclosure.rounding import (
    Rounding,
    round_figures,
    round_value,
    round_values,
    rounding_of,
)
from social_evidence.errors import DefinitionError

SHARE = Rounding(step="0.001")
SHARE_DOWN = Rounding(step="0.001", direction="down")
SHARE_UP = Rounding(step="0.001", direction="up")
ROUNDINGS = [
    Rounding(step=step, digits=digits, direction=direction)
    for step, digits in [("0.001", 0), ("10", 0), ("0.5", 0), ("", 2), ("", 3), ("", 12)]
    for direction in ("nearest", "down", "up")
]

values = st.floats(-1e9, 1e9)
shares = st.floats(0, 1)


def survey(column, value, statistic="proportion", unit="share", **options):
    how = rounding_of(column, statistic=statistic, unit=unit, method="survey", **options)
    return round_value(value, how)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (0.0625, 0.062),  # an exact half in binary: to the even thousandth
        (0.1875, 0.188),
        (0.0005, 0.001),  # a hair above the half
        (0.0015, 0.002),  # a hair above the half
        (0.0025, 0.003),  # a hair above the half
        (0.0035, 0.004),  # a hair above the half
        (0.0045, 0.004),  # a hair below the half
        (-0.0625, -0.062),
        (-0.0004, 0.0),
        (0.574_499_999, 0.574),
    ],
)
def test_an_estimate_goes_half_to_even_on_its_binary_value(value, rounded):
    assert (
        survey("estimate", value) == rounded if value >= 0 else round_value(value, SHARE) == rounded
    )


@given(st.integers(0, 999))
def test_ties_in_decimal_text_go_where_the_binary_value_lies(thousandths):
    value = float(Decimal(thousandths).scaleb(-3) + Decimal("0.0005"))
    exact = Fraction(value) * 1000
    up = exact > thousandths + Fraction(1, 2)
    even = exact == thousandths + Fraction(1, 2) and thousandths % 2 == 1
    assert round_value(value, SHARE) == (thousandths + (up or even)) / 1000


def test_zero_never_carries_a_minus_sign():
    for how in (SHARE, SHARE_UP):
        assert math.copysign(1.0, round_value(-0.0003, how)) == 1.0
    assert math.copysign(1.0, round_value(-0.0, SHARE)) == 1.0


@given(values, st.sampled_from(ROUNDINGS))
def test_rounding_twice_is_rounding_once(value, how):
    once = round_value(value, how)
    assert round_value(once, how) == once


@given(values, st.sampled_from(ROUNDINGS))
def test_limits_are_never_rounded_inward(value, how):
    rounded = round_value(value, how)
    if how.direction == "down":
        assert rounded <= value
    if how.direction == "up":
        assert rounded >= value


@given(shares, st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_stored_interval_of_a_share_holds_the_true_one_and_the_stored_estimate(p, down, up):
    lower, upper = max(0.0, p - down), min(1.0, p + up)
    stored = round_figures(
        {"estimate": p, "lower": lower, "upper": upper},
        statistic="proportion",
        unit="share",
        method="survey",
    )
    assert 0 <= stored["lower"] <= lower <= upper <= stored["upper"] <= 1
    assert stored["lower"] <= stored["estimate"] <= stored["upper"]


@given(values, st.sampled_from(ROUNDINGS))
def test_a_rounded_value_is_less_than_one_step_away(value, how):
    rounded = round_value(value, how)
    if value == 0:
        assert rounded == 0
        return
    step = (
        Fraction(how.step)
        if how.step
        else Fraction(10) ** (Decimal(repr(value)).adjusted() - how.digits + 1)
    )
    slack = 1 + Fraction(1, 1000)
    part = Fraction(1, 2) if how.direction == "nearest" else 1
    assert abs(Fraction(rounded) - Fraction(value)) <= step * part * slack


@given(st.integers(0, 1000), st.sampled_from([SHARE, SHARE_DOWN, SHARE_UP]))
def test_a_stored_share_stays_whatever_the_direction(thousandths, how):
    assert round_value(thousandths / 1000, how) == thousandths / 1000


def test_limits_of_a_share_stay_where_shares_can_be():
    assert survey("lower", -0.02) == 0.0
    assert survey("upper", 1.0000000000000002) == 1.0
    assert survey("upper", 1.2, statistic="ratio") == 1.2
    assert survey("lower", -0.02, statistic="ratio") == 0.0
    assert survey("lower", -1.3, statistic="difference") == -1.0
    assert survey("lower", -0.02, statistic="difference") == -0.02


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(7.425, 7.42), (999.6, 1000.0), (0.012_349, 0.0123), (123_456.0, 123_000.0)],
)
def test_means_and_rates_keep_three_figures(value, rounded):
    assert survey("estimate", value, statistic="mean", unit="score") == rounded


def test_limits_of_a_mean_go_outward_in_the_third_figure():
    assert survey("lower", 7.429, statistic="mean", unit="score") == 7.42
    assert survey("upper", 7.421, statistic="mean", unit="score") == 7.43
    assert survey("lower", -7.421, statistic="mean", unit="score") == -7.43


def test_a_measures_own_unit_takes_the_place_of_three_figures():
    assert survey("estimate", 12_345.0, statistic="quantile", unit="pounds", step="10") == 12_340.0
    assert survey("upper", 12_341.0, statistic="quantile", unit="pounds", step="10") == 12_350.0


def test_totals_of_survey_rows_go_to_the_thousand():
    assert survey("estimate", 1_234_500.0, statistic="total", unit="people") == 1_234_000.0


@pytest.mark.parametrize("column", ["standard_error", "design_effect", "effective_base"])
def test_errors_keep_two_figures(column):
    assert survey(column, 0.012_51) == 0.013
    assert survey(column, 1234.0) == 1200.0


@pytest.mark.parametrize("column", ["p_value", "p_adjusted"])
def test_probabilities_keep_three_figures_and_stay_probabilities(column):
    assert survey(column, 0.000_123_46) == 0.000_123
    assert survey(column, 1.0000000000000002) == 1.0


def test_counts_in_full_keep_twelve_figures():
    stored = round_figures(
        {"estimate": 24147 / 39338, "numerator": 24147.0, "denominator": 39338.0},
        statistic="ratio",
        unit="share",
        method="administrative",
    )
    assert stored == {"estimate": 0.613833951904, "numerator": 24147.0, "denominator": 39338.0}


@given(shares)
def test_limits_of_counts_in_full_go_outward_too(value):
    options = {"statistic": "rate", "unit": "per_1000", "method": "administrative"}
    stored = round_figures({"lower": value, "upper": value}, **options)
    assert stored["lower"] <= value <= stored["upper"]


def test_bases_and_degrees_of_freedom_are_stored_as_they_are():
    figures = {"base": 1234, "degrees_of_freedom": 57.0, "level": 0.95}
    assert round_figures(figures, statistic="proportion", unit="share", method="survey") == figures


def test_no_figure_stays_none_and_what_is_no_number_becomes_none():
    assert round_values([None, math.nan, math.inf, 0.5], SHARE) == [None, None, None, 0.5]
    figures = {"estimate": None, "lower": math.nan, "degrees_of_freedom": math.nan}
    stored = round_figures(figures, statistic="proportion", unit="share", method="survey")
    assert stored == dict.fromkeys(figures)


@pytest.mark.parametrize("step", ["0", "-1", "ten"])
def test_a_step_that_is_no_number_above_zero_is_refused(step):
    with pytest.raises(DefinitionError, match="step"):
        round_value(1.0, Rounding(step=step))


def test_a_rounding_has_figures_or_a_step_not_both_or_neither():
    for fields in ({}, {"digits": 2, "step": "0.1"}):
        with pytest.raises(DefinitionError, match="either"):
            Rounding(**fields)
