"""Addresses: those a publisher gives files from, and how an id stands in ours."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

ADDRESS_RULE: Final = (
    "only http and https addresses are fetched, without a name and password, with letters beyond "
    "A to Z and blanks written as %xx."
)
"""What an address must be, to end a message with."""
_SCHEMES: Final = frozenset({"http", "https"})


def is_open_address(text: str) -> bool:
    """Say whether a text is a web address that can be asked as it stands.

    A definition or a server's redirect can hold anything. What is asked must be plain: no file on
    this machine, no password, nothing that a library would stumble over.

    Args:
        text: The address.
    """
    try:
        parts = urlsplit(text)
        # Reading the port and the host's name refuses what is neither.
        has_port = parts.port is None or parts.port > 0
        host = (parts.hostname or "").encode("idna")
    except ValueError:
        return False
    is_plain = text.isascii() and text.isprintable() and " " not in text
    is_anonymous = parts.username is None and parts.password is None
    return is_plain and is_anonymous and has_port and bool(host) and parts.scheme in _SCHEMES


# The addresses of a release's figures are made of a few thousand words, again and again.
@lru_cache(maxsize=1 << 16)
def slug(text: str) -> str:
    """Write an id as it stands in an address.

    ` * ` and `*` become `+`, every character but a letter, a digit and `+` becomes `-`.

    Args:
        text: An id, a code or a name.

    Returns:
        Text such as `no-one-to-rely-on` or `16-24+black+male`.
    """
    joined = re.sub(r" ?\* ?", "+", text.lower())
    return re.sub(r"[^a-z0-9+]", "-", joined)
