"""Column names from one or several header rows, and the refusals that belong to them."""

from __future__ import annotations

from collections.abc import Sequence

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout

# Top left and bottom right cell of a merged block, both from 0: ((row, column), (row, column)).
Merged = tuple[tuple[int, int], tuple[int, int]]

_JOINT = " | "
_LISTED = 12


def names(
    rows: Sequence[Sequence[str]], layout: Layout, merged: Sequence[Merged] = ()
) -> list[str]:
    """Join header rows to one name a column.

    White space in a header cell is trimmed and collapsed, as line breaks there are layout. Cells
    of one column that repeat the row above (a merged cell) count once.

    Args:
        rows: The cells of the layout's header rows, top to bottom.
        layout: Says how blanks are filled and which positions it names itself.
        merged: Merged blocks of the sheet.

    Returns:
        One name a column; blank where neither the file nor the layout has one.
    """
    width = max([len(row) for row in rows] + [int(position) for position in layout.headers])
    grid = [[" ".join(cell.split()) for cell in row] + [""] * (width - len(row)) for row in rows]
    _fill_merged(grid, layout.header_rows, merged)
    if layout.header_fill == "left":
        _fill_left(grid)
    joined = [_joined([row[column] for row in grid]) for column in range(width)]
    for position, name in layout.headers.items():
        joined[int(position) - 1] = name
    return joined


def check_names(found: Sequence[str], name: str) -> None:
    """Refuse a header without names, or with one name twice.

    Raises:
        DataError: Names and positions of what is repeated.
    """
    if not any(found):
        raise DataError(
            f"{name}: the header row is blank, so the columns have no names. Set header_rows in "
            "the layout to the row that holds them."
        )
    positions: dict[str, list[int]] = {}
    for position, column in enumerate(found, start=1):
        if column:
            positions.setdefault(column, []).append(position)
    repeated = {column: places for column, places in positions.items() if len(places) > 1}
    if repeated:
        shown = "; ".join(
            f"{column!r} in columns {', '.join(map(str, places))}"
            for column, places in list(repeated.items())[:5]
        )
        raise DataError(
            f"{name}: {len(repeated)} column name(s) stand more than once: {shown}. Which one is "
            "meant cannot be told: give the positions their own names in the layout's headers, or "
            "name more header rows if the names only differ together with the row above."
        )


def check_unnamed(counts: dict[int, int], name: str) -> None:
    """Refuse columns that hold values but have no name.

    Args:
        counts: Filled cells by column, counted from 0, of the columns without a name.
        name: The file, for the message.

    Raises:
        DataError: Positions, and how many cells they hold.
    """
    filled = {column: count for column, count in counts.items() if count}
    if filled:
        listed = [f"{column + 1} ({count:,})" for column, count in filled.items()]
        more = f" and {len(listed) - _LISTED:,} more" if len(listed) > _LISTED else ""
        shown = ", ".join(listed[:_LISTED]) + more
        raise DataError(
            f"{name}: the header is blank above column(s) that hold values; column (filled "
            f"cells): {shown}. If the names stand in another row, set header_rows; else name them "
            "in the layout's headers, or say in writing that they do not count: "
            "unnamed_columns = 'ignore'."
        )


def _fill_merged(
    grid: list[list[str]], header_rows: Sequence[int], merged: Sequence[Merged]
) -> None:
    """Copy the text of a merged block to each of its cells."""
    index = {row - 1: place for place, row in enumerate(header_rows)}
    for (top, left), (bottom, right) in merged:
        if top not in index:
            continue
        text = grid[index[top]][left] if left < len(grid[index[top]]) else ""
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if row in index and column < len(grid[index[row]]):
                    grid[index[row]][column] = text


def _fill_left(grid: list[list[str]]) -> None:
    """Let a blank in an upper row take the text to its left, where the column has any name."""
    for row in grid[:-1]:
        last = ""
        for column, text in enumerate(row):
            last = text or last
            if any(other[column] for other in grid):
                row[column] = last


def _joined(parts: Sequence[str]) -> str:
    """Join the filled cells of one column, leaving out repeats of the cell above."""
    kept: list[str] = []
    for part in parts:
        if part and (not kept or kept[-1] != part):
            kept.append(part)
    return _JOINT.join(kept)
