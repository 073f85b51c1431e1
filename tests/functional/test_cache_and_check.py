"""The cache says what it holds and can be cleared; a release can be checked."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest


def program(*arguments: object, cache: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from social_evidence.cli.main import entrypoint; entrypoint()",
    ]
    environment = {**os.environ, **({"XDG_CACHE_HOME": str(cache)} if cache else {})}
    return subprocess.run(
        [*command, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def build_town(base: Path, cache: Path) -> None:
    """Begin an evidence base with `init` and build it: a survey and a register, in a second."""
    begun = program("init", base, cache=cache)
    assert begun.returncode == 0, begun.stderr
    folders = ("--catalogue", base / "catalogue", "--sources", base / "sources", "--out", base)
    done = program("build", *folders, cache=cache)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An evidence base, and the cache its build left."""
    base, cache = tmp_path_factory.mktemp("town") / "base", tmp_path_factory.mktemp("cache")
    build_town(base, cache)
    return base, cache


def test_only_the_owner_can_read_the_cache(made: tuple[Path, Path]) -> None:
    paths = list((made[1] / "social-evidence").rglob("*"))
    assert any(path.suffix == ".parquet" for path in paths)
    for path in [made[1] / "social-evidence", *paths]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_the_release_holds_no_microdata(made: tuple[Path, Path]) -> None:
    base, _ = made
    released = b"".join(p.read_bytes() for p in (base / "releases").rglob("*") if p.is_file())
    serial = (base / "sources" / "survey.csv").read_text(encoding="utf-8").splitlines()[7]
    assert serial.encode() not in released


def test_the_cache_tells_its_size_and_is_cleared_by_source(made: tuple[Path, Path]) -> None:
    base, cache = made
    told = json.loads(program("cache", "--json", cache=cache).stdout)
    assert told["tables"] >= 1
    assert told["bytes"] > 0
    other = json.loads(program("cache", "clear", "no_such_source", "--json", cache=cache).stdout)
    assert (other["freed"], other["tables"]) == (0, told["tables"])
    cleared = json.loads(program("cache", "clear", "demo_survey", "--json", cache=cache).stdout)
    assert (cleared["freed"] > 0, cleared["tables"]) == (True, 0)
    build_town(base / "again", cache)
    by_file = program(
        "cache", "clear", base / "again" / "sources" / "survey.csv", "--json", cache=cache
    )
    assert json.loads(by_file.stdout)["tables"] == 0


def test_a_wrong_action_is_a_usage_fault(made: tuple[Path, Path]) -> None:
    done = program("cache", "clean", cache=made[1])
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_sound_release_is_told_to_be_so(made: tuple[Path, Path]) -> None:
    done = program("check", made[0])
    assert done.returncode == 0, done.stderr
    assert "as they were written" in done.stdout
    told = json.loads(program("check", made[0], "--json").stdout)
    assert told["version"].endswith(".1.0")
    assert told["statuses"]["shown"] > 50


def test_a_release_changed_by_hand_is_found(made: tuple[Path, Path], tmp_path: Path) -> None:
    build_town(tmp_path, made[1])
    (release,) = [p for p in (tmp_path / "releases").iterdir() if p.is_dir()]
    (release / "areas.csv").write_text("area\n", encoding="utf-8")
    checked = program("check", release)
    assert checked.returncode == 14
    assert "areas.csv differs" in checked.stderr
    assert "Traceback" not in checked.stderr
