"""`social-evidence check`: are the definitions sound?"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app.check import CatalogueCheck, check_catalogue, write_schemas
from social_evidence.app.check_release import ReleaseCheck, check_release, is_release
from social_evidence.app.packaged import catalogue_folder
from social_evidence.catalogue.faults import to_error
from social_evidence.errors import DefinitionError


def command(
    catalogue: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FOLDER",
            help="Folder that holds catalogue.toml, by default this one, or the name of a "
            "catalogue that comes with the program (london); may repeat. Or a release.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    schema: Annotated[
        Path | None,
        typer.Option(help="Write the JSON Schema of definition files here, for editors."),
    ] = None,
) -> None:
    """Check a catalogue, or a release.

    Of a catalogue: every definition, every example respondent, every name. All faults of all
    files are told at once, each with its file and field; the exit code is then 10. Of a release:
    every file against its digest and every row against the contract; a fault exits with 14.

    \b
    Example:
      social-evidence check examples/open-data
      social-evidence check demo/releases/2026.1.0
    """  # noqa: D301 - \b keeps the example's lines apart
    if schema is not None:
        for written in write_schemas(schema):
            typer.echo(f"wrote {written}")
        return
    paths = catalogue or [Path()]
    if len(paths) == 1 and is_release(paths[0]):
        typer.echo(_told(check_release(paths[0]), as_json=as_json))
        return
    checked = check_catalogue([catalogue_folder(path) for path in paths])
    if as_json:
        typer.echo(json.dumps(asdict(checked), ensure_ascii=False))
        raise typer.Exit(DefinitionError.exit_code if checked.faults else 0)
    if checked.faults:
        raise to_error(checked.faults)
    typer.echo(summary(checked))


def summary(checked: CatalogueCheck) -> str:
    """Say in a few lines what a sound catalogue holds."""
    counts = (
        (checked.measures, "measure"),
        (checked.sources, "source"),
        (checked.questions, "question"),
        (checked.breakdowns, "breakdown"),
        (checked.areas, "area"),
    )
    listed = ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts)
    examples = "1 example falls" if checked.examples == 1 else f"{checked.examples} examples fall"
    return f"{checked.title}: {listed}.\n{examples} right."


def _told(checked: ReleaseCheck, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(asdict(checked), ensure_ascii=False)
    by_status = ", ".join(f"{count:,} {status}" for status, count in checked.statuses.items())
    return (
        f"{checked.title}, release {checked.version} of {checked.created}: "
        f"{checked.files} files are as they were written. State: {checked.state}.\n"
        f"{checked.estimates:,} estimates ({by_status}); {checked.comparisons:,} comparisons."
    )
