"""Whether a series of independent points goes up or down, as a screen over many areas.

Notation: at time t_j a share is x_j of n_j people, or a value y_j has standard error s_j. The last
axis of every array runs over time, the ones before it over series. Points must not share people:
overlapping periods (twelve months to each quarter, pooled years) are not independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from social_evidence.errors import DataError
from social_evidence.methods import distributions
from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.methods.counts import Interval, check_counts, normal_quantile

COCHRAN_ARMITAGE: Final = "cochran_armitage"
INVERSE_VARIANCE: Final = "inverse_variance"

RECENT_POINTS: Final = 5
SIGNIFICANCE: Final = 0.01

RISING: Final = "rising"
FALLING: Final = "falling"
NO_CLEAR_TREND: Final = "no_clear_trend"
CANNOT_SAY: Final = "cannot_say"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Straight-line trends, one a series.

    Attributes:
        slope: Change of the value for one unit of time; NaN where there are too few points.
        chi_squared: Test that the slope is zero, one degree of freedom.
        p_value: Two-sided probability.
        points: Number of points used.
        method: `cochran_armitage` or `inverse_variance`.
    """

    slope: Floats
    chi_squared: Floats
    p_value: Floats
    points: Ints
    method: str


def _used(known: Bools, time: Floats, latest: int | None) -> Bools:
    """Mark the points a trend uses: all known ones, or the latest so many of them."""
    if time.shape != known.shape[-1:] or np.any(np.diff(time) <= 0.0):
        raise DataError(
            f"time has shape {time.shape} for {known.shape[-1]} points; a trend needs one time a "
            "point, each later than the one before. Sort the points and drop doubled ones."
        )
    if latest is None:
        enough = known.sum(axis=-1, keepdims=True) >= 2
        return np.asarray(known & enough)
    if latest < 2:
        raise DataError(
            f"latest is {latest}; a line needs at least two points. Ask for five, the fewest a "
            "recent trend is read from."
        )
    from_end = np.cumsum(known[..., ::-1], axis=-1)[..., ::-1]
    enough = from_end.max(axis=-1, keepdims=True) >= latest
    return np.asarray(known & (from_end <= latest) & enough)


def _line(value: Floats, weight: Floats, time: Floats, used: Bools) -> tuple[Floats, Floats]:
    """Return weighted least-squares slopes and the weighted spread of time, NaN if unusable."""
    w = np.where(used, weight, 0.0)
    y = np.where(used, value, 0.0)
    total = w.sum(axis=-1, keepdims=True)
    centre = (w * time).sum(axis=-1, keepdims=True) / np.where(total > 0.0, total, np.nan)
    away = time - centre
    spread = (w * away**2).sum(axis=-1)
    spread = np.where(spread > 0.0, spread, np.nan)
    return (w * away * y).sum(axis=-1) / spread, spread


def _trend(slope: Floats, chi_squared: Floats, used: Bools, method: str) -> Trend:
    """Put a trend together with its probability."""
    return Trend(
        slope=np.asarray(slope),
        chi_squared=np.asarray(chi_squared),
        p_value=np.asarray(distributions.chi_squared_tail(chi_squared, 1)),
        points=np.asarray(used.sum(axis=-1), dtype=np.int64),
        method=method,
    )


def cochran_armitage(
    numerator: ArrayLike,
    denominator: ArrayLike,
    time: ArrayLike,
    *,
    latest: int | None = RECENT_POINTS,
) -> Trend:
    """Test whether a proportion follows a straight line over time.

    Args:
        numerator: People counted at each time, (..., times); NaN is a missing point.
        denominator: People they are a part of, (..., times); zero is a missing point.
        time: When, (times,), rising.
        latest: Use only the latest so many known points, and none where there are fewer; None
            uses all.

    Returns:
        One trend a series. A series that is all or none throughout has slope 0 and p 1.

    Raises:
        DataError: A count is negative, a numerator exceeds its denominator, or time does not rise.

    Source:
        Cochran (1954), Biometrics 10, 417-451; Armitage (1955), Biometrics 11, 375-386; without
        the factor (N - 1) / N. Five latest points: the recent trends of the English public
        health profiles.
    """
    x, n = np.broadcast_arrays(
        check_counts("numerator", numerator), check_counts("denominator", denominator)
    )
    if np.any(x > n):
        raise DataError(
            f"numerator: {int(np.count_nonzero(x > n))} of {x.size} values are larger than their "
            "denominator; the test is for a part of a whole. Use the inverse-variance trend."
        )
    used = _used(np.isfinite(x) & (n > 0.0), np.asarray(time, dtype=np.float64), latest)
    people = np.where(used, n, 0.0)
    slope, spread = _line(x / np.where(used, n, np.nan), people, np.asarray(time), used)
    total = people.sum(axis=-1)
    share = np.where(used, x, 0.0).sum(axis=-1) / np.where(total > 0.0, total, np.nan)
    variance = share * (1.0 - share)
    flat = variance == 0.0
    chi_squared = slope**2 * spread / np.where(flat, np.nan, variance)
    return _trend(
        np.where(flat & np.isfinite(spread), 0.0, slope),
        np.where(flat & np.isfinite(spread), 0.0, chi_squared),
        used,
        COCHRAN_ARMITAGE,
    )


