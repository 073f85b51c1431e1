"""The files of one wave of a survey as one table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final, Protocol, TypeVar

import numpy as np
import pyarrow as pa

from social_evidence.app.locate import Located, Opened
from social_evidence.app.lookups import Lookup, make_lookup
from social_evidence.app.missing_columns import Asking, missing_columns
from social_evidence.app.stacked_files import check_missing, common_schema, fitted
from social_evidence.errors import DataError, DefinitionError
from social_evidence.methods.replication import rank_of_gram
from social_evidence.model.layout import Layout
from social_evidence.model.provenance import FileUsed
from social_evidence.model.source import Source
from social_evidence.model.table import Code
from social_evidence.readers.table import FileTable

_ROWS_AT_ONCE: Final = 65_536
_Fact = TypeVar("_Fact")


@dataclass(frozen=True, slots=True, eq=False)
class WaveTable:
    """One or several files of one wave, streamed one after the other; a `SourceTable`.

    What a file that is looked up knows of a row stands beside the row; null where it has none.
    Of files that share a column, the first says what its labels and missing codes are.

    layouts: how each file was read, part of what makes a table what it is. lookups: files looked
    up for each row, in order. main: kinds of what the other files hold, keys included. whole: kinds
    of all columns; None takes those of the only file. readings: what else makes the table what it
    is: names, joins. unmatched: for each file looked up, the rows that found nothing in it.
    is_marked: a file says that it is synthetic.
    """

    tables: tuple[FileTable, ...]
    used: tuple[FileUsed, ...]
    layouts: tuple[Layout, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    main: pa.Schema | None = None
    whole: pa.Schema | None = None
    readings: tuple[str, ...] = ()
    unmatched: tuple[int, ...] = ()
    is_marked: bool = False

    @property
    def name(self) -> str:
        """The files' names."""
        return " + ".join(table.name for table in self._sources)

    @property
    def _sources(self) -> tuple[FileTable, ...]:
        return (*self.tables, *(lookup.source for lookup in self.lookups))

    @property
    def digest(self) -> str:
        """A sha-256 of the files' own and of how each was read.

        One archive may hold the tables of two waves, and another decimal sign or another column
        under the same name makes other numbers of the same bytes: what is cached for one reading
        is never right for another.
        """
        parts = [*self.file_digests, *map(_reading, self.layouts), *self.readings]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The sha-256 of each file, by which what is cached of it can be found and removed."""
        return tuple(table.digest for table in self._sources)

    @property
    def schema(self) -> pa.Schema:
        """Names and kinds of the columns."""
        return self.tables[0].schema if self.whole is None else self.whole

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names."""
        return tuple(self.schema.names)

    @property
    def rows(self) -> int | None:
        """Rows of all files, where each is known."""
        counts = [table.rows for table in self.tables]
        return None if None in counts else sum(count or 0 for count in counts)

    @property
    def labels(self) -> Mapping[str, Mapping[Code, str]]:
        """Value labels by column."""
        return _first_said(table.labels for table in self._sources)

    @property
    def titles(self) -> Mapping[str, str]:
        """Variable labels by column."""
        return _first_said(table.titles for table in self._sources)

    @property
    def missing(self) -> Mapping[str, frozenset[Code]]:
        """User-missing codes by column."""
        return _first_said(table.missing for table in self._sources)

    @property
    def missing_ranges(self) -> Mapping[str, tuple[tuple[float, float], ...]]:
        """User-missing ranges by column."""
        return _first_said(table.missing_ranges for table in self._sources)

    @property
    def markers(self) -> Mapping[str, Mapping[str, int]]:
        """Suppression markers by column."""
        return _first_said(table.markers for table in self._sources)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Stream record batches of all files in turn."""
        if self.main is None:
            for table in self.tables:
                yield from table.batches(columns)
            return
        wanted = list(self.columns if columns is None else columns)
        lookups = [one for one in self.lookups if set(one.columns.column_names) & set(wanted)]
        given = {name for one in lookups for name in one.columns.column_names}
        keys = [key for one in lookups for key in one.keys]
        own = [name for name in dict.fromkeys((*wanted, *keys)) if name not in given]
        schema = pa.schema([self.main.field(name) for name in own])
        for batch in _larger(self._stacked(schema), bool(lookups)):
            yield _beside(batch, lookups, wanted)

    def count_unmatched(self) -> tuple[int, ...]:
        """Count, for each file looked up, the rows that find nothing in it."""
        lost = [0] * len(self.lookups)
        if self.main is not None and self.lookups:
            keys = dict.fromkeys(key for one in self.lookups for key in one.keys)
            schema = pa.schema([self.main.field(key) for key in keys])
            for batch in _larger(self._stacked(schema), is_wanted=True):
                for at, one in enumerate(self.lookups):
                    lost[at] += one.places(batch).null_count
        return tuple(lost)

    def _stacked(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Stream the main files alone, brought to one schema."""
        for table in self.tables:
            own = [name for name in schema.names if name in table.schema.names]
            for batch in table.batches(own or list(table.columns[:1])):
                yield fitted(batch, schema, table.name)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        reader = pa.RecordBatchReader.from_batches(self.schema, self.batches())
        return reader.__arrow_c_stream__(requested_schema)


