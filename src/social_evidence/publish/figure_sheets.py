"""The sheets of figures: one a measure, for estimates and for comparisons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.publish.content import Content, MeasureText
from social_evidence.publish.figure_columns import (
    marker_column,
    name_column,
    number_column_of,
    referring,
    reliability_column,
    text_columns,
)
from social_evidence.publish.sheets import MOST_ROWS, Column, Line, Sheet, Table, sheet_names
from social_evidence.publish.workbook_notes import reference_line, titled
from social_evidence.wording.columns import column_title

_KEY: Final = ("population", "part", "series", "period", "area", "breakdown", "group", "statistic")
_COMPARED: Final = (
    *("population", "part", "series", "kind", "breakdown", "group_from", "group_to"),
    *("area_from", "area_to", "period_from", "period_to", "statistic"),
)
_USUAL: Final = {"population": "residents", "part": "all"}
"""A column that says only this is left out."""

_NUMBERS: Final = (
    *("estimate", "lower", "upper", "standard_error", "base", "numerator", "denominator"),
    *("effective_base", "design_effect", "degrees_of_freedom"),
)
_DIFFERENCES: Final = (
    *("difference", "lower", "upper", "standard_error", "degrees_of_freedom"),
    *("p_value", "p_adjusted"),
)
_UNFIT: Final = re.compile(r"[^0-9A-Za-z_]")
_IN_UNIT: Final = frozenset({"estimate", "difference"})
_LIMITS: Final = frozenset({"lower", "upper"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureSheet:
    """A sheet of figures and what the contents say of it."""

    sheet: Sheet
    measure: str
    about: str

    @property
    def rows(self) -> int:
        """Rows of figures."""
        return self.sheet.table.rows if self.sheet.table else 0


def estimate_sheets(
    content: Content, notes: Mapping[str, int], taken: Sequence[str]
) -> Iterator[FigureSheet]:
    """Lay out the estimates, one sheet a measure; a very long one goes on in another."""
    names = sheet_names((measure.id for measure in content.measures), taken)
    for measure in content.measures:
        rows = _of_measure(content.named_estimates, measure.id)
        columns = _estimate_columns(rows, measure, notes)
        lines = _lines(measure, rows.num_rows, "figure", content, _left_out(rows, _NUMBERS))
        yield from _split(measure, names[measure.id], lines, columns, taken)


def comparison_sheets(
    content: Content, rows: pa.Table, notes: Mapping[str, int], taken: Sequence[str]
) -> Iterator[FigureSheet]:
    """Lay out comparisons, one sheet a measure that has any."""
    there = set(rows["measure"].unique().to_pylist())
    measures = [measure for measure in content.measures if measure.id in there]
    names = sheet_names((measure.id for measure in measures), taken)
    for measure in measures:
        own = _of_measure(rows, measure.id)
        columns = _comparison_columns(own, measure, notes)
        lines = _lines(measure, own.num_rows, "comparison", content, _left_out(own, _DIFFERENCES))
        yield from _split(measure, names[measure.id], lines, columns, taken)


def _of_measure(rows: pa.Table, measure: str) -> pa.Table:
    return rows.filter(pc.equal(rows["measure"], measure)).combine_chunks()


def _estimate_columns(
    rows: pa.Table, measure: MeasureText, notes: Mapping[str, int]
) -> list[Column]:
    found = text_columns(rows, _kept(rows, _KEY), "estimates", notes)
    found += _number_columns(rows, _NUMBERS, measure, notes)
    found += [name_column(rows, "status", notes), reliability_column(rows, notes)]
    found += [marker_column(rows), name_column(rows, "flags", notes)]
    return found + text_columns(rows, ("version_first", "version_revised"), "estimates", notes)


def _comparison_columns(
    rows: pa.Table, measure: MeasureText, notes: Mapping[str, int]
) -> list[Column]:
    found = text_columns(rows, _kept(rows, _COMPARED), "comparisons", notes)
    found += _number_columns(rows, _DIFFERENCES, measure, notes)
    return found + [name_column(rows, name, notes) for name in ("verdict", "status")]


def _kept(rows: pa.Table, names: Sequence[str]) -> list[str]:
    return [
        name
        for name in names
        if name not in _USUAL or rows[name].unique().to_pylist() != [_USUAL[name]]
    ]


def _number_columns(
    rows: pa.Table, names: Sequence[str], measure: MeasureText, notes: Mapping[str, int]
) -> list[Column]:
    found = (
        number_column_of(rows, name, _heading(rows, name, measure, notes), unit=measure.unit)
        for name in (*names, *_level(rows))
    )
    return [column for column in found if column is not None]


def _heading(rows: pa.Table, name: str, measure: MeasureText, notes: Mapping[str, int]) -> str:
    title = column_title(name)
    if name in _IN_UNIT:
        title = f"{title} ({measure.unit_name[:1].lower()}{measure.unit_name[1:]})"
    if name in _LIMITS and not _level(rows):
        level = next(filter(None, rows["level"].unique().to_pylist()), None)
        title = title if level is None else f"{title} ({level:.0%} confidence)"
    return referring(title, name, notes)


def _level(rows: pa.Table) -> tuple[str, ...]:
    """Give the level a column of its own where rows have different ones."""
    return ("level",) if len([one for one in rows["level"].unique().to_pylist() if one]) > 1 else ()


def _left_out(rows: pa.Table, names: Sequence[str]) -> list[str]:
    return [name for name in names if rows[name].null_count == rows.num_rows]


def _lines(
    measure: MeasureText, rows: int, what: str, content: Content, left_out: Sequence[str]
) -> tuple[Line, ...]:
    kind = "Comparisons of: " if what == "comparison" else ""
    lines = [
        Line(
            text=f"This sheet has one table of {rows:,} rows, one {what} a row. "
            f"Measure code: {measure.id}. Release {content.version}."
        ),
        Line(text=f"Unit: {measure.unit_name}. {measure.direction_name}."),
        reference_line(),
    ]
    if left_out:
        named = ", ".join(column_title(name).lower() for name in left_out)
        lines.append(Line(text=f"Left out, because no row has a number there: {named}."))
    return titled(kind + measure.title, content, *lines)


def _split(
    measure: MeasureText,
    name: str,
    lines: tuple[Line, ...],
    columns: Sequence[Column],
    taken: Sequence[str],
) -> Iterator[FigureSheet]:
    rows = len(columns[0].values)
    starts = range(0, rows, MOST_ROWS)
    names = [name, *sheet_names((f"{name}_{at}" for at in starts[1:]), [*taken, name]).values()]
    for start, own in zip(starts, names, strict=True):
        part = tuple(_slice(column, start) for column in columns)
        table = Table(name=f"t_{_UNFIT.sub('_', own)}", columns=part)
        sheet = Sheet(name=own, lines=lines, table=table)
        yield FigureSheet(sheet=sheet, measure=measure.id, about=measure.title)


def _slice(column: Column, start: int) -> Column:
    words = None if column.words is None else column.words.slice(start, MOST_ROWS)
    return Column(
        heading=column.heading,
        values=column.values.slice(start, MOST_ROWS),
        words=words,
        shape=column.shape,
        width=column.width,
    )
