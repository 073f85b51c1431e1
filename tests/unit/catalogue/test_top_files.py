"""The files at the top of a catalogue: plan, strategy and similar areas."""

from __future__ import annotations

import pytest

from social_evidence.catalogue.load import load
from social_evidence.errors import DefinitionError
from social_evidence.model.publication import PublicationPlan

PLAN = """
single = ["city", "N1"]
crossings = ["city"]

[[exceptions]]
measures = ["trusting"]
breakdowns = ["sex*age_band", "all"]
areas = ["borough"]
reason = "enough answered"
"""
STRATEGY = """
title = "Together"
year = 2018
publisher = "The town"

[[parts]]
number = "1"
title = "Meeting"

[[policies]]
number = "1.1"
title = "Bring people together"

[[actions]]
number = "1.1.1"
summary = "Hold a fair"
"""
SIMILAR = """
method = "by size"
basis = "how many live there"
attribution = ["Source: the town."]

[areas.N1]
S1 = 0.5
T1 = 0.25
"""


def test_without_them_everything_is_published_and_nothing_is_followed(folder):
    catalogue = load([folder()])
    assert catalogue.plan == PublicationPlan()
    assert catalogue.strategy is None
    assert catalogue.similar == {}


def test_each_fills_its_field_of_the_catalogue(folder):
    catalogue = load(
        [folder({"plan.toml": PLAN, "strategy.toml": STRATEGY, "similar.toml": SIMILAR})]
    )
    assert catalogue.plan.single == ("city", "N1")
    assert catalogue.plan.exceptions[0].areas == ("borough",)
    assert catalogue.strategy.actions[0].number == "1.1.1"
    assert catalogue.similar == {"N1": (("T1", 0.25), ("S1", 0.5))}, "nearest first"
    assert catalogue.likeness.basis == "how many live there"
    assert catalogue.likeness.attribution == ("Source: the town.",)


def test_their_texts_are_kept_and_change_the_digest(folder):
    without = load([folder(name="without")])
    catalogue = load([folder({"plan.toml": PLAN}, name="with")])
    assert catalogue.files["plan.toml"] == PLAN
    assert catalogue.digest != without.digest


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("plan", 'single = ["towns"]', "plan.toml: single: there is no area or kind of areas"),
        ("plan", 'crossings = ["X9"]', "plan.toml: crossings: there is no area or kind"),
        ("plan", PLAN.replace('"trusting"', '"trustin"'), "Did you mean 'trusting'"),
        ("plan", PLAN.replace("sex*age_band", "sex*aged"), "there is no breakdown 'aged'"),
        ("plan", PLAN.replace('reason = "enough answered"', ""), "exceptions[1].reason: is miss"),
        ("plan", "singles = []", "there is no publication plan field 'singles'"),
        ("strategy", STRATEGY.replace('"1.1"', '"2.1"'), "there is no part '2'"),
        ("strategy", STRATEGY.replace('"1.1.1"', '"1.2.1"'), "there is no policy '1.2'"),
        ("strategy", STRATEGY.replace('"1.1"', '"1"'), "names no part; write it as in `1.2`"),
        ("similar", SIMILAR.replace("N1", "N9"), "'N9' is no area of areas.toml"),
        ("similar", SIMILAR.replace("S1", "S9"), "'S9' is no area of areas.toml"),
        ("similar", SIMILAR.replace("S1", "N1"), "'N1' is listed as similar to itself"),
        ("similar", SIMILAR.replace("0.5", "-1"), "areas.N1.S1: is -1; a distance is 0 or more"),
    ],
)
def test_a_name_that_stands_for_nothing_is_told_with_its_file_and_field(folder, name, text, told):
    with pytest.raises(DefinitionError) as refused:
        load([folder({f"{name}.toml": text})])
    assert f"{name}.toml" in str(refused.value)
    assert told in str(refused.value)


def test_a_number_of_a_strategy_may_stand_once(folder):
    text = STRATEGY + '\n[[policies]]\nnumber = "1.1"\ntitle = "Again"\n'
    with pytest.raises(DefinitionError, match=r"policies\[2\].number: '1.1' is the number of"):
        load([folder({"strategy.toml": text})])


def test_pools_may_share_waves_only_where_the_plan_says_so(folder, sound):
    source = sound["sources/town_survey.toml"].replace(
        "[design]", "[pool]\nwaves = 2\nstep = 1\n\n[design]"
    )
    with pytest.raises(DefinitionError, match=r"pool.step: is 1, so pools of 2 waves share"):
        load([folder({"sources/town_survey.toml": source})])
    allowed = {"sources/town_survey.toml": source, "plan.toml": "overlapping_pools = true"}
    assert load([folder(allowed, name="allowed")]).plan.overlapping_pools


def test_two_folders_may_hold_one_of_each(folder, sound):
    first = folder({"plan.toml": PLAN}, name="town")
    second = folder(dict.fromkeys(sound) | {"catalogue.toml": 'title = "x"', "plan.toml": PLAN})
    with pytest.raises(DefinitionError, match=r"there is one already, town/plan\.toml"):
        load([first, second])


def test_a_plan_below_a_folder_is_read_by_nothing(folder):
    with pytest.raises(DefinitionError, match=r"beside catalogue\.toml, areas\.toml, plan\.toml"):
        load([folder({"extra/plan.toml": PLAN})])


def test_what_carries_on_after_a_source_is_another_source(folder, sound):
    text = sound["sources/town_survey.toml"].replace("[design]", 'successor = "{}"\n\n[design]', 1)
    for name, told in (("town_count", "Did you mean 'town_counts'"), ("town_survey", "no other")):
        path = {"sources/town_survey.toml": text.replace("{}", name)}
        with pytest.raises(DefinitionError, match=told):
            load([folder(path)])
    right = {"sources/town_survey.toml": text.replace("{}", "town_counts")}
    assert load([folder(right)]).sources["town_survey"].successor == "town_counts"
