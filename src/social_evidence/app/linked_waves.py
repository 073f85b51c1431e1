"""Change between waves that share sampled units: what people say in one is tied to the next.

Waves of a panel interview the same people, and addresses may stay for years. Added up by the unit
that links them, the influence of both waves gives the covariance of a change by itself: the design
is that of all units of both waves, as if the two files were one with the wave as a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from social_evidence.app.comparison_pairs import Cell, earlier_of
from social_evidence.app.contrasts import Contrasts, ScanCells
from social_evidence.methods import cell_pairs
from social_evidence.methods.arrays import Ints
from social_evidence.methods.cell_pairs import CellInfluence, Entries
from social_evidence.methods.strata import make_strata
from social_evidence.model.period import Period, parse
from social_evidence.model.source import Source
from social_evidence.plan.compile import Reading
from social_evidence.plan.totals import DesignTable

SeriesKey = tuple[str, str, str]
"""Measure, part and series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedWave:
    """Cells of one wave or pool, and the units that other waves may share.

    series: series -> its item's column and the cells of its places. units: (stratum, PSU) as the
    file has them, in the order of the unit's numbers.
    """

    period: Period
    influence: CellInfluence
    degrees_of_freedom: Ints
    series: dict[SeriesKey, tuple[int, dict[Cell, int]]]
    units: tuple[tuple[object, object], ...]


def linked_wave(
    kept: ScanCells, period: str, readings: Sequence[Reading], design: DesignTable
) -> LinkedWave | None:
    """Keep what another wave needs of this one; None where nothing was counted.

    Args:
        kept: The scan's cells.
        period: Label of the wave or pool.
        readings: Which series each item is.
        design: Names of strata and PSUs.
    """
    if not kept.pieces:
        return None
    influence, degrees = kept.influence()
    items = kept.pieces[0].arrays.items
    return LinkedWave(
        period=parse(period),
        influence=influence,
        degrees_of_freedom=degrees,
        series={
            (one.wanted.measure.id, one.wanted.series.part, one.wanted.series.id): (
                items.index(one.item),
                kept.cells.get(place, {}),
            )
            for place, one in enumerate(readings)
        },
        units=tuple(
            (design.strata[stratum], psu)
            for stratum, psu in zip(design.stratum.tolist(), design.psus, strict=True)
        ),
    )


@dataclass(slots=True)
class LinkedWaves:
    """Earlier waves of a survey, as many as a later one may still be compared with."""

    waves: list[LinkedWave] = field(default_factory=list)

    def changes(self, source: Source, new: LinkedWave | None) -> tuple[Contrasts, ...]:
        """Compare a wave with earlier ones of the same units, then keep it for later ones.

        Args:
            source: Its design.
            new: The wave that was scanned just now; None where units are not linked.

        Returns:
            Changes of every series of the wave that an earlier one has too.
        """
        if new is None:
            return ()
        asked: dict[int, dict[SeriesKey, list[Cell]]] = {}
        for key, (_, cells) in new.series.items():
            before = {at: one for at, one in enumerate(self.waves) if key in one.series}
            for cell in cells:
                known = {one.period: at for at, one in before.items() if cell in one.series[key][1]}
                for earlier, later in earlier_of([*known, new.period]):
                    if later == new.period:
                        asked.setdefault(known[earlier], {}).setdefault(key, []).append(cell)
        found = []
        for at, wanted in sorted(asked.items()):
            both = _both(self.waves[at], new)
            found += [_change(source, both, key, own) for key, own in wanted.items()]
        self.waves.append(new)
        self._forget()
        return tuple(found)

    def _forget(self) -> None:
        """Drop waves that no later one is compared with.

        A series' first wave is kept, and of the others those that share days with the newest and
        the latest that does not.
        """
        needed: set[int] = set()
        for key in {key for wave in self.waves for key in wave.series}:
            own = sorted((w.period, at) for at, w in enumerate(self.waves) if key in w.series)
            newest = own[-1][0]
            apart = [at for period, at in own if not period.overlaps(newest)]
            needed |= {own[0][1], *apart[-1:]} | {at for p, at in own if p.overlaps(newest)}
        self.waves = [wave for at, wave in enumerate(self.waves) if at in needed]


