"""Figures at full precision, before they are judged, graded and rounded."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from social_evidence.disclosure.primary import JUDGED
from social_evidence.model.estimate import Status
from social_evidence.model.measure import Measure, Series
from social_evidence.model.period import Period
from social_evidence.model.source import Source

Place = tuple[str, str, str, str]
"""Period label, area, breakdown and group: where a figure of one series stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers of one figure, unrounded; None is none.

    units: distinct disclosure units, where they are not the respondents. part: respondents in the
    numerator, where a source asks for so many. size: what a cell that has no base is judged by:
    the smaller of its two counts.
    """

    estimate: float | None = None
    standard_error: float | None = None
    lower: float | None = None
    upper: float | None = None
    level: float | None = None
    interval_method: str = "none"
    degrees_of_freedom: float | None = None
    design_effect: float | None = None
    effective_base: float | None = None
    base: int | None = None
    units: int | None = None
    part: int | None = None
    size: int | None = None
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One cell of one series before it is judged, graded and rounded.

    made_of: for a difference, the places of the two cells whose status it shares.
    """

    measure: Measure
    series: Series
    source: Source
    period: Period
    area: str
    breakdown: str
    group: str
    statistic: str
    numbers: Numbers = field(default_factory=Numbers)
    status: Status = "shown"
    method: str = "survey"
    variance_basis: str = "none"
    flags: frozenset[str] = frozenset()
    made_of: tuple[Place, ...] = ()

    @property
    def place(self) -> Place:
        """Where it stands in its series."""
        return (self.period.label, self.area, self.breakdown, self.group)

    @property
    def counts(self) -> tuple[int, ...]:
        """The counts it rests on: those that are published first, then those that follow.

        A survey's base, and the respondents in and outside the numerator where a source protects
        them; of a counted figure its numerator, its denominator and what lies between.
        """
        numbers = self.numbers
        if numbers.base is not None:
            inside = () if numbers.part is None else (numbers.part, numbers.base - numbers.part)
            return (numbers.base, *inside)
        top = numbers.estimate if self.statistic == "count" else numbers.numerator
        if self.method != "administrative" or top is None or self.status not in JUDGED:
            return ()
        if numbers.denominator is None:
            return (round(top),)
        bottom = round(numbers.denominator)
        within = self.series.numerator_within_denominator
        return (round(top), bottom, *((bottom - round(top),) if within else ()))


def known(value: float) -> float | None:
    """Turn NaN and infinity, which are impossible values, into none."""
    return float(value) if math.isfinite(value) else None


def areas_flags(source: Source, area: str) -> frozenset[str]:
    """Give the flags a source states for an area, and `synthetic` where it is invented."""
    stated = source.areas.flags.get(area, ())
    return frozenset(stated) | ({"synthetic"} if source.synthetic else set())
