"""What an attacker can work out of published counts: the interval of each hidden one.

Counts that add up betray one another. Whoever holds every published table knows all sums, that
counts are whole numbers and not below zero, and which cells are hidden; the values that then
remain possible for a hidden cell are an interval. A release is judged by these intervals and not
by how its hidden cells were chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from social_evidence.errors import DisclosureError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_REMEMBERED = 400  # tables kept: more cost more to compare than they save
_MARGIN = 5  # fractions this much wider than needed leave room for whole numbers
_DIRECTIONS = 12  # tables tried in directions that move many cells at once
_WHOLE = 1e-6  # how far a solver's whole number may lie from one


@dataclass(frozen=True, slots=True, eq=False)
class LinkedCounts:
    """Counts and the sums that link them.

    Attributes:
        counts: (n,) true counts, 0 or more.
        sums: (m, n) sparse; each row is a sum that holds: its entries times the counts is 0, as
            in total − part − part.
        smallest: (n,) least value an attacker knows a cell to have, usually 0.
    """

    counts: Ints
    sums: sparse.csr_array
    smallest: Ints

    def __post_init__(self) -> None:
        if self.sums.shape[1] != len(self.counts):
            raise DisclosureError(
                f"{self.sums.shape[1]} columns of sums do not fit {len(self.counts)} counts."
            )
        broken = np.flatnonzero(self.sums @ self.counts)
        if broken.size:
            raise DisclosureError(
                f"{broken.size} of {self.sums.shape[0]} sums do not hold (the first is row "
                f"{broken[0]}), so nothing can be said of what they give away."
            )
        if (self.counts < self.smallest).any():
            raise DisclosureError("A count lies below what an attacker is assumed to know of it.")


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """What stays possible for each hidden cell.

    Attributes:
        cells: (k,) places of the hidden cells, ascending.
        lower: (k,) smallest possible count.
        upper: (k,) largest possible count; -1 where nothing bounds it.
    """

    cells: Ints
    lower: Ints
    upper: Ints

    @property
    def width(self) -> Ints:
        """Largest less smallest possible count; the largest whole number where unbounded."""
        unbounded = np.iinfo(np.int64).max
        return np.where(self.upper < 0, unbounded, self.upper - self.lower)


def intervals(linked: LinkedCounts, hidden: Bools, *, enough: int | None = None) -> Intervals:
    """Work out what an attacker can: the exact whole-number interval of every hidden cell.

    Args:
        linked: Counts and sums.
        hidden: (n,) true where a cell is not published; all others are known exactly.
        enough: Where only this width matters, the search for a cell ends once two possible
            tables differ by as much in it, or tables of fractions by 5 more; its interval is then
            at least that wide, and inside the true one. None finds every interval exactly.

    Returns:
        The intervals, in the order of the cells.

    Raises:
        DisclosureError: The solver gave up, so nothing may be published on its word.

    Source:
        Fischetti and Salazar (2001), Solving the cell suppression problem on tabular data with
        linear constraints, section 2 (the attacker's subproblems).
    """
    return Attacker(linked).intervals(hidden, enough=enough)


class Attacker:
    """An attacker who remembers every possible table found, while other cells are hidden or shown.

    A table that agrees with all that is shown stays possible whatever else is hidden, so asking
    again after a small change costs little.
    """

    def __init__(self, linked: LinkedCounts) -> None:
        self._linked = linked
        self._tables = np.empty((_REMEMBERED, len(linked.counts)), dtype=np.int32)
        self._number = 0

    def intervals(
        self, hidden: Bools, *, enough: int | None = None, only: Ints | None = None
    ) -> Intervals:
        """Work out the intervals of hidden cells, as the function of this name does.

        Args:
            hidden: (n,) true where a cell is not published.
            enough: As there.
            only: Places of the hidden cells that matter, ascending; all by default.
        """
        cells = np.flatnonzero(hidden) if only is None else only
        lower = np.zeros(len(cells), dtype=np.int64)
        upper = np.full(len(cells), -1, dtype=np.int64)
        place = np.full(len(hidden), -1, dtype=np.int64)
        place[cells] = np.arange(len(cells))
        possible = self._possible(hidden)
        for part in _parts(self._linked, np.flatnonzero(hidden)):
            wanted = np.flatnonzero(place[part.cells] >= 0)
            if not wanted.size:
                continue
            low, high, tables = part.solve(wanted, enough, possible[:, part.cells])
            lower[place[part.cells[wanted]]] = low[wanted]
            upper[place[part.cells[wanted]]] = high[wanted]
            self._remember(part.cells, tables)
        return Intervals(cells, lower, upper)

    def reach(self, hidden: Bools, cell: int) -> tuple[int, int]:
        """Find how far a hidden cell can move, fractions allowed; -1 for no upper end.

        Whole numbers may reach less: this guides a choice and judges nothing.
        """
        for part in _parts(self._linked, np.flatnonzero(hidden)):
            at = np.flatnonzero(part.cells == cell)
            if at.size:
                found = _Found(part, self._possible(hidden)[:, part.cells])
                found.extremes(int(at[0]), whole=False)
                self._remember(part.cells, found.tables)
                return found.ends(int(at[0]))
        return int(self._linked.counts[cell]), int(self._linked.counts[cell])

    def is_safe_after(self, hidden: Bools, shown: int, judged: Bools, enough: int) -> bool:
        """Say whether hidden cells stay wide enough once one cell more is shown.

        Only cells that sums connect with it can have changed; those beside it are tried first.

        Args:
            hidden: (n,) true where a cell is not published, the one now shown left out.
            shown: The cell's place. Before, every judged cell was wide enough.
            judged: (n,) cells that must be.
            enough: The width.
        """
        rows = np.flatnonzero(self._linked.sums[:, [shown]].toarray())
        beside = np.zeros(len(hidden), dtype=bool)
        beside[np.unique(self._linked.sums[rows].indices)] = True
        possible = self._possible(hidden)
        for part in _parts(self._linked, np.flatnonzero(hidden)):
            near = beside[part.cells]
            wanted = judged[part.cells]
            if near.any() and wanted.any():
                tried = (np.flatnonzero(wanted & near), np.flatnonzero(wanted & ~near))
                safe, tables = part.check(tried, enough, possible[:, part.cells])
                self._remember(part.cells, tables)
                if not safe:
                    return False
        return True

    def _possible(self, hidden: Bools) -> Ints:
        """List the tables found so far that agree with everything shown now."""
        tables = self._tables[: min(self._number, _REMEMBERED)]
        shown = np.flatnonzero(~hidden)
        agree = (tables[:, shown] == self._linked.counts[shown]).all(axis=1)
        return np.asarray(tables[agree], dtype=np.int64)

    def _remember(self, cells: Ints, tables: list[Ints]) -> None:
        for table in tables[-_REMEMBERED:]:
            # The newest are the likeliest to fit what is hidden now: they take the oldest's place.
            at = self._number % _REMEMBERED
            self._tables[at] = self._linked.counts
            self._tables[at, cells] = table
            self._number += 1


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Hidden cells that hang together, and the sums among them with what is known moved right."""

    cells: Ints
    sums: sparse.csr_array
    right: Ints
    counts: Ints
    smallest: Ints

    def solve(
        self, wanted: Ints, enough: int | None, possible: Ints
    ) -> tuple[Ints, Ints, list[Ints]]:
        """Give the smallest and largest count of wanted cells, -1 where nothing bounds one.

        And the tables found on the way.
        """
        if self.sums.shape[0] == 0:
            return self.smallest, np.full(len(self.cells), -1, dtype=np.int64), []
        if _is_single_sum(self):
            spare = int(self.right[0] - self.smallest.sum())
            return *_alone(self.smallest, spare), []
        return _search(self, wanted, enough, possible)

    def check(self, tried: Sequence[Ints], enough: int, possible: Ints) -> tuple[bool, list[Ints]]:
        """Say whether cells are wide enough, up to the first that is not; and the tables found."""
        if self.sums.shape[0] == 0 or _is_single_sum(self):
            low, high, _ = self.solve(np.concatenate(tried), enough, possible)
            cells = np.concatenate(tried)
            return bool(((high < 0) | (high - low >= enough))[cells].all()), []
        found = _Found(self, possible)
        for cells in tried:
            found.look_around(cells, enough)
            for cell in cells:
                found.settle(int(cell), enough)
                if not found.is_wide(int(cell), enough):
                    return False, found.tables
        return True, found.tables


def _is_single_sum(part: _Part) -> bool:
    return part.sums.shape[0] == 1 and bool((part.sums.data == 1).all())


def _alone(smallest: Ints, spare: int) -> tuple[Ints, Ints]:
    """One sum of several cells: each may take all that is to spare."""
    if len(smallest) == 1:
        return smallest + spare, smallest + spare
    return smallest, smallest + spare


def _parts(linked: LinkedCounts, cells: Ints) -> Iterator[_Part]:
    """Split the hidden cells into those that no sum connects."""
    among = linked.sums[:, cells]
    touched = np.flatnonzero(np.diff(among.indptr))
    among = among[touched]
    known = linked.counts.copy()
    known[cells] = 0
    right = -(linked.sums[touched] @ known)
    number, label = csgraph.connected_components(abs(among.T) @ abs(among), directed=False)
    order = np.argsort(label, kind="stable")
    starts = np.searchsorted(label[order], np.arange(number + 1))
    row_label = label[among.indices[among.indptr[:-1]]] if among.shape[0] else label[:0]
    row_order = np.argsort(row_label, kind="stable")
    row_starts = np.searchsorted(row_label[row_order], np.arange(number + 1))
    for at in range(number):
        own = order[starts[at] : starts[at + 1]]
        rows = row_order[row_starts[at] : row_starts[at + 1]]
        yield _Part(
            cells=cells[own],
            sums=sparse.csr_array(among[rows][:, own]),
            right=right[rows],
            counts=linked.counts[cells[own]],
            smallest=linked.smallest[cells[own]],
        )


def _search(
    part: _Part, wanted: Ints, enough: int | None, possible: Ints
) -> tuple[Ints, Ints, list[Ints]]:
    """Find the extremes of each wanted cell, and remember the tables found on the way."""
    found = _Found(part, possible)
    if enough is None:
        for cell in wanted:
            found.extremes(int(cell), whole=True)
    else:
        found.look_around(wanted, enough)
        for cell in wanted:
            found.settle(int(cell), enough)
    return found.low, np.where(found.unbounded, -1, found.high), found.tables


class _Found:
    """What is known of a part's cells so far: from whole-number tables, and from fractions."""

    def __init__(self, part: _Part, possible: Ints) -> None:
        self._solver: _Solver | None = None
        self._part = part
        # The true table is possible; every table the solver finds on its way widens what is known.
        known = np.vstack([part.counts, possible])
        self.low, self.high = known.min(axis=0), known.max(axis=0)
        self._least, self._most = self.low.astype(np.float64), self.high.astype(np.float64)
        self.unbounded = np.zeros(len(part.counts), dtype=bool)
        self.tables: list[Ints] = []

    @property
    def reach(self) -> Floats:
        """Width that tables of fractions have reached, of each cell."""
        return np.asarray(self._most - self._least)

    def ends(self, cell: int) -> tuple[int, int]:
        """Give the whole numbers within a cell's reach; -1 for no upper end."""
        low = int(np.ceil(self._least[cell] - _WHOLE))
        return low, -1 if self.unbounded[cell] else int(np.floor(self._most[cell] + _WHOLE))

    def is_wide(self, cell: int, enough: int) -> bool:
        """Say whether a cell is known to be wide enough."""
        whole = bool(self.unbounded[cell] or self.high[cell] - self.low[cell] >= enough)
        if not whole and self.reach[cell] >= enough + _MARGIN:
            middle = (self._least[cell] + self._most[cell]) / 2
            self.low[cell] = min(self.low[cell], int(np.floor(middle - enough / 2)))
            self.high[cell] = max(self.high[cell], self.low[cell] + enough)
            whole = True
        return whole

    def settle(self, cell: int, enough: int) -> None:
        """Find out whether a cell is wide enough."""
        if not self.is_wide(cell, enough):
            self.extremes(cell, whole=False)
        # Fractions reach further than whole numbers: where they leave hardly enough, ask.
        if self.reach[cell] >= enough and not self.is_wide(cell, enough):
            self.extremes(cell, whole=True)

    def look_around(self, wanted: Ints, enough: int) -> None:
        """Try a few directions at once: one table often shows that many cells are safe."""
        draw = np.random.default_rng(len(self._part.counts))
        for _ in range(_DIRECTIONS):
            narrow = [cell for cell in wanted if not self.is_wide(int(cell), enough)]
            if len(narrow) <= 2 * _DIRECTIONS:
                return
            price = np.zeros(len(self._part.counts))
            price[narrow] = draw.choice((-1.0, 1.0), len(narrow))
            for sign in (1.0, -1.0):
                self._note(self._ready().table(sign * price))

    def extremes(self, cell: int, *, whole: bool) -> None:
        """Find a cell's smallest and largest value, in fractions or in whole numbers."""
        for sign in (1.0, -1.0):
            price = np.zeros(len(self._part.counts))
            price[cell] = sign
            solver = self._ready()
            table = solver.whole_table(price) if whole else solver.table(price)
            if table is None:
                self.unbounded[cell] = True
            else:
                self._note(table)

    def _ready(self) -> _Solver:
        self._solver = self._solver or _Solver(self._part)
        return self._solver

    def _note(self, table: Floats | None) -> None:
        if table is None:
            return
        self._least, self._most = np.minimum(self._least, table), np.maximum(self._most, table)
        whole = self._ready().as_whole(table)
        if whole is not None:
            self.low, self.high = np.minimum(self.low, whole), np.maximum(self.high, whole)
            self.tables.append(whole)


class _Solver:
    """One linear programme over a part's cells, solved again and again for another objective."""

    def __init__(self, part: _Part) -> None:
        self._part = part
        self._highs = highspy.Highs()
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)
        self._highs.setOptionValue("mip_rel_gap", 0.0)
        self._highs.setOptionValue("mip_abs_gap", 0.0)
        self._highs.passModel(_model(part))

    def table(self, price: Floats) -> Floats | None:
        """Find the possible table of least price, fractions allowed; None where there is none."""
        columns = np.arange(len(price), dtype=np.int32)
        self._highs.changeColsCost(len(price), columns, price)
        return self._run()

    def whole_table(self, price: Floats) -> Floats | None:
        """Find the possible table of least price in whole numbers; None where there is none."""
        table = self.table(price)
        if table is None or self.as_whole(table) is not None:
            return table
        self._set_whole(highspy.HighsVarType.kInteger)
        table = self._run()
        self._set_whole(highspy.HighsVarType.kContinuous)
        if table is not None and self.as_whole(table) is None:
            raise DisclosureError(
                "The solver's answer breaks a sum it was given, so it cannot be trusted to say "
                "what an attacker can work out. Nothing is published on it."
            )
        return table

    def as_whole(self, table: Floats) -> Ints | None:
        """Turn a table into whole numbers; None where it holds fractions or breaks a sum."""
        whole = np.rint(table).astype(np.int64)
        near = bool(np.abs(table - whole).max() < _WHOLE)
        return whole if near and self._holds(whole) else None

    def _run(self) -> Floats | None:
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return np.asarray(self._highs.getSolution().col_value)
        unbounded = {
            highspy.HighsModelStatus.kUnbounded,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        }
        if status in unbounded:
            return None
        raise DisclosureError(
            f"The solver could not bound {len(self._part.cells)} hidden cells "
            f"({self._highs.modelStatusToString(status)}), so they are not known to be safe."
        )

    def _set_whole(self, kind: highspy.HighsVarType) -> None:
        number = len(self._part.counts)
        columns = np.arange(number, dtype=np.int32)
        kinds = np.full(number, int(kind), dtype=np.uint8)
        self._highs.changeColsIntegrality(number, columns, kinds)

    def _holds(self, table: Ints) -> bool:
        part = self._part
        return bool((part.sums @ table == part.right).all() and (table >= part.smallest).all())


def _model(part: _Part) -> highspy.HighsLp:
    model = highspy.HighsLp()
    rows, columns = part.sums.shape
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = np.zeros(columns)
    model.col_lower_ = part.smallest.astype(np.float64)
    model.col_upper_ = np.full(columns, highspy.kHighsInf)
    model.row_lower_ = model.row_upper_ = part.right.astype(np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = part.sums.indptr
    model.a_matrix_.index_ = part.sums.indices
    model.a_matrix_.value_ = part.sums.data.astype(np.float64)
    return model
