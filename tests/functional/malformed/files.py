"""Smallest files of each kind, byte by byte: no writer for them is among the dependencies.

Layouts follow the published descriptions of the SPSS system file and of the Stata 114 format.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

SYSTEM_MISSING = struct.unpack("<d", b"\xff\xff\xff\xff\xff\xff\xef\xff")[0]


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable of a statistical file. `width` above 0 makes it text."""

    name: str
    width: int = 0
    label: str = ""
    display: str = ""
    missing: Sequence[float] = ()
    missing_range: tuple[float, float] | None = None
    labels: Mapping[float, str] = field(default_factory=dict)


_SPSS_DISPLAY = {"": 5, "DATE": 20, "DATETIME": 22}


def sav(path: Path, variables: Sequence[Variable], rows: Sequence[Sequence[object]]) -> Path:
    """Write an uncompressed SPSS system file; text variables are at most 8 bytes wide."""
    header = b"$FL2" + b"@(#) SPSS DATA FILE".ljust(60)
    header += struct.pack("<iiiii", 2, len(variables), 0, 0, len(rows)) + struct.pack("<d", 100.0)
    header += b"01 Jan 20" + b"00:00:00" + b" " * 64 + b"\0" * 3
    body = b"".join(_sav_variable(variable) for variable in variables)
    for index, variable in enumerate(variables, start=1):
        if variable.labels:
            body += struct.pack("<ii", 3, len(variable.labels))
            for code, text in variable.labels.items():
                raw = text.encode()
                body += struct.pack("<d", code) + bytes([len(raw)]) + _padded(raw, 8, 1)
            body += struct.pack("<iii", 4, 1, index)
    body += struct.pack("<iiii", 7, 20, 1, 5) + b"UTF-8" + struct.pack("<ii", 999, 0)
    cells = b"".join(
        _sav_cell(variable, cell)
        for row in rows
        for variable, cell in zip(variables, row, strict=True)
    )
    path.write_bytes(header + body + cells)
    return path


def _sav_variable(variable: Variable) -> bytes:
    kind = 1 if variable.width else _SPSS_DISPLAY[variable.display]
    display = (kind << 16) | ((variable.width or 8) << 8)
    codes = [*(variable.missing_range or ()), *variable.missing]
    count = -len(codes) if variable.missing_range else len(codes)
    record = struct.pack("<iii", 2, variable.width, int(bool(variable.label)))
    record += struct.pack("<iii", count, display, display) + variable.name.upper().encode().ljust(8)
    if variable.label:
        raw = variable.label.encode()
        record += struct.pack("<i", len(raw)) + _padded(raw, 4)
    return record + b"".join(struct.pack("<d", code) for code in codes)


def _sav_cell(variable: Variable, cell: object) -> bytes:
    if variable.width:
        return str(cell).encode().ljust(8)
    return struct.pack("<d", SYSTEM_MISSING if cell is None else float(str(cell)))


def _padded(raw: bytes, unit: int, before: int = 0) -> bytes:
    return raw + b" " * (-(len(raw) + before) % unit)


def dta(path: Path, variables: Sequence[Variable], rows: Sequence[Sequence[object]]) -> Path:
    """Write a Stata 114 file. Numbers are longs, doubles with display "%9.0g", dates "%td".

    A cell of None is the system missing value, one such as ".a" an extended one.
    """
    count = len(variables)
    out = struct.pack("<BBBBhi", 114, 2, 1, 0, count, len(rows)) + b"\0" * 81 + b"\0" * 18
    out += bytes(_dta_type(variable) for variable in variables)
    out += b"".join(variable.name.encode().ljust(33, b"\0") for variable in variables)
    out += b"\0\0" * (count + 1)
    for variable in variables:
        default = f"%{variable.width}s" if variable.width else "%8.0g"
        out += (variable.display or default).encode().ljust(49, b"\0")
    out += b"".join(
        (variable.name if variable.labels else "").encode().ljust(33, b"\0")
        for variable in variables
    )
    out += b"".join(variable.label.encode().ljust(81, b"\0") for variable in variables)
    out += b"\0" * 5
    out += b"".join(
        _dta_cell(variable, cell)
        for row in rows
        for variable, cell in zip(variables, row, strict=True)
    )
    for variable in variables:
        if variable.labels:
            out += _dta_labels(variable)
    path.write_bytes(out)
    return path


def _dta_type(variable: Variable) -> int:
    if variable.width:
        return variable.width
    return 255 if variable.display == "%9.0g" else 253


def _dta_cell(variable: Variable, cell: object) -> bytes:
    if variable.width:
        return str(cell).encode().ljust(variable.width, b"\0")
    tag = 0 if cell is None else ord(cell[1]) - ord("a") + 1 if isinstance(cell, str) else -1
    if _dta_type(variable) == 255:
        if tag < 0:
            return struct.pack("<d", cell)
        return struct.pack("<Q", 0x7FE0000000000000 + (tag << 40))
    return struct.pack("<i", cell if tag < 0 else 2_147_483_621 + tag)


def _dta_labels(variable: Variable) -> bytes:
    texts, offsets = b"", []
    for text in variable.labels.values():
        offsets.append(len(texts))
        texts += text.encode() + b"\0"
    count = len(offsets)
    table = struct.pack("<ii", count, len(texts)) + struct.pack(f"<{count}i", *offsets)
    table += struct.pack(f"<{count}i", *(int(code) for code in variable.labels)) + texts
    return (
        struct.pack("<i", len(table)) + variable.name.encode().ljust(33, b"\0") + b"\0" * 3 + table
    )


