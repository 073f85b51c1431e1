"""One question put to one file: its columns, its sample, the subpopulation and the groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from social_evidence.app.code_matching import matches
from social_evidence.app.design_columns import design_columns
from social_evidence.app.microdata import (
    Columns,
    Microdata,
    codes,
    numbers,
    open_microdata,
    read_columns,
    truths,
)
from social_evidence.app.sample import Cells, Sample, make_sample
from social_evidence.errors import DefinitionError, DesignError
from social_evidence.methods.arrays import Bools, Floats
from social_evidence.model.design import Design
from social_evidence.model.statistic import (
    Mean,
    Proportion,
    Quantile,
    Ratio,
    Statistic,
    Total,
    Value,
    variables_of,
)
from social_evidence.model.table import Code

Where: TypeAlias = str | Mapping[str, Value | Sequence[Value]] | None
"""A condition (column or SQL scalar), or column -> value or values; None is everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A file, read as far as one question needs it.

    Attributes:
        columns: The columns.
        sample: Weights and design, of all rows of the file.
        inside: (n,) rows of the subpopulation.
    """

    columns: Columns
    sample: Sample
    inside: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The groups that some variables form, in order.

    Attributes:
        cells: Which group each row is in.
        values: One tuple a group: its value of each variable.
    """

    cells: Cells
    values: tuple[tuple[Code, ...], ...]


def open_survey(
    source: Microdata, design: Design, variables: Sequence[str], where: Where
) -> Survey:
    """Read what a question needs and build the sample; no row is dropped.

    Raises:
        DataError: A column is missing or holds what it must not.
        DesignError: The design cannot be used.
        DefinitionError: A condition holds something outside the allow-list.
    """
    if not isinstance(design, Design):
        raise DesignError(f"The design is a {type(design).__name__}; write Design(weight=…, …).")
    opened = open_microdata(source)
    conditions = _conditions(where)
    columns = read_columns(
        opened,
        [*variables, *conditions],
        design_columns(design, opened.known),
    )
    inside = np.ones(columns.rows, dtype=np.bool_)
    if isinstance(where, str):
        inside = truths(columns, where)
    elif where is not None:
        for column, wanted in where.items():
            inside &= matches(columns, column, _several(wanted)) == 1
    return Survey(columns=columns, sample=make_sample(design, columns), inside=inside)


def find_groups(survey: Survey, by: Sequence[str]) -> Groups:
    """Find the groups that the subpopulation's rows fall into, every variable known.

    Returns:
        Groups ordered by the first variable, then the second, …; a row in which one of the
        variables is missing is in no group. Without variables: one group of everybody.
    """
    if not by:
        everybody = np.zeros(survey.columns.rows, dtype=np.int64)
        return Groups(cells=Cells(code=everybody, count=1, inside=survey.inside), values=((),))
    code = np.zeros(survey.columns.rows, dtype=np.int64)
    known = survey.inside.copy()
    levels = []
    for variable in by:
        own, values = codes(survey.columns, variable)
        code = code * max(len(values), 1) + np.maximum(own, 0)
        known &= own >= 0
        levels.append(values)
    found, inverse = np.unique(code[known], return_inverse=True)
    domain = np.full(code.size, -1, dtype=np.int64)
    domain[known] = inverse.reshape(-1)
    return Groups(
        cells=Cells(code=domain, count=found.size, inside=survey.inside),
        values=tuple(_unfolded(int(number), levels) for number in found),
    )


def variables(by: str | Sequence[str]) -> tuple[str, ...]:
    """Return the grouping variables as a tuple, each once.

    Raises:
        DefinitionError: One is named twice.
    """
    names = (by,) if isinstance(by, str) else tuple(by)
    if len(set(names)) != len(names):
        raise DefinitionError(f"by: {list(names)} names a variable twice.")
    return names


def answers(survey: Survey, statistic: Statistic) -> tuple[Floats, ...]:
    """Return what a statistic adds up, (n,) each; NaN where the row did not answer."""
    match statistic:
        case Proportion(variable=variable):
            return (matches(survey.columns, variable, statistic.values),)
        case Ratio() | Mean() | Total() | Quantile():
            return tuple(numbers(survey.columns, name) for name in variables_of(statistic))


def check_level(level: float) -> float:
    """Return a confidence level that lies between 0 and 1.

    Raises:
        DefinitionError: It does not.
    """
    if not 0 < level < 1:
        raise DefinitionError(f"level is {level!r}; it lies between 0 and 1, such as 0.95.")
    return float(level)


def check_degrees_of_freedom(given: float) -> float:
    """Return a number of degrees of freedom that limits can be made with.

    Raises:
        DefinitionError: It is not above 0.
    """
    if not given > 0:
        raise DefinitionError(
            f"degrees_of_freedom is {given!r}; it must be above 0, as no limits exist otherwise."
        )
    return float(given)


def _conditions(where: Where) -> list[str]:
    if where is None:
        return []
    if not isinstance(where, str | Mapping):
        raise DefinitionError(
            f'where is a {type(where).__name__}; write a condition such as "sex = 2", or '
            "{column: value}."
        )
    return [where] if isinstance(where, str) else list(where)


def _several(value: Value | Sequence[Value]) -> tuple[Value, ...]:
    return (value,) if isinstance(value, str | int | float) else tuple(value)


def _unfolded(number: int, levels: Sequence[Sequence[Code]]) -> tuple[Code, ...]:
    values: list[Code] = []
    for own in reversed(levels):
        number, position = divmod(number, max(len(own), 1))
        values.append(own[position])
    return tuple(reversed(values))
