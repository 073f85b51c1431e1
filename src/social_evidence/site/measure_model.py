"""What a measure's page says, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass

from social_evidence.model.measure import Measure
from social_evidence.site.content import Revision
from social_evidence.site.figures import Told, Verdict
from social_evidence.site.method_notes import MethodNote
from social_evidence.wording.spoken import dated


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table: its label, its figure, how it stands to the comparator.

    path: the page its label leads to, empty for none. code: of its area, where it is one.
    """

    label: str
    told: Told
    verdict: Verdict | None = None
    path: str = ""
    code: str = ""

    @property
    def base(self) -> str:
        """People asked, where there were any."""
        row = self.told.row
        return "" if row.base is None or not self.told.is_shown else f"{row.base:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines under one heading. note: what must be known to read them."""

    heading: str
    lines: tuple[Line, ...]
    note: str = ""

    @property
    def is_compared(self) -> bool:
        """Whether any line has a verdict, so that the table has a column of them."""
        return any(line.verdict for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A comparison of the headline figure: with what, and how it stands."""

    term: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class GapPair:
    """Both rates behind a gap, and how the group stands to the one it is set against.

    heading: the breakdown they are groups of.
    """

    heading: str
    reference: Line
    group: Line
    gap: Told
    verdict: Verdict | None

    @property
    def block(self) -> Block:
        """Both rates as rows of a table."""
        return Block(heading=self.heading, lines=(self.reference, self.group))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigure:
    """Groups shown at one period of one series, and everybody's figure there.

    is_gap: the figures are gaps to the reference group, and so are the verdicts. note: what must be
    known of the series. is_other: its question differs in a major way from the measure's.
    """

    period: str
    source: str
    blocks: tuple[Block, ...]
    everybody: Told | None
    finding: str
    is_gap: bool = False
    note: str = ""
    is_other: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoroughFigure:
    """Boroughs side by side, and the city's figure of the same series and period.

    note: what must be known of the series. is_other: its question differs in a major way from
    the measure's. missing: names of boroughs it leaves out.
    """

    period: str
    series: str
    source: str
    note: str
    is_other: bool
    missing: str
    block: Block
    city: Told | None
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the headline figure was in each release."""

    told: Told
    revisions: tuple[Revision, ...]
    first: str
    revised: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureModel:
    """What a measure's page says.

    Attributes:
        measure: The definition.
        title: The measure's title, or the part's.
        caption: What the figures are of: of a measure with parts, the part it is known by.
        lede: The headline in a sentence.
        sure: How sure it is, in a sentence; empty where there is no figure.
        headline: The figure.
        gap: Both rates behind the headline gap, then those of breakdowns of two groups.
        trend: The city over time, a block a series.
        trend_finding: The release's verdicts on change; empty where there are none.
        others: Other series of the city, which are not to be set beside the headline.
        crossings: Names of crossings and how many figures of each are shown.
        parts: Title, address and figure of the measure's other parts.
    """

    measure: Measure
    part: str
    path: str
    title: str
    caption: str
    domain: str
    lede: str
    sure: str
    headline: Told | None
    period: str
    at: str
    gap: tuple[GapPair, ...]
    facts: tuple[Fact, ...]
    trend: tuple[Block, ...]
    trend_finding: str
    others: tuple[Block, ...]
    groups: tuple[GroupFigure, ...]
    boroughs: tuple[BoroughFigure, ...]
    crossings: tuple[tuple[str, int], ...]
    parts: tuple[Line, ...]
    notes: tuple[MethodNote, ...]
    history: History | None
    cells_path: str

    @property
    def dated(self) -> str:
        """The headline in a sentence that says when, for pages that say it nowhere else."""
        return dated(self.lede, self.at)

    @property
    def stated(self) -> str:
        """The headline with when and its range in one sentence, to stand without anything else."""
        if self.headline is None or self.headline.row.lower is None:
            return self.dated
        return f"{self.dated.removesuffix('.')} (very likely {self.headline.range})."

    @property
    def slug(self) -> str:
        """The folder of the page below `measures/`."""
        return self.path.removeprefix("measures/").removesuffix("/index.html")
