"""Time a publication, format by format: `python benchmarks/publish.py RELEASE --write`.

The whole is a process of its own, imports included; its time and peak memory are the kernel's
account of it. The formats are then written one after the other, for their processor time.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from social_evidence.app.publication import content_of
from social_evidence.publish.bundle import bind
from social_evidence.publish.files import PublishedFile
from social_evidence.publish.registry import FORMATS

PAGE = Path(__file__).parent.parent / "docs" / "results" / "publish.md"
PROGRAM = "from social_evidence.cli.main import entrypoint; entrypoint()"


def main() -> None:
    """Time a release and print the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path, help="a release or an evidence base")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        wall, processor, peak = whole(asked.release, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        rows, sizes = by_format(asked.release, Path(folder))
    text = page(wall, processor, peak, load, rows, sizes)
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")


def whole(release: Path, out: Path) -> tuple[float, float, float]:
    """Publish everything in a process of its own: seconds, processor seconds, peak in GB."""
    command = [sys.executable, "-c", PROGRAM, "publish", str(release), "--out", str(out), "--draft"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, spent, after.ru_maxrss / 1e6


def by_format(release: Path, out: Path) -> tuple[dict[str, tuple[float, int]], tuple[int, int]]:
    """Write each format by itself: processor seconds and bytes."""
    rows: dict[str, tuple[float, int]] = {}
    started = time.process_time()
    content = content_of(release)
    rows["reading the release"] = (time.process_time() - started, 0)
    files: list[PublishedFile] = []
    for one in FORMATS:
        started = time.process_time()
        made = one.write(content, out, files)
        rows[one.title] = (time.process_time() - started, sum(file.bytes for file in made))
        files += made
    started = time.process_time()
    bind(content, out, files)
    size = sum(path.stat().st_size for path in out.glob("*.zip"))
    rows["page, digests and zip"] = (time.process_time() - started, size)
    return rows, (content.estimates.num_rows, content.comparisons.num_rows)


def page(
    wall: float,
    processor: float,
    peak: float,
    load: float,
    rows: dict[str, tuple[float, int]],
    sizes: tuple[int, int],
) -> str:
    """Write the page."""
    day = datetime.now(UTC).date()
    machine = f"{os.cpu_count()} processors ({platform.machine()})"
    made = (
        f"Made by `python benchmarks/publish.py RELEASE --write` on {day}: {machine}, Python "
        f"{platform.python_version()}, load {load:.1f} when it began. Wall-clock time means little "
        "where others were at work: read processor time then.\n"
    )
    lines = [
        "# Publishing London\n",
        made,
        f"A synthetic London of {sizes[0]:,} estimates and {sizes[1]:,} comparisons.\n",
        "| The whole command | |",
        "| --- | ---: |",
        f"| Wall, s | {wall:.1f} |",
        f"| Processor, s | {processor:.1f} |",
        f"| Peak memory, GB | {peak:.2f} |\n",
        "Formats are written two at a time; here each by itself.\n",
        "| Step | Processor, s | MB |",
        "| --- | ---: | ---: |",
        *(f"| {name} | {spent:.2f} | {size / 1e6:.1f} |" for name, (spent, size) in rows.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
