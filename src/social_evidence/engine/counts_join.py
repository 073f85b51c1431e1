"""Files of one wave that hold different columns, joined by their key before they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from social_evidence.errors import DataError, DefinitionError
from social_evidence.plan.counted import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A counted table in memory (they are small), with the markers of its number columns.

    wave: the period the file is for, empty where a column tells. markers: only columns that have
    some; text, null where there is none, aligned with the rows.
    """

    name: str
    wave: str
    table: pa.Table
    markers: Mapping[str, pa.ChunkedArray]

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return int(self.table.num_rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names, in the file's order."""
        return tuple(self.table.column_names)

    def column(self, name: str) -> pa.ChunkedArray:
        """Give one column.

        Raises:
            DataError: The file has no such column.
        """
        if name not in self.table.column_names:
            raise DataError(
                f"{self.name}: column {name!r} is not in the file{nearest(name, self.columns)}. "
                "Nothing can be counted without it: correct the name, or the layout if the "
                "columns look wrong."
            )
        return self.table.column(name)

    def marks(self, name: str) -> list[str | None]:
        """Give a column's suppression markers by row."""
        found = self.markers.get(name)
        return [None] * self.rows if found is None else found.to_pylist()


def join_columns(source: str, frames: Sequence[Frame], key: Sequence[str]) -> tuple[Frame, ...]:
    """Join the files of each wave side by side on their key columns.

    Args:
        source: Id, for messages.
        frames: Files in the source's order; the first of a wave says which rows there are.
        key: Columns that every file has and that name a row.

    Returns:
        One frame a wave.

    Raises:
        DefinitionError: There is no key.
        DataError: A key stands twice in a file, or a column that two files share differs.
    """
    if not key:
        raise DefinitionError(
            f'source {source!r}: combine = "columns" needs key = [...], the columns that say '
            "which rows of its files belong together."
        )
    waves: dict[str, Frame] = {}
    for frame in frames:
        first = waves.get(frame.wave)
        waves[frame.wave] = frame if first is None else _joined(first, frame, tuple(key))
    return tuple(waves.values())


def _joined(left: Frame, right: Frame, key: tuple[str, ...]) -> Frame:
    places = {found: at for at, found in enumerate(_keys(right, key))}
    if len(places) < right.rows:
        raise DataError(
            f"{right.name}: {right.rows - len(places)} rows repeat a key {list(key)}, so the files "
            "cannot be joined by it. Name further key columns or narrow the file."
        )
    take = pa.array([places.get(found) for found in _keys(left, key)], pa.int64())
    for shared in sorted((set(left.columns) & set(right.columns)) - set(key)):
        if left.column(shared).to_pylist() != right.column(shared).take(take).to_pylist():
            raise DataError(
                f"{right.name}: column {shared!r} stands in {left.name} too, with other values. "
                "Add it to the source's key if it names rows, or correct one of the files."
            )
    table, markers = left.table, dict(left.markers)
    for column in right.columns:
        if column not in left.columns:
            table = table.append_column(column, right.column(column).take(take))
            if column in right.markers:
                markers[column] = right.markers[column].take(take)
    return replace(left, name=f"{left.name} + {right.name}", table=table, markers=markers)


def _keys(frame: Frame, key: Sequence[str]) -> list[tuple[object, ...]]:
    return list(zip(*(frame.column(name).to_pylist() for name in key), strict=True))
