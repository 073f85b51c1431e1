"""Evaluations redrawn: a quick look always, a thousand redraws when asked.

The long run is that of `python tools/evaluation_redraws.py --write`, which writes the page
`docs/results/evaluation.md`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from by_path import module_at

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools/evaluation_redraws.py"


TOOLS = module_at(TOOL)


@pytest.mark.parametrize("name", ["between_projects", "lottery"])
def test_a_few_redraws_of_a_sound_design_hold_the_truth(name: str) -> None:
    held = TOOLS.redrawn_sound(name, 20)
    assert held.covered >= 0.8
    assert held.helped <= 0.2


@pytest.mark.parametrize("name", sorted(set(TOOLS.BROKEN) - {"few_areas"}))
def test_a_few_redraws_of_a_broken_design_are_flagged_and_never_effective(name: str) -> None:
    held = TOOLS.redrawn_broken(name, 3)
    assert held.flagged == 1
    assert held.effective == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TOOLS.SOUND))
def test_ranges_hold_the_truth_and_no_effect_is_seldom_called_one(name: str) -> None:
    held = TOOLS.redrawn_sound(name)
    least, most = TOOLS.COVERED
    assert least <= held.covered <= most
    assert held.helped <= TOOLS.MOST_FALSE
    assert held.effective <= TOOLS.MOST_FALSE


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TOOLS.BROKEN))
def test_broken_designs_are_flagged_and_never_called_effective(name: str) -> None:
    held = TOOLS.redrawn_broken(name)
    assert held.flagged >= TOOLS.LEAST_FLAGGED
    assert held.effective == 0


def row(page: str, words: str) -> tuple[float, float]:
    """Give the two shares of a row of the page."""
    cells = rf"^\| {re.escape(words)} \| .+ \| ([\d.]+)% \| ([\d.]+)% \|$"
    found = re.search(cells, page, re.MULTILINE)
    assert found, words
    return float(found[1]) / 100, float(found[2]) / 100


@pytest.mark.slow
def test_the_page_tells_of_every_design_and_keeps_its_promises() -> None:
    page = (ROOT / "docs/results/evaluation.md").read_text(encoding="utf-8")
    for design in TOOLS.SOUND.values():
        covered, helped = row(page, design.words)
        assert TOOLS.COVERED[0] <= covered <= TOOLS.COVERED[1], design.words
        assert helped <= TOOLS.MOST_FALSE, design.words
    for broken in TOOLS.BROKEN.values():
        flagged, effective = row(page, broken.words)
        assert flagged >= TOOLS.LEAST_FLAGGED, broken.words
        assert effective == 0, broken.words
