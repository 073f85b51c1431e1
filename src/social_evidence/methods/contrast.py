"""Differences, ratios and other contrasts of estimates, with their full covariance.

Groups, areas and waves of one survey share sampled units, so the variance of a difference is not
the sum of two variances. Any set of estimates with one covariance matrix will do.

Notation: c estimates θ with covariance V, m contrasts g(θ) with Jacobian G; variance G V G'.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from social_evidence.methods.arrays import Floats

Curve: TypeAlias = Callable[[NDArray[Any]], Any]
"""A smooth function of the c estimates; it is also called with complex numbers."""

_STEP = 1e-20
"""Imaginary step: no subtraction takes place, so it may be as small as we like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """m contrasts of estimates; NaN where an estimate that enters is impossible.

    Attributes:
        value: (m,) contrasts.
        covariance: (m, m) their covariance.
        standard_error: (m,) roots of its diagonal.
    """

    value: Floats
    covariance: Floats
    standard_error: Floats


def linear(value: Floats, covariance: Floats, weights: Floats) -> Contrast:
    """Return weighted sums of estimates, such as differences and differences of differences.

    Args:
        value: (c,) estimates; NaN: impossible.
        covariance: (c, c) their covariance, or (c,) variances of independent estimates.
        weights: (m, c) or (c,) weights; an estimate with weight 0 does not enter, so it may be
            impossible.

    Returns:
        One contrast per row of weights. A contrast that needs an impossible estimate is NaN; R
        leaves such an estimate out and gives the sum of the others.

    Source:
        Lumley (2010), Complex Surveys, 2.4; R package survey 4.5, `svycontrast`.
    """
    rows = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    matrix = _matrix(covariance)
    impossible = np.isnan(value) | np.isnan(np.diagonal(matrix))
    unusable = ((rows != 0) & impossible).any(axis=1)
    used = np.where(impossible, 0.0, rows)
    return _contrast(used @ np.where(impossible, 0.0, value), used, matrix, unusable)


def smooth(
    value: Floats,
    covariance: Floats,
    function: Curve,
    *,
    gradient: Callable[[Floats], Floats] | None = None,
) -> Contrast:
    """Return smooth functions of estimates by the delta method, such as a ratio or its logarithm.

    Args:
        value: (c,) estimates; NaN: impossible.
        covariance: (c, c) their covariance, or (c,) variances of independent estimates.
        function: Takes the estimates, returns a number or (m,) numbers. Without `gradient` it
            must also work on complex numbers: arithmetic, NumPy's exp, log, sqrt and powers do;
            abs, maximum and comparisons do not.
        gradient: Takes the estimates, returns the derivatives (c,) or (m, c).

    Returns:
        One contrast per value of the function; NaN where it is not finite or an estimate it
        depends on is impossible.

    Source:
        Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, 5.5; the complex
        step is Squire and Trapp (1998), SIAM Review 40(1).
    """
    matrix = _matrix(covariance)
    at = np.asarray(value, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.atleast_1d(np.asarray(function(at), dtype=np.float64))
        jacobian = _complex_step(function, at) if gradient is None else np.atleast_2d(gradient(at))
    unusable = ~np.isfinite(result) | ~np.isfinite(jacobian).all(axis=1)
    impossible = np.isnan(np.diagonal(matrix))
    unusable |= ((jacobian != 0) & impossible).any(axis=1)
    safe = np.where(unusable[:, None] | impossible, 0.0, jacobian)
    return _contrast(result, safe, matrix, unusable)


def _matrix(covariance: Floats) -> Floats:
    matrix = np.asarray(covariance, dtype=np.float64)
    return np.diag(matrix) if matrix.ndim == 1 else matrix


def _contrast(value: Floats, jacobian: Floats, matrix: Floats, unusable: Any) -> Contrast:
    known = np.where(np.isnan(matrix), 0.0, matrix)
    joint = jacobian @ known @ jacobian.T
    joint[unusable, :] = np.nan
    joint[:, unusable] = np.nan
    # A variance that is zero in theory may come out a rounding error below it.
    variance = np.diagonal(joint)
    return Contrast(
        value=np.where(unusable, np.nan, value),
        covariance=joint,
        standard_error=np.sqrt(np.where(variance < 0, 0.0, variance)),
    )


def _complex_step(function: Curve, at: Floats) -> Floats:
    """(m, c) derivatives; a function that does not depend on an estimate ignores its NaN."""
    columns = []
    for j in range(at.size):
        moved = at.astype(np.complex128)
        moved[j] += 1j * _STEP
        columns.append(np.atleast_1d(np.imag(function(moved))) / _STEP)
    return np.stack(columns, axis=1).astype(np.float64)
