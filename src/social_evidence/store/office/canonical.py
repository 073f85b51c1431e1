"""One text for one content: what digests and the question whether a row is new stand on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any


def to_text(content: Any) -> str:
    """Write JSON in one way: keys sorted, no blanks, every character as it is."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(parts: Iterable[str]) -> str:
    """Digest several texts so that none runs into the next."""
    joined = hashlib.sha256()
    for part in parts:
        told = part.encode()
        joined.update(len(told).to_bytes(8, "big"))
        joined.update(told)
    return joined.hexdigest()
