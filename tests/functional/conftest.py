"""An attacker of releases, who knows how cells add up and not how the program links them."""

from __future__ import annotations

import itertools
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from scipy import optimize, sparse

Cell = tuple[str, str, str, str]
"""Period, area, breakdown and group."""
Row = Mapping[str, object]
Pools = Mapping[str, Sequence[str]]

_UNBOUNDED = 10**9
_NO_SAMPLE = {"not_asked", "not_available"}


@dataclass(kw_only=True)
class Attacker:
    """Somebody with the long tables of one series and the published lists of areas and groups.

    children: area -> its parts. within: finer breakdown -> coarser -> group -> group.
    pools: pooled period -> its waves. column: which count is worked out. solves: asks a solver too,
    where adding up leaves room.
    """

    children: Mapping[str, Sequence[str]]
    within: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    pools: Pools = field(default_factory=dict)
    column: str = "base"
    solves: bool = True

    def narrow(self, rows: Iterable[Row], width: int = 5) -> list[tuple[Cell, int, int]]:
        """List hidden counts whose bounds lie closer together than the width."""
        return self.narrow_in([(rows, self.pools)], width)

    def narrow_in(
        self, releases: Sequence[tuple[Iterable[Row], Pools]], width: int = 5
    ) -> list[tuple[Cell, int, int]]:
        """List counts that no release has shown and all of them together tell closely.

        Args:
            releases: Rows and pools of each, oldest first.
            width: Closer than this is too close.
        """
        self.low: dict[Cell, int] = {}
        self.high: dict[Cell, int] = {}
        self.hidden: set[Cell] = set()
        every: dict[str, Sequence[str]] = {}
        for number, (rows, pools) in enumerate(releases):
            labels = self._read(rows, number)
            for pool, waves in pools.items():
                every.setdefault(labels.get(pool, pool), [labels.get(w, w) for w in waves])
        self.hidden = {cell for cell in self.hidden if self.low[cell] != self.high[cell]}
        self._sums: list[tuple[Cell, list[Cell]]] = []
        self._add_pools(every)
        self._add_margins()
        self._add_nested()
        self._add_areas()
        self._sums = [line for line in self._sums if self._may_hold(*line)]
        self._propagate()
        if self.solves:
            self._solve(width)
        return [
            (cell, self.low[cell], self.high[cell])
            for cell in sorted(self.hidden)
            if self.high[cell] - self.low[cell] < width
        ]

    def _read(self, rows: Iterable[Row], number: int) -> dict[str, str]:
        """Take a release in. Where a count of a period was revised, the period is another one."""
        tables: dict[str, dict[Cell, int | None]] = defaultdict(dict)
        for row in rows:
            if row["statistic"] == "difference" or row["status"] in _NO_SAMPLE:
                continue
            cell = (*(str(row[name]) for name in ("period", "area", "breakdown", "group")),)
            value = row[self.column]
            if value is None and row["status"] == "protected":
                tables[cell[0]][cell] = None
            elif value is not None:
                tables[cell[0]][cell] = int(value)
        labels = {}
        for period, table in tables.items():
            known = {cell: count for cell, count in table.items() if count is not None}
            same = all(self.low.get(c, n) <= n <= self.high.get(c, n) for c, n in known.items())
            labels[period] = period if same else f"{period}/{number}"
            for cell, count in table.items():
                at = (labels[period], *cell[1:])
                if count is None:
                    self.low.setdefault(at, 0)
                    self.high.setdefault(at, _UNBOUNDED)
                    self.hidden.add(at)
                else:
                    self.low[at] = self.high[at] = count
        return labels

    def _add(self, total: Cell, parts: list[Cell]) -> None:
        if total in self.low and parts:
            self._sums.append((total, parts))

    def _may_hold(self, total: Cell, parts: list[Cell]) -> bool:
        """Say whether a sum can be one: some people have no part, or stand in several."""
        least, most = sum(self.low[c] for c in parts), sum(self.high[c] for c in parts)
        return least <= self.high[total] and self.low[total] <= most

    def _add_pools(self, pools: Pools) -> None:
        """A pool is its waves together, published or not."""
        tables: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for period, area, breakdown, group in self.low:
            tables[period, area, breakdown].add(group)
        asked = {key[1:] for key in tables}
        in_pools = [wave for waves in pools.values() for wave in waves]
        shared = {wave for wave in in_pools if in_pools.count(wave) > 1}
        for (pool, waves), table in itertools.product(pools.items(), sorted(asked)):
            groups = [tables.get((wave, *table), set()) for wave in waves]
            own = tables.get((pool, *table), set())
            if not all(groups) and not (own and shared & set(waves)):
                continue
            # A group without a row in a wave that has the others has nobody in it. A wave that is
            # never published tells something where two pools share it.
            for group in set.union(own, *groups):
                total = (pool, *table, group)
                parts = [(wave, *table, group) for wave in waves]
                for cell, has in zip((total, *parts), (True, *map(bool, groups)), strict=True):
                    if cell == total or not has:
                        self.low.setdefault(cell, 0)
                        self.high.setdefault(cell, _UNBOUNDED)
                self._add(total, [part for part in parts if part in self.low])

    def _add_margins(self) -> None:
        """Groups make up everybody, and a crossing each breakdown in it."""
        tables: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for period, area, breakdown, group in self.low:
            tables[period, area][breakdown].append(group)
        for (period, area), own in tables.items():
            for fine, coarse in itertools.permutations(own, 2):
                if coarse != "all" and not set(coarse.split("*")) < set(fine.split("*")):
                    continue
                if fine == "all":
                    continue
                kept = (
                    [] if coarse == "all" else [fine.split("*").index(p) for p in coarse.split("*")]
                )
                parts: dict[str, list[Cell]] = defaultdict(list)
                for group in own[fine]:
                    split = group.split(" * ")
                    total = " * ".join(split[at] for at in kept) or "all"
                    parts[total].append((period, area, fine, group))
                for total, cells in parts.items():
                    self._add((period, area, coarse, total), cells)

    def _add_nested(self) -> None:
        """Finer groups make up the coarser ones, and who has no group in one has none in both."""
        for fine, coarser in self.within.items():
            for coarse, lies_in in coarser.items():
                parts: dict[Cell, list[Cell]] = defaultdict(list)
                for cell in self.low:
                    period, area, breakdown, group = cell
                    if breakdown == fine and group in lies_in:
                        parts[period, area, coarse, lies_in[group]].append(cell)
                for total, cells in parts.items():
                    self._add(total, cells)
                alike = [
                    (cell, (*cell[:2], coarse, "unknown"))
                    for cell in self.low
                    if cell[2:] == (fine, "unknown") and (*cell[:2], coarse, "unknown") in self.low
                ]
                if all(self._may_be_equal(*pair) for pair in alike):
                    for one, other in alike:
                        self._add(other, [one])

    def _may_be_equal(self, one: Cell, other: Cell) -> bool:
        return self.low[one] <= self.high[other] and self.low[other] <= self.high[one]

    def _add_areas(self) -> None:
        """Parts of an area make it up where every part has a row."""
        keys = {(period, breakdown, group) for period, _, breakdown, group in self.low}
        for parent, own in self.children.items():
            for period, breakdown, group in keys:
                cells = [(period, area, breakdown, group) for area in own]
                if all(cell in self.low for cell in cells):
                    self._add((period, parent, breakdown, group), cells)

    def _propagate(self) -> None:
        """Tighten every bound by every sum until none moves."""
        sums_of: dict[Cell, list[int]] = defaultdict(list)
        for number, (total, parts) in enumerate(self._sums):
            for cell in (total, *parts):
                sums_of[cell].append(number)
        waiting = deque(range(len(self._sums)))
        queued = set(waiting)
        while waiting:
            number = waiting.popleft()
            queued.discard(number)
            for cell in self._tightened(*self._sums[number]):
                for again in sums_of[cell]:
                    if again not in queued:
                        waiting.append(again)
                        queued.add(again)

    def _tightened(self, total: Cell, parts: list[Cell]) -> list[Cell]:
        low, high = sum(self.low[c] for c in parts), sum(self.high[c] for c in parts)
        bounds = {total: (low, high)}
        for cell in parts:
            bounds[cell] = (
                self.low[total] - (high - self.high[cell]),
                self.high[total] - (low - self.low[cell]),
            )
        moved = []
        for cell, (least, most) in bounds.items():
            before = self.low[cell], self.high[cell]
            self.low[cell] = max(before[0], least)
            self.high[cell] = min(before[1], most)
            assert self.low[cell] <= self.high[cell], f"a sum does not hold at {cell}"
            if before != (self.low[cell], self.high[cell]):
                moved.append(cell)
        return moved

    def _solve(self, width: int) -> None:
        """Ask a solver where adding up leaves room: all sums at once tell more than one by one."""
        open_cells = [cell for cell in self.low if self.low[cell] < self.high[cell]]
        for cells, sums, right in self._blocks(open_cells):
            limits = [(self.low[c], min(self.high[c], _UNBOUNDED)) for c in cells]
            seen: list[np.ndarray] = []
            for at, cell in enumerate(cells):
                if cell not in self.hidden or self.high[cell] - self.low[cell] < width:
                    continue
                if seen and np.ptp([table[at] for table in seen]) >= width:
                    continue
                ends = []
                for sign in (1, -1):
                    price = np.zeros(len(cells))
                    price[at] = sign
                    table = _possible(price, sums, right, limits, whole=False)
                    if not np.allclose(table, np.rint(table), atol=1e-6):
                        table = _possible(price, sums, right, limits, whole=True)
                    seen.append(np.rint(table))
                    ends.append(round(table[at]))
                self.low[cell], self.high[cell] = ends

    def _blocks(
        self, cells: Sequence[Cell]
    ) -> Iterator[tuple[list[Cell], sparse.csr_array, np.ndarray]]:
        """Split unknown counts into those that no sum connects."""
        number = {cell: at for at, cell in enumerate(cells)}
        entries, right = [], []
        for total, parts in self._sums:
            row = [
                (number[c], s) for c, s in ((total, 1), *((p, -1) for p in parts)) if c in number
            ]
            if row:
                entries += [(len(right), at, sign) for at, sign in row]
                known = [(c, s) for c, s in ((total, 1), *((p, -1) for p in parts))]
                right.append(-sum(s * self.low[c] for c, s in known if c not in number))
        if not entries:
            return
        rows, columns, signs = zip(*entries, strict=True)
        matrix = sparse.csr_array((signs, (rows, columns)), shape=(len(right), len(cells)))
        _, label = sparse.csgraph.connected_components(abs(matrix.T) @ abs(matrix), directed=False)
        for one in range(label.max() + 1):
            own = np.flatnonzero(label == one)
            lines = np.flatnonzero(abs(matrix[:, own]).sum(axis=1))
            if lines.size:
                yield [cells[at] for at in own], matrix[lines][:, own], np.array(right)[lines]


def _possible(
    price: np.ndarray,
    sums: sparse.csr_array,
    right: np.ndarray,
    limits: list[tuple[int, int]],
    *,
    whole: bool,
) -> np.ndarray:
    low, high = zip(*limits, strict=True)
    done = optimize.milp(
        price,
        integrality=np.full(len(price), int(whole)),
        bounds=optimize.Bounds(low, high),
        constraints=optimize.LinearConstraint(sums, right, right),
    )
    assert done.x is not None, done.message
    return np.asarray(done.x)


@pytest.fixture(scope="session")
def attacker() -> Callable[..., Attacker]:
    """Make an attacker of one series."""
    return Attacker
