"""The manifest: what a release folder states about itself, as JSON."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from social_evidence.errors import StoreError
from social_evidence.model.release import Manifest, SourceDigest

FILE: Final = "manifest.json"
FOLDER: Final = "releases"
"""Folder of an evidence base that holds its releases."""


def to_json(value: object) -> bytes:
    """Write JSON the same way every time: sorted keys, two blanks, a last newline, no NaN."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    return (text + "\n").encode()


def sha256(content: bytes) -> str:
    """Digest bytes: 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into a release folder, sealed with its own digest."""
    (folder / FILE).write_bytes(_sealed(manifest))


def read(folder: Path) -> Manifest:
    """Read a release folder's manifest.

    Raises:
        StoreError: There is none, it is not a manifest of a layout this program knows, or a byte
            of it was changed.
    """
    path = folder / FILE
    try:
        content = path.read_bytes()
        stated = json.loads(content.decode())
        stated["sources"] = tuple(SourceDigest(**source) for source in stated["sources"])
        stated["against"] = tuple(stated.get("against", ()))
        manifest = Manifest(**stated)
    except FileNotFoundError:
        raise StoreError(
            f"{folder} is not a release: it has no {FILE}. Give a folder such as releases/2026.1.0."
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise StoreError(
            f"{path} cannot be read as a manifest: it was changed, or written by another version "
            "of this program. Restore the release from its copy."
        ) from None
    if manifest.seal and _sealed(manifest) != content:
        raise StoreError(
            f"{path} differs from the digest it states of itself: it was changed after it was "
            "written. Restore the release from its copy."
        )
    return manifest


def _sealed(manifest: Manifest) -> bytes:
    """Lay a manifest out with the digest of itself: any byte that changes shows."""
    bare = dataclasses.asdict(dataclasses.replace(manifest, seal=""))
    return to_json({**bare, "seal": sha256(to_json(bare))})


def check_files(folder: Path, files: Mapping[str, str]) -> None:
    """Compare every file of a release with the digest its manifest states.

    Raises:
        StoreError: A file is missing, was changed, or is not in the manifest.
    """
    faults: list[str] = []
    for name, stated in sorted(files.items()):
        path = folder / name
        if not path.is_file():
            faults.append(f"{name} is missing")
        elif sha256(path.read_bytes()) != stated:
            faults.append(f"{name} differs from its digest")
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    faults += [f"{name} is not in the manifest" for name in sorted(there - {*files, FILE})]
    if faults:
        raise StoreError(
            f"Release {folder.name} is not as it was written: {'; '.join(faults)}. "
            "Its figures cannot be trusted. Restore the folder from its copy."
        )
