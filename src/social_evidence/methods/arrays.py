"""The array types that every method takes and returns.

NaN marks an impossible value (a mean of nobody); a missing answer is NaN in the input. Both stop
at the edge of this package: tables hold null.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Codes: TypeAlias = NDArray[Any]
"""Codes of strata or sampling units as a file has them: numbers or text."""


def sum_by_code(code: Ints, value: Floats, n_codes: int) -> Floats:
    """Add values up by code 0 … n_codes-1; a code without rows becomes 0."""
    return np.bincount(code, value, minlength=n_codes).astype(np.float64)
