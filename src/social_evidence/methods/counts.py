"""What estimates from counts in full share: their record, and what a count or a level may be.

A count in full has no sampling error; its limits describe the chance variation of the events behind
it. Arrays broadcast against each other; NaN marks a value that is missing or cannot exist. Every
result names its method.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.errors import DataError
from social_evidence.methods import distributions
from social_evidence.methods.arrays import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Estimates with their limits, one element a cell.

    Attributes:
        estimate: The value, in its unit.
        standard_error: Its standard error in the same unit; NaN where there is none.
        lower: Lower limit; NaN where the method gives none.
        upper: Upper limit; NaN where the method gives none.
        level: Confidence level in (0, 1); None where `interval_method` is `none`.
        interval_method: The constant id of the method.
    """

    estimate: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    level: float | None
    interval_method: str


def check_level(level: float) -> float:
    """Return a confidence level that lies strictly between 0 and 1.

    Args:
        level: Share of intervals that should hold the true value, such as 0.95.

    Returns:
        The level, unchanged.

    Raises:
        DataError: It is 0, 1, or outside; 95 in place of 0.95 is the usual cause.
    """
    if not 0.0 < level < 1.0:
        raise DataError(
            f"level is {level!r}; a confidence level lies between 0 and 1, for example 0.95. "
            "Without it no limits can be given: write the level as a share, not a percentage."
        )
    return level


def normal_quantile(level: float) -> float:
    """Return the two-sided standard normal quantile of a confidence level.

    Args:
        level: Confidence level in (0, 1).

    Returns:
        z with probability `level` between -z and z.

    Raises:
        DataError: The level is not between 0 and 1.
    """
    return float(distributions.normal_quantile(0.5 + check_level(level) / 2.0))


def check_counts(name: str, values: ArrayLike) -> Floats:
    """Return counts as doubles after refusing what no count can be.

    Args:
        name: What the values are, for the message.
        values: Counts, any shape; NaN is a missing count and stays NaN.

    Returns:
        The counts as float64.

    Raises:
        DataError: Some are negative or infinite.
    """
    counts = np.asarray(values, dtype=np.float64)
    wrong = int(np.count_nonzero((counts < 0.0) | np.isinf(counts)))
    if wrong:
        raise DataError(
            f"{name}: {wrong} of {counts.size} values are negative or infinite. A count cannot be, "
            "and a rate made from it would be wrong: correct the source or mark them as missing."
        )
    return counts
