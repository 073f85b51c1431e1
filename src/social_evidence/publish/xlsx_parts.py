"""The small parts of an .xlsx file: types, relations, properties, styles, sheet heads, tables."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from social_evidence.publish.sheets import Line, Sheet, Table, Workbook, visible

_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_SHEETS: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE: Final = "application/vnd.openxmlformats-officedocument"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ENCODED: Final = re.compile(r"_(x[0-9A-Fa-f]{4}_)")

STYLE: Final = {
    "plain": 0,
    "title": 1,
    "heading": 2,
    "notice": 3,
    "header": 4,
    "text": 5,
    "word": 6,
    "whole": 7,
    "share": 8,
    "number": 9,
    "date": 10,
    "link": 11,
    "wrapped": 12,
}
"""Name of a look -> its place in the list of cell formats below."""

_FONTS: Final = (
    '<font><sz val="12"/><name val="Arial"/><family val="2"/></font>',
    '<font><b/><sz val="16"/><name val="Arial"/><family val="2"/></font>',
    '<font><b/><sz val="14"/><name val="Arial"/><family val="2"/></font>',
    '<font><b/><sz val="12"/><name val="Arial"/><family val="2"/></font>',
    '<font><u/><sz val="12"/><color rgb="FF0B4CA3"/><name val="Arial"/><family val="2"/></font>',
)
_BORDERS: Final = (
    "<border><left/><right/><top/><bottom/><diagonal/></border>",
    '<border><left/><right/><top/><bottom style="medium"/><diagonal/></border>',
)
_TOP: Final = '<alignment vertical="top"/>'
_WRAP: Final = '<alignment vertical="top" wrapText="1"/>'
_RIGHT: Final = '<alignment horizontal="right" vertical="top"/>'
_FORMATS: Final = (
    (0, 0, 0, ""),
    (0, 1, 0, _TOP),
    (0, 2, 0, _TOP),
    (0, 3, 0, _TOP),
    (0, 3, 1, _WRAP),
    (0, 0, 0, _TOP),
    (0, 0, 0, _RIGHT),
    (3, 0, 0, _TOP),
    (164, 0, 0, _TOP),
    (0, 0, 0, _TOP),
    (165, 0, 0, _TOP),
    (0, 4, 0, _TOP),
    (0, 0, 0, _WRAP),
)
"""Number format, font, border and alignment, in the order of STYLE."""


def safe(text: str) -> str:
    """Escape a text; what looks like the format's own escape (`_x0041_`) stays as it is."""
    return escape(_ENCODED.sub(r"_x005F_\1", text))


def letters(column: int) -> str:
    """Name a column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def line_style(sheet: Sheet, line: Line) -> int:
    """Choose the look of a line; beside a table it must not be wrapped into a narrow column."""
    if line.link:
        return STYLE["link"]
    if line.style == "text":
        return STYLE["plain" if sheet.table else "wrapped"]
    return STYLE[line.style]


def _xml(name: str, attributes: str, inner: str) -> bytes:
    return f"{_HEAD}<{name} {attributes}>{inner}</{name}>".encode()


def content_types(sheets: int, tables: int) -> bytes:
    """List what each part is."""
    kinds = {
        "/docProps/app.xml": f"{_TYPE}.extended-properties+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/xl/workbook.xml": f"{_TYPE}.spreadsheetml.sheet.main+xml",
        "/xl/styles.xml": f"{_TYPE}.spreadsheetml.styles+xml",
        "/xl/sharedStrings.xml": f"{_TYPE}.spreadsheetml.sharedStrings+xml",
    }
    for at in range(1, sheets + 1):
        kinds[f"/xl/worksheets/sheet{at}.xml"] = f"{_TYPE}.spreadsheetml.worksheet+xml"
    for at in range(1, tables + 1):
        kinds[f"/xl/tables/table{at}.xml"] = f"{_TYPE}.spreadsheetml.table+xml"
    listed = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds.items()
    )
    usual = (
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return _xml("Types", f'xmlns="{_PACKAGE}/content-types"', usual + listed)


def _relations(targets: list[tuple[str, str]]) -> bytes:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, start=1)
    )
    return _xml("Relationships", f'xmlns="{_PACKAGE}/relationships"', listed)


ROOT_RELATIONS: Final = _relations(
    [
        (f"{_OFFICE}/relationships/officeDocument", "xl/workbook.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        (f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
    ]
)

APP: Final = _xml(
    "Properties",
    f'xmlns="{_OFFICE}/extended-properties"',
    "<Application>social-evidence</Application>",
)


def core(book: Workbook) -> bytes:
    """State title, language and date; nobody and no machine is named."""
    spaces = (
        f'xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    day = f"{book.created.isoformat()}T00:00:00Z"
    inner = (
        f"<dc:title>{escape(visible(book.title))}</dc:title>"
        f"<dc:subject>{escape(visible(book.subject))}</dc:subject>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{day}</dcterms:modified>'
        "<dc:language>en-GB</dc:language>"
    )
    return _xml("cp:coreProperties", spaces, inner)


def workbook(book: Workbook) -> bytes:
    """List the sheets; the first is the one that opens."""
    sheets = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{at}" r:id="rId{at}"/>'
        for at, sheet in enumerate(book.sheets, start=1)
    )
    views = '<bookViews><workbookView activeTab="0" firstSheet="0"/></bookViews>'
    spaces = f'xmlns="{_SHEETS}" xmlns:r="{_OFFICE}/relationships"'
    return _xml("workbook", spaces, f"{views}<sheets>{sheets}</sheets>")


def workbook_relations(sheets: int) -> bytes:
    """Say where the sheets, the styles and the texts are."""
    kind = f"{_OFFICE}/relationships"
    targets = [(f"{kind}/worksheet", f"worksheets/sheet{at}.xml") for at in range(1, sheets + 1)]
    targets += [(f"{kind}/styles", "styles.xml"), (f"{kind}/sharedStrings", "sharedStrings.xml")]
    return _relations(targets)


def sheet_relations(table: int) -> bytes:
    """Say where a sheet's table is described."""
    return _relations([(f"{_OFFICE}/relationships/table", f"../tables/table{table}.xml")])


