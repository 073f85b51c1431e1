"""Trees of pages on disk: written whole or not at all, checked against their own lists."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from social_evidence.errors import StoreError
from social_evidence.store import atomic, manifest

LIST: Final = "site.json"
"""What a tree holds: path -> SHA-256 digest, and which release it shows."""
_LISTED: Final = ".listed"
"""The list of a root whose files are all in their places, until it takes its own."""
_FIRST: Final = "index.html"


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
    there = (path for path in frozen.rglob("*") if path.is_file() and path.name != LIST)
    added = sorted({path.relative_to(frozen).as_posix() for path in there} - set(files))
    strange = [path for path in added if not path.rpartition("/")[2].startswith(".")]
    if strange:
        raise StoreError(
            f"{frozen / strange[0]} was never published there: {frozen / LIST} does not list it. A "
            f"tree that is kept for good gains nothing: take it away, or remove {frozen} to have "
            "the tree made anew."
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


def check_place(out: Path, release: Path) -> None:
    """Refuse a folder that is no place for a site.

    Args:
        out: Where the site would go.
        release: The folder of a release.

    Raises:
        StoreError: It belongs to the evidence base, whose other files would go public with it, or
            holds pages that no site of ours has listed.
    """
    where, found = out.resolve(), release.resolve()
    closed = found.parent if found.parent.name == manifest.FOLDER else found
    if where in {closed, closed.parent} or closed in where.parents:
        raise StoreError(
            f"{out} belongs to the evidence base: records that are not for the public would lie "
            "among the pages. Choose another --out."
        )
    if (out / _FIRST).is_file() and not (out / LIST).is_file():
        raise StoreError(
            f"{out / _FIRST} was not written by `site`, and nothing of yours is overwritten. "
            "Choose another --out."
        )


def write_root(
    out: Path, files: Mapping[str, bytes], stated: Mapping[str, object]
) -> tuple[int, int]:
    """Write what differs, take away what an earlier run left, and list what there is.

    All is written beside first and then moved, so that a full disk changes nothing. A run that is
    killed while it moves leaves a list that says so: the next one puts everything in its place.

    Returns:
        How many files were written, and how many were the same already.

    Raises:
        StoreError: The disk refuses.
    """
    earlier = read_list(out)["files"] if (out / LIST).is_file() else {}
    changed = [path for path, content in files.items() if not _holds(out / path, content)]
    gone = sorted(set(earlier) - set(files))
    digests = {path: manifest.sha256(content) for path, content in sorted(files.items())}
    listed = {**stated, "files": digests}
    if not changed and not gone and _holds(out / LIST, manifest.to_json(listed)):
        return 0, len(files)
    # Under numbers in one folder: making a tree twice, and taking one down, takes the disk longer
    # than all that is written.
    beside = out / f"{atomic.WRITING}root-{os.getpid()}"
    numbered = {path: beside / str(number) for number, path in enumerate(changed)}
    try:
        for path, place in numbered.items():
            _write(place, files[path])
        moving = {**stated, "inputs": "", "files": {**dict.fromkeys(gone, ""), **digests}}
        _write(beside / LIST, manifest.to_json(moving))
        _write(beside / _LISTED, manifest.to_json(listed))
        (beside / LIST).replace(out / LIST)
        for path, place in numbered.items():
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            place.replace(out / path)
        for path in gone:
            (out / path).unlink(missing_ok=True)
        (beside / _LISTED).replace(out / LIST)
    except OSError as fault:
        raise StoreError(
            f"Cannot write in {out}: {fault.strerror or fault}. Choose another --out, or mend its "
            "rights."
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return len(changed), len(files) - len(changed)


def _holds(path: Path, content: bytes) -> bool:
    """Say whether a file holds just that."""
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as fault:
        raise StoreError(
            f"Cannot write {path}: {fault.strerror}. Choose another --out, or mend its rights."
        ) from None