_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[object]]],
    merged: Sequence[str] = (),
    dimension: str = "",
) -> Path:
    """Write a workbook. Text that begins with # is an error cell; None is no cell at all."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_RELATIONS}">'
            + "".join(
                f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" '
                f'Target="worksheets/sheet{n}.xml"/>'
                for n in range(1, len(sheets) + 1)
            )
            + "</Relationships>",
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>'
            + "".join(
                f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
                for n, name in enumerate(sheets, start=1)
            )
            + "</sheets></workbook>",
        )
        for n, rows in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(rows, merged, dimension))
    return path


def _sheet(rows: Sequence[Sequence[object]], merged: Sequence[str], dimension: str) -> str:
    lines = [
        f'<row r="{r}">'
        + "".join(
            _cell(f"{_letters(c)}{r}", cell) for c, cell in enumerate(row) if cell is not None
        )
        + "</row>"
        for r, row in enumerate(rows, start=1)
    ]
    blocks = "".join(f'<mergeCell ref="{block}"/>' for block in merged)
    return (
        f'<worksheet xmlns="{_SHEETS}">'
        + (f'<dimension ref="{dimension}"/>' if dimension else "")
        + f"<sheetData>{''.join(lines)}</sheetData>"
        + (f'<mergeCells count="{len(merged)}">{blocks}</mergeCells>' if merged else "")
        + "</worksheet>"
    )


def _cell(place: str, cell: object) -> str:
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell!r}</v></c>'
    if str(cell).startswith("#"):
        return f'<c r="{place}" t="e"><v>{escape(str(cell))}</v></c>'
    return (
        f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'
    )


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def ods(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Write an OpenDocument sheet with text and number cells."""
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(
            "<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            "<manifest:manifest "
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces}><office:body>'
            f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
            "</office:document-content>",
        )
    return path


def _ods_cell(cell: object) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell!r}">'
            f"<text:p>{cell}</text:p></table:table-cell>"
        )
    return (
        '<table:table-cell office:value-type="string">'
        f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
    )


def declared_zip(path: Path, size: int, member: str = "big.csv") -> Path:
    """Write a zip64 archive whose directory declares `size` bytes for a member that holds four."""
    name, raw = member.encode(), zlib.compress(b"a\n1\n")[2:-4]
    crc = zlib.crc32(b"a\n1\n")
    sizes = struct.pack("<HHQQ", 1, 16, size, len(raw))
    common = struct.pack("<HHHHHIIIHH", 45, 0, 8, 0, 33, crc, *[0xFFFFFFFF] * 2, len(name), 20)
    local = b"PK\x03\x04" + common + name + sizes + raw
    central = b"PK\x01\x02" + struct.pack("<H", 45) + common
    central += struct.pack("<HHHII", 0, 0, 0, 0, 0) + name + sizes
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    path.write_bytes(local + central + end)
    return path


def encrypted_zip(path: Path, member: str = "secret.csv") -> Path:
    """Write a zip whose member is marked as encrypted."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "a\n1\n")
    raw = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + place] |= 1
    path.write_bytes(bytes(raw))
    return path


def odd_method_zip(path: Path, method: int = 9, member: str = "odd.csv") -> Path:
    """Write a zip whose member claims a compression method Python does not know (deflate64)."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "a\n1\n")
    raw = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        raw[raw.index(signature) + place] = method
    path.write_bytes(bytes(raw))
    return path


def xls(path: Path, cells: Mapping[tuple[int, int], float | str]) -> Path:
    """Write an old workbook of one sheet: a compound file that holds one stream of records."""
    name = b"Sheet1"
    first = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 0))
    length = len(first) + 4 + 8 + len(name) + 4
    first += _record(0x0085, struct.pack("<IBBBB", length, 0, 0, len(name), 0) + name)
    stream = first + _record(0x000A)
    stream += _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 0))
    stream += b"".join(_xls_cell(place, cell) for place, cell in sorted(cells.items()))
    stream += _record(0x000A)
    path.write_bytes(_compound(stream.ljust(4096, b"\0")))
    return path


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _xls_cell(place: tuple[int, int], cell: float | str) -> bytes:
    start = struct.pack("<HHH", *place, 0)
    if isinstance(cell, str):
        return _record(0x0204, start + struct.pack("<HB", len(cell), 0) + cell.encode("latin-1"))
    return _record(0x0203, start + struct.pack("<d", cell))


def _compound(stream: bytes) -> bytes:
    """Put one stream, called Workbook, into a compound file of 512-byte sectors."""
    last, free = 0xFFFFFFFE, 0xFFFFFFFF
    sectors = -(-len(stream) // 512)
    chain = [0xFFFFFFFD, last, *range(3, sectors + 2), last]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, last, 0, last, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    entries = _entry("Root Entry", 5, last, 0, child=1) + _entry("Workbook", 2, 2, len(stream))
    return header + table + entries.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    none = 0xFFFFFFFF
    place = struct.pack("<HBBIII", len(raw), kind, 1, none, none, child)
    return raw.ljust(64, b"\0") + place + b"\0" * 36 + struct.pack("<IQ", start, size)
