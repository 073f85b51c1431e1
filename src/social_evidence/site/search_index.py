"""An index for search in the browser, in the form MiniSearch keeps its own in.

MiniSearch reads it as if it had made it: the same words, counts and lengths, so that it gives the
same answers in the same order (a test holds both against each other).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

FIELDS: Final = ("title", "names", "text")
"""What is searched, in this order."""
STORED: Final = ("title", "kind", "path", "summary")
"""What an answer shows."""
OPTIONS: Final[Mapping[str, object]] = {
    "fields": list(FIELDS),
    "storeFields": list(STORED),
    "searchOptions": {
        "boost": {"title": 3, "names": 6},
        "prefix": True,
        "fuzzy": 0.2,
        "combineWith": "AND",
    },
}
"""What MiniSearch must be told when it reads the index; a fifth of a word may be mistyped."""
VERSION: Final = 2
"""Version of the form, as MiniSearch 7 writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something to be found.

    kind: Measure, Borough, Group, Initiative, Success measure, Word or Page. path: from the tree's
    root, perhaps with `#`.
    names: words that it is called by and its title may lack. text: more words it is found by.
    """

    title: str
    kind: str
    path: str
    summary: str = ""
    names: str = ""
    text: str = ""


@dataclass(slots=True)
class _Index:
    """Words met so far: word -> field -> entry -> how often."""

    words: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    lengths: dict[str, list[int]] = field(default_factory=dict)
    averages: list[float] = field(default_factory=lambda: [0.0] * len(FIELDS))

    def add(self, entry: int, place: int, text: str) -> None:
        """Count the words of one field of an entry."""
        found = tokens(text)
        unique = len(set(found))
        self.lengths.setdefault(str(entry), []).append(unique)
        # The mean is carried from entry to entry as MiniSearch carries it, to the last bit.
        self.averages[place] = (self.averages[place] * entry + unique) / (entry + 1)
        for word in filter(None, (token.lower() for token in found)):
            counts = self.words.setdefault(word, {}).setdefault(str(place), {})
            counts[str(entry)] = counts.get(str(entry), 0) + 1


def search_index(entries: Sequence[Entry]) -> Mapping[str, Any]:
    """Write the index of some entries.

    Args:
        entries: What is to be found; the place of each is its id.

    Returns:
        What `JSON.stringify` would give of a MiniSearch that was given them in this order.
    """
    made = _Index()
    for at, entry in enumerate(entries):
        for place, name in enumerate(FIELDS):
            made.add(at, place, getattr(entry, name))
    return {
        "documentCount": len(entries),
        "nextId": len(entries),
        "documentIds": {str(at): at for at in range(len(entries))},
        "fieldIds": {name: place for place, name in enumerate(FIELDS)},
        "fieldLength": made.lengths,
        "averageFieldLength": made.averages if entries else [],
        "storedFields": {
            str(at): {name: getattr(entry, name) for name in STORED}
            for at, entry in enumerate(entries)
        },
        "dirtCount": 0,
        "index": [[word, made.words[word]] for word in sorted(made.words)],
        "serializationVersion": VERSION,
    }


def tokens(text: str) -> list[str]:
    """Part a text where MiniSearch does: at spaces, line ends and punctuation."""
    return _between().split(text)


def documents(entries: Iterable[Entry]) -> list[dict[str, object]]:
    """Give the entries as MiniSearch would be given them."""
    return [
        {"id": at, **{name: getattr(entry, name) for name in (*FIELDS, *STORED)}}
        for at, entry in enumerate(entries)
    ]


@lru_cache(maxsize=1)
def _between() -> re.Pattern[str]:
    r"""Write `[\n\r\p{Z}\p{P}]+`, which Python's expressions have no name for."""
    signs = [
        re.escape(chr(code))
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code))[0] in "ZP"
    ]
    return re.compile(f"[\n\r{''.join(signs)}]+")
