"""Make a release ready for publication: read it, name its codes, tell its state and history."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv

from social_evidence.app.publication_history import history_of
from social_evidence.app.publication_texts import (
    area_texts,
    measure_texts,
    period_texts,
    source_texts,
)
from social_evidence.app.release_catalogue import definitions_of
from social_evidence.errors import DefinitionError
from social_evidence.model.breakdown import ALL, UNKNOWN, Breakdown
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.initiative_row import WAVE, initiative_of
from social_evidence.model.measure import Measure
from social_evidence.model.release import State
from social_evidence.publish.content import (
    BreakdownText,
    Content,
    Labels,
    Licence,
    Mark,
)
from social_evidence.publish.names import with_names
from social_evidence.store.release import StoredRelease, read_release
from social_evidence.store.states import state_of_release
from social_evidence.wording import labels as words
from social_evidence.wording.periods import period_words

_CROSSED: Final = " * "
_SYNTHETIC: Final = (
    "Synthetic: made up by a program. These figures describe nobody and prove nothing."
)
_DRAFT: Final = "Draft: nobody has approved this release yet. Do not quote it."
_PRE_RELEASE: Final = (
    "Pre-release copy, for named readers before publication. Do not pass it on or quote it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What a release does not know of its own publication.

    publisher, licence: in words; empty leaves them unsaid. address: where the files will stand on
    the web, for links; empty writes none.
    """

    publisher: str = ""
    licence: Licence = field(default_factory=Licence)
    address: str = ""


def content_of(
    path: Path,
    *,
    imprint: Imprint | None = None,
    marks: Sequence[Mark] = (),
    today: date | None = None,
) -> Content:
    """Read a release and put a name beside every code of it.

    Args:
        path: A release folder, a `releases` folder or an evidence base (its latest release).
        imprint: Publisher, licence and address.
        marks: What every file must bear, beside what the release itself demands: `draft` while
            nobody has approved it, `synthetic` where a program made it up.
        today: The day of publication, for later releases that its history may name.

    Returns:
        All that the formats need: nothing is read afterwards but this.

    Raises:
        StoreError: There is no release there, or a file differs from what was written.
        DefinitionError: Its definitions do not name a measure or source of its figures.
    """
    stored = read_release(path)
    catalogue = _definitions(stored)
    named = _labels(stored, catalogue)
    state = state_of_release(stored.folder)
    borne = _marks(stored, state, marks)
    areas = area_texts(stored.areas)
    given = imprint or Imprint()
    return Content(
        manifest=stored.manifest,
        title=stored.manifest.title,
        state=state,
        marks=borne,
        notices=tuple(_NOTICES[mark] for mark in borne),
        publisher=given.publisher,
        licence=given.licence,
        address=given.address,
        estimates=stored.estimates,
        comparisons=stored.comparisons,
        named_estimates=with_names(stored.estimates, named),
        named_comparisons=with_names(stored.comparisons, named),
        changes=_changes(stored.folder / "changes.csv"),
        labels=named,
        measures=measure_texts(stored, catalogue, named),
        sources=source_texts(stored, catalogue),
        areas=areas,
        breakdowns=_breakdown_texts(catalogue, named),
        periods=period_texts(stored.estimates),
        provenance=stored.provenance,
        quality=stored.quality,
        history=history_of(stored.folder, today),
        initiatives=stored.initiatives,
        named_initiatives=with_names(stored.initiatives, _with_every_group(named, catalogue)),
    )


_NOTICES: Final[Mapping[Mark, str]] = {
    "synthetic": _SYNTHETIC,
    "draft": _DRAFT,
    "pre_release": _PRE_RELEASE,
}


def _marks(stored: StoredRelease, state: State, asked: Sequence[Mark]) -> tuple[Mark, ...]:
    """List the marks in their order, each once."""
    demanded = {
        "synthetic": stored.manifest.synthetic,
        "draft": state == "draft",
        "pre_release": False,
    }
    return tuple(mark for mark in _NOTICES if demanded[mark] or mark in asked)


