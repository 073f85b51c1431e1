"""The ledger holds every number an approved release has shown, and what it holds never changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from small_release import draft
from small_release import figure as row
from social_evidence.errors import StoreError
from social_evidence.model.area import Area
from social_evidence.model.estimate import Estimate
from social_evidence.store import ledger, release


def write(base: Path, *rows: Estimate, title: str = "A test") -> Path:
    areas = [Area(code="E12000007", name="London", kind="city")]
    return release.write_release(base, draft(*rows, title=title, areas=areas))


HIDDEN = row(area="E09000001", estimate=None, base=None, status="protected")
UNKNOWN = row(breakdown="sex", group="unknown", estimate=None, base=31, status="not_applicable")


def test_only_rows_that_show_a_number_are_in_it(tmp_path: Path) -> None:
    ledger.add_release(tmp_path, write(tmp_path, row(), HIDDEN, UNKNOWN))
    held = ledger.read_ledger(tmp_path)
    assert held.column_names == list(ledger.COLUMNS)
    assert [(r["group"], r["base"], r["version"]) for r in held.to_pylist()] == [
        ("all", 1200, "2026.1.0"),
        ("unknown", 31, "2026.1.0"),
    ]


def test_nothing_approved_is_an_empty_ledger(tmp_path: Path) -> None:
    assert ledger.read_ledger(tmp_path).num_rows == 0


def test_a_cell_that_is_hidden_later_stays(tmp_path: Path) -> None:
    ledger.add_release(tmp_path, write(tmp_path, row()))
    before = ledger.read_ledger(tmp_path)
    ledger.add_release(
        tmp_path, write(tmp_path, row(estimate=None, base=None, status="protected"), UNKNOWN)
    )
    held = ledger.read_ledger(tmp_path)
    assert held.slice(0, 1).equals(before)
    assert held["version"].to_pylist() == ["2026.1.0", "2026.2.0"]


def test_adding_a_release_twice_changes_no_byte(tmp_path: Path) -> None:
    folder = write(tmp_path, row())
    ledger.add_release(tmp_path, folder)
    path = tmp_path / "releases" / ledger.FILE
    before = path.read_bytes()
    ledger.add_release(tmp_path, folder)
    assert path.read_bytes() == before


def test_a_version_with_other_cells_is_refused(tmp_path: Path) -> None:
    ledger.add_release(tmp_path, write(tmp_path, row()))
    other = write(tmp_path / "other", row(base=1300))
    with pytest.raises(StoreError, match="never used twice"):
        ledger.add_release(tmp_path, other)
    assert ledger.read_ledger(tmp_path)["base"].to_pylist() == [1200]


@pytest.mark.parametrize("place", [0.3, 0.5, 0.9])
def test_a_damaged_ledger_is_named(tmp_path: Path, place: float) -> None:
    ledger.add_release(tmp_path, write(tmp_path, *(row(area=f"E0900{n:04}") for n in range(3000))))
    path = tmp_path / "releases" / ledger.FILE
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(StoreError, match=r"ledger\.parquet is damaged"):
        ledger.read_ledger(tmp_path)
