"""JSON Schema of the definition files, for editors: made from the records, never by hand."""

from __future__ import annotations

import inspect
import json
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from typing import Any, Final, Literal

from social_evidence.catalogue.definitions import Heading, SimilarAreas
from social_evidence.catalogue.records import hints_of, is_required
from social_evidence.model.area import Area
from social_evidence.model.breakdown import Breakdown
from social_evidence.model.evaluation_plan import EvaluationPlan
from social_evidence.model.initiative import Initiative
from social_evidence.model.measure import Measure
from social_evidence.model.note import Note
from social_evidence.model.publication import PublicationPlan
from social_evidence.model.question import Question
from social_evidence.model.redirect import Redirects
from social_evidence.model.source import Source
from social_evidence.model.strategy import Strategy
from social_evidence.model.suitability import SuitabilityRule

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

FILES: Final[Mapping[str, type]] = {
    "breakdown.json": Breakdown,
    "catalogue.json": Heading,
    "evaluation_plan.json": EvaluationPlan,
    "initiative.json": Initiative,
    "measure.json": Measure,
    "note.json": Note,
    "plan.json": PublicationPlan,
    "question.json": Question,
    "redirects.json": Redirects,
    "similar.json": SimilarAreas,
    "source.json": Source,
    "strategy.json": Strategy,
    "suitability.json": SuitabilityRule,
}
"""Schema file -> the record its definition files hold; areas.json is a list of `Area`."""

_PLAIN: Final[Mapping[object, str]] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
}
_GIVEN_BY_SYSTEM: Final = {"Series": {"id"}}
"""Fields that no file may hold, because the loader fills them."""

_FOUND_BY_FILE_NAME: Final = {
    *("Breakdown", "EvaluationPlan", "Initiative", "Measure", "Note", "Question", "Source"),
    "SuitabilityRule",
}
"""Records whose id may be left out of the file: its name says it."""


def schemas() -> dict[str, str]:
    """Describe every kind of definition file.

    Returns:
        File name -> JSON text, ending in a line break; the same for the same records.
    """
    written = {name: _text(_document(name, record)) for name, record in FILES.items()}
    written["areas.json"] = _text(_areas_document())
    return written


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _document(name: str, record: type) -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    described = _record(record, definitions)
    document = {"$schema": DIALECT, "title": name.removesuffix(".json"), **described}
    return document | ({"$defs": dict(sorted(definitions.items()))} if definitions else {})


def _areas_document() -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    listed = {"type": "array", "items": _type(Area, definitions)}
    return {
        "$schema": DIALECT,
        "title": "areas",
        "type": "object",
        "additionalProperties": False,
        "properties": {"areas": listed},
        "$defs": definitions,
    }


def _record(record: type, definitions: dict[str, Any]) -> dict[str, Any]:
    """Describe one record: exactly its fields, those it cannot do without, and their words."""
    hints = hints_of(record)
    told = field_descriptions(record)
    hidden = _GIVEN_BY_SYSTEM.get(record.__name__, set())
    written: list[Field[Any]] = [field for field in fields(record) if field.name not in hidden]
    properties = {}
    for field in written:
        described = _type(hints[field.name], definitions)
        words = told.get(field.name)
        properties[field.name] = {"description": words, **described} if words else described
    optional = {"id"} if record.__name__ in _FOUND_BY_FILE_NAME else set()
    needed = [field.name for field in written if is_required(field) and field.name not in optional]
    return {
        "description": _first_sentence(record),
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **({"required": needed} if needed else {}),
    }


def _type(hint: object, definitions: dict[str, Any]) -> dict[str, Any]:
    """Describe one type hint."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in {types.UnionType, typing.Union}:
        kinds = [_type(one, definitions) for one in inner if one is not type(None)]
        return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if origin is tuple:
        return {"type": "array", "items": _type(inner[0], definitions)}
    if origin in {Mapping, dict}:
        return {"type": "object", "additionalProperties": _type(inner[1], definitions)}
    if isinstance(hint, type) and is_dataclass(hint):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {}
            definitions[hint.__name__] = _record(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return {"type": _PLAIN[hint]}


def field_descriptions(record: type) -> dict[str, str]:
    """Take the words about each field out of a record's docstring.

    Docstrings of records explain fields as `name: words.` or `first, second: words.`; a field
    without words has none.

    Args:
        record: A dataclass of the model.

    Returns:
        Field name -> its words, blanks collapsed.
    """
    text = " ".join((inspect.getdoc(record) or "").split()) if record.__doc__ else ""
    names = sorted((field.name for field in fields(record)), key=len, reverse=True)
    one = "|".join(map(re.escape, names))
    heads = list(re.finditer(rf"(?:(?<=[.:;] )|^)((?:{one})(?:, (?:{one}))*): ", text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    told: dict[str, str] = {}
    for head, end in zip(heads, ends, strict=False):
        words = text[head.end() : end].strip()
        told |= dict.fromkeys(head.group(1).split(", "), words)
    return told


def _first_sentence(record: type) -> str:
    text = inspect.getdoc(record) or ""
    return " ".join(text.split("\n\n")[0].split())
