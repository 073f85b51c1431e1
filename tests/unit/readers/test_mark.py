"""The synthetic mark: found in every kind of file, beside it and above it, and nowhere else."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from social_evidence.readers import open_table
from social_evidence.readers.mark import has_mark_file, is_mark


@pytest.mark.parametrize("name", ["SYNTHETIC", "synthetic", " Synthetic "])
def test_the_mark_is_read_in_any_capitals(name):
    assert is_mark(["a", name])


@pytest.mark.parametrize("names", [[], ["a"], ["SYNTHETICS", "NOT SYNTHETIC"]])
def test_other_names_are_no_mark(names):
    assert not is_mark(names)


def test_a_flat_file_is_marked_by_a_column_even_where_it_is_not_read(tmp_path):
    path = tmp_path / "a.tab"
    path.write_text("x\tSYNTHETIC\n1\t1\n", encoding="utf-8")
    assert open_table(path, columns=["x"]).is_marked
    path.write_text("x\ty\n1\t1\n", encoding="utf-8")
    assert not open_table(path).is_marked


def test_a_parquet_file_is_marked_by_a_column(tmp_path):
    pq.write_table(pa.table({"x": [1], "Synthetic": [1]}), tmp_path / "a.parquet")
    assert open_table(tmp_path / "a.parquet", columns=["x"]).is_marked


def test_a_workbook_is_marked_by_a_sheet_that_is_no_choice_of_sheet(tmp_path, files):
    sheets = {"Table": [["x"], [1]], "SYNTHETIC": [["made up"]]}
    table = open_table(files.xlsx(tmp_path / "a.xlsx", sheets))
    assert table.is_marked
    assert table.name == "a.xlsx [Table]"
    assert not open_table(files.xlsx(tmp_path / "b.xlsx", {"Table": [["x"], [1]]})).is_marked


def test_a_file_beside_or_above_marks_all_below_it_within_the_sources(tmp_path):
    sources = tmp_path / "sources"
    (sources / "survey" / "wave").mkdir(parents=True)
    path = sources / "survey" / "wave" / "a.tab"
    (tmp_path / "SYNTHETIC.json").write_text("{}", encoding="utf-8")
    assert not has_mark_file(path, sources)
    (sources / "survey" / "SYNTHETIC.json").write_text("{}", encoding="utf-8")
    assert has_mark_file(path, sources)
    assert not has_mark_file(sources / "other" / "a.tab", sources)
