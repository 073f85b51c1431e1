"""What binds a publication together: a page, a readme, the licence, digests and one zip."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from social_evidence.publish.archives import archive
from social_evidence.publish.content import Content
from social_evidence.publish.files import PublishedFile, described, slug, write
from social_evidence.publish.index_page import index_page
from social_evidence.publish.notes import citation, dataset_notes, dataset_title

SUMS: Final = "SHA256SUMS"
_LONGEST: Final = 100
"""Letters of a title that the name of a file takes."""
_SUFFIXES: Final = {"draft": "-draft", "pre_release": "-pre-release"}
_DICTIONARIES: Final = {
    "csv/dictionary.csv": "column holds",
    "csv/codes.csv": "code means",
}
_READ_AT_ONCE: Final = 1 << 20
_EFFORT: Final = 3
"""Half a gigabyte of tables: one step more takes twice the time for a fifth of the size."""
_STORED: Final = (".xlsx", ".ods", ".parquet")
"""Compressed already: doing it again costs time and gains nothing."""


def publication_name(content: Content) -> str:
    """Name the publication's folder: its version, with a mark where it is not to be quoted."""
    return content.version + "".join(_SUFFIXES.get(mark, "") for mark in content.marks)


def zip_name(content: Content) -> str:
    """Name the zip of everything."""
    # A title may be longer than the name of a file.
    return f"{slug(content.title)[:_LONGEST].rstrip('-')}-{publication_name(content)}.zip"


def bind(
    content: Content, folder: Path, files: Sequence[PublishedFile]
) -> tuple[PublishedFile, ...]:
    """Write the page, the readme, the licence, the digests and the zip.

    The digests are of every file but the zip, which holds them; its own stands beside it.

    Args:
        content: The release.
        folder: The publication's folder.
        files: What was written into it.

    Returns:
        Every file of the publication.
    """
    zipped = zip_name(content)
    write(folder, "README.txt", _readme(content, files, zipped).encode())
    bound = (
        described(folder, "README.txt", "Read me", "What is here, how to read it and how to cite."),
        write_licence(content, folder),
    )
    write(folder, "index.html", index_page(content, (*files, *bound), zipped).encode())
    page = described(folder, "index.html", "Start page")
    everything = sorted((*files, *bound, page), key=lambda file: file.path)
    sums = "".join(f"{file.sha256}  {file.path}\n" for file in everything)
    write(folder, SUMS, sums.encode())
    _write_zip(content, folder, [*(file.path for file in everything), SUMS])
    digest = hashlib.sha256((folder / zipped).read_bytes()).hexdigest()
    write(folder, f"{zipped}.sha256", f"{digest}  {zipped}\n".encode())
    return (
        *everything,
        described(folder, SUMS, "Digests", "SHA-256 of every file: sha256sum -c SHA256SUMS"),
        described(folder, zipped, "Everything in one file", "All files above, to keep or to send."),
        described(folder, f"{zipped}.sha256", "Digest of the zip"),
    )


def write_licence(content: Content, folder: Path) -> PublishedFile:
    """Write the licence of the publication and of every source."""
    write(folder, "LICENCE.txt", _licence(content).encode())
    purpose = "Of this publication and of every source."
    return described(folder, "LICENCE.txt", "Licence", purpose)


def _write_zip(content: Content, folder: Path, paths: Sequence[str]) -> None:
    name = zip_name(content)
    top = name.removesuffix(".zip")
    with archive(folder / name, _EFFORT) as opened:
        for path in paths:
            if path.endswith(_STORED):
                opened.add_stored(f"{top}/{path}", (folder / path).read_bytes())
            else:
                opened.add(f"{top}/{path}", _pieces(folder / path))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as opened:
        while piece := opened.read(_READ_AT_ONCE):
            yield piece


def _readme(content: Content, files: Sequence[PublishedFile], zipped: str) -> str:
    listed = [f"{file.path}\n    {file.title}. {file.purpose}" for file in files if file.purpose]
    title = dataset_title(content)
    blocks = [
        f"{title}\n{'=' * len(title)}",
        *content.notices,
        f"Released on {content.manifest.created}."
        + (f" Published by {content.publisher}." if content.publisher else ""),
        "Open index.html in a browser for a list of all files.",
        "Files\n-----",
        *listed,
        f"{zipped}\n    All files in one.",
        "How to read the figures\n-----------------------",
        *(f"- {note}" for note in dataset_notes(content)[len(content.notices) :]),
        *(
            f"- {path} says what every {what}."
            for path, what in _DICTIONARIES.items()
            if any(file.path == path for file in files)
        ),
        "How to cite\n-----------",
        citation(content),
        "Is it as it was published?\n--------------------------",
        f"sha256sum -c {SUMS}",
    ]
    return "\n\n".join(blocks) + "\n"


def _licence(content: Content) -> str:
    own = content.licence
    told = " ".join(filter(None, (own.name, own.url)))
    blocks = [
        f"Licence of {dataset_title(content)}",
        told or "The publisher has not said under which licence these files may be used.",
        "The figures were made from these sources, each under the licence it states:",
        *(
            "\n".join(filter(None, (f"{s.title} ({s.publisher})", s.licence, s.url)))
            for s in content.sources
        ),
    ]
    return "\n\n".join(blocks) + "\n"
