"""Whether a course suits certain learners: a rule with a version, and what is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from social_evidence.errors import DefinitionError
from social_evidence.model.service import LEVELS, Known, Schedule, Service

_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuitabilityRule:
    """What a course must be to suit certain learners. Every part given must hold.

    Attributes:
        id: The file's name.
        version: Raised whenever the meaning changes; results name it.
        title: Whom the course suits.
        rationale: Why these parts, and not others.
        levels: Levels of English one of which it must teach; empty for any.
        needs_childcare: Children must be looked after meanwhile.
        needs_term_time: It must keep to school terms.
        starts_from: It must not open before this time, as `09:15`; empty for any.
        ends_by: It must not close after this time; empty for any.
        most_hours: It must not take more guided hours a week; None for any.
        least_hours: It must give so many guided hours a week; None for any.
    """

    id: str
    version: int
    title: str
    rationale: str
    levels: tuple[str, ...] = ()
    needs_childcare: bool = False
    needs_term_time: bool = False
    starts_from: str = ""
    ends_by: str = ""
    most_hours: float | None = None
    least_hours: float | None = None

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.levels) - set(LEVELS)):
            raise DefinitionError(
                f"Suitability rule {self.id!r}: {unknown} are no levels of English. Known: "
                f"{', '.join(LEVELS)}."
            )

    @property
    def name(self) -> str:
        """The rule and its version, as a course carries it: `carers@1`."""
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """What is taught, counted in courses, places and guided hours a week.

    `places` and `hours` are of those courses that say them; `without_places` and `without_hours`
    count those that do not, so that not known is never taken for none.

    Attributes:
        courses: How many.
        places: How many people can take part.
        hours: Guided hours a week, of all courses together.
        without_places: Courses that do not say how many places.
        without_hours: Courses that do not say how many hours.
    """

    courses: int = 0
    places: Decimal = Decimal(0)
    hours: Decimal = Decimal(0)
    without_places: int = 0
    without_hours: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suitable:
    """All provision, by whether it suits."""

    rule: str
    suits: Provision
    does_not: Provision
    unknown: Provision


def judged(service: Service, rule: SuitabilityRule) -> Known:
    """Say whether a course suits: no where one part is known to fail, unknown where one is open.

    Args:
        service: The course, with what is known of it.
        rule: The rule.
    """
    parts = list(_parts(service, rule))
    if "no" in parts:
        return "no"
    return "unknown" if "unknown" in parts else "yes"


def counted(services: Iterable[Service], rule: SuitabilityRule) -> Suitable:
    """Count provision that suits, in courses, places and hours, of courses that run.

    Args:
        services: Courses, of whatever status.
        rule: The rule.
    """
    sorted_in: dict[Known, list[Service]] = {"yes": [], "no": [], "unknown": []}
    for service in services:
        if service.status == "active":
            sorted_in[judged(service, rule)].append(service)
    return Suitable(
        rule=rule.name,
        suits=provision(sorted_in["yes"]),
        does_not=provision(sorted_in["no"]),
        unknown=provision(sorted_in["unknown"]),
    )


def provision(services: Iterable[Service]) -> Provision:
    """Add up courses, their places and their hours."""
    found = list(services)
    places = [service.number("capacity_places") for service in found]
    hours = [service.number("guided_hours_per_week") for service in found]
    return Provision(
        courses=len(found),
        places=sum((value for value in places if value is not None), Decimal(0)),
        hours=sum((value for value in hours if value is not None), Decimal(0)),
        without_places=places.count(None),
        without_hours=hours.count(None),
    )


def _parts(service: Service, rule: SuitabilityRule) -> Iterable[Known]:
    if rule.levels:
        level = service.fact("esol_level")
        yield _said(level in rule.levels) if level else "unknown"
    if rule.needs_childcare:
        yield service.is_known("childcare_available")
    if rule.needs_term_time:
        yield service.is_known("term_time_only")
    if rule.starts_from or rule.ends_by:
        yield _by_day(service, rule)
    hours = service.number("guided_hours_per_week")
    if rule.most_hours is not None:
        yield "unknown" if hours is None else _said(hours <= Decimal(str(rule.most_hours)))
    if rule.least_hours is not None:
        yield "unknown" if hours is None else _said(hours >= Decimal(str(rule.least_hours)))


def _by_day(service: Service, rule: SuitabilityRule) -> Known:
    """Say whether some time at which the course is open lies within the rule's hours."""
    found = [_within(schedule, rule) for schedule in service.schedules]
    if "yes" in found:
        return "yes"
    return "unknown" if "unknown" in found or not found else "no"


def _within(schedule: Schedule, rule: SuitabilityRule) -> Known:
    opens, closes = _time(schedule.opens), _time(schedule.closes)
    if (rule.starts_from and not opens) or (rule.ends_by and not closes):
        return "unknown"
    is_late_enough = not rule.starts_from or opens >= rule.starts_from
    is_early_enough = not rule.ends_by or closes <= rule.ends_by
    return _said(is_late_enough and is_early_enough)


def _time(text: str | None) -> str:
    """Give hours and minutes; empty for anything that is no time of day."""
    return text[:5] if text and _TIME.match(text) else ""


def _said(holds: bool) -> Known:
    return "yes" if holds else "no"
