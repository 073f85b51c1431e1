"""The initiatives of a release on disk: the table of their numbers and the register."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from social_evidence.errors import StoreError
from social_evidence.model.estimate import HIDDEN, NUMBERS, Estimate
from social_evidence.model.initiative_row import (
    INITIATIVE_COLUMNS,
    INITIATIVE_KEY,
    WAVES,
    InitiativeRow,
    population_of,
)
from social_evidence.store.tables import estimates_table, schema, to_estimates

TABLE: Final = "initiatives.parquet"
REGISTER: Final = "initiatives.json"
_NULL_WHERE_EMPTY: Final = ("measure", "part")
_STAMPS: Final = ("flags", "version_first", "version_revised")
INITIATIVE_SCHEMA: Final = schema(
    INITIATIVE_COLUMNS, frozenset({*INITIATIVE_KEY, "period_start", "period_end", "status"})
)


def initiatives_table(rows: Iterable[InitiativeRow]) -> pa.Table:
    """Sort and check rows and lay them out as the contract's table.

    Args:
        rows: Rounded and with their statuses; any order.

    Returns:
        One row a number, sorted by key (period by its days), columns in the contract's order;
        `measure` and `part` are null where there is none.

    Raises:
        StoreError: Two rows share a key, a key part is empty, a wave is not of the contract, a
            hidden row still holds a number, or a number is not finite.
    """
    ordered = sorted(rows, key=lambda row: row.order)
    for before, row in itertools.pairwise(ordered):
        if before.key == row.key:
            raise StoreError(f"Two numbers of initiatives share the address {_where(row)}.")
    for row in ordered:
        _check(row)
    columns = {name: [getattr(row, name) for row in ordered] for name, _ in INITIATIVE_COLUMNS}
    for name in _NULL_WHERE_EMPTY:
        columns[name] = [value or None for value in columns[name]]
    return pa.table(columns, schema=INITIATIVE_SCHEMA)


def to_rows(table: pa.Table) -> tuple[InitiativeRow, ...]:
    """Read the rows of an initiatives table back into records, in the table's order."""
    return tuple(InitiativeRow(**_filled(row)) for row in table.to_pylist())


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: row[name] or "" for name in _NULL_WHERE_EMPTY}}


def _check(row: InitiativeRow) -> None:
    if not all(row.key):
        raise StoreError(f"A number of an initiative has an empty part in its address: {row.key}.")
    if row.wave not in WAVES:
        raise StoreError(f"{_where(row)}: the contract has no wave {row.wave!r}.")
    held = [name for name in NUMBERS if getattr(row, name) is not None]
    if row.status in HIDDEN:
        allowed = {"base"} if "unknown" in row.group.split(" * ") else set()
        if still := sorted(set(held) - allowed):
            raise StoreError(f"{_where(row)} is {row.status} but still holds {still}.")
    if any(not math.isfinite(getattr(row, name)) for name in held):
        raise StoreError(f"{_where(row)}: a number is not finite. Missing is null, never NaN.")


def _where(row: InitiativeRow) -> str:
    return " / ".join(row.key)


def check_table(table: pa.Table, estimates: pa.Table) -> None:
    """Check an initiatives table against the contract and against the estimates beside it.

    Args:
        table: As it was read.
        estimates: Of the same release.

    Raises:
        StoreError: Rows or columns stand in another order, a row breaks the contract, or a row of
            a measure is not, number for number, that of the estimates table, or lacks there.
    """
    rows = to_rows(table)
    if not initiatives_table(rows).equals(table):
        raise StoreError(
            f"{TABLE} has rows or columns in another order than the contract's. Build the release "
            "again."
        )
    of_participants = pc.starts_with(estimates["population"], population_of(""))
    known = {row.key: row for row in to_estimates(estimates.filter(of_participants))}
    told = {row.figure.key: row.figure for row in rows if row.measure}
    for key in sorted({*known, *told}):
        if known.get(key) != told.get(key):
            raise StoreError(f"{' / '.join(key)} differs between {TABLE} and the estimates table.")


def stamped(rows: Sequence[InitiativeRow], figures: Iterable[Estimate]) -> list[InitiativeRow]:
    """Give rows the stamps of their figures: in which version each first stood and last changed.

    Args:
        rows: Without stamps.
        figures: The same figures, stamped; a figure about residents stands among them too, at its
            own address.
    """
    known = {figure.key: figure for figure in figures}
    return [
        replace(row, **{name: getattr(known[key], name) for name in _STAMPS})
        if (key := row.figure.key) in known
        else row
        for row in rows
    ]


def read_table(folder: Path) -> pa.Table:
    """Read the initiatives table of a release; empty where it has none."""
    path = folder / TABLE
    if not path.is_file():
        return INITIATIVE_SCHEMA.empty_table()
    with pq.ParquetFile(path) as opened:
        return opened.read()


def read_register(folder: Path) -> Mapping[str, Any]:
    """Read the register of a release; empty where it has none."""
    path = folder / REGISTER
    found: Mapping[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    return found


def figures_alone(rows: Iterable[InitiativeRow]) -> list[Estimate]:
    """Choose the numbers that stand in no estimates row, and address them as such.

    Whoever follows numbers from release to release, or asks what has been shown before, must see
    them as well as the others. Figures about residents that stand beside an initiative are left
    out, for they have a row of their own.

    Args:
        rows: Of an initiatives table.

    Returns:
        Estimates whose measure and part are the success measure and the item.
    """
    return [row.figure for row in rows if row.is_own and not row.measure]


def read_figures(folder: Path) -> pa.Table:
    """Read every number of a release: its estimates, and what its initiatives add to them."""
    with pq.ParquetFile(folder / "estimates.parquet") as opened:
        estimates = opened.read()
    alone = figures_alone(to_rows(read_table(folder)))
    if not alone:
        return estimates
    return pa.concat_tables([estimates, estimates_table(alone)]).combine_chunks()
