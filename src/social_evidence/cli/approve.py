"""`social-evidence approve`: somebody answers for a release."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app.decide import approve, named_release
from social_evidence.cli.days import day


def command(
    release: Annotated[
        str, typer.Argument(help="A version, as 2026.1.0, or the release's own folder.")
    ],
    by: Annotated[str, typer.Option(metavar="ROLE", help="Who approves, as a role.")],
    base: Annotated[
        Path, typer.Option("--in", metavar="FOLDER", help="The evidence base; this folder.")
    ] = Path(),
    checked: Annotated[str, typer.Option(metavar="TEXT", help="What was checked, in words.")] = "",
    as_of: Annotated[
        str, typer.Option(metavar="DATE", help="The day; SOURCE_DATE_EPOCH's, or today.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the record as JSON.")] = False,
) -> None:
    """Approve a release, so that it may be published.

    Until then a release is a draft, and nothing public is made of it. What it shows goes into
    the ledger, against which later releases are protected. Approving twice changes nothing.

    \b
    Example:
      social-evidence approve 2026.1.0 --in evidence --by "head of statistics" \\
        --checked "totals against last year, every new series"
    """  # noqa: D301 - \b keeps the example's lines apart
    where, version = named_release(base, release)
    record = approve(where, version, by=by, checked=checked, as_of=day(as_of, "--as-of"))
    if as_json:
        typer.echo(json.dumps(asdict(record), ensure_ascii=False))
        return
    typer.echo(f"Release {record.version} was approved on {record.time} by: {record.role}.")
