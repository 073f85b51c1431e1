"""Make the site of an evidence base: each release's tree for good, the newest at the root."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import social_evidence
from social_evidence.app.publish import publish
from social_evidence.app.release_gate import gate_release
from social_evidence.app.site_input import downloads, site_input
from social_evidence.errors import DisclosureError, StoreError
from social_evidence.model.release import Version
from social_evidence.site.addresses import relative
from social_evidence.site.render import settled
from social_evidence.site.tree import assets, moved_page, rendered
from social_evidence.store import atomic, manifest, states
from social_evidence.store.release import find

Progress = Callable[[str, int, int], None]
LIST: Final = "site.json"
"""What a tree holds: path -> SHA-256 digest, and which release it shows."""
DATA: Final = "data"
"""Folder of what `publish` writes, one folder a release."""
FROZEN: Final = "r"
"""Folder of the trees that never change, one a release."""
_WRITERS: Final = ("app", "catalogues/london/geography", "charts", "model", "site", "wording")
"""Parts of the program that decide what a page says."""
_UP: Final = "../../"
"""From the root of a frozen tree to that of the site."""
_NEWER: Final = "This is how the page stood in this release. See whether there is anything newer"
_FOR_GOOD: Final = "This page as it stands in this release, at an address that never changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What was made.

    folder: where. version: the release at the root. trees: version -> pages of its frozen tree.
    written, unchanged: files of the root. bytes: of one tree.
    """

    folder: Path
    version: str
    trees: Mapping[str, int]
    built: tuple[str, ...]
    written: int
    unchanged: int
    bytes: int


def make_site(
    releases: Path,
    out: Path,
    *,
    today: date,
    draft: bool = False,
    data: bool = False,
    progress: Progress | None = None,
) -> Site:
    """Write the pages of the newest public release, and every release's tree under its version.

    A tree under `/r/<version>/` is written once: what stands there is checked against its digests
    and kept. The pages at the root are those of the newest release; a file that would be the same
    is not written again. Where an older tree has a page the newest release lacks, the root says so.

    Args:
        releases: An evidence base, a `releases` folder, or one release's folder.
        out: The folder of the site.
        today: The day of publication.
        draft: Write a marked preview of the newest release, approved or not. It has no address
            that stays, so it is refused where a public site stands.
        data: Write every format of each release into `data/<version>/` too, where it is not there
            yet, so that pages can offer them.
        progress: Called with what is being done, how far it is and how far it will go.

    Returns:
        What was written.

    Raises:
        DisclosureError: No release may be public: drafts, withdrawn, before their day.
        StoreError: There is no release, a frozen tree was changed, or the disk refuses.
    """
    with atomic.locked(out):
        atomic.remove_unfinished(out)
        if draft:
            return _preview(find(releases), out, today, progress)
        public = _public(releases, today)
        for folder in public if data else ():
            if not (out / DATA / folder.name).is_dir():
                publish(folder, out / DATA, today=today, advance=progress)
        return _unchanged(public, out) or _publish(public, out, today, progress)


def _publish(public: list[Path], out: Path, today: date, progress: Progress | None) -> Site:
    trees: dict[str, int] = {}
    built: list[str] = []
    files: dict[str, bytes] = {}
    names = tuple(folder.name for folder in public)
    for folder in public:
        version = folder.name
        frozen = out / FROZEN / version
        is_newest = folder == public[-1]
        kept = _kept(frozen)
        if kept is None or is_newest:
            marks = gate_release(folder, today)
            given = site_input(
                folder,
                marks,
                is_public=True,
                trees=names[: names.index(version) + 1],
                downloads=downloads(out / DATA / version, f"{DATA}/{version}"),
            )
            pages = dict(rendered(given, progress))
            if kept is None:
                kept = _freeze(frozen, version, pages)
                built.append(version)
            if is_newest:
                files = {
                    path: _latest(html, path, version).encode() for path, html in pages.items()
                }
        trees[version] = len(kept)
    files |= dict(assets())
    files |= _moved(out, files, list(trees))
    stated = {"release": public[-1].name, "preview": False, "inputs": _inputs(public, out)}
    written, unchanged = _write_root(out, files, stated)
    return Site(
        folder=out,
        version=public[-1].name,
        trees=trees,
        built=tuple(built),
        written=written,
        unchanged=unchanged,
        bytes=sum(map(len, files.values())),
    )


def _inputs(public: list[Path], out: Path) -> str:
    """Digest what the pages follow from: releases, their states, and the program's own files."""
    stated = {
        "releases": {folder.name: states.digest_of(folder) for folder in public},
        "data": [folder.name for folder in public if (out / DATA / folder.name).is_dir()],
        "states": manifest.sha256((public[0].parent / states.FILE).read_bytes()),
        "program": {name: manifest.sha256(content) for name, content in _program()},
    }
    return manifest.sha256(manifest.to_json(stated))


def _program() -> Iterator[tuple[str, bytes]]:
    package = Path(social_evidence.__file__).parent
    for part in _WRITERS:
        for path in sorted((package / part).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".html", ".css", ".svg", ".json"}:
                yield path.relative_to(package).as_posix(), path.read_bytes()


