"""Delimited text: encodings, line ends, separators, and when text becomes numbers."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers import open_table


@pytest.fixture(autouse=True, params=["row by row", "by Arrow where plain"], scope="module")
def road(request) -> Iterator[str]:
    """Every test holds for both roads: small files go the first one unless told otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param != "row by row":
            patch.setattr("social_evidence.readers.plain.WORTH_IT_BYTES", 0)
        yield request.param


@pytest.fixture
def read(tmp_path: Path):
    def from_text(text: str, name: str = "t.csv", columns=None, **layout):
        path = tmp_path / name
        path.write_bytes(text.encode())
        return open_table(path, Layout(**layout), columns)

    return from_text


def column(table, name: str = "a") -> list:
    return table.to_table()[name].to_pylist()


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "auto"),
        ("utf-8-sig", "auto"),
        ("utf-16", "auto"),
        ("utf-32", "auto"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("latin-1", "latin-1"),
        ("utf-8-sig", "utf-8"),
    ],
)
def test_the_same_table_in_every_encoding(tmp_path: Path, encoding: str, declared: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("área,n\nMôn,1\nBarking,2\n".encode(encoding))
    table = open_table(path, Layout(encoding=declared))
    assert table.to_table().to_pydict() == {"área": ["Môn", "Barking"], "n": [1, 2]}


def test_big_endian_utf16_with_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xfe\xff" + "a\tb\n1\t2\n".encode("utf-16-be"))
    assert open_table(path).to_table().to_pydict() == {"a": [1], "b": [2]}


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_every_line_end_and_a_last_line_without_one(read, end: str) -> None:
    table = read(end.join(["a,b", "1,x", "2,y"]))
    assert table.to_table().to_pydict() == {"a": [1, 2], "b": ["x", "y"]}


@pytest.mark.parametrize("sign", ["\u2028", "\x0b", "\x85", "\x1c"])
def test_rare_separators_do_not_end_a_line(read, sign: str) -> None:
    assert column(read(f"a,b\nx{sign}y,1\n")) == [f"x{sign}y"]


def test_a_quoted_cell_may_hold_line_breaks_quotes_and_delimiters(read) -> None:
    table = read('a,b\n"one\ntwo, ""three""",1\nx,2\n')
    assert column(table) == ['one\ntwo, "three"', "x"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", "a,b\n1,2\n"),
        ("t.csv", "a;b\n1;2\n"),
        ("t.csv", "a\tb\n1\t2\n"),
        ("t.csv", "a|b\n1|2\n"),
        ("t.tsv", "a\tb\n1\t2\n"),
        ("t.tab", "a\tb\n1\t2\n"),
        ("t.txt", "a,b\n1,2\n"),
        ("T.CSV", "a,b\n1,2\n"),
        ("t.tab", "a,b\n1,2\n"),
    ],
)
def test_the_delimiter_is_found_in_the_header(read, name: str, text: str) -> None:
    assert read(text, name).to_table().to_pydict() == {"a": [1], "b": [2]}


def test_a_comma_inside_quotes_does_not_decide_the_delimiter(read) -> None:
    assert read('"a, b, c, d";e\n1;2\n').columns == ("a, b, c, d", "e")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2"], pa.int64()),
        (["1", "2.5"], pa.float64()),
        (["-1", "0"], pa.int64()),
        ([".5", "1"], pa.float64()),
        (["1e+05", "2"], pa.float64()),
        (["±2.5", "+/-0.9"], pa.float64()),
        (["−3", "2"], pa.int64()),
        ([" 1 ", "\t2"], pa.int64()),
        (["01", "2"], pa.string()),
        (["1E5", "2"], pa.string()),
        (["+5", "2"], pa.string()),
        (["1,234", "2"], pa.string()),
        (["38%", "2"], pa.string()),
        (["1234567890123456789", "2"], pa.string()),
        (["E09000001", "2"], pa.string()),
        (["x", "c"], pa.string()),
        (["", ""], pa.string()),
        (["2016-01-01", "2"], pa.string()),
        (["inf", "2"], pa.string()),
    ],
)
def test_text_becomes_numbers_only_if_it_would_come_back_the_same(read, cells, kind) -> None:
    table = read("a;b\n" + "".join(f"{cell};z\n" for cell in cells))
    assert table.schema.field("a").type == kind
    if kind == pa.string():
        assert column(table) == [cell or None for cell in cells]


