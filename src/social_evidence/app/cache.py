"""The cache of microdata: where it is, how large it is, and how to be rid of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from social_evidence.engine import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheStatus:
    """Where the cache is, its size in bytes and how many tables it holds."""

    folder: Path
    size: int
    tables: int


def status() -> CacheStatus:
    """Say what is in the cache now."""
    return CacheStatus(folder=cache.root(), size=cache.size(), tables=len(cache.tables()))


def clear(source: str = "") -> int:
    """Remove what is cached of one source, or everything.

    Args:
        source: A source's id, or the path of the file its tables came from; empty for all.

    Returns:
        Bytes freed; 0 where there was nothing of it.
    """
    if not source:
        return cache.clear()
    path = Path(source)
    if path.is_file():
        with path.open("rb") as file:
            return cache.clear(hashlib.file_digest(file, "sha256").hexdigest())
    return cache.clear_source(source)
