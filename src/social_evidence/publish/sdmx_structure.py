"""The structure message of the SDMX files: codelists, concepts, structures, dataflows (JSON)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile, described, to_json, write
from social_evidence.publish.notes import dataset_notes, dataset_title
from social_evidence.publish.sdmx import (
    AGENCY,
    FOLDER,
    OBS_STATUS,
    STRUCTURES,
    Component,
    Structure,
    group_id,
    to_id,
    version,
)
from social_evidence.wording.columns import column_description

PATH: Final = f"{FOLDER}/structure.json"
_SCHEMA: Final = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/develop/structure-message/tools/"
    "schemas/2.0.0/sdmx-json-structure-schema.json"
)
_CONCEPTS: Final = "CONCEPTS"
_URN: Final = "urn:sdmx:org.sdmx.infomodel"


def write_structure(
    content: Content, folder: Path, _files: Iterable[PublishedFile] = ()
) -> tuple[PublishedFile, ...]:
    """Write the structure message (SDMX-JSON 2.0) into `sdmx/structure.json`."""
    schemes = {
        "meta": {
            # Readers look for the schema in the first lines.
            "schema": _SCHEMA,
            "id": to_id(f"{AGENCY}-{version(content)}"),
            "prepared": f"{content.manifest.created}T00:00:00Z",
            "contentLanguages": ["en"],
            "sender": {"id": AGENCY, "name": content.publisher or content.title},
        },
        "data": {
            "codelists": list(_codelists(content)),
            "conceptSchemes": [_concepts(content)],
            "dataStructures": [_structure(content, one) for one in STRUCTURES],
            "dataflows": [_dataflow(content, one) for one in STRUCTURES],
        },
    }
    write(folder, PATH, to_json(schemes))
    purpose = "What the SDMX files' ids mean: codelists, concepts and data structures."
    return (described(folder, PATH, "SDMX structure", purpose),)


def _artefact(content: Content, name: str, title: str) -> dict[str, object]:
    return {
        "id": name,
        "agencyID": AGENCY,
        "version": version(content),
        "name": title,
        "names": {"en": title},
    }


def _codelists(content: Content) -> Iterator[dict[str, object]]:
    named = content.labels
    plain: Mapping[str, tuple[str, Mapping[str, str]]] = {
        "CL_POPULATION": ("Populations", named.populations),
        "CL_MEASURE": ("Measures", {m.id: m.title for m in content.measures}),
        "CL_PART": ("Parts of measures", _shared(named.parts)),
        "CL_SERIES": ("Series", _shared(named.series)),
        "CL_AREA": ("Areas", {a.code: a.name for a in content.areas}),
        "CL_BREAKDOWN": ("Breakdowns", {b.id: b.title for b in content.breakdowns}),
        "CL_STATISTIC": ("Statistics", named.statistics),
        "CL_PERIOD": ("Periods", named.periods),
        "CL_UNIT": ("Units", named.units),
        "CL_INTERVAL_METHOD": ("Interval methods", named.interval_methods),
        "CL_METHOD": ("Methods", named.methods),
        "CL_VARIANCE_BASIS": ("Bases of the variance", named.variance_bases),
        "CL_SOURCE": ("Sources", {s.id: s.title for s in content.sources}),
        "CL_STATUS": ("Statuses", named.statuses),
        "CL_RELIABILITY": ("Reliability", named.reliabilities),
        "CL_KIND": ("Kinds of comparison", named.kinds),
        "CL_VERDICT": ("Verdicts", named.verdicts),
    }
    for name, (title, codes) in plain.items():
        listed = [_code(to_id(code), label, code) for code, label in codes.items()]
        yield {**_artefact(content, name, title), "codes": listed}
    groups = [
        _code(group_id(breakdown, group), label, group)
        for (breakdown, group), label in named.groups.items()
    ]
    yield {**_artefact(content, "CL_GROUP", "Groups of people"), "codes": groups}
    statuses = [
        {**_code(code, name, code), "description": when, "descriptions": {"en": when}}
        for code, (name, when) in OBS_STATUS.items()
    ]
    yield {**_artefact(content, "CL_OBS_STATUS", "Observation status"), "codes": statuses}


def _shared(names: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Name codes that several measures share; where they read it differently, all readings."""
    readings: dict[str, dict[str, None]] = {}
    for (_, code), label in names.items():
        readings.setdefault(code, {})[label] = None
    return {code: " / ".join(labels) for code, labels in readings.items()}


def _code(name: str, label: str, ours: str) -> dict[str, object]:
    told: dict[str, object] = {"id": name, "name": label, "names": {"en": label}}
    if name != ours:
        told["annotations"] = [{"id": "RELEASE_CODE", "type": "RELEASE_CODE", "title": ours}]
    return told


def _concepts(content: Content) -> dict[str, object]:
    concepts: dict[str, dict[str, object]] = {}
    for part in (part for one in STRUCTURES for part in one.components):
        told = column_description(part.column)
        concepts.setdefault(
            part.id,
            {
                "id": part.id,
                "name": part.title,
                "names": {"en": part.title},
                "description": told,
                "descriptions": {"en": told},
            },
        )
    return {**_artefact(content, _CONCEPTS, "Concepts"), "concepts": list(concepts.values())}


def _structure(content: Content, one: Structure) -> dict[str, object]:
    by_role: dict[str, list[dict[str, object]]] = {}
    for part in one.components:
        by_role.setdefault(part.role, []).append(_component(content, part))
    dimensions: dict[str, object] = {
        "id": "DimensionDescriptor",
        "dimensions": by_role["dimension"],
    }
    for time in by_role.get("time", []):
        dimensions["timeDimension"] = time
    return {
        **_artefact(content, one.id, one.title),
        "dataStructureComponents": {
            "dimensionList": dimensions,
            "measureList": {"id": "MeasureDescriptor", "measures": by_role["measure"]},
            "attributeList": {"id": "AttributeDescriptor", "attributes": by_role["attribute"]},
        },
    }


def _component(content: Content, part: Component) -> dict[str, object]:
    own = version(content)
    concept = f"{_URN}.conceptscheme.Concept={AGENCY}:{_CONCEPTS}({own}).{part.id}"
    codes = f"{_URN}.codelist.Codelist={AGENCY}:{part.codes}({own})"
    told: dict[str, object] = {
        "id": part.id,
        "conceptIdentity": concept,
        "localRepresentation": {"enumeration": codes, "enumerationFormat": {"dataType": "String"}}
        if part.codes
        else {"format": {"dataType": part.type}},
    }
    if part.role == "attribute":
        told["attributeRelationship"] = {"observation": {}}
        told["usage"] = "mandatory" if part.column == "status" else "optional"
    if part.role == "measure":
        told["usage"] = "optional"
    return told


def _dataflow(content: Content, one: Structure) -> dict[str, object]:
    own = version(content)
    title = f"{dataset_title(content)}: {one.title.lower()}"
    notes = "\n".join(dataset_notes(content))
    return {
        **_artefact(content, one.id, title),
        "description": notes,
        "descriptions": {"en": notes},
        "structure": f"{_URN}.datastructure.DataStructure={AGENCY}:{one.id}({own})",
    }
