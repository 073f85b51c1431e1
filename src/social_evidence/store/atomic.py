"""Write beside, flush to disk, rename: a reader sees the old folder or the new, never a half."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from social_evidence.errors import StoreError

try:
    import fcntl
except ImportError:  # pragma: no cover - only where the system has no such locks: no module then
    fcntl = None  # type: ignore[assignment]

WRITING = ".writing-"
"""Prefix of a folder or file that is not finished. What bears it goes at the next start."""


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that two builds never write one evidence base at once.

    The lock belongs to the process: when it is killed, the system releases it.

    Raises:
        StoreError: Another process holds the lock, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as fault:
        raise StoreError(
            f"Cannot write in {folder}: {fault.strerror}. Choose another --out, or mend its rights."
        ) from None
    try:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreError(
                    f"Another build is writing in {folder}. Wait until it has finished: "
                    "two at once could mix their figures."
                ) from None
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """Give a folder to write in; make it `target` in one step when the block ends well.

    Args:
        target: The folder to create. It must not exist: what is published is never overwritten.

    Raises:
        StoreError: `target` exists, or the disk refuses.
    """
    beside = target.parent / f"{WRITING}{target.name}-{os.getpid()}"
    try:
        beside.mkdir(parents=True)
        yield beside
        for path in sorted(beside.rglob("*")):
            _flush(path)
        _flush(beside)
        if target.exists():
            raise StoreError(f"{target} exists already, and a release is never overwritten.")
        beside.rename(target)
        _flush(target.parent)
    except OSError as fault:
        raise StoreError(
            f"Cannot write {target}: {fault.strerror or fault}. Nothing was changed; "
            "free some space or mend the rights, then run the same command again."
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def replace_file(target: Path, content: bytes) -> None:
    """Write a file beside and rename it over the old one: a reader sees the old or the new.

    Raises:
        StoreError: The disk refuses. The old file is then as it was.
    """
    beside = target.parent / f"{WRITING}{target.name}-{os.getpid()}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        _flush(beside)
        beside.replace(target)
        _flush(target.parent)
    except OSError as fault:
        raise StoreError(
            f"Cannot write {target}: {fault.strerror or fault}. It is as it was before; "
            "free some space or mend the rights, then run the same command again."
        ) from None
    finally:
        beside.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> int:
    """Remove what a killed build left behind. Call it with the lock held. Returns how many."""
    leftovers = list(folder.glob(f"{WRITING}*"))
    for path in leftovers:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(leftovers)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
