"""`social-evidence diff`: what changed between two releases."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from social_evidence.app.diff import diff, moves, named, table, write_report
from social_evidence.errors import DataError
from social_evidence.model.difference import ReleaseDifference
from social_evidence.wording import revisions

_WIDTH: Final = 110
_HEADS: Final = ("new", "revised", "moved", "newly shown", "newly without", "gone")


def command(
    old: Annotated[
        str,
        typer.Argument(metavar="A", help="A version, as 2026.1.0, a release or an evidence base."),
    ],
    new: Annotated[str, typer.Argument(metavar="B", help="The release to set against it.")],
    base: Annotated[
        Path, typer.Option("--in", metavar="FOLDER", help="Where versions are; this folder.")
    ] = Path(),
    measure: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this measure; may be repeated."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the note of two pages here, as HTML."),
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print every change, with the columns of changes.csv.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 11 where anything differs.")
    ] = False,
) -> None:
    """Say what changed between two releases: in words, measure by measure, figure by figure.

    `moved` counts the revised figures that moved by more than half their interval. Causes are
    those of the notes, where one release follows the other. A figure that the newer release hides
    shows no number.

    \b
    Example:
      social-evidence diff 2026.0.0 2027.0.0 --in demo
      social-evidence diff demo/releases/2026.0.0 demo --report what-changed.html
    """  # noqa: D301 - \b keeps the example's lines apart
    if as_json and as_csv:
        raise typer.BadParameter("give one of --json and --csv.", param_hint="--csv")
    found = diff(named(old, base), named(new, base), measure or ())
    if report is not None:
        write_report(found, report)
    if as_json:
        typer.echo(json.dumps(_json(found), ensure_ascii=False))
    elif as_csv:
        typer.echo(table(found), nl=False)
    else:
        _show(found, report)
    if strict and not found.is_empty:
        raise typer.Exit(DataError.exit_code)


def _json(found: ReleaseDifference) -> dict[str, object]:
    return {
        "old": asdict(found.old),
        "new": asdict(found.new),
        "words": list(revisions.sentences(found)),
        "unchanged": found.unchanged,
        "total": asdict(found.total),
        "measures": [asdict(one) for one in found.measures],
        "reasons": [asdict(one) for one in found.reasons],
        "compared": found.compared,
        "verdicts": [asdict(one) for one in found.verdicts],
        "changes": moves(found),
    }


def _show(found: ReleaseDifference, report: Path | None) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH, no_color=True)
    lines = [revisions.heading(found), *revisions.sentences(found)]
    for reason in found.reasons:
        words = revisions.cause_words(reason.cause)
        told = f": {reason.text}" if reason.text else ""
        lines.append(f"{reason.figures:,} revised. {words}{told}")
    for line in lines:
        console.print(line, markup=False)
    if found.measures:
        console.print(_table(found))
    if found.new.synthetic:
        console.print("SYNTHETIC DATA: made up by a program. These figures describe nobody.")
    if report is not None:
        console.print(f"Note    {report}", markup=False, soft_wrap=True)


def _table(found: ReleaseDifference) -> Table:
    laid = Table(box=None, pad_edge=False)
    laid.add_column("measure", overflow="fold")
    for head in _HEADS:
        laid.add_column(head, justify="right")
    for one in found.measures:
        laid.add_row(one.measure, *(f"{count:,}" for count in revisions.numbers(one)))
    return laid
