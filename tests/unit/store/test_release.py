"""A release is written whole or not at all, never overwritten, and read back with its digests."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path

import pytest

from social_evidence.errors import StoreError
from social_evidence.model.area import Area
from social_evidence.model.estimate import ESTIMATE_COLUMNS, Estimate
from social_evidence.store import atomic, manifest, release, tables


def row(**changed: object) -> Estimate:
    given: dict[str, object] = {
        "measure": "neighbours_trusted",
        "series": "survey",
        "period": "2016",
        "period_start": dt.date(2016, 1, 1),
        "period_end": dt.date(2016, 12, 31),
        "area": "E12000007",
        "statistic": "proportion",
        "unit": "share",
        "estimate": 0.614,
        "base": 1200,
        "method": "survey",
        "source": "survey",
    }
    return Estimate(**{**given, **changed})  # type: ignore[arg-type]


def draft(*rows: Estimate, created: str = "2026-11-22", title: str = "A test") -> release.Draft:
    return release.Draft(
        title=title,
        created=dt.date.fromisoformat(created),
        software_version="0.1.0",
        catalogue_digest="0" * 64,
        estimates=rows,
        provenance=[{"measure": "neighbours_trusted", "note": "as told"}],
        quality={"rows_read": 3},
        areas=[Area(code="E12000007", name="London", kind="city")],
        catalogue={"catalogue.toml": 'title = "A test"\n'},
    )


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    folder = release.write_release(tmp_path, draft(row(), row(area="E09000001", estimate=0.5)))
    stored = release.read_release(tmp_path)
    assert folder == tmp_path / "releases" / "2026.1.0" == stored.folder
    assert [r["area"] for r in stored.estimates.to_pylist()] == ["E09000001", "E12000007"]
    assert stored.estimates.column_names == [name for name, _ in ESTIMATE_COLUMNS]
    assert stored.estimates["version_first"].to_pylist() == ["2026.1.0"] * 2
    assert stored.comparisons.num_rows == 0
    assert "verdict" in stored.comparisons.column_names
    assert stored.provenance[0]["note"] == "as told"
    assert stored.areas[0]["name"] == "London"
    assert (folder / "catalogue" / "catalogue.toml").read_text() == 'title = "A test"\n'


def test_the_same_draft_gives_the_same_bytes_elsewhere(tmp_path: Path) -> None:
    one = release.write_release(tmp_path / "one", draft(row(), row(area="E09000001")))
    two = release.write_release(tmp_path / "two", draft(row(area="E09000001"), row()))
    names = sorted(p.relative_to(one).as_posix() for p in one.rglob("*") if p.is_file())
    assert "estimates.parquet" in names
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_an_unchanged_draft_makes_no_second_release(tmp_path: Path) -> None:
    first = release.write_release(tmp_path, draft(row()))
    assert release.write_release(tmp_path, draft(row())) == first
    assert [p.name for p in (tmp_path / "releases").iterdir() if p.is_dir()] == ["2026.1.0"]


def test_a_revision_is_minor_and_remembers_when_the_figure_first_came(tmp_path: Path) -> None:
    release.write_release(tmp_path, draft(row(), row(area="E09000001")))
    second = release.write_release(tmp_path, draft(row(estimate=0.62), row(area="E09000001")))
    assert second.name == "2026.2.0"
    stored = {r["area"]: r for r in release.read_release(second).estimates.to_pylist()}
    london, city = stored["E12000007"], stored["E09000001"]
    assert (london["version_first"], london["version_revised"]) == ("2026.1.0", "2026.2.0")
    assert (city["version_first"], city["version_revised"]) == ("2026.1.0", "2026.1.0")
    assert (london["flags"], city["flags"]) == ("revised", "")
    changes = (second / "changes.csv").read_text().splitlines()
    assert len(changes) == 2
    assert changes[1].endswith("revised,0.614,0.62,shown,shown")
    assert manifest.read(second).previous == "2026.1.0"


def test_a_figure_stays_revised_when_nothing_moves_again(tmp_path: Path) -> None:
    release.write_release(tmp_path, draft(row(flags="break")))
    release.write_release(tmp_path, draft(row(flags="break", estimate=0.62)))
    third = release.write_release(
        tmp_path, draft(row(flags="break", estimate=0.62), created="2026-12-01")
    )
    (stored,) = release.read_release(third).estimates.to_pylist()
    assert stored["flags"] == "break;revised"
    assert stored["version_revised"] == "2026.2.0"
    assert len((third / "changes.csv").read_text().splitlines()) == 1


def test_a_removed_figure_starts_a_new_line(tmp_path: Path) -> None:
    release.write_release(tmp_path, draft(row(), row(area="E09000001")))
    assert release.write_release(tmp_path, draft(row())).name == "2027.1.0"


def test_a_cell_hidden_now_shows_no_old_number_in_the_changes(tmp_path: Path) -> None:
    release.write_release(tmp_path, draft(row()))
    hidden = row(estimate=None, base=None, status="protected")
    second = release.write_release(tmp_path, draft(hidden))
    assert (
        (second / "changes.csv").read_text().splitlines()[1].endswith("revised,,,shown,protected")
    )


@pytest.mark.parametrize("asked", ["2026.1.0", "2025.9.9"])
def test_a_version_that_is_not_newer_is_refused(tmp_path: Path, asked: str) -> None:
    release.write_release(tmp_path, draft(row()))
    with pytest.raises(StoreError, match="not newer"):
        release.write_release(tmp_path, draft(row(estimate=0.7)), version=asked)


@pytest.mark.parametrize("asked", ["next", "../2026.1.0", "2026.1"])
def test_a_version_is_a_version_and_nothing_else(tmp_path: Path, asked: str) -> None:
    with pytest.raises(StoreError, match="not a release version"):
        release.write_release(tmp_path, draft(row()), version=asked)
    assert not any(p.is_dir() for p in (tmp_path / "releases").iterdir())


def test_a_changed_file_is_noticed_when_reading(tmp_path: Path) -> None:
    folder = release.write_release(tmp_path, draft(row()))
    (folder / "quality.json").write_text("{}\n")
    with pytest.raises(StoreError, match=r"quality\.json differs"):
        release.read_release(tmp_path)


def test_an_added_file_is_noticed_when_reading(tmp_path: Path) -> None:
    folder = release.write_release(tmp_path, draft(row()))
    (folder / "note.txt").write_text("x")
    with pytest.raises(StoreError, match=r"note\.txt is not in the manifest"):
        release.read_release(tmp_path)


def test_a_manifest_of_nonsense_is_named(tmp_path: Path) -> None:
    folder = release.write_release(tmp_path, draft(row()))
    (folder / "manifest.json").write_text(json.dumps({"version": 3}))
    with pytest.raises(StoreError, match="cannot be read as a manifest"):
        release.read_release(folder)


def test_no_release_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="social-evidence build"):
        release.read_release(tmp_path)


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    with atomic.locked(folder), pytest.raises(StoreError, match="Another build"):
        release.write_release(tmp_path, draft(row()))


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="share the address"):
        release.write_release(tmp_path, draft(row(), row()))
    assert [p.name for p in (tmp_path / "releases").iterdir()] == [".lock"]


def test_an_unfinished_folder_is_no_release_even_with_its_manifest(tmp_path: Path) -> None:
    folder = release.write_release(tmp_path, draft(row()))
    stale = folder.parent / f"{atomic.WRITING}2026.2.0-77"
    stale.mkdir()
    (stale / "manifest.json").write_bytes((folder / "manifest.json").read_bytes())
    assert release.latest(folder.parent) == folder
    assert release.read_release(tmp_path).folder == folder


def test_what_a_killed_build_left_is_removed(tmp_path: Path) -> None:
    stale = tmp_path / "releases" / f"{atomic.WRITING}2026.1.0-77"
    stale.mkdir(parents=True)
    (stale / "estimates.parquet").write_text("half")
    release.write_release(tmp_path, draft(row()))
    assert not stale.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"status": "protected"}, "still holds"),
        ({"estimate": float("nan")}, "not a finite number"),
        ({"flags": "brek"}, "not in the contract"),
        ({"area": ""}, "empty part"),
    ],
)
def test_a_row_that_breaks_the_contract_is_refused(changed: dict[str, object], words: str) -> None:
    with pytest.raises(StoreError, match=words):
        tables.estimates_table([row(**changed)])


def test_the_unknown_group_keeps_its_base_and_nothing_else() -> None:
    kept = row(group="unknown", breakdown="sex", estimate=None, status="not_applicable")
    assert tables.estimates_table([kept])["base"].to_pylist() == [1200]
    with pytest.raises(StoreError, match="still holds"):
        tables.estimates_table([dataclasses.replace(kept, estimate=0.4)])


def test_periods_are_ordered_by_their_days_not_their_text() -> None:
    late = row(
        period="2016-12-01", period_start=dt.date(2016, 12, 1), period_end=dt.date(2016, 12, 1)
    )
    early = row(
        period="fy2015-16", period_start=dt.date(2015, 4, 1), period_end=dt.date(2016, 3, 31)
    )
    table = tables.estimates_table([late, early])
    assert table["period"].to_pylist() == ["fy2015-16", "2016-12-01"]


def test_rows_survive_the_table_and_back() -> None:
    rows = (row(), row(area="E09000001", estimate=None, base=None, status="not_available"))
    assert set(tables.to_estimates(tables.estimates_table(rows))) == set(rows)
