"""The scan as SQL: trees built by sqlglot from checked parts, so that another engine can run them.

Four statements, each over the one before: `variables` (missing codes become null, derived variables
are evaluated), `evaluated` (weights, answers, codes as plain columns), `encoded` (the cached table,
integers only) and `totals` (grouped sums). Names are quoted, values are literals of ours, and every
expression that came from a definition has passed the allow-list.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from sqlglot import exp

from social_evidence.plan.derived import parse_expression
from social_evidence.plan.lanes import CROSSES, NONE, Lane, Lanes, lanes
from social_evidence.plan.scan import Column, Item, Scan
from social_evidence.plan.terms import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    INTEGER,
    TINYINT,
    Tree,
    cast,
    col,
    flag,
    is_endless,
    is_known,
    is_null,
    is_positive,
    largest_of,
    named,
    number,
    only_where,
    ranked,
    smallest_type,
    to_integer,
    zeroed,
)

SOURCE: Final = "source_table"
EVALUATED: Final = "evaluated"
NUMBERED: Final = "numbered"
ENCODED: Final = "encoded"
SET: Final = "cell_set"


def variables(scan: Scan, text_columns: Collection[str]) -> exp.Select:
    """Select the source's columns, missing codes as null, and the derived variables.

    Args:
        scan: What is asked.
        text_columns: Columns the source holds as text; codes are compared as text there.

    Returns:
        A statement over the table `source_table`.

    Raises:
        DefinitionError: A derived variable holds something outside the allow-list.
    """
    # What is made here belongs to the statement: copies of it would cost more than all else.
    own = (
        named(_without_missing(column, column.name in text_columns), column.name)
        for column in scan.columns
    )
    statement = _selected(own, exp.to_table(SOURCE))
    for derived in scan.derived:
        tree = parse_expression(
            derived.sql, field=f"{scan.source}: derived variable {derived.name}"
        )
        inner = statement.subquery("v", copy=False)
        statement = _selected([exp.Star(), named(tree, derived.name)], inner)
    return statement


def _selected(wanted: Iterable[Tree], source: Tree) -> exp.Select:
    """Select from a table, without a copy of either."""
    return exp.select(*wanted, copy=False).from_(source, copy=False)


def evaluated(
    scan: Scan, text_columns: Collection[str], real_columns: Collection[str]
) -> exp.Select:
    """Select the design, the answers and the codes of every row as plain columns.

    Args:
        scan: What is asked.
        text_columns: As in `variables`.
        real_columns: Columns and derived variables held as floating-point numbers: `f<name>` tells
            where one of them is infinite or NaN.

    Returns:
        A statement over the table `source_table`, with the columns `w`, `s0…`, `p0…`, `r0…`,
        `y0…`, `x0…`, `in0…`, `d0…` and `f…`.
    """
    sampling = scan.sampling
    weight = exp.Literal.number("1.0") if sampling.weight is None else col(sampling.weight)
    wanted = [named(cast(weight, DOUBLE), "w")]
    wanted += [named(col(name), f"s{j}") for j, name in enumerate(sampling.strata)]
    wanted += [named(col(name), f"p{j}") for j, name in enumerate(sampling.psu)]
    wanted += [
        named(cast(col(name), DOUBLE), f"r{j}") for j, name in enumerate(sampling.replicates)
    ]
    for i, item in enumerate(scan.items):
        wanted += _item_columns(scan, i, item)
    for k, where in enumerate(scan.domains):
        wanted.append(named(_domain(scan, where), f"in{k}"))
    for j, dimension in enumerate(scan.dimensions):
        code = checked(dimension.sql, f"{scan.source}: dimension {dimension.id}")
        wanted.append(named(cast(code, DOUBLE), f"d{j}"))
    wanted += [named(is_endless(col(name)), f"f{name}") for name in sorted(real_columns)]
    return _selected(wanted, variables(scan, text_columns).subquery("v", copy=False))


def scalar(expression: str, *, field: str) -> exp.Select:
    """Select one checked expression over `source_table` as `value`."""
    return exp.select(named(checked(expression, field), "value")).from_(exp.to_table(SOURCE))


def in_design(scan: Scan) -> Tree:
    """Say which evaluated rows belong to the design: all, or those that have a weight."""
    if scan.sampling.missing_weight == "outside_population":
        return is_known(col("w"))
    return exp.true()


def largest(scan: Scan) -> exp.Select:
    """Find the largest absolute value of every column that becomes an integer, by scale name."""
    wanted = [named(largest_of([tree]), name) for name, tree in _fixed_columns(scan).items()]
    replicates = [col(f"r{j}") for j in range(len(scan.sampling.replicates))]
    if replicates:
        wanted.append(named(largest_of(replicates), "r"))
        for name in _real_numbers(scan):
            products = [replicate * zeroed(col(name)) for replicate in replicates]
            wanted.append(named(largest_of(products), f"r*{name}"))
    wanted.append(named(exp.Count(this=exp.Star()), "rows"))
    return _selected(wanted, exp.to_table(EVALUATED)).where(in_design(scan), copy=False)


def numbering(scan: Scan) -> exp.Select:
    """List every stratum and PSU of the design once, in order: `stratum`, `n` and its `rows`.

    `n` numbers the rows of the list: PSUs in the clustered form, strata in the others.
    """
    strata = [col(f"s{j}") for j in range(len(scan.sampling.strata))]
    keys = [*strata, *(col(f"p{j}") for j in range(len(scan.sampling.psu)))]
    statement = exp.select(
        *keys,
        named(exp.Count(this=exp.Star()), "rows"),
        named(ranked("DENSE_RANK", strata) if strata else number(0), "stratum"),
        named(ranked("ROW_NUMBER", keys) if keys else number(0), "n"),
    )
    statement = statement.from_(exp.to_table(EVALUATED)).where(in_design(scan))
    return statement.group_by(*keys).order_by(col("n")) if keys else statement


def encoded(scan: Scan, scales: Mapping[str, int]) -> exp.Select:
    """Select the table that is cached: codes and integers only, sorted for the scan.

    Args:
        scan: What is asked.
        scales: Power of two of each fixed column.

    Returns:
        A statement over `evaluated` and `numbered` (strata and PSUs with their number `n`).
    """
    wanted = []
    if scan.sampling.form != "replicates":
        wanted.append(named(cast(col("n", "k"), INTEGER), unit_column(scan)))
    for j, dimension in enumerate(scan.dimensions):
        code = exp.func("COALESCE", col(f"d{j}"), number(dimension.size))
        wanted.append(named(cast(code, smallest_type(dimension.size)), f"d{j}"))
    for i, item in enumerate(scan.items):
        wanted.append(named(_answer_code(i, item), f"a{i}"))
    wanted += [named(flag(col(f"in{k}")), f"in{k}") for k in range(len(scan.domains))]
    for name, tree in _fixed_columns(scan).items():
        wanted.append(named(to_integer(tree, scales[name]), name))
    wanted += _replicate_columns(scan)
    statement = _selected(wanted, exp.alias_(exp.to_table(EVALUATED), "e", table=True))
    statement = statement.where(in_design(scan), copy=False)
    keys = [f"s{j}" for j in range(len(scan.sampling.strata))]
    keys += [f"p{j}" for j in range(len(scan.sampling.psu))]
    if scan.sampling.form != "replicates":
        same = [col(key, "e").eq(col(key, "k")) for key in keys]
        numbered = exp.alias_(exp.to_table(NUMBERED), "k", table=True)
        statement = statement.join(numbered, on=exp.and_(*same) if same else exp.true())
    keys_in_order = [col(name) for name in sort_columns(scan)]
    return statement.order_by(*keys_in_order) if keys_in_order else statement


def unit_column(scan: Scan) -> str:
    """Name the encoded column that holds a row's PSU or, unclustered, its stratum."""
    return "psu" if scan.sampling.form == "clustered" else "stratum"


