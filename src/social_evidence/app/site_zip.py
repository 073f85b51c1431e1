"""One tree of one release in an archive, to keep and to read without a connection."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from social_evidence.errors import StoreError
from social_evidence.site.assets import assets
from social_evidence.site.content import SiteInput
from social_evidence.site.render import ROOT, settled
from social_evidence.site.tree import rendered
from social_evidence.store import atomic

_PICTURE: Final = ".png"
FOLDER: Final = "zip"
"""Folder of the archives, one a release."""


def zip_name(version: str) -> str:
    """Path of a release's archive, from the site's root."""
    return f"{FOLDER}/site-{version}.zip"


def write_zip(
    out: Path, given: SiteInput, pages: Mapping[str, str], extra: Mapping[str, bytes]
) -> None:
    """Write the archive of a release, unless it stands there.

    What lies outside the tree, such as other releases and the files of `publish`, is not in it, so
    pages that would lead there are written anew without those links.

    Args:
        out: The folder of the site.
        given: The release.
        pages: Path -> text of its pages.
        extra: Path -> content of the files that other programs made.

    Raises:
        StoreError: The disk refuses.
    """
    target = out / zip_name(given.manifest.version)
    if target.is_file():
        return
    content = archive(given, pages, extra)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f"{atomic.WRITING}{target.name}")
        beside.write_bytes(content)
        beside.replace(target)
    except OSError as fault:
        raise StoreError(f"Cannot write {target}: {fault.strerror}.") from None


def archive(given: SiteInput, pages: Mapping[str, str], extra: Mapping[str, bytes]) -> bytes:
    """Pack one tree, with the release's date on every file; its charts are there as SVG alone.

    Args:
        given: The release.
        pages: Path -> text of its pages.
        extra: Path -> content of further files.

    Returns:
        The same bytes for the same tree.
    """
    made = replace(given.formats, zip="", images=False)
    alone = replace(given, downloads={}, trees=(), formats=made)
    other = {path for path, text in pages.items() if ROOT in text or f'{_PICTURE}"' in text}
    again = dict(rendered(alone, only=other))
    texts = {path: settled(again.get(path, text), "", "") for path, text in pages.items()}
    beside = {path: content for path, content in extra.items() if not path.endswith(_PICTURE)}
    files = {
        **{path: text.encode() for path, text in texts.items()},
        **dict(assets()),
        **beside,
    }
    day = date.fromisoformat(given.manifest.created)
    stamp = (day.year, day.month, day.day, 0, 0, 0)
    folder = f"site-{given.manifest.version}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as written:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{path}", stamp)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, content)
    return packed.getvalue()
