"""Check a release: its files against their digests, its rows against the contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from social_evidence.errors import StoreError
from social_evidence.model.release import State
from social_evidence.store import tables
from social_evidence.store.initiatives import check_table
from social_evidence.store.manifest import FILE
from social_evidence.store.release import StoredRelease, latest, read_release
from social_evidence.store.states import state_of_release


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCheck:
    """What a sound release holds. statuses: status -> rows, in the order of the alphabet.

    state: draft, approved or withdrawn.
    """

    title: str
    version: str
    created: str
    state: State
    files: int
    estimates: int
    comparisons: int
    statuses: Mapping[str, int]


def is_release(path: Path) -> bool:
    """Say whether a path is a release, a `releases` folder or an evidence base with one.

    A catalogue beside its releases is still meant as a catalogue.
    """
    if (path / "catalogue.toml").is_file():
        return False
    if (path / FILE).is_file():
        return True
    return any(latest(folder) is not None for folder in (path / "releases", path))


def check_release(path: Path) -> ReleaseCheck:
    """Check every file against its digest and every row against the contract.

    Raises:
        StoreError: A file is missing, was changed or added; a table has other columns or
            another order, two rows share a key, a hidden row holds a number, or a gap is not that
            of the estimates.
    """
    stored = read_release(path)
    rows = tables.to_estimates(stored.estimates)
    if not tables.estimates_table(rows).equals(stored.estimates):
        raise StoreError(
            f"Release {stored.manifest.version}: estimates.parquet has rows or columns in another "
            "order than the contract's. Build the release again."
        )
    _check_comparisons(stored)
    check_table(stored.initiatives, stored.estimates)
    return ReleaseCheck(
        title=stored.manifest.title,
        version=stored.manifest.version,
        created=stored.manifest.created,
        state=state_of_release(stored.folder),
        files=len(stored.manifest.files),
        estimates=len(rows),
        comparisons=stored.comparisons.num_rows,
        statuses=dict(sorted(Counter(row.status for row in rows).items())),
    )


def _check_comparisons(stored: StoredRelease) -> None:
    compared = stored.comparisons
    columns = {name: compared.column(name).to_pylist() for name in compared.column_names}
    if not tables.comparisons_table(columns).equals(compared):
        raise StoreError(
            f"Release {stored.manifest.version}: comparisons.parquet has rows or columns in "
            "another order than the contract's. Build the release again."
        )
    tables.check_gaps(stored.estimates, compared)