def code_column(scan: Scan, dimension: str) -> str:
    """Name the encoded column of a dimension's code."""
    return f"d{[found.id for found in scan.dimensions].index(dimension)}"


def sort_columns(scan: Scan) -> tuple[str, ...]:
    """Name the columns the encoded table is sorted by: leading codes, then PSU or stratum."""
    leading = tuple(code_column(scan, dimension) for dimension in scan.leading)
    return leading if scan.sampling.form == "replicates" else (*leading, unit_column(scan))


def totals(
    scan: Scan, wanted: Lanes, scales: Mapping[str, int], sets: Sequence[int], codes: range | None
) -> exp.Select:
    """Sum every lane in every cell of some sets, in one statement with grouping sets.

    Args:
        scan: What is asked.
        wanted: Its lanes.
        scales: Power of two of each scale name.
        sets: Places in `scan.cells`.
        codes: Only rows whose first leading code lies in this range; `None` is every row.

    Returns:
        A statement over `encoded`: `cell_set` (a bit mask, see `set_mask`), unit, codes, sums.
    """
    unit = [] if scan.sampling.form == "replicates" else [col(unit_column(scan))]
    used = [d.id for d in scan.dimensions if any(d.id in scan.cells[s] for s in sets)]
    keys = [col(code_column(scan, dimension)) for dimension in used]
    mask = exp.func("GROUPING", *keys) if keys else number(0)
    sums = [named(_summed(lane, scales), f"t{place}") for place, lane in enumerate(wanted.lanes)]
    statement = exp.select(named(cast(mask, BIGINT), SET), *unit, *keys, *sums)
    statement = statement.from_(exp.to_table(ENCODED))
    if codes is not None:
        leading = col(code_column(scan, scan.leading[0]))
        statement = statement.where(leading.between(codes.start, codes.stop - 1))
    groupings = []
    for place in sets:
        names = [col(code_column(scan, d)) for d in used if d in scan.cells[place]]
        groupings.append(exp.Tuple(expressions=[key.copy() for key in (*unit, *names)]))
    sets_tree = exp.GroupingSets(expressions=groupings)
    statement.set("group", exp.Group(grouping_sets=[sets_tree]))
    return statement