def _unchanged(public: list[Path], out: Path) -> Site | None:
    """Leave a site alone that was made from the same and is whole; None where there is work."""
    if not (out / LIST).is_file() or _list(out).get("inputs") != _inputs(public, out):
        return None
    trees = {folder.name: _kept(out / FROZEN / folder.name) for folder in public}
    files: Mapping[str, str] = _list(out)["files"]
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


def _preview(folder: Path, out: Path, today: date, progress: Progress | None) -> Site:
    if (out / FROZEN).exists():
        raise StoreError(
            f"{out} holds a public site, and a preview must not take its place. Choose another "
            "--out."
        )
    marks = gate_release(folder, today, draft=True)
    pages = rendered(site_input(folder, marks, is_public=False), progress)
    files = {path: settled(html, "", "").encode() for path, html in pages} | dict(assets())
    written, unchanged = _write_root(out, files, {"release": folder.name, "preview": True})
    return Site(
        folder=out,
        version=folder.name,
        trees={},
        built=(),
        written=written,
        unchanged=unchanged,
        bytes=sum(map(len, files.values())),
    )


def _public(releases: Path, today: date) -> list[Path]:
    """List the releases that may be public, oldest first; refuse where none may."""
    newest = find(releases)
    if (releases / manifest.FILE).is_file():
        gate_release(newest, today)
        folders = [newest]
    else:
        folders = [
            path
            for path in newest.parent.iterdir()
            if Version.is_version(path.name) and (path / manifest.FILE).is_file()
        ]
    public = [path for path in folders if _may_go(path, today)]
    if not public:
        # The newest one's own refusal says what to do.
        gate_release(newest, today)
    return sorted(public, key=lambda path: Version.parse(path.name))


def _may_go(folder: Path, today: date) -> bool:
    if states.record_of_release(folder) is None:
        return False
    try:
        gate_release(folder, today)
    except DisclosureError:
        return False
    return True


def _kept(frozen: Path) -> Mapping[str, str] | None:
    """Read the list of a frozen tree and check every file; None where there is no tree."""
    if not frozen.is_dir():
        return None
    listed = _list(frozen)
    files: Mapping[str, str] = listed["files"]
    for path, digest in files.items():
        try:
            content = (frozen / path).read_bytes()
        except OSError:
            content = b""
        if manifest.sha256(content) != digest:
            raise StoreError(
                f"{frozen / path} is not what was published there: its digest differs from the one "
                f"in {frozen / LIST}. A frozen page never changes: restore it from its copy, or "
                f"remove {frozen} to have the tree made anew."
            )
    return files


def _list(folder: Path) -> Mapping[str, Any]:
    path = folder / LIST
    try:
        listed: Mapping[str, Any] = json.loads(path.read_bytes())
        dict(listed["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError(
            f"{path} cannot be read: it lists the files of the tree with their digests. Restore it "
            f"from its copy, or remove {folder} to have the tree made anew."
        ) from None
    return listed


def _freeze(frozen: Path, version: str, pages: Mapping[str, str]) -> Mapping[str, str]:
    """Write a release's tree beside and put it in its place in one step."""
    files = {
        path: settled(html, _NEWER, relative(f"{FROZEN}/{version}/{path}", path), root=_UP).encode()
        for path, html in pages.items()
    } | dict(assets())
    digests = {path: manifest.sha256(content) for path, content in sorted(files.items())}
    with atomic.folder_beside(frozen) as beside:
        for path, content in files.items():
            _write(beside / path, content)
        _write(beside / LIST, manifest.to_json({"release": version, "files": digests}))
    return digests


def _latest(html: str, path: str, version: str) -> str:
    return settled(html, _FOR_GOOD, relative(path, f"{FROZEN}/{version}/{path}"))


def _moved(out: Path, files: Mapping[str, bytes], versions: list[str]) -> dict[str, bytes]:
    """Say, at the address of every page that only an older tree has, where it still stands."""
    pages: dict[str, bytes] = {}
    for version in reversed(versions):
        for path in _list(out / FROZEN / version)["files"]:
            if path.endswith(".html") and path not in files and path not in pages:
                pages[path] = moved_page(path, f"{FROZEN}/{version}/{path}", version).encode()
    return pages


def _write_root(
    out: Path, files: Mapping[str, bytes], stated: Mapping[str, object]
) -> tuple[int, int]:
    """Write what differs, take away what an earlier run left, and list what there is."""
    earlier = _list(out)["files"] if (out / LIST).is_file() else {}
    written = 0
    for path, content in files.items():
        written += _write_changed(out / path, content)
    for path in sorted(set(earlier) - set(files)):
        (out / path).unlink(missing_ok=True)
    digests = {path: manifest.sha256(content) for path, content in sorted(files.items())}
    _write_changed(out / LIST, manifest.to_json({**stated, "files": digests}))
    return written, len(files) - written


def _write_changed(path: Path, content: bytes) -> bool:
    """Write a file unless it holds the same already; say whether it was written."""
    try:
        if path.read_bytes() == content:
            return False
    except OSError:
        pass
    beside = path.with_name(f"{atomic.WRITING}{path.name}")
    _write(beside, content)
    beside.replace(path)
    return True


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as fault:
        raise StoreError(
            f"Cannot write {path}: {fault.strerror}. Choose another --out, or mend its rights."
        ) from None
