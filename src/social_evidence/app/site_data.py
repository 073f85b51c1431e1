"""Open data beside a site's pages: files of each release, and the newest one's tables."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from social_evidence.app.publication import content_of
from social_evidence.app.publish import publish
from social_evidence.app.release_gate import gate_release
from social_evidence.publish.bundle import SUMS
from social_evidence.publish.content import Content
from social_evidence.publish.feed import feed_text
from social_evidence.publish.selection import write_selection
from social_evidence.store import atomic

Progress = Callable[[str, int, int], None]
DATA: Final = "data"
"""Folder of the files, one folder a release; the newest one's tables lie in it too."""
FEED: Final = "feed.atom"
TABLES: Final = (
    "estimates.parquet",
    "comparisons.parquet",
    "initiatives.parquet",
    "initiatives.json",
    "areas.csv",
    "manifest.json",
)
"""The newest release's own tables, byte for byte, at addresses without a version."""

_WHOLE: Final = "index.html"
"""Only a publication of every format has a page of its own."""
_SELECTED: Final = "csv/estimates.csv.gz"


def has_everything(folder: Path) -> bool:
    """Say whether a folder of files holds every format of `publish`."""
    return (folder / _WHOLE).is_file()


def has_selection(folder: Path) -> bool:
    """Say whether a folder of files holds the selection, written to its end."""
    listed = folder / SUMS
    return listed.is_file() and _SELECTED in listed.read_text(encoding="utf-8")


def kinds_there(folder: Path) -> tuple[bool, bool]:
    """Say what of a release's files is there: everything, the selection."""
    return has_everything(folder), has_selection(folder)


def write_data(
    release: Path, out: Path, *, today: date, everything: bool, progress: Progress | None
) -> Content | None:
    """Write the files of a release into the site, where they are not there yet.

    Args:
        release: The release's folder.
        out: The site's.
        today: The day of publication.
        everything: Every format of `publish`, beside the selection.
        progress: Told of the steps.

    Returns:
        What they were written from; None where everything was there.
    """
    target = out / DATA / release.name
    if everything and not has_everything(target):
        publish(release, out / DATA, today=today, advance=progress)
    if has_selection(target):
        return None
    if progress is not None:
        progress("writing files to take away", 0, 1)
    content = content_of(release, marks=gate_release(release, today))
    if has_everything(target):
        write_selection(content, target)
    else:
        with atomic.folder_replaced(target) as beside:
            write_selection(content, beside)
    return content


def newest_tables(release: Path) -> Mapping[str, bytes]:
    """Read the tables of the newest release: path in the site -> bytes."""
    return {
        f"{DATA}/{name}": (release / name).read_bytes()
        for name in TABLES
        if (release / name).is_file()
    }


def feed_file(content: Content, trees: Container[str], address: str = "") -> bytes:
    """Write the feed of releases and corrections; each entry leads to its own pages.

    Args:
        content: The newest release.
        trees: Releases that stand for good.
        address: Where the site will stand, ending in `/`: links are whole then, so that a reader
            that keeps the feed elsewhere finds them too.
    """

    def where(version: str) -> str:
        return f"r/{version}/index.html" if version in trees else "releases/index.html"

    return feed_text(replace(content, address=address), where)
