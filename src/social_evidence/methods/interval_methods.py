"""Intervals of shares by the name of a method, and the limits that a release puts at 0 and 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.errors import DefinitionError
from social_evidence.methods import intervals
from social_evidence.methods.arrays import Floats
from social_evidence.methods.profile import WorkingModel


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionLimits:
    """Limits of shares and the method each cell really used.

    Attributes:
        lower: Shape (c,).
        upper: Shape (c,).
        method: One id a cell, from `PROPORTION_METHODS`.
    """

    lower: Floats
    upper: Floats
    method: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionExtras:
    """What single interval methods need beyond estimate, standard error and degrees of freedom.

    Attributes:
        rows: Rows of each domain, answered or not; for `beta`.
        base: Respondents of each domain; for exact limits at 0 and 1.
        link_standard_error: Standard error of the log-odds from replicates; `logit`, `likelihood`.
        working: R's working model; for `likelihood`.
    """

    rows: ArrayLike | None = None
    base: ArrayLike | None = None
    link_standard_error: ArrayLike | None = None
    working: WorkingModel | None = None


def proportion(
    method: str,
    value: Floats,
    standard_error: Floats,
    degrees_of_freedom: ArrayLike,
    level: float = 0.95,
    *,
    extras: ProportionExtras | None = None,
    exact_at_edges: bool = False,
) -> ProportionLimits:
    """Compute intervals of shares by the method named.

    Args:
        method: One of `PROPORTION_METHODS`.
        value: Shares, shape (c,).
        standard_error: Shape (c,).
        degrees_of_freedom: Of the domains, shape (c,) or one number.
        level: Coverage.
        extras: What single methods need beyond that.
        exact_at_edges: Whether cells at exactly 0 or 1 get the limits of `beta` with the base;
            needs `extras.rows` and `extras.base`. False follows R, for comparison with it.

    Returns:
        Limits and, a cell, the id of the method used. Degrees of freedom of 0 or less give NaN.

    Raises:
        DefinitionError: The method is unknown, or lacks what it needs.

    Source:
        As the methods.
    """
    given = ProportionExtras() if extras is None else extras
    if method not in _METHODS:
        msg = (
            f"interval method {method!r} is not known for proportions; "
            f"use one of {', '.join(PROPORTION_METHODS)}"
        )
        raise DefinitionError(msg)
    shares = np.asarray(value, dtype=np.float64)
    lower, upper = _METHODS[method](shares, standard_error, degrees_of_freedom, level, given)
    used = [method] * shares.size
    if exact_at_edges:
        exact = _beta_with_base(shares, standard_error, degrees_of_freedom, level, given)
        edge = intervals.is_edge(shares)
        lower, upper = np.where(edge, exact[0], lower), np.where(edge, exact[1], upper)
        used = [intervals.BETA if at_edge else method for at_edge in edge]
    return ProportionLimits(lower=lower, upper=upper, method=tuple(used))


_Method = Callable[[Floats, Floats, ArrayLike, float, ProportionExtras], intervals.Limits]


def _beta_as_r(
    p: Floats, se: Floats, df: ArrayLike, level: float, given: ProportionExtras
) -> intervals.Limits:
    """Call `beta` without limits at the edges."""
    return intervals.beta(p, se, df, level, rows=_needed(given.rows, "rows"))


def _beta_with_base(
    p: Floats, se: Floats, df: ArrayLike, level: float, given: ProportionExtras
) -> intervals.Limits:
    """Call `beta` with exact limits at the edges."""
    return intervals.beta(
        p, se, df, level, rows=_needed(given.rows, "rows"), base=_needed(given.base, "base")
    )


def _needed(given: ArrayLike | None, name: str) -> ArrayLike:
    """Refuse to go on without a count that the limits depend on."""
    if given is None:
        msg = f"interval method beta needs {name} of every domain to fix its effective base"
        raise DefinitionError(msg)
    return given


_METHODS: Final[dict[str, _Method]] = {
    intervals.LOGIT: lambda p, se, df, level, given: intervals.logit(
        p, se, df, level, link_standard_error=given.link_standard_error
    ),
    intervals.XLOGIT: lambda p, se, df, level, _: intervals.xlogit(p, se, df, level),
    intervals.BETA: _beta_as_r,
    intervals.WILSON: lambda p, se, df, level, _: intervals.wilson(p, se, df, level),
    intervals.ASIN: lambda p, se, df, level, _: intervals.asin(p, se, df, level),
    intervals.LIKELIHOOD: lambda p, se, df, level, given: intervals.likelihood(
        p,
        se,
        df,
        level,
        working=given.working,
        link_standard_error=given.link_standard_error,
    ),
    intervals.MEAN: lambda p, se, df, level, _: intervals.wald(p, se, df, level),
}

PROPORTION_METHODS: Final = tuple(_METHODS)
"""Ids of the methods, the usual one first."""
