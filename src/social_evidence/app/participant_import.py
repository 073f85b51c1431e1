"""Taking in participants' answers, before and after: people only as pseudonyms, faults told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pyarrow as pa

from social_evidence.app.import_faults import FaultLog
from social_evidence.app.participant_cells import Answers, Codes, Reading
from social_evidence.app.participant_mapping import ColumnMap, settle
from social_evidence.app.participant_rows import MOST_ROWS, participant_rows
from social_evidence.app.returns_accept import Outcome
from social_evidence.app.returns_form import initiative_of
from social_evidence.errors import DataError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import Fault, Origin, RecordSet, Signature
from social_evidence.store.office.office import Office

_PLAIN: Final = ColumnMap()
_LONGEST_KEPT: Final = 3_653
"""Days: ten years are longer than any evaluation needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersAsked:
    """How a participants' file is to be read.

    Attributes:
        initiative: Whose participants.
        key: Secret of the pseudonyms; not needed where the file holds pseudonyms.
        values: What holds for the whole file: `wave`, `arm`, `project`, `period`, `form`.
        mapping: What its columns are, where they are not named as the catalogue names them.
    """

    initiative: str
    key: bytes | None = field(default=None, repr=False)
    values: Mapping[str, str] = field(default_factory=dict)
    mapping: ColumnMap = _PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersRead:
    """What a participants' file holds.

    Attributes:
        table: Rows that can be taken in: `pseudonym, wave, arm, project, period, area, form,
            consent`, then breakdowns, then items.
        rows: Row number in the file of each of them.
        groups: Which of the columns are breakdowns.
        sheet: Where they stand; empty where the file has no sheets.
    """

    file: str
    digest: str
    table: pa.Table
    rows: tuple[int, ...]
    groups: tuple[str, ...]
    faults: tuple[Fault, ...]
    refused: int
    more_faults: int = 0
    sheet: str = ""


def read_answers(path: Path, catalogue: Catalogue, asked: AnswersAsked) -> AnswersRead:
    """Read a participants' file as a whole, without taking it in.

    Args:
        path: A file: .csv, .xlsx, .ods, .sav, .dta or .parquet.
        catalogue: The definitions.
        asked: How it is to be read.

    Raises:
        DataError: The file cannot be read at all, or identifiers stand in it and there is no key.
        DefinitionError: There is no such initiative.
    """
    initiative_of(catalogue, asked.initiative)
    mapping = replace(asked.mapping, values={**asked.mapping.values, **asked.values})
    with participant_rows(path) as found:
        log = FaultLog(sheet=found.sheet)
        settled = settle(found.header, mapping, catalogue, log)
        answers = Answers()
        if settled is not None:
            if asked.key is None and not settled.is_pseudonym:
                raise DataError(
                    f"{path.name}: holds identifiers, and there is no key to turn them into "
                    "pseudonyms. Name the key's file with --key."
                )
            reading = Reading(
                found=found,
                codes=Codes.of(catalogue, mapping, found.labels, found.header, settled),
                log=log,
                initiative=asked.initiative,
                key=asked.key,
            )
            for number, row in found.rows:
                if number > MOST_ROWS + 1:
                    raise DataError(f"{path.name}: has more than {MOST_ROWS:,} rows.")
                answers.take(number, row, reading)
    return AnswersRead(
        file=found.name,
        digest=found.digest,
        table=answers.table(),
        rows=tuple(answers.numbers),
        groups=tuple(settled.groups) if settled else (),
        faults=tuple(log.faults),
        refused=log.refused,
        more_faults=log.more,
        sheet=found.sheet,
    )


def accept_answers(
    office: Office,
    path: Path,
    catalogue: Catalogue,
    asked: AnswersAsked,
    record_set: RecordSet,
    *,
    by: Signature,
    today: dt.date,
) -> Outcome:
    """Read a participants' file into the office, in one step.

    Args:
        office: Where it goes.
        path: The file.
        catalogue: The definitions.
        asked: How it is to be read.
        record_set: What is promised to the people in it; its id is given here if it has none.
        by: Who reads it, as the role held.
        today: The answers must be kept beyond it, and at most ten years.

    Raises:
        DataError: The file cannot be read at all, or a promise is missing.
        StoreError: The office refuses.
    """
    read = read_answers(path, catalogue, asked)
    promised = _promised(record_set, read, catalogue, asked.initiative, today)
    log = FaultLog(
        sheet=read.sheet, faults=list(read.faults), more=read.more_faults, refused=read.refused
    )
    origin = Origin(file=read.file, digest=read.digest)
    with office.intake("answers", initiative=asked.initiative, by=by, origin=origin) as intake:
        added = intake.answers(asked.initiative, read.table, promised, read.groups)
        intake.refused = log.refused
    for position in added.conflicts:
        log.refuse(
            read.rows[position],
            "",
            "other answers of this person in this wave are held already. Answers are not "
            "overwritten: remove the earlier ones first if they were wrong.",
        )
    return Outcome(
        file=read.file,
        digest=read.digest,
        added=added,
        refused=log.refused,
        faults=tuple(log.faults),
        more_faults=log.more,
    )


def _promised(
    given: RecordSet, read: AnswersRead, catalogue: Catalogue, initiative: str, today: dt.date
) -> RecordSet:
    """Check what is promised to the people of a file.

    Raises:
        DataError: The day is none, lies in the past or too far off, or special categories are
            held without a condition.
    """
    try:
        last = dt.date.fromisoformat(given.keep_until)
    except ValueError:
        raise DataError(
            f"Keep until {given.keep_until!r} is no day such as 2028-12-31. Every record set has "
            "a day on which it goes."
        ) from None
    if not today < last <= today + dt.timedelta(days=_LONGEST_KEPT):
        raise DataError(
            f"Answers cannot be kept until {last}: the day must lie after {today} and within ten "
            "years of it."
        )
    if "take_part" not in given.scopes:
        raise DataError("Answers of people who did not agree to take part cannot be held.")
    special = [name for name in read.groups if catalogue.breakdowns[name].special_category]
    if special and not given.special_category_condition:
        raise DataError(
            f"{read.file}: {', '.join(special)} are special categories, which the law protects "
            "above others. Name the condition under which they are held with --special-category."
        )
    name = given.id or f"{initiative}-{read.digest[:12]}"
    return replace(given, id=name, initiative=initiative)
