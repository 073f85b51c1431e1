"""Rows of the contract to Arrow tables and back, with the checks a release must pass."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from social_evidence.errors import StoreError
from social_evidence.model.comparison import COMPARISON_NUMBERS, KINDS, VERDICTS
from social_evidence.model.estimate import (
    COMPARISON_COLUMNS,
    COMPARISON_KEY,
    ESTIMATE_COLUMNS,
    FLAGS,
    HIDDEN,
    KEY,
    NUMBERS,
    ColumnKind,
    Estimate,
    Status,
)
from social_evidence.model.period import parse
from social_evidence.model.records import of_columns

_UNKNOWN: Final = "unknown"
_CROSSED: Final = " * "
_TYPES: Final[Mapping[ColumnKind, pa.DataType]] = {
    "text": pa.string(),
    "date": pa.date32(),
    "integer": pa.int64(),
    "number": pa.float64(),
}


def schema(columns: Sequence[tuple[str, ColumnKind]], never_null: frozenset[str]) -> pa.Schema:
    """Lay out the columns of a table of the contract, some of which are never null."""
    return pa.schema(
        [pa.field(name, _TYPES[kind], nullable=name not in never_null) for name, kind in columns]
    )


ESTIMATE_SCHEMA: Final = schema(
    ESTIMATE_COLUMNS, frozenset({*KEY, "period_start", "period_end", "status", "flags"})
)
COMPARISON_SCHEMA: Final = schema(
    COMPARISON_COLUMNS, frozenset({*COMPARISON_KEY, "verdict", "status"})
)


def estimates_table(rows: Iterable[Estimate]) -> pa.Table:
    """Sort and check estimate rows and lay them out as the contract's table.

    Args:
        rows: Estimates, already rounded and with their statuses; any order.

    Returns:
        One row an estimate, sorted by key (period by its days), columns in the contract's order.

    Raises:
        StoreError: Two rows share a key, a key part is empty, a hidden row still holds a number,
            or a number is NaN or infinite. A release is refused rather than written so.
    """
    ordered = sorted(rows, key=attrgetter("order"))
    _check_keys(ordered)
    columns = {name: list(map(attrgetter(name), ordered)) for name, _ in ESTIMATE_COLUMNS}
    table = pa.table(columns, schema=ESTIMATE_SCHEMA)
    if not _is_sound(table):
        for row in ordered:
            _check_row(row)
    return table


def comparisons_table(
    columns: Mapping[str, Sequence[Any] | NDArray[Any]] | None = None,
) -> pa.Table:
    """Sort and check comparisons and lay them out as the contract's table.

    Args:
        columns: Name -> values, any order of rows: rounded, judged and with statuses; None or NaN
            is none. Nothing gives the empty table.

    Returns:
        One row a comparison, sorted by key (periods by their days), columns in the contract's
        order.

    Raises:
        StoreError: Two rows share a key, a row with a hidden side holds a number or a verdict, or
            a kind, verdict or status is not of the contract.
    """
    if not columns or not len(columns["kind"]):
        return COMPARISON_SCHEMA.empty_table()
    table = pa.table(
        {name: _column(columns[name], kind) for name, kind in COMPARISON_COLUMNS},
        schema=COMPARISON_SCHEMA,
    )
    ranks = [_ranks(table.column(name), name) for name in COMPARISON_KEY]
    order = np.lexsort(ranks[::-1])
    ordered = np.stack(ranks, axis=1)[order]
    doubled = np.flatnonzero((ordered[1:] == ordered[:-1]).all(axis=1))
    if doubled.size:
        row = table.take(order[doubled[:1]]).to_pylist()[0]
        where = " / ".join(row[name] for name in COMPARISON_KEY)
        raise StoreError(
            f"Two comparisons share the address {where}. "
            "Each must have its own: is a series or a group defined twice?"
        )
    sorted_table = table.take(order)
    _check_comparisons(sorted_table)
    return sorted_table


def _column(values: Sequence[Any] | NDArray[Any], kind: ColumnKind) -> pa.Array:
    if kind == "text":
        return pa.array(list(values), pa.string())
    return pa.array(np.asarray(values, dtype=np.float64), pa.float64(), from_pandas=True)


def _ranks(column: pa.ChunkedArray, name: str) -> NDArray[np.int64]:
    """Number the different texts of a key column in their order: code points, periods by days."""
    coded = column.combine_chunks().dictionary_encode()
    known = coded.dictionary.to_pylist()
    if None in known or "" in known or coded.indices.null_count:
        raise StoreError(f"A comparison has nothing in its key column {name!r}.")
    by_days = name in {"period_from", "period_to"}
    order = sorted(range(len(known)), key=lambda at: parse(known[at]) if by_days else known[at])
    rank = np.empty(len(known), dtype=np.int64)
    rank[order] = np.arange(len(known))
    return np.asarray(rank[coded.indices.to_numpy()])


def _check_comparisons(table: pa.Table) -> None:
    for name, allowed in (("kind", KINDS), ("verdict", VERDICTS), ("status", get_args(Status))):
        strange = sorted(set(table.column(name).unique().to_pylist()) - set(allowed), key=str)
        if strange:
            raise StoreError(
                f"A comparison's {name} is {strange[0]!r}; the contract has {allowed}."
            )
    _check_hidden(table, pc.is_in(table.column("status"), pa.array(sorted(HIDDEN))))
    is_tested = pc.is_valid(table.column("p_value"))
    for name in ("p_adjusted", "family"):
        if _is_any(pc.xor(is_tested, pc.is_valid(table.column(name)))):
            raise StoreError(f"A comparison has a p value without {name}, or the other way round.")


def _check_hidden(table: pa.Table, hidden: pa.ChunkedArray) -> None:
    for name in COMPARISON_NUMBERS:
        if _is_any(pc.and_(hidden, pc.is_valid(table.column(name)))):
            raise StoreError(f"A comparison with a hidden side still holds {name}.")
        if not pc.all(pc.is_finite(table.column(name)), min_count=0).as_py():
            raise StoreError(f"A comparison's {name} is not a finite number.")
    if _is_any(pc.and_(hidden, pc.not_equal(table.column("verdict"), "cannot_say"))):
        raise StoreError("A comparison with a hidden side says more than that it cannot say.")


def _is_any(values: pa.ChunkedArray) -> bool:
    return bool(pc.any(values).as_py())


def table_bytes(table: pa.Table) -> bytes:
    """Write what a table holds, whatever pieces it is in, so that it can be told from another."""
    found = []
    for column in table.combine_chunks().columns:
        known = column.is_valid().to_numpy()
        if pa.types.is_string(column.type):
            coded = column.combine_chunks().dictionary_encode()
            found.append("\0".join(coded.dictionary.to_pylist()).encode())
            values = coded.indices.fill_null(-1).to_numpy()
        else:
            values = column.fill_null(0).to_numpy()
        found += [known.tobytes(), np.ascontiguousarray(values).tobytes()]
    return b"\0".join(found)


def check_gaps(estimates: pa.Table, comparisons: pa.Table) -> None:
    """Check that every gap among the comparisons is, number for number, that of the estimates.

    Raises:
        StoreError: A gap differs, or has no estimates row.
    """
    names = ("measure", "part", "series", "period", "area", "breakdown", "group")
    numbers = ("standard_error", "lower", "upper", "level", "degrees_of_freedom", "status")
    chosen = estimates.filter(pc.equal(estimates.column("statistic"), "difference"))
    known = {
        tuple(row[name] for name in names): tuple(row[n] for n in ("estimate", *numbers))
        for row in chosen.select([*names, "estimate", *numbers]).to_pylist()
    }
    sides = ("measure", "part", "series", "period_to", "area_to", "breakdown", "group_from")
    gaps = comparisons.filter(pc.equal(comparisons.column("kind"), "gap"))
    for row in gaps.select([*sides, "difference", *numbers]).to_pylist():
        place = tuple(row[name] for name in sides)
        if known.get(place) != tuple(row[name] for name in ("difference", *numbers)):
            raise StoreError(f"The gap {' / '.join(place)} differs from the estimates table.")


def to_estimates(table: pa.Table) -> tuple[Estimate, ...]:
    """Read the rows of an estimates table back into records, in the table's order."""
    return tuple(of_columns(Estimate, values_of(table)))


