"""The note "what changed": one page of HTML, two when printed, complete by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from social_evidence.model.change import Change
from social_evidence.model.difference import Moves, ReleaseDifference, Side
from social_evidence.wording import labels, revisions
from social_evidence.wording.markup import escape
from social_evidence.wording.periods import period_words

_MEASURES: Final = 10
_FIGURES: Final = 8
_REASONS: Final = 5
_VERDICTS: Final = 5
"""So many rows of each table: with them the note fits two pages of A4. All of it is in the CSV."""
_STYLE: Final = """
body { font: 1rem/1.45 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  color: #111; background: #fff; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin: 1.4rem 0 0.3rem; }
.notice { border-left: 0.4rem solid #8f2b0b; padding: 0.25rem 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
caption { text-align: left; padding: 0.3rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.8rem 0.25rem 0;
  border-bottom: 1px solid #767676; }
thead th { vertical-align: bottom; }
.count { text-align: right; font-variant-numeric: tabular-nums; }
footer { font-size: 0.8rem; overflow-wrap: anywhere; }
@page { size: A4; margin: 13mm; }
@media print { body { font-size: 9pt; max-width: none; margin: 0; padding: 0; }
  h2 { break-after: avoid; } tr { break-inside: avoid; } .wide { overflow: visible; } }
"""
_SYNTHETIC: Final = "Synthetic: made up by a program. These figures describe nobody."


def note_html(found: ReleaseDifference) -> str:
    """Write the note.

    A figure that is hidden now shows no number of either release.

    Args:
        found: What differs between the two releases.

    Returns:
        A page without scripts and without anything fetched.
    """
    title = escape(f"What changed: {found.new.title or found.old.title}")
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f"<h1>{title}</h1>",
            *(f'<p class="notice"><strong>{escape(text)}</strong></p>' for text in _notices(found)),
            f"<p>{escape(_sides(found))}</p>",
            "<h2>In short</h2>\n<ul>",
            *(f"<li>{escape(sentence)}</li>" for sentence in revisions.sentences(found)),
            "</ul>",
            *_why(found),
            *_measures(found.measures),
            *_largest(found),
            *_verdicts(found),
            *_reading(),
            f"</main>\n<footer>\n{_digests(found)}\n</footer>\n</body>\n</html>\n",
        ]
    )


def _notices(found: ReleaseDifference) -> Iterator[str]:
    if found.old.synthetic or found.new.synthetic:
        yield _SYNTHETIC
    for side in (found.new, found.old):
        if side.state == "draft":
            yield f"Release {side.version} is a draft: nobody has approved it yet."
        if side.state == "withdrawn":
            yield f"Release {side.version} was withdrawn. Do not use its figures."


def _sides(found: ReleaseDifference) -> str:
    return (
        f"Release {found.new.version} ({found.new.created}), set against release "
        f"{found.old.version} ({found.old.created})."
    )


def _why(found: ReleaseDifference) -> Iterator[str]:
    if not found.reasons:
        return
    rows = [
        (revisions.cause_words(one.cause), one.text or "No note was written.", f"{one.figures:,}")
        for one in found.reasons[:_REASONS]
    ]
    yield "<h2>Why figures were revised</h2>"
    yield from _table(
        _more("Reasons, the most frequent first", len(found.reasons), _REASONS),
        ("Cause", "Reason", "Figures"),
        rows,
        counts=1,
    )


def _measures(measures: Sequence[Moves]) -> Iterator[str]:
    if not measures:
        return
    ordered = sorted(measures, key=lambda one: (-one.moved, -one.revised, -one.added, one.measure))
    rows = [
        (one.title, *(f"{count:,}" for count in revisions.numbers(one)))
        for one in ordered[:_MEASURES]
    ]
    yield "<h2>Measure by measure</h2>"
    yield from _table(
        _more("Figures of each measure, the most moved first", len(measures), _MEASURES),
        ("Measure", *revisions.COLUMNS),
        rows,
        counts=len(revisions.COLUMNS),
    )


def _largest(found: ReleaseDifference) -> Iterator[str]:
    largest = found.largest(_FIGURES)
    if not largest:
        return
    titles = {one.measure: one.title for one in found.measures}
    rows = [
        (
            _place(change, titles, found),
            revisions.side_words(change.old),
            revisions.side_words(change.new),
            revisions.cause_words(change.cause),
        )
        for change in largest
    ]
    yield "<h2>The largest moves</h2>"
    yield from _table(
        "Figures for everybody that moved most, seen against their own interval",
        ("Figure", "Was", "Is", "Cause"),
        rows,
    )


def _place(change: Change, titles: dict[str, str], found: ReleaseDifference) -> str:
    row = change.row
    part = "" if row.part == "all" else f" ({labels.named(row.part, {}).lower()})"
    area = found.names.get(row.area, row.area)
    return f"{titles.get(row.measure, row.measure)}{part}, {area}, {period_words(row.period)}"


def _verdicts(found: ReleaseDifference) -> Iterator[str]:
    moved = found.moved_verdicts
    if not moved:
        return
    titles = {one.measure: one.title for one in found.measures}
    ordered = sorted(moved, key=lambda one: (-one.comparisons, one.measure, one.new))
    rows = [
        (
            titles.get(one.measure, one.measure),
            _verdict(one.old),
            _verdict(one.new),
            f"{one.comparisons:,}",
        )
        for one in ordered[:_VERDICTS]
    ]
    yield "<h2>Comparisons with another verdict</h2>"
    yield from _table(
        _more("Verdicts, the most frequent first", len(ordered), _VERDICTS),
        ("Measure", "Was", "Is", "Comparisons"),
        rows,
        counts=1,
    )


def _verdict(verdict: str) -> str:
    return labels.named(verdict, labels.VERDICTS) if verdict else "Not told any more"


def _reading() -> Iterator[str]:
    yield "<h2>How to read this</h2>"
    yield (
        "<p>A figure is revised when its number, its limits or its status differ from what was "
        "published before. An interval is the range the true value is likely to lie in: a move "
        "within half of it is one that nobody should read much into. Figures that are hidden now "
        "to protect people show no earlier number either. Every change of every figure is in "
        "<code>changes.csv</code> of the newer release.</p>"
    )


def _digests(found: ReleaseDifference) -> str:
    return "\n".join(
        f"<p>SHA-256 of manifest.json, release {escape(side.version)}: {escape(side.digest)}</p>"
        for side in _both(found)
    )


def _both(found: ReleaseDifference) -> tuple[Side, Side]:
    return found.new, found.old


def _more(caption: str, there: int, told: int) -> str:
    return f"{caption}: {told} of {there}" if there > told else caption


def _table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, counts: int = 0
) -> Iterator[str]:
    """Write a table whose first column heads its rows and whose last columns are counts."""
    first = len(heads) - counts
    yield f'<div class="wide" role="region" aria-label="{escape(caption)}" tabindex="0">'
    yield f"<table>\n<caption>{escape(caption)}</caption>\n<thead>\n<tr>"
    for at, head in enumerate(heads):
        yield f'<th scope="col"{_count(at >= first)}>{escape(head)}</th>'
    yield "</tr>\n</thead>\n<tbody>"
    for row in rows:
        yield f'<tr><th scope="row">{escape(row[0])}</th>'
        for at, cell in enumerate(row[1:], 1):
            yield f"<td{_count(at >= first)}>{escape(cell)}</td>"
        yield "</tr>"
    yield "</tbody>\n</table>\n</div>"


def _count(is_count: bool) -> str:
    return ' class="count"' if is_count else ""
