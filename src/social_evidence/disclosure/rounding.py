"""Rounding of what is stored, once, by exact arithmetic on the binary value.

Survey figures are stored rounded, so that no more is published than the sample can bear and small
changes to the data cannot be read from the last digits. Estimates go half to even, limits
outward: the stored interval never leaves out a value that the true one holds. A double that is
the nearest to a point of the grid is that point, so rounding twice changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final, Literal

from social_evidence.errors import DefinitionError

Direction = Literal["nearest", "down", "up"]

SHARE_STEP: Final = "0.001"
TOTAL_STEP: Final = "1000"
SURVEY_DIGITS: Final = 3
ERROR_DIGITS: Final = 2
PROBABILITY_DIGITS: Final = 3
COUNTED_DIGITS: Final = 12

COUNTED_METHODS: Final = frozenset({"administrative", "published"})
VALUES: Final[Mapping[str, Direction]] = {
    "estimate": "nearest",
    "difference": "nearest",
    "lower": "down",
    "upper": "up",
}
ERRORS: Final = frozenset({"standard_error", "design_effect", "effective_base"})
PROBABILITIES: Final = frozenset({"p_value", "p_adjusted"})
COUNTS: Final = frozenset({"numerator", "denominator"})
_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "proportion": (0.0, 1.0),
    "ratio": (0.0, math.inf),
    "difference": (-1.0, 1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """How one column of one kind of row is rounded.

    Attributes:
        digits: Significant figures; 0 where there is a step.
        step: Distance between the points of the grid, as decimal text; empty where digits count.
        direction: Half to even (`nearest`), or outward: `down` or `up`.
        lowest: Values below, which cannot be, become this.
        highest: Values above, which cannot be, become this.
    """

    digits: int = 0
    step: str = ""
    direction: Direction = "nearest"
    lowest: float = -math.inf
    highest: float = math.inf

    def __post_init__(self) -> None:
        if bool(self.digits) == bool(self.step):
            raise DefinitionError(
                f"A rounding has either significant figures or a step, not digits {self.digits} "
                f"and step {self.step!r}. Give one of them."
            )


def round_value(value: float | None, rounding: Rounding) -> float | None:
    """Round one figure.

    Args:
        value: The figure at full precision; None or NaN is none.
        rounding: How.

    Returns:
        The double nearest to the rounded figure, never -0.0; None for none or infinite.

    Raises:
        DefinitionError: The step is not a number above zero.

    Source:
        Exact rational arithmetic; half to even as in IEEE 754 (2019), section 4.3.1.
    """
    if value is None or not math.isfinite(value):
        return None
    if value == 0.0:
        return 0.0
    step = _step(rounding.step) if rounding.step else _unit_of_digits(value, rounding.digits)
    rounded = _on_grid(value, *step, rounding.direction)
    return min(max(rounded, rounding.lowest), rounding.highest)


def _on_grid(value: float, top: int, bottom: int, direction: Direction) -> float:
    """Return the double nearest to the multiple of top / bottom a value is rounded to.

    Whole numbers only: a double is a ratio of two, and Python divides two to the nearest double.
    """
    numerator, denominator = value.as_integer_ratio()
    down, rest = divmod(numerator * bottom, denominator * top)
    twice = 2 * rest - denominator * top
    nearest = down + (twice > 0 or (twice == 0 and down % 2 == 1))
    rounded = nearest * top / bottom
    if direction == "nearest" or rounded == value:
        return rounded
    return (down if direction == "down" else down + (rest > 0)) * top / bottom


def _unit_of_digits(value: float, digits: int) -> tuple[int, int]:
    """Return the size of the last significant figure of a value, as a ratio."""
    power = Decimal(repr(value)).adjusted() - digits + 1
    return (10**power, 1) if power >= 0 else (1, 10**-power)


@cache
def _step(text: str) -> tuple[int, int]:
    """Return a step as a ratio of two whole numbers."""
    try:
        step = Fraction(text)
    except ValueError:
        step = Fraction(0)
    if step <= 0:
        raise DefinitionError(
            f"The rounding step is {text!r}; it must be a number above zero such as 0.5 or 10. "
            "Correct the measure's rounding."
        )
    return step.as_integer_ratio()


def round_values(values: Iterable[float | None], rounding: Rounding) -> list[float | None]:
    """Round a column of figures, in order.

    Args:
        values: Figures at full precision; None or NaN is none.
        rounding: How.

    Returns:
        The rounded figures; None where there is none.

    Raises:
        DefinitionError: The step is not a number above zero.

    Source:
        As `round_value`.
    """
    return [round_value(value, rounding) for value in values]


@cache
def rounding_of(
    column: str, *, statistic: str, unit: str, method: str, step: str = ""
) -> Rounding | None:
    """Return how a column of a row is rounded before it is stored.

    Args:
        column: Name of a column of the estimates or the comparisons table.
        statistic: The row's statistic.
        unit: The row's unit.
        method: The row's method; counts in full and published figures keep twelve figures.
        step: The measure's own unit of rounding, such as `10` for tens of pounds, in place of
            three significant figures; empty for none.

    Returns:
        The rounding; None where the column is stored as it is (bases, degrees of freedom).

    Source:
        The contract of the estimates table: shares and their differences to 0.001, other survey
        values to three significant figures or the measure's own unit, weighted totals to 1,000,
        errors to two figures, p values to three.
    """
    if column in PROBABILITIES:
        return Rounding(digits=PROBABILITY_DIGITS, lowest=0.0, highest=1.0)
    counted = method in COUNTED_METHODS
    if column in COUNTS or (column in ERRORS and counted):
        return Rounding(digits=COUNTED_DIGITS)
    if column in ERRORS:
        return Rounding(digits=ERROR_DIGITS)
    if column not in VALUES:
        return None
    return _rounding_of_value(VALUES[column], statistic, unit, counted, step)


def _rounding_of_value(
    direction: Direction, statistic: str, unit: str, counted: bool, step: str
) -> Rounding:
    """Return how an estimate, a difference or a limit is rounded."""
    lowest, highest = (-math.inf, math.inf)
    if unit == "share":
        lowest, highest = _RANGES.get(statistic, (lowest, highest))
    if counted or statistic == "count":
        own, digits = "", COUNTED_DIGITS
    else:
        own = SHARE_STEP if unit == "share" else TOTAL_STEP if statistic == "total" else step
        digits = 0 if own else SURVEY_DIGITS
    return Rounding(
        digits=digits,
        step=own,
        direction=direction,
        lowest=lowest,
        highest=highest,
    )


def round_figures(
    figures: Mapping[str, float | None],
    *,
    statistic: str,
    unit: str,
    method: str,
    step: str = "",
) -> dict[str, float | None]:
    """Round all figures of one row.

    Args:
        figures: Column name to figure at full precision; None or NaN is none.
        statistic: The row's statistic.
        unit: The row's unit.
        method: The row's method.
        step: The measure's own unit of rounding; empty for none.

    Returns:
        The same columns, rounded; None for none.

    Raises:
        DefinitionError: The step is not a number above zero.

    Source:
        As `rounding_of`.
    """
    out: dict[str, float | None] = {}
    for column, value in figures.items():
        how = rounding_of(column, statistic=statistic, unit=unit, method=method, step=step)
        kept = None if value is None or not math.isfinite(value) else value
        out[column] = round_value(value, how) if how else kept
    return out
