"""Figures of a survey's wave while its cells arrive: rates, means, gaps, and what is absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from social_evidence.app.cell_limits import LEVEL, WALD, ItemLimits, item_limits, method_of
from social_evidence.app.cells import CellNumbers, units_per_cell
from social_evidence.app.contrasts import ScanCells
from social_evidence.app.figures import Figure, Numbers, areas_flags, known
from social_evidence.app.grid import Grid, grid_of, is_unknown
from social_evidence.app.group_gaps import reference_group
from social_evidence.methods import intervals
from social_evidence.methods.arrays import Ints
from social_evidence.model.breakdown import ALL, parts_of
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Status
from social_evidence.model.measure import Measure
from social_evidence.model.period import parse
from social_evidence.model.source import Source
from social_evidence.plan.compile import Compiled, Reading
from social_evidence.plan.dimensions import AREA
from social_evidence.plan.needs import Wave, is_asked
from social_evidence.plan.publication import cells_published
from social_evidence.plan.rollup import CellArrays
from social_evidence.plan.sampling import disclosure_unit, sampling_of

Units = Mapping[tuple[tuple[str, ...], tuple[str, ...]], Ints]
"""Set of dimensions and groups of a cell -> distinct disclosure units by item."""


@dataclass(slots=True)
class Making:
    """Figures of one wave while its cells arrive.

    kept: the cells themselves, for comparisons; None where no sampling error is known.
    """

    catalogue: Catalogue
    source: Source
    wave: Wave
    compiled: Compiled
    units: Units
    kept: ScanCells | None = None
    found: dict[tuple[int, str, str, str, str], Figure] = field(default_factory=dict)

    def add(self, cells: CellNumbers) -> None:
        """Take the cells of one set in."""
        set_parts = frozenset(cells.arrays.dimensions) - {AREA}
        limits = item_limits(cells, self.compiled.readings)
        first = 0 if self.kept is None else self.kept.add(cells)
        for place, reading in enumerate(self.compiled.readings):
            measure = reading.wanted.measure
            for breakdown in (ALL, *measure.breakdowns):
                if frozenset(parts_of(breakdown)) == set_parts:
                    own = limits[reading.item, method_of(reading)]
                    cell_of = self._add_breakdown(place, reading, breakdown, cells, own)
                    if self.kept is not None:
                        numbered = self.kept.cells.setdefault(place, {})
                        for (area, group), at in cell_of.items():
                            numbered[area, breakdown, group] = first + at

    def _add_breakdown(
        self,
        place: int,
        reading: Reading,
        breakdown: str,
        cells: CellNumbers,
        limits: ItemLimits,
    ) -> Mapping[tuple[str, str], int]:
        """Make the figures of one breakdown; say which cell each area and group is."""
        arrays = cells.arrays
        item = arrays.items.index(reading.item)
        numbers = _numbers(cells, item, limits, self._units_of(arrays, cells, item))
        if self.source.minimum_numerator and reading.wanted.measure.statistic == "proportion":
            parts = cells.base[:, arrays.items.index(reading.weights)]
            numbers = [replace(n, part=int(p)) for n, p in zip(numbers, parts, strict=True)]
        cell_of: dict[tuple[str, str], int] = {}
        statistic = reading.wanted.measure.statistic
        for at, groups in enumerate(arrays.groups):
            area, group = self.compiled.address(arrays.dimensions, groups, breakdown)
            cell_of[area, group] = at
            cell = (area, breakdown, group)
            figure = survey_figure(
                self.source, self.wave.period, reading, cell, statistic, numbers[at]
            )
            self.found[place, area, breakdown, group, statistic] = figure
        if reading.wanted.measure.gap:
            self._add_gaps(place, reading, breakdown, cells, item, cell_of)
        return cell_of

    def _add_gaps(
        self,
        place: int,
        reading: Reading,
        breakdown: str,
        cells: CellNumbers,
        item: int,
        cell_of: Mapping[tuple[str, str], int],
    ) -> None:
        """Add the reference group's rate less each group's, with the covariance of the two."""
        for (area, group), at in cell_of.items():
            measure = reading.wanted.measure
            reference = reference_group(self.catalogue, measure, breakdown, group)
            if not reference:
                continue
            value, error, df = cells.difference(item, cell_of[area, reference], at)
            period = self.wave.period
            pair = tuple((period, area, breakdown, g) for g in (reference, group))
            cell = (area, breakdown, group)
            numbers = _difference_numbers(value, error, df)
            figure = survey_figure(self.source, period, reading, cell, "difference", numbers)
            self.found[place, area, breakdown, group, "difference"] = replace(figure, made_of=pair)

    def _units_of(self, arrays: CellArrays, cells: CellNumbers, item: int) -> Ints | None:
        """Give the disclosure units of each cell: counted apart, or the PSUs where those are it."""
        if self.units:
            keys = [(arrays.dimensions, groups) for groups in arrays.groups]
            return np.array([self.units[key][item] for key in keys], dtype=np.int64)
        unit = disclosure_unit(self.source)
        if arrays.form == "clustered" and unit == sampling_of(self.source).psu:
            return units_per_cell(cells.arrays)[:, item]
        return None

    def figures(self) -> list[Figure]:
        """Give the measures' whole grid: what was estimated, and why the rest is absent."""
        made: list[Figure] = []
        for place, reading in enumerate(self.compiled.readings):
            made += self._grid_of(place, reading)
        return made

    def _grid_of(self, place: int, reading: Reading) -> Iterator[Figure]:
        measure = reading.wanted.measure
        grid = survey_grid(self.catalogue, self.source, self.wave, measure, self.compiled.areas)
        for cell in grid.cells():
            figure = self.found.get((place, *cell, measure.statistic))
            if figure is None or not grid.is_asked(*cell[1:]):
                if not is_unknown(cell[2]):
                    yield absent(self.source, self.wave.period, reading, grid, cell)
                continue
            if figure.numbers.base or not is_unknown(cell[2]):
                yield figure
            gap = self.found.get((place, *cell, "difference"))
            if gap is not None:
                yield gap


