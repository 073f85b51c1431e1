"""Directly and indirectly standardised rates.

Two areas may differ because one is older. Standardisation compares them as if their ages (or any
other strata) were alike. Notation: stratum i has events O_i, people n_i and standard people w_i;
the last axis of every array runs over strata, the ones before it over areas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.errors import DataError
from social_evidence.methods import distributions
from social_evidence.methods.arrays import Bools, Floats
from social_evidence.methods.counts import check_counts, check_level
from social_evidence.methods.rates import EXACT_BELOW_10_ELSE_BYAR, byar_limits, events_limits

DOBSON: Final = "dobson"
FAY_FEUER_GAMMA: Final = "fay_feuer_gamma"

EVENTS_TO_PUBLISH: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectRate:
    """Directly standardised rates, one an area.

    Attributes:
        estimate: Rate per `per` people of the standard population.
        standard_error: Its standard error, per `per`.
        lower: Lower limit, per `per`; NaN without events.
        upper: Upper limit, per `per`; NaN without events.
        level: Confidence level in (0, 1).
        interval_method: `dobson` or `fay_feuer_gamma`.
        events: Events of all strata together.
        publishable: Whether there are ten events or more; with fewer the limits mislead.
    """

    estimate: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    level: float
    interval_method: str
    events: Floats
    publishable: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class IndirectRatio:
    """Indirectly standardised ratios, one an area.

    Attributes:
        estimate: Observed over expected events; 1 is the reference.
        standard_error: Its standard error.
        lower: Lower limit of the ratio.
        upper: Upper limit of the ratio.
        level: Confidence level in (0, 1).
        interval_method: The constant id of the method.
        expected: Events expected at the reference rates.
        reference_rate: Crude rate of the reference, per `per`; times `estimate` it is the rate.
        rate: The ratio times the reference rate.
    """

    estimate: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    level: float
    interval_method: str
    expected: Floats
    reference_rate: float
    rate: Floats


def _check_people(name: str, values: ArrayLike) -> Floats:
    """Return populations, refusing a stratum with nobody in it."""
    people = check_counts(name, values)
    empty = int(np.count_nonzero(people == 0.0))
    if empty:
        raise DataError(
            f"{name}: {empty} of {people.size} strata hold nobody, so they have no rate and the "
            "standardised rate does not exist. Merge them with a neighbouring stratum."
        )
    return people


def directly_standardised(
    events: ArrayLike,
    population: ArrayLike,
    standard_population: ArrayLike,
    level: float = 0.95,
    *,
    per: float = 1.0,
    interval: str = DOBSON,
) -> DirectRate:
    """Estimate the rate each area would have with the standard population's make-up.

    Args:
        events: Events by stratum, (..., strata); NaN makes its area NaN.
        population: People by stratum, (..., strata), each above zero.
        standard_population: Standard people by stratum, (strata,) or (..., strata), in any scale.
        level: Confidence level in (0, 1).
        per: The rate is per this many.
        interval: `dobson` or `fay_feuer_gamma`.

    Returns:
        One rate an area. Values are given below ten events too; `publishable` is then false.

    Raises:
        DataError: A count is negative, a stratum holds nobody, or the interval is unknown.

    Source:
        Dobson, Kuulasmaa, Eberle and Scherer (1991), Statistics in Medicine 10, 457-462, with
        Byar's limits for the total count; Fay and Feuer (1997), Statistics in Medicine 16,
        791-801, for the gamma limits. Not publishing below ten events follows the practice of
        the English public health profiles.
    """
    x = check_counts("events", events)
    n = _check_people("population", population)
    w = check_counts("standard_population", standard_population)
    share = w / w.sum(axis=-1, keepdims=True) / n
    share, x = np.broadcast_arrays(share, x)
    total = np.asarray(x.sum(axis=-1))
    rate = np.asarray((share * x).sum(axis=-1))
    variance = np.asarray((share**2 * x).sum(axis=-1))
    if interval == DOBSON:
        lower, upper = _dobson(total, rate, variance, level)
    elif interval == FAY_FEUER_GAMMA:
        lower, upper = _fay_feuer(rate, variance, np.asarray(share.max(axis=-1)), level)
    else:
        raise DataError(
            f"interval is {interval!r}; a directly standardised rate has {DOBSON!r} or "
            f"{FAY_FEUER_GAMMA!r} limits. Name one of them."
        )
    return DirectRate(
        estimate=rate * per,
        standard_error=np.sqrt(variance) * per,
        lower=lower * per,
        upper=upper * per,
        level=level,
        interval_method=interval,
        events=total,
        publishable=total >= EVENTS_TO_PUBLISH,
    )


def _dobson(total: Floats, rate: Floats, variance: Floats, level: float) -> tuple[Floats, Floats]:
    """Scale Byar's limits of the total count to the standardised rate."""
    some = np.where(total > 0.0, total, np.nan)
    low, high = byar_limits(some, level)
    scale = np.sqrt(variance / some)
    return rate + scale * (low - some), rate + scale * (high - some)


def _fay_feuer(
    rate: Floats, variance: Floats, largest: Floats, level: float
) -> tuple[Floats, Floats]:
    """Take limits from gamma distributions with the rate's mean and variance."""
    tail = (1.0 - check_level(level)) / 2.0
    v, r = np.where(variance > 0.0, variance, np.nan), np.where(rate > 0.0, rate, np.nan)
    lower = v / (2.0 * r) * distributions.chi_squared_quantile(tail, 2.0 * r * r / v)
    more_v, more_r = v + largest**2, r + largest
    upper = (
        more_v
        / (2.0 * more_r)
        * distributions.chi_squared_quantile(1.0 - tail, 2.0 * more_r**2 / more_v)
    )
    return lower, upper


def indirectly_standardised(
    events: ArrayLike,
    population: ArrayLike,
    reference_events: ArrayLike,
    reference_population: ArrayLike,
    level: float = 0.95,
    *,
    per: float = 1.0,
) -> IndirectRatio:
    """Compare each area's events with those expected at the reference's rates.

    It needs only the area's total of events, so it holds where strata are small; ratios of two
    areas with different make-up are not comparable with each other, only with the reference.

    Args:
        events: Total events of each area, (...,); NaN is missing.
        population: People by stratum, (..., strata).
        reference_events: Events of the reference by stratum, (strata,).
        reference_population: People of the reference by stratum, (strata,), each above zero.
        level: Confidence level in (0, 1).
        per: The rate is per this many.

    Returns:
        One ratio an area; an area with nothing expected is NaN.

    Raises:
        DataError: A count is negative, or a stratum of the reference holds nobody.

    Source:
        Breslow and Day (1987), Statistical Methods in Cancer Research II, chapter 2;
        limits on the observed events, exact below ten and Byar's from ten on.
    """
    x = check_counts("events", events)
    n = check_counts("population", population)
    cases = check_counts("reference_events", reference_events)
    people = _check_people("reference_population", reference_population)
    expected = np.asarray((n * (cases / people)).sum(axis=-1))
    some = np.where(expected > 0.0, expected, np.nan)
    low, high = events_limits(x, level)
    crude = float(cases.sum() / people.sum() * per)
    return IndirectRatio(
        estimate=x / some,
        standard_error=np.sqrt(x) / some,
        lower=low / some,
        upper=high / some,
        level=level,
        interval_method=EXACT_BELOW_10_ELSE_BYAR,
        expected=expected,
        reference_rate=crude,
        rate=x / some * crude,
    )
