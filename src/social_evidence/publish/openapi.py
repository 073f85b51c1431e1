"""OpenAPI 3.1 for the static API: its paths are files, and any web server answers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from social_evidence.publish.api import COMPARISONS, ESTIMATES, FOLDER
from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile, described, to_json, write
from social_evidence.publish.notes import dataset_notes, dataset_title
from social_evidence.publish.published_table import Kind, kind_of
from social_evidence.wording.columns import column_description, column_title

PATH: Final = f"{FOLDER}/openapi.json"
_KINDS: Final[Mapping[Kind, Mapping[str, object]]] = {
    "text": {"type": ["string", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "boolean": {"type": ["boolean", "null"]},
}


def write_openapi(
    content: Content, folder: Path, _files: Iterable[PublishedFile] = ()
) -> tuple[PublishedFile, ...]:
    """Describe the API's paths and what stands in each answer, into `api/openapi.json`."""
    write(folder, PATH, to_json(_description(content)))
    purpose = "Paths and columns of the JSON API, for programs (OpenAPI 3.1)."
    return (described(folder, PATH, "Description of the API", purpose),)


def _description(content: Content) -> dict[str, object]:
    measures = [measure.id for measure in content.measures]
    compared = [measure.id for measure in content.measures if measure.comparison_rows]
    areas = [area.code for area in content.areas]
    paths = {
        "/index.json": _path("index", "Measures, areas, periods, breakdowns and codes", "Index"),
        "/measures/{measure}.json": _path(
            "measure", "All estimates of one measure", "MeasureFigures", ("measure", measures)
        ),
        "/areas/{area}.json": _path(
            "area", "All figures of one area", "AreaFigures", ("area", areas)
        ),
    }
    if compared:
        paths["/comparisons/{measure}.json"] = _path(
            "comparisons",
            "All comparisons of one measure",
            "MeasureComparisons",
            ("measure", compared),
        )
    return {
        "openapi": "3.1.0",
        "info": _about(content),
        "servers": [{"url": f"{content.address}{FOLDER}" if content.address else "."}],
        "paths": paths,
        "components": {"schemas": _schemas(content)},
    }


def _about(content: Content) -> dict[str, object]:
    told: dict[str, object] = {
        "title": dataset_title(content),
        "version": content.version,
        "summary": "Figures with their uncertainty, as files: no key, no limit, no query.",
        "description": "\n\n".join(dataset_notes(content)),
    }
    if content.licence.name:
        url = {"url": content.licence.url} if content.licence.url else {}
        told["license"] = {"name": content.licence.name, **url}
    return told


def _path(
    name: str, summary: str, schema: str, parameter: tuple[str, Sequence[str]] | None = None
) -> dict[str, object]:
    answer = {
        "description": summary,
        "content": {
            "application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}},
        },
    }
    operation: dict[str, object] = {
        "operationId": name,
        "summary": summary,
        "responses": {"200": answer, "404": {"description": "There is no such file."}},
    }
    if parameter is not None:
        key, values = parameter
        operation["parameters"] = [
            {
                "name": key,
                "in": "path",
                "required": True,
                "description": column_description(key),
                "schema": {"type": "string", "enum": list(values)},
            }
        ]
    return {"get": operation}


def _schemas(content: Content) -> dict[str, object]:
    estimates = {"$ref": "#/components/schemas/Estimates"}
    comparisons = {"$ref": "#/components/schemas/Comparisons"}
    return {
        "Heading": _heading(),
        "Index": _with_heading({"measures": _OBJECTS, "areas": _OBJECTS, "codes": _OBJECT}),
        "MeasureFigures": _with_heading({"measure": _OBJECT, "estimates": estimates}),
        "MeasureComparisons": _with_heading({"measure": _OBJECT, "comparisons": comparisons}),
        "AreaFigures": _with_heading(
            {"area": _OBJECT, "estimates": estimates, "comparisons": comparisons}
        ),
        "Estimates": _table("estimates", content.named_estimates.select(ESTIMATES).schema),
        "Comparisons": _table("comparisons", content.named_comparisons.select(COMPARISONS).schema),
    }


_OBJECT: Final = {"type": "object"}
_OBJECTS: Final = {"type": "array", "items": _OBJECT}


def _heading() -> dict[str, object]:
    texts = {"type": "array", "items": {"type": "string"}}
    return {
        "type": "object",
        "required": ["title", "release", "created", "state", "marks", "notices"],
        "properties": {
            "title": {"type": "string"},
            "release": {"type": "string"},
            "created": {"type": "string", "format": "date"},
            "state": {"enum": ["draft", "approved", "withdrawn"]},
            "marks": texts,
            "notices": texts,
            "publisher": {"type": "string"},
            "licence": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "url": {"type": "string"}},
            },
        },
    }


def _with_heading(properties: dict[str, object]) -> dict[str, object]:
    own = {"type": "object", "required": list(properties), "properties": properties}
    return {"allOf": [{"$ref": "#/components/schemas/Heading"}, own]}


def _table(name: str, schema: pa.Schema) -> dict[str, object]:
    """Describe a table: the columns are fixed, and each row holds one value a column."""
    cells = [
        {
            **_KINDS[kind_of(field.type)],
            "title": column_title(field.name, name),
            "description": column_description(field.name, name),
        }
        for field in schema
    ]
    row = {"type": "array", "prefixItems": cells, "minItems": len(cells), "maxItems": len(cells)}
    return {
        "type": "object",
        "required": ["columns", "rows"],
        "properties": {
            "columns": {"const": schema.names},
            "rows": {"type": "array", "items": row},
        },
    }
