"""`social-evidence site`: a release as pages for anybody with a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app.site import Site, make_site
from social_evidence.cli.days import day_or_today
from social_evidence.cli.progress import shown
from social_evidence.model.address import is_open_address
from social_evidence.site.content import Formats


def command(
    releases: Annotated[
        Path, typer.Argument(help="An evidence base, a folder of releases, or one release.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The site's folder.")],
    draft: Annotated[
        bool, typer.Option("--draft", help="A marked preview, before anybody approves.")
    ] = False,
    data: Annotated[
        bool,
        typer.Option("--data", help="Every format of `publish` in data/, not only a selection."),
    ] = False,
    preview_languages: Annotated[
        bool,
        typer.Option(
            "--preview-languages",
            help="A marked preview in every language, those that nobody has reviewed too.",
        ),
    ] = False,
    images: Annotated[
        bool,
        typer.Option("--images", help="Charts as PNG too, and pictures for shared addresses."),
    ] = False,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Reports as tagged PDF too, printed by Chromium.")
    ] = False,
    braille: Annotated[
        bool, typer.Option("--braille", help="Summaries as Braille files too, through liblouis.")
    ] = False,
    zipped: Annotated[
        bool, typer.Option("--zip", help="One archive a release too, to read without a connection.")
    ] = False,
    address: Annotated[
        str,
        typer.Option(metavar="URL", help="Where the site will stand, for shared pictures."),
    ] = "",
    as_of: Annotated[
        str, typer.Option(metavar="DATE", help="The day of publication; today by default.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Write a static site: the newest release at the root, every release for good under /r/.

    It works from any host, from a zip and from disk, and needs no script. A tree under /r/ is
    written once and then only checked; at the root a file that has not changed is left alone.
    Drafts, withdrawn releases and releases before their day are refused.

    \b
    Example:
      social-evidence site evidence --out public
      social-evidence site evidence --out preview --draft
      social-evidence site evidence --out preview --preview-languages
      social-evidence site evidence --out public --images --pdf --braille --zip
    """  # noqa: D301 - \b keeps the example's lines apart
    with shown() as progress:
        made = make_site(
            releases,
            out,
            today=day_or_today(as_of, "--as-of"),
            draft=draft,
            data=data,
            preview_languages=preview_languages,
            formats=Formats(
                images=images,
                pdf=pdf,
                braille=braille,
                zip="zip" if zipped else "",
                address=_checked(address),
            ),
            progress=progress,
        )
    typer.echo(json.dumps(_told(made), ensure_ascii=False) if as_json else _said(made))


def _checked(address: str) -> str:
    """Give the address with a slash at its end."""
    if address and not is_open_address(address):
        raise typer.BadParameter(
            f"{address!r} is no address of the web: begin it with https://.", param_hint="--address"
        )
    return f"{address.rstrip('/')}/" if address else ""


def _told(made: Site) -> dict[str, object]:
    return {
        "folder": str(made.folder),
        "release": made.version,
        "trees": dict(made.trees),
        "built": list(made.built),
        "written": made.written,
        "unchanged": made.unchanged,
        "bytes": made.bytes,
        "unreviewed": {code: list(lacks) for code, lacks in made.unreviewed.items()},
    }


def _said(made: Site) -> str:
    kept = len(made.trees) - len(made.built)
    trees = f" Trees for good: {len(made.built)} written, {kept} kept." if made.trees else ""
    languages = "".join(
        f"\n{code}.po is not for the public: {'; '.join(lacks)}."
        for code, lacks in made.unreviewed.items()
    )
    return (
        f"Release {made.version} is a site in {made.folder}: {made.written} files written, "
        f"{made.unchanged} unchanged.{trees}{languages}\nStart with {made.folder / 'index.html'}"
    )
