"""Write beside, flush to disk, rename: a reader sees the old folder or the new, never a half."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from social_evidence.errors import StoreError

try:
    import fcntl
except ImportError:  # pragma: no cover - only where the system has no such locks: no module then
    fcntl = None  # type: ignore[assignment]

WRITING = ".writing-"
"""Prefix of a folder or file that is not finished. What bears it goes at the next start."""


REPLACED: Final = ".replaced-"
"""Prefix of an old folder while a new one takes its place, where that needs two steps."""

_AT_ONCE: Final = 8
"""Files that are flushed at the same time."""
_HERE: Final = -100
"""AT_FDCWD: a path is read from the current folder."""
_EXCHANGE: Final = 2
"""RENAME_EXCHANGE."""


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
        _flush_all(beside)
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


@contextlib.contextmanager
def folder_replaced(target: Path) -> Iterator[Path]:
    """Give a folder to write in; put it in the place of `target` when the block ends well.

    For what is made anew, such as a publication: the old folder stands until the new one is
    whole, and the two change places in one step where the system can do that.

    Raises:
        StoreError: The disk refuses. The old folder is then as it was.
    """
    beside = target.parent / f"{WRITING}{target.name}-{os.getpid()}"
    try:
        beside.mkdir(parents=True)
        yield beside
        _flush_all(beside)
        if not target.exists():
            beside.rename(target)
        elif not _exchanged(beside, target):
            old = target.with_name(f"{REPLACED}{target.name}")
            target.rename(old)
            beside.rename(target)
            shutil.rmtree(old, ignore_errors=True)
        _flush(target.parent)
    except OSError as fault:
        raise _unwritten(target, fault) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; say whether the system could."""
    if not sys.platform.startswith("linux"):
        return False
    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if exchange is None:
        return False
    done = exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    return bool(done == 0)


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
        raise _unwritten(target, fault) from None
    finally:
        beside.unlink(missing_ok=True)


def _unwritten(target: Path, fault: OSError) -> StoreError:
    return StoreError(
        f"Cannot write {target}: {fault.strerror or fault}. It is as it was before; "
        "free some space or mend the rights, then run the same command again."
    )


def remove_unfinished(folder: Path) -> int:
    """Remove what a killed build left behind. Call it with the lock held. Returns how many.

    A folder that was to be replaced, and whose successor never came, is put back.
    """
    for old in folder.glob(f"{REPLACED}*"):
        target = old.with_name(old.name.removeprefix(REPLACED))
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(target)
    leftovers = list(folder.glob(f"{WRITING}*"))
    for path in leftovers:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(leftovers)


def _flush_all(folder: Path) -> None:
    """Flush a folder and all that it holds.

    Several files wait for the disk at once, for it takes as long over one as over a few. A tree of
    pages has thousands.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(_flush, sorted(folder.rglob("*"))):
            pass
    _flush(folder)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
