"""Write workbooks, `.xlsx` and `.ods`: plain sheets of text, numbers and dates, and the mark.

Archives carry fixed dates: the same input gives the same bytes. A sheet `SYNTHETIC` comes last.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from social_evidence.synthetic.london.writing import MARK, MARK_TEXT, write_bytes

Sheets = Mapping[str, Sequence[Sequence[object]]]
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEETS: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_OPEN: Final = "urn:oasis:names:tc:opendocument:xmlns"
_ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
_DAY_ZERO: Final = dt.date(1899, 12, 30)


def write_xlsx(path: Path, sheets: Sheets) -> Path:
    """Write an Office Open XML workbook; cells of None are left out."""
    marked = {**sheets, MARK: [[MARK_TEXT]]}
    numbers = range(1, len(marked) + 1)
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            f'ContentType="{_TYPES}.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        + f'<Relationship Id="rId0" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_SHEETS}"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, marked, strict=True)
        )
        + "</sheets></workbook>",
    }
    for n, rows in zip(numbers, marked.values(), strict=True):
        files[f"xl/worksheets/sheet{n}.xml"] = _xlsx_sheet(rows)
    return write_bytes(path, _archive(files))


def write_ods(path: Path, sheets: Sheets) -> Path:
    """Write an OpenDocument spreadsheet; cells of None are empty."""
    spaces = " ".join(f'xmlns:{name}="{_OPEN}:{name}:1.0"' for name in ("office", "table", "text"))
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
        )
        + "</table:table>"
        for name, rows in {**sheets, MARK: [[MARK_TEXT]]}.items()
    )
    declared = f"{_OPEN}:manifest:1.0"
    files = {
        "mimetype": _ODS,
        "META-INF/manifest.xml": f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        f'xmlns:manifest="{declared}" manifest:version="1.2"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{_ODS}"/><manifest:file-entry '
        'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        f'office:version="1.2"><office:body><office:spreadsheet>{tables}</office:spreadsheet>'
        "</office:body></office:document-content>",
    }
    return write_bytes(path, _archive(files))


def _archive(files: Mapping[str, str]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            # OpenDocument wants its first file, the type, as it is.
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return raw.getvalue()


def _xlsx_sheet(rows: Sequence[Sequence[object]]) -> str:
    width = max((len(row) for row in rows), default=0)
    letters = [_letters(column) for column in range(width)]
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = [
            _xlsx_cell(f"{letters[column]}{number}", cell)
            for column, cell in enumerate(row)
            if cell is not None
        ]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f'<worksheet xmlns="{_SHEETS}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _xlsx_cell(place: str, cell: object) -> str:
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, dt.date):
        return f'<c r="{place}" s="1"><v>{(_day(cell) - _DAY_ZERO).days}</v></c>'
    if _is_number(cell):
        return f'<c r="{place}"><v>{_number(cell)}</v></c>'
    text = escape(str(cell))
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _ods_cell(cell: object) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, dt.date):
        day = _day(cell).isoformat()
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{day}">'
            f"<text:p>{day}</text:p></table:table-cell>"
        )
    if _is_number(cell) and not isinstance(cell, bool):
        return (
            f'<table:table-cell office:value-type="float" office:value="{_number(cell)}">'
            f"<text:p>{_number(cell)}</text:p></table:table-cell>"
        )
    text = escape(str(cell))
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def _day(cell: dt.date) -> dt.date:
    return cell.date() if isinstance(cell, dt.datetime) else cell


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float) or hasattr(cell, "dtype")


def _number(cell: object) -> str:
    value = cell.item() if hasattr(cell, "item") else cell
    return repr(value)


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
