"""The demonstration's office: made-up records, taken in by the functions that everybody uses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from social_evidence.app.evaluate_plan import check_registration, registration_of
from social_evidence.app.grants_office import import_grants
from social_evidence.app.office_place import FILE
from social_evidence.app.participant_import import AnswersAsked, accept_answers
from social_evidence.app.register_import import KINDS, accept_register
from social_evidence.app.returns_accept import accept_returns
from social_evidence.app.services_office import import_services
from social_evidence.errors import DataError, StoreError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import RecordSet, Signature
from social_evidence.store.office.office import Office, open_office
from social_evidence.synthetic.initiatives.writers import FIRST_YEAR, FOLDER

ROLE: Final = "demo"
_KEPT_UNTIL: Final = "2032-12-31"
_DAYS: Final = {1: date(2026, 11, 1), 2: date(2027, 11, 1)}
"""Year of the demonstration -> the day on which its made-up records come in."""


def fill_office(folder: Path, catalogue: Catalogue, *, years: int = 1) -> Path:
    """Take the made-up records of initiatives into the demonstration's office.

    Done again it adds nothing: what is there already is recognised.

    Args:
        folder: The demonstration's; the files stand below `sources/initiatives/`.
        catalogue: The definitions.
        years: 1 for the first release, 2 for the second.

    Returns:
        The office.

    Raises:
        DataError: A row was refused, which made-up files never deserve.
        StoreError: The office cannot be written.
    """
    base = folder / "sources" / FOLDER
    day = _DAYS[years]
    by = Signature(role=ROLE, at=f"{day.isoformat()}T09:00:00Z")
    place = folder / FILE
    with open_office(place) as office:
        _register_plans(office, catalogue, by)
        for file, refused in _taken(office, base, catalogue, by, day, years):
            if refused:
                raise DataError(
                    f"{file}: {refused} rows were refused, and the demonstration's own files have "
                    "no faults. Was the catalogue changed?"
                )
        _verify(office, by)
    return place


def check_office(folder: Path) -> None:
    """Refuse an office that holds anybody else's records, before anything is written in it.

    Raises:
        StoreError: Somebody else has imported into it, or it cannot be read.
    """
    place = folder / FILE
    if not place.is_file():
        return
    with open_office(place) as office:
        if any(one.role != ROLE for one in office.imports()):
            raise StoreError(
                f"{place} holds records that are not the demonstration's. Made-up ones would "
                "stand among them: choose another --dir."
            )


def _register_plans(office: Office, catalogue: Catalogue, by: Signature) -> None:
    """Register what will be looked at, as of the day each plan was written: before any answer."""
    for name in sorted(catalogue.evaluation_plans):
        written = date.fromisoformat(str(catalogue.evaluation_plans[name].written_on))
        new = registration_of(catalogue, name, written)
        if check_registration(new, office.registrations(name)):
            office.register_plan(new, by=by)


def _taken(
    office: Office, base: Path, catalogue: Catalogue, by: Signature, day: date, years: int
) -> Iterator[tuple[str, int]]:
    """Take in file after file; give each with the number of its faults."""
    for kind in KINDS:
        read = accept_register(office, base / "registers" / f"{kind}.csv", catalogue, kind, by=by)
        yield read.file, len(read.faults)
    told = accept_returns(office, base / "returns" / "returns.csv", catalogue, by=by, today=day)
    yield told.file, told.refused
    for year in range(FIRST_YEAR, FIRST_YEAR + years):
        for path in sorted((base / "answers").glob(f"*_{year}.csv")):
            initiative = path.stem.removesuffix(f"_{year}")
            promised = _promised(initiative, year)
            asked = AnswersAsked(initiative=initiative)
            answers = accept_answers(office, path, catalogue, asked, promised, by=by, today=day)
            yield answers.file, len(answers.faults)
    initiatives = list(catalogue.initiatives)
    grants = import_grants(base / "grants" / "grants.json", office, by=by, initiatives=initiatives)
    yield "grants.json", len(grants.faults)
    services = import_services(
        base / "services" / "services.json", office, by=by, initiatives=initiatives
    )
    yield "services.json", len(services.faults)


def _promised(initiative: str, year: int) -> RecordSet:
    return RecordSet(
        id=f"{initiative}-{year}",
        initiative=initiative,
        purpose="To learn whether the initiative helps (made up).",
        lawful_basis="public task (made up)",
        special_category_condition="archiving, research and statistics (made up)",
        notice_version="made up 1",
        keep_until=_KEPT_UNTIL,
    )


def _verify(office: Office, by: Signature) -> None:
    """Verify every return but one in ten, so that there are some of either kind.

    Counted among all returns, so that those left are the same ones the next time.
    """
    for number, one in enumerate(office.returns()):
        if number % 10 and one.status == "submitted":
            office.move_return(one.id, "verified", by=by)
