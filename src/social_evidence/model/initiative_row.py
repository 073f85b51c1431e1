"""Rows of the initiatives table: one number of one success measure, in the contract's columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

from social_evidence.model.breakdown import ALL
from social_evidence.model.estimate import FIGURE_COLUMNS, ColumnKind, Estimate, FigureRow

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
    *FIGURE_COLUMNS,
    ("measure", "text"),
    ("part", "text"),
    ("baseline", "number"),
    ("target", "number"),
    ("caveat", "text"),
)
"""Every column of the initiatives table with its kind, in order."""

NO_WAVE: Final = "none"
WAVES: Final = (
    NO_WAVE,
    "before",
    "after",
    "change",
    "followup_3m",
    "followup_6m",
    "followup_12m",
)
"""The waves of the contract, in the order in which people are asked."""

WAVE: Final = "wave"
"""The breakdown under which answers before and after stand in the estimates table."""

_OF_PARTICIPANTS: Final = "participants:"


def population_of(initiative: str) -> str:
    """Name the population of those who take part in an initiative."""
    return f"{_OF_PARTICIPANTS}{initiative}"


def initiative_of(population: str) -> str:
    """Name the initiative whose participants a population is; empty for residents."""
    prefix, found, initiative = population.partition(_OF_PARTICIPANTS)
    return initiative if found and not prefix else ""


def crossed(breakdown: str, group: str, wave: str) -> tuple[str, str]:
    """Put a wave into a breakdown and a group, as the estimates table holds them.

    Args:
        breakdown: `all` for everybody.
        group: Its group.
        wave: `none` where there is none.

    Returns:
        Breakdown and group, such as `wave*sex` and `before * female`.
    """
    if wave == NO_WAVE:
        return breakdown, group
    if breakdown == ALL:
        return WAVE, wave
    return f"{WAVE}*{breakdown}", f"{wave} * {group}"


def uncrossed(breakdown: str, group: str) -> tuple[str, str, str]:
    """Take the wave out of a breakdown and a group again.

    Returns:
        Breakdown, group and wave; `none` where there is no wave.
    """
    if breakdown == WAVE:
        return ALL, ALL, group
    if breakdown.startswith(f"{WAVE}*"):
        wave, _, rest = group.partition(" * ")
        return breakdown.removeprefix(f"{WAVE}*"), rest, wave
    return breakdown, group, NO_WAVE


_KEY_OF: Final = attrgetter(*INITIATIVE_KEY)
_FIGURE: Final = tuple(one.name for one in fields(FigureRow))
_FIGURE_OF: Final = attrgetter(*_FIGURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeRow(FigureRow):
    """One number of one success measure, with the figure in it.

    `wave` is `none` where nothing is asked before and after; `item` is `headline` or the id of a
    second reading. `measure` and `part` are empty where no measure of the city asks the same; where
    they are filled, the row repeats the estimates row of `participants:<initiative>`. `baseline`
    and `target` are None where none is known or set.
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
    def is_own(self) -> bool:
        """Whether the number is the initiative's own, and not one of residents as background."""
        return self.source == self.initiative

    @property
    def figure(self) -> Estimate:
        """The row at its address in the estimates table, where the wave is a breakdown.

        With a measure of the city it stands there; without one this is how it is followed from
        release to release and counted among what has been shown.
        """
        breakdown, group = crossed(self.breakdown, self.group, self.wave)
        return Estimate(
            population=population_of(self.initiative),
            measure=self.measure or self.success_measure,
            part=(self.part or ALL) if self.measure else self.item,
            series=self.initiative,
            period=self.period,
            area=self.area,
            breakdown=breakdown,
            group=group,
            statistic=self.statistic,
            **dict(zip(_FIGURE, _FIGURE_OF(self), strict=True)),
        )
