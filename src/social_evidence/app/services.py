"""Read and write files of services in Open Referral UK, as lists of services or organisations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from social_evidence.app.exact_json import from_json, to_json
from social_evidence.app.grants import read_text
from social_evidence.app.service_record import from_service, to_service
from social_evidence.app.service_shape import ORGANIZATION, SERVICE
from social_evidence.app.shape_check import check_record
from social_evidence.catalogue.faults import suggestion
from social_evidence.errors import DataError
from social_evidence.model.service import LEVELS, TAXONOMY, Attribute, Service
from social_evidence.model.shape import RecordFault
from social_evidence.store.atomic import replace_file

Package = Literal["services", "organizations"]

_WHOLE: Final = re.compile(r"\d{1,9}")
_HOURS: Final = re.compile(r"\d{1,3}(\.\d{1,4})?")
_YES_NO: Final = ("yes", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An organisation of the standard, with the services listed under it.

    Attributes:
        id: A UUID.
        record: The organisation, without its services.
        services: Ids of the services that its file lists under it; None where the file gives it
            no such list.
    """

    id: str
    record: Mapping[str, Any]
    services: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFile:
    """What a file of services held.

    Attributes:
        services: Those without fault, in the file's order.
        providers: Organisations that the file lists, with their services below them.
        faults: Why each other one was left out, by place and field.
    """

    services: tuple[Service, ...]
    providers: tuple[Provider, ...] = ()
    faults: tuple[RecordFault, ...] = ()


def read_services(path: Path, initiatives: Collection[str] | None = None) -> ServiceFile:
    """Read a file of services; every fault is listed and the good services are kept.

    A file is one service, a list of services, a page of them as a feed gives it (`contents`), or
    a list of organisations each with its services.

    Args:
        path: A JSON file.
        initiatives: Ids a service may name; None where no catalogue is at hand.

    Raises:
        DataError: The file as a whole cannot be read.
    """
    document = from_json(read_text(path), path.name)
    if isinstance(document, dict) and isinstance(document.get("contents"), list):
        document = document["contents"]
    listed = document if isinstance(document, list) else [document]
    if not listed or not all(isinstance(part, dict) for part in listed):
        raise DataError(
            f"{path.name} holds no services: it must be a service, a list of services, a page with "
            "`contents`, or a list of organisations with their services."
        )
    reading = _Reading(initiatives)
    for index, record in enumerate(listed):
        place = f"[{index}]" if isinstance(document, list) else "service"
        if "status" in record or "services" not in record:
            reading.service(record, place)
        else:
            reading.provider(record, place)
    return ServiceFile(
        services=tuple(reading.services.values()),
        providers=tuple(reading.providers.values()),
        faults=tuple(reading.faults),
    )


def write_services(
    path: Path,
    services: Iterable[Service],
    providers: Iterable[Provider] = (),
    *,
    package: Package = "services",
) -> int:
    """Write services as a list of services, or of organisations each with its services.

    Args:
        path: Where to.
        services: Written in the order of their ids.
        providers: Organisations that list services below them.
        package: Which of the standard's two packages.

    Returns:
        How many services were written.

    Raises:
        DataError: There is none, or a service has no organisation in a list of organisations.
        StoreError: The file cannot be written.
    """
    found = {service.id: service for service in services}
    listed = tuple(providers)
    if not found and not listed:
        raise DataError("There is no service to write.")
    written = _flat(found, listed) if package == "services" else _below(found, listed)
    lines = ",\n".join(f"  {to_json(record)}" for record in written)
    replace_file(path, f"[\n{lines}\n]\n".encode())
    return len(found)


