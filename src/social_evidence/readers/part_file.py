"""A file on its way: what has come lies beside its place, with a note of what edition it is of."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PART: Final = ".part"
"""What is added to a file's name while it is incomplete."""
_NOTE: Final = ".part.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What tells one edition of a file from another, as its server says.

    Attributes:
        etag: The server's name for this very content; empty where it gives none.
        modified: When it was last changed, as the server writes it.
    """

    etag: str = ""
    modified: str = ""

    @property
    def validator(self) -> str:
        """What a server compares before it gives only the rest; empty where nothing is sure."""
        # A weak name stands for contents that mean the same but may differ in bytes.
        return self.modified if self.etag.startswith("W/") else self.etag or self.modified


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A file that has come whole, still beside its target."""

    part: Path
    sha256: str
    size: int
    edition: Edition


def accept(downloaded: Downloaded, target: Path) -> None:
    """Put a file that has come whole in its place, in one step."""
    with downloaded.part.open("rb") as part:
        os.fsync(part.fileno())
    downloaded.part.replace(target)
    _note_of(target).unlink(missing_ok=True)


def discard(target: Path) -> None:
    """Remove what has come of a file."""
    part_of(target).unlink(missing_ok=True)
    _note_of(target).unlink(missing_ok=True)


def is_linked(target: Path) -> bool:
    """Say whether what has come, or its note, is a link to somewhere else."""
    return part_of(target).is_symlink() or _note_of(target).is_symlink()


def begun_of(target: Path, address: str) -> Edition | None:
    """Find of what edition a part has come; None where it cannot be gone on with."""
    try:
        note = json.loads(_note_of(target).read_text(encoding="utf-8"))
        edition = Edition(etag=note["etag"], modified=note["modified"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_same = note.get("address") == address and bool(edition.validator)
    return edition if is_same and size_so_far(target) else None


def write_note(target: Path, address: str, edition: Edition) -> None:
    """Note of what edition a part is, and from where it comes."""
    note = {"address": address, "etag": edition.etag, "modified": edition.modified}
    _note_of(target).write_text(json.dumps(note), encoding="utf-8")


def whole_of(target: Path, edition: Edition) -> Downloaded:
    """Describe a file that has come whole."""
    part = part_of(target)
    with part.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Downloaded(part=part, sha256=digest, size=size_so_far(target), edition=edition)


def size_so_far(target: Path) -> int:
    """Count the bytes that have come."""
    part = part_of(target)
    return part.stat().st_size if part.is_file() else 0


def part_of(target: Path) -> Path:
    """Name the place of a file that is still coming."""
    return target.with_name(target.name + _PART)


def _note_of(target: Path) -> Path:
    return target.with_name(target.name + _NOTE)
