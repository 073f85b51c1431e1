"""Participants' answers in the database: one row a person and wave, under a pseudonym."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import Connection, delete, func, insert, select

from social_evidence.errors import DataError
from social_evidence.model.office import Added, RecordSet, Signature
from social_evidence.store.office.canonical import digest_of, to_text
from social_evidence.store.office.database import insert_rows
from social_evidence.store.office.schema import ANSWERS, RECORD_SETS

FACTS: Final = ("pseudonym", "wave", "arm", "project", "period", "area", "form")
"""Columns of every table of answers, before those of groups and items."""
_MUST: Final = ("pseudonym", "wave", "arm", "project", "period")
CONSENT: Final = "consent"
"""Column of the scopes one person agreed to, where the file has one; it does not leave."""

_AT_ONCE: Final = 500
_ROWS_OF_A_SLICE: Final = 5_000


def rows(initiative: str, table: pa.Table, groups: Collection[str]) -> Iterator[dict[str, Any]]:
    """Turn a wide table into rows of the database, a slice of it at a time.

    Raises:
        DataError: A column every table of answers has is missing, or has an empty cell.
    """
    if missing := [name for name in _MUST if name not in table.column_names]:
        raise DataError(f"The answers lack the columns {missing}.", columns=missing)
    for name in _MUST:
        if table.column(name).null_count:
            raise DataError(f"The answers' column {name!r} has empty cells; it needs a value.")
    known = {*FACTS, CONSENT}
    items = [name for name in table.column_names if name not in known and name not in groups]
    held = [name for name in table.column_names if name in groups]
    position = 0
    for start in range(0, table.num_rows, _ROWS_OF_A_SLICE):
        for row in table.slice(start, _ROWS_OF_A_SLICE).to_pylist():
            yield {"position": position} | _row(initiative, row, held, items)
            position += 1


def _row(
    initiative: str, row: dict[str, Any], groups: Sequence[str], items: Sequence[str]
) -> dict[str, Any]:
    facts = {name: row.get(name) or "" for name in (*FACTS, CONSENT)}
    content = to_text(
        {
            "groups": {name: row[name] for name in groups if row[name] is not None},
            "items": {name: row[name] for name in items if row[name] is not None},
        }
    )
    digest = digest_of((*facts.values(), content))
    return {"initiative": initiative, **facts, "content": content, "digest": digest}


def add_record_set(
    connection: Connection, given: RecordSet, initiative: str, by: Signature
) -> bool:
    """Add a record set, or find it as it stands.

    Returns:
        Whether it is new.

    Raises:
        DataError: It lacks what every record set needs, or another of its id is held.
    """
    for name in ("id", "purpose", "lawful_basis", "keep_until"):
        if not getattr(given, name):
            raise DataError(
                f"A record set needs `{name}`: nothing about people is held without a purpose, "
                "a lawful basis and the day it goes."
            )
    values = {
        "id": given.id,
        "initiative": initiative,
        "kind": given.kind,
        "purpose": given.purpose,
        "lawful_basis": given.lawful_basis,
        "special_category_condition": given.special_category_condition,
        "notice_version": given.notice_version,
        "scopes": ";".join(given.scopes),
        "keep_until": given.keep_until,
    }
    found = connection.execute(
        select(RECORD_SETS).where(RECORD_SETS.c.id == given.id)
    ).one_or_none()
    if found is None:
        connection.execute(insert(RECORD_SETS).values(**values, at=given.at or by.at))
        return True
    if differing := [name for name, value in values.items() if getattr(found, name) != value]:
        raise DataError(
            f"The record set {given.id!r} is held already with another {', '.join(differing)}. "
            "Give these answers a record set of their own: what was promised does not change."
        )
    return False


def drop_record_set(connection: Connection, name: str) -> None:
    """Take back a record set that no answer came with."""
    connection.execute(delete(RECORD_SETS).where(RECORD_SETS.c.id == name))


def add(
    connection: Connection, batch: Sequence[dict[str, Any]], record_set: str, import_id: int
) -> Added:
    """Add answers that are new; one of the same person and wave with other content is refused."""
    held = _held(connection, batch)
    new, unchanged, conflicts = [], 0, []
    for row in batch:
        place = (row["pseudonym"], row["wave"])
        if place not in held:
            held[place] = row["digest"]
            kept = {name: value for name, value in row.items() if name != "position"}
            new.append(kept | {"record_set": record_set, "import_id": import_id})
        elif held[place] == row["digest"]:
            unchanged += 1
        else:
            conflicts.append(row["position"])
    insert_rows(connection, ANSWERS, new)
    return Added(accepted=len(new), unchanged=unchanged, conflicts=tuple(conflicts))


def _held(connection: Connection, batch: Sequence[dict[str, Any]]) -> dict[tuple[str, str], str]:
    names = [row["pseudonym"] for row in batch]
    held: dict[tuple[str, str], str] = {}
    for start in range(0, len(names), _AT_ONCE):
        query = select(ANSWERS.c.pseudonym, ANSWERS.c.wave, ANSWERS.c.digest).where(
            ANSWERS.c.initiative == batch[0]["initiative"],
            ANSWERS.c.pseudonym.in_(names[start : start + _AT_ONCE]),
        )
        held |= {(row.pseudonym, row.wave): row.digest for row in connection.execute(query)}
    return held


def read(connection: Connection, initiative: str) -> pa.Table:
    """Read an initiative's answers as one wide table, sorted by pseudonym and wave."""
    query = (
        select(*(ANSWERS.c[name] for name in FACTS), ANSWERS.c.content, ANSWERS.c.consent)
        .add_columns(RECORD_SETS.c.scopes)
        .join(RECORD_SETS, RECORD_SETS.c.id == ANSWERS.c.record_set)
        .where(ANSWERS.c.initiative == initiative)
    )
    rows = [_unlinked(initiative, *row) for row in connection.execute(query)]
    rows.sort(key=lambda row: row[:2])
    columns: dict[str, list[str | None]] = {
        name: [row[at] or None for row in rows] for at, name in enumerate(FACTS)
    }
    for part in _contents(rows):
        columns |= {name: part[name] for name in sorted(part)}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _contents(rows: Sequence[tuple[str, ...]]) -> tuple[dict[str, list[str | None]], ...]:
    """Turn the rows' contents into columns: of groups, and of items.

    A slice at a time, and each code once: a hundred thousand people's answers are few texts.
    """
    groups: dict[str, list[str | None]] = {}
    items: dict[str, list[str | None]] = {}
    codes: dict[str, str] = {}
    for start in range(0, len(rows), _ROWS_OF_A_SLICE):
        texts = (row[-1] for row in rows[start : start + _ROWS_OF_A_SLICE])
        for at, content in enumerate(json.loads(f"[{','.join(texts)}]"), start):
            for columns, told in ((groups, content["groups"]), (items, content["items"])):
                for name, code in told.items():
                    if name not in columns:
                        columns[name] = [None] * len(rows)
                    columns[name][at] = codes.setdefault(code, code)
    return groups, items


