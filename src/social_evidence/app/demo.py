"""The demonstration: an invented city's files, a release made from them, a number explained."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.explain import Explanation
from social_evidence.app.release import load_release
from social_evidence.errors import StoreError
from social_evidence.synthetic import city

Progress = Callable[[str, int, int], None]

HEADLINE: Final = "demo_neighbours_trusted"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the demonstration left: `sources/`, `releases/<version>/`, and one figure explained."""

    folder: Path
    sources: tuple[Path, ...]
    release: Path
    explanation: Explanation


def demonstrate(
    folder: Path, *, as_of: date | None = None, progress: Progress | None = None
) -> Demonstration:
    """Write synthetic sources, build a release from them and explain its headline figure.

    Args:
        folder: Where `sources/` and `releases/` go; made when absent.
        as_of: The release's date; today by default.
        progress: Called with what is being done, how far it is and how far it will go.

    Raises:
        StoreError: The folder cannot be written, holds sources of somebody else's under the same
            names, or another build is at work in it.
    """
    sources = _sources(folder / "sources")
    package = importlib.resources.files("social_evidence") / "catalogues" / "demo"
    with importlib.resources.as_file(package) as catalogue:
        release = build([catalogue], [folder / "sources"], folder, as_of=as_of, progress=progress)
    approve(
        folder, release.name, by="demo", checked="Nothing: the figures are made up.", as_of=as_of
    )
    explanation = load_release(release).explain(HEADLINE)
    return Demonstration(folder, sources, release, explanation)


def _sources(folder: Path) -> tuple[Path, ...]:
    """Write the invented files, never over others that happen to have their names."""
    try:
        for name, text in city.sources().items():
            path = folder / name
            if path.exists() and path.read_bytes() != text.encode():
                raise StoreError(
                    f"{path} is not the demonstration's own file, and nothing of yours is "
                    "overwritten. Choose another --dir."
                )
        return city.write_sources(folder)
    except OSError as fault:
        raise StoreError(
            f"Cannot write in {folder}: {fault.strerror}. Choose another --dir, or mend its rights."
        ) from None
