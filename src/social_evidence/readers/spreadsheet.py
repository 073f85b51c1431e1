"""Workbooks: .xlsx, .xls and .ods, one sheet at a time.

Cells are read by position, so a wrong stored dimension does no harm. They are turned into text
the way a delimited file would hold them (dates as ISO text, numbers so that they come back
exactly) and then go the same road, so a sheet and its CSV export give the same table.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, BinaryIO

import python_calamine as calamine

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers.container import ZIP_FAULTS, Container, check_archive
from social_evidence.readers.grid import Grid, Row, to_table
from social_evidence.readers.header import Merged
from social_evidence.readers.mark import is_mark
from social_evidence.readers.probe import is_survived
from social_evidence.readers.table import Columns, FileTable, nearest

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_EXACT_WHOLE = 10**15
_ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\st="e")[^>]*\sr="([A-Z]+)([0-9]+)"[^>]*>.*?<v>([^<]*)</v>', re.DOTALL
)
# Of a damaged number only the first digits are read: they are too many anyway.
_ROW_OF_CELL = re.compile(rb"""\sr=["'][A-Z]*([0-9]{1,12})""")
_COLUMN_OF_CELL = re.compile(rb"""\sr=["']([A-Z]{1,8})""")
_MOST_CELLS = 50_000_000
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?\s\w+:id=\"([^\"]+)\"")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')

Errors = Mapping[tuple[int, int], str]


def read(source: Container, layout: Layout, columns: Columns) -> FileTable:
    """Read one sheet of a workbook.

    Args:
        source: The workbook.
        layout: Sheet, header rows, where the values end.
        columns: Only these, in this order; None for all named ones; or who chooses them.

    Raises:
        DataError: Not a workbook of this kind, protected, damaged; no such sheet; header or a
            number column is at fault.
    """
    with source.seekable() as stream, parsing(source):
        check_signature(source, stream)
        is_zip = source.suffix != ".xls"
        if is_zip:
            check_size(source, stream)
        else:
            _check_survived(source, stream)
        workbook = opened_workbook(source, stream)
        title = _sheet_title(source, layout, workbook.sheet_names)
        name = f"{source.name} [{title}]"
        place = workbook.sheet_names.index(title)
        content = sheet_content(source, stream, place) if source.suffix == ".xlsx" else b""
        check_extent(name, content)
        sheet, cells = _cells(workbook, title, name)
        errors = error_cells(content)
    texts = _texts(cells, errors, layout.decimal)

    @contextmanager
    def rows() -> Iterator[Iterator[Row]]:
        yield enumerate(texts, start=1)

    grid = Grid(
        name=name,
        digest=source.digest,
        layout=layout,
        rows=rows,
        merged=_merged(sheet),
        is_ragged_allowed=True,
    )
    table = to_table(grid, columns)
    return replace(table, is_marked=table.is_marked or is_mark(workbook.sheet_names))


@contextmanager
def parsing(source: Container) -> Iterator[None]:
    """Turn a panic of the parser, which is no ordinary exception, into a refusal."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise broken(source) from error
        raise


def check_signature(source: Container, stream: BinaryIO) -> None:
    """Refuse files that are not what their suffix says, before a parser guesses."""
    start = stream.read(8)
    wanted = _OLE if source.suffix == ".xls" else _ZIP
    if start.startswith(wanted):
        return
    if start.startswith(_OLE) and _ENCRYPTED in stream.read():
        raise DataError(
            f"{source.name}: the workbook is protected by a password and cannot be read. Store an "
            "unprotected copy."
        )
    hint = ""
    if start.startswith(_ZIP):
        hint = " It looks like an .xlsx or .ods workbook: rename it."
    elif start.startswith(_OLE):
        hint = " It looks like an .xls workbook: rename it."
    raise DataError(
        f"{source.name}: is not the kind of workbook its suffix says, or is damaged.{hint} Fetch "
        "it again, or save it in the format its name says."
    )


def check_size(source: Container, stream: BinaryIO) -> None:
    """Look at what the archive inside declares before anything is unpacked."""
    try:
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            check_archive(archive.infolist(), source.limit, source.name)
    except ZIP_FAULTS as error:
        raise broken(source) from error


def _check_survived(source: Container, stream: BinaryIO) -> None:
    stream.seek(0)
    if not is_survived(stream.read()):
        raise broken(source)


def check_extent(name: str, content: bytes, most: int = _MOST_CELLS) -> None:
    """Refuse a sheet whose last cell lies so far out that the space between fills the memory."""
    rows = max(map(int, set(_ROW_OF_CELL.findall(content))), default=0)
    columns = max(map(column_number, set(_COLUMN_OF_CELL.findall(content))), default=-1) + 1
    if rows * columns > most:
        raise DataError(
            f"{name}: the sheet reaches to row {rows:,} and column {columns:,}, which is "
            f"{rows * columns:,} cells and more than the {most:,} that are read. A cell far "
            "from the table may hold a stray value: delete the rows and columns outside the table."
        )


def opened_workbook(source: Container, stream: BinaryIO) -> calamine.CalamineWorkbook:
    """Open a workbook that was found sound.

    Raises:
        DataError: It is protected or damaged.
    """
    stream.seek(0)
    try:
        return calamine.CalamineWorkbook.from_filelike(stream)
    except calamine.PasswordError as error:
        raise DataError(
            f"{source.name}: the workbook is protected by a password and cannot be read. Store an "
            "unprotected copy."
        ) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise broken(source) from error


def broken(source: Container) -> DataError:
    """Say that a workbook cannot be read."""
    return DataError(
        f"{source.name}: is not a readable {source.suffix} workbook: it is cut short or damaged. "
        "Fetch it again and compare its size with the publisher's."
    )


def _sheet_title(source: Container, layout: Layout, titles: Sequence[str]) -> str:
    """Choose the sheet; blanks around a sheet's name do not matter."""
    shown = ", ".join(repr(title) for title in titles)
    if not layout.sheet:
        own = [title for title in titles if not is_mark([title])]
        if len(own) == 1:
            return own[0]
        raise DataError(
            f"{source.name}: the workbook has {len(titles)} sheets ({shown}); say which one in "
            "the layout: sheet = '…'."
        )
    if layout.sheet in titles:
        return layout.sheet
    trimmed = [title for title in titles if title.strip() == layout.sheet.strip()]
    if len(trimmed) == 1:
        return trimmed[0]
    raise DataError(
        f"{source.name}: no sheet {layout.sheet!r}{nearest(layout.sheet, titles)}. The workbook "
        f"has {shown}."
    )


