"""`social-evidence serve`: read a site on this machine."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app.serve import serve
from social_evidence.cli.office_options import (
    ROLE,
    CatalogueOption,
    RoleOption,
    definitions,
    use_case,
)

PORT = 8017


def command(
    folder: Annotated[
        Path | None, typer.Argument(help="A site, as `site` and `demo` leave it.")
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where to listen; 0 takes a free one.")
    ] = PORT,
    office: Annotated[
        str,
        typer.Option(
            metavar="PLACE",
            help="Serve the pages of this office instead: an evidence base's folder, a file, or a "
            "URL of PostgreSQL.",
        ),
    ] = "",
    catalogue: CatalogueOption = None,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="With --office: the key pseudonyms are made with, for files that hold "
            "identifiers.",
        ),
    ] = None,
    role: RoleOption = ROLE,
) -> None:
    """Serve a site for local reading, or the pages of an office for sending in.

    Only this machine is answered. Any web server does for a site in public: the pages bring
    their own policy, and this command shows which headers to add. The pages of an office take
    returns and answers of participants and tell what is wrong with them, by row and column.

    \b
    Example:
      social-evidence serve public
      social-evidence serve demo/site --port 0
      social-evidence serve --office base --key family-fund.key --role "programme officer"
    """  # noqa: D301 - \b keeps the example's lines apart
    if office:
        secret = use_case("pseudonym_key").read_key(key) if key else None
        pages = import_module("social_evidence.web.serve")
        known = definitions(catalogue)
        pages.serve_office(office, known, role=role, port=port, key=secret, announce=announce)
    elif folder is not None:
        serve(folder, port=port, announce=announce)
    else:
        raise typer.BadParameter("name the folder of a site, or an office with --office.")


def announce(address: str) -> None:
    """Print where a site answers."""
    typer.echo(f"Reading at {address} (Ctrl+C ends it)")
