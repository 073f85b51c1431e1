"""The secret by which people are named in the office: a file of its own, outside of it."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import Final

from social_evidence.errors import DataError, StoreError

_BYTES: Final = 32
_LARGEST: Final = 4_096


def make_key(path: Path) -> None:
    """Write a new key, readable by its owner only; one that is there is never replaced.

    Raises:
        StoreError: There is one already, or the disk refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise StoreError(
            f"{path} is there already and is not replaced: without it nobody can tell that two "
            "answers are the same person's."
        ) from None
    except OSError as fault:
        raise StoreError(f"{path} cannot be written: {fault.strerror}.") from None
    with os.fdopen(handle, "w") as stream:
        stream.write(secrets.token_hex(_BYTES) + "\n")


def read_key(path: Path) -> bytes:
    """Read a key.

    Raises:
        DataError: It is not there, others may read it, or it is too short to be a secret.
    """
    try:
        status = path.stat()
        content = path.read_bytes() if status.st_size <= _LARGEST else b""
    except OSError as fault:
        raise DataError(
            f"The key {path} cannot be read: {fault.strerror}. `social-evidence returns key "
            f"{path}` makes one; keep a copy apart from the office."
        ) from None
    if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
        raise DataError(
            f"The key {path} can be read by others: with it, pseudonyms can be made of names. "
            f"Run `chmod 600 {path}`."
        )
    key = content.strip()
    if len(key) < _BYTES:
        raise DataError(f"The key {path} must hold 32 to 4,096 characters; it is no secret else.")
    return key
