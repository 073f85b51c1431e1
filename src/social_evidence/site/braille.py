"""Pages of Braille: lines of 40 cells, 25 to a page, as embossers and displays read them (BRF)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

CELLS: Final = 40
LINES: Final = 25
_DIGITS: Final = str.maketrans("1234567890", "ABCDEFGHIJ")
_NUMBER: Final = "#"
_INDENTS: Final = {"#": ("    ", "    "), "-": ("", "  "), ".": ("  ", "")}
"""Kind of a block -> cells before its first line and before those that follow."""


def to_brf(blocks: Sequence[tuple[str, str]]) -> str:
    """Lay translated blocks out as pages.

    Args:
        blocks: Kind (`#` heading, `-` item, `.` sentence) and ASCII Braille, unbroken.

    Returns:
        Lines of at most 40 cells that end in CR LF, pages of 25 lines parted by form feeds; the
        last line of a page holds its number.
    """
    pages: list[list[str]] = [[]]
    room = LINES - 1
    for number, (kind, braille) in enumerate(blocks):
        lines = _lines(kind, braille)
        is_heading = kind == "#"
        lead = [""] if is_heading and number and pages[-1] else []
        # A heading never ends a page: two lines of what follows go with it.
        needed = len(lead) + len(lines) + (2 if is_heading else 0)
        if is_heading and len(pages[-1]) + needed > room:
            pages.append([])
            lead = []
        for line in [*lead, *lines]:
            if len(pages[-1]) == room:
                pages.append([])
            pages[-1].append(line)
    return "\f".join(_page(lines, number) for number, lines in enumerate(pages, start=1))


def _lines(kind: str, braille: str) -> list[str]:
    first, later = _INDENTS[kind]
    return textwrap.wrap(
        braille,
        CELLS,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
    ) or [""]


def _page(lines: Iterable[str], number: int) -> str:
    filled = [*lines]
    filled += [""] * (LINES - 1 - len(filled))
    filled.append(f"{_NUMBER}{str(number).translate(_DIGITS)}".rjust(CELLS))
    return "\r\n".join(filled) + "\r\n"
