"""From finest cells to published cells: groups are united, margins filled, integers divided back.

An engine answers with sums of fine codes; here boroughs become the city, every cell of a set gets
its place even if nobody is in it, and the sums become the arrays that `methods.totals` works on.
All adding is of integers, so the order in which an engine delivers cannot matter.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from social_evidence.plan.lanes import CROSSES, Key, Kind, Lanes, lanes
from social_evidence.plan.parts import Part
from social_evidence.plan.scan import Dimension, Form, Scan
from social_evidence.plan.totals import Ints, Totals, TotalsBatch

Floats = NDArray[np.float64]

# Bytes of sums that may wait before equal keys are added: in the one pile of a scan that is whole,
# and in each of the many of a scan that is cut.
_WHOLE_PILE: Final = 2**27
_CUT_PILE: Final = 2**23


@dataclass(frozen=True, slots=True, kw_only=True)
class CellArrays:
    """Whole cells of one set, ready for the estimators.

    An entry is one (cell, unit) with at least one row; a unit without one has nothing in the cell
    but still counts in `DesignTable.units`. n = entries, c = cells, m = items.

    dimensions  : the set
    groups      : (c,) group id per dimension; cells with nobody in them included
    items       : (m,) item ids
    cell        : (n,) ascending
    unit        : (n,) ascending within a cell: PSU, stratum, or 0 with replicates
    y, x        : (n, m) weighted totals of numerator and denominator
    yy, xy, xx  : (n, m) unclustered: sums over rows of (wy)^2, (wx)(wy), (wx)^2
    replicate_y : (n, m, r) and `replicate_x`: the same totals under each replicate weight
    base        : (c, m) rows with weight above 0 and a valid answer, unweighted
    present     : (n, m) rows with weight above 0 in the cell and the item's domain, answered or not
    squares     : (c, m, 3) sums of w*y*y, w*x*y, w*x*x; NaN where the item did not ask
    crosses     : per pair of items (n, 4): sums of y*y, y*x, x*y, x*x, weighted each
    """

    form: Form
    dimensions: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    items: tuple[str, ...]
    cell: Ints
    unit: Ints
    y: Floats
    x: Floats
    yy: Floats | None
    xy: Floats | None
    xx: Floats | None
    replicate_y: Floats | None
    replicate_x: Floats | None
    base: Ints
    present: Ints
    squares: Floats | None
    crosses: Mapping[tuple[str, str], Floats] | None


def stream(totals: Totals) -> Iterator[CellArrays]:
    """Yield whole cells as soon as they are finished, so that memory stays bounded.

    Args:
        totals: An engine's answer; its stream is read once.

    Yields:
        Some cells of one set. Every cell of every set comes exactly once.
    """
    scan = totals.scan
    wanted = lanes(scan)
    open_sets: dict[int, _OpenSet] = {}
    for part, batches in totals.parts():
        for place in part.sets:
            if place not in open_sets:
                open_sets[place] = _OpenSet(
                    scan, scan.cells[place], _n_units(totals), is_cut=part.codes is not None
                )
        for batch in batches:
            open_sets[batch.cells].add(batch)
        for place in part.sets:
            for cells, keys, sums in open_sets[place].finished(part):
                yield _arrays(totals, wanted, scan.cells[place], cells, keys, sums)
            if part.final:
                del open_sets[place]


def collect(totals: Totals) -> tuple[CellArrays, ...]:
    """Give every set whole, in the order of `Scan.cells`: what contrasts between cells need.

    Args:
        totals: An engine's answer; its stream is read once.

    Returns:
        One record a set, its cells in the order of the groups of its dimensions.
    """
    scan = totals.scan
    wanted = lanes(scan)
    sets = [_OpenSet(scan, cell, _n_units(totals), is_cut=False) for cell in scan.cells]
    for _, batches in totals.parts():
        for batch in batches:
            sets[batch.cells].add(batch)
    return tuple(
        _arrays(totals, wanted, dimensions, *found.everything())
        for dimensions, found in zip(scan.cells, sets, strict=True)
    )


def _n_units(totals: Totals) -> int:
    design = totals.design
    return max(1, design.stratum.size or design.units.size)


@dataclass(slots=True)
class _Pile:
    """Sums by key that keep arriving; equal keys are added whenever the pile has doubled.

    room : bytes of sums that may wait, besides twice what is merged
    keys : of each entry; several entries may share a row of sums
    rows : the entry's row in `sums`, counted over all batches
    """

    room: int
    keys: list[Ints] = field(default_factory=list)
    rows: list[Ints] = field(default_factory=list)
    sums: list[Ints] = field(default_factory=list)
    height: int = 0
    merged: int = 0

    def add(self, keys: Ints, rows: Ints, sums: Ints) -> None:
        if not keys.size:
            return
        self.keys.append(keys)
        self.rows.append(rows + self.height)
        self.sums.append(sums)
        self.height += sums.shape[0]
        if (self.height - 2 * self.merged) * sums.shape[1] * sums.itemsize > self.room:
            self.merge()

    def merge(self) -> tuple[Ints, Ints]:
        """Sort by key and add what is equal."""
        if not self.keys:
            return np.empty(0, np.int64), np.empty((0, 0), np.int64)
        keys = np.concatenate(self.keys)
        rows = np.concatenate(self.rows)
        sums = np.concatenate(self.sums)
        order = np.argsort(keys, kind="stable")
        first = _starts(keys[order])
        sums = _added(sums, rows[order], first)
        keys = keys[order[first]]
        self.keys, self.rows, self.sums = [keys], [np.arange(keys.size)], [sums]
        self.height = self.merged = keys.size
        return keys, sums


def _starts(ordered: Ints) -> Ints:
    """Find the first place of each run of equal numbers."""
    return np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])


def _added(sums: Ints, rows: Ints, first: Ints) -> Ints:
    """Add the named rows of sums, from each start to the next: whole numbers, hence exactly."""
    if first.size == rows.size:
        return sums[rows]
    bounds = np.append(first, rows.size)
    ones = np.ones(rows.size, dtype=np.int64)
    chosen = sparse.csr_array((ones, rows, bounds), shape=(first.size, sums.shape[0]))
    return np.asarray(chosen @ sums)


class _OpenSet:
    """One set of cells while its sums arrive.

    Where the scan is cut, there is a pile for each group of the leading dimension, whose codes
    finish in order; else there is one.
    """

    def __init__(
        self, scan: Scan, dimensions: tuple[str, ...], n_units: int, *, is_cut: bool
    ) -> None:
        self._dimensions = scan.wanted(dimensions)
        self._lead = dimensions.index(scan.leading[0]) if is_cut else None
        self._n_units = n_units
        self._n_groups = [len(dimension.groups) for dimension in self._dimensions]
        self._members = [_membership(dimension) for dimension in self._dimensions]
        self._room = _CUT_PILE if is_cut else _WHOLE_PILE
        self._piles = [_Pile(self._room) for _ in range(self._n_piles)]
        self._done = [False] * self._n_piles

    @property
    def _n_piles(self) -> int:
        return 1 if self._lead is None else self._n_groups[self._lead]

    def add(self, batch: TotalsBatch) -> None:
        """File a batch's rows under every group they belong to."""
        row = np.arange(batch.unit.size)
        cell = np.zeros(batch.unit.size, np.int64)
        lead = np.zeros(batch.unit.size, np.int64)
        for d, (starts, groups) in enumerate(self._members):
            code = batch.codes[row, d]
            many = starts[code + 1] - starts[code]
            source = np.repeat(np.arange(row.size), many)
            nth = np.arange(source.size) - np.repeat(np.cumsum(many) - many, many)
            group = groups[starts[code][source] + nth]
            row, cell, lead = row[source], cell[source] * self._n_groups[d] + group, lead[source]
            lead = group if d == self._lead else lead
        key = cell * self._n_units + batch.unit[row]
        if self._n_piles == 1:
            self._piles[0].add(key, row, batch.sums)
            return
        order = np.argsort(lead, kind="stable")
        bounds = np.searchsorted(lead[order], np.arange(self._n_piles + 1))
        for pile, start, stop in zip(self._piles, bounds[:-1], bounds[1:], strict=True):
            chosen = order[start:stop]
            # Only this pile's rows are kept, else every pile would hold on to the whole batch.
            pile.add(key[chosen], np.arange(chosen.size), batch.sums[row[chosen]])

    def finished(self, part: Part) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Give the cells whose last row has been seen: cell numbers, keys and sums."""
        ready = [place for place in range(self._n_piles) if self._is_ready(place, part)]
        if not ready:
            return
        for place in ready:
            self._done[place] = True
            pile, self._piles[place] = self._piles[place], _Pile(self._room)
            yield (self._cells_of(place), *pile.merge())

    def everything(self) -> tuple[Ints, Ints, Ints]:
        """Give all cells at once."""
        (pile,) = self._piles
        return (np.arange(math.prod(self._n_groups)), *pile.merge())

    def _is_ready(self, place: int, part: Part) -> bool:
        if self._done[place]:
            return False
        if part.final or self._lead is None:
            return part.final
        return max(self._dimensions[self._lead].groups[place].codes) <= part.reach

    def _cells_of(self, place: int) -> Ints:
        """Number the cells of one pile: mixed radix over the set's dimensions."""
        ranges = [np.arange(n) for n in self._n_groups]
        if self._lead is not None:
            ranges[self._lead] = np.array([place])
        cells = np.zeros(1, np.int64)
        for groups, n in zip(ranges, self._n_groups, strict=True):
            cells = (cells[:, None] * n + groups[None, :]).ravel()
        return cells


