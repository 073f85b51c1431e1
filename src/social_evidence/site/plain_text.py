"""Summaries as plain text: lines of at most 72 characters, headings underlined."""

from __future__ import annotations

import textwrap
from typing import Final

from social_evidence.site.summaries import Part, Summary, cleaned

WIDTH: Final = 72
_LINES: Final = {2: "-", 3: ""}


def to_text(summary: Summary) -> str:
    """Write a summary as plain text, UTF-8.

    Args:
        summary: A page in plain sentences.

    Returns:
        Lines of at most 72 characters, but for words that are longer.
    """
    lines = [*_wrapped(summary.title), "=" * min(WIDTH, len(summary.title)), ""]
    for mark in cleaned(summary.marks):
        lines += [*_wrapped(mark), ""]
    for part in summary.parts:
        lines += _part(part)
    return "\n".join(lines).rstrip() + "\n"


def _part(part: Part) -> list[str]:
    lines: list[str] = []
    if part.heading:
        heading = _wrapped(part.heading)
        under = _LINES[part.level] * max(map(len, heading))
        lines += [*heading, *filter(None, [under]), ""]
    for sentence in cleaned(part.sentences):
        lines += _wrapped(sentence)
    if part.sentences:
        lines.append("")
    for item in cleaned(part.items):
        lines += _wrapped(item, first="- ", later="  ")
    return [*lines, ""] if part.items else lines


def _wrapped(text: str, *, first: str = "", later: str = "") -> list[str]:
    (told,) = cleaned([text])
    return textwrap.wrap(
        told,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first]


def to_lines(summary: Summary) -> str:
    """Write a summary as unbroken lines for a translator into Braille, one a block.

    A line begins with a sign and a blank: `#` a heading, `-` an item of a list, `.` a sentence.
    """
    lines = [f"# {summary.title}", *(f". {mark}" for mark in summary.marks)]
    for part in summary.parts:
        lines += [f"# {part.heading}"] if part.heading else []
        lines += [f". {sentence}" for sentence in part.sentences]
        lines += [f"- {item}" for item in part.items]
    return "\n".join(cleaned(lines)) + "\n"
