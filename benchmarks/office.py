"""Time the import of a million return rows: `python benchmarks/office.py --write`.

Each import is a process of its own into an empty office on SQLite, by the public program; its time
and peak memory are the kernel's account of it. `--postgres URL` times one on PostgreSQL too; the
database must be empty.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "results" / "office.md"
PROGRAM = "from social_evidence.cli.main import entrypoint; entrypoint()"
INITIATIVE = "citizenship_and_integration_initiative"
ROWS = 1_000_000
SHAPES = {
    "a return of four rows: a total and three groups": (
        "all,all",
        "sex,female",
        "sex,male",
        "sex,unknown",
    ),
    "a return of one row: a total alone": ("all,all",),
}
VALUES = {"all,all": 9, "sex,female": 4, "sex,male": 4, "sex,unknown": 1}


ABOUT = """# Importing a million return rows

Made by `python benchmarks/office.py --write` on {day}: {machine}, load {load:.1f} when it began.
Wall-clock time means little where others were at work: read processor time then.

One delimited file of {rows:,} rows by `social-evidence returns read`, every check included, in one
transaction. It is read as a stream.

| Import | Wall, s | Processor, s | Peak memory, MB | Database, MB |
| --- | ---: | ---: | ---: | ---: |
{lines}
"""


def main() -> None:
    """Time every shape and print the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--postgres", default="", help="URL of an empty database")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for number, (name, parts) in enumerate(SHAPES.items()):
            file = written(base / f"returns{number}.csv", parts, asked.rows)
            office = base / f"office{number}.sqlite"
            lines.append(line(f"SQLite, {name}", file, str(office)))
            lines.append(line("the same file once more: nothing is new", file, str(office)))
            if asked.postgres and not number:
                lines.append(line(f"PostgreSQL, {name}", file, asked.postgres))
            file.unlink()
            office.unlink()
    text = page(asked.rows, load, lines)
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")


def written(path: Path, parts: tuple[str, ...], rows: int) -> Path:
    """Write a long file of so many rows."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write("initiative,success_measure,organisation,period,dimension,code,value\n")
        for number in range(rows // len(parts)):
            organisation = f"{INITIATIVE},CII-CAMP,GB-CHC-{number},2026Q1"
            stream.writelines(f"{organisation},{part},{VALUES[part]}\n" for part in parts)
    return path


def line(name: str, file: Path, office: str) -> str:
    """Import a file in a process of its own, and say what it took."""
    command = [sys.executable, "-c", PROGRAM, "returns", "read", str(file), "--office", office]
    started = time.perf_counter()
    done = os.posix_spawn(sys.executable, command, dict(os.environ))
    _, status, used = os.wait4(done, 0)
    wall = time.perf_counter() - started
    assert status == 0, status
    spent = used.ru_utime + used.ru_stime
    size = Path(office).stat().st_size / 1e6 if "://" not in office else 0
    stored = f"{size:,.0f}" if size else ""
    return f"| {name} | {wall:.0f} | {spent:.0f} | {used.ru_maxrss / 1e3:,.0f} | {stored} |"


def page(rows: int, load: float, lines: list[str]) -> str:
    """Put the page together."""
    day = datetime.now(UTC).date().isoformat()
    machine = (
        f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}"
    )
    return ABOUT.format(day=day, machine=machine, load=load, rows=rows, lines="\n".join(lines))


if __name__ == "__main__":
    main()
