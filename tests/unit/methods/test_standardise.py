import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.errors import DataError
from social_evidence.methods import rates, standardise

EVENTS = np.array([[3, 1, 20], [0, 0, 2], [0, 0, 0]])
PEOPLE = np.array([[100, 200, 150], [80, 90, 40], [10, 20, 30]])
STANDARD = np.array([5000, 4000, 1000])


def direct(**options):
    return standardise.directly_standardised(EVENTS, PEOPLE, STANDARD, **options)


def test_the_direct_rate_is_the_mean_of_the_stratum_rates_in_the_standard_population():
    for area, rate in enumerate(direct(per=1000).estimate):
        expected = sum(
            w * e / n for w, e, n in zip(STANDARD, EVENTS[area], PEOPLE[area], strict=True)
        )
        assert rate == pytest.approx(expected / STANDARD.sum() * 1000)


def test_only_the_shares_of_the_standard_population_matter():
    other = standardise.directly_standardised(EVENTS, PEOPLE, STANDARD * 7)
    np.testing.assert_allclose(other.lower, direct().lower, rtol=1e-14)


def test_one_stratum_gives_the_crude_rate_with_byars_limits():
    one = standardise.directly_standardised([[12]], [[300]], [1], per=1000)
    crude = rates.byar([12], [300], per=1000)
    np.testing.assert_allclose(
        [one.estimate, one.lower, one.upper], [crude.estimate, crude.lower, crude.upper]
    )


def test_one_stratum_gives_garwoods_limits_under_the_gamma_method():
    one = standardise.directly_standardised([[12]], [[300]], [1], interval="fay_feuer_gamma")
    exact = rates.garwood([12], [300])
    np.testing.assert_allclose([one.lower, one.upper], [exact.lower, exact.upper])


def test_a_rate_is_publishable_from_ten_events_on():
    r = standardise.directly_standardised([[9, 0], [9, 1]], [[50, 50], [50, 50]], [1, 1])
    assert r.publishable.tolist() == [False, True]
    assert np.isfinite(r.estimate).all()


@pytest.mark.parametrize("interval", ["dobson", "fay_feuer_gamma"])
def test_no_events_have_a_rate_of_zero_and_no_lower_limit(interval):
    r = direct(interval=interval)
    assert r.estimate[2] == 0.0
    assert np.isnan(r.lower[2])
    assert not r.publishable[2]


def test_the_gamma_limits_hold_the_estimate():
    r = direct(interval="fay_feuer_gamma")
    assert ((r.lower < r.estimate) & (r.estimate < r.upper))[:2].all()


def test_a_stratum_with_nobody_is_refused():
    with pytest.raises(DataError, match="1 of 2 strata hold nobody"):
        standardise.directly_standardised([[1, 0]], [[5, 0]], [1, 1])


def test_an_unknown_interval_is_refused():
    with pytest.raises(DataError, match="dobson"):
        direct(interval="wald")


@given(st.lists(st.integers(0, 40), min_size=3, max_size=3))
def test_the_reference_itself_has_an_indirect_ratio_of_one(events):
    r = standardise.indirectly_standardised(sum(events), STANDARD, events, STANDARD, per=1000)
    if sum(events) == 0:
        assert math.isnan(r.estimate)
    else:
        assert float(r.estimate) == pytest.approx(1.0)
        assert float(r.rate) == pytest.approx(sum(events) / STANDARD.sum() * 1000)


def test_expected_events_are_the_people_at_the_reference_rates():
    r = standardise.indirectly_standardised([24, 2], PEOPLE[:2], [50, 40, 30], STANDARD)
    for area in range(2):
        expected = sum(
            n * e / m for n, e, m in zip(PEOPLE[area], [50, 40, 30], STANDARD, strict=True)
        )
        assert r.expected[area] == pytest.approx(expected)
    assert r.interval_method == "exact_below_10_else_byar"


def test_a_missing_total_has_no_indirect_ratio():
    r = standardise.indirectly_standardised([np.nan], PEOPLE[:1], [5, 5, 5], STANDARD)
    assert np.isnan([r.estimate, r.lower, r.upper]).all()
