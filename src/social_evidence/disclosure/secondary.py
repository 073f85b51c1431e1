"""Secondary suppression: what else must be hidden so that no hidden cell can be worked out.

The choice is made by linear programmes, one for each cell at risk: the cheapest change of the
published table that keeps every sum and moves that cell far enough. Cells it touches become
hidden. What then proves unneeded is shown again. Whether the result is safe is not the choice's
word: the intervals of `attack` decide, and the search goes on until they agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from social_evidence.disclosure.attack import Attacker, Bools, Ints, LinkedCounts
from social_evidence.disclosure.programmes import balanced, quiet
from social_evidence.errors import DisclosureError

Floats = NDArray[np.float64]

_TOUCHED = 1e-6
_FREE = 1e-4  # what it costs to use a cell that is hidden already, against 1 and more for others
_REWEIGHTED = 3  # passes that turn a price per unit into a price per cell
_ROUNDS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Protection:
    """What a table's protection needs to know.

    Attributes:
        linked: Counts and sums.
        primary: (n,) cells that must be hidden.
        cost: (n,) what hiding a cell costs; infinite for a cell that must stay shown.
        judged: (n,) cells that must be safe when hidden; others (never published, or known from
            an earlier release) only carry sums.
        width: Least width of the interval of a hidden cell.
    """

    linked: LinkedCounts
    primary: Bools
    cost: Floats
    judged: Bools
    width: int = 5


def protect(
    asked: Protection, loose: Bools | None = None, attacker: Attacker | None = None
) -> Bools:
    """Choose cells to hide until every hidden cell's interval is wide enough.

    Args:
        asked: Counts, sums, primary cells, costs and the width.
        loose: (n,) hidden cells that link many tables (everybody in a place with hardly anybody):
            the choice is made as if each of their sums had such a cell of its own, table by
            table, and then audited as it is.
        attacker: One who knows the counts' sums. He learns what is found out on the way, so that
            an audit by him costs less.

    Returns:
        (n,) true where a cell is hidden, first or second choice alike.

    Raises:
        DisclosureError: No choice of cells that may be hidden makes every hidden one safe.

    Source:
        Kelly, Golden and Assad (1992), Cell suppression: disclosure protection for sensitive
        tabular data, section 4 (one linear programme a cell); Fischetti and Salazar (2001) for
        the audit that ends it.
    """
    attacker = attacker or Attacker(asked.linked)
    if loose is not None and loose.any():
        hidden = _chosen(_taken_apart(asked, loose), attacker)[: len(loose)]
        if not _at_risk(asked, attacker, hidden).size:
            return hidden
        asked = replace(asked, primary=hidden)
    return _chosen(asked, attacker)


def _chosen(asked: Protection, attacker: Attacker) -> Bools:
    hidden = asked.primary.copy()
    for cells, block in _blocks(asked):
        own = Attacker(block.linked, _movable(block))
        hidden[cells] = _protect_block(block, own)
        attacker.learn_from(own, cells, hidden[cells])
    return hidden


def _taken_apart(asked: Protection, loose: Bools) -> Protection:
    """Give each sum a cell of its own in place of every loose one."""
    sums = sparse.coo_array(asked.linked.sums)
    is_loose = loose[sums.col]
    number, extra = len(loose), int(is_loose.sum())
    columns = sums.col.copy()
    original = columns[is_loose]
    columns[is_loose] = number + np.arange(extra)
    matrix = sparse.csr_array(
        (sums.data, (sums.row, columns)), shape=(sums.shape[0], number + extra)
    )
    linked = LinkedCounts(
        counts=np.concatenate([asked.linked.counts, asked.linked.counts[original]]),
        sums=matrix,
        smallest=np.concatenate([asked.linked.smallest, asked.linked.smallest[original]]),
    )
    return Protection(
        linked=linked,
        primary=np.concatenate([asked.primary, np.ones(extra, dtype=bool)]),
        cost=np.concatenate([asked.cost, np.ones(extra)]),
        judged=np.concatenate([asked.judged & ~loose, np.zeros(extra, dtype=bool)]),
        width=asked.width,
    )


def _blocks(asked: Protection) -> Iterator[tuple[Ints, Protection]]:
    """Split cells into those that no sum of movable cells connects; yield those that need care.

    A cell that must stay shown is a constant of its sums and connects nothing.
    """
    movable = _movable(asked)
    sums = asked.linked.sums
    among = sums[:, movable]
    number, label = csgraph.connected_components(abs(among.T) @ abs(among), directed=False)
    places = np.flatnonzero(movable)
    order = np.argsort(label, kind="stable")
    starts = np.searchsorted(label[order], np.arange(number + 1))
    for at in range(number):
        own = places[order[starts[at] : starts[at + 1]]]
        if not (asked.primary[own] & asked.judged[own]).any():
            continue
        rows = np.flatnonzero(np.diff(sums[:, own].indptr))
        cells = np.union1d(own, np.unique(sums[rows].indices))
        linked = LinkedCounts(
            counts=asked.linked.counts[cells],
            sums=sparse.csr_array(sums[rows][:, cells]),
            smallest=asked.linked.smallest[cells],
        )
        mine = np.isin(cells, own)
        yield (
            cells,
            Protection(
                linked=linked,
                primary=asked.primary[cells] & mine,
                cost=np.where(mine, asked.cost[cells], np.inf),
                judged=asked.judged[cells],
                width=asked.width,
            ),
        )


def _protect_block(asked: Protection, attacker: Attacker) -> Bools:
    hidden = _in_company(asked, asked.primary.copy())
    chooser = _Chooser(asked, attacker)
    for _ in range(_ROUNDS):
        narrow = attacker.narrow(hidden, asked.width) & asked.judged
        risky = np.flatnonzero(narrow) if narrow.any() else _at_risk(asked, attacker, hidden)
        if not risky.size:
            return _pruned(asked, attacker, hidden)
        for cell in risky:
            if _at_risk(asked, attacker, hidden, np.array([cell])).size:
                hidden |= chooser.touched(int(cell), hidden)
    raise DisclosureError(
        f"{len(_at_risk(asked, attacker, hidden))} hidden cells can still be worked out after "
        f"{_ROUNDS} rounds. Withhold the breakdown for these areas, or publish them from pooled "
        "periods."
    )


def _in_company(asked: Protection, hidden: Bools) -> Bools:
    """Give hidden cells company in their sums where that calls for no further company.

    A cell alone in a sum is known, and so are few people among few cells. Where another cell can
    be hidden all of whose other sums have hidden cells already, none better can be found; the
    rest is left to the programmes.
    """
    sums = abs(asked.linked.sums)
    columns = sums.tocsc()
    counts = asked.linked.counts
    number = sums @ hidden.astype(np.int64)
    people = sums @ np.where(hidden, counts, 0)
    for row in np.flatnonzero((number == 1) | ((number > 0) & (people < asked.width))):
        cells = sums.indices[sums.indptr[row] : sums.indptr[row + 1]]
        if not _is_lonely(cells[hidden[cells]], counts, asked.width):
            continue
        free = cells[~hidden[cells] & np.isfinite(asked.cost[cells])]
        for cell in free[np.lexsort((free, asked.cost[free]))]:
            rows = columns.indices[columns.indptr[cell] : columns.indptr[cell + 1]]
            if (number[rows] > 0).all():
                hidden[cell] = True
                number[rows] += 1
                break
    return hidden


def _is_lonely(cells: Ints, counts: Ints, width: int) -> bool:
    return len(cells) == 1 or int(counts[cells].sum()) < width


def _at_risk(
    asked: Protection, attacker: Attacker, hidden: Bools, only: Ints | None = None
) -> Ints:
    """List hidden cells whose interval is too narrow, the narrowest first."""
    judged = np.flatnonzero(hidden & asked.judged) if only is None else only
    found = attacker.intervals(hidden, enough=asked.width, only=judged)
    narrow = found.width < asked.width
    order = np.argsort(found.width[narrow], kind="stable")
    return found.cells[narrow][order]


def _pruned(asked: Protection, attacker: Attacker, hidden: Bools) -> Bools:
    """Show again, dearest first, what the others are safe without."""
    extra = np.flatnonzero(hidden & ~asked.primary & asked.judged)
    sums = abs(asked.linked.sums)
    columns = sums.tocsc()
    for cell in extra[np.argsort(-asked.cost[extra], kind="stable")]:
        fewer = hidden.copy()
        fewer[cell] = False
        rows = columns.indices[columns.indptr[cell] : columns.indptr[cell + 1]]
        left = [sums.indices[sums.indptr[row] : sums.indptr[row + 1]] for row in rows]
        among = [cells[fewer[cells]] for cells in left]
        if any(c.size and _is_lonely(c, asked.linked.counts, asked.width) for c in among):
            continue
        judged = fewer & asked.judged
        if attacker.is_safe_after(fewer, int(cell), judged, asked.width):
            hidden = fewer
    return hidden


class _Chooser:
    """One linear programme over all cells: the cheapest change that moves one of them."""

    def __init__(self, asked: Protection, attacker: Attacker) -> None:
        self._asked = asked
        self._attacker = attacker
        self._cells = np.flatnonzero(_movable(asked))
        self._at = np.cumsum(_movable(asked)) - 1
        self._room = asked.linked.counts - asked.linked.smallest
        self._highs = quiet()
        self._highs.passModel(_model(asked.linked.sums[:, self._cells], self._room[self._cells]))

    def touched(self, cell: int, hidden: Bools) -> Bools:
        """Say which cells a cheapest change touches that makes a cell's interval wide enough.

        Raises:
            DisclosureError: No change of cells that may be hidden does.
        """
        asked = self._asked
        lower, upper = self._attacker.reach(hidden, cell)
        count = int(asked.linked.counts[cell])
        above = upper - count if upper >= 0 else asked.width
        below = count - lower
        # Where fractions reach far enough and whole numbers do not, more room is made upwards.
        ways = [asked.width - below if above + below < asked.width else asked.width]
        room = count - int(asked.linked.smallest[cell])
        if asked.width - above <= room:
            ways.append(above - asked.width)
        tried = [self._change(cell, way, hidden) for way in ways if way]
        found = [one for one in tried if one is not None]
        if not found:
            raise DisclosureError(
                f"Hidden cell {cell} can be worked out whatever else is hidden. Withhold its "
                "breakdown there, or publish it from pooled periods."
            )
        return min(found, key=lambda one: float(asked.cost[one & ~hidden].sum()))

    def _change(self, cell: int, way: int, hidden: Bools) -> Bools | None:
        """Move one cell by so much, up or down, at the least cost of cells touched."""
        cells, number = self._cells, len(self._cells)
        price = np.where(hidden, _FREE, self._asked.cost)[cells]
        weight = price.copy()
        self._fix(cell, way)
        best: Bools | None = None
        before: Bools | None = None
        for _ in range(_REWEIGHTED):
            costs = np.concatenate([weight, weight])
            self._highs.changeColsCost(2 * number, np.arange(2 * number, dtype=np.int32), costs)
            self._highs.run()
            if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                break
            value = np.asarray(self._highs.getSolution().col_value)
            moved = value[:number] + value[number:]
            touched = moved > _TOUCHED
            if before is not None and (before == touched).all():
                break
            before = touched
            self._learn(value[:number] - value[number:])
            if best is None or price[touched].sum() < price[best].sum():
                best = touched
            weight = price / (moved + 0.1)
        self._release(cell)
        return None if best is None else self._everywhere(best)

    def _learn(self, change: Floats) -> None:
        """Tell the attacker of a change that a programme found possible."""
        whole = np.zeros(len(self._asked.cost), dtype=np.int64)
        whole[self._cells] = np.rint(change)
        self._attacker.learn(whole)

    def _everywhere(self, touched: Bools) -> Bools:
        marked = np.zeros(len(self._asked.cost), dtype=bool)
        marked[self._cells[touched]] = True
        return marked

    def _fix(self, cell: int, way: int) -> None:
        at, number = int(self._at[cell]), len(self._cells)
        up, down = (float(way), 0.0) if way > 0 else (0.0, float(-way))
        self._highs.changeColBounds(at, up, up)
        self._highs.changeColBounds(number + at, down, down)

    def _release(self, cell: int) -> None:
        at, number = int(self._at[cell]), len(self._cells)
        self._highs.changeColBounds(at, 0.0, highspy.kHighsInf)
        self._highs.changeColBounds(number + at, 0.0, float(self._room[cell]))


def _movable(asked: Protection) -> Bools:
    """Mark cells that may be hidden, or are: the others stay as they are."""
    return np.asarray(np.isfinite(asked.cost) | asked.primary)


def _model(sums: sparse.csr_array, room: Ints) -> highspy.HighsLp:
    """Lay out changes of some cells, up and down apart, that keep every sum."""
    both = sparse.csr_array(sparse.hstack([sums, -sums], format="csr"))
    upper = np.concatenate([np.full(len(room), highspy.kHighsInf), room.astype(np.float64)])
    right = np.zeros(sums.shape[0], dtype=np.int64)
    return balanced(both, right, np.zeros(len(upper)), upper)
