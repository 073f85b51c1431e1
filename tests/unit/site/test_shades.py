"""Classes of a map have round limits that a share can lie between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.site.shades import shades


def test_limits_are_round_and_part_the_figures() -> None:
    found = shades([0.76, 0.78, 0.8, 0.83, 0.85, 0.88, 0.9, 0.93, 0.95], "share")
    assert found.limits == (0.8, 0.85, 0.9, 0.95) or found.limits == (0.75, 0.8, 0.85, 0.9)
    assert found.words[0].startswith("Under ")
    assert len(found.words) == 5


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60))
def test_every_share_has_a_class(figures: list[int]) -> None:
    values = [figure / 1000 for figure in figures]
    found = shades(values, "share")
    assert list(found.limits) == sorted(set(found.limits))
    assert all(0 < limit < 1.0001 for limit in found.limits)
    assert {found.of(value) for value in values} <= {1, 2, 3, 4, 5}


@pytest.mark.parametrize("unit", ["share", "per_1000", "score"])
def test_without_figures_there_is_one_class(unit: str) -> None:
    assert shades([], unit).words == ("",)


def test_the_classes_of_a_gap_are_points() -> None:
    found = shades([0.1, 0.2, 0.3, 0.4, 0.6], "share", is_gap=True)
    assert all("points" in words and "%" not in words for words in found.words)
