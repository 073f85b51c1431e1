"""One row of a participants' file: who, when, and what was answered, or why it cannot be used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from social_evidence.app.import_faults import FaultLog, holds_contact
from social_evidence.app.participant_mapping import ColumnMap, Settled
from social_evidence.app.participant_rows import Numbered, text_of
from social_evidence.app.returns_form import boroughs
from social_evidence.app.returns_read import PURPOSE
from social_evidence.disclosure.pseudonym import pseudonym
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model import period as periods
from social_evidence.model.breakdown import UNKNOWN
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import ARMS, SCOPES, WAVES

_KEYED: Final = re.compile(r"[A-Z2-7]{16}", re.ASCII)
_SHORT: Final = re.compile(r"[\w .,'()/&+-]{1,60}")
_NUMBER: Final = re.compile(r"-?\d{1,9}(\.\d{1,9})?", re.ASCII)
_USUAL: Final = {"arm": "taking_part", "form": "1"}
_FACTS: Final = ("pseudonym", "wave", "arm", "project", "period", "area", "form", "consent")

Table = Mapping[str, str | None]


class Unusable(Exception):  # noqa: N818 - it is no error: the row is noted and passed over
    """A row cannot be used. column: where; its text says why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What the values of each column mean.

    Attributes:
        settled: Where each thing stands.
        header: Names of the columns.
        values: What holds for the whole file.
        facts: Fact -> text as typed, in small letters -> what it is.
        tables: Breakdown or question -> the same; None for a question answered by a number.
    """

    settled: Settled
    header: Sequence[str]
    values: Mapping[str, str]
    facts: Mapping[str, Table]
    tables: Mapping[str, Table | None]

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        mapping: ColumnMap,
        labels: Mapping[str, Mapping[str, str]],
        header: Sequence[str],
        settled: Settled,
    ) -> Codes:
        """Put together the meaning of every column from catalogue, mapping and file."""
        tables: dict[str, Table | None] = {}
        for name, at in {**settled.groups, **settled.items}.items():
            given = mapping.codes.get(name, {})
            if name in catalogue.breakdowns:
                own = {group.id: group.label for group in catalogue.breakdowns[name].groups}
                table: dict[str, str | None] = {UNKNOWN: None, "not known": None}
            else:
                own, table = dict(catalogue.questions[name].answers), {}
            tables[name] = _table(own, given, labels.get(header[at], {}), table) if own else None
        areas = {area.code: area.name for area in boroughs(catalogue)}
        facts = {
            "wave": _table({wave: wave for wave in WAVES}, mapping.codes.get("wave", {}), {}, {}),
            "arm": _table({arm: arm for arm in ARMS}, mapping.codes.get("arm", {}), {}, {}),
            "area": _table(areas, mapping.codes.get("area", {}), {}, {}),
        }
        return cls(
            settled=settled, header=header, values=mapping.values, facts=facts, tables=tables
        )


def _table(
    own: Mapping[str, str],
    given: Mapping[str, str],
    labels: Mapping[str, str],
    start: dict[str, str | None],
) -> Table:
    """Say what each text means: our codes and labels, the mapping's, then the file's labels."""
    table = dict(start)
    table |= {label.casefold(): code for code, label in own.items()}
    table |= {code.casefold(): code for code in own}
    for value, label in labels.items():
        if label.casefold() in table:
            table[value.casefold()] = table[label.casefold()]
    for value, code in given.items():
        if code and code not in own:
            raise DefinitionError(
                f"The mapping turns a value into {code!r}, which is none of {', '.join(own)}."
            )
        table[value.casefold()] = code or None
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is the same for every row of a file.

    Attributes:
        found: The file's header, and which of its cells are formulas.
        codes: What values mean.
        log: Where faults are noted.
        initiative: Whose participants the people are.
        key: The secret that makes pseudonyms; None where the file holds pseudonyms.
    """

    found: Numbered
    codes: Codes
    log: FaultLog
    initiative: str
    key: bytes | None


