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
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from social_evidence.errors import StoreError
from social_evidence.model import lineage
from social_evidence.model.area import Area
from social_evidence.model.change import Change, changes_between, step
from social_evidence.model.estimate import ESTIMATE_COLUMNS, Estimate
from social_evidence.model.initiative_row import InitiativeRow
from social_evidence.model.note import Note
from social_evidence.model.release import Manifest, SourceDigest, Version
from social_evidence.store import (
    atomic,
    changes,
    initiatives,
    manifest,
    numbering,
    reasons,
    states,
    tables,
)

FOLDER: Final = manifest.FOLDER
_AREA_COLUMNS: Final = ("area", "name", "kind", "parent", "tree", "vintage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that a release publishes, before it has a version.

    estimates: rows, rounded and with statuses, in any order. comparisons: the same, by column.
    provenance: records as JSON values, one or more for every row. engine: the program that summed
    the files, with its version. catalogue: path -> text, as used. created: an input of the build.
    inputs: digest over everything the build was given; no part of the content. against: releases
    whose hidden counts are not given away; no part of it either. not_before: the
    first day on which the release may be public. notes: why figures changed. unexplained: let
    numbers change that no note explains, and say so in public. initiatives: their rows, in any
    order; those that answer a measure of the city stand among the estimates too. register: the
    initiatives themselves, as JSON values.
    """

    title: str
    created: date
    software_version: str
    catalogue_digest: str
    estimates: Sequence[Estimate]
    provenance: Sequence[Mapping[str, object]]
    quality: Mapping[str, Any]
    areas: Sequence[Area]
    catalogue: Mapping[str, str]
    sources: Sequence[SourceDigest] = ()
    synthetic: bool = False
    inputs: str = ""
    not_before: date | None = None
    notes: Sequence[Note] = ()
    unexplained: bool = False
    engine: str = ""
    against: Sequence[str] = ()
    comparisons: Mapping[str, Sequence[Any] | NDArray[Any]] = field(default_factory=dict)
    initiatives: Sequence[InitiativeRow] = ()
    register: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release read back, its digests checked.

    estimates, comparisons: Arrow tables of the contract. provenance: records as the build gave
    them, without the terms of linked data that stand in the file. initiatives, register: the
    table and the JSON values; empty where the release has none.
    """

    folder: Path
    manifest: Manifest
    estimates: pa.Table
    comparisons: pa.Table
    provenance: tuple[Mapping[str, object], ...]
    quality: Mapping[str, Any]
    areas: tuple[Mapping[str, str], ...] = field(default=())
    initiatives: pa.Table = field(default_factory=initiatives.INITIATIVE_SCHEMA.empty_table)
    register: Mapping[str, Any] = field(default_factory=dict)


def write_release(base: Path, draft: Draft, *, version: str | None = None) -> Path:
    """Write a draft as the next release of an evidence base; the same content makes none.

    Args:
        base: The evidence base's folder; releases go to `base/releases/<version>`.
        draft: What to publish.
        version: Ask for this version; by default it follows from what changed.

    Returns:
        The release's folder: a new one, or the latest when nothing has changed since.

    Raises:
        StoreError: The version exists, is not newer or hides what changed, another build holds
            the lock, the disk refuses, real figures would follow synthetic ones or the other way
            round, or a row breaks the contract.
        DefinitionError: A number changed and no note says why.
    """
    folder = base / FOLDER
    with atomic.locked(folder):
        atomic.remove_unfinished(folder)
        newest = latest(folder)
        if newest is not None:
            stated = _trusted(newest)
            knew = set(draft.against) <= {stated.version, *stated.against}
            if knew and stated.content == _content(draft) and version in {None, stated.version}:
                return newest
            _check_kind(draft, newest, stated)
        told = _told(draft, _baseline(folder))
        number = numbering.number(
            step(told.changes), told.since, newest.name if newest else "", draft.created, version
        )
        target = folder / number
        with atomic.folder_beside(target) as beside:
            _write_files(beside, draft, told, number)
            _write_manifest(beside, draft, number, told.since)
        return target


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a release says about the one before: its version, its rows, the changes, the notes.

    initiatives: rows of initiatives as figures, those that stand among the rows too.
    """

    since: str
    before: Mapping[tuple[str, ...], Estimate]
    changes: Sequence[Change]
    notes: Sequence[Note]
    initiatives: Mapping[tuple[str, ...], Estimate]


def _told(draft: Draft, previous: Path | None) -> _Told:
    before: dict[tuple[str, ...], Estimate] = {}
    beside: dict[tuple[str, ...], Estimate] = {}
    notes: tuple[Note, ...] = ()
    since = ""
    if previous is not None:
        since = _trusted(previous).version
        before = {row.key: row for row in tables.to_estimates(initiatives.read_figures(previous))}
        told = initiatives.to_rows(initiatives.read_table(previous))
        beside = {row.figure.key: row.figure for row in told}
        notes = reasons.notes_since(draft.notes, draft.catalogue, previous)
    uses = reasons.sources_of(draft.provenance)
    rows = [*draft.estimates, *initiatives.figures_alone(draft.initiatives)]
    found = changes_between(before, rows, notes, uses)
    if not draft.unexplained:
        changes.check_explained(found, since, notes)
    return _Told(since=since, before=before, changes=found, notes=notes, initiatives=beside)


def _trusted(folder: Path) -> Manifest:
    """Read a manifest and check its files: what is told against a damaged release would spread."""
    stated = manifest.read(folder)
    manifest.check_files(folder, stated.files)
    return stated


def _baseline(folder: Path) -> Path | None:
    """Find the release that changes are told against: the newest that anybody was shown.

    A withdrawn one counts, because people have read it. Where none was ever approved it is the
    newest draft.
    """
    known = [
        path
        for path in _releases(folder)
        if (record := states.record_of_release(path)) is not None and record.state != "draft"
    ]
    return known[-1] if known else latest(folder)


def _check_kind(draft: Draft, newest: Path, stated: Manifest) -> None:
    if draft.estimates and stated.synthetic != draft.synthetic:
        ours, theirs = ("synthetic", "real") if draft.synthetic else ("real", "synthetic")
        raise StoreError(
            f"{newest} was made of {theirs} files and this release would be made of {ours} ones. "
            "One evidence base holds one kind: whoever reads the newest figures must know which. "
            "Choose another --out."
        )


def latest(folder: Path) -> Path | None:
    """Find the newest release in a `releases` folder; None when there is none.

    Only folders named as a version count: an unfinished one may hold a manifest already.
    """
    found = _releases(folder)
    return found[-1] if found else None


def _releases(folder: Path) -> list[Path]:
    """List the releases of a folder, oldest version first."""
    found = [
        path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if Version.is_version(path.name) and (path / manifest.FILE).is_file()
    ]
    return sorted(found, key=lambda path: Version.parse(path.name))


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
        comparisons=_read_table(folder, "comparisons"),
        provenance=tuple(map(lineage.plain, json.loads((folder / "provenance.json").read_bytes()))),
        quality=json.loads((folder / "quality.json").read_bytes()),
        areas=tuple(areas),
        initiatives=initiatives.read_table(folder),
        register=initiatives.read_register(folder),
    )


def _read_table(folder: Path, name: str = "estimates") -> pa.Table:
    # `read_table` would import a data frame library where there is one, which takes a second.
    with pq.ParquetFile(folder / f"{name}.parquet") as opened:
        return opened.read()


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
    ordered = sorted(draft.estimates, key=operator.attrgetter("order"))
    rows = "\n".join(map(repr, map(values, ordered)))
    compared = tables.table_bytes(tables.comparisons_table(draft.comparisons))
    if draft.initiatives:
        compared += tables.table_bytes(initiatives.initiatives_table(draft.initiatives))
        compared += manifest.to_json(draft.register)
    return manifest.sha256(manifest.to_json(stated) + rows.encode() + compared)


def _write_files(folder: Path, draft: Draft, told: _Told, version: str) -> None:
    rows = changes.stamp(draft.estimates, told.before, version)
    _write_table(folder / "estimates.parquet", tables.estimates_table(rows))
    _write_table(folder / "comparisons.parquet", tables.comparisons_table(draft.comparisons))
    if draft.initiatives:
        _write_initiatives(folder, draft, told, version)
    (folder / "areas.csv").write_bytes(_areas_csv(draft.areas))
    (folder / "provenance.json").write_bytes(manifest.to_json(_linked(draft, version)))
    revisions = changes.summary(told.changes, told.since, told.notes)
    quality = {**draft.quality, "revisions": revisions}
    (folder / "quality.json").write_bytes(manifest.to_json(quality))
    (folder / "changes.csv").write_bytes(changes.to_csv(told.changes))
    for name, text in draft.catalogue.items():
        path = folder / "catalogue" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _write_initiatives(folder: Path, draft: Draft, told: _Told, version: str) -> None:
    figures = changes.stamp([row.figure for row in draft.initiatives], told.initiatives, version)
    rows = initiatives.stamped(draft.initiatives, figures)
    _write_table(folder / initiatives.TABLE, initiatives.initiatives_table(rows))
    (folder / initiatives.REGISTER).write_bytes(manifest.to_json(draft.register))


def _linked(draft: Draft, version: str) -> list[dict[str, Any]]:
    """Write the records of provenance as linked data (PROV-O) too."""
    making = lineage.Making(
        title=draft.title,
        version=version,
        created=draft.created.isoformat(),
        software_version=draft.software_version,
        catalogue_digest=draft.catalogue_digest,
        engine=draft.engine,
    )
    return [lineage.linked(record, making) for record in draft.provenance]


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
        engine=draft.engine,
        against=tuple(draft.against),
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
