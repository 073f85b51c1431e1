"""The quick look for the synthetic mark finds it in every format made-up files are written in."""

from __future__ import annotations

import gzip
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from social_evidence.readers.peek import looks_marked


def _text(path, last):
    path.write_text(f"a,b,{last}\n1,2,1\n")


def _packed(path, last):
    path.write_bytes(gzip.compress(f"a\t{last}\n1\t1\n".encode()))


def _parquet(path, last):
    pq.write_table(pa.table({"a": [1], last: [1]}), path)


def _dictionary(path, last):
    # Names of variables stand in the dictionary at the file's start, as they are.
    path.write_bytes(b"$FL2@(#)" + bytes(168) + last.encode() + bytes(64))


def _xlsx(path, last):
    with zipfile.ZipFile(path, "w") as archive:
        sheets = f'<sheet name="Table" sheetId="1"/><sheet name="{last}" sheetId="2"/>'
        archive.writestr("xl/workbook.xml", f"<sheets>{sheets}</sheets>")


def _ods(path, last):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", f'<table:table table:name="{last}"></table:table>')


WRITERS = {
    "x.csv": _text,
    "x.tab.gz": _packed,
    "x.parquet": _parquet,
    "x.sav": _dictionary,
    "x.dta": _dictionary,
    "x.xlsx": _xlsx,
    "x.ods": _ods,
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_marked_file_is_told_from_one_that_is_not(tmp_path, name):
    WRITERS[name](tmp_path / name, "SYNTHETIC")
    assert looks_marked(tmp_path / name)
    WRITERS[name](tmp_path / name, "synthesis")
    assert not looks_marked(tmp_path / name)


def test_what_cannot_be_read_is_not_marked(tmp_path):
    for name in ("x.parquet", "x.xlsx", "x.tab.gz", "x.unknown"):
        (tmp_path / name).write_bytes(b"SYNTHETIC")
        assert not looks_marked(tmp_path / name)
