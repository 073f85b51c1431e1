"""Quantiles of a weighted sample and Woodruff's intervals for them.

The interval of a quantile is found on the scale of shares: the share of people at or below the
estimate has an interval like any proportion, and its limits are carried back through the weighted
distribution.

Letters: y values, w weights, p a probability, q a quantile, t the quantile of Student's t.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from social_evidence.errors import DefinitionError
from social_evidence.methods import interval_methods, intervals
from social_evidence.methods.arrays import Floats

SCORE: Final = "score"
QUANTILE_INTERVALS: Final = (intervals.MEAN, intervals.BETA, intervals.XLOGIT, SCORE)

_ROUNDING: Final = 1e-12
"""Share of a total by which sums of weights may differ by rounding alone."""

Variance = Callable[[Floats], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """Quantiles of one domain, one a probability, each array of shape (k,).

    Attributes:
        probability: As asked for.
        value: In the unit of y; NaN without respondents.
        standard_error: Half the interval over t, in the unit of y.
        lower: NaN where the interval of the share leaves [0, 1].
        upper: As `lower`.
    """

    probability: Floats
    value: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """Answered rows of a domain with what the intervals need."""

    y: Floats
    weight: Floats
    variance: Variance
    degrees_of_freedom: float
    rule: Callable[[Floats, Floats, float], float]
    level: float


def weighted_quantile(y: Floats, weight: Floats, probability: float, rule: str = "math") -> float:
    """Find a quantile of a weighted sample.

    Args:
        y: Values, shape (n,), answered rows only.
        weight: Shape (n,); rows of weight 0 do not count.
        probability: Between 0 and 1.
        rule: `math`: the smallest value at which the weighted distribution reaches p; `school`:
            the same, but the middle of two where it reaches p exactly; `hf7`: linear between the
            values, R's default for unweighted data; `shahvaish`: Shah and Vaish's step function.

    Returns:
        The quantile in the unit of y; NaN without a row of weight above 0.

    Raises:
        DefinitionError: The rule is unknown or the probability outside [0, 1].

    Source:
        Hyndman and Fan (1996), definitions 1, 2 and 7; Shah and Vaish (2006); weighted forms of R
        survey 4.5. Below the first weight we give the smallest value.
    """
    if not 0 <= probability <= 1:
        msg = f"a quantile at {probability} does not exist; probabilities lie between 0 and 1"
        raise DefinitionError(msg)
    return _rule(rule)(y, weight, probability)


def equal_cuts(y: Floats, weight: Floats, parts: int) -> Floats:
    """Cut a weighted sample into parts of as many people each.

    A part takes the values up to its cut, the cut included, so people with one value are never
    divided: where many share it, the parts differ in size. The order of rows plays no role.

    Args:
        y: Values, shape (n,); NaN rows do not count.
        weight: Shape (n,); rows of weight 0 or below, or NaN, do not count.
        parts: How many parts.

    Returns:
        The cuts, shape (parts - 1,), ascending: the smallest values at which the weighted
        distribution reaches 1/parts, 2/parts, …; NaN without a row that counts.

    Source:
        Hyndman and Fan (1996), definition 1, weighted.
    """
    counts = np.isfinite(y) & (weight > 0)
    values, weights = y[counts], weight[counts]
    if values.size == 0:
        return np.full(parts - 1, np.nan)
    # Equal values in the order of their weights: the sums then do not depend on the rows' order.
    order = np.lexsort((weights, values))
    values, reached = values[order], np.cumsum(weights[order])
    shares = np.arange(1, parts) / parts * reached[-1]
    places = np.searchsorted(reached, shares * (1 - _ROUNDING), side="left")
    return np.asarray(values[places], dtype=np.float64)


def woodruff(
    y: Floats,
    weight: Floats,
    probabilities: Sequence[float] | Floats,
    variance: Variance,
    degrees_of_freedom: float,
    *,
    rule: str = "math",
    interval: str = intervals.MEAN,
    level: float = 0.95,
) -> Quantiles:
    """Estimate quantiles of one domain with Woodruff's intervals.

    Args:
        y: Values of the domain's answered rows, shape (n,).
        weight: Their weights, shape (n,).
        probabilities: Between 0 and 1, shape (k,).
        variance: Gives the design variance of the domain's mean of a 0/1 column over these n rows;
            linearised or replicated, the method here is the same.
        degrees_of_freedom: Of the domain.
        rule: How the quantile is read, as for `weighted_quantile`.
        interval: `mean`, `beta` or `xlogit`, the interval of the share that is carried back; or
            `score`, which turns a test of the quantile round. R's `score` carries its limits
            through the unweighted distribution, and ours agrees with it: prefer another where
            weights differ much.
        level: Coverage.

    Returns:
        Quantiles with limits; NaN where the share has no interval inside [0, 1].

    Raises:
        DefinitionError: The rule or the interval is unknown, or a probability outside [0, 1].

    Source:
        Woodruff (1952), JASA 47; Francisco and Fuller (1991) for the score; R survey 4.5
        `svyquantile`.
    """
    if interval not in QUANTILE_INTERVALS:
        msg = (
            f"interval {interval!r} is not known for quantiles; "
            f"use one of {', '.join(QUANTILE_INTERVALS)}"
        )
        raise DefinitionError(msg)
    wanted = np.asarray(probabilities, dtype=np.float64)
    sample = _Sample(
        y=y,
        weight=weight,
        variance=variance,
        degrees_of_freedom=degrees_of_freedom,
        rule=_rule(rule),
        level=level,
    )
    value = np.array([weighted_quantile(y, weight, float(p), rule) for p in wanted])
    pairs = [
        _limits(sample, float(p), float(q), interval) for p, q in zip(wanted, value, strict=True)
    ]
    lower, upper = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    critical = intervals.t_quantile(degrees_of_freedom, level)
    return Quantiles(
        probability=wanted,
        value=value,
        standard_error=(upper - lower) / (2 * critical),
        lower=lower,
        upper=upper,
    )


def _limits(sample: _Sample, p: float, q: float, interval: str) -> tuple[float, float]:
    """Give the limits of one quantile."""
    if np.isnan(q) or not sample.degrees_of_freedom > 0:
        return np.nan, np.nan
    shares = (
        _score_shares(sample, p) if interval == SCORE else _woodruff_shares(sample, q, interval)
    )
    low, high = (
        sample.rule(sample.y, sample.weight, share) if 0 <= share <= 1 else np.nan
        for share in shares
    )
    return low, high


def _woodruff_shares(sample: _Sample, q: float, interval: str) -> tuple[float, float]:
    """Give the interval of the share at or below the quantile."""
    below = (sample.y <= q).astype(np.float64)
    share = float(np.sum(sample.weight * below) / np.sum(sample.weight))
    # Nobody is above the highest value: that is known without error.
    error = 0.0 if below.all() else float(np.sqrt(sample.variance(below)))
    result = interval_methods.proportion(
        interval,
        np.array([share]),
        np.array([error]),
        sample.degrees_of_freedom,
        sample.level,
        extras=interval_methods.ProportionExtras(rows=np.array([float(sample.y.size)])),
    )
    return float(result.lower[0]), float(result.upper[0])


def _score_shares(sample: _Sample, p: float) -> tuple[float, float]:
    """Give the unweighted shares at the values where the score test turns."""
    first, third = np.quantile(sample.y, [0.25, 0.75])
    start = float(sample.y.min() + (third - first) / 100)
    stop = float(sample.y.max() - (third - first) / 100)
    inner = np.unique(sample.y[(sample.y > start) & (sample.y <= stop)])
    places = np.concatenate([[start], inner])
    critical = float(intervals.t_quantile(sample.degrees_of_freedom, sample.level))
    turns = [_turn(sample, p, places, limit) for limit in (critical, -critical)]
    low, high = (float(np.mean(sample.y <= q)) if np.isfinite(q) else np.nan for q in turns)
    return low, high


def _turn(sample: _Sample, p: float, places: Floats, limit: float) -> float:
    """Find where the score falls through a limit; NaN where it does not.

    The score is a step function; of the two steps at the turn the nearer to the limit is taken, as
    root finding ends there.
    """

    def excess(place: float) -> float:
        above = (sample.y > place).astype(np.float64)
        mean = float(np.sum(sample.weight * above) / np.sum(sample.weight)) - (1 - p)
        error = float(np.sqrt(sample.variance(above)))
        return mean / error - limit if error > 0 else float(np.copysign(np.inf, mean))

    low, high = 0, places.size - 1
    at_low, at_high = excess(float(places[low])), excess(float(places[high]))
    if not at_low > 0 > at_high:
        return np.nan
    while high - low > 1:
        middle = (low + high) // 2
        at_middle = excess(float(places[middle]))
        if at_middle > 0:
            low, at_low = middle, at_middle
        else:
            high, at_high = middle, at_middle
    return float(places[low] if at_low < -at_high else places[high])


def _sorted(y: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Give values and weights above 0 in order of the values."""
    values, weights = y[weight > 0], weight[weight > 0]
    order = np.argsort(values, kind="stable")
    return values[order], weights[order]


