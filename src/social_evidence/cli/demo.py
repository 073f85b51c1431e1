"""`social-evidence demo`: from nothing to a first published, explained figure."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app.demo import demonstrate
from social_evidence.cli.progress import shown


def command(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Where to write; a temporary folder by default.")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Open the site; there is none to open yet.")
    ] = False,
) -> None:
    """Build a release from synthetic data and explain a figure of it.

    Example: social-evidence demo --no-serve --dir demo
    """
    del serve  # the option is part of the contract; the site comes with a later release
    where = folder or Path(tempfile.mkdtemp(prefix="social-evidence-"))
    with shown() as progress:
        made = demonstrate(where, progress=progress)
    typer.echo("SYNTHETIC DATA: made up by a program. These figures describe nobody.\n")
    typer.echo(str(made.explanation))
    typer.echo(f"\nSources  {where / 'sources'}")
    typer.echo(f"Release  {made.release}")
    typer.echo(f"Next     social-evidence explain {where} demo_electors_per_adult --area Westferry")
