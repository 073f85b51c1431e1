"""The cache of encoded tables: a copy of licensed microdata, so kept apart and owner-only.

It holds only the columns a scan needs, outside project, release and site. An entry is written in a
folder of its own and renamed into place, so that a killed run or a second process at the same time
never leaves half an entry; an engine's spill folder lives inside and is removed at the end, or by
the next start where the end never came.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from social_evidence.errors import StoreError

_OWNER_ONLY_FOLDER: Final = 0o700
_OWNER_ONLY_FILE: Final = 0o600
_WORK: Final = "work"
_TABLES: Final = "tables"
_LOCK: Final = "lock"
FACTS: Final = "facts.json"
"""What an entry says of itself: its source, files, rows and scales."""


def root() -> Path:
    """Say where it is: `$XDG_CACHE_HOME/social-evidence`, else `~/.cache/social-evidence`."""
    home = os.environ.get("XDG_CACHE_HOME") or ""
    # A relative path there is to be ignored, as the XDG base directory rules say.
    base = Path(home) if Path(home).is_absolute() else Path.home() / ".cache"
    return base / "social-evidence"


def size() -> int:
    """Add up the bytes of everything in the cache, spill folders included."""
    return _size_of(root())


def clear(digest: str | None = None) -> int:
    """Remove cached tables: those of one source file, or all.

    Args:
        digest: sha-256 of the source file; `None` removes everything no running process uses.

    Returns:
        Bytes freed.
    """
    if digest is not None:
        return _remove(one for one in tables() if digest in _facts(one).get("files", ()))
    return _remove(tables()) + _remove_abandoned()


def tables() -> tuple[Path, ...]:
    """List the folders of the cached tables, in the order of their names."""
    folder = root() / _TABLES
    return tuple(sorted(path for path in folder.iterdir())) if folder.is_dir() else ()


def clear_source(source: str) -> int:
    """Remove the cached tables of one source.

    Args:
        source: What the scan called it.

    Returns:
        Bytes freed; 0 where the cache holds nothing of it.
    """
    return _remove(one for one in tables() if _facts(one).get("source") == source)


def _facts(folder: Path) -> dict[str, Any]:
    """Read what an entry says of itself; nothing where it is damaged or just being removed."""
    try:
        return dict(json.loads((folder / FACTS).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _remove(folders: Iterable[Path]) -> int:
    freed = 0
    for folder in folders:
        freed += _size_of(folder)
        shutil.rmtree(folder, ignore_errors=True)
    return freed


def entry(digest: str, key: str) -> Path:
    """Name the folder of one encoded table; it exists only once it is complete."""
    return _owner_only(root() / _TABLES) / f"{digest[:32]}-{key[:32]}"


def place(finished: Path, at: Path) -> None:
    """Move a finished folder into place, unless another process was first with the same content.

    Raises:
        StoreError: The folder cannot be renamed there.
    """
    for file in finished.iterdir():
        file.chmod(_OWNER_ONLY_FILE)
        with file.open("rb") as content:
            os.fsync(content.fileno())
    try:
        finished.rename(at)
    except OSError as fault:
        if not at.is_dir():
            raise StoreError(
                f"cache: {at} cannot be written ({fault.strerror}). "
                "Free space there, or set XDG_CACHE_HOME to another disk."
            ) from fault


@contextlib.contextmanager
def work_folder() -> Iterator[Path]:
    """Give an owner-only folder inside the cache for one run, removed at its end.

    Yields:
        The folder. A killed run leaves it behind; the next start removes it.

    Raises:
        StoreError: It cannot be made.
    """
    _remove_abandoned()
    try:
        folder = Path(tempfile.mkdtemp(dir=_owner_only(root() / _WORK)))
    except OSError as fault:
        raise StoreError(
            f"cache: {root()} cannot be written ({fault.strerror}). "
            "Set XDG_CACHE_HOME to a folder of yours."
        ) from fault
    # Held before it has its name, or a process starting just now could take it for abandoned.
    unnamed = folder / "unnamed"
    lock = os.open(unnamed, os.O_CREAT | os.O_RDWR, _OWNER_ONLY_FILE)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        unnamed.rename(folder / _LOCK)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _remove_abandoned() -> int:
    """Remove work folders whose process is gone: nobody holds their lock any more."""
    freed = 0
    work = root() / _WORK
    for folder in work.iterdir() if work.is_dir() else []:
        try:
            lock = os.open(folder / _LOCK, os.O_RDWR)
        except OSError:
            # Just being made, or just being removed, by another process.
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        else:
            freed += _size_of(folder)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
    return freed


def _owner_only(folder: Path) -> Path:
    """Make a folder nobody else can enter, and see to it where it exists already."""
    try:
        for part in (folder.parent, folder):
            part.mkdir(mode=_OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
            part.chmod(_OWNER_ONLY_FOLDER)
    except OSError as fault:
        raise StoreError(
            f"cache: {folder} cannot be made ({fault.strerror}). "
            "Set XDG_CACHE_HOME to a folder of yours."
        ) from fault
    return folder


def _size_of(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*") if folder.is_dir() else []:
        with contextlib.suppress(FileNotFoundError):
            total += file.stat().st_size if file.is_file() else 0
    return total
