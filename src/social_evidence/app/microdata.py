"""A respondent-level file as columns ready for NumPy: user-missing codes are null, labels kept."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, TypeAlias, runtime_checkable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.engine.columns import compute
from social_evidence.errors import DataError, DefinitionError, DesignError, EvidenceError
from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.model.statistic import Value
from social_evidence.model.table import Code, SourceTable
from social_evidence.plan.derived import check_expression
from social_evidence.readers import open_table

_WORDS: Final = re.compile(r"^[\w .-]+$")
"""What could be meant as a column's name, blanks and all."""


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that hands over a table by the Arrow C stream protocol."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Stream record batches."""
        ...


Microdata: TypeAlias = str | Path | SourceTable | ArrowStream
"""What `estimate` takes: a path, a table of a reader, or a pyarrow, Polars or DuckDB table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of one file that a question needs.

    Attributes:
        name: What messages call the file.
        table: The columns; missing and user-missing values are null.
        labels: Value labels by column, in the file's order.
        computed: Arrays of SQL scalars, by their text.
    """

    name: str
    table: pa.Table
    labels: Mapping[str, Mapping[Code, str]] = field(default_factory=dict)
    computed: Mapping[str, pa.Array] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of the file: nothing is ever dropped from it."""
        return int(self.table.num_rows)

    def values(self, variable: str) -> pa.Array:
        """Return a column, or the SQL scalar of that text, as one array."""
        if variable in self.computed:
            return self.computed[variable]
        return self.table.column(variable).combine_chunks()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTable:
    """A table whose columns are known and whose rows have not been read.

    Attributes:
        name: What messages call it.
        known: Its column names, in order.
        table: The reader's table, or whatever offered the stream.
        stream: The stream, where opening it was the only way to learn the names.
    """

    name: str
    known: tuple[str, ...]
    table: SourceTable | ArrowStream
    stream: pa.RecordBatchReader | None = None


def open_microdata(source: Microdata) -> OpenTable:
    """Open a path, a reader's table, or anything with the Arrow C stream protocol.

    Raises:
        DataError: It cannot be read, or is none of these.
    """
    table = open_table(Path(source)) if isinstance(source, str | Path) else source
    if isinstance(table, SourceTable):
        return OpenTable(name=table.name, known=tuple(table.columns), table=table)
    if not isinstance(table, ArrowStream):
        raise DataError(
            f"The data are a {type(table).__name__}, which does not offer the Arrow C stream "
            "protocol. Give a path, or a pyarrow, Polars or DuckDB table."
        )
    stream = pa.RecordBatchReader.from_stream(table)
    return OpenTable(name="the table", known=tuple(stream.schema.names), table=table, stream=stream)


def read_columns(
    opened: OpenTable, variables: Iterable[str], design_columns: Iterable[str] = ()
) -> Columns:
    """Read the columns that some variables and a design need, and nothing else.

    Args:
        opened: The table.
        variables: Exact column names or SQL scalars.
        design_columns: Columns of the design; a name that is not there is a fault of the design.

    Returns:
        The columns with user-missing codes and NaN as null.

    Raises:
        DataError: A column is not in the file, or cannot be read; the file has no rows.
        DesignError: A column of the design is not in the file.
        DefinitionError: An SQL scalar holds something outside the allow-list.
    """
    needed: set[str] = set()
    for column in design_columns:
        _check_known(column, opened, DesignError, "The design needs it")
        needed.add(column)
    wanted = list(dict.fromkeys(variables))
    scalars = [text for text in wanted if text not in opened.known]
    for text in wanted:
        used = (text,) if text in opened.known else _columns_of(text, opened)
        for column in used:
            _check_known(column, opened, DataError, "The question needs it")
            needed.add(column)
    columns = [column for column in opened.known if column in needed]
    read = _cleaned(opened, columns)
    if read.rows == 0:
        raise DataError(
            f"{opened.name}: the table has no rows, so there is nothing to estimate from. Check "
            "that it is the right file, and its layout."
        )
    return _computed(read, scalars)


def numbers(columns: Columns, variable: str) -> Floats:
    """Return a variable as numbers, NaN where it is missing; true is 1 and false 0.

    Raises:
        DataError: It holds text, or infinite values, so that no arithmetic is possible.
    """
    values = columns.values(variable)
    if pa.types.is_null(values.type):
        return np.full(columns.rows, np.nan)
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    if not (_is_number(values.type)):
        held = values.drop_null().to_pylist()
        wrong = sum(not isinstance(one, str) or isinstance(spelt(one), str) for one in held)
        why = f"{wrong} of {len(values)} rows hold something else"
        if not held:
            why = "no row holds anything"
        elif not wrong:
            why = "its numbers are written as text, with leading zeros or too many digits"
        raise DataError(
            f"{columns.name}: {variable!r} holds {_kind(values.type)}, and numbers are needed; "
            f"{why}. Correct them, name another column, or write a condition such as "
            "\"column = 'text'\"."
        )
    found = np.asarray(values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))
    infinite = int(np.isinf(found).sum())
    if infinite:
        raise DataError(
            f"{columns.name}: {variable!r} is infinite in {infinite} of {columns.rows} rows, so no "
            "figure can be made of it. Make those rows missing, or correct them."
        )
    return found


def numbered(columns: Columns, variable: str) -> tuple[Ints, pa.Array]:
    """Number the different values of a column by size, time or code point; −1 where missing.

    Returns:
        Codes (n,) and the values by code. The order of the rows has no part in it.
    """
    values = columns.values(variable)
    if pa.types.is_null(values.type):
        return np.full(columns.rows, -1, dtype=np.int64), values.slice(0, 0)
    encoded = values.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[np.asarray(order)] = np.arange(len(order))
    rank[-1] = -1
    index = encoded.indices.fill_null(len(order)).to_numpy(zero_copy_only=False)
    return rank[index.astype(np.int64)], encoded.dictionary.take(order)


def codes(columns: Columns, variable: str) -> tuple[Ints, list[Code]]:
    """Number the different values of a variable in the order they are shown; −1 where missing.

    That is the order of the file's value labels where it has them, then numbers by size, dates
    by time, text by code point. Whole numbers come back as integers, however the file stores
    them.

    Returns:
        Codes (n,) and the values by code.
    """
    code, sorted_values = numbered(columns, variable)
    values = [_plain(value) for value in sorted_values.to_pylist()]
    labelled = {held: place for place, held in enumerate(columns.labels.get(variable, ()))}
    # The sort keeps the order of values without a label, who stand after those with one.
    shown = sorted(range(len(values)), key=lambda at: labelled.get(values[at], len(labelled)))
    place = np.empty(len(values) + 1, dtype=np.int64)
    place[shown] = np.arange(len(values))
    place[-1] = -1
    return place[code], [values[at] for at in shown]


def truths(columns: Columns, variable: str) -> Bools:
    """Return a condition as true or false; unknown counts as false.

    Raises:
        DataError: The variable is neither a condition nor 0 and 1.
    """
    values = columns.values(variable)
    if pa.types.is_boolean(values.type):
        return np.asarray(values.fill_null(fill_value=False).to_numpy(zero_copy_only=False))
    known = numbers(columns, variable)
    other = int((~np.isnan(known) & (known != 0) & (known != 1)).sum())
    if other:
        raise DataError(
            f"{columns.name}: {variable!r} is to mark a subpopulation but is neither true nor "
            f'false, 0 nor 1, in {other} rows. Write a condition, such as "{variable} = 2".'
        )
    return np.asarray(known == 1)


def nearest(given: str, known: Iterable[str]) -> str:
    """Return `; the nearest is 'x'` for a name that is not known, or nothing."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(given.casefold(), list(folded), n=1, cutoff=0.5)
    return f"; the nearest is {folded[close[0]]!r}" if close else ""


