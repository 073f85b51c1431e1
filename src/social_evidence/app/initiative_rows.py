"""Rows of the initiatives table, and those of participants in the estimates table: one builder.

Figures of answers, returns and registers are judged, protected together and rounded as every
figure of a release is; what cannot be given keeps a row that says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import pyarrow as pa

from social_evidence.app.earlier import Address, EarlierRelease
from social_evidence.app.figure_rows import to_estimates
from social_evidence.app.initiative_counts import Counted, counted
from social_evidence.app.initiative_figures import (
    Asked,
    Change,
    Found,
    Place,
    Setting,
    asked_of,
    item_and_wave,
    part_of,
    unit_of,
)
from social_evidence.app.participant_figures import Panel, answered
from social_evidence.app.protect import Protector
from social_evidence.app.protected_cells import Known
from social_evidence.disclosure.primary import joint_status
from social_evidence.disclosure.tables import Links
from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import HIDDEN, Estimate, Status
from social_evidence.model.initiative import FROM_ANSWERS, HEADLINE
from social_evidence.model.initiative_row import NO_WAVE, InitiativeRow, uncrossed
from social_evidence.model.period import parse
from social_evidence.model.provenance import HiddenCells

_COMPLEMENT: Final = (
    "The number stored is the share of the opposite, as the city's measure counts it; what is "
    "shown is one less it."
)
_SECOND: Final = "A second reading: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What the office holds of one initiative; nothing by default.

    Attributes:
        answers: A row a participant and wave; None where none came.
        counted: Returns and registers.
    """

    answers: pa.Table | None = None
    counted: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The numbers of all initiatives.

    Attributes:
        rows: Of the initiatives table, in any order.
        changes: Changes of the same people whose rows are published, at full precision, with the
            status of the row.
        hidden: How each series was protected.
    """

    rows: tuple[InitiativeRow, ...] = ()
    changes: tuple[tuple[Change, Status], ...] = ()
    hidden: tuple[HiddenCells, ...] = ()

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Those that answer one of the city's measures, as rows of the estimates table."""
        return tuple(row.figure for row in self.rows if row.measure)


def initiative_rows(
    setting: Setting,
    records: Mapping[str, Records],
    residents: Sequence[Estimate],
    *,
    created: date,
    earlier: Sequence[EarlierRelease] = (),
) -> Rows:
    """Work out, protect and lay out every success measure of every initiative.

    Args:
        setting: The catalogue.
        records: Initiative -> what the office holds of it.
        residents: The release's own figures, for those shown beside an initiative.
        created: The release's date: what has no number stands under the year of the release that
            said so first, so that it keeps its address until there is one.
        earlier: What approved releases have shown and hidden.

    Raises:
        DisclosureError: A hidden count could be worked out whatever else is hidden.
        DataError: Answers that cannot be read.
    """
    catalogue = setting.catalogue
    found, background = Found(), list[InitiativeRow]()
    for name in sorted(catalogue.initiatives):
        initiative = catalogue.initiatives[name]
        own = records.get(name, Records(counted=Counted(setting=setting)))
        panel = None if own.answers is None else Panel.of(setting, own.answers)
        for asked in asked_of(initiative):
            if asked.reading.way in {"figure", "unpublished"}:
                background += _background(setting, asked, residents, created)
            elif asked.reading.way in FROM_ANSWERS:
                found.add(answered(panel, asked))
            else:
                found.add(counted(own.counted, asked))
    judged, hidden = _judged(setting, found, _of_initiatives(catalogue, earlier))
    rows = [*_rows(catalogue, found, judged, setting, created), *background]
    rows = [_where_it_stood(row, earlier) for row in rows]
    return Rows(
        rows=tuple(_with_starts(catalogue, rows)),
        changes=tuple(_told(found, rows)),
        hidden=hidden,
    )


def _judged(
    setting: Setting, found: Found, earlier: Sequence[EarlierRelease]
) -> tuple[list[Estimate], tuple[HiddenCells, ...]]:
    """Judge, protect together and round; boroughs add up to the city directly."""
    catalogue = setting.catalogue
    within = {name: b.within for name, b in catalogue.breakdowns.items() if b.within}
    links = Links(children={setting.city: setting.boroughs}, within=within)
    protector = Protector(
        known=Known(links=links, areas=catalogue.areas, pools={}, earlier=earlier)
    )
    plan = catalogue.plan
    rows = to_estimates(found.figures, protector, zeros=plan.zeros, grades=plan.reliability)
    return rows, tuple(protector.made)


