"""Grants into the office and out of it: the register behind `grants import` and `grants export`."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from social_evidence.app.exact_json import from_json, to_json
from social_evidence.app.grant_record import from_grant, to_grant
from social_evidence.app.grants import read_grants, write_grants
from social_evidence.model.grant import Grant, GrantOrganisation
from social_evidence.model.office import Added, Organisation, OrganisationKind, Origin, Signature
from social_evidence.model.shape import RecordFault
from social_evidence.store.office.office import Office
from social_evidence.store.office.record_rows import Record

_PACKAGE: Final = "360giving"
"""Name of the one record that holds what the newest file said of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of importing a file of records.

    Attributes:
        kept: Records without fault: new, changed and unchanged ones.
        added: What the office did with them.
        faults: Why each other one was left out.
        notices: What was changed of those that were kept.
    """

    kept: int
    added: Added
    faults: tuple[RecordFault, ...]
    notices: tuple[RecordFault, ...] = ()


def import_grants(
    path: Path, office: Office, *, by: Signature, initiatives: Collection[str] | None = None
) -> Imported:
    """Take a file of grants into the office; good grants are kept, whatever else the file holds.

    A grant that differs from what stands under its id is its next revision. Organisations that
    the office does not know yet enter its register with what the grants say of them.

    Args:
        path: A 360Giving file, `.json` or `.csv`.
        office: Open for writing.
        by: Who imports.
        initiatives: Ids a grant may name; None where no catalogue is at hand.

    Raises:
        DataError: The file as a whole cannot be read.
        StoreError: The office refuses; nothing is kept.
    """
    found = read_grants(path, initiatives)
    records = [
        Record(grant.id, grant.initiative, to_json(from_grant(grant))) for grant in found.grants
    ]
    refused = len({fault.place for fault in found.faults})
    with office.intake("grant", by=by, origin=origin_of(path, refused)) as taken:
        added = taken.records("grant", records)
        if found.package:
            taken.records("package", [Record(_PACKAGE, "", to_json(found.package))])
            taken.added = added  # the log counts grants
    add_organisations(office, organisations_of(found.grants), by)
    return Imported(kept=len(records), added=added, faults=found.faults, notices=found.notices)


def export_grants(office: Office, path: Path, initiative: str | None = None) -> int:
    """Write the office's grants as a 360Giving file.

    Args:
        office: Where the grants are.
        path: `.json` or `.csv`.
        initiative: Only its grants.

    Returns:
        How many were written.

    Raises:
        DataError: There is none.
        StoreError: The file cannot be written.
    """
    return write_grants(path, held_grants(office, initiative), _package(office))


def held_grants(office: Office, initiative: str | None = None) -> tuple[Grant, ...]:
    """Read the office's grants, by id."""
    records = (from_json(r.text, r.id) for r in office.records("grant", initiative))
    return tuple(to_grant(record) for record in records if isinstance(record, dict))


def origin_of(path: Path, refused: int = 0) -> Origin:
    """Say where an import comes from: the file's name and digest."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Origin(file=path.name, digest=digest, refused=refused)


def organisations_of(grants: Sequence[Grant]) -> dict[str, Organisation]:
    """Find the organisations that grants name, by id; a funder stays one where it also gets."""
    found: dict[str, Organisation] = {}
    for grant in grants:
        _note(found, grant.recipients, "other")
    for grant in grants:
        _note(found, grant.funders, "funder")
    return found


def add_organisations(
    office: Office, organisations: Mapping[str, Organisation], by: Signature
) -> None:
    """Add those organisations that the office does not know yet; a known one is left as it is."""
    known = {organisation.id for organisation in office.organisations()}
    new = [organisations[name] for name in sorted(set(organisations) - known)]
    if new:
        office.record_organisations(new, by=by)


def _note(
    found: dict[str, Organisation], named: Iterable[GrantOrganisation], kind: OrganisationKind
) -> None:
    for organisation in named:
        if organisation.id:
            found[organisation.id] = Organisation(
                id=organisation.id,
                name=organisation.name,
                kind=kind,
                charity_number=organisation.charity_number or "",
                company_number=organisation.company_number or "",
            )


def _package(office: Office) -> Mapping[str, Any]:
    for record in office.records("package"):
        if record.id == _PACKAGE:
            facts = from_json(record.text, _PACKAGE)
            return facts if isinstance(facts, dict) else {}
    return {}
