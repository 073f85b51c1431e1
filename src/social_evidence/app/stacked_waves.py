"""The stack of several waves: which columns it has, how they follow from each wave's, its scan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.model.area import AreaTree
from social_evidence.model.source import Source
from social_evidence.plan.codes import identifier
from social_evidence.plan.compile import Compiled, Reading
from social_evidence.plan.counted import WITHIN_CITY
from social_evidence.plan.dimensions import AREA
from social_evidence.plan.sampling import WAVE, disclosure_unit, pooled_sampling, sampling_of
from social_evidence.plan.scan import Column, Dimension, Group, Item, Scan

_WEIGHT: Final = "weight in the pool"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveRows:
    """The rows of one wave, worked out: what a pool stacks.

    table: design columns under their names, `y<n>`, `x<n>` and `in<n>` of the scan's items, and
    `d<n>` of its dimensions; None where the pool asks nothing of the wave.
    """

    compiled: Compiled
    table: pa.Table | None = None
    digest: str = ""
    file_digests: tuple[str, ...] = ()


def design_names(source: Source) -> tuple[str, ...]:
    """Name the columns of a source's design that a stack of its waves keeps."""
    recurring = (source.design.units_recur,) if source.design.units_recur else ()
    named = (*sampling_of(source).columns, *disclosure_unit(source), *recurring)
    return tuple(dict.fromkeys(named))


