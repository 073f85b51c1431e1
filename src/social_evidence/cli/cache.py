"""`social-evidence cache`: the copy of needed microdata columns, and how to be rid of it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from social_evidence.app.cache import clear, status


def command(
    action: Annotated[
        str, typer.Argument(help="`clear` removes; nothing shows what is there.")
    ] = "",
    source: Annotated[
        str, typer.Argument(help="Only this source: its id, or the file its table came from.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show where the cache of microdata is and how large, or clear it.

    It holds only the columns a build needed, is readable by its owner only, and is made again
    when it is missing.

    \b
    Example:
      social-evidence cache
      social-evidence cache clear
      social-evidence cache clear ncvs_2021_households
    """  # noqa: D301 - \b keeps the example's lines apart
    if action not in {"", "clear"}:
        raise typer.BadParameter(f"{action!r} is not `clear`.", param_hint="action")
    freed = clear(source) if action else 0
    now = status()
    if as_json:
        told = {"folder": str(now.folder), "bytes": now.size, "freed": freed, "tables": now.tables}
        typer.echo(json.dumps(told))
        return
    if action:
        typer.echo(f"Freed {freed / 1e6:,.1f} MB.")
    typer.echo(f"{now.folder}: {now.size / 1e6:,.1f} MB in {now.tables} tables.")
