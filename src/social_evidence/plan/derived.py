"""The allow-list for derived variables: which SQL scalars a definition may hold.

A definition comes from a file that anybody may have written, and an SQL engine can read files,
open networks and attach databases. So an expression is parsed, and every node of its tree must be
of a class named here; what is run later is generated from that tree, never from the text.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from typing import Final

from sqlglot import Dialect, exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from social_evidence.errors import DefinitionError

DIALECT: Final = "duckdb"
_ENGINE_SQL: Final = Dialect.get_or_raise(DIALECT)
MAX_LENGTH: Final = 4_000
MAX_NODES: Final = 600
MAX_DEPTH: Final = 60
_REMEMBERED: Final = 4_000

# Exact classes, not their descendants: a new sub-class of a later sqlglot is refused until read.
_NODES: Final[frozenset[type[exp.Expression]]] = frozenset(
    {
        exp.Literal, exp.Null, exp.Boolean, exp.Column, exp.Identifier, exp.Paren,
        exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg,
        exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
        exp.And, exp.Or, exp.Not, exp.Is, exp.Between, exp.In,
        exp.Case, exp.If, exp.Coalesce, exp.Nullif,
        exp.Cast, exp.DataType,
        exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.Least, exp.Greatest,
        exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.Length,
    }
)  # fmt: skip
_TYPES: Final = frozenset(
    {
        exp.DataType.Type.BOOLEAN,
        exp.DataType.Type.SMALLINT,
        exp.DataType.Type.INT,
        exp.DataType.Type.BIGINT,
        exp.DataType.Type.DOUBLE,
        exp.DataType.Type.TEXT,
        exp.DataType.Type.VARCHAR,
        exp.DataType.Type.DATE,
    }
)
_NAMES: Final = (
    "abs", "between", "case", "cast", "ceil", "coalesce", "floor", "greatest", "in", "is null",
    "least", "length", "lower", "nullif", "round", "substring", "trim", "upper",
)  # fmt: skip


def check_expression(
    sql: str, *, field: str, columns: Collection[str] | None = None
) -> tuple[str, ...]:
    """Check that one SQL scalar holds nothing but what a derived variable may hold.

    Args:
        sql: The expression, in DuckDB's dialect.
        field: Where it stands, for the message, such as `sources/hbai.toml: derived.over_third`.
        columns: Names it may use, exactly as written; `None` leaves the names unchecked.

    Returns:
        The columns it uses, sorted, each once.

    Raises:
        DefinitionError: The text does not parse, is not exactly one scalar, holds something
            outside the list, or names an unknown column (the nearest known one is suggested).
    """
    used = columns_used(_checked(sql, field))
    if columns is not None:
        for name in used:
            if name not in columns:
                raise DefinitionError(
                    f"{field}: column '{name}' is not known here{_nearest(name, columns)}. "
                    "Names are read exactly, capitals included."
                )
    return used


def parse_expression(sql: str, *, field: str) -> exp.Expression:
    """Parse one SQL scalar and refuse every node that is not on the list.

    Args:
        sql: The expression, in DuckDB's dialect.
        field: Where it stands, for the message.

    Returns:
        The checked tree.

    Raises:
        DefinitionError: As `check_expression`, but for the names of columns.
    """
    return _checked(sql, field).copy()


_CHECKED: Final[dict[str, exp.Expression]] = {}
"""Trees that passed, by their text: every wave of a source asks for the same ones again."""


def _checked(sql: str, field: str) -> exp.Expression:
    """Give the checked tree of a text, which nobody may change."""
    if sql not in _CHECKED:
        if len(_CHECKED) >= _REMEMBERED:
            _CHECKED.clear()
        _CHECKED[sql] = _read(sql, field)
    return _CHECKED[sql]


def _read(sql: str, field: str) -> exp.Expression:
    if len(sql) > MAX_LENGTH:
        raise DefinitionError(
            f"{field}: the expression has {len(sql):,} characters, more than {MAX_LENGTH:,}. "
            "Split it into several derived variables."
        )
    tree = _parse(sql, field)
    nodes = _within_bounds(tree, field)
    for node in nodes:
        _check_node(node, field)
        # A comment is text, and no text of a definition is ever handed on.
        node.comments = None
    return tree


def columns_used(tree: exp.Expression) -> tuple[str, ...]:
    """List the columns a checked tree reads, sorted, each once."""
    return tuple(sorted({column.name for column in tree.find_all(exp.Column)}))


def _parse(sql: str, field: str) -> exp.Expression:
    try:
        tokens = _ENGINE_SQL.tokenize(sql)
        if any(token.token_type is TokenType.SEMICOLON for token in tokens):
            raise DefinitionError(
                f"{field}: expected exactly one SQL scalar, got several statements. "
                "Remove the semicolon and what follows it."
            )
        # Read as a scalar from the start: attach, copy or pragma is then no tree at all.
        trees = _ENGINE_SQL.parse_into(exp.Condition, sql)
    except (SqlglotError, RecursionError) as fault:
        raise DefinitionError(
            f"{field}: the expression cannot be read as one SQL scalar: no statement, no alias, no "
            "second value. Check brackets, quotes and commas; text stands in single quotes."
        ) from fault
    if len(trees) != 1 or not isinstance(trees[0], exp.Expression):
        raise DefinitionError(f"{field}: the expression is empty. Write one SQL scalar.")
    return trees[0]


def _within_bounds(tree: exp.Expression, field: str) -> list[exp.Expression]:
    nodes = []
    for node, depth in _walk(tree):
        nodes.append(node)
        if len(nodes) > MAX_NODES or depth > MAX_DEPTH:
            raise DefinitionError(
                f"{field}: the expression is too large (more than {MAX_NODES} parts or "
                f"{MAX_DEPTH} levels). Split it into several derived variables."
            )
    return nodes


def _walk(tree: exp.Expression) -> Iterator[tuple[exp.Expression, int]]:
    """Visit every node with its depth, without recursion."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in node.iter_expressions())


