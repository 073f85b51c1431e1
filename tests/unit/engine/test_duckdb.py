"""The walls around the SQL engine, and the evaluation of single expressions."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.engine.connection import open_connection
from social_evidence.engine.duckdb import evaluate_scalar, null_probe
from social_evidence.errors import DataError, DefinitionError
from social_evidence.plan.scan import Derived
from social_evidence.plan.terms import col, named, to_integer

HOUSING = (
    "case when income is null or cost is null then null "
    "when income > 0 then cost > income / 3.0 else cost > 0 end"
)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('/etc/hostname')",
        "select * from read_text('/etc/hostname')",
        "select * from glob('/*')",
        "attach '{outside}/other.db'",
        "copy (select 1) to '{outside}/out.csv'",
        "install httpfs",
        "load httpfs",
        "set threads = 1",
        "set enable_external_access = true",
        "reset allowed_directories",
    ],
)
def test_a_connection_reaches_nothing_outside_its_folder(statement, tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    with open_connection(inside) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement.format(outside=outside))
    assert not any(outside.iterdir())


def test_python_variables_cannot_be_read_by_name():
    secret = pa.table({"x": [1]})
    with open_connection(None) as connection, pytest.raises(duckdb.Error, match="secret"):
        connection.execute("select * from secret")
    assert secret.num_rows == 1


def test_an_expression_is_evaluated_row_by_row():
    rows = [{"income": 90, "cost": 40}, {"income": 0, "cost": 0}, {"income": None, "cost": 1}]
    assert evaluate_scalar(HOUSING, rows) == [True, False, None]


def test_an_expression_that_cannot_be_computed_shows_no_value():
    with pytest.raises(DataError, match="cannot be computed") as caught:
        evaluate_scalar("cast(a as integer)", [{"a": "my secret"}])
    assert "secret" not in str(caught.value)


def test_a_hostile_expression_is_not_evaluated():
    with pytest.raises(DefinitionError, match="not allowed"):
        evaluate_scalar("read_text(a)", [{"a": "/etc/hostname"}])


def test_a_column_the_examples_lack_is_named():
    with pytest.raises(DefinitionError, match=r"'costs' is not known here .*'cost'"):
        evaluate_scalar("costs > 1", [{"cost": 1}])


def test_a_derived_variable_that_minds_every_null_passes():
    null_probe(Derived(name="over_third", sql=HOUSING), {"income": 90.0, "cost": 40.0})


@pytest.mark.parametrize(
    "sql", ["coalesce(income, 0) > cost", "case when income < 10 then true else cost > 1 end"]
)
def test_a_derived_variable_that_forgets_a_null_is_named_with_the_input(sql):
    with pytest.raises(DefinitionError, match=r"'d'.*although 'income' is not known"):
        null_probe(Derived(name="d", sql=sql), {"income": 90.0, "cost": 40.0})


def test_a_null_that_means_something_is_said_so_in_writing():
    derived = Derived(name="d", sql="coalesce(income, 0) > cost", null_means=("income",))
    null_probe(derived, {"income": 90.0, "cost": 40.0})


def test_a_probe_whose_example_is_null_itself_is_refused():
    with pytest.raises(DefinitionError, match="its example gives null"):
        null_probe(Derived(name="d", sql="income + cost"), {"income": 1.0, "cost": None})


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.integers(-3, 40))
def test_rounding_in_sql_is_half_to_even_as_in_python(values, scale):
    halves = [*values, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5]
    halves = [value / 2.0**scale for value in halves]
    table = pa.table({"x": pa.array(halves)})
    with duckdb.connect() as connection:
        connection.register("t", table)
        statement = f"select {named(to_integer(col('x'), scale), 'n').sql('duckdb')} from t"
        found = [row[0] for row in connection.execute(statement).fetchall()]
    assert found == [round(value * 2.0**scale) for value in halves]
