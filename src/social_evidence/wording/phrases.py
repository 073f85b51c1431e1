"""Words with places filled in, and how a name or a number keeps its own direction inside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from social_evidence.errors import DefinitionError

Direction: TypeAlias = Literal["ltr", "rtl"]

_PLACE: Final = re.compile(r"\{([a-z_]+)\}")
_NOT_TEXT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ue000\ufffe\uffff]"
)
_OPEN: Final[Mapping[str, str]] = {"ltr": "\u2066", "rtl": "\u2067", "": "\u2068"}
_CLOSE: Final = "\u2069"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words, and phrases that were put into them.

    Attributes:
        parts: Text, and phrases in their places.
        language: Filled where it is of another language than the words around it.
        direction: Filled where it is known to differ from the words around it.
        isolated: Whether its letters must not change the order of those around it: a name in
            another language, a number inside words that run from right to left.
    """

    parts: tuple[str | Phrase, ...] = ()
    language: str = ""
    direction: Direction | Literal[""] = ""
    isolated: bool = False

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return any(self.parts)


Value: TypeAlias = str | Phrase
NOTHING: Final = Phrase()


def places(template: str) -> frozenset[str]:
    """List the names in braces of a template."""
    return frozenset(_PLACE.findall(template))


def is_template(template: str) -> bool:
    """Whether every brace of a text belongs to a named place: nothing else may be filled in."""
    return not set("{}") & set(_PLACE.sub("", template))


def filled(template: str, values: Mapping[str, Value]) -> Phrase:
    """Fill the places of a template; nothing but their names is read, no attribute, no index.

    Args:
        template: Text with names in braces.
        values: Name -> what stands there.

    Raises:
        DefinitionError: The template names a place that nothing is given for.
    """
    parts: list[str | Phrase] = []
    for at, piece in enumerate(_PLACE.split(template)):
        if at % 2 == 0:
            parts.append(piece)
        elif piece not in values:
            raise DefinitionError(
                f"{template!r} has the place {{{piece}}}, and nothing is given for it; there are "
                f"{', '.join(sorted(values)) or 'none'}. Correct the name in the language's file."
            )
        else:
            value = values[piece]
            parts.append(value if isinstance(value, Phrase) else Phrase((value,)))
    return Phrase(tuple(part for part in parts if part))


def clean(text: str) -> str:
    """Take out control characters and marks that would turn round the letters after them."""
    return _NOT_TEXT.sub("", text)


def plain(phrase: Phrase, direction: Direction = "ltr") -> str:
    """Write a phrase as plain text, with isolates where directions meet.

    Args:
        phrase: What is said.
        direction: Of the text around it. Where that runs from left to right, only what runs the
            other way is isolated, so that such languages hold no invisible character.
    """
    text = "".join(
        clean(part) if isinstance(part, str) else plain(part, direction) for part in phrase.parts
    )
    own = phrase.direction
    if text and phrase.isolated and (direction == "rtl" or own == "rtl"):
        return f"{_OPEN[own]}{text}{_CLOSE}"
    return text


def apart(phrase: Phrase, direction: Direction) -> str:
    """Write a phrase as plain text that stands by itself in a drawing.

    A drawing runs from left to right in every language; words that run the other way are isolated
    as a whole, so that their own marks and numbers keep their order.
    """
    text = plain(phrase, direction)
    return f"{_OPEN['rtl']}{text}{_CLOSE}" if text and direction == "rtl" else text
