"""From lines of a form or file to returns, every fault noted at its place."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple

from social_evidence.app.import_faults import FaultLog, holds_contact
from social_evidence.app.returns_form import AREA, Asked, asked_of, word
from social_evidence.app.returns_numbers import read_number
from social_evidence.catalogue.faults import suggestion
from social_evidence.errors import DefinitionError
from social_evidence.model import period as periods
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import Cell, Return
from social_evidence.model.return_form import ALL

_LONGEST_NOTE: Final = 1_000
_ORGANISATION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{1,79}", re.ASCII)
_NEAR: Final = 1e-9

Key = tuple[str, str, str, str]


class Line(NamedTuple):
    """One line of a form or file: where it stands and what it says."""

    row: int
    initiative: str
    success_measure: str
    organisation: str
    period: str
    dimension: str
    code: str
    value: Any
    note: str = ""
    evidence_ref: str = ""
    fault: str = ""
    """Why its value cannot be used, found before its content was looked at."""

    @property
    def key(self) -> Key:
        """Which return it belongs to."""
        return (self.initiative, self.success_measure, self.organisation, self.period)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What the columns are called in messages."""

    initiative: str = "initiative"
    success_measure: str = "success_measure"
    organisation: str = "organisation"
    period: str = "period"
    dimension: str = "dimension"
    code: str = "code"
    value: str = "value"
    note: str = "note"
    evidence_ref: str = "evidence_ref"


@dataclass(slots=True)
class Assembly:
    """Everything lines are held against.

    Attributes:
        catalogue: The definitions.
        today: Periods that lie after it are refused.
        log: Faults go here.
        columns: What the columns are called.
        organisations: Register numbers that are known; nothing is held against an empty list.
        people: Measure -> pseudonyms listed for it.
    """

    catalogue: Catalogue
    today: dt.date
    log: FaultLog
    columns: Columns = field(default_factory=Columns)
    organisations: Collection[str] = ()
    people: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _asked: dict[str, dict[str, Asked]] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)

    def returns(self, lines: Iterable[Line]) -> Iterator[Return]:
        """Put lines of one return, which stand together, into a return; faulty ones are noted."""
        for key, group in itertools.groupby(lines, key=_key):
            together = list(group)
            if reason := self._fault_of(key):
                column, told = reason
                self.log.refuse(together[0].row, column, told)
                self.log.refused += len(together) - 1
                continue
            made = self._return(key, together)
            if made is not None:
                yield made

    def _fault_of(self, key: Key) -> tuple[str, str] | None:
        """Find why nothing under a key can be taken in: the column, and the reason."""
        initiative, measure, organisation, period = key
        names = self.columns
        if reason := self._unknown(initiative):
            return names.initiative, reason
        if reason := self._unknown_measure(initiative, measure):
            return names.success_measure, reason
        if not _ORGANISATION.fullmatch(organisation):
            return names.organisation, (
                "is no register number of an organisation, such as GB-CHC-1074655."
            )
        if reason := _period_fault(period, self.today):
            return names.period, reason
        # Python's hash of four texts: 64 bits, and a million of them take little room.
        if (place := hash(key)) in self._seen:
            return names.success_measure, (
                f"the return of {measure} for {period} stands in the file already, in other rows. "
                "Keep one, with its rows together."
            )
        self._seen.add(place)
        return None

    def _unknown(self, initiative: str) -> str:
        if initiative in self._asked:
            return ""
        found = self.catalogue.initiatives.get(initiative)
        if found is None:
            near = suggestion(initiative, self.catalogue.initiatives)
            return f"no initiative of the catalogue has this id.{near}"
        self._asked[initiative] = asked_of(self.catalogue, found)
        return ""

    def _unknown_measure(self, initiative: str, measure: str) -> str:
        asked = self._asked[initiative]
        if measure in asked:
            return ""
        known = {s.id for s in self.catalogue.initiatives[initiative].success_measures}
        if measure in known:
            return "this success measure is not worked out from returns."
        near = suggestion(measure, asked)
        return f"{initiative} has no success measure of this address from returns.{near}"

    def _return(self, key: Key, lines: Sequence[Line]) -> Return | None:
        initiative, measure, organisation, period = key
        asked = self._asked[initiative][measure]
        reading = _Reading(asked, self.log, self.columns)
        for line in lines:
            reading.take(line)
        people = self.people.get(measure, frozenset())
        total = reading.total
        if total is None and people and not reading.is_total_faulty:
            total = float(len(people))
        if total is None:
            reading.refuse_without_total(lines)
            return None
        self._query(reading, lines[0].row, organisation, period)
        reading.check_sums(total)
        reading.check_people(total, people)
        first = reading.first
        return Return(
            initiative=initiative,
            success_measure=measure,
            organisation=organisation,
            period=period,
            counted=asked.success.counted,
            value=total,
            cells=tuple(reading.cells.values()),
            people=tuple(sorted(people)),
            note=reading.words(first, "note"),
            evidence_ref=reading.words(first, "evidence_ref"),
            query=" ".join(reading.queries),
        )

    def _query(self, reading: _Reading, row: int, organisation: str, period: str) -> None:
        if self.organisations and organisation not in self.organisations:
            near = suggestion(organisation, self.organisations)
            reading.query(
                row,
                self.columns.organisation,
                f"the organisation is not in the office's register.{near}",
            )
        if periods.parse(period).end > self.today:
            reading.query(row, self.columns.period, f"{period} has not ended yet.")


