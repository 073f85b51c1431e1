"""How the answers of `estimate` are printed: a readable table, JSON, or CSV."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as arrow_csv
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from social_evidence.cli.estimate_arguments import Answer
from social_evidence.model.design import Design
from social_evidence.model.statistic import Statistic, full_label, short_label, variables_of

NOTE: Final = "No disclosure rule has been applied."
_ENDLESS: Final = 10_000
_NOTHING: Final = "–"
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def print_tables(answer: Answer) -> None:
    """Print tables for a reader, rounded, with the design and the note underneath."""
    console = Console(highlight=False)
    if answer.estimates is not None:
        _print(console, _estimates(answer.estimates, answer.by, answer.statistics))
    if answer.differences is not None:
        _print(console, _differences(answer.differences))
    if answer.tests is not None:
        _print(console, _tests(answer.tests))
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


def _print(console: Console, table: Table) -> None:
    """Print a table as wide as it needs to be: a number cut short would be a wrong number."""
    room = console.options.update(max_width=_ENDLESS)
    console.width = max(console.width, console.measure(table, options=room).maximum)
    console.print(table, "")


def _estimates(rows: pa.Table, by: tuple[str, ...], statistics: Sequence[Statistic]) -> Table:
    """Lay out estimates; what is the same in every row stands above the table, not in it."""
    listed = rows.to_pylist()
    asked = [f"{one.statistic} {_label(one)}" for one in statistics]
    named = [asked[number % len(asked)] for number in range(len(listed))]
    values, errors, limits, methods, freedom = zip(*map(_figures, listed), strict=True)
    effects, bases, effective = zip(*map(_base, listed), strict=True)
    columns: list[tuple[str, Sequence[str]]] = [
        *((name, _groups(rows, name)) for name in by),
        ("statistic", named),
        ("estimate", values),
        ("standard\nerror", errors),
        (f"{_level(rows)} interval", limits),
        ("method", methods),
        ("df", freedom),
        ("design\neffect", effects),
        ("base", bases),
        ("effective\nbase", effective),
    ]
    alike = [asked[0]] if len(asked) == 1 else []
    above = {"statistic"} if alike else set()
    if len(set(methods)) == 1:
        alike.append(f"{methods[0]} interval")
        above.add("method")
    kept = [column for column in columns[len(by) :] if column[0] not in above]
    kept = [*columns[: len(by)], *kept]
    table = _table(", ".join(alike))
    for name, _ in kept:
        left = name in {*by, "statistic", "method"}
        table.add_column(_text(name), justify="left" if left else "right")
    for cells in zip(*(cells for _, cells in kept), strict=True):
        _add(table, *cells)
    return table


def _groups(rows: pa.Table, name: str) -> list[str]:
    labels = rows.schema.field(name).metadata or {}
    return [_labelled(code, labels) for code in rows.column(name).to_pylist()]


def _label(statistic: Statistic) -> str:
    """Name a statistic with the value it counts; a condition needs none."""
    plain = all(name.isidentifier() for name in variables_of(statistic))
    return full_label(statistic) if plain else short_label(statistic)


def _differences(rows: pa.Table) -> Table:
    table = _table()
    table.add_column("difference")
    for heading in ("estimate", "standard error", f"{_level(rows)} interval"):
        table.add_column(heading, justify="right")
    table.add_column("method")
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


def _table(title: str = "") -> Table:
    return Table(
        title=Text(title) if title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )


def _add(table: Table, *cells: str) -> None:
    table.add_row(*map(_text, cells))


def _text(written: str) -> Text:
    """Show text of a file as it is: nothing in it is an instruction to the terminal.

    Brackets stay brackets, and a control character is shown by its escape.
    """
    return Text(_CONTROL.sub(lambda found: repr(found[0])[1:-1], written))


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
