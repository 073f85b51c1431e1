"""The files of one wave of a survey as one table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa

from social_evidence.app.locate import Located
from social_evidence.errors import DataError, DefinitionError
from social_evidence.methods.replication import rank_of_gram
from social_evidence.model.layout import Layout
from social_evidence.model.provenance import FileUsed
from social_evidence.model.source import Source
from social_evidence.model.table import Code
from social_evidence.readers.table import FileTable


@dataclass(frozen=True, slots=True, eq=False)
class WaveTable:
    """One or several files of one wave, streamed one after the other; a `SourceTable`.

    The files have the same columns; the first says what its labels and missing codes are.

    layouts: how each file was read, part of what makes a table what it is.
    """

    tables: tuple[FileTable, ...]
    used: tuple[FileUsed, ...]
    layouts: tuple[Layout, ...] = ()

    @property
    def name(self) -> str:
        """The files' names."""
        return " + ".join(table.name for table in self.tables)

    @property
    def digest(self) -> str:
        """A sha-256 of the files' own and of how each was read.

        One archive may hold the tables of two waves, and another decimal sign makes other numbers
        of the same bytes: what is cached for one reading is never right for another.
        """
        parts = [*(table.digest for table in self.tables), *map(_reading, self.layouts)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The sha-256 of each file, by which what is cached of it can be found and removed."""
        return tuple(table.digest for table in self.tables)

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names."""
        return self.tables[0].columns

    @property
    def rows(self) -> int | None:
        """Rows of all files, where each is known."""
        counts = [table.rows for table in self.tables]
        return None if None in counts else sum(count or 0 for count in counts)

    @property
    def labels(self) -> Mapping[str, Mapping[Code, str]]:
        """Value labels by column."""
        return self.tables[0].labels

    @property
    def titles(self) -> Mapping[str, str]:
        """Variable labels by column."""
        return self.tables[0].titles

    @property
    def missing(self) -> Mapping[str, frozenset[Code]]:
        """User-missing codes by column."""
        return self.tables[0].missing

    @property
    def missing_ranges(self) -> Mapping[str, tuple[tuple[float, float], ...]]:
        """User-missing ranges by column."""
        return self.tables[0].missing_ranges

    @property
    def markers(self) -> Mapping[str, Mapping[str, int]]:
        """Suppression markers by column."""
        return self.tables[0].markers

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Stream record batches of all files in turn."""
        for table in self.tables:
            yield from table.batches(columns)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        reader = pa.RecordBatchReader.from_batches(self.tables[0].schema, self.batches())
        return reader.__arrow_c_stream__(requested_schema)


def open_waves(source: Source, files: Sequence[Located], columns: Sequence[str]) -> WaveTable:
    """Open the files of one wave, only the columns needed.

    Args:
        source: Says how several files join.
        files: The wave's files.
        columns: Columns needed.

    Raises:
        DataError: A column is missing, or two files to be stacked differ in a column's kind or in
            what they call missing.
        DefinitionError: Files of respondents that stand side by side; they must be one file.
    """
    if len(files) > 1 and source.combine != "rows":
        raise DefinitionError(
            f'source {source.id!r}: microdata of one wave may be stacked (combine = "rows"), '
            f"not joined by {source.combine or 'nothing'!r}: a respondent whose second half is "
            "missing would be lost unseen. Join the files once, and name the result."
        )
    opened = [(one, one.open(list(columns))) for one in files]
    first = opened[0][1]
    for _, table in opened[1:]:
        if table.schema != first.schema:
            other = next(
                (f.name for f in first.schema if f not in list(table.schema)), first.columns[0]
            )
            raise DataError(
                f"{table.name}: column {other!r} is of another kind than in {first.name}, so the "
                "two files cannot be stacked. Declare it in layout.text_columns or "
                "layout.number_columns of the source."
            )
        _check_missing(table, first, columns)
    tables = tuple(table for _, table in opened)
    used = tuple(one.used(table) for one, table in opened)
    return WaveTable(tables, used, tuple(one.layout for one in files))


def _check_missing(table: FileTable, first: FileTable, columns: Sequence[str]) -> None:
    """Refuse stacked files of which one calls missing what is an answer in the other."""
    for column in columns:
        own = (set(table.missing.get(column, ())), set(table.missing_ranges.get(column, ())))
        if own != (set(first.missing.get(column, ())), set(first.missing_ranges.get(column, ()))):
            raise DataError(
                f"{table.name}: column {column!r} has other user-missing codes than in "
                f"{first.name}, so an answer of one would be no answer of the other. Make the "
                "dictionaries of the two files alike."
            )


def _reading(layout: Layout) -> str:
    """Write down everything a layout says, whatever the order of its tables."""
    return json.dumps(asdict(layout), sort_keys=True)


def replicate_rank(table: WaveTable, replicates: Sequence[str]) -> int:
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
