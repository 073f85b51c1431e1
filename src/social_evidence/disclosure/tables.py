"""Which published counts add up to which: groups, areas, crossings, pools and nested groups.

Every cell of one series is one unknown, wherever it stands. What links them is what an attacker
would use: groups of a breakdown add up to everybody, parts of a city to the city, crossings to
their margins, waves to their pool, finer groups to coarser ones. Sums that are never published
but follow (a city's pool from its waves) are cells too, without being judged.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from social_evidence.disclosure.attack import LinkedCounts
from social_evidence.model.breakdown import ALL

Place = tuple[str, str, str, str]
"""Period, area, breakdown and group of a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What is known of how cells add up.

    Attributes:
        children: Area -> the areas it is made of.
        pools: Pooled period -> the periods put together in it.
        within: Breakdown -> coarser breakdown -> group -> the coarser group it lies in.
    """

    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    within: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)


def link(counts: Mapping[Place, int], links: Links) -> tuple[LinkedCounts, tuple[Place, ...]]:
    """Put the counts of one series and all sums among them together.

    Args:
        counts: Place -> unweighted count of every cell the series publishes or hides.
        links: How areas, periods and groups add up.

    Returns:
        The linked counts, and the place of each: first those given, in their order, then sums
        that follow, then what a sum leaves over (people without a known part), each under a
        place of its own that nothing publishes.
    """
    system = _System(dict(counts))
    _add_pools(system, links.pools)
    by_table = _tables(system.counts)
    for (period, area), tables in by_table.items():
        _add_margins(system, period, area, tables)
        _add_nested(system, period, area, tables, links.within)
    _add_areas(system, links.children)
    return system.linked()


@dataclass(slots=True)
class _System:
    """Cells and sums as they are found."""

    counts: dict[Place, int]
    sums: list[tuple[Place, tuple[Place, ...]]] = field(default_factory=list)

    def add(self, total: Place, parts: Iterable[Place]) -> None:
        """Note a sum; what the parts lack becomes a cell of its own.

        Parts that are more than their total are no sum: one person stands in several of them.
        """
        known = tuple(part for part in parts if part in self.counts)
        if not known or total not in self.counts:
            return
        over = self.counts[total] - sum(self.counts[part] for part in known)
        if over < 0:
            return
        if over:
            rest = ("", "", "rest", str(len(self.sums)))
            self.counts[rest] = over
            known = (*known, rest)
        self.sums.append((total, known))

    def linked(self) -> tuple[LinkedCounts, tuple[Place, ...]]:
        """Put everything into arrays."""
        at = {place: number for number, place in enumerate(self.counts)}
        rows, columns, values = [], [], []
        for row, (total, parts) in enumerate(self.sums):
            rows += [row] * (1 + len(parts))
            columns += [at[total], *(at[part] for part in parts)]
            values += [1] + [-1] * len(parts)
        shape = (len(self.sums), len(at))
        matrix = sparse.csr_array((values, (rows, columns)), shape=shape, dtype=np.int64)
        counts = np.fromiter(self.counts.values(), dtype=np.int64, count=len(at))
        return LinkedCounts(counts, matrix, np.zeros(len(at), dtype=np.int64)), tuple(at)


def _add_pools(system: _System, pools: Mapping[str, tuple[str, ...]]) -> None:
    """Link each pool with its waves; where only the waves are published their sum follows.

    A wave without anybody of unknown group has no row of them, and is none the less known.
    """
    by_table: dict[tuple[str, str, str], dict[str, int]] = {}
    for (period, area, breakdown, group), count in system.counts.items():
        by_table.setdefault((period, area, breakdown), {})[group] = count
    asked = dict.fromkeys(table[1:] for table in by_table)
    for pool, waves in pools.items():
        for area, breakdown in asked:
            own = [by_table.get((wave, area, breakdown), {}) for wave in waves]
            if not all(own):
                continue
            for group in dict.fromkeys(itertools.chain(*own)):
                total = (pool, area, breakdown, group)
                parts = [
                    (w, *total[1:]) for w, cells in zip(waves, own, strict=True) if group in cells
                ]
                system.counts.setdefault(total, sum(system.counts[part] for part in parts))
                system.add(total, parts)


Tables = Mapping[frozenset[str], tuple[str, tuple[str, ...]]]


def _tables(counts: Mapping[Place, int]) -> dict[tuple[str, str], Tables]:
    """List the breakdowns, with their groups, of every period and area."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for period, area, breakdown, group in counts:
        if period:
            found.setdefault((period, area), {}).setdefault(breakdown, []).append(group)
    return {
        key: {frozenset(_parts(b)): (b, tuple(groups)) for b, groups in own.items()}
        for key, own in found.items()
    }


def _parts(breakdown: str) -> tuple[str, ...]:
    return () if breakdown == ALL else tuple(breakdown.split("*"))


def _add_margins(system: _System, period: str, area: str, tables: Tables) -> None:
    """Add each breakdown and crossing up to everybody and to every margin that is published."""
    for dimensions, (breakdown, groups) in tables.items():
        for margin in _subsets(dimensions):
            if margin not in tables:
                continue
            total_breakdown, _ = tables[margin]
            order = [_parts(breakdown).index(part) for part in _parts(total_breakdown)]
            of_total: dict[str, list[Place]] = {}
            for group in groups:
                split = group.split(" * ")
                total = " * ".join(split[at] for at in order) if order else ALL
                of_total.setdefault(total, []).append((period, area, breakdown, group))
            for group, parts in of_total.items():
                system.add((period, area, total_breakdown, group), parts)


def _subsets(dimensions: frozenset[str]) -> Iterator[frozenset[str]]:
    """Every proper subset of some dimensions, the empty one included."""
    for size in range(len(dimensions)):
        for chosen in itertools.combinations(sorted(dimensions), size):
            yield frozenset(chosen)


def _add_nested(
    system: _System,
    period: str,
    area: str,
    tables: Tables,
    within: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> None:
    """Add finer groups up to the coarser groups they lie in."""
    for finer, (_, groups) in tables.items():
        for coarser, lies_in in within.get(
            next(iter(finer)) if len(finer) == 1 else "", {}
        ).items():
            name = next(iter(finer))
            of_coarser: dict[str, list[Place]] = {}
            for group in groups:
                if group in lies_in:
                    of_coarser.setdefault(lies_in[group], []).append((period, area, name, group))
            for group, parts in of_coarser.items():
                system.add((period, area, coarser, group), parts)


def _add_areas(system: _System, children: Mapping[str, Sequence[str]]) -> None:
    """Add the parts of an area up to it, in every period and group."""
    parents = {child: parent for parent, own in children.items() for child in own}
    parts: dict[Place, list[Place]] = {}
    for place in list(system.counts):
        period, area, breakdown, group = place
        if period and area in parents:
            parts.setdefault((period, parents[area], breakdown, group), []).append(place)
    for total, own in parts.items():
        system.add(total, own)
