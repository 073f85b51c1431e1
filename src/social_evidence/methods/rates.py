"""Proportions, rates and means of counts that were made in full, with their limits.

Notation: x events or successes, n the people (or person-years) they came from, p = x / n, z the
normal quantile of the level. A count in full has no sampling error; its limits describe the
chance variation of the events behind it. Arrays broadcast against each other; NaN marks a value
that is missing or cannot exist. Every result names its method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.errors import DataError
from social_evidence.methods import distributions
from social_evidence.methods.arrays import Floats

WILSON: Final = "wilson"
CLOPPER_PEARSON: Final = "clopper_pearson"
JEFFREYS: Final = "jeffreys"
GARWOOD: Final = "garwood_exact"
BYAR: Final = "byar"
EXACT_BELOW_10_ELSE_BYAR: Final = "exact_below_10_else_byar"
STUDENT_T: Final = "student_t"

EVENTS_FOR_BYAR: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Estimates with their limits, one element a cell.

    Attributes:
        estimate: The value, in its unit.
        standard_error: Its standard error in the same unit; NaN where there is none.
        lower: Lower limit; NaN where the method gives none.
        upper: Upper limit; NaN where the method gives none.
        level: Confidence level in (0, 1); None where `interval_method` is `none`.
        interval_method: The constant id of the method.
    """

    estimate: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    level: float | None
    interval_method: str


def check_level(level: float) -> float:
    """Return a confidence level that lies strictly between 0 and 1.

    Args:
        level: Share of intervals that should hold the true value, such as 0.95.

    Returns:
        The level, unchanged.

    Raises:
        DataError: It is 0, 1, or outside; 95 in place of 0.95 is the usual cause.
    """
    if not 0.0 < level < 1.0:
        raise DataError(
            f"level is {level!r}; a confidence level lies between 0 and 1, for example 0.95. "
            "Without it no limits can be given: write the level as a share, not a percentage."
        )
    return level


def normal_quantile(level: float) -> float:
    """Return the two-sided standard normal quantile of a confidence level.

    Args:
        level: Confidence level in (0, 1).

    Returns:
        z with probability `level` between -z and z.

    Raises:
        DataError: The level is not between 0 and 1.
    """
    return float(distributions.normal_quantile(0.5 + check_level(level) / 2.0))


def check_counts(name: str, values: ArrayLike) -> Floats:
    """Return counts as doubles after refusing what no count can be.

    Args:
        name: What the values are, for the message.
        values: Counts, any shape; NaN is a missing count and stays NaN.

    Returns:
        The counts as float64.

    Raises:
        DataError: Some are negative or infinite.
    """
    counts = np.asarray(values, dtype=np.float64)
    wrong = int(np.count_nonzero((counts < 0.0) | np.isinf(counts)))
    if wrong:
        raise DataError(
            f"{name}: {wrong} of {counts.size} values are negative or infinite. A count cannot be, "
            "and a rate made from it would be wrong: correct the source or mark them as missing."
        )
    return counts


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
