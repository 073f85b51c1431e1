"""Faulty returns and participants' files: how each is made, and what is said of it and kept."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat

from social_evidence.app.participant_import import AnswersAsked, accept_answers
from social_evidence.app.participant_mapping import ColumnMap, read_map
from social_evidence.app.returns_accept import Outcome, accept_returns
from social_evidence.app.returns_form import WRITERS, form_of
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import Organisation, RecordSet, Signature
from social_evidence.store.office.office import Office

TODAY = dt.date(2026, 11, 22)
BY = Signature(role="programme officer", at="2026-11-22T09:00:00Z")
KEY = b"a key of thirty-two letters, or so"
CAMPAIGNS = "citizenship_and_integration_initiative"
EMPLOYERS = "workforce_integration_network"
FAMILIES = "london_family_fund"
HEADER = "initiative,success_measure,organisation,period,dimension,code,value,note,evidence_ref"
GOOD = f"{CAMPAIGNS},CII-CAMP,GB-CHC-2,2026Q1,all,all,7,,"
PEOPLE = "person,wave,sex,ethnic_group,friends_similar_age"
HONEST = "p1,before,female,white,all"
SECRET = "Zebedee"
"""Stands in places that no message may repeat."""

Build = Callable[[Path, Catalogue], Path]
TOTAL, UNDER_16, FEMALE, MALE, SEX_UNKNOWN = 2, 3, 11, 12, 13
"""Rows of the form of the campaigns."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One faulty file.

    Attributes:
        id: Its name.
        what: What is wrong, for people.
        build: Makes the file in a folder.
        kind: `return` or `survey`.
        place: Sheet, row and column of the fault; None where the file as a whole is refused.
        words: What the message says.
        kept: Returns or answers taken in all the same.
        queried: The fault is asked about, and nothing is left out.
        options: For how it is read.
    """

    id: str
    what: str
    build: Build
    words: str
    kind: str = "return"
    place: tuple[str, int, str] | None = None
    kept: int = 0
    queried: bool = False
    options: dict[str, Any] | None = None


def read(case: Case, office: Office, path: Path, catalogue: Catalogue) -> Outcome:
    """Read a case's file into an office."""
    options = dict(case.options or {})
    if case.kind == "return":
        key = options.get("key", KEY)
        return accept_returns(office, path, catalogue, by=BY, today=TODAY, key=key)
    mapping = options.get("mapping", ColumnMap())
    if callable(mapping):
        mapping = mapping(path.parent)
    asked = AnswersAsked(
        initiative=FAMILIES,
        key=options.get("key", KEY),
        values=options.get("values", {"period": "2026"}),
        mapping=mapping,
    )
    promised = RecordSet(
        id="",
        initiative=FAMILIES,
        purpose="evaluation",
        lawful_basis="public task",
        keep_until=options.get("keep_until", "2028-12-31"),
        special_category_condition=options.get("special", "research"),
    )
    return accept_answers(office, path, catalogue, asked, promised, by=BY, today=TODAY)


# Forms


def blank(folder: Path, catalogue: Catalogue, suffix: str = ".xlsx", **changes: str) -> Path:
    """Write an empty form."""
    initiative = changes.get("initiative", CAMPAIGNS)
    period = changes.get("period", "2026Q1")
    asked = Organisation(id="GB-CHC-1", name="A charity")
    path = folder / f"return{suffix}"
    WRITERS[suffix](form_of(catalogue, initiative, period, asked), path)
    return path


def filled(change: Callable[[Any], None] | None = None, **changes: str) -> Build:
    """Fill a form with a total of 9, and change something about it."""

    def build(folder: Path, catalogue: Catalogue) -> Path:
        path = blank(folder, catalogue, **changes)
        book = openpyxl.load_workbook(path)
        book["Return"].cell(TOTAL, 5, 9)
        if change:
            change(book)
        book.save(path)
        return path

    return build


def cell(row: int, column: int, value: Any, **changes: str) -> Build:
    """Fill a form and put a value somewhere."""
    return filled(lambda book: _put(book["Return"], row, column, value), **changes)


def _put(sheet: Any, row: int, column: int, value: Any) -> None:
    target = sheet.cell(row, column)
    target.value = value
    if isinstance(value, str) and value.startswith("#"):
        target.data_type = "e"


