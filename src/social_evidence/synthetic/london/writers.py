"""Write synthetic London's sources: each family of files by its own module, found by source id.

A writer's module gives `write(city, folder, waves, size)` and `WAVES`, every wave it can write.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Final

from social_evidence.errors import StoreError
from social_evidence.synthetic.london.population import SEED, City, make_city
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.writing import MARK_TEXT, write_bytes

Progress = Callable[[str, int, int], None]

# One line for each source, sorted by its id.
WRITERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "active_lives": "social_evidence.synthetic.london.tables.active_lives",
        "aps": "social_evidence.synthetic.london.aps",
        "aps_nomis": "social_evidence.synthetic.london.tables.aps_nomis",
        "borough_profiles": "social_evidence.synthetic.london.tables.borough_profiles",
        "borough_residents_survey": "social_evidence.synthetic.london.borough_survey",
        "community_life": "social_evidence.synthetic.london.community_life",
        "community_life_2023": "social_evidence.synthetic.london.community_life_2023",
        "community_life_tables": "social_evidence.synthetic.london.tables.community_life_tables",
        "dfe_early_years": "social_evidence.synthetic.london.tables.dfe_early_years",
        "dfe_early_years_2018": "social_evidence.synthetic.london.tables.dfe_early_years_2018",
        "dfe_ks4": "social_evidence.synthetic.london.tables.dfe_ks4",
        "dfe_ks4_2025": "social_evidence.synthetic.london.tables.dfe_ks4_2025",
        "dfe_lait": "social_evidence.synthetic.london.tables.dfe_lait",
        "frs": "social_evidence.synthetic.london.frs",
        "hbai": "social_evidence.synthetic.london.hbai",
        "home_office_ceremonies": "social_evidence.synthetic.london.tables.home_office_ceremonies",
        "lfs_q1": "social_evidence.synthetic.london.lfs_q1",
        "lfs_q3": "social_evidence.synthetic.london.lfs_q3",
        "mps_hate_crime": "social_evidence.synthetic.london.tables.mps_hate_crime",
        "ons_internet_users": "social_evidence.synthetic.london.tables.ons_internet_users",
        "ons_local_electors": "social_evidence.synthetic.london.tables.ons_local_electors",
        "ons_nationality": "social_evidence.synthetic.london.tables.ons_nationality",
        "ons_parliamentary_electors": (
            "social_evidence.synthetic.london.tables.ons_parliamentary_electors"
        ),
        "ons_population": "social_evidence.synthetic.london.tables.ons_population",
        "ons_sdg_early_years": "social_evidence.synthetic.london.tables.ons_sdg_early_years",
        "ons_wellbeing": "social_evidence.synthetic.london.tables.ons_wellbeing",
        "pas": "social_evidence.synthetic.london.pas",
        "pas_dashboard": "social_evidence.synthetic.london.tables.pas_dashboard",
        "survey_of_londoners": "social_evidence.synthetic.london.survey_of_londoners",
        "taking_part": "social_evidence.synthetic.london.taking_part",
        "ukhls": "social_evidence.synthetic.london.ukhls",
    }
)
"""Source id → module, imported when it is needed."""
LIST_FILE: Final = "SYNTHETIC.json"
_NAMED: Final = 3


def writer_of(source: str) -> ModuleType:
    """Import the module that writes a source's files."""
    return importlib.import_module(WRITERS[source])


def waves_of(source: str, needed: Sequence[str] | None) -> tuple[str, ...]:
    """Return the waves to write, oldest first.

    Args:
        source: A source id of `WRITERS`.
        needed: Waves that are read; all when None, or where one file holds every wave.
    """
    every: tuple[str, ...] = tuple(writer_of(source).WAVES)
    if needed is None or not set(needed) & set(every):
        return every
    return tuple(wave for wave in every if wave in set(needed))


