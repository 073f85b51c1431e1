"""Parquet: estimates and comparisons with every name, and what each column holds in the file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile, described
from social_evidence.publish.notes import dataset_notes, dataset_title
from social_evidence.publish.tables import RELEASE, release_mark
from social_evidence.wording.columns import column_description, column_title

_ROWS_AT_ONCE: Final = 65_536


def write_parquet(
    content: Content, folder: Path, _files: Iterable[PublishedFile] = ()
) -> tuple[PublishedFile, ...]:
    """Write estimates and comparisons into `parquet/`, every code with its name beside it.

    Texts are plain texts for every reader. Title and description of each column are in its
    metadata, and for readers that do not show those, in the file's own under `columns`.
    """
    (folder / "parquet").mkdir(parents=True, exist_ok=True)
    written = [
        _write(content, folder, "estimates", content.named_estimates),
        _write(content, folder, "comparisons", content.named_comparisons),
    ]
    if content.initiatives.num_rows:
        written.append(_write(content, folder, "initiatives", content.named_initiatives))
    return tuple(written)


def _write(content: Content, folder: Path, name: str, rows: pa.Table) -> PublishedFile:
    path = f"parquet/{name}.parquet"
    schema = _schema(content, name, rows)
    options = {"compression": "zstd", "version": "2.6", "store_schema": True}
    with pq.ParquetWriter(folder / path, schema, **options) as writer:
        for start in range(0, max(rows.num_rows, 1), _ROWS_AT_ONCE):
            some = rows.slice(start, _ROWS_AT_ONCE)
            mark = pa.array([release_mark(content)] * some.num_rows, pa.string())
            writer.write_table(some.append_column(RELEASE, mark).cast(schema))
    purpose = f"{name.capitalize()} for R, Python and databases: small, typed, with names."
    return described(folder, path, f"{name.capitalize()} (Parquet)", purpose)


def _schema(content: Content, table: str, rows: pa.Table) -> pa.Schema:
    fields = [*rows.schema, pa.field(RELEASE, pa.string())]
    plain = [
        pa.field(
            field.name,
            pa.string() if pa.types.is_dictionary(field.type) else field.type,
            metadata={
                "title": column_title(field.name, table),
                "description": column_description(field.name, table),
            },
        )
        for field in fields
    ]
    told = {
        "title": dataset_title(content),
        "version": content.version,
        "created": content.manifest.created,
        "publisher": content.publisher,
        "licence": content.licence.name,
        "notes": json.dumps(dataset_notes(content), ensure_ascii=False),
        "columns": json.dumps(
            {field.name: column_description(field.name, table) for field in plain},
            ensure_ascii=False,
        ),
    }
    return pa.schema(plain, metadata={name: text for name, text in told.items() if text})