def _cells(
    workbook: calamine.CalamineWorkbook, title: str, name: str
) -> tuple[calamine.CalamineSheet, list[list[Any]]]:
    try:
        sheet = workbook.get_sheet_by_name(title)
        cells = sheet.to_python(skip_empty_area=False)
    except (calamine.CalamineError, ValueError) as error:
        raise DataError(
            f"{name}: the sheet cannot be read: it is no table of cells, or is damaged."
        ) from error
    if not cells:
        raise DataError(f"{name}: the sheet is empty. Choose another sheet in the layout.")
    return sheet, cells


def _merged(sheet: calamine.CalamineSheet) -> list[Merged]:
    """Return merged blocks, where the format tells them (.ods does not)."""
    return list(sheet.merged_cell_ranges or [])


def _texts(cells: list[list[Any]], errors: Errors, point: str) -> list[list[str]]:
    """Turn typed cells into text; a wholly blank row becomes an empty one."""
    rows = [[_text(cell, point) for cell in row] for row in cells]
    for (row, column), mark in errors.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = mark
    return [row if any(cell.strip() for cell in row) else [] for row in rows]


def _text(cell: Any, point: str) -> str:
    """Write one cell as a delimited file would hold it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number_text(cell).replace(".", point)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def _number_text(number: float) -> str:
    """Write a double so that it comes back exactly; a long whole number would pass for an id."""
    if not number.is_integer():
        return repr(number)
    return str(int(number)) if abs(number) < _EXACT_WHOLE else f"{number:.16e}"


def sheet_content(source: Container, stream: BinaryIO, place: int) -> bytes:
    """Return the XML of a sheet, counted from 0 in the workbook's order; empty if it has none."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            part = _sheet_part(archive, place)
            return archive.read(part) if part in archive.namelist() else b""
    except ZIP_FAULTS as error:
        raise broken(source) from error


def error_cells(content: bytes) -> dict[tuple[int, int], str]:
    """Find error cells (#N/A, #REF!) of a sheet; the parser would give them as empty ones.

    Args:
        content: The sheet's XML.

    Returns:
        Row and column, from 0 -> the error as a spreadsheet shows it.
    """
    if b't="e"' not in content:
        return {}
    return {
        (int(row) - 1, column_number(letters)): html.unescape(mark.decode())
        for letters, row, mark in _ERROR_CELL.findall(content)
    }


def _sheet_part(archive: zipfile.ZipFile, place: int) -> str:
    """Return the archive member that holds the sheet at a place of the workbook."""
    names = archive.namelist()
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return ""
    identities = _SHEET.findall(archive.read("xl/workbook.xml"))
    if place >= len(identities):
        return ""
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        attributes = dict(_ATTRIBUTE.findall(relation))
        if attributes.get(b"Id") == identities[place]:
            target = attributes.get(b"Target", b"").decode()
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def column_number(letters: bytes) -> int:
    """Return a column's position from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
