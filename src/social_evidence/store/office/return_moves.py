"""The life of a return: who put it into which status, when and why."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, insert, select

from social_evidence.errors import DataError
from social_evidence.model.office import MOVES, Move, Signature, Status
from social_evidence.store.office.schema import IMPORTS, RETURN_MOVES, RETURNS


def last_moves(connection: Connection) -> dict[str, tuple[Status, str]]:
    """Find the status each return was put into last, and why; one never moved is not in it."""
    last = (
        select(RETURN_MOVES.c.return_id, func.max(RETURN_MOVES.c.number).label("number"))
        .group_by(RETURN_MOVES.c.return_id)
        .subquery()
    )
    query = select(RETURN_MOVES.c.return_id, RETURN_MOVES.c.status, RETURN_MOVES.c.reason).join(
        last,
        (RETURN_MOVES.c.return_id == last.c.return_id) & (RETURN_MOVES.c.number == last.c.number),
    )
    return {row.return_id: (row.status, row.reason) for row in connection.execute(query)}


def first_move(name: str, entered: Status, reason: str, by: Signature) -> dict[str, Any]:
    """Write that a return was doubted as it came in; a draft stays one until it is submitted."""
    status = "draft" if entered == "draft" else "queried"
    told = {"return_id": name, "number": 1, "status": status, "reason": reason}
    return told | {"role": by.role, "at": by.at}


def add_move(connection: Connection, name: str, to: Status, by: Signature, reason: str) -> None:
    """Write a return's next step, whatever it is."""
    last = select(func.max(RETURN_MOVES.c.number)).where(RETURN_MOVES.c.return_id == name)
    number = (connection.execute(last).scalar() or 0) + 1
    told = {"return_id": name, "number": number, "status": to, "reason": reason}
    connection.execute(insert(RETURN_MOVES).values(**told, role=by.role, at=by.at))


def move(connection: Connection, name: str, to: Status, by: Signature, reason: str) -> None:
    """Put a return into another status.

    Raises:
        DataError: There is no such return, it may not go there from where it is, or a query gives
            no reason.
    """
    moves = moves_of(connection, name)
    if not moves:
        raise DataError(f"There is no return {name!r}. `returns status` lists them.")
    now = moves[-1].status
    if to not in MOVES[now] or to == "revised":
        allowed = ", ".join(status for status in MOVES[now] if status != "revised") or "nothing"
        raise DataError(
            f"Return {name} is {now} and cannot become {to}; it can become {allowed}. A return is "
            "revised by reading a corrected file."
        )
    if to == "queried" and not reason.strip():
        raise DataError(f"Return {name}: a query needs its reason, so that it can be answered.")
    add_move(connection, name, to, by, reason)
    if now == "draft" and moves[-1].reason:
        # What was doubted about the draft has not been answered by handing it in.
        add_move(connection, name, "queried", by, moves[-1].reason)


def moves_of(connection: Connection, name: str) -> tuple[Move, ...]:
    """Read the steps of a return, oldest first: how it came in, then every move."""
    entry = (
        select(RETURNS.c.entered_as.label("status"), IMPORTS.c.role, IMPORTS.c.at)
        .join(IMPORTS, IMPORTS.c.id == RETURNS.c.import_id)
        .where(RETURNS.c.id == name)
    )
    later = (
        select(RETURN_MOVES).where(RETURN_MOVES.c.return_id == name).order_by(RETURN_MOVES.c.number)
    )
    steps = [
        *(dict(row) | {"reason": ""} for row in connection.execute(entry).mappings()),
        *(dict(row) for row in connection.execute(later).mappings()),
    ]
    return tuple(
        Move(
            id=name,
            status=step["status"],
            by=Signature(role=step["role"], at=step["at"]),
            reason=step["reason"],
        )
        for step in steps
    )
