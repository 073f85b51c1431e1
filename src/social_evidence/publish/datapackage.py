"""Frictionless Data Package: the CSV files as one package with schemas, keys and digests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from social_evidence.publish.content import Content
from social_evidence.publish.delimited import FOLDER
from social_evidence.publish.files import PublishedFile, described, slug, to_json, write
from social_evidence.publish.notes import dataset_notes, dataset_title, summary
from social_evidence.publish.published_table import Kind, Link, PublishedTable
from social_evidence.publish.tables import published_tables

PATH: Final = "datapackage.json"
_TYPES: Final[dict[Kind, str]] = {
    "text": "string",
    "date": "date",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
}
_MARKED: Final = "Marked by `status`; an empty field is an absent value, never a zero."


def write_datapackage(
    content: Content, folder: Path, files: Iterable[PublishedFile]
) -> tuple[PublishedFile, ...]:
    """Describe the whole CSV tables as a data package.

    Args:
        content: The release.
        folder: The publication's folder.
        files: Those already written; the whole CSV tables among them become resources.
    """
    written = {file.path: file for file in files}
    resources = [
        _resource(content, table, written[path])
        for table in published_tables(content)
        for path in (f"{FOLDER}/{table.name}.csv", f"{FOLDER}/{table.name}.csv.gz")
        if path in written
    ]
    told = {
        "profile": "tabular-data-package",
        "name": slug(content.title),
        "id": f"urn:sha256:{content.manifest.content}",
        "title": dataset_title(content),
        "description": summary(content),
        "version": content.version,
        "created": f"{content.manifest.created}T00:00:00Z",
        "homepage": content.address,
        "licenses": _licences(content),
        "contributors": [{"title": content.publisher, "role": "publisher"}]
        if content.publisher
        else [],
        "sources": [
            {"title": f"{source.publisher}: {source.title}"}
            | ({"path": source.url} if source.url else {})
            for source in content.sources
        ],
        "notes": list(dataset_notes(content)),
        "resources": resources,
    }
    write(folder, PATH, to_json({name: value for name, value in told.items() if value}))
    purpose = "The CSV files as one package, with schemas and digests (Frictionless)."
    return (described(folder, PATH, "Data package", purpose),)


def _licences(content: Content) -> list[dict[str, str]]:
    licence = content.licence
    if not licence.name:
        return []
    told = {"name": slug(licence.name), "title": licence.name, "path": licence.url}
    return [{name: value for name, value in told.items() if value}]


def _resource(content: Content, table: PublishedTable, file: PublishedFile) -> dict[str, object]:
    codes = {
        "status": content.labels.statuses,
        "reliability": content.labels.reliabilities,
        "verdict": content.labels.verdicts,
    }
    schema: dict[str, object] = {
        "fields": [
            _field(table, *column, allowed=codes.get(column[0], ())) for column in table.columns()
        ],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.links:
        schema["foreignKeys"] = [_foreign_key(link, table) for link in table.links]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "description": f"{table.description} {_MARKED}"
        if "status" in table.rows.column_names
        else table.description,
        "path": file.path,
        "format": "csv",
        "mediatype": file.media_type,
        "encoding": "utf-8",
        **({"compression": "gz"} if file.path.endswith(".gz") else {}),
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True},
        "schema": schema,
    }


def _field(
    table: PublishedTable,
    name: str,
    kind: Kind,
    title: str,
    description: str,
    *,
    allowed: Iterable[str],
) -> dict[str, object]:
    constraints: dict[str, object] = {"required": True} if name in table.key else {}
    if codes := list(allowed):
        constraints["enum"] = codes
    if len(table.key) == 1 and name in table.key:
        constraints["unique"] = True
    if name in {"level", "p_value", "p_adjusted"}:
        constraints |= {"minimum": 0, "maximum": 1}
    if name in {"base", "standard_error", "effective_base"}:
        constraints |= {"minimum": 0}
    field: dict[str, object] = {
        "name": name,
        "type": _TYPES[kind],
        "title": title,
        "description": description,
    }
    return {**field, **({"constraints": constraints} if constraints else {})}


def _foreign_key(link: Link, table: PublishedTable) -> dict[str, object]:
    # The standard has a table name itself by an empty text.
    other = "" if link.table == table.name else link.table
    fields: object = list(link.columns) if len(link.columns) > 1 else link.columns[0]
    to: object = list(link.to) if len(link.to) > 1 else link.to[0]
    return {"fields": fields, "reference": {"resource": other, "fields": to}}