def _key(line: Line) -> Key:
    return line.key


def _period_fault(label: str, today: dt.date) -> str:
    try:
        span = periods.parse(label)
    except DefinitionError as fault:
        return f"the period is not known: {fault}"
    if span.start > today:
        return f"{label} has not begun: nothing can have been counted in it."
    return ""


@dataclass(slots=True)
class _Reading:
    """One return while its lines are read."""

    asked: Asked
    log: FaultLog
    columns: Columns
    total: float | None = None
    is_total_faulty: bool = False
    first: Line | None = None
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Dimensions of which a part could not be read: they cannot be added up."""
    queries: list[str] = field(default_factory=list)

    def query(self, row: int, column: str, reason: str) -> None:
        self.log.query(row, column, reason)
        self.queries.append(f"Row {row}, {column}: {reason}")

    def take(self, line: Line) -> None:
        if line.value in {"", None} and not line.fault:
            return
        if reason := self._place_fault(line):
            column, told = reason
            self._refuse(line, column, told)
            return
        number, told = (
            (None, line.fault) if line.fault else read_number(line.value, self.asked.shape)
        )
        if number is None:
            self._refuse(line, self.columns.value, told)
        elif line.dimension == ALL:
            self.total, self.first = number, line
            self.rows[ALL, ALL] = line.row
        else:
            code = self._code(line)
            cell = Cell(dimension=line.dimension, code=code, value=number)
            self.cells[line.dimension, code] = cell
            self.rows[line.dimension, code] = line.row

    def _code(self, line: Line) -> str:
        free = self.asked.dimensions.get(line.dimension) is None
        return word(line.code) if free and line.dimension != ALL else line.code

    def _refuse(self, line: Line, column: str, reason: str) -> None:
        self.log.refuse(line.row, column, reason)
        if line.dimension == ALL:
            self.is_total_faulty = True
        else:
            self.broken.add(line.dimension)
            self.queries.append(f"Row {line.row}, {column}: {reason}")

    def _place_fault(self, line: Line) -> tuple[str, str] | None:
        place = (line.dimension, self._code(line))
        if place in self.rows:
            return self.columns.code, f"row {self.rows[place]} gives the same group already."
        if line.dimension == ALL:
            if line.code not in {"", ALL}:
                return self.columns.code, "a total has no group; write `all`."
            return None
        if line.dimension not in self.asked.dimensions:
            near = suggestion(line.dimension, self.asked.dimensions)
            return self.columns.dimension, f"it is not divided in this way.{near}"
        return self._code_fault(line)

    def _code_fault(self, line: Line) -> tuple[str, str] | None:
        codes = self.asked.dimensions[line.dimension]
        if codes is None:
            if not 1 <= len(word(line.code)) <= 60 or holds_contact(line.code):
                return self.columns.code, "the group needs a short name of its own."
            return None
        if line.code in codes:
            return None
        kind = "code of a borough" if line.dimension == AREA else f"group of {line.dimension}"
        return self.columns.code, f"is no {kind}.{suggestion(line.code, codes)}"

    def refuse_without_total(self, lines: Sequence[Line]) -> None:
        """Note parts that have no total; where nothing was filled in there is no fault."""
        if self.cells and not self.is_total_faulty:
            self.log.refuse(
                lines[0].row,
                self.columns.value,
                "groups are filled in and the total is empty. Give the total.",
            )
        self.log.refused += len(self.cells)

    def check_sums(self, total: float) -> None:
        """Query a total to which its parts do not come."""
        for dimension in sorted(self.asked.adding_up & {d for d, _ in self.cells} - self.broken):
            parts = math.fsum(c.value for c in self.cells.values() if c.dimension == dimension)
            if abs(parts - total) > _NEAR * max(1.0, total):
                way = "more than" if parts > total else "less than"
                rest = "" if parts > total else " Put the rest under `unknown` (Not known)."
                self.query(
                    self.rows.get((ALL, ALL), 0),
                    self.columns.value,
                    f"the groups of {dimension} come to {way} the total.{rest}",
                )

    def check_people(self, total: float, people: frozenset[str]) -> None:
        """Query a total that is not the number of different people listed."""
        if people and total != len(people):
            self.query(
                self.rows.get((ALL, ALL), 0),
                self.columns.value,
                f"the total is not the number of different people listed ({len(people)}).",
            )

    def words(self, line: Line | None, name: str) -> str:
        """Read a note or a reference; one that is too long or holds contact data stays out."""
        said = getattr(line, name) if line else ""
        if line is None or not said:
            return ""
        text = " ".join(str(said).split())
        refuse = partial(self.log.refuse, line.row, getattr(self.columns, name))
        if len(text) > _LONGEST_NOTE:
            refuse(f"is longer than {_LONGEST_NOTE:,} characters and is left out.")
            return ""
        if not text.isprintable():
            refuse("holds control characters and is left out.")
            return ""
        if holds_contact(text):
            refuse("holds what looks like contact data and is left out.")
            return ""
        return text
