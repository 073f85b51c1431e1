"""Counts that stand in for those an earlier release hid and nobody can compute any more.

What an attacker can work out of a table does not depend on which of the possible tables is the
true one. Where a hidden count of an earlier release is gone (a wave no longer read, figures since
revised), any table that fits what was shown tells as much about its safety as the true one.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from scipy import optimize, sparse

from social_evidence.errors import DisclosureError

Cell = TypeVar("Cell", bound=Hashable)

_LACKING = 1000.0  # a sum whose parts are more than its total is no sum: the last thing to assume


def stand_ins(
    counts: Mapping[Cell, int | None], sums: Sequence[tuple[Cell, tuple[Cell, ...]]]
) -> dict[Cell, int]:
    """Give every unknown count a whole number with which as many sums as can be hold.

    Args:
        counts: Cell -> count; None where it is not known.
        sums: Totals and their parts.

    Returns:
        All counts, the known ones as they are.

    Raises:
        DisclosureError: The solver found none.

    Example:
        >>> stand_ins({"all": 9, "a": 4, "b": None}, [("all", ("a", "b"))])
        {'all': 9, 'a': 4, 'b': 5}
    """
    unknown = {cell: at for at, cell in enumerate(c for c, n in counts.items() if n is None)}
    found = {cell: number or 0 for cell, number in counts.items()}
    lines = [line for line in sums if line[0] in unknown or any(p in unknown for p in line[1])]
    if not unknown or not lines:
        return found
    entries: list[tuple[int, int, int]] = []
    right = np.zeros(len(lines))
    for row, (total, parts) in enumerate(lines):
        for cell, sign in ((total, 1), *((part, -1) for part in parts)):
            if cell in unknown:
                entries.append((row, unknown[cell], sign))
            else:
                right[row] -= sign * found[cell]
    values = _solved(entries, right, len(unknown))
    return found | {cell: int(values[at]) for cell, at in unknown.items()}


def _solved(
    entries: Sequence[tuple[int, int, int]],
    right: np.ndarray[tuple[int], np.dtype[np.float64]],
    number: int,
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Find whole numbers that leave as little as can be over, and hardly ever too little."""
    rows = len(right)
    index, columns, signs = (np.array(one) for one in zip(*entries, strict=True))
    own = sparse.csr_array((signs, (index, columns)), shape=(rows, number))
    spare = sparse.eye_array(rows)
    done = optimize.milp(
        np.concatenate([np.zeros(number), np.ones(rows), np.full(rows, _LACKING)]),
        integrality=np.concatenate([np.ones(number), np.zeros(2 * rows)]),
        constraints=optimize.LinearConstraint(
            sparse.csr_array(sparse.hstack([own, -spare, spare])), right, right
        ),
        options={"mip_rel_gap": 0.01},
    )
    if done.x is None:
        raise DisclosureError(
            f"No counts were found that fit what earlier releases have shown ({done.message}), so "
            "it is not known what they give away together with this one."
        )
    return np.asarray(np.rint(done.x[:number]), dtype=np.int64)
