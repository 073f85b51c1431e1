"""Elements of SVG and HTML as text: the one escape, the one way to write a number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_NOT_TEXT: Final = re.compile(
    # What XML forbids, and the marks that turn the order of letters round for all that follows.
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_BLANKS: Final = re.compile(r"\s+")
_SAFE_LINK: Final = re.compile(r"(?:https?://|[^:]*$|[^:]*[/?#])", re.IGNORECASE)

Value = str | float


# A site's charts hold half a million attributes, of which most are one of a few names and lengths.
@lru_cache(maxsize=1 << 14)
def escape(text: str) -> str:
    """Make any text safe inside an element and inside a quoted attribute.

    Args:
        text: Anything a catalogue holds: it is shown as text, whatever it looks like.

    Returns:
        Text without control characters and direction overrides, blanks put together.
    """
    return _BLANKS.sub(" ", _NOT_TEXT.sub("", text)).translate(_ESCAPES)


def is_safe_link(address: str) -> bool:
    """Whether an address can be followed without running anything: relative, or of the web."""
    return bool(_SAFE_LINK.match(address)) and not _NOT_TEXT.search(address)


def number(value: float, decimals: int = 1) -> str:
    """Write a coordinate, without the zeros and signs that say nothing."""
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(value: float) -> str:
    """Write a place across the chart, in per cent of its width."""
    return f"{number(value, 2)}%"


def element(name: str, content: str | None = None, **attributes: Value | None) -> str:
    """Write one element.

    Args:
        name: Its name.
        content: What stands inside, already markup; None closes the element at once.
        **attributes: `class_` is class and `_` is `-`; a number is written as a coordinate, text
            is escaped, and None or an empty text leaves the attribute out.

    Returns:
        Markup.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if content is None:
        return f"<{name}{written}/>"
    return f"<{name}{written}>{content}</{name}>"


def _attribute(key: str, value: Value | None) -> str:
    if value is None or value == "":
        return ""
    name = key.rstrip("_").replace("_", "-") if key not in _CAMEL else key
    text = escape(value) if isinstance(value, str) else number(value)
    return f' {name}="{text}"'


_CAMEL: Final = frozenset({"viewBox", "preserveAspectRatio", "patternUnits", "patternTransform"})


def link(content: str, address: str, label: str) -> str:
    """Wrap marks in a link; an address that is not safe gives the marks alone, named.

    Args:
        content: The marks.
        address: Where it leads; empty for nowhere.
        label: Its name, which begins with the text that is seen.
    """
    if address and is_safe_link(address):
        return element("a", content, href=address, class_="p", aria_label=label)
    return element("g", content, class_="p", role="img", aria_label=label)