def _columns_of(text: str, opened: OpenTable) -> tuple[str, ...]:
    """List the columns of an SQL scalar; a mere misspelt name is told as such."""
    if not text.strip():
        raise DefinitionError("A variable is empty; name a column or write an SQL scalar.")
    try:
        # A name such as `api.stu` is a column to a statistician and a table's column to SQL.
        if text.replace(".", "_").isidentifier():
            _check_known(text, opened, DataError, "The question needs it")
        return check_expression(text, field=f"variable {text!r}")
    except DefinitionError:
        if _WORDS.match(text):
            _check_known(text, opened, DataError, "The question needs it")
        raise


def _check_known(column: str, opened: OpenTable, fault: type[EvidenceError], why: str) -> None:
    times = opened.known.count(column)
    if times == 0:
        raise fault(
            f"{opened.name}: there is no column {column!r} among its {len(opened.known)}"
            f"{nearest(column, opened.known)}. {why}; names are read exactly, capitals included."
        )
    if times > 1:
        raise DataError(
            f"{opened.name}: {times} columns are called {column!r}, so it is not known which one "
            "is meant. Rename them."
        )


def _cleaned(opened: OpenTable, columns: Sequence[str]) -> Columns:
    rows = _read(opened, columns)
    missing: Mapping[str, Iterable[Code]] = getattr(opened.table, "missing", {})
    ranges: Mapping[str, Sequence[tuple[float, float]]] = getattr(
        opened.table, "missing_ranges", {}
    )
    kept = rows.select([])
    for column in columns:
        values = _valid(rows.column(column), missing.get(column, ()), ranges.get(column, ()))
        kept = kept.append_column(column, values)
    labels: Mapping[str, Mapping[Code, str]] = getattr(opened.table, "labels", {})
    return Columns(name=opened.name, table=kept, labels=labels)


