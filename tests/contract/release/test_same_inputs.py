"""Same inputs, same bytes; another release only where something changed; the old one whole."""

from __future__ import annotations

import csv
import datetime as dt
import fcntl
import os
import random

import pytest

from social_evidence.app.build import build
from social_evidence.app.release import load_release
from social_evidence.errors import StoreError

DAY = dt.date(2026, 11, 22)
ESTIMATES = "estimates.parquet"
SMALL = ["belonging", "rent_paid", "recounted", "wage_median", "incident_rate", "friends"]


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def small(town, tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    catalogue, sources = town.write(folder)
    return build([catalogue], [sources], folder, as_of=DAY, measures=SMALL), catalogue, sources


def test_two_builds_in_two_places_give_the_same_bytes(town, town_release, tmp_path, monkeypatch):
    catalogue, sources = town.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    # A private cache: the second build must not rest on what the first one left.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    again = build([catalogue], [sources], tmp_path / "elsewhere")
    assert contents(again) == contents(town_release.folder)


def test_one_thread_and_several_give_the_same_bytes(small, tmp_path, monkeypatch):
    release, catalogue, sources = small
    for threads in (1, 4):
        monkeypatch.setattr(os, "cpu_count", lambda threads=threads: threads)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"cache{threads}"))
        again = build([catalogue], [sources], tmp_path / str(threads), as_of=DAY, measures=SMALL)
        assert contents(again) == contents(release)


def test_the_order_of_rows_changes_digests_and_no_figure(town, town_release, tmp_path):
    catalogue, sources = town.write(tmp_path, shuffle=3)
    again = build([catalogue], [sources], tmp_path, as_of=DAY)
    ours, theirs = contents(again), contents(town_release.folder)
    same = {ESTIMATES, "areas.csv", "changes.csv", "comparisons.parquet"}
    assert {name: ours[name] for name in same} == {name: theirs[name] for name in same}


def test_building_again_makes_no_second_release(small):
    release, catalogue, sources = small
    base = release.parent.parent
    assert build([catalogue], [sources], base, as_of=DAY, measures=SMALL) == release
    assert [path.name for path in release.parent.iterdir() if path.is_dir()] == [release.name]


@pytest.fixture(scope="module")
def next_release(small, tmp_path_factory):
    """Revise one survey, hide a group that was shown, take a measure away; then build again."""
    release, catalogue, sources = small
    before = contents(release)
    rows = (sources / "homes.csv").read_text(encoding="utf-8").splitlines()
    kept = [rows[0]]
    for line in rows[1:]:
        cells = line.split(",")
        if cells[3] == "3":
            cells[4] = ""
        kept.append(",".join(cells))
    (sources / "homes.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    measures = [name for name in SMALL if name != "friends"]
    base = release.parent.parent
    day = dt.date(2027, 1, 1)
    note = f'since = "{release.name}"\ncause = "correction"\ntext = "Rents of a band were wrong."\n'
    (catalogue / "notes").mkdir()
    (catalogue / "notes" / "homes.toml").write_text(note + 'sources = ["homes"]\n', "utf-8")
    return release, before, build([catalogue], [sources], base, as_of=day, measures=measures)


def test_a_removal_starts_a_new_year_line_and_leaves_the_old_release_alone(next_release):
    old, before, new = next_release
    assert (old.name, new.name) == ("2026.1.0", "2027.1.0")
    assert contents(old) == before
    assert load_release(new).manifest.previous == old.name


def test_revised_rows_are_stamped_and_listed_and_a_hidden_one_gives_no_old_number(next_release):
    old, _, new = next_release
    was = {key_of(row): row for row in load_release(old).estimates.to_pylist()}
    now = {key_of(row): row for row in load_release(new).estimates.to_pylist()}
    listed = {key_of(row): row for row in changes(new)}
    assert {row["change"] for row in listed.values()} == {"revised", "removed"}
    for key, row in now.items():
        same = plain(row) == plain(was[key])
        assert row["version_first"] == old.name
        assert row["version_revised"] == (old.name if same else new.name)
        assert (key in listed) != same
    assert {key for key, row in listed.items() if row["change"] == "removed"} == set(was) - set(now)
    (hidden,) = [r for r in listed.values() if r["group"] == "other" and r["change"] == "revised"]
    assert (hidden["old_status"], hidden["new_status"]) == ("shown", "protected")
    assert hidden["old_estimate"] == hidden["new_estimate"] == ""
    causes = {(row["change"], row["cause"]) for row in listed.values()}
    assert causes == {("revised", "correction"), ("removed", "removed")}


def changes(folder):
    with (folder / "changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key_of(row):
    names = ("population", "measure", "part", "series", "period", "area", "breakdown", "group")
    return (*(row[name] for name in names), row["statistic"])


def plain(row):
    return {name: value for name, value in row.items() if not name.startswith("version_")}


def test_a_base_that_another_build_holds_is_refused_and_unchanged(small, tmp_path):
    _, catalogue, sources = small
    folder = tmp_path / "releases"
    folder.mkdir()
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="Another build") as refusal:
            build([catalogue], [sources], tmp_path, as_of=DAY, measures=["incident_rate"])
    assert refusal.value.exit_code == 14
    assert [path.name for path in folder.iterdir()] == [".lock"]


def test_what_a_killed_build_left_is_removed_and_never_read(small, tmp_path):
    _, catalogue, sources = small
    left = tmp_path / "releases" / ".writing-2026.1.0-1"
    left.mkdir(parents=True)
    (left / "manifest.json").write_text("{", encoding="utf-8")
    found = build([catalogue], [sources], tmp_path, as_of=DAY, measures=["incident_rate"])
    assert found.name == "2026.1.0"
    assert not left.exists()


@pytest.mark.parametrize(
    "name", [ESTIMATES, "areas.csv", "provenance.json", "catalogue/areas.toml"]
)
def test_a_release_that_was_touched_is_refused(small, tmp_path, name):
    _, catalogue, sources = small
    found = build([catalogue], [sources], tmp_path, as_of=DAY, measures=["incident_rate"])
    path = found / name
    raw = bytearray(path.read_bytes())
    raw[random.Random(1).randrange(len(raw))] ^= 1
    path.write_bytes(bytes(raw))
    with pytest.raises(StoreError, match=name):
        load_release(found)