def write_sources(
    folder: Path,
    size: Size,
    *,
    waves: Mapping[str, Sequence[str]] | None = None,
    seed: int = SEED,
    held_back: Sequence[str] = (),
    progress: Progress | None = None,
    write: Callable[[str, City, Path, Sequence[str]], None] | None = None,
    also: Callable[[Path], object] | None = None,
) -> tuple[Path, ...]:
    """Write every source's files and the list that says what they are.

    Files are written in a folder beside and then moved, one after the other. A folder that holds
    what another program or person put there is left alone, and the work does not begin.

    Args:
        folder: Where the files go; made when absent. Two runs at once are the caller's to prevent.
        size: Of the people and of the samples.
        waves: Source → waves that are wanted; a source that is not named is not written. All
            waves of all sources when None.
        seed: Of the population.
        held_back: Sources whose latest wave is not out yet.
        progress: Called with what is being done, how far it is and how far it will go.
        write: What writes one source; the source's own module by default.
        also: Writes further files into the folder, which are no source's.

    Returns:
        The files, sorted.

    Raises:
        StoreError: The folder cannot be written, or holds a file of somebody else's.
    """
    earlier = check_own(folder)
    tell = progress or _quiet
    wanted = [source for source in WRITERS if waves is None or source in waves]
    total = len(wanted) + 2
    tell("making the people of a synthetic London", 0, total)
    city = make_city(size, seed=seed)
    beside = folder.parent / f".writing-{folder.name}"
    try:
        shutil.rmtree(beside, ignore_errors=True)  # what a killed run left
        beside.mkdir(parents=True)
        for done, source in enumerate(wanted, start=1):
            tell(f"writing synthetic {source}", done, total)
            due = waves_of(source, None if waves is None else waves[source])
            if source in held_back:
                due = due[:-1]
            (write or write_source)(source, city, beside, due)
        if also is not None:
            also(beside)
        tell("moving the files into place", total - 1, total)
        return _move(beside, folder, earlier, {"seed": seed, "size": size.name})
    except OSError as fault:
        raise StoreError(
            f"Cannot write in {folder}: {fault.strerror or fault}. Choose another --dir, "
            "or mend its rights."
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write_source(source: str, city: City, folder: Path, waves: Sequence[str]) -> None:
    """Write the files of one source."""
    writer_of(source).write(city, folder, waves, city.size)


def _quiet(doing: str, done: int, total: int) -> None:
    """Tell nobody."""


def check_own(folder: Path) -> frozenset[str]:
    """Return the files of an earlier run; refuse a folder that holds any other.

    Args:
        folder: Where the files are to go.

    Returns:
        Their paths below the folder; none where it is new or empty.

    Raises:
        StoreError: A file is not on the list that an earlier run left, or differs from it.
    """
    listed = _listed(folder / LIST_FILE)
    others = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != LIST_FILE and _digest(path) not in listed.get(name, ()):
            others.append(path.as_posix())
    if others:
        named = ", ".join(others[:_NAMED]) + (", …" if len(others) > _NAMED else "")
        raise StoreError(
            f"Not the demonstration's own, or changed since: {named}. Nothing of yours is "
            "overwritten. Choose another --dir."
        )
    return frozenset(listed)


def _move(
    beside: Path, folder: Path, earlier: frozenset[str], about: Mapping[str, object]
) -> tuple[Path, ...]:
    """Move finished files into the folder; files of an earlier run that are no more are removed.

    While files move the list names the digests of before and after, so that a run that was
    killed can be done again.
    """
    digests = {
        path.relative_to(beside).as_posix(): _digest(path)
        for path in sorted(beside.rglob("*"))
        if path.is_file()
    }
    before = _listed(folder / LIST_FILE)
    both = {
        name: sorted({*before.get(name, ()), *([digests[name]] if name in digests else [])})
        for name in {*digests, *before}
    }
    _write_list(folder, about, both)
    for name in digests:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (beside / name).replace(folder / name)
    for name in earlier - set(digests):
        (folder / name).unlink(missing_ok=True)
    _write_list(folder, about, {name: [digest] for name, digest in digests.items()})
    return tuple(folder / name for name in digests)


def _write_list(
    folder: Path, about: Mapping[str, object], files: Mapping[str, Sequence[str]]
) -> None:
    stated = {"synthetic": MARK_TEXT, **about, "files": files}
    text = json.dumps(stated, indent=1, sort_keys=True) + "\n"
    write_bytes(folder / LIST_FILE, text.encode())


def _listed(path: Path) -> dict[str, list[str]]:
    """Return the files that a list names, with the digests that each may have."""
    if not path.is_file():
        return {}
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): list(digests) for name, digests in stated["files"].items()}
    except (ValueError, KeyError, AttributeError, TypeError):
        raise StoreError(
            f"{path} is not a list that the demonstration wrote. Choose another --dir."
        ) from None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
