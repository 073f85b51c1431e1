"""Grants and services in the office, on every database: kept whole, revised, judged, given out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from social_evidence.app.exact_json import from_json
from social_evidence.app.grants_office import export_grants, held_grants, import_grants
from social_evidence.app.services_office import (
    export_services,
    held_services,
    import_services,
    judge_services,
    service_table,
)
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import Signature
from social_evidence.store.office.office import Office

BY = Signature(role="tester", at="2026-11-22T10:00:00Z")
HOSTILE = "=1+1 '; drop table records; -- \u0000 \\u0000 \U0001d54f \u202e"


def grant(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"360G-example-{number}",
        "title": HOSTILE,
        "description": "d",
        "currency": "GBP",
        "amountAwarded": 24000.1,
        "awardDate": "2019-06-01",
        "fundingOrganization": [{"id": "GB-LAE-GLA", "name": "Greater London Authority"}],
        "recipientOrganization": [{"id": "GB-CHC-1", "name": "Example", "charityNumber": "1"}],
        **more,
    }


def test_grants_are_kept_whole_and_a_changed_one_is_its_next_revision(
    office: Office, tmp_path: Path
) -> None:
    link = {"socialEvidence": {"initiative": "london_family_fund"}}
    first = {"version": "1.4", "title": HOSTILE, "grants": [grant(1, **link), grant(2, x=[None])]}
    path = tmp_path / "g.json"
    path.write_text(json.dumps(first))
    assert import_grants(path, office, by=BY).added.accepted == 2
    assert import_grants(path, office, by=BY).added.unchanged == 2
    export_grants(office, tmp_path / "o.json")
    exported: Any = from_json((tmp_path / "o.json").read_text(encoding="utf-8"), "o")
    assert exported == from_json(path.read_text(), "g")
    path.write_text(json.dumps({"grants": [grant(1, **link, amountDisbursed=5)]}))
    changed = import_grants(path, office, by=BY)
    assert (changed.added.accepted, changed.added.revised) == (1, 1)
    assert len(office.record_history("grant", "360G-example-1")) == 2
    assert [one.id for one in held_grants(office, "london_family_fund")] == ["360G-example-1"]
    assert export_grants(office, tmp_path / "f.csv", "london_family_fund") == 1
    line = next(one for one in office.imports() if one.kind == "grant")
    assert (line.file, line.accepted) == ("g.json", 2)


def test_organisations_that_grants_name_enter_the_register_once(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "g.json"
    path.write_text(json.dumps({"grants": [grant(1)]}))
    import_grants(path, office, by=BY)
    found = {one.id: one for one in office.organisations()}
    assert (found["GB-LAE-GLA"].kind, found["GB-CHC-1"].charity_number) == ("funder", "1")
    renamed = grant(2, fundingOrganization=[{"id": "GB-LAE-GLA", "name": "Another name"}])
    path.write_text(json.dumps({"grants": [renamed]}))
    import_grants(path, office, by=BY)
    assert {one.id: one.name for one in office.organisations()}["GB-LAE-GLA"] == (
        "Greater London Authority"
    )


def test_services_are_kept_judged_and_laid_out_for_counting(
    office: Office, london: Catalogue, tmp_path: Path
) -> None:
    def fact(number: int, term: str, value: str) -> dict[str, Any]:
        named = {"id": str(UUID(int=number)), "name": term, "description": term, "term": term}
        named["taxonomy"] = "social-evidence"
        return {"id": str(UUID(int=100 + number)), "value": value, "taxonomy_term": named}

    course = {
        "id": "00000000-0000-0000-0000-000000000001",
        "name": HOSTILE,
        "status": "active",
        "attributes": [
            fact(1, "initiative", "esol_plus"),
            fact(2, "esol_level", "pre_entry"),
            fact(3, "capacity_places", "12"),
            fact(4, "area", "E09000001"),
        ],
    }
    path = tmp_path / "s.json"
    path.write_text(json.dumps([course]))
    done = import_services(path, office, by=BY, initiatives=london.initiatives)
    assert (done.kept, done.faults) == (1, ())
    export_services(office, tmp_path / "o.json")
    assert json.loads((tmp_path / "o.json").read_text(encoding="utf-8")) == [course]
    table = service_table(held_services(office, "esol_plus"), london.suitability)
    assert table.to_pylist() == [
        {
            "service": course["id"],
            "organisation": "",
            "area": "E09000001",
            "level": "pre_entry",
            "places": 12,
            "hours": None,
            "status": "active",
            "period": "",
            "suits_carers": "unknown",
            "suits_pre_entry": "yes",
        }
    ]
    rule = london.suitability["pre_entry"]
    assert [judge_services(office, rule, by=BY) for _ in range(2)] == [1, 0]
    assert held_services(office)[0].fact("suitability_rule_version") == "pre_entry@1"
    assert len(office.record_history("service", str(course["id"]))) == 2
