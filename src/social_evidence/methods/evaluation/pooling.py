"""Effects of several initiatives together, and where the next one could land.

Notation: k effects y_i with variances v_i, weights w_i = 1 / (v_i + tau2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from social_evidence.errors import DataError, DesignError
from social_evidence.methods.arrays import Floats
from social_evidence.methods.distributions import (
    chi_squared_tail,
    normal_quantile,
    normal_tail,
    t_quantile,
    t_tail,
)
from social_evidence.methods.evaluation.paired import Limits

Between: TypeAlias = Literal["none", "dersimonian_laird", "reml", "paule_mandel"]

FEWEST = 3
"""Initiatives under which nothing is pooled."""
ROUGH = 5
"""Initiatives under which a pooled effect is called rough."""
_STEPS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """An average effect of initiatives.

    Attributes:
        effects: How many went in.
        estimate, standard_error, limits, p_value: Of the average.
        between: Variance of effects between initiatives (tau squared).
        heterogeneity: Cochran's Q; `heterogeneity_p` its probability.
        share: Percentage of the spread that is between initiatives (I squared).
        ratio: Total over within spread (H squared).
        degrees_of_freedom: Of t for the limits; None where they are normal.
        is_rough: Fewer than five effects.
    """

    effects: int
    estimate: float
    standard_error: float
    limits: Limits
    p_value: float
    between: float
    heterogeneity: float
    heterogeneity_p: float
    share: float
    ratio: float
    degrees_of_freedom: int | None

    @property
    def is_rough(self) -> bool:
        """Whether so few effects went in that the page must say so."""
        return self.effects < ROUGH


def pool(
    effect: ArrayLike,
    variance: ArrayLike,
    *,
    between: Between = "reml",
    hartung_knapp: bool = True,
    level: float = 0.95,
) -> Pooled:
    """Average the effects of several initiatives.

    Args:
        effect: (k,) effects on one scale.
        variance: (k,) their variances, above 0.
        between: How the variance between initiatives is estimated; `none` takes them to share
            one effect.
        hartung_knapp: Limits from t with k - 1 and a scale from the data: the default.
        level: In (0, 1).

    Raises:
        DesignError: Fewer than three initiatives: an average of two says nothing about a third.
        DataError: A value is missing, or a variance not above 0.

    Source:
        DerSimonian and Laird (1986), Controlled Clinical Trials 7, 177-188; Viechtbauer (2005),
        Journal of Educational and Behavioral Statistics 30, 261-293 (REML); Paule and Mandel
        (1982); Hartung and Knapp (2001), Statistics in Medicine 20, 3875-3889; I squared by the
        typical within variance of Higgins and Thompson (2002), equation 9.
    """
    y, v = _checked(effect, variance)
    k = y.size
    spread = _between(y, v, between)
    mean, error, weight = _average(y, v, spread)
    heterogeneity = _q(y, v)
    typical = (k - 1) * float((1 / v).sum()) / float((1 / v).sum() ** 2 - (1 / v**2).sum())
    df: int | None = None
    if hartung_knapp and between != "none":
        error = math.sqrt(float((weight * (y - mean) ** 2).sum()) / (k - 1) / float(weight.sum()))
        df = k - 1
    if between == "none":
        share = max(0.0, 100 * (heterogeneity - (k - 1)) / heterogeneity) if heterogeneity else 0.0
        ratio = heterogeneity / (k - 1)
    else:
        share, ratio = 100 * spread / (spread + typical), spread / typical + 1
    return Pooled(
        effects=k,
        estimate=mean,
        standard_error=error,
        limits=_limits(mean, error, df, level),
        p_value=_p_value(mean, error, df),
        between=spread,
        heterogeneity=heterogeneity,
        heterogeneity_p=float(chi_squared_tail(heterogeneity, k - 1)),
        share=share,
        ratio=ratio,
        degrees_of_freedom=df,
    )


def prediction_limits(
    pooled: Pooled, level: float = 0.95, *, degrees_of_freedom: int | None = None
) -> Limits:
    """Say between which limits the effect of a further initiative could lie.

    Args:
        pooled: The average, with the variance between initiatives.
        level: In (0, 1).
        degrees_of_freedom: Of t; by default the average's own, normal where it has none. Higgins,
            Thompson and Spiegelhalter take k - 2.

    Source:
        Higgins, Thompson and Spiegelhalter (2009), JRSS A 172, 137-159, equation 12.
    """
    df = pooled.degrees_of_freedom if degrees_of_freedom is None else degrees_of_freedom
    return _limits(pooled.estimate, math.sqrt(pooled.between + pooled.standard_error**2), df, level)


def leave_one_out(effect: ArrayLike, variance: ArrayLike, *, between: Between = "reml") -> Floats:
    """Give (k,) the average without each initiative in turn; k of four or more.

    Raises:
        DesignError: Fewer than four initiatives.
        DataError: As `pool`.
    """
    y, v = _checked(effect, variance)
    if y.size <= FEWEST:
        raise DesignError(f"{y.size} initiatives: leaving one out needs four or more.")
    kept = ~np.eye(y.size, dtype=bool)
    return np.array([pool(y[own], v[own], between=between).estimate for own in kept])


def _checked(effect: ArrayLike, variance: ArrayLike) -> tuple[Floats, Floats]:
    y, v = np.asarray(effect, dtype=np.float64), np.asarray(variance, dtype=np.float64)
    if y.shape != v.shape or y.ndim != 1:
        raise DataError("Give one variance for each effect.")
    if not np.isfinite(y).all() or not (np.isfinite(v) & (v > 0)).all():
        raise DataError("Every effect needs a value and a variance above 0. Leave others out.")
    if y.size < FEWEST:
        raise DesignError(
            f"{y.size} initiatives are too few to average: show each by itself. Three are needed."
        )
    return y, v


def _average(y: Floats, v: Floats, between: float) -> tuple[float, float, Floats]:
    weight = 1 / (v + between)
    return float((weight * y).sum() / weight.sum()), float(weight.sum()) ** -0.5, weight


def _q(y: Floats, v: Floats, between: float = 0.0) -> float:
    mean, _, weight = _average(y, v, between)
    return float((weight * (y - mean) ** 2).sum())


def _between(y: Floats, v: Floats, method: Between) -> float:
    if method == "none":
        return 0.0
    if method == "paule_mandel":
        return _paule_mandel(y, v)
    weight = 1 / v
    below = float(weight.sum() - (weight**2).sum() / weight.sum())
    moment = max(0.0, (_q(y, v) - (y.size - 1)) / below)
    return moment if method == "dersimonian_laird" else _reml(y, v, moment)


def _reml(y: Floats, v: Floats, start: float) -> float:
    """Climb by Fisher scoring; the variance stays at 0 where the climb would leave."""
    spread = start
    for _ in range(_STEPS):
        mean, _, weight = _average(y, v, spread)
        squares = float((weight**2).sum())
        slope = float((weight**2 * (y - mean) ** 2).sum()) - float(weight.sum())
        slope += squares / float(weight.sum())
        curve = squares - 2 * float((weight**3).sum()) / float(weight.sum())
        curve += (squares / float(weight.sum())) ** 2
        following = max(0.0, spread + slope / curve)
        if abs(following - spread) <= 1e-15 + 1e-13 * spread:
            return following
        spread = following
    raise DataError("The variance between initiatives does not settle: look at the effects singly.")


def _paule_mandel(y: Floats, v: Floats) -> float:
    def miss(between: float) -> float:
        return _q(y, v, between) - (y.size - 1)

    if miss(0.0) <= 0:
        return 0.0
    high = float(y.var(ddof=1)) + 1.0
    while miss(high) > 0:
        high *= 2
    return float(optimize.brentq(miss, 0.0, high, xtol=1e-16, rtol=1e-14))


def _limits(mean: float, error: float, df: int | None, level: float) -> Limits:
    quantile = normal_quantile((1 + level) / 2) if df is None else t_quantile((1 + level) / 2, df)
    half = float(quantile) * error
    return mean - half, mean + half


def _p_value(mean: float, error: float, df: int | None) -> float:
    if error == 0:
        return math.nan
    t = abs(mean) / error
    return float(2 * (normal_tail(t) if df is None else t_tail(t, df)))
