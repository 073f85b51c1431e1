"""SPSS (.sav, .zsav) and Stata (.dta) files: values, labels, user-missing codes and ranges.

User-missing codes of SPSS stay in place and are declared, as which of them count as missing is
the source definition's decision. Stata's extended missing values (.a to .z) are no numbers: they
are null and stay readable as markers.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyreadstat

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.model.table import Code
from social_evidence.readers import dictionary
from social_evidence.readers.cells import to_text
from social_evidence.readers.container import Container
from social_evidence.readers.header import check_names
from social_evidence.readers.mark import is_mark
from social_evidence.readers.table import Columns, FileTable, chosen
from social_evidence.readers.typed import with_layout

_CELLS_A_BATCH = 2_000_000
_SPSS_DATES = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE")
_SPSS_TIMES = ("DATETIME", "YMDHMS")
_SPSS_EPOCH_DAYS = 141_428  # from 14 October 1582 to 1 January 1970
_STATA_EPOCH_DAYS = 3_653  # from 1 January 1960 to 1 January 1970
_SECONDS_A_DAY = 86_400
# A damaged length makes the parser ask for more memory than there is.
_PARSER_FAULTS = (
    *(pyreadstat.ReadstatError, pyreadstat.PyreadstatError),
    *(OSError, ValueError, MemoryError),
)
_STATA_OPENS, _STATA_CLOSES = b"<stata_dta>", b"</stata_dta>"
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    """One of the two programs' formats.

    Attributes:
        title: What messages call it.
        parse: pyreadstat's function.
        dates: Display formats that begin so are dates.
        times: Display formats that begin so are moments.
        epoch_days: Days from the format's day zero to 1 January 1970.
        date_unit: Seconds in the unit in which dates are stored.
        time_units: Units of a stored moment in a second.
    """

    title: str
    parse: Callable[..., tuple[dict[str, list[Any]], Any]]
    dates: tuple[str, ...]
    times: tuple[str, ...]
    epoch_days: int
    date_unit: int
    time_units: int


_SAV = _Format(
    title="an SPSS",
    parse=pyreadstat.read_sav,
    dates=_SPSS_DATES,
    times=_SPSS_TIMES,
    epoch_days=_SPSS_EPOCH_DAYS,
    date_unit=1,
    time_units=1,
)
_DTA = _Format(
    title="a Stata",
    parse=pyreadstat.read_dta,
    dates=("%td", "%d"),
    times=("%tc",),
    epoch_days=_STATA_EPOCH_DAYS,
    date_unit=_SECONDS_A_DAY,
    time_units=1_000,
)


def read_sav(source: Container, layout: Layout, columns: Columns) -> FileTable:
    """Read an SPSS file; numbers are float64, dates date32.

    Args:
        source: The file.
        layout: `null_text`, and `number_columns` for text columns that hold numbers.
        columns: Only these, in this order; None for all; or who chooses them.

    Raises:
        DataError: Not an SPSS file, cut short or damaged, or a column is missing.
    """
    return _read(source, layout, columns, _SAV)


def read_dta(source: Container, layout: Layout, columns: Columns) -> FileTable:
    """Read a Stata file; whole-number types are int64, dates date32.

    Args:
        source: The file.
        layout: `null_text`, and `number_columns` for text columns that hold numbers.
        columns: Only these, in this order; None for all; or who chooses them.

    Raises:
        DataError: Not a Stata file, cut short or damaged, or a column is missing.
    """
    return _read(source, layout, columns, _DTA)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """An open-able statistical file and what its dictionary says."""

    source: Container
    form: _Format
    meta: Any
    layout: Layout

    @property
    def rows(self) -> int | None:
        count = self.meta.number_rows
        return int(count) if count is not None and count >= 0 else None

    def kind(self, column: str) -> pa.DataType:
        """Return the Arrow type of a column, from its stored type and display format."""
        stored = self.meta.readstat_variable_types[column]
        display = str(self.meta.original_variable_types.get(column) or "")
        if stored.startswith("string"):
            return pa.string()
        if display.rstrip("0123456789.") in self.form.times or (
            self.form is _DTA and display.startswith(self.form.times)
        ):
            return pa.timestamp("us")
        if display.rstrip("0123456789.") in self.form.dates or (
            self.form is _DTA and display.startswith(self.form.dates)
        ):
            return pa.date32()
        return pa.int64() if stored.startswith("int") else pa.float64()

    def chunks(self, columns: Sequence[str]) -> Iterator[dict[str, list[Any]]]:
        """Read the columns some rows at a time, so that memory stays bounded."""
        size = max(1_000, _CELLS_A_BATCH // max(1, len(columns)))
        offset = 0
        with self.source.seekable() as stream:
            while self.rows is None or offset < self.rows:
                chunk = self._chunk(stream, columns, offset, size)
                count = len(chunk[columns[0]])
                if count:
                    yield chunk
                offset += count
                if count < size:
                    break
        if self.rows is not None and offset != self.rows:
            raise _broken(self.source, self.form)

    def _chunk(
        self, stream: BinaryIO, columns: Sequence[str], offset: int, limit: int
    ) -> dict[str, list[Any]]:
        stream.seek(0)
        with _faults(self.source, self.form):
            values, _ = self.form.parse(
                stream,
                usecols=list(columns),
                user_missing=True,
                disable_datetime_conversion=True,
                output_format="dict",
                row_offset=offset,
                row_limit=limit,
            )
        return values


def _read(source: Container, layout: Layout, columns: Columns, form: _Format) -> FileTable:
    """Read the dictionary, look at every row once, and return the table."""
    with source.seekable() as stream, _faults(source, form):
        if form is _SAV:
            dictionary.check(stream)
        _check_end(source, stream, form)
        _, meta = form.parse(stream, metadataonly=True, user_missing=True, output_format="dict")
    known = list(meta.column_names)
    if not all(isinstance(name, str) and name for name in known):
        raise _broken(source, form)
    check_names(known, source.name)
    wanted, layout = chosen(columns, known, layout, source.name)
    file = _File(source=source, form=form, meta=meta, layout=layout)
    count, markers = _looked_through(file, wanted)
    schema = pa.schema([(name, file.kind(name)) for name in wanted])

    def batches(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        part = pa.schema([schema.field(name) for name in names])
        for chunk in file.chunks(names):
            arrays = [_column(chunk[field.name], field.type, file) for field in part]
            yield pa.RecordBatch.from_arrays(arrays, schema=part)

    table = FileTable(
        name=source.name,
        digest=source.digest,
        schema=schema,
        stream=batches,
        marker_stream=_marker_stream(file),
        labels=_labels(meta, wanted),
        titles={
            name: text
            for name, text in meta.column_names_to_labels.items()
            if text and name in wanted
        },
        missing=_missing_codes(meta, wanted, markers),
        missing_ranges=_missing_ranges(meta, wanted),
        markers=markers,
        rows=count,
        is_marked=is_mark(known),
    )
    return with_layout(table, layout, known)


def _looked_through(file: _File, wanted: Sequence[str]) -> tuple[int, dict[str, dict[str, int]]]:
    """Count rows and extended missing values; a file that is cut short is found out here."""
    first = list(file.meta.column_names[:1])
    columns = list(wanted) if file.form is _DTA and wanted else first
    numbers = [name for name in columns if file.kind(name) != pa.string()]
    counts: dict[str, Counter[str]] = {name: Counter() for name in numbers}
    rows = 0
    for chunk in file.chunks(columns):
        rows += len(chunk[columns[0]])
        for name in numbers:
            counts[name].update(f".{cell}" for cell in chunk[name] if isinstance(cell, str))
    return rows, {name: dict(count) for name, count in counts.items() if count}


def _marker_stream(file: _File) -> Callable[[Sequence[str]], Iterator[pa.RecordBatch]]:
    """Read extended missing values as markers."""

    def markers(columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        for chunk in file.chunks(columns):
            arrays = [
                to_text(chunk[name], file.layout)
                if file.kind(name) == pa.string()
                else pa.array(
                    [f".{v}" if isinstance(v, str) else None for v in chunk[name]], pa.string()
                )
                for name in columns
            ]
            yield pa.RecordBatch.from_arrays(arrays, names=list(columns))

    return markers


def _column(values: list[Any], kind: pa.DataType, file: _File) -> pa.Array:
    """Build one Arrow column; system-missing and extended missing values become null."""
    if kind == pa.string():
        return to_text(values, file.layout)
    if any(isinstance(value, str) for value in values):
        values = [np.nan if isinstance(value, str) else value for value in values]
    numbers = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    form = file.form
    if kind == pa.date32():
        numbers = np.floor(numbers * form.date_unit / _SECONDS_A_DAY) - form.epoch_days
        return pc.cast(pc.cast(pa.array(numbers, from_pandas=True), pa.int32()), kind)
    if kind == pa.timestamp("us"):
        seconds = numbers / form.time_units - form.epoch_days * float(_SECONDS_A_DAY)
        moments = np.round(seconds * _MICROSECONDS)
        return pc.cast(pc.cast(pa.array(moments, from_pandas=True), pa.int64()), kind)
    return pc.cast(pa.array(numbers, from_pandas=True), kind)


def _labels(meta: Any, wanted: Sequence[str]) -> dict[str, dict[Code, str]]:
    """Return value labels with whole-number codes as int: 1, not 1.0."""
    found: Mapping[str, Mapping[Any, str]] = meta.variable_value_labels
    return {
        name: {_code(code): text for code, text in found[name].items()}
        for name in wanted
        if found.get(name)
    }


def _code(value: Any) -> Code:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float) else str(value)


def _missing_codes(
    meta: Any, wanted: Sequence[str], markers: Mapping[str, Mapping[str, int]]
) -> dict[str, frozenset[Code]]:
    """Return single user-missing codes; Stata's are written .a to .z."""
    codes: dict[str, frozenset[Code]] = {}
    for name in wanted:
        single = [
            _code(r["lo"]) for r in (meta.missing_ranges or {}).get(name, ()) if r["lo"] == r["hi"]
        ]
        tagged = markers.get(name, ())
        if single or tagged:
            codes[name] = frozenset([*single, *tagged])
    return codes


