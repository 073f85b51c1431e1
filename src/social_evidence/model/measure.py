"""Measures: what is measured, for whom and why, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from social_evidence.errors import DefinitionError

Domain = Literal["relationships", "participation", "equality", "outcomes"]
Direction = Literal["higher_is_better", "lower_is_better", "neutral"]
Unit = Literal["share", "per_1000", "score", "pounds", "people", "count"]
Statistic = Literal["proportion", "ratio", "mean", "rate", "total", "count", "quantile"]
Place = Literal["numerator", "denominator", "outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a measure, for example friends of a similar age. id `all` is the measure."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One unbroken run of a measure from one source. A break is where the next one begins.

    source: id of the numerator's source. id: `<source>` or `<source>_<n>`; filled by the loader.
    periods: labels of the source's waves it covers; empty means all of them.

    For microdata: item, and the answers that count as `denominator` and `numerator`
    (both empty for a mean: every number given counts). universe: item -> answers a person must
    have given to be asked at all.

    For counts: `numerator_quantity`, `denominator_quantity` and, where it is another source,
    `denominator_source`. For published figures: `value_quantity`.
    denominator_period: how the denominator's period follows from the numerator's; `same`, or
    `mid_year_of_first` (mid-year population of the first calendar year).
    numerator_within_denominator: true only where every unit of the numerator is one of the
    denominator; then a binomial (Wilson) interval exists, else none does.
    quantile: the share below the quantile, for `statistic = "quantile"`.
    """

    source: str
    id: str = ""
    part: str = "all"
    periods: tuple[str, ...] = ()
    item: str = ""
    denominator: tuple[str, ...] = ()
    numerator: tuple[str, ...] = ()
    universe: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    denominator_item: str = ""
    numerator_quantity: str = ""
    denominator_quantity: str = ""
    denominator_source: str = ""
    denominator_period: Literal["same", "mid_year_of_first", "mid_year_of_year"] = "same"
    numerator_within_denominator: bool = False
    value_quantity: str = ""
    quantile: float | None = None
    interval: str = ""
    note: str = ""
    flags: tuple[str, ...] = ()

    def place(self, answers: Mapping[str, str]) -> Place:
        """Say where one respondent falls: `numerator`, `denominator` or `outside`."""
        for item, codes in self.universe.items():
            if answers.get(item) not in codes:
                return "outside"
        answer = answers.get(self.item)
        if answer in self.numerator:
            return "numerator"
        return "denominator" if answer in self.denominator else "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A respondent by way of example: `answers` item -> answer id, and where they must fall.

    source: id of the series' source it is checked against; empty means every series with
    those items.
    """

    answers: Mapping[str, str]
    falls: Place
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The cell a measure is known by."""

    part: str = "all"
    breakdown: str = "all"
    group: str = "all"
    statistic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """A figure its publisher printed, to verify ours against.

    estimate: in the measure's unit. tolerance: half a unit of the last printed digit.
    """

    period: str
    area: str
    estimate: float
    tolerance: float
    reference: str
    part: str = "all"
    series: str = ""
    breakdown: str = "all"
    group: str = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is measured, for whom and why.

    breakdowns: ids; crossings join ids with `*`. areas: codes or kinds (`borough`, `city`) to
    publish; empty means every area the source knows. sensitive: 0 % and 100 % say something
    about everybody in a group. supporting: stands beside the measures, not counted among them.
    version: raise when the meaning changes, never when the wording does.
    """

    id: str
    version: int
    title: str
    domain: Domain
    theme: str
    rationale: str
    direction: Direction
    unit: Unit
    statistic: Statistic
    series: tuple[Series, ...]
    headline: Headline = field(default_factory=Headline)
    parts: tuple[Part, ...] = ()
    breakdowns: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    comparators: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    published: tuple[PublishedFigure, ...] = ()
    gap: bool = False
    sensitive: bool = False
    supporting: bool = False
    decimals: int | None = None
    smallest_difference: float | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.series:
            raise DefinitionError(
                f"Measure {self.id!r} has no [[series]]: it says what to measure but not from what."
            )
        for series in self.series:
            if extra := sorted(set(series.numerator) - set(series.denominator)):
                raise DefinitionError(
                    f"Measure {self.id!r}: the numerator counts {extra}, which the denominator "
                    "leaves out. Its share could pass 100%. Add those answers to `denominator` "
                    "or drop them from `numerator`."
                )
        parts = {part.id for part in self.parts} or {"all"}
        for series in self.series:
            if series.part not in parts:
                raise DefinitionError(
                    f"Measure {self.id!r}: a series names the part {series.part!r}; "
                    f"the measure has {sorted(parts)}."
                )
