"""What all ways of working out a success measure share: addresses, places and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from social_evidence.app.figures import Figure, Numbers
from social_evidence.app.participant_change import PairedChange
from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.initiative import Initiative, Reading, SuccessMeasure
from social_evidence.model.initiative_row import NO_WAVE
from social_evidence.model.measure import Measure, Series, Unit
from social_evidence.model.period import parse
from social_evidence.model.source import Source

OF_PEOPLE: Final = frozenset({"people", "families", "learners", "applications"})
"""What stands for people when it is counted, so that small numbers of it are hidden."""
_BETWEEN: Final = "~"

Place = tuple[str, str, str, str]
"""Period, area, breakdown and group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One reading of one success measure of one initiative."""

    initiative: Initiative
    success: SuccessMeasure
    reading: Reading

    @property
    def counted(self) -> str:
        """What one of it is."""
        return self.reading.counted or self.success.counted

    @property
    def statistic(self) -> str:
        """How it is made."""
        return self.reading.statistic or self.success.statistic

    @property
    def is_headline(self) -> bool:
        """Whether the success measure is known by it."""
        return self.reading is self.success.readings[0]

    @property
    def measure(self) -> str:
        """The city's measure whose number it is; empty for none.

        A second reading asks something else, and figures about residents are nobody's here.
        """
        own = self.is_headline and self.reading.way == "paired_share"
        return self.success.measure if own else ""


def asked_of(initiative: Initiative) -> tuple[Asked, ...]:
    """List every reading of an initiative's success measures, in order."""
    return tuple(
        Asked(initiative=initiative, success=success, reading=reading)
        for success in initiative.success_measures
        for reading in success.readings
    )


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What figures of initiatives need of the catalogue.

    Attributes:
        catalogue: The definitions.
        synthetic: Whether the records are made up.
    """

    catalogue: Catalogue
    synthetic: bool = False

    @cached_property
    def city(self) -> str:
        """The area that stands for everybody."""
        areas = self.catalogue.areas.areas
        cities = sorted(code for code, area in areas.items() if area.kind == "city")
        return cities[0] if cities else next(iter(sorted(areas)), ALL)

    @cached_property
    def boroughs(self) -> tuple[str, ...]:
        """The parts of the city by which figures are given."""
        tree = self.catalogue.areas
        found = tree.leaves(self.city) if self.city in tree.areas else ()
        return tuple(sorted(code for code in found if code != self.city))

    def areas_of(self, success: SuccessMeasure) -> tuple[str, ...]:
        """The areas by which a success measure is given."""
        return self.boroughs if success.by_borough else ()

    def groups_of(self, success: SuccessMeasure) -> dict[str, tuple[str, ...]]:
        """Breakdown -> groups, of a success measure."""
        known = self.catalogue.breakdowns
        return {b: tuple(g.id for g in known[b].groups) for b in success.breakdowns}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The change of the same people in one cell, with its range."""

    asked: Asked
    place: Place
    change: PairedChange


@dataclass(slots=True, kw_only=True)
class Found:
    """What the records of an initiative give.

    Attributes:
        figures: At full precision; their measure's id is the success measure, their part the item
            and the wave.
        changes: Of the same people, for the comparisons.
        notes: (success measure, item, period) -> what is to be said besides the caveat.
        missing: (success measure, item, wave) -> why there is no number at all.
    """

    figures: list[Figure] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    notes: dict[tuple[str, str, str], str] = field(default_factory=dict)
    missing: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def add(self, other: Found) -> None:
        """Take in what another reading gives."""
        self.figures += other.figures
        self.changes += other.changes
        self.notes |= other.notes
        self.missing |= other.missing

    @classmethod
    def nothing(cls, asked: Asked, why: str, waves: Iterable[str] = (NO_WAVE,)) -> Found:
        """Say that a reading has no number, and why."""
        name = (asked.success.id, asked.reading.item)
        return cls(missing={(*name, wave): why for wave in waves})


def part_of(item: str, wave: str) -> str:
    """Write the part under which figures of one item and wave are protected."""
    return f"{item}{_BETWEEN}{wave}"


def item_and_wave(part: str) -> tuple[str, str]:
    """Read item and wave from the part of a figure."""
    item, _, wave = part.rpartition(_BETWEEN)
    return item, wave


def figure(
    setting: Setting,
    asked: Asked,
    wave: str,
    place: Place,
    numbers: Numbers,
    *,
    statistic: str,
    variance_basis: str = "none",
    flags: frozenset[str] = frozenset(),
) -> Figure:
    """Make one figure of an initiative, to be judged and rounded as every figure is.

    Args:
        setting: The catalogue.
        asked: Of what.
        wave: `none` where nobody was asked.
        place: Period, area, breakdown and group.
        numbers: At full precision; without a base they are counted and not asked.
        statistic: How it is made.
        variance_basis: As in the contract.
        flags: Besides `synthetic`.
    """
    period, area, breakdown, group = place
    method = "administrative" if numbers.base is None else "survey"
    known = setting.catalogue.measures.get(asked.success.measure)
    return Figure(
        measure=_measure(asked, statistic, is_sensitive=bool(known and known.sensitive)),
        series=Series(id=asked.initiative.id, part=part_of(asked.reading.item, wave)),
        source=_source(setting, asked, method),
        period=parse(period),
        area=area,
        breakdown=breakdown,
        group=group,
        statistic=statistic,
        numbers=numbers,
        method=method,
        variance_basis=variance_basis,
        flags=flags | ({"synthetic"} if setting.synthetic else frozenset()),
    )


def _measure(asked: Asked, statistic: str, *, is_sensitive: bool) -> Measure:
    """Stand in for a measure: its id is the success measure."""
    success = asked.success
    return Measure(
        id=success.id,
        version=1,
        title=success.title,
        domain="outcomes",
        theme=asked.initiative.title,
        rationale=success.caveat,
        direction=success.direction or "neutral",
        unit=unit_of(asked.counted, statistic),
        statistic="count" if statistic == "count" else "proportion",
        series=(Series(id=asked.initiative.id),),
        sensitive=is_sensitive,
    )


def unit_of(counted: str, statistic: str) -> Unit:
    """Give the unit of a figure of an initiative."""
    if statistic in {"proportion", "difference", "ratio"}:
        return "share"
    if statistic == "rate":
        return "per_1000"
    return "people" if counted == "people" else "count"


def _source(setting: Setting, asked: Asked, method: str) -> Source:
    """Stand in for a source: its id is the initiative.

    Organisations, places and hours are nobody's secret: only what stands for people is hidden.
    """
    return Source(
        id=asked.initiative.id,
        kind="microdata" if method == "survey" else "counts",
        title=asked.initiative.title,
        publisher=asked.initiative.lead,
        licence="held by the office of the evidence base; not passed on",
        how_to_get="from the office of the evidence base",
        files=(),
        published_openly=asked.counted not in OF_PEOPLE,
        synthetic=setting.synthetic,
    )
