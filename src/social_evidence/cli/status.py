"""`social-evidence status`: which sources are there, which are not, and how to get them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from social_evidence.app.packaged import catalogue_folders
from social_evidence.app.status import EvidenceStatus, SourceStatus, status
from social_evidence.errors import DataError

_SOURCES: Final = Path("sources")
_INDENT: Final = " " * 9


def command(
    catalogue: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder that holds catalogue.toml, or the name of a catalogue that comes with "
            "the program; may be repeated. London's by default.",
        ),
    ] = None,
    sources: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder of source files, `sources` by default; may be repeated, first one wins.",
        ),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Every file, and every question to confirm.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 11 if a file lacks.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say which sources are found, partly found or missing, what each unlocks and how to get it.

    Nothing is read to its end, so that a folder of many gigabytes is told at once. A name that is a
    best guess is counted as one to confirm: a real file without it stops the build and says which
    line to edit.

    \b
    Example:
      social-evidence status --sources sources
      social-evidence status --catalogue london --sources sources --verbose
    """  # noqa: D301 - \b keeps the example's lines apart
    folders = sources or [_SOURCES]
    found = status(catalogue_folders(catalogue), folders)
    if as_json:
        typer.echo(json.dumps(_json(found), ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines(found, folders, verbose=verbose)))
    if strict and any(source.state != "found" for source in found.sources):
        raise typer.Exit(DataError.exit_code)


def _json(found: EvidenceStatus) -> dict[str, object]:
    sources = [{**asdict(source), "synthetic": source.synthetic} for source in found.sources]
    cache = {**asdict(found.cache), "folder": str(found.cache.folder)}
    return {**asdict(found), "sources": sources, "cache": cache}


def _lines(found: EvidenceStatus, folders: list[Path], *, verbose: bool) -> Iterator[str]:
    states = [source.state for source in found.sources]
    yield (
        f"{found.title}: of {len(states)} sources {states.count('found')} found, "
        f"{states.count('partly')} found in part, {states.count('missing')} missing."
    )
    yield f"{len(found.ready)} of {len(found.measures)} measures can be built in some year."
    for folder in folders:
        if not folder.is_dir():
            yield f"There is no folder {folder}; name another with --sources."
    for state in ("found", "partly", "missing"):
        for source in found.sources:
            if source.state == state:
                yield ""
                yield from _source(source, verbose=verbose)
    yield ""
    yield (
        f"Cache    {found.cache.size / 1e6:,.1f} MB in {found.cache.tables} tables, in "
        f"{found.cache.folder}; `social-evidence cache clear` removes it."
    )


def _source(source: SourceStatus, *, verbose: bool) -> Iterator[str]:
    mark = "  SYNTHETIC: made up by a program" if source.synthetic else ""
    study = f" ({source.study})" if source.study else ""
    yield f"{source.state:<9}{source.id}: {source.title}{study}{mark}"
    yield f"{_INDENT}unlocks {', '.join(source.unlocks) or 'no measure by itself'}"
    if source.state != "missing":
        yield from _found(source)
    if source.state != "found":
        yield from _how_to_get(source)
    if source.ended:
        after = f" Its successor is {source.successor}." if source.successor else ""
        yield f"{_INDENT}ended: {source.ended}{after}"
    if source.to_confirm:
        yield f"{_INDENT}{_to_confirm(source)}"
    if verbose:
        for file in source.files:
            there = file.found or "missing"
            yield f"{_INDENT}- {file.path}: {there if there != file.path else 'found'}"
        for field, question in source.to_confirm.items():
            yield f"{_INDENT}? {field}: {question}"


def _found(source: SourceStatus) -> Iterator[str]:
    other = [file.found for file in source.files if file.found not in {"", file.path}]
    if other:
        yield f"{_INDENT}in another format or edition: {_few(other)}"
    waves = [wave for wave in source.waves if wave]
    if waves:
        yield f"{_INDENT}has {_few(waves)}"
    if missing := [wave for wave in source.waves_missing if wave]:
        yield f"{_INDENT}lacks {_few(missing)}"
    elif lacking := [file.path for file in source.files if not file.found]:
        yield f"{_INDENT}lacks {_few(lacking)}"


def _how_to_get(source: SourceStatus) -> Iterator[str]:
    yield f"{_INDENT}how to get it: {source.how_to_get}"
    if source.page or source.url:
        yield f"{_INDENT}page: {', '.join(filter(None, (source.page, source.url)))}"
    yield f"{_INDENT}licence: {source.licence}"
    if any(file.address and not file.found for file in source.files):
        yield f"{_INDENT}open to all: social-evidence fetch {source.id}"


def _to_confirm(source: SourceStatus) -> str:
    count = len(source.to_confirm)
    names = "1 name" if count == 1 else f"{count} names"
    if source.state == "missing" or source.synthetic:
        return (
            f"{names} to confirm before the real {source.id} file will load (--verbose lists them)"
        )
    return f"{names} of its definition to confirm (--verbose lists them)"


def _few(names: list[str], most: int = 6) -> str:
    """List names, the middle of a long list left out."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:2])} … {', '.join(names[-2:])} ({len(names)})"
