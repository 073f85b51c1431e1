"""One import: everything it takes in, and its line in the log, are kept together or not at all."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pyarrow as pa
from sqlalchemy import Connection, select, update

from social_evidence.model.office import Added, Origin, RecordSet, Return, Signature
from social_evidence.store.office import answer_rows, record_rows, return_rows
from social_evidence.store.office.schema import IMPORTS

_BATCH = 2_000
_Item = TypeVar("_Item")


@dataclass(slots=True)
class Intake:
    """What is being taken in. It is made by `Office.intake`.

    Attributes:
        connection: The writer's transaction.
        id: Of its line in the log.
        by: Who imports.
        refused: Rows that were not taken in; the caller counts them.
        added: What came of it so far.
        is_repeat: The same file was read before.
    """

    connection: Connection
    id: int
    by: Signature
    refused: int = 0
    added: Added = field(default_factory=Added)
    is_repeat: bool = False

    def returns(self, returns: Iterable[Return]) -> Added:
        """Take in returns, a batch at a time.

        One whose content stands there already is left alone; one that differs takes the place of
        the one that stood there, which becomes `revised` and stays in the history.
        """
        return self._all(
            return_rows.add(self.connection, batch, self.id, self.by, is_repeat=self.is_repeat)
            for batch in _batches(returns, _BATCH)
        )

    def answers(
        self, initiative: str, table: pa.Table, record_set: RecordSet, groups: Collection[str]
    ) -> Added:
        """Take in participants' answers; see `Office.add_answers`."""
        rows = answer_rows.rows(initiative, table, groups)
        is_new = answer_rows.add_record_set(self.connection, record_set, initiative, self.by)
        added = self._all(
            answer_rows.add(self.connection, batch, record_set.id, self.id)
            for batch in _batches(rows, _BATCH)
        )
        if is_new and not added.accepted:
            answer_rows.drop_record_set(self.connection, record_set.id)
        return added

    def records(self, kind: str, records: Sequence[record_rows.Record]) -> Added:
        """Take in records of a register; see `Office.save_records`."""
        return self._all(
            record_rows.add(self.connection, kind, batch, self.id)
            for batch in _batches(records, _BATCH)
        )

    def _all(self, parts: Iterable[Added]) -> Added:
        now = Added()
        for part in parts:
            now = _sum(now, part)
        self.added = _sum(self.added, now)
        return now


def begin(
    connection: Connection, kind: str, initiative: str, origin: Origin, by: Signature
) -> Intake:
    """Write the first half of the log's line."""
    same = select(IMPORTS.c.id).where(IMPORTS.c.digest == origin.digest).limit(1)
    is_repeat = bool(origin.digest) and connection.execute(same).first() is not None
    values = {
        "kind": kind,
        "initiative": initiative,
        "file": origin.file,
        "digest": origin.digest,
        "role": by.role,
        "at": by.at,
        "accepted": 0,
        "unchanged": 0,
        "refused": 0,
    }
    made = connection.execute(IMPORTS.insert().values(values).returning(IMPORTS.c.id))
    return Intake(connection, made.scalar_one(), by, origin.refused, is_repeat=is_repeat)


def end(intake: Intake) -> None:
    """Write what came of it into the log's line."""
    added = intake.added
    intake.connection.execute(
        update(IMPORTS)
        .where(IMPORTS.c.id == intake.id)
        .values(
            accepted=added.accepted,
            unchanged=added.unchanged,
            refused=intake.refused + len(added.conflicts),
        )
    )


def _sum(one: Added, other: Added) -> Added:
    return Added(
        accepted=one.accepted + other.accepted,
        revised=one.revised + other.revised,
        unchanged=one.unchanged + other.unchanged,
        conflicts=one.conflicts + other.conflicts,
    )


def _batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    rest = iter(items)
    while batch := list(itertools.islice(rest, size)):
        yield batch
