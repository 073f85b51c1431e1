"""The start page of a publication: plain, without scripts, complete when opened from a disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile
from social_evidence.publish.notes import citation, dataset_notes, dataset_title, summary
from social_evidence.wording.markup import escape

_STYLE: Final = """
body { font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; color: #111; background: #fff; }
a { color: #0b4a8f; } a:hover { text-decoration-thickness: 3px; }
.notice { border-left: 0.4rem solid #8f2b0b; padding: 0.25rem 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 1rem 0.4rem 0;
  border-bottom: 1px solid #767676; }
td.size { text-align: right; white-space: nowrap; }
"""


def index_page(content: Content, files: Sequence[PublishedFile], zipped: str) -> str:
    """Write the page that lists every file with its size and what it is for.

    Args:
        content: The release.
        files: What to list; those without a purpose are listed by measure or area.
        zipped: Name of the zip of everything, whose size no page inside it can know.
    """
    title = escape(dataset_title(content))
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f"<h1>{title}</h1>",
            *(f'<p class="notice"><strong>{escape(n)}</strong></p>' for n in content.notices),
            f"<p>{escape(summary(content).removeprefix(' '.join(content.notices)).strip())}</p>",
            f"<p>{escape(_dates(content))}</p>",
            f'<p><a href="{escape(zipped)}">Everything in one zip file</a></p>',
            *_main_files(files),
            *_by_measure(content, files),
            *_by_area(content, files),
            "<h2>How to read the figures</h2>\n<ul>",
            *(f"<li>{escape(n)}</li>" for n in dataset_notes(content)[len(content.notices) :]),
            "</ul>\n<h2>How to cite</h2>",
            f"<p>{escape(citation(content))}</p>",
            "</main>\n</body>\n</html>\n",
        ]
    )


def size_words(size: int) -> str:
    """Write a size as people read it: `642 kB`, `42.8 MB`."""
    if size < 1_000:
        return f"{size} bytes"
    return f"{size / 1_000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def _dates(content: Content) -> str:
    told = f"Released on {content.manifest.created}."
    if content.publisher:
        told += f" Published by {content.publisher}."
    if content.licence.name:
        told += f" Licence: {content.licence.name}."
    return told


def _main_files(files: Iterable[PublishedFile]) -> Iterator[str]:
    yield "<h2>Files</h2>"
    rows = (
        (_link(file, file.path), f"{escape(file.title)}. {escape(file.purpose)}", _size(file))
        for file in files
        if file.purpose
    )
    yield from _table("What each file is for", ("File", "What it is for", "Size"), rows)


def _by_measure(content: Content, files: Iterable[PublishedFile]) -> Iterator[str]:
    there = {file.path: file for file in files}
    kinds = {
        "Estimates, CSV": "csv/estimates/{}.csv",
        "Comparisons, CSV": "csv/comparisons/{}.csv",
        "Estimates, JSON": "api/measures/{}.json",
        "Comparisons, JSON": "api/comparisons/{}.json",
    }
    shown = {
        head: form
        for head, form in kinds.items()
        if any(form.format(measure.id) in there for measure in content.measures)
    }
    if not shown:
        return
    yield "<h2>Measures</h2>"
    rows = (
        (
            escape(measure.title),
            *(_sized(there.get(form.format(measure.id)), measure.title) for form in shown.values()),
        )
        for measure in content.measures
    )
    yield from _table("The files of each measure", ("Measure", *shown), rows)


def _by_area(content: Content, files: Iterable[PublishedFile]) -> Iterator[str]:
    there = {file.path: file for file in files}
    listed = [
        (area, there[path])
        for area in content.areas
        if (path := f"api/areas/{area.code}.json") in there
    ]
    if not listed:
        return
    yield "<h2>Areas</h2>"
    rows = (
        (escape(area.name), escape(area.kind_name), _sized(file, area.name))
        for area, file in listed
    )
    yield from _table("The file of each area", ("Area", "Kind", "JSON"), rows)


def _table(caption: str, heads: Sequence[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f'<div class="wide" role="region" aria-label="{caption}" tabindex="0">\n<table>'
    yield f"<caption>{caption}</caption>\n<thead><tr>"
    yield "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield "</tr></thead>\n<tbody>"
    for first, *others in rows:
        cells = "".join(f"<td>{cell}</td>" for cell in others)
        yield f'<tr><th scope="row">{first}</th>{cells}</tr>'
    yield "</tbody>\n</table>\n</div>"


def _link(file: PublishedFile, text: str) -> str:
    return f'<a href="{escape(file.path)}">{escape(text)}</a>'


def _size(file: PublishedFile) -> str:
    return size_words(file.bytes)


def _sized(file: PublishedFile | None, of: str) -> str:
    """Link a file by its size, with what it is of for those who hear links alone."""
    if file is None:
        return "none"
    return (
        f'<a href="{escape(file.path)}" aria-label="{_size(file)}, {escape(of)}">{_size(file)}</a>'
    )
