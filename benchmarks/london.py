"""Time a whole build of London, stage by stage: `python benchmarks/london.py --write`.

Every build is a process of its own: from cold (nothing cached), with nothing changed, and once more
in one process with its stages timed. Processor time and peak memory are the kernel's accounting of
that process and those it starts, imports included; the peak is that of the largest of them. Without
--sources synthetic London is written first, in full; that is not timed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from functools import wraps
from importlib import import_module
from pathlib import Path

from social_evidence.app.packaged import catalogue_folders
from social_evidence.app.release import load_release
from social_evidence.app.unchanged import Options, unchanged_release

PAGE = Path(__file__).parent.parent / "docs" / "results" / "london.md"
DAY = date(2026, 11, 22)
# Stage -> where its functions are looked up; one that calls another of the list keeps only its own.
STAGES = {
    "read definitions": (
        "social_evidence.app.build.load",
        "social_evidence.app.build.check_derived",
    ),
    "locate and hash": (
        "social_evidence.app.build.gather",
        "social_evidence.app.build.inputs_digest",
    ),
    "open and list": (
        "social_evidence.app.build_microdata.read_wave",
        "social_evidence.app.counts_reading.open_counted",
    ),
    "compile": ("social_evidence.app.build_microdata.compile_wave",),
    "encode": ("social_evidence.engine.blocks.encoded", "social_evidence.app.pooled.rows"),
    "scan and estimate": ("social_evidence.app.build_microdata.scanned",),
    "counts": ("social_evidence.engine.counts.read", "social_evidence.app.build_counts.figures"),
    "protect": ("social_evidence.app.protect.protect_series",),
    "judge and round": ("social_evidence.app.build.to_estimates",),
    "compare": ("social_evidence.app.build.to_comparisons",),
    "write": ("social_evidence.app.build.write_release",),
}


def main() -> None:
    """Run what was asked and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, help="folder of source files; made when left out")
    parser.add_argument("--catalogue", default="london", help="name or folder")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        child(asked.catalogue, asked.sources, asked.child, alone=asked.alone)
        return
    with tempfile.TemporaryDirectory() as folder:
        sources = asked.sources or synthetic(Path(folder) / "sources")
        text = page(asked.catalogue, sources, Path(folder))
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")


def synthetic(folder: Path) -> Path:
    """Write synthetic London, every wave in full."""
    sizes = import_module("social_evidence.synthetic.london.sizes")
    import_module("social_evidence.synthetic.london.writers").write_sources(folder, sizes.FULL)
    return folder


def page(catalogue: str, sources: Path, folder: Path) -> str:
    """Build three times and lay out what each took."""
    load = os.getloadavg()[0]
    cold = timed(catalogue, sources, folder, "first")
    same = timed(catalogue, sources, folder, "first")
    alone = timed(catalogue, sources, folder, "second", "--alone")
    size = sum(path.stat().st_size for path in sources.rglob("*") if path.is_file())
    lines = [
        "# A whole build of London",
        "",
        conditions(load),
        "",
        f"{size / 2**20:,.0f} MB of source files, {cold['rows']:,} rows published.",
        "",
        "| Build | Wall, s | Processor, s | Peak memory, GB |",
        "| --- | ---: | ---: | ---: |",
    ]
    builds = {
        "from cold": cold,
        "nothing changed": same,
        "in one process, tables cached": alone,
    }
    for name, run in builds.items():
        lines.append(
            f"| {name} | {run['wall']:.1f} | {run['cpu']:.1f} | {run['peak'] / 2**30:.2f} |"
        )
    lines += ["", "| Stage in one process, tables cached | Processor, s |", "| --- | ---: |"]
    for stage in [*STAGES, "all else"]:
        lines.append(f"| {stage} | {alone['stages'][stage]:.1f} |")
    return "\n".join(lines) + "\n"


def conditions(load: float) -> str:
    """Say when and on what the table was made."""
    return (
        f"Made by `python benchmarks/london.py --write` on {time.strftime('%Y-%m-%d')}: "
        f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}, "
        f"load {load:.1f} when it began. Wall-clock time means little where others were at work: "
        "read processor time then."
    )


def timed(catalogue: str, sources: Path, folder: Path, out: str, *more: str) -> dict:
    """Build in a process of its own."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    told = folder / f"{out}.json"
    command = [sys.executable, __file__, "--child", str(told), "--catalogue", catalogue]
    start = time.perf_counter()
    process = subprocess.Popen([*command, "--sources", str(sources), *more], env=environment)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        raise SystemExit(f"the build ended with {os.waitstatus_to_exitcode(status)}")
    run = json.loads(told.read_text(encoding="utf-8"))
    return {
        **run,
        "wall": wall,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss * 1024,
    }


def child(catalogue: str, sources: Path, told: Path, *, alone: bool) -> None:
    """Build once, the stages timed from outside; a second time with nothing changed is asked."""
    folders, out = catalogue_folders([Path(catalogue)]), told.with_suffix("")
    start, spent = time.process_time(), dict.fromkeys(STAGES, 0.0)
    found = unchanged_release(folders, [sources], out, Options(created=DAY, allow_missing=True))
    if found is None:
        clock = Clock(spent)
        build = import_module("social_evidence.app.build").build
        if alone:
            vars(import_module("social_evidence.app.workers"))["_WORTH"] = float("inf")
            clock.watch()
        found = build(folders, [sources], out, as_of=DAY, allow_missing=True, rebuild=True)
    spent["all else"] = time.process_time() - start - sum(spent.values())
    rows = load_release(found).estimates.num_rows
    told.write_text(json.dumps({"rows": rows, "stages": spent}), encoding="utf-8")


class Clock:
    """Adds processor time to the innermost stage that is running."""

    def __init__(self, spent: dict[str, float]) -> None:
        self.spent, self.open, self.last = spent, [], time.process_time()

    def watch(self) -> None:
        for stage, places in STAGES.items():
            for place in places:
                module, name = place.rsplit(".", 1)
                held = import_module(module)
                setattr(held, name, self.timing(stage, getattr(held, name)))

    def timing(self, stage: str, function):
        @wraps(function)
        def run(*given, **named):
            self.step(stage)
            try:
                return function(*given, **named)
            finally:
                self.step(None)

        return run

    def step(self, stage: str | None) -> None:
        now = time.process_time()
        if self.open:
            self.spent[self.open[-1]] += now - self.last
        self.last = now
        if stage is None:
            self.open.pop()
        else:
            self.open.append(stage)


if __name__ == "__main__":
    main()
