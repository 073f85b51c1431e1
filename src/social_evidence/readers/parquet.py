"""Parquet, streamed row group by row group; only the columns asked for are decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers.container import Container
from social_evidence.readers.header import check_names
from social_evidence.readers.mark import is_mark
from social_evidence.readers.table import Columns, FileTable, chosen
from social_evidence.readers.typed import with_layout

_ROWS_A_BATCH = 65_536


def read(source: Container, layout: Layout, columns: Columns) -> FileTable:
    """Read a Parquet file.

    Columns that pandas wrote as an index are columns like any other. NaN becomes null, dictionary
    columns their values.

    Args:
        source: The file.
        layout: Only `number_columns` applies: numbers that share a text column with markers.
        columns: Only these, in this order; None for all; or who chooses them.

    Raises:
        DataError: The file is not Parquet, is cut short or damaged, or lacks a column.
    """
    with _faults(source), source.seekable() as stream, pq.ParquetFile(stream) as file:
        known = file.schema_arrow
        rows = file.metadata.num_rows
    check_names(known.names, source.name)
    wanted, layout = chosen(columns, known.names, layout, source.name)
    schema = pa.schema([pa.field(name, _plain(known.field(name).type)) for name in wanted])

    def batches(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        part = pa.schema([schema.field(name) for name in names])
        with _faults(source), source.seekable() as stream, pq.ParquetFile(stream) as file:
            for batch in file.iter_batches(_ROWS_A_BATCH, columns=list(names), use_threads=False):
                arrays = [_cleaned(batch.column(field.name), field.type) for field in part]
                yield pa.RecordBatch.from_arrays(arrays, schema=part)

    table = FileTable(
        name=source.name,
        digest=source.digest,
        schema=schema,
        stream=batches,
        rows=rows,
        is_marked=is_mark(known.names),
    )
    return with_layout(table, layout, known.names)


@contextmanager
def _faults(source: Container) -> Iterator[None]:
    """Turn what Arrow finds wrong into one message; Arrow's own may quote values."""
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{source.name}: is not a Parquet file, or is cut short, encrypted or damaged. Fetch "
            "it again and compare its size with the publisher's."
        ) from error


def _plain(kind: pa.DataType) -> pa.DataType:
    """Return the type in which a column is streamed."""
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if pa.types.is_null(kind):
        return pa.string()
    return pa.float32() if pa.types.is_float16(kind) else kind


def _cleaned(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """Decode dictionaries and turn NaN into null."""
    if column.type != kind:
        column = column.cast(kind)
    if pa.types.is_floating(kind):
        broken = pc.is_nan(column)
        if pc.any(broken).as_py():
            column = pc.if_else(broken, pa.scalar(None, kind), column)
    return column
