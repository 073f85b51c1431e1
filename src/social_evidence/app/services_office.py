"""Services into the office and out of it, and the table of courses that success measures count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from social_evidence.app.exact_json import from_json, to_json
from social_evidence.app.grants_office import Imported, origin_of
from social_evidence.app.service_record import from_service, to_service, with_facts
from social_evidence.app.services import Package, Provider, read_services, write_services
from social_evidence.model.office import Signature
from social_evidence.model.service import Service
from social_evidence.model.suitability import SuitabilityRule, judged
from social_evidence.store.office.office import Office
from social_evidence.store.office.record_rows import Record

_PROVIDER: Final = "hsds_organization"
_TABLE: Final = pa.schema(
    [
        *(pa.field(n, pa.string(), nullable=False) for n in ("service", "organisation")),
        ("area", pa.string()),
        ("level", pa.string()),
        ("places", pa.int64()),
        ("hours", pa.float64()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("period", pa.string(), nullable=False),
    ]
)


def import_services(
    path: Path, office: Office, *, by: Signature, initiatives: Collection[str] | None = None
) -> Imported:
    """Take a file of services into the office; good services are kept.

    Args:
        path: An Open Referral UK file.
        office: Open for writing.
        by: Who imports.
        initiatives: Ids a service may name; None where no catalogue is at hand.

    Raises:
        DataError: The file as a whole cannot be read.
        StoreError: The office refuses; nothing is kept.
    """
    found = read_services(path, initiatives)
    records = [
        Record(service.id, service.fact("initiative"), to_json(from_service(service)))
        for service in found.services
    ]
    providers = [Record(provider.id, "", _provider_text(provider)) for provider in found.providers]
    refused = len({fault.place for fault in found.faults})
    with office.intake("service", by=by, origin=origin_of(path, refused)) as taken:
        added = taken.records("service", records)
        taken.records(_PROVIDER, providers)
        taken.added = added  # the log counts services
    return Imported(kept=len(records), added=added, faults=found.faults)


def export_services(
    office: Office, path: Path, *, package: Package = "services", initiative: str | None = None
) -> int:
    """Write the office's services as an Open Referral UK file.

    Args:
        office: Where they are.
        path: Where to.
        package: A list of services, or of organisations each with its services.
        initiative: Only its services.

    Returns:
        How many services were written.

    Raises:
        DataError: There is none.
        StoreError: The file cannot be written.
    """
    services = held_services(office, initiative)
    providers = [_to_provider(record.text) for record in office.records(_PROVIDER)]
    if initiative is not None:
        kept = {service.id for service in services}
        providers = [p for p in providers if kept.intersection(p.services or ())]
    return write_services(path, services, providers, package=package)


def held_services(office: Office, initiative: str | None = None) -> tuple[Service, ...]:
    """Read the office's services, by id."""
    records = (from_json(r.text, r.id) for r in office.records("service", initiative))
    return tuple(to_service(record) for record in records if isinstance(record, dict))


def judge_services(
    office: Office, rule: SuitabilityRule, *, by: Signature, initiative: str | None = None
) -> int:
    """Note on each course by which rule and version its suitability was worked out.

    Args:
        office: Open for writing.
        rule: The rule.
        by: Who does it.
        initiative: Only its courses.

    Returns:
        How many courses now bear another version than before.
    """
    changed = [
        with_facts(service, {"suitability_rule_version": rule.name})
        for service in held_services(office, initiative)
        if service.fact("suitability_rule_version") != rule.name
    ]
    records = [
        Record(service.id, service.fact("initiative"), to_json(from_service(service)))
        for service in changed
    ]
    if records:
        office.save_records("service", records, by=by)
    return len(records)


def service_table(services: Collection[Service], rules: Mapping[str, SuitabilityRule]) -> pa.Table:
    """Lay courses out for counting: one row a course, and a column for each rule.

    Args:
        services: Courses.
        rules: Id of a rule -> the rule.

    Returns:
        `service, organisation` (its id; empty where none is named)`, area, level, places, hours`
        (null where not known)`, status, period` (empty where none is named), and `suits_<rule>`:
        yes, no or unknown.
    """
    rows: list[dict[str, Any]] = [_row(service) for service in services]
    table = pa.Table.from_pylist(rows, schema=_TABLE)
    for name in sorted(rules):
        verdicts = [judged(service, rules[name]) for service in services]
        table = table.append_column(f"suits_{name}", pa.array(verdicts, pa.string()))
    return table


def _row(service: Service) -> dict[str, Any]:
    places, hours = service.number("capacity_places"), service.number("guided_hours_per_week")
    owner = service.organisation.id if service.organisation else service.organisation_id
    return {
        "service": service.id,
        "organisation": owner or "",
        "area": service.fact("area") or None,
        "level": service.fact("esol_level") or None,
        "places": None if places is None else int(places),
        "hours": None if hours is None else float(hours),
        "status": service.status,
        "period": service.fact("period"),
    }


def _provider_text(provider: Provider) -> str:
    return to_json({"record": provider.record, "services": list(provider.services or ())})


def _to_provider(text: str) -> Provider:
    held = from_json(text, _PROVIDER)
    if not isinstance(held, dict):
        return Provider(id="", record={})
    return Provider(
        id=held["record"]["id"], record=held["record"], services=tuple(held["services"])
    )