def test_half_widths_are_read_as_given(read) -> None:
    assert column(read("a;b\n±2.5;1\n+/-0.9;1\n+/− 3;1\n")) == [2.5, 0.9, 3.0]


def test_a_decimal_comma_and_a_thousands_point(read) -> None:
    table = read("a;b\n1.234,5;0,56\n7;12\n", decimal=",", thousands=".")
    assert table.to_table().to_pydict() == {"a": [1234.5, 7.0], "b": [0.56, 12.0]}


def test_thousands_must_be_in_groups_of_three(read) -> None:
    assert column(read('a\n"1,234"\n"1,2"\n', thousands=",", delimiter=";", quote='"')) == [
        "1,234",
        "1,2",
    ]


def test_a_declared_number_column_takes_what_a_careful_one_would_not(read) -> None:
    table = read("a;b\n38%;1\n01;1\n+5;1\n1E5;1\n;1\n", number_columns=("a",))
    assert column(table) == [38.0, 1.0, 5.0, 1e5, None]


def test_a_declared_text_column_stays_text(read) -> None:
    assert column(read("a,b\n1,1\n2,1\n", text_columns=("a",))) == ["1", "2"]


def test_markers_in_a_number_column_are_kept_beside_it(read) -> None:
    table = read("a,b\n1,x\nc,y\n,z\n[low],x\nc,x\n")
    assert column(table) == [1, None, None, None, None]
    assert table.markers == {"a": {"c": 2, "[low]": 1}}
    assert table.marker("a").to_pylist() == [None, "c", None, "[low]", "c"]
    assert table.marker("b").to_pylist() == [None] * 5


def test_a_marker_the_layout_does_not_know_keeps_the_column_text(read) -> None:
    assert column(read("a,b\n1,x\nc,y\n", markers=("..",))) == ["1", "c"]


def test_nulls_are_the_cells_the_layout_names(read) -> None:
    assert column(read("a,b\nx,1\n ,1\n,1\n")) == ["x", None, None]
    assert column(read("a,b\nx,1\nNA,1\n,1\n", null_text=("NA",))) == ["x", None, ""]


def test_missing_text_from_r_is_a_marker_among_numbers_and_text_among_words(read) -> None:
    table = read("a,b\n1,NA\nNA,x\n")
    assert column(table) == [1, None]
    assert column(table, "b") == ["NA", "x"]


def test_only_the_columns_asked_for_in_that_order(read) -> None:
    table = read("a,b,c\n1,2,3\n", columns=["c", "a"])
    assert table.columns == ("c", "a")
    assert table.to_table().to_pylist() == [{"c": 3, "a": 1}]
    assert table.to_table(["a"]).column_names == ["a"]


def test_a_table_ends_where_the_layout_says(read) -> None:
    text = "Title\n\na,b\n1,2\n3,4\n\nSource: x\nmore\n"
    for layout in (
        {"stop_at_text": "Source"},
        {"stop_at_blank": "b", "stop_at_text": "Source"},
        {"last_row": 5},
    ):
        assert column(read(text, header_rows=(3,), **layout)) == [1, 3]


def test_a_blank_key_ends_the_table(read) -> None:
    text = "a,b\n1,2\n,,\n3,4\n".replace(",,", ",")
    assert column(read(text, stop_at_blank="a")) == [1]


def test_the_first_row_may_come_later_than_the_header(read) -> None:
    assert column(read("a,b\n(units),x\n1,2\n", first_row=3)) == [1]


def test_a_file_without_header_takes_its_names_from_the_layout(read) -> None:
    table = read("1,2\n3,4\n", header_rows=(), headers={"1": "x", "2": "y"})
    assert table.to_table().to_pydict() == {"x": [1, 3], "y": [2, 4]}


def test_two_header_rows_are_joined_and_blanks_filled_from_the_left(read) -> None:
    text = "code,Rate,,Count,\n,2019,2020,2019,2020\nE1,1,2,3,4\n"
    table = read(text, header_rows=(1, 2), header_fill="left", headers={"1": "code"})
    assert table.columns == ("code", "Rate | 2019", "Rate | 2020", "Count | 2019", "Count | 2020")


def test_header_cells_are_trimmed_and_their_line_breaks_collapsed(read) -> None:
    assert read('" a ","Low\n0-4"\n1,2\n').columns == ("a", "Low 0-4")


