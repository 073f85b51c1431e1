"""A static JSON API: one file a measure, one an area, an index, and OpenAPI that describes them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa

from social_evidence.errors import DefinitionError
from social_evidence.publish.content import Content, MeasureText
from social_evidence.publish.files import PublishedFile, published, to_json
from social_evidence.publish.notes import dataset_notes, dataset_title
from social_evidence.publish.row_text import json_rows, whole

FOLDER: Final = "api"
ESTIMATES: Final = (
    *("population", "measure", "part", "series", "period", "period_name", "area", "area_name"),
    *("breakdown", "breakdown_name", "group", "group_name", "statistic", "period_start"),
    *("period_end", "unit", "estimate", "standard_error", "lower", "upper", "level"),
    *("interval_method", "degrees_of_freedom", "design_effect", "base", "effective_base"),
    *("numerator", "denominator", "method", "variance_basis", "source", "status", "reliability"),
    *("flags", "version_first", "version_revised"),
)
"""Columns of estimates in the API, in order."""
COMPARISONS: Final = (
    *("population", "measure", "part", "series", "kind", "breakdown", "breakdown_name"),
    *("group_from", "group_from_name", "group_to", "group_to_name", "area_from"),
    *("area_from_name", "area_to", "area_to_name", "period_from", "period_from_name"),
    *("period_to", "period_to_name", "statistic", "difference", "standard_error", "lower"),
    *("upper", "level", "degrees_of_freedom", "p_value", "p_adjusted", "family", "verdict"),
    "status",
)
"""Columns of comparisons in the API, in order."""

_Tables = Mapping[str, tuple[tuple[str, ...], pa.Array]]
"""Name of a table -> its columns, and its rows as text."""
_SAFE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)


def write_api(
    content: Content, folder: Path, _files: Iterable[PublishedFile] = ()
) -> tuple[PublishedFile, ...]:
    """Write the API into `api/`: index.json, measures/, areas/ and comparisons/.

    Each file of figures holds `columns` and `rows`, in the order of the release.
    """
    index = f"{FOLDER}/index.json"
    purpose = "Start of the JSON API: measures, areas, codes, and where their files are."
    files = [published(folder, index, to_json(_index(content)), "JSON API", purpose)]
    for path, title, text in _figures(content):
        files.append(published(folder, path, text, title))
    return tuple(files)


def measure_files(content: Content) -> Iterator[tuple[str, str, bytes]]:
    """Give path, title and text of each measure's file of estimates, the same as in the API."""
    rows = json_rows(content.named_estimates.select(ESTIMATES))
    by_measure = _places(content.estimates["measure"])
    for measure in content.measures:
        text: _Tables = {"estimates": (ESTIMATES, rows.take(by_measure[measure.id]))}
        told: dict[str, object] = {"measure": dataclasses.asdict(measure)}
        yield _path(measure_path(measure.id)), measure.title, _file(content, told, text)


def measure_path(measure: str) -> str:
    """Name a measure's file of estimates, from the API's folder."""
    return f"measures/{measure}.json"


def comparison_path(measure: str) -> str:
    """Name a measure's file of comparisons, from the API's folder."""
    return f"comparisons/{measure}.json"


def area_path(area: str) -> str:
    """Name an area's file, from the API's folder.

    Raises:
        DefinitionError: The code cannot be part of an address.
    """
    if not _SAFE.fullmatch(area):
        raise DefinitionError(
            f"The area code {area!r} cannot be part of a file's name. Give the area a code of "
            "letters, digits, `_`, `-` and `.` in areas.toml."
        )
    return f"areas/{area}.json"


def heading(content: Content) -> dict[str, object]:
    """Say in every file what it is of and what a reader must know."""
    return {
        "title": dataset_title(content),
        "release": content.version,
        "created": content.manifest.created,
        "state": content.state,
        "marks": list(content.marks),
        "notices": list(content.notices),
        "publisher": content.publisher,
        "licence": dataclasses.asdict(content.licence),
    }


