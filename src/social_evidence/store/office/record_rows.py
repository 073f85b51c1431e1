"""Registers: organisations, events, grants, services … each record a text with its revisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Row, Select, func, select

from social_evidence.model.office import Added
from social_evidence.store.office.database import insert_rows
from social_evidence.store.office.schema import RECORDS


class Record(NamedTuple):
    """One record: its name, the initiative it belongs to or nothing, and its JSON text."""

    id: str
    initiative: str
    text: str
    pseudonym: str = ""


def add(connection: Connection, kind: str, batch: Sequence[Record], import_id: int) -> Added:
    """Add records that are new or differ from the newest of their name, as its next revision."""
    newest = {row.id: row for row in _newest(connection, kind, [record.id for record in batch])}
    held = {name: (row.revision, row.text, row.initiative) for name, row in newest.items()}
    rows, revised = [], 0
    for record in batch:
        revision, text, initiative = held.get(record.id, (0, "", ""))
        if revision and (text, initiative) == (record.text, record.initiative):
            continue
        revised += revision > 0
        held[record.id] = (revision + 1, record.text, record.initiative)
        rows.append(
            {**record._asdict(), "kind": kind, "revision": revision + 1, "import_id": import_id}
        )
    insert_rows(connection, RECORDS, rows)
    return Added(accepted=len(rows), revised=revised, unchanged=len(batch) - len(rows))


def current(connection: Connection, kind: str, initiative: str | None = None) -> list[Record]:
    """Read the newest revision of every record of a kind, by id in code-point order."""
    query = _newest_of(kind)
    if initiative is not None:
        query = query.where(RECORDS.c.initiative == initiative)
    found = [
        Record(row.id, row.initiative, row.text, row.pseudonym) for row in connection.execute(query)
    ]
    return sorted(found)


def history(connection: Connection, kind: str, name: str) -> list[tuple[int, str]]:
    """Read every revision of one record, oldest first."""
    query = (
        select(RECORDS.c.revision, RECORDS.c.text)
        .where(RECORDS.c.kind == kind, RECORDS.c.id == name)
        .order_by(RECORDS.c.revision)
    )
    return [(row.revision, row.text) for row in connection.execute(query)]


def _newest(connection: Connection, kind: str, ids: Sequence[str]) -> Sequence[Row[tuple[str]]]:
    found: list[Row[tuple[str]]] = []
    for start in range(0, len(ids), 500):  # databases limit the values of one statement
        query = _newest_of(kind).where(RECORDS.c.id.in_(ids[start : start + 500]))
        found += connection.execute(query).all()
    return found


def _newest_of(kind: str) -> Select[tuple[str]]:
    last = (
        select(RECORDS.c.id.label("id"), func.max(RECORDS.c.revision).label("revision"))
        .where(RECORDS.c.kind == kind)
        .group_by(RECORDS.c.id)
        .subquery()
    )
    return (
        select(RECORDS)
        .join(last, (RECORDS.c.id == last.c.id) & (RECORDS.c.revision == last.c.revision))
        .where(RECORDS.c.kind == kind)
    )
