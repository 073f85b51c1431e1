"""`social-evidence build`: definitions and source files in, a release out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from social_evidence.app.office_place import digest_of_office
from social_evidence.app.packaged import catalogue_folders
from social_evidence.app.release import Release, latest_release, load_release
from social_evidence.app.unchanged import Options, date_of_build, unchanged_release
from social_evidence.cli.days import day
from social_evidence.cli.progress import shown
from social_evidence.model.release import Version


def command(
    out: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="The evidence base: the release goes below it."),
    ],
    catalogue: Annotated[
        list[Path],
        typer.Option(
            metavar="FOLDER",
            help="Folder that holds catalogue.toml, or the name of a catalogue that comes with "
            "the program (london); may be repeated.",
        ),
    ],
    sources: Annotated[
        list[Path],
        typer.Option(
            metavar="FOLDER", help="Folder of source files; may be repeated, first one wins."
        ),
    ],
    as_of: Annotated[
        str,
        typer.Option(
            metavar="DATE",
            help="The release's date, as 2026-11-22; by default SOURCE_DATE_EPOCH, or today.",
        ),
    ] = "",
    version: Annotated[
        str,
        typer.Option(
            metavar="VERSION",
            help="Ask for this version; by default it follows from what changed.",
        ),
    ] = "",
    measure: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Build only this measure; may be repeated."),
    ] = None,
    latest: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help="Only the last N waves of each series; 0 builds all. Older files are not needed.",
        ),
    ] = 0,
    allow_missing: Annotated[
        bool,
        typer.Option(
            "--allow-missing",
            help="Build without files and columns that are missing: their figures are published "
            "as not available.",
        ),
    ] = False,
    not_before: Annotated[
        str,
        typer.Option(
            metavar="DATE",
            help="The first day on which the release may be public, as 2027-01-15.",
        ),
    ] = "",
    unexplained: Annotated[
        bool,
        typer.Option(
            "--unexplained",
            help="Let numbers change that no note explains; the release says so in public.",
        ),
    ] = False,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Compute everything again, even where nothing has changed."),
    ] = False,
    office: Annotated[
        str,
        typer.Option(
            metavar="PATH|URL",
            help="Database of participants' answers, returns and registers; by default "
            "office.sqlite in the evidence base, where there is one.",
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Build the next release from definitions and source files.

    Every measure, group, area and period gets its row, with its uncertainty or the reason why it
    has no number. A build that fails leaves nothing: the last good release stays as it was. The
    same definitions, files and date give the same bytes.

    \b
    Example:
      social-evidence build --catalogue examples/open-data --sources ../shared/data --out evidence
    """  # noqa: D301 - \b keeps the example's lines apart
    before = latest_release(out)
    folders, asked = catalogue_folders(catalogue), _version(version)
    options = Options(
        created=day(as_of, "--as-of") or date_of_build(),
        measures=tuple(measure or ()),
        latest=latest or None,
        allow_missing=allow_missing,
        not_before=day(not_before, "--not-before"),
        office=digest_of_office(out, office),
    )
    folder = None if rebuild else unchanged_release(folders, sources, out, options, asked)
    if folder is None:
        with shown() as progress:
            folder = _build(
                folders, sources, out, options, asked, unexplained, office or None, progress
            )
    release = load_release(folder)
    statuses = Counter(release.estimates.column("status").to_pylist())
    if as_json:
        told = {"release": str(folder), "new": folder != before}
        rows = dict(sorted(statuses.items()))
        typer.echo(json.dumps({**told, "rows": rows, "lost": _lost(release)}, ensure_ascii=False))
    else:
        if folder == before:
            typer.echo(f"Nothing has changed since release {folder.name}: there is no new one.")
        typer.echo(_summary(folder, release, statuses))


def _build(
    catalogues: Sequence[Path],
    sources: Sequence[Path],
    out: Path,
    options: Options,
    version: str | None,
    unexplained: bool,
    office: str | None,
    progress: Callable[[str, int, int], None],
) -> Path:
    """Build, importing what that takes only now: a build with nothing to do needs none of it."""
    build: Callable[..., Path] = import_module("social_evidence.app.build").build
    return build(
        catalogues,
        sources,
        out,
        version=version,
        as_of=options.created,
        measures=options.measures,
        latest=options.latest,
        allow_missing=options.allow_missing,
        not_before=options.not_before,
        unexplained=unexplained,
        rebuild=True,
        office=office,
        progress=progress,
    )


def _version(text: str) -> str | None:
    if text and not Version.is_version(text):
        raise typer.BadParameter(
            f"{text!r} is not a release version; write year.minor.patch, as in 2026.1.0.",
            param_hint="--version",
        )
    return text or None


def _summary(folder: Path, release: Release, statuses: Counter[str]) -> str:
    rows = release.estimates.num_rows
    measures = sorted(set(release.estimates.column("measure").to_pylist()))
    lines = [
        f"Release {folder.name}: {rows:,} figures of {_measures(len(measures))}",
        *(f"  {status:<15}{count:>9,}" for status, count in sorted(statuses.items())),
        *_without(release),
        *_changed(release),
        f"In      {folder}",
    ]
    if measures:
        lines.append(f"Next    social-evidence explain {folder} {measures[0]}")
    return "\n".join(lines)


def _changed(release: Release) -> Iterator[str]:
    """Say what moved since the release before, and what nobody could give a reason for."""
    told: dict[str, Any] = release.stored.quality.get("revisions", {})
    if not told.get("since"):
        return
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in told["kinds"].items())
    yield f"Since {told['since']}: {kinds or 'no figure changed'}"
    if told["unexplained"]:
        yield f"No reason is written for {told['unexplained']:,} of them; the release says so."


def _without(release: Release) -> Iterator[str]:
    """Say what `--allow-missing` went without: figures whose periods nobody knows have no row."""
    for one in _lost(release):
        what = ", ".join(map(str, [*one["columns"], *one["breakdowns"]]))
        costs = ", ".join(one["measures"]) or "no measure"
        yield f"Without {one['file']}{f' ({what})' if what else ''}: costs {costs}"


def _lost(release: Release) -> list[dict[str, Any]]:
    # quality.json is read as it lies; that `lost` is a list of records is its writer's promise.
    lost: list[dict[str, Any]] = list(release.stored.quality.get("lost", ()))
    return lost


def _measures(count: int) -> str:
    return "1 measure" if count == 1 else f"{count} measures"