def _definitions(stored: StoredRelease) -> Catalogue:
    """Read the definitions the release was made by, which must name what it has figures of."""
    catalogue = definitions_of(stored.folder, stored.manifest)
    named = {
        "measure": catalogue.measures,
        # What participants say comes from their initiative.
        "source": {**catalogue.sources, **catalogue.initiatives},
    }
    for kind, known in named.items():
        used = set(stored.estimates[kind].unique().to_pylist())
        if unnamed := sorted(used - set(known)):
            raise DefinitionError(
                f"Release {stored.manifest.version} has figures of the {kind} {unnamed[0]!r}, "
                "which its own catalogue/ does not define. No file can name what it shows: build "
                "the release again."
            )
    return catalogue


def _labels(stored: StoredRelease, catalogue: Catalogue) -> Labels:
    estimates = stored.estimates
    return Labels(
        populations=_populations(estimates["population"], catalogue),
        measures={measure.id: measure.title for measure in catalogue.measures.values()},
        parts={
            (measure.id, part): title
            for measure in catalogue.measures.values()
            for part, title in _parts(measure)
        },
        series={
            (measure.id, name): title
            for measure in catalogue.measures.values()
            for name, title in _series(measure, catalogue)
        }
        | {
            (success.measure, initiative.id): f"Participants: {initiative.title}"
            for initiative in catalogue.initiatives.values()
            for success in initiative.success_measures
            if success.measure
        },
        periods=_periods(stored),
        areas={area["area"]: area["name"] for area in stored.areas},
        breakdowns=_breakdowns(stored, catalogue),
        groups=_groups(stored, catalogue),
        statistics=words.STATISTICS,
        units=words.UNITS,
        interval_methods=words.INTERVAL_METHODS,
        methods=words.METHODS,
        variance_bases=words.VARIANCE_BASES,
        sources={source.id: source.title for source in catalogue.sources.values()}
        | {one.id: f"Participants: {one.title}" for one in catalogue.initiatives.values()},
        statuses=words.STATUSES,
        reliabilities=words.RELIABILITIES,
        flags=words.FLAGS,
        kinds=words.KINDS,
        verdicts=words.VERDICTS,
        initiatives={one.id: one.title for one in catalogue.initiatives.values()},
        success_measures={
            success.id: success.title
            for one in catalogue.initiatives.values()
            for success in one.success_measures
        },
    )


def _with_every_group(named: Labels, catalogue: Catalogue) -> Labels:
    """Name groups and periods that only initiatives' numbers have."""
    groups = {
        (name, group): _group_name(name, group, catalogue)
        for name, breakdown in catalogue.breakdowns.items()
        for group in (*(one.id for one in breakdown.groups), UNKNOWN)
    }
    return replace(named, groups=groups | dict(named.groups))


def _populations(column: pa.ChunkedArray, catalogue: Catalogue) -> dict[str, str]:
    named = dict(words.POPULATIONS)
    for code in column.unique().to_pylist():
        if name := initiative_of(code):
            known = catalogue.initiatives.get(name)
            title = name.replace("_", " ") if known is None else known.title
            named[code] = f"Participants of {title}"
    return named


def _parts(measure: Measure) -> Iterable[tuple[str, str]]:
    yield ALL, "The measure as a whole"
    for part in measure.parts:
        yield part.id, part.title


def _series(measure: Measure, catalogue: Catalogue) -> Iterable[tuple[str, str]]:
    for series in measure.series:
        source = catalogue.sources.get(series.source)
        title = series.source if source is None else source.title
        number = series.id.removeprefix(series.source).removeprefix("_")
        yield series.id, f"{title}, series {number}" if number else title


def _periods(stored: StoredRelease) -> dict[str, str]:
    labels: set[str] = set(stored.estimates["period"].unique().to_pylist())
    for side in ("period_from", "period_to"):
        labels |= set(stored.comparisons[side].unique().to_pylist())
    return {label: period_words(label) for label in sorted(filter(None, labels))}


def _breakdowns(stored: StoredRelease, catalogue: Catalogue) -> dict[str, str]:
    found: set[str] = set(catalogue.breakdowns) | {ALL}
    for table in (stored.estimates, stored.comparisons):
        found |= set(table["breakdown"].unique().to_pylist())
    return {
        name: words.joined_breakdowns(_title(part, catalogue) for part in name.split("*"))
        for name in sorted(found)
    }


