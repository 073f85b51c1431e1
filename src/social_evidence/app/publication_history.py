"""The releases of an evidence base in order: what became of each, and what each one changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from social_evidence.model.release import Manifest, Version
from social_evidence.publish.content import ReleaseNotice
from social_evidence.store import manifest, states


def history_of(folder: Path, today: date | None = None) -> tuple[ReleaseNotice, ...]:
    """Tell the releases beside one, oldest first, as far as they are public.

    A draft is not, nor is a release before its day; the one in the folder is told in any case.

    Args:
        folder: The release that is published.
        today: The day of publication; without one, no later release is told.

    Raises:
        StoreError: A manifest or the list of states is damaged.
    """
    beside = [
        path
        for path in folder.parent.iterdir()
        if Version.is_version(path.name) and (path / manifest.FILE).is_file()
    ]
    own = manifest.read(folder)
    stated = [(path, manifest.read(path)) for path in beside if path.name != own.version]
    told = [(path, one) for path, one in stated if _is_public(path, one, own, today)]
    told = sorted([*told, (folder, own)], key=lambda pair: Version.parse(pair[1].version))
    after = {one.previous: one.version for _, one in told if one.previous}
    return tuple(_notice(path, one, after.get(one.version, "")) for path, one in told)


def _is_public(folder: Path, stated: Manifest, own: Manifest, today: date | None) -> bool:
    if states.state_of_release(folder) == "draft":
        return False
    if Version.parse(stated.version) < Version.parse(own.version):
        return True
    if today is None:
        return False
    return not stated.not_before or date.fromisoformat(stated.not_before) <= today


def _notice(folder: Path, stated: Manifest, after: str) -> ReleaseNotice:
    told = states.record_of_release(folder)
    path = folder / "quality.json"
    quality = json.loads(path.read_bytes()) if path.is_file() else {}
    revisions: dict[str, Any] = quality.get("revisions", {})
    return ReleaseNotice(
        version=stated.version,
        created=stated.created,
        state="draft" if told is None else told.state,
        updated=stated.created if told is None else told.time,
        title=stated.title,
        previous=stated.previous,
        next=after,
        counts=revisions.get("kinds", {}),
        notes=tuple(note["text"] for note in revisions.get("notes", ()) if note.get("figures")),
        reason="" if told is None else told.reason,
    )
