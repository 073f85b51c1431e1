"""Taking returns into the office: what is good is kept, what is wrong is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from social_evidence.app.returns_read import Known, return_stream
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import Added, Fault, Origin, Signature
from social_evidence.store.office.office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a file.

    Attributes:
        file: Its name.
        digest: sha-256 of it.
        added: What is new, revised, and was there already.
        refused: Rows or cells that were not taken in.
        faults: What is wrong with it.
        more_faults: How many more there are than are told one by one.
    """

    file: str
    digest: str
    added: Added
    refused: int = 0
    faults: tuple[Fault, ...] = ()
    more_faults: int = 0


def accept_returns(
    office: Office,
    path: Path,
    catalogue: Catalogue,
    *,
    by: Signature,
    today: dt.date,
    key: bytes | None = None,
    is_draft: bool = False,
) -> Outcome:
    """Read a file of returns into the office.

    All of it is one step: whoever stops it half-way finds nothing of it in the office, and reads
    it again. Read twice, it adds nothing the second time.

    Args:
        office: Where it goes.
        path: A filled-in form (.xlsx, .ods), or a long delimited file.
        catalogue: The definitions.
        by: Who reads it, as the role held.
        today: Periods after it are refused.
        key: Secret of the pseudonyms; needed where people are listed.
        is_draft: What is in it is not handed in yet.

    Raises:
        DataError: The file cannot be read at all, or is no return.
        StoreError: The office refuses.
    """
    organisations = {organisation.id for organisation in office.organisations()}
    known = Known(catalogue=catalogue, today=today, organisations=organisations, key=key)
    with return_stream(path, known) as stream:
        origin = Origin(file=stream.file, digest=stream.digest)
        with office.intake("returns", initiative=stream.initiative, by=by, origin=origin) as intake:
            drafts = (replace(one, status="draft") for one in stream.returns)
            added = intake.returns(drafts if is_draft else stream.returns)
            intake.refused = stream.log.refused
        return Outcome(
            file=stream.file,
            digest=stream.digest,
            added=added,
            refused=stream.log.refused,
            faults=tuple(stream.log.faults),
            more_faults=stream.log.more,
        )
