"""Which larger areas a survey stands for, by the areas its file names."""

from __future__ import annotations

import pytest

from social_evidence.model.area import Area, AreaTree
from social_evidence.model.source import Source
from social_evidence.model.source_maps import Areas
from social_evidence.plan.dimensions import area_dimension

TREE = AreaTree.from_areas(
    Area(code=code, name=code, kind=kind, parent=parent)
    for code, kind, parent in (
        ("UK", "country", ""),
        ("England", "country", "UK"),
        ("rest_of_uk", "comparator", "UK"),
        ("rest_of_england", "comparator", "England"),
        ("City", "city", "England"),
        ("Inner", "inner_outer", "City"),
        ("Outer", "inner_outer", "City"),
        ("a", "borough", "Inner"),
        ("b", "borough", "Inner"),
        ("c", "borough", "Outer"),
    )
)


def given(named, covers=()):
    source = Source(
        id="s",
        kind="microdata",
        title="t",
        publisher="p",
        licence="l",
        how_to_get="h",
        files=(),
        areas=Areas(columns=("place",), covers=covers),
    )
    dimension = area_dimension(TREE, source, {"place": named}, "f.csv")
    return {
        group.id: {named_at(dimension, code, named) for code in group.codes}
        for group in dimension.groups
    }


def named_at(dimension, code, named):
    return sorted(named)[code]


@pytest.mark.parametrize(
    ("named", "covers", "areas"),
    [
        (["a"], (), {"a"}),
        (["a", "b"], (), {"a", "b", "Inner"}),
        (["a", "c"], (), {"a", "c", "Outer"}),
        (["a", "b", "c"], (), {"a", "b", "c", "Inner", "Outer", "City"}),
        (["a", "c"], ("City",), {"a", "c", "Outer", "City"}),
        (["a", "c"], ("City", "Inner"), {"a", "c", "Inner", "Outer", "City"}),
        (["a"], ("Outer",), {"a"}),
        (["Inner", "c"], (), {"Inner", "c", "Outer", "City"}),
        (["City", "rest_of_england"], (), {"City", "rest_of_england", "England"}),
        (["a", "c", "rest_of_england"], (), {"a", "c", "Outer", "rest_of_england"}),
        (
            ["a", "c", "rest_of_england", "rest_of_uk"],
            ("City",),
            {"a", "c", "Outer", "City", "rest_of_england", "rest_of_uk", "England", "UK"},
        ),
        (["rest_of_england"], (), {"rest_of_england"}),
        (["a"], ("UK",), {"a", "UK"}),
    ],
)
def test_a_larger_area_is_given_only_where_it_is_whole_or_said_to_be_covered(named, covers, areas):
    assert set(given(named, covers)) == areas


def test_an_area_that_is_covered_in_part_is_made_of_the_parts_that_are_named():
    assert given(["a", "c"], ("City",))["City"] == {"a", "c"}
