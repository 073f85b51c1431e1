"""Workbooks: sheets, headers, merged cells, error cells, types."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from social_evidence.model.layout import Layout
from social_evidence.readers import open_table
from social_evidence.readers.spreadsheet import _text


def test_number_cells_are_numbers_and_text_cells_text(files, tmp_path: Path) -> None:
    rows = [["code", "n", "rate", "text"], ["E1", 5, 0.1, "01"], ["E2", 7, 2, "02"]]
    table = open_table(files.xlsx(tmp_path / "t.xlsx", {"S": rows}))
    assert table.schema.types == [pa.string(), pa.int64(), pa.float64(), pa.string()]
    assert table.to_table().to_pylist()[0] == {"code": "E1", "n": 5, "rate": 0.1, "text": "01"}


def test_a_wrong_stored_dimension_does_no_harm(files, tmp_path: Path) -> None:
    rows = [["a", "b"], [1, 2], [3, 4]]
    path = files.xlsx(tmp_path / "t.xlsx", {"S": rows}, dimension="A1")
    assert open_table(path).to_table().to_pydict() == {"a": [1, 3], "b": [2, 4]}


def test_merged_header_cells_count_for_each_of_their_columns(files, tmp_path: Path) -> None:
    rows = [
        ["Code", "Number", None, None, "95% interval", None],
        [None, "White", "Asian", None, "White", "Asian"],
        [None] * 6,
        ["E1", 9000, "-", None, 6000, "-"],
        ["E2", 100, 200, None, 10, 20],
    ]
    merged = ["A1:A2", "B1:C1", "E1:F1"]
    path = files.xlsx(tmp_path / "t.xlsx", {"S": rows}, merged)
    table = open_table(path, Layout(header_rows=(1, 2)))
    assert table.columns == (
        "Code",
        "Number | White",
        "Number | Asian",
        "95% interval | White",
        "95% interval | Asian",
    )
    assert table.to_table()["Number | Asian"].to_pylist() == [None, 200]
    assert table.marker("Number | Asian").to_pylist() == ["-", None]


def test_the_same_sheet_as_xlsx_ods_and_csv_gives_the_same_table(files, tmp_path: Path) -> None:
    rows = [["area", "n", "rate"], ["E1", 5, 0.125], ["E2", 7, 12.5], ["E3", None, "x"]]
    (tmp_path / "t.csv").write_text("area,n,rate\nE1,5,0.125\nE2,7,12.5\nE3,,x\n")
    tables = [
        open_table(files.xlsx(tmp_path / "t.xlsx", {"S": rows})),
        open_table(files.ods(tmp_path / "t.ods", {"S": rows})),
        open_table(tmp_path / "t.csv"),
    ]
    for table in tables:
        assert table.to_table() == tables[0].to_table()
        assert table.markers == {"rate": {"x": 1}}


def test_an_error_cell_is_a_marker_and_never_an_empty_cell(files, tmp_path: Path) -> None:
    rows = [["a", "b"], [1, "#N/A"], [2, 5]]
    path = files.xlsx(tmp_path / "t.xlsx", {"First": [["z"]], "S": rows})
    table = open_table(path, Layout(sheet="S"))
    assert table.marker("b").to_pylist() == ["#N/A", None]
    other = files.xlsx(tmp_path / "u.xlsx", {"S": [["a"], [1], ["#DIV/0!"]]})
    assert open_table(other).to_table()["a"].to_pylist() == ["1", "#DIV/0!"]


def test_blanks_around_a_sheet_name_do_not_matter(files, tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "t.xlsx", {"Table 1 ": [["a"], [1]], "Notes": [["z"]]})
    table = open_table(path, Layout(sheet="Table 1"))
    assert table.name == "t.xlsx [Table 1 ]"
    assert table.to_table()["a"].to_pylist() == [1]


def test_blank_rows_do_not_count_and_notes_end_the_table(files, tmp_path: Path) -> None:
    rows = [["Title"], [], ["a", "b"], [1, 2], [None, None], [3, 4], [], ["Source: x"]]
    path = files.xlsx(tmp_path / "t.xlsx", {"S": rows})
    layout = Layout(header_rows=(3,), stop_at_text="Source")
    assert open_table(path, layout).to_table().to_pydict() == {"a": [1, 3], "b": [2, 4]}
    layout = Layout(header_rows=(3,), stop_at_blank="b")
    assert open_table(path, layout).to_table().to_pydict() == {"a": [1, 3], "b": [2, 4]}


def test_numbers_come_back_exactly_with_a_decimal_comma_too(files, tmp_path: Path) -> None:
    rows = [["a", "b"], [0.1 + 0.2, "0,5"], [1e-7, "1,5"], [1e20, "2"], [123456789012345678, "3"]]
    path = files.xlsx(tmp_path / "t.xlsx", {"S": rows})
    table = open_table(path, Layout(decimal=",")).to_table()
    assert table["a"].to_pylist() == [0.1 + 0.2, 1e-7, 1e20, float(123456789012345678)]
    assert table["b"].to_pylist() == [0.5, 1.5, 2.0, 3.0]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (dt.datetime.fromisoformat("2018-03-01"), "2018-03-01"),
        (dt.datetime.fromisoformat("2018-03-01T09:30"), "2018-03-01T09:30:00"),
        (dt.date(2018, 3, 1), "2018-03-01"),
        (dt.time(9, 30), "09:30:00"),
        (True, "TRUE"),
        (False, "FALSE"),
        (3.0, "3"),
        (0.1, "0.1"),
        (" x ", " x "),
    ],
)
def test_cells_are_written_as_a_delimited_file_would_hold_them(cell: object, text: str) -> None:
    assert _text(cell, ".") == text
