"""Grants, and the organisations that give and get them, named as the 360Giving standard does.

Every record keeps, under `rest`, what it came with and has no place for here, so that what was
read can be written again and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Rest = Mapping[str, object]
"""Fields beyond those a record names: JSON values, numbers as `Decimal`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantOrganisation:
    """A body that gives or gets a grant, as a file of grants names it.

    Attributes:
        id: Its identifier, where it has one an org-id such as `GB-CHC-1000000`.
        name: Its name.
        charity_number: As the register of charities writes it; None where it is no charity.
        company_number: As the register of companies writes it.
        postal_code: Of its address.
        rest: What else is said of it.
    """

    id: str
    name: str
    charity_number: str | None = None
    company_number: str | None = None
    postal_code: str | None = None
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Individual:
    """A person who gets a grant. Their name is not held: `name` says only that it is a person.

    Attributes:
        id: An identifier that says nothing of the person.
        name: Words such as "Individual recipient", never a name.
    """

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantDates:
    """When the money is to be used, or was.

    Attributes:
        start: A date, a month or a year, as it was written.
        end: The last day, likewise.
        months: How long, in months.
        rest: What else is said of it.
    """

    start: str | None = None
    end: str | None = None
    months: Decimal | None = None
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantProgramme:
    """A programme of which grants are part."""

    code: str | None = None
    title: str | None = None
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantPlace:
    """A place that a grant is to benefit.

    Attributes:
        name: Its name.
        code: Its official code, such as `E09000001`.
        code_type: Which kind of place the code is of.
        rest: What else is said of it.
    """

    name: str | None = None
    code: str | None = None
    code_type: str | None = None
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """A term of some vocabulary under which a grant falls."""

    vocabulary: str | None = None
    code: str | None = None
    title: str | None = None
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Money promised to an organisation or a person, for a stated purpose.

    Attributes:
        id: Its identifier, unique in the world: it begins with its publisher's prefix.
        title: A few words.
        description: What it is for.
        currency: ISO 4217.
        awarded: The amount promised, exact.
        award_date: The day, as it was written: a date, or a date with time.
        funders: Who gives it, one at least.
        recipients: The organisations that get it; empty where a person does.
        individual: The person who gets it; None where an organisation does.
        initiative: Our initiative that it pays for; empty where none was named.
        applied_for: The amount asked for.
        disbursed: The amount paid so far.
        planned: When it is to be used.
        actual: When it was.
        places: Whom it is to benefit, by place.
        programmes: What it is part of.
        classifications: What it is about, by some vocabulary.
        rest: What else is said of it.
    """

    id: str
    title: str
    description: str
    currency: str
    awarded: Decimal
    award_date: str
    funders: tuple[GrantOrganisation, ...]
    recipients: tuple[GrantOrganisation, ...] = ()
    individual: Individual | None = None
    initiative: str = ""
    applied_for: Decimal | None = None
    disbursed: Decimal | None = None
    planned: tuple[GrantDates, ...] = ()
    actual: tuple[GrantDates, ...] = ()
    places: tuple[GrantPlace, ...] = ()
    programmes: tuple[GrantProgramme, ...] = ()
    classifications: tuple[Classification, ...] = ()
    rest: Rest = field(default_factory=dict)
