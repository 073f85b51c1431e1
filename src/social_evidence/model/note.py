"""Notes: why published figures changed, written before the release that changes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from social_evidence.model.estimate import Estimate

Cause = Literal["late_data", "weights", "boundary", "correction", "method", "disclosure"]
CAUSES: Final[tuple[str, ...]] = get_args(Cause)

_SELECTORS: Final = (
    "measures",
    "series",
    "sources",
    "areas",
    "periods",
    "breakdowns",
    "groups",
    "from_date",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Why published figures changed since a release, and which figures it speaks of.

    A figure must fit every selector that is written; one that is left out fits all. Where
    several notes fit, the one with the most selectors gives the cause.

    Attributes:
        id: Permanent, lower_snake_case; the file's name.
        since: The release the change is told against, as 2026.1.0. The note says nothing of what
            changes after a later one.
        cause: late_data, weights, boundary, correction, method or disclosure.
        text: What changed and why, in words for the public.
        date: The day it was written, as 2026-11-22.
        measures: Ids of measures.
        series: Ids of series.
        sources: Ids of sources: of the figure, of its denominator or of any file it comes from.
        areas: Codes of areas.
        periods: Labels of periods.
        breakdowns: Ids of breakdowns, crossings joined with `*`.
        groups: Ids of groups, those of crossings joined with ` * `.
        from_date: Only periods that end on this day or later, as 2023-01-01.
    """

    id: str
    since: str
    cause: Cause
    text: str
    date: str = ""
    measures: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    from_date: str = ""

    @property
    def selectors(self) -> int:
        """How many selectors are written: the more, the closer the note fits."""
        return sum(bool(getattr(self, name)) for name in _SELECTORS)

    def is_about(self, row: Estimate, sources: frozenset[str] = frozenset()) -> bool:
        """Say whether the note speaks of a figure.

        Args:
            row: The figure.
            sources: Further sources that went into it.
        """
        named = (
            (self.measures, row.measure),
            (self.series, row.series),
            (self.areas, row.area),
            (self.periods, row.period),
            (self.breakdowns, row.breakdown),
            (self.groups, row.group),
        )
        return (
            all(not wanted or value in wanted for wanted, value in named)
            and (
                not self.sources
                or not sources.isdisjoint(self.sources)
                or row.source in self.sources
            )
            and (not self.from_date or row.period_end.isoformat() >= self.from_date)
        )
