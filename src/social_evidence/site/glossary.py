"""Words on the pages that mean something exact, and what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from social_evidence.model.address import slug

PATH: Final = "glossary/index.html"
WORDS: Final[Sequence[tuple[str, str]]] = (
    (
        "Base",
        (
            "The people who were asked and gave a valid answer, each counted once. On these "
            "pages: “people asked”."
        ),
    ),
    (
        "Break",
        (
            "A place where the question, the survey or the method changed. Figures before and "
            "after it are not compared."
        ),
    ),
    (
        "Cannot tell",
        ("The figures do not decide whether there is a difference. There may be one."),
    ),
    (
        "Counted",
        ("Taken from a register of everybody, not from a sample. It has no sampling error."),
    ),
    ("Gap", "How far the rate of one group lies behind that of another."),
    ("Group", "People who share something a survey asks about, such as an age band."),
    (
        "Higher, lower",
        (
            "Different by more than chance would explain, after allowing for all comparisons of "
            "the same kind."
        ),
    ),
    (
        "Likely range",
        (
            "A 95% confidence interval. Made in this way, it covers the true figure 19 times out "
            "of 20."
        ),
    ),
    ("Measure", "What is measured, of whom, and why."),
    ("Percentage point", "The difference between two percentages: from 20% to 25% is 5 points."),
    ("Release", "All figures published together. A release never changes."),
    ("Series", "One unbroken run of figures from one source, asked and counted alike."),
    ("Share", "A part of a whole, written as a percentage."),
)
"""Word and meaning, from A to Z."""


def word_id(word: str) -> str:
    """Name the place of a word on its page."""
    return f"w-{slug(word)}"
