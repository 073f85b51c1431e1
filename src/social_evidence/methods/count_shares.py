"""Shares of counts that were made in full, with their limits.

Notation: x people counted, n those they are a part of, p = x / n, z the normal quantile of the
level. `counts` says what the limits of a count in full describe.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.errors import DataError
from social_evidence.methods import distributions
from social_evidence.methods.arrays import Floats
from social_evidence.methods.counts import Interval, check_counts, check_level, normal_quantile

WILSON: Final = "wilson"
CLOPPER_PEARSON: Final = "clopper_pearson"
JEFFREYS: Final = "jeffreys"


def _parts(numerator: ArrayLike, denominator: ArrayLike) -> tuple[Floats, Floats]:
    """Return both counts, refusing a numerator that is not part of its denominator."""
    x, n = np.broadcast_arrays(
        check_counts("numerator", numerator), check_counts("denominator", denominator)
    )
    wrong = int(np.count_nonzero(x > n))
    if wrong:
        raise DataError(
            f"numerator: {wrong} of {x.size} values are larger than their denominator, so it is "
            "not a part of a whole and limits of a proportion do not apply. Where numerator and "
            "denominator are two different counts, declare the statistic `ratio`."
        )
    return x, np.where(n > 0.0, n, np.nan)


def _proportion(
    x: Floats, n: Floats, limits: tuple[Floats, Floats], level: float, method: str
) -> Interval:
    """Put limits of a proportion together; at 0 and n they touch 0 and 1 exactly."""
    p = x / n
    known = np.isfinite(p)
    return Interval(
        estimate=p,
        standard_error=np.sqrt(p * (1.0 - p) / n),
        lower=np.where(known & (x == 0.0), 0.0, np.where(known, limits[0], np.nan)),
        upper=np.where(known & (x == n), 1.0, np.where(known, limits[1], np.nan)),
        level=level,
        interval_method=method,
    )


def wilson(numerator: ArrayLike, denominator: ArrayLike, level: float = 0.95) -> Interval:
    """Estimate a proportion with Wilson's score limits.

    The default for counts in full: never outside [0, 1], and usable from the smallest bases.

    Args:
        numerator: People counted, each one also in the denominator.
        denominator: People they are a part of; zero gives NaN.
        level: Confidence level in (0, 1).

    Returns:
        Shares in [0, 1]; the standard error is that of a simple binomial share.

    Raises:
        DataError: A count is negative, or a numerator larger than its denominator.

    Source:
        Wilson (1927), Probable inference, the law of succession, and statistical inference,
        JASA 22; written as in Newcombe (1998), Statistics in Medicine 17, 857-872, method 3.
    """
    z = normal_quantile(level)
    x, n = _parts(numerator, denominator)
    p = x / n
    centre = 2.0 * n * p + z * z
    half = z * np.sqrt(z * z + 4.0 * n * p * (1.0 - p))
    scale = 2.0 * (n + z * z)
    return _proportion(x, n, ((centre - half) / scale, (centre + half) / scale), level, WILSON)


def clopper_pearson(numerator: ArrayLike, denominator: ArrayLike, level: float = 0.95) -> Interval:
    """Estimate a proportion with exact binomial limits.

    Wider than needed on average, but never too narrow: for a claim that must hold.

    Args:
        numerator: People counted, each one also in the denominator.
        denominator: People they are a part of; zero gives NaN.
        level: Confidence level in (0, 1).

    Returns:
        Shares in [0, 1].

    Raises:
        DataError: A count is negative, or a numerator larger than its denominator.

    Source:
        Clopper and Pearson (1934), Biometrika 26, 404-413, by quantiles of the beta distribution.
    """
    tail = (1.0 - check_level(level)) / 2.0
    x, n = _parts(numerator, denominator)
    lower = distributions.beta_quantile(tail, np.where(x > 0.0, x, np.nan), n - x + 1.0)
    upper = distributions.beta_quantile(1.0 - tail, x + 1.0, np.where(x < n, n - x, np.nan))
    return _proportion(x, n, (lower, upper), level, CLOPPER_PEARSON)


def jeffreys(numerator: ArrayLike, denominator: ArrayLike, level: float = 0.95) -> Interval:
    """Estimate a proportion with equal-tailed limits from Jeffreys' prior.

    Close to the level on average; the lower limit at none and the upper at all are 0 and 1.

    Args:
        numerator: People counted, each one also in the denominator.
        denominator: People they are a part of; zero gives NaN.
        level: Confidence level in (0, 1).

    Returns:
        Shares in [0, 1].

    Raises:
        DataError: A count is negative, or a numerator larger than its denominator.

    Source:
        Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133.
    """
    tail = (1.0 - check_level(level)) / 2.0
    x, n = _parts(numerator, denominator)
    lower = distributions.beta_quantile(tail, x + 0.5, n - x + 0.5)
    upper = distributions.beta_quantile(1.0 - tail, x + 0.5, n - x + 0.5)
    return _proportion(x, n, (lower, upper), level, JEFFREYS)
