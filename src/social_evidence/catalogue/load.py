"""Read folders of definitions into one `Catalogue`; every fault of every file at once.

A folder holds `catalogue.toml`, `areas.toml`, where it needs them `plan.toml`, `strategy.toml` and
`similar.toml` and `redirects.toml`, and below `measures/`, `sources/`, `questions/`,
`breakdowns/`, `notes/`, `initiatives/`, `evaluation_plans/` and `suitability/` one file a
definition, named by its id.
`report/` holds Markdown, see `wording.references`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from social_evidence.catalogue.crosscheck import cross_check
from social_evidence.catalogue.definitions import TOP, Definitions, Heading, SimilarAreas
from social_evidence.catalogue.faults import Fault, Faults, Place, suggestion, to_error
from social_evidence.catalogue.joining import joined, mapped, with_ids
from social_evidence.catalogue.names import ID, LONGEST
from social_evidence.catalogue.records import build
from social_evidence.catalogue.report_checks import check_reports
from social_evidence.errors import DefinitionError
from social_evidence.model.area import Area, AreaTree
from social_evidence.model.breakdown import Breakdown
from social_evidence.model.catalogue import Catalogue, Likeness
from social_evidence.model.evaluation_plan import EvaluationPlan
from social_evidence.model.initiative import Initiative
from social_evidence.model.measure import Measure, Series
from social_evidence.model.note import Note
from social_evidence.model.publication import PublicationPlan
from social_evidence.model.question import Question
from social_evidence.model.redirect import Redirects
from social_evidence.model.source import Source
from social_evidence.model.strategy import Strategy
from social_evidence.model.suitability import SuitabilityRule

FOLDERS: Final[Mapping[str, type]] = {
    "measures": Measure,
    "sources": Source,
    "questions": Question,
    "breakdowns": Breakdown,
    "notes": Note,
    "initiatives": Initiative,
    "evaluation_plans": EvaluationPlan,
    "suitability": SuitabilityRule,
}
"""Folder of a catalogue -> the record each of its files holds."""

TOP_RECORDS: Final[Mapping[str, type]] = {
    "plan": PublicationPlan,
    "strategy": Strategy,
    "similar": SimilarAreas,
    "redirects": Redirects,
}
"""File at the top of a catalogue, of which there may be one -> the record it holds."""

REPORTS: Final = "report"
"""Folder of reports: Markdown whose figures are filled from a release."""

_TOP_FILES: Final = ("catalogue.toml", "areas.toml", *(f"{name}.toml" for name in TOP_RECORDS))


@dataclass(slots=True)
class _Reading:
    """What has been read so far, and what was wrong with it."""

    faults: Faults = field(default_factory=Faults)
    files: dict[str, str] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {folder: {} for folder in FOLDERS}
    )
    origins: dict[tuple[str, str], str] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    tops: dict[str, Any] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    area_places: dict[str, Place] = field(default_factory=dict)


def load(paths: Sequence[Path]) -> Catalogue:
    """Read one or several folders of definitions.

    Args:
        paths: Folders; a later one may not define an id again, but its sources may add series to
            measures.

    Returns:
        The catalogue, with the text of every file and a digest over them.

    Raises:
        DefinitionError: Anything is wrong; the message lists every fault, sorted by file.
    """
    catalogue, faults = examine(paths)
    if faults:
        raise to_error(faults)
    return catalogue


def examine(paths: Sequence[Path]) -> tuple[Catalogue, tuple[Fault, ...]]:
    """Read folders of definitions without refusing.

    Args:
        paths: Folders of definitions.

    Returns:
        What could be read, and every fault. With a fault the catalogue is incomplete: use it
        to count, never to build.

    Raises:
        DefinitionError: A path is no folder of definitions, so there is nothing to examine.
    """
    if not paths:
        raise DefinitionError("no catalogue was named. Give the folder that holds catalogue.toml.")
    reading = _Reading()
    prefixes = _prefixes(paths)
    for path, prefix in zip(paths, prefixes, strict=True):
        _read_folder(path, prefix, reading)
    sources, measures = _linked(reading)
    catalogue = Catalogue(
        title=reading.headings[0].title if reading.headings else "",
        measures=_in_order(measures),
        sources=_in_order(sources),
        questions=_in_order(reading.records["questions"]),
        breakdowns=_in_order(reading.records["breakdowns"]),
        notes=_in_order(reading.records["notes"]),
        initiatives=_in_order(reading.records["initiatives"]),
        evaluation_plans=_in_order(reading.records["evaluation_plans"]),
        suitability=_in_order(reading.records["suitability"]),
        areas=_area_tree(reading),
        plan=reading.tops.get("plan", PublicationPlan()),
        strategy=reading.tops.get("strategy"),
        similar=_nearest_first(reading.tops.get("similar")),
        likeness=_likeness(reading.tops.get("similar")),
        redirects=reading.tops.get("redirects", Redirects()),
        files=_in_order(reading.files),
        digest=digest_of(reading.files),
    )
    codes = frozenset(reading.area_places)
    cross_check(Definitions(catalogue, reading.origins, codes, reading.faults))
    check_reports(catalogue, reading.faults)
    return catalogue, reading.faults.in_order()


def _linked(reading: _Reading) -> tuple[dict[str, Source], dict[str, Measure]]:
    """Give sources the maps that breakdowns hold, and measures the series that sources hold."""
    sources = mapped(
        reading.records["sources"],
        reading.records["breakdowns"],
        _ids(reading, "sources"),
        lambda name: Place(reading.faults, reading.origins["breakdowns", name]),
    )
    measures = joined(
        reading.records["measures"],
        sources,
        _ids(reading, "measures"),
        lambda name: Place(reading.faults, reading.origins["sources", name]),
    )
    return sources, measures


def _ids(reading: _Reading, folder: str) -> list[str]:
    return [name for kind, name in reading.origins if kind == folder]


def digest_of(files: Mapping[str, str]) -> str:
    """Compute the sha-256 over paths and texts, in the order of the paths."""
    total = hashlib.sha256()
    for path in sorted(files):
        for part in (path, files[path]):
            content = part.encode("utf-8", "surrogateescape")
            total.update(len(content).to_bytes(8, "big"))
            total.update(content)
    return total.hexdigest()


def _in_order(records: Mapping[str, Any]) -> dict[str, Any]:
    return {name: records[name] for name in sorted(records)}


def _prefixes(paths: Sequence[Path]) -> tuple[str, ...]:
    """Name each folder for messages and for `Catalogue.files`: nothing where there is one."""
    if len(paths) == 1:
        return ("",)
    seen: Counter[str] = Counter()
    prefixes = []
    for path in paths:
        name = path.resolve().name
        seen[name] += 1
        prefixes.append(f"{name}/" if seen[name] == 1 else f"{name}_{seen[name]}/")
    return tuple(prefixes)


def _read_folder(path: Path, prefix: str, reading: _Reading) -> None:
    if not (path / "catalogue.toml").is_file():
        raise DefinitionError(
            f"{path} is no catalogue: it has no catalogue.toml. Name the folder that holds it, or "
            'write one with a line such as: title = "Our city\'s figures"'
        )
    for found in sorted(path.rglob("*.toml")):
        relative = found.relative_to(path)
        name = prefix + relative.as_posix()
        table = _read_file(found, name, reading)
        if table is not None:
            _read_definition(relative, table, Place(reading.faults, name), reading)
    for found in sorted((path / REPORTS).glob("*.md")):
        name = prefix + found.relative_to(path).as_posix()
        _read_text(found, Place(reading.faults, name), reading)


def _read_file(path: Path, name: str, reading: _Reading) -> dict[str, object] | None:
    """Read one file's text and TOML; note why where that fails."""
    place = Place(reading.faults, name)
    text = _read_text(path, place, reading)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        place.fault(f"is no valid TOML: {fault}.")
    except RecursionError:
        place.fault("is nested too deeply to be a definition.")
    return None


