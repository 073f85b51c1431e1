"""How far a figure can be leaned on, as one letter from A to D.

Shares are graded by the width of their interval: near 0 and 1 a relative error says little. Rates,
means and totals are graded by their relative standard error. Grades are read from stored figures,
so that anyone with the published row comes to the same letter.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

GRADES: Final = ("A", "B", "C", "D")
WIDEST: Final = (0.05, 0.10, 0.20)
LARGEST_RELATIVE_ERROR: Final = (0.05, 0.10, 0.20)

BY_WIDTH: Final = frozenset({"proportion", "ratio", "difference"})
BY_RELATIVE_ERROR: Final = frozenset({"rate", "mean", "total"})

# 0.55 - 0.50 is a hair over 0.05 in binary; a width on the line belongs to the better grade.
_SLACK: Final = 1e-9


def _grades(spread: NDArray[np.float64], limits: tuple[float, ...]) -> NDArray[np.str_]:
    """Grade each spread by the first limit it does not pass; NaN has no grade (empty text)."""
    place = np.searchsorted(np.asarray(limits) + _SLACK, spread)
    return np.where(np.isnan(spread), "", np.asarray((*GRADES, ""))[place])


def grades_by_width(
    lower: ArrayLike, upper: ArrayLike, limits: tuple[float, ...] = WIDEST
) -> NDArray[np.str_]:
    """Grade shares, or differences of shares, by the full width of their interval.

    Args:
        lower: Lower limits, as shares; NaN is missing.
        upper: Upper limits, as shares; NaN is missing.
        limits: Largest widths of A, B and C.

    Returns:
        By default A up to 0.05, B up to 0.10, C up to 0.20, D above; empty where a limit is
        missing.

    Source:
        Our own bands: 0.05 is five percentage points from limit to limit.
    """
    width = np.asarray(upper, dtype=np.float64) - np.asarray(lower, dtype=np.float64)
    return _grades(width, limits)


def grades_by_relative_error(
    estimate: ArrayLike,
    standard_error: ArrayLike,
    limits: tuple[float, ...] = LARGEST_RELATIVE_ERROR,
) -> NDArray[np.str_]:
    """Grade rates, means or totals by their standard error over their size.

    Args:
        estimate: Values; zero or NaN has no grade.
        standard_error: Their standard errors, in the same unit; NaN has no grade.
        limits: Largest relative errors of A, B and C.

    Returns:
        By default A up to 5 %, B up to 10 %, C up to 20 %, D above; empty where there is no grade.

    Source:
        Bands in use for estimates from official labour force surveys, kept as our own choice.
    """
    size = np.abs(np.asarray(estimate, dtype=np.float64))
    error = np.asarray(standard_error, dtype=np.float64)
    return _grades(error / np.where(size > 0.0, size, np.nan), limits)


def reliability(
    statistic: str,
    unit: str,
    *,
    estimate: float | None,
    standard_error: float | None,
    lower: float | None,
    upper: float | None,
    widths: tuple[float, ...] = WIDEST,
    relative_errors: tuple[float, ...] = LARGEST_RELATIVE_ERROR,
) -> str | None:
    """Return the grade of one stored figure, by whichever rule applies to it.

    Args:
        statistic: `proportion`, `ratio`, `mean`, `rate`, `total`, `count`, `quantile` or
            `difference`.
        unit: Only shares, and differences of shares, are graded by width.
        estimate: The value, None where there is none.
        standard_error: Its standard error, None where there is none.
        lower: Lower limit, None where there is none.
        upper: Upper limit, None where there is none.
        widths: Largest widths of A, B and C.
        relative_errors: Largest relative errors of A, B and C.

    Returns:
        A, B, C or D; None where neither rule applies or something it needs is missing.

    Source:
        As `grades_by_width` and `grades_by_relative_error`.
    """
    if statistic in BY_WIDTH and unit == "share":
        grade = grades_by_width(_number(lower), _number(upper), widths)
    elif statistic in BY_RELATIVE_ERROR:
        error = _number(standard_error)
        grade = grades_by_relative_error(_number(estimate), error, relative_errors)
    else:
        return None
    return str(grade) or None


def _number(value: float | None) -> float:
    """Return the value, or NaN for none."""
    return float("nan") if value is None else value
