"""Trees of pages on disk: written whole or not at all, checked against their own lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from social_evidence.errors import StoreError
from social_evidence.store import atomic, manifest

LIST: Final = "site.json"
"""What a tree holds: path -> SHA-256 digest, and which release it shows."""


def checked(frozen: Path) -> Mapping[str, str] | None:
    """Read the list of a frozen tree and check every file; None where there is no tree."""
    if not frozen.is_dir():
        return None
    listed = read_list(frozen)
    files: Mapping[str, str] = listed["files"]
    for path, digest in files.items():
        try:
            content = (frozen / path).read_bytes()
        except OSError:
            content = b""
        if manifest.sha256(content) != digest:
            raise StoreError(
                f"{frozen / path} is not what was published there: its digest differs from the one "
                f"in {frozen / LIST}. A frozen page never changes: restore it from its copy, or "
                f"remove {frozen} to have the tree made anew."
            )
    return files


def read_list(folder: Path) -> Mapping[str, Any]:
    """Read the list of a tree's files.

    Raises:
        StoreError: There is none, or it is damaged.
    """
    path = folder / LIST
    try:
        listed: Mapping[str, Any] = json.loads(path.read_bytes())
        dict(listed["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError(
            f"{path} cannot be read: it lists the files of the tree with their digests. Restore it "
            f"from its copy, or remove {folder} to have the tree made anew."
        ) from None
    return listed


def write_tree(target: Path, version: str, files: Mapping[str, bytes]) -> Mapping[str, str]:
    """Write a tree beside and put it in its place in one step; another one that stood there goes.

    Args:
        target: Its folder.
        version: The release it shows.
        files: Path -> content.

    Returns:
        Path -> digest, as its list holds them.
    """
    digests = {path: manifest.sha256(content) for path, content in sorted(files.items())}
    if (target / LIST).is_file() and read_list(target)["files"] == digests:
        return digests
    with atomic.folder_replaced(target) as beside:
        for path, content in files.items():
            _write(beside / path, content)
        _write(beside / LIST, manifest.to_json({"release": version, "files": digests}))
    return digests


def write_root(
    out: Path, files: Mapping[str, bytes], stated: Mapping[str, object]
) -> tuple[int, int]:
    """Write what differs, take away what an earlier run left, and list what there is."""
    earlier = read_list(out)["files"] if (out / LIST).is_file() else {}
    written = 0
    for path, content in files.items():
        written += _write_changed(out / path, content)
    for path in sorted(set(earlier) - set(files)):
        (out / path).unlink(missing_ok=True)
    digests = {path: manifest.sha256(content) for path, content in sorted(files.items())}
    _write_changed(out / LIST, manifest.to_json({**stated, "files": digests}))
    return written, len(files) - written


def _write_changed(path: Path, content: bytes) -> bool:
    """Write a file unless it holds the same already; say whether it was written."""
    try:
        if path.read_bytes() == content:
            return False
    except OSError:
        pass
    beside = path.with_name(f"{atomic.WRITING}{path.name}")
    _write(beside, content)
    beside.replace(path)
    return True


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as fault:
        raise StoreError(
            f"Cannot write {path}: {fault.strerror}. Choose another --out, or mend its rights."
        ) from None
