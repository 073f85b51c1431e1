"""Frozen records by the hundred thousand, made column by column.

The constructor of a frozen class sets each field through a call of its own, which takes longer
than all else that is done with a row of thirty fields. Setting one field of all records at once
takes a fifth of that time and gives the same records.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import MISSING, Field, fields
from itertools import repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Record = TypeVar("Record", bound=DataclassInstance)


def of_columns(kind: type[Record], columns: Mapping[str, Collection[Any]]) -> list[Record]:
    """Make records of their fields' values, as the class itself would make them one by one.

    Args:
        kind: A frozen class with slots, whose constructor does nothing but set its fields.
        columns: Field -> its values, all equally many. A field that is left out has its default.

    Raises:
        TypeError: A field without default is missing, or there is no such field.
        ValueError: The columns are not equally long.
    """
    known = {one.name: one for one in fields(kind)}
    if strange := sorted(set(columns) - set(known)):
        raise TypeError(f"{kind.__name__} has no field {strange[0]!r}")
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise ValueError(f"the columns of {kind.__name__} differ in length: {sorted(lengths)}")
    made = [object.__new__(kind) for _ in range(max(lengths, default=0))]
    for name, one in known.items():
        _set(kind, name, made, columns[name] if name in columns else repeat(_default(kind, one)))
    return made


def with_columns(
    kind: type[Record], records: Collection[Record], columns: Mapping[str, Collection[Any]]
) -> list[Record]:
    """Copy records with other values in some of their fields.

    Args:
        kind: Their class, as `of_columns` takes it.
        records: What to copy.
        columns: Field -> a value for each record.
    """
    kept = {
        one.name: list(map(attrgetter(one.name), records))
        for one in fields(kind)
        if one.name not in columns
    }
    return of_columns(kind, {**kept, **columns})


def _set(kind: type[Record], name: str, made: list[Record], values: Any) -> None:
    # The slot itself is asked: the class refuses, for a record never changes once it is made.
    deque(map(getattr(kind, name).__set__, made, values), maxlen=0)


def _default(kind: type[Record], one: Field[Any]) -> Any:
    if one.default is MISSING:
        raise TypeError(f"{kind.__name__} needs the field {one.name!r}")
    return one.default
