"""Rows of a table as text, made column by column: a million cells in a breath."""

from __future__ import annotations

import json
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc


def joined_rows(
    table: pa.Table, *, text: Callable[[str], str], null: str, separator: str
) -> pa.Array:
    """Write each row of a table as one text.

    Args:
        table: Texts (plain or dictionary-encoded), numbers, dates.
        text: How one text is written; called once a distinct value, dates included.
        null: What stands for an absent value.
        separator: What stands between columns.

    Returns:
        One text a row, without anything at its end. A number is written as the shortest decimal
        that gives the same double back.
    """
    columns = [_texts(table[name], text).fill_null(null) for name in table.column_names]
    return pc.binary_join_element_wise(*columns, separator)


def json_rows(table: pa.Table) -> pa.Array:
    """Write each row of a table as a JSON array."""
    inner = joined_rows(
        table,
        text=lambda value: json.dumps(value, ensure_ascii=False),
        null="null",
        separator=",",
    )
    return pc.binary_join_element_wise("[", inner, "]", "")


def whole(rows: pa.Array, separator: str) -> bytes:
    """Put the texts of rows together into one."""
    listed = pa.ListArray.from_arrays(pa.array([0, len(rows)], pa.int32()), rows)
    joined: bytes = pc.binary_join(listed, separator)[0].as_buffer().to_pybytes()
    return joined


def _texts(column: pa.ChunkedArray, text: Callable[[str], str]) -> pa.Array:
    array = column.combine_chunks()
    if pa.types.is_date(array.type):
        array = array.cast(pa.string())
    if pa.types.is_string(array.type):
        array = array.dictionary_encode()
    if not pa.types.is_dictionary(array.type):
        return array.cast(pa.string())
    values = [None if value is None else text(value) for value in array.dictionary.to_pylist()]
    return pa.array(values, pa.string()).take(array.indices)
