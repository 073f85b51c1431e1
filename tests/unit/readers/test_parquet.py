"""Parquet: streams, projections, nulls, text columns that hold numbers."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers import open_table


def written(path: Path, columns: dict, **options) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


def test_not_a_number_becomes_null_and_infinity_stays(tmp_path: Path) -> None:
    path = written(tmp_path / "t.parquet", {"x": pa.array([1.0, np.nan, np.inf, None])})
    assert open_table(path).to_table()["x"].to_pylist() == [1.0, None, np.inf, None]


def test_dictionary_columns_give_their_values(tmp_path: Path) -> None:
    coded = pa.array(["a", None, "b", "a"]).dictionary_encode()
    table = open_table(written(tmp_path / "t.parquet", {"x": coded}))
    assert table.schema.field("x").type == pa.string()
    assert table.to_table()["x"].to_pylist() == ["a", None, "b", "a"]


def test_a_column_of_nothing_is_text_and_half_floats_are_widened(tmp_path: Path) -> None:
    columns = {"n": pa.nulls(2), "h": pa.array(np.array([1.5, np.nan], np.float16))}
    table = open_table(written(tmp_path / "t.parquet", columns))
    assert table.schema.types == [pa.string(), pa.float32()]
    assert table.to_table().to_pydict() == {"n": [None, None], "h": [1.5, None]}


def test_an_index_that_pandas_wrote_is_a_column(tmp_path: Path) -> None:
    schema = pa.schema([("x", pa.int64()), ("__index_level_0__", pa.string())]).with_metadata(
        {b"pandas": b'{"index_columns": ["__index_level_0__"], "columns": []}'}
    )
    pq.write_table(
        pa.table({"x": [1], "__index_level_0__": ["E1"]}, schema), tmp_path / "t.parquet"
    )
    assert open_table(tmp_path / "t.parquet").columns == ("x", "__index_level_0__")


def test_columns_come_in_the_order_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path / "t.parquet", {"a": [1], "b": [2], "c": [3]})
    assert open_table(path, columns=["c", "a"]).to_table().to_pydict() == {"c": [3], "a": [1]}


def test_a_compressed_copy_reads_the_same(tmp_path: Path) -> None:
    path = written(tmp_path / "t.parquet", {"a": [1, 2]})
    (tmp_path / "u.parquet.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert open_table(tmp_path / "u.parquet.gz").to_table() == open_table(path).to_table()


def test_text_with_markers_can_be_asked_for_as_numbers(tmp_path: Path) -> None:
    path = written(
        tmp_path / "t.parquet", {"low": ["1.5", "[c]", None, "[x]", "[c]"], "n": [1, 2, 3, 4, 5]}
    )
    table = open_table(path, Layout(number_columns=("low", "n")))
    assert table.to_table()["low"].to_pylist() == [1.5, None, None, None, None]
    assert table.markers == {"low": {"[c]": 2, "[x]": 1}}
    assert table.marker("low").to_pylist() == [None, "[c]", None, "[x]", "[c]"]
    assert table.marker("n").to_pylist() == [None] * 5


def test_a_damaged_page_is_refused_when_it_is_reached(tmp_path: Path) -> None:
    path = written(
        tmp_path / "t.parquet",
        {"a": list(range(50_000))},
        use_dictionary=False,
        compression="snappy",
    )
    raw = bytearray(path.read_bytes())
    raw[200:2000] = b"\xff" * 1800
    path.write_bytes(bytes(raw))
    table = open_table(path)
    with pytest.raises(DataError, match=r"t\.parquet: is not a Parquet file"):
        table.to_table()


def test_a_stream_can_be_taken_twice(tmp_path: Path) -> None:
    table = open_table(written(tmp_path / "t.parquet", {"a": [1, 2]}))
    first, second = (pa.RecordBatchReader.from_stream(table).read_all() for _ in range(2))
    assert first == second == table.to_table()


def test_a_binary_file_that_changes_after_its_digest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "survey.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    table = open_table(path)
    pq.write_table(pa.table({"a": [1, 2, 3], "b": [1, 2, 3]}), path)
    with pytest.raises(DataError, match="changed while it was being read"):
        table.to_table()
