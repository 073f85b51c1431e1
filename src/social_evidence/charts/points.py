"""What a chart is given: figures as stored, and words ready to print.

A chart never rounds, compares or translates. Where a capsule lies is said by numbers, what is
printed beside it by words, and whether it is filled by the release's own verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from social_evidence.charts.scales import Axis
from social_evidence.model.comparison import Verdict
from social_evidence.model.estimate import HIDDEN, Status

Mark = Literal[
    "clear", "unclear", "care", "modelled", "modelled_unclear", "counted", "bare", "hidden", "empty"
]
"""How a figure is drawn; `mark_of` says which."""

CLEAR_VERDICTS: Final = frozenset({"higher", "lower"})
_LOW: Final = "D"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One figure.

    Attributes:
        label: What it is of: a group, a place, a measure.
        estimate, lower, upper: As stored, in the unit of the chart's axis; None: no such number.
        status: The published status; a hidden one keeps its row and has no number.
        reliability: A to D as published; None where the release grades nothing.
        method: survey, administrative, published or modelled.
        verdict: How it stands to the comparator; None where it is set against nothing.
        value: The figure in print, such as `31%`.
        limits: Its range in print, such as `(26 to 36)`; `counted` where there is none by nature.
        word: The verdict in print, or why nothing is shown, such as `Too few people to say`.
        spoken: The whole of it for a listener; empty: value, limits and word one after another.
        href: Where the mark leads; empty for nowhere.
        section: Heading of the rows it belongs to; rows of one section follow one another.
    """

    label: str
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    status: Status = "shown"
    reliability: str | None = None
    method: str = "survey"
    verdict: Verdict | None = None
    value: str = ""
    limits: str = ""
    word: str = ""
    spoken: str = ""
    href: str = ""
    section: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether there is a number to draw."""
        return self.status not in HIDDEN and self.estimate is not None

    @property
    def has_limits(self) -> bool:
        """Whether there is a range to draw."""
        return self.is_shown and self.lower is not None and self.upper is not None

    @property
    def is_clear(self) -> bool:
        """Whether it is filled: clearly different, or set against nothing."""
        return self.verdict is None or self.verdict in CLEAR_VERDICTS

    @property
    def printed(self) -> str:
        """The figure with its range, or why there is none."""
        if not self.is_shown:
            return self.word
        return f"{self.value} {self.limits}" if self.limits else self.value

    @property
    def said(self) -> str:
        """The figure and its verdict for a listener, without its label."""
        if self.spoken or not self.is_shown or not self.word:
            return self.spoken or self.printed
        return f"{self.printed}, {self.word}"


def mark_of(point: Point) -> Mark:
    """Say how a figure is drawn.

    Args:
        point: The figure.

    Returns:
        `hidden` and `empty` have no length; `bare` is a figure without a known range;
        `care` wins over the verdict, so that a wide range is never a filled capsule.
    """
    if not point.is_shown:
        return "empty" if point.status == "not_applicable" else "hidden"
    if not point.has_limits:
        return "counted" if point.method == "administrative" else "bare"
    if point.status == "low_base" or point.reliability == _LOW:
        return "care"
    if point.method == "modelled":
        return "modelled" if point.is_clear else "modelled_unclear"
    return "clear" if point.is_clear else "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What the figures are set against: the city, most often.

    Attributes:
        label: Its name.
        estimate: Its figure, as stored.
        lower, upper: Its range; None where it has none.
        value: Its figure in print; with the label it stands above the line.
    """

    label: str
    estimate: float
    lower: float | None = None
    upper: float | None = None
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Figures one below another: groups, boroughs, ranks.

    Attributes:
        subject: What the chart is of, first words of its name for a listener: subject, place, year.
        axis: What is counted.
        points: In the order they are drawn; sections follow one another.
        reference: The line they are set against, if any.
        scale: Ends and ticks where several charts share them; None: from the figures.
    """

    subject: str
    axis: Axis
    points: tuple[Point, ...]
    reference: Reference | None = None
    scale: FixedEnds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedEnds:
    """Ends of a scale that are settled beforehand, and its ticks; stored figures."""

    low: float
    high: float
    ticks: tuple[float, ...]


RunRole = Literal["now", "past", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Figures over time that compare with each other: one unbroken series.

    Attributes:
        name: What the line is of; printed at its end where a chart has several.
        points: In the order of time; a label is a period in print, such as `2019`.
        times: When each is, in years, such as 2019.5; one a point.
        role: now: the series of the page. past: an earlier one that does not compare. other: a
            second place or group, drawn in ink.
    """

    name: str
    points: tuple[Point, ...]
    times: tuple[float, ...]
    role: RunRole = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesBreak:
    """Where two series meet and must not be joined.

    Attributes:
        time: When, in years.
        what: What changed, in two or three words, such as `New question`.
        since: From when, such as `from 2019`.
    """

    time: float
    what: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Figures over time.

    Attributes:
        subject: What the chart is of: subject, place, years.
        axis: What is counted.
        runs: Each unbroken series by itself; two are never joined.
        references: Dashed lines, such as the rest of the country; two at most are read easily.
        breaks: Between which series the question or the method changed.
        height: In px.
        scale: Ends and ticks where several charts share them; None: from the figures.
        span: First and last year of the axis where several charts share it.
    """

    subject: str
    axis: Axis
    runs: tuple[Run, ...]
    references: tuple[Run, ...] = ()
    breaks: tuple[SeriesBreak, ...] = ()
    height: float = 330.0
    scale: FixedEnds | None = None
    span: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """Where an area stands on the map of squares, counted from 1 at the north-west corner."""

    area: str
    code: str
    name: str
    column: int
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """A map of squares.

    Attributes:
        tiles: One an area.
        river_below: The row that has the river below it; 0 for none.
        river_from: The column where the river begins.
    """

    tiles: tuple[Tile, ...]
    river_below: int = 0
    river_from: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Shape of an area: a path, and a place inside its largest part."""

    area: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """Shapes of all areas, in units of a drawing so wide and so high."""

    outlines: tuple[Outline, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shades:
    """Classes of a map, settled beforehand for each measure, so that years compare.

    Attributes:
        limits: Where a class ends and the next begins, stored figures, lowest first; four at most.
        words: What each class is in print, one more than the limits.
    """

    limits: tuple[float, ...]
    words: tuple[str, ...]

    def of(self, value: float) -> int:
        """Return the class of a figure, 1 to 5; a figure on a limit is in the upper one."""
        return 1 + sum(value >= limit for limit in self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFigures:
    """Figures by area, for maps.

    Attributes:
        subject: What the map is of: subject, year.
        axis: What is counted.
        points: Area code -> figure; an area without one is hatched.
        figures: Area code -> what is printed in its square, such as `30`, without the unit; one
            that is hidden prints why, whatever stands here.
        shades: The classes.
        reference: What the areas are set against: the tick in each square.
    """

    subject: str
    axis: Axis
    points: Mapping[str, Point]
    figures: Mapping[str, str]
    shades: Shades
    reference: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawn chart.

    Attributes:
        svg: For a page: one drawing, or a wide and a narrow one of which the page shows one.
        alone: The one drawing for a file of its own.
        label: Name for a listener: subject, chart type, anchor.
        description: Sentences on range, highest, lowest, what is hidden; never the finding.
        notes: What the caption must say, such as where a scale begins that does not begin at 0.
        key: Marks that the drawing uses, in the order of the key.
        height: Height of `alone` in px.
    """

    svg: str
    alone: str
    label: str
    description: tuple[str, ...]
    notes: tuple[str, ...]
    key: tuple[str, ...]
    height: float
