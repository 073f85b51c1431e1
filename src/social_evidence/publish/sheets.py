"""A workbook as data: sheets of lines and one table each, after the guidance for accessible ones.

The rules are those of the UK Government Analysis Function for releasing statistics in
spreadsheets: a title in the first cell, one marked table a sheet with one row of headings, no
merged, blank or hidden cells, no frozen panes and no filter buttons, a marker in words where there
is no number. `xlsx` and `ods` write what stands here and decide nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.errors import DefinitionError

LineStyle = Literal["title", "heading", "notice", "text"]
Shape = Literal["text", "whole", "share", "number", "date"]

LONGEST_NAME: Final = 31
"""Characters of a sheet's name, by the rules of XLSX."""

MOST_ROWS: Final = 1_000_000
"""Rows of a table: a sheet ends at 1,048,576."""

NONE: Final = "none"
"""What a cell says that has nothing to say."""

_MARGIN: Final = 2
_LONGEST_TEXT: Final = 32_767
_CUT: Final = " […]"
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_PICTURES: Final = 0x2400
_DELETE: Final = 0x7F


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line in the first column of a sheet. link: the name of the sheet it leads to."""

    text: str
    style: LineStyle = "text"
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    values: text, float64, int64 or date32; dictionary-encoded text is welcome. words: what stands
    where there is no number, never null there. width: in characters. is_wrapped: a long text is
    broken into lines; in a table of many rows that takes spreadsheet programs minutes. links: for
    each row the name of the sheet its text leads to, or empty.
    """

    heading: str
    values: pa.Array
    words: pa.Array | None = None
    shape: Shape = "text"
    width: int = 12
    is_wrapped: bool = False
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table that is marked as one. name: for programs, unique in the workbook."""

    name: str
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        headings = [column.heading for column in self.columns]
        # A spreadsheet does not tell headings apart by their capitals.
        twice = [name for name, times in Counter(map(str.lower, headings)).items() if times > 1]
        if twice or not all(headings):
            raise DefinitionError(
                f"Table {self.name!r} has headings {headings}: each must be there and differ from "
                "the others, or a screen reader cannot tell its columns apart."
            )
        for column in self.columns:
            _check_filled(self.name, column)

    @property
    def rows(self) -> int:
        """Rows below the headings."""
        return len(self.columns[0].values)


def _check_filled(table: str, column: Column) -> None:
    gaps = pc.is_null(column.values)
    if column.words is not None:
        gaps = pc.and_(gaps, pc.is_null(column.words))
    if blank := pc.sum(gaps).as_py():
        raise DefinitionError(
            f"Table {table!r} has {blank} blank cells in {column.heading!r}. A blank says nothing: "
            "give a marker that says why there is no value."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet: lines from the first cell down, the first of them its title, then its table.

    width: of the first column in characters, where there is no table.
    """

    name: str
    lines: tuple[Line, ...]
    table: Table | None = None
    width: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """Sheets in reading order. created: fixed in the file's properties, so bytes repeat."""

    title: str
    subject: str
    created: date
    sheets: tuple[Sheet, ...]

    def __post_init__(self) -> None:
        names = [sheet.name for sheet in self.sheets]
        faulty = [name for name in names if len(name) > LONGEST_NAME or _FORBIDDEN.search(name)]
        if faulty or len(set(map(str.lower, names))) < len(names) or not all(names):
            raise DefinitionError(
                f"Sheets are named {names}: each name must be there, differ from the others, have "
                f"at most {LONGEST_NAME} characters and none of [ ] : * ? / \\ '."
            )
        tables = [sheet.table.name.lower() for sheet in self.sheets if sheet.table]
        if len(set(tables)) < len(tables):
            raise DefinitionError(f"Two tables of a workbook share a name: {sorted(tables)}.")


def sheet_names(ids: Iterable[str], taken: Sequence[str] = ()) -> dict[str, str]:
    """Give every id a sheet name that is short enough and its own.

    Args:
        ids: For example of measures.
        taken: Names that other sheets have.

    Returns:
        id -> name: the id itself where it fits, else its beginning and a number.
    """
    used = {name.lower() for name in taken}
    names: dict[str, str] = {}
    for one in ids:
        plain = _FORBIDDEN.sub("_", one) or "_"
        name, number = plain[:LONGEST_NAME], 1
        while name.lower() in used:
            number += 1
            end = f"_{number}"
            name = plain[: LONGEST_NAME - len(end)] + end
        used.add(name.lower())
        names[one] = name
    return names


def visible(text: str) -> str:
    """Make a text fit for a cell: what cannot be seen is drawn, what is too long is cut.

    Control characters, line ends among them, become their pictures (␀, ␉, ␊, ␍): a cell holds one
    line, neither format may hold most of them, and a reader sees that something was there. Scripts
    that run from right to left are as they were.
    """
    if _UNSEEN.search(text):
        text = _UNSEEN.sub(_picture, text)
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - len(_CUT)] + _CUT


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == _DELETE:
        return "␡"
    return chr(_PICTURES + code) if code < 0x20 else "\ufffd"


def texts(values: Iterable[str]) -> pa.Array:
    """Lay texts out as a column's values."""
    return pa.array(list(values), pa.string())


def width_of(values: Iterable[str], heading: str) -> int:
    """Give the width, in characters, that shows every text whole; the heading may be broken."""
    words = max(map(len, heading.split()), default=0)
    return max([len(value) for value in values] + [words, len(heading) // 3]) + _MARGIN


def text_column(
    heading: str, values: Iterable[str], *, widest: int = 60, links: Sequence[str] = ()
) -> Column:
    """Make a column of texts; an empty one becomes `none`, for no cell is blank."""
    filled = [value or NONE for value in values]
    width = width_of(filled, heading)
    return Column(
        heading=heading,
        values=texts(filled),
        width=min(width, widest),
        is_wrapped=width > widest,
        links=tuple(links),
    )


def number_column(
    heading: str, values: Iterable[float | None], shape: Shape = "whole", *, word: str = "[z]"
) -> Column:
    """Make a column of numbers; where there is none stands a word."""
    kind = pa.int64() if shape == "whole" else pa.float64()
    numbers = pa.array(list(values), kind)
    words = texts([word] * len(numbers))
    return Column(heading=heading, values=numbers, words=words, shape=shape, width=16)
