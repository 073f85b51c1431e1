"""How the answers of `estimate` are printed: a readable table, JSON, or CSV."""

from __future__ import annotations

import json
import math
import sys
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as arrow_csv
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from social_evidence.cli.estimate_arguments import Answer
from social_evidence.model.design import Design

NOTE: Final = "No disclosure rule has been applied."
_WIDE: Final = 200
_NOTHING: Final = "–"


def print_tables(answer: Answer) -> None:
    """Print tables for a reader, rounded, with the design and the note underneath."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDE)
    if answer.estimates is not None:
        console.print(_estimates(answer.estimates, answer.by))
    if answer.differences is not None:
        console.print(_differences(answer.differences))
    if answer.tests is not None:
        console.print(_tests(answer.tests))
    console.print(f"{answer.name}. {_described(answer.design)}", markup=False, soft_wrap=True)
    console.print(NOTE, markup=False)


def print_json(answer: Answer) -> None:
    """Print every row at full precision, null where there is no number."""
    whole = {kind: table.to_pylist() for kind, table in answer.tables.items()}
    sys.stdout.write(
        json.dumps({**whole, "note": NOTE}, ensure_ascii=False, allow_nan=False, default=str) + "\n"
    )


def print_csv(answer: Answer) -> None:
    """Print the one table at full precision; the note goes to standard error."""
    (table,) = answer.tables.values()
    written = pa.BufferOutputStream()
    arrow_csv.write_csv(table, written)
    sys.stdout.write(written.getvalue().to_pybytes().decode("utf-8"))
    sys.stderr.write(NOTE + "\n")


def _estimates(rows: pa.Table, by: tuple[str, ...]) -> Table:
    table = _table()
    for name in by:
        table.add_column(Text(name))
    level = _level(rows)
    table.add_column("statistic")
    for heading in ("estimate", "standard error", f"{level} interval", "interval", "df"):
        table.add_column(heading, justify="left" if heading == "interval" else "right")
    for heading in ("design effect", "base", "effective base"):
        table.add_column(heading, justify="right")
    labels = {name: rows.schema.field(name).metadata or {} for name in by}
    for row in rows.to_pylist():
        groups = [_labelled(row[name], labels[name]) for name in by]
        asked = f"{row['statistic']} {row['variable']}"
        _add(table, *groups, asked, *_figures(row), *_base(row))
    return table


def _differences(rows: pa.Table) -> Table:
    table = _table()
    table.add_column("difference")
    for heading in ("estimate", "standard error", f"{_level(rows)} interval"):
        table.add_column(heading, justify="right")
    table.add_column("interval")
    table.add_column("df", justify="right")
    table.add_column("p", justify="right")
    for row in rows.to_pylist():
        named = f"{row['variable']}: {row['by']} {row['left']} − {row['right']}"
        _add(table, named, *_figures(row), _p(row["p_value"]))
    return table


def _tests(rows: pa.Table) -> Table:
    table = _table()
    for heading in ("rows", "columns", "test"):
        table.add_column(heading)
    for heading in ("value", "numerator df", "denominator df", "p", "base"):
        table.add_column(heading, justify="right")
    for row in rows.to_pylist():
        _add(
            table,
            row["rows"],
            row["columns"],
            row["statistic"],
            _plain(row["value"], 3),
            _plain(row["numerator_degrees_of_freedom"], 2),
            _plain(row["denominator_degrees_of_freedom"], 2),
            _p(row["p_value"]),
            f"{row['base']:,}",
        )
    return table


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False)


def _add(table: Table, *cells: str) -> None:
    # Text of a file is shown as it is: brackets in a label are no instructions to the terminal.
    table.add_row(*(Text(cell) for cell in cells))


def _figures(row: dict[str, Any]) -> list[str]:
    decimals = _decimals(row["estimate"], row["standard_error"])
    limits = (row["lower"], row["upper"])
    shown = [_plain(value, decimals) for value in limits]
    return [
        _plain(row["estimate"], decimals),
        _plain(row["standard_error"], decimals),
        _NOTHING if None in limits else f"{shown[0]} to {shown[1]}",
        row["interval_method"],
        _plain(row["degrees_of_freedom"], 0),
    ]


def _base(row: dict[str, Any]) -> list[str]:
    return [_plain(row["design_effect"], 2), f"{row['base']:,}", _plain(row["effective_base"], 0)]


def _decimals(estimate: float | None, error: float | None) -> int:
    """Show the standard error with three digits, and the estimate as far."""
    size = error or abs(estimate or 0)
    return 4 if not size else max(0, min(8, 2 - math.floor(math.log10(size))))


def _plain(value: float | None, decimals: int) -> str:
    return _NOTHING if value is None else f"{value:,.{decimals}f}"


def _p(value: float | None) -> str:
    if value is None:
        return _NOTHING
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def _level(rows: pa.Table) -> str:
    levels = rows.column("level").to_pylist()
    return f"{100 * levels[0]:g} %" if levels else ""


def _labelled(code: object, labels: dict[bytes, bytes]) -> str:
    """Show a code with its label, where the file has one."""
    label = labels.get(f"label:{code}".encode())
    return str(code) if label is None else f"{code} {label.decode()}"


def _described(design: Design) -> str:
    if design.replicates:
        drawn = f"replicate weights ({design.replicate_method})"
    else:
        parts = (
            ("strata", design.strata),
            ("units", design.psu),
            ("second-stage units", design.ssu),
            ("finite population", design.fpc),
        )
        named = [
            f"{what} {name if isinstance(name, str) else ', '.join(name)}"
            for what, name in parts
            if name
        ]
        drawn = "; ".join(named) or "each row its own unit, no strata"
    weighted = f"weight {design.weight}" if design.weight else "unweighted"
    calibrated = f"; calibrated ({design.calibration.method})" if design.calibration else ""
    return f"Design: {drawn}; {weighted}{calibrated}."
