"""schema.org: the release as a `Dataset`, for search engines (JSON-LD)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from social_evidence.model.lineage import release_iri
from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile, described, to_json, write
from social_evidence.publish.notes import citation, dataset_title, summary

PATH: Final = "dataset.jsonld"
_CONTEXT: Final = {
    # Written out, so that nobody has to be online to read it.
    "@vocab": "https://schema.org/",
    "license": {"@type": "@id"},
    "url": {"@type": "@id"},
    "contentUrl": {"@type": "@id"},
}


def write_schema_org(
    content: Content, folder: Path, files: Iterable[PublishedFile]
) -> tuple[PublishedFile, ...]:
    """Write `dataset.jsonld`: the data set, its files and what is measured.

    Args:
        content: The release.
        folder: The publication's folder.
        files: Those already written; each with a purpose of its own becomes a download.
    """
    write(folder, PATH, to_json(_dataset(content, list(files))))
    purpose = "The data set as search engines read it (schema.org)."
    return (described(folder, PATH, "Entry for search engines", purpose),)


def _dataset(content: Content, files: list[PublishedFile]) -> dict[str, object]:
    publisher = {"@type": "Organization", "name": content.publisher}
    own = release_iri(content.title, content.version)
    told: dict[str, object] = {
        "@context": _CONTEXT,
        "@id": own,
        "@type": "Dataset",
        "name": dataset_title(content),
        "description": summary(content),
        "identifier": own,
        "url": content.address,
        "version": content.version,
        "datePublished": content.manifest.created,
        "creativeWorkStatus": ", ".join(content.marks),
        "publisher": publisher if content.publisher else None,
        "creator": publisher if content.publisher else None,
        "license": content.licence.url,
        "citation": citation(content),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        **_coverage(content),
        "isBasedOn": [
            {"@type": "Dataset", "name": s.title, "description": f"{s.publisher}. {s.licence}"}
            for s in content.sources
        ],
        "distribution": [_download(content, file) for file in files if file.purpose],
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _coverage(content: Content) -> dict[str, object]:
    """Say when, where and what the figures are of."""
    starts = min(period.start for period in content.periods)
    ends = max(period.end for period in content.periods)
    return {
        "temporalCoverage": f"{starts}/{ends}",
        "spatialCoverage": [
            {"@type": "Place", "name": area.name, "identifier": area.code} for area in content.areas
        ],
        "keywords": sorted({measure.domain_name for measure in content.measures}),
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": measure.title,
                "description": measure.rationale,
                "unitText": measure.unit_name,
                "propertyID": measure.id,
            }
            for measure in content.measures
        ],
    }


def _download(content: Content, file: PublishedFile) -> dict[str, object]:
    return {
        "@type": "DataDownload",
        "name": file.title,
        "description": file.purpose,
        "contentUrl": f"{content.address}{file.path}",
        "encodingFormat": file.media_type,
        "contentSize": f"{file.bytes} B",
        "sha256": file.sha256,
    }
