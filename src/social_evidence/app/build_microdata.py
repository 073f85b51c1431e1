"""Figures from microdata: one scan a wave for every measure, then estimates cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite

from social_evidence.app.build_quantiles import quantile_figures
from social_evidence.app.cells import cell_numbers, sampled, units_per_cell
from social_evidence.app.figures import Figure, Numbers
from social_evidence.app.locate import Located
from social_evidence.app.missing_columns import Asking
from social_evidence.app.replicate_ranks import replicate_ranks
from social_evidence.app.survey_figures import Making, Units
from social_evidence.app.waves import WaveTable, open_waves, waves_of
from social_evidence.engine.codes import Listing, listing
from social_evidence.engine.registry import totals
from social_evidence.errors import DataError
from social_evidence.methods.arrays import Ints
from social_evidence.model.area import AreaTree
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure, Series
from social_evidence.model.provenance import FileRead, FileUsed, LeftOut
from social_evidence.model.source import Source
from social_evidence.plan import rollup
from social_evidence.plan.codes import plain
from social_evidence.plan.compile import (
    Compiled,
    Wanted,
    Wave,
    askers,
    columns_of,
    compile_wave,
    needs,
)
from social_evidence.plan.places import left_out_reason, place
from social_evidence.plan.sampling import unit_scan

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveRead:
    """What one wave gave: figures, files, and what provenance needs to say of it.

    source: as it was read: with the weight of these series, and synthetic where a file says so.
    """

    period: str
    source: Source
    wanted: tuple[Wanted, ...]
    compiled: Compiled
    figures: tuple[Figure, ...]
    files: tuple[FileUsed, ...]
    read: tuple[FileRead, ...]
    rows: int
    left_out: tuple[LeftOut, ...]
    values: Mapping[str, tuple[tuple[object, int], ...]] = field(default_factory=dict)


def read_source(
    catalogue: Catalogue,
    source: Source,
    located: Sequence[Located],
    series: Sequence[tuple[Measure, Series]],
    progress: Progress,
) -> list[WaveRead]:
    """Estimate some series from every wave of a microdata source.

    Args:
        catalogue: Questions, breakdowns and areas.
        source: Its design, items and maps.
        located: Its files.
        series: What to estimate; each from the waves it covers.
        progress: Told before each wave.

    Returns:
        One record a wave that some series covers, or several where series have other weights.
    """
    waves: list[WaveRead] = []
    for wave, files in waves_of(located).items():
        wanted = [
            Wanted(measure=measure, series=one)
            for measure, one in series
            if not one.periods or wave in one.periods
        ]
        if wanted:
            progress(f"{source.id} {wave}")
            waves += _read_weights(catalogue, source, wave, files, wanted)
    _check_periods(source, located, series)
    return _with_empty_areas(waves)


def _read_weights(
    catalogue: Catalogue,
    source: Source,
    wave: str,
    files: Sequence[Located],
    wanted: Sequence[Wanted],
) -> list[WaveRead]:
    """Read one wave once for each weight that its series go with; a file is told of once."""
    by_weight: dict[str, list[Wanted]] = {}
    for one in wanted:
        by_weight.setdefault(one.series.weight or source.design.weight, []).append(one)
    found: list[WaveRead] = []
    told: list[FileRead] = []
    for weight, some in by_weight.items():
        weighted = replace(source, design=replace(source.design, weight=weight))
        read = _read_wave(catalogue, weighted, wave, files, some)
        found.append(replace(read, read=tuple(file for file in read.read if file not in told)))
        told += read.read
    return found


def _with_empty_areas(waves: Sequence[WaveRead]) -> list[WaveRead]:
    """Tell an area that a wave happens to have nobody in from one the source never covers."""
    ever = {area for wave in waves for area in wave.compiled.areas}
    found = []
    for wave in waves:
        empty = ever - set(wave.compiled.areas)
        figures = tuple(
            replace(figure, status="shown", numbers=Numbers(base=0))
            if figure.area in empty and figure.status == "not_available"
            else figure
            for figure in wave.figures
        )
        found.append(replace(wave, figures=figures))
    return found


def _check_periods(
    source: Source, located: Sequence[Located], series: Sequence[tuple[Measure, Series]]
) -> None:
    waves = set(waves_of(located))
    for measure, one in series:
        if lost := sorted(set(one.periods) - waves):
            raise DataError(
                f"measure {measure.id!r}: series {one.id!r} names the period {lost[0]!r}; source "
                f"{source.id!r} has files for {sorted(waves)}. Add the file, or correct `periods`."
            )


def _read_wave(
    catalogue: Catalogue,
    source: Source,
    period: str,
    files: Sequence[Located],
    wanted: Sequence[Wanted],
) -> WaveRead:
    need = needs(source, wanted)
    asking = Asking(catalogue=catalogue, askers=lambda name: askers(source, wanted, name))
    table = open_waves(source, files, need.columns, asking)
    source = replace(source, synthetic=source.synthetic or table.is_marked)
    wave = Wave(
        file=table.name,
        period=period,
        missing=table.missing,
        missing_ranges=table.missing_ranges,
    )
    listed = listing(
        table,
        columns=columns_of(source, wave, need),
        derived=need.derived,
        variables=need.coded,
        ranges=need.ranges,
    )
    _check_listed(table.name, source, listed, [derived.name for derived in need.derived])
    _check_ranges(table.name, listed)
    observed = {name: [value for value, _ in values] for name, values in listed.values.items()}
    wave = replace(wave, observed=observed)
    compiled = compile_wave(catalogue, source, wave, wanted)
    made, outside = _scanned(catalogue, source, wave, table, compiled)
    made += quantile_figures(catalogue, source, wave, table, compiled)
    left_out = _left_out(catalogue.areas, source, table, listed, outside)
    return WaveRead(
        period=wave.period,
        source=source,
        wanted=tuple(wanted),
        compiled=compiled,
        figures=tuple(made),
        files=table.used,
        read=_files_read(source, table, wave.period, listed.rows, outside, left_out),
        rows=listed.rows,
        left_out=left_out,
        values=listed.values,
    )


def _check_listed(file: str, source: Source, listed: Listing, derived: Sequence[str]) -> None:
    if not listed.rows:
        raise DataError(
            f"{file}: there are no rows, so nothing can be estimated. Fetch the file again, or "
            "correct its layout."
        )
    for name in derived:
        values = listed.values.get(name, ())
        count = sum(n for value, n in values if isinstance(value, float) and not isfinite(value))
        if count:
            raise DataError(
                f"{file}: derived variable {name!r} of source {source.id!r} is infinite or not a "
                f"number on {count:,} rows (a division by zero?). Say what such rows mean, for "
                "example with nullif(denominator, 0)."
            )


def _check_ranges(file: str, listed: Listing) -> None:
    for (variable, what), count in listed.outside.items():
        if count:
            raise DataError(
                f"{file}: column {variable!r}: {count:,} rows hold a number outside what {what} "
                "of the source says can be. They would vanish from the figures, or distort them: "
                "list codes for no answer under `missing`, or correct `valid` or `bands`."
            )


def _left_out(
    tree: AreaTree, source: Source, table: WaveTable, listed: Listing, outside: int
) -> tuple[LeftOut, ...]:
    """Count what is in no figure, in the source's own words."""
    found: dict[str, int] = {}
    if outside:
        found["no weight: outside the population the weights describe"] = outside
    for column in source.areas.columns:
        for value, count in listed.values.get(column, ()):
            text = plain(value)
            if place(tree, source, text, table.name) is None:
                reason = left_out_reason(source, text) or source.areas.elsewhere
                found[reason] = found.get(reason, 0) + count
    if len(source.areas.columns) == 1:
        named = sum(count for _, count in listed.values.get(source.areas.columns[0], ()))
        if listed.rows > named:
            found["the row names no area"] = listed.rows - named
    return tuple(LeftOut(name=table.name, reason=r, rows=n) for r, n in sorted(found.items()))


