"""The small parts of an .ods file: manifest, properties, styles, settings, and texts in cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from social_evidence.publish.sheets import Sheet, Workbook, visible

MIMETYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_OPEN: Final = "urn:oasis:names:tc:opendocument:xmlns"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES: Final = (
    " ".join(
        f'xmlns:{name}="{_OPEN}:{space}:1.0"'
        for name, space in (
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
            ("number", "datastyle"),
            ("fo", "xsl-fo-compatible"),
            ("meta", "meta"),
            ("config", "config"),
        )
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
_VERSION: Final = 'office:version="1.3"'
_GAP: Final = re.compile(r"^ +| {2,}| +$")
_CHARACTER: Final = 0.21
"""Centimetres of a character, for the width of a column."""


def paragraph(text: str) -> str:
    """Write a text of a cell; blanks that would run together are counted."""
    return f"<text:p>{_spaced(text)}</text:p>"


def linked(text: str, sheet: str) -> str:
    """Write a text that leads to the first cell of a sheet."""
    target = quoteattr(f"#'{sheet}'.A1")
    anchor = f'<text:a xlink:type="simple" xlink:href={target}>{_spaced(text)}</text:a>'
    return f"<text:p>{anchor}</text:p>"


def _spaced(text: str) -> str:
    return _GAP.sub(lambda gap: f'<text:s text:c="{len(gap[0])}"/>', escape(text))


def _document(kind: str, inner: str) -> bytes:
    return f"{_HEAD}<office:{kind} {_SPACES} {_VERSION}>{inner}</office:{kind}>".encode()


def manifest() -> bytes:
    """List the files of the archive."""
    files = [("/", MIMETYPE)]
    files += [(f"{name}.xml", "text/xml") for name in ("content", "styles", "meta", "settings")]
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in files
    )
    space = f'xmlns:manifest="{_OPEN}:manifest:1.0" manifest:version="1.3"'
    return f"{_HEAD}<manifest:manifest {space}>{listed}</manifest:manifest>".encode()


def meta(book: Workbook) -> bytes:
    """State title, language and date; nobody and no machine is named."""
    day = f"{book.created.isoformat()}T00:00:00"
    return _document(
        "document-meta",
        "<office:meta><meta:generator>social-evidence</meta:generator>"
        f"<dc:title>{escape(visible(book.title))}</dc:title>"
        f"<dc:subject>{escape(visible(book.subject))}</dc:subject>"
        f"<dc:language>en-GB</dc:language><meta:creation-date>{day}</meta:creation-date>"
        f"<dc:date>{day}</dc:date></office:meta>",
    )


def settings(book: Workbook) -> bytes:
    """Open the first sheet with the cursor in its first cell."""
    first = escape(book.sheets[0].name)
    view = (
        '<config:config-item config:name="ViewId" config:type="string">view1</config:config-item>'
        f'<config:config-item config:name="ActiveTable" config:type="string">{first}'
        "</config:config-item>"
    )
    return _document(
        "document-settings",
        '<office:settings><config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f"{view}</config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings>",
    )


_ENGLISH: Final = 'fo:language="en" fo:country="GB"'


def styles() -> bytes:
    """Say the language of the document and the look of cells by name."""
    number = (
        '<number:number-style style:name="N-whole"><number:number number:decimal-places="0" '
        'number:min-integer-digits="1" number:grouping="true"/></number:number-style>'
        '<number:number-style style:name="N-share"><number:number number:decimal-places="3" '
        'number:min-decimal-places="3" number:min-integer-digits="1"/></number:number-style>'
        '<number:number-style style:name="N-number"><number:number '
        'number:min-integer-digits="1"/></number:number-style>'
        '<number:date-style style:name="N-date"><number:year number:style="long"/>'
        '<number:text>-</number:text><number:month number:style="long"/><number:text>-'
        '</number:text><number:day number:style="long"/></number:date-style>'
    )
    default = (
        '<style:default-style style:family="table-cell"><style:text-properties '
        f'fo:font-family="Arial" fo:font-size="12pt" {_ENGLISH}/></style:default-style>'
    )
    return _document(
        "document-styles",
        f"<office:styles>{default}{number}{''.join(_looks())}</office:styles>",
    )


def _looks() -> list[str]:
    wrap = ' fo:wrap-option="wrap"'
    return [
        _look("plain"),
        _look("wrapped", cell=wrap),
        _look("text"),
        _look("title", text='fo:font-weight="bold" fo:font-size="16pt"'),
        _look("heading", text='fo:font-weight="bold" fo:font-size="14pt"'),
        _look("notice", text='fo:font-weight="bold"'),
        _look(
            "header", cell=f'{wrap} fo:border-bottom="1.5pt solid #000000"',
            text='fo:font-weight="bold"',
        ),
        _look("link", text='fo:color="#0b4ca3" style:text-underline-style="solid"'),
        *(_look(shape, number=f"N-{shape}") for shape in ("whole", "share", "number", "date")),
    ]  # fmt: skip


def _look(name: str, *, cell: str = "", text: str = "", number: str = "") -> str:
    data = f' style:data-style-name="{number}"' if number else ""
    aligned = '<style:paragraph-properties fo:text-align="end"/>' if number else ""
    words = f"<style:text-properties {text}/>" if text else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell"{data}>'
        f'<style:table-cell-properties style:vertical-align="top"{cell}/>{aligned}{words}'
        "</style:style>"
    )


def content_start(widths: Sequence[int]) -> bytes:
    """Open the content: one style for each width of a column, then the sheets."""
    columns = "".join(
        f'<style:style style:name="w{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * _CHARACTER:.2f}cm"/>'
        "</style:style>"
        for width in widths
    )
    row = (
        '<style:style style:name="row" style:family="table-row"><style:table-row-properties '
        'style:use-optimal-row-height="true"/></style:style>'
    )
    return (
        f"{_HEAD}<office:document-content {_SPACES} {_VERSION}><office:automatic-styles>"
        f"{columns}{row}</office:automatic-styles><office:body><office:spreadsheet>"
    ).encode()


def content_end(sheets: Sequence[Sheet], ranges: Sequence[str]) -> bytes:
    """Mark the tables, each with its headings and without filter buttons, and close."""
    marked = "".join(
        f'<table:database-range table:name="{sheet.table.name}" '
        f"table:target-range-address={quoteattr(place)} "
        'table:contains-header="true" table:display-filter-buttons="false"/>'
        for sheet, place in zip(sheets, ranges, strict=True)
        if sheet.table
    )
    listed = f"<table:database-ranges>{marked}</table:database-ranges>" if marked else ""
    ended = "</office:spreadsheet></office:body></office:document-content>"
    return f"{listed}{ended}".encode()
