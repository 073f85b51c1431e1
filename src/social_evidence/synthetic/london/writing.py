"""Write delimited text as publishers do, marked as synthetic, beside and renamed.

The same input gives the same bytes. Each microdata file ends with a column `SYNTHETIC`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

MARK: Final = "SYNTHETIC"
"""Name of the column, or of the sheet, that says that a file was made up."""
MARK_TEXT: Final = (
    "SYNTHETIC DATA. Made up by the program social-evidence to show the layout of a source. "
    "It describes nobody and proves nothing about London."
)
Columns = Mapping[str, Any]


def write_delimited(
    path: Path,
    columns: Columns,
    *,
    separator: str = "\t",
    encoding: str = "utf-8",
    bom: bool = False,
    line_end: str = "\n",
) -> Path:
    """Write columns as delimited text with a header, and the mark as the last column.

    Args:
        path: The file; its folder is made.
        columns: Name → an array, list or Arrow array; None and null become empty fields.
        separator: One character.
        encoding: Of the text.
        bom: Whether a byte order mark comes first (UTF-8 only).
        line_end: Between lines.
    """
    table = to_table(columns)
    body = io.BytesIO()
    options = {"include_header": False, "delimiter": separator}
    style = "none" if _is_plain(table, separator) else "needed"
    arrow_csv.write_csv(table, body, arrow_csv.WriteOptions(quoting_style=style, **options))
    header = io.StringIO()
    csv.writer(header, delimiter=separator, lineterminator="\n").writerow(table.column_names)
    raw = header.getvalue().encode() + body.getvalue()
    if line_end != "\n":
        raw = raw.replace(b"\n", line_end.encode())
    if encoding != "utf-8":
        raw = raw.decode().encode(encoding)
    return write_bytes(path, b"\xef\xbb\xbf" * bom + raw)


def write_rows(
    path: Path,
    rows: Sequence[Sequence[object]],
    *,
    header_row: int | None = 0,
    separator: str = ",",
    encoding: str = "utf-8",
    bom: bool = False,
    line_end: str = "\n",
    quote_all: bool = False,
) -> Path:
    """Write rows as they come: titles, a header, text with decimal commas.

    Args:
        path: The file; its folder is made.
        rows: Fields; None becomes an empty one.
        header_row: Row that gets the mark's name; rows below it get a 1. None leaves it out.
        separator: One character.
        encoding: Of the text; `utf-16` writes a byte order mark by itself.
        bom: Whether a byte order mark comes first (UTF-8 only).
        line_end: Between lines.
        quote_all: Quotation marks around every field.
    """
    text = io.StringIO()
    dialect = csv.unix_dialect if quote_all else csv.excel
    writer = csv.writer(text, dialect, delimiter=separator, lineterminator=line_end)
    for number, row in enumerate(rows):
        marked = [*row]
        if header_row is not None and number >= header_row:
            marked.append(MARK if number == header_row else 1)
        writer.writerow(marked)
    return write_bytes(path, b"\xef\xbb\xbf" * bom + text.getvalue().encode(encoding))


def to_table(columns: Columns) -> pa.Table:
    """Return columns as an Arrow table with the mark; truth values become 0 and 1."""
    arrays = {name: _array(values) for name, values in columns.items()}
    rows = len(next(iter(arrays.values())))
    return pa.table({**arrays, MARK: pa.array(np.ones(rows, dtype=np.int8))})


def write_bytes(path: Path, raw: bytes) -> Path:
    """Write a file beside its place and rename it, so that nobody finds half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.writing")
    beside.write_bytes(raw)
    return beside.replace(path)


def _array(values: Any) -> pa.Array | pa.ChunkedArray:
    array = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values)
    if pa.types.is_boolean(array.type):
        return array.cast(pa.int8())
    if pa.types.is_floating(array.type):
        return pc.if_else(pc.is_nan(array), None, array)
    return array


def _is_plain(table: pa.Table, separator: str) -> bool:
    """Tell whether no text needs quotation marks."""
    for column in table.columns:
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            continue
        texts = pc.unique(column)
        for mark in (separator, '"', "\n", "\r"):
            if pc.any(pc.match_substring(texts, mark)).as_py():
                return False
    return True
