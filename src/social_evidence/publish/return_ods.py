"""Write the form of a return as .ods, with the same locks and checks as the .xlsx one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from social_evidence.model.return_form import (
    GUIDANCE,
    HEADINGS,
    HIDDEN,
    PEOPLE,
    PEOPLE_HEADINGS,
    RETURN,
    ROWS_FOR_PEOPLE,
    YES_NO,
    FormLine,
    ReturnForm,
)
from social_evidence.publish.archives import archive
from social_evidence.publish.ods_parts import MIMETYPE, paragraph

_OPEN: Final = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES: Final = " ".join(
    f'xmlns:{name}="{_OPEN}:{space}:1.0"'
    for name, space in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("of", "of"),
    )
).replace('xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.0"', f'xmlns:of="{_OPEN}:of:1.2"')
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_VERSION: Final = 'office:version="1.3"'
_WIDTHS: Final = (4.2, 11.0, 5.0, 7.0, 3.0, 8.0, 8.0)
_INPUTS: Final = 3
"""Cells filled in: number, note and evidence."""


def write_ods(form: ReturnForm, path: Path) -> None:
    """Write a form; the same form gives the same bytes.

    Args:
        form: What is asked.
        path: The file; it is replaced.
    """
    with archive(path) as opened:
        opened.add_stored("mimetype", MIMETYPE.encode())
        opened.add("content.xml", [piece.encode() for piece in _content(form)])
        opened.add("META-INF/manifest.xml", [_manifest().encode()])


def _manifest() -> str:
    files = (("/", MIMETYPE), ("content.xml", "text/xml"))
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in files
    )
    space = f'xmlns:manifest="{_OPEN}:manifest:1.0" manifest:version="1.3"'
    return f"{_HEAD}<manifest:manifest {space}>{listed}</manifest:manifest>"


def _content(form: ReturnForm) -> Iterator[str]:
    yield f"{_HEAD}<office:document-content {_SPACES} {_VERSION}>"
    yield f"<office:automatic-styles>{''.join(_styles())}</office:automatic-styles>"
    yield f"<office:body><office:spreadsheet>{_validations(form)}"
    yield _guidance(form)
    yield from _return(form)
    if form.with_people:
        yield _people()
    yield _hidden(form)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _styles() -> Iterator[str]:
    for at, width in enumerate((*_WIDTHS, 20.0)):
        yield (
            f'<style:style style:name="w{at}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width}cm"/></style:style>'
        )
    yield (
        '<style:style style:name="unseen" style:family="table"><style:table-properties '
        'table:display="false"/></style:style>'
    )
    wrap = 'fo:wrap-option="wrap" style:vertical-align="top"'
    bold = '<style:text-properties fo:font-weight="bold"/>'
    yield _cell_style("locked", f'{wrap} style:cell-protect="protected"')
    yield _cell_style("head", f'{wrap} fo:border-bottom="1.5pt solid #000000"', bold)
    yield _cell_style("total", f'{wrap} fo:border-top="0.5pt solid #000000"', bold)
    free = 'style:cell-protect="none" fo:background-color="#fff7d6" fo:border="0.5pt solid #999999"'
    yield _cell_style("input", free)


def _cell_style(name: str, cell: str, text: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-cell">'
        f"<style:table-cell-properties {cell}/>{text}</style:style>"
    )


def _validations(form: ReturnForm) -> str:
    number = "Type a number of 0 or more; leave it empty if you do not know it."
    choice = "Choose yes or no; leave it empty if you cannot say."
    rules = [
        ("whole", "cell-content-is-whole-number() and cell-content()>=0", number),
        ("number", "cell-content-is-decimal-number() and cell-content()>=0", number),
        ("yes_no", _one_of(YES_NO), choice),
    ]
    if form.with_people:
        rules.append(("measure", _one_of(form.with_people), "Choose one of the measures."))
    listed = "".join(
        f'<table:content-validation table:name="{name}" table:condition={quoteattr("of:" + rule)} '
        'table:allow-empty-cell="true" table:display-list="unsorted">'
        '<table:error-message table:message-type="stop" table:display="true">'
        f"{paragraph(message)}</table:error-message></table:content-validation>"
        for name, rule, message in rules
    )
    return f"<table:content-validations>{listed}</table:content-validations>"


def _one_of(values: tuple[str, ...]) -> str:
    listed = ";".join(f'"{value}"' for value in values)
    return f"cell-content-is-in-list({listed})"


def _text(value: str, style: str) -> str:
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"{paragraph(value)}</table:table-cell>"
    )


def _empty(rule: str = "", times: int = 1) -> str:
    checked = f' table:content-validation-name="{rule}"' if rule else ""
    repeated = f' table:number-columns-repeated="{times}"' if times > 1 else ""
    return f'<table:table-cell table:style-name="input"{checked}{repeated}/>'


def _row(cells: str) -> str:
    return f"<table:table-row>{cells}</table:table-row>"


def _guidance(form: ReturnForm) -> str:
    rows = "".join(_row(_text(line, "locked" if at else "head")) for at, line in _lines(form))
    column = f'<table:table-column table:style-name="w{len(_WIDTHS)}"/>'
    return _table(GUIDANCE, column + rows)


def _lines(form: ReturnForm) -> Iterator[tuple[int, str]]:
    return enumerate(form.guidance)


def _table(name: str, inner: str, style: str = "") -> str:
    look = f' table:style-name="{style}"' if style else ""
    return (
        f'<table:table table:name="{escape(name)}"{look} table:protected="true">{inner}'
        "</table:table>"
    )


def _return(form: ReturnForm) -> Iterator[str]:
    columns = "".join(f'<table:table-column table:style-name="w{at}"/>' for at in range(7))
    columns += '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    yield f'<table:table table:name="{RETURN}" table:protected="true">{columns}'
    yield _row("".join(_text(heading, "head") for heading in HEADINGS))
    for line in form.lines:
        yield _row(_line(line))
    yield "</table:table>"


def _line(line: FormLine) -> str:
    style = "total" if line.is_total else "locked"
    shown = "".join(_text(text, style) for text in (line.success_measure, line.title, line.by))
    group = _text(line.group, style) if line.code else _empty()
    known = _text(line.dimension, "locked") + _text(line.code, "locked")
    return shown + group + _empty(line.shape) + _empty(times=_INPUTS - 1) + known


def _people() -> str:
    column = '<table:table-column table:style-name="w5" table:number-columns-repeated="2"/>'
    head = _row("".join(_text(heading, "head") for heading in PEOPLE_HEADINGS))
    blank = (
        f'<table:table-row table:number-rows-repeated="{ROWS_FOR_PEOPLE}">'
        f"{_empty('measure')}{_empty()}</table:table-row>"
    )
    return _table(PEOPLE, column + head + blank)


def _hidden(form: ReturnForm) -> str:
    rows = "".join(
        _row(_text(name, "locked") + _text(value, "locked")) for name, value in form.facts
    )
    column = '<table:table-column table:number-columns-repeated="2"/>'
    return _table(HIDDEN, column + rows, "unseen")
