"""One wave of a survey, opened: its table, and what its variables hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.app.held import HeldTable, hold
from social_evidence.app.locate import Located
from social_evidence.app.missing_columns import Asking
from social_evidence.app.waves import WaveTable, open_waves
from social_evidence.engine.codes import Listing, listing
from social_evidence.errors import DataError
from social_evidence.model.area import AreaTree
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.provenance import FileRead, FileUsed, LeftOut
from social_evidence.model.source import Source
from social_evidence.plan.codes import plain
from social_evidence.plan.costs import weighted
from social_evidence.plan.needs import Needs, Wanted, Wave, askers, columns_of, needs
from social_evidence.plan.places import left_out_reason, place


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWave:
    """A wave that can be scanned.

    source: as it was read: synthetic where a file says so. table: held in memory where it has
    room. files: as they were opened. listed: what the variables hold.
    """

    source: Source
    wave: Wave
    table: HeldTable | WaveTable
    files: WaveTable
    listed: Listing

    @property
    def used(self) -> tuple[FileUsed, ...]:
        """The wave's files."""
        return self.files.used


def read_wave(
    catalogue: Catalogue,
    source: Source,
    period: str,
    files: Sequence[Located],
    wanted: Sequence[Wanted],
) -> OpenWave:
    """Open a wave with every column that some series need, whatever weight they go with.

    Raises:
        DataError: A column is missing (it names them all), there are no rows, nobody has a weight
            above 0, nobody is found in a file, or a number is none or lies where the source says
            that none can be.
    """
    need = _together([needs(weighted(source, one), [one]) for one in wanted])
    asking = Asking(catalogue=catalogue, askers=lambda name: askers(source, wanted, name))
    opened = open_waves(source, files, need.columns, asking)
    source = replace(source, synthetic=source.synthetic or opened.is_marked)
    wave = Wave(
        file=opened.name,
        period=period,
        missing=opened.missing,
        missing_ranges=opened.missing_ranges,
    )
    table = hold(opened)
    for weight in sorted({weighted(source, one).design.weight for one in wanted}):
        _check_weighted(opened.name, table, weight)
    listed = listing(
        table,
        columns=columns_of(source, wave, need),
        derived=need.derived,
        variables=need.coded,
        ranges=need.ranges,
    )
    _check_found(opened, listed.rows)
    _check_listed(opened.name, source, listed, [derived.name for derived in need.derived])
    _check_ranges(opened.name, listed)
    observed = {name: [value for value, _ in values] for name, values in listed.values.items()}
    return OpenWave(
        source=source,
        wave=replace(wave, observed=observed),
        table=table,
        files=opened,
        listed=listed,
    )


def _check_weighted(file: str, table: HeldTable | WaveTable, weight: str) -> None:
    """Refuse a wave of which a weight is above 0 for nobody: all its figures would be empty."""
    if weight not in table.columns:
        return  # none, or derived: that has been worked out for nobody yet
    has_rows = False
    for batch in table.batches([weight]):
        column = batch.column(0)
        has_rows = has_rows or batch.num_rows > 0
        # Text in a weight is told of with its count, where weights are read.
        if not _is_number(column.type) or pc.any(pc.greater(column, 0)).as_py():
            return
    if has_rows:
        raise DataError(
            f"{file}: no weight in column {weight!r} is above 0, so the sample stands for nobody. "
            "Fetch the file again (a workbook may have lost what its formulas gave), or name "
            "another column."
        )


def _check_found(opened: WaveTable, rows: int) -> None:
    """Refuse a file in which nobody is found: it is another survey's or another wave's."""
    for count, one in zip(opened.unmatched, opened.lookups, strict=True):
        if rows and count == rows:
            raise DataError(
                f"{one.name}: none of the {rows:,} rows of the wave's other files is found in it "
                f"by {', '.join(one.keys)}, so everything it gives would be unknown. Is it the "
                "file of this survey and wave, and are these its keys? Correct the file, or `join`."
            )


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _together(every: Sequence[Needs]) -> Needs:
    """Put together what several series need of one file."""
    return Needs(
        columns=tuple(sorted({name for need in every for name in need.columns})),
        derived=tuple(dict.fromkeys(one for need in every for one in need.derived)),
        coded=tuple(sorted({name for need in every for name in need.coded})),
        ranges={key: ranges for need in every for key, ranges in need.ranges.items()},
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


def left_out(tree: AreaTree, opened: OpenWave, outside: int) -> tuple[LeftOut, ...]:
    """Count what is in no figure, in the source's own words.

    Args:
        tree: Areas.
        opened: The wave.
        outside: Rows without a weight, where the source says that they are outside the population.
    """
    source, listed, name = opened.source, opened.listed, opened.wave.file
    found: dict[str, int] = {}
    if outside:
        found["no weight: outside the population the weights describe"] = outside
    for column in source.areas.columns:
        for value, count in listed.values.get(column, ()):
            text = plain(value)
            if place(tree, source, text, name) is None:
                reason = left_out_reason(source, text) or source.areas.elsewhere
                found[reason] = found.get(reason, 0) + count
    if len(source.areas.columns) == 1:
        named = sum(count for _, count in listed.values.get(source.areas.columns[0], ()))
        if listed.rows > named:
            found["the row names no area"] = listed.rows - named
    return tuple(LeftOut(name=name, reason=r, rows=n) for r, n in sorted(found.items()))


def files_read(opened: OpenWave, outside: int, lost: tuple[LeftOut, ...]) -> tuple[FileRead, ...]:
    """Say what reading each file of a wave found."""
    table = opened.files
    mains = len(table.tables)
    found = []
    for at, used in enumerate(table.used):
        own = FileRead(
            source=opened.source.id, name=used.name, sha256=used.sha256, wave=opened.wave.period
        )
        if at >= mains:
            lookup = at - mains
            own = replace(own, rows=table.lookups[lookup].rows, unmatched=table.unmatched[lookup])
        elif mains == 1:
            rows = opened.listed.rows
            own = replace(own, rows=rows, outside_population=outside, left_out=lost)
        found.append(own)
    return tuple(found)