def inverse_variance(
    value: ArrayLike,
    standard_error: ArrayLike,
    time: ArrayLike,
    *,
    latest: int | None = RECENT_POINTS,
) -> Trend:
    """Test whether values with known standard errors follow a straight line over time.

    Args:
        value: Values at each time, (..., times); NaN is a missing point.
        standard_error: Their standard errors, above zero; NaN or zero is a missing point.
        time: When, (times,), rising.
        latest: Use only the latest so many known points, and none where there are fewer; None
            uses all.

    Returns:
        One trend a series.

    Raises:
        DataError: A standard error is negative or infinite, or time does not rise.

    Source:
        Weighted least squares with the reciprocal variances as weights (for the general case
        Aitken 1935, Proceedings of the Royal Society of Edinburgh 55, 42-48).
    """
    y, s = np.broadcast_arrays(
        np.asarray(value, dtype=np.float64), check_counts("standard_error", standard_error)
    )
    used = _used(np.isfinite(y) & (s > 0.0), np.asarray(time, dtype=np.float64), latest)
    weight = 1.0 / np.where(used, s, np.inf) ** 2
    slope, spread = _line(y, weight, np.asarray(time), used)
    return _trend(slope, slope**2 * spread, used, INVERSE_VARIANCE)


def standard_error_from_limits(lower: ArrayLike, upper: ArrayLike, level: float = 0.95) -> Floats:
    """Return the standard error that limits of a published value stand for.

    Args:
        lower: Lower limits.
        upper: Upper limits.
        level: Their confidence level in (0, 1).

    Returns:
        The width over twice the normal quantile.

    Raises:
        DataError: The level is not between 0 and 1.

    Source:
        Practice of the English public health profiles for values known only by their interval.
    """
    width = np.asarray(upper, dtype=np.float64) - np.asarray(lower, dtype=np.float64)
    return width / (2.0 * normal_quantile(level))


def points_from_interval(interval: Interval) -> tuple[Floats, Floats]:
    """Return values and the standard errors of their limits, ready for `inverse_variance`.

    Args:
        interval: Values with limits, such as Wilson's.

    Returns:
        Values and standard errors.

    Raises:
        DataError: The interval has no level, so no limits.

    Source:
        As `standard_error_from_limits`.
    """
    if interval.level is None:
        raise DataError(
            f"The values have no limits (interval method {interval.interval_method!r}), so a "
            "trend cannot weigh them. Test a trend only on values with an interval."
        )
    return interval.estimate, standard_error_from_limits(
        interval.lower, interval.upper, interval.level
    )


def turns_without_one(
    value: ArrayLike,
    weight: ArrayLike,
    time: ArrayLike,
    *,
    latest: int | None = RECENT_POINTS,
) -> Bools:
    """Say for which series the line turns round when a single point is left out.

    A direction that hangs on one year is that year's and no trend.

    Args:
        value: Values at each time, (..., times); NaN is a missing point.
        weight: What each point counts: people counted, or reciprocal variances; zero is a missing
            point.
        time: When, (times,), rising.
        latest: As for the trend.

    Returns:
        Whether the slope changes its sign, or is lost, without one of the points used.

    Raises:
        DataError: Time does not rise.

    Source:
        Leaving one out: Quenouille (1956), Biometrika 43, 353-360; the rule is our own.
    """
    y, w = np.broadcast_arrays(
        np.asarray(value, dtype=np.float64), np.asarray(weight, dtype=np.float64)
    )
    at = np.asarray(time, dtype=np.float64)
    used = _used(np.isfinite(y) & (w > 0.0), at, latest)
    whole = np.sign(_line(y, w, at, used)[0])
    turns = np.zeros(whole.shape, dtype=np.bool_)
    for point in range(at.size):
        without = used.copy()
        without[..., point] = False
        matters = used[..., point]
        turns |= matters & (np.sign(_line(y, w, at, without)[0]) != whole)
    return turns


def trend_verdicts(
    trend: Trend, significance: float = SIGNIFICANCE, turns: Bools | None = None
) -> NDArray[np.str_]:
    """Say which series rise or fall.

    Args:
        trend: Trends.
        significance: A trend is clear where its p value is under this; 1 % as many series are
            screened at once.
        turns: Series whose line turns round without one of its points, by `turns_without_one`.

    Returns:
        `rising`, `falling`, `no_clear_trend`, or `cannot_say` where there are too few points or
        a clear line hangs on one of them.

    Raises:
        DataError: The significance is not between 0 and 1.

    Source:
        Recent trends of the English public health profiles.
    """
    if not 0.0 < significance < 1.0:
        raise DataError(
            f"significance is {significance!r}; it lies between 0 and 1, for example 0.01. Write "
            "it as a probability, not a percentage."
        )
    clear = trend.p_value < significance
    unknown = np.isnan(trend.p_value)
    if turns is not None:
        unknown = unknown | (clear & turns)
    return np.select(
        [unknown, clear & (trend.slope > 0.0), clear & (trend.slope < 0.0)],
        [CANNOT_SAY, RISING, FALLING],
        default=NO_CLEAR_TREND,
    )
