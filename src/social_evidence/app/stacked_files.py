"""Files of respondents one under the other: what must be alike, and one schema for all."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.errors import DataError
from social_evidence.readers.table import FileTable


def common_schema(tables: Sequence[FileTable], columns: Sequence[str]) -> pa.Schema:
    """Find the kinds in which columns of several files can be stacked.

    Whole and broken numbers are widened to the wider of them; a column in which a file has nothing
    takes the kind it has in the others.

    Args:
        tables: The files; each has some of the columns.
        columns: Every column wanted; at least one file has each.

    Raises:
        DataError: A column is of another kind in one file than in another.
    """
    return pa.schema([(column, _kind(tables, column)) for column in columns])


def _kind(tables: Sequence[FileTable], column: str) -> pa.DataType:
    having = [table for table in tables if column in table.schema.names]
    kinds = {table.schema.field(column).type: table for table in having}
    if len(kinds) > 1:
        filled = {kind: one for kind, one in kinds.items() if not _is_empty(kind, column, having)}
        kinds = filled or kinds
    if len(kinds) == 1:
        return next(iter(kinds))
    if all(_is_number(kind) for kind in kinds):
        is_real = any(pa.types.is_floating(kind) for kind in kinds)
        return pa.float64() if is_real else pa.int64()
    first, other = list(kinds.values())[:2]
    raise DataError(
        f"{other.name}: column {column!r} is of another kind than in {first.name}, so the "
        "two files cannot be stacked. Declare it in layout.text_columns or "
        "layout.number_columns of the source."
    )


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _is_empty(kind: pa.DataType, column: str, having: Sequence[FileTable]) -> bool:
    """Say whether no file holds anything in a column where it is of some text kind.

    Delimited files say nothing of kinds: a column without any value is read as text.
    """
    if not (pa.types.is_string(kind) or pa.types.is_null(kind)):
        return False
    own = [table for table in having if table.schema.field(column).type == kind]
    return all(
        batch.column(0).null_count == batch.num_rows
        for table in own
        for batch in table.batches([column])
    )


def fitted(batch: pa.RecordBatch, schema: pa.Schema, name: str) -> pa.RecordBatch:
    """Bring a batch to a schema: columns it lacks are null, numbers are widened.

    Raises:
        DataError: A whole number is too large to be held beside broken ones.
    """
    arrays = []
    for field in schema:
        if field.name not in batch.schema.names:
            arrays.append(pa.nulls(batch.num_rows, field.type))
            continue
        column = batch.column(field.name)
        try:
            arrays.append(column if column.type == field.type else pc.cast(column, field.type))
        except pa.ArrowInvalid as fault:
            raise DataError(
                f"{name}: column {field.name!r} holds whole numbers too large to stand beside the "
                "broken ones of the wave's other files. Declare it in layout.text_columns."
            ) from fault
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def check_missing(tables: Sequence[FileTable], columns: Collection[str]) -> None:
    """Refuse stacked files of which one calls missing what is an answer in another.

    Raises:
        DataError: Naming the column and both files.
    """
    for column in columns:
        having = [table for table in tables if column in table.schema.names]
        for table in having[1:]:
            if _codes(table, column) != _codes(having[0], column):
                raise DataError(
                    f"{table.name}: column {column!r} has other user-missing codes than in "
                    f"{having[0].name}, so an answer of one would be no answer of the other. Make "
                    "the dictionaries of the two files alike."
                )


def _codes(table: FileTable, column: str) -> tuple[set[object], set[object]]:
    return set(table.missing.get(column, ())), set(table.missing_ranges.get(column, ()))
