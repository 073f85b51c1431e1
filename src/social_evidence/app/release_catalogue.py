"""The definitions a release was built from, read once however often they are asked for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from social_evidence.catalogue.load import examine
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.release import Manifest

_FOLDER: Final = "catalogue"


def definitions_of(release: Path, manifest: Manifest) -> Catalogue:
    """Read the definitions a release was built from.

    A rule that came after the release may call them faulty; they name its codes all the same.

    Args:
        release: Its folder, whose files were held against their digests.
        manifest: Its own.

    Raises:
        DefinitionError: The release holds none.
    """
    digests = tuple(
        (name, digest)
        for name, digest in sorted(manifest.files.items())
        if name.startswith(f"{_FOLDER}/")
    )
    return _examined(tuple(folders_of(release)), digests)


def folders_of(release: Path) -> list[Path]:
    """Find the definitions a release was built from: one folder, or several side by side."""
    folder = release / _FOLDER
    return sorted(path.parent for path in folder.glob("**/catalogue.toml")) or [folder]


@lru_cache(maxsize=1)
def _examined(
    folders: tuple[Path, ...],
    digests: tuple[tuple[str, str], ...],  # noqa: ARG001 - other files are read anew
) -> Catalogue:
    return examine(folders)[0]
