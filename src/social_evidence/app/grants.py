"""Read and write files of grants in the 360Giving standard, as JSON or as its spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from social_evidence.app.exact_json import LARGEST, from_json, to_json
from social_evidence.app.grant_record import NAMELESS, from_grant, to_grant, without_person
from social_evidence.app.grant_shape import GRANT, LINK, PACKAGE, VERSION
from social_evidence.app.grant_table import from_csv, titled, to_csv, to_rows
from social_evidence.app.shape_check import check_record
from social_evidence.catalogue.faults import suggestion
from social_evidence.errors import DataError
from social_evidence.model.grant import Grant
from social_evidence.model.shape import RecordFault
from social_evidence.store.atomic import replace_file

_VERSION: Final = re.compile(r"\d+\.\d+")
SUFFIXES: Final = (".json", ".csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFile:
    """What a file of grants held.

    Attributes:
        grants: Those without fault, in the file's order.
        faults: Why each other one, or a part of the package, was left out, by place and field.
        notices: What was changed of a grant that was kept: a person's name taken out.
        package: What the file says of itself beside its grants.
    """

    grants: tuple[Grant, ...]
    faults: tuple[RecordFault, ...] = ()
    notices: tuple[RecordFault, ...] = ()
    package: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A grant as a file holds it, not yet checked."""

    place: str
    record: object
    faults: tuple[RecordFault, ...] = ()


def read_grants(path: Path, initiatives: Collection[str] | None = None) -> GrantFile:
    """Read a file of grants; every fault is listed and the good grants are kept.

    Args:
        path: A 360Giving file: a JSON package, or its spreadsheet as CSV.
        initiatives: Ids a grant may name; None where no catalogue is at hand.

    Raises:
        DataError: The file as a whole cannot be read.
    """
    text = read_text(path)
    if suffix_of(path) == ".csv":
        rows, heads = from_csv(text, GRANT, path.name)
        candidates = [_Candidate(f"row {row.number}", row.record, row.faults) for row in rows]
        found = _checked(candidates, initiatives)
        faults = tuple(_by_column(fault, heads) for fault in found.faults)
        return GrantFile(grants=found.grants, faults=faults, notices=found.notices)
    document = from_json(text, path.name)
    if not isinstance(document, dict) or not isinstance(document.get("grants"), list):
        raise DataError(
            f"{path.name} is no package of grants: it must be an object whose `grants` is a list, "
            'as in {"version": "1.4", "grants": [...]}.'
        )
    candidates = [
        _Candidate(f"grants[{index}]", record) for index, record in enumerate(document["grants"])
    ]
    found = _checked(candidates, initiatives)
    package = {name: value for name, value in document.items() if name != "grants"}
    wrong = check_record(package, PACKAGE, "package")
    named = package.get("version")
    if isinstance(named, str) and not _VERSION.fullmatch(named):
        wrong += (RecordFault("package", "version", "must be as `1.4`."),)
    left_out = {re.split(r"[.\[]", fault.field)[0] for fault in wrong}
    return GrantFile(
        grants=found.grants,
        faults=(*wrong, *found.faults),
        notices=found.notices,
        package={name: value for name, value in package.items() if name not in left_out},
    )


def write_grants(
    path: Path, grants: Iterable[Grant], package: Mapping[str, Any] | None = None
) -> int:
    """Write grants as a JSON package, or as the standard's spreadsheet, by the file's ending.

    Args:
        path: Where to; `.json` or `.csv`.
        grants: Written in the order of their ids.
        package: What is said of the whole, in JSON only.

    Returns:
        How many were written.

    Raises:
        DataError: There is none: the standard has no package without grants.
        StoreError: The file cannot be written.
    """
    records = [from_grant(grant) for grant in sorted(grants, key=lambda grant: grant.id)]
    if not records:
        raise DataError("There is no grant to write, and the standard has no file without one.")
    if suffix_of(path) == ".csv":
        content = to_csv(to_rows(records, GRANT))
    else:
        content = package_json(records, package or {})
    replace_file(path, content.encode())
    return len(records)


def package_json(records: Sequence[Mapping[str, Any]], package: Mapping[str, Any]) -> str:
    """Write a package of grants: one grant a line, so that two files can be compared by line."""
    facts = {"version": VERSION, **package}
    head = "".join(f"  {to_json(name)}: {to_json(value)},\n" for name, value in facts.items())
    body = ",\n".join(f"    {to_json(record)}" for record in records)
    return "{\n" + head + '  "grants": [\n' + body + "\n  ]\n}\n"


def read_text(path: Path) -> str:
    """Read a file of text in UTF-8, of bounded size.

    Raises:
        DataError: It is not there, too large, or no UTF-8.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise DataError(f"{path.name} is larger than {LARGEST // 1_000_000} MB. Split it.")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise DataError(f"{path} cannot be read: {fault.strerror}.") from None
    except UnicodeDecodeError as fault:
        raise DataError(
            f"{path.name} is not UTF-8 text (byte {fault.start}). Save it as UTF-8; in a "
            "spreadsheet program choose `CSV UTF-8`."
        ) from None


def suffix_of(path: Path) -> str:
    """Give a file's ending, checked: `.json` or `.csv`.

    Raises:
        DataError: It is another one.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise DataError(f"{path.name}: a file of grants ends in .json or .csv.")
    return suffix


def _checked(candidates: Iterable[_Candidate], initiatives: Collection[str] | None) -> GrantFile:
    grants: dict[str, Grant] = {}
    faults: list[RecordFault] = []
    notices: list[RecordFault] = []
    for candidate in candidates:
        record, place = candidate.record, candidate.place
        found = [*candidate.faults, *check_record(record, GRANT, place)]
        if isinstance(record, dict):
            found.extend(_faults_between(record, place, initiatives))
            if isinstance(record.get("id"), str) and record["id"] in grants:
                found.append(RecordFault(place, "id", "stands twice in this file."))
        faults.extend(found)
        if found or not isinstance(record, dict):
            continue
        bare = without_person(record)
        if bare != record:
            notices.append(
                RecordFault(place, "recipientIndividual", f"is held as {NAMELESS!r} only.")
            )
        grants[record["id"]] = to_grant(bare)
    return GrantFile(grants=tuple(grants.values()), faults=tuple(faults), notices=tuple(notices))


def _faults_between(
    record: Mapping[str, Any], place: str, initiatives: Collection[str] | None
) -> Iterator[RecordFault]:
    """Find what is wrong between fields: who gets the grant, and for which initiative."""
    has = [name in record for name in ("recipientOrganization", "recipientIndividual")]
    if not any(has):
        yield RecordFault(place, "recipientOrganization", "is missing: nobody gets the grant.")
    if all(has):
        yield RecordFault(
            place, "recipientIndividual", "stands beside an organisation; only one may get it."
        )
    if record.get("id") == "":
        yield RecordFault(place, "id", "is empty.")
    link = record.get(LINK)
    named = link.get("initiative") if isinstance(link, dict) else None
    if isinstance(named, str) and initiatives is not None and named not in initiatives:
        near = suggestion(named, initiatives)
        yield RecordFault(
            place, f"{LINK}.initiative", f"{named[:40]!r} is no initiative of the catalogue.{near}"
        )


def _by_column(fault: RecordFault, heads: Mapping[str, str]) -> RecordFault:
    if not fault.field or " " in fault.field:
        return fault
    head = heads.get(fault.field) or titled(fault.field, GRANT)
    return RecordFault(fault.place, head, fault.reason)
