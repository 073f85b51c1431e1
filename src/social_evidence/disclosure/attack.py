"""What an attacker can work out of published counts: the interval of each hidden one.

Counts that add up betray one another. Whoever holds every published table knows all sums, that
counts are whole numbers and not below zero, and which cells are hidden; the values that then
remain possible for a hidden cell are an interval. A release is judged by these intervals and not
by how its hidden cells were chosen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from social_evidence.disclosure.moves import Moves, Squares
from social_evidence.disclosure.parts import BOUNDLESS, Part, Web
from social_evidence.disclosure.programmes import NEAR, Programme
from social_evidence.errors import DisclosureError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_REMEMBERED = 40  # parts whose programmes are kept, to go on from where they ended
_MARGIN = 5  # fractions this much wider than needed leave room for whole numbers
_DIRECTIONS = 12  # tables tried in directions that move many cells at once


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
    """An attacker who remembers every move found, while other cells are hidden or shown.

    A move of hidden cells stays possible whatever else is hidden, so asking again after a small
    change costs little. Only cells that no known move makes wide enough are asked of a programme.
    """

    def __init__(self, linked: LinkedCounts, may_hide: Bools | None = None) -> None:
        """Get ready.

        Args:
            linked: Counts and sums.
            may_hide: (n,) cells that are ever hidden; all by default.
        """
        everything = np.ones(len(linked.counts), dtype=bool)
        room = linked.counts - linked.smallest
        self._linked = linked
        self._web = Web(linked.sums)
        self._squares = Squares(linked.sums, room, everything if may_hide is None else may_hide)
        self._moves = Moves(self._web, room)
        self._found: OrderedDict[bytes, _Found] = OrderedDict()
        self._last: tuple[tuple[bytes, int], _Ends] | None = None

    def learn(self, change: Ints) -> None:
        """Be told of a change of the counts that keeps every sum; another is not believed."""
        self._moves.add(change)

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
        known = self._known(hidden)
        low, high = known.low.copy(), known.high.copy()
        asked = np.zeros(len(hidden), dtype=bool)
        asked[cells] = True if enough is None else known.is_open(enough)[cells]
        for part, found in self._parts(hidden, asked, known):
            wanted = np.flatnonzero(asked[part.cells])
            if enough is None:
                for cell in wanted:
                    found.extremes(int(cell), whole=True)
            else:
                found.look_around(wanted, enough)
                for cell in wanted:
                    found.settle(int(cell), enough)
            low[part.cells] = found.low
            high[part.cells] = np.where(found.unbounded, BOUNDLESS, found.high)
        return Intervals(cells, low[cells], np.where(high >= BOUNDLESS, -1, high)[cells])

    def reach(self, hidden: Bools, cell: int) -> tuple[int, int]:
        """Find how far a hidden cell can move, fractions allowed; -1 for no upper end.

        Whole numbers may reach less: this guides a choice and judges nothing.
        """
        asked = np.zeros(len(hidden), dtype=bool)
        asked[cell] = True
        for part, found in self._parts(hidden, asked, self._known(hidden)):
            at = int(np.searchsorted(part.cells, cell))
            found.extremes(at, whole=False)
            return found.ends(at)
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
        known = self._known(hidden)
        if (known.is_narrow(enough) & hidden & judged).any():
            return False
        asked = hidden & judged & known.is_open(enough)
        if not asked.any():
            return True
        beside = self._web.beside(shown)
        for part, found in self._parts(hidden, asked, known):
            near = beside[part.cells]
            if near.any():
                wanted = asked[part.cells]
                tried = (np.flatnonzero(wanted & near), np.flatnonzero(wanted & ~near))
                if not found.are_wide(tried, enough):
                    return False
        return True

    def narrow(self, hidden: Bools, enough: int) -> Bools:
        """Mark hidden cells that single sums show to be too narrow; there may be more."""
        return hidden & self._known(hidden).is_narrow(enough)

    def learn_from(self, other: Attacker, cells: Ints, hidden: Bools) -> None:
        """Take over the moves of hidden cells that another attacker found.

        Args:
            other: He knows some of the cells, and maybe some that are none of them.
            cells: (k,) place of each of his cells here; beyond the last one where it is none.
            hidden: (k,) his cells that are hidden.
        """
        number = len(self._linked.counts)
        own = cells < number
        for change in other._moves.all_of(hidden & own):
            lifted = np.zeros(number, dtype=np.int64)
            lifted[cells[own]] = change[own]
            self._moves.add(lifted)

    def _known(self, hidden: Bools) -> _Ends:
        """Give the ends that known moves reach, and those that single sums set, of each cell."""
        key = (hidden.tobytes(), self._moves.number)
        if self._last is None or self._last[0] != key:
            counts = self._linked.counts
            squares, moves = self._squares.spread(hidden), self._moves.spread(hidden)
            bounds = self._web.bounds(hidden, counts, self._linked.smallest)
            low = counts - np.maximum(squares[0], moves[0])
            high = counts + np.maximum(squares[1], moves[1])
            self._last = key, _Ends(low, high, *bounds)
        return self._last[1]

    def _parts(self, hidden: Bools, asked: Bools, known: _Ends) -> Iterator[tuple[Part, _Found]]:
        """Give the parts that hold cells asked for, with what is known of each."""
        for part in self._web.parts(hidden, asked):
            key = part.cells.tobytes()
            found = self._found.pop(key, None)
            if found is None:
                found = _Found(part, self._linked, self._moves)
            self._found[key] = found
            if len(self._found) > _REMEMBERED:
                self._found.popitem(last=False)
            found.widen(known.of(part.cells))
            yield part, found


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """Between which ends a count is known to move, and which it cannot pass."""

    low: Ints
    high: Ints
    least: Ints
    most: Ints

    def of(self, cells: Ints) -> _Ends:
        return _Ends(self.low[cells], self.high[cells], self.least[cells], self.most[cells])

    def is_narrow(self, enough: int) -> Bools:
        """Mark cells that cannot be wide enough."""
        return np.asarray(self.most - self.least < enough)

    def is_open(self, enough: int) -> Bools:
        """Mark cells that may be wide enough and are not known to be."""
        return np.asarray((self.high - self.low < enough) & (self.most - self.least >= enough))


class _Found:
    """What is known of a part's cells so far: from whole-number tables, and from fractions."""

    def __init__(self, part: Part, linked: LinkedCounts, moves: Moves) -> None:
        self._programme: Programme | None = None
        self._part, self._moves = part, moves
        self._counts = linked.counts[part.cells]
        self._smallest = linked.smallest[part.cells]
        self._number = len(linked.counts)
        # The true table is possible; every table the solver finds on its way widens what is known.
        self.low, self.high = self._counts.copy(), self._counts.copy()
        self._least, self._most = self._counts.astype(np.float64), self._counts.astype(np.float64)
        self.unbounded = np.zeros(len(self._counts), dtype=bool)
        self._bounds = self._counts, self._counts

    def widen(self, known: _Ends) -> None:
        """Take over what is known of the cells."""
        self._bounds = known.least, known.most
        low, high = self._bounds if self._part.is_single_sum else (known.low, known.high)
        self.low, self.high = np.minimum(self.low, low), np.maximum(self.high, high)
        self._least, self._most = np.minimum(self._least, low), np.maximum(self._most, high)

    def ends(self, cell: int) -> tuple[int, int]:
        """Give the whole numbers within a cell's reach; -1 for no upper end."""
        low = int(np.ceil(self._least[cell] - NEAR))
        return low, -1 if self.unbounded[cell] else int(np.floor(self._most[cell] + NEAR))

    def is_wide(self, cell: int, enough: int) -> bool:
        """Say whether a cell is known to be wide enough."""
        whole = bool(self.unbounded[cell] or self.high[cell] - self.low[cell] >= enough)
        if not whole and self._most[cell] - self._least[cell] >= enough + _MARGIN:
            middle = (self._least[cell] + self._most[cell]) / 2
            self.low[cell] = min(self.low[cell], int(np.floor(middle - enough / 2)))
            self.high[cell] = max(self.high[cell], self.low[cell] + enough)
            whole = True
        return whole

    def is_narrow(self, cell: int, enough: int) -> bool:
        """Say whether single sums show already that a cell is too narrow."""
        return bool(self._bounds[1][cell] - self._bounds[0][cell] < enough)

    def are_wide(self, tried: Sequence[Ints], enough: int) -> bool:
        """Say whether cells are wide enough, up to the first that is not."""
        if any(self.is_narrow(int(cell), enough) for cells in tried for cell in cells):
            return False
        for cells in tried:
            self.look_around(cells, enough)
            for cell in cells:
                self.settle(int(cell), enough)
                if not self.is_wide(int(cell), enough):
                    return False
        return True

    def settle(self, cell: int, enough: int) -> None:
        """Find out whether a cell is wide enough."""
        if self.is_wide(cell, enough) or self.is_narrow(cell, enough):
            return
        self.extremes(cell, whole=False, enough=enough)
        # Fractions reach further than whole numbers: where they leave hardly enough, ask.
        if self._most[cell] - self._least[cell] >= enough and not self.is_wide(cell, enough):
            self.extremes(cell, whole=True, enough=enough)

    def look_around(self, wanted: Ints, enough: int) -> None:
        """Try a few directions at once: one table often shows that many cells are safe."""
        draw = np.random.default_rng(len(self._counts))
        for _ in range(_DIRECTIONS):
            narrow = [
                cell
                for cell in wanted
                if not self.is_wide(int(cell), enough) and not self.is_narrow(int(cell), enough)
            ]
            if len(narrow) <= 2 * _DIRECTIONS:
                return
            price = np.zeros(len(self._counts))
            price[narrow] = draw.choice((-1.0, 1.0), len(narrow))
            for sign in (1.0, -1.0):
                self._note(self._ready().table(sign * price), enough)

    def extremes(self, cell: int, *, whole: bool, enough: int | None = None) -> None:
        """Find a cell's smallest and largest value, in fractions or in whole numbers.

        With enough given, the second is left where the first makes the cell wide enough.
        """
        known = (self.low, self.high) if whole else (self._least, self._most)
        for side, sign in ((0, 1.0), (1, -1.0)):
            if known[side][cell] == self._bounds[side][cell]:
                continue
            price = np.zeros(len(self._counts))
            price[cell] = sign
            programme = self._ready()
            table = programme.whole_table(price) if whole else programme.table(price)
            if table is None:
                self.unbounded[cell] = True
            else:
                self._note(table, enough or 0)
                known = (self.low, self.high) if whole else (self._least, self._most)
            if enough is not None and self.is_wide(cell, enough):
                return

    def _ready(self) -> Programme:
        part = self._part
        if self._programme is None:
            self._programme = Programme(part.sums, part.sums @ self._counts, self._smallest)
        return self._programme

    def _note(self, table: Floats | None, enough: int) -> None:
        if table is None:
            return
        self._least, self._most = np.minimum(self._least, table), np.maximum(self._most, table)
        whole = self._ready().as_whole(table)
        if whole is not None:
            change, news = (
                np.zeros(self._number, dtype=np.int64),
                np.zeros(self._number, dtype=bool),
            )
            change[self._part.cells] = whole - self._counts
            is_narrow = self.high - self.low < enough
            news[self._part.cells] = is_narrow & ((whole < self.low) | (whole > self.high))
            self._moves.add(change, news)
            self.low, self.high = np.minimum(self.low, whole), np.maximum(self.high, whole)
