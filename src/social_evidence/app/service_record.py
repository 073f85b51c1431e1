"""Services between JSON objects of Open Referral UK and our records; nothing is lost either way."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from social_evidence.app.grant_record import in_order
from social_evidence.app.service_shape import SERVICE
from social_evidence.errors import DataError
from social_evidence.model.service import (
    FACTS,
    TAXONOMY,
    Attribute,
    Schedule,
    Service,
    ServiceOrganisation,
)

_Names = Mapping[str, str]
_PLAIN: Final[_Names] = {
    "id": "id",
    "organization_id": "organisation_id",
    "name": "name",
    "description": "description",
    "status": "status",
    "minimum_age": "minimum_age",
    "maximum_age": "maximum_age",
}
_SCHEDULE: Final[_Names] = {"id": "id", "byday": "days", "opens_at": "opens", "closes_at": "closes"}
_ORGANISATION: Final[_Names] = {"id": "id", "name": "name", "description": "description"}
_NAMESPACE: Final = uuid.UUID("6a2c8a1e-5f0b-5c39-9d6e-0d2f7c1b9a44")
"""Ids of our own terms and attributes are made from it, so that the same fact has the same id."""


def to_service(record: Mapping[str, Any]) -> Service:
    """Make a service of a checked JSON object.

    Args:
        record: One service, without fault by its shape.
    """
    values, rest = _taken(record, _PLAIN)
    if isinstance(rest.get("organization"), Mapping):
        named, more = _taken(rest.pop("organization"), _ORGANISATION)
        values["organisation"] = ServiceOrganisation(**named, rest=more)
    if rest.get("schedules"):
        values["schedules"] = tuple(map(_to_schedule, rest.pop("schedules")))
    if rest.get("attributes"):
        values["attributes"] = tuple(map(_to_attribute, rest.pop("attributes")))
    return Service(**values, rest=rest)


def from_service(service: Service) -> dict[str, Any]:
    """Write a service as the standard's JSON object, its fields in the standard's order."""
    written = _given(service, _PLAIN)
    if service.organisation is not None:
        written["organization"] = _given(service.organisation, _ORGANISATION)
    if service.schedules:
        written["schedules"] = [_given(part, _SCHEDULE) for part in service.schedules]
    if service.attributes:
        written["attributes"] = [_from_attribute(part) for part in service.attributes]
    return in_order(written, SERVICE)


def with_facts(service: Service, facts: Mapping[str, str]) -> Service:
    """Give a service facts of ours, as attributes with terms of our vocabulary.

    Args:
        service: A service.
        facts: Name of a fact -> its value as text; an empty one takes the fact away.

    Raises:
        DataError: There is no such fact.
    """
    if unknown := sorted(set(facts) - set(FACTS)):
        raise DataError(f"{unknown} are no facts of a service. Known: {', '.join(sorted(FACTS))}.")
    kept = [a for a in service.attributes if a.taxonomy != TAXONOMY or a.term not in facts]
    new = [_fact(service.id, name, value) for name, value in facts.items() if value]
    return replace(service, attributes=(*kept, *new))


def _fact(service: str, name: str, value: str) -> Attribute:
    term = {
        "id": str(uuid.uuid5(_NAMESPACE, name)),
        "name": name.replace("_", " "),
        "description": FACTS[name],
    }
    return Attribute(
        id=str(uuid.uuid5(_NAMESPACE, f"{service} {name}")),
        taxonomy=TAXONOMY,
        term=name,
        value=value,
        rest={"link_id": service, "link_type": "service", "taxonomy_term": term},
    )


def _to_attribute(record: Mapping[str, Any]) -> Attribute:
    rest = dict(record)
    name = str(rest.pop("id"))
    values: dict[str, str] = {}
    # An empty text stays where it is, for it is not the same as no text.
    if isinstance(rest.get("value"), str) and rest["value"]:
        values["value"] = rest.pop("value")
    term = rest.get("taxonomy_term")
    if isinstance(term, Mapping):
        more = dict(term)
        for field in ("taxonomy", "term"):
            if isinstance(more.get(field), str) and more[field]:
                values[field] = more.pop(field)
        rest["taxonomy_term"] = more
    return Attribute(id=name, **values, rest=rest)


def _from_attribute(attribute: Attribute) -> dict[str, Any]:
    written: dict[str, Any] = {"id": attribute.id, **attribute.rest}
    if attribute.value:
        written["value"] = attribute.value
    term = written.get("taxonomy_term")
    if isinstance(term, Mapping):
        named = {"taxonomy": attribute.taxonomy, "term": attribute.term}
        written["taxonomy_term"] = {**term, **{name: v for name, v in named.items() if v}}
    return written


def _to_schedule(record: Mapping[str, Any]) -> Schedule:
    values, rest = _taken(record, _SCHEDULE)
    return Schedule(**values, rest=rest)


def _taken(record: Mapping[str, Any], names: _Names) -> tuple[dict[str, Any], dict[str, Any]]:
    taken = [name for name in names if isinstance(record.get(name), str | Decimal)]
    values = {names[name]: record[name] for name in taken}
    return values, {name: value for name, value in record.items() if name not in taken}


def _given(record: Any, names: _Names) -> dict[str, Any]:
    found = {name: getattr(record, attribute) for name, attribute in names.items()}
    return {**{name: value for name, value in found.items() if value is not None}, **record.rest}
