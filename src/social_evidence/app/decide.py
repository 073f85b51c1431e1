"""Approve a release or withdraw it: the decisions that stand beside a release, never in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from social_evidence.app.built_against import check_against
from social_evidence.app.unchanged import date_of_build
from social_evidence.errors import StoreError
from social_evidence.model.release import StateRecord, Version
from social_evidence.store import atomic, ledger, manifest, states
from social_evidence.store.release import FOLDER, read_release

_LONGEST: Final = 2_000
"""Characters of a reason or of what was checked: a notice, not a report."""


def approve(
    base: Path, version: str, *, by: str, checked: str = "", as_of: date | None = None
) -> StateRecord:
    """Approve a release, so that it may be published, and put what it shows in the ledger.

    Every file is compared with its digest first. The ledger is written before the approval: a
    process killed between the two leaves a draft whose figures count as known, which hides too
    much rather than too little. Approving again changes nothing.

    Args:
        base: The evidence base.
        version: The release.
        by: Who approves, as a role.
        checked: What was checked, in words.
        as_of: The day; SOURCE_DATE_EPOCH's by default, else today.

    Returns:
        What was recorded, or the record that stands already.

    Raises:
        StoreError: There is no such release, it is damaged or withdrawn, or the disk refuses.
        DisclosureError: It was built without knowing of a release that has been approved since.
    """
    role, words = _said("--by", by), _text("--checked", checked)
    folder = _release(base, version)
    with atomic.locked(base / FOLDER):
        stored = read_release(folder)
        record = states.record_of_release(folder)
        if record is not None and record.state == "withdrawn":
            raise StoreError(
                f"Release {version} was withdrawn on {record.time}: {record.reason} It cannot be "
                "approved again. Build a new release."
            )
        if record is not None and record.state == "approved":
            return record
        check_against(base, folder)
        _add_cells(base, folder, stored.manifest.previous)
        made = StateRecord(
            version=version,
            state="approved",
            role=role,
            time=(as_of or date_of_build()).isoformat(),
            manifest=states.digest_of(folder),
            checked=words,
        )
        states.record_state(base, made)
        return made


def withdraw(
    base: Path, version: str, *, reason: str, by: str, as_of: date | None = None
) -> StateRecord:
    """Withdraw a release: what is public of it becomes a dated notice.

    Manifest, digests and ledger stay: whoever has a copy can still tell what it is, and what it
    has shown still counts as known.

    Args:
        base: The evidence base.
        version: The release.
        reason: Why, in words that are published.
        by: Who withdraws it, as a role.
        as_of: The day; SOURCE_DATE_EPOCH's by default, else today.

    Returns:
        What was recorded, or the record that stands already.

    Raises:
        StoreError: There is no such release, or the disk refuses.
    """
    why, role = _said("--reason", reason), _said("--by", by)
    folder = _release(base, version)
    with atomic.locked(base / FOLDER):
        record = states.record_of_release(folder)
        if record is not None and record.state == "withdrawn":
            return record
        made = StateRecord(
            version=version,
            state="withdrawn",
            role=role,
            time=(as_of or date_of_build()).isoformat(),
            manifest=states.digest_of(folder),
            reason=why,
        )
        states.record_state(base, made)
        return made


def _add_cells(base: Path, folder: Path, previous: str) -> None:
    """Put a release's cells in the ledger, and those of a draft whose numbers it tells."""
    before = base / FOLDER / previous
    if previous and (before / manifest.FILE).is_file():
        # `changes.csv` shows old numbers beside new ones: who reads it knows the older release.
        manifest.check_files(before, manifest.read(before).files)
        ledger.add_release(base, before)
    ledger.add_release(base, folder)


def _release(base: Path, version: str) -> Path:
    folder = base / FOLDER / str(Version.parse(version))
    if not (folder / manifest.FILE).is_file():
        there = sorted(path.parent.name for path in (base / FOLDER).glob(f"*/{manifest.FILE}"))
        listed = f"There is {', '.join(there)}." if there else "There is none at all."
        raise StoreError(f"{base} holds no release {version}. {listed}")
    return folder


def named_release(base: Path, named: str) -> tuple[Path, str]:
    """Read what somebody calls a release: a version in `base`, or the release's own folder.

    Returns:
        The evidence base and the version.

    Raises:
        StoreError: It is neither.
    """
    if Version.is_version(named):
        return base, named
    folder = Path(named)
    if folder.resolve().parent.name == FOLDER and (folder / manifest.FILE).is_file():
        return folder.resolve().parent.parent, folder.resolve().name
    raise StoreError(
        f"{named!r} is neither a version, as 2026.1.0, nor the folder of a release, as "
        "evidence/releases/2026.1.0."
    )


def _said(option: str, words: str) -> str:
    if not words.strip():
        raise StoreError(f"{option} is blank, and the decision is kept for ever. Say it in words.")
    return _text(option, words)


def _text(option: str, words: str) -> str:
    told = " ".join(words.split())
    if len(told) > _LONGEST or not told.isprintable():
        raise StoreError(
            f"{option} must be plain text of at most {_LONGEST} characters: it is shown as it is."
        )
    return told
