import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from social_evidence.errors import DataError
from social_evidence.methods import funnel


def test_the_average_counts_people_not_areas_and_leaves_missing_areas_out():
    assert funnel.average([1, 8, np.nan], [10, 10, 70]) == 9 / 20
    assert np.isnan(funnel.average([np.nan], [3]))


@given(st.integers(1, 300), st.floats(0.01, 0.99), st.sampled_from([0.95, 0.998]))
def test_binomial_limits_are_the_smallest_counts_that_reach_their_tails(n, share, level):
    lower, upper = funnel.binomial_quantile_limits(share, n, level)
    chances = np.cumsum(stats.binom.pmf(np.arange(n + 1), n, share))
    for limit, tail in ((lower, (1 - level) / 2), (upper, 1 - (1 - level) / 2)):
        count = round(float(limit) * n)
        assert chances[count] >= tail - 1e-9
        assert count == 0 or chances[count - 1] < tail + 1e-9


def test_normal_limits_narrow_with_the_root_of_the_size():
    lower, upper = funnel.normal_limits(0.3, [100, 400, 0])
    assert (upper - lower)[0] == pytest.approx(2 * (upper - lower)[1])
    assert np.isnan(upper[2])


def test_a_score_beyond_the_quantile_is_a_share_beyond_the_normal_limits():
    x, n = np.array([20, 35, 44]), np.array([100, 100, 100])
    lower, upper = funnel.normal_limits(0.3, n)
    outside = (x / n < lower) | (x / n > upper)
    np.testing.assert_array_equal(outside, np.abs(funnel.score_z(x, n, 0.3)) > 1.959963984540054)


def test_a_benchmark_of_none_or_all_has_no_score():
    assert np.isnan(funnel.score_z([0, 3], [5, 5], 0.0)).all()


@pytest.mark.parametrize("share", [-0.1, 1.1, 30, float("nan")])
def test_a_benchmark_that_is_no_share_is_refused(share):
    with pytest.raises(DataError, match="benchmark"):
        funnel.normal_limits(share, [10])


def test_verdicts_hold_each_interval_against_the_benchmark():
    words = funnel.verdicts([0.1, 0.4, 0.6, np.nan], [0.3, 0.6, 0.8, 0.9], 0.5)
    assert words.tolist() == ["lower", "no_clear_difference", "higher", "cannot_say"]


def test_an_interval_that_touches_the_benchmark_is_no_clear_difference():
    assert funnel.verdicts(0.5, 0.7, 0.5) == "no_clear_difference"


def test_areas_that_vary_by_chance_have_a_dispersion_near_one():
    rng = np.random.default_rng(2)
    x = rng.binomial(500, 0.3, 3000)
    z = funnel.score_z(x, np.full(3000, 500), 0.3)
    assert funnel.over_dispersion(z) == pytest.approx(1.0, abs=0.1)


def test_winsorising_keeps_one_unusual_area_from_excusing_itself():
    z = np.array([*np.linspace(-1, 1, 20), 40.0])
    assert funnel.over_dispersion(z, winsorised=0.1) < 1 < funnel.over_dispersion(z)


def test_no_winsorising_and_a_winsorised_share_of_zero_are_the_same():
    z = [0.3, -2.0, 1.5, np.nan]
    assert funnel.over_dispersion(z) == funnel.over_dispersion(z, winsorised=0.0)


def test_no_area_has_no_dispersion_and_half_pulled_in_is_refused():
    assert np.isnan(funnel.over_dispersion([]))
    with pytest.raises(DataError, match="winsorised"):
        funnel.over_dispersion([1.0], winsorised=0.5)
