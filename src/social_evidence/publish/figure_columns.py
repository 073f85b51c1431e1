"""The columns of a workbook's tables of figures: names beside codes, a marker for every absence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.model.estimate import HIDDEN
from social_evidence.publish.names import MARKERS, SUFFIX
from social_evidence.publish.sheets import NONE, Column, Shape, width_of
from social_evidence.wording import labels as words
from social_evidence.wording.columns import column_title

WITHOUT_MEANING: Final = words.MARKERS["not_applicable"]
NOT_THERE: Final = words.MARKERS["not_available"]
_WIDEST: Final = 70
_WIDTH: Final = 16

NOTES: Final[Mapping[str, str]] = {
    "series": "series",
    "estimate": "rounding",
    "difference": "comparisons",
    "lower": "limits",
    "upper": "limits",
    "base": "base",
    "status": "absence",
    "reliability": "reliability",
    "version_revised": "revisions",
    "numerator": "counts",
    "denominator": "counts",
    "group": "unknown",
    "group_to": "unknown",
    "p_adjusted": "comparisons",
    "verdict": "comparisons",
}
"""Column -> the note its heading refers to."""


def in_words(name: str) -> str:
    """Name the column of names that stands before a column of codes."""
    return name + SUFFIX


def text_columns(
    rows: pa.Table, names: Sequence[str], table: str, notes: Mapping[str, int]
) -> list[Column]:
    """Lay out codes, each after its name.

    Args:
        rows: Rows with names.
        names: Columns of codes.
        table: `estimates` or `comparisons`, for titles that differ between them.
        notes: Note -> its number.
    """
    columns = []
    for name in names:
        title = column_title(name, table)
        if in_words(name) in rows.column_names:
            columns.append(_texts(rows[in_words(name)], referring(title, name, notes)))
            columns.append(_texts(rows[name], f"{title} code"))
        else:
            columns.append(_texts(rows[name], referring(title, name, notes)))
    return columns


def name_column(rows: pa.Table, name: str, notes: Mapping[str, int]) -> Column:
    """Lay out what codes are called, without the codes: the sheet of markers lists both."""
    return _texts(rows[in_words(name)], referring(column_title(name), name, notes))


def marker_column(rows: pa.Table) -> Column:
    """Lay out the bracketed letters of status and flags."""
    return _texts(rows[MARKERS], column_title(MARKERS))


def reliability_column(rows: pa.Table, notes: Mapping[str, int]) -> Column:
    """Lay out the letter of reliability; where there is none, why."""
    heading = referring(column_title("reliability"), "reliability", notes)
    column = _texts(rows["reliability"], heading, absent="")
    return _filled(column, _status_words(rows["status"], WITHOUT_MEANING))


def referring(title: str, name: str, notes: Mapping[str, int]) -> str:
    """Write a heading that says which note to read."""
    number = notes.get(NOTES.get(name, ""))
    return f"{title} [note {number}]" if number else title


def number_column_of(rows: pa.Table, name: str, heading: str, *, unit: str) -> Column | None:
    """Lay out a column of numbers; None where no row of the table has one.

    Args:
        rows: Rows with a status; estimates also with the method and the base.
        name: The column.
        heading: Its heading.
        unit: The measure's unit; shares are shown with three decimals.
    """
    values = rows[name].combine_chunks()
    if values.null_count == len(values):
        return None
    words_there = _status_words(rows["status"], _why_absent(rows, name))
    return Column(
        heading=heading,
        values=values,
        words=words_there,
        shape=_shape(name, values, unit),
        width=max(_WIDTH, len(heading) // 3),
    )


def _shape(name: str, values: pa.Array, unit: str) -> Shape:
    if name in {"p_value", "p_adjusted"}:
        return "share"
    if name in {"estimate", "difference", "standard_error", "lower", "upper"}:
        return "share" if unit == "share" else "number"
    if name in {"base", "numerator", "denominator"}:
        is_whole = pc.all(pc.equal(values, pc.round(values))).as_py()
        return "whole" if is_whole else "number"
    return "number"


def _why_absent(rows: pa.Table, name: str) -> str | pa.Array:
    """Say why a shown row lacks a number: it has no meaning there, or nobody gave it."""
    if name not in {"estimate", "standard_error", "lower", "upper", "level"}:
        return WITHOUT_MEANING
    if "method" not in rows.column_names:
        return WITHOUT_MEANING
    is_counted = pc.equal(rows["method"].cast(pa.string()), "administrative")
    is_empty = pc.fill_null(pc.equal(rows["base"], 0), False)
    no_meaning = pc.or_(is_counted, is_empty)
    return pc.if_else(no_meaning, WITHOUT_MEANING, NOT_THERE).combine_chunks()


def _status_words(status: pa.ChunkedArray, otherwise: str | pa.Array) -> pa.Array:
    """Give the marker of each row's status, or of a row that is shown, what is said otherwise."""
    encoded = status.combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    hidden = [
        words.MARKERS[code] if code in HIDDEN else None for code in encoded.dictionary.to_pylist()
    ]
    marked = pa.array(hidden, pa.string()).take(encoded.indices)
    return pc.coalesce(marked, otherwise)


def _texts(column: pa.ChunkedArray, heading: str, *, absent: str = NONE) -> Column:
    values = column.combine_chunks()
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    distinct = [text or absent or None for text in values.dictionary.to_pylist()]
    filled = pa.array(distinct, pa.string()).take(values.indices)
    if absent:
        filled = pc.fill_null(filled, absent)
    own = filled.dictionary_encode()
    # The dictionary of the whole release has longer names than this sheet.
    longest = width_of((text for text in own.dictionary.to_pylist() if text), heading)
    return Column(heading=heading, values=own, width=min(longest, _WIDEST))


def _filled(column: Column, absent: pa.Array) -> Column:
    return Column(heading=column.heading, values=column.values, words=absent, width=column.width)
