"""A name beside every code: the release's tables as people and spreadsheets want them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.publish.content import Labels
from social_evidence.wording.labels import WAVES, markers, named, named_flags

SUFFIX: Final = "_name"
"""A column of names is called as the column of codes before it, with this at its end."""

MARKERS: Final = "markers"
"""The column of bracketed letters, after the flags."""

_PART: Final = "\x1f"
_TEXT: Final = pa.dictionary(pa.int32(), pa.string())

Name = Callable[[str], str]


def with_names(table: pa.Table, labels: Labels) -> pa.Table:
    """Put a column of names after every column of codes.

    Args:
        table: The contract's estimates or comparisons.
        labels: The release's names.

    Returns:
        The same rows in the same order. Text columns are dictionary-encoded, for a name stands
        in thousands of rows; numbers and dates are as they were. After `flags` follow their
        names and the column `markers`.
    """
    columns: dict[str, pa.ChunkedArray] = {}
    for field in table.schema:
        column = table[field.name]
        columns[field.name] = _encoded(column) if pa.types.is_string(field.type) else column
        if (name := _naming(field.name, labels)) is not None:
            columns[field.name + SUFFIX] = _renamed(_encoded(column), name)
        elif field.name in _PAIRED:
            first, of_pair = _PAIRED[field.name]
            columns[field.name + SUFFIX] = _paired(table[first], column, of_pair(labels))
        if field.name == "flags":
            columns[MARKERS] = _marked(table)
    return pa.table(columns)


def _naming(column: str, labels: Labels) -> Name | None:
    """Give the function that names a column's codes, where one code is enough to know."""
    if column == "flags":
        return named_flags
    plain: Mapping[str, Mapping[str, str]] = {
        **labels.codes,
        "measure": labels.measures,
        "period": labels.periods,
        "period_from": labels.periods,
        "period_to": labels.periods,
        "area": labels.areas,
        "area_from": labels.areas,
        "area_to": labels.areas,
        "breakdown": labels.breakdowns,
        "source": labels.sources,
        "initiative": labels.initiatives,
        "success_measure": labels.success_measures,
        "wave": WAVES,
    }
    if column not in plain:
        return None
    return lambda code: named(code, plain[column])


_PAIRED: Final[Mapping[str, tuple[str, Callable[[Labels], Mapping[tuple[str, str], str]]]]] = {
    "part": ("measure", lambda labels: labels.parts),
    "series": ("measure", lambda labels: labels.series),
    "group": ("breakdown", lambda labels: labels.groups),
    "group_from": ("breakdown", lambda labels: labels.groups),
    "group_to": ("breakdown", lambda labels: labels.groups),
}
"""Column of codes -> the column before it that must be known too, and the names of the pairs."""


def _encoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.combine_chunks().dictionary_encode().cast(_TEXT)


def _renamed(codes: pa.Array, name: Name) -> pa.Array:
    """Name each value of a dictionary once, whatever the number of rows."""
    names = [name(code) for code in codes.dictionary.to_pylist()]
    encoded = pa.DictionaryArray.from_arrays(codes.indices, pa.array(names, pa.string()))
    # Two codes may share a name: a dictionary that holds it twice is refused by some readers.
    return encoded.dictionary_decode().dictionary_encode().cast(_TEXT)


def _paired(
    first: pa.ChunkedArray, second: pa.ChunkedArray, names: Mapping[tuple[str, str], str]
) -> pa.Array:
    pairs = pc.binary_join_element_wise(first, second, _PART)

    def name(pair: str) -> str:
        left, right = pair.split(_PART)
        return named(right, {right: names.get((left, right), "")})

    return _renamed(_encoded(pairs), name)


def _marked(table: pa.Table) -> pa.Array:
    pairs = pc.binary_join_element_wise(table["status"], table["flags"], _PART)
    return _renamed(_encoded(pairs), lambda pair: markers(*pair.split(_PART)))
