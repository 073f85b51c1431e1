"""Every published file at hand, read by its layout: rows, columns, first and last value, markers.

The table beside this file holds, for each table of each file: the layout, how many rows and named
columns, the first value of the first column, the last of the last one, and how often each
suppression marker stands in a column of numbers. Rows, first values and markers were compared once
with what Python's own `csv`, a reader of workbooks and the headers of the Parquet files say of the
same files; only NA in columns of text, which is a word there, is counted by them and not by us.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from social_evidence.model.layout import Layout
from social_evidence.readers import READERS, open_table
from social_evidence.readers.container import COMPRESSIONS

LONGEST = 60
LEFT_OUT = {
    ".rda": "no reader is meant for R's own files",
    ".rdata": "no reader is meant for R's own files",
    **dict.fromkeys(
        (".shp", ".dbf", ".shx", ".prj", ".cpg"), "no reader is meant for shapefiles: boundaries"
    ),
    ".json": "no reader is meant for JSON: boundaries",
    ".rtf": "no reader is meant for documents",
    ".md": "no reader is meant for documents",
}


def _rows():
    with Path(__file__).with_name("shared_data_files.csv").open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def _layout(text):
    given = json.loads(text) if text else {}
    return Layout(**{name: tuple(v) if isinstance(v, list) else v for name, v in given.items()})


def _suffix(path):
    name = path.name.lower()
    for compression in (".gz", ".zst"):
        name = name.removesuffix(compression)
    return Path(name).suffix


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['file']} {row['layout'][:40]}")
def test_a_published_file_reads_as_other_programs_read_it(row, data_root):
    path = data_root / row["file"]
    if not path.is_file():
        pytest.skip(f"{path.name} is not among the data files")
    table = open_table(path, _layout(row["layout"]))
    first, last = table.columns[0], table.columns[-1]
    read = table.to_table(list(dict.fromkeys((first, last))))
    assert read.num_rows == int(row["rows"])
    assert len(table.columns) == int(row["columns"])
    assert _text(next(v for v in read[first].to_pylist() if v is not None)) == row["first"]
    assert (
        _text(next((v for v in reversed(read[last].to_pylist()) if v is not None), ""))
        == row["last"]
    )
    found: dict[str, int] = {}
    for marks in table.markers.values():
        for marker, count in marks.items():
            found[marker] = found.get(marker, 0) + count
    assert " ".join(f"{m}={n}" for m, n in sorted(found.items())) == row["markers"]


def _text(value):
    return str(value)[:LONGEST]


def test_no_file_is_forgotten(data_root):
    listed = {row["file"] for row in _rows()}
    present = {
        path.relative_to(data_root).as_posix()
        for path in data_root.rglob("*")
        if path.is_file() and _suffix(path) not in LEFT_OUT
    }
    assert present - listed == set()
    readable = {*READERS, *COMPRESSIONS}
    assert {_suffix(Path(name)) for name in listed} <= readable


@pytest.mark.parametrize("suffix", sorted(LEFT_OUT))
def test_files_left_out_have_no_reader_and_the_reason_is_printed(suffix, data_root):
    names = [p.name for p in data_root.rglob("*") if p.is_file() and _suffix(p) == suffix]
    assert suffix not in READERS
    if names:
        pytest.skip(f"{LEFT_OUT[suffix]} ({len(names)} files ending in {suffix})")
