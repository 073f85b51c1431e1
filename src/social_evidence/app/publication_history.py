"""The releases of an evidence base in order: what became of each, and what each one changed."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from social_evidence.model.release import Manifest, Version
from social_evidence.publish.content import ReleaseNotice
from social_evidence.store import manifest, states


def history_of(folder: Path) -> tuple[ReleaseNotice, ...]:
    """Tell the releases beside one, oldest first; itself alone where it stands by itself.

    Raises:
        StoreError: A manifest or the list of states is damaged.
    """
    beside = [
        path
        for path in folder.parent.iterdir()
        if Version.is_version(path.name) and (path / manifest.FILE).is_file()
    ]
    stated = [(path, manifest.read(path)) for path in beside or [folder]]
    stated.sort(key=lambda pair: Version.parse(pair[1].version))
    after = {one.previous: one.version for _, one in stated if one.previous}
    return tuple(_notice(path, one, after.get(one.version, "")) for path, one in stated)


def _notice(folder: Path, stated: Manifest, after: str) -> ReleaseNotice:
    told = states.record_of_release(folder)
    return ReleaseNotice(
        version=stated.version,
        created=stated.created,
        state="draft" if told is None else told.state,
        updated=stated.created if told is None else told.time,
        title=stated.title,
        previous=stated.previous,
        next=after,
        counts=_counts(folder / "changes.csv"),
        reason="" if told is None else told.reason,
    )


def _counts(path: Path) -> dict[str, int]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as opened:
        counted = Counter(row["change"] for row in csv.DictReader(opened))
    return dict(sorted(counted.items()))
