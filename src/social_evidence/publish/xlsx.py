"""Write a workbook as Office Open XML (.xlsx), for Excel and all that reads its files.

XlsxWriter writes cell by cell, which takes twenty seconds for a full release; this module joins
columns and takes two. The tests hold its parts against XlsxWriter's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import pyarrow as pa

from social_evidence.publish import xlsx_parts as parts
from social_evidence.publish.archives import archive
from social_evidence.publish.cell_xml import Piece, row_xml
from social_evidence.publish.sheets import Column, Sheet, Table, Workbook, visible

_DAY_ZERO: Final = date(1899, 12, 30)


def write_book(book: Workbook, path: Path) -> None:
    """Write a workbook; the same workbook gives the same bytes.

    Args:
        book: What to write.
        path: The file; it is replaced.
    """
    strings = _Strings()
    tables = 0
    marked = sum(sheet.table is not None for sheet in book.sheets)
    with archive(path) as opened:
        opened.add("[Content_Types].xml", [parts.content_types(len(book.sheets), marked)])
        opened.add("_rels/.rels", [parts.ROOT_RELATIONS])
        opened.add("docProps/app.xml", [parts.APP])
        opened.add("docProps/core.xml", [parts.core(book)])
        opened.add("xl/workbook.xml", [parts.workbook(book)])
        opened.add("xl/_rels/workbook.xml.rels", [parts.workbook_relations(len(book.sheets))])
        opened.add("xl/styles.xml", [parts.STYLES])
        for at, sheet in enumerate(book.sheets, start=1):
            opened.add(f"xl/worksheets/sheet{at}.xml", _sheet_xml(sheet, strings, is_first=at == 1))
            if sheet.table:
                tables += 1
                relation = parts.sheet_relations(tables)
                opened.add(f"xl/worksheets/_rels/sheet{at}.xml.rels", [relation])
                described = parts.table(sheet.table, len(sheet.lines) + 1, tables)
                opened.add(f"xl/tables/table{tables}.xml", [described])
        opened.add("xl/sharedStrings.xml", strings.xml())


@dataclass(slots=True)
class _Strings:
    """The texts of a workbook, each kept once; cells hold its place."""

    places: dict[str, int] = field(default_factory=dict)

    def place(self, text: str) -> int:
        return self.places.setdefault(text, len(self.places))

    def xml(self) -> Iterator[bytes]:
        yield parts.strings_start(len(self.places))
        for text in self.places:
            yield f'<si><t xml:space="preserve">{parts.safe(text)}</t></si>'.encode()
        yield b"</sst>"


@dataclass(frozen=True, slots=True)
class _Cells:
    """How a cell is written. A fragment lacks what opens it and its address."""

    strings: _Strings
    letters: Sequence[str]

    def row_start(self, numbers: pa.Array) -> Sequence[Piece]:
        return ('<row r="', numbers, '">')

    def cell(self, at: int, numbers: pa.Array, fragments: pa.Array) -> Sequence[Piece]:
        return (f'<c r="{self.letters[at]}', numbers, fragments)

    def row_end(self) -> str:
        return "</row>"

    def text(self, value: str, column: Column) -> str:
        if column.shape != "text":
            return self._text(value, "word")
        return self._text(value, "wrapped" if column.is_wrapped else "text")

    def link(self, value: str, target: str, column: Column) -> str:  # noqa: ARG002 - listed apart
        return self._text(value, "link")

    def _text(self, value: str, style: str) -> str:
        return f'" s="{parts.STYLE[style]}" t="s"><v>{self.strings.place(value)}</v></c>'

    def number(self, value: Any, column: Column) -> str:
        return f'" s="{parts.STYLE[column.shape]}"><v>{value!r}</v></c>'

    def day(self, value: Any, column: Column) -> str:
        return f'" s="{parts.STYLE[column.shape]}"><v>{(value - _DAY_ZERO).days}</v></c>'


def _sheet_xml(sheet: Sheet, strings: _Strings, *, is_first: bool) -> Iterator[bytes]:
    yield parts.sheet_start(sheet, is_first=is_first).encode()
    for row, line in enumerate(sheet.lines, start=1):
        style = parts.line_style(sheet, line)
        place = strings.place(visible(line.text))
        yield f'<row r="{row}"><c r="A{row}" s="{style}" t="s"><v>{place}</v></c></row>'.encode()
    if sheet.table:
        yield from _table_xml(sheet.table, strings, len(sheet.lines) + 1)
    marked = parts.TABLE_PART if sheet.table else ""
    yield f"</sheetData>{_links(sheet)}{parts.SHEET_END}{marked}</worksheet>".encode()


def _table_xml(table: Table, strings: _Strings, first: int) -> Iterator[bytes]:
    letters = [parts.letters(at) for at in range(len(table.columns))]
    style = parts.STYLE["header"]
    yield f'<row r="{first}">'.encode()
    for letter, column in zip(letters, table.columns, strict=True):
        place = strings.place(visible(column.heading))
        yield f'<c r="{letter}{first}" s="{style}" t="s"><v>{place}</v></c>'.encode()
    yield b"</row>"
    yield from row_xml(table, _Cells(strings, letters), first + 1)


def _links(sheet: Sheet) -> str:
    """List the cells of a sheet that lead to other sheets."""
    found = [(f"A{row}", line.link) for row, line in enumerate(sheet.lines, start=1) if line.link]
    below = len(sheet.lines) + 2
    for at, column in enumerate(sheet.table.columns if sheet.table else ()):
        rows = enumerate(column.links, start=below)
        found += [(f"{parts.letters(at)}{row}", target) for row, target in rows if target]
    listed = "".join(
        f'<hyperlink ref="{cell}" location={quoteattr(_first_cell(name))} '
        f"display={quoteattr(name)}/>"
        for cell, name in found
    )
    return f"<hyperlinks>{listed}</hyperlinks>" if found else ""


def _first_cell(name: str) -> str:
    return f"'{name}'!A1"
