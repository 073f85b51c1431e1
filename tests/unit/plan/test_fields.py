"""Fields of a source by their path: whether they are there, and which columns they speak of."""

from __future__ import annotations

import pytest

from social_evidence.model.source import Source, SourceDesign, SourceFile
from social_evidence.model.source_maps import Areas, Derived, GroupMap, Item
from social_evidence.plan.fields import fields_about, reached, steps

SOURCE = Source(
    id="panel",
    kind="microdata",
    title="Panel",
    publisher="p",
    licence="l",
    how_to_get="h",
    files=(SourceFile(path="a.tab", wave="2014", columns={"weight": "indscui_xw"}),),
    aliases={"capital": ("TOTCAPB4",)},
    design=SourceDesign(weight="weight"),
    derived={"over_third": Derived(expression="cost > income / 3")},
    items={
        "savings": Item(variable="capital"),
        "housing": Item(variable="over_third", answers={"true": "yes"}),
    },
    breakdowns={"sex": GroupMap(variable="SEX", groups={"1": "men"})},
    areas=Areas(columns=("REGION",)),
    to_confirm={
        "items.savings.variable": "Which?",
        "items.housing": "Which?",
        "design.weight": "Which?",
        "files[1].columns.weight": "Which?",
        "aliases.capital": "Which?",
        "areas.columns": "Which?",
        "breakdowns.sex.groups": "Which?",
    },
)


@pytest.mark.parametrize(
    "path", ["design.weight", "files.1.columns.weight", "files[1].path", "items.savings", "url"]
)
def test_a_field_that_is_there_is_reached(path):
    assert reached(SOURCE, path)[1] == len(steps(path))


@pytest.mark.parametrize(
    ("path", "led", "known"),
    [("desing.weight", 0, "design"), ("items.saving", 1, "savings"), ("files[2].path", 1, "1")],
)
def test_a_path_that_leads_nowhere_says_how_far_it_led_and_what_it_could_have_been(
    path, led, known
):
    _, at, names = reached(SOURCE, path)
    assert at == led
    assert known in names


@pytest.mark.parametrize(
    ("columns", "paths"),
    [
        ({"capital", "TOTCAPB4"}, ["items.savings.variable", "aliases.capital"]),
        ({"cost"}, ["items.housing"]),
        ({"weight", "indscui_xw"}, ["design.weight", "files[1].columns.weight"]),
        ({"REGION"}, ["areas.columns"]),
        ({"nothing"}, []),
    ],
)
def test_open_questions_about_a_column_are_found_by_what_they_speak_of(columns, paths):
    assert list(fields_about(SOURCE, columns)) == paths
