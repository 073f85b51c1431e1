"""The shape of a published standard's records: which fields, of what kind, under which title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "text", "number", "day", "part_day", "instant", "address", "mail", "uuid", "texts", "object"
]
"""`day`: a date or a date with time; `part_day`: also a year or a month; `instant`: a date with
time and zone; `address`: of the web; `texts`: a list of texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeField:
    """One field of a record.

    Attributes:
        title: The heading of its column in a spreadsheet; empty where the standard gives none.
        kind: What it holds.
        is_required: A record without it is refused.
        may_be_null: The standard lets it be null.
        is_list: It holds a list of objects of `shape`.
        minimum: At least so many of a list, or the smallest number; None for no limit.
        among: The codes it may hold; empty for any.
        shape: Of the object or objects it holds; None where it holds none.
    """

    title: str = ""
    kind: Kind = "text"
    is_required: bool = False
    may_be_null: bool = False
    is_list: bool = False
    minimum: int | None = None
    among: frozenset[str] = frozenset()
    shape: Shape | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The fields of one kind of object, by name; a name that is not here is kept as it came."""

    fields: Mapping[str, ShapeField] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class RecordFault:
    """One fault of a file of records.

    Attributes:
        place: Where in the file: `grants[2]`, or `row 5`; lists are counted from 0 as in JSON
            addresses, rows from 1 with the heading as the first.
        field: The field in that record, or the column; empty for the record as a whole.
        reason: What is wrong and what to do. It never repeats a person's name.
    """

    place: str
    field: str
    reason: str

    def __str__(self) -> str:
        """One line: place, field, reason."""
        where = f"{self.place}, {self.field}" if self.field else self.place
        return f"{where}: {self.reason}"
