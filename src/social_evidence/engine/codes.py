"""Which different values a file's variables hold, before a scan is compiled against them.

A code that no definition maps must stop the build, with the count of rows it would lose; so the
values are listed first, after missing codes became null and derived variables were computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import pyarrow as pa

from social_evidence.engine import cache
from social_evidence.engine.connection import UNCOMPUTABLE, open_connection
from social_evidence.engine.streams import check_stream
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.table import SourceTable
from social_evidence.plan import sql
from social_evidence.plan.codes import identifier, literal, number, plain
from social_evidence.plan.derived import DIALECT, parse_expression
from social_evidence.plan.scan import Column, Derived, Item, Sampling, Scan

_AT_ONCE: Final = 40
"""Variables listed in one pass; GROUPING numbers its sets in 63 bits."""


RangeChecks = Mapping[tuple[str, str], Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a file's variables hold.

    values: variable -> the different values with the rows that have each, sorted; missing ones
    are left out. outside: key of a range check -> rows outside all its ranges. rows: in the file.
    """

    values: Mapping[str, tuple[tuple[object, int], ...]]
    outside: Mapping[tuple[str, str], int]
    rows: int


def listing(
    table: SourceTable,
    *,
    columns: Sequence[Column],
    derived: Sequence[Derived],
    variables: Sequence[str],
    ranges: RangeChecks,
) -> Listing:
    """List the values of some variables of a table.

    Args:
        table: The source.
        columns: Columns to read, with their missing codes.
        derived: Derived variables, each after those it builds on.
        variables: Columns and derived variables whose values are wanted.
        ranges: (variable, what says so) -> ranges one of which every number must lie in.

    Returns:
        Values and counts of rows; never which row has which value.

    Raises:
        DataError: A column is missing, or a derived variable cannot be computed.
        DefinitionError: A derived variable does not fit the columns' types.
    """
    schema = pa.RecordBatchReader.from_stream(table).schema
    for column in columns:
        if column.name not in schema.names:
            raise DataError(f"{table.name}: column {column.name!r} is not in the file.")
    text = {field.name for field in schema if _is_text(field.type)}
    if strange := sorted({name for name, _ in ranges if name in text}):
        raise _no_numbers(table, strange[0])
    base = _base(columns, derived, table.name, text)
    found: dict[str, tuple[tuple[object, int], ...]] = {}
    rows, outside = 0, dict.fromkeys(ranges, 0)
    for start in range(0, max(len(variables), 1), _AT_ONCE):
        part = variables[start : start + _AT_ONCE]
        rows, more, outside = _one_pass(table, base, part, ranges)
        found.update(more)
    return Listing(values=found, outside=outside, rows=rows)


def _no_numbers(table: SourceTable, column: str) -> DataError:
    """Make the refusal of text where a range of numbers is declared: counted, never shown."""
    count, texts = 0, 0
    for batch in pa.RecordBatchReader.from_stream(table):
        values = batch.column(column).to_pylist()
        count += len(values)
        texts += sum(value is not None and number(plain(value)) is None for value in values)
    if not count:
        return DataError(
            f"{table.name}: there are no rows, so nothing can be estimated. Fetch the file again, "
            "or correct its layout."
        )
    return DataError(
        f"{table.name}: column {column!r} must hold numbers, and {texts:,} of {count:,} rows hold "
        "other text. Correct the file, or list what means no answer in layout.null_text."
    )


def _base(
    columns: Sequence[Column], derived: Sequence[Derived], source: str, text: set[str]
) -> str:
    scan = Scan(
        source=source,
        columns=tuple(columns),
        derived=tuple(derived),
        sampling=Sampling(form="unclustered"),
        items=(Item(id="rows", statistic="total", y="1"),),
        dimensions=(),
        cells=((),),
    )
    names = {column.name for column in columns}
    return str(sql.variables(scan, text & names).sql(DIALECT, identify=True, copy=False))


