"""Files in the formats of publishers: read back what was written, marked, the same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyreadstat
import pytest
from python_calamine import CalamineWorkbook

from social_evidence.synthetic.london.statistical import write_dta, write_sav
from social_evidence.synthetic.london.workbooks import write_ods, write_xlsx
from social_evidence.synthetic.london.writing import MARK, write_delimited, write_rows

COLUMNS = {
    "ID": np.arange(4) * 10**9,
    "SEX": np.array([1, 2, -9, 2], dtype=np.int8),
    "a_longer_name": ["x", "a rather long text, with a comma", None, "é"],
    "weight": [1.5, None, 0.25, -1.0],
    "flag": np.array([True, False, True, True]),
}
SHEETS = {"A & B": [["<x>", 1, None, 2.5, dt.date(2020, 1, 2)], [np.int64(3), np.float64(0.1)]]}


@pytest.mark.parametrize(
    ("name", "write", "read"),
    [
        ("t.sav", write_sav, pyreadstat.read_sav),
        ("t.dta", write_dta, pyreadstat.read_dta),
    ],
)
def test_a_statistical_file_keeps_values_labels_and_titles(
    tmp_path: Path, name: str, write: Callable[..., Path], read: Callable[..., object]
) -> None:
    labels, titles = {"SEX": {1: "Male", 2: "Female"}}, {"SEX": "Sex of the person"}
    path = write(tmp_path / name, COLUMNS, labels=labels, titles=titles)
    values, meta = read(path, output_format="dict")  # type: ignore[misc]
    assert values["ID"] == [0, 10**9, 2 * 10**9, 3 * 10**9]
    assert values["SEX"] == [1, 2, -9, 2]
    assert values["a_longer_name"] == ["x", "a rather long text, with a comma", "", "é"]
    assert values["weight"] == [1.5, None, 0.25, -1.0]
    assert values["flag"] == [1, 0, 1, 1]
    assert values[MARK] == [1, 1, 1, 1]
    assert meta.variable_value_labels == labels
    assert meta.column_names_to_labels["SEX"] == "Sex of the person"


def test_codes_are_declared_missing_in_an_spss_file(tmp_path: Path) -> None:
    path = write_sav(tmp_path / "t.sav", COLUMNS, missing={"SEX": (-9,)})
    values, _ = pyreadstat.read_sav(path, output_format="dict")
    assert values["SEX"] == [1, 2, None, 2]
    values, meta = pyreadstat.read_sav(path, output_format="dict", user_missing=True)
    assert values["SEX"] == [1, 2, -9, 2]
    assert meta.missing_ranges["SEX"] == [{"lo": -9.0, "hi": -9.0}]


def test_delimited_text_has_a_header_and_the_mark_last(tmp_path: Path) -> None:
    path = write_delimited(tmp_path / "t.tab", COLUMNS)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "ID\tSEX\ta_longer_name\tweight\tflag\tSYNTHETIC"
    assert lines[2] == "1000000000\t2\ta rather long text, with a comma\t\t0\t1"
    assert lines[3] == "2000000000\t-9\t\t0.25\t1\t1"


def test_text_is_quoted_where_it_must_be(tmp_path: Path) -> None:
    path = write_delimited(tmp_path / "t.csv", COLUMNS, separator=",", bom=True, line_end="\r\n")
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfID,SEX")
    assert b'"a rather long text, with a comma",,0,1\r\n' in raw


def test_rows_of_a_sheet_can_be_text_with_titles(tmp_path: Path) -> None:
    rows = [["A table"], ["Area", "Share"], ["Camden", "0,71"]]
    path = write_rows(tmp_path / "t.csv", rows, header_row=1, encoding="utf-16", separator=";")
    assert path.read_text(encoding="utf-16").splitlines() == [
        "A table",
        "Area;Share;SYNTHETIC",
        "Camden;0,71;1",
    ]


@pytest.mark.parametrize(("name", "write"), [("t.xlsx", write_xlsx), ("t.ods", write_ods)])
def test_a_workbook_keeps_its_cells_and_has_a_marked_sheet(
    tmp_path: Path, name: str, write: Callable[..., Path]
) -> None:
    book = CalamineWorkbook.from_path(str(write(tmp_path / name, SHEETS)))
    assert book.sheet_names == ["A & B", MARK]
    first, second = book.get_sheet_by_index(0).to_python()
    assert first[:5] == ["<x>", 1.0, "", 2.5, dt.date(2020, 1, 2)]
    assert second[:2] == [3.0, 0.1]
    assert "SYNTHETIC DATA" in book.get_sheet_by_name(MARK).to_python()[0][0]


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("t.sav", lambda path: write_sav(path, COLUMNS)),
        ("t.dta", lambda path: write_dta(path, COLUMNS)),
        ("t.tab", lambda path: write_delimited(path, COLUMNS)),
        ("t.xlsx", lambda path: write_xlsx(path, SHEETS)),
        ("t.ods", lambda path: write_ods(path, SHEETS)),
    ],
)
def test_the_same_input_gives_the_same_bytes_and_nothing_beside(
    tmp_path: Path, name: str, write: Callable[[Path], Path]
) -> None:
    one = write(tmp_path / "a" / name).read_bytes()
    two = write(tmp_path / "b" / name).read_bytes()
    assert one == two
    assert [path.name for path in (tmp_path / "a").iterdir()] == [name]
