from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from by_path import module_at
from social_evidence.catalogue.json_schema import FILES, field_descriptions, schemas
from social_evidence.model.area import Area
from social_evidence.model.measure import Measure, Series

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
    assert told["breakdowns"] == "Ids; crossings join ids with `*`."
    assert told["version"].startswith("Raise when the meaning changes")
    assert told["unit"] == "What an estimate is counted in."


def test_no_words_are_made_up_for_a_field_without_any():
    @dataclass
    class Plain:
        """A record. told: These words."""

        told: str
        silent: str

    assert field_descriptions(Plain) == {"told": "These words."}


def test_every_field_that_can_be_written_is_explained():
    for name, text in schemas().items():
        document = json.loads(text)
        described = [document, *document.get("$defs", {}).values()]
        for record in described if name != "areas.json" else described[1:]:
            silent = [f for f, kind in record["properties"].items() if "description" not in kind]
            assert not silent, f"{name}: {silent}"


def test_the_page_of_fields_is_the_one_the_records_give(root):
    tool = module_at(root / "tools" / "catalogue_fields.py")
    written = (root / "docs" / "catalogue.md").read_text(encoding="utf-8")
    assert written == tool.page(), "run: python tools/catalogue_fields.py"


def test_every_example_file_names_the_schema_it_is_written_in(root):
    example = root / "examples" / "open-data"
    for path in example.rglob("*.toml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        schema = (path.parent / first.removeprefix("#:schema ")).resolve()
        kind = KINDS.get(path.relative_to(example).parts[0], f"{path.stem}.json")
        assert schema == root / "docs" / "schemas" / kind


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
