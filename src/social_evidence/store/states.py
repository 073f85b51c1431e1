"""What happened to a release after it was written: approved, withdrawn. Never in the release."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from social_evidence.errors import StoreError
from social_evidence.model.release import STATES, State, StateRecord, Version
from social_evidence.store import atomic, manifest
from social_evidence.store.manifest import FOLDER

FILE: Final = "states.jsonl"
_FIELDS: Final = frozenset(f.name for f in dataclasses.fields(StateRecord))


def record_state(base: Path, record: StateRecord) -> None:
    """Add a line to `releases/states.jsonl`; lines that stand there never change.

    Call it with the lock of `releases/` held. The file is written beside and renamed, so that
    no half line is ever read.

    Raises:
        StoreError: The file is damaged, or the disk refuses; it is then as it was.
    """
    path = base / FOLDER / FILE
    read_states(base)
    before = path.read_bytes() if path.exists() else b""
    line = json.dumps(dataclasses.asdict(record), ensure_ascii=False, sort_keys=True)
    atomic.replace_file(path, before + line.encode() + b"\n")


def read_states(base: Path) -> tuple[StateRecord, ...]:
    """Read every line of an evidence base's `releases/states.jsonl`, oldest first.

    Raises:
        StoreError: A line is damaged; the message names file and line.
    """
    return _read(base / FOLDER / FILE)


def last_record(base: Path, version: str) -> StateRecord | None:
    """Find what was decided last about a release; None where nothing was."""
    return _last(base / FOLDER, version)


def state_of(base: Path, version: str) -> State:
    """Say whether a release is a draft, approved or withdrawn. Without a record it is a draft.

    Raises:
        StoreError: `states.jsonl` is damaged, or the release that is there is not the one that
            was judged.
    """
    return state_of_release(base / FOLDER / version)


def state_of_release(folder: Path) -> State:
    """Say the state of a release from its own folder; `states.jsonl` stands beside it.

    Raises:
        StoreError: As `state_of`.
    """
    record = record_of_release(folder)
    return "draft" if record is None else record.state


def record_of_release(folder: Path) -> StateRecord | None:
    """Find what was decided last about the release in a folder; None where nothing was.

    Raises:
        StoreError: As `state_of`.
    """
    record = _last(folder.parent, folder.name)
    stated = folder / manifest.FILE
    if record is not None and stated.is_file() and digest_of(folder) != record.manifest:
        raise StoreError(
            f"{stated} is not the one that was {record.state} on {record.time}: its digest "
            f"differs from the one in {folder.parent / FILE}. A version is never used twice; "
            "restore the release from its copy, or build under a new version."
        )
    return record


def digest_of(folder: Path) -> str:
    """Digest a release's manifest, which holds the digest of every other file."""
    return manifest.sha256((folder / manifest.FILE).read_bytes())


def _last(releases: Path, version: str) -> StateRecord | None:
    found = [record for record in _read(releases / FILE) if record.version == version]
    return found[-1] if found else None


def _read(path: Path) -> tuple[StateRecord, ...]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as fault:
        raise StoreError(
            f"{path} cannot be read: {fault.strerror}. It says which releases are approved."
        ) from None
    lines = content.split(b"\n")
    if lines[-1]:
        raise _damaged(path, len(lines), "it has no end of line: it was cut off")
    return tuple(_record(path, number, line) for number, line in enumerate(lines[:-1], 1))


def _record(path: Path, number: int, line: bytes) -> StateRecord:
    try:
        stated = json.loads(line.decode())
    except (ValueError, RecursionError):
        raise _damaged(path, number, "it is no JSON") from None
    if not isinstance(stated, Mapping) or set(stated) != _FIELDS:
        raise _damaged(path, number, f"it must hold {', '.join(sorted(_FIELDS))}")
    if not all(isinstance(value, str) for value in stated.values()):
        raise _damaged(path, number, "every value must be text")
    if stated["state"] not in STATES:
        raise _damaged(path, number, f"its state must be one of {', '.join(STATES)}")
    if not Version.is_version(stated["version"]):
        raise _damaged(path, number, "its version is no release version")
    return StateRecord(**stated)


def _damaged(path: Path, number: int, why: str) -> StoreError:
    return StoreError(
        f"{path}, line {number}, is damaged: {why}. Without it nobody knows which releases are "
        "approved or withdrawn. Restore the file from its copy."
    )
