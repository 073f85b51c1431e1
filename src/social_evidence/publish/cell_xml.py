"""The rows of a table as XML, column by column: each distinct value is written once.

A release has millions of cells and few thousand distinct ones. A fragment is made for each
distinct value, and Arrow joins the fragments of a row: far faster than cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Protocol, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.publish.sheets import Column, Table, visible

_CHUNK: Final = 20_000
Piece: TypeAlias = "str | pa.Array"
"""A text that every row has, or one text for each row."""


class CellWriter(Protocol):
    """How a format writes the rows and cells of a table.

    The fragment of a cell is made by `text`, `link`, `number` or `day`; `cell` puts round it what
    differs from row to row, such as its address.
    """

    def row_start(self, numbers: pa.Array) -> Sequence[Piece]:
        """Open the rows with these numbers."""
        ...

    def cell(self, at: int, numbers: pa.Array, fragments: pa.Array) -> Sequence[Piece]:
        """Write the cells of the column at a place, one for each row number."""
        ...

    def row_end(self) -> str:
        """Close a row."""
        ...

    def text(self, value: str, column: Column) -> str:
        """Write a text."""
        ...

    def link(self, value: str, target: str, column: Column) -> str:
        """Write a text that leads to a sheet."""
        ...

    def number(self, value: Any, column: Column) -> str:
        """Write a number so that it is read back as it is."""
        ...

    def day(self, value: Any, column: Column) -> str:
        """Write a date."""
        ...


def row_xml(table: Table, writer: CellWriter, first: int) -> Iterator[bytes]:
    """Write a table's rows below its headings, in chunks.

    Args:
        table: The table.
        writer: The format.
        first: Number of the first of them on the sheet, from 1.
    """
    columns = [to_fragments(column, writer) for column in table.columns]
    for start in range(0, table.rows, _CHUNK):
        size = min(_CHUNK, table.rows - start)
        numbers = pc.cast(pa.array(range(first + start, first + start + size)), pa.string())
        pieces = list(writer.row_start(numbers))
        for at, fragments in enumerate(columns):
            pieces += writer.cell(at, numbers, fragments.slice(start, size))
        rows = pc.binary_join_element_wise(*pieces, writer.row_end(), "")
        yield rows.buffers()[2].to_pybytes()


def to_fragments(column: Column, writer: CellWriter) -> pa.Array:
    """Write the cells of a column, one text a row: its words stand where a value is missing."""
    if column.links:
        pairs = zip(column.values.to_pylist(), column.links, strict=True)
        return pa.array([_linked(visible(text), to, column, writer) for text, to in pairs])
    found = _by_distinct(column.values, _maker(column, writer))
    if column.words is None:
        return found
    words = _by_distinct(column.words, lambda word: writer.text(visible(word), column))
    return pc.coalesce(found, words)


def _linked(text: str, target: str, column: Column, writer: CellWriter) -> str:
    return writer.link(text, target, column) if target else writer.text(text, column)


def _maker(column: Column, writer: CellWriter) -> Callable[[Any], str]:
    kind = column.values.type
    if pa.types.is_dictionary(kind) or pa.types.is_string(kind):
        return lambda value: writer.text(visible(value), column)
    if pa.types.is_date(kind):
        return lambda value: writer.day(value, column)
    return lambda value: writer.number(value, column)


def _by_distinct(values: pa.Array, make: Callable[[Any], str]) -> pa.Array:
    encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    made = [None if one is None else make(one) for one in encoded.dictionary.to_pylist()]
    return pa.array(made, pa.string()).take(encoded.indices)
