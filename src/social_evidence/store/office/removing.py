"""Removing people: the one way in which anything leaves the office."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select, update

from social_evidence.errors import DataError
from social_evidence.model.office import Removal, Signature
from social_evidence.store.office.schema import (
    ANSWERS,
    RECORD_SETS,
    RECORDS,
    REMOVALS,
    RETURN_PEOPLE,
    RETURNS,
)


def remove_person(connection: Connection, pseudonym: str, by: Signature) -> tuple[Removal, ...]:
    """Remove every row under a pseudonym, older revisions included, and mark what that touches.

    The mark holds the initiative and how many rows went, not the pseudonym.
    """
    gone: Counter[str] = Counter()
    for table in (ANSWERS, RECORDS):
        gone += _remove(connection, table, table.c.pseudonym == pseudonym)
    gone += _remove_from_returns(connection, pseudonym)
    return _mark(connection, gone, by)


def remove_record_set(connection: Connection, name: str, by: Signature) -> tuple[Removal, ...]:
    """Remove the answers of a record set; what was promised of them stays, with no rows.

    Raises:
        DataError: There is no such record set.
    """
    known = select(RECORD_SETS.c.id).where(RECORD_SETS.c.id == name)
    if connection.execute(known).one_or_none() is None:
        raise DataError(f"There is no record set {name!r}.")
    return _mark(connection, _remove(connection, ANSWERS, ANSWERS.c.record_set == name), by)


def _remove(connection: Connection, table: Table, which: ColumnElement[bool]) -> Counter[str]:
    query = select(table.c.initiative, func.count()).where(which).group_by(table.c.initiative)
    gone = Counter({row[0]: row[1] for row in connection.execute(query)})
    connection.execute(delete(table).where(which))
    return gone


def _remove_from_returns(connection: Connection, pseudonym: str) -> Counter[str]:
    which = RETURN_PEOPLE.c.pseudonym == pseudonym
    query = (
        select(RETURNS.c.initiative, func.count())
        .join(RETURN_PEOPLE, RETURN_PEOPLE.c.return_id == RETURNS.c.id)
        .where(which)
        .group_by(RETURNS.c.initiative)
    )
    gone = Counter({row[0]: row[1] for row in connection.execute(query)})
    connection.execute(delete(RETURN_PEOPLE).where(which))
    return gone


def _mark(connection: Connection, gone: Counter[str], by: Signature) -> tuple[Removal, ...]:
    marks = []
    for initiative in sorted(gone):
        told = {"at": by.at, "initiative": initiative, "rows": gone[initiative], "rebuilt_by": ""}
        made = connection.execute(insert(REMOVALS).values(**told).returning(REMOVALS.c.id))
        rows = gone[initiative]
        marks.append(Removal(id=made.scalar_one(), at=by.at, initiative=initiative, rows=rows))
    return tuple(marks)


def removals(connection: Connection) -> tuple[Removal, ...]:
    """Read every mark, oldest first."""
    found = connection.execute(select(REMOVALS).order_by(REMOVALS.c.id)).mappings()
    return tuple(Removal(**row) for row in found)


def mark_rebuilt(connection: Connection, version: str) -> int:
    """Note the release that was made without those removed before; returns how many marks."""
    open_marks = REMOVALS.c.rebuilt_by == ""
    done = connection.execute(update(REMOVALS).where(open_marks).values(rebuilt_by=version))
    return done.rowcount
