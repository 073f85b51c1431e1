"""The demonstration: a synthetic London's files, releases made of them, a figure explained."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from social_evidence.app import programs, site_apart, workers
from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.demo_office import check_office, fill_office
from social_evidence.app.explain import Explanation
from social_evidence.app.inputs import chosen, gather
from social_evidence.app.packaged import LONDON, catalogue_folders
from social_evidence.app.release import load_release
from social_evidence.app.site import make_site
from social_evidence.app.unchanged import date_of_build
from social_evidence.catalogue.load import load
from social_evidence.errors import StoreError
from social_evidence.store import atomic, manifest
from social_evidence.store.release import FOLDER, latest
from social_evidence.synthetic.initiatives.writers import write_initiatives
from social_evidence.synthetic.london import years
from social_evidence.synthetic.london.sizes import FULL, SMALL
from social_evidence.synthetic.london.writers import check_own, write_sources

Progress = Callable[[str, int, int], None]

HEADLINE: Final = "backgrounds_get_on"
SERIES: Final = "pas_2"
"""The figure that is explained at the end, and its series."""
ROLE: Final = "demo"
CHECKED: Final = "Nothing: the demonstration approves its own made-up figures."
SITE: Final = "site"
"""Folder of the pages."""
LATEST: Final = 3
"""Waves of each series that the demonstration makes, unless all are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LondonDemonstration:
    """What the demonstration left.

    Attributes:
        folder: Where it is.
        sources: The synthetic files, in `sources/`.
        releases: `releases/<version>/`, oldest first.
        explanation: One figure of the last release, explained.
        site: Pages of every release, in `site/`.
    """

    folder: Path
    sources: tuple[Path, ...]
    releases: tuple[Path, ...]
    explanation: Explanation
    site: Path


