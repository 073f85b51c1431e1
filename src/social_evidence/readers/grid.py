"""From rows of text cells to a typed table: the road shared by delimited files and spreadsheets.

The rows are read once to settle what each column holds. Small tables are kept in memory; larger
ones are read again for every stream, so that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import pyarrow as pa

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers import cells as text_cells
from social_evidence.readers.header import Merged, check_names, check_unnamed, names
from social_evidence.readers.mark import is_mark
from social_evidence.readers.table import Columns, FileTable, check_columns, chosen

Row = tuple[int, Sequence[str]]
Page = tuple[list[pa.Array], Sequence[int]]
Pages = Callable[[Sequence[int]], Iterator[Page]]

_CELLS_A_PAGE = 500_000
_KEPT_BYTES = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows of text cells, as they stand in a file.

    Attributes:
        name: File (and sheet), for messages.
        digest: sha-256 of the file's bytes.
        layout: Where header and values lie.
        rows: Opens the rows, each with its number from 1, from the first one.
        merged: Merged blocks of the sheet.
        is_ragged_allowed: Rows may be shorter than the header (a sheet stores no blank tail).
    """

    name: str
    digest: str
    layout: Layout
    rows: Callable[[], AbstractContextManager[Iterator[Row]]]
    merged: Sequence[Merged] = ()
    is_ragged_allowed: bool = False


def to_table(
    grid: Grid,
    columns: Columns,
    fast_pages: Callable[[int], Pages | None] | None = None,
) -> FileTable:
    """Find the header, settle the columns' types and return the table.

    Args:
        grid: The rows.
        columns: Only these, in this order; None for all named ones; or who chooses them.
        fast_pages: Given the header's width, another way to the same pages, or None where the
            file is not plain enough for it.

    Raises:
        DataError: Header, shape or a number column is at fault.
    """
    found = _header(grid)
    named = [name for name in found if name]
    wanted, layout = chosen(columns, named, grid.layout, grid.name)
    grid = replace(grid, layout=layout)
    key = (layout.stop_at_blank,) if layout.stop_at_blank else ()
    for declared in (layout.text_columns, layout.number_columns, key):
        check_columns(declared, named, grid.name)
    is_fast = fast_pages and (all(found) or layout.unnamed_columns == "ignore")
    pages = (fast_pages(len(found)) if fast_pages and is_fast else None) or _strict_pages(
        grid, found
    )
    return replace(_Settled.of(grid, found, wanted, pages).table(), is_marked=is_mark(named))


def _header(grid: Grid) -> list[str]:
    """Read the header rows and join them to names."""
    wanted = grid.layout.header_rows
    rows: list[Sequence[str]] = []
    count = 0
    with grid.rows() as source:
        for number, cells in source:
            count = number
            if number in wanted:
                rows.append(cells)
            if number >= max((*wanted, 1)):
                break
    if count < max(wanted, default=0):
        raise DataError(
            f"{grid.name}: header row {max(wanted)} is beyond the end: there are {count} rows. "
            "Correct header_rows in the layout, or the sheet."
        )
    found = names(rows, grid.layout, grid.merged)
    check_names(found, grid.name)
    return found


def body(grid: Grid, found: Sequence[str], source: Iterator[Row]) -> Iterator[Row]:
    """Give the rows of values: after the header, before the footnotes, empty ones left out."""
    layout, width = grid.layout, len(found)
    start, last = layout.start_row, layout.last_row
    key = found.index(layout.stop_at_blank) if layout.stop_at_blank else -1
    number = 0
    for number, cells in source:
        if number < start or not cells:
            continue
        if (last and number > last) or _is_stop(cells, key, layout.stop_at_text):
            return
        if len(cells) != width:
            yield number, _fitted(grid, number, cells, width)
        else:
            yield number, cells
    if number < max(layout.first_row, last):
        raise DataError(
            f"{grid.name}: the layout puts values in rows {start} to {last or 'the end'}, but "
            f"there are {number} rows. Correct first_row or last_row."
        )


def _is_stop(cells: Sequence[str], key: int, text: str) -> bool:
    """Say whether the table ends before this row."""
    if key >= 0 and (len(cells) <= key or not cells[key].strip()):
        return True
    if not text:
        return False
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    return first.startswith(text)


