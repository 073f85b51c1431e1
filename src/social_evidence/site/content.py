"""What a site is made from: one release, its definitions, a name beside every code.

Every page is a pure function of `SiteInput` and writes no figure that is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, Final

from social_evidence.charts.points import Outlines, Tiles
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.comparison import Comparison
from social_evidence.model.estimate import Estimate
from social_evidence.model.release import Manifest
from social_evidence.site.addresses import definition_id, initiative_path, measure_path
from social_evidence.site.initiative_content import InitiativesInput, success_measures_of
from social_evidence.wording.language import Language

RowKey = tuple[str, ...]
CellPlace = tuple[str, str]
"""Measure and area: figures of both stand together."""
_TURNED: Final = "The city’s measure counts the opposite; what is shown here is the rest."
_CELL_OF: Final = attrgetter("measure", "area", "part", "breakdown", "group", "statistic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names of codes, as people read them.

    parts: (measure, part) -> name. series: (measure, series) -> name. groups: (breakdown,
    group) -> name, in the order people expect.
    """

    parts: Mapping[tuple[str, str], str]
    series: Mapping[tuple[str, str], str]
    periods: Mapping[str, str]
    areas: Mapping[str, str]
    breakdowns: Mapping[str, str]
    groups: Mapping[tuple[str, str], str]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An area of the release: code, name, kind and the code of the area it belongs to."""

    code: str
    name: str
    kind: str
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a figure was before one release changed it. None: it was not shown, or must not be."""

    version: str
    old: float | None
    new: float | None
    old_lower: float | None = None
    old_upper: float | None = None
    new_lower: float | None = None
    new_upper: float | None = None
    cause: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierCells:
    """What earlier releases had at one measure and area, so that no address comes to mean another.

    Attributes:
        keys: From the oldest release, figures whose short address would fit another series too.
        is_parted: Whether its page is parted by decade; once it is, it stays so.
        whole: Figures that stood on its one page before it was parted.
    """

    keys: tuple[tuple[RowKey, ...], ...] = ()
    is_parted: bool = False
    whole: tuple[RowKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLine:
    """One release of the evidence base: what became of it and how many figures it changed."""

    version: str
    created: str
    state: str
    previous: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Whether one measure, breakdown, area and year has a figure, or why not."""

    measure: str
    part: str
    breakdown: str
    area: str
    year: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file beside the pages: its name for people, its path in the tree, its size in bytes."""

    title: str
    path: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """What is made beside pages, by programs or libraries that not every machine has.

    Attributes:
        images: Charts as PNG, and the picture that is shown where an address is shared.
        pdf: Reports as tagged PDF.
        braille: Summaries as Braille.
        zip: Name of the archive of one tree at the site's root; empty for none.
        address: Where the site will stand on the web, ending in `/`; empty where nobody has said.
    """

    images: bool = False
    pdf: bool = False
    braille: bool = False
    zip: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Geography:
    """Where the areas lie: squares, outlines where there are any, and whom to thank for them."""

    tiles: Tiles
    outlines: Outlines | None = None
    attribution: tuple[str, ...] = ()

    @property
    def areas(self) -> tuple[str, ...]:
        """Codes of the areas that have a square."""
        return tuple(tile.area for tile in self.tiles.tiles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What figures with addresses are about: a measure of the city, or a success measure.

    Attributes:
        title: What people read.
        path: Where it is explained.
        section: Of the navigation.
        decimals: Of a share; None where they follow from the range.
        series: Ids, as defined.
        notes: What must be known to read its figures.
    """

    title: str
    path: str
    section: str
    decimals: int | None = None
    series: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SiteInput:
    """A release made ready for pages.

    Attributes:
        manifest: What the release states about itself.
        title: The evidence base's name.
        notices: A sentence for each mark every page must bear: made-up figures, a draft.
        is_public: False for a preview, which has no permanent address.
        catalogue: The definitions the release was made by.
        names: Names of codes.
        places: Areas of the release, the city first.
        figures: The rows, grouped for look-up.
        provenance: (measure, part, series, period) -> the record behind the figures.
        revisions: Key of a row -> its changes, newest first.
        earlier: Measure and area -> what earlier releases had there, where it makes a difference.
        releases: Every release of the evidence base, newest first.
        silences: Where there is no figure, and why.
        downloads: Measure id -> files with its figures; the empty id has those of the release.
        geography: Where the areas lie, for maps; None where nobody has drawn them.
        verified: Figures printed elsewhere and whether ours agree, as the release records them.
        trees: Releases that stand for good under `/r/`, up to this one.
        formats: What is made beside the pages.
        languages: Those beside English that pages are made in.
        initiatives: Rows and evaluations of initiatives; None where the release holds none.
    """

    manifest: Manifest
    title: str
    notices: tuple[str, ...]
    is_public: bool
    catalogue: Catalogue
    names: Names
    places: tuple[Place, ...]
    figures: Figures
    provenance: Mapping[tuple[str, str, str, str], Mapping[str, Any]]
    revisions: Mapping[RowKey, tuple[Revision, ...]] = field(default_factory=dict)
    earlier: Mapping[CellPlace, EarlierCells] = field(default_factory=dict)
    releases: tuple[ReleaseLine, ...] = ()
    silences: tuple[Silence, ...] = ()
    downloads: Mapping[str, tuple[Download, ...]] = field(default_factory=dict)
    geography: Geography | None = None
    verified: tuple[Mapping[str, Any], ...] = ()
    trees: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    initiatives: InitiativesInput | None = None
    formats: Formats = field(default_factory=Formats)

    @cached_property
    def subjects(self) -> Mapping[str, Subject]:
        """All that figures with addresses are about, by id."""
        return {
            one.id: Subject(
                title=one.title,
                path=measure_path(one.id),
                section="Measures",
                decimals=one.decimals,
                series=tuple(series.id for series in one.series),
            )
            for one in self.catalogue.measures.values()
        } | {
            success.id: Subject(
                title=success.title,
                path=f"{initiative_path(initiative.id)}#{definition_id(success.id)}",
                section="Initiatives",
                series=(initiative.id,),
                notes=tuple(
                    filter(None, (_TURNED if success.shows_complement else "", success.caveat))
                ),
            )
            for initiative, success in success_measures_of(self.catalogue)
        }

    @property
    def mark(self) -> str:
        """What opens each caption where the figures are made up."""
        return "Synthetic." if self.manifest.synthetic else ""

    @property
    def city(self) -> Place:
        """The area everything is set against: the city, or the first area where none is one."""
        return next((place for place in self.places if place.kind == "city"), self.places[0])

    @property
    def boroughs(self) -> tuple[Place, ...]:
        """The areas that have a profile, by name: those that nothing else belongs to."""
        parents = {place.parent for place in self.places}
        inside = [
            place
            for place in self.places
            if place.kind in {"borough", "state"} and place.code not in parents
        ]
        return tuple(sorted(inside, key=lambda place: place.name))


@dataclass(frozen=True, slots=True)
class Figures:
    """The rows of a release, grouped for look-up.

    by_place: (measure, area) -> rows in the table's order. compared: what `_side` gives ->
    comparison. by_cell: (measure, area, part, breakdown, group, statistic) -> residents' rows.
    """

    by_place: Mapping[tuple[str, str], Sequence[Estimate]]
    by_key: Mapping[RowKey, Estimate]
    compared: Mapping[RowKey, Comparison]
    changes: Mapping[RowKey, Sequence[Comparison]]
    by_cell: Mapping[RowKey, Sequence[Estimate]]

    @classmethod
    def of(cls, estimates: Sequence[Estimate], comparisons: Sequence[Comparison]) -> Figures:
        """Group the rows of a release."""
        by_place: dict[tuple[str, str], list[Estimate]] = {}
        by_cell: dict[RowKey, list[Estimate]] = {}
        for row in estimates:
            by_place.setdefault((row.measure, row.area), []).append(row)
            if row.population == "residents":
                by_cell.setdefault(_CELL_OF(row), []).append(row)
        compared: dict[RowKey, Comparison] = {}
        changes: dict[RowKey, list[Comparison]] = {}
        for one in comparisons:
            cell = (one.measure, one.part, one.series)
            if one.population != "residents":
                continue
            if one.kind == "change":
                key = (*cell, one.area_to, one.breakdown, one.group_to, one.statistic)
                changes.setdefault(key, []).append(one)
            else:
                compared[_side(one)] = one
        return cls(by_place, {row.key: row for row in estimates}, compared, changes, by_cell)

    def of_measure(self, measure: str, area: str) -> Sequence[Estimate]:
        """Rows of one measure in one area, of residents."""
        rows = self.by_place.get((measure, area), ())
        return [row for row in rows if row.population == "residents"]

    def of_cell(
        self, measure: str, area: str, cell: tuple[str, str, str, str]
    ) -> Sequence[Estimate]:
        """Rows of residents in one cell (part, breakdown, group, statistic) of an area."""
        return self.by_cell.get((measure, area, *cell), ())

    def against_city(self, row: Estimate, city: str) -> Comparison | None:
        """Find how a figure stands to the city's; None where nobody has compared them."""
        return self.compared.get(
            ("area", *_cell(row), row.breakdown, row.group, row.group, city, row.area)
        )

    def against_everybody(self, row: Estimate) -> Comparison | None:
        """Find how a group's figure stands to everybody's in its area."""
        return self.compared.get(
            ("group", *_cell(row), row.breakdown, "all", row.group, row.area, row.area)
        )

    def against_reference(self, row: Estimate, reference: str) -> Comparison | None:
        """Find how a group's rate stands to the reference group's, of a row that is their gap."""
        return self.compared.get(
            ("gap", *_cell(row), row.breakdown, row.group, reference, row.area, row.area)
        )

    def against_comparator(self, row: Estimate, comparator: str) -> Comparison | None:
        """Find how the city's figure stands to that of the rest of a country."""
        return self.compared.get(
            ("comparator", *_cell(row), row.breakdown, row.group, row.group, comparator, row.area)
        )

    def pair(self, row: Estimate, area: str, group: str) -> Comparison | None:
        """Find how another area's or group's figure stands to this one's."""
        return self.compared.get(
            ("pair", *_cell(row), row.breakdown, row.group, group, row.area, area)
        )

    def changes_of(self, row: Estimate) -> Sequence[Comparison]:
        """Find how a figure stands to earlier ones of its series: the latest, then the first."""
        key = (row.measure, row.part, row.series, row.area, row.breakdown, row.group, row.statistic)
        found = [one for one in self.changes.get(key, ()) if one.period_to == row.period]
        return sorted(found, key=lambda one: one.period_from, reverse=True)


def _cell(row: Estimate) -> RowKey:
    return (row.measure, row.part, row.series, row.period, row.statistic)


def _side(one: Comparison) -> RowKey:
    cell = (one.measure, one.part, one.series, one.period_to, one.statistic)
    groups = (one.group_from, one.group_to)
    return (one.kind, *cell, one.breakdown, *groups, one.area_from, one.area_to)
