"""Funnel limits: which areas stand apart from the average by more than chance.

League tables invite stories about noise. A funnel asks of each area whether its value lies within
the limits that chance alone would give an area of its size. Notation: x_i of n_i people in area i,
P the benchmark share, z_i the standardised distance.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from social_evidence.errors import DataError
from social_evidence.methods import distributions
from social_evidence.methods.arrays import Floats
from social_evidence.methods.counts import check_counts, check_level, normal_quantile

WARNING_LEVEL: Final = 0.95
ALARM_LEVEL: Final = 0.998

HIGHER: Final = "higher"
LOWER: Final = "lower"
NO_CLEAR_DIFFERENCE: Final = "no_clear_difference"
CANNOT_SAY: Final = "cannot_say"


def average(numerator: ArrayLike, denominator: ArrayLike) -> float:
    """Return the share of all areas together, the middle line of the funnel.

    Args:
        numerator: People counted, one an area; NaN leaves the area out.
        denominator: People they are a part of, one an area.

    Returns:
        A share in [0, 1]; NaN where nobody is left.

    Raises:
        DataError: A count is negative or infinite.

    Source:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202.
    """
    x, n = check_counts("numerator", numerator), check_counts("denominator", denominator)
    known = np.isfinite(x + n)
    people = n[known].sum()
    return float(x[known].sum() / people) if people > 0.0 else float("nan")


def _check_share(share: float) -> float:
    """Return a benchmark that is a share."""
    if not 0.0 <= share <= 1.0:
        raise DataError(
            f"The benchmark is {share!r}; limits of a funnel need a share between 0 and 1. Give "
            "the benchmark as a share, not a percentage."
        )
    return share


def normal_limits(
    benchmark: float, denominator: ArrayLike, level: float = WARNING_LEVEL
) -> tuple[Floats, Floats]:
    """Return funnel limits from the normal approximation.

    Args:
        benchmark: Share every area is held against, in [0, 1].
        denominator: People of each area; zero gives NaN.
        level: 0.95 for the inner and 0.998 for the outer limits.

    Returns:
        Lower and upper limits as shares; small areas may have limits outside [0, 1].

    Raises:
        DataError: The benchmark is not a share, or a count negative.

    Source:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202.
    """
    half = normal_quantile(level) * _null_error(benchmark, denominator)
    return benchmark - half, benchmark + half


def binomial_quantile_limits(
    benchmark: float, denominator: ArrayLike, level: float = WARNING_LEVEL
) -> tuple[Floats, Floats]:
    """Return funnel limits from quantiles of the binomial distribution.

    Better than the normal limits for small areas. A quantile is the smallest count whose
    cumulative probability reaches the tail; no interpolation between counts.

    Args:
        benchmark: Share every area is held against, in [0, 1].
        denominator: People of each area, whole numbers; zero gives NaN.
        level: 0.95 for the inner and 0.998 for the outer limits.

    Returns:
        Lower and upper limits as shares in [0, 1].

    Raises:
        DataError: The benchmark is not a share, or a count negative.

    Source:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202, without its
        interpolation between counts.
    """
    tail = (1.0 - check_level(level)) / 2.0
    n = check_counts("denominator", denominator)
    n = np.where(n > 0.0, n, np.nan)
    share = _check_share(benchmark)
    return distributions.binomial_quantile(tail, n, share) / n, distributions.binomial_quantile(
        1.0 - tail, n, share
    ) / n


def _null_error(benchmark: float, denominator: ArrayLike) -> Floats:
    """Return the standard error each area's share has if the benchmark holds there."""
    n = check_counts("denominator", denominator)
    share = _check_share(benchmark)
    return np.sqrt(share * (1.0 - share) / np.where(n > 0.0, n, np.nan))


def score_z(numerator: ArrayLike, denominator: ArrayLike, benchmark: float) -> Floats:
    """Return how many standard errors each area lies from the benchmark.

    Args:
        numerator: People counted, one an area.
        denominator: People they are a part of; zero gives NaN.
        benchmark: Share every area is held against, strictly between 0 and 1 to be of use.

    Returns:
        Standardised distances, positive above the benchmark; NaN if it is 0 or 1.

    Raises:
        DataError: The benchmark is not a share, or a count negative.

    Source:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202.
    """
    x, n = check_counts("numerator", numerator), check_counts("denominator", denominator)
    error = _null_error(benchmark, denominator)
    people = np.where(n > 0.0, n, np.nan)
    return (x / people - benchmark) / np.where(error > 0.0, error, np.nan)


def verdicts(lower: ArrayLike, upper: ArrayLike, benchmark: ArrayLike) -> NDArray[np.str_]:
    """Say how each area stands to a fixed benchmark by its own limits.

    Args:
        lower: Lower limit of each area.
        upper: Upper limit of each area.
        benchmark: The value it is compared with, taken as known without error.

    Returns:
        `higher` where the whole interval is above the benchmark, `lower` where it is below,
        `no_clear_difference` where it holds it, `cannot_say` where something is missing.

    Source:
        Comparison with a benchmark of the English public health profiles: one interval against
        one fixed value, never two intervals against each other.
    """
    low, high, fixed = np.broadcast_arrays(
        np.asarray(lower, dtype=np.float64),
        np.asarray(upper, dtype=np.float64),
        np.asarray(benchmark, dtype=np.float64),
    )
    missing = np.isnan(low) | np.isnan(high) | np.isnan(fixed)
    return np.select(
        [missing, low > fixed, high < fixed],
        [CANNOT_SAY, HIGHER, LOWER],
        default=NO_CLEAR_DIFFERENCE,
    )


def over_dispersion(z: ArrayLike, *, winsorised: float | None = None) -> float:
    """Return how much more the areas vary than chance alone would make them.

    Above 1 the areas differ for reasons other than chance, so that plain limits would call too
    many of them unusual.

    Args:
        z: Standardised distances, one an area; NaN is left out.
        winsorised: Share pulled in at each end, such as 0.1, so that a few unusual areas do not
            excuse themselves; None for none.

    Returns:
        phi, the mean of the squared distances; NaN without areas.

    Raises:
        DataError: The winsorised share is not between 0 and 0.5.

    Source:
        Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202;
        quantiles of type 7 in Hyndman and Fan (1996), The American Statistician 50, 361-365.
    """
    known = np.asarray(z, dtype=np.float64)
    known = known[np.isfinite(known)]
    if winsorised is not None and not 0.0 <= winsorised < 0.5:
        raise DataError(
            f"winsorised is {winsorised!r}; the share pulled in at each end lies between 0 and "
            "0.5, for example 0.1. With half or more no area would keep its own distance."
        )
    if known.size == 0:
        return float("nan")
    if winsorised is not None:
        known = np.clip(known, *np.quantile(known, [winsorised, 1.0 - winsorised]))
    return float((known**2).mean())
