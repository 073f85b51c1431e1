"""Make the site of an evidence base: each release's tree for good, the newest at the root."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

import social_evidence
from social_evidence.app.publish import publish
from social_evidence.app.release_gate import gate_release
from social_evidence.app.site_data import (
    DATA,
    FEED,
    feed_file,
    has_everything,
    kinds_there,
    newest_tables,
)
from social_evidence.app.site_files import (
    LIST,
    check_place,
    checked,
    read_list,
    write_root,
    write_tree,
)
from social_evidence.app.site_formats import finished, require
from social_evidence.app.site_given import TreeWork
from social_evidence.app.site_input import site_input
from social_evidence.app.site_names import check_area_names
from social_evidence.app.site_release import release_pages, write_files
from social_evidence.app.site_zip import FOLDER as ZIPS
from social_evidence.app.site_zip import write_zip, zip_name
from social_evidence.errors import DisclosureError, StoreError
from social_evidence.model.release import Version
from social_evidence.site.addresses import relative
from social_evidence.site.assets import assets, assigned
from social_evidence.site.content import Formats
from social_evidence.site.language_files import every_language, public_languages, unreviewed
from social_evidence.site.language_pages import FOR_GOOD, IS_OUT, NEWER
from social_evidence.site.render import asked_newer, settled
from social_evidence.site.tree import moved_page, rendered, withdrawn_page
from social_evidence.store import atomic, manifest, states
from social_evidence.store.release import find
from social_evidence.wording.language import Language

Progress = Callable[[str, int, int], None]
FROZEN: Final = "r"
"""Folder of the trees that never change, one a release."""
_PLACES: Final = (FROZEN, DATA, ZIPS)
"""Folders in which something is written beside before it takes its place."""
_WRITERS: Final = (
    *("app", "catalogues/london/geography", "charts", "languages", "model", "site", "wording"),
)
"""Parts of the program that decide what a page says."""
_WRITTEN: Final = frozenset({".py", ".html", ".css", ".svg", ".json", ".js", ".po"})
_UP: Final = "../../"
"""From the root of a frozen tree to that of the site."""
LATEST: Final = "latest.js"
"""At the root: says to pages that are kept for good, wherever read, which is the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What was made.

    folder: where. version: the release at the root. trees: version -> pages of its frozen tree.
    written, unchanged: files of the root. bytes: of one tree. unreviewed: of a preview, code of a
    language -> what its file lacks to be public.
    """

    folder: Path
    version: str
    trees: Mapping[str, int]
    built: tuple[str, ...]
    written: int
    unchanged: int
    bytes: int
    unreviewed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def make_site(
    releases: Path,
    out: Path,
    *,
    today: date,
    draft: bool = False,
    data: bool = False,
    preview_languages: bool = False,
    formats: Formats | None = None,
    progress: Progress | None = None,
) -> Site:
    """Write the pages of the newest public release, and every release's tree under its version.

    A tree under `/r/<version>/` is written once: what stands there is checked against its digests
    and kept. The pages at the root are those of the newest release; a file that would be the same
    is not written again. Where an older tree has a page the newest release lacks, the root
    says so. What is shown of a withdrawn release gives way to a notice.

    Args:
        releases: An evidence base, a `releases` folder, or one release's folder.
        out: The folder of the site.
        today: The day of publication.
        draft: Write a marked preview of the newest release, approved or not. It has no address
            that stays, so it is refused where a public site stands.
        data: Write every format of each release into `data/<version>/`, where only a selection
            stands otherwise.
        preview_languages: Write a preview that holds every language, those too that nobody has
            reviewed, each under a banner that says so. Public pages hold a language only once its
            file names a reviewer and a date.
        formats: What other programs make beside the pages: pictures, Braille, PDF; and whether an
            archive is packed, by any name. A tree that stands for good already gains none.
        progress: Called with what is being done, how far it is and how far it will go.

    Returns:
        What was written.

    Raises:
        DisclosureError: No release may be public: drafts, withdrawn, before their day.
        StoreError: There is no release, a frozen tree was changed, the disk refuses, or a program
            that a format needs is missing.
    """
    formats = formats or Formats()
    require(formats)
    check_place(out, find(releases))
    with atomic.locked(out):
        for folder in (out, *(out / name for name in _PLACES)):
            atomic.remove_unfinished(folder)
        if draft or preview_languages:
            languages = every_language() if preview_languages else public_languages(today)
            made = _preview(find(releases), out, today, languages, formats, progress)
            return replace(made, unreviewed=unreviewed(today)) if preview_languages else made
        _take_down(releases, out, today)
        public = _public(releases, today)
        has_data = not data or all(has_everything(out / DATA / one.name) for one in public)
        left = _unchanged(public, out, today, formats) if has_data else None
        return left or _publish(public, out, today, progress, formats=formats, everything=data)


def _publish(
    public: list[Path],
    out: Path,
    today: date,
    progress: Progress | None,
    *,
    formats: Formats,
    everything: bool,
) -> Site:
    check_area_names(public)
    trees: dict[str, int] = {}
    built: list[str] = []
    files: dict[str, bytes] = {}
    names = tuple(folder.name for folder in public)
    for folder in public:
        version = folder.name
        frozen = out / FROZEN / version
        is_newest = folder == public[-1]
        kept = checked(frozen)
        lacks_zip = bool(formats.zip) and not (out / zip_name(version)).is_file()
        work = TreeWork(
            release=folder,
            out=out,
            today=today,
            trees=names[: names.index(version) + 1],
            formats=_named(formats, version),
        )
        if kept is not None and not is_newest and not lacks_zip:
            write_files(work, progress, everything=everything)
        else:
            made = release_pages(work, progress, everything=everything)
            if formats.zip:
                write_zip(out, made.given, made.pages, made.extra)
            if kept is None:
                kept = _freeze(frozen, version, made.pages, made.extra)
                built.append(version)
            if is_newest:
                files = {
                    path: _latest(html, path, version).encode() for path, html in made.pages.items()
                } | dict(made.extra)
                files[FEED] = feed_file(made.content, {*trees, version}, formats.address)
        trees[version] = len(kept)
    files |= dict(assets())
    files |= newest_tables(public[-1])
    files[LATEST] = _newest(public[-1]).encode()
    files |= _moved(out, files, list(trees))
    stated = {
        "release": public[-1].name,
        "preview": False,
        "inputs": _inputs(public, out, today, formats),
    }
    written, unchanged = write_root(out, files, stated)
    return Site(
        folder=out,
        version=public[-1].name,
        trees=trees,
        built=tuple(built),
        written=written,
        unchanged=unchanged,
        bytes=sum(map(len, files.values())),
    )


def _inputs(public: list[Path], out: Path, today: date, formats: Formats) -> str:
    """Digest what the pages follow from: releases, their states, and the program's own files."""
    stated = {
        "releases": {folder.name: states.digest_of(folder) for folder in public},
        "data": {folder.name: kinds_there(out / DATA / folder.name) for folder in public},
        "states": manifest.sha256((public[0].parent / states.FILE).read_bytes()),
        "languages": [one.code for one in public_languages(today)],
        "formats": asdict(formats),
        "program": {name: manifest.sha256(content) for name, content in _program()},
    }
    return manifest.sha256(manifest.to_json(stated))


