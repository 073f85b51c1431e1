"""Filled-in forms: every cell where it stands, with what a table would not tell.

A table is read by its columns; a form is read by its places, so that each fault can be named by
sheet, row and column, and so that a formula or a merged block is seen for what it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import python_calamine as calamine

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers.container import Container, find
from social_evidence.readers.encoding import settle, text_lines
from social_evidence.readers.form_ods import read_notes
from social_evidence.readers.spreadsheet import (
    broken,
    check_extent,
    check_signature,
    check_size,
    column_number,
    error_cells,
    opened_workbook,
    parsing,
    sheet_content,
)

_MEGABYTE: Final = 1_000_000
LARGEST_FILE: Final = 20 * _MEGABYTE
LARGEST_UNPACKED: Final = 300 * _MEGABYTE
MOST_CELLS: Final = 2_000_000
_FORMULA: Final = re.compile(rb'<c\b[^>]*?\sr="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<f[\s/>]')
_SUFFIXES: Final = (".xlsx", ".ods")
_LONGEST_CELL: Final = 100_000
_DELIMITERS: Final = ",;\t|"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSheet:
    """One sheet of a form, as it stands. Rows and columns count from 0.

    Attributes:
        name: As in the workbook.
        rows: Cells by row: text, number, truth value, date, or an empty text.
        formulas: Places whose value is worked out by the spreadsheet.
        errors: Places that show an error, such as #REF!.
        merged: Places swallowed by a block of merged cells, its first one included.
    """

    name: str
    rows: Sequence[Sequence[Any]]
    formulas: frozenset[tuple[int, int]] = frozenset()
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merged: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A filled-in workbook. digest: sha-256 of the file."""

    name: str
    digest: str
    sheets: Mapping[str, FormSheet]


def is_workbook(path: Path) -> bool:
    """Say whether a file's name is that of a form's workbook."""
    return path.suffix.lower() in _SUFFIXES


def read_form(path: Path) -> Form:
    """Read every sheet of a filled-in workbook.

    Args:
        path: An .xlsx or .ods file of at most 20 MB.

    Raises:
        DataError: It is larger, damaged, protected, packed to burst, or reaches too far.
    """
    source = found(path)
    with source.seekable() as stream, parsing(source):
        check_signature(source, stream)
        check_size(source, stream)
        notes = read_notes(stream, source.name, MOST_CELLS) if source.suffix == ".ods" else {}
        contents = _contents(source, stream) if source.suffix == ".xlsx" else {}
        workbook = opened_workbook(source, stream)
        sheets = {}
        for at, name in enumerate(workbook.sheet_names):
            grid = _grid(source, workbook, at)
            rows = _rows(source, name, grid)
            content = contents.get(at, b"")
            formulas, merged = notes.get(name, (_formulas(content), _merged(grid)))
            sheets[name] = FormSheet(
                name=name,
                rows=rows,
                formulas=formulas,
                errors=error_cells(content),
                merged=merged,
            )
    return Form(name=source.name, digest=source.digest, sheets=sheets)


def found(path: Path, largest: int = LARGEST_FILE) -> Container:
    """Find a file that somebody sent, and refuse one that is too large before it is read.

    Raises:
        DataError: There is no such file, or it is empty or too large.
    """
    if path.is_file() and path.stat().st_size > largest:
        raise DataError(
            f"{path.name}: is {path.stat().st_size / _MEGABYTE:,.0f} MB; at most "
            f"{largest // _MEGABYTE:,} MB are read. A form is far smaller: check that it is the "
            "right file, and remove pictures and other sheets."
        )
    return find(path, Layout(max_unpacked_bytes=LARGEST_UNPACKED))


def _contents(source: Container, stream: BinaryIO) -> dict[int, bytes]:
    """Read the XML of each sheet and refuse one that reaches too far, before it is parsed."""
    contents = {}
    for at in range(64):
        content = sheet_content(source, stream, at)
        if content:
            check_extent(source.name, content, MOST_CELLS)
            contents[at] = content
    return contents


def _grid(source: Container, workbook: calamine.CalamineWorkbook, at: int) -> Any:
    try:
        return workbook.get_sheet_by_index(at)
    except (calamine.CalamineError, ValueError, OSError):
        raise broken(source) from None


def _rows(source: Container, name: str, grid: Any) -> list[list[Any]]:
    if grid.total_height * grid.total_width > MOST_CELLS:
        raise DataError(
            f"{source.name} [{name}]: the sheet has {grid.total_height:,} rows and "
            f"{grid.total_width:,} columns, more than the {MOST_CELLS:,} cells that are read. "
            "Delete the rows and columns outside the form."
        )
    try:
        rows: list[list[Any]] = grid.to_python(skip_empty_area=False)
    except (calamine.CalamineError, ValueError, OSError):
        raise broken(source) from None
    return rows


def _formulas(content: bytes) -> frozenset[tuple[int, int]]:
    return frozenset(
        (int(row) - 1, column_number(letters)) for letters, row in _FORMULA.findall(content)
    )


def _merged(grid: Any) -> frozenset[tuple[int, int]]:
    places: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in grid.merged_cell_ranges or []:
        if (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
            continue
        places |= {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
    return frozenset(places)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedRows:
    """A delimited file's rows with their numbers in the file, the header being 1.

    Attributes:
        name: The file's name.
        digest: sha-256 of the file.
        header: Names of the columns, trimmed.
        rows: Row number and cells; a blank row is passed over and counted.
    """

    name: str
    digest: str
    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]


@contextmanager
def numbered_rows(path: Path, largest: int, delimiter: str = "") -> Iterator[NumberedRows]:
    """Open a delimited file row by row; it is never whole in memory.

    Args:
        path: The file, in UTF-8 or with a byte order mark.
        largest: Bytes of it at most.
        delimiter: What stands between cells; found in the header where it is not given.

    Raises:
        DataError: It is too large, no text in its encoding, or has no header.
    """
    source = found(path, largest)
    encoding = settle(source, "auto")
    with text_lines(source, encoding) as lines:
        first = lines.readline(_LONGEST_CELL)
        if "\x00" in first:
            raise DataError(f"{source.name}: is no text file. Save it as CSV in UTF-8.")
        sign = delimiter or max(_DELIMITERS, key=first.count)
        header = next(csv.reader([first], delimiter=sign), [])
        names = tuple(name.strip() for name in header)
        if not any(names):
            raise DataError(f"{source.name}: row 1 is blank; it must hold the columns' names.")
        rows = _numbered(csv.reader(lines, delimiter=sign, strict=True), source.name)
        yield NumberedRows(name=source.name, digest=source.digest, header=names, rows=rows)


def _numbered(reader: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            raise DataError(
                f"{name}: row {reader.line_num + 1} is no row of a delimited file ({fault}); a "
                "quotation mark may be missing. Save the table as CSV again."
            ) from None
        if cells is None:
            return
        if any(map(str.strip, cells)):
            yield reader.line_num + 1, cells
