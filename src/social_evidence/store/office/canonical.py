"""One text for one content: what digests and the question whether a row is new stand on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def to_text(content: Any) -> str:
    """Write JSON in one way: keys sorted, no blanks, every character as it is."""
    return _ENCODER.encode(content)


def digest_of(parts: Iterable[str]) -> str:
    """Digest several texts, each with its length before it so that none runs into the next."""
    told = "".join([f"{len(part)}:{part}" for part in parts])
    return hashlib.sha256(told.encode()).hexdigest()
