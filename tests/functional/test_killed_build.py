"""A build killed at any moment leaves the old release or the new one, never a broken one.

The program takes longer to start than to build, so one process imports it and forks a build for
each kill: all of them fall within a build, or within the publication after it, and not before.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from social_evidence.app.demo import demonstrate
from social_evidence.store import ledger, manifest, states
from social_evidence.store.release import latest, read_release

KILLS = 18
MANY_KILLS = 100
FORKS = """
import os, signal, sys, time, warnings
from datetime import date
from pathlib import Path
from social_evidence.app.demo import demonstrate
from social_evidence.app.publish import publish
warnings.simplefilter("ignore")  # from Python 3.12 on, a fork beside threads is warned of
base = Path(sys.argv[1])
for line in sys.stdin:
    doing, day, delay = line.split()
    child = os.fork()
    if child == 0:
        if doing == "build":
            demonstrate(base, as_of=date.fromisoformat(day))
        else:
            publish(base, base / "public", today=date.fromisoformat(day))
        os._exit(0)
    if delay != "never":
        time.sleep(float(delay))
        os.kill(child, signal.SIGKILL)  # an ended child is kept until it is waited for
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Builds:
    """Builds of one evidence base, each a process of its own, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", FORKS, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            text=True,
        )

    def build(self, day: str, killed_after: float | None = None) -> int:
        """Build for that day, or be killed after so many seconds; return the exit code."""
        return self._run("build", day, killed_after)

    def publish(self, day: str, killed_after: float | None = None) -> int:
        """Publish the latest release, or be killed after so many seconds."""
        return self._run("publish", day, killed_after)

    def _run(self, doing: str, day: str, killed_after: float | None) -> int:
        assert self.process.stdin
        assert self.process.stdout
        delay = "never" if killed_after is None else repr(killed_after)
        self.process.stdin.write(f"{doing} {day} {delay}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self) -> None:
        """End the process that forks."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    demonstrate(folder)
    return folder


@pytest.fixture(scope="module")
def builds(base: Path) -> Iterator[Builds]:
    started = Builds(base)
    yield started
    started.close()


def duration(run: Callable[[str], int], day: str) -> float:
    """How long something takes here and now when nobody kills it, so that the kills fall in it."""
    began = time.monotonic()
    assert run(day) == 0
    return time.monotonic() - began


def kill_builds(base: Path, builds: Builds, kills: int) -> int:
    """Kill builds at random moments; after each, every release and decision must be whole."""
    duration(builds.build, "2030-01-01")  # the first one is slow: nothing is in memory yet
    whole = duration(builds.build, "2030-01-02")
    draw = random.Random(20261122)
    killed = 0
    for number in range(kills):
        before = latest(base / "releases")
        known = states.read_states(base)
        assert before
        day = f"20{31 + number // 28}-02-{1 + number % 28:02d}"
        killed += builds.build(day, draw.uniform(0, whole)) == -signal.SIGKILL
        after = read_release(base)  # checks every digest
        stated = manifest.read(after.folder)
        approved = [record.version for record in known]
        assert after.folder == before or stated.previous == (approved or [before.name])[-1]
        for path in (base / "releases").iterdir():
            if path.is_dir() and not path.name.startswith("."):
                manifest.check_files(path, manifest.read(path).files)
        now = states.read_states(base)
        assert now[: len(known)] == known
        in_ledger = set(ledger.read_ledger(base)["version"].to_pylist())
        assert {record.version for record in now} <= in_ledger
    return killed


def test_kills_at_random_moments_leave_a_good_release(base: Path, builds: Builds) -> None:
    killed = kill_builds(base, builds, KILLS)
    assert killed >= KILLS // 2, f"only {killed} of {KILLS} kills came before the build had ended"


@pytest.mark.slow
def test_a_hundred_kills_leave_a_good_release(base: Path, builds: Builds) -> None:
    killed = kill_builds(base, builds, MANY_KILLS)
    assert killed >= MANY_KILLS // 2


def kill_publications(base: Path, builds: Builds, kills: int) -> int:
    """Kill publications; what is public is whole after each: the old one or the new one."""
    assert builds.build("2040-01-01") == 0
    duration(builds.publish, "2040-01-01")
    whole = duration(builds.publish, "2040-01-01")
    name = read_release(base).manifest.version
    files = contents(base / "public" / name)
    draw = random.Random(20261123)
    killed = 0
    for number in range(kills):
        if number % 3 == 0:
            shutil.rmtree(base / "public" / name, ignore_errors=True)
        stood = (base / "public" / name).is_dir()
        killed += builds.publish("2040-01-01", draw.uniform(0, whole)) == -signal.SIGKILL
        published = base / "public" / name
        assert published.is_dir() or not stood
        if published.is_dir():
            assert set(contents(published)) == set(files)
    assert builds.publish("2040-01-01") == 0
    assert contents(base / "public" / name) == files
    assert [p.name for p in (base / "public").iterdir() if p.name.startswith(".writing")] == []
    return killed


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_kills_of_a_publication_leave_no_part_of_one(base: Path, builds: Builds) -> None:
    assert kill_publications(base, builds, KILLS // 3) >= KILLS // 6


@pytest.mark.slow
def test_a_hundred_kills_of_a_publication_leave_no_part_of_one(base: Path, builds: Builds) -> None:
    assert kill_publications(base, builds, MANY_KILLS) >= MANY_KILLS // 2


def test_the_next_build_after_a_kill_succeeds_and_cleans_up(base: Path, builds: Builds) -> None:
    stale = base / "releases" / ".writing-2031.1.0-1"
    stale.mkdir()
    (stale / "estimates.parquet").write_bytes(b"half")
    assert builds.build("2050-03-01") == 0
    assert not list((base / "releases").glob(".writing-*"))
