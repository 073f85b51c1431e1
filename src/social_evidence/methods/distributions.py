"""Quantiles and tails of the distributions that intervals and tests need.

They stand on `scipy.special`: `scipy.stats` has the same functions, and importing it takes longer
than most commands do. NaN in any argument gives NaN.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from social_evidence.methods.arrays import Floats


def normal_quantile(probability: ArrayLike) -> Floats:
    """Standard normal quantile."""
    return np.asarray(special.ndtri(probability), dtype=np.float64)


def normal_tail(value: ArrayLike) -> Floats:
    """Probability that a standard normal variable is above `value`."""
    return np.asarray(special.ndtr(-np.asarray(value, dtype=np.float64)), dtype=np.float64)


def t_quantile(probability: ArrayLike, df: ArrayLike) -> Floats:
    """Student's t quantile; infinite degrees of freedom are the normal distribution."""
    p, freedom = np.broadcast_arrays(
        np.asarray(probability, np.float64), np.asarray(df, np.float64)
    )
    finite = np.isfinite(freedom)
    quantile = special.stdtrit(np.where(finite, freedom, 1.0), p)
    return np.where(np.isposinf(freedom), special.ndtri(p), np.where(finite, quantile, np.nan))


def t_tail(value: ArrayLike, df: ArrayLike) -> Floats:
    """Probability that a Student's t variable is above `value`."""
    return np.asarray(special.stdtr(df, -np.asarray(value, dtype=np.float64)), dtype=np.float64)


def chi_squared_quantile(probability: ArrayLike, df: ArrayLike) -> Floats:
    """Chi-squared quantile; degrees of freedom need not be whole."""
    freedom = np.asarray(df, dtype=np.float64)
    return np.asarray(2.0 * special.gammaincinv(freedom / 2.0, probability), dtype=np.float64)


def chi_squared_tail(value: ArrayLike, df: ArrayLike) -> Floats:
    """Probability that a chi-squared variable is above `value`."""
    return np.asarray(special.chdtrc(df, value), dtype=np.float64)


def f_quantile(
    probability: ArrayLike, numerator_df: ArrayLike, denominator_df: ArrayLike
) -> Floats:
    """Quantile of F."""
    return np.asarray(special.fdtri(numerator_df, denominator_df, probability), dtype=np.float64)


def f_tail(value: ArrayLike, numerator_df: ArrayLike, denominator_df: ArrayLike) -> Floats:
    """Probability that an F variable is above `value`."""
    return np.asarray(special.fdtrc(numerator_df, denominator_df, value), dtype=np.float64)


def beta_quantile(probability: ArrayLike, first: ArrayLike, second: ArrayLike) -> Floats:
    """Quantile of the beta distribution."""
    return np.asarray(special.betaincinv(first, second, probability), dtype=np.float64)


def binomial_at_most(successes: ArrayLike, trials: ArrayLike, share: ArrayLike) -> Floats:
    """Probability of at most this many successes."""
    return _binomial(special.betaincc, (0.0, 1.0), successes, trials, share)


def binomial_above(successes: ArrayLike, trials: ArrayLike, share: ArrayLike) -> Floats:
    """Probability of more than this many successes."""
    return _binomial(special.betainc, (1.0, 0.0), successes, trials, share)


def _binomial(
    tail: Callable[[Floats, Floats, Floats], Floats],
    ends: tuple[float, float],
    successes: ArrayLike,
    trials: ArrayLike,
    share: ArrayLike,
) -> Floats:
    """Give one tail of the binomial; `ends` are its values below no success and from all on."""
    k, n, p = _floats(successes, trials, share)
    k = np.floor(k)
    inside = (k >= 0.0) & (k < n)
    found = tail(np.where(inside, k, 0.0) + 1.0, np.where(inside, n - k, 1.0), p)
    known = np.where(np.isnan(k + n + p), np.nan, 1.0)
    return np.where(inside, found, np.where(k < 0.0, *ends)) * known


def binomial_quantile(probability: ArrayLike, trials: ArrayLike, share: ArrayLike) -> Floats:
    """Smallest number of successes whose probability of at most that many reaches `probability`."""
    q, n, p = _floats(probability, trials, share)
    with np.errstate(invalid="ignore"):
        found = np.clip(np.ceil(special.bdtrik(q, n, p)), 0.0, n)
    # The inverse is continuous and may land one beside; the tail itself decides.
    found = np.where(binomial_at_most(found, n, p) >= q, found, found + 1.0)
    one_less = np.maximum(found - 1.0, 0.0)
    return np.asarray(np.where(binomial_at_most(one_less, n, p) >= q, one_less, found), np.float64)


def _floats(*values: ArrayLike) -> list[Floats]:
    arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))
    return [np.asarray(array) for array in arrays]
