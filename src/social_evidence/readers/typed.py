"""What a layout may still ask of files that carry their own types: numbers out of text columns.

Publishers put suppression markers into Parquet and .sav too, and the whole column is then text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyarrow as pa

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers import cells
from social_evidence.readers.table import FileTable, check_columns


def with_layout(table: FileTable, layout: Layout, known: Sequence[str]) -> FileTable:
    """Turn the text columns that a layout declares as numbers into numbers and markers.

    Args:
        table: As its own reader gives it.
        layout: `number_columns` and `text_columns`; nothing else applies to such a file.
        known: Every column of the file, read or not.

    Raises:
        DataError: A declared column is not in the file, holds text where a number is asked for,
            or holds numbers where text is asked for.
    """
    for declared in (layout.number_columns, layout.text_columns):
        check_columns(declared, known, table.name)
    for column in set(layout.text_columns) & set(table.columns):
        if not _is_text(table.schema.field(column).type):
            raise DataError(
                f"{table.name}: column {column!r} holds {table.schema.field(column).type} in the "
                "file, which carries its own types; take it out of text_columns."
            )
    asked = [name for name in table.columns if name in layout.number_columns]
    texts = [name for name in asked if _is_text(table.schema.field(name).type)]
    return _converted(table, layout, texts) if texts else table


def _converted(table: FileTable, layout: Layout, texts: Sequence[str]) -> FileTable:
    """Check the text columns once, then convert them on every stream."""
    grammar = cells.Grammar.of(layout)
    evidence = {name: cells.Evidence(declared=True) for name in texts}
    start = 1
    for batch in table.batches(texts):
        rows = range(start, start + batch.num_rows)
        for name in texts:
            column = batch.column(name).cast(pa.string())
            where = f"{table.name}: column {name!r}"
            cells.check_numbers(column, grammar, layout, where, rows)
            cells.observe(evidence[name], column, grammar, layout)
        start += batch.num_rows

    def numbers(columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        for batch in table.stream(columns):
            yield _replaced(batch, texts, layout)

    def markers(columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        for batch in (table.marker_stream or table.stream)(columns):
            arrays = [cells.to_markers(column.cast(pa.string()), layout) for column in batch]
            yield pa.RecordBatch.from_arrays(arrays, names=list(columns))

    found = {name: dict(seen.markers) for name, seen in evidence.items() if seen.markers}
    return replace(
        table,
        schema=pa.schema(
            [pa.field(f.name, pa.float64()) if f.name in texts else f for f in table.schema]
        ),
        stream=numbers,
        marker_stream=markers,
        markers={**table.markers, **found},
    )


def _replaced(batch: pa.RecordBatch, texts: Sequence[str], layout: Layout) -> pa.RecordBatch:
    """Convert the text columns of one batch."""
    arrays = [
        cells.to_numbers(column.cast(pa.string()), pa.float64(), layout)
        if name in texts
        else column
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
