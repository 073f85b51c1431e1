"""A build killed at any moment leaves the old release or the new one, never a broken one."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from social_evidence.app.demo import demonstrate
from social_evidence.store import manifest
from social_evidence.store.release import latest, read_release

KILLS = 50
BUILD = """
import sys
from datetime import date
from pathlib import Path
from social_evidence.app.demo import demonstrate
print("ready", flush=True)
sys.stdin.readline()
demonstrate(Path(sys.argv[1]), as_of=date.fromisoformat(sys.argv[2]))
print("done", flush=True)
"""


def start(folder: Path, day: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(folder), day],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def go(build: subprocess.Popen[str]) -> None:
    assert build.stdout
    assert build.stdin
    assert build.stdout.readline() == "ready\n"
    build.stdin.write("go\n")
    build.stdin.flush()


def finish(build: subprocess.Popen[str]) -> None:
    assert build.stdin
    assert build.stdout
    build.wait()
    build.stdin.close()
    build.stdout.close()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    demonstrate(folder)
    return folder


def duration(folder: Path) -> float:
    """How long a whole build takes here and now, so that the kills fall within it."""
    build = start(folder, "2030-01-01")
    go(build)
    began = time.monotonic()
    finish(build)
    assert build.returncode == 0
    return time.monotonic() - began


def test_fifty_kills_leave_a_good_release(base: Path) -> None:
    whole = duration(base)
    draw = random.Random(20261122)
    killed = 0
    for number in range(KILLS):
        before = latest(base / "releases")
        assert before
        build = start(base, f"2030-02-{1 + number % 28:02d}")
        go(build)
        time.sleep(draw.uniform(0, whole))
        build.send_signal(signal.SIGKILL)
        finish(build)
        killed += build.returncode == -signal.SIGKILL
        after = read_release(base)  # checks every digest
        stated = manifest.read(after.folder)
        assert after.folder == before or stated.previous == before.name
        for path in (base / "releases").iterdir():
            if path.is_dir() and not path.name.startswith("."):
                manifest.check_files(path, manifest.read(path).files)
    assert killed >= KILLS // 2, f"only {killed} of {KILLS} kills came before the build had ended"


def test_the_next_build_after_a_kill_succeeds_and_cleans_up(base: Path) -> None:
    stale = base / "releases" / ".writing-2031.1.0-1"
    stale.mkdir()
    (stale / "estimates.parquet").write_bytes(b"half")
    build = start(base, "2030-03-01")
    go(build)
    finish(build)
    assert build.returncode == 0
    assert not list((base / "releases").glob(".writing-*"))