def _of_initiatives(
    catalogue: Catalogue, earlier: Sequence[EarlierRelease]
) -> tuple[EarlierRelease, ...]:
    """Give earlier releases by the addresses under which initiatives are protected."""
    names = _names(catalogue)
    return tuple(
        EarlierRelease(
            version=one.version,
            shown={
                address: dict(own)
                for address, own in _moved(
                    names,
                    (
                        (address, place, counts)
                        for address, places in one.shown.items()
                        for place, counts in places.items()
                    ),
                ).items()
            },
            hidden={
                address: frozenset(own)
                for address, own in _moved(
                    names,
                    (
                        (address, place, ())
                        for address, places in one.hidden.items()
                        for place in places
                    ),
                ).items()
            },
        )
        for one in earlier
    )


def _names(catalogue: Catalogue) -> dict[Address, tuple[str, str]]:
    """Address in the estimates table -> success measure and item."""
    return {
        (asked.measure or asked.success.id, _part(asked), initiative.id): (
            asked.success.id,
            asked.reading.item,
        )
        for initiative in catalogue.initiatives.values()
        for asked in asked_of(initiative)
    }


def _part(asked: Asked) -> str:
    return (asked.success.part or ALL) if asked.measure else asked.reading.item


def _moved(
    names: Mapping[Address, tuple[str, str]],
    cells: Iterable[tuple[Address, Place, tuple[int | None, ...]]],
) -> dict[Address, dict[Place, tuple[int | None, ...]]]:
    moved: dict[Address, dict[Place, tuple[int | None, ...]]] = {}
    for address, (period, area, breakdown, group), counts in cells:
        if address in names:
            success, item = names[address]
            plain, own, wave = uncrossed(breakdown, group)
            key = (success, part_of(item, wave), address[2])
            moved.setdefault(key, {})[period, area, plain, own] = counts
    return moved


def _rows(
    catalogue: Catalogue,
    found: Found,
    judged: Sequence[Estimate],
    setting: Setting,
    created: date,
) -> Iterator[InitiativeRow]:
    """Turn judged figures into rows, and give what has none a row that says why."""
    asked = {
        (one.success.id, one.reading.item): one
        for initiative in catalogue.initiatives.values()
        for one in asked_of(initiative)
    }
    for row in judged:
        item, wave = item_and_wave(row.part)
        yield _row(asked[row.measure, item], wave, row, found)
    for (success, item, wave), why in found.missing.items():
        yield _empty(setting, asked[success, item], wave, why, created)


def _row(asked: Asked, wave: str, row: Estimate, found: Found) -> InitiativeRow:
    is_change = row.statistic == "difference"
    name = (asked.success.id, asked.reading.item, row.period)
    return InitiativeRow(
        success_measure=asked.success.id,
        item=asked.reading.item,
        initiative=asked.initiative.id,
        counted=asked.counted,
        wave=wave,
        measure=asked.measure,
        part=(asked.success.part or ALL) if asked.measure else "",
        caveat=_caveat(asked, found.notes.get(name, "")),
        **_shared(replace(row, base=None) if is_change else row),
    )


def _shared(row: Estimate) -> dict[str, Any]:
    """Columns that both tables have, but for those that name the row."""
    left = {"population", "measure", "part", "series"}
    return {n: getattr(row, n) for n in Estimate.__dataclass_fields__ if n not in left}


def _caveat(asked: Asked, *notes: str) -> str:
    second = f"{_SECOND}{asked.reading.title}." if asked.reading.item != HEADLINE else ""
    complement = _COMPLEMENT if asked.success.shows_complement else ""
    return " ".join(filter(None, (*notes, second, complement, asked.success.caveat)))


def _empty(setting: Setting, asked: Asked, wave: str, why: str, created: date) -> InitiativeRow:
    """Say of a success measure that there is no number, and why."""
    statistic = asked.statistic
    if asked.reading.way == "paired_share" and wave != "change":
        statistic = "proportion"
    year = parse(str(created.year))
    return InitiativeRow(
        success_measure=asked.success.id,
        item=asked.reading.item,
        initiative=asked.initiative.id,
        statistic=statistic,
        counted=asked.counted,
        period=year.label,
        area=setting.city,
        wave=wave,
        period_start=year.start,
        period_end=year.end,
        unit=unit_of(asked.counted, statistic),
        method="survey" if asked.reading.way in FROM_ANSWERS else "administrative",
        source=asked.initiative.id,
        status="not_available",
        flags="synthetic" if setting.synthetic else "",
        measure=asked.measure,
        part=(asked.success.part or ALL) if asked.measure else "",
        target=asked.success.target,
        caveat=_caveat(asked, f"There is no number: {why}"),
    )