def _fitted(grid: Grid, number: int, cells: Sequence[str], width: int) -> Sequence[str]:
    """Bring a row to the header's width, or refuse it."""
    if len(cells) > width:
        if not any(cell.strip() for cell in cells[width:]):
            return cells[:width]
    elif grid.is_ragged_allowed:
        return [*cells, *([""] * (width - len(cells)))]
    raise DataError(
        f"{grid.name}: row {number:,} has {len(cells)} cells where the header has {width}. Cells "
        "would slip into the wrong columns: repair the row (a quote or delimiter too many?), or, "
        "if it is a footnote, end the table before it with last_row, stop_at_blank or stop_at_text."
    )


def _strict_pages(grid: Grid, found: Sequence[str]) -> Pages:
    """Read pages row by row, checking each."""
    unnamed = [place for place, name in enumerate(found) if not name]
    size = max(256, _CELLS_A_PAGE // max(1, len(found)))

    def pages(wanted: Sequence[int]) -> Iterator[Page]:
        filled = dict.fromkeys(unnamed, 0)
        kept: list[Sequence[str]] = []
        numbers: list[int] = []
        with grid.rows() as source:
            for number, cells in body(grid, found, source):
                kept.append(cells)
                numbers.append(number)
                for place in unnamed:
                    filled[place] += bool(cells[place].strip())
                if len(kept) == size:
                    yield _page(kept, wanted, grid.layout), numbers
                    kept, numbers = [], []
        yield _page(kept, wanted, grid.layout), numbers
        if grid.layout.unnamed_columns == "refuse":
            check_unnamed(filled, grid.name)

    return pages


def _page(rows: list[Sequence[str]], wanted: Sequence[int], layout: Layout) -> list[pa.Array]:
    return [text_cells.to_text([row[place] for row in rows], layout) for place in wanted]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settled:
    """A grid whose columns' types are known."""

    grid: Grid
    places: dict[str, int]
    evidence: dict[str, text_cells.Evidence]
    pages: Pages
    rows: int

    @classmethod
    def of(cls, grid: Grid, found: Sequence[str], wanted: Sequence[str], pages: Pages) -> _Settled:
        """Read every page once; keep the pages where they are small."""
        layout = grid.layout
        grammar = text_cells.Grammar.of(layout)
        places = {name: found.index(name) for name in wanted}
        evidence = {
            name: text_cells.Evidence(declared=name in layout.number_columns) for name in wanted
        }
        kept: list[Page] | None = []
        count = size = 0
        for columns, numbers in pages(list(places.values())):
            count += len(numbers)
            for name, column in zip(wanted, columns, strict=True):
                if name in layout.number_columns:
                    where = f"{grid.name}: column {name!r}"
                    text_cells.check_numbers(column, grammar, layout, where, numbers)
                if name not in layout.text_columns:
                    text_cells.observe(evidence[name], column, grammar, layout)
            size += sum(column.nbytes for column in columns)
            if kept is not None:
                kept = [*kept, (columns, numbers)] if size <= _KEPT_BYTES else None
        if kept is not None:
            pages = _kept_pages(kept, {place: index for index, place in enumerate(places.values())})
        return cls(grid=grid, places=places, evidence=evidence, pages=pages, rows=count)

    def table(self) -> FileTable:
        """Return the table that streams these pages with their types."""
        fields = [pa.field(name, seen.kind) for name, seen in self.evidence.items()]
        numbers = {name: seen for name, seen in self.evidence.items() if seen.kind != pa.string()}
        return FileTable(
            name=self.grid.name,
            digest=self.grid.digest,
            schema=pa.schema(fields),
            stream=self._values,
            marker_stream=self._markers,
            markers={name: dict(seen.markers) for name, seen in numbers.items() if seen.markers},
            rows=self.rows,
        )

    def _values(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        kinds = {name: self.evidence[name].kind for name in columns}
        schema = pa.schema(list(kinds.items()))
        for texts, _ in self.pages([self.places[name] for name in columns]):
            arrays = [self._typed(name, text) for name, text in zip(columns, texts, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _typed(self, name: str, text: pa.Array) -> pa.Array:
        seen = self.evidence[name]
        if seen.kind == pa.string():
            return text
        return text_cells.to_numbers(
            text, seen.kind, self.grid.layout, has_markers=bool(seen.markers)
        )

    def _markers(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        schema = pa.schema([(name, pa.string()) for name in columns])
        for texts, _ in self.pages([self.places[name] for name in columns]):
            arrays = [text_cells.to_markers(text, self.grid.layout) for text in texts]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _kept_pages(kept: list[Page], index: dict[int, int]) -> Pages:
    """Serve pages from memory."""

    def pages(wanted: Sequence[int]) -> Iterator[Page]:
        for columns, numbers in kept:
            yield [columns[index[place]] for place in wanted], numbers

    return pages
