"""When a column of text is a column of numbers, and turning it into one.

Survey codes such as "01" must survive, so a column becomes numbers only if every value would be
written back the same; one that would not keeps the whole column text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout

# More digits than these do not survive in a 64-bit integer or double.
_INTEGER_DIGITS = 18
_WHOLE_DIGITS_OF_A_DOUBLE = 15
_HALF_WIDTH = r"(?:±|\+/-|\+/−|\+-)?\s*"
_SIGN = "[-−]?"


@dataclass(frozen=True, slots=True)
class Grammar:
    """How numbers are written in one file, as regular expressions RE2 and Python both know.

    Attributes:
        integer: Whole numbers that round-trip as 64-bit integers.
        number: Numbers that round-trip as doubles.
        lenient: What counts as a number in a column declared to hold numbers.
        is_apart: No marker of the layout could itself be read as a number.
    """

    integer: str
    number: str
    lenient: str
    is_apart: bool

    @classmethod
    def of(cls, layout: Layout) -> Grammar:
        """Build the expressions for a layout's decimal and thousands separators."""
        point = re.escape(layout.decimal)
        integer = rf"(?:0|[1-9][0-9]{{0,{_INTEGER_DIGITS - 1}}})"
        whole = rf"(?:0|[1-9][0-9]{{0,{_WHOLE_DIGITS_OF_A_DOUBLE - 1}}})"
        if layout.thousands:
            grouped = rf"[1-9][0-9]{{0,2}}(?:{re.escape(layout.thousands)}[0-9]{{3}}){{1,4}}"
            integer, whole = rf"(?:{grouped}|{integer})", rf"(?:{grouped}|{whole})"
            digits = rf"(?:{grouped}|[0-9]+)"
        else:
            digits = "[0-9]+"
        # Only exponents with a written sign: R writes 1e+05, but 1E5 may be a code.
        exponent = "(?:[eE][-+][0-9]{1,3})?"
        number = f"^{_HALF_WIDTH}{_SIGN}(?:{whole}(?:{point}[0-9]+)?|{point}[0-9]+){exponent}$"
        integral = f"^{_HALF_WIDTH}{_SIGN}{integer}$"
        return cls(
            integer=integral,
            number=number,
            is_apart=not any(
                re.match(pattern, mark) for mark in layout.markers for pattern in (number, integral)
            ),
            lenient=(
                rf"^(?:{_HALF_WIDTH}|\+){_SIGN}(?:{digits}(?:{point}[0-9]*)?|{point}[0-9]+)"
                r"(?:[eE][-+]?[0-9]{1,3})?\s*%?$"
            ),
        )


@dataclass(slots=True)
class Evidence:
    """What has been seen of one text column so far, batch by batch.

    Attributes:
        declared: The layout says that the column holds numbers.
        integer: Every value so far is a whole number that round-trips.
        number: Every value so far is a number that round-trips.
        seen: Count of numbers seen.
        markers: Suppression markers seen, with their counts.
    """

    declared: bool = False
    integer: bool = True
    number: bool = True
    seen: int = 0
    markers: Counter[str] = field(default_factory=Counter)

    @property
    def kind(self) -> pa.DataType:
        """The type that loses nothing: int64, float64, else text; float64 where declared."""
        if self.declared:
            return pa.float64()
        if self.seen and self.integer:
            return pa.int64()
        return pa.float64() if self.seen and self.number else pa.string()


def observe(evidence: Evidence, column: pa.Array, grammar: Grammar, layout: Layout) -> None:
    """Add one batch of a text column to what is known of it.

    Args:
        evidence: Changed in place.
        column: Text; null where the cell was one of the layout's `null_text`.
        grammar: How numbers are written.
        layout: Its markers.
    """
    if not (evidence.declared or evidence.integer or evidence.number):
        return
    if grammar.is_apart and _is_all_numbers(evidence, column, grammar):
        return
    values = _filled(column)
    marked = pc.is_in(values, pa.array(layout.markers, pa.string()))
    for entry in pc.value_counts(pc.filter(values, marked)).to_pylist():
        evidence.markers[entry["values"]] += entry["counts"]
    numbers = pc.filter(values, pc.invert(marked))
    if len(numbers) and not evidence.declared:
        evidence.seen += len(numbers)
        evidence.integer = evidence.integer and _all_match(numbers, grammar.integer)
        evidence.number = evidence.number and _all_match(numbers, grammar.number)