def _where_it_stood(row: InitiativeRow, earlier: Sequence[EarlierRelease]) -> InitiativeRow:
    """Leave what still has no number under the year under which the release before said so."""
    if row.status != "not_available" or not row.is_own or not earlier:
        return row
    told = row.figure
    place = (told.measure, told.part, told.series, told.breakdown, told.group)
    label = earlier[-1].empty.get(place)
    if label is None:
        return row
    period = parse(label)
    return replace(row, period=period.label, period_start=period.start, period_end=period.end)


def _background(
    setting: Setting, asked: Asked, residents: Sequence[Estimate], created: date
) -> Iterator[InitiativeRow]:
    """Repeat figures about residents beside an initiative, which are never credited to it."""
    reading = asked.reading
    if reading.way == "unpublished":
        yield _empty(setting, asked, NO_WAVE, reading.reason, created)
        return
    of_measure = [row for row in residents if row.measure == reading.measure]
    chosen = [row for row in of_measure if _fits(setting, asked, row)]
    newest = max(chosen, key=lambda row: (row.period_end, row.series), default=None)
    if newest is None:
        why = f"this release has no figure of {reading.measure} that fits."
        yield _empty(setting, asked, NO_WAVE, why, created)
        return
    for row in chosen:
        if row.series == newest.series:
            yield InitiativeRow(
                success_measure=asked.success.id,
                item=reading.item,
                initiative=asked.initiative.id,
                counted=asked.counted,
                caveat=_caveat(asked, "About residents and not about those who take part."),
                **_shared(row),
            )


def _fits(setting: Setting, asked: Asked, row: Estimate) -> bool:
    reading = asked.reading
    is_asked = (row.measure, row.part, row.breakdown) == (
        reading.measure,
        reading.part,
        reading.breakdown,
    )
    in_area = row.area == setting.city or (reading.by_area and row.area in setting.boroughs)
    in_group = not reading.groups or row.group in reading.groups
    in_series = reading.series in {"", row.series}
    plain = row.statistic != "difference"
    return is_asked and in_area and in_group and in_series and plain


def _with_starts(catalogue: Catalogue, rows: Sequence[InitiativeRow]) -> Iterator[InitiativeRow]:
    """Give rows their baseline and target.

    Where no baseline is stated it is the share before of the same people, or the first period's
    number of the same cell.
    """
    stated = {
        success.id: success
        for initiative in catalogue.initiatives.values()
        for success in initiative.success_measures
    }
    before = {_cell(row): row.estimate for row in rows if row.wave == "before"}
    first: dict[tuple[str, ...], InitiativeRow] = {}
    for row in rows:
        known = first.get(_cell(row)[:-1])
        if row.wave == NO_WAVE and (known is None or row.period_start < known.period_start):
            first[_cell(row)[:-1]] = row
    for row in rows:
        success = stated[row.success_measure]
        start = first.get(_cell(row)[:-1])
        is_first = start is None or start.period_start == row.period_start
        worked_out = before.get(_cell(row)) if row.wave != NO_WAVE else None
        if start is not None and not is_first:
            worked_out = start.estimate
        own = success.baseline if row.item == HEADLINE else None
        target = success.target if row.item == HEADLINE else None
        hides = row.status in HIDDEN or row.wave == "before"
        baseline = own if own is not None else (None if hides else worked_out)
        yield replace(row, baseline=baseline, target=target)


def _cell(row: InitiativeRow) -> tuple[str, ...]:
    """Where a row stands, whatever its wave; the period last."""
    return (row.success_measure, row.item, row.area, row.breakdown, row.group, row.period)


def _told(found: Found, rows: Sequence[InitiativeRow]) -> Iterator[tuple[Change, Status]]:
    """Give each change the status of its row."""
    status: dict[tuple[str, ...], Status] = {
        (row.success_measure, row.item, row.period, row.area, row.breakdown, row.group): row.status
        for row in rows
        if row.wave == "change"
    }
    for change in found.changes:
        asked = change.asked
        own = status[(asked.success.id, asked.reading.item, *change.place)]
        yield change, joint_status(own)
