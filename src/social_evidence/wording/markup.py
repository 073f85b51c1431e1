"""A text as it may stand in a page of its own."""

from __future__ import annotations

import html
import re
from typing import Final

_TURNING: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that would turn round the order of the letters after them."""


def escape(text: str) -> str:
    """Write a text so that a page shows it as text, letter by letter in its own order.

    Args:
        text: What anybody may have written, such as the title of a catalogue.
    """
    return html.escape(unturned(text))


def unturned(text: str) -> str:
    """Take the marks out of a text that would turn round what comes after them.

    Args:
        text: What anybody may have written.
    """
    return _TURNING.sub("", text)
