"""`social-evidence publish`: a release as files for people and for other software."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from social_evidence.app.publication import Imprint
from social_evidence.app.publish import Publication, publish
from social_evidence.app.publish_ckan import send
from social_evidence.cli.days import day_or_today
from social_evidence.cli.progress import shown
from social_evidence.publish.ckan import CkanStep
from social_evidence.publish.ckan_client import Ckan
from social_evidence.publish.content import Licence
from social_evidence.publish.index_page import size_words
from social_evidence.publish.registry import FORMATS


def command(
    release: Annotated[Path, typer.Argument(help="A release, or a folder that holds releases.")],
    out: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="The files go into a folder below, by version."),
    ],
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT",
            help=f"Only this format; may be repeated. {', '.join(one.id for one in FORMATS)}.",
        ),
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="A marked preview, before anybody approves.")
    ] = False,
    pre_release: Annotated[
        bool, typer.Option("--pre-release", help="Marked copies before the release's day.")
    ] = False,
    publisher: Annotated[str, typer.Option(metavar="NAME", help="Who publishes.")] = "",
    licence: Annotated[
        str, typer.Option(metavar="NAME", help="Under which licence, by its name.")
    ] = "",
    licence_url: Annotated[
        str, typer.Option(metavar="URL", help="Where the licence can be read.")
    ] = "",
    address: Annotated[
        str, typer.Option(metavar="URL", help="Where the files will stand, for absolute links.")
    ] = "",
    as_of: Annotated[
        str, typer.Option(metavar="DATE", help="The day of publication; today by default.")
    ] = "",
    ckan: Annotated[
        str, typer.Option(metavar="URL", help="Send the files to this CKAN site as well.")
    ] = "",
    package: Annotated[str, typer.Option(metavar="ID", help="The CKAN package's name.")] = "",
    organisation: Annotated[
        str, typer.Option(metavar="ID", help="Whose CKAN package it is, to create one.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent to CKAN; send nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Write a release's files for people and for other software, from the release alone.

    CSV, data package, Parquet, SDMX, JSON, workbooks, catalogue entries, feed, provenance and one
    zip; index.html lists them all. Drafts, and releases before their day, are refused.

    --ckan brings a package of a CKAN site in line; its key stands in CKAN_API_TOKEN and nowhere
    else. What the site has already is not sent again.

    \b
    Example:
      social-evidence publish evidence --out public --publisher "Example City Council"
      social-evidence publish evidence/releases/2026.1.0 --out preview --draft --only csv
      social-evidence publish evidence --out public --ckan https://data.example.org \\
        --package integration --dry-run
    """  # noqa: D301 - \b keeps the example's lines apart
    site = _site(ckan, package, dry_run=dry_run)
    imprint = Imprint(
        publisher=publisher,
        licence=Licence(name=licence, url=licence_url),
        address=address if not address or address.endswith("/") else f"{address}/",
    )
    with shown() as advance:
        made = publish(
            release,
            out,
            today=day_or_today(as_of, "--as-of"),
            imprint=imprint,
            draft=draft,
            pre_release=pre_release,
            only=only or (),
            advance=advance,
        )
    steps = (
        ()
        if site is None
        else send(made, site, package, organisation=organisation, dry_run=dry_run)
    )
    if as_json:
        typer.echo(json.dumps(_told(made, steps), ensure_ascii=False, indent=2))
        return
    typer.echo(_said(made))
    for step in steps:
        typer.echo(f"{'would ' if dry_run else ''}{step.doing}: {step.what}")


def _site(address: str, package: str, *, dry_run: bool) -> Ckan | None:
    """Read what is said of CKAN before anything is written."""
    if not address:
        if package or dry_run:
            raise typer.BadParameter("needs the site's address too.", param_hint="--ckan")
        return None
    if not package:
        raise typer.BadParameter("--ckan needs the package's name.", param_hint="--package")
    key = os.environ.get(_KEY, "")
    if not key and not dry_run:
        raise typer.BadParameter(
            f"the key to {address} must stand in the environment as {_KEY}.", param_hint="--ckan"
        )
    return Ckan(address=address, key=key)


_KEY: Final = "CKAN_API_TOKEN"


def _told(made: Publication, steps: Sequence[CkanStep]) -> dict[str, object]:
    return {
        "folder": str(made.folder),
        "version": made.version,
        "marks": list(made.marks),
        "withdrawn": made.withdrawn,
        "bytes": sum(file.bytes for file in made.files),
        "files": [
            {"path": f.path, "bytes": f.bytes, "sha256": f.sha256, "media_type": f.media_type}
            for f in made.files
        ],
        "ckan": [{"doing": s.doing, "what": s.what, "bytes": s.bytes} for s in steps],
    }


def _said(made: Publication) -> str:
    if made.withdrawn:
        return f"Release {made.version} was withdrawn: {made.folder} holds its notice alone."
    marks = f" Marked: {', '.join(made.marks)}." if made.marks else ""
    size = size_words(sum(file.bytes for file in made.files))
    return (
        f"Release {made.version} is published in {made.folder}: {len(made.files)} files, "
        f"{size}.{marks}\nStart with {made.folder / 'index.html'}"
    )
