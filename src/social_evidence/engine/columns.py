"""Compute columns of one table in memory: a scalar a row, in the order of the rows.

The grouped scan of a build never needs single rows; `estimate` does, because a statistician's
condition (`api00 > 650`) is one more column of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from social_evidence.errors import DataError
from social_evidence.plan.derived import DIALECT, parse_expression

# One thread keeps the rows in their order; nothing outside the table can be reached, and nothing
# of it is spilled into the folder we were started in.
_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": False,
    "threads": 1,
    "temp_directory": "",
}


def compute(table: pa.Table, expressions: Mapping[str, str], *, name: str) -> dict[str, pa.Array]:
    """Compute SQL scalars over the rows of a table.

    Every expression passes the allow-list of derived variables, and columns are handed over under
    names of our own, so that neither spelling nor capitals of a file's columns matter to SQL.

    Args:
        table: The columns that the expressions use; missing values are null.
        expressions: What a message calls the expression -> the SQL scalar.
        name: What messages call the table.

    Returns:
        One array an expression under its key, aligned with the rows; null where unknown.

    Raises:
        DefinitionError: An expression holds something outside the allow-list.
        DataError: The values cannot be computed (text where a number is needed), or some are
            infinite: the count of rows is named, never a value.
    """
    if not expressions:
        return {}
    positions = {column: index for index, column in enumerate(table.column_names)}
    selected = [
        f"{_internal_sql(sql, field, positions)} AS e{index}"
        for index, (field, sql) in enumerate(expressions.items())
    ]
    # A file without columns still has rows: the row number stands in, so that `1` can be counted.
    rows = pa.table(
        {
            **{f"c{index}": column for index, column in enumerate(table.columns)},
            "row_number": pa.array(range(table.num_rows), pa.int64()),
        }
    )
    result = _run(f"SELECT {', '.join(selected)} FROM source", rows, expressions, name)
    computed = {
        field: result.column(index).combine_chunks() for index, field in enumerate(expressions)
    }
    for field, values in computed.items():
        _check_finite(values, field, name)
    return computed


def _internal_sql(sql: str, field: str, positions: Mapping[str, int]) -> str:
    """Write a checked expression out again with the columns under their internal names."""
    tree = parse_expression(sql, field=field).copy()
    for column in list(tree.find_all(exp.Column)):
        column.set("this", exp.to_identifier(f"c{positions[column.name]}"))
    return tree.sql(DIALECT)


def _run(query: str, rows: pa.Table, expressions: Mapping[str, str], name: str) -> pa.Table:
    with duckdb.connect(config=_SETTINGS) as connection:
        connection.register("source", rows)
        try:
            return connection.sql(query).to_arrow_table()
        except duckdb.Error as fault:
            wanted = "; ".join(expressions)
            raise DataError(
                f"{name}: {wanted} cannot be computed from the file's values "
                f"({type(fault).__name__}). Compare text with text in single quotes and numbers "
                "with numbers, and write column names that hold dots or blanks in double quotes."
            ) from fault


def _check_finite(values: pa.Array, field: str, name: str) -> None:
    if not pa.types.is_floating(values.type):
        return
    faulty = pc.sum(pc.invert(pc.is_finite(values))).as_py() or 0
    if faulty:
        raise DataError(
            f"{name}: {field} is not a finite number in {faulty} rows (a division by zero?), so no "
            "estimate can use it. Say what such rows mean, for example with nullif(denominator, 0)."
        )
