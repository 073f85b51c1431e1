"""Zip archives whose bytes depend on their content alone."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_READABLE: Final = 0o100644 << 16
_EFFORT: Final = 2
"""Spreadsheets are repetitive: more effort costs twice the time for a tenth of the size."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive; files are added in the order they shall stand."""

    opened: zipfile.ZipFile

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Add a file piece by piece, so that a large one is never whole in memory."""
        # Opened by its name, a file takes the archive's effort and the first date there is.
        with self.opened.open(name, "w") as stream:
            for piece in pieces:
                stream.write(piece)
        _settle(self.opened.getinfo(name))

    def add_stored(self, name: str, content: bytes) -> None:
        """Add a file as it is, without compression."""
        entry = zipfile.ZipInfo(name, date_time=_LONG_AGO)
        entry.compress_type = zipfile.ZIP_STORED
        self.opened.writestr(entry, content)
        _settle(entry)


def _settle(entry: zipfile.ZipInfo) -> None:
    """Take the machine's system and its usual permissions out of an entry."""
    entry.create_system = _UNIX
    entry.external_attr = _READABLE


@contextmanager
def archive(path: Path, effort: int = _EFFORT) -> Iterator[Archive]:
    """Write a zip archive with fixed dates, permissions and order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=effort) as opened:
        yield Archive(opened)
