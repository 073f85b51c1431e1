"""Test whether two variables of a survey file are independent, allowing for its design."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from social_evidence.app.estimate import number_array
from social_evidence.app.microdata import Microdata, nearest
from social_evidence.app.sample import Cells, LinearisedSample
from social_evidence.app.survey import Groups, Survey, Where, find_groups, open_survey, variables
from social_evidence.errors import DataError, DefinitionError
from social_evidence.methods import chi_squared as tests
from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.methods.chi_squared import ChiSquared
from social_evidence.model.design import Design

STATISTICS: Final = ("F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint")


def chi_squared(
    data: Microdata,
    design: Design,
    rows: str,
    columns: str,
    statistic: str = "F",
    where: Where = None,
) -> pa.Table:
    """Test whether two variables are independent, with Rao and Scott's correction for the design.

    A plain χ² takes clustered respondents for independent ones and finds associations that are
    not there.

    Args:
        data: As for `estimate`.
        design: As for `estimate`.
        rows: First variable.
        columns: Second variable.
        statistic: `F` (second-order correction), `Chisq` (first and second order), `Wald`,
            `adjWald`, `lincom` or `saddlepoint`: R's names.
        where: The subpopulation, as for `estimate`.

    Returns:
        One row: `rows, columns, statistic, value, numerator_degrees_of_freedom,
        denominator_degrees_of_freedom, p_value, base`. Null where the test has no such number.

    Raises:
        DataError: A column is missing, or has a single value.
        DesignError: The design cannot be used.
        DefinitionError: The statistic is not known.
    """
    if statistic not in STATISTICS:
        raise DefinitionError(
            f"chi_squared: statistic is {statistic!r}{nearest(statistic, STATISTICS)}. "
            f"Say one of {', '.join(STATISTICS)}."
        )
    survey = open_survey(data, design, [rows, columns], where)
    groups = find_groups(survey, variables((rows, columns)))
    shape, position = _cross_table(survey, groups, (rows, columns))
    known = groups.cells.within >= 0
    items = np.zeros((survey.columns.rows, shape[0] * shape[1]))
    items[known, position[groups.cells.code[known]]] = 1.0
    result = _tested(survey, items, known, shape, statistic)
    base = int((known & (survey.sample.weight > 0)).sum())
    numbers = {
        "value": result.value,
        "numerator_degrees_of_freedom": result.numerator_df,
        "denominator_degrees_of_freedom": result.denominator_df,
        "p_value": result.p_value,
    }
    return pa.table(
        {
            "rows": pa.array([rows]),
            "columns": pa.array([columns]),
            "statistic": pa.array([statistic]),
            **{name: number_array(np.array([value])) for name, value in numbers.items()},
            "base": pa.array([base], pa.int64()),
        }
    )


def _cross_table(
    survey: Survey, groups: Groups, names: Sequence[str]
) -> tuple[tuple[int, int], Ints]:
    """Return the size of the table and the cell, row by row, that each group falls in."""
    places = []
    for side, name in enumerate(names):
        levels = sorted({values[side] for values in groups.values}, key=str)
        if len(levels) < 2:
            raise DataError(
                f"{survey.columns.name}: {name!r} has {len(levels)} different values among those "
                "asked for, so there is no association to test. At least 2 are needed."
            )
        places.append((len(levels), [levels.index(values[side]) for values in groups.values]))
    (height, row), (width, column) = places
    return (height, width), np.asarray(row) * width + np.asarray(column)


def _tested(
    survey: Survey, items: Floats, known: Bools, shape: tuple[int, int], statistic: str
) -> ChiSquared:
    sample = survey.sample
    asked = Cells(code=np.zeros(known.size, dtype=np.int64), count=1, inside=survey.inside)
    df = float(sample.degrees_of_freedom(asked.within, 1)[0])
    if statistic in {"Wald", "adjWald"}:
        totals, covariance = sample.joint("total", items, known)
        return tests.wald(totals.reshape(shape), covariance, df, adjusted=statistic == "adjWald")
    shares, covariance = sample.joint("mean", items, known)
    rows = int(sample.rows(asked)[0])
    return tests.rao_scott(
        shares.reshape(shape),
        covariance,
        rows,
        df,
        statistic,
        f_reference=isinstance(sample, LinearisedSample),
    )
