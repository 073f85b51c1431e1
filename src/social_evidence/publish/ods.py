"""Write a workbook as an OpenDocument spreadsheet (.ods), which GOV.UK asks for.

No library writes one of this size in bearable time; this one writes the same sheets as `xlsx`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from social_evidence.publish import ods_parts as parts
from social_evidence.publish.archives import archive
from social_evidence.publish.cell_xml import Piece, row_xml
from social_evidence.publish.sheets import Column, Line, Sheet, Table, Workbook, visible
from social_evidence.publish.xlsx_parts import letters


def write_book(book: Workbook, path: Path) -> None:
    """Write a workbook; the same workbook gives the same bytes.

    Args:
        book: What to write.
        path: The file; it is replaced.
    """
    with archive(path) as opened:
        # Programs tell the kind of file by this one, first and as it is.
        opened.add_stored("mimetype", parts.MIMETYPE.encode())
        opened.add("content.xml", _content(book))
        opened.add("styles.xml", [parts.styles()])
        opened.add("meta.xml", [parts.meta(book)])
        opened.add("settings.xml", [parts.settings(book)])
        opened.add("META-INF/manifest.xml", [parts.manifest()])


def _content(book: Workbook) -> Iterator[bytes]:
    yield parts.content_start(sorted({width for sheet in book.sheets for width in _widths(sheet)}))
    for sheet in book.sheets:
        yield from _sheet_xml(sheet)
    yield parts.content_end(book.sheets, [_range(sheet) for sheet in book.sheets])


def _widths(sheet: Sheet) -> list[int]:
    return [column.width for column in sheet.table.columns] if sheet.table else [sheet.width]


def _range(sheet: Sheet) -> str:
    """Say where the sheet's table is: `'Sheet'.A3:'Sheet'.F20`."""
    if sheet.table is None:
        return ""
    first = len(sheet.lines) + 1
    last = f"{letters(len(sheet.table.columns) - 1)}{first + sheet.table.rows}"
    return f"'{sheet.name}'.A{first}:'{sheet.name}'.{last}"


@dataclass(frozen=True, slots=True)
class _Cells:
    """How a cell is written; what it looks like is said by its column.

    Both formats share their calls, so some arguments are the other's alone.
    """

    def row_start(self, numbers: pa.Array) -> Sequence[Piece]:  # noqa: ARG002 - rows have none
        return ('<table:table-row table:style-name="row">',)

    def cell(self, at: int, numbers: pa.Array, fragments: pa.Array) -> Sequence[Piece]:  # noqa: ARG002 - as .xlsx asks
        return (fragments,)

    def row_end(self) -> str:
        return "</table:table-row>"

    def text(self, value: str, column: Column) -> str:  # noqa: ARG002 - every text looks alike
        return _text_cell(parts.paragraph(value))

    def link(self, value: str, target: str, column: Column) -> str:  # noqa: ARG002 - as .xlsx asks
        return _text_cell(parts.linked(value, target), "link")

    def number(self, value: Any, column: Column) -> str:  # noqa: ARG002 - as .xlsx asks
        return (
            f'<table:table-cell office:value-type="float" office:value="{value!r}">'
            f"<text:p>{value!r}</text:p></table:table-cell>"
        )

    def day(self, value: Any, column: Column) -> str:  # noqa: ARG002 - as .xlsx asks
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )


def _text_cell(inner: str, style: str = "") -> str:
    named = f' table:style-name="{style}"' if style else ""
    return f'<table:table-cell{named} office:value-type="string">{inner}</table:table-cell>'


def _sheet_xml(sheet: Sheet) -> Iterator[bytes]:
    shapes = [_shape(column) for column in sheet.table.columns] if sheet.table else ["wrapped"]
    columns = "".join(
        f'<table:table-column table:style-name="w{width}" table:default-cell-style-name="{shape}"/>'
        for width, shape in zip(_widths(sheet), shapes, strict=True)
    )
    yield f'<table:table table:name="{sheet.name}">{columns}'.encode()
    for line in sheet.lines:
        cell = _line_xml(sheet, line)
        yield f'<table:table-row table:style-name="row">{cell}</table:table-row>'.encode()
    if sheet.table:
        yield _header_xml(sheet.table).encode()
        yield from row_xml(sheet.table, _Cells(), 1)
    yield b"</table:table>"


def _shape(column: Column) -> str:
    return "wrapped" if column.is_wrapped else column.shape


def _line_xml(sheet: Sheet, line: Line) -> str:
    text = visible(line.text)
    if line.link:
        return _text_cell(parts.linked(text, line.link), "link")
    # Beside a table a long line must not be wrapped into a narrow column.
    usual = "plain" if sheet.table else "wrapped"
    return _text_cell(parts.paragraph(text), usual if line.style == "text" else line.style)


def _header_xml(table: Table) -> str:
    cells = "".join(
        _text_cell(parts.paragraph(visible(column.heading)), "header") for column in table.columns
    )
    row = f'<table:table-row table:style-name="row">{cells}</table:table-row>'
    return f"<table:table-header-rows>{row}</table:table-header-rows>"
