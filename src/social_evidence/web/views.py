"""What the office's pages say, read from the office and the definitions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from social_evidence.app.forget import Mark, expired, open_marks
from social_evidence.app.returns_form import asked_of
from social_evidence.app.returns_status import MISSING, Standing, counts, standings
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.initiative import Initiative
from social_evidence.model.office import Import, Move, RecordSet, Return
from social_evidence.store.office.office import Office
from social_evidence.web.settings import OfficeSettings

STATUS: Final = {
    MISSING: "not come yet",
    "draft": "draft",
    "submitted": "came in",
    "queried": "queried",
    "verified": "verified",
    "revised": "replaced by a newer one",
}
"""Status of a return -> how people are told."""
AGREED: Final = {
    "take_part": "to take part",
    "link_waves": "that their answers before and after are held against each other",
    "link_admin": "that their answers are joined to official records",
    "recontact": "to be asked again later",
    "quote_internal": "to be quoted within the organisation",
    "quote_public": "to be quoted in public",
    "archive": "that their answers go into an archive",
}
"""Scope of consent -> what people agreed to."""
_IMPORTS: Final = 12
_SMALL: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeLine:
    """One initiative in the list of all."""

    id: str
    title: str
    expected: int
    received: int
    missing: int
    queried: int
    answers: str

    @property
    def has_returns(self) -> bool:
        """Say whether any return was asked for, or came."""
        return bool(self.expected or self.received)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The first page: what is expected, what has come, what waits."""

    lines: tuple[InitiativeLine, ...]
    imports: tuple[Import, ...]
    marks: tuple[Mark, ...]
    expired: tuple[RecordSet, ...]
    titles: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeView:
    """One initiative: what it is asked for and what is held of it."""

    initiative: Initiative
    standings: tuple[Standing, ...]
    organisations: dict[str, str]
    record_sets: tuple[tuple[RecordSet, str], ...]
    grants: int
    services: int
    asks_returns: bool
    asks_answers: bool
    measures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnView:
    """One return, its steps, and the returns before it."""

    found: Return
    title: str
    initiative: str
    organisation: str
    moves: tuple[Move, ...]
    versions: tuple[Return, ...]


def home(office: Office, settings: OfficeSettings) -> Home:
    """Read what the first page says."""
    catalogue = settings.catalogue
    by_initiative: dict[str, list[Standing]] = {}
    for standing in standings(office):
        by_initiative.setdefault(standing.initiative, []).append(standing)
    held: dict[str, int] = {}
    for one in office.record_sets():
        held[one.initiative] = held.get(one.initiative, 0) + one.rows
    lines = [
        _line(initiative, by_initiative.get(initiative.id, []), held.get(initiative.id, 0))
        for initiative in catalogue.initiatives.values()
        if initiative.success_measures
    ]
    return Home(
        lines=tuple(sorted(lines, key=lambda line: line.title)),
        imports=tuple(reversed(office.imports()))[:_IMPORTS],
        marks=open_marks(office, settings.base),
        expired=expired(office, settings.today),
        titles=titles_of(catalogue),
    )


def initiative_view(office: Office, settings: OfficeSettings, name: str) -> InitiativeView:
    """Read what an initiative's page says. The initiative must be one of the catalogue."""
    initiative = settings.catalogue.initiatives[name]
    return InitiativeView(
        initiative=initiative,
        standings=standings(office, name),
        organisations=organisations(office),
        record_sets=tuple((held, rough(held.rows)) for held in office.record_sets(name)),
        grants=len(office.records("grant", name)),
        services=len(office.records("service", name)),
        asks_returns=bool(asked_of(settings.catalogue, initiative)),
        asks_answers=asks_people(initiative),
        measures={success.id: success.title for success in initiative.success_measures},
    )


def return_view(office: Office, catalogue: Catalogue, name: str) -> ReturnView | None:
    """Read what a return's page says; None where there is no such return."""
    every = office.returns(with_history=True)
    found = next((one for one in every if one.id == name), None)
    if found is None:
        return None
    place = (found.success_measure, found.organisation, found.period)
    versions = [o for o in every if (o.success_measure, o.organisation, o.period) == place]
    initiative = catalogue.initiatives.get(found.initiative)
    titles = {s.id: s.title for s in initiative.success_measures} if initiative else {}
    return ReturnView(
        found=found,
        title=titles.get(found.success_measure, found.success_measure),
        initiative=initiative.title if initiative else found.initiative,
        organisation=organisations(office).get(found.organisation, found.organisation),
        moves=office.moves(name),
        versions=tuple(sorted(versions, key=lambda one: -one.revision)),
    )


def organisations(office: Office) -> dict[str, str]:
    """Name the organisations that the office knows, by id."""
    return {organisation.id: organisation.name for organisation in office.organisations()}


def titles_of(catalogue: Catalogue) -> dict[str, str]:
    """Name the initiatives, by id."""
    return {name: initiative.title for name, initiative in catalogue.initiatives.items()}


def asks_people(initiative: Initiative) -> bool:
    """Say whether people who take part are asked questions."""
    return any(s.computed_from == "participant_survey" for s in initiative.success_measures)


def rough(rows: int) -> str:
    """Write how many answers are held; few are not counted out."""
    return f"under {_SMALL}" if 0 < rows < _SMALL else f"{rows:,}"


def _line(initiative: Initiative, found: list[Standing], answers: int) -> InitiativeLine:
    totals = counts(found)
    return InitiativeLine(
        id=initiative.id,
        title=initiative.title,
        expected=totals["expected"],
        received=totals["received"],
        missing=totals[MISSING],
        queried=totals["queried"],
        answers=rough(answers) if asks_people(initiative) else "",
    )
