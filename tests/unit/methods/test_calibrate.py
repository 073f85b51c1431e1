"""Calibration: totals are met, and the variance is that of the residual."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.errors import DesignError
from social_evidence.methods import taylor
from social_evidence.methods.calibrate import calibrate, poststratify, rake
from social_evidence.methods.design import make_design


@pytest.fixture
def sample():
    rng = np.random.default_rng(11)
    n = 60
    design = make_design(
        rng.integers(4, 40, n) / 4, units=[np.repeat(np.arange(15), 4)], lonely_psu="remove"
    )
    return design, rng.integers(0, 2, n), rng.integers(0, 3, n), rng.gamma(3, 10, n), rng.random(n)


def sums(weight, cell, size):
    return np.array([weight[cell == k].sum() for k in range(size)])


def test_poststratified_weights_meet_the_totals_and_leave_them_without_error(sample):
    design, a, _, _, _ = sample
    after = poststratify(design, a, np.array([300.0, 200.0]))
    assert sums(after.weight, a, 2) == pytest.approx([300, 200])
    counts = taylor.totals(np.ones(60), after, a)
    assert counts.value == pytest.approx([300, 200])
    assert list(counts.standard_error) == [0.0, 0.0]


def test_poststratified_variance_is_that_of_residuals_from_weighted_cell_means(sample):
    design, a, _, _, y = sample
    after = poststratify(design, a, np.array([300.0, 200.0]))
    residual = np.array(
        [
            y[i] - np.average(y[a == a[i]], weights=design.weight[a == a[i]])
            for i in range(design.n_rows)
        ]
    )
    z = [sum(after.weight[i] * residual[i] for i in range(60) if i // 4 == u) for u in range(15)]
    by_hand = 15 / 14 * sum((v - np.mean(z)) ** 2 for v in z)
    assert taylor.totals(y, after).standard_error[0] ** 2 == pytest.approx(by_hand, rel=1e-11)


def test_poststratification_helps_an_item_it_explains(sample):
    design, a, _, _, y = sample
    related = a + 0.1 * y
    after = poststratify(design, a, sums(design.weight, a, 2))
    plain, explained = taylor.means(related, design), taylor.means(related, after)
    assert plain.value[0] == pytest.approx(explained.value[0])
    assert explained.standard_error[0] < 0.5 * plain.standard_error[0]


def test_zero_weight_rows_do_not_spoil_a_calibrated_variance(sample):
    design, a, b, x, y = sample
    weight = design.weight.copy()
    weight[::7] = 0.0
    zeroed = make_design(weight, units=[np.repeat(np.arange(15), 4)])
    columns = np.stack([np.ones(60), x], axis=1)
    for after in (
        poststratify(zeroed, a, np.array([300.0, 200.0])),
        rake(zeroed, [a, b], [np.array([300.0, 200]), np.array([100.0, 200, 200])], epsilon=1e-12,
             max_iterations=100),
        calibrate(zeroed, columns, weight @ columns * 1.1),
    ):  # fmt: skip
        result = taylor.means(y, after)
        assert result.standard_error[0] > 0
        assert list(taylor.totals(np.ones(60), after).standard_error) == [0.0]


def test_raked_weights_meet_every_margin(sample):
    design, a, b, _, _ = sample
    margins = [np.array([300.0, 200.0]), np.array([100.0, 150.0, 250.0])]
    after = rake(design, [a, b], margins, epsilon=1e-12, max_iterations=200)
    assert sums(after.weight, a, 2) == pytest.approx(margins[0], rel=1e-10)
    assert sums(after.weight, b, 3) == pytest.approx(margins[1], rel=1e-10)
    assert taylor.totals(np.ones(60), after, b).standard_error == pytest.approx(0, abs=1e-6)


def test_raked_variance_sweeps_unweighted_margin_means_ten_times(sample):
    design, a, b, _, y = sample
    margins = [np.array([300.0, 200.0]), np.array([100.0, 150.0, 250.0])]
    after = rake(design, [a, b], margins, epsilon=1e-13, max_iterations=500)
    residual = y.copy()
    for _ in range(10):
        for cell in (a, b):
            for k in set(cell):
                residual[cell == k] -= residual[cell == k].mean()
    expected = taylor.covariance(residual * after.weight / design.weight, design)[0, 0]
    assert taylor.totals(y, after).standard_error[0] ** 2 == pytest.approx(expected, rel=1e-8)


def test_raking_that_does_not_settle_is_refused(sample):
    design, a, b, _, _ = sample
    margins = [np.array([300.0, 200.0]), np.array([100.0, 150.0, 250.0])]
    with pytest.raises(DesignError, match="did not settle in 2 rounds over 2 margins"):
        rake(design, [a, b], margins, epsilon=1e-15, max_iterations=2)


def test_margins_of_different_populations_are_refused(sample):
    design, a, b, _, _ = sample
    margins = [np.array([300.0, 200.0]), np.array([100.0, 150.0, 300.0])]
    with pytest.raises(DesignError, match=r"largest is 10.00% above the smallest"):
        rake(design, [a, b], margins)


@pytest.mark.parametrize("function", ["linear", "raking"])
def test_calibrated_weights_meet_totals_and_leave_them_without_error(sample, function):
    design, _, _, x, _ = sample
    columns = np.stack([np.ones(60), x], axis=1)
    known = design.weight @ columns * np.array([1.1, 1.05])
    after = calibrate(design, columns, known, function=function, epsilon=1e-12)
    assert after.weight @ columns == pytest.approx(known, rel=1e-11)
    assert list(taylor.totals(x, after).standard_error) == [0.0]


def test_greg_weights_and_variance_follow_weighted_least_squares(sample):
    design, _, _, x, y = sample
    columns = np.stack([np.ones(60), x], axis=1)
    known = design.weight @ columns * np.array([1.1, 1.05])
    after = calibrate(design, columns, known)
    d = design.weight
    cross = (columns * d[:, None]).T @ columns
    g = 1 + columns @ np.linalg.solve(cross, known - d @ columns)
    assert after.weight == pytest.approx(d * g, rel=1e-10)
    slope = np.linalg.solve(cross, (columns * d[:, None]).T @ y)
    expected = taylor.covariance((y - columns @ slope) * g, design)[0, 0]
    assert taylor.totals(y, after).standard_error[0] ** 2 == pytest.approx(expected, rel=1e-9)


def test_exponential_calibration_keeps_weights_positive_where_linear_does_not():
    design = make_design(np.ones(20))
    columns = np.stack([np.ones(20), np.arange(20.0)], axis=1)
    known = np.array([20.0, 20 * 16.5])
    assert calibrate(design, columns, known).weight.min() < 0
    raked = calibrate(design, columns, known, function="raking", epsilon=1e-10)
    assert raked.weight.min() > 0
    assert raked.weight @ columns == pytest.approx(known, rel=1e-9)


def test_redundant_columns_are_allowed_where_their_totals_agree(sample):
    design, a, _, _, y = sample
    dummies = np.stack([np.ones(60), a == 0, a == 1], axis=1).astype(float)
    after = calibrate(design, dummies, np.array([500.0, 300.0, 200.0]))
    post = poststratify(design, a, np.array([300.0, 200.0]))
    assert after.weight == pytest.approx(post.weight)
    ours, theirs = taylor.means(y, after), taylor.means(y, post)
    assert ours.standard_error == pytest.approx(theirs.standard_error)


def test_redundant_columns_whose_totals_disagree_are_refused(sample):
    design, a, _, _, _ = sample
    dummies = np.stack([np.ones(60), a == 0, a == 1], axis=1).astype(float)
    with pytest.raises(DesignError, match="calibration totals cannot be met"):
        calibrate(design, dummies, np.array([500.0, 300.0, 300.0]))


def test_exponential_calibration_out_of_reach_is_refused():
    columns = np.stack([np.ones(4), np.array([0.0, 1, 0, 1])], axis=1)
    with pytest.raises(DesignError, match="did not meet its 2 totals in 20 steps"):
        calibrate(
            make_design(np.ones(4)), columns, np.array([4.0, 9.0]), function="raking",
            max_iterations=20,
        )  # fmt: skip


def test_missing_calibration_value_is_refused(sample):
    design, _, _, x, _ = sample
    x[3] = np.nan
    with pytest.raises(DesignError, match="1 rows have no value in a calibration column"):
        calibrate(design, x[:, None], np.array([100.0]))


def test_negative_weights_cannot_be_calibrated_again():
    columns = np.stack([np.ones(20), np.arange(20.0)], axis=1)
    once = calibrate(make_design(np.ones(20)), columns, np.array([20.0, 20 * 16.5]))
    with pytest.raises(DesignError, match="weights are negative after an earlier calibration"):
        calibrate(once, columns, np.array([20.0, 200.0]))


def test_row_without_a_poststratum_is_refused(sample):
    design, a, _, _, _ = sample
    a[:2] = -1
    with pytest.raises(DesignError, match="2 rows are in none of the 2 categories"):
        poststratify(design, a, np.array([300.0, 200.0]))


def test_poststratum_with_people_but_no_sample_is_refused(sample):
    design, a, _, _, _ = sample
    with pytest.raises(DesignError, match="1 have people in the population but no weight"):
        poststratify(design, a, np.array([300.0, 200.0, 50.0]))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_domain_variance_of_a_calibrated_design_sees_rows_outside_the_domain(seed):
    rng = np.random.default_rng(seed)
    n = 40
    design = make_design(rng.random(n) + 0.5, units=[np.arange(n) // 4])
    cell, domain, y = rng.integers(0, 2, n), rng.integers(0, 2, n), rng.random(n)
    after = poststratify(design, np.append([0, 1], cell[2:]), np.array([30.0, 40.0]))
    result = taylor.means(y, after, domain, with_covariance=True)
    inside = domain == 0
    value = np.average(y[inside], weights=after.weight[inside])
    influence = np.where(inside, (y - value) / after.weight[inside].sum(), 0.0)
    expected = taylor.covariance(influence, after)[0, 0]
    assert result.standard_error[0] ** 2 == pytest.approx(expected, rel=1e-10)
    assert result.covariance[0, 0] == pytest.approx(expected, rel=1e-10)