def _unlinked(initiative: str, *row: str) -> tuple[str, ...]:
    """Give someone who did not agree to be linked another name in every wave."""
    *facts, content, consent, scopes = row
    if "link_waves" not in (consent or scopes).split(";"):
        told = digest_of((facts[0], facts[1], initiative))
        name = hashlib.sha256(told.encode()).digest()
        facts[0] = base64.b32encode(name).decode()[:16]
    return (*facts, content)


def record_sets(connection: Connection, initiative: str | None) -> tuple[RecordSet, ...]:
    """Read the record sets with how many answers of each are held, by id."""
    count = (
        select(ANSWERS.c.record_set, func.count().label("rows"))
        .group_by(ANSWERS.c.record_set)
        .subquery()
    )
    query = select(RECORD_SETS, count.c.rows.label("held")).outerjoin(
        count, count.c.record_set == RECORD_SETS.c.id
    )
    if initiative is not None:
        query = query.where(RECORD_SETS.c.initiative == initiative)
    found = (
        RecordSet(
            id=row["id"],
            initiative=row["initiative"],
            purpose=row["purpose"],
            lawful_basis=row["lawful_basis"],
            keep_until=row["keep_until"],
            scopes=tuple(row["scopes"].split(";")),
            special_category_condition=row["special_category_condition"],
            notice_version=row["notice_version"],
            kind=row["kind"],
            rows=row["held"] or 0,
            at=row["at"],
        )
        for row in connection.execute(query).mappings()
    )
    return tuple(sorted(found, key=lambda found: found.id))


def forms(connection: Connection, initiative: str) -> dict[str, tuple[str, ...]]:
    """Find the versions of the wording used, by wave."""
    query = select(ANSWERS.c.wave, ANSWERS.c.form).where(ANSWERS.c.initiative == initiative)
    found: dict[str, set[str]] = {}
    for row in connection.execute(query.distinct()):
        found.setdefault(row.wave, set()).add(row.form)
    return {wave: tuple(sorted(found[wave])) for wave in sorted(found)}
