"""Each row breaks an evaluation plan in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from social_evidence.catalogue.load import examine
from social_evidence.model.evaluation_plan import EvaluationPlan

INITIATIVE = """
title = "Fund"
summary = "Grants."
actions = ["1.1.1"]
source = "Plan, action 1.1.1"

[[success_measures]]
id = "FUND-TRUST"
title = "Trust"
computed_from = "participant_survey"
entity = "answers"
statistic = "difference"
counted = "people"
numerator = "people who trust"
denominator = "people who answered"
[[success_measures.readings]]
way = "paired_share"
question = "trusts"
yes = ["yes"]
among = ["yes", "no"]
wave = "change"

[[success_measures]]
id = "FUND-COUNT"
title = "Projects"
computed_from = "monitoring_return"
entity = "returns"
statistic = "count"
counted = "entries"
numerator = "projects"
[[success_measures.readings]]
way = "returns_total"
"""
STRATEGY = """
title = "Plan"
year = 2018
publisher = "Town"
parts = [{ number = "1", title = "One" }]
policies = [{ number = "1.1", title = "One one" }]
actions = [{ number = "1.1.1", summary = "Do it" }]
"""
QUESTION = """
text = { en = "Do you trust people here?" }
answers = { yes = "Yes", no = "No" }
"""
SOUND = """
written_on = "2025-06-02"
answers_until = "2026-09-30"
estimand = "The change."
people = 300
sample_basis = "Power of 80 in 100."
missing_note = "Weights."

[[outcomes]]
success_measure = "FUND-TRUST"
is_primary = true
words = "people here can be trusted"
smallest = 0.05
"""
FAULTS = [
    # what stands there, what is written instead, field, words of the message
    ('"2025-06-02"', '"2 June 2025"', "written_on", "as 2026-03-01"),
    ('"2025-06-02"', '"2026-12-01"', "written_on", "before anybody can see a result"),
    ("people = 300", "people = 0", "people", "1 or more"),
    ("people = 300", "people = 300\nversion = 0", "version", "starts at 1"),
    ("people = 300", "people = 300\ncorrelation = 1.0", "correlation", "below 1"),
    ('"The change."', '" "', "estimand", "blank"),
    ("is_primary = true", "", "outcomes", "exactly one must be"),
    ("smallest = 0.05", "smallest = 5", "outcomes[1].smallest", "five points"),
    ("smallest = 0.05", "smallest = 0.0", "outcomes[1].smallest", "above 0"),
    ("people here can be trusted", " ", "outcomes[1].words", "blank"),
    ("people here can be trusted", "trust rose thanks to it", "outcomes[1].words", "thanks to"),
    ("FUND-TRUST", "FUND-TRUTS", "outcomes[1].success_measure", "Did you mean 'FUND-TRUST'"),
    ("FUND-TRUST", "FUND-COUNT", "outcomes[1].success_measure", "participants' answers"),
    ("smallest", 'item = "half"\nsmallest', "outcomes[1].item", "no reading of FUND-TRUST"),
    ("people = 300", 'people = 300\nsubgroups = ["sexx"]', "subgroups", "sexx"),
    ("people = 300", 'people = 300\nweighted_on = ["sexx"]', "weighted_on", "sexx"),
    ("people = 300", 'people = 300\nassignment = "lottery"', "comparison", "Say who they are"),
    ("people = 300", 'people = 300\ncomparison = "areas"', "treated_areas", "is empty"),
    ("people = 300", 'people = 300\ntreated_areas = ["T9"]', "treated_areas", 'comparison = "area'),
    (
        "people = 300",
        'people = 300\ncomparison = "people"\nassignment = "as_good_as_chance"',
        "comparison_reason",
        "as good as chance",
    ),
    ("people = 300", 'people = 300\ncomparision = "none"', "comparision", "'comparison'"),
]


def faults_of(folder: Path, text: str, name: str = "fund"):
    files = {
        "catalogue.toml": 'title = "Town"\n',
        "strategy.toml": STRATEGY,
        "initiatives/fund.toml": INITIATIVE,
        "questions/trusts.toml": QUESTION,
        f"evaluation_plans/{name}.toml": text,
    }
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    catalogue, faults = examine([folder])
    return catalogue, [f for f in faults if f.file.startswith("evaluation_plans/")]


def test_a_sound_plan_has_no_fault_and_one_primary_outcome(tmp_path: Path) -> None:
    catalogue, faults = faults_of(tmp_path, SOUND)
    assert faults == []
    plan = catalogue.evaluation_plans["fund"]
    assert plan.primary is plan.outcomes[0]


@pytest.mark.parametrize(("there", "instead", "field", "words"), FAULTS)
def test_a_fault_is_told_with_its_field(
    tmp_path: Path, there: str, instead: str, field: str, words: str
) -> None:
    assert there in SOUND
    _, faults = faults_of(tmp_path, SOUND.replace(there, instead, 1))
    assert field in [fault.field for fault in faults]
    assert any(words in fault.message for fault in faults)


def test_a_plan_for_an_initiative_that_is_not_there_is_told(tmp_path: Path) -> None:
    _, faults = faults_of(tmp_path, SOUND, name="fnud")
    assert "Did you mean 'fund'" in str(faults[0])


def test_an_outcome_stands_there_once(tmp_path: Path) -> None:
    twice = SOUND + SOUND[SOUND.index("[[outcomes]]") :].replace("is_primary = true\n", "")
    _, faults = faults_of(tmp_path, twice)
    assert "twice" in faults[0].message


def test_a_plan_without_outcomes_has_no_primary_one() -> None:
    plan = EvaluationPlan(
        id="fund",
        written_on="2025-06-02",
        answers_until="2026-09-30",
        estimand="The change.",
        outcomes=(),
        people=3,
        sample_basis="None.",
        missing_note="None.",
    )
    assert plan.primary is None
