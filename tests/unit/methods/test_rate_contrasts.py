import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from social_evidence.errors import DataError
from social_evidence.methods import count_shares
from social_evidence.methods import rate_contrasts as c

parts = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
exposed = st.tuples(st.integers(0, 60), st.integers(1, 9000))


@given(parts, parts)
def test_newcombe_squares_and_adds_the_distances_of_wilsons_limits(first, reference):
    a, b = count_shares.wilson(*first), count_shares.wilson(*reference)
    d = c.difference_of_proportions(*first, *reference)
    down = math.sqrt((a.estimate - a.lower) ** 2 + (b.upper - b.estimate) ** 2)
    up = math.sqrt((a.upper - a.estimate) ** 2 + (b.estimate - b.lower) ** 2)
    assert float(d.lower) == pytest.approx(first[0] / first[1] - reference[0] / reference[1] - down)
    assert float(d.upper) == pytest.approx(first[0] / first[1] - reference[0] / reference[1] + up)
    assert -1 <= d.lower <= d.upper <= 1


@given(parts, parts)
def test_exchanging_the_groups_turns_the_difference_round(first, reference):
    one, other = (
        c.difference_of_proportions(*first, *reference),
        c.difference_of_proportions(*reference, *first),
    )
    assert (float(one.estimate), float(one.lower), float(one.upper)) == pytest.approx(
        (-float(other.estimate), -float(other.upper), -float(other.lower)), abs=1e-15
    )


def test_katz_limits_are_symmetric_about_the_ratio_on_the_log_scale():
    r = c.ratio_of_proportions(30, 100, 20, 80)
    spread = 1.959963984540054 * math.sqrt(1 / 30 - 1 / 100 + 1 / 20 - 1 / 80)
    assert float(r.estimate) == pytest.approx(1.2)
    assert float(r.lower) == pytest.approx(1.2 * math.exp(-spread))
    assert float(r.upper) == pytest.approx(1.2 * math.exp(spread))
    assert r.interval_method == "katz_log"


def test_a_ratio_of_proportions_needs_somebody_in_both_numerators_for_limits():
    r = c.ratio_of_proportions([0, 5], [10, 10], [5, 0], [10, 10])
    assert r.estimate[0] == 0.0
    assert np.isnan([r.lower[0], r.upper[0], r.estimate[1], r.lower[1]]).all()


@given(exposed, exposed)
def test_the_difference_of_rates_holds_the_estimate_and_turns_round(first, reference):
    d = c.difference_of_rates(*first, *reference, per=1000)
    back = c.difference_of_rates(*reference, *first, per=1000)
    assert d.lower <= d.estimate <= d.upper
    assert float(d.lower) == pytest.approx(-float(back.upper))
    assert float(d.estimate) == pytest.approx(
        1000 * (first[0] / first[1] - reference[0] / reference[1])
    )


def test_the_difference_of_rates_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(8)
    x, y = rng.poisson(14, 4000), rng.poisson(7, 4000)
    d = c.difference_of_rates(x, 2.0, y, 3.0)
    truth = 14 / 2 - 7 / 3
    assert 0.94 <= np.mean((d.lower <= truth) & (truth <= d.upper)) <= 0.98


@given(exposed, exposed)
def test_the_exact_ratio_excludes_one_exactly_where_the_test_says_so(first, reference):
    r = c.ratio_of_rates(*first, *reference)
    p = float(c.poisson_p_value(*first, *reference))
    outside = bool(r.lower > 1) or bool(r.upper < 1)
    if reference[0] == 0:
        assert np.isnan(r.estimate)
    elif abs(p - 0.05) > 1e-9:
        assert outside == (p < 0.05)


@given(exposed, exposed)
def test_the_p_value_is_twice_the_smaller_binomial_tail(first, reference):
    (x, n), (y, m) = first, reference
    share = n / (n + m)
    chances = stats.binom.pmf(np.arange(x + y + 1), x + y, share)
    expected = min(1.0, 2 * min(chances[: x + 1].sum(), chances[x:].sum()))
    assert float(c.poisson_p_value(x, n, y, m)) == pytest.approx(expected, rel=1e-6, abs=1e-14)


def test_two_groups_without_events_do_not_differ():
    assert c.poisson_p_value(0, 100, 0, 50) == 1.0


def test_no_events_in_the_first_group_give_a_ratio_of_zero_with_an_upper_limit():
    r = c.ratio_of_rates(0, 100, 9, 100)
    assert (float(r.estimate), float(r.lower)) == (0.0, 0.0)
    assert 0 < r.upper < 1


def test_missing_exposure_leaves_nothing_to_compare():
    assert np.isnan(c.poisson_p_value([1, 0], [np.nan, 0], 3, 10)).all()


def test_a_contrast_refuses_a_numerator_that_is_no_part():
    with pytest.raises(DataError):
        c.difference_of_proportions(5, 4, 1, 4)
