"""Pages of cells: one address for every published number, with its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from social_evidence.model.estimate import Estimate
from social_evidence.model.initiative_row import WAVE
from social_evidence.site.addresses import (
    MOST_ROWS,
    cell_folder,
    cell_ids,
    decade,
    relative,
)
from social_evidence.site.content import CellPlace, EarlierCells, RowKey, SiteInput, Subject
from social_evidence.site.figures import Told, tell
from social_evidence.site.revisions import RevisionLine, revision_lines

_NOTHING: Final = EarlierCells()
_GAP: Final = "gap to the reference group"
_CHANGE: Final = "how it changed"


@dataclass(slots=True)
class CellAddresses:
    """Where every published cell stands: page and id."""

    site: SiteInput
    _known: dict[RowKey, tuple[str, str]] = field(default_factory=dict)
    _by_row: dict[int, tuple[str, str]] = field(default_factory=dict)
    """The release's own records, which live as long as it, need no key to be found again."""
    _pages: set[tuple[str, str]] = field(default_factory=set)

    def of(self, row: Estimate) -> tuple[str, str]:
        """Give the page and the id of a row."""
        found = self._by_row.get(id(row))
        if found is not None:
            return found
        place = (row.measure, row.area)
        if place not in self._pages:
            self._add(*place)
        return self._known[row.key]

    def href(self, row: Estimate, page: str) -> str:
        """Write the link from a page to a row's address."""
        path, cell = self.of(row)
        return f"#{cell}" if path == page else f"{relative(page, path)}#{cell}"

    def _add(self, measure: str, area: str) -> None:
        self._pages.add((measure, area))
        rows = self.site.figures.by_place.get((measure, area), ())
        before = self.site.earlier.get((measure, area), _NOTHING)
        ids = cell_ids(rows, self.site.subjects[measure].series, before.keys)
        folder = cell_folder(measure, area)
        is_parted = before.is_parted or len(rows) > MOST_ROWS
        for row in rows:
            part = f"{decade(row)}/" if is_parted else ""
            key = row.key
            self._known[key] = self._by_row[id(row)] = (f"{folder}/{part}index.html", ids[key])


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLine:
    """One cell: its id on the page, its figure and what became of it."""

    id: str
    period: str
    told: Told
    series: str
    revisions: tuple[RevisionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellGroup:
    """Cells of one group, under its name."""

    name: str
    lines: tuple[CellLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTable:
    """Cells of one part, breakdown and statistic."""

    heading: str
    groups: tuple[CellGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellModel:
    """What a page of cells says: made when it is written, for a release has thousands of cells.

    decades: the pages it is parted into, with their names; then it has no rows of its own.
    """

    path: str
    place: CellPlace
    subject: Subject
    area: str
    span: str
    site: SiteInput
    addresses: CellAddresses
    rows: Sequence[Estimate]
    decades: tuple[tuple[str, str, int], ...] = ()

    @property
    def tables(self) -> Iterable[CellTable]:
        """Its tables, made anew."""
        return tuple(_tables(self.site, self.addresses, self.rows))

    @property
    def moved(self) -> Iterable[tuple[str, str, str]]:
        """Id, name and page of each figure that stood on it before it was parted."""
        return tuple(_moved(self.site, self.addresses, self.place)) if self.decades else ()


def cell_models(
    site: SiteInput, addresses: CellAddresses, measure: str, area: str
) -> Iterable[CellModel]:
    """Make the page, or pages, of one measure's cells in one area.

    Args:
        site: The release.
        addresses: Of its cells.
        measure: Id of the measure.
        area: Code of the area.
    """
    rows = site.figures.by_place.get((measure, area), ())
    if not rows:
        return
    by_page: dict[str, list[Estimate]] = {}
    for row in rows:
        by_page.setdefault(addresses.of(row)[0], []).append(row)
    folder = f"{cell_folder(measure, area)}/index.html"
    whole = CellModel(
        path=folder,
        place=(measure, area),
        subject=site.subjects[measure],
        area=site.names.areas.get(area, area),
        span="",
        site=site,
        addresses=addresses,
        rows=(),
    )
    if list(by_page) != [folder]:
        parts = sorted((path, decade(own[0]), len(own)) for path, own in by_page.items())
        yield replace(whole, decades=tuple(parts))
    for path, own in sorted(by_page.items()):
        span = "" if path == folder else decade(own[0])
        yield replace(whole, path=path, span=span, rows=own)


def _moved(
    site: SiteInput, addresses: CellAddresses, place: CellPlace
) -> Iterable[tuple[str, str, str]]:
    """Tell of figures that stood on a page before it was parted where they stand now."""
    before = set(site.earlier.get(place, _NOTHING).whole)
    for row in site.figures.by_place[place]:
        if row.key in before:
            path, id_ = addresses.of(row)
            yield id_, _full_name(site, row), path


def _full_name(site: SiteInput, row: Estimate) -> str:
    names = (
        site.names.parts.get((row.measure, row.part), ""),
        site.names.breakdowns.get(row.breakdown, row.breakdown),
        site.names.groups.get((row.breakdown, row.group), row.group),
        _difference(row.breakdown) if row.statistic == "difference" else "",
        site.names.periods.get(row.period, row.period),
        site.names.series.get((row.measure, row.series), row.series),
    )
    return ", ".join(dict.fromkeys(filter(None, names)))


def _tables(
    site: SiteInput, addresses: CellAddresses, rows: Sequence[Estimate]
) -> Iterable[CellTable]:
    order = {pair: at for at, pair in enumerate(site.names.groups)}
    ordered = sorted(
        rows,
        key=lambda row: (
            row.part,
            row.breakdown != "all",
            "*" in row.breakdown,
            row.breakdown,
            row.statistic == "difference",
            order.get((row.breakdown, row.group), len(order)),
            row.period_start,
            row.period_end,
            row.series,
        ),
    )
    for (part, breakdown, statistic), own in groupby(
        ordered, key=lambda row: (row.part, row.breakdown, row.statistic)
    ):
        heading = _heading(site, rows[0].measure, part, breakdown, statistic)
        groups = tuple(
            CellGroup(
                name=site.names.groups.get((breakdown, group), group),
                lines=tuple(_line(site, addresses, row) for row in same),
            )
            for group, same in groupby(own, key=lambda row: row.group)
        )
        yield CellTable(heading=heading, groups=groups)


def _difference(breakdown: str) -> str:
    """Say of what a difference is: of a group and the reference, or of two waves."""
    return _CHANGE if breakdown.split("*", maxsplit=1)[0] == WAVE else _GAP


def _heading(site: SiteInput, measure: str, part: str, breakdown: str, statistic: str) -> str:
    name = site.names.breakdowns.get(breakdown, breakdown)
    if statistic == "difference":
        name = f"{name}: {_difference(breakdown)}"
    return name if part == "all" else f"{site.names.parts.get((measure, part), part)}: {name}"


def _line(site: SiteInput, addresses: CellAddresses, row: Estimate) -> CellLine:
    stated = site.subjects[row.measure].decimals
    return CellLine(
        id=addresses.of(row)[1],
        period=site.names.periods.get(row.period, row.period),
        told=tell(row, stated),
        series=site.names.series.get((row.measure, row.series), row.series),
        revisions=revision_lines(site.revisions.get(row.key, ()), row, stated),
    )


def places_of(site: SiteInput) -> Mapping[tuple[str, str], Sequence[Estimate]]:
    """Give every measure and area that has rows, in order."""
    return dict(sorted(site.figures.by_place.items()))
