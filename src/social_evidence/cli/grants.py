"""`social-evidence grants`: grants in and out, in the 360Giving standard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from social_evidence.cli.office_options import (
    ROLE,
    CatalogueOption,
    JsonOption,
    OfficeOption,
    RoleOption,
    definitions,
    opened,
    signed,
    tell,
    use_case,
)

group = typer.Typer(
    help="Read and write grants as the 360Giving Data Standard has them.\n\n"
    "A file is a JSON package or the standard's spreadsheet as CSV. Whatever a grant holds comes "
    "out again as it came in.\n\n"
    "\b\nExample:\n"
    "  social-evidence grants import grants.json --office base\n"
    "  social-evidence grants export --out grants.csv --office base",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@group.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="A 360Giving file: .json or .csv.")],
    office: OfficeOption,
    catalogue: CatalogueOption = None,
    role: RoleOption = ROLE,
    as_json: JsonOption = False,
) -> None:
    """Take a file of grants into the office.

    Every fault is told by its place, its field and what is wrong; the good grants are kept, and
    the exit code is then 11. A grant that has changed becomes the next revision of the one that
    stood there. The name of a person who gets a grant is not kept.

    \b
    Example:
      social-evidence grants import grants.json --office base
      social-evidence grants import grants.csv --office base --json
    """  # noqa: D301 - \b keeps the example's lines apart
    initiatives = definitions(catalogue).initiatives
    cases = use_case("grants_office")
    with opened(office, is_new_allowed=True) as held:
        imported = cases.import_grants(file, held, by=signed(role), initiatives=initiatives)
    tell(imported, "grants", as_json=as_json)


@group.command("export")
def send_out(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to: .json or .csv.")],
    office: OfficeOption,
    initiative: Annotated[
        str, typer.Option(metavar="ID", help="Only the grants of this initiative.")
    ] = "",
) -> None:
    """Write the office's grants as a 360Giving file.

    \b
    Example:
      social-evidence grants export --out grants.json --office base
      social-evidence grants export --out fund.csv --office base --initiative london_family_fund
    """  # noqa: D301 - \b keeps the example's lines apart
    with opened(office) as held:
        count = use_case("grants_office").export_grants(held, out, initiative or None)
    typer.echo(f"{out}: {count:,} grants.")