def _index(content: Content) -> dict[str, object]:
    return {
        **heading(content),
        "notes": list(dataset_notes(content)),
        "description": "openapi.json",
        "measures": [_measure(measure) for measure in content.measures],
        "areas": [
            {
                "area": area.code,
                "name": area.name,
                "kind": area.kind,
                "parent": area.parent or None,
                "figures": area_path(area.code),
            }
            for area in content.areas
        ],
        "periods": [
            {"period": p.label, "name": p.name, "start": str(p.start), "end": str(p.end)}
            for p in content.periods
        ],
        "breakdowns": [
            {
                "breakdown": breakdown.id,
                "title": breakdown.title,
                "groups": [{"group": g, "name": name} for g, name in breakdown.groups],
            }
            for breakdown in content.breakdowns
        ],
        "sources": [
            {"source": s.id, "title": s.title, "publisher": s.publisher, "licence": s.licence}
            for s in content.sources
        ],
        "codes": {column: dict(names) for column, names in content.labels.codes.items()},
    }


def _measure(measure: MeasureText) -> dict[str, object]:
    return {
        "measure": measure.id,
        "title": measure.title,
        "domain": measure.domain,
        "theme": measure.theme,
        "direction": measure.direction,
        "unit": measure.unit,
        "estimates": measure_path(measure.id),
        "comparisons": comparison_path(measure.id) if measure.comparison_rows else None,
    }


def _figures(content: Content) -> Iterator[tuple[str, str, bytes]]:
    """Give path, title and text of every file of figures."""
    estimates = content.named_estimates.select(ESTIMATES)
    comparisons = content.named_comparisons.select(COMPARISONS)
    rows, compared = json_rows(estimates), json_rows(comparisons)
    by_measure = _places(content.estimates["measure"])
    compared_by_measure = _places(content.comparisons["measure"])
    by_area = _places(content.estimates["area"])
    compared_by_area = _places(content.comparisons["area_to"])
    none = pa.array([], pa.int64())
    for measure in content.measures:
        about: dict[str, object] = {"measure": dataclasses.asdict(measure)}
        text: _Tables = {"estimates": (ESTIMATES, rows.take(by_measure[measure.id]))}
        yield _path(measure_path(measure.id)), measure.title, _file(content, about, text)
        if (places := compared_by_measure.get(measure.id)) is not None:
            text = {"comparisons": (COMPARISONS, compared.take(places))}
            title = f"Comparisons: {measure.title}"
            yield _path(comparison_path(measure.id)), title, _file(content, about, text)
    for area in content.areas:
        text = {
            "estimates": (ESTIMATES, rows.take(by_area.get(area.code, none))),
            "comparisons": (COMPARISONS, compared.take(compared_by_area.get(area.code, none))),
        }
        told = {"area": dataclasses.asdict(area)}
        yield _path(area_path(area.code)), area.name, _file(content, told, text)
    if content.initiatives.num_rows:
        columns = tuple(content.initiatives.column_names)
        text = {"initiatives": (columns, json_rows(content.initiatives))}
        yield _path("initiatives.json"), "Initiatives", _file(content, {}, text)


def _path(path: str) -> str:
    return f"{FOLDER}/{path}"


def _places(column: pa.ChunkedArray) -> dict[str, pa.Array]:
    """Find the rows of each value of a column, in order."""
    table = pa.table({"value": column, "place": pa.array(range(len(column)), pa.int64())})
    grouped = table.group_by("value", use_threads=False).aggregate([("place", "list")])
    places = grouped["place_list"].combine_chunks()
    return {value: places[at].values for at, value in enumerate(grouped["value"].to_pylist())}


def _file(
    content: Content,
    about: Mapping[str, object],
    tables: Mapping[str, tuple[tuple[str, ...], pa.Array]],
) -> bytes:
    """Write one file: the heading as JSON, then each table's rows as they were already written."""
    head = to_json({**heading(content), **about}).rstrip().removesuffix(b"}").rstrip()
    parts = [head]
    for name, (columns, rows) in tables.items():
        listed = to_json(list(columns)).rstrip()
        body = whole(rows, ",\n") if len(rows) else b""
        parts.append(b',\n"%s": {"columns": %s,\n"rows": [\n%s\n]}' % (name.encode(), listed, body))
    return b"".join([*parts, b"\n}\n"])