def _files_read(
    source: Source,
    table: WaveTable,
    wave: str,
    rows: int,
    outside: int,
    left_out: tuple[LeftOut, ...],
) -> tuple[FileRead, ...]:
    mains = len(table.tables)
    single = mains == 1
    found = []
    for at, used in enumerate(table.used):
        own = FileRead(source=source.id, name=used.name, sha256=used.sha256, wave=wave)
        if at >= mains:
            lookup = at - mains
            own = replace(own, rows=table.lookups[lookup].rows, unmatched=table.unmatched[lookup])
        elif single:
            own = replace(own, rows=rows, outside_population=outside, left_out=left_out)
        found.append(own)
    return tuple(found)


def _scanned(
    catalogue: Catalogue, source: Source, wave: Wave, table: WaveTable, compiled: Compiled
) -> tuple[list[Figure], int]:
    """Run the scan and turn its cells into figures as they come."""
    scan = compiled.scan
    if scan is None:
        return Making(catalogue, source, wave, compiled, {}).figures(), 0
    answered = totals(scan, table)
    ranks = replicate_ranks(scan, table) if scan.sampling.replicates else None
    design = sampled(source, answered.design, ranks)
    units = _units(source, table, compiled)
    making = Making(catalogue, source, wave, compiled, units)
    for arrays in rollup.stream(answered):
        making.add(cell_numbers(scan, arrays, design))
    return making.figures(), answered.left_out


def _units(source: Source, table: WaveTable, compiled: Compiled) -> Units:
    assert compiled.scan is not None  # noqa: S101 - only called with a scan
    asked = unit_scan(source, compiled.scan)
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], Ints] = {}
    if asked is not None:
        for arrays in rollup.stream(totals(asked, table)):
            counts = units_per_cell(arrays)
            for at, groups in enumerate(arrays.groups):
                found[arrays.dimensions, groups] = counts[at]
    return found
