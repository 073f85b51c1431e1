"""Areas that begin at different times: each beginning compared with those that never began.

A plain two-way model compares late starters with early ones that have changed already, and may be
far from any effect: it is here only to be shown beside.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.errors import DataError, DesignError
from social_evidence.methods.arrays import Floats, Ints
from social_evidence.methods.distributions import t_quantile, t_tail
from social_evidence.methods.evaluation.paired import Limits
from social_evidence.methods.evaluation.regression import dummies, least_squares

NEVER = 0
"""First treated period of a unit that never was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staggered:
    """Effects by the period of beginning and by period.

    Attributes:
        effects: (first treated, period) -> change since the period before the beginning, less
            that of units never treated. Periods before the beginning compare with the period
            before them: they should be near nothing.
        average: Over periods from the beginning on, each weighted by how many units began.
        two_way: What a plain two-way model would say; not an effect.
    """

    effects: Mapping[tuple[int, int], float]
    average: float
    two_way: float


def staggered(
    y: ArrayLike, unit: ArrayLike, period: ArrayLike, first_treated: ArrayLike
) -> Staggered:
    """Estimate effects where units begin at different times.

    Args:
        y: (n,) values, one a unit and period.
        unit: (n,) codes of units.
        period: (n,) whole numbers.
        first_treated: (n,) the period in which the unit began; 0 for never.

    Raises:
        DataError: A unit lacks a period, or has one twice.
        DesignError: No unit is never treated, or none ever is.

    Source:
        Callaway and Sant'Anna (2021), Journal of Econometrics 225, 200-230, without covariates,
        units never treated as controls, varying base period.
    """
    values, began, periods = _panel(y, unit, period, first_treated)
    never = began == NEVER
    if not never.any() or never.all():
        raise DesignError(
            "Effects of different beginnings need units that never began and units that did."
        )
    effects: dict[tuple[int, int], float] = {}
    above, below = 0.0, 0
    for start in np.unique(began[~never]):
        own = began == start
        for at, when in enumerate(periods[1:], 1):
            base = at - 1 if when < start else int(np.searchsorted(periods, start)) - 1
            if base < 0:
                continue
            change = values[:, at] - values[:, base]
            effect = float(change[own].mean() - change[never].mean())
            effects[int(start), int(when)] = effect
            if when >= start:
                above += effect * own.sum()
                below += int(own.sum())
    if not below:
        raise DesignError("No unit has a period from its beginning on with one before to compare.")
    return Staggered(
        effects=effects, average=above / below, two_way=_two_way(values, began, periods)
    )


def _panel(
    y: ArrayLike, unit: ArrayLike, period: ArrayLike, first_treated: ArrayLike
) -> tuple[Floats, Ints, Ints]:
    """Lay values out as (units, periods)."""
    values = np.asarray(y, dtype=np.float64)
    units, row = np.unique(np.asarray(unit), return_inverse=True)
    periods, column = np.unique(np.asarray(period, dtype=np.int64), return_inverse=True)
    table = np.full((units.size, periods.size), np.nan)
    table[row, column] = values
    if values.size != table.size or not np.isfinite(table).all():
        raise DataError(
            f"{values.size} values for {units.size} units and {periods.size} periods: each unit "
            "needs one value in each period."
        )
    began = np.zeros(units.size, dtype=np.int64)
    began[row] = np.asarray(first_treated, dtype=np.int64)
    if (began[row] != np.asarray(first_treated, dtype=np.int64)).any():
        raise DataError("A unit has two beginnings. Each begins once, or never (0).")
    return table, began, periods


def _two_way(values: Floats, began: Ints, periods: Ints) -> float:
    units, many = values.shape
    unit, when = np.repeat(np.arange(units), many), np.tile(periods, units)
    treated = (began[unit] != NEVER) & (when >= began[unit])
    columns = [treated, np.ones(unit.size), dummies(unit), dummies(when)]
    fitted = least_squares(values.ravel(), np.column_stack(columns).astype(np.float64))
    return float(fitted.coefficients[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class StaggeredRange:
    """The average effect of different beginnings with its range.

    Attributes:
        average: As `staggered` gives it.
        standard_error: Between units, the numbers that began each time taken as given.
        degrees_of_freedom: Welch's and Satterthwaite's.
        limits: t.
        p_value: Two-sided.
        treated: Units that ever began.
    """

    average: float
    standard_error: float
    degrees_of_freedom: float
    limits: Limits
    p_value: float
    treated: int


def staggered_range(
    y: ArrayLike,
    unit: ArrayLike,
    period: ArrayLike,
    first_treated: ArrayLike,
    level: float = 0.95,
) -> StaggeredRange:
    """Give the average of `staggered` with a range between units.

    The average is a sum over units: those that began, each by its own changes, less the changes
    of those that never did over the same periods. Spread within beginnings is taken together, for
    a beginning may have one unit only.

    Args:
        y: As for `staggered`.
        unit: As for `staggered`.
        period: As for `staggered`.
        first_treated: As for `staggered`.
        level: Of the limits.

    Raises:
        DataError: A unit lacks a period, or has one twice.
        DesignError: As `staggered`; or too few units to see any spread.

    Source:
        Callaway and Sant'Anna (2021), Journal of Econometrics 225, 200-230, section 4, the case
        without covariates; degrees of freedom Welch (1947), Biometrika 34, 28-35.
    """
    average = staggered(y, unit, period, first_treated).average
    values, began, periods = _panel(y, unit, period, first_treated)
    never = began == NEVER
    own, borrowed, cells = [], np.zeros(int(never.sum())), 0
    starts = []
    for start in np.unique(began[~never]):
        at = int(np.searchsorted(periods, start))
        if at == 0:
            continue
        summed = (values[:, at:] - values[:, [at - 1]]).sum(axis=1)
        here = began == start
        own.append(summed[here])
        borrowed += here.sum() * summed[never]
        cells += int(here.sum()) * (periods.size - at)
        starts.append(int(here.sum()))
    treated = sum(starts)
    df_own, df_never = treated - len(starts), int(never.sum()) - 1
    if df_own < 1 or df_never < 1:
        raise DesignError(
            f"{treated} units that began, at {len(starts)} times, and {df_never + 1} that never "
            "did: too few to see how much units differ, so no range can be given."
        )
    within = sum(float(((one - one.mean()) ** 2).sum()) for one in own) / df_own
    parts = (
        within * treated / cells**2,
        float(borrowed.var(ddof=1)) / borrowed.size / cells**2,
    )
    error = math.sqrt(sum(parts))
    if error == 0:
        raise DesignError("All units changed alike to the last digit, so no range can be given.")
    df = error**4 / (parts[0] ** 2 / df_own + parts[1] ** 2 / df_never)
    half = float(t_quantile((1 + level) / 2, df)) * error
    return StaggeredRange(
        average=average,
        standard_error=error,
        degrees_of_freedom=df,
        limits=(average - half, average + half),
        p_value=float(2 * t_tail(abs(average) / error, df)),
        treated=treated,
    )
