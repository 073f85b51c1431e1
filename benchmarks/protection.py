"""Time protection and audit: `python benchmarks/protection.py --write`.

The figures of synthetic London are made first and not timed; then every table is protected as a
build does, and once more only audited. The demonstration's plan is the last three waves of each
series; --full takes every wave, in full samples, with all its pools. Processor time counts both
threads.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from unittest import mock

import numpy as np

from social_evidence.app.build import evidence
from social_evidence.app.judging import Judged
from social_evidence.app.packaged import catalogue_folders
from social_evidence.app.protect import Protector
from social_evidence.app.protected_cells import WIDTH, Cells
from social_evidence.catalogue.load import load
from social_evidence.disclosure.attack import intervals
from social_evidence.disclosure.tables import Place

PAGE = Path(__file__).parent.parent / "docs" / "results" / "protection.md"
LATEST = 3


@dataclass
class Taken:
    """What protection of a release took: seconds, tables, cells, hidden ones."""

    wall: float = 0.0
    cpu: float = 0.0
    audit: float = 0.0
    tables: int = 0
    largest: int = 0
    cells: int = 0
    hidden: int = 0
    narrowest: list[int] = field(default_factory=list)


def main() -> None:
    """Run what was asked and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, help="folder of source files; made when left out")
    parser.add_argument("--full", action="store_true", help="every wave, in full samples, as well")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    asked = parser.parse_args()
    text = page(asked.sources, full=asked.full)
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")


def page(sources: Path | None, *, full: bool) -> str:
    """Protect what is asked and lay out what it took."""
    load_before = os.getloadavg()[0]
    plans = {"the demonstration, small": ("SMALL", LATEST)}
    if full:
        plans |= {
            "the demonstration": ("FULL", LATEST),
            "every wave (`--every-wave`)": ("FULL", None),
        }
    rows = []
    for name, (size, latest) in plans.items():
        with tempfile.TemporaryDirectory() as folder:
            files = sources or synthetic(Path(folder) / "sources", size)
            rows.append(row(name, protected(files, latest)))
    head = (
        "| Release | Tables | Largest, cells | Cells | Hidden | Protect, s | of it audit, s "
        "| Wall, s | Protect, s in 10,000 cells | Narrowest |"
    )
    return "\n".join(
        [
            "# What protection costs",
            "",
            conditions(load_before, full=full),
            "",
            head,
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            *rows,
            "",
            said(),
            "",
        ]
    )


def said() -> str:
    """Say what the columns are."""
    return (
        "Cells are those that could be shown, each counted once a series. Series that nearly the "
        "same people answer are one table, protected once. Seconds are processor time but for the "
        f"wall clock's. Every hidden count keeps an interval at least {WIDTH} wide; the last "
        "column is the narrowest that was left, where the search for it ended."
    )


def synthetic(folder: Path, size: str) -> Path:
    """Write synthetic London."""
    sizes = import_module("social_evidence.synthetic.london.sizes")
    writers = import_module("social_evidence.synthetic.london.writers")
    writers.write_sources(folder, getattr(sizes, size))
    return folder


def protected(sources: Path, latest: int | None) -> Taken:
    """Make the figures, protect them, and audit them once more."""
    taken = Taken()
    protect = Protector.__call__

    def timed(self: Protector, series: Sequence[Judged]) -> object:
        start, cpu = time.perf_counter(), time.process_time()
        hidden = protect(self, series)
        taken.wall, taken.cpu = time.perf_counter() - start, time.process_time() - cpu
        audited(self, series, hidden, taken)
        return hidden

    with mock.patch.object(Protector, "__call__", timed):
        definitions = load(catalogue_folders([Path("london")]))
        evidence(definitions, [sources], latest=latest)
    return taken


def audited(
    protector: Protector,
    series: Sequence[Judged],
    hidden: Sequence[Collection[Place]],
    taken: Taken,
) -> None:
    """Work every interval out once more, as wide as it has to be."""
    for (figures, judged), places in zip(series, hidden, strict=True):
        cells = Cells(figures, judged, protector.known)
        closed = np.array([place in places for place in cells.places])
        start = time.process_time()
        found = intervals(cells.linked, (closed | cells.unpublished) & ~cells.known, enough=WIDTH)
        taken.audit += time.process_time() - start
        width = found.width[cells.judged[found.cells]]
        taken.narrowest += [int(width.min())] if width.size else []
        taken.tables += 1
        taken.largest = max(taken.largest, len(cells.places))
        taken.cells += len(figures)
        taken.hidden += sum(figure.place in places for figure in figures)


def row(name: str, taken: Taken) -> str:
    """Lay out one release."""
    number: Callable[[float], str] = "{:,.1f}".format
    per = 10_000 * taken.cpu / max(1, taken.cells)
    words = [name, f"{taken.tables}", f"{taken.largest:,}", f"{taken.cells:,}", f"{taken.hidden:,}"]
    words += map(number, (taken.cpu, taken.audit, taken.wall, per))
    return "| " + " | ".join([*words, str(min(taken.narrowest, default=0))]) + " |"


def conditions(load_before: float, *, full: bool) -> str:
    """Say when and on what the table was made."""
    return (
        f"Made by `python benchmarks/protection.py {'--full ' if full else ''}--write` on "
        f"{time.strftime('%Y-%m-%d')}: {os.cpu_count()} processors ({platform.machine()}), Python "
        f"{platform.python_version()}, load {load_before:.1f} when it began."
    )


if __name__ == "__main__":
    main()
