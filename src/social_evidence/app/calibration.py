"""Known population totals of a `Calibration`, matched to the rows of a file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from social_evidence.app.microdata import Columns, codes, nearest, numbers
from social_evidence.errors import DesignError
from social_evidence.methods.arrays import Floats, Ints
from social_evidence.methods.calibrate import calibrate, poststratify, rake
from social_evidence.methods.design import SampleDesign
from social_evidence.model.design import Calibration

INTERCEPT = "(Intercept)"


def calibration_columns(calibration: Calibration) -> tuple[str, ...]:
    """List the variables whose population totals are given."""
    margins = [part for name in calibration.margins or {} for part in name.split("*")]
    terms = [name.split("=")[0] for name in calibration.totals or {} if name != INTERCEPT]
    return tuple(dict.fromkeys([*margins, *terms]))


def calibrated(design: SampleDesign, calibration: Calibration, columns: Columns) -> SampleDesign:
    """Make the weights meet the known totals, with the effect on the variance recorded.

    Raises:
        DesignError: Margins or totals are missing, a category of the file has no total, or the
            weights cannot meet the totals.
    """
    if calibration.method in {"greg", "greg_raking"}:
        return _regression(design, calibration, columns)
    margins = calibration.margins or {}
    if not margins or (calibration.method == "post_stratify" and len(margins) > 1):
        raise DesignError(
            f"Design: calibration by {calibration.method} has {len(margins)} margins. Give "
            "{variable: {level: total}}; post_stratify takes one (cross variables with *), rake "
            "one or more."
        )
    cells = [_margin(name, levels, columns) for name, levels in margins.items()]
    totals = [np.array(list(levels.values()), dtype=np.float64) for levels in margins.values()]
    if calibration.method == "post_stratify":
        return poststratify(design, cells[0], totals[0])
    return rake(
        design,
        cells,
        totals,
        epsilon=calibration.epsilon,
        max_iterations=calibration.max_iterations,
    )


def _regression(design: SampleDesign, calibration: Calibration, columns: Columns) -> SampleDesign:
    terms = calibration.totals or {}
    if not terms:
        raise DesignError(
            f"Design: calibration by {calibration.method} needs totals: {{'(Intercept)': people, "
            "'age': sum of age, 'sex=2': people of level 2}}."
        )
    return calibrate(
        design,
        np.column_stack([_term(name, columns) for name in terms]),
        np.array(list(terms.values()), dtype=np.float64),
        function="linear" if calibration.method == "greg" else "raking",
        epsilon=calibration.epsilon,
        max_iterations=calibration.max_iterations,
    )


def _term(name: str, columns: Columns) -> Floats:
    """Return one calibration column: ones, a number, or whether a level is met."""
    if name == INTERCEPT:
        return np.ones(columns.rows)
    variable, _, level = name.partition("=")
    if level:
        met = _margin(variable, {level: 0.0}, columns, complete=False) == 0
        return np.asarray(met, dtype=np.float64)
    values = numbers(columns, variable)
    missing = int(np.isnan(values).sum())
    if missing:
        raise _missing(missing, variable, columns)
    return values


def _margin(
    name: str, levels: Mapping[str, float], columns: Columns, *, complete: bool = True
) -> Ints:
    """Return the position in `levels` of each row's category, −1 where it is in none."""
    positions = {str(level): index for index, level in enumerate(levels)}
    texts: NDArray[np.object_] | None = None
    for part in name.split("*"):
        code, values = codes(columns, part)
        missing = int((code < 0).sum())
        if missing:
            raise _missing(missing, part, columns)
        words = np.array([str(value) for value in values], dtype=object)[code]
        texts = words if texts is None else texts + "*" + words
    found, inverse = np.unique(np.asarray(texts).astype(str), return_inverse=True)
    unknown = [str(text) for text in found if str(text) not in positions]
    if complete and unknown:
        raise DesignError(
            f"{columns.name}: {len(unknown)} categories of {name!r} have no population total, the "
            f"first is {unknown[0]!r}{nearest(unknown[0], positions)}. Every row needs one, or the "
            "weights of the others are wrong."
        )
    lookup = np.array([positions.get(str(text), -1) for text in found], dtype=np.int64)
    return lookup[inverse.reshape(-1)]


def _missing(count: int, variable: str, columns: Columns) -> DesignError:
    return DesignError(
        f"{columns.name}: {count} of {columns.rows} rows have no value in {variable!r}, which the "
        "weights are calibrated to. Each row needs one: impute it, or leave the variable out."
    )
