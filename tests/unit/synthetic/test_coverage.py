"""The intervals' coverage on synthetic London: a quick look always, a thousand redraws when asked.

The long run writes the page `docs/results/coverage.md` that the published figures stand on.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from by_path import module_at

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    return module_at(ROOT / "tools/coverage.py")


def test_a_redraw_of_each_design_gives_a_figure_for_each_measure_and_breakdown(
    coverage: ModuleType,
) -> None:
    seen = set()
    for name, trial in coverage.TRIALS.items():
        found: dict[tuple[str, str, str, str], object] = {}
        trial(coverage._city("city"), 0, found)
        assert {key[2] for key in found} == {coverage.EVERYBODY, *coverage.BREAKDOWNS}, name
        seen |= {key[0] for key in found}
    assert len(seen) >= 6


def test_an_interval_that_misses_is_counted_on_its_side(coverage: ModuleType) -> None:
    cell = coverage.Tally(truth=0.5)
    row = {"estimate": 0.4, "standard_error": 0.1, "base": 10, "effective_base": 8}
    cell.add({**row, "lower": 0.3, "upper": 0.6})
    cell.add({**row, "lower": 0.3, "upper": 0.45})
    cell.add({**row, "lower": 0.55, "upper": 0.6})
    cell.add({**row, "estimate": None, "lower": None, "upper": None})
    assert (cell.draws, cell.held, cell.below, cell.above) == (3, 1, 1, 1)
    assert cell.weight_of_evidence == pytest.approx(4)


@pytest.mark.slow
def test_a_thousand_redraws_hold_the_truth_as_often_as_promised(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "tools/coverage.py", "--check", "--out", str(tmp_path / "coverage.md")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-400:]