def number(row: int, value: Any) -> Build:
    """Fill a form and put something into the column of numbers."""
    return cell(row, 5, value)


def fact(row: int, value: str) -> Build:
    """Change what the hidden sheet says."""
    return filled(lambda book: _put(book["_form"], row, 2, value))


def listed(*people: tuple[str, str]) -> Build:
    """Fill a form and list people."""

    def put(book: Any) -> None:
        for at, (measure, identifier) in enumerate(people, start=2):
            _put(book["People"], at, 1, measure)
            _put(book["People"], at, 2, identifier)

    return filled(put)


def _merge(book: Any) -> None:
    book["Return"].cell(UNDER_16, 5, 3)
    book["Return"].merge_cells("E3:E4")


def _parts(*values: tuple[int, int]) -> Build:
    def put(book: Any) -> None:
        for row, value in values:
            _put(book["Return"], row, 5, value)

    return filled(put)


def _without_total(book: Any) -> None:
    _put(book["Return"], TOTAL, 5, None)
    _put(book["Return"], FEMALE, 5, 4)


def _twice(book: Any) -> None:
    sheet = book["Return"]
    sheet.append(["CII-CAMP", "", "", "", 4, "", "", "all", "all"])


def _row_of_ones_own(book: Any) -> None:
    book["Return"].cell(60, 5, 4)


def _swap(book: Any) -> None:
    book["Return"]["E1"], book["Return"]["F1"] = "Note", "Number"


def ods(old: str, new: str) -> Build:
    """Write a form as .ods and change its text once."""

    def build(folder: Path, catalogue: Catalogue) -> Path:
        path = blank(folder, catalogue, ".ods")
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        text = parts["content.xml"].decode()
        assert old in text
        parts["content.xml"] = text.replace(old, new, 1).encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return path

    return build


_ODS_NUMBER = '<table:table-cell table:style-name="input" table:content-validation-name="whole"/>'
_ODS_FORMULA = (
    '<table:table-cell table:style-name="input" table:formula="of:=4+5" '
    'office:value-type="float" office:value="9"><text:p>9</text:p></table:table-cell>'
)


def repacked(change: Callable[[dict[str, bytes]], None]) -> Build:
    """Change the parts of a filled form's archive."""

    def build(folder: Path, catalogue: Catalogue) -> Path:
        path = filled()(folder, catalogue)
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        change(parts)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return path

    return build


def _far_out(parts: dict[str, bytes]) -> None:
    name = "xl/worksheets/sheet2.xml"
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[name] = parts[name].replace(b"</sheetData>", stray)


def _bomb(folder: Path, catalogue: Catalogue) -> Path:
    path = filled()(folder, catalogue)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0")
        archive.getinfo("xl/worksheets/sheet9.xml").file_size = 400_000_000
    return path


def raw(name: str, content: bytes) -> Build:
    """Write a file as it is."""

    def build(folder: Path, catalogue: Catalogue) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return build


def _huge(folder: Path, catalogue: Catalogue) -> Path:
    path = filled()(folder, catalogue)
    os.truncate(path, 25_000_000)
    return path


