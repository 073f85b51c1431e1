"""Counts and published tables: from a publisher's rows to cells with an address and a status.

A table gives numbers, markers and names; a source says which rows, which columns and what the
names mean. Nothing is guessed: an unknown area, marker, period or group stops the build.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from social_evidence.engine import counts_names as names
from social_evidence.engine.counts_join import Frame, join_columns
from social_evidence.errors import DataError, DefinitionError
from social_evidence.model.area import AreaTree
from social_evidence.model.provenance import LeftOut
from social_evidence.model.source import Source, SourceFile
from social_evidence.model.source_table import Quantity
from social_evidence.model.table import SourceTable
from social_evidence.plan.codes import compared, number, plain
from social_evidence.plan.counted import (
    NOT_AVAILABLE,
    Address,
    Cell,
    Cells,
    marker_status,
    nearest,
    whole_years,
)


class CountsTable(SourceTable, Protocol):
    """A source table that also gives its columns whole and its markers row by row."""

    def to_table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Read the columns named."""
        ...

    def marker(self, column: str) -> pa.ChunkedArray:
        """Give the suppression markers of a number column, null where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class CountsRead:
    """What a source's files hold.

    cells: quantity -> cells, months summed to years where asked, areas not yet summed.
    left_out: rows of named places that belong to no area, per file and reason. rows: per file.
    """

    cells: Mapping[str, Cells]
    left_out: tuple[LeftOut, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


def read(
    source: Source,
    tables: Sequence[tuple[SourceFile, CountsTable]],
    areas: AreaTree,
    wanted: Collection[str],
) -> CountsRead:
    """Read the quantities wanted from a source's files.

    Args:
        source: What rows, columns and names mean.
        tables: Each file with its opened table, in the source's order.
        areas: The tree that names are looked up in.
        wanted: Ids of the quantities needed.

    Returns:
        Cells by quantity, scaled; what was left out and why.

    Raises:
        DataError: A missing column, an unknown area, period, group or marker, text where a
            number belongs, two rows for one cell, or two files that contradict each other.
        DefinitionError: A quantity that the source does not define, or two files with no
            `combine` that say how they join.
    """
    for quantity_id in wanted:
        if quantity_id not in source.quantities:
            raise DefinitionError(
                f"source {source.id!r} has no quantity {quantity_id!r}"
                f"{nearest(quantity_id, source.quantities)}."
            )
    frames = _frames(source, tables)
    lost: dict[tuple[str, str], set[int]] = {}
    cells = {
        quantity_id: _quantity_cells(source, quantity_id, frames, areas, lost)
        for quantity_id in sorted(wanted)
    }
    left_out = tuple(
        LeftOut(name=name, reason=reason, rows=len(rows))
        for (name, reason), rows in sorted(lost.items())
    )
    return CountsRead(cells, left_out, {frame.name: frame.rows for frame in frames})


def _frames(source: Source, tables: Sequence[tuple[SourceFile, CountsTable]]) -> tuple[Frame, ...]:
    frames = tuple(_frame(file, table) for file, table in tables)
    if source.combine == "columns":
        return join_columns(source.id, frames, source.key)
    waves = [frame.wave for frame in frames]
    if source.combine == "" and len(set(waves)) < len(waves):
        raise DefinitionError(
            f"source {source.id!r}: {len(waves)} files share a wave, and nothing says how they "
            'join. Add combine = "rows" or combine = "columns" with key = [...], or give each '
            "file its own `wave`."
        )
    return frames


def _frame(file: SourceFile, table: CountsTable) -> Frame:
    rows = table.to_table()
    if not rows.num_rows:
        raise DataError(
            f"{table.name}: there are no rows, so nothing can be counted. Fetch the file again, or "
            "correct the layout if its rows are elsewhere."
        )
    marked = [column for column in table.columns if table.markers.get(column)]
    return Frame(
        name=table.name,
        wave=file.wave,
        table=rows,
        markers={column: table.marker(column) for column in marked},
    )


def _quantity_cells(
    source: Source,
    quantity_id: str,
    frames: Sequence[Frame],
    areas: AreaTree,
    lost: dict[tuple[str, str], set[int]],
) -> dict[Address, Cell]:
    quantity = source.quantities[quantity_id]
    matched: dict[str, set[str]] = {}
    cells: dict[Address, Cell] = {}
    for frame in frames:
        rows, found = names.picked_rows(frame, {**source.rows, **quantity.rows}, trim=source.trim)
        for column, values in found.items():
            matched.setdefault(column, set()).update(values)
        reading = _Reading(source, quantity_id, quantity, frame, areas, rows, lost)
        _merge(cells, reading.cells(), reading.where)
    _check_filters(source, quantity_id, quantity, matched, frames)
    if source.period.sum_to:
        cells = whole_years(cells, source.period.sum_to, source.period.absent_months)
    keep = source.period.keep
    return {a: cell for a, cell in cells.items() if not keep or a.period in keep}


def _merge(cells: dict[Address, Cell], more: Mapping[Address, Cell], where: str) -> None:
    for address, cell in more.items():
        known = cells.setdefault(address, cell)
        if known != cell:
            raise DataError(
                f"{where}: {_words(address)} has another value than in an earlier file of the "
                "source. Two files may repeat a cell, but not contradict each other: leave one "
                "out, or keep its periods with period.keep."
            )


def _check_filters(
    source: Source,
    quantity_id: str,
    quantity: Quantity,
    matched: Mapping[str, set[str]],
    frames: Sequence[Frame],
) -> None:
    """Refuse a filter value that no row of any file has: the publisher may have renamed it."""
    for column, values in {**source.rows, **quantity.rows}.items():
        for value in values:
            if compared(value, trim=source.trim) not in matched.get(column, set()):
                known = {v for frame in frames for v in names.distinct(frame, column)}
                raise DataError(
                    f"{frames[0].name}: no row has {value!r} in column {column!r}, which quantity "
                    f"{quantity_id!r} of source {source.id!r} asks for{nearest(value, known)}. "
                    "The figure would be silently empty; correct `rows`."
                )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One quantity read from one file, its picked rows known."""

    source: Source
    quantity_id: str
    quantity: Quantity
    frame: Frame
    areas: AreaTree
    rows: Sequence[int]
    lost: dict[tuple[str, str], set[int]]

    @property
    def where(self) -> str:
        return f"{self.frame.name}: quantity {self.quantity_id!r} of source {self.source.id!r}"

    def cells(self) -> dict[Address, Cell]:
        places = names.area_codes(self.source, self.frame, self.areas, self.rows, self.lost)
        groups = names.row_groups(self.quantity, self.frame, self.rows, trim=self.source.trim)
        cells: dict[Address, Cell] = {}
        for periods, cell_of in self._columns():
            self._add(cells, places, periods, groups, cell_of)
        for breakdown, columns in self.quantity.group_columns.items():
            for group, column in columns.items():
                everybody = [(breakdown, group)] * len(self.rows)
                self._add(cells, places, self._periods(), everybody, self._reader((column,)))
        for code, column in self.quantity.area_columns.items():
            self._add_repeated(cells, code, column, groups)
        return cells

    def _add(
        self,
        cells: dict[Address, Cell],
        places: Sequence[str | None],
        periods: Sequence[str],
        groups: Sequence[tuple[str, str]],
        cell_of: Callable[[int], Cell],
    ) -> None:
        """Read one column of figures, one for each picked row that has a place."""
        for at, row in enumerate(self.rows):
            if (place := places[at]) is None:
                continue
            address = Address(place, periods[at], *groups[at])
            if address in cells:
                raise DataError(
                    f"{self.where}: {_words(address)} stands in two rows (the second is row "
                    f"{row + 1} of the table). One of them would be lost: narrow `rows` so "
                    "that one row is left."
                )
            cells[address] = cell_of(row)

    def _add_repeated(
        self,
        cells: dict[Address, Cell],
        code: str,
        column: str,
        groups: Sequence[tuple[str, str]],
    ) -> None:
        """Read an area whose figure one column repeats in every row; the rows must agree."""
        labels = self._periods()
        cell_of = self._reader((column,))
        for at, row in enumerate(self.rows):
            address, cell = Address(code, labels[at], *groups[at]), cell_of(row)
            if cells.setdefault(address, cell) != cell:
                raise DataError(
                    f"{self.where}: column {column!r} has two values for {_words(address)} (the "
                    f"second in row {row + 1} of the table). It should repeat one figure: leave "
                    "it out of `area_columns`, or narrow `rows`."
                )

    def _columns(self) -> Iterator[tuple[Sequence[str], Callable[[int], Cell]]]:
        """Give, for each column of values, what period a row has and how its cell is read."""
        if self.source.period.wide:
            for column in names.run_of_columns(self.frame, self.quantity, self.where):
                label = names.read_period(column, self.source.period.form, self.frame.name, column)
                yield [label] * len(self.rows), self._reader((column,))
            return
        yield self._periods(), self._reader(self._value_columns())

    def _periods(self) -> list[str]:
        if self.quantity.period:
            return [self.quantity.period] * len(self.rows)
        return names.row_periods(self.source, self.frame, self.rows)

    def _value_columns(self) -> tuple[str, ...]:
        if self.quantity.column:
            return (self.quantity.column,)
        return names.run_of_columns(self.frame, self.quantity, self.where)

    def _reader(self, columns: tuple[str, ...]) -> Callable[[int], Cell]:
        values = [self._numbers(column) for column in columns]
        limit_columns = (self.quantity.lower, self.quantity.upper, self.quantity.half_width)
        lower, upper, half = (self._limit(column) for column in limit_columns)
        scale = self.quantity.scale

        def read_cell(row: int) -> Cell:
            found = [column(row) for column in values]
            if hidden := [cell for cell in found if cell.number is None]:
                protected = any(cell.status == "protected" for cell in hidden)
                return Cell(status="protected") if protected else hidden[0]
            whole = sum(cell.number or 0.0 for cell in found)
            low, high = lower(row), upper(row)
            if (spread := half(row)) is not None:
                low, high = whole - spread, whole + spread
            return Cell(
                number=_scaled(whole, scale), lower=_scaled(low, scale), upper=_scaled(high, scale)
            )

        return read_cell

    def _limit(self, column: str) -> Callable[[int], float | None]:
        if not column:
            return lambda _row: None
        read_cell = self._numbers(column)
        return lambda row: read_cell(row).number

    def _numbers(self, column: str) -> Callable[[int], Cell]:
        """Read one column: a number, or the status its marker stands for."""
        values = self.frame.column(column).to_pylist()
        markers = self._markers(column)

        def read_cell(row: int) -> Cell:
            value, marker = values[row], markers[row]
            if value is None and marker is None:
                return NOT_AVAILABLE
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return Cell(number=float(value))
            return self._marked(column, row, str(marker if value is None else value))

        return read_cell

    def _markers(self, column: str) -> list[str | None]:
        """Give a column's markers by row: its own, else those of the column that explains it."""
        own = self.frame.marks(column)
        if not self.quantity.marker_column:
            return own
        beside = map(plain, self.frame.column(self.quantity.marker_column).to_pylist())
        return [mark or why or None for mark, why in zip(own, beside, strict=True)]

    def _marked(self, column: str, row: int, text: str) -> Cell:
        meaning = marker_status(text, self.source.markers)
        if isinstance(meaning, float):
            return Cell(number=meaning)
        if meaning is not None:
            return Cell(status=meaning)
        value = number(text)
        if value is None:
            raise DataError(
                f"{self.where}: column {column!r}, row {row + 1} of the table holds {text!r}, "
                "which is neither a number nor a marker whose meaning is known. Say what it means "
                f'in the source\'s `markers` (for example {text!r} = "not_available").'
            )
        return Cell(number=value)


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale


def _words(address: Address) -> str:
    group = "" if address.breakdown == "all" else f", {address.breakdown} {address.group}"
    return f"area {address.area}, period {address.period}{group}"