def _membership(dimension: Dimension) -> tuple[Ints, Ints]:
    """List the groups of each code: starts (size + 2,) into the groups."""
    pairs = [(code, g) for g, group in enumerate(dimension.groups) for code in group.codes]
    ordered = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    starts = np.searchsorted(ordered[:, 0], np.arange(dimension.size + 2))
    return starts.astype(np.int64), ordered[:, 1]


def _arrays(
    totals: Totals,
    wanted: Lanes,
    dimensions: tuple[str, ...],
    cells: Ints,
    keys: Ints,
    sums: Ints,
) -> CellArrays:
    """Divide the integers back and lay them out by item."""
    scan = totals.scan
    n_units = _n_units(totals)
    if not keys.size:
        sums = np.zeros((0, len(wanted.lanes)), np.int64)
    cell = np.searchsorted(cells, keys // n_units)
    divide = _Divider(sums, wanted, totals.scales)
    items = range(len(scan.items))
    unclustered = scan.sampling.form == "unclustered"
    per_cell = _per_cell(sums, cell, len(cells))
    return CellArrays(
        form=scan.sampling.form,
        dimensions=dimensions,
        groups=_labels(scan, dimensions, cells),
        items=tuple(item.id for item in scan.items),
        cell=cell,
        unit=keys % n_units,
        y=divide.items("y", items),
        x=divide.items("x", items),
        yy=divide.items("yy", items) if unclustered else None,
        xy=divide.items("xy", items) if unclustered else None,
        xx=divide.items("xx", items) if unclustered else None,
        replicate_y=_replicates(divide, scan, "ry"),
        replicate_x=_replicates(divide, scan, "rx"),
        base=per_cell[:, _places(wanted, "base", items)],
        present=_present(sums, _places(wanted, "present", items)),
        squares=_squares(scan, wanted, totals.scales, per_cell),
        crosses=_crosses(divide, scan),
    )


class _Divider:
    """Turns chosen columns of fixed-point sums into the doubles they stand for."""

    def __init__(self, sums: Ints, wanted: Lanes, scales: Sequence[int]) -> None:
        self._sums = sums
        self._wanted = wanted
        self._divisors = np.ldexp(1.0, -np.array(scales, dtype=np.int64))

    def items(self, kind: Kind, items: Sequence[int], replicate: int = 0) -> Floats:
        """Give (n, items) doubles of one kind."""
        places = _places(self._wanted, kind, items, replicate)
        # Dividing by a power of two is exact; the one rounding is from 62 bits to 53.
        return np.multiply(self._sums[:, _run(places)], self._divisors[places])


def _places(wanted: Lanes, kind: Kind, items: Sequence[int], replicate: int = 0) -> list[int]:
    keys: list[Key] = [(kind, i, replicate) for i in items]
    return [wanted.place[key] for key in keys]


def _run(places: Sequence[int]) -> slice | list[int]:
    """Turn neighbouring places into a slice, which needs no copy."""
    first, last = places[0], places[-1]
    if list(places) == list(range(first, last + 1)):
        return slice(first, last + 1)
    return list(places)


def _present(sums: Ints, places: Sequence[int]) -> Ints:
    """Give the rows present by item; items of one domain share one column without a copy."""
    if len(set(places)) == 1:
        return np.broadcast_to(sums[:, places[0], None], (sums.shape[0], len(places)))
    return sums[:, places]


def _per_cell(sums: Ints, cell: Ints, n_cells: int) -> Ints:
    """Add the entries of each cell; cells without one are 0."""
    found = np.zeros((n_cells, sums.shape[1]), np.int64)
    if cell.size:
        first = _starts(cell)
        found[cell[first]] = _added(sums, np.arange(cell.size), first)
    return found


def _labels(scan: Scan, dimensions: Sequence[str], cells: Ints) -> tuple[tuple[str, ...], ...]:
    names = [[group.id for group in dimension.groups] for dimension in scan.wanted(dimensions)]
    every = list(itertools.product(*names))
    return tuple(every[cell] for cell in cells)


def _replicates(divide: _Divider, scan: Scan, kind: Kind) -> Floats | None:
    count = len(scan.sampling.replicates)
    if not count:
        return None
    items = range(len(scan.items))
    return np.stack([divide.items(kind, items, j) for j in range(count)], axis=2)


def _squares(scan: Scan, wanted: Lanes, scales: Sequence[int], per_cell: Ints) -> Floats | None:
    asked = [i for i, item in enumerate(scan.items) if item.squares]
    if not asked:
        return None
    divide = _Divider(per_cell, wanted, scales)
    found = np.full((per_cell.shape[0], len(scan.items), 3), np.nan)
    kinds: tuple[Kind, ...] = ("wyy", "wxy", "wxx")
    for place, kind in enumerate(kinds):
        found[:, asked, place] = divide.items(kind, asked)
    return found


def _crosses(divide: _Divider, scan: Scan) -> dict[tuple[str, str], Floats] | None:
    if not scan.crosses:
        return None
    return {
        pair: np.column_stack([divide.items(kind, [j]) for kind in CROSSES])
        for j, pair in enumerate(scan.crosses)
    }
