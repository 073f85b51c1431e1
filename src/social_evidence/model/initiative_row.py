"""Rows of the initiatives table: one number of one success measure, in the contract's columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Final

from social_evidence.model.estimate import ESTIMATE_COLUMNS, KEY, ColumnKind, Estimate, Status

INITIATIVE_KEY: Final = (
    "success_measure",
    "item",
    "initiative",
    "statistic",
    "counted",
    "period",
    "area",
    "breakdown",
    "group",
    "wave",
)
"""The key of the initiatives table: never null, unique, the order of its rows."""

INITIATIVE_COLUMNS: Final[tuple[tuple[str, ColumnKind], ...]] = (
    *((name, "text") for name in INITIATIVE_KEY),
    *ESTIMATE_COLUMNS[len(KEY) :],
    ("measure", "text"),
    ("part", "text"),
    ("baseline", "number"),
    ("target", "number"),
    ("caveat", "text"),
)
"""Every column of the initiatives table with its kind, in order."""

_KEY_OF: Final = attrgetter(*INITIATIVE_KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeRow:
    """One number of one success measure: what is known of it and how surely.

    From `period_start` on the columns are those of `Estimate`, with the same meaning. `wave` is
    `none` where nothing is asked before and after; `item` is `headline` or the id of a second
    reading. `measure` and `part` are empty where no measure of the city asks the same; where they
    are filled, the row repeats the estimates row of `participants:<initiative>`. `baseline` and
    `target` are None where none is known or set.
    """

    success_measure: str
    item: str = "headline"
    initiative: str
    statistic: str
    counted: str
    period: str
    area: str
    breakdown: str = "all"
    group: str = "all"
    wave: str = "none"
    period_start: date
    period_end: date
    unit: str
    estimate: float | None = None
    standard_error: float | None = None
    lower: float | None = None
    upper: float | None = None
    level: float | None = None
    interval_method: str = "none"
    degrees_of_freedom: float | None = None
    design_effect: float | None = None
    base: int | None = None
    effective_base: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    method: str
    variance_basis: str = "none"
    source: str
    status: Status = "shown"
    reliability: str | None = None
    flags: str = ""
    version_first: str = ""
    version_revised: str = ""
    measure: str = ""
    part: str = ""
    baseline: float | None = None
    target: float | None = None
    caveat: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """The row's key, in the contract's order."""
        found: tuple[str, ...] = _KEY_OF(self)
        return found

    @property
    def order(self) -> tuple[object, ...]:
        """What rows are sorted by: the key, with the period by its days first."""
        key = self.key
        return (*key[:5], self.period_start, self.period_end, *key[5:])

    @property
    def as_estimate(self) -> Estimate:
        """The row as one of the estimates table, so that it is told and drawn like any other.

        Without a measure of the city, the success measure stands in its place.
        """
        shared = {
            one.name: getattr(self, one.name)
            for one in fields(Estimate)
            if one.name not in {*KEY, "series"}
        }
        return Estimate(
            population=f"participants:{self.initiative}",
            measure=self.measure or self.success_measure,
            part=self.part or "all",
            series=self.source,
            period=self.period,
            area=self.area,
            breakdown=self.breakdown,
            group=self.group,
            statistic=self.statistic,
            **shared,
        )
