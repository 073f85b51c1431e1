"""The workbooks, read back by openpyxl, odfpy, calamine and LibreOffice: the same figures in each.

A workbook is read by what stands in it: headings, the sheet of markers, the name of the sheet.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pytest
from odf import table, teletype
from odf.namespaces import OFFICENS, TABLENS
from odf.opendocument import load
from python_calamine import CalamineWorkbook

from social_evidence.wording.labels import MARKERS

FRONT = {"Cover", "Contents", "Notes", "Markers", "Headlines"}
BACK = {"Quality", "Coverage", "Checks", "Sources", "Releases"}
TEXTS = {
    "First published": "version_first",
    "Last revised": "version_revised",
    "Reliability": "reliability",
}
CODES = {
    "Group compared with code": "group_from",
    "Area compared with code": "area_from",
    "Period compared with code": "period_from",
    "Kind of comparison code": "kind",
}
NUMBERS = {
    "Estimate": "estimate",
    "Difference": "difference",
    "Lower limit": "lower",
    "Upper limit": "upper",
    "Standard error": "standard_error",
    "Base": "base",
    "Numerator": "numerator",
    "Denominator": "denominator",
    "Effective base": "effective_base",
    "Design effect": "design_effect",
    "Degrees of freedom": "degrees_of_freedom",
    "Confidence level": "level",
    "p": "p_value",
    "Adjusted p": "p_adjusted",
}
HIDDEN = {"protected", "not_asked", "not_available", "not_applicable"}
SIDES = ("group", "area", "period")

Cells = list[list[object]]
Book = Mapping[str, Cells]


def openpyxl_book(path: Path) -> Book:
    book = openpyxl.load_workbook(path, read_only=True)
    return {
        sheet.title: [[cell for cell in row if cell is not None] for row in sheet.values]
        for sheet in book
    }


def calamine_book(path: Path) -> Book:
    book = CalamineWorkbook.from_path(path)
    return {
        name: [
            [cell for cell in row if cell != ""]
            for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        ]
        for name in book.sheet_names
    }


def odfpy_book(path: Path) -> Book:
    read = load(str(path))
    return {
        sheet.getAttrNS(TABLENS, "name"): [
            [odfpy_cell(cell) for cell in row.getElementsByType(table.TableCell)]
            for row in sheet.getElementsByType(table.TableRow)
        ]
        for sheet in read.getElementsByType(table.Table)
    }


def odfpy_cell(cell) -> object:
    assert cell.getAttrNS(TABLENS, "formula") is None
    number = cell.getAttrNS(OFFICENS, "value")
    return teletype.extractText(cell) if number is None else float(number)


def office_book(path: Path, office, folder: Path) -> Book:
    found = office(path, folder)
    return {name: list(unquoted(path)) for name, path in found.items()}


def unquoted(path: Path) -> Iterator[list[object]]:
    """Read texts in quotes as texts and the rest as numbers; blanks after a row's end fall off."""
    with path.open(encoding="utf-8", newline="") as opened:
        for row in csv.reader(opened, quoting=csv.QUOTE_NONNUMERIC):
            yield [cell for cell in row if cell != ""]


def plain(heading: object) -> str:
    """Take the unit, the confidence and the note off a heading."""
    return re.sub(r" (\(.*\)|\[note \d+\])", "", str(heading))


def body(cells: Cells) -> tuple[list[str], Cells]:
    """Find the table: it is all of the sheet from the first row with several cells."""
    start = next(at for at, row in enumerate(cells) if len(row) > 1)
    return [str(cell) for cell in cells[start]], cells[start + 1 :]


def explained(book: Book) -> tuple[dict[str, str], dict[str, str]]:
    """Read the sheet of markers: words -> code, of statuses and of flags."""
    headings, rows = body(book["Markers"])
    listed = [dict(zip(headings, map(str, row), strict=True)) for row in rows]
    statuses, flags = (
        {row["In words"]: row["Code in other formats"] for row in listed if row["Kind"] == kind}
        for kind in ("Status", "Flag")
    )
    return statuses, flags


def figures(book: Book) -> Iterator[dict[str, object]]:
    """Give every row of figures with the columns and codes of the contract."""
    statuses, flags = explained(book)
    for name in book:
        if name not in FRONT | BACK:
            yield from sheet_rows(book[name], statuses, flags)


