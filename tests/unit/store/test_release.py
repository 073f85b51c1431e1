"""A release is written whole or not at all, never overwritten, and read back with its digests."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import small_release
from small_release import figure as row
from social_evidence.errors import DefinitionError, StoreError
from social_evidence.model.area import Area
from social_evidence.model.estimate import ESTIMATE_COLUMNS, Estimate
from social_evidence.model.note import Note
from social_evidence.model.release import StateRecord
from social_evidence.store import atomic, manifest, release, states, tables


def draft(
    *rows: Estimate,
    created: str = "2026-11-22",
    title: str = "A test",
    notes: Sequence[Note] = (),
    unexplained: bool = True,
    catalogue: Mapping[str, str] | None = None,
) -> release.Draft:
    return small_release.draft(
        *rows,
        title=title,
        created=dt.date.fromisoformat(created),
        provenance=[{"measure": "neighbours_trusted", "note": "as told"}],
        quality={"rows_read": 3},
        areas=[Area(code="E12000007", name="London", kind="city")],
        catalogue={"catalogue.toml": 'title = "A test"\n'} if catalogue is None else catalogue,
        synthetic=any("synthetic" in row.flags for row in rows),
        notes=notes,
        unexplained=unexplained,
    )


def listed(folder: Path) -> list[dict[str, str]]:
    """Read the changes a release lists."""
    with (folder / "changes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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
    (change,) = listed(second)
    assert (change["change"], change["cause"]) == ("revised", "unexplained")
    assert (change["old_estimate"], change["new_estimate"]) == ("0.614", "0.62")
    assert manifest.read(second).previous == "2026.1.0"


@pytest.mark.parametrize(("flags", "then"), [("break", "break;revised"), ("", "revised")])
def test_a_figure_stays_revised_when_nothing_moves_again(
    tmp_path: Path, flags: str, then: str
) -> None:
    release.write_release(tmp_path, draft(row(flags=flags)))
    release.write_release(tmp_path, draft(row(flags=flags, estimate=0.62)))
    third = release.write_release(
        tmp_path, draft(row(flags=flags, estimate=0.62), created="2026-12-01")
    )
    (stored,) = release.read_release(third).estimates.to_pylist()
    assert stored["flags"] == then
    assert stored["version_revised"] == "2026.2.0"
    assert len((third / "changes.csv").read_text().splitlines()) == 1


def test_a_removed_figure_starts_a_new_line(tmp_path: Path) -> None:
    release.write_release(tmp_path, draft(row(), row(area="E09000001")))
    assert release.write_release(tmp_path, draft(row())).name == "2027.1.0"


def test_a_cell_hidden_now_shows_no_old_number_in_the_changes(tmp_path: Path) -> None:
    release.write_release(tmp_path, draft(row()))
    hidden = row(estimate=None, base=None, status="protected")
    second = release.write_release(tmp_path, draft(hidden))
    (change,) = listed(second)
    assert (change["old_status"], change["new_status"]) == ("shown", "protected")
    assert (change["change"], change["cause"]) == ("revised", "disclosure")
    sides = [name for name in change if name.startswith(("old_", "new_"))]
    assert {change[name] for name in sides if not name.endswith("status")} == {""}


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


def note(**changed: object) -> Note:
    given: dict[str, object] = {
        "id": "late_wave",
        "since": "2026.1.0",
        "cause": "late_data",
        "text": "Answers that came late.",
    }
    return Note(**{**given, **changed})  # type: ignore[arg-type]


def test_a_changed_number_without_a_note_is_refused_and_the_message_says_what_to_write(
    tmp_path: Path,
) -> None:
    release.write_release(tmp_path, draft(row(), row(area="E09000001")))
    moved = draft(row(estimate=0.62), row(area="E09000001", base=1), unexplained=False)
    with pytest.raises(DefinitionError) as refused:
        release.write_release(tmp_path, moved)
    words = str(refused.value)
    assert "2 published numbers differ from release 2026.1.0" in words
    assert "neighbours_trusted, series survey: 2 figures" in words
    assert 'since = "2026.1.0"' in words
    assert [p.name for p in (tmp_path / "releases").iterdir() if p.is_dir()] == ["2026.1.0"]


def test_a_note_gives_the_changes_their_cause(tmp_path: Path) -> None:
    release.write_release(tmp_path, draft(row(lower=0.6, upper=0.62)))
    moved = row(estimate=0.62, lower=0.61, upper=0.63)
    second = release.write_release(
        tmp_path, draft(moved, notes=[note(sources=("survey",))], unexplained=False)
    )
    (change,) = listed(second)
    assert (change["cause"], change["note"]) == ("late_data", "late_wave")
    assert [change[f"old_{name}"] for name in ("lower", "upper")] == ["0.6", "0.62"]
    assert [change[f"new_{name}"] for name in ("lower", "upper")] == ["0.61", "0.63"]
    told = json.loads((second / "quality.json").read_text())["revisions"]
    assert (told["since"], told["causes"]) == ("2026.1.0", {"late_data": 1})
    assert told["notes"][0]["figures"] == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"since": "2025.1.0"},
        {"measures": ("others",)},
        {"series": ("survey_2",)},
        {"sources": ("others",)},
        {"areas": ("E09000001",)},
        {"periods": ("2017",)},
        {"breakdowns": ("sex",)},
        {"groups": ("female",)},
        {"from_date": "2017-01-01"},
    ],
)
def test_a_note_on_something_else_explains_nothing(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    release.write_release(tmp_path, draft(row()))
    other = draft(row(estimate=0.62), notes=[note(**changed)], unexplained=False)
    with pytest.raises(DefinitionError, match="no note says why"):
        release.write_release(tmp_path, other)


def test_the_note_that_fits_most_closely_gives_the_cause(tmp_path: Path) -> None:
    release.write_release(tmp_path, draft(row(), row(area="E09000001")))
    notes = [note(), note(id="new_border", cause="boundary", areas=("E09000001",))]
    moved = [row(estimate=0.62), row(area="E09000001", estimate=0.5)]
    second = release.write_release(tmp_path, draft(*moved, notes=notes, unexplained=False))
    assert {c["area"]: c["cause"] for c in listed(second)} == {
        "E12000007": "late_data",
        "E09000001": "boundary",
    }


def test_new_figures_need_no_note_and_say_what_is_new(tmp_path: Path) -> None:
    release.write_release(tmp_path, draft(row()))
    later = {"period_start": dt.date(2017, 1, 1), "period_end": dt.date(2017, 12, 31)}
    rows = [
        row(),
        row(area="E09000001"),
        row(period="2017", **later),
        row(series="survey_2"),
        row(measure="others"),
    ]
    second = release.write_release(tmp_path, draft(*rows, unexplained=False))
    assert second.name == "2026.2.0"
    assert sorted(c["cause"] for c in listed(second)) == [
        "new_figure",
        "new_measure",
        "new_period",
        "new_series",
    ]


CORRECTED = """
[[corrections]]
field = "count"
reason = "100 too many."
date = "2026-11-22"
"""


def test_a_correction_of_a_source_is_a_note_once_and_makes_a_patch(tmp_path: Path) -> None:
    old, new = {"sources/survey.toml": "id = 'survey'\n"}, {"sources/survey.toml": CORRECTED}
    release.write_release(tmp_path, draft(row(), catalogue=old))
    second = release.write_release(
        tmp_path, draft(row(estimate=0.62), catalogue=new, unexplained=False)
    )
    assert second.name == "2026.1.1"
    assert [c["cause"] for c in listed(second)] == ["correction"]
    told = json.loads((second / "quality.json").read_text())["revisions"]["notes"]
    assert [(one["text"], one["figures"]) for one in told] == [("100 too many.", 1)]
    with pytest.raises(DefinitionError, match="no note says why"):
        release.write_release(tmp_path, draft(row(estimate=0.63), catalogue=new, unexplained=False))


def test_a_figure_that_is_only_labelled_anew_is_not_revised(tmp_path: Path) -> None:
    release.write_release(tmp_path, draft(row(flags="provisional")))
    second = release.write_release(tmp_path, draft(row(), unexplained=False))
    (stored,) = release.read_release(second).estimates.to_pylist()
    assert (stored["flags"], stored["version_revised"]) == ("", "2026.1.0")
    assert [c["change"] for c in listed(second)] == ["relabelled"]


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("2026.2.0", [row(area="E09000001")]),
        ("2026.1.1", [row(estimate=0.62), row(area="E09000001")]),
    ],
)
def test_a_version_that_says_less_than_what_happened_is_refused(
    tmp_path: Path, asked: str, rows: list[Estimate]
) -> None:
    release.write_release(tmp_path, draft(row(), row(area="E09000001")))
    with pytest.raises(StoreError, match="does not say what happened since"):
        release.write_release(tmp_path, draft(*rows), version=asked)


@pytest.mark.parametrize(("first", "second"), [("synthetic", ""), ("", "synthetic")])
def test_real_and_synthetic_figures_never_follow_one_another(
    tmp_path: Path, first: str, second: str
) -> None:
    release.write_release(tmp_path, draft(row(flags=first)))
    with pytest.raises(StoreError, match="One evidence base holds one kind"):
        release.write_release(tmp_path, draft(row(flags=second, estimate=0.7)))


def decided(base: Path, folder: Path, state: str) -> None:
    record = StateRecord(
        version=folder.name,
        state=state,  # type: ignore[arg-type]
        role="demo",
        time="2026-11-22",
        manifest=states.digest_of(folder),
    )
    states.record_state(base, record)


@pytest.mark.parametrize("state", ["approved", "withdrawn"])
def test_changes_are_told_against_the_last_release_that_anybody_was_shown(
    tmp_path: Path, state: str
) -> None:
    decided(tmp_path, release.write_release(tmp_path, draft(row())), state)
    release.write_release(tmp_path, draft(row(estimate=0.9), row(area="E09000001")))
    third = release.write_release(tmp_path, draft(row(estimate=0.62)))
    assert third.name == "2026.3.0"
    assert manifest.read(third).previous == "2026.1.0"
    (change,) = listed(third)
    assert (change["old_estimate"], change["new_estimate"]) == ("0.614", "0.62")
    (stored,) = release.read_release(third).estimates.to_pylist()
    assert (stored["version_first"], stored["version_revised"]) == ("2026.1.0", "2026.3.0")


def test_drafts_of_a_new_year_line_share_it(tmp_path: Path) -> None:
    decided(
        tmp_path,
        release.write_release(tmp_path, draft(row(), row(area="E09000001"))),
        "approved",
    )
    assert release.write_release(tmp_path, draft(row())).name == "2027.1.0"
    assert release.write_release(tmp_path, draft(row(estimate=0.7))).name == "2027.2.0"