def _one_pass(
    table: SourceTable,
    base: str,
    variables: Sequence[str],
    ranges: RangeChecks,
) -> tuple[int, dict[str, tuple[tuple[object, int], ...]], dict[tuple[str, str], int]]:
    """Group by each variable on its own, in one statement over one stream."""
    names = [identifier(variable) for variable in variables]
    outside = [f"count(*) FILTER (WHERE {_is_outside(*check)})" for check in ranges.items()]
    mask = f"grouping({', '.join(names)})" if names else "0"
    sets = ", ".join(["()", *(f"({name})" for name in names)])
    wanted = ", ".join([mask, "count(*)", *names, *outside])
    statement = f"SELECT {wanted} FROM ({base}) AS v GROUP BY GROUPING SETS ({sets})"
    listed = _run(table, statement)
    n = len(names)
    total = next((row for row in listed if row[0] == (1 << n) - 1), None)
    found: dict[str, list[tuple[object, int]]] = {variable: [] for variable in variables}
    for row in listed:
        place = next((i for i in range(n) if row[0] == ((1 << n) - 1) ^ (1 << (n - 1 - i))), None)
        if place is not None and row[2 + place] is not None:
            found[variables[place]].append((row[2 + place], int(row[1])))
    counts = dict.fromkeys(ranges, 0)
    if total is not None:
        counts = {name: int(count) for name, count in zip(ranges, total[2 + n :], strict=True)}
    ordered = {name: tuple(sorted(values, key=_in_order)) for name, values in found.items()}
    return (0 if total is None else int(total[1])), ordered, counts


def _is_outside(key: tuple[str, str], ranges: Sequence[tuple[float, float]]) -> str:
    name = identifier(key[0])
    inside = " OR ".join(
        f"{name} BETWEEN {literal(low)} AND {literal(high)}" for low, high in ranges
    )
    return f"{name} IS NOT NULL AND NOT ({inside})"


def _in_order(pair: tuple[object, int]) -> tuple[int, float, str]:
    value = pair[0]
    if isinstance(value, (int, float)):
        return (0, float(value), str(value))
    return (1, 0.0, str(value))


def _run(table: SourceTable, statement: str) -> list[tuple[Any, ...]]:
    with cache.work_folder() as work, open_connection(work) as connection:
        connection.register(sql.SOURCE, pa.RecordBatchReader.from_stream(table))
        try:
            return connection.execute(statement).fetchall()
        except (duckdb.BinderException, duckdb.ParserException) as fault:
            told = str(fault).splitlines()[0].partition(": ")[2]
            raise DefinitionError(
                f"{table.name}: a derived variable or a valid range does not fit the columns' "
                f"types ({told}). Compare numbers with numbers and text with text."
            ) from fault
        except UNCOMPUTABLE as fault:
            check_stream(table)
            raise DataError(
                f"{table.name}: a variable cannot be computed from the file's values: text stands "
                "where a number is expected, or a division is by zero. Declare such codes as "
                "missing in the source."
            ) from fault


def _is_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner))


def rows(
    table: SourceTable,
    *,
    columns: Sequence[Column],
    derived: Sequence[Derived],
    expressions: Mapping[str, str],
) -> pa.Table:
    """Compute some expressions for every row, in memory: what a quantile needs.

    Args:
        table: The source.
        columns: Columns to read, with their missing codes.
        derived: Derived variables, each after those it builds on.
        expressions: Name -> SQL scalar over columns and derived variables.

    Returns:
        One column an expression; the order of rows means nothing.

    Raises:
        DataError: An expression cannot be computed from the file's values.
        DefinitionError: An expression holds something outside the allow-list.
    """
    schema = pa.RecordBatchReader.from_stream(table).schema
    text = {field.name for field in schema if _is_text(field.type)}
    base = _base(columns, derived, table.name, text)
    wanted = ", ".join(
        f"({parse_expression(sql_text, field=name).sql(DIALECT)}) AS {identifier(name)}"
        for name, sql_text in expressions.items()
    )
    with cache.work_folder() as work, open_connection(work) as connection:
        connection.register(sql.SOURCE, pa.RecordBatchReader.from_stream(table))
        try:
            return connection.sql(f"SELECT {wanted} FROM ({base}) AS v").to_arrow_table()
        except (duckdb.BinderException, *UNCOMPUTABLE) as fault:
            check_stream(table)
            raise DataError(
                f"{table.name}: {', '.join(expressions)} cannot be computed from the file's "
                f"values ({type(fault).__name__}). Declare codes for no answer as missing."
            ) from fault
