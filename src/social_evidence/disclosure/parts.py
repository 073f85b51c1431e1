"""Hidden cells that sums connect, and what single sums say of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BOUNDLESS = 1 << 30
"""What is larger than any count: the bound of a cell that nothing bounds."""

_PASSES = 4  # how often what one sum says of a cell is told to the others


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Hidden cells that hang together.

    Attributes:
        cells: (k,) their places, ascending.
        sums: (r, k) the sums that hold some of them; what is shown is left out.
    """

    cells: Ints
    sums: sparse.csr_array

    @property
    def is_single_sum(self) -> bool:
        """Whether one sum, of parts and without their total, is all that is known of them."""
        return self.sums.shape[0] == 1 and abs(int(self.sums.data.sum())) == len(self.cells)


class Web:
    """Which sums hold which cells, ready to be asked again and again."""

    def __init__(self, sums: sparse.csr_array) -> None:
        self._shape = sums.shape
        self._row = np.repeat(np.arange(sums.shape[0]), np.diff(sums.indptr))
        self._cell = sums.indices.astype(np.int64)
        self._sign = sums.data
        self._starts = np.flatnonzero(np.r_[True, np.diff(self._row) != 0][: len(self._row)])
        self._order = np.argsort(self._cell, kind="stable")
        self._linked, self._linked_starts = np.unique(self._cell[self._order], return_index=True)

    def bounds(self, hidden: Bools, counts: Ints, smallest: Ints) -> tuple[Ints, Ints]:
        """Bound each cell by one sum after the other: never narrower than what is possible.

        Args:
            hidden: (n,) cells that are not shown.
            counts: (n,) true counts.
            smallest: (n,) least value known of each.

        Returns:
            (n,) a lower and an upper bound; the upper one is huge where there is none.
        """
        lower = np.where(hidden, smallest, counts)
        upper = np.where(hidden, np.maximum(BOUNDLESS, counts), counts)
        if not self._row.size:
            return lower, upper
        cell, sign, linked = self._cell, self._sign, self._linked
        up, length = sign > 0, np.diff(np.r_[self._starts, len(self._cell)])
        told = hidden[cell] & (np.abs(sign) == 1)  # what others leave to such a cell is plain
        for _ in range(_PASSES):
            # The least and the most that each sum's other cells come to, each with its sign.
            least = sign * np.where(up, lower[cell], upper[cell])
            most = sign * np.where(up, upper[cell], lower[cell])
            others_least = np.repeat(np.add.reduceat(least, self._starts), length) - least
            others_most = np.repeat(np.add.reduceat(most, self._starts), length) - most
            at_most = np.where(up, -others_least, others_most)
            at_least = np.where(up, -others_most, others_least)
            at_most = np.where(told, at_most, upper[cell])[self._order]
            at_least = np.where(told, at_least, lower[cell])[self._order]
            new = lower.copy(), upper.copy()
            new[0][linked] = np.maximum(
                lower[linked], np.maximum.reduceat(at_least, self._linked_starts)
            )
            new[1][linked] = np.minimum(
                upper[linked], np.minimum.reduceat(at_most, self._linked_starts)
            )
            if (new[0] == lower).all() and (new[1] == upper).all():
                break
            lower, upper = new
        return lower, upper

    def beside(self, cell: int) -> Bools:
        """Mark the cells that share a sum with one, itself among them."""
        marked = np.zeros(self._shape[1], dtype=bool)
        rows = np.zeros(self._shape[0], dtype=bool)
        rows[self._row[self._cell == cell]] = True
        marked[self._cell[rows[self._row]]] = True
        return marked

    def keeps(self, change: Ints) -> bool:
        """Say whether a change of counts leaves every sum as it is."""
        if not self._row.size:
            return True
        return not np.add.reduceat(self._sign * change[self._cell], self._starts).any()

    def apart(self, marked: Bools) -> list[Ints]:
        """Split marked cells into those that no sum connects."""
        label = self._labels(marked[self._cell])
        cells = np.flatnonzero(marked)
        own = label[self._shape[0] + cells]
        order = np.argsort(own, kind="stable")
        return np.split(cells[order], np.flatnonzero(np.diff(own[order])) + 1)

    def parts(self, hidden: Bools, asked: Bools) -> Iterator[Part]:
        """Split hidden cells into those that no sum connects; give the parts with cells asked for.

        Args:
            hidden: (n,) cells that are not shown.
            asked: (n,) cells that matter, all of them hidden.
        """
        if not asked.any():
            return
        among = hidden[self._cell]
        label = self._labels(among)
        row, cell, sign = self._row[among], self._cell[among], self._sign[among]
        of_entry, of_cell = label[row], label[self._shape[0] :]
        for one in np.unique(of_cell[asked]):
            cells = np.flatnonzero(hidden & (of_cell == one))
            mine = of_entry == one
            own_rows, at = np.unique(row[mine], return_inverse=True)
            entries = (sign[mine], (at, np.searchsorted(cells, cell[mine])))
            yield Part(
                cells, sparse.csr_array(entries, shape=(len(own_rows), len(cells)), dtype=np.int64)
            )

    def _labels(self, among: Bools) -> Ints:
        """Number the connected parts: of every sum, then of every cell."""
        rows, cells = self._shape
        column = rows + self._cell[among]
        ends = np.cumsum(np.bincount(self._row[among], minlength=rows + cells))
        graph = sparse.csr_matrix(
            (np.ones(len(column), dtype=np.int8), column, np.r_[0, ends]), shape=(rows + cells,) * 2
        )
        _, label = csgraph.connected_components(graph, directed=True, connection="weak")
        return np.asarray(label)