def _check_node(node: exp.Expression, field: str) -> None:
    if type(node) not in _NODES:
        raise DefinitionError(f"{field}: {_refusal(node)}")
    if isinstance(node, exp.Column) and (len(node.parts) != 1 or not node.name):
        raise DefinitionError(
            f"{field}: '{node.sql(DIALECT)}' names a table. Write the column's name alone."
        )
    if isinstance(node, exp.Column) and not node.name.isprintable():
        raise DefinitionError(f"{field}: a column's name holds a control character.")
    if isinstance(node, exp.DataType) and not _is_plain_type(node):
        raise DefinitionError(
            f"{field}: a cast to {node.sql(DIALECT)} is not allowed. "
            "Known types: boolean, smallint, integer, bigint, double, varchar, date."
        )
    if isinstance(node, exp.Cast) and (node.args.get("format") or node.args.get("default")):
        raise DefinitionError(f"{field}: a cast takes a type and nothing else.")
    if isinstance(node, exp.In) and not node.expressions:
        raise DefinitionError(f"{field}: 'in' takes a list of values in brackets.")


def _is_plain_type(node: exp.DataType) -> bool:
    return node.this in _TYPES and not any(node.iter_expressions()) and not node.args.get("nested")


def _refusal(node: exp.Expression) -> str:
    """Say what is refused, and the nearest thing that is not."""
    if isinstance(node, exp.Func):
        name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
        name = name.lower()
        return (
            f"the function '{name}' is not allowed in a derived variable"
            f"{_nearest(name, _NAMES)}. Known: {', '.join(_NAMES)}."
        )
    return (
        f"'{type(node).__name__.lower()}' is not allowed in a derived variable. It is one scalar "
        "of literals, columns, arithmetic, comparisons, and/or/not, is null, case and "
        f"{', '.join(_NAMES[:6])}…"
    )


def _nearest(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    if not close:
        folded = {item.lower(): item for item in known}
        close = [
            folded[item] for item in difflib.get_close_matches(name.lower(), list(folded), n=1)
        ]
    return f" (did you mean '{close[0]}'?)" if close else ""