@dataclass(slots=True)
class Answers:
    """Rows that can be used, column by column."""

    columns: dict[str, list[str | None]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    _seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(self, number: int, row: Sequence[Any], reading: Reading) -> None:
        """Take one row in, or note why not."""
        log = reading.log
        try:
            read = _row(number, row, reading)
        except Unusable as fault:
            log.refuse(number, fault.column, fault.reason)
            return
        place = (str(read["pseudonym"]), str(read["wave"]))
        if place in self._seen:
            log.refuse(
                number, "", f"the same person and wave stand in row {self._seen[place]} already."
            )
            return
        self._seen[place] = number
        self.numbers.append(number)
        for name, value in read.items():
            self.columns.setdefault(name, []).append(value)

    def table(self) -> pa.Table:
        """Give what was taken in as a table of text."""
        columns = self.columns or {name: [] for name in _FACTS}
        return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _row(number: int, row: Sequence[Any], reading: Reading) -> dict[str, str | None]:
    found, codes = reading.found, reading.codes
    # A workbook's rows end with their last filled cell.
    if len(row) > len(found.header) or (len(row) < len(found.header) and not found.sheet):
        raise Unusable("", f"has {len(row)} cells where the header has {len(found.header)}.")
    texts = [text_of(cell) for cell in row] + [""] * (len(found.header) - len(row))
    for at in range(len(texts)) if found.formulas else ():
        if (number, at) in found.formulas:
            raise Unusable(
                found.header[at], "is a formula, an error or a merged cell, not a typed answer."
            )
    read: dict[str, str | None] = {"pseudonym": _person(texts, reading)}
    read |= _facts(number, texts, reading)
    answered = 0
    for name, at in {**codes.settled.groups, **codes.settled.items}.items():
        value = _answer(number, texts[at], name, codes, reading.log)
        read[name] = value
        answered += value is not None and name in codes.settled.items
    if not answered:
        raise Unusable("", "holds no answer to any question.")
    return read


def _person(texts: Sequence[str], reading: Reading) -> str:
    codes = reading.codes
    at = codes.settled.person
    column, told = codes.header[at], texts[at]
    if not told:
        raise Unusable(column, "is empty; without it before and after cannot be joined.")
    if codes.settled.is_pseudonym:
        if not _KEYED.fullmatch(told):
            raise Unusable(
                column,
                "is no pseudonym (16 letters and figures). Identifiers belong in a column "
                "`person`, where they are turned into one.",
            )
        return told
    try:
        return pseudonym(told, PURPOSE.format(initiative=reading.initiative), reading.key or b"")
    except DataError:
        raise Unusable(column, "is no usable identifier.") from None


def _facts(number: int, texts: Sequence[str], reading: Reading) -> dict[str, str | None]:
    codes = reading.codes

    def told(fact: str) -> tuple[str, str]:
        at = codes.settled.facts.get(fact, -1)
        own = texts[at] if at >= 0 else ""
        usual = codes.values.get(fact) or _USUAL.get(fact, "")
        return (codes.header[at] if at >= 0 else fact), own or usual

    facts: dict[str, str | None] = {}
    for fact, known in (("wave", WAVES), ("arm", ARMS)):
        column, text = told(fact)
        code = codes.facts[fact].get(text.casefold())
        if code is None:
            raise Unusable(column, f"the {fact} is not one of {', '.join(known)}.")
        facts[fact] = code
    column, text = told("project")
    facts["project"] = _named(column, text or reading.initiative)
    column, text = told("period")
    facts["period"] = _period(column, text)
    column, text = told("area")
    facts["area"] = codes.facts["area"].get(text.casefold()) if text else None
    if text and facts["area"] is None:
        reading.log.refuse(
            number, column, "is no borough, by code or name; the row is kept without it."
        )
    column, text = told("form")
    facts["form"] = _named(column, text)
    column, text = told("consent")
    facts["consent"] = _consent(column, text)
    return facts


def _named(column: str, text: str) -> str:
    if not _SHORT.fullmatch(text) or holds_contact(text):
        raise Unusable(column, "must be a short name (at most 60 letters and figures).")
    return text


def _period(column: str, text: str) -> str:
    try:
        return periods.parse(text).label
    except DefinitionError:
        raise Unusable(
            column, "is no period such as 2026, or is missing: name it with --period."
        ) from None


def _consent(column: str, text: str) -> str | None:
    if not text:
        return None
    scopes = [scope.strip() for scope in text.split(";") if scope.strip()]
    if unknown := set(scopes) - set(SCOPES):
        raise Unusable(
            column, f"{len(unknown)} scopes are not known. Known are {', '.join(SCOPES)}."
        )
    if "take_part" not in scopes:
        raise Unusable(column, "the person did not agree to take part (`take_part`).")
    return ";".join(sorted(scopes))


def _answer(number: int, text: str, name: str, codes: Codes, log: FaultLog) -> str | None:
    if not text:
        return None
    table = codes.tables[name]
    at = codes.settled.groups.get(name, codes.settled.items.get(name, -1))
    if table is None:
        if _NUMBER.fullmatch(text):
            return text
        log.refuse(number, codes.header[at], f"is no number, as an answer to {name} must be.")
        return None
    if (told := text.casefold()) in table:
        return table[told]
    log.refuse(
        number,
        codes.header[at],
        f"is no answer that {name} knows: {', '.join(_own(table))}. The row is kept without it.",
    )
    return None


def _own(table: Table) -> list[str]:
    return sorted({code for code in table.values() if code is not None})
