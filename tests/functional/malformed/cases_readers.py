"""Files that cannot be read as they are: what is wrong, how to make one, what must be said.

Each record stands alone; the documentation's table of refusals is drawn from `id`, `what` and
`exit_code`. Faults that only show once a definition is applied belong in a list of their own
beside this one.
"""

from __future__ import annotations

import gzip
import importlib.util
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def _sibling(name: str) -> ModuleType:
    """Load a module of this folder, which is no package, whatever started the tests."""
    place = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"malformed_{name}", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


files = _sibling("files")

DATA, DEFINITION = 11, 10

# The record that gives value labels to variable 1, and to variable 12,033 of the same file.
_FIRST_LABELLED = bytes([4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0])
_FAR_LABELLED = bytes([4, 0, 0, 0, 1, 0, 0, 0, 1, 47, 0, 0])


@dataclass(frozen=True, kw_only=True)
class Case:
    """One malformed input.

    Attributes:
        id: Short name.
        what: What is wrong, for the documentation.
        build: Writes the file into a folder and returns its path.
        words: What the message must hold: the place and the remedy.
        layout: Fields of `Layout`.
        columns: Columns asked for.
        secret: Values of the file that the message must not show.
        exit_code: 11 for a fault of the file, 10 for one of its layout.
    """

    id: str
    what: str
    build: Callable[[Path], Path]
    words: Sequence[str]
    layout: Mapping[str, Any] = field(default_factory=dict)
    columns: Sequence[str] | None = None
    secret: Sequence[str] = ()
    exit_code: int = DATA


def written(name: str, content: bytes) -> Callable[[Path], Path]:
    """Return a builder that writes these bytes under this name."""

    def build(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return build


def cut(build: Callable[[Path], Path], keep: float) -> Callable[[Path], Path]:
    """Return a builder that keeps only the first part of another's file."""

    def shortened(folder: Path) -> Path:
        path = build(folder)
        raw = path.read_bytes()
        path.write_bytes(raw[: int(len(raw) * keep)])
        return path

    return shortened


def renamed(build: Callable[[Path], Path], name: str) -> Callable[[Path], Path]:
    """Return a builder that gives another's file a different name."""
    return lambda folder: build(folder).rename(folder / name)


def _nothing(name: str) -> Callable[[Path], Path]:
    return lambda folder: folder / name


def _folder(folder: Path) -> Path:
    path = folder / "survey.csv"
    path.mkdir()
    return path


def _misspelt(folder: Path) -> Path:
    (folder / "survey.csv").write_text("a\n1\n")
    return folder / "survay.csv"


def _zip(name: str, members: Mapping[str, bytes]) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return folder / name

    return build


def _damaged_zip(folder: Path) -> Path:
    path = _zip("table.csv.zip", {"table.csv": b"area,count\n" + b"x,1\n" * 500})(folder)
    raw = bytearray(path.read_bytes())
    raw[45] ^= 0xFF
    path.write_bytes(bytes(raw))
    return path


def _parquet(folder: Path) -> Path:
    path = folder / "table.parquet"
    pq.write_table(pa.table({"area": ["E1", "E2"], "mark": ["3", "secret word"]}), path)
    return path


def _parquet_twice(folder: Path) -> Path:
    path = folder / "table.parquet"
    pq.write_table(pa.table([pa.array([1]), pa.array([2])], names=["age", "age"]), path)
    return path


def _sav(folder: Path) -> Path:
    variables = [files.Variable(name="age"), files.Variable(name="word", width=8)]
    return files.sav(folder / "survey.sav", variables, [[30 + n, "private"] for n in range(50)])


def _pointing_outside(folder: Path) -> Path:
    variables = [files.Variable(name="age", labels={1: "young"})]
    path = files.sav(folder / "survey.sav", variables, [[1], [2]])
    path.write_bytes(path.read_bytes().replace(_FIRST_LABELLED, _FAR_LABELLED))
    return path


def _dta(folder: Path) -> Path:
    variables = [files.Variable(name="age"), files.Variable(name="word", width=8)]
    return files.dta(folder / "survey.dta", variables, [[30 + n, "private"] for n in range(50)])


def _open_stata(folder: Path) -> Path:
    path = folder / "survey.dta"
    path.write_bytes(b"<stata_dta><header><release>118</release></header>" + b"\0" * 500)
    return path


def _book(sheets: Mapping[str, Sequence[Sequence[object]]]) -> Callable[[Path], Path]:
    return lambda folder: files.xlsx(folder / "tables.xlsx", sheets)


_TABLE = [["area", "count"], ["E1", 5], ["E2", 7]]
_TWO_SHEETS = _book({"Notes": [["about"]], "Table 1 ": _TABLE})


def _far_cell_xlsx(folder: Path) -> Path:
    path = files.xlsx(folder / "tables.xlsx", {"S": _TABLE})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b'"B3"', b'"XFD1048576"'))
    return path


