"""Services come in and go out as Open Referral UK, and suitability is a rule with a version."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from social_evidence.app.exact_json import from_json
from social_evidence.app.service_record import from_service, to_service, with_facts
from social_evidence.app.service_shape import ORGANIZATION, SERVICE
from social_evidence.app.services import read_services, write_services
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.service import Service
from social_evidence.model.shape import Shape
from social_evidence.model.suitability import SuitabilityRule, counted, judged

Record = dict[str, Any]
Referral = Callable[[str], Draft202012Validator]

RULE = SuitabilityRule(
    id="carers",
    version=1,
    title="Carers",
    rationale="A rule of this test.",
    needs_childcare=True,
    starts_from="09:15",
    ends_by="15:00",
)


def name(number: int) -> str:
    return str(uuid.UUID(int=number))


def course(number: int = 1, **more: Any) -> Record:
    return {"id": name(number), "name": "English for parents", "status": "active", **more}


def written(tmp_path: Path, document: object, file: str = "s.json") -> Path:
    path = tmp_path / file
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("file", ["uk-example-service_full.json", "hsds-example-service_full.json"])
def test_the_publishers_examples_come_back_whole(
    file: str, reference_root: Path, tmp_path: Path, referral: Referral
) -> None:
    source = reference_root / "standards" / "open-referral" / file
    read = read_services(source)
    assert read.faults == ()
    write_services(tmp_path / "o.json", read.services)
    before: Any = from_json(source.read_text(encoding="utf-8"), file)
    after: Any = from_json((tmp_path / "o.json").read_text(encoding="utf-8"), "o")
    assert after == [before]
    schema = referral("uk-service_package.json")
    exported = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    if "uk-" in file:
        assert [error.message for error in schema.iter_errors(exported)] == []


def test_a_list_of_organisations_comes_back_whole_and_validates(
    tmp_path: Path, referral: Referral
) -> None:
    organisation = {"id": name(9), "name": "Example College", "description": "", "x": None}
    document = [
        {**organisation, "services": [course(1, attributes=[]), course(2, x_more=[1.50, {}])]},
        {**organisation, "id": name(8), "services": []},
    ]
    read = read_services(written(tmp_path, document))
    assert read.faults == ()
    write_services(tmp_path / "o.json", read.services, read.providers, package="organizations")
    after = json.loads((tmp_path / "o.json").read_text())
    assert after == sorted(document, key=lambda one: one["id"])
    assert list(referral("uk-organization_package.json").iter_errors(after)) == []
    write_services(tmp_path / "s.json", read.services, read.providers)
    flat = json.loads((tmp_path / "s.json").read_text())
    assert [one["organization_id"] for one in flat] == [name(9), name(9)]
    assert list(referral("uk-service_package.json").iter_errors(flat)) == []


def test_services_are_put_below_the_organisation_they_bring(
    tmp_path: Path, referral: Referral
) -> None:
    organisation = {"id": name(9), "name": "Example College", "description": "d"}
    services = [course(1, organization_id=name(9)), course(2, organization=organisation)]
    read = read_services(written(tmp_path, services))
    write_services(tmp_path / "o.json", read.services, package="organizations")
    (one,) = json.loads((tmp_path / "o.json").read_text())
    assert one["name"] == "Example College"
    assert [service["id"] for service in one["services"]] == [name(1), name(2)]
    alone = read_services(written(tmp_path, [course(3, organization_id=name(7))]))
    write_services(tmp_path / "o.json", alone.services, package="organizations")
    (one,) = after = json.loads((tmp_path / "o.json").read_text())
    assert (one["id"], one["name"], one["services"][0]["id"]) == (name(7), name(7), name(3))
    assert list(referral("uk-organization_package.json").iter_errors(after)) == []
    with pytest.raises(DataError, match="names no organisation"):
        write_services(tmp_path / "o.json", [to_service(course())], package="organizations")


def test_our_facts_go_out_as_attributes_and_come_back(tmp_path: Path, referral: Referral) -> None:
    facts = {
        "capacity_places": "16",
        "guided_hours_per_week": "4.5",
        "esol_level": "pre_entry",
        "childcare_available": "yes",
        "term_time_only": "no",
        "suitability_rule_version": "carers@1",
        "initiative": "esol_plus",
    }
    service = with_facts(to_service(course(attributes=[{"id": name(5)}])), facts)
    write_services(tmp_path / "o.json", [service])
    exported = json.loads((tmp_path / "o.json").read_text())
    assert [e.message for e in referral("uk-service_package.json").iter_errors(exported)] == []
    for attribute in exported[0]["attributes"]:
        uuid.UUID(attribute["id"])
    (back,) = read_services(tmp_path / "o.json", {"esol_plus"}).services
    assert {fact: back.fact(fact) for fact in facts} == facts
    assert with_facts(back, {"esol_level": "", "capacity_places": "20"}).fact("esol_level") == ""
    assert with_facts(back, {"capacity_places": "20"}).fact("capacity_places") == "20"
    with pytest.raises(DataError, match="no facts"):
        with_facts(back, {"colour": "red"})


FAULTS: dict[str, tuple[Record, str, str]] = {
    "no name": ({"name": 3}, "name", "must be text"),
    "status": ({"status": "open"}, "status", "no code"),
    "id": ({"id": "1"}, "id", "UUID"),
    "age as text": ({"minimum_age": "12"}, "minimum_age", "number"),
    "null": ({"url": None}, "url", "null"),
    "schedule": ({"schedules": [{"freq": "DAILY"}]}, "schedules[0].id", "missing"),
    "term": (
        {"attributes": [{"id": name(3), "taxonomy_term": {"id": name(4), "name": "n"}}]},
        "attributes[0].taxonomy_term.description",
        "missing",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_has_a_place_and_good_services_are_kept(case: str, tmp_path: Path) -> None:
    change, field, reason = FAULTS[case]
    read = read_services(written(tmp_path, [course(1), {**course(7), **change}, course(2)]))
    assert [service.id for service in read.services] == [name(1), name(2)]
    assert (read.faults[0].place, read.faults[0].field) == ("[1]", field)
    assert reason in read.faults[0].reason


@pytest.mark.parametrize(
    ("fact", "value", "reason"),
    [
        ("capacity_places", "many", "whole number"),
        ("guided_hours_per_week", "200", "0 to 168"),
        ("esol_level", "beginner", "pre_entry"),
        ("childcare_available", "true", "yes or no"),
        ("initiative", "esol_pluss", "Did you mean 'esol_plus'"),
    ],
)
def test_a_fact_of_ours_is_checked(fact: str, value: str, reason: str, tmp_path: Path) -> None:
    record = from_service(with_facts(to_service(course()), {fact: value}))
    (fault,) = read_services(written(tmp_path, [record]), {"esol_plus"}).faults
    assert (fault.place, fault.field) == ("[0]", "attributes[0].value")
    assert reason in fault.reason


@pytest.mark.parametrize("document", [[], 3, [3], "x"])
def test_a_file_without_services_is_refused(document: object, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no services"):
        read_services(written(tmp_path, document))


def test_a_page_of_a_feed_is_read(tmp_path: Path) -> None:
    page = {"total_items": 1, "page_number": 1, "contents": [course()]}
    assert len(read_services(written(tmp_path, page)).services) == 1


def taught(opens: str | None, closes: str | None, **facts: str) -> Service:
    schedule = {"id": name(50), "opens_at": opens, "closes_at": closes}
    given = {key: value for key, value in schedule.items() if value is not None}
    return with_facts(to_service(course(schedules=[given])), facts)


@pytest.mark.parametrize(
    ("service", "verdict"),
    [
        (taught("09:30:00", "11:30:00", childcare_available="yes"), "yes"),
        (taught("09:30", "11:30", childcare_available="no"), "no"),
        (taught("09:30", "11:30"), "unknown"),
        (taught(None, "11:30", childcare_available="yes"), "unknown"),
        (taught(None, "18:30", childcare_available="no"), "no"),
        (taught("18:30", "20:30", childcare_available="yes"), "no"),
        (taught("9.30", "11:30", childcare_available="yes"), "unknown"),
    ],
)
def test_not_known_is_kept_apart_from_no(service: Service, verdict: str) -> None:
    assert judged(service, RULE) == verdict


def test_suitable_provision_is_counted_in_places_and_hours() -> None:
    fits = {"childcare_available": "yes", "capacity_places": "12", "guided_hours_per_week": "4.5"}
    services = [
        taught("09:30", "11:30", **fits),
        taught("10:00", "12:00", childcare_available="yes", guided_hours_per_week="2"),
        taught("18:30", "20:30", **fits),
        taught("09:30", "11:30", capacity_places="7"),
        to_service({**course(), "status": "defunct"}),
    ]
    found = counted(services, RULE)
    assert found.rule == "carers@1"
    suits = found.suits
    assert (suits.courses, suits.places, float(suits.hours)) == (2, 12, 6.5)
    assert (suits.without_places, suits.without_hours) == (1, 0)
    assert (found.does_not.courses, found.unknown.courses, found.unknown.places) == (1, 1, 7)


def test_a_rule_of_an_unknown_level_is_refused() -> None:
    with pytest.raises(DefinitionError, match="no levels"):
        SuitabilityRule(id="a", version=1, title="t", rationale="r", levels=("beginner",))


def test_the_table_of_fields_is_the_publishers(reference_root: Path) -> None:
    folder = reference_root / "standards" / "open-referral"
    kinds = {"number": "number"}

    def compare(shape: Shape, schema: Record, where: str) -> None:
        properties = schema["properties"]
        assert set(shape.fields) | {"services"} == set(properties) | {"services"}, where
        required = {key for key, field in shape.fields.items() if field.is_required}
        assert required == set(schema.get("required", [])), where
        for key, field in shape.fields.items():
            stated, here = properties[key], f"{where}.{key}"
            if field.shape is not None:
                assert field.is_list == (stated["type"] == "array"), here
                compare(field.shape, stated.get("items", stated), here)
                continue
            assert stated["type"] == kinds.get(field.kind, "string"), here
            assert field.among == frozenset(stated.get("enum", ())), here
            assert (field.kind == "uuid") == (stated.get("format") == "uuid"), here
            assert (field.kind == "address") == (stated.get("format") == "uri"), here
            assert (field.kind == "mail") == (stated.get("format") == "email"), here

    for shape, file in ((SERVICE, "uk-service_package"), (ORGANIZATION, "uk-organization_package")):
        path = folder / f"{file}.json"
        if not path.is_file():
            pytest.skip("no folder standards/open-referral under REFERENCE_ROOT")
        compare(shape, json.loads(path.read_text(encoding="utf-8"))["items"], file)
