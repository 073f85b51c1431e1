"""`FileTable`: one file's table, streamed batch by batch as often as asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TypeVar

import pyarrow as pa

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.model.table import Code

Choose = Callable[[Sequence[str], Layout], tuple[Sequence[str], Layout]]
Columns = Sequence[str] | Choose | None
"""Columns to decode, or who chooses them (and says what the layout means) once the file's names are
known: names change with the edition, and a file is opened once."""

Stream = Callable[[Sequence[str]], Iterator[pa.RecordBatch]]
_Fact = TypeVar("_Fact")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FileTable:
    """A `SourceTable` that knows how to read its file again.

    Attributes:
        name: File, and the member and sheet where there are any.
        digest: sha-256 of the file's bytes.
        schema: Arrow schema of the columns, in the order in which they are streamed.
        stream: Reads the file from its start and gives batches of the columns named.
        marker_stream: The same, with the markers of number columns in the numbers' place.
        labels: Value labels by column.
        titles: Variable labels by column.
        missing: User-missing codes by column.
        missing_ranges: User-missing ranges by column, both ends included.
        markers: Suppression markers by number column, with their counts.
        rows: Number of rows, or None where counting would cost a pass.
        is_marked: The file says of itself that it is synthetic.
    """

    name: str
    digest: str
    schema: pa.Schema
    stream: Stream
    marker_stream: Stream | None = None
    labels: Mapping[str, Mapping[Code, str]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, frozenset[Code]] = field(default_factory=dict)
    missing_ranges: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    markers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    rows: int | None = None
    is_marked: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names, in the order in which they are streamed."""
        return tuple(self.schema.names)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Stream record batches of the columns named (all by default), from the first row.

        Raises:
            DataError: A column is not in the table, or the file cannot be read to its end.
        """
        wanted = self.columns if columns is None else tuple(columns)
        check_columns(wanted, self.columns, self.name)
        return self.stream(wanted)

    def to_table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Read the columns named (all by default) into memory as one Arrow table."""
        wanted = self.columns if columns is None else tuple(columns)
        schema = pa.schema([self.schema.field(name) for name in wanted if name in self.columns])
        return pa.Table.from_batches(list(self.batches(wanted)), schema)

    def marker(self, column: str) -> pa.ChunkedArray:
        """Return the suppression markers of a column, row by row.

        A number column holds null where its publisher put a marker, so that no number is
        invented; why the number is absent must still be told apart from an empty cell.

        Returns:
            Text, null where the cell held a number or nothing. Aligned with the rows.
        """
        check_columns((column,), self.columns, self.name)
        if self.marker_stream is None or not self.markers.get(column):
            count = sum(batch.num_rows for batch in self.stream((column,)))
            return pa.chunked_array([pa.nulls(count, pa.string())])
        chunks = [batch.column(0) for batch in self.marker_stream((column,))]
        return pa.chunked_array(chunks, pa.string())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        reader = pa.RecordBatchReader.from_batches(self.schema, self.batches())
        return reader.__arrow_c_stream__(requested_schema)


def chosen(
    columns: Columns, known: Sequence[str], layout: Layout, name: str
) -> tuple[list[str], Layout]:
    """Settle which columns of a file are decoded, and what the layout says of this very file.

    Raises:
        DataError: A column is not in the file.
    """
    if columns is None:
        return list(known), layout
    if callable(columns):
        wanted, layout = columns(known, layout)
    else:
        wanted = columns
    check_columns(wanted, known, name)
    return list(wanted), layout


def renamed(table: FileTable, names: Mapping[str, str]) -> FileTable:
    """Call the columns of a table by other names, whatever is known of them included.

    Args:
        table: As its reader gives it.
        names: New name -> name in the table; columns that are not named are left out, and two new
            names may mean one column.
    """

    def named(stream: Stream) -> Stream:
        def batches(columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
            own = list(dict.fromkeys(names[column] for column in columns))
            for batch in stream(own):
                arrays = [batch.column(names[column]) for column in columns]
                yield pa.RecordBatch.from_arrays(arrays, names=list(columns))

        return batches

    def known(facts: Mapping[str, _Fact]) -> dict[str, _Fact]:
        return {new: facts[own] for new, own in names.items() if own in facts}

    return replace(
        table,
        schema=pa.schema([(new, table.schema.field(own).type) for new, own in names.items()]),
        stream=named(table.stream),
        marker_stream=None if table.marker_stream is None else named(table.marker_stream),
        labels=known(table.labels),
        titles=known(table.titles),
        missing=known(table.missing),
        missing_ranges=known(table.missing_ranges),
        markers=known(table.markers),
    )


def check_columns(wanted: Sequence[str], known: Sequence[str], name: str) -> None:
    """Refuse columns that the file does not have, suggesting the nearest name.

    Raises:
        DataError: The first column that is not there, or one asked for twice.
    """
    available = set(known)
    for column in wanted:
        if column not in available:
            raise DataError(
                f"{name}: column {column!r} is not in the file, which has {len(known)} columns"
                f"{nearest(column, known)}. Nothing can be computed without it: correct the name, "
                "or the layout (header rows, delimiter) if the columns look wrong.",
                columns=[name for name in wanted if name not in available],
            )
    if len(set(wanted)) != len(wanted):
        twice = sorted({column for column in wanted if list(wanted).count(column) > 1})
        raise DataError(f"{name}: column {twice[0]!r} is asked for more than once.")


def nearest(given: str, known: Sequence[str]) -> str:
    """Return `; the nearest is 'x'` for a name that is not known, or nothing."""
    folded = {name.casefold(): name for name in reversed(known)}
    close = get_close_matches(given.casefold(), list(folded), n=1, cutoff=0.5)
    return f"; the nearest is {folded[close[0]]!r}" if close else ""
