"""Strata with one sampled unit: what each rule adds, worked out by hand.

Sums per unit: stratum 0 has (1, 3), stratum 1 has (10). Stratum 0 alone gives
n/(n-1) × ((1-2)² + (3-2)²) = 4.
"""

import numpy as np
import pytest

from social_evidence.methods.design import make_design
from social_evidence.methods.taylor import covariance, means

SUMS = np.array([1.0, 3.0, 10.0])


def variance(rule, sums=SUMS, strata=(0, 0, 1), present=None, in_domain=False, fpc=()):
    design = make_design(
        np.ones(len(sums)),
        strata=[np.array(strata)],
        fpc=fpc,
        lonely_psu=rule,
        adjust_domain_lonely=in_domain,
    )
    kept = None if present is None else np.array(present)
    return covariance(np.array(sums), design, present=kept)[0, 0]


@pytest.mark.parametrize("rule", ["remove", "certainty"])
def test_remove_and_certainty_add_nothing(rule):
    assert variance(rule) == pytest.approx(4)


def test_adjust_takes_the_square_from_the_mean_over_all_units():
    assert variance("adjust") == pytest.approx(4 + (10 - 14 / 3) ** 2)


def test_adjust_is_centred_at_zero_for_a_mean():
    design = make_design(np.ones(3), strata=[np.array([0, 0, 1])], lonely_psu="adjust")
    result = means(SUMS, design)
    z = (SUMS - SUMS.mean()) / 3
    by_hand = 2 * ((z[0] - z[:2].mean()) ** 2 + (z[1] - z[:2].mean()) ** 2) + z[2] ** 2
    assert result.standard_error[0] == pytest.approx(by_hand**0.5)


def test_average_adds_the_mean_of_the_other_strata():
    assert variance("average") == pytest.approx(4 * 2 / 1)


def test_average_with_nothing_to_average_over_is_impossible():
    assert np.isnan(variance("average", sums=(1.0, 3.0), strata=(0, 1)))


def test_average_counts_only_strata_with_a_row_in_the_domain():
    sums, strata = (1.0, 3.0, 0.0, 0.0, 10.0), (0, 0, 2, 2, 1)
    everywhere = variance("average", sums, strata)
    in_domain = variance("average", sums, strata, present=(True, True, False, False, True))
    assert everywhere == pytest.approx(4 * 3 / 2)
    assert in_domain == pytest.approx(4 * 2 / 1)


def test_a_domain_with_one_unit_of_several_is_left_alone_unless_asked():
    sums, strata, present = (1.0, 3.0, 5.0, 0.0), (0, 0, 1, 1), (True, True, True, False)
    plain = 4 + 2 * (2.5**2 + 2.5**2)
    assert variance("adjust", sums, strata, present) == pytest.approx(plain)
    assert variance("average", sums, strata, present) == pytest.approx(plain)


def test_adjust_in_a_domain_centres_present_and_absent_units_at_the_overall_mean():
    sums, strata, present = (1.0, 3.0, 5.0, 0.0), (0, 0, 1, 1), (True, True, True, False)
    overall = 9 / 4
    expected = 4 + 2 * ((5 - overall) ** 2 + overall**2)
    assert variance("adjust", sums, strata, present, in_domain=True) == pytest.approx(expected)


def test_average_in_a_domain_leaves_the_single_unit_out_and_scales_up():
    sums, strata, present = (1.0, 3.0, 5.0, 0.0), (0, 0, 1, 1), (True, True, True, False)
    assert variance("average", sums, strata, present, in_domain=True) == pytest.approx(4 * 2)


@pytest.mark.parametrize("rule", ["remove", "certainty"])
def test_the_domain_switch_speaks_only_for_adjust_and_average(rule):
    sums, strata, present = (1.0, 3.0, 5.0, 0.0), (0, 0, 1, 1), (True, True, True, False)
    switched = variance(rule, sums, strata, present, in_domain=True)
    assert switched == pytest.approx(variance(rule, sums, strata, present))


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
def test_a_stratum_taken_in_full_adds_nothing_under_any_rule(rule):
    fpc = [np.array([4.0, 4.0, 1.0])]
    assert variance(rule, fpc=fpc) == pytest.approx(4 / 2)


def test_adjust_carries_the_finite_population_of_the_single_unit():
    fpc = [np.array([4.0, 4.0, 5.0])]
    expected = 4 / 2 + (1 - 1 / 5) * (10 - 14 / 3) ** 2
    assert variance("adjust", fpc=fpc) == pytest.approx(expected)