def set_mask(scan: Scan, sets: Sequence[int], place: int) -> int:
    """Compute the GROUPING mask by which `totals` marks the rows of one set."""
    used = [d.id for d in scan.dimensions if any(d.id in scan.cells[s] for s in sets)]
    bits = "".join("0" if dimension in scan.cells[place] else "1" for dimension in used)
    return int(bits, 2) if bits else 0


def _item_columns(scan: Scan, i: int, item: Item) -> list[Tree]:
    """Make an item's numbers, null wherever the row does not count for it."""
    field = f"{scan.source}: item {item.id}"
    y = cast(checked(item.y, field), DOUBLE)
    counts = [_domain(scan, item.where, weighted=scan.sampling.form != "replicates")]
    x = None if item.x is None else cast(checked(item.x, field), DOUBLE)
    if x is not None:
        counts += [is_known(x), is_known(y)]
    columns = [named(only_where(exp.and_(*counts), y), f"y{i}")]
    if x is not None:
        columns.append(
            named(only_where(exp.and_(*(tree.copy() for tree in counts)), x.copy()), f"x{i}")
        )
    return columns


def _domain(scan: Scan, where: str | None, *, weighted: bool = True) -> Tree:
    """Say whether a row counts: weight above 0, in the universe, in the item's `where`."""
    parts: list[Tree] = []
    if weighted and scan.sampling.weight is not None:
        parts.append(is_positive(cast(col(scan.sampling.weight), DOUBLE)))
    tests = [text for text in (scan.universe, where) if text is not None]
    parts += [cast(checked(text, f"{scan.source}: where"), BOOLEAN) for text in tests]
    return exp.func("COALESCE", exp.and_(*parts), exp.false()) if parts else exp.true()


def _fixed_columns(scan: Scan) -> dict[str, Tree]:
    """Give every integer column of the encoded table as the real number it is made from."""
    needed = {lane.value for lane in lanes(scan).lanes if not lane.is_real}
    return {name: tree for name, tree in _products(scan) if name in needed}


