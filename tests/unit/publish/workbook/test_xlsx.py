"""Our .xlsx files have the parts that XlsxWriter gives the same workbook, and its values."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from social_evidence.publish.sheets import Sheet, Workbook
from social_evidence.publish.xlsx import write_book

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def ours(book: Workbook, tmp_path: Path) -> Path:
    write_book(book, tmp_path / "ours.xlsx")
    return tmp_path / "ours.xlsx"


@pytest.fixture
def theirs(book: Workbook, tmp_path: Path) -> Path:
    """The same workbook, written cell by cell by a library that Excel is known to accept."""
    path = tmp_path / "theirs.xlsx"
    written = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    for sheet in book.sheets:
        page = written.add_worksheet(sheet.name)
        page.set_column(0, 3, 12)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_paper(9)
        for at, line in enumerate(sheet.lines):
            if line.link:
                page.write_url(at, 0, f"internal:'{line.link}'!A1", string=line.text)
            else:
                page.write_string(at, 0, line.text)
        add_table(page, sheet)
    written.close()
    return path


def add_table(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet) -> None:
    if sheet.table is None:
        return
    columns, first = sheet.table.columns, len(sheet.lines)
    options = {
        "name": sheet.table.name,
        "autofilter": False,
        "banded_rows": False,
        "style": None,
        "columns": [{"header": column.heading} for column in columns],
    }
    page.add_table(first, 0, first + sheet.table.rows, len(columns) - 1, options)
    for at, column in enumerate(columns):
        for row, value in enumerate(column.values.to_pylist(), start=first + 1):
            if value is not None:
                page.write(row, at, value)
        for row, target in enumerate(column.links, start=first + 1):
            if target:
                text = column.values[row - first - 1].as_py()
                page.write_url(row, at, f"internal:'{target}'!A1", string=text)


def part(path: Path, name: str) -> ET.Element:
    with zipfile.ZipFile(path) as opened:
        return ET.fromstring(opened.read(name))


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as opened:
        return set(opened.namelist())


def test_the_same_parts_are_there_but_for_the_theme(ours: Path, theirs: Path) -> None:
    assert names(theirs) - names(ours) == {"xl/theme/theme1.xml"}
    assert names(ours) - names(theirs) == set()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_sheet_has_its_elements_in_the_order_that_excel_asks(
    ours: Path, theirs: Path, number: int
) -> None:
    name = f"xl/worksheets/sheet{number}.xml"
    expected = [child.tag for child in part(theirs, name)]
    assert [child.tag for child in part(ours, name)] == expected


@pytest.mark.parametrize("number", [1, 2])
def test_a_table_is_marked_as_theirs(ours: Path, theirs: Path, number: int) -> None:
    name = f"xl/tables/table{number}.xml"
    mine, other = part(ours, name), part(theirs, name)
    assert mine.attrib == other.attrib
    assert [child.tag for child in mine] == [child.tag for child in other]
    columns = [[one.attrib for one in side.iter(f"{MAIN}tableColumn")] for side in (mine, other)]
    assert columns[0] == columns[1]


def test_links_lead_to_the_same_places(ours: Path, theirs: Path) -> None:
    for number in (1, 2):
        name = f"xl/worksheets/sheet{number}.xml"
        links = [
            [
                (one.get("ref"), one.get("location"))
                for one in part(path, name).iter(f"{MAIN}hyperlink")
            ]
            for path in (ours, theirs)
        ]
        assert links[0] == links[1] != []


def test_types_and_relations_are_the_same(ours: Path, theirs: Path) -> None:
    def types(path: Path) -> set[tuple[str, ...]]:
        return {
            tuple(sorted(one.attrib.items()))
            for one in part(path, "[Content_Types].xml")
            if "theme" not in str(one.attrib)
        }

    def targets(path: Path) -> set[tuple[str, str]]:
        listed = part(path, "xl/_rels/workbook.xml.rels")
        return {(one.attrib["Type"], one.attrib["Target"]) for one in listed} - {theme}

    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    theme = (kind, "theme/theme1.xml")
    assert types(ours) == types(theirs)
    assert targets(ours) == targets(theirs)


def test_openpyxl_reads_every_value_as_it_was(ours: Path) -> None:
    read = openpyxl.load_workbook(ours)
    rows = [[cell.value for cell in row] for row in read["Figures"].iter_rows(min_row=4)]
    assert [row[0] for row in rows] == ["Women", "=1+1", "  two  blanks ", "עברית"]
    assert [row[1] for row in rows] == [0.574, "[c]", 1e-05, 0.1 + 0.2]
    assert [row[2] for row in rows] == [1234, "[z]", 0, 2**53]
    assert [row[3].date().day for row in rows] == [1, 2, 3, 4]
    assert read["Figures"]["A5"].data_type == "s"
    assert read["Figures"]["B4"].number_format == "0.000"


def test_the_properties_say_title_and_language_and_nobody(ours: Path) -> None:
    said = openpyxl.load_workbook(ours).properties
    assert (said.title, said.language) == ("A town & its people", "en-GB")
    told = {child.tag.split("}")[1] for child in part(ours, "docProps/core.xml")}
    assert told == {"title", "subject", "created", "modified", "language"}
    assert said.created.isoformat()[:10] == "2026-11-22"


def test_nothing_is_merged_hidden_frozen_or_filtered(ours: Path) -> None:
    for sheet in openpyxl.load_workbook(ours):
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_state == "visible"
        assert sheet.freeze_panes is None
        assert sheet.auto_filter.ref is None
        assert all(table.autoFilter is None for table in sheet.tables.values())
        assert sheet.sheet_view.selection[0].activeCell == "A1"


def test_the_same_book_gives_the_same_bytes(book: Workbook, ours: Path, tmp_path: Path) -> None:
    write_book(book, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == ours.read_bytes()
    with zipfile.ZipFile(ours) as opened:
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.create_system for entry in opened.infolist()} == {3}
