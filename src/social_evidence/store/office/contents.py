"""What an office holds as a whole: a digest of it, and whose it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from social_evidence.store.office.canonical import digest_of
from social_evidence.store.office.return_moves import last_moves
from social_evidence.store.office.schema import ANSWERS, RECORD_SETS, RECORDS, RETURNS


def digest(connection: Connection) -> str:
    """Digest the content of every row that stands, in an order of its own.

    When and by whom something came in is left out, so that two offices that hold the same agree.
    """
    joined = hashlib.sha256()
    for line in sorted(_lines(connection)):
        joined.update(line.encode())
    return joined.hexdigest()


def _lines(connection: Connection) -> Iterator[str]:
    """Give a line for every row that stands: what it is, and the digest of what it holds."""
    moved = last_moves(connection)
    for row in connection.execute(select(RETURNS.c.id, RETURNS.c.entered_as, RETURNS.c.digest)):
        status, _ = moved.get(row.id, (row.entered_as, ""))
        yield f"return {row.id} {status} {row.digest}\n"
    scopes = select(ANSWERS.c.initiative, ANSWERS.c.digest, RECORD_SETS.c.scopes).join(
        RECORD_SETS, RECORD_SETS.c.id == ANSWERS.c.record_set
    )
    for row in connection.execute(scopes):
        yield f"answer {row.initiative} {row.digest} {row.scopes}\n"
    newest = (
        select(RECORDS.c.kind, RECORDS.c.id, func.max(RECORDS.c.revision).label("revision"))
        .group_by(RECORDS.c.kind, RECORDS.c.id)
        .subquery()
    )
    standing = select(RECORDS.c.kind, RECORDS.c.id, RECORDS.c.text).join(
        newest,
        (RECORDS.c.kind == newest.c.kind)
        & (RECORDS.c.id == newest.c.id)
        & (RECORDS.c.revision == newest.c.revision),
    )
    for row in connection.execute(standing):
        yield f"record {digest_of((row.kind, row.id, row.text))}\n"


def initiatives(connection: Connection) -> tuple[str, ...]:
    """Name the initiatives of which anything is held, in code-point order."""
    found: set[str] = set()
    for table in (RETURNS, ANSWERS, RECORDS):
        found |= {row[0] for row in connection.execute(select(table.c.initiative).distinct())}
    return tuple(sorted(found - {""}))