class _Reading:
    """What has been read so far, and what was wrong with it."""

    def __init__(self, initiatives: Collection[str] | None) -> None:
        self.initiatives = initiatives
        self.services: dict[str, Service] = {}
        self.providers: dict[str, Provider] = {}
        self.faults: list[RecordFault] = []

    def service(self, record: Any, place: str) -> str:
        """Take in a service where it has no fault; give its id, or an empty text."""
        found = list(check_record(record, SERVICE, place))
        if not found:
            service = to_service(record)
            found = list(_faults_of_facts(service, place, self.initiatives))
            if service.id in self.services:
                found.append(RecordFault(place, "id", "stands twice in this file."))
        self.faults.extend(found)
        if found:
            return ""
        self.services[service.id] = service
        return service.id

    def provider(self, record: Mapping[str, Any], place: str) -> None:
        """Take in an organisation with the services below it."""
        bare = {name: value for name, value in record.items() if name != "services"}
        found = check_record(bare, ORGANIZATION, place)
        below = record["services"]
        if not isinstance(below, list):
            found = (*found, RecordFault(place, "services", "must be a list of services."))
            below = []
        self.faults.extend(found)
        ids = [
            self.service(service, f"{place}.services[{index}]")
            for index, service in enumerate(below)
        ]
        if not found:
            kept = tuple(name for name in ids if name)
            self.providers[bare["id"]] = Provider(id=bare["id"], record=bare, services=kept)


def _flat(services: Mapping[str, Service], providers: Sequence[Provider]) -> list[dict[str, Any]]:
    """List services; one that stood below an organisation names it."""
    above = {service: provider for provider in providers for service in provider.services or ()}
    written = []
    for name in sorted(services):
        record = from_service(services[name])
        if name in above and "organization" not in record and "organization_id" not in record:
            record["organization_id"] = above[name].id
        written.append(record)
    return written


def _below(services: Mapping[str, Service], providers: Sequence[Provider]) -> list[dict[str, Any]]:
    """List organisations with their services below them."""
    written: dict[str, dict[str, Any]] = {}
    placed: set[str] = set()
    for provider in providers:
        own = [name for name in provider.services or () if name in services]
        placed.update(own)
        below = [from_service(services[name]) for name in own]
        written[provider.id] = {**provider.record, "services": below}
    others = {name: from_service(services[name]) for name in sorted(set(services) - placed)}
    for record in others.values():
        if "organization" in record:
            organisation = record["organization"]
            written.setdefault(organisation["id"], {**organisation, "services": []})
    for name, record in others.items():
        organisation = record.pop("organization", None)
        owner = str(organisation["id"] if organisation else record.get("organization_id", ""))
        if not owner:
            raise DataError(
                f"Service {name} names no organisation, so that it cannot stand in a list of "
                "organisations. Write a list of services instead."
            )
        # The standard requires a name and a description; nothing is made up in their place.
        unknown = {"name": owner, "description": "Nothing more is held of it.", "services": []}
        written.setdefault(owner, {"id": owner, **unknown})["services"].append(record)
    return [written[name] for name in sorted(written)]


def _faults_of_facts(
    service: Service, place: str, initiatives: Collection[str] | None
) -> Iterator[RecordFault]:
    """Find what is wrong with our own facts of a service."""
    seen: set[str] = set()
    for index, attribute in enumerate(service.attributes):
        if attribute.taxonomy != TAXONOMY:
            continue
        where = f"attributes[{index}].value"
        if reason := _wrong_with(attribute, initiatives):
            yield RecordFault(place, where, f"{attribute.term}: {reason}")
        if attribute.term in seen:
            yield RecordFault(place, where, f"{attribute.term} is given twice.")
        seen.add(attribute.term)


def _wrong_with(attribute: Attribute, initiatives: Collection[str] | None) -> str:
    term, value = attribute.term, attribute.value
    if term == "capacity_places":
        return "" if _WHOLE.fullmatch(value) else "must be a whole number of places, as text."
    if term == "guided_hours_per_week":
        is_number = _HOURS.fullmatch(value) and float(value) <= 168
        return "" if is_number else "must be a number of hours from 0 to 168, as text."
    if term == "esol_level":
        return "" if value in LEVELS else f"must be one of {', '.join(LEVELS)}."
    if term in {"childcare_available", "term_time_only"}:
        return "" if value in _YES_NO else "must be yes or no; leave it out where it is not known."
    if term == "initiative" and initiatives is not None and value not in initiatives:
        near = suggestion(value, initiatives)
        return f"{value[:40]!r} is no initiative of the catalogue.{near}"
    return ""