def _first_said(facts: Iterable[Mapping[str, _Fact]]) -> dict[str, _Fact]:
    found: dict[str, _Fact] = {}
    for one in facts:
        found = {**one, **found}
    return found


def _larger(batches: Iterable[pa.RecordBatch], is_wanted: bool) -> Iterator[pa.RecordBatch]:
    """Put small batches together: looking a batch up costs something of its own."""
    kept: list[pa.RecordBatch] = []
    for batch in batches:
        kept.append(batch)
        if not is_wanted or sum(one.num_rows for one in kept) >= _ROWS_AT_ONCE:
            yield kept[0] if len(kept) == 1 else pa.concat_batches(kept)
            kept = []
    if kept:
        yield pa.concat_batches(kept)


def _beside(
    batch: pa.RecordBatch, lookups: Sequence[Lookup], wanted: Sequence[str]
) -> pa.RecordBatch:
    """Put beside each row what the files looked up know of it."""
    arrays = {name: batch.column(name) for name in batch.schema.names if name in wanted}
    for lookup in lookups:
        places = lookup.places(batch)
        for name in lookup.columns.column_names:
            if name in wanted:
                arrays[name] = lookup.given(name, places)
    return pa.RecordBatch.from_arrays([arrays[name] for name in wanted], names=list(wanted))


def open_waves(
    source: Source, files: Sequence[Located], columns: Sequence[str], asking: Asking | None = None
) -> WaveTable:
    """Open the files of one wave, only the columns needed.

    Args:
        source: Says how several files join.
        files: The wave's files: respondents, and files that are looked up for them.
        columns: Columns needed, by our names.
        asking: Who needs them, for the message where one is missing.

    Raises:
        DataError: A column is missing, two files to be stacked differ in a column's kind or in
            what they call missing, or a file that is looked up has a key twice.
        DefinitionError: Files of respondents that stand side by side; they must be one file.
    """
    mains = [one for one in files if not one.file.join]
    others = [one for one in files if one.file.join]
    _check_main(source, mains)
    keys = [key for one in others for key in one.file.join]
    asked = list(dict.fromkeys((*columns, *keys)))
    opened = [one.opened(asked) for one in mains]
    rest = _lacking(source, opened, columns, asking)
    joined, apart = _looked_up(others, rest)
    if lost := rest - {column for one in joined for column in one.gives}:
        namings = [one.naming for one in (*opened, *(j.opened for j in joined), *apart)]
        raise missing_columns(source, namings, [c for c in columns if c in lost], asking)
    return _wave_table(source, opened, joined, columns, asking)


def _check_main(source: Source, mains: Sequence[Located]) -> None:
    if not mains:
        raise DefinitionError(
            f"source {source.id!r}: every file of a wave is one that is looked up (`join`), and "
            "none holds the respondents. Name the file of respondents."
        )
    if len(mains) > 1 and source.combine != "rows":
        raise DefinitionError(
            f'source {source.id!r}: microdata of one wave may be stacked (combine = "rows"), '
            f"not joined by {source.combine or 'nothing'!r}: a respondent whose second half is "
            "missing would be lost unseen. Give the second file the key by which it is looked "
            "up (`join`), or join the files once and name the result."
        )