def survey_grid(
    catalogue: Catalogue, source: Source, wave: Wave, measure: Measure, given: Sequence[str]
) -> Grid:
    """Lay out the cells of one measure for a survey; people without a group have one of theirs.

    Args:
        catalogue: Plan, areas and breakdowns.
        source: Its maps.
        wave: Whether it is a pool.
        measure: What is measured.
        given: Areas the source gives.
    """
    asked = [b for b in measure.breakdowns if is_asked(source, b)]
    reached = {
        part: {*groups.groups.values(), *groups.bands, *groups.equal_parts}
        for part, groups in source.breakdowns.items()
    }
    return grid_of(
        catalogue,
        cells_published(catalogue, source, measure, given, pooled=wave.pooled),
        breakdowns=asked,
        unknown=set(asked),
        reached=reached,
        lost=wave.lost,
    )


def survey_figure(
    source: Source,
    period: str,
    reading: Reading,
    place: tuple[str, str, str],
    statistic: str,
    numbers: Numbers,
) -> Figure:
    """Make one figure of a survey.

    Args:
        source: Where it comes from.
        period: Label of its wave.
        reading: Its measure and series.
        place: Area, breakdown and group.
        statistic: As in the estimates table.
        numbers: Unrounded.
    """
    area, breakdown, group = place
    flags = set(areas_flags(source, area)) | set(reading.wanted.series.flags)
    if any(source.breakdowns[part].approximate for part in parts_of(breakdown)):
        flags.add("approximate_groups")
    return Figure(
        measure=reading.wanted.measure,
        series=reading.wanted.series,
        source=source,
        period=parse(period),
        area=area,
        breakdown=breakdown,
        group=group,
        statistic=statistic,
        numbers=_without_error(numbers) if source.design.basis == "none" else numbers,
        variance_basis=source.design.basis,
        flags=frozenset(flags),
    )


def _without_error(numbers: Numbers) -> Numbers:
    """Keep the value and the base of a source that says its sampling error is not known."""
    return Numbers(estimate=numbers.estimate, base=numbers.base, units=numbers.units)


def absent(
    source: Source, period: str, reading: Reading, grid: Grid, place: tuple[str, str, str]
) -> Figure:
    """Say why a cell the measure asks for has no figure."""
    area, breakdown, group = place
    is_expected = grid.is_asked(breakdown, group) or grid.is_lost(breakdown)
    status: Status = "not_available" if is_expected else "not_asked"
    return Figure(
        measure=reading.wanted.measure,
        series=reading.wanted.series,
        source=source,
        period=parse(period),
        area=area,
        breakdown=breakdown,
        group=group,
        statistic=reading.wanted.measure.statistic,
        status=status,
        flags=areas_flags(source, area) | frozenset(reading.wanted.series.flags),
    )


def _numbers(
    cells: CellNumbers, item: int, limits: ItemLimits, units: Ints | None
) -> list[Numbers]:
    """Put the numbers of every cell of one item together."""
    value, error = cells.value[:, item], cells.standard_error[:, item]
    df, deff, base = cells.degrees_of_freedom[:, item], cells.deff[:, item], cells.base[:, item]
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = base / deff
    return [
        Numbers(
            estimate=known(value[at]),
            standard_error=known(error[at]),
            lower=known(limits.lower[at]),
            upper=known(limits.upper[at]),
            level=LEVEL,
            interval_method=limits.methods[at],
            degrees_of_freedom=float(df[at]) if base[at] else None,
            design_effect=known(deff[at]),
            effective_base=known(effective[at]),
            base=int(base[at]),
            units=None if units is None else int(units[at]),
        )
        for at in range(value.size)
    ]


def _difference_numbers(value: float, error: float, df: int) -> Numbers:
    if error == 0:
        # Groups in which everybody answers alike show no error: that is too few people to see
        # one, not certainty, so no limits are given.
        return Numbers(estimate=known(value), degrees_of_freedom=float(df))
    lower, upper = intervals.wald(
        np.array([value]), np.array([error]), np.array([float(df)]), LEVEL
    )
    return Numbers(
        estimate=known(value),
        standard_error=known(error),
        lower=known(float(lower[0])),
        upper=known(float(upper[0])),
        level=LEVEL,
        interval_method=WALD,
        degrees_of_freedom=float(df),
    )
