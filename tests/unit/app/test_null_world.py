"""Worlds without differences: a quick look always, a thousand redraws when asked.

The long run writes the page `docs/results/null_world.md`.
"""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from by_path import module_at

ROOT = Path(__file__).resolve().parents[3]
TOOL = ROOT / "tools/null_world.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return module_at(TOOL)


def test_a_family_is_counted_once_whatever_it_claims(tool: ModuleType) -> None:
    tally = tool.Tally()
    clear, null = np.array([True, True, False, True]), np.array([True, False, True, False])
    tally.add(clear, null)
    tally.add(np.zeros(4, dtype=bool), null)
    assert (tally.families, tally.claiming, tally.claims) == (2, 1, 3)
    assert tally.false == pytest.approx(1 / 3)


def test_a_redraw_compares_every_kind_in_null_and_mixed_worlds(tool: ModuleType) -> None:
    found = defaultdict(tool.Tally)
    tool.of_panel(0, found)
    assert {key[2] for key in found} == {"group", "comparator", "change", "pair"}
    assert {key[3] for key in found} == set(tool.CHANCES)
    rates = [rate for _, _, rate, _ in tool.rates(found)]
    assert all(0 <= rate <= 1 for rate in rates)


def test_moving_some_leaves_the_whole_where_it_is(tool: ModuleType) -> None:
    weight = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    members = {"a": np.array([True, True, False, False, False]), "b": np.arange(5) == 3}
    shift = tool.balanced(weight, members, 1.0)
    assert (weight * shift).sum() == pytest.approx(0)
    assert shift[[2, 4]].tolist() == [0, 0]
    assert shift[0] == shift[1] != 0 != shift[3]


def test_the_page_is_of_a_thousand_redraws_that_hold_what_is_promised() -> None:
    page = (ROOT / "docs/results/null_world.md").read_text(encoding="utf-8")
    assert "`--draws 1000`" in page
    rows = [line.split(" | ") for line in page.splitlines() if line.endswith("% |")]
    assert {row[2] for row in rows} == {"area", "change", "group", "pair", "comparator"}
    for row in rows:
        rate, allowed = (float(cell.strip(" |%")) for cell in row[-2:])
        assert rate <= allowed


@pytest.mark.slow
def test_a_thousand_redraws_hold_what_is_promised(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, str(TOOL), "--out", str(tmp_path / "null_world.md")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
