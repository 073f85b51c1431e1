"""Catalogues that come with the program, found by their names."""

from __future__ import annotations

import importlib.resources
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from social_evidence.catalogue.faults import suggestion
from social_evidence.errors import DefinitionError

LONDON: Final = "london"
"""The catalogue that commands take where none is named."""


def catalogue_folder(path: Path) -> Path:
    """Find a catalogue by its folder, or by name where it comes with the program.

    A folder wins over a name, so that nobody's own `london` is passed over.

    Args:
        path: A folder that holds `catalogue.toml`, or a name such as `london`.

    Returns:
        The folder.

    Raises:
        DefinitionError: There is neither such a folder nor such a name.
    """
    if path.is_dir():
        return path
    names = packaged_names()
    if str(path) in names:
        return _package() / str(path)
    raise DefinitionError(
        f"{path} is neither a folder nor a catalogue that comes with the program."
        f"{suggestion(str(path), names)} Name the folder that holds catalogue.toml."
    )


def catalogue_folders(paths: Sequence[Path] | None) -> list[Path]:
    """Find several catalogues; London's where none is named.

    Raises:
        DefinitionError: There is neither such a folder nor such a name.
    """
    return [catalogue_folder(path) for path in paths or (Path(LONDON),)]


def packaged_names() -> tuple[str, ...]:
    """List the catalogues that come with the program."""
    found = [path.name for path in _package().iterdir() if (path / "catalogue.toml").is_file()]
    return tuple(sorted(found))


def _package() -> Path:
    return Path(str(importlib.resources.files("social_evidence"))) / "catalogues"