def _read(opened: OpenTable, columns: Sequence[str]) -> pa.Table:
    to_table = getattr(opened.table, "to_table", None)
    if opened.stream is None and to_table is not None:
        # A projection onto no column would lose the number of rows.
        some: pa.Table = to_table(columns=list(columns) or list(opened.known[:1]))
        return some
    stream = opened.stream or pa.RecordBatchReader.from_stream(opened.table)
    return stream.read_all()


def _valid(
    column: pa.ChunkedArray, missing: Iterable[Code], ranges: Iterable[tuple[float, float]]
) -> pa.ChunkedArray:
    """Return a column without dictionary, with user-missing values and NaN as null."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.float64())
    if pa.types.is_floating(column.type):
        column = _nulled(column, pc.is_nan(column))
    codes_missing = _comparable(missing, column.type)
    if codes_missing:
        column = _nulled(column, pc.is_in(column, pa.array(codes_missing, column.type)))
    if _is_number(column.type):
        for low, high in ranges:
            inside = pc.and_(pc.greater_equal(column, low), pc.less_equal(column, high))
            column = _nulled(column, inside)
    return column


def _nulled(column: pa.ChunkedArray, where: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(where, pa.scalar(None, column.type), column)


def _comparable(missing: Iterable[Code], kind: pa.DataType) -> list[Code]:
    """Keep the user-missing codes that a column of this type can hold."""
    if pa.types.is_integer(kind):
        return [int(code) for code in missing if not isinstance(code, str) and code == int(code)]
    if pa.types.is_floating(kind):
        return [float(code) for code in missing if not isinstance(code, str)]
    return [code for code in missing if isinstance(code, str)]


def _computed(columns: Columns, scalars: Sequence[str]) -> Columns:
    arrays = compute(columns.table, {text: text for text in scalars}, name=columns.name)
    return Columns(name=columns.name, table=columns.table, labels=columns.labels, computed=arrays)


def spelt(value: Value) -> float | str:
    """Return the number that a value is or spells, else its text."""
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return float(value.strip().lower() == "true")
    try:
        return float(value)
    except ValueError:
        return str(value)


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def _kind(kind: pa.DataType) -> str:
    return "text" if pa.types.is_string(kind) or pa.types.is_large_string(kind) else str(kind)


def _plain(value: Code) -> Code:
    """Return a whole number as an integer, so that 2.0 of one file is the 2 of another."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
