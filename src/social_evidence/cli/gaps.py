"""`social-evidence gaps`: what is not known, and why."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from itertools import groupby
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from social_evidence.app.gaps import STATES, Gap, Gaps, State, gaps
from social_evidence.app.packaged import catalogue_folder
from social_evidence.errors import DataError

_WORDS: Final = {
    "available": "available",
    "partly": "some groups",
    "too_few": "too few",
    "not_asked": "not asked",
    "ended": "ended",
    "not_available": "not available",
}
_KINDS: Final[tuple[str, ...]] = (
    "country",
    "comparator",
    "state",
    "city",
    "inner_outer",
    "borough",
)
_WIDTH: Final = 120


def command(
    release: Annotated[Path, typer.Argument(help="A release, or a folder that holds releases.")],
    measure: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this measure; may be repeated.")
    ] = None,
    catalogue: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="Definitions that say what ended and was asked when, a folder or a name (london); "
            "by default those the release was built from.",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 11 if there is one.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the whole matrix as CSV.")] = False,
) -> None:
    """Say of every measure, breakdown, area and year whether there is a figure, and why not.

    The table tells for each kind of area in how many areas the latest year has figures; the whole
    matrix is in --csv and --json. A year counts as covered by a period that holds at least half of
    it. `independent` counts periods that share no day: pools that overlap are no two figures.

    \b
    Example:
      social-evidence gaps demo
      social-evidence gaps demo --measure friends_similar --csv
    """  # noqa: D301 - \b keeps the example's lines apart
    if as_json and as_csv:
        raise typer.BadParameter("give one of --json and --csv.", param_hint="--csv")
    found = gaps(release, [catalogue_folder(path) for path in catalogue or ()], measure or ())
    if as_json:
        typer.echo(json.dumps(_json(found), ensure_ascii=False))
    elif as_csv:
        typer.echo(_csv(found.rows), nl=False)
    else:
        _show(found)
    if strict and any(row.state != "available" for row in found.rows):
        raise typer.Exit(DataError.exit_code)


def _json(found: Gaps) -> dict[str, object]:
    told = {"release": found.version, "title": found.title, "synthetic": found.synthetic}
    rows = [asdict(row) for row in found.rows]
    return {**told, "counts": _counts(found.rows), "not_built": found.not_built, "rows": rows}


def _csv(rows: Sequence[Gap]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    names = [field.name for field in fields(Gap)]
    writer.writerow(names)
    for row in rows:
        values = [getattr(row, name) for name in names]
        writer.writerow([";".join(v) if isinstance(v, tuple) else v for v in values])
    return written.getvalue()


def _counts(rows: Sequence[Gap]) -> dict[str, int]:
    counted = Counter[str](row.state for row in rows)
    return {state: counted[state] for state in STATES}


def _show(found: Gaps) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH, no_color=True)
    console.print(f"{found.title}, release {found.version}", markup=False)
    console.print(_table(found))
    console.print("* some groups only, in one of the areas or more")
    for state, count in _counts(found.rows).items():
        console.print(f"{_WORDS[state]:<15}{count:>9,}", markup=False)
    if found.not_built:
        console.print(f"Not in this release: {', '.join(found.not_built)}", markup=False)
    if found.synthetic:
        console.print("SYNTHETIC DATA: made up by a program. These figures describe nobody.")


def _table(found: Gaps) -> Table:
    present = {found.kinds.get(row.area, "") for row in found.rows} - {""}
    kinds = [kind for kind in _KINDS if kind in present]
    kinds += sorted(present.difference(_KINDS))
    table = Table(box=None, pad_edge=False)
    for title in ("measure, by", "years", "times"):
        table.add_column(title, no_wrap=True, min_width=9 if title == "years" else None)
    for kind in kinds:
        table.add_column(kind.replace("_", "/"), overflow="fold")
    last = ("", "")
    for row, rows in groupby(found.rows, key=lambda row: (row.measure, row.part, row.breakdown)):
        measure, part, breakdown = row
        if (measure, part) != last:
            table.add_row(measure if part == "all" else f"{measure} ({part})")
            last = (measure, part)
        table.add_row(f"  {breakdown}", *_summary(list(rows), found, kinds))
    return table


def _summary(rows: Sequence[Gap], found: Gaps, kinds: Sequence[str]) -> Iterator[str]:
    """Tell of one breakdown the years with figures, how many are independent, and where."""
    years = sorted({row.year for row in rows if row.shown})
    yield f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(map(str, years)) or "none"
    yield str(max(row.independent for row in rows))
    # Without any figure the reason is that of the years the measure was meant for.
    told = [row for row in rows if row.year == years[-1]] if years else _meant(rows)
    for kind in kinds:
        yield _cell([row.state for row in told if found.kinds.get(row.area) == kind])


def _meant(rows: Sequence[Gap]) -> Sequence[Gap]:
    return [row for row in rows if row.periods] or rows


def _cell(states: Sequence[State]) -> str:
    """Say in how many areas there are figures, or why in none."""
    if not states:
        return ""
    there = sum(state in {"available", "partly"} for state in states)
    if there == 0:
        return _WORDS[min(states, key=STATES.index)]
    return f"{there} of {len(states)}{'*' if 'partly' in states else ''}"