def demonstrate_london(
    folder: Path,
    *,
    is_small: bool = False,
    every_wave: bool = False,
    successive: int = 1,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> LondonDemonstration:
    """Write a synthetic London's sources, build one release or two and explain a figure.

    Made-up records of initiatives go into the folder's office, as everybody's would.

    Each release is approved as role `demo`.

    Args:
        folder: Where `sources/` and `releases/` go; made when absent.
        is_small: Small samples, for a quick look.
        every_wave: All waves of every source; the last three of each series otherwise.
        successive: Yearly releases, 1 or 2. Before the second late files come, a mistake is
            mended and a group shrinks.
        as_of: The first release's date; today by default.
        progress: Called with what is being done, how far it is and how far it will go.

    Raises:
        StoreError: The folder cannot be written, holds files of somebody else's under the names
            of synthetic ones or releases of real files, or another build is at work in it.
    """
    tell = progress or _quiet
    _check_own(folder)
    tell("reading London's definitions", 0, 1)
    catalogue = catalogue_folders([Path(LONDON)])
    kept = None if every_wave else LATEST
    size = SMALL if is_small else FULL
    waves = _needed(catalogue, kept)
    day = as_of or date_of_build()
    releases: list[Path] = []
    if successive > 1:
        _check_unused(folder)
    with _others_ready():
        if successive == 1:
            with atomic.locked(folder / FOLDER):
                files = write_sources(
                    folder / "sources", size, waves=waves, progress=tell, also=write_initiatives
                )
            tell("taking in records of initiatives", 0, 1)
            fill_office(folder, load(catalogue))
            made = build(
                catalogue, [folder / "sources"], folder, as_of=day, latest=kept, progress=tell
            )
            approve(folder, made.name, by=ROLE, checked=CHECKED, as_of=day)
            releases.append(made)
        else:
            for year, write in enumerate((years.write_first, years.write_second)):
                with atomic.locked(folder / FOLDER):
                    files = write_sources(
                        folder / "sources",
                        size,
                        waves=waves,
                        held_back=() if year else years.LATE,
                        progress=tell,
                        write=write,
                        also=partial(write_initiatives, years=year + 1),
                    )
                tell("taking in records of initiatives", 0, 1)
                fill_office(folder, load(catalogue), years=year + 1)
                noted = _noted(catalogue, releases[0].name) if year else nullcontext(catalogue)
                with noted as definitions:
                    releases.append(_yearly(definitions, folder, day, year, kept, tell))
        explanation = load_release(releases[-1]).explain(HEADLINE, series=SERIES)
        site = make_site(folder, folder / SITE, today=_later(day, successive - 1), progress=tell)
    return LondonDemonstration(
        folder=folder,
        sources=files,
        releases=tuple(releases),
        explanation=explanation,
        site=site.folder,
    )


@contextmanager
def _others_ready() -> Iterator[None]:
    """Get other processes ready while this one writes sources, where there is a second processor.

    What they import takes as long as what they then do for a small London.
    """
    count = workers.most_workers()
    needed = [*[workers.PROGRAM] * count, site_apart.PROGRAM] if count > 1 else []
    with programs.ready(*needed):
        yield


def _yearly(
    catalogue: Sequence[Path],
    folder: Path,
    day: date,
    year: int,
    kept: int | None,
    progress: Progress,
) -> Path:
    """Build and approve the release of one of two successive years."""
    made = build(
        catalogue,
        [folder / "sources"],
        folder,
        version=f"{day.year + year}.0.0",
        as_of=_later(day, year),
        latest=kept,
        allow_missing=year == 0,
        progress=progress,
    )
    approve(folder, made.name, by=ROLE, checked=CHECKED, as_of=_later(day, year))
    return made


def _later(day: date, year: int) -> date:
    """Move a day by years; 29 February becomes the 28th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + year, day=28 if is_leap_day and year else day.day)


def _needed(catalogue: Sequence[Path], kept: int | None) -> Mapping[str, Sequence[str]]:
    """Return the waves of each source that a build would read."""
    definitions = load(catalogue)
    inputs = gather(definitions, chosen(definitions, None), [], kept)
    waves: dict[str, list[str]] = {}
    for missing in inputs.missing:
        waves.setdefault(missing.source.id, []).append(missing.file.wave)
    return waves


def _check_own(folder: Path) -> None:
    """Refuse somebody else's folder before anything is written in it.

    A release of made-up figures after one of real ones would be taken for the newest of them.
    """
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file. Choose a new or an empty folder with --dir.")
    check_own(folder / "sources")
    check_office(folder)
    before = latest(folder / FOLDER)
    if before is not None and not manifest.read(before).synthetic:
        raise StoreError(
            f"{folder} holds release {before.name}, which was made of real files. Synthetic "
            "figures would follow it as the newest: choose another --dir."
        )


def _check_unused(folder: Path) -> None:
    if latest(folder / FOLDER) is not None:
        raise StoreError(
            f"{folder} holds releases already, and the two years of the demonstration begin "
            "with the first. Choose another --dir."
        )


@contextmanager
def _noted(catalogue: Sequence[Path], since: str) -> Iterator[Sequence[Path]]:
    """Give the definitions with notes on what changed: a file corrected, and files that came late.

    Args:
        catalogue: The definitions.
        since: The release that the changes are told against.
    """
    with tempfile.TemporaryDirectory(prefix="social-evidence-") as scratch:
        copy = Path(scratch) / catalogue[0].name
        shutil.copytree(catalogue[0], copy)
        path = copy / "sources" / f"{years.CORRECTED}.toml"
        stated = {"field": "registered", "reason": years.NOTE, "status": "closed"}
        correction = f"\n[[corrections]]\n{_lines({**stated, 'date': '2027-01-15'})}"
        path.write_text(path.read_text(encoding="utf-8") + correction, encoding="utf-8")
        late = {"since": since, "cause": "late_data", "text": years.LATE_NOTE}
        (copy / "notes").mkdir(exist_ok=True)
        (copy / "notes" / "late_files.toml").write_text(
            _lines({**late, "date": "2027-01-15", "sources": years.LATE}), encoding="utf-8"
        )
        yield [copy]


def _lines(fields: Mapping[str, str | Sequence[str]]) -> str:
    """Write fields as TOML, whose texts and lists of texts are those of JSON."""
    return "".join(
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items()
    )


def _quiet(doing: str, done: int, total: int) -> None:
    """Tell nobody."""
