"""The synthetic mark: what a made-up file says of itself, so that nobody can forget to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

MARK: Final = "SYNTHETIC"
"""Name of the column, or of the sheet of a workbook, that only made-up files have."""

MARK_FILE: Final = "SYNTHETIC.json"
"""Name of the file that says the same of every file beside and below it."""


def is_mark(names: Iterable[str]) -> bool:
    """Say whether the mark stands among the names of columns or sheets, in any capitals."""
    return any(name.strip().casefold() == MARK.casefold() for name in names)


def has_mark_file(path: Path, within: Path) -> bool:
    """Say whether a mark lies beside a file or in a folder above it.

    Args:
        path: The file.
        within: The folder of sources; nothing above it counts.
    """
    folders = [folder for folder in path.parents if folder.is_relative_to(within)]
    return any((folder / MARK_FILE).is_file() for folder in folders)
