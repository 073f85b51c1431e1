"""Which page says the same in which language."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language that has pages: its code, its own name and its direction."""

    code: str
    name: str
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A page in another language. is_same: it says the same; else it is that language's home."""

    code: str
    name: str
    direction: str
    path: str
    is_same: bool


def twins(path: str, tongues: Sequence[Tongue], there: Collection[str]) -> tuple[Twin, ...]:
    """Find what a page is called in every language, English first; the page itself included.

    Args:
        path: The page.
        tongues: The languages that have pages.
        there: Every page of the tree.

    Returns:
        One a language; none where there are no languages but English.
    """
    if not tongues:
        return ()
    codes = {one.code for one in tongues}
    first, _, rest = path.partition("/")
    plain = rest if first in codes else path
    english = Tongue(code=ENGLISH, name="English", direction="ltr")
    found = []
    for one in (english, *tongues):
        folder = "" if one.code == ENGLISH else f"{one.code}/"
        is_same = f"{folder}{plain}" in there
        found.append(
            Twin(
                code=one.code,
                name=one.name,
                direction=one.direction,
                path=f"{folder}{plain if is_same else 'index.html'}",
                is_same=is_same,
            )
        )
    return tuple(found)
