"""One command sets our job beside its floor, svy and R: `python benchmarks/run.py`.

The job: 18 yes/no measures x 12 breakdowns x 33 areas = 35,640 proportions with linearised
standard errors, degrees of freedom of the domain and logit intervals; 500 strata, 5,000 PSUs. Every
contestant is a process of its own; its processor time and peak memory are the kernel's accounting
of that process, imports included.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet

import survey

HERE = Path(__file__).parent
OWN_CACHE = "BENCHMARK_CACHE"
BREAKDOWN_DOMAINS = [levels * survey.AREAS for levels in survey.LEVELS]


@dataclass(frozen=True)
class Run:
    """One finished process. Seconds, and bytes at the peak."""

    cpu: float
    wall: float
    peak: int
    said: dict

    def line(self, name: str, note: str = "") -> str:
        return f"{name:<58}{self.cpu:>9.2f}{self.wall:>9.2f}{self.peak / 2**30:>8.2f}  {note}"


def main() -> None:
    """Run what was asked and print one table a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--skip", nargs="*", default=[], help="svy, r, sql, crossing, unclustered")
    parser.add_argument(
        "--peers-up-to",
        type=int,
        default=1_000_000,
        help="svy and R are measured up to this many rows; beyond, a run takes long",
    )
    parser.add_argument("--repeat", type=int, default=3, help="runs of ours and of the floor")
    asked = parser.parse_args()
    python = sys.version.split()[0]
    print(f"processors {os.cpu_count()}, load {os.getloadavg()[0]:.1f}, Python {python}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in asked.rows:
            peers = () if rows <= asked.peers_up_to else ("svy", "r")
            one_size(Path(folder), rows, [*asked.skip, *peers], asked.repeat)
            if peers:
                print("svy and R: not measured at this size; --peers-up-to raises the limit")


def one_size(folder: Path, rows: int, skip: list[str], repeat: int) -> None:
    """Write the survey, run every contestant on it, print the table."""
    cache_home = folder / f"cache{rows}"
    os.environ[OWN_CACHE] = str(cache_home)
    path = folder / f"survey{rows}.parquet"
    survey.write(path, rows, crossing=False)
    title = f"{rows:,} rows, {survey.CELLS:,} proportions"
    print(f"\n{title:<58}{'CPU s':>9}{'wall s':>9}{'GiB':>8}")
    cache = process("cache", path)
    print(cache.line("cache: encode and sort by PSU, once", f"{cache.said['bytes'] / 1e6:.0f} MB"))
    encoded = Path(cache.said["file"])
    floor, ours = paired(("floor", encoded), ("blocks", path), repeat)
    decode = floor.said["decode"]
    print(floor.line("floor: Parquet decode, same columns and file, one thread"))
    print(f"{'  of which decode, without start and imports':<58}{decode:>9.2f}")
    note = f"{ours.cpu / floor.cpu:.1f}x floor, {ours.cpu / decode:.1f}x its decode alone"
    print(ours.line("ours: array engine, order-independent integer sums", note))
    if "sql" not in skip:
        sql_lines(path, ours, floor)
    if "unclustered" not in skip:
        unclustered_lines(path)
    if "crossing" not in skip:
        crossing_lines(folder, rows)
    if "svy" not in skip:
        svy_lines(path, ours)
    if "r" not in skip:
        r_lines(path, folder, ours)
    path.unlink()
    shutil.rmtree(cache_home, ignore_errors=True)
    sys.stdout.flush()


def sql_lines(path: Path, ours: Run, floor: Run) -> None:
    """The SQL engine's whole job, and its statement alone with integer and floating sums."""
    other = process("duckdb", path)
    same = "same checksum" if other.said == ours.said else f"DIFFERS: {other.said} {ours.said}"
    print(
        other.line(
            "ours: SQL engine, order-independent integer sums",
            f"{other.cpu / floor.cpu:.1f}x floor, {same}",
        )
    )
    integers, floats = process("sql_integers", path), process("sql_floats", path)
    print(
        integers.line(
            "  SQL statement alone, integer sums", f"{integers.cpu / floor.cpu:.1f}x floor"
        )
    )
    print(
        floats.line("  SQL statement alone, floating sums", f"{floats.cpu / floor.cpu:.1f}x floor")
    )


def unclustered_lines(path: Path) -> None:
    """Every row its own PSU."""
    cache = process("cache_unclustered", path)
    print(cache.line("cache of the unclustered job, once"))
    floor = process("floor", Path(cache.said["file"]))
    ours = process("blocks_unclustered", path)
    print(ours.line("ours, unclustered: array engine", f"{ours.cpu / floor.cpu:.1f}x its floor"))
    other = process("duckdb_unclustered", path)
    same = "same checksum" if other.said == ours.said else f"DIFFERS: {other.said} {ours.said}"
    print(other.line("ours, unclustered: SQL engine", same))


def crossing_lines(folder: Path, rows: int) -> None:
    """Areas cross PSUs: thirty times the groups, so the plan makes several parts."""
    path = folder / f"crossing{rows}.parquet"
    survey.write(path, rows, crossing=True)
    cache = process("cache", path)
    print(cache.line("cache of the job whose areas cross PSUs, once"))
    floor = process("floor", Path(cache.said["file"]))
    ours = process("blocks", path)
    print(
        ours.line(
            "ours, areas crossing PSUs: array engine", f"{ours.cpu / floor.cpu:.1f}x its floor"
        )
    )
    path.unlink()


def svy_lines(path: Path, ours: Run) -> None:
    """Measure svy on two breakdowns, and extend by a straight line in the number of domains."""
    python = svy_command()
    if python is None:
        print("svy: not installed, and no uv to fetch it: skipped")
        return
    for name, measured in (("svy_mean", "2 measures"), ("svy_prop", "1 measure")):
        run = process(name, path, command=python)
        total = extended({int(n): seconds for n, seconds in run.said["calls"].items()})
        note = (
            f"{total / ours.cpu:,.0f}x ours; {run.cpu:.1f} s measured: {measured}, 66+396 domains"
        )
        print(
            f"{name + ' ' + run.said['version'] + ', extrapolated':<58}{total:>9.0f}{'':>9}"
            f"{run.peak / 2**30:>8.2f}  {note}"
        )


def r_lines(path: Path, folder: Path, ours: Run) -> None:
    """Measure R survey in the same way, where R is present."""
    if shutil.which("Rscript") is None:
        print("R survey: no Rscript here: skipped")
        return
    columns = ["weight", "stratum", "psu", "area", "g1", "g12", "y1"]
    table = pyarrow.parquet.read_table(path, columns=columns)
    written = folder / "survey.csv"
    pyarrow.csv.write_csv(table, written)
    run = process("", written, command=["Rscript", str(HERE / "r_survey.R")])
    total = extended({int(n): seconds for n, seconds in run.said["calls"].items()})
    note = f"{total / ours.cpu:,.0f}x ours; {run.cpu:.1f} s measured: 1 measure, 66+396 domains"
    name = f"R survey {run.said['version']} svyby(svymean), extrapolated"
    print(f"{name:<58}{total:>9.0f}{'':>9}{run.peak / 2**30:>8.2f}  {note}")


def extended(calls: dict[int, float]) -> float:
    """Extend two measured calls to all breakdowns and measures by a line in domains."""
    (few, low), (many, high) = sorted(calls.items())
    slope = (high - low) / (many - few)
    one_measure = sum(low + slope * (domains - few) for domains in BREAKDOWN_DOMAINS)
    return one_measure * survey.MEASURES


def svy_command() -> list[str] | None:
    """Find a Python that has svy: this one, or one that uv makes for the moment."""
    if importlib.util.find_spec("svy"):
        return [sys.executable, str(HERE / "contestants.py")]
    if shutil.which("uv") is None:
        return None
    wanted = ["uv", "run", "--quiet", "--no-project", "--with", "svy", "--with", "polars", "python"]
    ready = subprocess.run([*wanted, "-c", "import svy"], check=False, capture_output=True)
    return [*wanted, str(HERE / "contestants.py")] if ready.returncode == 0 else None


def paired(one: tuple[str, Path], other: tuple[str, Path], repeat: int) -> tuple[Run, Run]:
    """Run two contestants in turn and keep the median of each, so that load hits both alike."""
    runs = [(process(*one), process(*other)) for _ in range(max(1, repeat))]
    middle = len(runs) // 2
    return tuple(
        sorted((pair[side] for pair in runs), key=lambda run: run.cpu)[middle] for side in (0, 1)
    )


def process(name: str, path: Path, command: list[str] | None = None) -> Run:
    """Run one contestant in a process of its own."""
    environment = dict(os.environ)
    if command is None:
        command = [sys.executable, str(HERE / "contestants.py")]
        environment["XDG_CACHE_HOME"] = environment[OWN_CACHE]
    words = [*command, *([name] if name else []), str(path)]
    start = time.perf_counter()
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as child:
        said = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{name or command[0]} failed with exit code {child.returncode}")
    return Run(
        cpu=used.ru_utime + used.ru_stime,
        wall=time.perf_counter() - start,
        peak=used.ru_maxrss * 1024,
        said=json.loads(said.strip().splitlines()[-1]),
    )


if __name__ == "__main__":
    main()
