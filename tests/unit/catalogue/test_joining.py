"""A source's own file may add series to measures defined elsewhere."""

from __future__ import annotations

import re

import pytest

from social_evidence.catalogue.load import examine, load

BOROUGH = """
kind = "microdata"
title = "Residents of one district"
publisher = "The district"
licence = "Own"
how_to_get = "Ask"

[[files]]
path = "residents.csv"
wave = "2024"

[design]
basis = "weights_only"
statement = "Drawn one by one."

[areas]
whole = "N1"

[items.trust]
variable = "q7"
answers = { 1 = "most", 2 = "some" }

[[series]]
measure = "trusting"
item = "trust"
denominator = ["most", "some"]
numerator = ["most"]
"""


def test_a_source_in_one_file_joins_a_measure(folder):
    catalogue = load([folder({"sources/residents.toml": BOROUGH})])
    series = catalogue.measures["trusting"].series
    assert [one.id for one in series] == ["town_survey", "residents"]
    assert series[-1].source == "residents"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('measure = "trusting"', 'measure = "trustin"', "no measure.*trusting"),
        ('measure = "trusting"', "", "no measure"),
        ('item = "trust"', 'item = "trist"', "trist"),
        ('numerator = ["most"]', 'numerator = ["none"]', "denominator leaves out"),
        ('item = "trust"', 'item = "trust"\npart = "age"', "part"),
        ('item = "trust"', 'item = "trust"\nsource = "town_survey"', "Leave it"),
    ],
)
def test_a_fault_is_noted_in_the_sources_own_file(folder, old, new, words):
    _, faults = examine([folder({"sources/residents.toml": BOROUGH.replace(old, new)})])
    assert faults
    assert all(fault.file == "sources/residents.toml" for fault in faults)
    text = "\n".join(str(fault) for fault in faults)

    assert re.search(words, text), text
    assert "series[1]" in text


def test_a_series_of_a_measures_own_file_names_its_source_and_no_measure(folder):
    text = """
version = 1
title = "Friends"
domain = "relationships"
theme = "t"
rationale = "r"
direction = "neutral"
unit = "share"
statistic = "proportion"

[[series]]
measure = "friends"
item = "trust"
denominator = ["most", "some"]
numerator = ["most"]
"""
    _, faults = examine([folder({"measures/friends.toml": text})])
    told = "\n".join(str(fault) for fault in faults)
    assert "series[1].source" in told
    assert "series[1].measure" in told


LIFE = """
title = "Stage of life"
groups = [{ id = "young", label = "Young" }, { id = "old", label = "Old" }]

[sources.town_survey]
variable = "age"
bands = { young = [0, 39], old = [40, 120] }
"""


def test_a_breakdown_in_one_file_reaches_the_sources_it_maps(folder):
    catalogue = load([folder({"breakdowns/stage_of_life.toml": LIFE})])
    assert catalogue.sources["town_survey"].breakdowns["stage_of_life"].variable == "age"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("town_survey", "town_survy", "no source.*town_survey"),
        ("old = [40, 120]", "elderly = [40, 120]", "elderly"),
    ],
)
def test_a_map_that_leads_nowhere_is_a_fault(folder, old, new, words):
    _, faults = examine([folder({"breakdowns/stage_of_life.toml": LIFE.replace(old, new)})])
    assert re.search(words, "\n".join(str(fault) for fault in faults))


def test_two_maps_for_one_source_are_a_fault(folder):
    named = load([folder()]).sources["town_survey"].breakdowns
    first = next(iter(named))
    text = LIFE
    _, faults = examine([folder({f"breakdowns/{first}.toml": text})])
    assert "Keep one of them" in "\n".join(str(fault) for fault in faults)