def sheet_rows(
    cells: Cells, statuses: Mapping[str, str], flags: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    headings, rows = body(cells)
    about = " ".join(str(row[0]) for row in cells[: len(cells) - len(rows) - 1])
    measure = re.search(r"Measure code: (\S+)\. ", about)
    assert measure, about
    level = next((m[1] for h in headings if (m := re.search(r"\((\d+)% confidence\)", h))), None)
    for row in rows:
        assert len(row) == len(headings), "a cell is blank"
        read = dict(zip(map(plain, headings), row, strict=True))
        status = statuses[str(read["Status"])]
        yield {
            "population": "residents",
            "part": "all",
            "measure": measure[1],
            "status": status,
            **dict.fromkeys(NUMBERS.values()),
            **codes(read),
            **numbers(read, status),
            "level": float(level) / 100 if level and is_number(read["Lower limit"]) else None,
            **flagged(read, flags),
            **verdict(read),
        }


def is_number(cell: object) -> bool:
    return isinstance(cell, int | float)


def flagged(read: Mapping[str, object], flags: Mapping[str, str]) -> dict[str, object]:
    if "Flags" not in read:
        return {}
    told = [] if read["Flags"] == "none" else str(read["Flags"]).split("; ")
    return {"flags": ";".join(sorted(flags[flag] for flag in told))}


def verdict(read: Mapping[str, object]) -> dict[str, object]:
    if "Verdict" not in read:
        return {}
    return {"verdict": str(read["Verdict"]).lower().replace(" ", "_")}


def codes(read: Mapping[str, object]) -> dict[str, object]:
    is_compared = "Area compared with code" in read
    found: dict[str, object] = {}
    for heading, cell in read.items():
        if heading in TEXTS:
            found[TEXTS[heading]] = None if str(cell).startswith("[") else cell
        elif heading in CODES:
            found[CODES[heading]] = cell
        elif heading.endswith(" code"):
            name = heading.removesuffix(" code").lower()
            found[f"{name}_to" if is_compared and name in SIDES else name] = cell
    return {name: cell if cell is None else text_of(cell) for name, cell in found.items()}


def text_of(cell: object) -> str:
    """A code such as 2016 is a text in the workbook; it must not have become a number."""
    assert isinstance(cell, str), cell
    return cell


def numbers(read: Mapping[str, object], status: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for heading, name in NUMBERS.items():
        if heading not in read:
            continue
        cell = read[heading]
        if not is_number(cell):
            assert re.fullmatch(r"\[[wxzc]\]", str(cell)), cell
            assert status not in HIDDEN or cell == MARKERS[status], (status, cell)
            found[name] = None
        else:
            found[name] = int(cell) if name == "base" else float(cell)
    return found


COLUMNS = {
    "estimates": (
        *(name for name in NUMBERS.values() if name not in {"difference", "p_value", "p_adjusted"}),
        *("status", "reliability", "flags", "version_first", "version_revised"),
    ),
    "comparisons": (
        *("difference", "standard_error", "lower", "upper", "level", "degrees_of_freedom"),
        *("p_value", "p_adjusted", "verdict", "status"),
    ),
}
BOOKS = {"estimates": "figures", "comparisons": "comparisons"}


@pytest.fixture(params=sorted(BOOKS))
def what(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_openpyxl_reads_every_figure(published, agree, what) -> None:
    path = published.file(f"workbooks/{BOOKS[what]}.xlsx")
    agree(what, figures(openpyxl_book(path)), COLUMNS[what])


def test_calamine_reads_every_figure_of_both(published, agree, what) -> None:
    for kind in ("xlsx", "ods"):
        path = published.file(f"workbooks/{BOOKS[what]}.{kind}")
        agree(what, figures(calamine_book(path)), COLUMNS[what])


def test_odfpy_reads_every_figure(published, agree, what) -> None:
    if published.name == "london":
        pytest.skip("odfpy holds a whole release in ten gigabytes of objects; others read it")
    path = published.file(f"workbooks/{BOOKS[what]}.ods")
    agree(what, figures(odfpy_book(path)), COLUMNS[what])


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_libreoffice_reads_every_figure(published, agree, what, kind, office, tmp_path) -> None:
    path = published.file(f"workbooks/{BOOKS[what]}.{kind}")
    agree(what, figures(office_book(path, office, tmp_path)), COLUMNS[what])


def test_both_kinds_hold_the_same_cells(published, what) -> None:
    books = [
        calamine_book(published.file(f"workbooks/{BOOKS[what]}.{kind}")) for kind in ("xlsx", "ods")
    ]
    assert list(books[0]) == list(books[1])
    assert all(books[0][name] == books[1][name] for name in books[0])


def test_no_part_of_a_workbook_holds_a_formula(published) -> None:
    for path in sorted(published.folder.glob("workbooks/*")):
        with zipfile.ZipFile(path) as opened:
            for name in opened.namelist():
                text = opened.read(name)
                assert b"<f>" not in text, f"{path.name}: {name}"
                assert b"table:formula" not in text, f"{path.name}: {name}"


def test_every_sheet_bears_the_marks_and_a_title(published) -> None:
    for path in sorted(published.folder.glob("workbooks/*")):
        for name, cells in calamine_book(path).items():
            assert len(cells[0]) == 1, name
            assert "Synthetic" in str(cells[1][0]), name


def test_names_that_look_like_formulas_stand_there_as_texts(published) -> None:
    if published.name != "town":
        pytest.skip("only the small town has names that look like formulas")
    book = openpyxl_book(published.file("workbooks/figures.xlsx"))
    seen = {cell for cells in book.values() for row in cells for cell in row}
    assert '=HYPERLINK("http://bad.example/","City")' in seen
    assert "=1+1" in seen