def _read_text(path: Path, place: Place, reading: _Reading) -> str | None:
    """Read one file's text and keep it; note why where that fails."""
    try:
        # Some editors put a byte order mark before UTF-8 text; it is no part of the definition.
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        place.fault(f"is not UTF-8 text (byte {fault.start}). Save it as UTF-8.")
        return None
    except OSError as fault:
        place.fault(f"cannot be read: {fault.strerror}.")
        return None
    reading.files[place.file] = text
    return text


def _read_definition(
    relative: Path, table: dict[str, object], place: Place, reading: _Reading
) -> None:
    """Build what one file holds and put it where it belongs."""
    folder = relative.parts[0]
    if relative.as_posix() == "catalogue.toml":
        heading = build(Heading, table, place)
        reading.headings += [heading] if heading else []
    elif relative.as_posix() == "areas.toml":
        _read_areas(table, place, reading)
    elif len(relative.parts) == 1 and relative.stem in TOP_RECORDS:
        _read_top(relative.stem, table, place, reading)
    elif len(relative.parts) > 1 and folder in FOLDERS:
        _read_record(folder, relative.stem, table, place, reading)
    else:
        known = FOLDERS if len(relative.parts) > 1 else _TOP_FILES
        place.fault(
            "is read by nothing here: definitions stand in measures/, sources/, questions/, "
            "breakdowns/, notes/, initiatives/, evaluation_plans/ and suitability/, beside "
            f"{', '.join(_TOP_FILES)}."
            f"{suggestion(folder, known)}"
        )


