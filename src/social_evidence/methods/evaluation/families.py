"""Several claims of one evaluation: p values raised so that no false one slips in among them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.methods.arrays import Floats


def bonferroni(p_value: ArrayLike) -> Floats:
    """Give (m,) p values times their number, at most 1; NaN is no test and is not counted.

    Source:
        Dunn (1961), JASA 56, 52-64.
    """
    own = np.asarray(p_value, dtype=np.float64)
    raised: Floats = np.minimum(own * np.isfinite(own).sum(), 1.0)
    return raised


def holm(p_value: ArrayLike) -> Floats:
    """Give (m,) p values raised step by step: for claims, where none at all should be false.

    Args:
        p_value: (m,) of one evaluation's claims; NaN is no test and is not counted.

    Source:
        Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    own = np.asarray(p_value, dtype=np.float64)
    tested = np.flatnonzero(np.isfinite(own))
    order = tested[np.argsort(own[tested], kind="stable")]
    raised = own[order] * np.arange(order.size, 0, -1)
    found = np.full(own.shape, np.nan)
    found[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return found
