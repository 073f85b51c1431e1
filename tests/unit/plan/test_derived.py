"""The allow-list: what a derived variable may hold, and what is thrown at it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.errors import DefinitionError
from social_evidence.plan.derived import DIALECT, MAX_DEPTH, check_expression, parse_expression

ALLOWED = {
    "case when A is null or B is null then null when A > 0 then B > A / 3.0 else B > 0 end": "AB",
    "A in (1, 2) and not B = 3": "AB",
    "coalesce(A, 0) + nullif(B, -9)": "AB",
    "A between 1 and 4": "A",
    "-A % 2": "A",
    "cast(A as integer)": "A",
    "A::double / 2": "A",
    "abs(round(A, 1)) <= floor(ceil(B))": "AB",
    "greatest(A, least(B, 3))": "AB",
    "lower(trim(A)) = 'yes' or upper(A) = 'NO'": "A",
    "substring(A, 1, 2) = '01'": "A",
    "length(A) > 2": "A",
    "case A when 1 then 'x' else 'y' end": "A",
    "A is not null": "A",
    "true": "",
    "'it''s -- not; a comment'": "",
}

HOSTILE = [
    "1; attach 'x.db'", "1; drop table evaluated", "1;", ";", "attach 'x.db'", "detach x",
    "copy evaluated to 'x.csv'", "copy evaluated from 'x.csv'", "pragma database_list",
    "pragma_version()", "install httpfs", "load httpfs", "set memory_limit = '1TB'",
    "reset threads",
    "call duckdb_settings()", "create table x as select 1", "drop table x",
    "insert into x values (1)",
    "update x set a = 1", "delete from x", "export database 'x'", "import database 'x'", "use x",
    "select 1", "(select 1)", "(select count(*) from evaluated)", "exists (select 1)",
    "A in (select B from evaluated)", "A in B", "A = any (select 1)", "A > all (select 1)",
    "case when A then (select 1) end", "with x as (select 1) select * from x", "values (1)",
    "A union select 1", "1 from evaluated", "table evaluated", "from evaluated",
    "read_csv('/etc/passwd')", "read_csv_auto('https://example.org/x')", "read_parquet('x')",
    "read_text('/etc/passwd')", "read_blob('x')", "read_json('x')", "glob('*')", "sniff_csv('x')",
    "parquet_scan('x')", "sqlite_scan('x', 'y')", "query('select 1')", "query_table('evaluated')",
    "getenv('HOME')", "getvariable('x')", "current_setting('temp_directory')", "version()",
    "current_user", "current_database()", "random()", "uuid()", "now()", "current_date",
    "current_timestamp", "sleep_ms(1000)", "write_log('x')", "nextval('x')",
    "sum(A)", "count(*)", "max(A)", "list(A)", "string_agg(A, ',')", "sum(A) over ()",
    "row_number() over (order by A)", "lag(A) over (order by B)", "unnest([1, 2])",
    "list_transform([1], x -> x + 1)", "A -> '$.x'", "A ->> 'x'", "lambda x: x", "x -> x",
    "[1, 2]", "[1, 2][1]", "A[1]", "{'a': 1}", "struct_pack(a := 1)", "map {1: 2}", "range(10)",
    "*", "evaluated.*", "columns(*)", "columns('A')", "evaluated.A", "main.evaluated.A", "A.B.C",
    "A, B", "A as B", "A B", "x := 1", "$1", "?", "$name", ":name", "#1",
    "A like '%x%'", "A ilike 'x'", "A ~ 'x'", "A similar to 'x'", "A glob 'x'",
    "regexp_matches(A, '(a+)+$')", "A collate nocase", "A || B", "repeat('x', 1000000000)",
    "try_cast(A as integer)", "cast(A as blob)", "cast(A as integer[])", "cast(A as json)",
    "cast(A as struct(x integer))", "cast(A as decimal(38, 10))", "cast(A as text collate nocase)",
    "A::regclass", "interval 1 day", "A at time zone 'UTC'", "extract(year from A)",
    "date_part('year', A)",
    "A is distinct from B", "A ** B", "A // B", "A & B", "A << 60", "~A", "distinct A",
    "if(A, (select 1), 2)", "array(select 1)", "A within group (order by B)", "A filter (where B)",
    "", "   ", "-- nothing", "/* nothing", "(", ")", "((A)", "'", '"', "case when A", "A +",
    "\x00", "\\", "{{ A }}",
]  # fmt: skip


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_a_derived_variable_needs_is_allowed_and_its_columns_are_named(sql):
    assert check_expression(sql, field="f") == tuple(ALLOWED[sql])


@pytest.mark.parametrize("sql", HOSTILE)
def test_hostile_expressions_are_refused_by_a_definition_error_naming_the_field(sql):
    with pytest.raises(DefinitionError, match=r"sources/x\.toml: derived\.y"):
        check_expression(sql, field="sources/x.toml: derived.y")


def test_there_are_more_than_fifty_hostile_expressions():
    assert len(set(HOSTILE)) >= 50


@pytest.mark.parametrize(
    "sql",
    [
        "(" * 2000 + "1" + ")" * 1999,
        "(" * (MAX_DEPTH + 5) + "1" + ")" * (MAX_DEPTH + 5),
        "1" + "+1" * 1500,
        "-" * 3000 + "1",
        "not " * 900 + "A",
        "case when A then " * 100 + "1" + " end" * 100,
        "A" * 5000,
    ],
    ids=["brackets", "depth", "sum", "minus", "not", "case", "name"],
)
def test_expressions_out_of_proportion_are_refused(sql):
    with pytest.raises(DefinitionError):
        check_expression(sql, field="f")


def test_an_unknown_column_is_named_with_the_nearest_known_one():
    with pytest.raises(DefinitionError, match=r"'EHCOSTS' is not known .*did you mean 'EHCOST'"):
        check_expression("EHCOSTS > 1", field="f", columns=["EHCOST", "ENTINCHH"])


def test_a_column_in_other_capitals_is_unknown_but_suggested():
    with pytest.raises(DefinitionError, match="did you mean 'EHCOST'"):
        check_expression("ehcost > 1", field="f", columns=["EHCOST"])


def test_a_refused_function_is_named_with_the_nearest_allowed_one():
    with pytest.raises(
        DefinitionError, match=r"'coalesced' is not allowed.*did you mean 'coalesce'"
    ):
        check_expression("coalesced(A, 1)", field="f")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_either_a_checked_scalar_or_a_definition_error(text):
    try:
        used = check_expression(text, field="f")
    except DefinitionError:
        return
    assert list(used) == sorted(set(used))


@pytest.mark.parametrize(
    "text", ["A /* read_text('x') */ + 1", "A + 1 -- read_text('x')", "A -- */ x /*\n + 1"]
)
def test_no_comment_is_handed_on(text):
    written = parse_expression(text, field="f").sql(DIALECT, identify=True)
    assert written == '"A" + 1'
