"""The quality report as a page: `quality.html`, plain, without scripts, one table a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile, described, to_json, write
from social_evidence.publish.notes import dataset_title
from social_evidence.publish.quality_tables import Cell, Kind, QualityTable, quality_tables
from social_evidence.wording.markup import escape
from social_evidence.wording.numbers import number, percent

PAGE: Final = "quality.html"
DATA: Final = "quality.json"
_STYLE: Final = """
body { font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto;
  padding: 0 1rem; color: #111; background: #fff; }
a { color: #0b4a8f; }
.notice { border-left: 0.4rem solid #8f2b0b; padding: 0.25rem 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; padding: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 1rem 0.4rem 0;
  border-bottom: 1px solid #767676; }
.number { text-align: right; }
"""


def write_quality(
    content: Content, folder: Path, _files: Iterable[PublishedFile] = ()
) -> tuple[PublishedFile, ...]:
    """Write the quality report as a page and, as the release holds it, as JSON."""
    write(folder, PAGE, quality_page(content).encode())
    write(folder, DATA, to_json(dict(content.quality)))
    return (
        described(
            folder, PAGE, "Quality report", "What is covered, hidden, sure, revised and checked."
        ),
        described(folder, DATA, "Quality report (JSON)", "The same for programs, in full."),
    )


def quality_page(content: Content) -> str:
    """Write the page."""
    title = escape(f"Quality: {dataset_title(content)}")
    tables = [table for table in quality_tables(content) if not table.is_long]
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f"<h1>{title}</h1>",
            *(f'<p class="notice"><strong>{escape(n)}</strong></p>' for n in content.notices),
            f"<p>{escape(_summary(content))}</p>",
            "<h2>On this page</h2>\n<ul>",
            *(f'<li><a href="#{t.name.lower()}">{escape(t.title)}</a></li>' for t in tables),
            "</ul>",
            *(line for table in tables for line in _section(table)),
            f'<p><a href="{DATA}">All of this in full, for programs</a></p>',
            "</main>\n</body>\n</html>\n",
        ]
    )


def _summary(content: Content) -> str:
    told = content.quality.get("statuses")
    whole = told.get("all") if isinstance(told, dict) else None
    if not whole:
        return "This release does not state its coverage."
    hidden = whole["statuses"].get("protected", 0)
    share = "" if whole["protected_share"] is None else f" ({percent(whole['protected_share'])})"
    return (
        f"Of {number(whole['cells'])} places for a figure {number(whole['asked'])} were asked, "
        f"{number(whole['available'])} are available and {number(whole['shown'])} are shown; "
        f"{number(hidden)}{share} of those that could be shown are hidden to protect people."
    )


def _section(table: QualityTable) -> Iterator[str]:
    name = table.name.lower()
    yield f'<h2 id="{name}">{escape(table.title)}</h2>'
    # A wide table is scrolled by itself, by keyboard too.
    yield f'<div class="wide" tabindex="0" role="region" aria-labelledby="{name}">'
    yield f"<table>\n<caption>{escape(table.about)}</caption>\n<thead><tr>"
    yield "".join(
        f'<th scope="col"{_aligned(kind)}>{escape(head)}</th>' for head, kind in table.heads
    )
    yield "</tr></thead>\n<tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(_cells(table, row))}</tr>"
    yield "</tbody>\n</table>\n</div>"


def _cells(table: QualityTable, row: tuple[Cell, ...]) -> Iterator[str]:
    for at, ((_, kind), value) in enumerate(zip(table.heads, row, strict=True)):
        text = escape(_text(value, kind))
        if at == 0:
            yield f'<th scope="row">{text}</th>'
        else:
            yield f"<td{_aligned(kind)}>{text}</td>"


def _aligned(kind: Kind) -> str:
    return "" if kind == "text" else ' class="number"'


def _text(value: Cell, kind: Kind) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, str):
        return value
    return percent(value, decimals=1) if kind == "share" else number(value)
