"""The notes of a workbook and its markers: what a heading refers to, what a letter stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from social_evidence.publish.content import Content
from social_evidence.publish.quality_tables import reliability_words
from social_evidence.publish.sheets import Line, Sheet, Table, text_column
from social_evidence.wording import labels as words
from social_evidence.wording.sentences import FLAGS
from social_evidence.wording.status import ENGLISH

_TEXTS: Final[Mapping[str, str]] = {
    "series": "A series is one unbroken run of a measure from one source. Figures of different "
    "series differ in who was asked, how or what: they are not to be set against each other.",
    "rounding": "Figures from surveys are rounded before they are published: shares and "
    "differences of shares to 0.001, averages and rates to three figures, standard errors and "
    "effective bases to two, p to three. Figures that their owner publishes stand as given. "
    "Rounded shares may not subtract to the rounded difference.",
    "limits": "Limits say how far the figure could be from what asking everybody would give, with "
    "the confidence in the heading. They are rounded outwards. They hold the uncertainty of the "
    "sample alone; figures counted in full have none.",
    "base": "The base is the number of people who answered and are behind the figure, unweighted.",
    "counts": "Numerator and denominator are given for figures made of counts, and for no others.",
    "unknown": "People whose group is not known are a group of their own, so that groups add up to "
    "everybody. Their base is given and their figure is not.",
    "absence": "The status says whether a figure is shown and, if not, why. A figure that is "
    "hidden to protect people is not a zero, and it is not said whether it is hidden for its own "
    "sake or so that another cannot be worked out.",
    "reliability": "{}",
    "comparisons": "A difference is called higher or lower where p, adjusted for all comparisons "
    "of its family (Benjamini and Hochberg), is at most 0.05. The limits are those of one "
    "comparison by itself and are not adjusted. Two figures counted in full differ as a fact: "
    "they have no p.",
    "revisions": "Every figure says in which release it first stood and which release last changed "
    "it. A release is never altered: a corrected figure comes with a new version, its old value "
    "and the reason in the release's table of changes. The sheet Releases lists them.",
}

NOTE_NUMBERS: Final[Mapping[str, int]] = {
    name: number for number, name in enumerate(_TEXTS, start=1)
}
"""Note -> the number by which headings refer to it."""


def notes_sheet(content: Content) -> Sheet:
    """List the notes; the limits of reliability are the release's own."""
    rule = reliability_words(content)
    table = Table(
        name="t_notes",
        columns=(
            text_column("Note number", [f"[note {number}]" for number in NOTE_NUMBERS.values()]),
            text_column("Note", [text.format(rule) for text in _TEXTS.values()], widest=100),
        ),
    )
    return Sheet(name="Notes", lines=titled("Notes", content), table=table)


def markers_sheet(content: Content) -> Sheet:
    """List the markers: letters, words, the code in other formats, and what is meant."""
    meanings = {**ENGLISH, **FLAGS}
    codes = [*words.STATUSES, *sorted(words.FLAGS)]
    named = {**words.STATUSES, **words.FLAGS}
    table = Table(
        name="t_markers",
        columns=(
            text_column("Marker", [words.MARKERS.get(code, "") for code in codes]),
            text_column("In words", [named[code] for code in codes]),
            text_column("Code in other formats", codes),
            text_column("Kind", ["Status" if c in words.STATUSES else "Flag" for c in codes]),
            text_column("What it means", [meanings[code] for code in codes], widest=100),
        ),
    )
    about = (
        Line(
            text="Letters follow the shorthand of the UK Government Analysis Function where it has "
            "one: [b], [c], [p], [r], [u], [w], [x] and [z]. The others are ours."
        ),
        Line(
            text="[c], [w], [x] and [z] stand in place of a number. [z] also stands where a shown "
            "figure has no such number, and [x] where its source gives none."
        ),
    )
    return Sheet(name="Markers", lines=titled("Markers", content, *about), table=table)


def titled(title: str, content: Content, *lines: Line) -> tuple[Line, ...]:
    """Head a sheet: its title, the marks of the release, what to know, the way back."""
    return (
        Line(text=title, style="title"),
        *(Line(text=notice, style="notice") for notice in content.notices),
        *lines,
        Line(text="Back to the contents", link="Contents"),
    )


def reference_line() -> Line:
    """Say where notes and markers are explained, on a sheet whose headings refer to them."""
    return Line(
        text="A bracketed letter stands where there is no number; the sheet Markers says what each "
        "means. The sheet Notes has the notes that headings refer to."
    )