def _missing_ranges(meta: Any, wanted: Sequence[str]) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return user-missing ranges, both ends included."""
    ranges: dict[str, tuple[tuple[float, float], ...]] = {}
    for name in wanted:
        found = [
            (float(r["lo"]), float(r["hi"]))
            for r in (meta.missing_ranges or {}).get(name, ())
            if r["lo"] != r["hi"]
        ]
        if found:
            ranges[name] = tuple(found)
    return ranges


def _check_end(source: Container, stream: BinaryIO, form: _Format) -> None:
    """Refuse a Stata file without its closing tag: labels lost at its end go unnoticed."""
    if stream.read(len(_STATA_OPENS)) == _STATA_OPENS:
        stream.seek(-len(_STATA_CLOSES), io.SEEK_END)
        if stream.read() != _STATA_CLOSES:
            raise _broken(source, form)
    stream.seek(0)


@contextmanager
def _faults(source: Container, form: _Format) -> Iterator[None]:
    """Turn what the parser finds wrong into one message."""
    try:
        yield
    except _PARSER_FAULTS as error:
        raise _broken(source, form) from error


def _broken(source: Container, form: _Format) -> DataError:
    return DataError(
        f"{source.name}: is not {form.title} file of the kind its suffix says, or is cut short or "
        "damaged. Fetch it again and compare its size with the publisher's."
    )
