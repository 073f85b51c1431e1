"""A disk that is full at any write leaves the last release, the ledger and the states whole."""

from __future__ import annotations

import datetime as dt
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from small_release import draft, figure
from social_evidence.app.decide import approve
from social_evidence.errors import StoreError
from social_evidence.model.area import Area
from social_evidence.store import atomic, manifest, release

WRITES: tuple[tuple[Any, str], ...] = (
    (Path, "write_bytes"),
    (Path, "write_text"),
    (Path, "mkdir"),
    (Path, "rename"),
    (Path, "replace"),
    (os, "fsync"),
    (pq, "write_table"),
)
DAY = dt.date(2026, 11, 22)


class Disk:
    """A disk with room for so many writes, and for half of the next."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = -1
        for owner, name in WRITES:
            monkeypatch.setattr(owner, name, self._counting(getattr(owner, name), name))

    def _counting(self, write: Callable[..., Any], name: str) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            if name == "write_table" and not isinstance(given[1], Path):
                return write(*given, **named)  # into memory, where there is room
            if self.left == 0:
                if name in {"write_bytes", "write_text"}:
                    write(given[0], given[1][: len(given[1]) // 2])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self.left -= 1
            return write(*given, **named)

        return counted


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def write(base: Path, estimate: float) -> Path:
    told = draft(
        figure(estimate=estimate),
        created=DAY,
        against=("2026.1.0",),
        areas=[Area(code="E12000007", name="London", kind="city")],
        catalogue={"catalogue.toml": "", "measures/one.toml": ""},
        unexplained=True,
    )
    return release.write_release(base, told)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def room(disk: Disk) -> Iterator[int]:
    """Give the disk room for no write, for one, for two, until all find room."""
    for writes in range(500):
        disk.left = writes
        yield writes
        if disk.left > 0:
            return
    pytest.fail("the disk was full after 500 writes and still asked for more")


def refusal(act: Callable[[], object]) -> str | None:
    """Do something; give the words of the refusal, None where it went well."""
    try:
        act()
    except StoreError as refused:
        return str(refused)
    return None


def test_a_build_that_finds_the_disk_full_leaves_what_was_there(tmp_path: Path, disk: Disk) -> None:
    first = write(tmp_path, 0.614)
    approve(tmp_path, first.name, by="demo", as_of=DAY)
    before = contents(tmp_path)
    refused = 0
    for _ in room(disk):
        if (full := refusal(lambda: write(tmp_path, 0.62))) is not None:
            refused += 1
            assert "No space left" in full
            disk.left = -1
            now = contents(tmp_path)
            whole = {name for name in now if not name.startswith("releases/2026.2.0/")}
            # Only the very last step may fail after the new release is whole and in its place.
            assert {name: now[name] for name in whole} == before
            if len(whole) < len(now):
                folder = tmp_path / "releases" / "2026.2.0"
                manifest.check_files(folder, manifest.read(folder).files)
    assert refused > 15
    assert release.latest(first.parent) == first.parent / "2026.2.0"


def test_an_approval_that_finds_the_disk_full_can_be_given_again(
    tmp_path: Path, disk: Disk
) -> None:
    first = write(tmp_path, 0.614)
    approve(tmp_path, first.name, by="demo", as_of=DAY)
    second = write(tmp_path, 0.62)
    before = contents(tmp_path)
    refused = 0
    for _ in room(disk):
        if (full := refusal(lambda: approve(tmp_path, second.name, by="demo"))) is not None:
            refused += 1
            assert "No space left" in full
            disk.left = -1
            now = contents(tmp_path)
            assert set(now) == set(before)
            states, ledger = "releases/states.jsonl", "releases/ledger.parquet"
            assert now[states].startswith(before[states])
            assert {name: now[name] for name in set(now) - {states, ledger}} == {
                name: before[name] for name in set(before) - {states, ledger}
            }
    assert refused >= 5
    assert not list((tmp_path / "releases").glob(f"{atomic.WRITING}*"))
