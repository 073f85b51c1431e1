"""Contrasts: linear ones, smooth ones, impossible ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.methods.contrast import linear, smooth

VALUE = np.array([0.5, 0.4, 0.2])
COVARIANCE = np.array([[0.04, 0.01, 0.0], [0.01, 0.09, -0.02], [0.0, -0.02, 0.01]])


def test_variance_of_a_difference_carries_the_covariance():
    result = linear(VALUE, COVARIANCE, np.array([1.0, -1.0, 0.0]))
    assert result.value == pytest.approx([0.1])
    assert result.standard_error == pytest.approx([(0.04 + 0.09 - 2 * 0.01) ** 0.5])


def test_several_contrasts_share_one_covariance():
    weights = np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]])
    result = linear(VALUE, COVARIANCE, weights)
    by_loops = np.array(
        [
            [
                sum(a[i] * b[j] * COVARIANCE[i, j] for i in range(3) for j in range(3))
                for b in weights
            ]
            for a in weights
        ]
    )
    assert result.covariance == pytest.approx(by_loops)


def test_variances_alone_mean_independent_estimates():
    result = linear(VALUE, np.array([0.04, 0.09, 0.01]), np.array([1.0, -1.0, 0.0]))
    assert result.standard_error == pytest.approx([0.13**0.5])


def test_impossible_estimate_spoils_only_the_contrasts_that_use_it():
    value, covariance = VALUE.copy(), COVARIANCE.copy()
    value[2] = np.nan
    covariance[2, :] = covariance[:, 2] = np.nan
    result = linear(value, covariance, np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]]))
    assert result.value[0] == pytest.approx(0.1)
    assert result.standard_error[0] == pytest.approx(0.11**0.5)
    assert np.isnan(result.value[1])
    assert np.isnan(result.standard_error[1])


def test_weight_zero_lets_an_impossible_estimate_be():
    result = linear(
        np.array([0.5, np.nan]), np.array([[0.04, np.nan], [np.nan, np.nan]]), np.array([1.0, 0.0])
    )
    assert result.value == pytest.approx([0.5])
    assert result.standard_error == pytest.approx([0.2])


def test_negative_rounding_in_a_variance_becomes_zero():
    value = np.array([1.0, 1.0])
    covariance = np.array([[1.0, 1.0 + 1e-16], [1.0 + 3e-16, 1.0]])
    assert linear(value, covariance, np.array([1.0, -1.0])).standard_error[0] >= 0


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(-0.9, 0.9))
def test_log_ratio_agrees_with_its_textbook_variance(p, q, correlation):
    a, b = 0.02, 0.03
    covariance = np.array([[a**2, correlation * a * b], [correlation * a * b, b**2]])
    result = smooth(np.array([p, q]), covariance, lambda z: np.log(z[0] / z[1]))
    expected = (a / p) ** 2 + (b / q) ** 2 - 2 * correlation * a * b / (p * q)
    assert result.value[0] == pytest.approx(np.log(p / q), abs=1e-12)
    assert result.standard_error[0] ** 2 == pytest.approx(expected, rel=1e-9)


def test_given_gradient_and_complex_step_agree():
    function = lambda z: z[0] / z[1]  # noqa: E731
    gradient = lambda z: np.array([1 / z[1], -z[0] / z[1] ** 2, 0.0])  # noqa: E731
    with_step = smooth(VALUE, COVARIANCE, function)
    with_gradient = smooth(VALUE, COVARIANCE, function, gradient=gradient)
    assert with_step.standard_error == pytest.approx(with_gradient.standard_error, rel=1e-13)


def test_smooth_functions_may_return_several_numbers():
    result = smooth(VALUE, COVARIANCE, lambda z: np.stack([z[0] - z[1], z[0] / z[1]]))
    assert result.value == pytest.approx([0.1, 1.25])
    assert result.standard_error[0] == pytest.approx(0.11**0.5)


def test_division_by_zero_is_impossible_not_a_number():
    result = smooth(np.array([0.5, 0.0]), np.eye(2), lambda z: z[0] / z[1])
    assert np.isnan(result.value[0])
    assert np.isnan(result.standard_error[0])


def test_smooth_function_ignores_an_impossible_estimate_it_does_not_use():
    result = smooth(np.array([0.5, np.nan]), np.diag([0.04, np.nan]), lambda z: 2 * z[0])
    assert result.value == pytest.approx([1.0])
    assert result.standard_error == pytest.approx([0.4])


def test_smooth_function_of_an_impossible_estimate_is_impossible():
    result = smooth(np.array([0.5, np.nan]), np.diag([0.04, np.nan]), lambda z: z[0] - z[1])
    assert np.isnan(result.value[0])
