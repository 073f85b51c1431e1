"""DCAT 3: the release as a data set with its files, for catalogues of data (JSON-LD)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from social_evidence.model.lineage import release_iri
from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile, described, to_json, write
from social_evidence.publish.notes import citation, dataset_notes, dataset_title, summary

PATH: Final = "catalog.jsonld"
_CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "prov": "http://www.w3.org/ns/prov#",
    "adms": "http://www.w3.org/ns/adms#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA_TYPE: Final = "https://www.iana.org/assignments/media-types/{}"
_SHA256: Final = "spdx:checksumAlgorithm_sha256"
_ENGLISH: Final = "http://publications.europa.eu/resource/authority/language/ENG"
_AREA: Final = "http://statistics.data.gov.uk/id/statistical-geography/{}"
_GSS: Final = tuple("EKNSW")


def write_dcat(
    content: Content, folder: Path, files: Iterable[PublishedFile]
) -> tuple[PublishedFile, ...]:
    """Write `catalog.jsonld`: a catalogue of one data set and a distribution for each main file.

    Args:
        content: The release.
        folder: The publication's folder.
        files: Those already written; each with a purpose of its own becomes a distribution.
    """
    write(folder, PATH, to_json(_catalog(content, list(files))))
    purpose = "An entry for catalogues of data: files, digests, coverage, versions (DCAT 3)."
    return (described(folder, PATH, "Catalogue entry (DCAT)", purpose),)


def _catalog(content: Content, files: list[PublishedFile]) -> dict[str, object]:
    own = release_iri(content.title, content.version)
    return {
        "@context": _CONTEXT,
        "@id": f"{own}#catalog",
        "@type": "dcat:Catalog",
        "dct:title": _text(content.title),
        "dct:description": _text(summary(content)),
        **_publisher(content),
        "dcat:dataset": _dataset(content, files, own),
    }


def _dataset(content: Content, files: list[PublishedFile], own: str) -> dict[str, object]:
    themes = sorted({measure.domain_name for measure in content.measures})
    return {
        "@id": own,
        "@type": "dcat:Dataset",
        "dct:title": _text(dataset_title(content)),
        "dct:description": [_text(summary(content))],
        "dct:identifier": own,
        **_publisher(content),
        **_licence(content),
        "dct:issued": _day(content.manifest.created),
        "dct:language": {"@id": _ENGLISH},
        "dct:spatial": [_place(area.code, area.name) for area in content.areas],
        "dct:temporal": _temporal(content),
        "dcat:keyword": [_text(word) for word in themes],
        "dcat:version": content.version,
        "adms:versionNotes": [_text(note) for note in dataset_notes(content)],
        "dct:bibliographicCitation": citation(content),
        **_neighbours(content),
        **({"dcat:landingPage": {"@id": content.address}} if content.address else {}),
        "dct:source": [
            {
                "@id": f"{own}#source/{source.id}",
                "@type": "dcat:Dataset",
                "dct:title": _text(source.title),
                "dct:publisher": {"@type": "foaf:Agent", "foaf:name": source.publisher},
                "dct:license": {"@type": "dct:LicenseDocument", "rdfs:label": source.licence},
            }
            for source in content.sources
        ],
        "dcat:distribution": [_distribution(content, file) for file in files if file.purpose],
    }


def _distribution(content: Content, file: PublishedFile) -> dict[str, object]:
    address = {"@id": f"{content.address}{file.path}"}
    return {
        "@type": "dcat:Distribution",
        "dct:title": _text(file.title),
        "dct:description": _text(file.purpose),
        "dct:issued": _day(content.manifest.created),
        **_licence(content),
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": {"@id": _MEDIA_TYPE.format(file.media_type)},
        "dcat:byteSize": {"@value": str(file.bytes), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": _SHA256},
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
    }


def _neighbours(content: Content) -> dict[str, object]:
    """Name the release before this one and the one that took its place."""
    (own,) = [one for one in content.history if one.version == content.version]
    told: dict[str, object] = {}
    if own.previous:
        before = {"@id": release_iri(content.title, own.previous)}
        told |= {"dcat:previousVersion": before, "dct:replaces": before}
    if own.next:
        told["dct:isReplacedBy"] = {"@id": release_iri(content.title, own.next)}
    return told


def _publisher(content: Content) -> dict[str, object]:
    if not content.publisher:
        return {}
    return {"dct:publisher": {"@type": "foaf:Agent", "foaf:name": content.publisher}}


def _licence(content: Content) -> dict[str, object]:
    licence = content.licence
    if not licence.name:
        return {}
    named = {"@type": "dct:LicenseDocument", "rdfs:label": licence.name}
    return {"dct:license": {"@id": licence.url, **named} if licence.url else named}


def _place(code: str, name: str) -> dict[str, object]:
    # Official codes of the United Kingdom have addresses; others are told by their code.
    is_official = code.startswith(_GSS) and len(code) == len("E12000007") and code[1:].isdigit()
    return {
        **({"@id": _AREA.format(code)} if is_official else {}),
        "@type": "dct:Location",
        "rdfs:label": name,
        "skos:notation": code,
    }


def _temporal(content: Content) -> dict[str, object]:
    return {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": _day(str(min(period.start for period in content.periods))),
        "dcat:endDate": _day(str(max(period.end for period in content.periods))),
    }


def _text(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "en"}


def _day(day: str) -> dict[str, str]:
    return {"@value": day, "@type": "xsd:date"}
