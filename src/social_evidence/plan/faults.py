"""The faults of a table: statements that count them, and which of them stops a scan and how."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from sqlglot import exp

from social_evidence.errors import DataError, DesignError
from social_evidence.plan import sql
from social_evidence.plan.scan import Scan
from social_evidence.plan.terms import (
    DOUBLE,
    Tree,
    cast,
    col,
    count_where,
    is_endless,
    is_null,
    named,
    number,
)


def fault_counts(scan: Scan, real_columns: Collection[str]) -> exp.Select:
    """Count what makes a table unusable, over the evaluated rows, in one row of numbers.

    Returns:
        `rows`, `no_weight`, `negative`, `endless` (weights), `no_stratum`, `no_psu`, and per part
        `f<name>`, `y<i>` (a share that is not 0 or 1), `e<i>` (an item not finite), `d<j>`, `r<j>`.
    """
    w = col("w")
    wanted = [
        named(exp.Count(this=exp.Star()), "rows"),
        named(count_where(is_null(w)), "no_weight"),
        named(count_where(exp.LT(this=w, expression=number(0))), "negative"),
        named(count_where(is_endless(w)), "endless"),
        named(count_where(_unknown(scan, "s", len(scan.sampling.strata))), "no_stratum"),
        named(count_where(_unknown(scan, "p", len(scan.sampling.psu))), "no_psu"),
    ]
    wanted += [named(count_where(col(f"f{name}")), f"f{name}") for name in sorted(real_columns)]
    for i, item in enumerate(scan.items):
        y = col(f"y{i}")
        if item.statistic == "proportion":
            wanted.append(named(count_where(exp.Not(this=y.isin(0, 1))), f"y{i}"))
        sides = [y] if item.x is None else [y, col(f"x{i}")]
        either = exp.or_(*(is_endless(side) for side in sides))
        wanted.append(named(count_where(either), f"e{i}"))
    for j, dimension in enumerate(scan.dimensions):
        code = col(f"d{j}")
        whole = exp.and_(code.between(0, dimension.size - 1), code.eq(exp.Floor(this=code)))
        wanted.append(named(count_where(exp.Not(this=whole)), f"d{j}"))
    for j in range(len(scan.sampling.replicates)):
        r = col(f"r{j}")
        unusable = exp.or_(is_null(r), is_endless(r))
        wanted.append(named(count_where(exp.and_(sql.in_design(scan), unusable)), f"r{j}"))
    return exp.select(*wanted).from_(exp.to_table(sql.EVALUATED))


def failures(scan: Scan, text_columns: Collection[str]) -> Iterator[tuple[str, exp.Select]]:
    """Give, for each expression, a statement that counts the rows on which it cannot be computed.

    Yields:
        A name for the message, and the statement, over `source_table`.
    """
    for j, derived in enumerate(scan.derived):
        earlier = replace(scan, derived=scan.derived[:j])
        yield f"derived variable '{derived.name}'", _failing(earlier, derived.sql, text_columns)
    for item in scan.items:
        for text in (item.y, item.x, item.where):
            if text is not None:
                yield f"item '{item.id}'", _failing(scan, text, text_columns, DOUBLE)
    for dimension in scan.dimensions:
        yield (
            f"dimension '{dimension.id}'",
            _failing(scan, dimension.sql, text_columns, DOUBLE),
        )


def _failing(
    scan: Scan, text: str, text_columns: Collection[str], to: exp.DType | None = None
) -> exp.Select:
    tree = sql.checked(text, scan.source)
    # TRY gives null where its argument cannot be computed; a test for null is otherwise never null.
    attempt = exp.Anonymous(
        this="TRY", expressions=[is_null(tree if to is None else cast(tree, to))]
    )
    rows = sql.variables(scan, text_columns).subquery("v")
    return exp.select(named(count_where(is_null(attempt)), "rows")).from_(rows)


def check_faults(scan: Scan, counts: Mapping[str, int], table: str) -> int:
    """Stop where a published number would be wrong; say how many rows are outside the population.

    Args:
        scan: What is asked.
        counts: Rows by fault, as `fault_counts` names them.
        table: Where the rows come from, for the message.

    Returns:
        Rows left out because they have no weight, declared as `outside_population`.

    Raises:
        DataError: A value is infinite or NaN, a share is not 0 or 1, a code is outside its range.
        DesignError: A weight, stratum or PSU is missing, or a weight is negative.
    """
    if not counts["rows"]:
        raise DataError(f"{table}: there are no rows, so nothing can be estimated.")
    _check_design(scan, counts, table)
    _check_finite(scan, counts, table)
    _check_answers(scan, counts, table)
    if scan.sampling.missing_weight == "refuse":
        return 0
    if counts["no_weight"] == counts["rows"]:
        raise DesignError(f"{table}: no row has a weight in '{scan.sampling.weight}'.")
    return counts["no_weight"]


def _check_finite(scan: Scan, counts: Mapping[str, int], table: str) -> None:
    names = [column.name for column in scan.columns] + [found.name for found in scan.derived]
    for name in names:
        if counts.get(f"f{name}"):
            raise DataError(
                f"{table}: '{name}' is infinite or not a number on {counts[f'f{name}']:,} rows "
                "(a division by zero?). Make the definition give null there."
            )
    for i, item in enumerate(scan.items):
        if counts[f"e{i}"]:
            raise DataError(
                f"{table}: item '{item.id}' is infinite or not a number on {counts[f'e{i}']:,} "
                "rows (a division by zero?). Make its expression give null there."
            )


def _check_answers(scan: Scan, counts: Mapping[str, int], table: str) -> None:
    for i, item in enumerate(scan.items):
        if counts.get(f"y{i}"):
            raise DataError(
                f"{table}: item '{item.id}' is a share, but {counts[f'y{i}']:,} rows are neither "
                "0 nor 1 nor null. Map every code to one of them, or use a mean."
            )
    for j, dimension in enumerate(scan.dimensions):
        if counts[f"d{j}"]:
            raise DataError(
                f"{table}: dimension '{dimension.id}' has a code outside 0 to {dimension.size - 1} "
                f"on {counts[f'd{j}']:,} rows. Map every code, or leave it null for not known."
            )


def _check_design(scan: Scan, counts: Mapping[str, int], table: str) -> None:
    sampling = scan.sampling
    if counts["endless"]:
        raise DesignError(
            f"{table}: the weight '{sampling.weight}' is infinite or not a number on "
            f"{counts['endless']:,} rows. Correct the file."
        )
    if counts["negative"]:
        raise DesignError(
            f"{table}: the weight '{sampling.weight}' is negative on {counts['negative']:,} rows; "
            "nobody stands for fewer than no people. Correct the file or name the right weight."
        )
    if counts["no_weight"] and sampling.missing_weight == "refuse":
        raise DesignError(
            f"{table}: the weight '{sampling.weight}' is missing on {counts['no_weight']:,} rows. "
            'Say missing_weight = "outside_population" in the source if they are not part of the '
            "population; the number left out is then published."
        )
    for key, names, word in (
        ("no_stratum", sampling.strata, "stratum"),
        ("no_psu", sampling.psu, "PSU"),
    ):
        if counts[key]:
            raise DesignError(
                f"{table}: the {word} ({', '.join(names)}) is missing on {counts[key]:,} rows, so "
                "their place in the sample is not known. Correct the file or the design."
            )
    for j, name in enumerate(sampling.replicates):
        if counts[f"r{j}"]:
            raise DesignError(
                f"{table}: the replicate weight '{name}' is missing or not finite on "
                f"{counts[f'r{j}']:,} rows. Correct the file."
            )


def _unknown(scan: Scan, letter: str, count: int) -> Tree:
    tests = [is_null(col(f"{letter}{j}")) for j in range(count)]
    return exp.and_(sql.in_design(scan), exp.or_(*tests)) if tests else exp.false()
