import numpy as np
import pytest
from scipy import stats

from social_evidence.errors import DataError
from social_evidence.methods import count_ratios


def test_a_ratio_of_counts_has_no_interval_and_may_pass_one():
    r = count_ratios.ratio_of_counts([5, 24147], [4, 39338])
    assert r.estimate.tolist() == [1.25, 24147 / 39338]
    assert (r.interval_method, r.level) == ("none", None)
    assert np.isnan([r.standard_error, r.lower, r.upper]).all()


def test_a_ratio_over_nothing_or_of_a_missing_count_does_not_exist():
    assert np.isnan(count_ratios.ratio_of_counts([3, np.nan, 0], [0, 5, 0]).estimate).all()


def test_a_ratio_is_per_what_is_asked():
    assert count_ratios.ratio_of_counts(3, 6, per=1000).estimate == 500


@pytest.mark.parametrize(("x", "n"), [(-1, 2), (1, -2), (np.inf, 2)])
def test_a_negative_or_infinite_count_is_refused(x, n):
    with pytest.raises(DataError):
        count_ratios.ratio_of_counts(x, n)


def test_the_error_of_an_estimated_denominator_is_carried():
    rng = np.random.default_rng(4)
    drawn = 600 / rng.normal(1000, 20, 200_000)
    r = count_ratios.ratio_over_estimate(600, 1000, 20)
    assert float(r.standard_error) == pytest.approx(drawn.std(), rel=0.01)
    assert float(r.upper - r.estimate) == pytest.approx(stats.norm.ppf(0.975) * 0.6 * 0.02)
    assert r.interval_method == "delta"


def test_few_degrees_of_freedom_widen_the_interval_by_students_quantile():
    narrow = count_ratios.ratio_over_estimate(600, 1000, 20)
    wide = count_ratios.ratio_over_estimate(600, 1000, 20, degrees_of_freedom=5)
    widened = float((wide.upper - wide.estimate) / (narrow.upper - narrow.estimate))
    assert widened == pytest.approx(stats.t.ppf(0.975, 5) / stats.norm.ppf(0.975))


def test_the_lower_limit_over_an_uncertain_estimate_is_not_below_zero():
    assert count_ratios.ratio_over_estimate(6, 10, 9).lower == 0.0


def test_an_unknown_error_gives_a_ratio_without_limits():
    r = count_ratios.ratio_over_estimate(6, 10, np.nan)
    assert r.estimate == 0.6
    assert np.isnan([r.lower, r.upper]).all()