def _stepped(y: Floats, weight: Floats, p: float, *, middle: bool) -> float:
    """Invert the weighted distribution; `middle` halves the way where it equals p."""
    values, weights = _sorted(y, weight)
    if values.size == 0:
        return np.nan
    reached = np.cumsum(weights)
    total = float(np.sum(weights))
    at = int(np.searchsorted(reached, p * total, side="right")) - 1
    if at < 0:
        return float(values[0])
    following = float(values[min(at + 1, values.size - 1)])
    if p - reached[at] / total != 0:
        return following
    return (float(values[at]) + following) / 2 if middle else float(values[at])


def _math(y: Floats, weight: Floats, p: float) -> float:
    """Take the smallest value at which the distribution reaches p."""
    return _stepped(y, weight, p, middle=False)


def _school(y: Floats, weight: Floats, p: float) -> float:
    """Take the middle of two values where the distribution reaches p exactly."""
    return _stepped(y, weight, p, middle=True)


def _hf7(y: Floats, weight: Floats, p: float) -> float:
    """Go linearly between values, the first at 0 and the last at 1."""
    values, weights = _sorted(y, weight)
    if values.size < 2:
        return float(values[0]) if values.size else np.nan
    reached = np.cumsum(weights)
    return float(np.interp(p, np.concatenate([[0.0], reached[:-1]]) / reached[-2], values))


def _shahvaish(y: Floats, weight: Floats, p: float) -> float:
    """Step at Shah and Vaish's places, put in order where unequal weights cross them."""
    values, weights = _sorted(y, weight)
    if values.size < 2:
        return float(values[0]) if values.size else np.nan
    places = (np.cumsum(weights / weights.mean()) + 0.5 - weights / 2) / (values.size + 1)
    order = np.argsort(places, kind="stable")
    at = int(np.searchsorted(places[order], p, side="right")) - 1
    return float(values[order][max(at, 0)])


_RULES: Final[dict[str, Callable[[Floats, Floats, float], float]]] = {
    "math": _math,
    "school": _school,
    "shahvaish": _shahvaish,
    "hf7": _hf7,
}
QUANTILE_RULES: Final = tuple(_RULES)


def _rule(name: str) -> Callable[[Floats, Floats, float], float]:
    """Look a rule up or refuse."""
    if name not in _RULES:
        msg = f"quantile rule {name!r} is not known; use one of {', '.join(_RULES)}"
        raise DefinitionError(msg)
    return _RULES[name]