def _cut(folder: Path, catalogue: Catalogue) -> Path:
    path = filled()(folder, catalogue)
    os.truncate(path, path.stat().st_size // 2)
    return path


def long(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> Build:
    """Write a long file of returns."""
    return raw("returns.csv", "\n".join((header, *lines, "")).encode(encoding))


def _wrong_number(name: str, what: str, value: Any, words: str) -> Case:
    """Put something that is no count where the form asks for a number of people under 16."""
    place = ("Return", UNDER_16, "E (Number)")
    return Case(id=name, what=what, build=number(UNDER_16, value), place=place, words=words, kept=1)


def _wrong_line(name: str, what: str, change: tuple[str, str], column: str, words: str) -> Case:
    """Follow a good line of a long file by the same line with a change."""
    build = long(GOOD, GOOD.replace(*change))
    return Case(id=name, what=what, build=build, place=("", 3, column), words=words, kept=1)


RETURNS = (
    _wrong_number(
        "text_in_number",
        "words where a number should be",
        f"about nine, says {SECRET}",
        "text where a number should be",
    ),
    _wrong_number("negative", "a count below nought", -3, "below 0"),
    _wrong_number(
        "negative_text", "a count below nought, as text with a long dash", "–3", "below 0"
    ),
    _wrong_number("half_a_person", "people who are not whole", 2.5, "not whole"),
    _wrong_number("thousands", "marks between thousands", "1,234", "marks between thousands"),
    _wrong_number("range", "a range", "10-15", "a range or an estimate"),
    _wrong_number("fewer_than", "fewer than so many", "<5", "a range or an estimate"),
    _wrong_number("percentage", "a percentage", "40%", "a percentage"),
    _wrong_number(
        "date", "a date, made of a number by the spreadsheet", dt.date(2026, 5, 3), "a date"
    ),
    _wrong_number("true", "a truth value where a number should be", True, "a truth value"),
    _wrong_number(
        "implausible", "a number nobody can have counted", 10**12, "cannot have been counted"
    ),
    Case(
        id="total_at_fault",
        what="a faulty total: nothing of that measure is kept",
        build=number(TOTAL, "nine"),
        place=("Return", TOTAL, "E (Number)"),
        words="text where a number should be",
    ),
    _wrong_number("formula", "a formula (.xlsx)", "=1+2", "a formula"),
    Case(
        id="formula_ods",
        what="a formula (.ods)",
        build=ods(_ODS_NUMBER, _ODS_FORMULA),
        place=("Return", TOTAL, "E (Number)"),
        words="a formula",
    ),
    Case(
        id="merged",
        what="merged cells",
        build=filled(_merge),
        place=("Return", UNDER_16, "E (Number)"),
        words="merged",
        kept=1,
    ),
    _wrong_number(
        "error_cell",
        "an error of the spreadsheet, such as #REF!",
        "#REF!",
        "an error of the spreadsheet",
    ),
    Case(
        id="parts_above",
        what="groups that come to more than the total",
        build=_parts((FEMALE, 6), (MALE, 6)),
        place=("Return", TOTAL, "E (Number)"),
        words="come to more than the total",
        kept=1,
        queried=True,
    ),
    Case(
        id="parts_below",
        what="groups that come to less than the total",
        build=_parts((FEMALE, 2), (MALE, 2)),
        place=("Return", TOTAL, "E (Number)"),
        words="come to less than the total",
        kept=1,
        queried=True,
    ),
    Case(
        id="no_total",
        what="groups without a total",
        build=filled(_without_total),
        place=("Return", TOTAL, "E (Number)"),
        words="the total is empty",
    ),
    Case(
        id="row_twice",
        what="a row copied to the end",
        build=filled(_twice),
        place=("Return", 54, "D (Group)"),
        words="row 2 gives the same group",
        kept=1,
    ),
    Case(
        id="row_of_ones_own",
        what="a row that is none of the form's",
        build=filled(_row_of_ones_own),
        place=("Return", 60, "E (Number)"),
        words="none of the form's own",
        kept=1,
    ),
    Case(
        id="rows_deleted",
        what="rows deleted",
        build=filled(lambda book: book["Return"].delete_rows(30, 5)),
        place=("Return", 0, ""),
        words="5 rows of the form were deleted",
        kept=1,
        queried=True,
    ),
    Case(
        id="measure_changed",
        what="a measure that is not known",
        build=cell(UNDER_16, 1, "CII-KAMP"),
        place=("Return", UNDER_16, "A (Measure)"),
        words="no success measure of this address",
        kept=1,
    ),
    Case(
        id="group_changed",
        what="a group that is not known",
        build=filled(
            lambda book: (
                _put(book["Return"], UNDER_16, 9, "under_61"),
                _put(book["Return"], UNDER_16, 5, 1),
            )
        ),
        place=("Return", UNDER_16, "D (Group)"),
        words="no group of age_band",
        kept=1,
    ),
    Case(
        id="initiative_changed",
        what="an initiative that is not known",
        build=fact(3, "citizen_initiative"),
        place=("Return", TOTAL, ""),
        words="no initiative of the catalogue",
    ),
    Case(
        id="period_changed",
        what="a period that is none",
        build=fact(4, "spring"),
        place=("Return", TOTAL, ""),
        words="the period is not known",
    ),
    Case(
        id="future",
        what="a period that has not begun",
        build=fact(4, "2027Q1"),
        place=("Return", TOTAL, ""),
        words="has not begun",
    ),
    Case(
        id="unfinished",
        what="a period that has not ended",
        build=fact(4, "2026Q4"),
        place=("Return", TOTAL, ""),
        words="has not ended",
        kept=1,
        queried=True,
    ),
    Case(
        id="old_form",
        what="a form of another version",
        build=fact(2, "0"),
        words="version 0",
    ),
    Case(
        id="no_hidden_sheet",
        what="a form whose hidden sheet was removed",
        build=filled(lambda book: book.remove(book["_form"])),
        words="hidden sheet was removed",
    ),
    Case(
        id="sheet_renamed",
        what="a form whose sheet was renamed",
        build=filled(lambda book: setattr(book["Return"], "title", "Numbers")),
        words="missing or was renamed",
    ),
    Case(
        id="columns_moved",
        what="columns that were moved",
        build=filled(_swap),
        words="must be 'Number'",
    ),
    Case(
        id="contact_in_note",
        what="a telephone number in a note",
        build=cell(TOTAL, 6, f"ask {SECRET} on 020 7946 0123"),
        place=("Return", TOTAL, "F (Note)"),
        words="contact data",
        kept=1,
    ),
    Case(
        id="long_note",
        what="a note that is a report",
        build=cell(TOTAL, 6, "word " * 400),
        place=("Return", TOTAL, "F (Note)"),
        words="longer than 1,000",
        kept=1,
    ),
    Case(
        id="maybe",
        what="neither yes nor no",
        build=cell(TOTAL, 5, "maybe", initiative=EMPLOYERS),
        place=("Return", TOTAL, "E (Number)"),
        words="must be yes or no",
    ),
    Case(
        id="people_and_total",
        what="a total that is not the number of people listed",
        build=listed(("CII-CAMP", "one"), ("CII-CAMP", "two")),
        place=("Return", TOTAL, "E (Number)"),
        words="number of different people listed (2)",
        kept=1,
        queried=True,
    ),
    Case(
        id="person_twice",
        what="a person listed twice",
        build=listed(
            *(("CII-CAMP", f"{SECRET}{at}") for at in range(9)),
            ("CII-CAMP", f" {SECRET.upper()}0 "),
        ),
        place=("People", 11, "B (Identifier)"),
        words="in the list already",
        kept=1,
    ),
    Case(
        id="person_of_nothing",
        what="a person listed for a measure that is not of the form",
        build=listed(*(("CII-CAMP", str(at)) for at in range(9)), ("WIN-ENG", SECRET)),
        place=("People", 11, "A (Measure)"),
        words="no measure of the form",
        kept=1,
    ),
    Case(
        id="person_without_name",
        what="a line of people without an identifier",
        build=listed(*(("CII-CAMP", str(at)) for at in range(9)), ("CII-CAMP", "")),
        place=("People", 11, "B (Identifier)"),
        words="is empty",
        kept=1,
    ),
    Case(
        id="people_without_key",
        what="people listed, and no key",
        build=listed(("CII-CAMP", SECRET)),
        words="no key",
        options={"key": None},
    ),
    Case(id="huge", what="a file of 25 MB", build=_huge, words="at most 20 MB"),
    Case(id="cut", what="a workbook cut short", build=_cut, words="damaged"),
    Case(
        id="bomb",
        what="a workbook packed to burst",
        build=_bomb,
        words="more than the 300,000,000 allowed",
    ),
    Case(
        id="far_out",
        what="a stray cell in the last row and column",
        build=repacked(_far_out),
        words="more than the 2,000,000 that are read",
    ),
    Case(
        id="protected",
        what="a workbook with a password",
        build=raw(
            "return.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"),
        ),
        words="protected by a password",
    ),
    Case(
        id="not_a_workbook",
        what="a text file called .xlsx",
        build=raw("return.xlsx", b"measure,number\nCII-CAMP,9\n"),
        words="not the kind of workbook",
    ),
    Case(id="empty", what="an empty file", build=raw("return.xlsx", b""), words="empty"),
    Case(
        id="entities",
        what="an .ods file with a document type",
        build=ods(
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE a [<!ENTITY b "c">]>\n',
        ),
        words="a document type",
    ),
    Case(
        id="other_workbook",
        what="a workbook that is no form",
        build=filled(lambda book: [book.remove(book[name]) for name in ("Return", "_form")]),
        words="no form of a return",
    ),
    Case(
        id="word_file",
        what="a file that is no return at all",
        build=raw("return.docx", b"PK\x03\x04"),
        words="a filled-in form",
    ),
    Case(
        id="encoding",
        what="a .csv file in another encoding",
        build=long(GOOD.replace("7,,", "7,caf\u00e9,"), encoding="cp1252"),
        words="is not UTF-8",
    ),
    Case(
        id="column_missing",
        what="a .csv file without a column",
        build=long("a", header=HEADER.replace("period,", "")),
        words="lacks the columns period",
    ),
    Case(
        id="column_twice",
        what="a .csv file with a column twice",
        build=long(GOOD, header=HEADER.replace("note", "value")),
        words="twice",
    ),
    Case(
        id="quote",
        what="a .csv file with a quotation mark that never ends",
        build=long(GOOD, GOOD.replace("GB-CHC-2", '"GB-CHC-3')),
        words="row 3",
    ),
    _wrong_line(
        "cells_too_many",
        "a row with a cell too many",
        ("GB-CHC-2", "GB,CHC-3"),
        "",
        "10 cells where the header has 9",
    ),
    _wrong_line(
        "organisation_malformed",
        "a name where a register number should be",
        ("GB-CHC-2", "A charity & friends"),
        "organisation",
        "no register number",
    ),
    Case(
        id="organisation_unknown",
        what="an organisation that is not in the register",
        build=long(GOOD),
        place=("", 2, "organisation"),
        words="not in the office's register",
        kept=1,
        queried=True,
        options={"register": ["GB-CHC-9"]},
    ),
    _wrong_line(
        "dimension_unknown",
        "a way of dividing that is not asked for",
        ("all,all,7", "religion,hindu,7"),
        "dimension",
        "not divided in this way",
    ),
    _wrong_line(
        "borough_unknown",
        "a borough's code that is none",
        ("all,all,7", "area,E09000099,7"),
        "code",
        "no code of a borough",
    ),
    _wrong_line(
        "total_with_group",
        "a total that names a group",
        ("all,all,7", "all,female,7"),
        "code",
        "a total has no group",
    ),
    Case(
        id="return_twice",
        what="one return in two places of a file",
        build=long(GOOD, GOOD.replace("GB-CHC-2", "GB-CHC-3"), GOOD.replace(",7,", ",8,")),
        place=("", 4, "success_measure"),
        words="stands in the file already",
        kept=2,
    ),
    Case(
        id="not_from_returns",
        what="a success measure that is worked out from answers",
        build=long(GOOD, GOOD.replace(CAMPAIGNS, FAMILIES).replace("CII-CAMP", "LFF-RELY")),
        place=("", 3, "success_measure"),
        words="not worked out from returns",
        kept=1,
    ),
)


# Participants' files


def people(
    *lines: str, header: str = PEOPLE, encoding: str = "utf-8", name: str = "a.csv"
) -> Build:
    """Write a participants' file; an honest row comes first."""
    return raw(name, "\n".join((header, *lines, "")).encode(encoding))


def _workbook(change: Callable[[Any], None]) -> Build:
    def build(folder: Path, catalogue: Catalogue) -> Path:
        book = openpyxl.Workbook()
        for line in (PEOPLE, HONEST):
            book.active.append(line.split(","))
        change(book)
        path = folder / "a.xlsx"
        book.save(path)
        return path

    return build


def _two_sheets(book: Any) -> None:
    book.create_sheet("Other").append(["x"])


def _sav(folder: Path, catalogue: Catalogue) -> Path:
    path = folder / "a.sav"
    frame = pd.DataFrame(
        {"person": ["p1", "p2"], "wave": ["before", "before"], "friends_similar_age": [1.0, 7.0]}
    )
    pyreadstat.write_sav(
        frame, str(path), variable_value_labels={"friends_similar_age": {1.0: "All of them"}}
    )
    return path


def _map(text: str) -> Callable[[Path], ColumnMap]:
    def make(folder: Path) -> ColumnMap:
        path = folder / "map.toml"
        path.write_text(text, encoding="utf-8")
        return read_map(path)

    return make


def _contact_column(name: str, what: str, heading: str, value: str) -> Case:
    """Add a column by which people could be reached or named."""
    build = people(f"{HONEST},{value}", header=f"{PEOPLE},{heading}")
    words = "contact data or a name"
    return Case(id=name, what=what, build=build, place=("", 1, heading), words=words, kept=1)


SURVEYS = (
    _contact_column("email", "a column of e-mail addresses", "E-mail", f"{SECRET}@example.org"),
    _contact_column("name", "a column of names", "First name", SECRET),
    _contact_column("telephone", "a column of telephone numbers", "mobile_no", "020 7946 0123"),
    _contact_column("postcode", "a column of full postcodes", "Home postcode", "SE1 2AA"),
    _contact_column("birth", "a column of dates of birth", "DOB", "1990-01-02"),
    Case(
        id="column_unknown",
        what="a column that is nothing of the catalogue",
        build=people(f"{HONEST},1", header=f"{PEOPLE},friends_similar_incme"),
        place=("", 1, "friends_similar_incme"),
        words="Did you mean 'friends_similar_income'",
        kept=1,
    ),
    Case(
        id="answer_unknown",
        what="an answer the question does not know",
        build=people(HONEST, f"p2,before,female,white,{SECRET}", "p3,after,female,white,none"),
        place=("", 3, "friends_similar_age"),
        words="no answer that friends_similar_age knows",
        kept=2,
    ),
    Case(
        id="group_unknown",
        what="a group the breakdown does not know",
        build=people(HONEST, f"p2,before,{SECRET},white,all"),
        place=("", 3, "sex"),
        words="no answer that sex knows",
        kept=2,
    ),
    Case(
        id="wave_unknown",
        what="a wave that is none",
        build=people(HONEST, "p2,sometime,female,white,all"),
        place=("", 3, "wave"),
        words="the wave is not one of",
        kept=1,
    ),
    Case(
        id="no_wave",
        what="no wave at all",
        build=people("p1,all", header="person,friends_similar_age"),
        place=("", 2, "wave"),
        words="the wave is not one of",
    ),
    Case(
        id="no_person",
        what="a row without its person",
        build=people(HONEST, ",before,female,white,all"),
        place=("", 3, "person"),
        words="cannot be joined",
        kept=1,
    ),
    Case(
        id="not_a_pseudonym",
        what="an identifier in the column of pseudonyms",
        build=people(f"{SECRET},before,all", header="pseudonym,wave,friends_similar_age"),
        place=("", 2, "pseudonym"),
        words="no pseudonym",
    ),
    Case(
        id="same_person_twice",
        what="the same person and wave twice, written otherwise",
        build=people(
            f"{SECRET},before,female,white,all", f" {SECRET.upper()},before,female,white,none"
        ),
        place=("", 3, ""),
        words="stand in row 2 already",
        kept=1,
    ),
    Case(
        id="held_already",
        what="other answers of a person and wave that are held",
        build=people("p1,before,female,white,none", "p2,before,male,white,all"),
        place=("", 2, ""),
        words="held already",
        kept=1,
        options={"before": people(HONEST, name="first.csv")},
    ),
    Case(
        id="no_question",
        what="a file without any question",
        build=people("p1,before", header="person,wave"),
        place=("", 1, ""),
        words="no column is a question",
    ),
    Case(
        id="nobody",
        what="a file that says of nobody who it is",
        build=people("before,all", header="wave,friends_similar_age"),
        place=("", 1, ""),
        words="no column says who the person is",
    ),
    Case(
        id="pseudonym_beside_identifier",
        what="pseudonyms beside identifiers",
        build=people(
            f"p1,{'A' * 16},before,all", header="person,pseudonym,wave,friends_similar_age"
        ),
        place=("", 1, "pseudonym"),
        words="would tell whose it is",
    ),
    Case(
        id="no_key",
        what="identifiers, and no key",
        kind="survey",
        build=people(HONEST),
        words="no key",
        options={"key": None},
    ),
    Case(
        id="borough",
        what="a place that is no borough",
        build=people(f"{HONEST},Paris", header=f"{PEOPLE},area"),
        place=("", 2, "area"),
        words="no borough",
        kept=1,
    ),
    Case(
        id="no_period",
        what="no period",
        build=people(HONEST),
        place=("", 2, "period"),
        words="is missing",
        options={"values": {}},
    ),
    Case(
        id="no_consent",
        what="a person who did not agree to take part",
        build=people(
            f"{HONEST},take_part;link_waves",
            "p2,before,male,white,all,recontact",
            header=f"{PEOPLE},consent",
        ),
        place=("", 3, "consent"),
        words="did not agree",
        kept=1,
    ),
    Case(
        id="consent_unknown",
        what="a scope of consent that is none",
        build=people(f"{HONEST},take_part;anything", header=f"{PEOPLE},consent"),
        place=("", 2, "consent"),
        words="scopes are not known",
    ),
    Case(
        id="no_answers",
        what="a row without any answer",
        build=people(HONEST, "p2,before,female,white,"),
        place=("", 3, ""),
        words="no answer to any question",
        kept=1,
    ),
    Case(
        id="ragged",
        what="a row with a cell too few",
        build=people(HONEST, "p2,before,female,all"),
        place=("", 3, ""),
        words="4 cells where the header has 5",
        kept=1,
    ),
    Case(
        id="project_contact",
        what="an address as a project's name",
        build=people(f"{HONEST},{SECRET}@example.org", header=f"{PEOPLE},project"),
        place=("", 2, "project"),
        words="must be a short name",
    ),
    Case(
        id="formula_answer",
        what="a formula as an answer",
        build=_workbook(lambda book: book.active.append(["p2", "before", "male", "white", "=E2"])),
        place=("Sheet", 3, "friends_similar_age"),
        words="is a formula",
        kept=1,
    ),
    Case(
        id="merged_answers",
        what="merged cells among answers",
        build=_workbook(
            lambda book: (
                book.active.append(["p2", "before", "male", "white", "all"]),
                book.active.merge_cells("E3:E4"),
            )
        ),
        place=("Sheet", 3, "friends_similar_age"),
        words="merged cell",
        kept=1,
    ),
    Case(
        id="two_sheets",
        what="a workbook with two sheets of something",
        build=_workbook(_two_sheets),
        words="2 sheets with something in them",
    ),
    Case(
        id="column_named_twice",
        what="two columns of the same name",
        build=people(
            "p1,before,all,none", header="person,wave,friends_similar_age,friends_similar_age"
        ),
        words="more than once",
    ),
    Case(
        id="code_without_label",
        what="a code of a .sav file that has no label",
        build=_sav,
        place=("", 2, "friends_similar_age"),
        words="no answer that friends_similar_age knows",
        kept=1,
    ),
    Case(
        id="letter",
        what="a file of another kind",
        build=raw("a.pdf", b"%PDF-1.7"),
        words="come as .csv",
    ),
    Case(
        id="survey_encoding",
        what="a file in another encoding",
        build=people(HONEST.replace("p1", "Zo\u00eb"), encoding="cp1252"),
        words="is not UTF-8",
    ),
    Case(
        id="map_column",
        what="a mapping that names a column which is not there",
        build=people(HONEST),
        place=("", 1, "Q4"),
        words="it is not there",
        kept=1,
        options={"mapping": _map('[columns]\nfriends_similar_income = "Q4"\n')},
    ),
    Case(
        id="map_meaning",
        what="a mapping that names what is nothing of the catalogue",
        build=people(HONEST),
        place=("", 0, ""),
        words="nothing of the catalogue",
        options={"mapping": _map('[columns]\nfriends_alike = "sex"\n')},
    ),
    Case(
        id="map_field",
        what="a mapping with a field that is not known",
        build=people(HONEST),
        words="no field of a mapping",
        options={"mapping": _map('colums = "x"\n')},
    ),
    Case(
        id="map_code",
        what="a mapping that turns a value into no answer",
        build=people(HONEST),
        words="which is none of",
        options={"mapping": _map('[codes.friends_similar_age]\n1 = "everyone"\n')},
    ),
    Case(
        id="special",
        what="special categories without a condition",
        build=people(HONEST),
        words="special categories",
        options={"special": ""},
    ),
    Case(
        id="keep_past",
        what="answers to be kept until a day in the past",
        build=people(HONEST),
        words="must lie after",
        options={"keep_until": "2020-01-01"},
    ),
    Case(
        id="keep_for_ever",
        what="answers to be kept for ever",
        build=people(HONEST),
        words="within ten years",
        options={"keep_until": "2099-12-31"},
    ),
)


def all_cases() -> tuple[Case, ...]:
    """List every case, participants' files as such."""
    return (*RETURNS, *(replace(case, kind="survey") for case in SURVEYS))
