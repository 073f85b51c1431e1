"""Differences and ratios of two independent proportions or rates.

A contrast has limits of its own. Whether two intervals overlap is no test: they may overlap
while the difference is clear. Here the first group is set against a reference: difference = first
minus reference, ratio = first over reference. The two groups must not share people or events.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.methods import distributions
from social_evidence.methods.arrays import Floats
from social_evidence.methods.count_shares import wilson
from social_evidence.methods.counts import Interval, check_level, normal_quantile
from social_evidence.methods.rates import exact_below_10_else_byar

NEWCOMBE: Final = "newcombe_hybrid_wilson"
KATZ_LOG: Final = "katz_log"
MOVER: Final = "mover_exact_below_10_else_byar"
CONDITIONAL_EXACT: Final = "conditional_exact"


def _square_and_add(first: Interval, reference: Interval, method: str) -> Interval:
    """Join the limits of two independent estimates into limits of their difference."""
    difference = first.estimate - reference.estimate
    down = np.hypot(first.estimate - first.lower, reference.upper - reference.estimate)
    up = np.hypot(first.upper - first.estimate, reference.estimate - reference.lower)
    return Interval(
        estimate=difference,
        standard_error=np.hypot(first.standard_error, reference.standard_error),
        lower=difference - down,
        upper=difference + up,
        level=first.level,
        interval_method=method,
    )


def difference_of_proportions(
    numerator: ArrayLike,
    denominator: ArrayLike,
    reference_numerator: ArrayLike,
    reference_denominator: ArrayLike,
    level: float = 0.95,
) -> Interval:
    """Estimate the difference of two independent proportions.

    Args:
        numerator: People counted in the first group.
        denominator: People they are a part of; zero gives NaN.
        reference_numerator: People counted in the reference group.
        reference_denominator: People they are a part of; zero gives NaN.
        level: Confidence level in (0, 1).

    Returns:
        First minus reference, in [-1, 1], with limits that stay in [-1, 1].

    Raises:
        DataError: A count is negative, or a numerator larger than its denominator.

    Source:
        Newcombe (1998), Interval estimation for the difference between independent proportions,
        Statistics in Medicine 17, 873-890, method 10 (Wilson limits, squared and added).
    """
    first = wilson(numerator, denominator, level)
    return _square_and_add(
        first, wilson(reference_numerator, reference_denominator, level), NEWCOMBE
    )


def ratio_of_proportions(
    numerator: ArrayLike,
    denominator: ArrayLike,
    reference_numerator: ArrayLike,
    reference_denominator: ArrayLike,
    level: float = 0.95,
) -> Interval:
    """Estimate the ratio of two independent proportions.

    Args:
        numerator: People counted in the first group.
        denominator: People they are a part of; zero gives NaN.
        reference_numerator: People counted in the reference group.
        reference_denominator: People they are a part of; zero gives NaN.
        level: Confidence level in (0, 1).

    Returns:
        First over reference. Where either numerator is 0 there are no limits (NaN); over a
        reference of 0 there is no ratio either.

    Raises:
        DataError: A count is negative, or a numerator larger than its denominator.

    Source:
        Katz, Baptista, Azen and Pike (1978), Biometrics 34, 469-474, method C (log scale).
    """
    z = normal_quantile(level)
    first = wilson(numerator, denominator, level)
    reference = wilson(reference_numerator, reference_denominator, level)
    ratio = first.estimate / _positive(reference.estimate)
    spread = np.hypot(_log_error(first), _log_error(reference))
    return Interval(
        estimate=ratio,
        standard_error=ratio * spread,
        lower=ratio * np.exp(-z * spread),
        upper=ratio * np.exp(z * spread),
        level=level,
        interval_method=KATZ_LOG,
    )


def _positive(values: Floats) -> Floats:
    """Return the values with everything not above zero as NaN."""
    return np.where(values > 0.0, values, np.nan)


def _log_error(group: Interval) -> Floats:
    """Return the standard error of the logarithm of an estimate; NaN where it is zero."""
    return group.standard_error / _positive(group.estimate)


def difference_of_rates(
    events: ArrayLike,
    exposure: ArrayLike,
    reference_events: ArrayLike,
    reference_exposure: ArrayLike,
    level: float = 0.95,
    *,
    per: float = 1.0,
) -> Interval:
    """Estimate the difference of two independent rates of events.

    Args:
        events: Events of the first group.
        exposure: People or person-years of the first group; zero with no events gives NaN.
        reference_events: Events of the reference group.
        reference_exposure: People or person-years of the reference group.
        level: Confidence level in (0, 1).
        per: The rates are per this many.

    Returns:
        First minus reference, per `per`.

    Raises:
        DataError: A count is negative, or there are events without exposure.

    Source:
        Zou and Donner (2008), Construction of confidence limits about effect measures,
        Statistics in Medicine 27, 1693-1702 (limits of each rate, squared and added), with exact
        Poisson limits below ten events and Byar's from ten on for each rate.
    """
    first = exact_below_10_else_byar(events, exposure, level, per=per)
    reference = exact_below_10_else_byar(reference_events, reference_exposure, level, per=per)
    return _square_and_add(first, reference, MOVER)


def ratio_of_rates(
    events: ArrayLike,
    exposure: ArrayLike,
    reference_events: ArrayLike,
    reference_exposure: ArrayLike,
    level: float = 0.95,
) -> Interval:
    """Estimate the ratio of two independent rates of events, with exact limits.

    Given the events of both groups together, those of the first are binomial; exact limits of
    that share become limits of the ratio.

    Args:
        events: Events of the first group.
        exposure: People or person-years of the first group; zero with no events gives NaN.
        reference_events: Events of the reference group.
        reference_exposure: People or person-years of the reference group.
        level: Confidence level in (0, 1).

    Returns:
        First over reference; without reference events the ratio and its upper limit do not exist
        (NaN). The standard error is the ratio times the root of the summed reciprocal events.

    Raises:
        DataError: A count is negative, or there are events without exposure.

    Source:
        Przyborowski and Wilenski (1940), Biometrika 31, 313-323; limits as in Clopper and
        Pearson (1934), Biometrika 26, 404-413.
    """
    tail = (1.0 - check_level(level)) / 2.0
    first = exact_below_10_else_byar(events, exposure, level)
    reference = exact_below_10_else_byar(reference_events, reference_exposure, level)
    ratio = first.estimate / _positive(reference.estimate)
    with_reference = np.isfinite(first.estimate) & np.isfinite(reference.estimate)
    x, y = np.broadcast_arrays(_events(events), _events(reference_events))
    odds = _exposure(exposure) / _exposure(reference_exposure)
    low = distributions.beta_quantile(tail, _positive(x), y + 1.0)
    high = distributions.beta_quantile(1.0 - tail, x + 1.0, _positive(y))
    lower = np.where(with_reference & (x == 0.0), 0.0, low / (1.0 - low) / odds)
    return Interval(
        estimate=ratio,
        standard_error=ratio * np.hypot(_log_error(first), _log_error(reference)),
        lower=np.where(y > 0.0, lower, np.nan),
        upper=high / (1.0 - high) / odds,
        level=level,
        interval_method=CONDITIONAL_EXACT,
    )


def _events(events: ArrayLike) -> Floats:
    """Return events, already checked, as doubles."""
    return np.asarray(events, dtype=np.float64)


def _exposure(exposure: ArrayLike) -> Floats:
    """Return exposure, already checked, with zero as NaN."""
    return _positive(np.asarray(exposure, dtype=np.float64))


def poisson_p_value(
    events: ArrayLike,
    exposure: ArrayLike,
    reference_events: ArrayLike,
    reference_exposure: ArrayLike,
) -> Floats:
    """Return the two-sided exact probability that two rates of events are equal.

    Twice the smaller tail, so that p is under 1 - level exactly where `ratio_of_rates` excludes 1.

    Args:
        events: Events of the first group, whole numbers.
        exposure: People or person-years of the first group.
        reference_events: Events of the reference group, whole numbers.
        reference_exposure: People or person-years of the reference group.

    Returns:
        p values in (0, 1]; 1 where neither group has an event; NaN where exposure is missing.

    Raises:
        DataError: A count is negative, or there are events without exposure.

    Source:
        Przyborowski and Wilenski (1940), Biometrika 31, 313-323 (conditional binomial test).
    """
    first = exact_below_10_else_byar(events, exposure)
    reference = exact_below_10_else_byar(reference_events, reference_exposure)
    known = np.isfinite(first.estimate + reference.estimate)
    x, y = _events(events), _events(reference_events)
    n, m = _exposure(exposure), _exposure(reference_exposure)
    share = n / (n + m)
    at_most = distributions.binomial_at_most(x, x + y, share)
    at_least = distributions.binomial_above(x - 1.0, x + y, share)
    p = np.minimum(1.0, 2.0 * np.minimum(at_most, at_least))
    return np.where(known, p, np.nan)
