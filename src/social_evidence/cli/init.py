"""`social-evidence init`: start a new evidence base."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app.init import start


def command(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
) -> None:
    """Start an evidence base of your own: one survey, one measure.

    All of it builds at once; replace it file by file. docs/your-own-city.md shows how.

    Example: social-evidence init my-city
    """
    for path in start(folder):
        typer.echo(f"wrote {path}")
    typer.echo(
        "\nThe survey is synthetic, so that it runs at once. Next, as a trial:\n"
        f"  social-evidence build --catalogue {folder / 'catalogue'} "
        f"--sources {folder / 'sources'} --out {folder / 'trial'}\n"
        f"With your own survey in it, build with --out {folder}, and delete the trial."
    )