def _lacking(
    source: Source, opened: Sequence[Opened], columns: Sequence[str], asking: Asking | None
) -> set[str]:
    """Find the columns that no main file has; one that only some have must be said to be absent."""
    held = {column for one in opened for column in columns if column in one.table.schema.names}
    for one in opened:
        own, absent = set(one.table.schema.names), set(one.located.file.absent)
        if wrong := sorted(absent & own & set(columns)):
            raise DataError(
                f"{one.table.name}: column {wrong[0]!r} is in the file, though source "
                f"{source.id!r} says under `absent` that it is not. Its answers would be lost: "
                "take it out of `absent`, or give another column its name."
            )
        if lost := [column for column in columns if column in held - own - absent]:
            raise missing_columns(source, [one.naming], lost, asking)
    return set(columns) - held


@dataclass(frozen=True, slots=True)
class _Joined:
    """A file that is looked up, and which columns it gives."""

    opened: Opened
    gives: tuple[str, ...]


def _looked_up(others: Sequence[Located], rest: set[str]) -> tuple[list[_Joined], list[Opened]]:
    """Open the files that are looked up until every column is found; the first that has it."""
    joined: list[_Joined] = []
    apart: list[Opened] = []
    rest = set(rest)
    for one in others:
        if not rest:
            break
        opened = one.opened([*one.file.join, *sorted(rest - set(one.file.join))])
        gives = [name for name in opened.table.schema.names if name in rest]
        rest -= set(gives)
        if gives:
            joined.append(_Joined(opened, tuple(gives)))
        else:
            apart.append(opened)
    return joined, apart


def _wave_table(
    source: Source,
    opened: Sequence[Opened],
    joined: Sequence[_Joined],
    columns: Sequence[str],
    asking: Asking | None,
) -> WaveTable:
    """Put what was opened together."""
    keys = list(dict.fromkeys(key for one in joined for key in one.opened.located.file.join))
    for one in (*opened, *(j.opened for j in joined)):
        own = one.located.file.join or keys
        if lost := [key for key in own if key not in one.table.schema.names]:
            giving = [name for j in joined if _finds(j, one, lost) for name in j.gives]
            raise missing_columns(source, [one.naming], lost, asking, giving)
    tables = tuple(one.table for one in opened)
    given = {column for one in joined for column in one.gives}
    stacked = [name for name in dict.fromkeys((*columns, *keys)) if name not in given]
    check_missing(tables, stacked)
    main = common_schema(tables, stacked)
    called = " + ".join(table.name for table in tables)
    lookups = tuple(
        make_lookup(j.opened.table, j.opened.located.file.join, j.gives, main, called)
        for j in joined
    )
    kinds = {field.name: field for field in main}
    kinds |= {field.name: field for one in lookups for field in one.columns.schema}
    everything = (*opened, *(one.opened for one in joined))
    table = WaveTable(
        tables=tables,
        used=tuple(one.used for one in everything),
        layouts=tuple(one.located.layout for one in everything),
        lookups=lookups,
        main=main,
        whole=pa.schema([kinds[name] for name in columns]),
        readings=tuple(one.reading for one in everything),
        is_marked=any(one.table.is_marked for one in everything),
    )
    return replace(table, unmatched=table.count_unmatched())


def _finds(joined: _Joined, one: Opened, keys: Sequence[str]) -> bool:
    """Say whether a file is looked up by keys that are missing in it or in the main file."""
    own = joined.opened.located.file.join
    return joined.opened is one or (not one.located.file.join and not set(keys).isdisjoint(own))


def _reading(layout: Layout) -> str:
    """Write down everything a layout says, whatever the order of its tables."""
    return json.dumps(asdict(layout), sort_keys=True)


class Streamed(Protocol):
    """A table that streams the columns named."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Stream record batches of the columns named, or of all."""


def replicate_rank(table: Streamed, replicates: Sequence[str]) -> int:
    """Find the rank of the replicate weights, batch by batch; 0 where there are none."""
    if not replicates:
        return 0
    gram = np.zeros((len(replicates), len(replicates)))
    for batch in table.batches(list(replicates)):
        columns = [
            np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
            for column in batch.columns
        ]
        weights = np.nan_to_num(np.column_stack(columns))
        gram += weights.T @ weights
    return int(rank_of_gram(gram))