def _program() -> Iterator[tuple[str, bytes]]:
    package = Path(social_evidence.__file__).parent
    for part in _WRITERS:
        for path in sorted((package / part).rglob("*")):
            if path.is_file() and path.suffix in _WRITTEN:
                yield path.relative_to(package).as_posix(), path.read_bytes()


def _unchanged(public: list[Path], out: Path, today: date, formats: Formats) -> Site | None:
    """Leave a site alone that was made from the same and is whole; None where there is work."""
    stated = _inputs(public, out, today, formats)
    if not (out / LIST).is_file() or read_list(out).get("inputs") != stated:
        return None
    if formats.zip and not all((out / zip_name(folder.name)).is_file() for folder in public):
        return None
    trees = {folder.name: checked(out / FROZEN / folder.name) for folder in public}
    files: Mapping[str, str] = read_list(out)["files"]
    is_whole = all(
        (out / path).is_file() and manifest.sha256((out / path).read_bytes()) == digest
        for path, digest in files.items()
    )
    if not is_whole or None in trees.values():
        return None
    return Site(
        folder=out,
        version=public[-1].name,
        trees={version: len(kept or ()) for version, kept in trees.items()},
        built=(),
        written=0,
        unchanged=len(files),
        bytes=sum((out / path).stat().st_size for path in files),
    )


