"""Ratios of two different counts, where the numerator is no part of the denominator.

Uptake over an estimate of those entitled, or electors over residents: the two counts have
different makers and dates, so the limits of a proportion do not apply.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.methods import distributions
from social_evidence.methods.counts import Interval, check_counts, check_level

DELTA: Final = "delta"
NONE: Final = "none"


def ratio_of_counts(numerator: ArrayLike, denominator: ArrayLike, *, per: float = 1.0) -> Interval:
    """Divide one count by another that does not contain it.

    There is no sample, so there is no interval. The value may pass 1, which says something about
    the denominator and is published as it is.

    Args:
        numerator: Counts, zero or more.
        denominator: Counts, zero or more; zero gives NaN.
        per: The ratio is per this many.

    Returns:
        Ratios with NaN limits and standard errors, `level` None and method `none`.

    Raises:
        DataError: A count is negative or infinite.

    Source:
        A plain quotient; that it carries no sampling interval is our convention.
    """
    x, n = np.broadcast_arrays(
        check_counts("numerator", numerator), check_counts("denominator", denominator)
    )
    estimate = x / np.where(n > 0.0, n, np.nan) * per
    nothing = np.full(estimate.shape, np.nan)
    return Interval(
        estimate=estimate,
        standard_error=nothing,
        lower=nothing,
        upper=nothing,
        level=None,
        interval_method=NONE,
    )


def ratio_over_estimate(
    numerator: ArrayLike,
    denominator: ArrayLike,
    denominator_standard_error: ArrayLike,
    level: float = 0.95,
    *,
    per: float = 1.0,
    degrees_of_freedom: ArrayLike = np.inf,
    numerator_standard_error: ArrayLike = 0.0,
) -> Interval:
    """Divide a count in full by an estimate from a survey, carrying the estimate's error.

    Args:
        numerator: Counts in full, zero or more.
        denominator: Survey estimates of a total, zero or more; zero gives NaN.
        denominator_standard_error: Their standard errors, in the same unit; NaN if unknown,
            which gives NaN limits.
        level: Confidence level in (0, 1).
        per: The ratio is per this many.
        degrees_of_freedom: Of the standard error; infinite means normal quantiles.
        numerator_standard_error: Of events whose number varies by chance, the root of the number;
            0 for a count in full, NaN gives NaN limits.

    Returns:
        Ratios; the lower limit is not below 0, as the ratio cannot be.

    Raises:
        DataError: A count or standard error is negative or infinite.

    Source:
        First-order (delta) expansion of a quotient, Cochran (1977), Sampling Techniques, 3rd
        ed., chapter 6, numerator and denominator independent: the squares of se(x) / Y and of
        (x / Y) se(Y) / Y add up.
    """
    x, n, error, chance = np.broadcast_arrays(
        check_counts("numerator", numerator),
        check_counts("denominator", denominator),
        check_counts("denominator_standard_error", denominator_standard_error),
        check_counts("numerator_standard_error", numerator_standard_error),
    )
    n = np.where(n > 0.0, n, np.nan)
    estimate = x / n * per
    spread = np.hypot(estimate * (error / n), chance / n * per)
    half = distributions.t_quantile(0.5 + check_level(level) / 2.0, degrees_of_freedom) * spread
    return Interval(
        estimate=estimate,
        standard_error=spread,
        lower=np.maximum(estimate - half, 0.0),
        upper=estimate + half,
        level=level,
        interval_method=DELTA,
    )
