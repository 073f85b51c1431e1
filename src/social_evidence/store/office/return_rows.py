"""Returns in the database: each revision a row; its life so far stands in moves beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from social_evidence.model.office import Added, Cell, Return, Signature, Status
from social_evidence.store.office.canonical import digest_of, to_text
from social_evidence.store.office.database import insert_rows
from social_evidence.store.office.return_moves import add_move, first_move, last_moves
from social_evidence.store.office.schema import RETURN_MOVES, RETURN_PEOPLE, RETURNS

_KEY_LENGTH = 20
_AT_ONCE = 500
"""Databases limit how many values one statement may hold."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What stands under one key: the newest revision, and the content of all of them."""

    revision: int = 0
    newest: str = ""
    digests: frozenset[str] = frozenset()

    def is_there(self, digest: str, *, is_repeat: bool) -> bool:
        # An old file read once more must not undo the correction that came after it.
        return digest == self.newest or (is_repeat and digest in self.digests)

    def followed_by(self, revision: int, digest: str) -> _Held:
        if revision < self.revision:
            return _Held(self.revision, self.newest, self.digests | {digest})
        return _Held(revision, digest, self.digests | {digest})


_NOTHING: Final = _Held()


def add(
    connection: Connection,
    batch: Sequence[Return],
    import_id: int,
    by: Signature,
    *,
    is_repeat: bool = False,
) -> Added:
    """Add returns that are new or differ from the newest of their place.

    Args:
        connection: The writer's transaction.
        batch: The returns.
        import_id: Line of the log.
        by: Who imports.
        is_repeat: The same file was read before: what any revision holds already is not new.
    """
    keys = [_key(item) for item in batch]
    held = _held(connection, keys)
    rows: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    queried: list[dict[str, Any]] = []
    replaced = []
    for key, item in zip(keys, batch, strict=True):
        cells = _cells_text(item.cells)
        digest = _digest(item, cells)
        before = held.get(key, _NOTHING)
        if before.is_there(digest, is_repeat=is_repeat):
            continue
        revision = before.revision + 1
        if before.revision:
            replaced.append((_id(key, before.revision), _id(key, revision)))
        held[key] = before.followed_by(revision, digest)
        rows.append(_row(item, key, revision, digest, cells) | {"import_id": import_id})
        people += [{"return_id": _id(key, revision), "pseudonym": p} for p in item.people]
        if item.query:
            queried.append(first_move(_id(key, revision), item.status, item.query, by))
    insert_rows(connection, RETURNS, rows)
    insert_rows(connection, RETURN_PEOPLE, people)
    insert_rows(connection, RETURN_MOVES, queried)
    for old, new in replaced:
        add_move(connection, old, "revised", by, f"Its place is taken by {new}.")
    return Added(accepted=len(rows), revised=len(replaced), unchanged=len(batch) - len(rows))


def _key(item: Return) -> str:
    parts = (item.initiative, item.success_measure, item.organisation, item.period)
    return digest_of(parts)[:_KEY_LENGTH]


def _id(key: str, revision: int) -> str:
    return f"{key}-{revision}"


def _digest(item: Return, cells: str) -> str:
    people = to_text(sorted(item.people)) if item.people else ""
    told = (item.counted, repr(float(item.value)), cells, people, item.note, item.evidence_ref)
    return digest_of(told)


def _cells_text(cells: Sequence[Cell]) -> str:
    if not cells:
        return "[]"
    ordered = sorted((cell.dimension, cell.code, float(cell.value)) for cell in cells)
    return to_text(ordered)


def _row(item: Return, key: str, revision: int, digest: str, cells: str) -> dict[str, Any]:
    return {
        "id": _id(key, revision),
        "key": key,
        "revision": revision,
        "revision_of": _id(key, revision - 1) if revision > 1 else "",
        "initiative": item.initiative,
        "success_measure": item.success_measure,
        "organisation": item.organisation,
        "period": item.period,
        "counted": item.counted,
        "value": float(item.value),
        "cells": cells,
        "note": item.note,
        "evidence_ref": item.evidence_ref,
        "entered_as": item.status,
        "digest": digest,
    }


def _held(connection: Connection, keys: Sequence[str]) -> dict[str, _Held]:
    held: dict[str, _Held] = {}
    for start in range(0, len(keys), _AT_ONCE):
        query = select(RETURNS.c.key, RETURNS.c.revision, RETURNS.c.digest).where(
            RETURNS.c.key.in_(keys[start : start + _AT_ONCE])
        )
        for row in connection.execute(query):
            held[row.key] = held.get(row.key, _NOTHING).followed_by(row.revision, row.digest)
    return held


def read(connection: Connection, initiative: str | None, *, with_history: bool) -> Iterator[Return]:
    """Read returns with the status they have now; revised ones only where history is asked for."""
    moved = last_moves(connection)
    query = select(RETURNS).order_by(
        *(RETURNS.c[name] for name in ("initiative", "success_measure", "period")),
        *(RETURNS.c[name] for name in ("organisation", "revision")),
    )
    if initiative is not None:
        query = query.where(RETURNS.c.initiative == initiative)
    # PostgreSQL's order of text follows its locale: ours is by code point, so it is made here.
    rows = sorted(connection.execute(query).mappings(), key=_place)
    for row in rows:
        status, reason = moved.get(row["id"], (row["entered_as"], ""))
        if with_history or status != "revised":
            yield _return(row, status, reason)


def _place(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    names = ("initiative", "success_measure", "period", "organisation", "revision")
    return tuple(row[name] for name in names)


def _return(row: Mapping[Any, Any], status: Status, reason: str) -> Return:
    cells = tuple(Cell(dimension=d, code=c, value=v) for d, c, v in json.loads(row["cells"]))
    return Return(
        id=row["id"],
        initiative=row["initiative"],
        success_measure=row["success_measure"],
        organisation=row["organisation"],
        period=row["period"],
        counted=row["counted"],
        value=row["value"],
        cells=cells,
        status=status,
        query=reason if status in {"queried", "draft"} else "",
        note=row["note"],
        evidence_ref=row["evidence_ref"],
        revision=row["revision"],
        revision_of=row["revision_of"],
    )


def distinct_people(
    connection: Connection, success_measure: str, periods: Sequence[str] | None
) -> int:
    """Count different people over the returns that stand, whoever reported them."""
    newest = (
        select(RETURNS.c.key, func.max(RETURNS.c.revision).label("revision"))
        .where(RETURNS.c.success_measure == success_measure)
        .group_by(RETURNS.c.key)
        .subquery()
    )
    query = (
        select(func.count(func.distinct(RETURN_PEOPLE.c.pseudonym)))
        .join(RETURNS, RETURNS.c.id == RETURN_PEOPLE.c.return_id)
        .join(newest, (RETURNS.c.key == newest.c.key) & (RETURNS.c.revision == newest.c.revision))
    )
    if periods is not None:
        query = query.where(RETURNS.c.period.in_(periods))
    return int(connection.execute(query).scalar_one())
