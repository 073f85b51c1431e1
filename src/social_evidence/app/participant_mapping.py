"""How a participants' file names what the catalogue asks: same names, or a small TOML file."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from social_evidence.app.import_faults import FaultLog
from social_evidence.catalogue.faults import suggestion
from social_evidence.errors import DefinitionError
from social_evidence.model.catalogue import Catalogue

PERSON: Final = "person"
PSEUDONYM: Final = "pseudonym"
FACTS: Final = ("wave", "arm", "project", "period", "area", "form", "consent")
_FIXED: Final = ("wave", "arm", "project", "period", "form")
_LARGEST: Final = 1_000_000

_NEVER: Final = re.compile(
    r"(^|_)(name|names|firstname|forename|surname|lastname|fullname|email|e_mail|mail|phone|"
    r"telephone|tel|mobile|address|street|postcode|post_code|zip|dob|birthday|birthdate|nhs|"
    r"ni_number|passport|ip)(_|$)|date_of_birth|birth_date"
)
"""Columns that never enter, whatever they hold: contact data and what names a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """What the columns of a participants' file are.

    Attributes:
        person: Column of the identifier, which is turned into a pseudonym and not kept.
        columns: Id of the catalogue, or a fact such as `wave` -> column of the file.
        values: Fact -> what it is throughout the file.
        codes: Id of the catalogue, or a fact -> value of the file -> code.
        ignore: Columns that are left out on purpose.
    """

    person: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Where each thing stands in a file.

    Attributes:
        facts: Fact -> position of its column.
        groups: Breakdown -> position.
        items: Question -> position.
        person: Position of the identifier or pseudonym.
        is_pseudonym: The person is named by a pseudonym already.
    """

    facts: Mapping[str, int]
    groups: Mapping[str, int]
    items: Mapping[str, int]
    person: int
    is_pseudonym: bool


def read_map(path: Path) -> ColumnMap:
    """Read a mapping file.

    Raises:
        DefinitionError: It is no TOML, or holds a field that is not known.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise DefinitionError(f"{path.name}: is too large for a mapping.")
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as fault:
        raise DefinitionError(f"{path.name}: cannot be read as a mapping: {fault}") from None
    known = {one.name for one in fields(ColumnMap)}
    for name in table:
        if name not in known:
            raise DefinitionError(
                f"{path.name}: {name!r} is no field of a mapping.{suggestion(name, known)} Known "
                f"are {', '.join(sorted(known))}."
            )
    _check_shapes(path.name, table)
    return ColumnMap(
        person=str(table.get("person", "")),
        columns=_texts(table.get("columns", {})),
        values=_texts(table.get("values", {})),
        codes={name: _texts(codes) for name, codes in table.get("codes", {}).items()},
        ignore=tuple(str(name) for name in table.get("ignore", ())),
    )


def _check_shapes(name: str, table: Mapping[str, Any]) -> None:
    for part in ("columns", "values", "codes"):
        if not isinstance(table.get(part, {}), dict):
            raise DefinitionError(f"{name}: {part} must be a table, as [{part}].")
    if any(not isinstance(codes, dict) for codes in table.get("codes", {}).values()):
        raise DefinitionError(f"{name}: codes must hold a table for each column, as [codes.wave].")
    if not isinstance(table.get("ignore", []), list):
        raise DefinitionError(f"{name}: ignore must be a list of columns.")


def _texts(table: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in table.items()}


def settle(
    header: Sequence[str], given: ColumnMap, catalogue: Catalogue, log: FaultLog
) -> Settled | None:
    """Find what each column is; columns that must not enter, or say nothing here, are noted.

    Returns:
        Where each thing stands; None where the file cannot be used, the reason being noted.
    """
    at = _positions(header, given, log)
    known = {*FACTS, *catalogue.breakdowns, *catalogue.questions, PERSON, PSEUDONYM}
    if not _names_are_known(given, known, log):
        return None
    places: dict[str, int] = {}
    for position, column in enumerate(header):
        name = at.get(position, column)
        if column in given.ignore or not column:
            continue
        if name in places:
            log.refuse(1, column, f"is {name} a second time; keep one of the two columns.")
        elif name in known:
            places[name] = position
        else:
            _note_unknown(column, known, log)
    return _settled(places, catalogue, log)


def _positions(header: Sequence[str], given: ColumnMap, log: FaultLog) -> dict[int, str]:
    """Find the columns a mapping names: position -> what it is."""
    wanted = {**({PERSON: given.person} if given.person else {}), **given.columns}
    at = {}
    for name, column in wanted.items():
        if column in header:
            at[header.index(column)] = name
        else:
            near = suggestion(column, header)
            log.refuse(
                1, column, f"the mapping names this column for {name}; it is not there.{near}"
            )
    return at


def _names_are_known(given: ColumnMap, known: set[str], log: FaultLog) -> bool:
    wrong = [name for name in (*given.columns, *given.codes) if name not in known]
    wrong += [name for name in given.values if name not in _FIXED]
    for name in wrong:
        near = suggestion(name, known)
        log.refuse(0, "", f"the mapping names {name!r}, which is nothing of the catalogue.{near}")
    return not wrong


def _note_unknown(column: str, known: set[str], log: FaultLog) -> None:
    if is_contact_column(column):
        log.refuse(
            1,
            column,
            "holds contact data or a name, which never enter: the column is left out. Delete it "
            "from the file.",
        )
        return
    near = difflib.get_close_matches(column.casefold(), known, 1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    log.refuse(
        1,
        column,
        f"is no breakdown or question of the catalogue and is left out.{hint} Name it in a "
        "mapping, or under `ignore`.",
    )


def is_contact_column(column: str) -> bool:
    """Say whether a column's name is that of contact data."""
    return bool(_NEVER.search(re.sub(r"[^a-z0-9]+", "_", column.casefold())))


def _settled(places: Mapping[str, int], catalogue: Catalogue, log: FaultLog) -> Settled | None:
    items = {name: at for name, at in places.items() if name in catalogue.questions}
    if not items:
        log.refuse(1, "", "no column is a question of the catalogue; there are no answers.")
        return None
    if PSEUDONYM not in places and PERSON not in places:
        log.refuse(
            1,
            "",
            "no column says who the person is: name it `person` (an identifier, turned into a "
            "pseudonym) or `pseudonym`, or name it in a mapping.",
        )
        return None
    # A pseudonym beside an identifier would say which is whose.
    if PSEUDONYM in places and PERSON in places:
        log.refuse(1, PSEUDONYM, "stands beside identifiers, which would tell whose it is.")
        return None
    return Settled(
        facts={name: at for name, at in places.items() if name in FACTS},
        groups={name: at for name, at in places.items() if name in catalogue.breakdowns},
        items=items,
        person=places.get(PSEUDONYM, places.get(PERSON, -1)),
        is_pseudonym=PSEUDONYM in places,
    )