def _preview(
    folder: Path,
    out: Path,
    today: date,
    languages: tuple[Language, ...],
    formats: Formats,
    progress: Progress | None,
) -> Site:
    if (out / FROZEN).exists():
        raise StoreError(
            f"{out} holds a public site, and a preview must not take its place. Choose another "
            "--out."
        )
    marks = gate_release(folder, today, draft=True)
    given = replace(site_input(folder, marks, is_public=False), languages=languages)
    given = replace(given, formats=_named(formats, folder.name))
    pages, extra = finished(dict(rendered(given, progress)), formats, given.manifest.created)
    if formats.zip:
        (out / zip_name(folder.name)).unlink(missing_ok=True)
        write_zip(out, given, pages, extra)
    files = {path: settled(html, "", "").encode() for path, html in pages.items()}
    files |= {**extra, **dict(assets())}
    written, unchanged = write_root(out, files, {"release": folder.name, "preview": True})
    return Site(
        folder=out,
        version=folder.name,
        trees={},
        built=(),
        written=written,
        unchanged=unchanged,
        bytes=sum(map(len, files.values())),
    )


def _take_down(releases: Path, out: Path, today: date) -> None:
    """Put a notice in the place of whatever the site shows of a withdrawn release."""
    folders = _beside(releases)
    records = {folder.name: states.record_of_release(folder) for folder in folders}
    approved = [name for name, record in records.items() if record and record.state == "approved"]
    newest = max(approved, key=Version.parse, default="")
    for folder in folders:
        record = records[folder.name]
        if record is None or record.state != "withdrawn":
            continue
        title = manifest.read(folder).title
        if (out / FROZEN / folder.name).is_dir():
            page = withdrawn_page(title, record, newest, depth=2)
            files = {"index.html": page.encode(), **dict(assets())}
            write_tree(out / FROZEN / folder.name, folder.name, files)
        (out / zip_name(folder.name)).unlink(missing_ok=True)
        if (out / DATA / folder.name).is_dir():
            publish(folder, out / DATA, today=today)
        shown = read_list(out)["release"] if (out / LIST).is_file() else ""
        if shown == folder.name and not newest:
            page = withdrawn_page(title, record, newest, depth=0)
            files = {"index.html": page.encode(), **dict(assets())}
            write_root(out, files, {"release": folder.name, "preview": False})


def _public(releases: Path, today: date) -> list[Path]:
    """List the releases that may be public, oldest first; refuse where none may."""
    public = [path for path in _beside(releases) if _may_go(path, today)]
    if not public or (releases / manifest.FILE).is_file():
        # The newest one's own refusal says what to do.
        gate_release(find(releases), today)
    return public


def _beside(releases: Path) -> list[Path]:
    """List the releases meant, oldest first: all of a base, or the one that was named."""
    newest = find(releases)
    if (releases / manifest.FILE).is_file():
        return [newest]
    folders = [
        path
        for path in newest.parent.iterdir()
        if Version.is_version(path.name) and (path / manifest.FILE).is_file()
    ]
    return sorted(folders, key=lambda path: Version.parse(path.name))


def _may_go(folder: Path, today: date) -> bool:
    if states.record_of_release(folder) is None:
        return False
    try:
        gate_release(folder, today)
    except DisclosureError:
        return False
    return True


def _named(formats: Formats, version: str) -> Formats:
    """Name the archive of one release, where one is packed."""
    return replace(formats, zip=zip_name(version)) if formats.zip else formats


def _freeze(
    frozen: Path, version: str, pages: Mapping[str, str], extra: Mapping[str, bytes]
) -> Mapping[str, str]:
    """Write a release's tree: from then on its bytes never change."""
    files = {path: _kept(html, path, version).encode() for path, html in pages.items()}
    return write_tree(frozen, version, {**files, **extra, **dict(assets())})


def _kept(html: str, path: str, version: str) -> str:
    here = f"{FROZEN}/{version}/{path}"
    newer = asked_newer(relative(here, LATEST), version, IS_OUT)
    return settled(html, NEWER, relative(here, path), root=_UP, newer=newer)


def _latest(html: str, path: str, version: str) -> str:
    return settled(html, FOR_GOOD, relative(path, f"{FROZEN}/{version}/{path}"))


def _newest(folder: Path) -> str:
    stated = manifest.read(folder)
    return assigned("latest", {"version": stated.version, "created": stated.created})


def _moved(out: Path, files: Mapping[str, bytes], versions: list[str]) -> dict[str, bytes]:
    """Say, at the address of every page that only an older tree has, where it still stands."""
    pages: dict[str, bytes] = {}
    for version in reversed(versions):
        for path in read_list(out / FROZEN / version)["files"]:
            if path.endswith(".html") and path not in files and path not in pages:
                pages[path] = moved_page(path, f"{FROZEN}/{version}/{path}", version).encode()
    return pages
