"""Provenance of every figure in the W3C's PROV-O (JSON-LD)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from social_evidence.model.lineage import Making, graph
from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile, described, to_json, write
from social_evidence.publish.notes import dataset_title

PATH: Final = "provenance.jsonld"


def write_prov(
    content: Content, folder: Path, _files: Iterable[PublishedFile] = ()
) -> tuple[PublishedFile, ...]:
    """Write `provenance.jsonld`: what every row was derived from, by whom and by what.

    A row's entity is the one with its measure, part, series and period.
    """
    stated = content.manifest
    making = Making(
        title=content.title,
        version=stated.version,
        created=stated.created,
        software_version=stated.software_version,
        catalogue_digest=stated.catalogue_digest,
        engine=stated.engine,
    )
    made = graph(content.provenance, making)
    made["@graph"][0]["rdfs:label"] = dataset_title(content)
    write(folder, PATH, to_json(made))
    purpose = "Where every figure comes from: file digest, question, program (PROV-O)."
    return (described(folder, PATH, "Provenance", purpose),)
