"""Counts and published tables: read, their areas added up, sums checked against what is printed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from social_evidence.app.counted_tables import open_counted
from social_evidence.app.locate import Located
from social_evidence.engine import counts
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure
from social_evidence.model.provenance import AdditionCheck, FileRead, FileUsed, Lost
from social_evidence.model.source import Source
from social_evidence.plan.counted import (
    WITHIN_CITY,
    Cells,
    coverage,
    subtract_areas,
    sum_areas,
)
from social_evidence.plan.counted_needs import columns_needed


@dataclass(frozen=True, slots=True)
class CountsSource:
    """A source's quantities, areas summed, and what reading it found.

    printed: quantity -> cells as the table prints them, before any sum. gone: quantity -> waves
    that could not be read for it, an empty text where a column would have dated them. lost: why.
    """

    source: Source
    cells: Mapping[str, Cells]
    printed: Mapping[str, Cells]
    files: tuple[FileUsed, ...]
    read: tuple[FileRead, ...]
    gone: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lost: tuple[Lost, ...] = ()


def quantities_of(measures: Sequence[Measure]) -> dict[str, set[str]]:
    """List which quantities of which sources some measures need: source id -> quantity ids."""
    wanted: dict[str, set[str]] = {}
    for measure in measures:
        for series in measure.series:
            own = {series.value_quantity, series.numerator_quantity} - {""}
            wanted.setdefault(series.source, set()).update(own)
            if series.denominator_quantity:
                place = series.denominator_source or series.source
                wanted.setdefault(place, set()).add(series.denominator_quantity)
    return wanted


def read_source(
    catalogue: Catalogue,
    source: Source,
    located: Sequence[Located],
    wanted: Collection[str],
    *,
    gone: Collection[str] = (),
    allow_missing: bool = False,
) -> CountsSource:
    """Read the quantities wanted from a counts or published source and add up its areas.

    Args:
        catalogue: Areas.
        source: Its quantities.
        located: Its files.
        wanted: Ids of quantities.
        gone: Periods that missing files are for.
        allow_missing: Do without a quantity where a file lacks a column that it needs.
    """
    _check_sums(source)
    groups = {frozenset(wanted): list(located)}
    lacking: dict[Path, list[str]] = {}
    if allow_missing:
        groups = _readable(catalogue, source, located, wanted, lacking)
    parts = [
        _read(catalogue, source, files, quantities)
        for quantities, files in groups.items()
        if quantities and files
    ]
    found = _together(source, wanted, parts)
    without = {q: _dated(source, q, gone) for q in wanted}
    lost = []
    for quantities, files in groups.items():
        for one in files if allow_missing else ():
            if missing := sorted(set(wanted) - quantities):
                lost.append(_lost(catalogue, one, missing, lacking[one.path]))
                for quantity in missing:
                    without[quantity] |= _dated(source, quantity, one.file.periods)
    kept = {q: frozenset(waves) for q, waves in without.items()}
    return replace(found, gone=kept, lost=tuple(lost))


def _readable(
    catalogue: Catalogue,
    source: Source,
    located: Sequence[Located],
    wanted: Collection[str],
    lacking: dict[Path, list[str]],
) -> dict[frozenset[str], list[Located]]:
    """Sort files by the quantities that their columns give; those side by side stay together.

    What each file lacks is noted down in `lacking`.
    """
    found: dict[frozenset[str], list[Located]] = {}
    sets: dict[tuple[str, int], list[Located]] = {}
    for at, one in enumerate(located):
        own = (one.file.wave, 0) if source.combine == "columns" else (one.file.wave, at)
        sets.setdefault(own, []).append(one)
    for files in sets.values():
        quantities = set(wanted)
        while quantities:
            try:
                open_counted(catalogue, source, files, quantities)
                break
            except DataError as fault:
                without = {
                    q
                    for q in quantities & set(source.quantities)
                    if set(fault.columns) & set(columns_needed(source, source.quantities[q]))
                }
                if not without:
                    raise
                quantities -= without
                for one in files:
                    lacking.setdefault(one.path, []).extend(fault.columns)
        found.setdefault(frozenset(quantities), []).extend(files)
    return found


def _dated(source: Source, quantity: str, periods: Collection[str]) -> set[str]:
    """Give the periods a quantity goes without: its own, where the definition states one."""
    stated = source.quantities[quantity].period or source.period.fixed
    return {stated} if stated and periods else set(periods)


def _together(
    source: Source, wanted: Collection[str], parts: Sequence[CountsSource]
) -> CountsSource:
    """Put together what was read of a source's files in several goes."""
    if len(parts) == 1 and set(wanted) <= set(parts[0].cells):
        return parts[0]
    return CountsSource(
        source=replace(source, synthetic=any(one.source.synthetic for one in parts)),
        cells={q: _cells(one.cells.get(q, {}) for one in parts) for q in wanted},
        printed={q: _cells(one.printed.get(q, {}) for one in parts) for q in wanted},
        files=tuple(file for one in parts for file in one.files),
        read=tuple(file for one in parts for file in one.read),
    )


