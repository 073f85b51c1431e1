"""Rows of the contract to Arrow tables and back, with the checks a release must pass."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyarrow as pa

from social_evidence.errors import StoreError
from social_evidence.model.estimate import (
    COMPARISON_COLUMNS,
    ESTIMATE_COLUMNS,
    FLAGS,
    HIDDEN,
    KEY,
    NUMBERS,
    ColumnKind,
    Estimate,
)

_TYPES: Final[Mapping[ColumnKind, pa.DataType]] = {
    "text": pa.string(),
    "date": pa.date32(),
    "integer": pa.int64(),
    "number": pa.float64(),
}


def _schema(columns: Sequence[tuple[str, ColumnKind]], never_null: frozenset[str]) -> pa.Schema:
    return pa.schema(
        [pa.field(name, _TYPES[kind], nullable=name not in never_null) for name, kind in columns]
    )


ESTIMATE_SCHEMA: Final = _schema(
    ESTIMATE_COLUMNS, frozenset({*KEY, "period_start", "period_end", "status", "flags"})
)
COMPARISON_SCHEMA: Final = _schema(COMPARISON_COLUMNS, frozenset())


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
    ordered = sorted(rows, key=lambda row: row.order)
    _check_keys(ordered)
    for row in ordered:
        _check_row(row)
    columns = {name: [getattr(row, name) for row in ordered] for name, _ in ESTIMATE_COLUMNS}
    return pa.table(columns, schema=ESTIMATE_SCHEMA)


def comparisons_table() -> pa.Table:
    """Lay out an empty comparisons table: its columns are part of the contract already."""
    return COMPARISON_SCHEMA.empty_table()


def to_estimates(table: pa.Table) -> tuple[Estimate, ...]:
    """Read the rows of an estimates table back into records, in the table's order."""
    return tuple(Estimate(**row) for row in table.to_pylist())


def _check_keys(ordered: Sequence[Estimate]) -> None:
    for before, row in itertools.pairwise(ordered):
        if before.key == row.key:
            raise StoreError(
                f"Two figures share the address {' / '.join(row.key)}. "
                "Each published figure must have its own: is a series or a group defined twice?"
            )


def _check_row(row: Estimate) -> None:
    where = " / ".join(row.key)
    if not all(row.key):
        raise StoreError(f"A figure has an empty part in its address: {where}.")
    if unknown := sorted(set(filter(None, row.flags.split(";"))) - FLAGS):
        raise StoreError(f"{where}: flags {unknown} are not in the contract: {sorted(FLAGS)}.")
    held = [name for name in NUMBERS if getattr(row, name) is not None]
    if row.status in HIDDEN:
        allowed = {"base"} if "unknown" in row.group.split(" * ") else set()
        if still := sorted(set(held) - allowed):
            raise StoreError(
                f"{where} is {row.status} but still holds {still}. Hidden means hidden."
            )
    for name in held:
        if not math.isfinite(getattr(row, name)):
            raise StoreError(f"{where}: {name} is not a finite number. Missing is null, never NaN.")
