"""`social-evidence fetch`: bring the files that publishers give to everybody."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from social_evidence.app.fetch import RECORD, Fetched, fetch
from social_evidence.app.packaged import catalogue_folders
from social_evidence.cli.progress import shown
from social_evidence.errors import DataError

_MEGABYTE: Final = 1_000_000
_WORDS: Final = {
    "fetched": "fetched",
    "updated": "updated to another edition",
    "there": "there already, unchanged",
    "yours": "there already, not fetched: left alone",
    "refused": "REFUSED",
}


def command(
    source: Annotated[
        list[str] | None,
        typer.Argument(help="Ids of sources; every open one where none is named."),
    ] = None,
    sources: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder of source files.")] = Path(
        "sources"
    ),
    catalogue: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder that holds catalogue.toml, or the name of a catalogue that comes with "
            "the program; may be repeated. London's by default.",
        ),
    ] = None,
    update: Annotated[
        bool,
        typer.Option("--update", help="Ask for newer editions, and take content that changed."),
    ] = False,
    largest: Annotated[
        int, typer.Option(metavar="MEGABYTES", min=1, help="The most a file may have.")
    ] = 2048,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Fetch the open files of a catalogue from their publishers' addresses.

    An interrupted file goes on where it stopped. Each file's sha-256 is kept in fetch.json beside
    the files, and content that has changed since is refused without --update. Hosts are asked
    once a second at most. A file of your own is never overwritten. Files under licence are not
    fetched: `social-evidence status` says how to get them.

    \b
    Example:
      social-evidence fetch --sources sources
      social-evidence fetch dfe_early_years --sources sources --update
    """  # noqa: D301 - \b keeps the example's lines apart
    with shown() as progress:
        found = fetch(
            catalogue_folders(catalogue),
            sources,
            source or (),
            update=update,
            largest=largest * _MEGABYTE,
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps({"files": [asdict(one) for one in found]}, ensure_ascii=False))
    else:
        for one in found:
            typer.echo(_line(one))
        typer.echo(_summary(found, sources))
    if any(one.outcome == "refused" for one in found):
        raise typer.Exit(DataError.exit_code)


def _line(one: Fetched) -> str:
    size = f", {one.size / _MEGABYTE:,.1f} MB" if one.size else ""
    reason = f"\n  {one.reason}" if one.reason else ""
    return f"{one.path}: {_WORDS[one.outcome]}{size}{reason}"


def _summary(found: tuple[Fetched, ...], folder: Path) -> str:
    if not found:
        return "No source of this catalogue names an address from which everybody may fetch it."
    there = sum(one.outcome != "refused" for one in found)
    return f"{there} of {len(found)} files are in {folder}; {folder / RECORD} says where from."