def _cells(every: Iterable[Cells]) -> Cells:
    return {address: cell for cells in every for address, cell in cells.items()}


def _lost(
    catalogue: Catalogue, one: Located, quantities: Sequence[str], columns: Sequence[str]
) -> Lost:
    """Record which measures go without what a file's missing columns would have given."""
    source = one.source
    return Lost(
        source=source.id,
        file=one.name or one.file.path,
        wave=one.file.wave,
        columns=tuple(dict.fromkeys(columns)),
        measures=tuple(
            measure.id
            for measure in catalogue.measures.values()
            if quantities_of([measure]).get(source.id, set()) & set(quantities)
        ),
        how_to_get=source.how_to_get,
    )


def _check_sums(source: Source) -> None:
    if (source.areas.sums or source.areas.less) and source.kind != "counts":
        raise DefinitionError(
            f"source {source.id!r} is {source.kind}, and areas.sums or areas.less asks to add its "
            "figures up. Only counts add up; a share of a city is not the sum of its boroughs'. "
            "Remove it."
        )
    if source.period.sum_to and source.kind != "counts":
        raise DefinitionError(
            f"source {source.id!r} is {source.kind}, and period.sum_to asks to add its months up. "
            "Only counts add up; a share of a year is not the sum of its months'. Remove `sum_to`."
        )


def _read(
    catalogue: Catalogue, source: Source, located: Sequence[Located], wanted: Collection[str]
) -> CountsSource:
    opened = open_counted(catalogue, source, located, wanted)
    tables = [(one.located.file, one.table) for one in opened]
    source = replace(
        source, synthetic=source.synthetic or any(table.is_marked for _, table in tables)
    )
    found = counts.read(source, tables, catalogue.areas, wanted)
    summed = {
        quantity: subtract_areas(
            sum_areas(cells, source.areas.sums, catalogue.areas, source.areas.flags),
            source.areas.less,
        )
        for quantity, cells in found.cells.items()
    }
    files = tuple(one.used for one in opened)
    read = tuple(
        FileRead(
            source=source.id,
            name=used.name,
            sha256=used.sha256,
            wave=used.period,
            rows=table.rows or table.to_table(list(table.columns[:1])).num_rows,
            left_out=tuple(
                lost for lost in found.left_out if lost.name.split(" + ")[0] == table.name
            ),
            markers={column: dict(marks) for column, marks in table.markers.items() if marks},
        )
        for used, (_, table) in zip(files, tables, strict=True)
    )
    return CountsSource(source, summed, found.cells, files, read)


def addition_checks(catalogue: Catalogue, read: CountsSource) -> Iterator[AdditionCheck]:
    """Add up the areas below every area of the city that a table of counts prints.

    Means and shares do not add up; and of a country the tree holds only the part we publish. What
    is checked is published with its numbers, so a table that is not open is left alone.
    """
    if read.source.kind != "counts" or not read.source.published_openly:
        return
    for quantity, cells in sorted(read.printed.items()):
        seen = {address.area for address in cells}
        for address, cell in sorted(cells.items()):
            tree = catalogue.areas
            is_within = tree.areas[address.area].kind in WITHIN_CITY
            if cell.number is None or not is_within or not tree.children(address.area):
                continue
            declared = read.source.areas.flags.get(address.area, ())
            cover = coverage(address.area, seen - {address.area}, catalogue.areas, declared)
            parts = [cells.get(address._replace(area=part)) for part in cover.parts]
            below = [part.number for part in parts if part is not None and part.number is not None]
            if cover.complete and len(below) == len(parts) and (address[2:] == ("all", "all")):
                yield AdditionCheck(
                    source=read.source.id,
                    quantity=quantity,
                    period=address.period,
                    area=address.area,
                    areas_below=len(below),
                    printed=cell.number,
                    added=float(sum(below)),
                )
