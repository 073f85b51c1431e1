"""Delimited text: .csv, .tsv, .tab, .txt, in any declared encoding and with any line end.

Rows are counted as records: a quoted cell may hold line breaks. A column becomes numbers only if
every value would be written back the same (see `cells`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TextIO

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers import encoding as encodings
from social_evidence.readers import plain
from social_evidence.readers.container import Container
from social_evidence.readers.grid import Grid, Row, to_table
from social_evidence.readers.table import Columns, FileTable

_DELIMITERS = (",", "\t", ";", "|")
_USUAL = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": ","}


def read(source: Container, layout: Layout, columns: Columns) -> FileTable:
    """Read a delimited text file.

    Args:
        source: The file.
        layout: Encoding, delimiter, header and separators, where they are not the usual ones.
        columns: Only these, in this order; None for all named ones; or who chooses them.

    Raises:
        DataError: Encoding, header, a row's shape, a quote or a number is at fault.
    """
    encoding = encodings.settle(source, layout.encoding)
    delimiter = layout.delimiter
    if delimiter == "auto":
        delimiter = _sniffed(source, encoding, layout)

    @contextmanager
    def rows() -> Iterator[Iterator[Row]]:
        with encodings.text_lines(source, encoding) as lines:
            yield _records(lines, source.name, delimiter, layout.quote)

    grid = Grid(name=source.name, digest=source.digest, layout=layout, rows=rows)
    return to_table(
        grid, columns, lambda width: plain.pages(source, encoding, delimiter, layout, width)
    )


def _records(lines: TextIO, name: str, delimiter: str, quote: str) -> Iterator[Row]:
    """Split lines into records, each with its number from 1."""
    reader = csv.reader(
        _checked(lines, name),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        strict=True,
    )
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        if "field limit" in str(error):
            raise DataError(
                f"{name}: row {number + 1:,} has a cell of more than {csv.field_size_limit():,} "
                "characters, as where a line break or a delimiter is missing. Correct the "
                "delimiter in the layout, or fetch the file again."
            ) from error
        raise DataError(
            f"{name}: row {number + 1:,} opens a quotation mark that is not closed, or goes on "
            "after the closing one. Every row after it would be swallowed or shifted: repair the "
            "quotes, or set quote = '' in the layout if they are ordinary text."
        ) from error


def _checked(lines: TextIO, name: str) -> Iterator[str]:
    """Pass lines on, refusing NUL bytes: no text file has them, damaged ones do."""
    for number, line in enumerate(lines, start=1):
        if "\x00" in line:
            raise DataError(
                f"{name}: line {number:,} holds a NUL byte, so this is not text, or it is damaged, "
                "or it is UTF-16 without a byte order mark (declare encoding = 'utf-16-le')."
            )
        yield line


def _sniffed(source: Container, encoding: str, layout: Layout) -> str:
    """Take the delimiter that splits the last header row into most cells, the usual one first."""
    usual = _USUAL.get(source.suffix, ",")
    with encodings.text_lines(source, encoding) as lines:
        header = max(layout.header_rows, default=1)
        line = next(islice(_checked(lines, source.name), header - 1, None), "")
    candidates = [usual, *(sign for sign in _DELIMITERS if sign != usual)]
    return max(candidates, key=lambda sign: _cells(line, sign, layout.quote))


def _cells(line: str, delimiter: str, quote: str) -> int:
    """Count the cells of one line; a quoted line break counts what is before it."""
    reader = csv.reader(
        [line.rstrip("\r\n")],
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    try:
        return len(next(reader, []))
    except csv.Error:
        # A very wide header is one endless cell to any delimiter but its own.
        return 0