def _locked_book(folder: Path) -> Path:
    path = folder / "tables.xlsx"
    marks = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    path.write_bytes(marks + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500)
    return path


def _swollen_book(folder: Path) -> Path:
    path = files.declared_zip(folder / "tables.xlsx", 10_000_000_000, "xl/workbook.xml")
    return Path(path)


CASES: list[Case] = [
    # The file itself.
    Case(
        id="missing_file",
        what="the file is not there",
        build=_misspelt,
        words=("survay.csv", "no such file", "nearest is 'survey.csv'"),
    ),
    Case(
        id="folder",
        what="a folder where a file should be",
        build=_folder,
        words=("survey.csv", "is a folder"),
    ),
    Case(
        id="empty_file",
        what="an empty file",
        build=written("survey.csv", b""),
        words=("survey.csv", "empty (0 bytes)"),
    ),
    Case(
        id="empty_gzip",
        what="a gzip file with nothing in it",
        build=written("survey.csv.gz", gzip.compress(b"")),
        words=("survey.csv.gz", "empty"),
    ),
    Case(
        id="bom_only",
        what="a byte order mark and nothing else",
        build=written("survey.csv", b"\xef\xbb\xbf"),
        words=("survey.csv", "byte order mark and nothing else"),
    ),
    Case(
        id="utf16_bom_only",
        what="a UTF-16 byte order mark and nothing else",
        build=written("survey.csv", b"\xff\xfe"),
        words=("survey.csv", "byte order mark and nothing else"),
    ),
    Case(
        id="unknown_suffix",
        what="a suffix no reader knows",
        build=written("survey.sas7bdat", b"x"),
        words=("'.sas7bdat'", "Known are", ".sav", ".gz"),
    ),
    Case(
        id="no_suffix",
        what="no suffix",
        build=written("survey", b"a\n1\n"),
        words=("survey", "no reader for the suffix ''"),
    ),
    Case(
        id="unsupported_compression",
        what="compression that is not supported",
        build=written("survey.csv.bz2", b"BZh9"),
        words=("survey.csv.bz2", "'.bz2'", ".zst"),
    ),
    # Packed files.
    Case(
        id="truncated_gzip",
        what="a gzip file cut short",
        build=cut(written("survey.csv.gz", gzip.compress(bytes(range(48, 58)) * 999)), 0.6),
        words=("survey.csv.gz", "cut short"),
    ),
    Case(
        id="not_gzip",
        what="text named .gz",
        build=written("survey.csv.gz", b"a,b\n1,2\n"),
        words=("survey.csv.gz", "not a gz file"),
    ),
    Case(
        id="not_zst",
        what="text named .zst",
        build=written("survey.csv.zst", b"a,b\n1,2\n"),
        words=("survey.csv.zst", "not a zst file"),
    ),
    Case(
        id="truncated_zip",
        what="a zip archive cut short",
        build=cut(_zip("table.csv.zip", {"table.csv": b"a,b\n1,2\n"}), 0.5),
        words=("table.csv.zip", "not a zip archive, or is cut short"),
    ),
    Case(
        id="damaged_zip",
        what="a zip archive with a damaged member",
        build=_damaged_zip,
        words=("table.csv.zip", "damaged"),
    ),
    Case(
        id="empty_zip",
        what="a zip archive without files",
        build=_zip("table.csv.zip", {}),
        words=("table.csv.zip", "holds no files"),
    ),
    Case(
        id="several_members",
        what="a zip archive with several files, none named",
        build=_zip("release.zip", {"data/a.csv": b"a\n1\n", "guide.txt": b"read me"}),
        words=("release.zip", "2 files", "'data/a.csv'", "'guide.txt'", "member ="),
    ),
    Case(
        id="wrong_member",
        what="a zip member that is not there",
        build=_zip("release.zip", {"data/a.csv": b"a\n1\n", "guide.txt": b"read me"}),
        layout={"member": "data/A.csv"},
        words=("release.zip", "'data/A.csv'", "nearest is 'data/a.csv'"),
    ),
    Case(
        id="member_of_no_zip",
        what="a zip member named for a file that is no zip",
        build=written("survey.csv", b"a\n1\n"),
        layout={"member": "a.csv"},
        words=("survey.csv", "'a.csv'", "not a zip archive"),
    ),
    Case(
        id="ten_gigabyte_zip",
        what="a zip archive that declares ten gigabytes",
        build=lambda folder: files.declared_zip(folder / "big.zip", 10_000_000_000),
        words=("big.zip", "declares 10,000,000,000 bytes", "max_unpacked_bytes"),
    ),
    Case(
        id="ratio_zip",
        what="a zip archive that declares two gigabytes in a hundred bytes",
        build=lambda folder: files.declared_zip(folder / "big.zip", 2_000_000_000),
        words=("big.zip", "2,000,000,000", "times its packed size"),
    ),
    Case(
        id="swollen_gzip",
        what="a gzip file that unpacks to more than the limit",
        build=written("survey.csv.gz", gzip.compress(b"a\n" + b"1\n" * 500_000)),
        layout={"max_unpacked_bytes": 10_000},
        words=("survey.csv.gz", "10,000 allowed", "max_unpacked_bytes"),
    ),
    Case(
        id="locked_zip",
        what="a zip archive protected by a password",
        build=lambda folder: files.encrypted_zip(folder / "locked.zip"),
        words=("locked.zip", "'secret.csv'", "password"),
    ),
    Case(
        id="odd_zip_method",
        what="a zip archive packed by an unusual method",
        build=lambda folder: files.odd_method_zip(folder / "odd.zip"),
        words=("odd.zip", "method 9", "not supported"),
    ),
    # Encodings and characters.
    Case(
        id="undeclared_cp1252",
        what="an encoding that is neither UTF-8 nor declared",
        build=written("survey.csv", "area,pay\nYnys Môn,1\n".encode("cp1252")),
        words=("survey.csv", "byte 15", "row 2", "encoding = 'cp1252'"),
    ),
    Case(
        id="mixed_encodings",
        what="two encodings in one file",
        build=written("survey.csv", "é,b\n1,2\n".encode() + "ô,3\n".encode("cp1252")),
        words=("survey.csv", "byte 9", "row 3", "mixes encodings"),
    ),
    Case(
        id="wrong_declared_encoding",
        what="a byte order mark that contradicts the layout",
        build=written("survey.csv", "\ufeffa,b\n1,2\n".encode()),
        layout={"encoding": "cp1252"},
        words=("survey.csv", "utf-8", "cp1252", "encoding = 'auto'"),
    ),
    Case(
        id="undecodable_cp1252",
        what="a byte the declared encoding does not have",
        build=written("survey.csv", b"a,b\n1,\x81\n"),
        layout={"encoding": "cp1252"},
        words=("survey.csv", "byte 6", "row 2", "not valid cp1252"),
    ),
    Case(
        id="odd_utf16",
        what="UTF-16 cut in the middle of a character",
        build=written("survey.csv", "\ufeffa,b\n1,2\n".encode("utf-16-le")[:-1]),
        words=("survey.csv", "not valid utf-16"),
    ),
    Case(
        id="nul_bytes",
        what="NUL bytes in a text file",
        build=written("survey.csv", b"a,b\n1,2\n3,\x00\x00\n"),
        words=("survey.csv", "line 3", "NUL byte"),
    ),
    Case(
        id="utf16_without_mark",
        what="UTF-16 without a byte order mark",
        build=written("survey.csv", "a,b\n1,2\n".encode("utf-16-le")),
        words=("survey.csv", "line 1", "utf-16-le"),
    ),
    # Headers.
    Case(
        id="duplicate_headers",
        what="one column name twice",
        build=written("survey.csv", b"area,weight,weight\nE1,1,2\n"),
        words=("survey.csv", "'weight' in columns 2, 3", "headers"),
    ),
    Case(
        id="duplicate_after_trimming",
        what="names that differ only in white space",
        build=written("survey.csv", b"area, area\nE1,1\n"),
        words=("survey.csv", "'area' in columns 1, 2"),
    ),
    Case(
        id="blank_header",
        what="a column with values and no name",
        build=written("survey.csv", b"area,,count\nE1,x,2\nE2,,3\n"),
        words=("survey.csv", "column (filled cells): 2 (1)", "unnamed_columns"),
    ),
    Case(
        id="blank_header_row",
        what="a header row without any name",
        build=written("survey.csv", b",,\nE1,x,2\n"),
        words=("survey.csv", "header row is blank", "header_rows"),
    ),
    Case(
        id="header_beyond_end",
        what="a header row beyond the end of the file",
        build=written("survey.csv", b"area,count\nE1,2\n"),
        layout={"header_rows": (7,)},
        words=("survey.csv", "header row 7", "there are 2 rows"),
    ),
    Case(
        id="first_row_beyond_end",
        what="a first row beyond the end of the file",
        build=written("survey.csv", b"area,count\nE1,2\n"),
        layout={"first_row": 9},
        words=("survey.csv", "rows 9 to the end", "2 rows"),
    ),
    Case(
        id="last_row_beyond_end",
        what="a last row beyond the end of the file",
        build=written("survey.csv", b"area,count\nE1,2\n"),
        layout={"last_row": 40},
        words=("survey.csv", "rows 2 to 40", "2 rows"),
    ),
    # Rows and cells.
    Case(
        id="short_row",
        what="a row with too few cells",
        build=written("survey.csv", b"area,count\nE1,2\nE2\n"),
        words=("survey.csv", "row 3", "1 cells", "header has 2"),
    ),
    Case(
        id="long_row",
        what="a row with too many cells",
        build=written("survey.csv", b"area,count\nE1,2,private\n"),
        words=("survey.csv", "row 2", "3 cells"),
        secret=("private",),
    ),
    Case(
        id="footnote",
        what="a footnote under the table",
        build=written("survey.csv", b"area,count\nE1,2\nSource: a survey\n"),
        words=("survey.csv", "row 3", "stop_at_text"),
    ),
    Case(
        id="unterminated_quote",
        what="a quotation mark that never closes",
        build=written("survey.csv", b'area,count\nE1,2\n"E2,3\nE3,4\n'),
        words=("survey.csv", "row 3", "not closed", "quote = ''"),
    ),
    Case(
        id="unterminated_quote_last_column",
        what="a quotation mark in the last column that swallows the rest",
        build=written("survey.csv", b'area,note\nE1,"private\nE2,b\nE3,c\n'),
        words=("survey.csv", "row 2", "not closed"),
        secret=("private",),
    ),
    Case(
        id="text_after_quote",
        what="text after a closing quotation mark",
        build=written("survey.csv", b'area,count\n"E1"x,2\n'),
        words=("survey.csv", "row 2", "after the closing one"),
    ),
    Case(
        id="text_in_number_column",
        what="text in a column that must be numbers",
        build=written("survey.csv", b"area,weight\nE1,1.5\nE2,private\nE3,secret\n"),
        layout={"number_columns": ("weight",)},
        words=("survey.csv", "'weight'", "row 3", "2 such cells"),
        secret=("private", "secret"),
    ),
    Case(
        id="text_in_parquet_number",
        what="text in a Parquet column that must be numbers",
        build=_parquet,
        layout={"number_columns": ("mark",)},
        words=("table.parquet", "'mark'", "row 2"),
        secret=("secret word",),
    ),
    Case(
        id="missing_column",
        what="a column that is not there",
        build=written("survey.csv", b"area,weight\nE1,1\n"),
        columns=("wieght",),
        words=("survey.csv", "'wieght'", "2 columns", "nearest is 'weight'"),
    ),
    Case(
        id="missing_column_sav",
        what="a variable that is not in the .sav file",
        build=_sav,
        columns=("AGE_",),
        words=("survey.sav", "'AGE_'", "2 columns", "nearest is 'AGE'"),
    ),
    Case(
        id="missing_key_column",
        what="a layout that stops at a column which is not there",
        build=written("survey.csv", b"area,count\nE1,2\n"),
        layout={"stop_at_blank": "Area"},
        words=("survey.csv", "'Area'", "nearest is 'area'"),
    ),
    Case(
        id="column_twice",
        what="a column asked for twice",
        build=written("survey.csv", b"area,count\nE1,2\n"),
        columns=("area", "area"),
        words=("survey.csv", "'area'", "more than once"),
    ),
    # Statistical files, Parquet.
    Case(
        id="truncated_sav",
        what="an SPSS file cut short",
        build=cut(_sav, 0.6),
        words=("survey.sav", "cut short"),
        secret=("private",),
    ),
    Case(
        id="damaged_sav_dictionary",
        what="an SPSS file whose labels point at a variable that does not exist",
        build=_pointing_outside,
        words=("survey.sav", "damaged"),
    ),
    Case(
        id="not_sav",
        what="text named .sav",
        build=written("survey.sav", b"area,count\nE1,2\n" * 40),
        words=("survey.sav", "is not an SPSS file"),
    ),
    Case(
        id="truncated_dta",
        what="a Stata file cut short",
        build=cut(_dta, 0.7),
        words=("survey.dta", "cut short"),
        secret=("private",),
    ),
    Case(
        id="dta_without_end",
        what="a new Stata file without its end",
        build=_open_stata,
        words=("survey.dta", "is not a Stata file"),
    ),
    Case(
        id="sav_named_dta",
        what="an SPSS file named .dta",
        build=renamed(_sav, "survey.dta"),
        words=("survey.dta", "is not a Stata file"),
    ),
    Case(
        id="truncated_parquet",
        what="a Parquet file cut short",
        build=cut(_parquet, 0.8),
        words=("table.parquet", "cut short"),
    ),
    Case(
        id="not_parquet",
        what="text named .parquet",
        build=written("table.parquet", b"area,count\nE1,2\n"),
        words=("table.parquet", "is not a Parquet file"),
    ),
    Case(
        id="parquet_twice",
        what="a Parquet file with one name twice",
        build=_parquet_twice,
        words=("table.parquet", "'age' in columns 1, 2"),
    ),
    Case(
        id="parquet_text_wanted",
        what="text asked of a Parquet column of numbers",
        build=lambda folder: _parquet_of(folder, {"age": [1, 2]}),
        layout={"text_columns": ("age",)},
        words=("table.parquet", "'age'", "text_columns"),
    ),
    # Workbooks.
    Case(
        id="several_sheets",
        what="a workbook with several sheets, none named",
        build=_TWO_SHEETS,
        words=("tables.xlsx", "2 sheets", "'Notes'", "sheet ="),
    ),
    Case(
        id="wrong_sheet",
        what="a sheet that is not there",
        build=_TWO_SHEETS,
        layout={"sheet": "Tabel 1"},
        words=("tables.xlsx", "'Tabel 1'", "nearest is 'Table 1 '", "'Notes'"),
    ),
    Case(
        id="empty_sheet",
        what="an empty sheet",
        build=_book({"Blank": []}),
        words=("tables.xlsx [Blank]", "sheet is empty"),
    ),
    Case(
        id="sheet_header_twice",
        what="a two-row header read as one row",
        build=_book({"S": [["area", "2019", "2020"], ["", "rate", "rate"], ["E1", 1, 2]]}),
        layout={"header_rows": (2,), "headers": {"1": "area"}},
        words=("tables.xlsx [S]", "'rate' in columns 2, 3", "header rows"),
    ),
    Case(
        id="sheet_header_beyond_end",
        what="a header row beyond the end of the sheet",
        build=_book({"S": _TABLE}),
        layout={"header_rows": (12,)},
        words=("tables.xlsx [S]", "header row 12", "3 rows"),
    ),
    Case(
        id="error_cell",
        what="a spreadsheet error (#REF!) in a number column",
        build=_book({"S": [["area", "count"], ["E1", 5], ["E2", "#REF!"]]}),
        layout={"number_columns": ("count",)},
        words=("tables.xlsx [S]", "'count'", "row 3"),
    ),
    Case(
        id="truncated_xlsx",
        what="a workbook cut short",
        build=cut(_TWO_SHEETS, 0.6),
        words=("tables.xlsx", "cut short or damaged"),
    ),
    Case(
        id="csv_named_xlsx",
        what="text named .xlsx",
        build=written("tables.xlsx", b"area,count\nE1,2\n"),
        words=("tables.xlsx", "not the kind of workbook"),
    ),
    Case(
        id="xlsx_named_xls",
        what="an .xlsx workbook named .xls",
        build=renamed(_TWO_SHEETS, "tables.xls"),
        words=("tables.xls", "looks like an .xlsx"),
    ),
    Case(
        id="locked_xlsx",
        what="a workbook protected by a password",
        build=_locked_book,
        words=("tables.xlsx", "password"),
    ),
    Case(
        id="swollen_xlsx",
        what="a workbook that declares ten gigabytes",
        build=_swollen_book,
        words=("tables.xlsx", "10,000,000,000"),
    ),
    Case(
        id="far_cell_xlsx",
        what="a stray cell in the last row and column of a sheet",
        build=_far_cell_xlsx,
        words=("tables.xlsx [S]", "row 1,048,576", "column 16,384", "delete the rows and columns"),
    ),
    Case(
        id="far_cell_xls",
        what="an old workbook that asks for more memory than there is",
        build=lambda folder: files.xls(
            folder / "tables.xls", {(0, 0): "area", (1, 0): "private", (65535, 65535): 5.0}
        ),
        words=("tables.xls", "cut short or damaged"),
        secret=("private",),
    ),
    Case(
        id="truncated_ods",
        what="an .ods workbook cut short",
        build=cut(lambda folder: files.ods(folder / "tables.ods", {"S": _TABLE}), 0.5),
        words=("tables.ods", "cut short or damaged"),
    ),
    Case(
        id="zip_named_ods",
        what="an archive named .ods that is no workbook",
        build=_zip("tables.ods", {"letter.txt": b"hello"}),
        words=("tables.ods", "not a readable .ods workbook"),
    ),
    # Layouts that no file could satisfy.
    Case(
        id="unknown_encoding",
        what="an encoding nobody knows",
        build=_nothing("survey.csv"),
        layout={"encoding": "utf8000"},
        words=("layout", "'utf8000'", "cp1252"),
        exit_code=DEFINITION,
    ),
    Case(
        id="same_separators",
        what="one sign for decimals and thousands",
        build=_nothing("survey.csv"),
        layout={"decimal": ",", "thousands": ","},
        words=("layout", "decimal and thousands"),
        exit_code=DEFINITION,
    ),
    Case(
        id="long_delimiter",
        what="a delimiter of two characters",
        build=_nothing("survey.csv"),
        layout={"delimiter": "||"},
        words=("layout", "delimiter", "one character"),
        exit_code=DEFINITION,
    ),
    Case(
        id="header_rows_backwards",
        what="header rows that do not count up",
        build=_nothing("survey.csv"),
        layout={"header_rows": (3, 2)},
        words=("layout", "header_rows", "[3, 2]"),
        exit_code=DEFINITION,
    ),
    Case(
        id="first_row_in_header",
        what="a first row above the header",
        build=_nothing("survey.csv"),
        layout={"header_rows": (5,), "first_row": 4},
        words=("layout", "first_row 4", "header row 5"),
        exit_code=DEFINITION,
    ),
    Case(
        id="text_and_number",
        what="a column declared both text and number",
        build=_nothing("survey.csv"),
        layout={"text_columns": ("code",), "number_columns": ("code",)},
        words=("layout", "'code'", "both"),
        exit_code=DEFINITION,
    ),
    Case(
        id="headers_by_letter",
        what="a header named by letter instead of position",
        build=_nothing("survey.csv"),
        layout={"headers": {"C": "area"}},
        words=("layout", "headers", "'C'"),
        exit_code=DEFINITION,
    ),
]


def _parquet_of(folder: Path, columns: Mapping[str, Sequence[object]]) -> Path:
    path = folder / "table.parquet"
    pq.write_table(pa.table(dict(columns)), path)
    return path
