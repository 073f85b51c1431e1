"""The shape of services and organisations in Open Referral UK, a profile of HSDS.

The publisher's own schemas are not in this repository; a test holds this table against them.
"""

from __future__ import annotations

from typing import Final

from social_evidence.model.shape import Kind, Shape, ShapeField

_STATUSES: Final = frozenset({"active", "inactive", "defunct", "temporarily closed"})
_PLACES: Final = frozenset({"physical", "postal", "virtual"})
_ID: Final = ShapeField(kind="uuid", is_required=True)
_LINK: Final = ShapeField(kind="uuid")
_TEXT: Final = ShapeField()
_NEEDED: Final = ShapeField(is_required=True)
_NUMBER: Final = ShapeField(kind="number")
_MAIL: Final = ShapeField(kind="mail")
_ADDRESS: Final = ShapeField(kind="address")


def _many(shape: Shape) -> ShapeField:
    return ShapeField(kind="object", is_list=True, shape=shape)


def _texts(*names: str, kind: Kind = "text") -> dict[str, ShapeField]:
    return {name: ShapeField(kind=kind) for name in names}


TERM: Final = Shape(
    fields={
        "id": _ID,
        "name": _NEEDED,
        "description": _NEEDED,
        "parent_id": _LINK,
        "taxonomy": _TEXT,
        "taxonomy_id": _LINK,
        "term_uri": _ADDRESS,
        "term": _TEXT,
    }
)
ATTRIBUTE: Final = Shape(
    fields={
        "id": _ID,
        "link_id": _LINK,
        "taxonomy_term_id": _LINK,
        "link_type": _TEXT,
        "taxonomy_term": ShapeField(kind="object", shape=TERM),
    }
)
_ATTRIBUTES: Final = _many(ATTRIBUTE)
_IDENTIFIER: Final = Shape(
    fields={
        "id": _ID,
        "organization_id": _LINK,
        "identifier_scheme": _TEXT,
        "identifier_type": _NEEDED,
        "identifier": _NEEDED,
        "attributes": _ATTRIBUTES,
    }
)
ORGANIZATION: Final = Shape(
    fields={
        "id": _ID,
        "name": _NEEDED,
        "description": _NEEDED,
        "email": _MAIL,
        "website": _ADDRESS,
        "logo": _TEXT,
        "uri": _ADDRESS,
        "parent_organization_id": _LINK,
        "organization_identifiers": _many(_IDENTIFIER),
        "attributes": _ATTRIBUTES,
    }
)
SCHEDULE: Final = Shape(
    fields={
        "id": _ID,
        "service_id": _LINK,
        "service_at_location_id": _LINK,
        **_texts("valid_from", "valid_to", "dtstart"),
        "freq": ShapeField(among=frozenset({"WEEKLY", "MONTHLY"})),
        "interval": _NUMBER,
        **_texts("byday", "bymonthday", "description", "opens_at", "closes_at"),
        "schedule_link": _ADDRESS,
        **_texts("attending_type", "notes"),
    }
)
_AREA: Final = Shape(
    fields={
        "id": _ID,
        "service_id": _LINK,
        **_texts("name", "extent", "extent_type", "uri"),
        "service_area": _TEXT,
    }
)
_POSTAL: Final = Shape(
    fields={
        "id": _ID,
        "location_id": _LINK,
        "attention": _TEXT,
        "address_1": _NEEDED,
        "city": _NEEDED,
        "region": _TEXT,
        "state_province": _NEEDED,
        "postal_code": _NEEDED,
        "country": _NEEDED,
        "address_type": ShapeField(is_required=True, among=_PLACES),
        "attributes": _ATTRIBUTES,
    }
)
_ACCESS: Final = Shape(
    fields={
        "id": _ID,
        "location_id": _LINK,
        **_texts("description", "details"),
        "url": _ADDRESS,
        "attributes": _ATTRIBUTES,
        "accessibility": _TEXT,
    }
)
_LOCATION: Final = Shape(
    fields={
        "id": _ID,
        "location_type": ShapeField(is_required=True, among=_PLACES),
        **_texts("name", "description"),
        **_texts("latitude", "longitude", kind="number"),
        **_texts("external_identifier", "external_identifier_type"),
        "addresses": _many(_POSTAL),
        "accessibility": _many(_ACCESS),
        "attributes": _ATTRIBUTES,
    }
)
_AT: Final = Shape(
    fields={
        "id": _ID,
        "service_id": _LINK,
        "location_id": _LINK,
        "location": ShapeField(kind="object", shape=_LOCATION),
    }
)
_LANGUAGE: Final = Shape(fields={"id": _ID, "service_id": _LINK, "phone_id": _LINK})
_FUNDING: Final = Shape(fields={"id": _ID, "service_id": _LINK, "source": _TEXT})
_COST: Final = Shape(
    fields={
        "id": _ID,
        "service_id": _LINK,
        **_texts("valid_from", "valid_to", "option"),
        "amount": _NUMBER,
        "amount_description": _TEXT,
    }
)
_CONTACT: Final = Shape(
    fields={
        "id": _ID,
        "service_id": _LINK,
        "name": _TEXT,
        "title": _TEXT,
        "attributes": _ATTRIBUTES,
    }
)
SERVICE: Final = Shape(
    fields={
        "id": _ID,
        "organization_id": _LINK,
        "name": _NEEDED,
        "description": _TEXT,
        "url": _ADDRESS,
        "email": _MAIL,
        "status": ShapeField(is_required=True, among=_STATUSES),
        **_texts("fees", "accreditations"),
        **_texts("minimum_age", "maximum_age", kind="number"),
        "assured_date": _TEXT,
        "assurer_email": _MAIL,
        "alert": _TEXT,
        "last_modified": ShapeField(kind="instant"),
        "schedules": _many(SCHEDULE),
        "service_areas": _many(_AREA),
        "service_at_locations": _many(_AT),
        "languages": _many(_LANGUAGE),
        "organization": ShapeField(kind="object", shape=ORGANIZATION),
        "funding": _many(_FUNDING),
        "cost_options": _many(_COST),
        "contacts": _many(_CONTACT),
        "attributes": _ATTRIBUTES,
    }
)
