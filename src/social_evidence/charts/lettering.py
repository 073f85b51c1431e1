"""How wide text may become, and where it breaks: so that no label is cut off or lies on another.

A page uses the reader's own fonts. Widths are those of DejaVu Sans, the widest face a reader is
likely to have; in any other the text is shorter than thought, and what is kept apart stays apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

SIZE: Final = 14.0
SMALL: Final = 13.0
LEADING: Final = 17.0
_BOLD: Final = 1.13
_HALF_EM: Final = 0.64

_BY_WIDTH: Final = {
    0.28: "'",
    0.32: " ,.Iijl",
    0.37: "-/:;\\f|J",
    0.42: "!()[]rt‹›",
    0.5: '"*_`z',
    0.56: "?Lcs",
    0.62: "FPTYaekovxy",
    0.64: "$0123456789EKSbdghnpqu{}",
    0.7: "ABCRVXZ",
    0.78: "DGHNUQO&",
    0.84: "#+<=>M^~",
    0.98: "%mw@W",
}


def _widths() -> Mapping[str, float]:
    return MappingProxyType({letter: em for em, line in _BY_WIDTH.items() for letter in line})


_WIDTHS: Final = _widths()


@lru_cache(maxsize=8192)
def text_width(text: str, *, size: float = SIZE, bold: bool = False) -> float:
    """Estimate how wide a line of text may become.

    Args:
        text: One line.
        size: Height of the letters in px.
        bold: Whether it is set bold.

    Returns:
        Width in px, generous: marks that stand on a letter have none, letters of scripts written
        in squares a whole em, unknown ones two thirds.
    """
    ems = sum(_WIDTHS.get(letter) or _em(letter) for letter in text)
    return ems * size * (_BOLD if bold else 1.0)


def _em(letter: str) -> float:
    if unicodedata.combining(letter) or unicodedata.category(letter) in {"Cf", "Mn"}:
        return 0.0
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return 1.0
    base = unicodedata.normalize("NFD", letter)[0]
    return _WIDTHS.get(base, 0.84 if letter == "−" else _HALF_EM + 0.03)


def wrap(text: str, width: float, *, size: float = SIZE, bold: bool = False) -> tuple[str, ...]:
    """Break text into lines that fit, at blanks, and inside a word only where it must be.

    Args:
        text: What to write.
        width: Room in px.
        size: Height of the letters in px.
        bold: Whether it is set bold.

    Returns:
        The lines, at least one.
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if text_width(longer, size=size, bold=bold) <= width:
            line = longer
            continue
        lines += [line] if line else []
        *whole, line = _pieces(word, width, size=size, bold=bold)
        lines += whole
    return (*lines, line)


def _pieces(word: str, width: float, *, size: float, bold: bool) -> list[str]:
    """Break a word that no line can hold."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size=size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def widest(lines: Sequence[str], *, size: float = SIZE, bold: bool = False) -> float:
    """Return the width of the widest of several lines; 0 of none."""
    return max((text_width(line, size=size, bold=bold) for line in lines), default=0.0)
