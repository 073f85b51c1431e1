"""What the office holds, as the rows of initiatives need it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from social_evidence.app.grant_shape import LINK
from social_evidence.app.initiative_counts import Counted, Row
from social_evidence.app.initiative_figures import Setting, asked_of
from social_evidence.app.initiative_rows import Records
from social_evidence.app.office_place import office_of, opened
from social_evidence.app.services_office import held_services, service_table
from social_evidence.model.evaluation_plan import Registration
from social_evidence.model.initiative import FROM_ANSWERS
from social_evidence.model.office import (
    Event,
    Expected,
    Organisation,
    Participation,
    RecordSet,
    Return,
)

if TYPE_CHECKING:
    from social_evidence.store.office.office import Office

_Kind = TypeVar("_Kind")
_LEVELS: Final = ("left", "contacted", "engaged", "committed", "reporting")
_NO_ORGANISATION: Final = Organisation(id="", name="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What an office holds for a release.

    Attributes:
        digest: Over all of it; empty for no office.
        records: Initiative -> its records.
        record_sets: Answers that came in together, with what was promised.
        registrations: Initiative -> its registered plans, oldest first.
        grants: Initiative -> grants as the standard has them.
    """

    digest: str = ""
    records: Mapping[str, Records] = field(default_factory=dict)
    record_sets: tuple[RecordSet, ...] = ()
    registrations: Mapping[str, tuple[Registration, ...]] = field(default_factory=dict)
    grants: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)


def held_by(setting: Setting, out: Path, office: str | Path | None) -> Held:
    """Read what an office holds of the catalogue's initiatives.

    Args:
        setting: The catalogue.
        out: The evidence base.
        office: A path or URL; None takes the evidence base's own, where there is one.

    Raises:
        StoreError: The office named is not there or cannot be read.
    """
    target = office_of(out, office)
    if target is None:
        return Held()
    with opened(target) as office_open:
        names = sorted(setting.catalogue.initiatives)
        everything = _Registers.of(office_open)
        return Held(
            digest=office_open.digest(),
            records={name: _records(setting, office_open, name, everything) for name in names},
            record_sets=office_open.record_sets(),
            registrations={
                name: office_open.registrations(name)
                for name in sorted(setting.catalogue.evaluation_plans)
            },
            grants=_by_initiative((_grant_of(one), one) for one in office_open.grants()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Registers:
    """Records of all initiatives at once: an office is asked once for each kind."""

    organisations: Mapping[str, Organisation]
    returns: Mapping[str, tuple[Return, ...]]
    expected: Mapping[str, tuple[Expected, ...]]
    events: Mapping[str, tuple[Event, ...]]
    people: Mapping[str, tuple[Participation, ...]]

    @classmethod
    def of(cls, office: Office) -> _Registers:
        return cls(
            organisations={one.id: one for one in office.organisations()},
            returns=_by_initiative((one.initiative, one) for one in office.returns()),
            expected=_by_initiative((one.initiative, one) for one in office.expected()),
            events=_by_initiative((one.initiative, one) for one in office.events()),
            people=_by_initiative((one.initiative, one) for one in office.participations()),
        )


def _by_initiative(records: Iterable[tuple[str, _Kind]]) -> dict[str, tuple[_Kind, ...]]:
    found: dict[str, list[_Kind]] = defaultdict(list)
    for name, record in records:
        found[name].append(record)
    return {name: tuple(own) for name, own in found.items()}


def _grant_of(grant: Mapping[str, Any]) -> str:
    return str(grant.get(LINK, {}).get("initiative", ""))


def _records(setting: Setting, office: Office, name: str, every: _Registers) -> Records:
    asked = {one.reading.way for one in asked_of(setting.catalogue.initiatives[name])}
    answers = office.answers(name) if asked & FROM_ANSWERS else None
    organisations = every.organisations
    return Records(
        answers=answers if answers is not None and answers.num_rows else None,
        counted=Counted(
            setting=setting,
            returns=every.returns.get(name, ()),
            expected=every.expected.get(name, ()),
            organisations=organisations,
            registers={
                "events": list(event_rows(every.events.get(name, ()), organisations)),
                "people": list(people_rows(every.people.get(name, ()), organisations)),
                "services": _service_rows(setting, office, name, organisations),
            },
        ),
    )


def event_rows(events: Iterable[Event], organisations: Mapping[str, Organisation]) -> Iterator[Row]:
    """Give each event a row; of one day the furthest level counts."""
    for event in events:
        known = organisations.get(event.organisation, _NO_ORGANISATION)
        yield {
            "organisation": event.organisation or None,
            "kind": known.kind if event.organisation else "borough",
            "area": event.area or known.area or None,
            "sector": known.sector or None,
            "size": known.size or None,
            "level": event.level,
            "rank": str(_LEVELS.index(event.level)),
            "starts": event.date,
            "ends": event.date,
        }


def people_rows(
    participations: Iterable[Participation], organisations: Mapping[str, Organisation]
) -> Iterator[Row]:
    """Give each person's part in an initiative a row; a month stands for its first day."""
    for one in participations:
        known = organisations.get(one.organisation, _NO_ORGANISATION)
        yield {
            "pseudonym": one.pseudonym,
            "role": one.role,
            "organisation": one.organisation or None,
            "area": one.area or known.area or None,
            "sector": known.sector or None,
            "starts": _day(one.joined, "01"),
            "ends": _day(one.left, "31"),
            **one.groups,
        }


def _day(text: str, day: str) -> str | None:
    if not text:
        return None
    return f"{text}-{day}" if len(text) == len("2026-01") else text


def _service_rows(
    setting: Setting, office: Office, name: str, organisations: Mapping[str, Organisation]
) -> list[Row]:
    """Give each course a row: what counting needs, and the facts that readings ask for."""
    if not _columns(setting, name):
        return []
    services = held_services(office, name)
    table = service_table(services, setting.catalogue.suitability)
    asked = sorted(_columns(setting, name) - set(table.column_names))
    return [
        {
            **row,
            "sector": organisations.get(row["organisation"], _NO_ORGANISATION).sector or None,
            **{column: fact for column in asked if (fact := service.fact(column))},
        }
        for row, service in zip(table.to_pylist(), services, strict=True)
    ]


def _columns(setting: Setting, name: str) -> set[str]:
    """List the columns of services that an initiative's readings go by."""
    found: set[str] = set()
    for asked in asked_of(setting.catalogue.initiatives[name]):
        reading = asked.reading
        if reading.register == "services":
            found |= {*reading.where, *reading.among_where, *reading.by}
            found |= {reading.distinct, reading.total} - {""}
    return found
