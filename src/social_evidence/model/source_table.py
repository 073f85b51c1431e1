"""Counted and published tables: which number of a table is which, and of when its rows are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from social_evidence.model.source_maps import GroupMap


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
        group_columns: Breakdown id -> group -> the column that holds the group's figure, where
            groups stand side by side in one row (men, women beside everybody).
        period: Label of the period where it stands only in the column's heading (a table with one
            column an indicator); it takes the place of the source's period.
    """

    title: str
    period: str = ""
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
    group_columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


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
        absent_months: `zero` where the file writes a row only if something was counted: a month
            that it has for others, and not for this place and group, counts 0. Empty leaves a year
            with such a month out.
        keep: Periods to keep; empty keeps all.
    """

    fixed: str = ""
    column: str = ""
    form: Literal[
        "label", "year", "financial", "academic", "quarter_end", "twelve_months_to", "date", "month"
    ] = "label"
    wide: bool = False
    sum_to: Literal["", "financial", "year"] = ""
    absent_months: Literal["", "zero"] = ""
    keep: tuple[str, ...] = ()
