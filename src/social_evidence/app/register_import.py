"""Registers from delimited files: organisations, events, people in roles, returns asked for."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_type_hints

from social_evidence.app.import_faults import FaultLog
from social_evidence.app.returns_accept import Outcome
from social_evidence.catalogue.faults import suggestion
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model import period as periods
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import (
    Added,
    Event,
    Expected,
    Organisation,
    Origin,
    Participation,
    Signature,
)
from social_evidence.store.office.office import Office

Kind = Literal["organisations", "events", "people", "expected"]
Noun = type[Organisation] | type[Event] | type[Participation] | type[Expected]

KINDS: Final[Mapping[Kind, Noun]] = {
    "organisations": Organisation,
    "events": Event,
    "people": Participation,
    "expected": Expected,
}
"""Kind of register -> its record, whose fields are the columns of a file."""
ROLES: Final = ("participant", "peer_champion", "sponsor", "new_citizen", "rewarded")
_GROUPS: Final = "groups"
_DAY: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")
_PSEUDONYM: Final = re.compile(r"[A-Z2-7]{16}")


def accept_register(
    office: Office, path: Path, catalogue: Catalogue, kind: Kind, *, by: Signature
) -> Outcome:
    """Read a register's file into the office; good rows are kept, each fault has its place.

    Args:
        office: Where it goes.
        path: Delimited text whose columns are the record's fields; of people also breakdowns.
        catalogue: The definitions.
        kind: Which register.
        by: Who reads it, as the role held.

    Raises:
        DataError: The file cannot be read, or lacks a column.
        StoreError: The office refuses; nothing is kept.
    """
    raw = path.read_bytes()
    log = FaultLog()
    digest = hashlib.sha256(raw).hexdigest()
    records = list(_records(path.name, raw, catalogue, kind, log))
    origin = Origin(file=path.name, digest=digest, refused=log.refused)
    taking: dict[Kind, Callable[..., Added]] = {
        "organisations": office.record_organisations,
        "events": office.record_events,
        "people": office.record_participations,
        "expected": office.record_expected,
    }
    added = taking[kind](records, by=by, origin=origin)
    return Outcome(
        file=path.name,
        digest=digest,
        added=added,
        refused=log.refused,
        faults=tuple(log.faults),
        more_faults=log.more,
    )


def _records(
    name: str, raw: bytes, catalogue: Catalogue, kind: Kind, log: FaultLog
) -> Iterator[Any]:
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise DataError(f"{name}: is no delimited text in UTF-8. Save it as CSV again.") from None
    noun = KINDS[kind]
    header = [cell.strip() for cell in rows[0]] if rows else []
    groups = sorted(set(header) & set(catalogue.breakdowns)) if kind == "people" else []
    _check_header(name, header, noun, groups, log)
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            log.refuse(number, "", f"has {len(row)} cells where the header has {len(header)}.")
            continue
        cells = {column: cell.strip() for column, cell in zip(header, row, strict=True)}
        faults = list(_faults(cells, catalogue, noun, groups))
        for column, reason in faults:
            log.refuse(number, column, reason)
        if not faults:
            yield _made(cells, noun, groups)


def _check_header(
    name: str, header: Sequence[str], noun: Noun, groups: Sequence[str], log: FaultLog
) -> None:
    known = {field.name: field for field in fields(noun) if field.name != _GROUPS}
    must = {n for n, f in known.items() if f.default is MISSING and f.default_factory is MISSING}
    if lacking := sorted(must - set(header)):
        raise DataError(
            f"{name}: row 1 lacks the columns {', '.join(lacking)}. A file of this register has "
            f"{', '.join(known)}."
        )
    for column in sorted(set(header) - set(known) - set(groups)):
        log.refuse(1, column, f"is no column of this register.{suggestion(column, known)}")


def _faults(
    cells: Mapping[str, str], catalogue: Catalogue, noun: Noun, groups: Sequence[str]
) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(noun)
    for column, cell in cells.items():
        choices = get_args(hints[column]) if column in hints else ()
        if choices and cell not in choices:
            yield column, f"is none of {', '.join(choices)}.{suggestion(cell, choices)}"
    yield from _unknown_names(cells, catalogue)
    for column in ("date", "due", "joined", "left"):
        if cells.get(column) and not _DAY.fullmatch(cells[column]):
            yield column, "is no day or month such as 2026-03-15."
    for column in ("date", "joined", "id", "organisation"):
        if _is_needed(noun, column) and not cells.get(column):
            yield column, "is empty."
    if noun is Participation:
        yield from _person_faults(cells, catalogue, groups)


def _person_faults(
    cells: Mapping[str, str], catalogue: Catalogue, groups: Sequence[str]
) -> Iterator[tuple[str, str]]:
    if not _PSEUDONYM.fullmatch(cells["pseudonym"]):
        yield "pseudonym", "is no pseudonym: 16 letters A to Z and digits 2 to 7."
    if cells["role"] not in ROLES:
        yield "role", f"is none of {', '.join(ROLES)}."
    for name in groups:
        known = {group.id for group in catalogue.breakdowns[name].groups}
        if cells[name] and cells[name] not in known:
            yield name, f"is no group of {name}.{suggestion(cells[name], known)}"


def _is_needed(noun: Noun, column: str) -> bool:
    return any(f.name == column and f.default is MISSING for f in fields(noun))


def _unknown_names(cells: Mapping[str, str], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    name = cells.get("initiative")
    initiative = catalogue.initiatives.get(name or "")
    if name is not None and initiative is None:
        near = suggestion(name, catalogue.initiatives)
        yield "initiative", f"no initiative of the catalogue has this id.{near}"
    if initiative is not None and (measure := cells.get("success_measure")):
        own = [success.id for success in initiative.success_measures]
        if measure not in own:
            yield "success_measure", f"is none of this initiative's.{suggestion(measure, own)}"
    if cells.get("area") and cells["area"] not in catalogue.areas.areas:
        yield "area", "is no code of an area of the catalogue."
    if label := cells.get("period"):
        try:
            periods.parse(label)
        except DefinitionError:
            yield "period", "is no period such as 2026Q1 or fy2025-26."


def _made(cells: Mapping[str, str], noun: Noun, groups: Sequence[str]) -> Any:
    known = {field.name for field in fields(noun)}
    values: dict[str, Any] = {name: cell for name, cell in cells.items() if name in known}
    if groups:
        values[_GROUPS] = {name: cells[name] for name in groups if cells[name]}
    return noun(**values)
