"""Tidy CSV: every table whole, and figures of each measure and initiative in their own files.

UTF-8, comma, LF, every text in quotes, a number never in quotes, an absent value an empty field
without quotes. A text that a spreadsheet could take for a formula is written behind an
apostrophe; so is a text that begins with an apostrophe, and taking one off gives every text back.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile, published
from social_evidence.publish.published_table import PublishedTable
from social_evidence.publish.tables import published_tables

FOLDER: Final = "csv"
GUARD: Final = "'"
GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", GUARD, "＝", "＋", "－", "＠")
"""A text that begins with one of these is written with the guard before it."""

_PARTED: Final = {"estimates": "measure", "comparisons": "measure", "initiatives": "initiative"}
"""Table -> the column by whose values it is also written in files of their own."""
_PACKED: Final = frozenset({"estimates", "comparisons"})
"""Tables that are too large to be opened whole by hand."""
_CHANGES: Final = "changes"
_LEFT_WHOLE: Final = "comparisons"
"""Not parted in a selection: those of one measure are read with its figures."""
_EFFORT: Final = 4
"""Of packing: more takes much longer and gains little on tables."""


def write_csv(
    content: Content, folder: Path, _files: Iterable[PublishedFile] = ()
) -> tuple[PublishedFile, ...]:
    """Write every table as CSV into `csv/`, and estimates and comparisons measure by measure.

    The files of the measures hold the same bytes as the rows of the whole file.
    """
    files: list[PublishedFile] = []
    for table in published_tables(content):
        path = f"{FOLDER}/{table.name}.csv"
        head, blocks = _head(table.rows), list(_blocks(table))
        whole = b"".join([head, *(block for _, block in blocks)])
        files.append(published(folder, path, whole, table.title, table.description))
        files += _alone(content, folder, table, head, blocks)
    return tuple(files)


def _alone(
    content: Content,
    folder: Path,
    table: PublishedTable,
    head: bytes,
    blocks: Iterable[tuple[str, bytes]],
) -> Iterator[PublishedFile]:
    """Write the rows of each measure, or of each initiative, into a file of their own."""
    titles = {measure.id: measure.title for measure in content.measures}
    titles |= content.labels.initiatives
    own: dict[str, list[bytes]] = {}
    for name, block in blocks:
        if name:
            own.setdefault(name, []).append(block)
    for name, parts in own.items():
        path = f"{FOLDER}/{table.name}/{name}.csv"
        title = f"{table.title}: {titles.get(name, name)}"
        yield published(folder, path, b"".join([head, *parts]), title)


def write_measures_csv(content: Content, folder: Path) -> tuple[PublishedFile, ...]:
    """Write each measure's figures and the tables of codes as CSV, the large tables packed.

    The same bytes as `write_csv` gives under the same names; estimates and comparisons whole are
    `.csv.gz`, which programs read as they are.
    """
    files: list[PublishedFile] = []
    for table in published_tables(content):
        if table.name == _CHANGES:
            continue
        path = f"{FOLDER}/{table.name}.csv"
        head, blocks = _head(table.rows), list(_blocks(table))
        whole = b"".join([head, *(block for _, block in blocks)])
        if table.name in _PACKED:
            packed = gzip.compress(whole, _EFFORT, mtime=0)
            files.append(published(folder, f"{path}.gz", packed, table.title, table.description))
        else:
            files.append(published(folder, path, whole, table.title, table.description))
        if table.name != _LEFT_WHOLE:
            files += _alone(content, folder, table, head, blocks)
    return tuple(files)


def guarded(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula."""
    return GUARD + text if text.startswith(GUARDED) else text


def unguarded(text: str) -> str:
    """Read a text back as it was before it was guarded."""
    return text.removeprefix(GUARD) if text.startswith(GUARD) else text


def _blocks(table: PublishedTable) -> Iterator[tuple[str, bytes]]:
    """Give the lines of each run of one measure; of a table of codes, all lines at once."""
    rows = _guarded(table.rows)
    if table.name not in _PARTED:
        yield "", _lines(rows)
        return
    for name, start, length in _runs(rows[_PARTED[table.name]]):
        yield name, _lines(rows.slice(start, length))


def _runs(column: pa.ChunkedArray) -> Iterator[tuple[str, int, int]]:
    """Find where a column, sorted within populations, keeps one value: value, start, length."""
    if not len(column):
        return
    encoded = pc.run_end_encode(column.cast(pa.string()).combine_chunks())
    start = 0
    for value, end in zip(encoded.values.to_pylist(), encoded.run_ends.to_pylist(), strict=True):
        yield value, start, end - start
        start = end


def _head(rows: pa.Table) -> bytes:
    return ",".join(f'"{name}"' for name in rows.column_names).encode() + b"\n"


def _lines(rows: pa.Table) -> bytes:
    written = io.BytesIO()
    options = pa.csv.WriteOptions(include_header=False, quoting_style="needed")
    pa.csv.write_csv(rows, written, write_options=options)
    return written.getvalue()


def _guarded(rows: pa.Table) -> pa.Table:
    """Guard every text column; a dictionary's values are each looked at once."""
    columns = {}
    for name in rows.column_names:
        column = rows[name]
        if pa.types.is_dictionary(column.type):
            column = _guarded_codes(column.combine_chunks())
        elif pa.types.is_string(column.type):
            column = _guarded_texts(column.combine_chunks())
        columns[name] = column
    return pa.table(columns)


def _guarded_codes(column: pa.DictionaryArray) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(column.indices, _guarded_texts(column.dictionary))


def _guarded_texts(texts: pa.Array) -> pa.Array:
    return pa.array([None if text is None else guarded(text) for text in texts.to_pylist()])
