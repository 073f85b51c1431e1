"""Services such as English teaching and volunteering offers, named as Open Referral UK does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from social_evidence.model.grant import Rest

Known = Literal["yes", "no", "unknown"]

TAXONOMY: Final = "social-evidence"
"""Vocabulary of the facts that the standard has no field for and that we add as attributes."""
FACTS: Final[Mapping[str, str]] = {
    "capacity_places": "Places: how many people can take part at once.",
    "guided_hours_per_week": "Taught or guided hours a week.",
    "esol_level": "Level taught: pre_entry, entry_1, entry_2, entry_3, level_1 or level_2.",
    "childcare_available": "Whether children are looked after meanwhile: yes or no.",
    "term_time_only": "Whether it keeps to school terms: yes or no.",
    "suitability_rule_version": "The rule and version by which its suitability was worked out.",
    "area": "The borough in which it is given, by its official code.",
    "initiative": "The initiative that the service is part of.",
    "period": "The period, such as an academic year, that the facts are of.",
}
"""Each of those facts, and what it means."""
LEVELS: Final = ("pre_entry", "entry_1", "entry_2", "entry_3", "level_1", "level_2")
"""Of English for speakers of other languages, lowest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A term of a vocabulary that a service bears, with a value where the term needs one.

    Attributes:
        id: A UUID.
        taxonomy: The vocabulary; empty where none is named.
        term: The term; empty where none is named.
        value: What it is, as text; empty where the term says it all.
        rest: What else is said, as it came.
    """

    id: str
    taxonomy: str = ""
    term: str = ""
    value: str = ""
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOrganisation:
    """Who runs a service."""

    id: str
    name: str
    description: str
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a service is open.

    Attributes:
        days: Two letters each, as `MO,TH`; None where it is not said.
        opens: `18:30`, perhaps with seconds.
        closes: Likewise.
        rest: What else is said of it.
    """

    id: str
    days: str | None = None
    opens: str | None = None
    closes: str | None = None
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something offered to people, such as a course.

    Attributes:
        id: A UUID.
        name: Its name.
        status: Whether it runs.
        description: What it is; None where it is not said.
        organisation_id: Who runs it; None where the organisation is given whole.
        organisation: Who runs it, given whole; None where only the id is.
        minimum_age: From which age on; None where it is not said.
        maximum_age: Up to which.
        schedules: When it is open.
        attributes: Terms it bears; our own facts stand among them.
        rest: What else is said of it.
    """

    id: str
    name: str
    status: str
    description: str | None = None
    organisation_id: str | None = None
    organisation: ServiceOrganisation | None = None
    minimum_age: Decimal | None = None
    maximum_age: Decimal | None = None
    schedules: tuple[Schedule, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    rest: Rest = field(default_factory=dict)

    def fact(self, name: str) -> str:
        """Give one of our own facts as text; empty where it is not known."""
        for attribute in self.attributes:
            if attribute.taxonomy == TAXONOMY and attribute.term == name:
                return attribute.value
        return ""

    def number(self, name: str) -> Decimal | None:
        """Give one of our own facts as a number; None where it is not known."""
        text = self.fact(name)
        return Decimal(text) if text else None

    def is_known(self, name: str) -> Known:
        """Give one of our own facts as yes or no; unknown where it is neither."""
        text = self.fact(name)
        if text == "yes":
            return "yes"
        return "no" if text == "no" else "unknown"
