"""Title and notes of a publication, the same in every format's own place for them."""

from __future__ import annotations

from typing import Final

from social_evidence.publish.content import Content

_MARKS: Final = {"synthetic": "synthetic", "draft": "DRAFT", "pre_release": "PRE-RELEASE"}

_NOTES: Final = (
    "A hidden figure is not a zero. Where a figure is absent, the status says why.",
    "Figures of different series of a measure are not to be set against each other.",
    "Rounded shares may not subtract to the rounded difference.",
    (
        "A text that begins with =, +, -, @, a tab, a line end or an apostrophe stands behind an "
        "apostrophe in CSV files, so that no spreadsheet takes it for a formula. Take one off."
    ),
)


def dataset_title(content: Content) -> str:
    """Give the title with the version and every mark a reader must see."""
    marks = [_MARKS[mark] for mark in content.marks]
    tail = f" ({', '.join(marks)})" if marks else ""
    return f"{content.title}, release {content.version}{tail}"


def dataset_notes(content: Content) -> tuple[str, ...]:
    """Give what everybody must know who uses the figures: marks first."""
    return (*content.notices, *_NOTES)


def citation(content: Content) -> str:
    """Write how the release is cited."""
    year, *_ = content.manifest.created.split("-")
    publisher = f"{content.publisher} ({year}). " if content.publisher else ""
    date = "" if content.publisher else f", {content.manifest.created}"
    digest = content.manifest.content[:16]
    address = f" {content.address}" if content.address else ""
    return f"{publisher}{dataset_title(content)}{date}. Content digest {digest}.{address}"


def summary(content: Content) -> str:
    """Describe the whole in two sentences, for catalogues of data."""
    rows, measures = content.estimates.num_rows, len(content.measures)
    compared = content.comparisons.num_rows
    told = (
        f"{rows:,} estimates and {compared:,} comparisons of {measures} measures for "
        f"{len(content.areas)} areas, each with its uncertainty, its status and its source."
    )
    return " ".join([*content.notices, told])
