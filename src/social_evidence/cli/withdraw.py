"""`social-evidence withdraw`: a release is public no more, and says why."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app.decide import named_release, withdraw
from social_evidence.cli.days import day


def command(
    release: Annotated[
        str, typer.Argument(help="A version, as 2026.1.0, or the release's own folder.")
    ],
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why; the public reads it as it is written.")
    ],
    by: Annotated[str, typer.Option(metavar="ROLE", help="Who withdraws it, as a role.")],
    base: Annotated[
        Path, typer.Option("--in", metavar="FOLDER", help="The evidence base; this folder.")
    ] = Path(),
    as_of: Annotated[
        str, typer.Option(metavar="DATE", help="The day; SOURCE_DATE_EPOCH's, or today.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the record as JSON.")] = False,
) -> None:
    """Withdraw a release for good.

    Publish it again afterwards: a dated notice with the reason then stands in place of its files.
    Its folder stays as it is, and what it has shown still counts as known.

    \b
    Example:
      social-evidence withdraw 2026.1.0 --in evidence --by "head of statistics" \\
        --reason "Weights of 2025 were those of households. Use 2026.2.0."
    """  # noqa: D301 - \b keeps the example's lines apart
    where, version = named_release(base, release)
    record = withdraw(where, version, reason=reason, by=by, as_of=day(as_of, "--as-of"))
    if as_json:
        typer.echo(json.dumps(asdict(record), ensure_ascii=False))
        return
    typer.echo(
        f"Release {record.version} was withdrawn on {record.time} by: {record.role}.\n"
        f"Reason  {record.reason}\n"
        "Next    publish it again: the notice then stands in place of its files."
    )
