from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from social_evidence.catalogue.json_schema import FILES, field_descriptions, schemas
from social_evidence.model.area import Area
from social_evidence.model.measure import Measure, Series
from social_evidence.model.source import Source

ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / "docs" / "schemas"
KINDS = {
    "measures": "measure.json",
    "sources": "source.json",
    "questions": "question.json",
    "breakdowns": "breakdown.json",
}


def test_committed_schemas_are_those_the_records_give():
    written = {path.name: path.read_text(encoding="utf-8") for path in COMMITTED.glob("*.json")}
    assert written == schemas(), "run: social-evidence check --schema docs/schemas"


@pytest.mark.parametrize(("name", "record"), sorted(FILES.items()))
def test_a_schema_lists_exactly_the_fields_of_its_record(name, record):
    described = json.loads(schemas()[name])
    assert set(described["properties"]) == {field.name for field in fields(record)}
    assert described["additionalProperties"] is False


def test_areas_are_a_list_of_area_records():
    described = json.loads(schemas()["areas.json"])
    area = described["$defs"]["Area"]
    assert described["properties"]["areas"]["items"] == {"$ref": "#/$defs/Area"}
    assert set(area["properties"]) == {field.name for field in fields(Area)}
    assert area["required"] == ["code", "name", "kind"]


def test_the_id_of_a_series_is_given_by_the_system_and_so_not_offered():
    described = json.loads(schemas()["measure.json"])
    offered = set(described["$defs"]["Series"]["properties"])
    assert offered == {field.name for field in fields(Series)} - {"id"}
    assert "id" not in described["required"], "a measure is named by its file"


def test_field_words_come_from_the_docstring_and_end_where_the_next_field_begins():
    told = field_descriptions(Measure)
    assert told["breakdowns"] == "ids; crossings join ids with `*`."
    assert told["version"].startswith("raise when the meaning changes")
    assert "licence" not in field_descriptions(Source), "no words are made up"


@pytest.mark.parametrize("folder", sorted(KINDS))
def test_the_example_catalogue_is_written_in_the_schema(folder):
    described = json.loads(schemas()[KINDS[folder]])
    paths = sorted((ROOT / "examples" / "open-data" / folder).rglob("*.toml"))
    assert paths
    for path in paths:
        _check(
            tomllib.loads(path.read_text("utf-8")), described, described.get("$defs", {}), path.name
        )


def _check(value, schema, definitions, where):
    """Validate by the few words of JSON Schema that ours are written in."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    if "enum" in schema:
        assert value in schema["enum"], where
    elif "anyOf" in schema:
        assert any(_is(value, one["type"]) for one in schema["anyOf"]), where
    elif schema["type"] == "array":
        assert isinstance(value, list), where
        for number, item in enumerate(value, start=1):
            _check(item, schema["items"], definitions, f"{where}[{number}]")
    elif schema["type"] == "object":
        _check_object(value, schema, definitions, where)
    else:
        assert _is(value, schema["type"]), where


def _check_object(value, schema, definitions, where):
    assert isinstance(value, dict), where
    named = schema.get("properties", {})
    assert set(schema.get("required", ())) <= value.keys(), where
    for name, item in value.items():
        further = schema["additionalProperties"]
        assert name in named or further is not False, f"{where}.{name}"
        _check(item, named.get(name, further), definitions, f"{where}.{name}")


def _is(value, kind):
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool}
    return isinstance(value, kinds[kind]) and (kind == "boolean" or not isinstance(value, bool))
