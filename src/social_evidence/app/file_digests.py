"""Digests of files, remembered while a file stays as it is: large ones are not read twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from social_evidence.engine import cache

_NAME: Final = "digests.json"
_KEPT: Final = 4096
# A file written to in the same instant as it was read could change and keep its time stamp.
_SETTLED_NS: Final = 2 * 10**9


def digests_of(paths: Iterable[Path]) -> dict[Path, str]:
    """Give the sha-256 of some files, from memory where path, size, time and inode are the same.

    What is remembered lies in the cache beside the tables and holds no content of a file.

    Args:
        paths: Files; each must be there.

    Returns:
        Path -> 64 hexadecimal digits.
    """
    known = _read()
    found: dict[Path, str] = {}
    fresh: dict[str, str] = {}
    for path in paths:
        stamp = _stamp(path)
        digest = known.get(stamp, "")
        if not digest:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            is_settled = time.time_ns() - path.stat().st_mtime_ns > _SETTLED_NS
            if is_settled and _stamp(path) == stamp:
                fresh[stamp] = digest
        found[path] = digest
    if fresh:
        _write({**known, **fresh})
    return found


def _stamp(path: Path) -> str:
    seen = path.stat()
    parts = (path.resolve(), seen.st_size, seen.st_mtime_ns, seen.st_ino, seen.st_dev)
    return "|".join(map(str, parts))


def _read() -> dict[str, str]:
    """Read what is remembered; nothing where it is not there or damaged."""
    try:
        read = json.loads((cache.root() / _NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    is_whole = isinstance(read, dict) and all(isinstance(one, str) for one in read.values())
    return dict(read) if is_whole else {}


def _write(known: dict[str, str]) -> None:
    """Remember the newest; a disk that refuses only costs time."""
    kept = dict(list(known.items())[-_KEPT:])
    with contextlib.suppress(OSError):
        folder = cache.root()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=_NAME)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(kept, stream)
        Path(name).replace(folder / _NAME)
