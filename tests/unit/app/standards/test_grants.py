"""Grants come in and go out as 360Giving JSON and CSV; faults have a place and a reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from social_evidence.app.exact_json import from_json, to_json
from social_evidence.app.grant_record import from_grant, to_grant
from social_evidence.app.grant_shape import GRANT, LINK
from social_evidence.app.grant_table import from_csv, to_csv, to_rows
from social_evidence.app.grants import read_grants, write_grants
from social_evidence.errors import DataError
from social_evidence.model.shape import Shape

Write = Callable[..., Path]
Record = dict[str, Any]


def records_of(path: Path) -> list[Record]:
    document: Any = from_json(path.read_text(encoding="utf-8"), path.name)
    return document["grants"]


def test_json_to_json_loses_nothing(
    write: Write, full: Record, plain: Callable[..., Record], tmp_path: Path
) -> None:
    source = write(
        [plain(), full],
        title="Grants of a fund",
        license="https://example.org/cc0",
        extra={"a": [1]},
    )
    read = read_grants(source)
    assert read.faults == ()
    write_grants(tmp_path / "out.json", read.grants, read.package)
    before: Any = from_json(source.read_text(), "in")
    after: Any = from_json((tmp_path / "out.json").read_text(encoding="utf-8"), "out")
    assert after == before


def test_json_to_csv_to_json_loses_nothing(
    write: Write, full: Record, plain: Callable[..., Record], tmp_path: Path
) -> None:
    source = write([plain(), full])
    write_grants(tmp_path / "out.csv", read_grants(source).grants)
    read = read_grants(tmp_path / "out.csv")
    assert read.faults == ()
    assert [from_grant(grant) for grant in read.grants] == records_of(source)


def test_csv_to_csv_is_the_same_file(write: Write, full: Record, tmp_path: Path) -> None:
    write_grants(tmp_path / "one.csv", read_grants(write([full])).grants)
    write_grants(tmp_path / "two.csv", read_grants(tmp_path / "one.csv").grants)
    assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()


def test_the_publishers_spreadsheet_titles_are_read(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text(
        "Identifier,Title,Description,Currency,Amount Awarded,Award Date,"
        "Recipient Org:Identifier,Recipient Org:Name,Funding Org:0:Identifier,"
        "fundingOrganization/0/name,Beneficiary Location:1:Name,Beneficiary Location:2:Name,"
        "Our Own Column\n"
        "360G-a-1,T,D,GBP,1000.10,2020-02-29,GB-CHC-1,R,GB-CHC-2,F,Barnet,Newham,own\n",
        encoding="utf-8",
    )
    (grant,) = read_grants(path).grants
    assert grant.awarded == Decimal("1000.10")
    assert grant.recipients[0].name == "R"
    assert grant.funders[0].name == "F"
    assert [place.name for place in grant.places] == ["Barnet", "Newham"]
    assert grant.rest["Our Own Column"] == "own"


def test_an_amount_keeps_every_digit(tmp_path: Path) -> None:
    source = tmp_path / "g.json"
    source.write_text(
        '{"version": "1.4", "grants": [{"id": "360G-a-1", "title": "T", "description": "D", '
        '"currency": "GBP", "amountAwarded": 12345678901234567.10, "awardDate": "2020-01-01", '
        '"fundingOrganization": [{"id": "a", "name": "A"}], '
        '"recipientOrganization": [{"id": "b", "name": "B"}]}]}'
    )
    (grant,) = read_grants(source).grants
    assert grant.awarded == Decimal("12345678901234567.10")
    for name in ("out.json", "out.csv"):
        write_grants(tmp_path / name, [grant])
        assert "12345678901234567.10" in (tmp_path / name).read_text(encoding="utf-8")


def test_exports_validate_against_the_publishers_schema(
    write: Write,
    full: Record,
    plain: Callable[..., Record],
    tmp_path: Path,
    giving: Draft202012Validator,
) -> None:
    source = write([plain(), full], identifier="x", publisher={"name": "GLA"})
    read = read_grants(source)
    for out in (tmp_path / "a.json", tmp_path / "b.json"):
        grants = read.grants
        if out.name == "b.json":
            write_grants(tmp_path / "b.csv", grants)
            grants = read_grants(tmp_path / "b.csv").grants
        write_grants(out, grants, read.package)
        found = [error.message for error in giving.iter_errors(json.loads(out.read_text()))]
        assert found == []


def test_the_table_of_fields_is_the_publishers(giving_grant: Record) -> None:
    """Names, titles, kinds, what is required and what may be null agree with the schema."""
    kinds = {"number": "number", "day": "string", "part_day": "string", "texts": "array"}

    def compare(shape: Shape, schema: Record, where: str) -> None:
        properties = schema["properties"]
        assert set(shape.fields) - {LINK} == set(properties), where
        for name, field in shape.fields.items():
            if name == LINK:
                continue
            stated = properties[name]
            here = f"{where}.{name}"
            assert field.title == stated.get("title", name if "Trans" in name else "Currency"), here
            if field.shape is not None:
                target = stated.get("items", stated)
                if "$ref" in target:
                    target = giving_grant["$defs"][target["$ref"].rsplit("/", 1)[1]]
                assert field.is_list == (stated.get("type") == "array"), here
                assert field.minimum == stated.get("minItems"), here
                required = set(target.get("required", []))
                assert {n for n, f in field.shape.fields.items() if f.is_required} == required, here
                compare(field.shape, target, here)
                continue
            if "$ref" in stated:
                stated = giving_grant["$defs"][stated["$ref"].rsplit("/", 1)[1]]
            types = stated["type"] if isinstance(stated["type"], list) else [stated["type"]]
            assert kinds.get(field.kind, "string") in types, here
            may_be_null = "null" in types and "enum" not in stated and field.kind != "day"
            assert field.may_be_null == may_be_null, here
            assert field.among == frozenset(stated.get("enum", ())), here

    compare(GRANT, giving_grant, "grant")


FAULTS: dict[str, tuple[Callable[[Record], object], str, str]] = {
    "no title": (lambda g: g.pop("title"), "title", "is missing"),
    "amount as text": (lambda g: g.update(amountAwarded="£1,000"), "amountAwarded", "number"),
    "amount true": (lambda g: g.update(amountAwarded=True), "amountAwarded", "true or false"),
    "negative amount": (lambda g: g.update(amountAwarded=-1), "amountAwarded", "under 0"),
    "unknown currency": (lambda g: g.update(currency="GPB"), "currency", "'GPB' is no code"),
    "day that is none": (lambda g: g.update(awardDate="2019-02-30"), "awardDate", "no day"),
    "British date": (lambda g: g.update(awardDate="01/06/2019"), "awardDate", "must be a date"),
    "null": (lambda g: g.update(description=None), "description", "null"),
    "number for text": (lambda g: g.update(title=3), "title", "must be text"),
    "no recipient": (
        lambda g: g.pop("recipientOrganization"),
        "recipientOrganization",
        "nobody",
    ),
    "two recipients": (
        lambda g: g.update(recipientIndividual={"id": "a", "name": "b"}),
        "recipientIndividual",
        "only one",
    ),
    "empty list of funders": (
        lambda g: g.update(fundingOrganization=[]),
        "fundingOrganization",
        "1 at least",
    ),
    "object for list": (
        lambda g: g.update(fundingOrganization={"id": "a"}),
        "fundingOrganization",
        "must be a list",
    ),
    "organisation without id": (
        lambda g: g["fundingOrganization"][0].pop("id"),
        "fundingOrganization[0].id",
        "is missing",
    ),
    "address": (lambda g: g.update(url="www.example.org"), "url", "web address"),
    "script address": (lambda g: g.update(url="javascript alert"), "url", "web address"),
    "open call": (lambda g: g.update(fromOpenCall="yes"), "fromOpenCall", "no code"),
    "country": (
        lambda g: g.update(beneficiaryLocation=[{"countryCode": "UK"}]),
        "beneficiaryLocation[0].countryCode",
        "no code",
    ),
    "initiative": (
        lambda g: g.update(socialEvidence={"initiative": "london_family_found"}),
        "socialEvidence.initiative",
        "Did you mean 'london_family_fund'",
    ),
    "empty id": (lambda g: g.update(id=""), "id", "empty"),
    "month": (lambda g: g.update(plannedDates=[{"startDate": "2019-13"}]), "startDate", "date"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_by_place_field_and_reason_and_good_grants_are_kept(
    name: str, write: Write, plain: Callable[..., Record]
) -> None:
    break_it, field, reason = FAULTS[name]
    broken = plain(9)
    break_it(broken)
    read = read_grants(write([plain(1), broken, plain(2)]), {"london_family_fund"})
    assert [grant.id for grant in read.grants] == ["360G-example-1", "360G-example-2"]
    (fault,) = read.faults
    assert fault.place == "grants[1]"
    assert fault.field.endswith(field)
    assert reason in fault.reason


def test_an_id_given_twice_and_what_is_no_object_are_faults(
    write: Write, plain: Callable[..., Record]
) -> None:
    read = read_grants(write([plain(1), plain(1), "text"]))
    assert len(read.grants) == 1
    assert [(f.place, f.field) for f in read.faults] == [("grants[1]", "id"), ("grants[2]", "")]


def test_a_faulty_part_of_the_package_is_left_out_and_the_grants_are_kept(
    write: Write, plain: Callable[..., Record], tmp_path: Path, giving: Draft202012Validator
) -> None:
    source = write([plain()], version="1.4.3", publisher={"website": "x"}, issued="May", title="T")
    read = read_grants(source)
    found = {(fault.place, fault.field) for fault in read.faults}
    assert {place for place, _ in found} == {"package"}
    fields = {field for _, field in found}
    assert fields == {"version", "publisher.name", "publisher.website", "issued"}
    write_grants(tmp_path / "o.json", read.grants, read.package)
    written = json.loads((tmp_path / "o.json").read_text())
    assert (written["version"], written["title"]) == ("1.4", "T")
    assert list(giving.iter_errors(written)) == []


def test_faults_of_a_spreadsheet_name_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text(
        "Identifier,Title,Description,Currency,Amount Awarded,Award Date,"
        "Recipient Org:Identifier,Recipient Org:Name,Funding Org:Identifier\n"
        '360G-a-1,T,D,GBP,"1,000",2020-02-30,GB-CHC-1,R,GB-CHC-2\n',
        encoding="utf-8",
    )
    faults = {(fault.place, fault.field) for fault in read_grants(path).faults}
    assert faults == {
        ("row 2", "Amount Awarded"),
        ("row 2", "Award Date"),
        ("row 2", "Funding Org:Name"),
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "no JSON"),
        (b"[]", "no package"),
        (b'{"grants": 3}', "no package"),
        (b'{"grants": [], "grants": []}', "twice"),
        (b'{"grants": [NaN]}', "NaN"),
        (b'{"grants": [1e99999999999999999999]}', "too large"),
        (b'{"grants": ["\\ud800"]}', "half a character"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"grants": ["\xff"]}', "not UTF-8"),
        (b'{"grants": [' + b"1" * 500 + b"]}", "500 digits"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "g.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=reason):
        read_grants(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"Identifier,identifier\n1,2\n", "same field"),
        (b'Identifier\n"unclosed\n', "comma-separated"),
        (b"\xff\xfeI\x00", "not UTF-8"),
    ],
)
def test_a_spreadsheet_that_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "g.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=reason):
        read_grants(path)


def test_no_name_of_a_person_is_held(
    write: Write, plain: Callable[..., Record], giving: Draft202012Validator, tmp_path: Path
) -> None:
    grant = plain(1, recipientIndividual={"id": "jo@example.org", "name": "Jo Bloggs", "age": 9})
    del grant["recipientOrganization"]
    read = read_grants(write([grant]))
    write_grants(tmp_path / "o.json", read.grants)
    text = (tmp_path / "o.json").read_text()
    assert "Bloggs" not in text
    assert "jo@example" not in text
    assert '"age"' not in text
    assert [notice.field for notice in read.notices] == ["recipientIndividual"]
    assert list(giving.iter_errors(json.loads(text))) == []
    again = read_grants(tmp_path / "o.json")
    assert (again.notices, again.grants) == ((), read.grants)


def test_a_file_without_grants_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no grant"):
        write_grants(tmp_path / "o.json", [])


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TREE = st.recursive(
    st.none()
    | st.booleans()
    | TEXT
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXT, below, max_size=3),
    max_leaves=6,
)


def with_decimals(record: Record) -> Any:
    """Turn floats into the decimals they print as, as a file would have them."""
    return from_json(json.dumps(record, default=float), "x")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    extra=st.dictionaries(TEXT, TREE, max_size=4),
    text=TEXT,
    deep=st.dictionaries(TEXT, TREE, max_size=3),
)
def test_whatever_else_a_grant_holds_comes_back_by_either_road(
    extra: Record, text: str, deep: Record, plain: Callable[..., Record]
) -> None:
    record = {**extra, **plain(title=text, grantProgramme=[{"title": text}, {}])}
    record["fundingOrganization"] = [{**deep, "id": text, "name": text}]
    whole: Any = from_json(to_json(with_decimals(record)), "x")
    grant = to_grant(whole)
    assert from_grant(grant) == whole
    rows, _ = from_csv(to_csv(to_rows([from_grant(grant)], GRANT)), GRANT, "x.csv")
    assert [row.faults for row in rows] == [()]
    assert rows[0].record == whole
