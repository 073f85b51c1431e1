"""Figures from counts and published tables: ratios, rates and shares of cells that were counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from social_evidence.app.counts_reading import CountsSource
from social_evidence.app.figures import Figure, Numbers, areas_flags, known
from social_evidence.app.grid import Grid, grid_of, is_unknown
from social_evidence.app.group_gaps import counted_gaps
from social_evidence.errors import DataError, DefinitionError
from social_evidence.methods import count_ratios, count_shares, rates
from social_evidence.methods.counts import Interval
from social_evidence.methods.trend import standard_error_from_limits
from social_evidence.model.breakdown import ALL, parts_of
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Status
from social_evidence.model.measure import Measure, Series
from social_evidence.model.period import Period, parse
from social_evidence.model.source import Source
from social_evidence.plan.counted import (
    NOT_AVAILABLE,
    Address,
    Cell,
    Cells,
    added,
    coverage,
    denominator_label,
    find,
    nearest,
    periods_of,
)
from social_evidence.plan.publication import areas_expected, cells_published

PER: Mapping[str, float] = {"per_1000": 1000.0}
"""How many a rate is for, by its unit."""


def figures(
    catalogue: Catalogue,
    measure: Measure,
    series: Series,
    read: Mapping[str, CountsSource],
    latest: int | None = None,
) -> list[Figure]:
    """Make every figure of one series of a counts or published source.

    Args:
        catalogue: Areas and breakdowns.
        measure: What is measured.
        series: Its quantities.
        read: Sources by id, the denominator's included.
        latest: Only the last so many periods; None for all.

    Returns:
        One figure for every period, area and group the measure asks for.

    Raises:
        DataError: A period the series names is not in the source, or a share passes 1.
    """
    own = read[series.source]
    below = read.get(_denominator_source(series))
    made = _Making(catalogue, measure, series, own, below, latest)
    return made.figures()


def _denominator_source(series: Series) -> str:
    return series.denominator_source or series.source


@dataclass(frozen=True)
class _Making:
    """One series with its sources."""

    catalogue: Catalogue
    measure: Measure
    series: Series
    own: CountsSource
    below: CountsSource | None
    latest: int | None

    @property
    def source(self) -> Source:
        return self.own.source

    @property
    def quantity(self) -> str:
        return self.series.value_quantity or self.series.numerator_quantity

    @cached_property
    def _printed(self) -> frozenset[str]:
        """Areas that the tables print, before any sum."""
        return frozenset(address.area for address in self.own.printed[self.quantity])

    @cached_property
    def _periods_below(self) -> frozenset[str]:
        """Periods for which there is a denominator."""
        quantity = self.series.denominator_quantity
        return frozenset() if self.below is None else periods_of(self.below.cells[quantity])

    def figures(self) -> list[Figure]:
        cells = self.own.cells[self.quantity]
        unknown = {frozenset(parts_of(a.breakdown)) for a in cells if is_unknown(a.group)}
        given = tuple(sorted({address.area for address in cells}))
        given = given or areas_expected(self.catalogue, self.source, self.measure)
        grid = grid_of(
            self.catalogue,
            cells_published(self.catalogue, self.source, self.measure, given, pooled=False),
            breakdowns={address.breakdown for address in cells} or self._told(),
            unknown=[b for b in self.measure.breakdowns if frozenset(parts_of(b)) in unknown],
        )
        places = [
            (period, area, breakdown, group)
            for period in self._periods(cells)
            for area, breakdown, group in grid.cells()
            if not is_unknown(group)
            or find(cells, Address(area, period.label, breakdown, group)) is not None
        ]
        make = self._published if self.series.value_quantity else self._counted
        made = make(places, grid)
        gaps = counted_gaps(self.catalogue, self.measure, made) if self.measure.gap else ()
        return [*made, *gaps]

    def _told(self) -> set[str]:
        """List the breakdowns a quantity gives, where no file of it could be read."""
        quantity = self.source.quantities[self.quantity]
        groups = {*quantity.groups, *quantity.group_columns}
        return {b for b in self.measure.breakdowns if set(parts_of(b)) <= groups}

    def _periods(self, cells: Cells) -> list[Period]:
        gone = self.own.gone.get(self.quantity, frozenset())
        labels = {address.period for address in cells} | (gone - {""})
        if (not cells and gone) or "" in gone:
            labels |= set(self.series.periods)
        for label in self.series.periods:
            if label not in labels:
                raise DataError(
                    f"measure {self.measure.id!r}: series {self.series.id!r} names the period "
                    f"{label!r}, which source {self.source.id!r} does not hold"
                    f"{nearest(label, labels)}. Correct the series' periods."
                )
        periods = sorted(parse(label) for label in self.series.periods or labels)
        return periods if self.latest is None else periods[-self.latest :]

    def _published(self, places: Sequence[_Place], grid: Grid) -> list[Figure]:
        cells = self.own.cells[self.quantity]
        level = self.source.quantities[self.quantity].level
        found = []
        for place in places:
            cell = find(cells, _address(place)) or NOT_AVAILABLE
            has_limits = cell.lower is not None and cell.upper is not None
            numbers = Numbers(
                estimate=cell.number,
                lower=cell.lower,
                upper=cell.upper,
                level=level if has_limits else None,
                interval_method="published" if has_limits else "none",
            )
            found.append(self._figure(place, numbers, self._status(place, cell, grid), "published"))
        return found

    def _counted(self, places: Sequence[_Place], grid: Grid) -> list[Figure]:
        numerator_cells = self.own.cells[self.quantity]
        tops = [find(numerator_cells, _address(place)) or NOT_AVAILABLE for place in places]
        bottoms = [self._denominator(place) for place in places]
        interval = self._interval(tops, bottoms)
        found = []
        for at, (place, top, bottom) in enumerate(zip(places, tops, bottoms, strict=True)):
            cell = top if top.number is None else bottom or top
            status = self._status(place, cell, grid)
            numbers = self._numbers(interval, at, top, bottom)
            found.append(self._figure(place, numbers, status, "administrative"))
        return found

    def _denominator(self, place: _Place) -> Cell | None:
        """Find the denominator of a place, over the areas that the numerator covers."""
        if not self.series.denominator_quantity:
            return None
        if self.below is None:
            raise DefinitionError(
                f"measure {self.measure.id!r}: the denominator's source "
                f"{self.series.denominator_source!r} was not read."
            )
        cells = self.below.cells[self.series.denominator_quantity]
        period, area, breakdown, group = place
        breakdown, group = self._of_everybody(breakdown, group)
        held = self._periods_below
        label = denominator_label(period, self.series.denominator_period, held)
        own = find(cells, Address(area, label, breakdown, group))
        parts, is_whole = self._parts(area)
        if is_whole and (own is not None or not parts):
            return own or NOT_AVAILABLE
        return added(
            find(cells, Address(part, label, breakdown, group)) or NOT_AVAILABLE for part in parts
        )

    def _of_everybody(self, breakdown: str, group: str) -> tuple[str, str]:
        """Drop the parts of a crossing that divide events and not people: strands of hate crime."""
        kept = [
            pair
            for pair in zip(parts_of(breakdown), group.split(" * "), strict=False)
            if self.catalogue.breakdowns[pair[0]].partition
        ]
        return "*".join(b for b, _ in kept) or ALL, " * ".join(g for _, g in kept) or ALL

    def _parts(self, area: str) -> tuple[tuple[str, ...], bool]:
        """Say which parts of an area the numerator covers, and whether that is all of it.

        An area whose numerator leaves a part out needs a denominator without that part. Where
        both are printed in one table, the table's own figure has the same parts.
        """
        tree = self.catalogue.areas
        if not tree.children(area):
            return (), True
        declared = self.source.areas.flags.get(area, ())
        if area not in self._printed:
            cover = coverage(area, self._printed, tree, declared)
        elif self.below is self.own:
            return (), True
        else:
            cover = coverage(area, tree.leaves(area), tree, declared)
        return cover.parts, set(cover.parts) == set(tree.leaves(area))

    def _interval(self, tops: Sequence[Cell], bottoms: Sequence[Cell | None]) -> Interval | None:
        if not self.series.denominator_quantity:
            return None
        x = _array([cell.number for cell in tops])
        n = _array([cell.number if cell else None for cell in bottoms])
        x, n = np.where(np.isnan(n), np.nan, x), np.where(np.isnan(x), np.nan, n)
        per = PER.get(self.measure.unit, 1.0)
        error = _array([_standard_error(cell, self._level) for cell in bottoms])
        try:
            if np.isfinite(error).any():
                return count_ratios.ratio_over_estimate(
                    x, n, error, per=per, numerator_standard_error=self._chance(x)
                )
            return self._method()(x, n, per)
        except DataError as fault:
            names = dict.fromkeys(f.table for s in (self.own, self.below) if s for f in s.files)
            raise DataError(
                f"{' + '.join(names)}: measure {self.measure.id!r}, series {self.series.id!r}: "
                f"{fault}"
            ) from fault

    def _chance(self, events: _Floats) -> _Floats:
        """Give the chance error of a rate's events: of none, nothing can be said this way."""
        if self.measure.statistic != "rate":
            return np.zeros_like(events)
        return np.sqrt(np.where(events > 0, events, np.nan))

    @property
    def _level(self) -> float:
        """The level of the limits that the denominator's publisher gives."""
        below = (self.below or self.own).source
        return below.quantities[self.series.denominator_quantity].level

    def _method(self) -> Callable[[_Floats, _Floats, float], Interval]:
        if self.measure.statistic == "rate":
            return lambda x, n, per: rates.exact_below_10_else_byar(x, n, per=per)
        if self.measure.statistic == "proportion":
            if not self.series.numerator_within_denominator:
                raise DefinitionError(
                    f"measure {self.measure.id!r} is a proportion of counts, but series "
                    f"{self.series.id!r} does not say that its numerator is part of its "
                    "denominator. Set numerator_within_denominator, or call the statistic ratio."
                )
            return lambda x, n, _: count_shares.wilson(x, n)
        return lambda x, n, per: count_ratios.ratio_of_counts(x, n, per=per)

    def _numbers(
        self, interval: Interval | None, at: int, top: Cell, bottom: Cell | None
    ) -> Numbers:
        scale = 1.0 if top.number is None else abs(top.number)
        sizes = [scale] + ([abs(bottom.number)] if bottom and bottom.number is not None else [])
        if interval is None:
            return Numbers(estimate=top.number, size=int(min(sizes)))
        return Numbers(
            estimate=known(interval.estimate[at]),
            standard_error=known(interval.standard_error[at]),
            lower=known(interval.lower[at]),
            upper=known(interval.upper[at]),
            level=interval.level,
            interval_method=interval.interval_method,
            size=int(min(sizes)),
            numerator=top.number,
            denominator=bottom.number if bottom else None,
        )

    def _status(self, place: _Place, cell: Cell, grid: Grid) -> Status:
        _, _, breakdown, group = place
        if breakdown not in grid.asked:
            return "not_asked"
        if is_unknown(group):
            return "not_applicable"
        return cell.status

    def _figure(self, place: _Place, numbers: Numbers, status: Status, method: str) -> Figure:
        period, area, breakdown, group = place
        flags = {*areas_flags(self.source, area), *self.series.flags, *self._missing_parts(area)}
        if self.below is not None and self.below.source.synthetic:
            flags.add("synthetic")
        if any(part in self._approximate() for part in breakdown.split("*")):
            flags.add("approximate_groups")
        return Figure(
            measure=self.measure,
            series=self.series,
            source=self.source,
            period=period,
            area=area,
            breakdown=breakdown,
            group=group,
            statistic=self.measure.statistic,
            numbers=numbers,
            status=status,
            method=method,
            variance_basis="published" if _is_estimated(numbers) else "none",
            flags=frozenset(flags),
        )

    def _missing_parts(self, area: str) -> tuple[str, ...]:
        """Flag an area that was added up without a part the source does not cover."""
        if area in self._printed or not self.catalogue.areas.children(area):
            return ()
        declared = self.source.areas.flags.get(area, ())
        return coverage(area, self._printed, self.catalogue.areas, declared).flags

    def _approximate(self) -> set[str]:
        groups = self.source.quantities[self.quantity].groups
        return {breakdown for breakdown, mapping in groups.items() if mapping.approximate}


_Place = tuple[Period, str, str, str]
_Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def _address(place: _Place) -> Address:
    period, area, breakdown, group = place
    return Address(area, period.label, breakdown, group)


def _array(values: Sequence[float | None]) -> _Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _standard_error(cell: Cell | None, level: float) -> float | None:
    if cell is None or cell.lower is None or cell.upper is None:
        return None
    return float(standard_error_from_limits(cell.lower, cell.upper, level))


def _is_estimated(numbers: Numbers) -> bool:
    return numbers.interval_method in {"published", count_ratios.DELTA}
