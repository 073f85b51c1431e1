"""Measures: what is measured, for whom and why, as frozen data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """A part of a measure, for example friends of a similar age.

    Attributes:
        id: Permanent, lower_snake_case; `all` is the measure as a whole.
        title: What people read.
    """

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One unbroken run of a measure from one source. A break is where the next one begins.

    Attributes:
        source: Id of the numerator's source; left out in a source's own file.
        measure: In a source's own file: the measure the series joins. Empty in a measure's file.
        id: `<source>` or `<source>_<n>`; filled by the loader.
        part: The part of the measure; `all` where it has none.
        periods: Labels of the source's waves it covers; empty means all of them.
        weight: Microdata: the column of weights that goes with the item, where it is not the
            design's (self-completion and interview have different ones).
        item: Microdata: the question that is asked; numbers for a mean, total or quantile.
        denominator: Microdata: the answers that count below the line; empty for a mean.
        numerator: Microdata: those of them that count above it.
        universe: Item -> answers a person must have given to be asked at all.
        denominator_item: Microdata: the item below the line of a ratio of two numbers.
        numerator_quantity: Counts: the source's quantity above the line.
        denominator_quantity: Counts: the quantity below the line.
        denominator_source: Counts: the source of that quantity, where it is another one.
        denominator_period: How the denominator's period follows from the numerator's; `same`,
            `mid_year_of_first` (mid-year population of the first calendar year) or
            `mid_year_of_year` (of the year the period lies in).
        numerator_within_denominator: True only where every unit of the numerator is one of the
            denominator; then a binomial (Wilson) interval exists, else none does.
        value_quantity: Published: the quantity whose values are the figures.
        quantile: The share below the quantile, for `statistic = "quantile"`.
        interval: Interval of a proportion or quantile; empty takes the usual one.
        note: What must be known to compare the series with others.
        flags: Flags that every figure of the series carries.
    """

    source: str = ""
    measure: str = ""
    id: str = ""
    part: str = "all"
    periods: tuple[str, ...] = ()
    weight: str = ""
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
    """A respondent by way of example, and where they must fall.

    Attributes:
        answers: Item -> answer id.
        falls: numerator, denominator or outside the base.
        source: Id of the series' source it is checked against; empty means every series with
            those items.
    """

    answers: Mapping[str, str]
    falls: Place
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The cell a measure is known by.

    Attributes:
        part: The part; `all` where the measure has none.
        breakdown: The breakdown; `all` for everybody.
        group: The group of it.
        statistic: Empty takes the measure's own; `difference` for a gap.
    """

    part: str = "all"
    breakdown: str = "all"
    group: str = "all"
    statistic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """A figure its publisher printed, to verify ours against.

    Attributes:
        period: Label of the period.
        area: Code of the area.
        estimate: In the measure's unit.
        tolerance: Half a unit of the last printed digit.
        reference: Where it was printed.
        part: The part; `all` where the measure has none.
        series: Id of the series; needed only where several have the period.
        breakdown: The breakdown; `all` for everybody.
        group: The group of it.
        statistic: Empty takes the measure's own; `difference` for a gap.
        spread: A kind of areas (`borough`): the figure is the highest less the lowest of them.
        text: The printed words it stands for, ours and short, for example "four inner boroughs".
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
    statistic: str = ""
    spread: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is measured, for whom and why.

    Attributes:
        id: Permanent, lower_snake_case; the file's name.
        version: Raise when the meaning changes, never when the wording does.
        title: What is measured, in one line without a judgement.
        domain: Which of the four domains it belongs to.
        theme: What it is listed under within the domain.
        rationale: Why it matters and how to read it.
        direction: Which way is better; neutral where neither is.
        unit: What an estimate is counted in.
        statistic: How the figure is made.
        series: The runs it is made of, oldest first; a break is where the next one begins.
        headline: The cell the measure is known by.
        parts: Its parts, where it has any.
        breakdowns: Ids; crossings join ids with `*`.
        areas: Codes or kinds (`borough`, `city`) to publish; empty means every area the source
            knows.
        comparators: Codes or kinds of areas to set the others against.
        examples: Respondents by way of example; `check` runs them.
        published: Figures printed elsewhere, to verify ours against.
        gap: True where the measure is the distance of each group from the reference group.
        vary: In a crossing, the breakdown whose groups are set against its reference, the other
            dimensions held fixed; several are parted by blanks, and in each crossing the first of
            them that it has varies. Empty gives no gaps inside crossings.
        sensitive: 0 % and 100 % say something about everybody in a group that nobody may be told:
            such a share is hidden, however many people it rests on.
        supporting: Stands beside the measures, not counted among them.
        decimals: Decimals people read; empty takes what the unit usually has.
        smallest_difference: Smallest difference of two counts that is worth a word.
        short_title: What it is called where the title is too long: beside a mark, in a list inside
            a sentence; empty where the title will do.
        map_limits: Where the classes of its maps part, lowest first, four at most, in the
            measure's unit. They stay when years are added, so that maps of years compare; empty
            leaves them to the figures.
        notes: What a reader must know, a sentence each.
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
    vary: str = ""
    sensitive: bool = False
    supporting: bool = False
    decimals: int | None = None
    smallest_difference: float | None = None
    short_title: str = ""
    map_limits: tuple[float, ...] = ()
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
        crossed = {part for name in self.breakdowns if "*" in name for part in name.split("*")}
        if lost := [name for name in self.vary.split() if name not in crossed]:
            raise DefinitionError(
                f"Measure {self.id!r}: vary is {lost[0]!r}, which is in none of its crossings "
                f"({sorted(crossed)}). Name one of them, or leave `vary` out."
            )
        parts = {part.id for part in self.parts} or {"all"}
        for series in self.series:
            if series.part not in parts:
                raise DefinitionError(
                    f"Measure {self.id!r}: a series names the part {series.part!r}; "
                    f"the measure has {sorted(parts)}."
                )

    @property
    def label(self) -> str:
        """What it is called where there is little room."""
        return self.short_title or self.title

    @property
    def rounding_step(self) -> str:
        """What figures are rounded to where the measure has a unit of its own; else empty."""
        if self.decimals is None or self.unit == "share":
            return ""
        if self.decimals <= 0:
            return str(10**-self.decimals)
        return f"0.{'0' * (self.decimals - 1)}1"

    def varied(self, parts: Sequence[str]) -> str:
        """Name the breakdown whose groups are set against its reference; empty where none is.

        Args:
            parts: The breakdowns of a crossing, or the one of a single breakdown.
        """
        if len(parts) == 1:
            return parts[0]
        return next((name for name in self.vary.split() if name in parts), "")
