"""Estimate from any survey file: what a statistician asks, with its honest interval.

The whole flow on one screen: read the columns, build the sample, find the groups, estimate each
statistic, put limits on it, write one row a group and statistic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from social_evidence.app.microdata import Columns, Microdata
from social_evidence.app.sample import Cells, Sample
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
from social_evidence.errors import DefinitionError
from social_evidence.methods import interval_methods, intervals
from social_evidence.methods import quantile as quantiles
from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.model.design import Design
from social_evidence.model.statistic import (
    Proportion,
    Quantile,
    Statistic,
    full_label,
    short_label,
    variables_of,
)
from social_evidence.model.table import Code

NUMBERS: Final = (
    ("estimate", pa.float64()),
    ("standard_error", pa.float64()),
    ("lower", pa.float64()),
    ("upper", pa.float64()),
    ("level", pa.float64()),
    ("interval_method", pa.string()),
    ("degrees_of_freedom", pa.float64()),
    ("design_effect", pa.float64()),
    ("base", pa.int64()),
    ("effective_base", pa.float64()),
)
"""The columns after `statistic` and `variable`, in the contract's order."""

WALD: Final = "wald"
"""Interval method of means, totals, ratios and differences: t standard errors either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One statistic in c groups, limits included; NaN where impossible."""

    value: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    method: tuple[str, ...]
    degrees_of_freedom: Floats
    design_effect: Floats
    base: Ints


def estimate(
    data: Microdata,
    design: Design,
    statistics: Statistic | Sequence[Statistic],
    by: str | Sequence[str] = (),
    where: Where = None,
    level: float = 0.95,
    *,
    degrees_of_freedom: float | None = None,
) -> pa.Table:
    """Estimate proportions, means, totals, ratios and quantiles with their sampling error.

    Every row of the file stays in the design whatever is asked, because who could have been
    sampled is part of the variance. No disclosure rule is applied: the result may hold cells
    that must not be published.

    Args:
        data: Path of a survey file, or anything with the Arrow C stream protocol (pyarrow, Polars,
            DuckDB). User-missing codes of the file and NaN count as not answered.
        design: How the sample was drawn.
        statistics: One or several of `proportion`, `mean`, `total`, `ratio`, `quantile`. A
            variable is a column's exact name or an SQL scalar such as `age >= 65`.
        by: Variables whose values form the groups; rows with a missing one are in no group.
        where: The subpopulation: an SQL condition, the name of a true/false column, or
            {column: value or values}. Rows where it is unknown are outside.
        level: Confidence level of the limits.
        degrees_of_freedom: Use this number for all limits, as R's `confint(df =)`; by default
            each group's own PSUs less strata, or rank less one of its replicate weights.

    Returns:
        One row a group and statistic: the `by` columns (as codes, labels in the field's metadata),
        `statistic, variable, estimate, standard_error, lower, upper, level, interval_method,
        degrees_of_freedom, design_effect, base, effective_base`, unrounded. Groups stand in the
        order of the file's value labels, else by number or code point. Null where a number is
        impossible: an empty group, no degree of freedom, a design effect of a quantile.

    Raises:
        DataError: A column is missing or holds what it must not; the file cannot be read.
        DesignError: The design cannot be used.
        DefinitionError: What is asked makes no sense or holds something not allowed.

    Example:
        >>> import pyarrow as pa
        >>> from social_evidence import Design, estimate, mean
        >>> people = pa.table({"happy": [1, 0, 1, 1], "w": [1.0, 2.0, 1.0, 1.0]})
        >>> estimate(people, Design(weight="w"), mean("happy")).column("estimate").to_pylist()
        [0.6]
    """
    asked = _asked(statistics)
    names = variables(by)
    check_level(level)
    wanted = [name for statistic in asked for name in variables_of(statistic)]
    survey = open_survey(data, design, [*wanted, *names], where)
    groups = find_groups(survey, names)
    df = _degrees_of_freedom(survey.sample, groups.cells, degrees_of_freedom)
    figures = [figures_of(survey, statistic, groups.cells, df, level) for statistic in asked]
    return _table(survey.columns, names, groups, asked, figures, level)


def figures_of(
    survey: Survey, statistic: Statistic, cells: Cells, df: Floats, level: float
) -> Figures:
    """Estimate one statistic in every cell, with limits."""
    values = answers(survey, statistic)
    if isinstance(statistic, Quantile):
        return _quantiles(survey.sample, values[0], statistic, cells, df, level)
    kind = "mean" if isinstance(statistic, Proportion) else statistic.statistic
    found = survey.sample.estimates(kind, values, cells)
    if isinstance(statistic, Proportion):
        limits = interval_methods.proportion(
            statistic.interval,
            found.value,
            found.standard_error,
            df,
            level,
            extras=survey.sample.interval_extras(statistic.interval, values[0], cells, found),
            exact_at_edges=statistic.exact_at_edges,
        )
        lower, upper, method = limits.lower, limits.upper, limits.method
    else:
        lower, upper = intervals.wald(found.value, found.standard_error, df, level)
        method = (WALD,) * cells.count
    return Figures(
        value=found.value,
        standard_error=found.standard_error,
        lower=lower,
        upper=upper,
        method=method,
        degrees_of_freedom=df,
        design_effect=found.design_effect,
        base=found.base,
    )


