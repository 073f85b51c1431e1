"""A disk that is really full: the build says so and the last release stays whole."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from social_evidence.app.check_release import check_release
from social_evidence.app.demo import demonstrate
from social_evidence.errors import StoreError

base = Path(sys.argv[1])
first = demonstrate(base, as_of=date(2030, 1, 1)).release
ballast = base / "ballast"
refused = 0
for room in range(0, 1_000_000, 37_000):
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    size = ballast.stat().st_size
    with ballast.open("r+b") as file:
        file.truncate(max(0, size - room))
    try:
        second = demonstrate(base, as_of=date(2031, 1, 1)).release
    except StoreError as full:
        assert full.exit_code == 14, full
        assert "No space left" in str(full), full
        refused += 1
        check_release(first)
        assert not list((base / "releases").glob(".writing-*"))
    else:
        break
    ballast.unlink()
check_release(second)
print(refused, second.name)
"""
IN_TMPFS = 'mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" -c "$3" "$1"'


def test_a_full_disk_is_told_and_leaves_the_last_release(tmp_path: Path) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare, to mount a small disk for this process alone")
    inside = ["unshare", "-Urm", "sh", "-c"]
    tried = subprocess.run(
        [*inside, 'mount -t tmpfs tmpfs "$1"', "sh", str(tmp_path)],
        capture_output=True,
        check=False,
    )
    if tried.returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk; the injected twin has run")
    done = subprocess.run(
        [*inside, IN_TMPFS, "sh", str(tmp_path), sys.executable, SCRIPT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    refused, name = done.stdout.split()
    assert int(refused) >= 3
    assert name == "2030.2.0"
