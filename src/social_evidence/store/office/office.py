"""`open_office` and what may be asked of an office."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import pyarrow as pa
from sqlalchemy import Engine, select

from social_evidence.errors import StoreError
from social_evidence.model.evaluation_plan import Registration
from social_evidence.model.office import (
    Added,
    Event,
    Expected,
    Import,
    Move,
    Organisation,
    Origin,
    Participation,
    RecordSet,
    Removal,
    Return,
    Signature,
    Status,
)
from social_evidence.store.office import (
    answer_rows,
    contents,
    intake,
    record_rows,
    removing,
    return_moves,
    return_rows,
)
from social_evidence.store.office.canonical import to_text
from social_evidence.store.office.database import connect, reading, refusals, url_of, writing
from social_evidence.store.office.migrations import bring_up
from social_evidence.store.office.record_rows import Record
from social_evidence.store.office.schema import IMPORTS

_Noun = TypeVar("_Noun", Organisation, Event, Expected, Participation)
_NOWHERE: Final = Origin()


def open_office(target: str | Path, *, is_new_allowed: bool = True) -> Office:
    """Open an office, making it where there is none.

    Args:
        target: A file, the folder of an evidence base (its `office.sqlite`), or a URL such as
            `postgresql://host/name`.
        is_new_allowed: False refuses a file that is not there.

    Raises:
        StoreError: It cannot be opened, is no office, or belongs to a newer program.
    """
    engine = connect(url_of(target), is_new_allowed=is_new_allowed)
    try:
        bring_up(engine)
    except BaseException:
        engine.dispose()
        raise
    return Office(engine)


class Office:
    """Returns, answers and registers of an evidence base. Use it as a context manager.

    Every method is one transaction: it is kept whole or not at all, and waits its turn where
    somebody else is writing.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @property
    def address(self) -> str:
        """Where it is, without any password."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextlib.contextmanager
    def intake(
        self, kind: str, *, initiative: str = "", by: Signature, origin: Origin = _NOWHERE
    ) -> Iterator[intake.Intake]:
        """Import something: all that is taken in inside, and its line in the log, is one step.

        Raises:
            StoreError: The database refuses; nothing is kept.
        """
        with writing(self._engine) as connection:
            begun = intake.begin(connection, kind, initiative, origin, by)
            yield begun
            intake.end(begun)

    def imports(self) -> tuple[Import, ...]:
        """Read the log of imports, oldest first."""
        with reading(self._engine) as connection:
            found = connection.execute(select(IMPORTS).order_by(IMPORTS.c.id)).mappings()
            return tuple(Import(**row) for row in found)

    # Returns

    def record_returns(
        self, returns: Iterable[Return], *, by: Signature, origin: Origin = _NOWHERE
    ) -> Added:
        """Take in returns; see `Intake.returns`."""
        with self.intake("returns", by=by, origin=origin) as taken:
            return taken.returns(returns)

    def returns(
        self,
        initiative: str | None = None,
        *,
        period: str | None = None,
        statuses: Collection[Status] | None = None,
        with_history: bool = False,
    ) -> tuple[Return, ...]:
        """Read the returns that stand, by measure, period and organisation.

        Args:
            initiative: Only its returns.
            period: Only of this period.
            statuses: Only in one of these; drafts and queried ones are in where nothing is said.
            with_history: Those that were revised too.
        """
        with reading(self._engine) as connection:
            return tuple(
                found
                for found in return_rows.read(connection, initiative, with_history=with_history)
                if period in {None, found.period} and (not statuses or found.status in statuses)
            )

    def move_return(self, name: str, to: Status, *, by: Signature, reason: str = "") -> None:
        """Put a return into another status.

        Raises:
            DataError: There is no such return, it may not go there, or a query has no reason.
        """
        with writing(self._engine) as connection:
            return_moves.move(connection, name, to, by, reason)

    def moves(self, name: str) -> tuple[Move, ...]:
        """Read the steps of a return, oldest first: how it came in, then every move."""
        with reading(self._engine) as connection:
            return return_moves.moves_of(connection, name)

    def distinct_people(self, success_measure: str, periods: Sequence[str] | None = None) -> int:
        """Count different people over the returns of a measure, whoever reported them."""
        with reading(self._engine) as connection:
            return return_rows.distinct_people(connection, success_measure, periods)

    # Answers

    def add_answers(
        self,
        initiative: str,
        table: pa.Table,
        record_set: RecordSet,
        *,
        groups: Collection[str],
        by: Signature,
        origin: Origin = _NOWHERE,
    ) -> Added:
        """Take in participants' answers.

        Args:
            initiative: Whose participants.
            table: `pseudonym, wave, arm, project, period` filled; `area, form, consent` where
                known; then a text column for every breakdown and item, null where not known.
            record_set: What is promised to the people in it.
            groups: Which of the columns are breakdowns; the others are items.
            by: Who imports.
            origin: The file.

        Returns:
            What came of it; `conflicts` are rows of people who gave other answers in that wave.

        Raises:
            DataError: A column or a promise is missing.
        """
        with self.intake("answers", initiative=initiative, by=by, origin=origin) as taken:
            return taken.answers(initiative, table, record_set, groups)

    def answers(self, initiative: str) -> pa.Table:
        """Read an initiative's answers: one row a person and wave, sorted by pseudonym and wave.

        People who did not agree to be linked have another pseudonym in every wave.

        Returns:
            Text columns `pseudonym, wave, arm, project, period, area, form`, then one for each
            breakdown, then one for each item; null where not known.
        """
        with reading(self._engine) as connection:
            return answer_rows.read(connection, initiative)

    def forms(self, initiative: str) -> dict[str, tuple[str, ...]]:
        """Find which versions of the wording were used in each wave."""
        with reading(self._engine) as connection:
            return answer_rows.forms(connection, initiative)

    def record_sets(self, initiative: str | None = None) -> tuple[RecordSet, ...]:
        """Read what is held of people, and what was promised."""
        with reading(self._engine) as connection:
            return answer_rows.record_sets(connection, initiative)

    # Registers

    def save_records(
        self, kind: str, records: Sequence[Record], *, by: Signature, origin: Origin = _NOWHERE
    ) -> Added:
        """Take in records of a register; one that differs from what stands is its next revision.

        Args:
            kind: The register, such as `grant`.
            records: `Record(id, initiative, text)`; the text is JSON as it is to be kept.
            by: Who imports.
            origin: The file.
        """
        with self.intake(kind, by=by, origin=origin) as taken:
            return taken.records(kind, records)

    def records(self, kind: str, initiative: str | None = None) -> tuple[Record, ...]:
        """Read the newest revision of every record of a register, by id."""
        with reading(self._engine) as connection:
            return tuple(record_rows.current(connection, kind, initiative))

    def record_history(self, kind: str, name: str) -> tuple[tuple[int, str], ...]:
        """Read every revision of one record, oldest first: its number and its text."""
        with reading(self._engine) as connection:
            return tuple(record_rows.history(connection, kind, name))

    def grants(self, initiative: str | None = None) -> tuple[dict[str, Any], ...]:
        """Read the grants, as they came in."""
        return tuple(json.loads(record.text) for record in self.records("grant", initiative))

    def services(self, initiative: str | None = None) -> tuple[dict[str, Any], ...]:
        """Read the services, as they came in."""
        return tuple(json.loads(record.text) for record in self.records("service", initiative))

    def record_organisations(
        self, organisations: Iterable[Organisation], *, by: Signature, origin: Origin = _NOWHERE
    ) -> Added:
        """Take in organisations; one that differs from what stands takes its place."""
        return self._save("organisation", ((o.id, "", o) for o in organisations), by, origin)

    def organisations(self) -> tuple[Organisation, ...]:
        """Read the organisations, by id."""
        return self._nouns("organisation", Organisation, None)

    def record_events(
        self, events: Iterable[Event], *, by: Signature, origin: Origin = _NOWHERE
    ) -> Added:
        """Take in events; one that differs from what stands under its id takes its place."""
        return self._save("event", ((e.id, e.initiative, e) for e in events), by, origin)

    def events(self, initiative: str | None = None) -> tuple[Event, ...]:
        """Read the events, by id."""
        return self._nouns("event", Event, initiative)

    def record_expected(
        self, expected: Iterable[Expected], *, by: Signature, origin: Origin = _NOWHERE
    ) -> Added:
        """Note returns that were asked for."""
        named = ((_expected_id(asked), asked.initiative, asked) for asked in expected)
        return self._save("expected", named, by, origin)

    def expected(self, initiative: str | None = None) -> tuple[Expected, ...]:
        """Read the returns that were asked for."""
        return self._nouns("expected", Expected, initiative)

    def record_participations(
        self, parts: Iterable[Participation], *, by: Signature, origin: Origin = _NOWHERE
    ) -> Added:
        """Take in who has which part in an initiative, by pseudonym, role and day of joining."""
        named = (
            (f"{p.initiative} {p.role} {p.pseudonym} {p.joined}", p.initiative, p) for p in parts
        )
        return self._save("participation", named, by, origin)

    def participations(self, initiative: str | None = None) -> tuple[Participation, ...]:
        """Read who has which part in an initiative."""
        return self._nouns("participation", Participation, initiative)

    def register_plan(self, registration: Registration, *, by: Signature) -> None:
        """Keep what an evaluation's plan said on the day it was registered.

        Raises:
            StoreError: That version of the plan was registered with another text.
        """
        name = f"{registration.plan} {registration.version}"
        record = Record(name, registration.plan, to_text(dataclasses.asdict(registration)))
        with self.intake("plan", initiative=registration.plan, by=by) as taken:
            held = record_rows.history(taken.connection, "plan", name)
            if held and json.loads(held[0][1])["digest"] != registration.digest:
                raise StoreError(
                    f"Version {registration.version} of the plan of {registration.plan} was "
                    "registered with another text. A registered plan does not change: raise its "
                    "version, and the report will say what differs."
                )
            if not held:
                taken.records("plan", [record])

    def registrations(self, initiative: str) -> tuple[Registration, ...]:
        """Read the registered plans of an initiative, oldest version first."""
        found = self.records("plan", initiative)
        plans = (Registration(**json.loads(record.text)) for record in found)
        return tuple(sorted(plans, key=lambda plan: plan.version))

    def _save(
        self, kind: str, named: Iterable[tuple[str, str, _Noun]], by: Signature, origin: Origin
    ) -> Added:
        records = [
            Record(name, initiative, to_text(_plain(noun)), getattr(noun, "pseudonym", ""))
            for name, initiative, noun in named
        ]
        return self.save_records(kind, records, by=by, origin=origin)

    def _nouns(self, kind: str, noun: type[_Noun], initiative: str | None) -> tuple[_Noun, ...]:
        found = self.records(kind, initiative)
        return tuple(noun(**json.loads(record.text)) for record in found)

    # Removing, and what the whole holds

    def forget(self, pseudonym: str, *, by: Signature) -> tuple[Removal, ...]:
        """Remove everything under a pseudonym; the marks say what must be rebuilt."""
        return self._remove(removing.remove_person, pseudonym, by)

    def remove_record_set(self, name: str, *, by: Signature) -> tuple[Removal, ...]:
        """Remove the answers of a record set, as when their time is over.

        Raises:
            DataError: There is no such record set.
        """
        return self._remove(removing.remove_record_set, name, by)

    def _remove(self, remove: Any, name: str, by: Signature) -> tuple[Removal, ...]:
        with writing(self._engine) as connection:
            marks: tuple[Removal, ...] = remove(connection, name, by)
        if self._engine.dialect.name == "sqlite":
            # The journal still holds the pages as they were.
            with refusals(), self._engine.connect() as connection:
                raw = connection.connection.driver_connection
                if raw is not None:
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        return marks

    def removals(self) -> tuple[Removal, ...]:
        """Read what was removed, oldest first."""
        with reading(self._engine) as connection:
            return removing.removals(connection)

    def mark_rebuilt(self, version: str) -> int:
        """Note the release that was made without those removed before; returns how many marks."""
        with writing(self._engine) as connection:
            return removing.mark_rebuilt(connection, version)

    def digest(self) -> str:
        """Digest all that is held, whatever the order in which it came in: an input of a build."""
        with reading(self._engine) as connection:
            return contents.digest(connection)

    def initiatives(self) -> tuple[str, ...]:
        """Name the initiatives of which anything is held."""
        with reading(self._engine) as connection:
            return contents.initiatives(connection)


def _expected_id(asked: Expected) -> str:
    return " ".join((asked.success_measure, asked.organisation, asked.period))


def _plain(noun: Organisation | Event | Expected | Participation) -> dict[str, Any]:
    return dataclasses.asdict(noun)
