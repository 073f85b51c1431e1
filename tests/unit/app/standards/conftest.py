"""Grants and services that use every part of their standards, and the publishers' checkers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

HOSTILE = "=cmd|'/c calc'!A1\n\"quoted\", <script>alert(1)</script> \u202e тест 𝒳\t'"


def plain_grant(number: int = 1, **more: Any) -> dict[str, Any]:
    """The smallest grant the standard allows."""
    return {
        "id": f"360G-example-{number}",
        "title": "Family mornings",
        "description": "Shared mornings for parents of different backgrounds.",
        "currency": "GBP",
        "amountAwarded": 24000.50,
        "awardDate": "2019-06-01",
        "fundingOrganization": [{"id": "GB-LAE-GLA", "name": "Greater London Authority"}],
        "recipientOrganization": [{"id": "GB-CHC-1000000", "name": "Example Trust"}],
        **more,
    }


def full_grant() -> dict[str, Any]:
    """A grant with nested lists, nulls, empty texts and fields that no standard knows."""
    location = {"name": None, "geoCode": "E09000001", "geoCodeType": "LONB", "latitude": 51.5}
    return plain_grant(
        2,
        title=HOSTILE,
        description="",
        amountAppliedFor=30000,
        plannedDates=[{"startDate": "2019-07", "endDate": "2020", "duration": 12}, {}],
        actualDates=[],
        recipientOrganization=[
            {
                "id": "GB-COH-01234567",
                "name": "=Example & Co",
                "telephone": "+44 20 0000 0000",
                "location": [location, {"name": "Second"}],
                "x_score": [1, {"deep": None}],
            },
            {"id": "GB-CHC-1", "name": "'Tis another", "organisationType": None},
        ],
        beneficiaryLocation=[{"name": "Barnet"}, {"name": "Newham", "countryCode": "GB"}],
        grantProgramme=[{"code": "LFF", "title": "London Family Fund"}],
        classifications=[{"vocabulary": "v;w", "code": "01"}],
        relatedActivity=["a", "b; c"],
        fromOpenCall="Yes",
        dataSource=None,
        url="https://example.org/a?b=c",
        dateModified="2020-01-01T10:00:00Z",
        commitmentTransaction=[{"value": 0.1, "currency": "GBP", "valueDate": "2019-06-02"}],
        socialEvidence={"initiative": "london_family_fund", "note": "kept"},
        Identifier="an unknown field with a title's name",
        unknown_text="kept as a column",
        unknown_number=3.140,
        unknown_tree={"a/b~c": [True, None, "x"]},
    )


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a package of grants, or any value, as JSON."""

    def to_file(grants: object, name: str = "grants.json", **package: object) -> Path:
        path = tmp_path / name
        document = {"version": "1.4", **package, "grants": grants}
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return to_file


@pytest.fixture
def plain() -> Callable[..., dict[str, Any]]:
    return plain_grant


@pytest.fixture
def full() -> dict[str, Any]:
    return full_grant()


@pytest.fixture(scope="session")
def giving(reference_root: Path) -> Draft202012Validator:
    """The publisher's package schema, as it stands, with the schema of a grant it refers to."""
    folder = reference_root / "standards" / "360giving"
    if not folder.is_dir():
        pytest.skip("no folder standards/360giving under REFERENCE_ROOT")
    grant = json.loads((folder / "360-giving-schema.json").read_text(encoding="utf-8"))
    package = json.loads((folder / "360-giving-package-schema.json").read_text(encoding="utf-8"))
    named = package["properties"]["grants"]["items"]["$ref"]
    registry = Registry().with_resource(named, Resource(contents=grant, specification=DRAFT202012))
    return Draft202012Validator(package, registry=registry, format_checker=FormatChecker())


@pytest.fixture(scope="session")
def giving_grant(reference_root: Path) -> dict[str, Any]:
    path = reference_root / "standards" / "360giving" / "360-giving-schema.json"
    if not path.is_file():
        pytest.skip("no folder standards/360giving under REFERENCE_ROOT")
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@pytest.fixture(scope="session")
def referral(reference_root: Path) -> Callable[[str], Draft202012Validator]:
    """The publisher's schemas of services and organisations, as they stand."""
    folder = reference_root / "standards" / "open-referral"
    if not folder.is_dir():
        pytest.skip("no folder standards/open-referral under REFERENCE_ROOT")

    def validator(name: str) -> Draft202012Validator:
        schema = json.loads((folder / name).read_text(encoding="utf-8"))
        return Draft202012Validator(schema, format_checker=FormatChecker())

    return validator
