"""CSV on the Web: what the columns of every CSV file are, in the words of the W3C's standard."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from social_evidence.publish.content import Content
from social_evidence.publish.delimited import FOLDER
from social_evidence.publish.files import PublishedFile, described, to_json, write
from social_evidence.publish.notes import dataset_notes, dataset_title
from social_evidence.publish.published_table import Kind, Link, PublishedTable
from social_evidence.publish.tables import published_tables

METADATA: Final = f"{FOLDER}/csv-metadata.json"
"""Where the standard has readers look for what is known of the files of a folder."""

_CONTEXT: Final = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
_TYPES: Final[dict[Kind, object]] = {
    "text": "string",
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "integer": "integer",
    "number": "double",
    "boolean": {"base": "boolean", "format": "true|false"},
}


def write_csvw(
    content: Content, folder: Path, files: Iterable[PublishedFile]
) -> tuple[PublishedFile, ...]:
    """Describe the CSV files: all whole tables together, each measure's beside it.

    Args:
        content: The release.
        folder: The publication's folder.
        files: Those already written; the CSV files among them are described.
    """
    tables = {table.name: table for table in published_tables(content)}
    described_files = []
    whole = []
    for path in (file.path for file in files if file.path.startswith(f"{FOLDER}/")):
        name, *rest = path.removeprefix(f"{FOLDER}/").removesuffix(".csv").split("/")
        if not rest:
            whole.append(_table(tables[name], f"{name}.csv"))
            continue
        alone = {
            "@context": _CONTEXT,
            **_table(tables[name], f"{rest[0]}.csv", with_links=False),
            **_about(content),
        }
        own = f"{path}-metadata.json"
        write(folder, own, to_json(alone))
        described_files.append(described(folder, own, f"Columns of {path}"))
    group = {"@context": _CONTEXT, **_about(content), "dialect": _DIALECT, "tables": whole}
    write(folder, METADATA, to_json(group))
    purpose = "Types, keys and links of the CSV files, for software that reads CSV on the Web."
    first = described(folder, METADATA, "Columns of the CSV files", purpose)
    return (first, *described_files)


_DIALECT: Final = {"encoding": "utf-8", "lineTerminators": ["\n"], "header": True}


def _about(content: Content) -> dict[str, object]:
    licence = content.licence
    told = {
        "dc:title": dataset_title(content),
        "dc:publisher": content.publisher,
        "dc:license": {"@id": licence.url} if licence.url else licence.name,
        "dc:issued": {"@value": content.manifest.created, "@type": "xsd:date"},
        "schema:version": content.version,
        "notes": [{"@type": "Note", "body": note} for note in dataset_notes(content)],
    }
    return {name: value for name, value in told.items() if value}


def _table(table: PublishedTable, url: str, *, with_links: bool = True) -> dict[str, object]:
    schema: dict[str, object] = {"columns": [_column(table, *c) for c in table.columns()]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if with_links and table.links:
        schema["foreignKeys"] = [_foreign_key(link) for link in table.links]
    return {
        "url": url,
        "dc:title": table.title,
        "dc:description": table.description,
        "tableSchema": schema,
    }


def _column(
    table: PublishedTable, name: str, kind: Kind, title: str, description: str
) -> dict[str, object]:
    return {
        "name": name,
        "titles": {"en": [name, title] if title != name else name},
        "dc:description": description,
        "datatype": _TYPES[kind],
        "required": name in table.key,
        "null": "",
    }


def _foreign_key(link: Link) -> dict[str, object]:
    return {
        "columnReference": list(link.columns),
        "reference": {"resource": f"{link.table}.csv", "columnReference": list(link.to)},
    }
