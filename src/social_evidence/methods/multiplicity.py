"""Many verdicts at once: p values adjusted within families, so that few claims are false.

Of thirty-three areas that do not differ at all, one or two will have p below 0.05. What is held
down here is the expected share of false claims among all claims of a family.
"""

from __future__ import annotations

import numpy as np

from social_evidence.methods.arrays import Floats, Ints


def benjamini_hochberg(p_value: Floats, family: Ints) -> Floats:
    """Adjust p values within families, so that a cut at 0.05 holds the false discovery rate.

    Args:
        p_value: (n,) p values; NaN is no test: it stays NaN and does not count in its family.
        family: (n,) number of the family each belongs to, in any order.

    Returns:
        (n,) adjusted p values, at most 1: within a family the smallest of p × m / rank over the
        tests that are no more significant.

    Source:
        Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300;
        Benjamini and Yekutieli (2001), Annals of Statistics 29, 1165-1188, for tests that depend
        on each other positively, as areas against one city do.
    """
    adjusted = np.full(p_value.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p_value))
    order = tested[np.lexsort((p_value[tested], family[tested]))]
    if not order.size:
        return adjusted
    members = family[order]
    starts = np.flatnonzero(np.r_[True, members[1:] != members[:-1]])
    sizes = np.diff(np.r_[starts, order.size])
    rank = np.arange(order.size) - np.repeat(starts, sizes) + 1
    raised = p_value[order] * np.repeat(sizes, sizes) / rank
    for size in np.unique(sizes):
        # Families of one size are the rows of a matrix: no loop over families.
        rows = starts[sizes == size][:, None] + np.arange(size)
        smallest = np.minimum.accumulate(raised[rows][:, ::-1], axis=1)[:, ::-1]
        adjusted[order[rows]] = np.minimum(smallest, 1.0)
    return adjusted
