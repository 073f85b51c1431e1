"""Our .ods files are packages as the standard wants them, and others read them back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from odf import office, table, teletype, text
from odf.namespaces import OFFICENS, TABLENS, XLINKNS
from odf.opendocument import OpenDocument, load
from python_calamine import CalamineWorkbook

from social_evidence.publish.ods import write_book
from social_evidence.publish.sheets import Workbook


@pytest.fixture
def ours(book: Workbook, tmp_path: Path) -> Path:
    write_book(book, tmp_path / "ours.ods")
    return tmp_path / "ours.ods"


@pytest.fixture
def read(ours: Path) -> OpenDocument:
    return load(str(ours))


def cells(read: OpenDocument, sheet: str) -> list[list[object]]:
    found = next(
        one
        for one in read.getElementsByType(table.Table)
        if one.getAttrNS(TABLENS, "name") == sheet
    )
    return [
        [value(cell) for cell in row.getElementsByType(table.TableCell)]
        for row in found.getElementsByType(table.TableRow)
    ]


def value(cell: object) -> object:
    number = cell.getAttrNS(OFFICENS, "value")  # type: ignore[attr-defined]
    return float(number) if number is not None else teletype.extractText(cell)


def test_the_kind_of_file_comes_first_and_plain(ours: Path) -> None:
    with zipfile.ZipFile(ours) as opened:
        first = opened.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert first.extra == b""
    assert ours.read_bytes()[30:38] == b"mimetype"
    assert ours.read_bytes()[38:84] == b"application/vnd.oasis.opendocument.spreadsheet"


def test_every_file_is_in_the_manifest(ours: Path) -> None:
    with zipfile.ZipFile(ours) as opened:
        told = opened.read("META-INF/manifest.xml").decode()
        names = set(opened.namelist()) - {"mimetype", "META-INF/manifest.xml"}
    assert all(f'full-path="{name}"' in told for name in names)


def test_odfpy_reads_every_value_as_it_was(read: OpenDocument) -> None:
    rows = cells(read, "Figures")
    assert rows[0] == ["Figures"]
    assert rows[2] == ["Group", "Estimate", "Base [note 1]", "Day"]
    assert rows[3:] == [
        ["Women", 0.574, 1234.0, "2016-12-01"],
        ["=1+1", "[c]", "[z]", "2016-12-02"],
        ["  two  blanks ", 1e-05, 0.0, "2016-12-03"],
        ["עברית", 0.1 + 0.2, float(2**53), "2016-12-04"],
    ]


def test_calamine_reads_the_same(ours: Path) -> None:
    rows = CalamineWorkbook.from_path(ours).get_sheet_by_name("Figures").to_python()
    assert [row[1] for row in rows[3:]] == [0.574, "[c]", 1e-05, 0.1 + 0.2]


def test_no_cell_is_a_formula(read: OpenDocument) -> None:
    found = read.getElementsByType(table.TableCell)
    assert found
    assert all(cell.getAttrNS(TABLENS, "formula") is None for cell in found)


def test_tables_are_marked_with_their_headings_and_without_filters(read: OpenDocument) -> None:
    marked = {
        one.getAttrNS(TABLENS, "name"): (
            one.getAttrNS(TABLENS, "target-range-address"),
            one.getAttrNS(TABLENS, "contains-header"),
            one.getAttrNS(TABLENS, "display-filter-buttons"),
        )
        for one in read.getElementsByType(table.DatabaseRange)
    }
    assert marked == {
        "t_contents": ("'Contents'.A2:'Contents'.B4", "true", "false"),
        "t_figures": ("'Figures'.A3:'Figures'.D7", "true", "false"),
    }
    assert len(read.getElementsByType(table.TableHeaderRows)) == 2


def test_links_lead_to_sheets(read: OpenDocument) -> None:
    targets = [one.getAttrNS(XLINKNS, "href") for one in read.getElementsByType(text.A)]
    assert targets == ["#'Contents'.A1", "#'Figures'.A1"]


def test_title_language_and_dates_are_said_and_nobody_is(read: OpenDocument) -> None:
    said = {one.qname[1]: str(one) for one in read.meta.childNodes}
    assert said["title"] == "A town & its people"
    assert said["language"] == "en-GB"
    assert said["date"] == "2026-11-22T00:00:00"
    assert "creator" not in said
    assert "initial-creator" not in said
    assert read.getElementsByType(office.Spreadsheet)


def test_the_same_book_gives_the_same_bytes(book: Workbook, ours: Path, tmp_path: Path) -> None:
    write_book(book, tmp_path / "again.ods")
    assert (tmp_path / "again.ods").read_bytes() == ours.read_bytes()