def _title(breakdown: str, catalogue: Catalogue) -> str:
    known = catalogue.breakdowns.get(breakdown)
    return words.named(
        breakdown, {ALL: words.EVERYBODY, breakdown: known.title} if known else _ALL_NAMED
    )


_ALL_NAMED: Final = {ALL: words.EVERYBODY, WAVE: "When asked"}


def _groups(stored: StoredRelease, catalogue: Catalogue) -> dict[tuple[str, str], str]:
    """Name every group in the tables, in the order people expect: as defined, unknown last."""
    pairs = _pairs(stored.estimates, "group")
    for side in ("group_from", "group_to"):
        pairs |= _pairs(stored.comparisons, side)
    places = {
        name: {group.id: at for at, group in enumerate(breakdown.groups)}
        for name, breakdown in catalogue.breakdowns.items()
    }

    def order(pair: tuple[str, str]) -> tuple[object, ...]:
        breakdown, group = pair
        return (
            breakdown,
            [
                (places.get(name, {}).get(one, 0 if one == ALL else len(places.get(name, {}))), one)
                for name, one in zip(breakdown.split("*"), group.split(_CROSSED), strict=False)
            ],
        )

    return {pair: _group_name(*pair, catalogue) for pair in sorted(pairs, key=order)}


def _waves(breakdown: str) -> Mapping[str, str]:
    return words.WAVES if breakdown == WAVE else {}


def _pairs(table: pa.Table, side: str) -> set[tuple[str, str]]:
    if not table.num_rows:
        return set()
    distinct = table.group_by(["breakdown", side]).aggregate([])
    pairs = zip(distinct["breakdown"].to_pylist(), distinct[side].to_pylist(), strict=True)
    return {pair for pair in pairs if all(pair)}


def _group_name(breakdown: str, group: str, catalogue: Catalogue) -> str:
    names = breakdown.split("*")
    groups = group.split(_CROSSED)
    if len(groups) != len(names):
        return words.named(group, _SYSTEM)
    return words.joined_groups(
        words.named(one, {**_own(catalogue.breakdowns.get(name)), **_SYSTEM, **_waves(name)})
        for name, one in zip(names, groups, strict=True)
    )


_SYSTEM: Final = {ALL: words.EVERYBODY, UNKNOWN: words.NOT_KNOWN}


def _own(breakdown: Breakdown | None) -> dict[str, str]:
    return {} if breakdown is None else {group.id: group.label for group in breakdown.groups}


def _breakdown_texts(catalogue: Catalogue, named: Labels) -> tuple[BreakdownText, ...]:
    """Describe the breakdowns that the release's tables have, everybody first."""
    listed: list[BreakdownText] = []
    for name, pairs in itertools.groupby(named.groups.items(), key=lambda item: item[0][0]):
        known = catalogue.breakdowns.get(name)
        listed.append(
            BreakdownText(
                id=name,
                title=named.breakdowns[name],
                groups=tuple((group, label) for (_, group), label in pairs),
                reference=known.reference if known else "",
                standard=known.standard if known else "",
                note=known.note if known else "",
            )
        )
    return tuple(sorted(listed, key=lambda text: (text.id != ALL, "*" in text.id, text.title)))


def _changes(path: Path) -> pa.Table:
    """Read the table of changes: figures as numbers, all else as text."""
    content = path.read_bytes()
    head = content.split(b"\n", 1)[0].decode().rstrip("\r").split(",")
    kinds = {name: pa.float64() if _is_figure(name) else pa.string() for name in head}
    return pa.csv.read_csv(
        io.BytesIO(content),
        convert_options=pa.csv.ConvertOptions(
            column_types=kinds, null_values=[""], strings_can_be_null=True
        ),
    )


def _is_figure(column: str) -> bool:
    figures = ("estimate", "lower", "upper", "standard_error", "difference")
    return column.removeprefix("old_").removeprefix("new_") in figures
