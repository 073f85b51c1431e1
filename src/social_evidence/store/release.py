"""Releases on disk: write one beside and rename it, find one, read one and trust it."""

from __future__ import annotations

import csv
import io
import json
import operator
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from social_evidence.errors import StoreError
from social_evidence.model.area import Area
from social_evidence.model.estimate import ESTIMATE_COLUMNS, Estimate
from social_evidence.model.release import Manifest, SourceDigest, Version
from social_evidence.store import atomic, changes, manifest, tables

FOLDER: Final = "releases"
_AREA_COLUMNS: Final = ("area", "name", "kind", "parent", "tree", "vintage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that a release publishes, before it has a version.

    estimates: rows, rounded and with statuses, in any order. provenance: records as JSON values,
    one or more for every row. catalogue: path -> text, as used. created: an input of the build.
    inputs: digest over everything the build was given; no part of the content. not_before: the
    first day on which the release may be public. unexplained: let numbers change that no note
    explains, and say so in public.
    """

    title: str
    created: date
    software_version: str
    catalogue_digest: str
    estimates: Sequence[Estimate]
    provenance: Sequence[Mapping[str, object]]
    quality: Mapping[str, object]
    areas: Sequence[Area]
    catalogue: Mapping[str, str]
    sources: Sequence[SourceDigest] = ()
    synthetic: bool = False
    inputs: str = ""
    not_before: date | None = None
    unexplained: bool = False


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release read back, its digests checked.

    estimates, comparisons: Arrow tables of the contract. provenance: records as written.
    """

    folder: Path
    manifest: Manifest
    estimates: pa.Table
    comparisons: pa.Table
    provenance: tuple[Mapping[str, object], ...]
    quality: Mapping[str, object]
    areas: tuple[Mapping[str, str], ...] = field(default=())


def write_release(base: Path, draft: Draft, *, version: str | None = None) -> Path:
    """Write a draft as the next release of an evidence base; the same content makes none.

    Args:
        base: The evidence base's folder; releases go to `base/releases/<version>`.
        draft: What to publish.
        version: Ask for this version; by default it follows from what changed.

    Returns:
        The release's folder: a new one, or the latest when nothing has changed since.

    Raises:
        StoreError: The version exists or is not newer, another build holds the lock, the disk
            refuses, or a row breaks the contract.
    """
    folder = base / FOLDER
    with atomic.locked(folder):
        atomic.remove_unfinished(folder)
        previous = latest(folder)
        before: dict[tuple[str, ...], Estimate] = {}
        if previous is not None:
            stated = manifest.read(previous)
            # What changed is told against it, so a damaged one would spread into the next.
            manifest.check_files(previous, stated.files)
            if stated.content == _content(draft) and version in {None, stated.version}:
                return previous
            before = {row.key: row for row in tables.to_estimates(_read_table(previous))}
        number = _number(draft, previous, before, version)
        target = folder / str(number)
        with atomic.folder_beside(target) as beside:
            _write_files(beside, draft, before, str(number))
            _write_manifest(beside, draft, str(number), previous.name if previous else "")
        return target


def latest(folder: Path) -> Path | None:
    """Find the newest release in a `releases` folder; None when there is none.

    Only folders named as a version count: an unfinished one may hold a manifest already.
    """
    found = [
        (Version.parse(path.name), path)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if Version.is_version(path.name) and (path / manifest.FILE).is_file()
    ]
    return max(found)[1] if found else None


def find(path: Path) -> Path:
    """Find a release from its own folder, a `releases` folder or an evidence base (the latest).

    Raises:
        StoreError: There is no release there.
    """
    if (path / manifest.FILE).is_file():
        return path
    for folder in (path / FOLDER, path):
        if (newest := latest(folder)) is not None:
            return newest
    raise StoreError(
        f"No release in {path}. Give a release folder (releases/2026.1.0) or an evidence base "
        "that holds one; `social-evidence build` makes it."
    )


def read_release(path: Path) -> StoredRelease:
    """Read a release and check every file against its digest.

    Raises:
        StoreError: No release there, or a file differs from what was written.
    """
    folder = find(path)
    stated = manifest.read(folder)
    manifest.check_files(folder, stated.files)
    areas = csv.DictReader(io.StringIO((folder / "areas.csv").read_text(encoding="utf-8")))
    return StoredRelease(
        folder=folder,
        manifest=stated,
        estimates=_read_table(folder),
        comparisons=pq.read_table(folder / "comparisons.parquet"),
        provenance=tuple(json.loads((folder / "provenance.json").read_bytes())),
        quality=json.loads((folder / "quality.json").read_bytes()),
        areas=tuple(areas),
    )


def _read_table(folder: Path) -> pa.Table:
    return pq.read_table(folder / "estimates.parquet")


def _number(
    draft: Draft,
    previous: Path | None,
    before: Mapping[tuple[str, ...], Estimate],
    asked: str | None,
) -> Version:
    old = Version.parse(previous.name) if previous else None
    if asked is not None:
        number = Version.parse(asked)
        if old is not None and number <= old:
            raise StoreError(
                f"Version {number} is not newer than {old}, which exists with other content. "
                "A release is never changed; leave --version out to get the next one."
            )
        return number
    if old is None:
        return Version.first(draft.created.year)
    return old.following(changes.step(draft.estimates, before), draft.created.year)


def _content(draft: Draft) -> str:
    stated = {
        "title": draft.title,
        "created": draft.created.isoformat(),
        "not_before": _day(draft.not_before),
        "software": draft.software_version,
        "catalogue": draft.catalogue_digest,
        "sources": [asdict(source) for source in draft.sources],
        "provenance": list(draft.provenance),
        "quality": dict(draft.quality),
        "areas": [asdict(area) for area in draft.areas],
    }
    # A release has up to a million rows: each is written as one tuple, not as a JSON object.
    values = operator.attrgetter(*(name for name, _ in ESTIMATE_COLUMNS))
    ordered = sorted(draft.estimates, key=lambda row: row.order)
    rows = "\n".join(repr(values(row)) for row in ordered)
    return manifest.sha256(manifest.to_json(stated) + rows.encode())


def _write_files(
    folder: Path, draft: Draft, before: Mapping[tuple[str, ...], Estimate], version: str
) -> None:
    rows = changes.stamp(draft.estimates, before, version)
    _write_table(folder / "estimates.parquet", tables.estimates_table(rows))
    _write_table(folder / "comparisons.parquet", tables.comparisons_table())
    (folder / "areas.csv").write_bytes(_areas_csv(draft.areas))
    (folder / "provenance.json").write_bytes(manifest.to_json(list(draft.provenance)))
    (folder / "quality.json").write_bytes(manifest.to_json(dict(draft.quality)))
    (folder / "changes.csv").write_bytes(changes.to_csv(rows, before))
    for name, text in draft.catalogue.items():
        path = folder / "catalogue" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _write_manifest(folder: Path, draft: Draft, version: str, previous: str) -> None:
    files = {
        path.relative_to(folder).as_posix(): manifest.sha256(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    stated = Manifest(
        version=version,
        created=draft.created.isoformat(),
        software_version=draft.software_version,
        catalogue_digest=draft.catalogue_digest,
        content=_content(draft),
        title=draft.title,
        synthetic=draft.synthetic,
        previous=previous,
        inputs=draft.inputs,
        not_before=_day(draft.not_before),
        sources=tuple(draft.sources),
        files=files,
    )
    manifest.write(folder, stated)


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _write_table(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path, compression="zstd", version="2.6", store_schema=True)


def _areas_csv(areas: Sequence[Area]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(_AREA_COLUMNS)
    for area in sorted(areas, key=lambda a: a.code):
        writer.writerow((area.code, area.name, area.kind, area.parent, area.tree, area.vintage))
    return written.getvalue().encode()