@dataclass(frozen=True, slots=True)
class _Both:
    """Two waves with the common numbers of their units.

    numbers: of each wave's units. stratum: of each common unit, ascending.
    """

    waves: tuple[LinkedWave, LinkedWave]
    numbers: tuple[Ints, Ints]
    stratum: Ints


def _both(old: LinkedWave, new: LinkedWave) -> _Both:
    """Number the units of two waves together; what has one name in both is one unit."""
    place = {unit: at for at, unit in enumerate(dict.fromkeys((*old.units, *new.units)))}
    strata: dict[object, int] = {}
    stratum = np.array([strata.setdefault(unit[0], len(strata)) for unit in place], dtype=np.int64)
    order = np.argsort(stratum, kind="stable")
    number = np.empty(order.size, dtype=np.int64)
    number[order] = np.arange(order.size)
    first, second = (
        number[np.array([place[unit] for unit in wave.units], dtype=np.int64)]
        for wave in (old, new)
    )
    return _Both((old, new), (first, second), stratum[order])


def _change(source: Source, both: _Both, key: SeriesKey, cells: Sequence[Cell]) -> Contrasts:
    """Work out the changes of one series from one wave to another, over the units of both."""
    sides = [
        _side(wave, key, cells, number, both.stratum.size)
        for wave, number in zip(both.waves, both.numbers, strict=True)
    ]
    joint = CellInfluence(
        entries=_together([entries for entries, _, _ in sides]),
        present=_together([present for _, present, _ in sides]),
        stratum=both.stratum,
        strata=make_strata(np.bincount(both.stratum), lonely_psu=source.design.lonely_psu),
    )
    count = len(cells)
    pairs = np.stack([np.arange(count) + count, np.arange(count)], axis=1)
    degrees = np.concatenate([df for _, _, df in sides])
    variance = cell_pairs.difference_variances(joint, pairs, nested=None)
    df = cell_pairs.union_degrees_of_freedom(joint, degrees, pairs)
    labels = [wave.period.label for wave in both.waves]
    return Contrasts(
        key=key,
        places=tuple((label, *cell) for label in labels for cell in cells),
        other=np.arange(count),
        to=np.arange(count) + count,
        standard_error=np.sqrt(variance[:, 0]),
        degrees_of_freedom=df[:, 0].astype(np.float64),
    )


def _side(
    wave: LinkedWave, key: SeriesKey, cells: Sequence[Cell], number: Ints, n_units: int
) -> tuple[Entries, Entries, Ints]:
    """Take one series' cells out of a wave, units by their common numbers."""
    item, known = wave.series[key]
    wanted = np.array([known[cell] for cell in cells], dtype=np.int64)
    entries, present = wave.influence.entries, wave.influence.present
    lengths = np.diff(entries.starts)[wanted]
    starts = np.r_[0, np.cumsum(lengths)]
    rows = np.repeat(entries.starts[wanted] - starts[:-1], lengths) + np.arange(starts[-1])
    common = number[entries.key[rows]]
    cell = np.repeat(np.arange(wanted.size), lengths)
    order = np.lexsort((common, cell))
    column = min(item, present.value.shape[1] - 1)

    def chosen(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Entries:
        return Entries(
            starts=starts, key=common[order], value=values[rows[order], None], n_keys=n_units
        )

    sides = chosen(entries.value[:, item]), chosen(present.value[:, column])
    return *sides, wave.degrees_of_freedom[wanted, item][:, None]


def _together(parts: Sequence[Entries]) -> Entries:
    """Put the cells of two waves one after the other."""
    first, second = parts
    return Entries(
        starts=np.r_[first.starts, first.starts[-1] + second.starts[1:]],
        key=np.concatenate([first.key, second.key]),
        value=np.concatenate([first.value, second.value]),
        n_keys=first.n_keys,
    )
