"""A file of a publication, and JSON written the same way every time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".parquet": "application/vnd.apache.parquet",
    ".xml": "application/xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".atom": "application/atom+xml",
    ".zip": "application/zip",
    ".html": "text/html",
    ".txt": "text/plain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    """A file as it lies in the publication's folder.

    path: relative, with `/`. title: what it holds. purpose: what it is for; empty for parts of a
    set, such as one measure's table, which lists leave out. sha256: of its bytes.
    """

    path: str
    title: str
    purpose: str
    media_type: str
    bytes: int
    sha256: str


def described(folder: Path, path: str, title: str, purpose: str = "") -> PublishedFile:
    """Describe a file that has just been written into the publication's folder."""
    return _of(path, (folder / path).read_bytes(), title, purpose)


def published(
    folder: Path, path: str, content: bytes, title: str, purpose: str = ""
) -> PublishedFile:
    """Write a file of the publication and describe it; large ones are not read again for it."""
    write(folder, path, content)
    return _of(path, content, title, purpose)


def write(folder: Path, path: str, content: bytes) -> None:
    """Write a file of the publication, its folder made where there is none."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _of(path: str, content: bytes, title: str, purpose: str) -> PublishedFile:
    return PublishedFile(
        path=path,
        title=title,
        purpose=purpose,
        media_type=MEDIA_TYPES.get(Path(path).suffix, "application/octet-stream"),
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def to_json(value: object) -> bytes:
    """Write JSON for people and programs: indented, in the order given, no NaN."""
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def slug(text: str) -> str:
    """Make a file's name of a title: `Social integration in London` is `social-integration-…`."""
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in text.lower())
    return "-".join(kept.split()) or "figures"
