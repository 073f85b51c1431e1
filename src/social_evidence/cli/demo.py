"""`social-evidence demo`: from nothing to a first published, explained figure."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from social_evidence.app import serve as serving
from social_evidence.app.demo_london import (
    HEADLINE,
    SERIES,
    LondonDemonstration,
    demonstrate_london,
)
from social_evidence.app.explain import Explanation
from social_evidence.cli.progress import shown
from social_evidence.cli.serve import announce

_SYNTHETIC = (
    "SYNTHETIC DATA: made up by a program. These figures describe nobody and prove nothing "
    "about London."
)
_SECTIONS = ("Where it comes from", "What was asked", "What was counted", "How it was worked out")
_DETAILS = ("breakdown", "Interval", "Base rule")
_LINES = 4


def command(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Where to write; a temporary folder by default.")
    ] = None,
    small: Annotated[
        bool, typer.Option("--small", help="Small samples: done in less than a minute.")
    ] = False,
    full: Annotated[
        bool,
        typer.Option("--full", help="Every wave of every source, not the last three of a series."),
    ] = False,
    years: Annotated[
        int,
        typer.Option(
            min=1,
            max=2,
            help="Yearly releases: 2 adds one with late files, a correction and a group that "
            "has become too small to show.",
        ),
    ] = 1,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the site on this machine at the end.")
    ] = True,
) -> None:
    """Make a synthetic London and a release of it, and explain one figure.

    Every source is written in its publisher's layout, and every measure, group, borough and year
    is worked out as from the real files. Whatever is made says that it is synthetic.

    \b
    Example:
      social-evidence demo --no-serve --dir demo
      social-evidence demo --no-serve --dir quick --small
    """  # noqa: D301 - \b keeps the example's lines apart
    where = folder or Path(tempfile.mkdtemp(prefix="social-evidence-"))
    with shown() as progress:
        made = demonstrate_london(
            where, is_small=small, every_wave=full, successive=years, progress=progress
        )
    typer.echo(_told(made))
    if serve:
        serving.serve(made.site, announce=announce)


def _shortened(explanation: Explanation) -> list[str]:
    """Say where one figure comes from, the first lines of each part; `explain` says it all."""
    lines = [explanation.title, explanation.answer]
    for heading, texts in explanation.sections:
        if heading in _SECTIONS:
            kept = [text for text in texts if not text.strip().startswith(_DETAILS)]
            lines += ["", heading, *(f"  {text}" for text in kept[:_LINES])]
    return lines


def _told(made: LondonDemonstration) -> str:
    where, last = made.folder, made.releases[-1]
    lines = [
        _SYNTHETIC,
        "",
        *_shortened(made.explanation),
        "",
        f"Sources  {where / 'sources'} ({len(made.sources)} synthetic files)",
        *(f"Release  {release}" for release in made.releases),
        f"Site     {made.site / 'index.html'}",
        f"Next     social-evidence explain {where} {HEADLINE} --series {SERIES}",
        f"         social-evidence explain {where} {HEADLINE} --area Hackney",
        f"         social-evidence verify {last}",
        f"         social-evidence gaps {last}",
        f"         social-evidence serve {made.site}",
        f"         social-evidence status --sources {where / 'sources'}",
    ]
    if len(made.releases) > 1:
        lines.insert(-6, f"Changes  {last / 'changes.csv'}")
    return "\n".join([*lines, "", _SYNTHETIC])
