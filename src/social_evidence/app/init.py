"""Start an evidence base: one survey, one measure, and the next command to type."""

from __future__ import annotations

import importlib.resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from social_evidence.errors import StoreError
from social_evidence.store import atomic
from social_evidence.synthetic import city

STARTER: Final = (
    "areas.toml",
    "measures/demo_neighbours_trusted.toml",
    "questions/demo_trust.toml",
    "breakdowns/sex.toml",
    "breakdowns/age_band.toml",
)
_SURVEY_ONLY: Final = ("sources/demo_survey.toml",)
_TITLE: Final = 'title = "A new evidence base (synthetic data, to be replaced)"\n'
_READ_ME: Final = """An evidence base, started with `social-evidence init`.

catalogue/   what is measured (measures), from what (sources, questions), for whom
             (breakdowns, areas). One thing a file. No Python.
sources/     the files the catalogue names. survey.csv is made up by a program: replace it by
             your own survey, and edit catalogue/sources/demo_survey.toml until `check` agrees.

Next, here in this folder, as a trial:
  social-evidence check catalogue
  social-evidence build --catalogue catalogue --sources sources --out trial
With your own survey in it, build with --out . and delete trial.
"""


def start(folder: Path) -> tuple[Path, ...]:
    """Write a small catalogue and a synthetic survey it runs on.

    Args:
        folder: A folder that does not exist yet, or is empty.

    Returns:
        The files written.

    Raises:
        StoreError: The folder holds something already, or cannot be written: nothing of the
            user's is ever overwritten.
    """
    if folder.is_file():
        raise StoreError(f"{folder} is a file. `init` writes into a new or an empty folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise StoreError(
            f"{folder} is not empty. `init` writes only into a new or an empty folder, "
            "so that nothing of yours is overwritten."
        )
    if folder.exists():
        folder.rmdir()
    with atomic.folder_beside(folder) as beside:
        _write(beside)
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


def _write(folder: Path) -> None:
    package = importlib.resources.files("social_evidence") / "catalogues" / "demo"
    catalogue = folder / "catalogue"
    for name in STARTER:
        _copy(package / name, catalogue / name)
    for name in _SURVEY_ONLY:
        text = (package / name).read_text(encoding="utf-8")
        path = catalogue / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_without_item(text, "demo_satisfaction"), encoding="utf-8")
    (catalogue / "catalogue.toml").write_text(_TITLE, encoding="utf-8")
    (folder / "README.txt").write_text(_READ_ME, encoding="utf-8")
    _, register = city.write_sources(folder / "sources")
    register.unlink()


def _copy(source: Traversable, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")


def _without_item(text: str, item: str) -> str:
    """Take one `[items.…]` table out of a source: its question is not in the starter."""
    before, found, after = text.partition(f"[items.{item}]\n")
    if not found:
        return text
    return before + after[after.index("\n[") + 1 :]
