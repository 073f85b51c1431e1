"""A table held in memory, so that a wave's file is read once however often it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from social_evidence.app.waves import WaveTable
from social_evidence.model.table import Code

# A larger wave is streamed from its file each time: memory is bounded, time is not.
_ROOM: Final = 2**28


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldTable:
    """A `SourceTable` in memory.

    digest, file_digests: of the table, and of the files by which what is cached of it is found.
    """

    name: str
    digest: str
    file_digests: tuple[str, ...]
    table: pa.Table
    labels: Mapping[str, Mapping[Code, str]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, frozenset[Code]] = field(default_factory=dict)
    missing_ranges: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    markers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names."""
        return tuple(self.table.column_names)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.table.num_rows)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Give record batches of the columns named, or of all."""
        chosen = self.table if columns is None else self.table.select(list(columns))
        yield from chosen.to_batches()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.table.to_reader().__arrow_c_stream__(requested_schema)


def hold(wave: WaveTable) -> HeldTable | WaveTable:
    """Read a wave into memory where it has room there; else give it back as it is."""
    batches, size = [], 0
    for batch in wave.batches():
        batches.append(batch)
        size += batch.nbytes
        if size > _ROOM:
            return wave
    return HeldTable(
        name=wave.name,
        digest=wave.digest,
        file_digests=wave.file_digests,
        table=pa.Table.from_batches(batches, wave.schema),
        labels=wave.labels,
        titles=wave.titles,
        missing=wave.missing,
        missing_ranges=wave.missing_ranges,
        markers=wave.markers,
    )
