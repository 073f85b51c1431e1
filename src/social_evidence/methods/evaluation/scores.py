"""Change in a score of the same people: its size, its limits, and people nested in projects."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from social_evidence.errors import DataError
from social_evidence.methods.distributions import t_quantile, t_tail
from social_evidence.methods.evaluation.paired import Limits, matched
from social_evidence.methods.evaluation.regression import groups_of, least_squares


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreChange:
    """Mean change of a score, after minus before.

    Attributes:
        people: With both scores.
        before, after, change: Means.
        spread: Standard deviation of change.
        standard_error, limits, t, p_value: As if people were independent, t with n - 1.
        correlation: Of before and after.
        d_z: Change over its own spread, with its limits.
        g_z: d_z corrected for small samples by `correction`.
        d_av: Change over the root mean of the two variances.
        d_rm: d_z times the root of 2 (1 - correlation).
        d_before: Change over the spread before.
        superiority: Share of people who rose, those who stayed counting half.
        slope: Of after on before: below 1 shows regression to the mean.

    A spread of zero leaves what is divided by it NaN.
    """

    people: int
    before: float
    after: float
    change: float
    spread: float
    standard_error: float
    limits: Limits
    t: float
    p_value: float
    correlation: float
    d_z: float
    d_z_limits: Limits
    correction: float
    g_z: float
    d_av: float
    d_rm: float
    d_before: float
    superiority: float
    slope: float


def score_change(before: ArrayLike, after: ArrayLike, level: float = 0.95) -> ScoreChange:
    """Measure the change of a score in the same people.

    Args:
        before: (n,) scores; NaN is none.
        after: (n,) of the same people.
        level: In (0, 1).

    Raises:
        DataError: Fewer than three people have both scores, or the lengths differ.

    Source:
        Lakens (2013), Frontiers in Psychology 4:863, equations 6 to 10; limits of d_z by inverting
        the noncentral t, Steiger and Fouladi (1997); correction Hedges (1981), Journal of
        Educational Statistics 6, 107-128.
    """
    first, second = matched(before, after)
    n = first.size
    if n < 3:
        raise DataError(f"{n} people have both scores; a mean change needs three or more.")
    change = second - first
    mean, spread = float(change.mean()), float(change.std(ddof=1))
    error = spread / math.sqrt(n)
    t = _over(mean, error)
    half = float(t_quantile((1 + level) / 2, n - 1)) * error
    variance = float(first.var(ddof=1)), float(second.var(ddof=1))
    joint = float(np.cov(first, second)[0, 1])
    correlation = _over(joint, math.sqrt(variance[0] * variance[1]))
    d_z = _over(mean, spread)
    correction = _hedges(n - 1)
    return ScoreChange(
        people=n,
        before=float(first.mean()),
        after=float(second.mean()),
        change=mean,
        spread=spread,
        standard_error=error,
        limits=(mean - half, mean + half),
        t=t,
        p_value=float(2 * t_tail(abs(t), n - 1)) if math.isfinite(t) else math.nan,
        correlation=correlation,
        d_z=d_z,
        d_z_limits=_noncentral_limits(t, n, level),
        correction=correction,
        g_z=correction * d_z,
        d_av=_over(mean, math.sqrt(sum(variance) / 2)),
        d_rm=d_z * math.sqrt(max(2 * (1 - correlation), 0.0)),
        d_before=_over(mean, math.sqrt(variance[0])),
        superiority=float(((change > 0) + 0.5 * (change == 0)).mean()),
        slope=_over(joint, variance[0]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteredChange:
    """Mean change with people nested in projects: CR1, t with one less than the projects."""

    change: float
    clusters: int
    standard_error: float
    limits: Limits
    p_value: float


def clustered_change(
    before: ArrayLike, after: ArrayLike, cluster: ArrayLike, level: float = 0.95
) -> ClusteredChange:
    """Measure mean change, a share's too, where people of one project may change alike.

    Args:
        before: (n,) scores, or 1 and 0; NaN is none.
        after: (n,) of the same people.
        cluster: (n,) codes of projects.
        level: In (0, 1).

    Raises:
        DataError: Nobody has both answers.
        DesignError: There is one project only.

    Source:
        Cameron and Miller (2015), Journal of Human Resources 50, 317-372, sections II.B, VI.D.
    """
    first, second = (np.asarray(values, dtype=np.float64) for values in (before, after))
    matched(first, second)
    known = np.isfinite(first) & np.isfinite(second)
    change = (second - first)[known]
    code = groups_of(np.asarray(cluster)[known])
    fitted = least_squares(change, np.ones((change.size, 1)))
    error = math.sqrt(float(fitted.clustered(code)[0, 0]))
    groups = int(code.max()) + 1
    half = float(t_quantile((1 + level) / 2, groups - 1)) * error
    mean = float(fitted.coefficients[0])
    t = _over(mean, error)
    return ClusteredChange(
        change=mean,
        clusters=groups,
        standard_error=error,
        limits=(mean - half, mean + half),
        p_value=float(2 * t_tail(abs(t), groups - 1)) if math.isfinite(t) else math.nan,
    )


def _noncentral_limits(t: float, n: int, level: float) -> Limits:
    """Find the sizes under which a t as extreme as this has either tail's probability."""
    if not math.isfinite(t):
        return math.nan, math.nan
    tail = (1 - level) / 2

    def size(probability: float) -> float:
        def miss(noncentrality: float) -> float:
            return float(special.nctdtr(n - 1, noncentrality, t)) - probability

        low, high = (_crossed(miss, t, side) for side in (-1.0, 1.0))
        if low is None or high is None:
            return math.nan
        return float(optimize.brentq(miss, low, high, xtol=1e-13, rtol=1e-14))

    root = math.sqrt(n)
    return size(1 - tail) / root, size(tail) / root


def _crossed(miss: Callable[[float], float], start: float, side: float) -> float | None:
    """Walk from the middle until the tail is passed; far out the series for it fails.

    The probability falls with the noncentrality: below it is above 0, above it is below.
    """
    step = 1.0
    while step < 10.0 + abs(start):
        here = miss(start + side * step)
        if not math.isfinite(here):
            return None
        if here * side <= 0:
            return start + side * step
        step += 1.0
    return None


def _hedges(df: int) -> float:
    log = special.gammaln(df / 2) - special.gammaln((df - 1) / 2)
    return float(math.exp(log) / math.sqrt(df / 2))


def _over(above: float, below: float) -> float:
    return above / below if below > 0 else math.nan
