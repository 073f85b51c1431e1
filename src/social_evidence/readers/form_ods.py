"""What a parser of .ods files keeps silent about: formulas, merged cells, how far it reaches."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final
from xml.parsers import expat

from social_evidence.errors import DataError
from social_evidence.readers.container import ZIP_FAULTS

Places = frozenset[tuple[int, int]]

_CELLS: Final = ("table:table-cell", "table:covered-table-cell")
_BLOCK: Final = 1 << 20


def read_notes(stream: BinaryIO, name: str, most: int) -> dict[str, tuple[Places, Places]]:
    """Find where formulas and merged cells stand, by sheet.

    Args:
        stream: The workbook; its archive was found sound.
        name: What messages call it.
        most: Cells of a sheet at most, repeated ones counted as often as they stand for.

    Returns:
        Sheet -> places of formulas, places of merged cells; rows and columns from 0.

    Raises:
        DataError: It is no .ods workbook, holds a document type, or reaches too far.
    """
    seen = _Seen(name, most)
    parser = expat.ParserCreate()
    parser.StartElementHandler = seen.start
    parser.EndElementHandler = seen.end
    parser.StartDoctypeDeclHandler = seen.doctype
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive, archive.open("content.xml") as content:
            while block := content.read(_BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except (KeyError, expat.ExpatError, *ZIP_FAULTS):
        raise DataError(
            f"{name}: is not a readable .ods workbook: it is cut short or damaged. Save it again."
        ) from None
    return {sheet: (frozenset(f), frozenset(m)) for sheet, (f, m) in seen.sheets.items()}


@dataclass(slots=True)
class _Seen:
    name: str
    most: int
    sheets: dict[str, tuple[set[tuple[int, int]], set[tuple[int, int]]]] = field(
        default_factory=dict
    )
    sheet: str = ""
    row: int = 0
    column: int = 0
    step: int = 1
    filled: int = 0

    def doctype(self, *_: Any) -> None:
        raise DataError(
            f"{self.name}: holds a document type, which no spreadsheet writes and which can be "
            "made to fill a memory. It is not read."
        )

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "table:table":
            self.sheet, self.row = attributes.get("table:name", ""), 0
            self.sheets[self.sheet] = (set(), set())
        elif element == "table:table-row":
            self.column, self.filled = 0, 0
            self.step = _count(attributes, "table:number-rows-repeated")
        elif element in _CELLS and self.sheet:
            self._cell(element, attributes)

    def end(self, element: str) -> None:
        if element == "table:table-row":
            if self.filled and self.filled * (self.row + self.step) > self.most:
                raise DataError(
                    f"{self.name} [{self.sheet}]: the sheet reaches to row "
                    f"{self.row + self.step:,}, which is more cells than are read. Delete the "
                    "rows outside the form."
                )
            self.row += self.step

    def _cell(self, element: str, attributes: dict[str, str]) -> None:
        formulas, merged = self.sheets[self.sheet]
        times = _count(attributes, "table:number-columns-repeated")
        if "office:value-type" in attributes:
            self.filled = self.column + times
        if "table:formula" in attributes:
            formulas.add((self.row, self.column))
        if element == _CELLS[1] and times <= self.most:
            merged.update((self.row, self.column + at) for at in range(min(times, 1000)))
        wide = _count(attributes, "table:number-columns-spanned")
        high = _count(attributes, "table:number-rows-spanned")
        if wide * high > 1:
            merged.add((self.row, self.column))
        self.column += times


def _count(attributes: dict[str, str], name: str) -> int:
    told = attributes.get(name, "1")
    return int(told) if told.isdecimal() and len(told) < 9 else 1
