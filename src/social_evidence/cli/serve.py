"""`social-evidence serve`: read a site on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app.serve import serve

PORT = 8017


def command(
    folder: Annotated[Path, typer.Argument(help="A site, as `site` and `demo` leave it.")],
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where to listen; 0 takes a free one.")
    ] = PORT,
) -> None:
    """Serve a site for local reading, with the headers its pages are meant to have.

    Only this machine is answered. Any web server does as well in public: the pages bring their
    own policy, and this command shows which headers to add.

    \b
    Example:
      social-evidence serve public
      social-evidence serve demo/site --port 0
    """  # noqa: D301 - \b keeps the example's lines apart
    serve(folder, port=port, announce=announce)


def announce(address: str) -> None:
    """Print where a site answers."""
    typer.echo(f"Reading at {address} (Ctrl+C ends it)")
