"""A build with nothing to do gives the last release, without computing anything."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import pytest

from social_evidence.app import file_digests
from social_evidence.app.file_digests import digests_of

TOO_MUCH = ("scipy", "duckdb", "social_evidence.app.figures", "social_evidence.engine.registry")


def steps(made, **options):
    told = []
    folder = made.build(progress=lambda words, done, total: told.append(words), **options)
    return folder, told


def test_a_second_build_gives_the_first_release_and_reads_nothing(town):
    made = town()
    first = made.build()
    second, told = steps(made)

    assert (second, told) == (first, [])


def test_a_rebuild_computes_everything_and_finds_the_same(town):
    made = town()
    first = made.build()
    second, told = steps(made, rebuild=True)

    assert second == first
    assert "judging and rounding" in told


CHANGES = {
    "a date": {"as_of": dt.date(2026, 11, 23)},
    "fewer measures": {"measures": ["belonging"]},
    "fewer waves": {"latest": 2},
    "a version": {"version": "2026.5.0"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_option_is_another_build(town, change):
    made = town()
    first = made.build()
    second, told = steps(made, **CHANGES[change])

    assert told
    assert second != first


def test_a_changed_file_is_built_from(town):
    made = town()
    first = made.build()
    path = made.sources / "register_2019.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("T,2019,", "T,2019,1"), "utf-8")

    assert made.build() != first


def test_a_changed_definition_is_built_from(town):
    made = town()
    made.build()
    path = made.catalogue / "catalogue.toml"
    path.write_text('title = "City"\n', encoding="utf-8")
    _, told = steps(made)

    assert told


def test_a_file_that_came_late_is_built_from(town):
    made = town()
    path = made.sources / "survey_2017.csv"
    text = path.read_bytes()
    path.unlink()
    first = made.build(allow_missing=True)
    assert made.build(allow_missing=True) == first
    path.write_bytes(text)

    assert made.build(allow_missing=True) != first


def test_two_builds_of_the_same_inputs_state_the_same(town):
    made = town()
    first = (made.build() / "manifest.json").read_bytes()
    (made.folder / "out").rename(made.folder / "before")

    assert (made.build() / "manifest.json").read_bytes() == first


def test_nothing_heavy_is_imported_to_find_that_nothing_changed(town):
    made = town()
    made.build()
    code = (
        "import sys\n"
        "from social_evidence.cli.main import entrypoint\n"
        "try:\n    entrypoint()\nexcept SystemExit:\n    pass\n"
        f"loaded = [name for name in {TOO_MUCH} if name in sys.modules]\n"
        "print('LOADED', loaded)\n"
    )
    asked = ["build", "--catalogue", str(made.catalogue), "--sources", str(made.sources)]
    asked += ["--out", str(made.folder / "out"), "--as-of", "2026-11-22"]
    done = subprocess.run(
        [sys.executable, "-c", code, *asked], capture_output=True, text=True, check=True
    )

    assert "Nothing has changed since release 2026.1.0" in done.stdout
    assert "LOADED []" in done.stdout


def aged(path, text):
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(10**18, 10**18))
    return path


def test_a_digest_is_remembered_while_a_file_stays_as_it_is(tmp_path, monkeypatch):
    path = aged(tmp_path / "file", "one")
    first = digests_of([path])

    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(file_digests.hashlib, "file_digest", refuse)
    assert digests_of([path]) == first


def test_a_digest_is_taken_again_when_size_or_time_changed(tmp_path):
    path = aged(tmp_path / "file", "one")
    first = digests_of([path])
    aged(path, "three")

    assert digests_of([path]) != first


def test_what_is_damaged_in_memory_is_taken_again(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = aged(tmp_path / "file", "one")
    first = digests_of([path])
    (tmp_path / "social-evidence" / "digests.json").write_text("[1", encoding="utf-8")

    assert digests_of([path]) == first