def _products(scan: Scan) -> Iterator[tuple[str, Tree]]:
    """Name every product of weights and answers that a lane may sum."""
    w = col("w")
    yield "w", w
    yield "w2", w * w
    sides = [(zeroed(col(f"y{i}")), _denominator(i, item)) for i, item in enumerate(scan.items)]
    for i, (y, x) in enumerate(sides):
        yield f"wy{i}", w * y
        yield f"wx{i}", w * x
        yield f"wyy{i}", w * y * y
        yield f"wxy{i}", w * x * y
        yield f"wxx{i}", w * x * x
        yield f"yy{i}", (w * y) * (w * y)
        yield f"xy{i}", (w * x) * (w * y)
        yield f"xx{i}", (w * x) * (w * x)
    place = {item.id: i for i, item in enumerate(scan.items)}
    for j, (left, right) in enumerate(scan.crosses):
        a, b = sides[place[left]], sides[place[right]]
        for kind, (one, other) in zip(CROSSES, itertools.product(a, b), strict=True):
            yield f"{kind}{j}", (w * one) * (w * other)


def _denominator(i: int, item: Item) -> Tree:
    """Give an item's denominator: its x, or 1 where it has an answer."""
    if item.statistic == "ratio":
        return zeroed(col(f"x{i}"))
    return exp.case().when(is_null(col(f"y{i}")), number(0)).else_(number(1))


def _real_numbers(scan: Scan) -> list[str]:
    """Name the numbers that replicate weights multiply."""
    found = []
    for i, item in enumerate(scan.items):
        if item.statistic != "proportion":
            found.append(f"y{i}")
        if item.statistic == "ratio":
            found.append(f"x{i}")
    return found


def _replicate_columns(scan: Scan) -> list[Tree]:
    if scan.sampling.form != "replicates":
        return []
    positive = is_positive(col("w"))
    columns = [named(flag(positive), "positive")]
    columns += [named(col(f"r{j}"), f"r{j}") for j in range(len(scan.sampling.replicates))]
    return columns + [named(zeroed(col(name)), name) for name in _real_numbers(scan)]


def _answer_code(i: int, item: Item) -> Tree:
    y = col(f"y{i}")
    code = y if item.statistic == "proportion" else number(1)
    return cast(exp.case().when(is_null(y), number(NONE)).else_(code), TINYINT)


def _summed(lane: Lane, scales: Mapping[str, int]) -> Tree:
    """Sum one lane as an integer."""
    value: Tree = number(1) if lane.value is None else col(lane.value)
    if lane.is_real:
        product = value if lane.factor is None else value * col(lane.factor)
        value = to_integer(product, scales[lane.scale])
    for mask in lane.masks:
        column, state = col(mask.column), number(mask.state)
        passes = column.eq(state) if mask.equal else column.neq(state)
        value = exp.case().when(passes, value).else_(number(0))
    return cast(exp.Sum(this=value), BIGINT)


def _without_missing(column: Column, is_text: bool) -> Tree:
    name = col(column.name)
    codes = [code for code in column.missing if is_text or not _is_word(code)]
    compared: Tree = name
    if is_text and column.trim:
        codes = [str(code).strip().lower() for code in codes]
        compared = exp.Lower(this=exp.Trim(this=name.copy()))
    tests: list[Tree] = [compared.isin(*(_code(code, is_text) for code in codes))] if codes else []
    tests += [
        name.copy().between(exp.Literal.number(repr(low)), exp.Literal.number(repr(high)))
        for low, high in column.missing_ranges
        if not is_text
    ]
    return exp.case().when(exp.or_(*tests), exp.null()).else_(name.copy()) if tests else name


def _is_word(code: str | float) -> bool:
    """Say whether a code is text that no number can equal."""
    if not isinstance(code, str):
        return False
    try:
        float(code)
    except ValueError:
        return True
    return False


def _code(code: str | float, is_text: bool) -> Tree:
    if is_text:
        return exp.Literal.string(str(code))
    return exp.convert(code if not isinstance(code, str) else float(code))


def checked(text: str, field: str) -> exp.Paren:
    """Parse one expression of a definition, refusing whatever is not on the allow-list."""
    return exp.paren(parse_expression(text, field=field))
