"""A build killed at any moment leaves the old release or the new one, never a broken one.

The program takes longer to start than to build, so one process imports it and forks a build for
each kill: all fifty fall within a build and not before it.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from social_evidence.app.demo import demonstrate
from social_evidence.store import manifest
from social_evidence.store.release import latest, read_release

KILLS = 50
FORKS = """
import os, signal, sys, time, warnings
from datetime import date
from pathlib import Path
from social_evidence.app.demo import demonstrate
warnings.simplefilter("ignore")  # from Python 3.12 on, a fork beside threads is warned of
for line in sys.stdin:
    day, delay = line.split()
    child = os.fork()
    if child == 0:
        demonstrate(Path(sys.argv[1]), as_of=date.fromisoformat(day))
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
        assert self.process.stdin
        assert self.process.stdout
        delay = "never" if killed_after is None else repr(killed_after)
        self.process.stdin.write(f"{day} {delay}\n")
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


def duration(builds: Builds, day: str) -> float:
    """How long a whole build takes here and now, so that the kills fall within it."""
    began = time.monotonic()
    assert builds.build(day) == 0
    return time.monotonic() - began


def test_fifty_kills_leave_a_good_release(base: Path, builds: Builds) -> None:
    duration(builds, "2030-01-01")  # the first one is slow: nothing is in memory yet
    whole = duration(builds, "2030-01-02")
    draw = random.Random(20261122)
    killed = 0
    for number in range(KILLS):
        before = latest(base / "releases")
        assert before
        day = f"2030-02-{1 + number % 28:02d}"
        killed += builds.build(day, draw.uniform(0, whole)) == -signal.SIGKILL
        after = read_release(base)  # checks every digest
        stated = manifest.read(after.folder)
        assert after.folder == before or stated.previous == before.name
        for path in (base / "releases").iterdir():
            if path.is_dir() and not path.name.startswith("."):
                manifest.check_files(path, manifest.read(path).files)
    assert killed >= KILLS // 2, f"only {killed} of {KILLS} kills came before the build had ended"


def test_the_next_build_after_a_kill_succeeds_and_cleans_up(base: Path, builds: Builds) -> None:
    stale = base / "releases" / ".writing-2031.1.0-1"
    stale.mkdir()
    (stale / "estimates.parquet").write_bytes(b"half")
    assert builds.build("2030-03-01") == 0
    assert not list((base / "releases").glob(".writing-*"))
