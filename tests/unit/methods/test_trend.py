import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from social_evidence.errors import DataError
from social_evidence.methods import count_ratios, count_shares, trend

YEARS = np.arange(2016, 2024)


def slow_cochran_armitage(x, n, time):
    """Correlate one yes or no for each person with the time they were asked at."""
    answers, when = [], []
    for yes, asked, t in zip(x, n, time, strict=True):
        answers += [1.0] * yes + [0.0] * (asked - yes)
        when += [float(t)] * asked
    r = np.corrcoef(answers, when)[0, 1]
    return r**2 * len(answers)


counted = st.lists(
    st.integers(5, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=3,
    max_size=8,
).filter(lambda points: 0 < sum(x for x, _ in points) < sum(n for _, n in points))


@given(counted)
def test_the_proportion_trend_is_the_squared_correlation_of_answers_with_time(points):
    x, n = zip(*points, strict=True)
    time = YEARS[: len(points)]
    t = trend.cochran_armitage(x, n, time, latest=None)
    expected = slow_cochran_armitage(x, n, time)
    assert float(t.chi_squared) == pytest.approx(expected, rel=1e-7, abs=1e-9)
    assert float(t.p_value) == pytest.approx(stats.chi2.sf(expected, 1), rel=1e-6)


def test_the_value_trend_is_a_weighted_least_squares_line():
    rng = np.random.default_rng(3)
    y, s = rng.normal(0.4, 0.1, 8), rng.uniform(0.01, 0.05, 8)
    t = trend.inverse_variance(y, s, YEARS, latest=None)
    expected = np.polyfit(YEARS - 2016, y, 1, w=1 / s)[0]
    assert float(t.slope) == pytest.approx(expected)
    assert t.method == "inverse_variance"


def test_only_the_latest_five_points_count_and_missing_ones_are_passed_over():
    x = np.array([90, 1, 20, np.nan, 22, 24, 26, 28.0])
    n = np.full(8, 100.0)
    t = trend.cochran_armitage(x, n, YEARS)
    keep = [2, 4, 5, 6, 7]
    alone = trend.cochran_armitage(x[keep], n[keep], YEARS[keep], latest=None)
    assert float(t.slope) == pytest.approx(float(alone.slope))
    assert t.points == 5


def test_fewer_than_five_points_cannot_say():
    t = trend.cochran_armitage([1, 20, 40, 60], [100] * 4, YEARS[:4])
    assert np.isnan([t.slope, t.chi_squared, t.p_value]).all()
    assert trend.trend_verdicts(t) == "cannot_say"


def test_series_are_worked_out_side_by_side_as_each_alone():
    rng = np.random.default_rng(7)
    n = rng.integers(50, 900, (5, 8))
    x = rng.binomial(n, 0.3)
    together = trend.cochran_armitage(x, n, YEARS)
    for i in range(5):
        alone = trend.cochran_armitage(x[i], n[i], YEARS)
        assert together.chi_squared[i] == alone.chi_squared


@pytest.mark.parametrize("x", [[0] * 5, [9] * 5])
def test_a_series_of_none_or_all_has_no_trend(x):
    t = trend.cochran_armitage(x, [9] * 5, YEARS[:5])
    assert (float(t.slope), float(t.p_value)) == (0.0, 1.0)
    assert trend.trend_verdicts(t) == "no_clear_trend"


def test_a_steep_rise_is_rising_and_its_mirror_falling():
    x, n = np.array([10, 20, 30, 40, 50]), np.full(5, 100)
    both = trend.cochran_armitage([x, x[::-1]], [n, n], YEARS[:5])
    assert trend.trend_verdicts(both).tolist() == ["rising", "falling"]
    assert trend.trend_verdicts(both, significance=1e-13).tolist() == ["no_clear_trend"] * 2


def test_chance_alone_is_called_a_trend_one_time_in_a_hundred():
    rng = np.random.default_rng(5)
    n = np.full((20_000, 5), 400)
    t = trend.cochran_armitage(rng.binomial(n, 0.4), n, YEARS[:5])
    assert np.mean(trend.trend_verdicts(t) != "no_clear_trend") == pytest.approx(0.01, abs=0.003)


@pytest.mark.parametrize("significance", [0, 1, 5])
def test_a_significance_that_is_no_probability_is_refused(significance):
    with pytest.raises(DataError, match="significance"):
        trend.trend_verdicts(trend.cochran_armitage([1] * 5, [9] * 5, YEARS[:5]), significance)


def test_a_standard_error_is_read_back_from_normal_limits():
    assert trend.standard_error_from_limits(
        0.4 - 1.959963984540054 * 0.02, 0.4 + 1.959963984540054 * 0.02
    ) == pytest.approx(0.02)


def test_values_without_an_interval_have_no_trend():
    with pytest.raises(DataError, match="no limits"):
        trend.points_from_interval(count_ratios.ratio_of_counts([1], [2]))


def test_points_of_an_interval_are_its_estimates():
    w = count_shares.wilson([3, 4], [9, 9])
    value, error = trend.points_from_interval(w)
    assert (value == w.estimate).all()
    assert (error > 0).all()


@pytest.mark.parametrize("time", [[2, 1, 3], [1, 1, 2], [1, 2]])
def test_times_must_rise_one_a_point(time):
    with pytest.raises(DataError, match="time"):
        trend.cochran_armitage([1, 2, 3], [9, 9, 9], time)


def test_a_line_needs_two_points():
    with pytest.raises(DataError, match="latest"):
        trend.cochran_armitage([1, 2, 3], [9, 9, 9], [1, 2, 3], latest=1)


def test_a_trend_of_proportions_refuses_what_is_no_part():
    with pytest.raises(DataError, match="larger"):
        trend.cochran_armitage([1, 20, 3], [9, 9, 9], [1, 2, 3], latest=None)


def test_a_clear_line_that_hangs_on_one_point_cannot_be_said():
    x, n = np.array([[20, 20, 20, 20, 60], [20, 30, 40, 50, 60]]), np.full((2, 5), 100)
    found = trend.cochran_armitage(x, n, YEARS[:5])
    turns = trend.turns_without_one(x / n, n, YEARS[:5])
    assert turns.tolist() == [True, False]
    assert trend.trend_verdicts(found).tolist() == ["rising", "rising"]
    assert trend.trend_verdicts(found, turns=turns).tolist() == ["cannot_say", "rising"]


def test_leaving_points_out_is_a_plain_loop_over_lines():
    rng = np.random.default_rng(3)
    value, error = rng.normal(0, 1, (200, 5)), rng.uniform(0.5, 2, (200, 5))
    turns = trend.turns_without_one(value, 1 / error**2, YEARS[:5])
    for row in range(200):
        slopes = []
        for left_out in (None, *range(5)):
            kept = [at for at in range(5) if at != left_out]
            slopes.append(
                np.polyfit(
                    np.asarray(YEARS[:5])[kept], value[row, kept], 1, w=1 / error[row, kept]
                )[0]
            )
        assert turns[row] == any(np.sign(one) != np.sign(slopes[0]) for one in slopes[1:])


def test_of_many_points_only_the_latest_can_turn_a_line():
    value = [0.9, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert not trend.turns_without_one(value, [1.0] * 6, range(6))