def _read_record(
    folder: str, stem: str, table: dict[str, object], place: Place, reading: _Reading
) -> None:
    if not ID.fullmatch(stem):
        place.fault(f"is named {stem!r}; an id is lower_snake_case, as in `feels_safe_at_night`.")
    if "id" in table and table["id"] != stem:
        place.at("id").fault(
            f"is {table['id']!r}, but the file is named {stem!r}. A definition is found by its "
            "file's name: make them the same."
        )
    first = reading.origins.setdefault((folder, stem), place.file)
    if first != place.file:
        place.at("id").fault(f"{stem!r} is defined already, in {first}. Keep one of them.")
        return
    record = build(FOLDERS[folder], {**table, "id": stem}, place)
    if isinstance(record, Measure):
        record = replace(record, series=_own_series(record.series, place))
    if record is not None:
        reading.records[folder][stem] = record


def _read_top(name: str, table: dict[str, object], place: Place, reading: _Reading) -> None:
    """Read a file of which all folders together may hold one."""
    first = reading.origins.setdefault((TOP, name), place.file)
    if first != place.file:
        place.fault(f"there is one already, {first}. Keep one of them.")
        return
    record = build(TOP_RECORDS[name], table, place)
    if record is not None:
        reading.tops[name] = record


def _nearest_first(similar: SimilarAreas | None) -> dict[str, tuple[tuple[str, float], ...]]:
    """Put the areas most like each one in order; as near ones in the order of their codes."""
    listed = similar.areas if similar else {}
    return {
        code: tuple(sorted(near.items(), key=lambda pair: (pair[1], pair[0])))
        for code, near in sorted(listed.items())
    }


def _likeness(similar: SimilarAreas | None) -> Likeness:
    """Keep what is said of the list of similar areas."""
    if similar is None:
        return Likeness()
    return Likeness(basis=similar.basis, method=similar.method, attribution=similar.attribution)


def _own_series(series: Iterable[Series], place: Place) -> tuple[Series, ...]:
    """Number the series of a measure's own file; note what stands there and must not."""
    for index, one in enumerate(series):
        if one.id:
            place.at("series", index).at("id").fault(
                f"{one.id!r} is given by the system, from the source's id. Leave it out."
            )
        if not one.source:
            place.at("series", index).at("source").fault(
                "is missing; a series cannot do without it."
            )
        if one.measure:
            place.at("series", index).at("measure").fault(
                "is for series in a source's own file; here the file says which measure it is."
            )
    return with_ids(replace(one, measure="") for one in series)


def _read_areas(table: dict[str, object], place: Place, reading: _Reading) -> None:
    for name in table.keys() - {"areas"}:
        place.at(name).fault("is not read: areas.toml holds [[areas]] and nothing else.")
    listed = table.get("areas", [])
    if not isinstance(listed, list):
        place.at("areas").fault("must be a list: write each area under its own [[areas]].")
        return
    for index, item in enumerate(listed):
        _read_area(item, place.at("areas", index), reading)


def _read_area(item: object, place: Place, reading: _Reading) -> None:
    area = build(Area, item, place)
    code = item.get("code") if isinstance(item, dict) else None
    if not isinstance(code, str):
        return
    first = reading.area_places.setdefault(code, place)
    if first is not place:
        place.at("code").fault(
            f"{code!r} is defined already, in {first.file}: {first.path}. Keep one of them."
        )
    elif area:
        if len(area.name) > LONGEST:
            place.at("name").fault(
                f"{area.name[:20]!r} and so on is too long: {len(area.name)} characters, where the "
                f"address of a page takes {LONGEST}. Write the name that people use."
            )
        reading.areas[code] = area


def _area_tree(reading: _Reading) -> AreaTree:
    """Build the tree from the areas whose parents exist; note the others."""
    sound = []
    for code, area in reading.areas.items():
        place = reading.area_places[code]
        if area.parent and area.parent not in reading.area_places:
            near = suggestion(area.parent, reading.area_places)
            place.at("parent").fault(f"{area.parent!r} is no area of areas.toml.{near}")
        elif _circles(code, reading.areas):
            place.at("parent").fault(f"{code!r} comes to stand above itself. Break the circle.")
        elif not area.parent or area.parent in reading.areas:
            sound.append(area)
            continue
        sound.append(replace(area, parent=""))
    return AreaTree.from_areas(sound)


def _circles(code: str, areas: Mapping[str, Area]) -> bool:
    above = areas[code].parent
    seen: set[str] = set()
    while above in areas and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = areas[above].parent
    return False
