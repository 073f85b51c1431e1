"""Small SQL trees: the words from which `plan.sql` makes its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlglot import exp

Tree = exp.Expr

BOOLEAN: Final = exp.DType.BOOLEAN
BIGINT: Final = exp.DType.BIGINT
DOUBLE: Final = exp.DType.DOUBLE
INTEGER: Final = exp.DType.INT
TINYINT: Final = exp.DType.UTINYINT
SMALLINT: Final = exp.DType.USMALLINT


def col(name: str, table: str | None = None) -> exp.Column:
    """Name a column, always quoted."""
    return exp.column(name, table=table, quoted=True)


def named(tree: Tree, name: str) -> Tree:
    """Give an expression a quoted name; it belongs to what is made here from then on."""
    return exp.alias_(tree, name, quoted=True, copy=False)


def cast(tree: Tree, to: exp.DType) -> Tree:
    """Convert to a type."""
    return exp.Cast(this=tree, to=exp.DataType.build(to))


def number(value: int) -> Tree:
    """Write a whole number."""
    return exp.Literal.number(value)


def is_null(tree: Tree) -> Tree:
    """Test for null."""
    return exp.Is(this=tree.copy(), expression=exp.null())


def is_known(tree: Tree) -> Tree:
    """Test for anything but null."""
    return exp.Not(this=is_null(tree))


def is_endless(tree: Tree) -> Tree:
    """Test a floating-point number for infinity and NaN."""
    return exp.or_(exp.IsNan(this=tree.copy()), exp.IsInf(this=tree.copy()))


def is_positive(tree: Tree) -> Tree:
    """Test for more than nothing."""
    return exp.GT(this=tree.copy(), expression=number(0))


def zeroed(tree: Tree) -> exp.Condition:
    """Take 0 for null."""
    return exp.func("COALESCE", tree, number(0))


def only_where(condition: Tree, value: Tree) -> Tree:
    """Give a value where a condition holds, else null."""
    return exp.case().when(condition, value).else_(exp.null())


def flag(condition: Tree) -> Tree:
    """Give 1 where a condition holds, else 0."""
    return cast(exp.case().when(condition, number(1)).else_(number(0)), TINYINT)


def count_where(condition: Tree) -> Tree:
    """Count the rows on which a condition holds."""
    return exp.Count(this=exp.case().when(condition.copy(), number(1)))


def largest_of(trees: Sequence[Tree]) -> Tree:
    """Find the largest absolute value of some numbers over all rows, 0 if there are none."""
    sizes = [exp.Abs(this=tree.copy()) for tree in trees]
    widest: Tree = sizes[0] if len(sizes) == 1 else exp.func("GREATEST", *sizes)
    return zeroed(exp.Max(this=widest))


def ranked(function: str, keys: Sequence[Tree]) -> Tree:
    """Number rows, or groups of equal rows, from 0 in the order of some columns."""
    order = exp.Order(expressions=[exp.Ordered(this=key.copy()) for key in keys])
    rank = exp.Window(this=exp.Anonymous(this=function), order=order)
    return cast(exp.Sub(this=rank, expression=number(1)), BIGINT)


def to_integer(tree: Tree, scale: int) -> Tree:
    """Multiply by 2^scale and round half to even: the one place where a number is rounded."""
    # A power of two multiplies exactly; its shortest decimal form reads back as the same double.
    power = cast(exp.Literal.string(repr(2.0**scale)), DOUBLE)
    product = exp.Mul(this=exp.paren(tree), expression=power)
    return cast(exp.Anonymous(this="ROUND_EVEN", expressions=[product, number(0)]), BIGINT)


def smallest_type(largest_code: int) -> exp.DType:
    """Choose the narrowest unsigned type that holds a code."""
    if largest_code < 2**8:
        return TINYINT
    return SMALLINT if largest_code < 2**16 else INTEGER
