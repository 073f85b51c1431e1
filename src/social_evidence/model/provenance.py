"""Where each number comes from, and what the build noticed on the way: both published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["figures", "numerator", "denominator"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUsed:
    """One file that went into a figure.

    name: path as the source writes it, never where it lay on this machine. table: what the
    reader calls it, with the sheet or member. sha256: of the file's bytes. role: what it gave.
    period: the period it is for, empty where a column of the file tells. columns: (our name, the
    file's) of the columns read that the file calls otherwise.
    """

    source: str
    name: str
    table: str
    sha256: str
    role: Role = "figures"
    period: str = ""
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Rows that were read and are in no figure: how many, of which file, and why in words."""

    name: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A variable behind a figure, from raw code to what it means.

    role: `answer`, `breakdown:<id>`, `universe`, `weight`, `strata`, `psu`, `area`, `period`,
    `numerator`, `denominator`, `value`, `filter`. codes: raw code -> harmonised answer, group,
    area or the value that picks the row. derived: the SQL of a derived variable.
    """

    role: str
    name: str
    codes: Mapping[str, str] = field(default_factory=dict)
    derived: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Everything needed to make the figures of one measure, part, series and period again.

    question: wording by language tag, empty for counts. universe: who could answer, in words.
    design: in words; design_columns: role -> column names. formula: in symbols;
    formula_words: the same in a sentence. denominator_source, denominator_period: filled where
    the denominator is another source or period. disclosure: the rule applied, in words.
    comparability: side of the question (wording, scale, asked, mode, recall) -> same, minor or
    major, and the `verdict`; empty where the question is the one the measure is named for.
    comparability_words: the same in sentences.
    """

    measure: str
    part: str
    series: str
    period: str
    title: str = ""
    source: str
    source_title: str
    publisher: str
    licence: str
    url: str = ""
    statistic: str
    unit: str
    files: tuple[FileUsed, ...] = ()
    variables: tuple[Variable, ...] = ()
    question: Mapping[str, str] = field(default_factory=dict)
    asked_of: str = ""
    universe: str = ""
    numerator: str = ""
    denominator: str = ""
    denominator_source: str = ""
    denominator_period: str = ""
    design: str = ""
    design_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weight: str = ""
    rows_read: int = 0
    left_out: tuple[LeftOut, ...] = ()
    base_rule: str = ""
    formula: str = ""
    formula_words: str = ""
    interval_method: str = "none"
    interval_words: str = ""
    variance_basis: str = "none"
    disclosure: str = ""
    comparability: Mapping[str, str] = field(default_factory=dict)
    comparability_words: tuple[str, ...] = ()
    areas: str = ""
    caveats: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    to_confirm: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What a row of the estimates table is looked up by."""
        return (self.measure, self.part, self.series, self.period)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """What reading one file found.

    rows: read. outside_population: rows without a weight, left out where the source says so in
    writing. unmatched: of a file that is looked up, the rows of the wave's other files that found
    nothing in it. markers: column -> marker -> how often it stood in place of a number.
    """

    source: str
    name: str
    sha256: str
    wave: str = ""
    rows: int = 0
    outside_population: int = 0
    unmatched: int = 0
    left_out: tuple[LeftOut, ...] = ()
    markers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolMade:
    """Waves that were put together: which are in, which are not and why, and from which files.

    inflation: of variances, for people who are in several waves; 1 where the file links them or
    nobody returns.
    """

    source: str
    period: str
    waves: tuple[str, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    inflation: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What a build that may leave things out did without, and what that cost.

    wave: empty where a column of the file tells the period. columns: missing ones, by our names;
    none where the file itself is missing. breakdowns: those that no group of could be told.
    """

    source: str
    file: str
    wave: str = ""
    columns: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ()
    how_to_get: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionCheck:
    """Whether the areas below add up to the figure printed for the area above.

    printed, added: as counts. excludes: flags of the area above, which may explain a gap.
    """

    source: str
    quantity: str
    period: str
    area: str
    areas_below: int
    printed: float
    added: float

    @property
    def agrees(self) -> bool:
        """Exactly equal; a rounded table seldom is, and the reader sees by how much."""
        return self.printed == self.added


Verdict = Literal["within_rounding", "within_interval", "differs", "not_in_release"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCheck:
    """A figure its publisher printed, and ours beside it, as the estimates table has it.

    spread: the kind of areas of which it is the highest less the lowest; empty for a figure. text:
    what the printed words stand for. lower, upper: our interval. verdict: ours is the printed one
    but for rounding, or the printed one lies in our interval, or they differ, or there is none of
    ours. why: the reason there is none. synthetic: ours is made of made-up files, so that it shows
    the wiring and proves nothing.
    """

    measure: str
    part: str
    series: str
    period: str
    area: str
    breakdown: str
    group: str
    statistic: str
    unit: str
    published: float
    tolerance: float
    ours: float | None
    reference: str
    verdict: Verdict
    spread: str = ""
    text: str = ""
    lower: float | None = None
    upper: float | None = None
    why: str = ""
    synthetic: bool = False

    @property
    def difference(self) -> float | None:
        """Ours less the printed one; none where there is none of ours."""
        return None if self.ours is None else self.ours - self.published

    @property
    def agrees(self) -> bool:
        """Within half a unit of the last printed digit."""
        return self.verdict == "within_rounding"


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenCells:
    """How one series is protected: nothing here tells which cell was hidden for what reason.

    cells: places that could be shown. hidden: places hidden. audited: hidden places whose possible
    counts were worked out as an attacker would. width: every one of them is at least so wide.
    given_away: counts that earlier releases tell, though none shows them, whatever this one hides.
    """

    measure: str
    part: str
    series: str
    cells: int
    hidden: int
    audited: int
    width: int
    given_away: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What the build noticed.

    files: read. additions: sums checked. published: figures verified. pools: waves put together.
    lost: what was missing and what it cost. hidden: how each series is protected.
    """

    files: tuple[FileRead, ...] = ()
    additions: tuple[AdditionCheck, ...] = ()
    published: tuple[PublishedCheck, ...] = ()
    pools: tuple[PoolMade, ...] = ()
    lost: tuple[Lost, ...] = ()
    hidden: tuple[HiddenCells, ...] = ()