def _is_all_numbers(evidence: Evidence, column: pa.Array, grammar: Grammar) -> bool:
    """Take the short way where no cell of the batch is a marker: most batches of most files."""
    values = column.drop_null()
    is_integer = evidence.integer and _all_match(values, grammar.integer)
    if not is_integer and not (evidence.number and _all_match(values, grammar.number)):
        return False
    evidence.seen += len(values)
    evidence.integer = evidence.integer and is_integer
    evidence.number = evidence.number and (not is_integer or _all_match(values, grammar.number))
    return True


def check_numbers(
    column: pa.Array, grammar: Grammar, layout: Layout, where: str, rows: Sequence[int]
) -> None:
    """Refuse text in a column that the layout declares to hold numbers.

    Args:
        column: Text; null where the cell is empty.
        grammar: How numbers are written.
        layout: Its markers are allowed.
        where: File and column, for the message.
        rows: The row of each cell in its file.

    Raises:
        DataError: Names the column and the first row; never shows the value.
    """
    trimmed = pc.utf8_trim_whitespace(column)
    allowed = pc.or_(
        pc.is_in(trimmed, pa.array((*layout.markers, ""), pa.string())),
        pc.match_substring_regex(trimmed, grammar.lenient),
    )
    faults = pc.indices_nonzero(pc.invert(pc.fill_null(allowed, fill_value=True)))
    if len(faults):
        raise DataError(
            f"{where} should hold numbers, but row {rows[faults[0].as_py()]:,} holds text, the "
            f"first of {len(faults):,} such cells so far. A number would be lost: correct the "
            "file, add the mark to the layout's markers, or take the column out of number_columns."
        )


def to_numbers(
    column: pa.Array, kind: pa.DataType, layout: Layout, *, has_markers: bool = True
) -> pa.Array:
    """Convert a settled text column to numbers; markers and empty cells become null.

    Args:
        column: Text that has been found to hold numbers and markers only.
        kind: int64 or float64.
        layout: Its separators and markers.
        has_markers: Some cell of the whole column is a marker.

    Returns:
        Numbers; a half-width such as ±2.5 as given, 38% as 38.
    """
    if not has_markers and layout.decimal == "." and not layout.thousands:
        try:
            return pc.cast(column, kind)
        except pa.ArrowInvalid:
            pass  # White space, a half-width or a percent sign: the careful way below.
    text = pc.utf8_trim_whitespace(column)
    gone = pc.is_in(text, pa.array((*layout.markers, ""), pa.string()))
    text = pc.if_else(gone, pa.scalar(None, pa.string()), text)
    text = pc.replace_substring_regex(text, r"^(?:±|\+/-|\+/−|\+-|\+)\s*", "")
    text = pc.replace_substring_regex(text, r"\s*%$", "")
    text = pc.replace_substring(text, "−", "-")
    if layout.thousands:
        text = pc.replace_substring(text, layout.thousands, "")
    if layout.decimal != ".":
        text = pc.replace_substring(text, layout.decimal, ".")
    return pc.cast(text, kind)


def to_markers(column: pa.Array, layout: Layout) -> pa.Array:
    """Return the suppression markers of a text column, null elsewhere."""
    text = pc.utf8_trim_whitespace(column)
    marked = pc.is_in(text, pa.array(layout.markers, pa.string()))
    return pc.if_else(marked, text, pa.scalar(None, pa.string()))


def to_text(cells: Sequence[str | None], layout: Layout) -> pa.Array:
    """Build a text column from cells; those that are exactly one of `null_text` become null."""
    return nulls_removed(pa.array(cells, pa.string()), layout)


def nulls_removed(text: pa.Array, layout: Layout) -> pa.Array:
    """Return a text column in which the cells that are exactly one of `null_text` are null."""
    empty = pc.is_in(text, pa.array(layout.null_text, pa.string()))
    return pc.if_else(empty, pa.scalar(None, pa.string()), text)


def _filled(column: pa.Array) -> pa.Array:
    """Return the trimmed cells that hold something."""
    trimmed = pc.utf8_trim_whitespace(column.drop_null())
    return pc.filter(trimmed, pc.not_equal(trimmed, ""))


def _all_match(values: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())