def _quantiles(
    sample: Sample, y: Floats, statistic: Quantile, cells: Cells, df: Floats, level: float
) -> Figures:
    found = np.full((cells.count, 4), np.nan)
    base = np.zeros(cells.count, dtype=np.int64)
    for cell in range(cells.count):
        answered = (cells.within == cell) & ~np.isnan(y)
        base[cell] = int((answered & (sample.weight > 0)).sum())
        if base[cell]:
            found[cell] = _woodruff(sample, y, answered, statistic, float(df[cell]), level)
    return Figures(
        value=found[:, 0],
        standard_error=found[:, 1],
        lower=found[:, 2],
        upper=found[:, 3],
        method=(f"woodruff_{statistic.interval}",) * cells.count,
        degrees_of_freedom=df,
        design_effect=np.full(cells.count, np.nan),
        base=base,
    )


def _woodruff(
    sample: Sample,
    y: Floats,
    answered: Bools,
    statistic: Quantile,
    df: float,
    level: float,
) -> tuple[float, float, float, float]:
    one = Cells(code=np.zeros(y.size, dtype=np.int64), count=1, inside=answered)

    def variance(below: Floats) -> float:
        item = np.full(y.size, np.nan)
        item[answered] = below
        return float(sample.estimates("mean", (item,), one).standard_error[0] ** 2)

    found = quantiles.woodruff(
        y[answered],
        sample.weight[answered],
        np.array([statistic.q]),
        variance,
        df,
        rule=statistic.rule,
        interval=statistic.interval,
        level=level,
    )
    return (
        float(found.value[0]),
        float(found.standard_error[0]),
        float(found.lower[0]),
        float(found.upper[0]),
    )


def _degrees_of_freedom(sample: Sample, cells: Cells, given: float | None) -> Floats:
    if given is not None:
        return np.full(cells.count, check_degrees_of_freedom(given))
    return sample.degrees_of_freedom(cells.within, cells.count).astype(np.float64)


def _asked(statistics: Statistic | Sequence[Statistic]) -> tuple[Statistic, ...]:
    asked = (statistics,) if isinstance(statistics, Statistic) else tuple(statistics)
    if not asked or not all(isinstance(one, Statistic) for one in asked):
        raise DefinitionError(
            "estimate: ask for at least one of proportion(...), mean(...), total(...), ratio(...), "
            "quantile(...)."
        )
    return asked


def labels_of(asked: Sequence[Statistic]) -> list[str]:
    """Name statistics by their variable; in full where two would otherwise read the same."""
    short = [(one.statistic, short_label(one)) for one in asked]
    full: dict[tuple[str, str], set[str]] = {}
    for one, key in zip(asked, short, strict=True):
        full.setdefault(key, set()).add(full_label(one))
    return [
        full_label(one) if len(full[key]) > 1 else key[1]
        for one, key in zip(asked, short, strict=True)
    ]


def _table(
    columns: Columns,
    names: Sequence[str],
    groups: Groups,
    asked: Sequence[Statistic],
    figures: Sequence[Figures],
    level: float,
) -> pa.Table:
    """Write one row a group and statistic, groups first."""
    count, several = groups.cells.count, len(asked)
    fields, arrays = [], []
    for position, name in enumerate(names):
        own = [values[position] for values in groups.values for _ in range(several)]
        array = pa.array(own)
        fields.append(pa.field(name, array.type, metadata=_label_metadata(columns, name)))
        arrays.append(array)
    fields += [pa.field("statistic", pa.string()), pa.field("variable", pa.string())]
    arrays.append(pa.array([one.statistic for one in asked] * count, pa.string()))
    arrays.append(pa.array(labels_of(asked) * count, pa.string()))
    fields += [pa.field(name, kind) for name, kind in NUMBERS]
    arrays += [_interleaved(figures, name, kind, level) for name, kind in NUMBERS]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _interleaved(
    figures: Sequence[Figures], name: str, kind: pa.DataType, level: float
) -> pa.Array:
    if kind == pa.string():
        return pa.array(
            [one for row in zip(*(f.method for f in figures), strict=True) for one in row], kind
        )
    flat = np.stack([_column(one, name, level) for one in figures], axis=1).reshape(-1)
    return number_array(flat) if kind == pa.float64() else pa.array(flat.astype(np.int64), kind)


def _column(figures: Figures, name: str, level: float) -> Floats:
    match name:
        case "estimate":
            return figures.value
        case "level":
            return np.full(figures.value.size, level)
        case "base":
            return figures.base.astype(np.float64)
        case "effective_base":
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.asarray(figures.base / figures.design_effect)
        case _:
            column: Floats = getattr(figures, name)
            return column


def number_array(values: Floats) -> pa.Array:
    """Return numbers as Arrow holds them here: null where there is no finite number."""
    return pa.array(values, pa.float64(), mask=~np.isfinite(values))


def _label_metadata(columns: Columns, name: str) -> dict[str, str] | None:
    """Keep the value labels beside the codes, for whoever prints them."""
    labels = columns.labels.get(name, {})
    return {f"label:{_text(code)}": text for code, text in labels.items()} or None


def _text(code: Code) -> str:
    whole = isinstance(code, float) and code.is_integer()
    return str(int(code) if whole else code)