def values_of(table: pa.Table) -> dict[str, list[Any]]:
    """Read a table's columns as Python values, by name; equal texts are one object.

    A release repeats a few thousand texts in millions of places: reading each of them once takes a
    third of the time that Arrow's own way takes, and less room.
    """
    return {name: _values(table.column(name).combine_chunks()) for name in table.column_names}


def _values(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """Read a column as Python values, None for null."""
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if pa.types.is_floating(column.type):
        held: list[Any] = column.fill_null(0.0).to_numpy(zero_copy_only=False).tolist()
        if column.null_count:
            known_at = column.is_valid().to_numpy(zero_copy_only=False).tolist()
            held = [value if known else None for value, known in zip(held, known_at, strict=True)]
        return held
    if not (pa.types.is_string(column.type) or pa.types.is_date(column.type)):
        values: list[Any] = column.to_pylist()
        return values
    coded = column.dictionary_encode()
    known = [*coded.dictionary.to_pylist(), None]
    places = pc.fill_null(coded.indices, len(known) - 1).to_pylist()
    return [known[place] for place in places]


def _check_keys(ordered: Sequence[Estimate]) -> None:
    for before, key in itertools.pairwise(map(attrgetter("key"), ordered)):
        if before == key:
            raise StoreError(
                f"Two figures share the address {' / '.join(key)}. "
                "Each published figure must have its own: is a series or a group defined twice?"
            )


def _is_sound(table: pa.Table) -> bool:
    """Say whether all rows keep the rules of `_check_row`, which then finds the one that does not.

    A column is asked once where a row would be asked thirty times.
    """
    keys = [table.column(name) for name in KEY]
    if any(column.null_count or _is_any(pc.equal(column, "")) for column in keys):
        return False
    flags = {flag for held in table.column("flags").unique().to_pylist() for flag in _flags(held)}
    hidden = pc.is_in(table.column("status"), pa.array(sorted(HIDDEN)))
    for name in NUMBERS:
        column = table.column(name)
        still = table.column("group").filter(pc.and_(hidden, pc.is_valid(column))).to_pylist()
        may_stay = name == "base" and all(_UNKNOWN in group.split(_CROSSED) for group in still)
        if (still and not may_stay) or not pc.all(pc.is_finite(column), min_count=0).as_py():
            return False
    return flags <= FLAGS


def _flags(held: str) -> Iterable[str]:
    return filter(None, held.split(";"))


def _check_row(row: Estimate) -> None:
    where = " / ".join(row.key)
    if not all(row.key):
        raise StoreError(f"A figure has an empty part in its address: {where}.")
    if unknown := sorted(set(_flags(row.flags)) - FLAGS):
        raise StoreError(f"{where}: flags {unknown} are not in the contract: {sorted(FLAGS)}.")
    held = [name for name in NUMBERS if getattr(row, name) is not None]
    if row.status in HIDDEN:
        allowed = {"base"} if _UNKNOWN in row.group.split(_CROSSED) else set()
        if still := sorted(set(held) - allowed):
            raise StoreError(
                f"{where} is {row.status} but still holds {still}. Hidden means hidden."
            )
    for name in held:
        if not math.isfinite(getattr(row, name)):
            raise StoreError(f"{where}: {name} is not a finite number. Missing is null, never NaN.")
