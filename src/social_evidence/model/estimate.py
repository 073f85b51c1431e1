"""Estimates and comparisons: one row a cell, its key and its columns, in the contract's order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Final, Literal

Status = Literal["shown", "low_base", "protected", "not_asked", "not_available", "not_applicable"]
ColumnKind = Literal["text", "date", "integer", "number"]

KEY: Final = (
    "population",
    "measure",
    "part",
    "series",
    "period",
    "area",
    "breakdown",
    "group",
    "statistic",
)
"""The key of the estimates table: never null, unique, the order of its rows."""

FIGURE_COLUMNS: Final[tuple[tuple[str, ColumnKind], ...]] = (
    ("period_start", "date"),
    ("period_end", "date"),
    ("unit", "text"),
    ("estimate", "number"),
    ("standard_error", "number"),
    ("lower", "number"),
    ("upper", "number"),
    ("level", "number"),
    ("interval_method", "text"),
    ("degrees_of_freedom", "number"),
    ("design_effect", "number"),
    ("base", "integer"),
    ("effective_base", "number"),
    ("numerator", "number"),
    ("denominator", "number"),
    ("method", "text"),
    ("variance_basis", "text"),
    ("source", "text"),
    ("status", "text"),
    ("reliability", "text"),
    ("flags", "text"),
    ("version_first", "text"),
    ("version_revised", "text"),
)
"""The columns of one figure with their kinds, in the order of every table of figures."""

ESTIMATE_COLUMNS: Final[tuple[tuple[str, ColumnKind], ...]] = (
    *((name, "text") for name in KEY),
    *FIGURE_COLUMNS,
)
"""Every column of the estimates table with its kind, in order."""

COMPARISON_KEY: Final = (
    "population",
    "measure",
    "part",
    "series",
    "kind",
    "breakdown",
    "group_from",
    "group_to",
    "area_from",
    "area_to",
    "period_from",
    "period_to",
    "statistic",
)

COMPARISON_COLUMNS: Final[tuple[tuple[str, ColumnKind], ...]] = (
    *((name, "text") for name in COMPARISON_KEY),
    ("difference", "number"),
    ("standard_error", "number"),
    ("lower", "number"),
    ("upper", "number"),
    ("level", "number"),
    ("degrees_of_freedom", "number"),
    ("p_value", "number"),
    ("p_adjusted", "number"),
    ("family", "text"),
    ("verdict", "text"),
    ("status", "text"),
)

NUMBERS: Final = tuple(name for name, kind in ESTIMATE_COLUMNS if kind in {"integer", "number"})
"""Columns that are null in a row that shows no number."""

FLAGS: Final = frozenset(
    {
        "break",
        "provisional",
        "revised",
        "over_100",
        "approximate_groups",
        "excludes_city_of_london",
        "synthetic",
    }
)

HIDDEN: Final = frozenset({"protected", "not_asked", "not_available", "not_applicable"})
"""Statuses whose rows keep key, dates, status and flags, and no number."""


_KEY_OF: Final = attrgetter(*KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure, without its key: what is known of it and how surely.

    estimate, lower, upper: in `unit` (a share lies in [0, 1]). standard_error: same unit.
    base: unweighted respondents with weight above 0, inside the universe, with a valid answer.
    numerator, denominator: only on administrative rows. None: no such number, or not shown;
    `status` says which.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate(FigureRow):
    """One cell of one measure, with the figure in it."""

    population: str = "residents"
    measure: str
    part: str = "all"
    series: str
    period: str
    area: str
    breakdown: str = "all"
    group: str = "all"
    statistic: str

    @property
    def key(self) -> tuple[str, ...]:
        """The row's key, in the contract's order."""
        found: tuple[str, ...] = _KEY_OF(self)
        return found

    @property
    def order(self) -> tuple[object, ...]:
        """What rows are sorted by: the key, with the period by its days first."""
        key = self.key
        return (*key[:4], self.period_start, self.period_end, *key[4:])
