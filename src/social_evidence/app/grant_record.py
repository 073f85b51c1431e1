"""Grants between JSON objects of the standard and our records; nothing is lost either way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from social_evidence.app.grant_shape import GRANT, LINK
from social_evidence.model.grant import (
    Classification,
    Grant,
    GrantDates,
    GrantOrganisation,
    GrantPlace,
    GrantProgramme,
    Individual,
)
from social_evidence.model.shape import Shape

NAMELESS: Final = "Individual recipient"
"""Stands for the name of a person who gets a grant."""

_Names = Mapping[str, str]
_ORGANISATION: Final[_Names] = {
    "id": "id",
    "name": "name",
    "charityNumber": "charity_number",
    "companyNumber": "company_number",
    "postalCode": "postal_code",
}
_DATES: Final[_Names] = {"startDate": "start", "endDate": "end", "duration": "months"}
_PROGRAMME: Final[_Names] = {"code": "code", "title": "title"}
_PLACE: Final[_Names] = {"name": "name", "geoCode": "code", "geoCodeType": "code_type"}
_CLASSIFICATION: Final[_Names] = {"vocabulary": "vocabulary", "code": "code", "title": "title"}
_PLAIN: Final[_Names] = {
    "id": "id",
    "title": "title",
    "description": "description",
    "currency": "currency",
    "amountAwarded": "awarded",
    "awardDate": "award_date",
    "amountAppliedFor": "applied_for",
    "amountDisbursed": "disbursed",
}
_LISTS: Final[Mapping[str, tuple[str, type, _Names]]] = {
    "fundingOrganization": ("funders", GrantOrganisation, _ORGANISATION),
    "recipientOrganization": ("recipients", GrantOrganisation, _ORGANISATION),
    "plannedDates": ("planned", GrantDates, _DATES),
    "actualDates": ("actual", GrantDates, _DATES),
    "beneficiaryLocation": ("places", GrantPlace, _PLACE),
    "grantProgramme": ("programmes", GrantProgramme, _PROGRAMME),
    "classifications": ("classifications", Classification, _CLASSIFICATION),
}
"""Name in the standard -> our field, the record of each part, and the names within it."""


def without_person(record: Mapping[str, Any]) -> dict[str, Any]:
    """Take a recipient's name, and an identifier that may say who they are, out of a grant.

    An identifier is kept where it has the standard's own prefix; any other could be an address
    or a number that finds the person.
    """
    person = record.get("recipientIndividual")
    if not isinstance(person, Mapping):
        return dict(record)
    given = str(person.get("id", ""))
    is_coded = given.startswith("360G-") and "@" not in given
    shown = {
        "id": given if is_coded else f"{record.get('id', '')}-recipient",
        "name": NAMELESS,
    }
    return {**record, "recipientIndividual": shown}


def to_grant(record: Mapping[str, Any]) -> Grant:
    """Make a grant of a checked JSON object.

    Args:
        record: One grant of the standard, without fault by its shape. A recipient's name must
            have been taken out.
    """
    values, rest = _taken(record, _PLAIN)
    for name, (attribute, kind, names) in _LISTS.items():
        parts = rest.get(name)
        if parts:  # an empty list stays in the rest: it is not the same as no list
            values[attribute] = tuple(_part(kind, part, names) for part in parts)
            del rest[name]
    person = rest.pop("recipientIndividual", None)
    if person is not None:
        values["individual"] = Individual(id=person["id"], name=person["name"])
    link = rest.get(LINK)
    if isinstance(link, Mapping) and link.get("initiative"):
        values["initiative"] = link["initiative"]
        rest[LINK] = {name: value for name, value in link.items() if name != "initiative"}
        if not rest[LINK]:
            del rest[LINK]
    return Grant(**values, rest=rest)


def from_grant(grant: Grant) -> dict[str, Any]:
    """Write a grant as the standard's JSON object, its fields in the standard's order."""
    written = _given(grant, _PLAIN)
    for name, (attribute, _, names) in _LISTS.items():
        parts = getattr(grant, attribute)
        if parts:
            written[name] = [_given(part, names) for part in parts]
    if grant.individual is not None:
        person = {"id": grant.individual.id, "name": grant.individual.name}
        written["recipientIndividual"] = person
    if grant.initiative:
        kept = grant.rest.get(LINK)
        more = kept if isinstance(kept, Mapping) else {}
        written[LINK] = {"initiative": grant.initiative, **more}
    return in_order(written, GRANT)


def in_order(record: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """Put an object's fields, and those below, into the order of its shape; others come last."""
    names = [name for name in shape.fields if name in record]
    names += [name for name in record if name not in shape.fields]
    made: dict[str, Any] = {}
    for name in names:
        field = shape.fields.get(name)
        made[name] = _ordered(record[name], field.shape if field else None)
    return made


def _ordered(value: Any, shape: Shape | None) -> Any:
    if shape is None:
        return value
    if isinstance(value, Mapping):
        return in_order(value, shape)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_ordered(part, shape) for part in value]
    return value


def _part(kind: type, part: Mapping[str, Any], names: _Names) -> Any:
    values, rest = _taken(part, names)
    return kind(**values, rest=rest)


def _taken(record: Mapping[str, Any], names: _Names) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split an object into the fields a record names and the rest; null stays in the rest."""
    values: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for name, value in record.items():
        if name in names and isinstance(value, str | Decimal):
            values[names[name]] = value
        else:
            rest[name] = value
    return values, rest


def _given(record: Any, names: _Names) -> dict[str, Any]:
    found = {name: getattr(record, attribute) for name, attribute in names.items()}
    return {**{name: value for name, value in found.items() if value is not None}, **record.rest}
