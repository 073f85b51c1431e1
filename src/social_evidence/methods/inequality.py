"""Slope and relative index of inequality over ordered groups.

How far a value falls from the most to the least deprived, using all groups and their sizes, not
only the two at the ends. Notation: group j has population share a_j and mid-rank r_j, the middle
of its stretch on a line from 0 (first group) to 1 (last); y_j is its value on the scale of the
line. The last axis of every array runs over groups, in order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from social_evidence.errors import DataError
from social_evidence.methods.arrays import Floats
from social_evidence.methods.counts import check_counts, normal_quantile

LINEAR: Final = "population_weighted_linear"
LOGIT: Final = "population_weighted_logit"
LOG: Final = "population_weighted_log"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlopeIndex:
    """Indices of inequality, one a series of groups.

    Attributes:
        slope_index: Fitted value at rank 1 minus that at rank 0, in the value's unit.
        standard_error: Of the slope index.
        lower: Lower limit of the slope index.
        upper: Upper limit of the slope index.
        relative_index: Fitted value at rank 1 over that at rank 0; NaN if either is not positive.
        relative_lower: Lower limit of the relative index, from its logarithm.
        relative_upper: Upper limit of the relative index.
        intercept: Fitted value at rank 0, in the value's unit.
        level: Confidence level in (0, 1).
        interval_method: The constant id of the line.
    """

    slope_index: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    relative_index: Floats
    relative_lower: Floats
    relative_upper: Floats
    intercept: Floats
    level: float
    interval_method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """A scale to fit the line on: there, back, and the two derivatives."""

    to: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    to_slope: Callable[[Floats], Floats]
    back_slope: Callable[[Floats], Floats]
    below: float
    allowed: str


_SCALES: Final = {
    LINEAR: _Scale(
        to=lambda v: v,
        back=lambda u: u,
        to_slope=np.ones_like,
        back_slope=np.ones_like,
        below=np.inf,
        allowed="any number",
    ),
    LOGIT: _Scale(
        to=special.logit,
        back=special.expit,
        to_slope=lambda v: 1.0 / (v * (1.0 - v)),
        back_slope=lambda u: special.expit(u) * special.expit(-u),
        below=1.0,
        allowed="a share strictly between 0 and 1",
    ),
    LOG: _Scale(
        to=np.log,
        back=np.exp,
        to_slope=lambda v: 1.0 / v,
        back_slope=np.exp,
        below=np.inf,
        allowed="above 0",
    ),
}


def _check_scale(method: str, value: Floats) -> _Scale:
    """Return the scale of a method after checking that every value lies on it."""
    if method not in _SCALES:
        raise DataError(
            f"method is {method!r}; the line of an index of inequality is one of "
            f"{', '.join(sorted(_SCALES))}. Name one of them."
        )
    scale = _SCALES[method]
    outside = int(np.count_nonzero((value <= 0.0) | (value >= scale.below)))
    if method != LINEAR and outside:
        raise DataError(
            f"value: {outside} of {value.size} values do not lie on the scale of {method} "
            f"({scale.allowed}), so their index does not exist. Use {LINEAR}, or merge groups."
        )
    return scale


def _rank_weights(population: ArrayLike) -> tuple[Floats, Floats]:
    """Return the weights of the values in the fitted line at rank 0 and at rank 1."""
    people = check_counts("population", population)
    total = people.sum(axis=-1, keepdims=True)
    a = people / np.where(total > 0.0, total, np.nan)
    r = np.cumsum(a, axis=-1) - a / 2.0
    centre = (a * r).sum(axis=-1, keepdims=True)
    spread = (a * (r - centre) ** 2).sum(axis=-1, keepdims=True)
    slope = a * (r - centre) / np.where(spread > 0.0, spread, np.nan)
    start = a - slope * centre
    return start, start + slope


def slope_index(
    value: ArrayLike,
    standard_error: ArrayLike,
    population: ArrayLike,
    level: float = 0.95,
    *,
    method: str = LINEAR,
) -> SlopeIndex:
    """Estimate the slope and the relative index of inequality.

    A share or rate near its bound is better fitted on the logit or log scale; the indices are
    given in the value's own unit all the same.

    Args:
        value: Value of each group, (..., groups), from the first rank to the last.
        standard_error: Their standard errors, independent between groups; NaN gives NaN limits.
        population: People in each group, (..., groups).
        level: Confidence level in (0, 1).
        method: `population_weighted_linear`, `..._logit` or `..._log`.

    Returns:
        One pair of indices a series; NaN where fewer than two groups have people.

    Raises:
        DataError: A population or standard error is negative, or a value off the scale.

    Source:
        Mackenbach and Kunst (1997), Social Science and Medicine 44, 757-771; weighted least
        squares on mid-ranks. The values' errors are propagated exactly through the line, and to
        first order through the scale and the ratio; other programs simulate instead.
    """
    v = np.asarray(value, dtype=np.float64)
    scale = _check_scale(method, v)
    error = check_counts("standard_error", standard_error) * scale.to_slope(v)
    start, end = _rank_weights(population)
    y = scale.to(v)
    at_start, at_end = (start * y).sum(axis=-1), (end * y).sum(axis=-1)
    bottom, top = scale.back(at_start), scale.back(at_end)
    to_bottom = scale.back_slope(at_start)[..., None] * start
    to_top = scale.back_slope(at_end)[..., None] * end
    spread = np.sqrt((((to_top - to_bottom) * error) ** 2).sum(axis=-1))
    low, high = (np.where(x > 0.0, x, np.nan) for x in (bottom, top))
    share = to_top / high[..., None] - to_bottom / low[..., None]
    relative_spread = np.sqrt(((share * error) ** 2).sum(axis=-1))
    z = normal_quantile(level)
    return SlopeIndex(
        slope_index=top - bottom,
        standard_error=spread,
        lower=top - bottom - z * spread,
        upper=top - bottom + z * spread,
        relative_index=high / low,
        relative_lower=high / low * np.exp(-z * relative_spread),
        relative_upper=high / low * np.exp(z * relative_spread),
        intercept=bottom,
        level=level,
        interval_method=method,
    )
