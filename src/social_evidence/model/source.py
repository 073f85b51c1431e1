"""Sources: their files, design, pools and terms; how columns are read is in modules of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from social_evidence.model.layout import Layout
from social_evidence.model.measure import Series
from social_evidence.model.source_maps import Areas, Derived, GroupMap, Item
from social_evidence.model.source_table import Periods, Quantity

Code = str | int | float
Kind = Literal["microdata", "counts", "published"]

EVERY_WAVE = "*"
"""The wave of a file that belongs to every wave."""

LEAST_INTERVAL: Final = 5
"""Least width of what stays possible for a hidden count, whatever a source asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of a source.

    Attributes:
        path: Relative to a sources folder.
        also: Other paths the same file goes by (another format or edition of the deposit); the
            first that is found is read.
        wave: Period label the file is for; empty when a column of the file tells; `*` for a file
            that belongs to every wave (fixed facts about people), which must have `join`.
        layout: Replaces the source's layout for this file.
        sha256: Refuse any other content; empty accepts any.
        prefix: Microdata: what the publisher puts before the wave's column names (`f_`); it is
            taken off, so that definitions name a column alike in every wave.
        columns: Our name of a column -> the publisher's name of it in this file, where the source's
            `aliases` do not suffice. The publisher's name is read after `prefix` was taken off.
        absent: Columns this file of several stacked ones does not have (a child's file has no
            occupation); they are null in its rows.
        holds: Periods that a column of a counted or published file tells, as far as they are known:
            where the file is missing its figures of these are published as not available.
        join: Key columns by which this file is looked up for each row of the wave's other files
            (a household's file, fixed facts). It must have one row a key; a row that finds none
            has nulls, and their number is published.
    """

    path: str
    also: tuple[str, ...] = ()
    wave: str = ""
    layout: Layout | None = None
    sha256: str = ""
    prefix: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    join: tuple[str, ...] = ()

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods it is known to be for; an empty text where nothing says."""
        return (self.wave,) if self.wave else self.holds or ("",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDesign:
    """How the sample was drawn, as far as the file knows; or what stands in for it.

    Attributes:
        weight: Column of weights; empty weighs everybody alike.
        strata: Columns; several are crossed.
        psu: Column; PSU ids are read within their stratum.
        household: The column whose value stands in for the PSU where the file holds no design.
        replicates: Columns of replicate weights.
        replicate_method: brr, fay, jk1, jkn, bootstrap, successive_difference.
        fay: Fay's factor, at least 0 and below 1.
        scale: Factor on the whole sum of squares of replicates, where the method implies none.
        rscales: A factor for each replicate (jkn).
        mse: Replicates are set against the full-sample estimate, not against their own mean.
        basis: What variances rest on; published as `variance_basis`.
        weights_sum_to: `population`, or `sample` for weights scaled to a mean of 1: a
            finite-population factor has no meaning there.
        deff: A stated design effect, for basis `assumed_deff`.
        deff_origin: Where that design effect comes from.
        missing_weight: Empty refuses a row without weight; `outside_population` leaves it out,
            counted and published.
        lonely_psu: What a stratum with one PSU does; `fail` unless the source says so in writing.
        units_recur: Column that links people or addresses who return in a later wave.
        statement: The words the page shows about the sample.
    """

    weight: str = ""
    strata: tuple[str, ...] = ()
    psu: str = ""
    household: str = ""
    replicates: tuple[str, ...] = ()
    replicate_method: str = ""
    fay: float | None = None
    scale: float | None = None
    rscales: tuple[float, ...] = ()
    mse: bool = False
    basis: Literal["design", "replicates", "households", "weights_only", "assumed_deff", "none"] = (
        "design"
    )
    weights_sum_to: Literal["population", "sample"] = "population"
    deff: float | None = None
    deff_origin: str = ""
    missing_weight: Literal["", "outside_population"] = ""
    lonely_psu: Literal["fail", "remove", "certainty", "adjust", "average"] = "fail"
    units_recur: str = ""
    statement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Waves put together so that small groups and areas can be shown: an average over the years.

    Attributes:
        waves: How many waves make one pool.
        step: Waves from one pool to the next; empty (0) takes `waves`, so that pools do not
            overlap. A smaller step must be allowed by the publication plan.
        form: How a pool's label is written: `p` (p2013-2015), `fy` (fy2013-16), `ay` (ay2013-16).
        areas: Kinds or codes of areas that are published from pools only, in place of waves.
        beside: Kinds or codes of larger areas that are published from pools too, besides waves,
            for every breakdown that `areas` have: without them nothing of the same period could
            be set beside a figure of `areas`.
        crossings: Crossings are published from pools only.
        everything: Every figure is published from pools only.
        leave_out: Wave -> why it is in no pool; the page says how many waves are in.
        overlap: Share of a wave's people who are in the next one too, where the file has no id
            that links them (`design.units_recur`).
        correlation: Correlation assumed between two answers of one person a wave apart; with
            `overlap` it widens the intervals of pools (`variance_basis` assumed_deff).
        note: Why, and where overlap and correlation come from.
    """

    waves: int
    step: int = 0
    form: Literal["p", "fy", "ay"] = "p"
    areas: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    crossings: bool = False
    everything: bool = False
    leave_out: Mapping[str, str] = field(default_factory=dict)
    overlap: float = 0.0
    correlation: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A mend to a supplier's table: never by hand, always with a reason and a date.

    Attributes:
        field: What is mended.
        reason: Why.
        date: The day it was decided, as 2026-11-22.
        status: `open` until the supplier has mended it.
    """

    field: str
    reason: str
    date: str
    status: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where figures come from: files, licence, layout, design and maps.

    Attributes:
        id: Permanent, lower_snake_case; the file's name.
        kind: microdata (a row a respondent), counts (a row a count) or published (a row a
            figure).
        title: What people read.
        publisher: Who published the file.
        licence: Under which licence, in its own words.
        how_to_get: How anybody can get the same file.
        files: The files, one or more a period.
        url: Web address of the publisher's page.
        layout: How the files are laid out, where they do not say it themselves.
        combine: How several files of one wave join: `rows`, `columns`, or empty to refuse them.
        key: Columns by which files side by side join.
        design: How the sample was drawn.
        case: How column names are read: `exact`, or folded to `lower` or `upper` before anything
            is looked up, where editions differ in capitals.
        aliases: Our name of a column -> the publisher's names of it in different files, the
            preferred first; the first a file has is read. A name with `*` must fit one column. Our
            own name comes before them all, unless it is listed among them.
        trim: Text codes of items, breakdowns, areas, `rows` and `missing` are compared without
            regard to case and outer blanks; derived variables see them as they stand.
        pool: How waves are put together for small areas and groups.
        series: Series this source adds to measures defined elsewhere, each with its `measure`: a
            new source, or a borough's own survey, is one file.
        missing: Column (or `*`) -> codes that mean no answer; they become null first of all.
        derived: Variable -> how it is worked out of others.
        items: Question id -> the variable that answers it.
        breakdowns: Breakdown id -> the variable that says the group.
        areas: Where the rows belong.
        rows: Column -> values that pick the rows of every quantity; an empty text picks blanks.
        quantities: Quantity id -> which number of the table it is.
        period: Where the period of a row is written.
        markers: Suppression marker -> status, beyond the usual ones.
        base_unit: What a row of a survey is.
        disclosure_unit: Column of the unit that must not be found; empty is the row, or the PSU
            where that is a household.
        threshold: Fewest respondents a shown cell may have.
        low_base_minimum: Fewest respondents of a reliable figure; below it the row is marked.
        minimum_numerator: Fewest respondents (of a counted table: fewest counted) who may stand
            alone in a share's numerator, or outside it; 0 asks for none.
        hidden_interval: Least width of what stays possible for a hidden count, 5 or more.
        no_dominance: Of a table that counts money in full and is not published openly: why nobody's
            own sum can be worked out of a mean or total (amounts are capped, say). Without it none
            is published, for who contributes how much to a figure does not stand in the table.
        low_base: Whether the licence lets such rows be shown.
        unknown: Whether people whose group is not known are protected by size as others are.
        published_openly: Its owner publishes these figures to everyone; they are not hidden again.
        synthetic: True where the source is made up, in every edition. Files of a real source that
            carry the synthetic mark are found out by themselves.
        study: The archive's study number, for example `SN 6614`.
        page: What the page on which the file is offered is called, where `url` is a general one.
        fetch: Path of a file -> the publisher's address of it, for files anybody may download.
        ended: Why and when no more is published; empty while the source goes on.
        successor: Id of the source that carries on, as a series of its own.
        notes: What a reader must know, a sentence each.
        breaks: Known breaks, in words.
        corrections: Mends to the supplier's table.
        to_confirm: Field -> the question to ask where the definition holds a best guess. A field
            is written as its path: `design.weight`, `items.good_place.variable`, `files.1.path`.
    """

    id: str
    kind: Kind
    title: str
    publisher: str
    licence: str
    how_to_get: str
    files: tuple[SourceFile, ...]
    url: str = ""
    layout: Layout = field(default_factory=Layout)
    combine: Literal["", "rows", "columns"] = ""
    key: tuple[str, ...] = ()
    case: Literal["exact", "lower", "upper"] = "exact"
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trim: bool = False
    design: SourceDesign = field(default_factory=SourceDesign)
    pool: Pool | None = None
    series: tuple[Series, ...] = ()
    missing: Mapping[str, tuple[Code, ...]] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    breakdowns: Mapping[str, GroupMap] = field(default_factory=dict)
    areas: Areas = field(default_factory=Areas)
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    period: Periods = field(default_factory=Periods)
    markers: Mapping[str, str] = field(default_factory=dict)
    base_unit: Literal["people", "benefit_units", "households", "interviews"] = "people"
    disclosure_unit: str = ""
    threshold: int = 10
    low_base_minimum: int = 0
    minimum_numerator: int = 0
    hidden_interval: int = LEAST_INTERVAL
    no_dominance: str = ""
    low_base: Literal["show", "hide"] = "show"
    unknown: Literal["show", "protect"] = "show"
    published_openly: bool = False
    synthetic: bool = False
    study: str = ""
    page: str = ""
    fetch: Mapping[str, str] = field(default_factory=dict)
    ended: str = ""
    successor: str = ""
    notes: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    to_confirm: Mapping[str, str] = field(default_factory=dict)
