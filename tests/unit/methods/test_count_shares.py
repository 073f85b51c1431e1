import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from social_evidence.errors import DataError
from social_evidence.methods import count_shares

SHARES = (count_shares.wilson, count_shares.clopper_pearson, count_shares.jeffreys)

parts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(parts, st.sampled_from([0.8, 0.95, 0.998]))
def test_wilson_limits_solve_the_score_equation(part, level):
    x, n = part
    z = stats.norm.ppf(0.5 + level / 2)
    w = count_shares.wilson(x, n, level)
    for share in (float(w.lower), float(w.upper)):
        assert (x / n - share) ** 2 == pytest.approx(z**2 * share * (1 - share) / n, abs=1e-12)


@given(st.integers(2, 60).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))))
def test_clopper_pearson_limits_leave_half_the_rest_in_each_tail(part):
    x, n = part
    c = count_shares.clopper_pearson(x, n)
    assert stats.binom.sf(x - 1, n, float(c.lower)) == pytest.approx(0.025, rel=1e-9)
    assert stats.binom.cdf(x, n, float(c.upper)) == pytest.approx(0.025, rel=1e-9)


@given(parts)
def test_jeffreys_lies_between_none_and_all_and_holds_the_estimate(part):
    j = count_shares.jeffreys(*part)
    assert 0 <= j.lower <= j.estimate <= j.upper <= 1


@pytest.mark.parametrize("method", SHARES)
def test_limits_touch_the_bounds_exactly_at_none_and_all(method):
    result = method([0, 7], [7, 7])
    assert result.lower[0] == 0.0
    assert result.upper[1] == 1.0


@pytest.mark.parametrize("method", SHARES)
@pytest.mark.parametrize(("x", "n"), [(-1, 5), (6, 5), (math.inf, 5), (1, 0), (2, -3)])
def test_a_numerator_that_is_no_part_of_its_denominator_is_refused(method, x, n):
    with pytest.raises(DataError):
        method([1, x], [2, n])


def test_a_numerator_over_its_denominator_is_told_to_be_a_ratio():
    with pytest.raises(DataError, match=r"1 of 3 values .* declare the statistic `ratio`"):
        count_shares.wilson([1, 5, 2], [2, 4, 2])


@pytest.mark.parametrize("method", SHARES)
def test_nobody_and_missing_have_no_proportion(method):
    result = method([0, np.nan, 1], [0, 5, np.nan])
    assert np.isnan([result.estimate, result.lower, result.upper]).all()


@pytest.mark.parametrize("method", SHARES)
@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_a_level_that_is_no_share_is_refused(method, level):
    with pytest.raises(DataError, match="level"):
        method(1, 2, level)


@pytest.mark.parametrize("method", SHARES)
def test_a_result_names_its_method_and_its_level(method):
    result = method(11, 20, 0.9)
    assert (result.interval_method, result.level) == (method.__name__, 0.9)


@given(parts)
def test_a_higher_level_is_never_narrower(part):
    for method in SHARES:
        narrow, wide = method(*part, 0.95), method(*part, 0.998)
        assert wide.lower <= narrow.lower
        assert wide.upper >= narrow.upper
