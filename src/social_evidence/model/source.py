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

    path: relative to a sources folder. wave: period label the file is for; empty when a column
    of the file tells. layout: replaces the source's layout for this file. sha256: refuse any
    other content; empty accepts any.
    """

    path: str
    wave: str = ""
    layout: Layout | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDesign:
    """How the sample was drawn, as far as the file knows; or what stands in for it.

    weight, strata, psu: columns; PSU ids are read within stratum. household: the column whose
    value stands in for the PSU where the file holds no design. replicates: weight columns.
    replicate_method: brr, fay, jk1, jkn, bootstrap, successive_difference. mse: replicates are
    set against the full-sample estimate, not against their own mean. rscales: a factor for each
    replicate (jkn).
    weights_sum_to: `population`, or `sample` for weights scaled to a mean of 1: a
    finite-population factor has no meaning there. basis: published as `variance_basis`.
    deff: a stated design effect, with deff_origin. statement: the words the page shows.
    missing_weight: "" refuses a row without weight; "outside_population" leaves it out, counted.
    lonely_psu: what a stratum with one PSU does; `fail` unless the source says so in writing.
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

    answers: raw code -> harmonised answer id; empty for a number. Codes are matched as text, so
    1, 1.0 and "1" are one code. valid: smallest and largest number accepted; outside it a
    value is a fault of the file. wording: this source's own words where they differ.
    """

    variable: str
    answers: Mapping[str, str] = field(default_factory=dict)
    valid: tuple[float, ...] = ()
    wording: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMap:
    """How a source's variable falls into a breakdown's groups.

    groups: raw code -> group id. bands: group id -> [lowest, highest], both included, for
    numbers. approximate: written where the groups do not quite match the harmonised ones.
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

    whole: every row belongs to this area. Otherwise columns: the first non-blank of these
    columns, read as code or name; codes: raw value -> area code, for values that are neither.
    left_out: raw value -> the reason its rows belong to no area of ours; published in words.
    elsewhere: the reason every other area of the file belongs to none of ours, for a national
    file; empty refuses an area that is not known. Published in words, like left_out.
    sums: areas that are the sum of their children because the source does not print them.
    flags: area code -> flags its figures carry, for parts a source never covers.
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
    """A derived variable: one SQL scalar expression over columns of the file.

    null_means: inputs for which a null does not make the result null.
    """

    expression: str
    null_means: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number a counts or published table holds.

    column: the column of values; or from_column … to_column: all columns from one to the other,
    in the file's order, summed, or one period each where Periods says `wide`. spans: several
    such runs, each [first, last], summed together (ages of men, ages of women).
    rows: column -> values that pick the rows. scale: multiply by this (0.01 turns percent into
    a share). lower, upper: columns of the publisher's limits; half_width: column of ± values.
    marker_column: the column that says why a value is absent, where it stands beside it.
    area_columns: area code -> column that repeats that area's figure in every row (a force-wide
    figure beside each borough's); rows of one period must agree on it.
    groups: breakdown id -> GroupMap for the rows' group. title: what is counted, in words.
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

    column: a column of the file. form: how its text reads — year, financial (2016-17 or
    201617), academic, quarter_end (31/12/2014), date, month (201004). fixed: one period for the
    whole file. wide: column names are the periods. sum_to: add months up to `financial` or
    `year`; an incomplete year is left out, never guessed.
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
    """A mend to a supplier's table: never by hand, always with a reason and a date."""

    field: str
    reason: str
    date: str
    status: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where figures come from: files, licence, layout, design and maps.

    kind: microdata (a row a respondent), counts (a row a count) or published (a row a figure).
    combine: how several files of one wave join — `rows`, `columns`, or empty to refuse them.
    missing: column (or `*`) -> codes that mean no answer; they become null first of all.
    markers: suppression marker -> status, beyond the usual ones.
    threshold: fewest respondents a shown cell may have. published_openly: its owner publishes
    these figures to everyone; they are not hidden again. breaks: known breaks in words.
    to_confirm: field -> the question to ask where the definition holds a best guess.
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
