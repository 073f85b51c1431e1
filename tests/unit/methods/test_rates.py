import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from social_evidence.errors import DataError
from social_evidence.methods import rates

RATES = (rates.garwood, rates.byar, rates.exact_below_10_else_byar)


@pytest.mark.parametrize("method", RATES)
@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_a_level_that_is_no_share_is_refused(method, level):
    with pytest.raises(DataError, match="level"):
        method(1, 2, level)


@pytest.mark.parametrize("method", RATES)
def test_a_result_names_its_method_and_its_level(method):
    result = method(11, 20, 0.9)
    named = rates.GARWOOD if method is rates.garwood else method.__name__
    assert (result.interval_method, result.level) == (named, 0.9)


@given(st.integers(1, 200))
def test_garwood_limits_leave_half_the_rest_in_each_tail(x):
    lower, upper = rates.garwood_limits(x)
    assert stats.poisson.sf(x - 1, lower) == pytest.approx(0.025, rel=1e-8)
    assert stats.poisson.cdf(x, upper) == pytest.approx(0.025, rel=1e-8)


@given(st.integers(10, 5000))
def test_byar_is_close_to_the_exact_limits_from_ten_events_on(x):
    exact, near = rates.garwood_limits(x), rates.byar_limits(x)
    np.testing.assert_allclose(near, exact, rtol=0.01)


def test_byar_has_no_lower_limit_without_events():
    lower, upper = rates.byar_limits([0.0])
    assert np.isnan(lower[0])
    assert upper[0] > 0


def test_the_rule_changes_from_exact_to_byar_at_ten_events():
    mixed = rates.exact_below_10_else_byar([9, 10], [100, 100])
    exact, byar = rates.garwood([9, 10], [100, 100]), rates.byar([9, 10], [100, 100])
    assert (mixed.lower[0], mixed.upper[0]) == (exact.lower[0], exact.upper[0])
    assert (mixed.lower[1], mixed.upper[1]) == (byar.lower[1], byar.upper[1])


@pytest.mark.parametrize("method", RATES)
def test_events_may_outnumber_those_exposed(method):
    assert method(30, 20).estimate == 1.5


@pytest.mark.parametrize("method", RATES)
def test_events_without_anybody_exposed_are_refused(method):
    with pytest.raises(DataError, match="1 of 2 values are zero although there are events"):
        method([0, 3], [0, 0])


@pytest.mark.parametrize("method", RATES)
def test_a_rate_scales_with_what_it_is_per(method):
    one, many = method([12, 40], [300, 70]), method([12, 40], [300, 70], per=1000)
    for name in ("estimate", "standard_error", "lower", "upper"):
        np.testing.assert_allclose(getattr(many, name), getattr(one, name) * 1000, rtol=1e-15)


@given(st.lists(st.integers(-800, 800).map(lambda i: i / 8), min_size=2, max_size=30))
def test_the_mean_agrees_with_a_one_sample_t_interval(values):
    result = rates.mean(values)
    n = len(values)
    centre = math.fsum(values) / n
    sd = math.sqrt(math.fsum((v - centre) ** 2 for v in values) / (n - 1))
    half = stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n)
    assert float(result.estimate) == pytest.approx(centre, abs=1e-12)
    assert float(result.lower) == pytest.approx(centre - half, abs=1e-9)
    assert float(result.upper) == pytest.approx(centre + half, abs=1e-9)


def test_the_mean_leaves_missing_values_out_and_needs_two_for_limits():
    result = rates.mean([[1.0, np.nan, 3.0], [np.nan, 4.0, np.nan], [np.nan] * 3])
    np.testing.assert_array_equal(result.estimate, [2.0, 4.0, np.nan])
    np.testing.assert_array_equal(np.isnan(result.lower), [False, True, True])
