"""SDMX: estimates and comparisons as SDMX-CSV 2.0, with ids and names (`labels=name`).

SDMX allows letters, digits, `_`, `-`, `@` and `$` in an id. A crossing's `*` becomes `-`, a group
stands behind its breakdown (`sex@female`), and everybody is `_T` as the guidelines have it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from social_evidence.model.breakdown import ALL
from social_evidence.publish.content import Content
from social_evidence.publish.delimited import guarded
from social_evidence.publish.files import PublishedFile, published
from social_evidence.publish.names import SUFFIX
from social_evidence.wording.columns import column_title

FOLDER: Final = "sdmx"
AGENCY: Final = "SOCIAL_EVIDENCE"
TOTAL: Final = "_T"

Role = Literal["dimension", "time", "measure", "attribute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A column of a data structure.

    column: of the release's table. codes: id of the codelist, empty where values are not coded.
    type: SDMX's name of what an uncoded value is.
    """

    id: str
    column: str
    role: Role
    codes: str = ""
    type: str = "String"

    @property
    def title(self) -> str:
        """What people read, and the head of the column of names."""
        return _TITLES.get(self.id) or column_title(self.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """One data structure with its dataflow: id, title and components in order."""

    id: str
    title: str
    components: tuple[Component, ...]


_TITLES: Final = {"TIME_PERIOD": "Time period", "OBS_STATUS": "Observation status"}


def _dimension(column: str, codes: str, name: str = "") -> Component:
    return Component(id=name or column.upper(), column=column, role="dimension", codes=codes)


def _measure(column: str, name: str = "") -> Component:
    return Component(id=name or column.upper(), column=column, role="measure", type="Double")


def _attribute(column: str, codes: str = "", name: str = "", kind: str = "String") -> Component:
    return Component(
        id=name or column.upper(), column=column, role="attribute", codes=codes, type=kind
    )


ESTIMATES: Final = Structure(
    id="ESTIMATES",
    title="Estimates",
    components=(
        _dimension("population", "CL_POPULATION"),
        _dimension("measure", "CL_MEASURE"),
        _dimension("part", "CL_PART"),
        _dimension("series", "CL_SERIES"),
        _dimension("area", "CL_AREA", "REF_AREA"),
        _dimension("breakdown", "CL_BREAKDOWN"),
        _dimension("group", "CL_GROUP"),
        _dimension("statistic", "CL_STATISTIC"),
        _dimension("period", "CL_PERIOD"),
        Component(id="TIME_PERIOD", column="period", role="time", type="ObservationalTimePeriod"),
        _measure("estimate", "OBS_VALUE"),
        *map(_measure, ("standard_error", "lower", "upper", "degrees_of_freedom")),
        *map(_measure, ("design_effect", "base", "effective_base", "numerator", "denominator")),
        _attribute("status", "CL_OBS_STATUS", "OBS_STATUS"),
        _attribute("unit", "CL_UNIT", "UNIT_MEASURE"),
        _attribute("level", kind="Double"),
        _attribute("interval_method", "CL_INTERVAL_METHOD"),
        _attribute("method", "CL_METHOD"),
        _attribute("variance_basis", "CL_VARIANCE_BASIS"),
        _attribute("source", "CL_SOURCE"),
        _attribute("status", "CL_STATUS"),
        _attribute("reliability", "CL_RELIABILITY"),
        _attribute("flags"),
        _attribute("version_first"),
        _attribute("version_revised"),
    ),
)

COMPARISONS: Final = Structure(
    id="COMPARISONS",
    title="Comparisons",
    components=(
        _dimension("population", "CL_POPULATION"),
        _dimension("measure", "CL_MEASURE"),
        _dimension("part", "CL_PART"),
        _dimension("series", "CL_SERIES"),
        _dimension("kind", "CL_KIND"),
        _dimension("breakdown", "CL_BREAKDOWN"),
        _dimension("group_from", "CL_GROUP"),
        _dimension("group_to", "CL_GROUP"),
        _dimension("area_from", "CL_AREA"),
        _dimension("area_to", "CL_AREA"),
        _dimension("period_from", "CL_PERIOD"),
        _dimension("period_to", "CL_PERIOD"),
        _dimension("statistic", "CL_STATISTIC"),
        _measure("difference", "OBS_VALUE"),
        *map(_measure, ("standard_error", "lower", "upper", "degrees_of_freedom")),
        *map(_measure, ("p_value", "p_adjusted")),
        _attribute("status", "CL_OBS_STATUS", "OBS_STATUS"),
        _attribute("level", kind="Double"),
        _attribute("family"),
        _attribute("verdict", "CL_VERDICT"),
        _attribute("status", "CL_STATUS"),
    ),
)

STRUCTURES: Final = (ESTIMATES, COMPARISONS)

OBS_STATUS: Final[Mapping[str, tuple[str, str]]] = {
    "A": ("Normal value", "shown, with none of the flags below"),
    "B": ("Time series break", "shown, and a new series begins here"),
    "P": ("Provisional value", "shown, and its publisher may still revise it"),
    "U": ("Low reliability", "shown, on few answers"),
    "Q": ("Missing value; suppressed", "hidden to protect people"),
    "L": ("Missing value; data exist but were not collected", "not asked"),
    "O": ("Missing value", "not available from its source"),
    "M": ("Missing value; data cannot exist", "not applicable"),
}
"""Codes of the SDMX codelist CL_OBS_STATUS that occur: name, and when we use it."""

_BY_STATUS: Final = {
    "low_base": "U",
    "protected": "Q",
    "not_asked": "L",
    "not_available": "O",
    "not_applicable": "M",
}
_BY_FLAG: Final = {"provisional": "P", "break": "B"}
_PART: Final = "\x1f"
_TEXT: Final = pa.dictionary(pa.int32(), pa.string())


def write_sdmx(
    content: Content, folder: Path, _files: Iterable[PublishedFile] = ()
) -> tuple[PublishedFile, ...]:
    """Write estimates and comparisons into `sdmx/` as SDMX-CSV 2.0, where they have rows."""
    files = []
    for structure, named in (
        (ESTIMATES, content.named_estimates),
        (COMPARISONS, content.named_comparisons),
    ):
        path = f"{FOLDER}/{structure.id.lower()}.csv"
        if not named.num_rows:
            continue
        text = _csv(content, structure, named)
        purpose = f"{structure.title} for statistical offices' software; needs structure.json."
        files.append(published(folder, path, text, f"{structure.title} (SDMX-CSV 2.0)", purpose))
    return tuple(files)


def version(content: Content) -> str:
    """Write the version of every artefact: a draft's is an extension, as SDMX 3.0 has it."""
    return content.version + ("-draft" if "draft" in content.marks else "")


def to_id(code: str) -> str:
    """Write a code of ours as an SDMX id."""
    return TOTAL if code == ALL else re.sub(r"[^A-Za-z0-9_$-]", "-", code.replace(" * ", "-"))


def group_id(breakdown: str, group: str) -> str:
    """Write a group as an SDMX id, which must be unique over all breakdowns."""
    return TOTAL if group == breakdown == ALL else f"{to_id(breakdown)}@{to_id(group)}"


def observation_status(status: str, flags: str) -> str:
    """Choose the SDMX observation status of a row; why a number is missing comes first."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    held = flags.split(";")
    return next((code for flag, code in _BY_FLAG.items() if flag in held), "A")


def time_period(label: str, start: date, end: date) -> str:
    """Write a period as SDMX writes time: a year, a quarter, a month, a day or a range.

    Example:
        >>> time_period("fy2016-17", date(2016, 4, 1), date(2017, 3, 31))
        '2016-04-01/P1Y'
    """
    if re.fullmatch(r"\d{4}", label):
        return label
    if re.fullmatch(r"\d{4}Q\d", label):
        return label.replace("Q", "-Q")
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", label) and start.month == end.month:
        return label
    if start == end:
        return start.isoformat()
    return f"{start.isoformat()}/{_duration(start, end)}"


def _duration(start: date, end: date) -> str:
    after = end + timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    if after.day != start.day:
        return f"P{(after - start).days}D"
    return f"P{months // 12}Y" if months % 12 == 0 else f"P{months}M"


def _csv(content: Content, structure: Structure, named: pa.Table) -> bytes:
    identity = f"{AGENCY}:{structure.id}({version(content)})"
    fixed = {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": identity,
        "STRUCTURE_NAME": guarded(f"{content.title}: {structure.title.lower()}"),
        "ACTION": "I",
    }
    columns: dict[str, pa.Array] = {
        name: _constant(text, named.num_rows) for name, text in fixed.items()
    }
    periods = {p.label: time_period(p.label, p.start, p.end) for p in content.periods}
    for part in structure.components:
        columns[part.id] = _values(part, named, periods)
        columns[part.title] = _names(part, named)
    written = io.BytesIO()
    written.write((",".join(f'"{name}"' for name in columns) + "\n").encode())
    options = pa.csv.WriteOptions(include_header=False, quoting_style="needed")
    pa.csv.write_csv(pa.table(columns), written, write_options=options)
    return written.getvalue()


def _constant(text: str | None, length: int) -> pa.DictionaryArray:
    places = pa.array([0] * length, pa.int32())
    return pa.DictionaryArray.from_arrays(places, pa.array([text], pa.string()))


def _values(part: Component, named: pa.Table, periods: Mapping[str, str]) -> pa.Array:
    column = named[part.column]
    if part.role == "time":
        return _mapped(column, lambda label: periods.get(label, label))
    if part.codes == "CL_GROUP":
        return _paired(named["breakdown"], column, group_id)
    if part.codes == "CL_OBS_STATUS":
        flags = named["flags"] if "flags" in named.column_names else _constant("", named.num_rows)
        return _paired(column, flags, observation_status)
    return _mapped(column, to_id) if part.codes else column


def _names(part: Component, named: pa.Table) -> pa.Array:
    """Give the names beside the ids; numbers and texts have none of their own."""
    name = part.column + SUFFIX
    if part.codes == "CL_OBS_STATUS":
        return _mapped(_values(part, named, {}), lambda code: OBS_STATUS[code][0])
    if name in named.column_names and part.role != "time":
        return _mapped(named[name], guarded)
    return _constant(None, named.num_rows)


def _mapped(column: pa.ChunkedArray | pa.Array, rename: Callable[[str], str]) -> pa.Array:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    renamed = [None if v is None else rename(v) for v in encoded.dictionary.to_pylist()]
    made = pa.DictionaryArray.from_arrays(encoded.indices, pa.array(renamed, pa.string()))
    return made.cast(_TEXT)


def _paired(
    first: pa.ChunkedArray, second: pa.ChunkedArray | pa.Array, rename: Callable[[str, str], str]
) -> pa.Array:
    pairs = pc.binary_join_element_wise(
        first.cast(pa.string()), second.cast(pa.string()), _PART
    ).combine_chunks()
    return _mapped(pairs, lambda pair: rename(*pair.split(_PART)))
