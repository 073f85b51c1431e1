"""Two processes give the same bytes, and never write over one another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from social_evidence.store import atomic, manifest
from social_evidence.store.release import latest

DAYS = ("2030-01-01", "2031-06-30")
SURROUNDINGS = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "4096", "LC_ALL": "C.UTF-8", "TZ": "America/Adak"},
)
ROUNDS = 5
ANSWERS = (
    (0, ""),
    (14, "Another build is writing"),
    # Built at the same time, and the other one was approved first: it has to be built again.
    (13, "was built before"),
)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_hash_seed_locale_and_time_zone_change_no_byte(
    start_builder: Callable[..., Any], tmp_path: Path
) -> None:
    builders = []
    for number, env in enumerate(SURROUNDINGS):
        cache = {"XDG_CACHE_HOME": str(tmp_path / f"cache{number}")}
        builders.append(start_builder(tmp_path / str(number), {**env, **cache}))
    for day in DAYS:
        for builder in builders:
            builder.tell(day)
            assert builder.answer()[0] == 0
    one, two = (contents(tmp_path / str(number) / "releases") for number in (0, 1))
    assert {"ledger.parquet", "states.jsonl"} < set(one)
    assert len([name for name in one if name.endswith("manifest.json")]) == len(DAYS)
    assert one == two


def test_two_builds_at_once_leave_whole_releases_and_one_says_why_it_stopped(
    start_builder: Callable[..., Any], tmp_path: Path
) -> None:
    builders = [start_builder(tmp_path) for _ in range(2)]
    builders[0].tell("2030-01-01")
    assert builders[0].answer()[0] == 0
    for number in range(ROUNDS):
        before = latest(tmp_path / "releases")
        for at, builder in enumerate(builders):
            builder.tell(f"203{1 + number}-0{1 + at}-01")
        answers = [builder.answer() for builder in builders]
        for code, words in answers:
            assert any(code == known and said in words for known, said in ANSWERS), words
        assert latest(tmp_path / "releases") != before
    releases = [path for path in (tmp_path / "releases").iterdir() if path.is_dir()]
    for path in releases:
        manifest.check_files(path, manifest.read(path).files)
        assert not path.name.startswith(atomic.WRITING)
    assert 1 + ROUNDS <= len(releases) <= 1 + 2 * ROUNDS
