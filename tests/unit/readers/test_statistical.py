"""SPSS and Stata files: values, labels, missing codes, dates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers import open_table

SECOND = dt.timedelta(seconds=1)


def seconds(text: str) -> float:
    """Count seconds from the start of the Gregorian calendar, as SPSS does."""
    return (dt.datetime.fromisoformat(text) - dt.datetime.fromisoformat("1582-10-14")) / SECOND


@pytest.fixture
def survey(files, tmp_path: Path) -> Path:
    variables = [
        files.Variable(
            name="trust",
            label="Can people be trusted",
            missing=[8, 9],
            labels={1: "yes", 2: "no", 9: "refused"},
        ),
        files.Variable(name="pay", missing_range=(-9, -1), missing=[99999]),
        files.Variable(name="code", width=8),
        files.Variable(name="day", display="DATE"),
        files.Variable(name="moment", display="DATETIME"),
    ]
    day = seconds("2018-03-01")
    rows = [
        [1, 2.5, "01", day, seconds("2018-03-01T09:30")],
        [9, -8, "", None, None],
        [None, None, "x", seconds("1890-01-02"), None],
    ]
    return files.sav(tmp_path / "survey.sav", variables, rows)


def test_values_stay_as_they_are_and_system_missing_is_null(survey: Path) -> None:
    table = open_table(survey).to_table()
    assert table["TRUST"].to_pylist() == [1.0, 9.0, None]
    assert table["PAY"].to_pylist() == [2.5, -8.0, None]
    assert table["CODE"].to_pylist() == ["01", None, "x"]


def test_dates_are_dates(survey: Path) -> None:
    table = open_table(survey).to_table()
    assert table["DAY"].to_pylist() == [dt.date(2018, 3, 1), None, dt.date(1890, 1, 2)]
    assert table["MOMENT"].to_pylist() == [
        dt.datetime.fromisoformat("2018-03-01T09:30"),
        None,
        None,
    ]


def test_labels_titles_and_missing_codes_are_declared(survey: Path) -> None:
    table = open_table(survey)
    assert table.labels == {"TRUST": {1: "yes", 2: "no", 9: "refused"}}
    assert table.titles == {"TRUST": "Can people be trusted"}
    assert table.missing == {"TRUST": frozenset({8, 9}), "PAY": frozenset({99999})}
    assert table.missing_ranges == {"PAY": ((-9.0, -1.0),)}
    assert table.rows == 3


def test_only_the_variables_asked_for(survey: Path) -> None:
    table = open_table(survey, columns=["CODE", "TRUST"])
    assert table.columns == ("CODE", "TRUST")
    assert table.to_table().column_names == ["CODE", "TRUST"]
    assert set(table.missing) == {"TRUST"}


def test_text_that_holds_numbers_can_be_asked_for_as_numbers(files, tmp_path: Path) -> None:
    path = files.sav(
        tmp_path / "t.sav", [files.Variable(name="rate", width=8)], [["1.5"], ["[c]"], [""]]
    )
    table = open_table(path, Layout(number_columns=("RATE",)))
    assert table.to_table()["RATE"].to_pylist() == [1.5, None, None]
    assert table.markers == {"RATE": {"[c]": 1}}
    assert table.marker("RATE").to_pylist() == [None, "[c]", None]


def test_stata_values_dates_labels_and_extended_missing(files, tmp_path: Path) -> None:
    variables = [
        files.Variable(name="trust", label="Trust", labels={1: "yes", 2: "no"}),
        files.Variable(name="pay", display="%9.0g"),
        files.Variable(name="code", width=4),
        files.Variable(name="day", display="%td"),
        files.Variable(name="quarter", display="%tq"),
    ]
    rows = [[1, 2.5, "01", 21915, 240], [".a", ".b", "", None, 241], [None, None, "x", -1, None]]
    table = open_table(files.dta(tmp_path / "t.dta", variables, rows))
    assert table.to_table().to_pydict() == {
        "trust": [1, None, None],
        "pay": [2.5, None, None],
        "code": ["01", None, "x"],
        "day": [dt.date(2020, 1, 1), None, dt.date(1959, 12, 31)],
        "quarter": [240, 241, None],
    }
    assert table.schema.field("trust").type == pa.int64()
    assert table.labels == {"trust": {1: "yes", 2: "no"}}
    assert table.missing == {"trust": frozenset({".a"}), "pay": frozenset({".b"})}
    assert table.markers == {"trust": {".a": 1}, "pay": {".b": 1}}
    assert table.marker("trust").to_pylist() == [None, ".a", None]


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_files_are_read_some_rows_at_a_time(files, tmp_path: Path, monkeypatch, kind: str) -> None:
    monkeypatch.setattr("social_evidence.readers.statistical._CELLS_A_BATCH", 0)
    rows = [[n, n / 8] for n in range(2500)]
    variables = [files.Variable(name="A"), files.Variable(name="B", display="%9.0g")]
    if kind == "sav":
        variables = [files.Variable(name="A"), files.Variable(name="B")]
    path = getattr(files, kind)(tmp_path / f"t.{kind}", variables, rows)
    batches = list(open_table(path).batches())
    assert [batch.num_rows for batch in batches] == [1000, 1000, 500]
    table = pa.Table.from_batches(batches)
    assert table["A"].to_pylist() == [row[0] for row in rows]
    assert table["B"].to_pylist() == [row[1] for row in rows]


def test_every_cut_of_an_spss_file_is_noticed(survey: Path, tmp_path: Path) -> None:
    raw = survey.read_bytes()
    short = tmp_path / "short.sav"
    for length in range(1, len(raw), 13):
        short.write_bytes(raw[:length])
        with pytest.raises(DataError, match=r"short\.sav"):
            open_table(short)
