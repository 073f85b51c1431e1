"""`Layout`: how one file is laid out, where that cannot be read from the file itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from social_evidence.errors import DefinitionError

GIBIBYTE = 1 << 30

# Marks that publishers put where a number is hidden, absent or unreliable. They are kept, and
# only ever read as markers in a column whose other cells are numbers.
MARKERS: tuple[str, ...] = (
    *(".", "..", "...", "x", "c", "u", "z", "w", ":", "~", "low", "-", "*", "!"),
    *("[c]", "[x]", "[u]", "[w]", "[z]", "[low]", "[low reliability]"),
    *("NA", "na", "N/A", "n/a", "NaN", "nan", "#N/A"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a reader must be told about one file; the defaults suit a plain, modern file.

    Rows and column positions count from 1, as a spreadsheet shows them.

    Attributes:
        encoding: `auto` (byte order mark, else UTF-8, else refused), or a codec's name such as
            `cp1252`. Nothing is guessed beyond that: a wrong guess changes names silently.
        delimiter: `auto` (by suffix and header row), or one character.
        decimal: Decimal separator of numbers written as text: `.` or `,`.
        thousands: Separator of groups of three digits; empty where numbers have none.
        quote: Quotation character of delimited text; empty where quotes are ordinary text.
        sheet: Sheet of a workbook; may be empty only where there is one.
        member: File inside a zip archive; may be empty only where there is one.
        header_rows: Rows that hold column names; several are joined with ` | `; none: `headers`
            names every column.
        header_fill: `merged`: the text of merged header cells counts for each of them; `left`:
            besides, a blank in an upper header row takes the text to its left.
        headers: Names by column position ("3" = "area"), for blank or repeated names.
        unnamed_columns: `refuse` columns that hold values without a name, or `ignore` them.
        first_row: First row of values; 0 means the row after the header.
        last_row: Last row of values; 0 means the end of the file.
        stop_at_blank: Column whose first blank cell ends the table (footnotes follow).
        stop_at_text: Text whose first appearance at the start of a row ends the table.
        markers: Suppression markers; they stay readable beside a number column.
        null_text: Cells that are exactly one of these are null.
        text_columns: Columns that stay text even if every value looks like a number.
        number_columns: Columns that must be numbers; other text in them is a data error.
        max_unpacked_bytes: Largest size a compressed file may unpack to.
    """

    encoding: str = "auto"
    delimiter: str = "auto"
    decimal: Literal[".", ","] = "."
    thousands: str = ""
    quote: str = '"'
    sheet: str = ""
    member: str = ""
    header_rows: tuple[int, ...] = (1,)
    header_fill: Literal["merged", "left"] = "merged"
    headers: Mapping[str, str] = field(default_factory=dict)
    unnamed_columns: Literal["refuse", "ignore"] = "refuse"
    first_row: int = 0
    last_row: int = 0
    stop_at_blank: str = ""
    stop_at_text: str = ""
    markers: tuple[str, ...] = MARKERS
    null_text: tuple[str, ...] = ("", " ")
    text_columns: tuple[str, ...] = ()
    number_columns: tuple[str, ...] = ()
    max_unpacked_bytes: int = 4 * GIBIBYTE

    def __post_init__(self) -> None:
        _check_signs(self)
        _check_choices(self)
        _check_rows(self)
        _check_columns(self)

    @property
    def start_row(self) -> int:
        """First row of values, counted from 1."""
        return self.first_row or max(self.header_rows, default=0) + 1


def _check_signs(layout: Layout) -> None:
    """Refuse separators that cannot be told apart, and unknown encodings."""
    try:
        "a".encode("utf-8" if layout.encoding == "auto" else layout.encoding)
    except (LookupError, UnicodeError) as error:
        raise DefinitionError(
            f"layout: encoding {layout.encoding!r} is not known; use 'auto', 'utf-8', 'utf-16', "
            "'cp1252' or 'latin-1'."
        ) from error
    single = {"delimiter": layout.delimiter, "quote": layout.quote, "thousands": layout.thousands}
    for name, sign in single.items():
        plain = (sign == "auto" and name == "delimiter") or (sign == "" and name != "delimiter")
        if not plain and (len(sign) != 1 or sign in "\r\n"):
            raise DefinitionError(f"layout: {name} must be one character, got {sign!r}.")
    if layout.decimal == layout.thousands:
        raise DefinitionError(
            f"layout: decimal and thousands are both {layout.decimal!r}, so no number is certain."
        )
    if layout.quote and layout.quote == layout.delimiter:
        raise DefinitionError(f"layout: delimiter and quote are both {layout.quote!r}.")


def _check_choices(layout: Layout) -> None:
    """Refuse words that none of the fields knows."""
    choices = (
        ("decimal", layout.decimal, (".", ",")),
        ("header_fill", layout.header_fill, ("merged", "left")),
        ("unnamed_columns", layout.unnamed_columns, ("refuse", "ignore")),
    )
    for name, given, known in choices:
        if given not in known:
            raise DefinitionError(f"layout: {name} must be one of {known}, got {given!r}.")
    if layout.max_unpacked_bytes < 1:
        raise DefinitionError("layout: max_unpacked_bytes must be at least 1.")


def _check_rows(layout: Layout) -> None:
    """Refuse rows that cannot follow one another: header, first row, last row."""
    header = layout.header_rows
    if any(row < 1 for row in header) or list(header) != sorted(set(header)):
        raise DefinitionError(
            f"layout: header_rows must count up from 1 without repeats, got {list(header)}."
        )
    if not header and not layout.headers:
        raise DefinitionError("layout: header_rows is empty, so headers must name every column.")
    if layout.first_row < 0 or layout.last_row < 0:
        raise DefinitionError("layout: first_row and last_row count from 1; 0 means not given.")
    if layout.first_row and layout.first_row <= max(header, default=0):
        raise DefinitionError(
            f"layout: first_row {layout.first_row} must come after header row {max(header)}."
        )
    if layout.last_row and layout.last_row < layout.start_row:
        raise DefinitionError(
            f"layout: last_row {layout.last_row} comes before the first row {layout.start_row}."
        )


def _check_columns(layout: Layout) -> None:
    """Refuse contradictory wishes for one column and positions that are not numbers."""
    both = sorted(set(layout.text_columns) & set(layout.number_columns))
    if both:
        raise DefinitionError(f"layout: {both} stand in both text_columns and number_columns.")
    for position, name in layout.headers.items():
        if not position.isascii() or not position.isdigit() or int(position) < 1:
            raise DefinitionError(
                f"layout: headers must be keyed by column position from '1', got {position!r}."
            )
        if not name.strip():
            raise DefinitionError(f"layout: headers gives column {position} a blank name.")
