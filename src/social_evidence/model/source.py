"""Sources: files, layout, design and the maps from raw codes to harmonised answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from social_evidence.errors import DefinitionError
from social_evidence.model.layout import Layout

Code = str | int | float
Kind = Literal["microdata", "counts", "published"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of a source.

    Attributes:
        path: Relative to a sources folder.
        wave: Period label the file is for; empty when a column of the file tells.
        layout: Replaces the source's layout for this file.
        sha256: Refuse any other content; empty accepts any.
    """

    path: str
    wave: str = ""
    layout: Layout | None = None
    sha256: str = ""


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
class Item:
    """A raw (or derived) variable that answers a harmonised question.

    Attributes:
        variable: Column of the file, or a derived variable.
        answers: Raw code -> harmonised answer id; empty for a number. Codes are matched as text,
            so 1, 1.0 and "1" are one code.
        valid: Smallest and largest number accepted; a value beyond them is a fault of the file.
        wording: This source's own words where they differ.
    """

    variable: str
    answers: Mapping[str, str] = field(default_factory=dict)
    valid: tuple[float, ...] = ()
    wording: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMap:
    """How a source's variable falls into a breakdown's groups.

    Attributes:
        variable: Column of the file, or a derived variable.
        groups: Raw code -> group id; `unknown` where it is not known, and in a counted table `all`
            for the rows of everybody.
        bands: Group id -> [lowest, highest], both included, for numbers.
        approximate: Written where the groups do not quite match the harmonised ones.
    """

    variable: str
    groups: Mapping[str, str] = field(default_factory=dict)
    bands: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    approximate: str = ""

    def __post_init__(self) -> None:
        if bool(self.groups) == bool(self.bands):
            raise DefinitionError(
                f"The map of variable {self.variable!r} needs `groups` (codes) or `bands` "
                "(numbers), and not both."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """Where the rows of a source belong.

    Attributes:
        whole: Every row belongs to this area.
        columns: Otherwise: the first of these columns that is not blank, read as code or name.
        codes: Raw value -> area code, for values that are neither.
        left_out: Raw value -> the reason its rows belong to no area of ours; published in words.
        elsewhere: The reason every other area of the file belongs to none of ours, for a national
            file; empty refuses an area that is not known. Published in words, like left_out.
        sums: Areas that are the sum of their children because the source does not print them.
        flags: Area code -> flags its figures carry, for parts a source never covers.
    """

    whole: str = ""
    columns: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    elsewhere: str = ""
    sums: tuple[str, ...] = ()
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A derived variable of a source.

    Attributes:
        expression: One SQL scalar expression over columns of the file.
        null_means: Inputs for which a null does not make the result null.
        note: What must be known to read it.
    """

    expression: str
    null_means: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number a counts or published table holds.

    Attributes:
        title: What is counted, in words.
        column: The column of values.
        from_column: Otherwise: the first of a run of columns in the file's order, summed, or one
            period each where the source's period is `wide`.
        to_column: The last column of that run.
        spans: Several such runs, each [first, last], summed together (ages of men, ages of women).
        rows: Column -> values that pick the rows; an empty text picks blank cells.
        scale: Multiply by this; 0.01 turns percent into a share.
        lower: Column of the publisher's lower limits.
        upper: Column of the publisher's upper limits.
        half_width: Column of ± values.
        level: Level of the publisher's limits.
        marker_column: The column that says why a value is absent, where it stands beside it.
        area_columns: Area code -> column that repeats that area's figure in every row (a
            force-wide figure beside each borough's); rows of one period must agree on it.
        groups: Breakdown id -> map for the rows' group.
    """

    title: str
    column: str = ""
    from_column: str = ""
    to_column: str = ""
    spans: tuple[tuple[str, ...], ...] = ()
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scale: float = 1.0
    lower: str = ""
    upper: str = ""
    half_width: str = ""
    level: float = 0.95
    marker_column: str = ""
    area_columns: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, GroupMap] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Where the period of a counts or published row is written.

    Attributes:
        fixed: One period for the whole file.
        column: A column of the file.
        form: How its text reads: year, financial (2016-17 or 201617), academic, quarter_end
            (31/12/2014), twelve_months_to, date, month (201004), or label (as we write periods).
        wide: Column names are the periods.
        sum_to: Add months up to `financial` or `year`; an incomplete year is left out, never
            guessed.
        keep: Periods to keep; empty keeps all.
    """

    fixed: str = ""
    column: str = ""
    form: Literal[
        "label", "year", "financial", "academic", "quarter_end", "twelve_months_to", "date", "month"
    ] = "label"
    wide: bool = False
    sum_to: Literal["", "financial", "year"] = ""
    keep: tuple[str, ...] = ()


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
        low_base: Whether the licence lets such rows be shown.
        unknown: Whether people whose group is not known are protected by size as others are.
        published_openly: Its owner publishes these figures to everyone; they are not hidden again.
        synthetic: True where the file was made up for a demonstration.
        notes: What a reader must know, a sentence each.
        breaks: Known breaks, in words.
        corrections: Mends to the supplier's table.
        to_confirm: Field -> the question to ask where the definition holds a best guess.
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
    design: SourceDesign = field(default_factory=SourceDesign)
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
    low_base: Literal["show", "hide"] = "show"
    unknown: Literal["show", "protect"] = "show"
    published_openly: bool = False
    synthetic: bool = False
    notes: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    to_confirm: Mapping[str, str] = field(default_factory=dict)
