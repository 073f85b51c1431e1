"""Comparisons: the kinds, the verdicts, and one row read back from the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from social_evidence.model.estimate import COMPARISON_COLUMNS, Status

Kind = Literal["gap", "group", "change", "wave", "area", "comparator", "pair"]
KINDS: Final[tuple[Kind, ...]] = (
    "gap",
    "group",
    "change",
    "wave",
    "area",
    "comparator",
    "pair",
)
"""What is compared: a group with the reference group; a group with everybody; a period with an
earlier one; answers after with answers before; an area with the city; the city with the rest of a
country; two areas or two groups."""

Verdict = Literal["higher", "lower", "no_clear_difference", "cannot_say"]
VERDICTS: Final[tuple[Verdict, ...]] = ("higher", "lower", "no_clear_difference", "cannot_say")

CLEAR: Final = 0.05
"""A difference is called higher or lower where its adjusted p is no more than this."""

COMPARISON_NUMBERS: Final = tuple(
    name for name, kind in COMPARISON_COLUMNS if kind in {"integer", "number"}
)
"""Columns that are null where a side is not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two figures of one series set against each other: `to` less `from`.

    difference, lower, upper: in the unit of the figures; the limits are those of one comparison by
    itself, at `level`. p_value, p_adjusted: of no difference; adjusted within `family`. None: no
    such number, or not shown. verdict: how `to` stands to `from`; in a `gap` how the group (from)
    stands to the reference.
    """

    population: str = "residents"
    measure: str
    part: str = "all"
    series: str
    kind: Kind
    breakdown: str = "all"
    group_from: str = "all"
    group_to: str = "all"
    area_from: str
    area_to: str
    period_from: str
    period_to: str
    statistic: str
    difference: float | None = None
    standard_error: float | None = None
    lower: float | None = None
    upper: float | None = None
    level: float | None = None
    degrees_of_freedom: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    family: str | None = None
    verdict: Verdict
    status: Status = "shown"

    @property
    def is_counted(self) -> bool:
        """Whether the difference is a fact of two counts in full, and no test."""
        is_claim = self.verdict != "cannot_say" and self.difference is not None
        return is_claim and self.p_value is None
