"""Participants' files of every kind as numbered rows of text, ready to be looked through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from social_evidence.errors import DataError
from social_evidence.model.layout import Layout
from social_evidence.readers import open_table
from social_evidence.readers.form import Form, found, is_workbook, numbered_rows, read_form
from social_evidence.readers.mark import is_mark
from social_evidence.readers.table import FileTable

LARGEST_FILE: Final = 200_000_000
MOST_ROWS: Final = 1_000_000
_DELIMITED: Final = (".csv", ".tsv", ".txt", ".tab")
_STATISTICAL: Final = (".sav", ".zsav", ".dta", ".parquet")

Cells = Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A table with its rows' numbers.

    Attributes:
        name: Of the file.
        digest: sha-256 of it.
        sheet: Of a workbook; empty else.
        header: Names of the columns.
        rows: Row number as its program shows it, and its cells.
        labels: Column -> value as text -> label, where the file has such.
        formulas: Row numbers and positions of cells that are worked out, or merged.
    """

    name: str
    digest: str
    header: tuple[str, ...]
    rows: Iterator[tuple[int, Cells]]
    sheet: str = ""
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    formulas: frozenset[tuple[int, int]] = frozenset()


@contextmanager
def participant_rows(path: Path) -> Iterator[Numbered]:
    """Open a participants' file: delimited text, a workbook, .sav, .dta or .parquet.

    Raises:
        DataError: It is of another kind, too large, damaged, or has no header.
    """
    suffix = path.suffix.lower()
    if is_workbook(path):
        yield _of_workbook(read_form(path))
    elif suffix in _DELIMITED:
        with numbered_rows(path, LARGEST_FILE, "\t" if suffix in {".tsv", ".tab"} else "") as rows:
            yield Numbered(
                name=rows.name, digest=rows.digest, header=_checked(rows), rows=rows.rows
            )
    elif suffix in _STATISTICAL:
        yield _of_table(path)
    else:
        raise DataError(
            f"{path.name}: participants' answers come as .csv, .xlsx, .ods, .sav, .dta or .parquet."
        )


def _checked(rows: Any) -> tuple[str, ...]:
    return _unique(rows.name, rows.header)


def _unique(name: str, header: Sequence[str]) -> tuple[str, ...]:
    if twice := sorted({column for column in header if column and header.count(column) > 1}):
        raise DataError(
            f"{name}: row 1 names {', '.join(map(repr, twice))} more than once; nobody can tell "
            "which one is meant. Rename one."
        )
    return tuple(header)


def _of_workbook(form: Form) -> Numbered:
    filled = [
        sheet
        for name, sheet in form.sheets.items()
        if not is_mark([name]) and any(_shown(cell) for row in sheet.rows for cell in row)
    ]
    if len(filled) != 1:
        raise DataError(
            f"{form.name}: has {len(filled)} sheets with something in them; answers stand in one. "
            "Delete the others, or save the sheet of answers by itself."
        )
    sheet = filled[0]
    header = _unique(form.name, [_shown(cell) for cell in sheet.rows[0]])
    odd = sheet.formulas | sheet.merged | frozenset(sheet.errors)
    return Numbered(
        name=form.name,
        digest=form.digest,
        sheet=sheet.name,
        header=header,
        rows=(
            (at, row)
            for at, row in enumerate(sheet.rows[1:], start=2)
            if any(_shown(cell) for cell in row)
        ),
        formulas=frozenset((row + 1, column) for row, column in odd),
    )


def _of_table(path: Path) -> Numbered:
    source = found(path, LARGEST_FILE)
    table = open_table(path, Layout(unnamed_columns="ignore"))
    if table.rows is not None and table.rows > MOST_ROWS:
        raise DataError(f"{path.name}: has {table.rows:,} rows; at most {MOST_ROWS:,} are read.")
    labels = {
        column: {_shown(code): label for code, label in of_column.items()}
        for column, of_column in table.labels.items()
    }

    def rows() -> Iterator[tuple[int, Cells]]:
        number = 0
        for batch in table.batches():
            columns = (
                _answered(column.to_pylist(), table, name)
                for name, column in zip(table.columns, batch.columns, strict=True)
            )
            for row in zip(*columns, strict=True):
                number += 1
                yield number, row

    return Numbered(
        name=path.name, digest=source.digest, header=table.columns, rows=rows(), labels=labels
    )


def _answered(values: list[Any], table: FileTable, name: str) -> list[Any]:
    """Take out the codes that the file itself calls missing."""
    codes, ranges = table.missing.get(name, frozenset()), table.missing_ranges.get(name, ())
    if not codes and not ranges:
        return values
    return [None if _is_missing(value, codes, ranges) else value for value in values]


def _is_missing(value: Any, codes: frozenset[Any], ranges: Sequence[tuple[float, float]]) -> bool:
    if value in codes:
        return True
    return isinstance(value, int | float) and any(low <= value <= high for low, high in ranges)


def _shown(cell: Any) -> str:
    return text_of(cell)


def text_of(cell: Any) -> str:
    """Write a cell as text: whole numbers without a point, days as ISO dates, nothing as empty."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell).strip()
