"""Scalars over the rows of one table: order, names, nulls, refusals."""

from __future__ import annotations

import pyarrow as pa
import pytest

from social_evidence.engine.columns import compute
from social_evidence.errors import DataError, DefinitionError

ROWS = pa.table({"a.b": [3, 1, None, 2], "A": ["x", "y", None, "x"], "a": [0, 1, 2, None]})


@pytest.mark.parametrize(
    ("sql", "values"),
    [
        ('"a.b" > 1', [True, False, None, True]),
        ("A = 'x'", [True, False, None, True]),
        ("a + 1", [1, 2, 3, None]),
        ("coalesce(a, 9)", [0, 1, 2, 9]),
        ("1", [1, 1, 1, 1]),
        ("case when A = 'x' then a / 2.0 end", [0.0, None, None, None]),
    ],
)
def test_a_scalar_is_computed_row_by_row(sql: str, values: list[object]) -> None:
    assert compute(ROWS, {"it": sql}, name="rows")["it"].to_pylist() == values


def test_columns_that_differ_in_capitals_are_kept_apart() -> None:
    found = compute(ROWS, {"upper": "A", "lower": "a"}, name="rows")
    assert found["upper"].to_pylist() == ["x", "y", None, "x"]
    assert found["lower"].to_pylist() == [0, 1, 2, None]


def test_rows_keep_their_order_in_a_large_table() -> None:
    rows = pa.table({"x": range(300_000)})
    assert compute(rows, {"it": "x * 2"}, name="rows")["it"].equals(
        pa.array([2 * x for x in range(300_000)], pa.int64())
    )


def test_a_constant_has_a_value_for_each_row_of_a_table_without_columns() -> None:
    rows = ROWS.select([])
    assert compute(rows, {"it": "1"}, name="rows")["it"].to_pylist() == [1] * 4


def test_nothing_asked_is_nothing_computed() -> None:
    assert compute(ROWS, {}, name="rows") == {}


@pytest.mark.parametrize("sql", ["1 / a", "cast(a as double) / 0"])
def test_an_infinite_result_is_refused_with_its_count(sql: str) -> None:
    with pytest.raises(DataError, match=r"rows: it is not a finite number in \d rows"):
        compute(ROWS, {"it": sql}, name="rows")


def test_text_in_arithmetic_is_refused_without_a_value() -> None:
    with pytest.raises(DataError, match="cannot be computed") as refusal:
        compute(ROWS, {"it": "cast(A as integer)"}, name="rows")
    assert "'x'" not in str(refusal.value)


@pytest.mark.parametrize(
    "sql", ["read_csv('x')", "(select 1)", "sum(a)", "1; attach 'x'", "t.a", "getenv('HOME')"]
)
def test_what_is_not_on_the_list_never_reaches_the_engine(sql: str) -> None:
    with pytest.raises(DefinitionError):
        compute(ROWS, {"it": sql}, name="rows")
