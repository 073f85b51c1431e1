"""Pseudonyms: one person, one name that says nothing, another for every purpose."""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata

from social_evidence.errors import DataError

_LETTERS = 16
_BETWEEN = "\x1f"
"""Unit separator: it stands in no identifier, so that no two inputs run together."""


def pseudonym(identifier: str, purpose: str, key: bytes) -> str:
    """Turn an identifier into a pseudonym that only who holds the key can make again.

    The same person written in other letter case, width, accents' form or spacing gets the same
    one; another purpose gives another, so that two record sets cannot be joined by it.

    Args:
        identifier: What names the person, such as an e-mail address.
        purpose: What the pseudonym is for, such as `linkage:family-fund`.
        key: The secret; it is kept apart from the data.

    Returns:
        16 letters and digits (80 bits).

    Raises:
        DataError: The identifier, the purpose or the key is empty, or the first two hold a
            separator.

    Source:
        HMAC (RFC 2104) with SHA-256 and base 32 (RFC 4648), over the identifier in Unicode
        normalisation form KC, case folded.
    """
    plain = " ".join(unicodedata.normalize("NFKC", identifier).casefold().split())
    if not plain or not purpose or not key:
        raise DataError("A pseudonym needs an identifier, a purpose and a key; one is empty.")
    if _BETWEEN in purpose or _BETWEEN in plain:
        raise DataError("An identifier or a purpose holds a control character. Remove it.")
    message = f"{purpose}{_BETWEEN}{plain}".encode()
    digest = hmac.new(key, message, hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:_LETTERS]
