"""Where in a definition's text a field is written, for messages that say what to edit."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from social_evidence.plan.fields import steps

_TABLE: Final = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_LISTED: Final = re.compile(r"\s*\[\[([^\[\]]+)\]\]\s*(?:#.*)?$")
_KEY: Final = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=""")
_STEP: Final = re.compile(r"""[\w*-]+|"([^"]*)"|'([^']*)'""")


def line_of(text: str, path: str) -> int:
    """Find the line on which a field of a definition is written.

    Args:
        text: The definition's TOML.
        path: The field's path, as in `design.weight` or `items.good_place.variable`.

    Returns:
        Line from 1: of the field itself, else of the nearest table around it; 0 where nothing
        of the path is in the text.
    """
    wanted = steps(path)
    best, at = 0, 0
    table: tuple[str, ...] = ()
    listed: Counter[tuple[str, ...]] = Counter()
    for number, line in enumerate(text.splitlines(), start=1):
        own: tuple[str, ...] = ()
        if found := _LISTED.match(line):
            name = _names(found.group(1))
            listed[name] += 1
            table = own = (*name, str(listed[name]))
        elif found := _TABLE.match(line):
            table = own = _names(found.group(1))
        elif found := _KEY.match(line):
            own = (*table, *_names(found.group(1)))
        if len(own) > best and own == wanted[: len(own)]:
            best, at = len(own), number
    return at


def _names(written: str) -> tuple[str, ...]:
    return tuple(
        found.group(1) or found.group(2) or found.group(0) for found in _STEP.finditer(written)
    )
