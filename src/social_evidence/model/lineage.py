"""Provenance in the words of the W3C's PROV-O: records of a release as linked data (JSON-LD).

The terms are added to a record and take nothing from it: a program that knows no linked data
reads the record as before.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

CONTEXT: Final[Mapping[str, object]] = {
    "prov": "http://www.w3.org/ns/prov#",
    "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "se": "urn:uuid:6a1f8f52-0c5e-5d36-9a55-6f0f4f0f6b3e#",
}
"""Prefixes. Terms of ours (`se:`) say what PROV-O has no word for: digest, wording, formula."""

_ADDRESS: Final = ("measure", "part", "series", "period")
"""What a row shares with the record it comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How a release was made: what every record of it shares.

    engine: the program that summed the files, with its version; empty where nobody wrote it down.
    """

    title: str
    version: str
    created: str
    software_version: str
    catalogue_digest: str
    engine: str = ""


def release_iri(title: str, version: str) -> str:
    """Name a release for linked data and feeds: the same wherever it is published."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'social-evidence:{title}:{version}')}"


def figures_iri(making: Making, record: Mapping[str, Any]) -> str:
    """Name the figures one record speaks of: those of a measure, part, series and period."""
    parts = [quote(str(record.get(name, "")), safe="") for name in _ADDRESS]
    return f"{release_iri(making.title, making.version)}#figures/{'/'.join(parts)}"


def linked(record: Mapping[str, Any], making: Making) -> dict[str, Any]:
    """Add PROV-O terms to a record of a release's provenance.

    Args:
        record: As the build wrote it.
        making: How the release was made.

    Returns:
        The record with an id, a type, its context, and what it was derived from: each file by its
        digest, the definitions, the program, its engine and the question that was asked.
    """
    return {"@context": dict(CONTEXT), **_entity(record, making), **record}


def plain(record: Mapping[str, Any]) -> dict[str, Any]:
    """Take the terms of linked data off a record again."""
    return {
        name: value
        for name, value in record.items()
        if not name.startswith("@") and ":" not in name
    }


def graph(records: Iterable[Mapping[str, Any]], making: Making) -> dict[str, Any]:
    """Put the provenance of a release into one graph, without what only programs of ours read."""
    return {
        "@context": dict(CONTEXT),
        "@graph": [_release(making), *(_entity(record, making) for record in records)],
    }


def _entity(record: Mapping[str, Any], making: Making) -> dict[str, Any]:
    files: Sequence[Mapping[str, Any]] = record.get("files", ())
    told: dict[str, Any] = {
        "@id": figures_iri(making, record),
        "@type": "prov:Entity",
        "rdfs:label": _label(record),
        "prov:wasGeneratedBy": _build(making),
        "prov:wasDerivedFrom": [_file(file, record) for file in files],
        "dct:isPartOf": {"@id": release_iri(making.title, making.version)},
        "dct:license": record.get("licence", ""),
        **{f"se:{name}": record.get(name, "") for name in _ADDRESS},
        "se:formula": record.get("formula", ""),
        "se:questionWording": [_worded(*pair) for pair in record.get("question", {}).items()],
    }
    return {name: value for name, value in told.items() if value not in ("", [])}


def _label(record: Mapping[str, Any]) -> str:
    measure, *others = (str(record.get(name, "")) for name in _ADDRESS)
    return f"{record.get('title') or measure}: {', '.join(others)}"


def _release(making: Making) -> dict[str, Any]:
    return {
        "@id": release_iri(making.title, making.version),
        "@type": "prov:Entity",
        "dct:title": making.title,
        "dct:hasVersion": making.version,
        "prov:wasGeneratedBy": _build(making),
    }


def _build(making: Making) -> dict[str, Any]:
    """Describe the build: what it used, and which program it was."""
    own = release_iri(making.title, making.version)
    engine = {"se:engine": making.engine} if making.engine else {}
    return {
        "@id": f"{own}#build",
        "@type": "prov:Activity",
        "prov:endedAtTime": {"@value": f"{making.created}T00:00:00Z", "@type": "xsd:dateTime"},
        "prov:used": {
            "@id": digest_iri(making.catalogue_digest),
            "@type": ["prov:Entity", "prov:Plan"],
            "rdfs:label": "The definitions, as they stand in catalogue/",
            "se:sha256": making.catalogue_digest,
        },
        "prov:wasAssociatedWith": {
            "@id": f"{own}#program",
            "@type": "prov:SoftwareAgent",
            "rdfs:label": f"social-evidence {making.software_version}",
            "dct:hasVersion": making.software_version,
            **engine,
        },
    }


def _file(file: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    is_own = file["source"] == record.get("source")
    return {
        "@id": digest_iri(file["sha256"]),
        "@type": "prov:Entity",
        "rdfs:label": file["name"],
        "se:sha256": file["sha256"],
        "se:role": file["role"],
        "se:source": file["source"],
        **({"dct:publisher": record["publisher"]} if is_own else {}),
    }


def digest_iri(sha256: str) -> str:
    """Name a file by its content (RFC 6920), whatever it is called and wherever it lies."""
    try:
        content = bytes.fromhex(sha256)
    except ValueError:
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, sha256)}"
    digest = base64.urlsafe_b64encode(content).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _worded(tag: str, text: str) -> object:
    """Give a question's wording its language, where the tag is one."""
    is_tag = tag.replace("-", "").isalnum() and 2 <= len(tag.split("-", 1)[0]) <= 3
    return {"@value": text, "@language": tag} if is_tag else f"{text} ({tag})"
