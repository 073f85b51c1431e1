"""An attacker of releases, who knows how cells add up and not how the program links them."""

from __future__ import annotations

import itertools
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

Cell = tuple[str, str, str, str]
"""Period, area, breakdown and group."""
Row = Mapping[str, object]

_UNBOUNDED = 10**9
_NO_SAMPLE = {"not_asked", "not_available"}


@dataclass(kw_only=True)
class Attacker:
    """Somebody with the long table of one series and the published lists of areas and groups.

    children: area -> its parts. within: finer breakdown -> coarser -> group -> group.
    pools: pooled period -> its waves.
    """

    children: Mapping[str, Sequence[str]]
    within: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    pools: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def narrow(self, rows: Iterable[Row], width: int = 5) -> list[tuple[Cell, int, int]]:
        """List hidden counts whose bounds lie closer together than the width."""
        self._read(rows)
        self._sums: list[tuple[Cell, list[Cell]]] = []
        self._add_pools()
        self._add_margins()
        self._add_nested()
        self._add_areas()
        self._propagate()
        return [
            (cell, self.low[cell], self.high[cell])
            for cell in sorted(self.hidden)
            if self.high[cell] - self.low[cell] < width
        ]

    def _read(self, rows: Iterable[Row]) -> None:
        self.low: dict[Cell, int] = {}
        self.high: dict[Cell, int] = {}
        self.hidden: set[Cell] = set()
        for row in rows:
            if row["statistic"] == "difference" or row["status"] in _NO_SAMPLE:
                continue
            cell = (*(str(row[name]) for name in ("period", "area", "breakdown", "group")),)
            base = row["base"]
            self.low[cell] = 0 if base is None else int(base)
            self.high[cell] = _UNBOUNDED if base is None else int(base)
            if row["status"] == "protected":
                self.hidden.add(cell)

    def _add(self, total: Cell, parts: list[Cell]) -> None:
        if total in self.low and parts:
            self._sums.append((total, parts))

    def _add_pools(self) -> None:
        """A pool is its waves together, published or not."""
        tables: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for period, area, breakdown, group in self.low:
            tables[period, area, breakdown].add(group)
        asked = {key[1:] for key in tables}
        for (pool, waves), table in itertools.product(self.pools.items(), sorted(asked)):
            groups = [tables[(wave, *table)] for wave in waves]
            # A group without a row in a wave that has the others has nobody in it.
            for group in set.union(*groups) if all(groups) else ():
                total = (pool, *table, group)
                self.low.setdefault(total, 0)
                self.high.setdefault(total, _UNBOUNDED)
                parts = [(wave, *table, group) for wave in waves]
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


@pytest.fixture(scope="session")
def attacker() -> Callable[..., Attacker]:
    """Make an attacker of one series."""
    return Attacker
