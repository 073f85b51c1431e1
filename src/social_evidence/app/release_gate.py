"""Whether a release may go out: not a draft, not withdrawn, not before its day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from social_evidence.errors import DisclosureError
from social_evidence.model.release import StateRecord
from social_evidence.store import manifest, states
from social_evidence.store.release import FOLDER

Watermark = Literal["draft", "pre_release"]


def gate(
    base: Path,
    release: str,
    today: date,
    *,
    draft: bool = False,
    pre_release: bool = False,
) -> tuple[Watermark, ...]:
    """Refuse to let a release out that must not be public.

    Args:
        base: The evidence base.
        release: The version.
        today: The day of publication.
        draft: A preview is asked for: a draft may pass, marked as one.
        pre_release: A copy for named readers is asked for: it may pass before its day, marked.

    Returns:
        The marks that every page and file of the output must bear; none for what is public.

    Raises:
        DisclosureError: It is a draft, it was withdrawn, or its day has not come.
        StoreError: There is no such release, or the list of states is damaged.
    """
    return gate_release(base / FOLDER / release, today, draft=draft, pre_release=pre_release)


def gate_release(
    folder: Path, today: date, *, draft: bool = False, pre_release: bool = False
) -> tuple[Watermark, ...]:
    """Refuse to let the release in a folder out; all else as `gate`."""
    release = folder.name
    stated = manifest.read(folder)
    record = states.record_of_release(folder)
    if record is not None and record.state == "withdrawn":
        raise DisclosureError(_withdrawn(release, record))
    approved = record is not None and record.state == "approved"
    if not approved and not draft:
        raise DisclosureError(
            f"Release {release} is a draft: nobody has approved it, and what is public is never "
            f"a draft. Check it, then run `social-evidence approve {release} --by ROLE`; or ask "
            "for a marked preview with --draft."
        )
    early = bool(stated.not_before) and today < date.fromisoformat(stated.not_before)
    if early and not pre_release and not draft:
        raise DisclosureError(
            f"Release {release} must not be public before {stated.not_before}, and today is "
            f"{today}. Wait, or ask for marked copies for named readers with --pre-release."
        )
    marks: list[Watermark] = []
    if draft:
        marks.append("draft")
    if pre_release or early:
        marks.append("pre_release")
    return tuple(marks)


def withdrawal(base: Path, release: str) -> StateRecord | None:
    """Find why and when a release was withdrawn; None where it was not.

    What is public of a withdrawn release is the notice of `wording.withdrawn`, and nothing else.

    Raises:
        StoreError: The list of states is damaged.
    """
    record = states.record_of_release(base / FOLDER / release)
    return record if record is not None and record.state == "withdrawn" else None


def _withdrawn(release: str, record: StateRecord) -> str:
    return (
        f"Release {release} was withdrawn on {record.time}: {record.reason} "
        "Its figures are not public any more. Publish another release."
    )
