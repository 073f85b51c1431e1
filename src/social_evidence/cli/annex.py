"""`social-evidence annex`: the data-protection annex, made from what is defined and held."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app.annex import annex, to_markdown
from social_evidence.cli.office_options import CatalogueOption, definitions, opened
from social_evidence.model.office import RecordSet


def command(
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write; nothing prints it.")
    ] = None,
    office: Annotated[
        str,
        typer.Option(metavar="PLACE", help="An office, whose record sets are then listed too."),
    ] = "",
    catalogue: CatalogueOption = None,
) -> None:
    """Write what is held of people, why, how long and by whom.

    It is made from the definitions and the office's record sets. Lawful basis, conditions and
    retention are proposals that a data protection officer must confirm.

    \b
    Example:
      social-evidence annex
      social-evidence annex --office base --out annex.md
    """  # noqa: D301 - \b keeps the example's lines apart
    found = definitions(catalogue)
    sets: tuple[RecordSet, ...] = ()
    if office:
        with opened(office) as held:
            sets = held.record_sets()
    text = to_markdown(annex(found, sets))
    if out is None:
        typer.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    typer.echo(f"{out}: {text.count(chr(10)):,} lines.")
