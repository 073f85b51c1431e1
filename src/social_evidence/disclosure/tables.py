"""Which published counts add up to which: groups, areas, crossings, pools and nested groups.

Every cell of one series is one unknown, wherever it stands. What links them is what an attacker
would use: groups of a breakdown add up to everybody, parts of a city to the city, crossings to
their margins, waves to their pool, finer groups to coarser ones. Sums that are never published
but follow (a city's pool from its waves) are cells too, without being judged.

Counts of nearly the same people (answers to two questions of one survey) give one another away
wherever one is shown and the other is not. They are layers of one table with one pattern of
hidden cells: whatever can be added to the hidden cells of every layer at once, without a sum
breaking or a count falling below zero, an attacker cannot tell from nothing, even one who knows
how far the layers lie apart in every cell.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from social_evidence.disclosure.attack import LinkedCounts
from social_evidence.disclosure.stand_ins import stand_ins
from social_evidence.model.breakdown import ALL, parts_of

Place = tuple[str, str, str, str]
"""Period, area, breakdown and group of a cell."""
Sum = tuple[Place, tuple[Place, ...]]
"""A total and its parts."""

CONSTANT: Place = ("", "", "constant", "")
"""What layers that add up differently lack in a sum: known, and never a count of anybody."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Counts of one kind, and how they add up.

    Attributes:
        counts: Place -> count; None where a release hid it and nobody can compute it any more.
        links: How its areas, periods and groups add up.
    """

    counts: Mapping[Place, int | None]
    links: Links


def link(
    counts: Mapping[Place, int | None], links: Links
) -> tuple[LinkedCounts, tuple[Place, ...]]:
    """Put the counts of one series and all sums among them together.

    Args:
        counts: Place -> unweighted count of every cell the series publishes or hides.
        links: How areas, periods and groups add up.

    Returns:
        The linked counts, and the place of each: first those given, in their order, then sums
        that follow, then what a sum leaves over (people without a known part), each under a
        place of its own that nothing publishes.
    """
    return link_layers([Layer(counts=counts, links=links)])


def link_layers(layers: Sequence[Layer]) -> tuple[LinkedCounts, tuple[Place, ...]]:
    """Put layers together as one table, whose cells move by the same number in all of them.

    Args:
        layers: Counts of nearly the same people, at least one.

    Returns:
        As `link`, with the smallest count of each place: no cell can lose more than that in all
        layers. What then lacks in a sum stands in it as a known number, for it stays the same.
    """
    systems = [_System.of(layer) for layer in layers]
    least: dict[Place, int] = {}
    for system in systems:
        for place, count in system.counts.items():
            least[place] = min(count, least.get(place, count))
    lines: dict[tuple[Sum, bool], list[int]] = {}
    for system in systems:
        for line, over in system.lines.items():
            lines.setdefault((line, over > 0), []).append(over)
    rows: list[tuple[Place, list[Place], int]] = []
    for number, (((total, parts), has_rest), spare) in enumerate(lines.items()):
        own = list(parts)
        if has_rest:
            rest = ("", "", "rest", str(number))
            least[rest] = min(spare)
            own.append(rest)
        rows.append((total, own, least[total] - sum(least[part] for part in own)))
    return _arrays(least, rows)


def _arrays(
    counts: dict[Place, int], rows: Sequence[tuple[Place, list[Place], int]]
) -> tuple[LinkedCounts, tuple[Place, ...]]:
    if any(lacking for *_, lacking in rows):
        counts[CONSTANT] = 1
    at = {place: number for number, place in enumerate(counts)}
    index, columns, values = [], [], []
    for row, (total, parts, lacking) in enumerate(rows):
        entries = [(at[total], 1), *((at[part], -1) for part in parts)]
        if lacking:
            entries.append((at[CONSTANT], -lacking))
        index += [row] * len(entries)
        columns += [column for column, _ in entries]
        values += [value for _, value in entries]
    matrix = sparse.csr_array(
        (values, (index, columns)), shape=(len(rows), len(at)), dtype=np.int64
    )
    numbers = np.fromiter(counts.values(), dtype=np.int64, count=len(at))
    return LinkedCounts(numbers, matrix, np.zeros(len(at), dtype=np.int64)), tuple(at)


@dataclass(slots=True)
class _System:
    """The cells of one layer and its sums; what each sum leaves over."""

    counts: dict[Place, int]
    lines: dict[Sum, int]

    @classmethod
    def of(cls, layer: Layer) -> _System:
        found = _Sums(dict(layer.counts))
        _add_pools(found, layer.links.pools)
        for (period, area), tables in _tables(found.counts).items():
            _add_margins(found, period, area, tables)
            _add_nested(found, period, area, tables, layer.links.within)
        _add_areas(found, layer.links.children)
        counts = stand_ins(found.counts, found.sums)
        lines = {}
        for total, parts in found.sums:
            over = counts[total] - sum(counts[part] for part in parts)
            # Parts that are more than their total are no sum: one person stands in several.
            if over >= 0:
                lines[total, parts] = over
        return cls(counts, lines)


@dataclass(slots=True)
class _Sums:
    """Cells and sums as they are found, whether or not the counts are known."""

    counts: dict[Place, int | None]
    sums: list[Sum] = field(default_factory=list)

    def add(self, total: Place, parts: Iterable[Place]) -> None:
        """Note a sum over those parts that there are."""
        known = tuple(part for part in parts if part in self.counts)
        if known and total in self.counts:
            self.sums.append((total, known))

    def follow(self, total: Place, parts: Sequence[Place]) -> None:
        """Add up what nobody publishes."""
        counts = [self.counts[part] for part in parts]
        known = [count for count in counts if count is not None]
        self.counts.setdefault(total, sum(known) if len(known) == len(counts) else None)


def _add_pools(system: _Sums, pools: Mapping[str, tuple[str, ...]]) -> None:
    """Link each pool with its waves; where only the waves are published their sum follows.

    A wave without anybody of unknown group has no row of them, and is none the less known.
    """
    by_table: dict[tuple[str, str, str], dict[str, int | None]] = {}
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
                system.follow(total, parts)
                system.add(total, parts)


Tables = Mapping[frozenset[str], tuple[str, tuple[str, ...]]]


def _tables(
    counts: Mapping[Place, int | None],
) -> dict[tuple[str, str], Tables]:
    """List the breakdowns, with their groups, of every period and area."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for period, area, breakdown, group in counts:
        if period:
            found.setdefault((period, area), {}).setdefault(breakdown, []).append(group)
    return {
        key: {frozenset(parts_of(b)): (b, tuple(groups)) for b, groups in own.items()}
        for key, own in found.items()
    }


def _add_margins(system: _Sums, period: str, area: str, tables: Tables) -> None:
    """Add each breakdown and crossing up to everybody and to every margin that is published."""
    for dimensions, (breakdown, groups) in tables.items():
        for margin in _subsets(dimensions):
            if margin not in tables:
                continue
            total_breakdown, _ = tables[margin]
            order = [parts_of(breakdown).index(part) for part in parts_of(total_breakdown)]
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
    system: _Sums,
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


def _add_areas(system: _Sums, children: Mapping[str, Sequence[str]]) -> None:
    """Add the parts of an area up to it, in every period and group."""
    parents = {child: parent for parent, own in children.items() for child in own}
    parts: dict[Place, list[Place]] = {}
    for place in list(system.counts):
        period, area, breakdown, group = place
        if period and area in parents:
            parts.setdefault((period, parents[area], breakdown, group), []).append(place)
    for total, own in parts.items():
        system.add(total, own)
