"""Classes of a map have round limits that a share can lie between."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.catalogue.load import load
from social_evidence.site.shades import shades, shades_of

LONDON = Path(__file__).parents[3] / "src/social_evidence/catalogues/london"


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


class TestDefined:
    """Limits that a measure's definition has."""

    MEASURE = SimpleNamespace(map_limits=(0.6, 0.7, 0.8, 0.9), unit="share", gap=False)

    def test_they_stand_whatever_the_figures(self) -> None:
        for values in ([], [0.1, 0.2], [0.65, 0.75, 0.95]):
            found = shades_of(self.MEASURE, values)
            assert found.limits == (0.6, 0.7, 0.8, 0.9)
            assert found.words == (
                *("Under 60%", "60 to under 70%", "70 to under 80%", "80 to under 90%"),
                "90% and over",
            )

    def test_another_question_has_limits_of_its_own(self) -> None:
        values = [0.1, 0.2, 0.3, 0.4]
        assert shades_of(self.MEASURE, values, is_other=True) == shades(values, "share")

    def test_a_measure_without_limits_leaves_them_to_the_figures(self) -> None:
        measure = SimpleNamespace(map_limits=(), unit="per_1000", gap=False)
        assert shades_of(measure, [1.0, 2.0, 3.0]) == shades([1.0, 2.0, 3.0], "per_1000")


def test_londons_maps_have_limits_that_are_defined() -> None:
    measures = load([LONDON]).measures
    assert {name for name, one in measures.items() if one.map_limits} >= {
        *("hate_crime_rate", "neighbours_trusted", "backgrounds_get_on", "electoral_registration"),
        *("employment_gap", "gcse_attainment", "early_education_uptake", "good_place_to_live"),
    }
    for one in measures.values():
        found = shades_of(one, [])
        assert len(found.words) in {1, 5}
        assert len(one.label) <= 40
