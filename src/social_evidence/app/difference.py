"""Compare groups and waves of one survey file: differences with their full covariance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from social_evidence.app.code_matching import matches
from social_evidence.app.estimate import NUMBERS, WALD
from social_evidence.app.microdata import Microdata
from social_evidence.app.sample import Cells, ReplicateSample
from social_evidence.app.survey import (
    Groups,
    Survey,
    Where,
    answers,
    check_degrees_of_freedom,
    check_level,
    find_groups,
    open_survey,
    variables,
)
from social_evidence.errors import DataError, DefinitionError
from social_evidence.methods import contrast, distributions, intervals
from social_evidence.methods.arrays import Floats
from social_evidence.model.design import Design
from social_evidence.model.statistic import (
    Proportion,
    Quantile,
    Statistic,
    Value,
    short_label,
    variables_of,
)
from social_evidence.model.table import Code

Group: TypeAlias = Value | tuple[Value, ...]
"""A group: its value, or one value a variable where `by` names several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A group that enters a comparison with a weight."""

    group: Group
    weight: float


def difference(  # noqa: PLR0913 -- the contract's own signature
    data: Microdata,
    design: Design,
    statistic: Statistic,
    by: str | Sequence[str],
    left: Group | None = None,
    right: Group | None = None,
    where: Where = None,
    level: float = 0.95,
    *,
    weights: Mapping[Group, float] | None = None,
    degrees_of_freedom: float | None = None,
) -> pa.Table:
    """Compare two groups or waves of one file: left minus right, or named weights over several.

    Groups of one survey share strata and units, and waves may share people, so the variance of a
    difference is not the sum of two variances: the full covariance is used.

    Args:
        data: As for `estimate`.
        design: As for `estimate`.
        statistic: `proportion`, `mean`, `total` or `ratio`.
        by: The variable that tells the groups apart; several for crossed groups.
        left: The group that is compared: a value of `by` (code, or label where the file has
            labels), a tuple of values where `by` names several variables.
        right: The group it is compared with.
        where: The subpopulation, as for `estimate`.
        level: Confidence level of the limits.
        weights: Instead of left and right: {group: weight}, such as {"a": 1, "b": -0.5, "c": -0.5}.
        degrees_of_freedom: Use this number for limits and p value; by default PSUs less strata
            (replicates: rank less one) of the groups compared, taken together.

    Returns:
        One row: `by, left, right` (text; with `weights` left and right are null and `contrast`
        tells the weights), `contrast`, then the columns of `estimate` with `statistic`
        `difference`, and `p_value` of no difference, two-sided. Base and design effect are null.

    Raises:
        DataError: A column or group is not in the file.
        DesignError: The design cannot be used.
        DefinitionError: The comparison is not complete, or of quantiles.

    Example:
        >>> import pyarrow as pa
        >>> from social_evidence import Design, difference, mean
        >>> answers = pa.table({"y": [1, 0, 1, 1], "wave": [1, 1, 2, 2], "w": [1.0] * 4})
        >>> change = difference(answers, Design(weight="w"), mean("y"), "wave", left=2, right=1)
        >>> change.column("estimate").to_pylist()
        [0.5]
    """
    check_level(level)
    if isinstance(statistic, Quantile):
        raise DefinitionError(
            "difference: quantiles have no covariance between groups here. Compare means, or "
            "proportions below a value such as proportion('income < 300')."
        )
    names = variables(by)
    sides = _sides(left, right, weights, names)
    survey = open_survey(data, design, [*variables_of(statistic), *names], where)
    groups = find_groups(survey, names)
    factors = np.zeros(groups.cells.count)
    for side in sides:
        factors[_position(survey, groups, names, side.group)] += side.weight
    if not factors.any():
        raise DefinitionError("difference: both sides are the same group, so nothing differs.")
    values = answers(survey, statistic)
    cells, entering = _compared(survey, values, groups.cells, factors)
    kind = "mean" if isinstance(statistic, Proportion) else statistic.statistic
    found = survey.sample.estimates(kind, values, cells, with_covariance=True)
    result = contrast.linear(found.value, np.asarray(found.covariance), entering)
    df = _union_df(survey, groups.cells, factors, degrees_of_freedom)
    numbers = _numbers(result.value[0], result.standard_error[0], df, level)
    texts = _texts(sides, names, two_groups=weights is None)
    return _row({**texts, "statistic": "difference", "variable": short_label(statistic)}, numbers)


def _sides(
    left: Group | None,
    right: Group | None,
    weights: Mapping[Group, float] | None,
    names: Sequence[str],
) -> tuple[Side, ...]:
    """Return the groups compared with their weights, checked for sense."""
    if not names:
        raise DefinitionError("difference: by names no variable, so there are no groups.")
    if weights is None:
        if left is None or right is None:
            raise DefinitionError(
                "difference: name both left and right, or weights={group: number} over several."
            )
        return (Side(group=left, weight=1.0), Side(group=right, weight=-1.0))
    if left is not None or right is not None:
        raise DefinitionError("difference: give either left and right, or weights, not both.")
    sides = tuple(Side(group=group, weight=float(w)) for group, w in weights.items() if w != 0)
    if not sides or not all(np.isfinite(side.weight) for side in sides):
        raise DefinitionError("difference: weights need at least one group with a finite weight.")
    return sides


def _position(survey: Survey, groups: Groups, names: Sequence[str], group: Group) -> int:
    """Find the cell of a group.

    Raises:
        DataError: No row of the subpopulation is in it.
        DefinitionError: It does not name one value a variable.
    """
    wanted = group if isinstance(group, tuple) else (group,)
    if len(wanted) != len(names):
        raise DefinitionError(
            f"difference: a group needs {len(names)} values, one for each of {list(names)}; "
            f"got {group!r}."
        )
    met = groups.cells.within >= 0
    for name, value in zip(names, wanted, strict=True):
        met &= matches(survey.columns, name, (value,)) == 1
    found = np.unique(groups.cells.code[met])
    if found.size != 1:
        held = [_shown(values) for values in groups.values[:8]]
        raise DataError(
            f"{survey.columns.name}: nobody of those asked for is in the group {group!r} of "
            f"{', '.join(names)}, so there is nothing to compare. Groups: {', '.join(held)}."
        )
    return int(found[0])


def _compared(
    survey: Survey, values: Sequence[Floats], cells: Cells, factors: Floats
) -> tuple[Cells, Floats]:
    """Keep the groups whose estimates enter the covariance, with their weights.

    Linearised: the groups compared, as the others cannot matter. Replicates: every group somebody
    answered in, because R leaves out a replicate in which any group of the variable is empty.
    """
    kept = factors != 0
    if isinstance(survey.sample, ReplicateSample):
        answered = ~np.isnan(np.stack(values)).any(axis=0) & (survey.sample.weight > 0)
        counted = cells.within[answered & (cells.within >= 0)]
        kept = kept | (np.bincount(counted, minlength=cells.count) > 0)
    renumbered = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
    narrowed = Cells(
        code=renumbered[cells.code].astype(np.int64), count=int(kept.sum()), inside=cells.inside
    )
    return narrowed, factors[kept]


def _union_df(survey: Survey, cells: Cells, factors: Floats, given: float | None) -> float:
    if given is not None:
        return check_degrees_of_freedom(given)
    compared = np.append(factors != 0, False)[cells.within]
    union = np.where(compared, 0, -1).astype(np.int64)
    return float(survey.sample.degrees_of_freedom(union, 1)[0])


def _numbers(value: float, error: float, df: float, level: float) -> dict[str, float | str]:
    lower, upper = intervals.wald(np.array([value]), np.array([error]), np.array([df]), level)
    tested = error > 0 and df > 0
    p_value = 2 * float(distributions.t_tail(abs(value) / error, df)) if tested else np.nan
    return {
        "estimate": value,
        "standard_error": error,
        "lower": float(lower[0]),
        "upper": float(upper[0]),
        "level": level,
        "interval_method": WALD,
        "degrees_of_freedom": df,
        "p_value": p_value,
    }


def _texts(
    sides: Sequence[Side], names: Sequence[str], *, two_groups: bool
) -> dict[str, str | None]:
    shown = [_shown(side.group) for side in sides]
    return {
        "by": " * ".join(names),
        "left": shown[0] if two_groups else None,
        "right": shown[1] if two_groups else None,
        "contrast": " ".join(
            f"{side.weight:+g} × ({text})" for side, text in zip(sides, shown, strict=True)
        ),
    }


def _row(texts: Mapping[str, str | None], numbers: Mapping[str, float | str]) -> pa.Table:
    arrays = {name: pa.array([text], pa.string()) for name, text in texts.items()}
    for name, kind in (*NUMBERS, ("p_value", pa.float64())):
        value = numbers.get(name)
        finite = isinstance(value, str) or (value is not None and np.isfinite(value))
        arrays[name] = pa.array([value if finite else None], kind)
    return pa.table(arrays)


def _shown(group: Group | tuple[Code, ...]) -> str:
    return " * ".join(str(value) for value in (group if isinstance(group, tuple) else (group,)))