class StackPlan:
    """What is stacked, and the scan over it: its columns are answers and numbers of groups."""

    def __init__(
        self,
        tree: AreaTree,
        source: Source,
        parts: Sequence[WaveRows],
        lost: Collection[str] = (),
    ) -> None:
        self.tree = tree
        self.source = source
        self.lost = lost
        self.parts = parts
        self.scans = [one.compiled.scan for one in parts if one.compiled.scan is not None]
        self.items = self._items()
        self.domains = {
            domain: n for n, domain in enumerate(dict.fromkeys(map(self._domain, self.items)))
        }
        self.areas = self._areas()

    def compiled(self) -> Compiled:
        """Write the scan over the stack."""
        first = self.parts[0].compiled
        dimensions = self._dimensions()
        only = self._only()
        names = [*self._design_names(), *self._own_names()]
        scan = Scan(
            source=self.source.id,
            columns=tuple(Column(name=name) for name in names),
            sampling=pooled_sampling(self.source, _WEIGHT),
            items=tuple(self._item(n, places) for n, places in enumerate(self.items)),
            dimensions=dimensions,
            cells=tuple(only),
            only=tuple((cell, AREA, kept) for cell, kept in only.items() if AREA in cell),
        )
        return replace(
            first,
            scan=scan,
            readings=self._readings(),
            quantiles=(),
            dimensions=dimensions,
            columns=scan.columns,
            derived=(),
            areas=tuple(self.areas) or (first.area,),
        )

    def table(self) -> pa.Table:
        """Stack the rows of the waves."""
        factors = self._factors()
        kinds = {name: self._kind(name) for name in self._design_names() if name != WAVE}
        stacked = []
        for at, one in enumerate(self.parts):
            assert one.table is not None  # noqa: S101 - a wave with a scan has its rows
            arrays = {name: _as_kind(one.table.column(name), kinds[name]) for name in kinds}
            arrays[WAVE] = pa.array(np.full(one.table.num_rows, at, dtype=np.int32))
            arrays |= self._weights(one.table, factors[at])
            arrays |= self._answers(at, one.table)
            arrays |= self._codes(at, one.table)
            stacked.append(pa.table(arrays))
        return pa.concat_tables(stacked, promote_options="permissive")

    def _design_names(self) -> tuple[str, ...]:
        sampling = sampling_of(self.source)
        replicates = {*sampling.replicates, sampling.weight}
        kept = [name for name in design_names(self.source) if name not in replicates]
        return (*kept, WAVE)

    def _own_names(self) -> list[str]:
        names = [_WEIGHT, *sampling_of(self.source).replicates]
        for n, item in enumerate(self._item(n, p) for n, p in enumerate(self.items)):
            names += [f"y{n}"] + ([f"x{n}"] if item.x else [])
        names += [f"in{n}" for n in range(len(self.domains))]
        return names + [f"d{n}" for n in range(len(self._dimension_names()))]

    def _kind(self, name: str) -> pa.DataType:
        """Choose how a design column is held: as its waves do, as numbers, else as text."""
        kinds = {_plain_kind(one.table.column(name)) for one in self.parts if one.table is not None}
        if len(kinds) == 1:
            return kinds.pop()
        numbers = all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds)
        return pa.float64() if numbers else pa.string()

    def _factors(self) -> list[float]:
        """Say what each wave's weights are multiplied by."""
        n = len(self.parts)
        if self.source.design.weights_sum_to == "population":
            return [1 / n] * n
        sums = [self._sum_of_weights(one) for one in self.parts]
        return [sum(sums) / n / own if own else 1.0 for own in sums]

    def _sum_of_weights(self, one: WaveRows) -> float:
        assert one.table is not None  # noqa: S101 - a wave with a scan has its rows
        weight = sampling_of(self.source).weight
        if weight is None:
            return float(one.table.num_rows)
        # Added up in the order of their size, so that the order of rows cannot change the sum.
        values = np.sort(np.asarray(pc.drop_null(one.table.column(weight)), dtype=np.float64))
        return float(values.sum())

    def _weights(self, table: pa.Table, factor: float) -> dict[str, pa.Array]:
        sampling = sampling_of(self.source)
        ones = pa.array(np.ones(table.num_rows))
        weight = ones if sampling.weight is None else table.column(sampling.weight)
        found = {_WEIGHT: pc.multiply(pc.cast(weight, pa.float64()), factor)}
        for name in sampling.replicates:
            found[name] = pc.multiply(pc.cast(table.column(name), pa.float64()), factor)
        return found

    def _items(self) -> dict[tuple[int, ...], int]:
        """Number what is summed: place in each wave's scan -> place in the stack's."""
        found: dict[tuple[int, ...], int] = {}
        for at in range(len(self.parts[0].compiled.readings)):
            for second in (False, True):
                places = self._places(at, second=second)
                if places:
                    found.setdefault(places, len(found))
        return found

    def _places(self, reading: int, *, second: bool) -> tuple[int, ...]:
        found = []
        for one, scan in zip(self.parts, self.scans, strict=True):
            own = one.compiled.readings[reading]
            name = own.weights if second else own.item
            found += [n for n, item in enumerate(scan.items) if item.id == name]
        return tuple(found)

    def _readings(self) -> tuple[Reading, ...]:
        items = self.items
        found = []
        for at, own in enumerate(self.parts[0].compiled.readings):
            second = self._places(at, second=True)
            weights = f"i{items[second]}" if second else ""
            item = f"i{items[self._places(at, second=False)]}"
            found.append(replace(own, item=item, weights=weights))
        return tuple(found)

    def _item(self, number: int, places: Sequence[int]) -> Item:
        own = self.scans[0].items[places[0]]
        return Item(
            id=f"i{number}",
            statistic=own.statistic,
            y=identifier(f"y{number}"),
            x=None if own.x is None else identifier(f"x{number}"),
            where=identifier(f"in{self.domains[self._domain(places)]}"),
            squares=own.squares,
        )

    def _domain(self, places: Sequence[int]) -> tuple[tuple[str | None, str | None], ...]:
        pairs = zip(self.scans, places, strict=True)
        return tuple((scan.universe, scan.items[n].where) for scan, n in pairs)

    def _answers(self, at: int, table: pa.Table) -> dict[str, pa.Array]:
        found = {}
        for places, number in self.items.items():
            own = places[at]
            found[f"y{number}"] = table.column(f"y{own}")
            if f"x{own}" in table.column_names:
                found[f"x{number}"] = table.column(f"x{own}")
            found[f"in{self.domains[self._domain(places)]}"] = table.column(f"in{own}")
        return found

    def _dimension_names(self) -> tuple[str, ...]:
        every = dict.fromkeys(d.id for scan in self.scans for d in scan.dimensions)
        return tuple(name for name in every if name not in self.lost)

    def _areas(self) -> dict[str, set[str]]:
        """List the areas that the stack gives, each with the lowest ones it is made of.

        An area of the city is there if one wave names a part of it; one above, a country, must be
        whole in every wave, or its figure would stand for less than its name.
        """
        found: dict[str, set[str]] = {}
        counts: dict[str, int] = {}
        lowest: set[str] = set()
        for scan in self.scans:
            for dimension in (d for d in scan.dimensions if d.id == AREA):
                leaves = _leaves(self.tree, dimension)
                lowest |= set(leaves)
                for group in dimension.groups:
                    found.setdefault(group.id, set()).update(leaves[code] for code in group.codes)
                    counts[group.id] = counts.get(group.id, 0) + 1
        return {
            area: found[area]
            for area in sorted(found)
            if counts[area] == len(self.parts)
            or area in lowest
            or self.tree.areas[area].kind in WITHIN_CITY
        }

    def _dimensions(self) -> tuple[Dimension, ...]:
        found = []
        for n, name in enumerate(self._dimension_names()):
            own = next(d for scan in self.scans for d in scan.dimensions if d.id == name)
            number = identifier(f"d{n}")
            if name == AREA:
                place = {leaf: at for at, leaf in enumerate(_lowest(self.areas))}
                groups = tuple(
                    Group(id=area, codes=tuple(sorted(place[leaf] for leaf in leaves)))
                    for area, leaves in self.areas.items()
                )
                own = Dimension(id=AREA, sql=number, size=len(place), groups=groups)
            found.append(replace(own, sql=number))
        return tuple(found)

    def _codes(self, at: int, table: pa.Table) -> dict[str, pa.Array]:
        """Give the numbers of the groups; areas afresh, as waves name different ones."""
        scan = self.scans[at]
        own = {dimension.id: n for n, dimension in enumerate(scan.dimensions)}
        found = {}
        for n, name in enumerate(self._dimension_names()):
            if name not in own:
                found[f"d{n}"] = pa.nulls(table.num_rows, pa.int32())
                continue
            codes = pc.cast(table.column(f"d{own[name]}"), pa.int32())
            if name == AREA:
                place = {leaf: at for at, leaf in enumerate(_lowest(self.areas))}
                leaves = _leaves(self.tree, scan.dimensions[own[name]])
                numbers = pa.array([place[leaf] for leaf in leaves], pa.int32())
                codes = pc.take(numbers, codes)
            found[f"d{n}"] = codes
        return found

    def _only(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """Say which sets of cells are asked of any wave, and for which areas."""
        asked: dict[tuple[str, ...], set[str]] = {}
        for scan in self.scans:
            kept = {cell: ids for cell, _, ids in scan.only}
            for cell in (own for own in scan.cells if not set(own) & set(self.lost)):
                asked.setdefault(cell, set()).update(kept.get(cell, ()))
        return {
            cell: tuple(area for area in self.areas if area in ids) for cell, ids in asked.items()
        }


def _lowest(areas: Mapping[str, set[str]]) -> list[str]:
    return sorted(set().union(*areas.values())) if areas else []


def _leaves(tree: AreaTree, dimension: Dimension) -> list[str]:
    """Name the area behind each code: of all groups that hold it, the lowest in the tree."""
    found = [""] * dimension.size
    for group in dimension.groups:
        for code in group.codes:
            depth = len(tree.ancestors(group.id))
            if not found[code] or depth > len(tree.ancestors(found[code])):
                found[code] = group.id
    return found


def _plain_kind(column: pa.ChunkedArray) -> pa.DataType:
    kind = column.type
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _as_kind(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """Write a design column as all waves hold it: 5, 5.0 and "5" are one PSU."""
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    if column.type == kind:
        return column
    if pa.types.is_string(kind) and pa.types.is_floating(column.type):
        whole = pc.all(pc.equal(column, pc.floor(column))).as_py()
        column = pc.cast(column, pa.int64()) if whole else column
    return pc.cast(column, kind)
