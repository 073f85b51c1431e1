"""Rates of events counted in full, and means of values, with their limits.

Notation: x events, n the people or person-years they came from, z the normal quantile of the level.
`counts` says what the limits of a count in full describe.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.errors import DataError
from social_evidence.methods import distributions
from social_evidence.methods.arrays import Floats
from social_evidence.methods.counts import Interval, check_counts, check_level, normal_quantile

GARWOOD: Final = "garwood_exact"
BYAR: Final = "byar"
EXACT_BELOW_10_ELSE_BYAR: Final = "exact_below_10_else_byar"
STUDENT_T: Final = "student_t"

EVENTS_FOR_BYAR: Final = 10


def _at_risk(events: ArrayLike, exposure: ArrayLike) -> tuple[Floats, Floats]:
    """Return events and exposure, refusing events where nobody was exposed."""
    x, n = np.broadcast_arrays(check_counts("events", events), check_counts("exposure", exposure))
    wrong = int(np.count_nonzero((x > 0.0) & (n == 0.0)))
    if wrong:
        raise DataError(
            f"exposure: {wrong} of {x.size} values are zero although there are events. A rate "
            "over nobody does not exist: check that both counts cover the same areas and periods."
        )
    return x, np.where(n > 0.0, n, np.nan)


def garwood_limits(events: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return exact limits of a Poisson count.

    Args:
        events: Counts of events; NaN is missing.
        level: Confidence level in (0, 1).

    Returns:
        Lower and upper limits, in events; the lower limit of no events is 0.

    Raises:
        DataError: A count is negative or infinite.

    Source:
        Garwood (1936), Biometrika 28, 437-442, by quantiles of chi-squared.
    """
    tail = (1.0 - check_level(level)) / 2.0
    x = check_counts("events", events)
    lower = distributions.chi_squared_quantile(tail, 2.0 * np.where(x > 0.0, x, np.nan)) / 2.0
    upper = distributions.chi_squared_quantile(1.0 - tail, 2.0 * x + 2.0) / 2.0
    return np.where(x == 0.0, 0.0, lower), np.asarray(upper, dtype=np.float64)


