"""No text, whatever it is, becomes a formula in CSV, XLSX or ODS; it comes back or is drawn."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.csv
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf import table, teletype
from odf.namespaces import OFFICENS, TABLENS
from odf.opendocument import load

from social_evidence.publish import ods, xlsx
from social_evidence.publish.delimited import guarded, unguarded
from social_evidence.publish.sheets import Line, Sheet, Table, Workbook, text_column, visible

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NASTY = (
    *('=HYPERLINK("http://bad.example/","x")', "+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0"),
    *("\t=1+1", "\r=1", "\n=1", " =1+1", "'=1+1", '"=1+1', "=1+1;=2", "a\r\n=1+1", "\x00=1"),
    *("\u202e=1+1", "\ufeff=1+1", "＝1+1", "_x003D_1+1", "&#61;1+1", "<f>1+1</f>", "]]>", "TRUE"),
    *("1e5", "0012", "2016-12-01", "#REF!", "{=1+1}", "of:=1+1", "oooc:=1+1", "מספר 1", "  a  b "),
    *("[c]", "😀", "\x85", "\u2028=1", "\x0b=1", "\x1f", "%00=1", "\\=1", "R1C1", "SUM(A1)"),
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.tuples(st.sampled_from(STARTS), st.text(max_size=12)).map("".join),
    st.text(max_size=20),
)
each_quickly = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def book(listed: list[str]) -> Workbook:
    """Texts as cells, headings, titles and links: everywhere a text may stand."""
    cells = text_column("Text", listed, links=["Cover", *[""] * (len(listed) - 1)])
    headings = [f"{at} {text}" for at, text in enumerate(listed)][:3]
    others = [text_column(visible(heading), listed) for heading in headings]
    filled = Table(name="t_texts", columns=(cells, *others))
    lines = tuple(Line(text=text or "x", style="title") for text in listed[:3])
    return Workbook(
        title=listed[0],
        subject=listed[-1],
        created=date(2026, 1, 1),
        sheets=(
            Sheet(name="Cover", lines=lines),
            Sheet(name="Texts", lines=(Line(text="Texts"),), table=filled),
        ),
    )


def expected(listed: list[str]) -> list[str]:
    return [visible(text or "none") for text in listed]


@each_quickly
@given(st.lists(texts, min_size=1, max_size=6))
def test_no_text_is_a_formula_in_xlsx(tmp_path: Path, listed: list[str]) -> None:
    xlsx.write_book(book(listed), tmp_path / "book.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["Texts"]
    column = [row[0] for row in sheet.iter_rows(min_row=3)]
    assert {cell.data_type for cell in column} == {"s"}
    assert [cell.value for cell in column] == expected(listed)
    with zipfile.ZipFile(tmp_path / "book.xlsx") as opened:
        assert not re.search(rb"<f[ >]", opened.read("xl/worksheets/sheet2.xml"))


@each_quickly
@given(st.lists(texts, min_size=1, max_size=6))
def test_no_text_is_a_formula_in_ods(tmp_path: Path, listed: list[str]) -> None:
    ods.write_book(book(listed), tmp_path / "book.ods")
    read = load(str(tmp_path / "book.ods"))
    cells = read.getElementsByType(table.TableCell)
    assert {cell.getAttrNS(OFFICENS, "value-type") for cell in cells} == {"string"}
    assert all(cell.getAttrNS(TABLENS, "formula") is None for cell in cells)
    rows = read.getElementsByType(table.TableRow)[-len(listed) :]
    first = [row.getElementsByType(table.TableCell)[0] for row in rows]
    assert [teletype.extractText(cell) for cell in first] == expected(listed)


@given(texts)
def test_no_text_begins_as_a_formula_in_csv_and_every_one_comes_back(text: str) -> None:
    assert not guarded(text).startswith(STARTS)
    assert unguarded(guarded(text)) == text
    written = io.BytesIO()
    pa.csv.write_csv(pa.table({"text": [guarded(text)]}), written)
    # Universal line ends would change a lone CR before the reader sees it.
    opened = io.StringIO(written.getvalue().decode("utf-8", "surrogatepass"), newline="")
    (_, row) = list(csv.reader(opened))
    assert row == [guarded(text)]


def test_libreoffice_sees_texts_and_no_formula(office, tmp_path: Path) -> None:
    listed = [text for text in NASTY if visible(text).strip() == visible(text)]
    for kind, writer in (("xlsx", xlsx.write_book), ("ods", ods.write_book)):
        writer(book(listed), tmp_path / f"{kind}.{kind}")
        found = office(tmp_path / f"{kind}.{kind}", tmp_path)["Texts"]
        with found.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.reader(opened, quoting=csv.QUOTE_NONNUMERIC))
        assert [row[0] for row in rows[2:]] == expected(listed)