def _cell_format(number: int, font: int, border: int, alignment: str) -> str:
    applied = "".join(
        f' apply{name}="1"'
        for name, is_used in (
            ("NumberFormat", number),
            ("Font", font),
            ("Border", border),
            ("Alignment", alignment),
        )
        if is_used
    )
    head = f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="{border}" xfId="0"'
    return f"{head}{applied}>{alignment}</xf>" if alignment else f"{head}{applied}/>"


STYLES: Final = _xml(
    "styleSheet",
    f'xmlns="{_SHEETS}"',
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="0.000"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    f'<fonts count="{len(_FONTS)}">{"".join(_FONTS)}</fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    f'<borders count="{len(_BORDERS)}">{"".join(_BORDERS)}</borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_FORMATS)}">'
    + "".join(_cell_format(*one) for one in _FORMATS)
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    '</cellStyles><dxfs count="0"/><tableStyles count="0" '
    'defaultTableStyle="TableStyleMedium9" defaultPivotStyle="PivotStyleLight16"/>',
)


def strings_start(distinct: int) -> bytes:
    """Open the list of texts."""
    return f'{_HEAD}<sst xmlns="{_SHEETS}" uniqueCount="{distinct}">'.encode()


def sheet_start(sheet: Sheet, *, is_first: bool) -> str:
    """Open a sheet: its extent, its view with the cursor in the first cell, its columns."""
    rows = len(sheet.lines) + (sheet.table.rows + 1 if sheet.table else 0)
    widths = [column.width for column in sheet.table.columns] if sheet.table else [sheet.width]
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate(widths, start=1)
    )
    selected = ' tabSelected="1"' if is_first else ""
    return (
        f'{_HEAD}<worksheet xmlns="{_SHEETS}" xmlns:r="{_OFFICE}/relationships">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{letters(len(widths) - 1)}{rows}"/>'
        f'<sheetViews><sheetView{selected} workbookViewId="0"/></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{columns}</cols><sheetData>"
    )


SHEET_END: Final = (
    '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
)
TABLE_PART: Final = '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'


def table(described: Table, first: int, number: int) -> bytes:
    """Describe a table: where it is and what its columns are called. It has no filter buttons.

    Args:
        described: The table.
        first: Row of its headings.
        number: Its number in the workbook.
    """
    last = f"{letters(len(described.columns) - 1)}{first + described.rows}"
    columns = "".join(
        f'<tableColumn id="{at}" name={quoteattr(visible(column.heading))}/>'
        for at, column in enumerate(described.columns, start=1)
    )
    attributes = (
        f'xmlns="{_SHEETS}" id="{number}" name="{described.name}" displayName="{described.name}" '
        f'ref="A{first}:{last}" totalsRowShown="0"'
    )
    inner = (
        f'<tableColumns count="{len(described.columns)}">{columns}</tableColumns>'
        '<tableStyleInfo showFirstColumn="0" showLastColumn="0" showRowStripes="0" '
        'showColumnStripes="0"/>'
    )
    return _xml("table", attributes, inner)