def test_columns_without_name_and_values_are_left_out(read) -> None:
    assert read("a,b,,\n1,2,,\n").columns == ("a", "b")


def test_columns_without_a_name_can_be_set_aside_in_writing(read) -> None:
    assert read("a,b,\n1,2,3\n", unnamed_columns="ignore").columns == ("a", "b")


def test_a_header_alone_is_a_table_without_rows(read) -> None:
    table = read("a,b\n")
    assert table.rows == 0
    assert table.to_table().num_rows == 0
    assert table.columns == ("a", "b")


def test_quotes_are_ordinary_text_where_the_layout_says_so(read) -> None:
    assert column(read('a,b\n5" pipe,1\n', quote="")) == ['5" pipe']


def test_compressed_files_read_the_same(tmp_path: Path) -> None:
    raw = b"a,b\n1,x\n2,y\n"
    plain, zipped = tmp_path / "t.csv", tmp_path / "t.zip"
    plain.write_bytes(raw)
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(raw))
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("folder/", "")
        archive.writestr("__MACOSX/._t.csv", "clutter")
        archive.writestr("folder/t.csv", raw)
    with pa.CompressedOutputStream(str(tmp_path / "t.csv.zst"), "zstd") as stream:
        stream.write(raw)
    wanted = open_table(plain).to_table()
    for name in ("t.csv.gz", "t.csv.zst", "t.zip"):
        assert open_table(tmp_path / name).to_table() == wanted


def test_messages_name_the_member_of_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("one.csv", "a\n1\n")
    assert open_table(tmp_path / "t.zip").name == "t.zip (one.csv)"


def test_a_file_that_changes_after_its_digest_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("social_evidence.readers.grid._KEPT_BYTES", 0)
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n1,x\n")
    table = open_table(path)
    path.write_bytes(b"a,b\n1,x\n2,y\n")
    with pytest.raises(DataError, match="changed while it was being read"):
        table.to_table()


def test_a_large_file_is_streamed_and_gives_what_a_small_one_gives(
    tmp_path: Path, monkeypatch
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n" + "".join(f"{n},{n % 7},x{n}\n" for n in range(3000)))
    kept = open_table(path).to_table().combine_chunks()
    monkeypatch.setattr("social_evidence.readers.grid._KEPT_BYTES", 0)
    monkeypatch.setattr("social_evidence.readers.grid._CELLS_A_PAGE", 900)
    monkeypatch.setattr("social_evidence.readers.plain._BLOCK", 4096)
    table = open_table(path)
    batches = list(table.batches(["c", "a"]))
    assert len(batches) > 5
    assert pa.Table.from_batches(batches).combine_chunks() == kept.select(["c", "a"])


def test_a_late_text_keeps_a_streamed_column_text(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("social_evidence.readers.grid._CELLS_A_PAGE", 300)
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1,1\n" * 2000 + "x1,1\n")
    assert open_table(path).schema.field("a").type == pa.string()


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=6)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(cells, st.integers(-(10**17), 10**17), st.floats(-1e6, 1e6))))
def test_what_is_written_comes_back(tmp_path_factory: pytest.TempPathFactory, rows) -> None:
    path = tmp_path_factory.mktemp("round") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(["word", "whole", "real"])
        writer.writerows([[word, whole, repr(real)] for word, whole, real in rows])
    table = open_table(path, Layout(text_columns=("word",), null_text=("",))).to_table()
    assert table["word"].to_pylist() == [word or None for word, _, _ in rows]
    assert table["whole"].to_pylist() == [whole for _, whole, _ in rows]
    assert table["real"].to_pylist() == [real for _, _, real in rows]


def test_a_header_wider_than_any_cell_may_be_is_read(read) -> None:
    names = [f"c{number}" for number in range(30_000)]
    table = read(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n", columns=["c29999"])
    assert column(table, "c29999") == [1]


def test_a_cell_too_large_for_reading_row_by_row_is_refused_as_such(read, monkeypatch) -> None:
    monkeypatch.setattr("social_evidence.readers.plain.WORTH_IT_BYTES", 1 << 40)
    # The limit is the whole process's, and some libraries lift it when they are imported.
    before = csv.field_size_limit(131_072)
    try:
        with pytest.raises(DataError, match="row 2 has a cell of more than 131,072 characters"):
            read("a,b\n" + "x" * 140_000 + ",1\n").to_table()
    finally:
        csv.field_size_limit(before)
