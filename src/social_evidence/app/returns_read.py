"""Reading returns: filled-in forms and long delimited files, every fault at its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from social_evidence.app.import_faults import FaultLog
from social_evidence.app.returns_lines import Assembly, Columns, Line
from social_evidence.catalogue.faults import suggestion
from social_evidence.disclosure.pseudonym import pseudonym
from social_evidence.errors import DataError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import Fault, Return
from social_evidence.model.return_form import (
    ALL,
    FORM_VERSION,
    HEADINGS,
    HIDDEN,
    LONG_COLUMNS,
    MARK,
    PEOPLE,
    PEOPLE_HEADINGS,
    RETURN,
)
from social_evidence.readers.form import (
    Form,
    FormSheet,
    NumberedRows,
    is_workbook,
    numbered_rows,
    read_form,
)

LARGEST_LONG_FILE: Final = 500_000_000
PURPOSE: Final = "linkage:{initiative}"
"""What a pseudonym is for: an initiative's own, so that two of them cannot be joined by it."""

_LETTERS: Final = "ABCDEFGHI"
_FORM_COLUMNS: Final = Columns(
    initiative="",
    success_measure="A (Measure)",
    organisation="",
    period="",
    dimension="H (dimension)",
    code="D (Group)",
    value="E (Number)",
    note="F (Note)",
    evidence_ref="G (Evidence)",
)
_MUST: Final = LONG_COLUMNS[:-2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file of returns holds.

    Attributes:
        file: Its name.
        digest: sha-256 of it.
        returns: What can be taken in, faulty parts left out.
        faults: What is wrong with it.
        more_faults: How many more there are than are told one by one.
    """

    file: str
    digest: str
    returns: tuple[Return, ...]
    faults: tuple[Fault, ...]
    more_faults: int = 0


@dataclass(slots=True)
class ReturnStream:
    """Returns while they are read.

    Attributes:
        initiative: Of a form; empty for a long file, which may hold several.
        returns: To be gone through once; faults are in the log once it ends.
    """

    file: str
    digest: str
    log: FaultLog
    returns: Iterator[Return]
    initiative: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a file is held against.

    Attributes:
        catalogue: The definitions.
        today: Periods after it are refused.
        organisations: Register numbers of the office; an empty list knows none and checks none.
        key: Secret of the pseudonyms; needed only where people are listed.
    """

    catalogue: Catalogue
    today: dt.date
    organisations: Collection[str] = ()
    key: bytes | None = field(default=None, repr=False)


def read_returns(
    path: Path,
    catalogue: Catalogue,
    *,
    today: dt.date,
    organisations: Collection[str] = (),
    key: bytes | None = None,
) -> Reading:
    """Read a file of returns as a whole, without taking it in.

    Raises:
        DataError: The file cannot be read at all, or is no return.
    """
    known = Known(catalogue=catalogue, today=today, organisations=organisations, key=key)
    with return_stream(path, known) as stream:
        returns = tuple(stream.returns)
        return Reading(
            file=stream.file,
            digest=stream.digest,
            returns=returns,
            faults=tuple(stream.log.faults),
            more_faults=stream.log.more,
        )


@contextmanager
def return_stream(path: Path, known: Known) -> Iterator[ReturnStream]:
    """Open a file of returns: a form (.xlsx, .ods) or a long delimited file.

    Raises:
        DataError: The file cannot be read at all, or is no return.
    """
    if is_workbook(path):
        yield _of_form(read_form(path), known)
        return
    if path.suffix.lower() not in {".csv", ".tsv", ".txt", ".tab"}:
        raise DataError(
            f"{path.name}: a return is a filled-in form (.xlsx, .ods) or a delimited file (.csv)."
        )
    with numbered_rows(path, LARGEST_LONG_FILE) as rows:
        log = FaultLog()
        lines = _long_lines(rows, log)
        assembly = Assembly(known.catalogue, known.today, log, organisations=known.organisations)
        yield ReturnStream(rows.name, rows.digest, log, assembly.returns(lines))


def _long_lines(rows: NumberedRows, log: FaultLog) -> Iterator[Line]:
    header = [name.casefold() for name in rows.header]
    if missing := [name for name in _MUST if name not in header]:
        near = "".join(suggestion(name, header) for name in missing[:1])
        raise DataError(
            f"{rows.name}: row 1 lacks the columns {', '.join(missing)}.{near} A file of returns "
            f"has {', '.join(LONG_COLUMNS)}.",
            columns=missing,
        )
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise DataError(f"{rows.name}: row 1 names {', '.join(twice)} twice. Keep one of each.")
    at = [header.index(name) if name in header else -1 for name in LONG_COLUMNS]
    width = len(header)
    for number, cells in rows.rows:
        if len(cells) != width:
            log.refuse(number, "", f"has {len(cells)} cells where the header has {width}.")
            continue
        yield Line(number, *(cells[place].strip() if place >= 0 else "" for place in at))


def _of_form(form: Form, known: Known) -> ReturnStream:
    facts = _facts(form)
    log = FaultLog(sheet=RETURN)
    initiative = facts["initiative"]
    sheet = form.sheets[RETURN]
    _check_headings(form.name, sheet, HEADINGS)
    lines = list(_form_lines(sheet, facts, log))
    people = _people(form, facts, known, log)
    lines += [_listed_only(measure, facts) for measure in people if not _has(lines, measure)]
    log.sheet = RETURN
    if len(lines) < int(facts["rows"]):
        log.query(0, "", f"{int(facts['rows']) - len(lines)} rows of the form were deleted.")
    assembly = Assembly(
        known.catalogue,
        known.today,
        log,
        columns=_FORM_COLUMNS,
        organisations=known.organisations,
        people=people,
    )
    returns = assembly.returns(lines)
    return ReturnStream(form.name, form.digest, log, returns, initiative=initiative)


def _has(lines: list[Line], measure: str) -> bool:
    return any(line.success_measure == measure for line in lines)


def _listed_only(measure: str, facts: dict[str, str]) -> Line:
    known = (facts["initiative"], measure, facts["organisation"], facts["period"])
    return Line(0, *known, ALL, ALL, "")


def _facts(form: Form) -> dict[str, str]:
    """Read what the hidden sheet says the form is.

    Raises:
        DataError: It is no form of ours, or one of another version.
    """
    hidden = form.sheets.get(HIDDEN)
    told = {
        _text(row[0]): _text(row[1])
        for row in (hidden.rows if hidden else ())
        if len(row) > 1 and _text(row[0])
    }
    wanted = ("version", "initiative", "period", "organisation", "rows")
    if told.get("form") != MARK or any(not told.get(name) for name in wanted):
        raise DataError(
            f"{form.name}: is no form of a return, or its hidden sheet was removed, so that nobody "
            "can tell what it is about. Copy the numbers into a fresh form: `social-evidence "
            "returns template INITIATIVE`."
        )
    if told["version"] != FORM_VERSION or not told["rows"].isdecimal():
        raise DataError(
            f"{form.name}: is a form of version {told['version'][:20]}; this program reads version "
            f"{FORM_VERSION}. Copy the numbers into a fresh form."
        )
    if RETURN not in form.sheets:
        raise DataError(f"{form.name}: the sheet {RETURN!r} is missing or was renamed.")
    return told


def _check_headings(name: str, sheet: FormSheet, wanted: tuple[str, ...]) -> None:
    found = [_text(cell) for cell in sheet.rows[0]] if sheet.rows else []
    for at, heading in enumerate(wanted):
        if at >= len(found) or found[at] != heading:
            raise DataError(
                f"{name} [{sheet.name}]: row 1, column {_LETTERS[at]} must be {heading!r}; columns "
                "were moved, added or renamed. Nothing of the sheet is read: numbers could land "
                "under the wrong heading. Copy them into a fresh form."
            )


def _form_lines(sheet: FormSheet, facts: dict[str, str], log: FaultLog) -> Iterator[Line]:
    for at, row in enumerate(sheet.rows[1:], start=1):
        cells = [*row, *[""] * (len(HEADINGS) - len(row))]
        measure, dimension = _text(cells[0]), _text(cells[7])
        code = _text(cells[8]) or _text(cells[3])
        fault = _cell_fault(sheet, at, 4)
        if not measure or not dimension:
            if fault or _text(cells[4]):
                log.refuse(at + 1, "E (Number)", "the row is none of the form's own.")
            continue
        known = (facts["initiative"], measure, facts["organisation"], facts["period"])
        words = (_text(cells[5]), _text(cells[6]))
        yield Line(at + 1, *known, dimension, code, cells[4], *words, fault)


def _cell_fault(sheet: FormSheet, row: int, column: int) -> str:
    """Find what makes a cell's value one that cannot be trusted, whatever it is."""
    place = (row, column)
    if place in sheet.formulas:
        return "is a formula; its result may be out of date. Type the number, or paste it as value."
    if place in sheet.merged:
        return "is merged with other cells, so that nobody can tell whose number it is."
    if place in sheet.errors:
        return "shows an error of the spreadsheet."
    return ""


def _people(
    form: Form, facts: dict[str, str], known: Known, log: FaultLog
) -> dict[str, frozenset[str]]:
    """Turn the identifiers listed into pseudonyms, by measure.

    Raises:
        DataError: People are listed and there is no key.
    """
    sheet = form.sheets.get(PEOPLE)
    if sheet is None or len(sheet.rows) < 2:
        return {}
    _check_headings(form.name, sheet, PEOPLE_HEADINGS)
    if known.key is None and any(_text(cell) for row in sheet.rows[1:] for cell in row):
        raise DataError(
            f"{form.name} [{PEOPLE}]: lists people, and there is no key to turn their identifiers "
            "into pseudonyms. Name the key's file with --key."
        )
    log.sheet = PEOPLE
    found: dict[str, set[str]] = {}
    purpose = PURPOSE.format(initiative=facts["initiative"])
    for at, row in enumerate(sheet.rows[1:], start=1):
        measure, identifier = _text(row[0]), _text(row[1]) if len(row) > 1 else ""
        if known.key is None or not (measure or identifier):
            continue
        if reason := _person_fault(sheet, at, measure, identifier, facts, known):
            column, told = reason
            log.refuse(at + 1, column, told)
            continue
        name = pseudonym(identifier, purpose, known.key)
        if name in found.setdefault(measure, set()):
            log.refuse(at + 1, "B (Identifier)", "stands in the list already; counted once.")
        found[measure].add(name)
    return {measure: frozenset(names) for measure, names in found.items()}


def _person_fault(
    sheet: FormSheet,
    row: int,
    measure: str,
    identifier: str,
    facts: dict[str, str],
    known: Known,
) -> tuple[str, str] | None:
    if fault := _cell_fault(sheet, row, 1):
        return "B (Identifier)", fault
    if not identifier:
        return "B (Identifier)", "is empty."
    initiative = known.catalogue.initiatives.get(facts["initiative"])
    measures = {success.id for success in initiative.success_measures} if initiative else set()
    if measure not in measures:
        return "A (Measure)", f"is no measure of the form.{suggestion(measure, measures)}"
    return None


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
