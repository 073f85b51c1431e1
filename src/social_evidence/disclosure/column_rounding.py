"""Rounding of whole columns at once, to the same doubles that rounding one by one gives.

A release has some hundred thousand comparisons. Floating-point arithmetic settles which point of
the grid a figure goes to wherever the figure is not close to a tie or to a point; those that are
go the exact way.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from social_evidence.disclosure.rounding import Rounding, round_value

_CLOSE: Final = 1e-6
"""Share of a step within which a tie, or a point of the grid, is settled by exact arithmetic."""
_LARGEST: Final = 1e9
"""Steps from zero beyond which a double cannot tell a share of a step."""


def round_column(values: NDArray[np.float64], rounding: Rounding) -> NDArray[np.float64]:
    """Round a column of figures.

    Args:
        values: Figures at full precision; NaN is none.
        rounding: How.

    Returns:
        What `rounding.round_value` gives for each; NaN for none and for infinite.

    Source:
        As `rounding.round_value`; the test holds the two together.
    """
    out = np.full(values.shape, np.nan)
    known = np.flatnonzero(np.isfinite(values))
    chosen = values[known]
    top, bottom = _grid(chosen, rounding)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        steps = chosen * bottom / top
        if rounding.direction == "nearest":
            whole = np.rint(steps)
            is_sure = np.abs(np.abs(steps - np.floor(steps)) - 0.5) > _CLOSE
        else:
            whole = np.floor(steps) if rounding.direction == "down" else np.ceil(steps)
            is_sure = np.abs(steps - np.rint(steps)) > _CLOSE
        rounded = np.clip(whole * top / bottom, rounding.lowest, rounding.highest)
        is_sure &= (np.abs(steps) < _LARGEST) & (bottom < _LARGEST**2) & (top < _LARGEST**2)
    rounded = np.where(rounded == 0, 0.0, rounded)
    out[known] = rounded
    for at in known[~is_sure]:
        exact = round_value(float(values[at]), rounding)
        out[at] = np.nan if exact is None else exact
    return out


def _grid(
    values: NDArray[np.float64], rounding: Rounding
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the distance between points of each figure's grid, as a ratio of whole numbers."""
    if rounding.step:
        top, bottom = Fraction(rounding.step).as_integer_ratio()
        return np.full(values.shape, float(top)), np.full(values.shape, float(bottom))
    size = np.abs(values)
    exponent = np.log10(np.where(size > 0, size, 1.0))
    # Just under a power of ten the logarithm may round up to it: such a figure goes the exact way.
    is_clear = np.abs(exponent - np.rint(exponent)) > _CLOSE
    power = np.where(is_clear, np.floor(exponent), 400)
    power = power - rounding.digits + 1
    with np.errstate(over="ignore"):
        return 10.0 ** np.maximum(power, 0), 10.0 ** np.maximum(-power, 0)