def byar_limits(events: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return Byar's approximate limits of a Poisson count.

    Args:
        events: Counts of events; NaN is missing.
        level: Confidence level in (0, 1).

    Returns:
        Lower and upper limits, in events. The lower limit of no events is undefined: NaN. Below
        about three events it may fall under 0, as the formula stands.

    Raises:
        DataError: A count is negative or infinite.

    Source:
        Breslow and Day (1987), Statistical Methods in Cancer Research II, p. 69, eq. 2.13.
    """
    z = normal_quantile(level)
    x = check_counts("events", events)
    some, more = np.where(x > 0.0, x, np.nan), x + 1.0
    lower = some * (1.0 - 1.0 / (9.0 * some) - z / (3.0 * np.sqrt(some))) ** 3
    return lower, more * (1.0 - 1.0 / (9.0 * more) + z / (3.0 * np.sqrt(more))) ** 3


def events_limits(events: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return exact limits below ten events and Byar's from ten on.

    Args:
        events: Counts of events; NaN is missing.
        level: Confidence level in (0, 1).

    Returns:
        Lower and upper limits, in events.

    Raises:
        DataError: A count is negative or infinite.

    Source:
        Practice of the English public health profiles (package PHEindicatormethods, rates);
        the two parts are those of `garwood_limits` and `byar_limits`.
    """
    few = np.asarray(events, dtype=np.float64) < EVENTS_FOR_BYAR
    exact, approximate = garwood_limits(events, level), byar_limits(events, level)
    return np.where(few, exact[0], approximate[0]), np.where(few, exact[1], approximate[1])


def _rate(
    x: Floats, n: Floats, limits: tuple[Floats, Floats], level: float, method: str, per: float
) -> Interval:
    """Put limits of a count over its exposure, per so many."""
    return Interval(
        estimate=x / n * per,
        standard_error=np.sqrt(x) / n * per,
        lower=limits[0] / n * per,
        upper=limits[1] / n * per,
        level=level,
        interval_method=method,
    )


def garwood(
    events: ArrayLike, exposure: ArrayLike, level: float = 0.95, *, per: float = 1.0
) -> Interval:
    """Estimate a rate of events with exact Poisson limits.

    Args:
        events: Counts of events, which need not be part of the exposure.
        exposure: People or person-years; zero with no events gives NaN.
        level: Confidence level in (0, 1).
        per: The rate is per this many, such as 1,000.

    Returns:
        Rates per `per`; the standard error is the root of the events over the exposure.

    Raises:
        DataError: A count is negative, or there are events without exposure.

    Source:
        Garwood (1936), Biometrika 28, 437-442.
    """
    x, n = _at_risk(events, exposure)
    return _rate(x, n, garwood_limits(x, level), level, GARWOOD, per)


def byar(
    events: ArrayLike, exposure: ArrayLike, level: float = 0.95, *, per: float = 1.0
) -> Interval:
    """Estimate a rate of events with Byar's limits.

    Args:
        events: Counts of events, which need not be part of the exposure.
        exposure: People or person-years; zero with no events gives NaN.
        level: Confidence level in (0, 1).
        per: The rate is per this many, such as 1,000.

    Returns:
        Rates per `per`; the lower limit of no events is NaN.

    Raises:
        DataError: A count is negative, or there are events without exposure.

    Source:
        Breslow and Day (1987), Statistical Methods in Cancer Research II, p. 69, eq. 2.13.
    """
    x, n = _at_risk(events, exposure)
    return _rate(x, n, byar_limits(x, level), level, BYAR, per)


def exact_below_10_else_byar(
    events: ArrayLike, exposure: ArrayLike, level: float = 0.95, *, per: float = 1.0
) -> Interval:
    """Estimate a rate of events, exact below ten events and Byar's limits from ten on.

    The default for events over residents, such as recorded offences.

    Args:
        events: Counts of events, which need not be part of the exposure.
        exposure: People or person-years; zero with no events gives NaN.
        level: Confidence level in (0, 1).
        per: The rate is per this many, such as 1,000.

    Returns:
        Rates per `per`.

    Raises:
        DataError: A count is negative, or there are events without exposure.

    Source:
        As `events_limits`.
    """
    x, n = _at_risk(events, exposure)
    return _rate(x, n, events_limits(x, level), level, EXACT_BELOW_10_ELSE_BYAR, per)


def mean(values: ArrayLike, level: float = 0.95, *, axis: int = -1) -> Interval:
    """Estimate the mean of unweighted values with Student's limits.

    Args:
        values: Values; NaN is missing and left out.
        level: Confidence level in (0, 1).
        axis: The axis that runs over values.

    Returns:
        Means; fewer than two values have no standard error and no limits (NaN).

    Raises:
        DataError: The level is not between 0 and 1.

    Source:
        Student (1908), Biometrika 6, 1-25; n - 1 in the standard deviation.
    """
    check_level(level)
    x = np.asarray(values, dtype=np.float64)
    known = np.isfinite(x)
    n = known.sum(axis=axis).astype(np.float64)
    centre = np.where(known, x, 0.0).sum(axis=axis) / np.where(n > 0.0, n, np.nan)
    away = np.where(known, x - np.expand_dims(centre, axis), 0.0)
    freedom = np.where(n > 1.0, n - 1.0, np.nan)
    error = np.sqrt((away**2).sum(axis=axis) / freedom / n)
    half = distributions.t_quantile(0.5 + level / 2.0, freedom) * error
    return Interval(
        estimate=np.asarray(centre),
        standard_error=np.asarray(error),
        lower=np.asarray(centre - half),
        upper=np.asarray(centre + half),
        level=level,
        interval_method=STUDENT_T,
    )
