"""The city's survey as a benchmark: respondents with its own recodes, weights and areas."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from social_evidence.app.evaluate_benchmark import CitySurvey
from social_evidence.app.evaluate_city import city_surveys
from social_evidence.app.inputs import chosen, gather
from social_evidence.catalogue.load import load

FILES = {
    "catalogue.toml": 'title = "Town"\n',
    "areas.toml": """
[[areas]]
code = "L"
name = "Land"
kind = "country"
[[areas]]
code = "T"
name = "Town"
kind = "city"
parent = "L"
[[areas]]
code = "V"
name = "Village"
kind = "comparator"
parent = "L"
""",
    "strategy.toml": """
title = "Plan"
year = 2018
publisher = "Town"
parts = [{ number = "1", title = "One" }]
policies = [{ number = "1.1", title = "One one" }]
actions = [{ number = "1.1.1", summary = "Do it" }]
""",
    "questions/belong.toml": """
text = { en = "Do you belong?" }
answers = { yes = "Yes", no = "No", unsure = "Not sure" }
""",
    "breakdowns/sex.toml": """
title = "Sex"
groups = [{ id = "women", label = "Women" }, { id = "men", label = "Men" }]
""",
    "sources/survey.toml": """
kind = "microdata"
title = "Town survey"
publisher = "Town"
licence = "open"
how_to_get = "Ask the town."
threshold = 10
[missing]
"*" = [-9]
[[files]]
path = "first.csv"
wave = "2020"
[[files]]
path = "second.csv"
wave = "2021"
[design]
weight = "w"
strata = ["stratum"]
psu = "psu"
[areas]
columns = ["place"]
covers = ["T", "V"]
[items]
belong = { variable = "belong", answers = { 1 = "yes", 2 = "no", 3 = "unsure" } }
[breakdowns.sex]
variable = "sex"
groups = { 1 = "women", 2 = "men" }
""",
    "measures/belonging.toml": """
version = 1
title = "Belonging"
domain = "outcomes"
theme = "Belonging"
rationale = "It matters."
direction = "higher_is_better"
unit = "share"
statistic = "proportion"
breakdowns = ["sex"]
areas = ["city", "comparator"]
[[series]]
source = "survey"
item = "belong"
denominator = ["yes", "no"]
numerator = ["yes"]
""",
    "initiatives/fund.toml": """
title = "Fund"
summary = "Grants."
actions = ["1.1.1"]
source = "Plan, action 1.1.1"
[[success_measures]]
id = "FUND-BELONG"
title = "Belonging"
computed_from = "participant_survey"
entity = "answers"
statistic = "difference"
counted = "people"
numerator = "people who belong"
denominator = "people who answered"
measure = "belonging"
direction = "higher_is_better"
[[success_measures.readings]]
way = "paired_share"
question = "belong"
yes = ["yes"]
among = ["yes", "no"]
wave = "change"
""",
    "evaluation_plans/fund.toml": """
written_on = "2025-06-02"
answers_until = "2026-09-30"
estimand = "The change."
people = 300
sample_basis = "Power of 80 in 100."
missing_note = "Weights."
weighted_on = ["sex"]
[[outcomes]]
success_measure = "FUND-BELONG"
is_primary = true
words = "they belong"
smallest = 0.05
""",
}


def people(seed: int) -> list[dict[str, object]]:
    rng = random.Random(seed)
    return [
        {
            "w": rng.choice([0.5, 1, 2]),
            "stratum": number % 3,
            "psu": number % 12,
            "place": rng.choice(["T", "T", "V"]),
            "belong": rng.choice([1, 1, 2, 3, -9]),
            "sex": rng.choice([1, 2, -9]),
        }
        for number in range(240)
    ]


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> CitySurvey:
    folder = tmp_path_factory.mktemp("town")
    for path, text in FILES.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for name, seed in (("first.csv", 1), ("second.csv", 2)):
        rows = people(seed)
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    catalogue = load([folder])
    inputs = gather(catalogue, chosen(catalogue, None), [folder])
    found = city_surveys(inputs, "T")
    assert list(found) == ["belong"]
    return found["belong"]


def test_the_newest_wave_of_the_city_s_own_people_is_read(survey: CitySurvey) -> None:
    own = [one for one in people(2) if one["place"] == "T"]
    assert survey.before.num_rows == len(own)
    assert survey.before.column("weight").to_pylist() == [one["w"] for one in own]
    assert survey.source == "Town survey, 2021"
    assert survey.kind == "once"


def test_answers_and_backgrounds_are_the_catalogue_s(survey: CitySurvey) -> None:
    own = [one for one in people(2) if one["place"] == "T"]
    said = {1: "yes", 2: "no", 3: None, -9: None}
    sexes = {1: "women", 2: "men", -9: None}
    assert survey.before.column("belong").to_pylist() == [said[one["belong"]] for one in own]
    assert survey.before.column("sex").to_pylist() == [sexes[one["sex"]] for one in own]


def test_sampling_units_are_told_apart_within_strata(survey: CitySurvey) -> None:
    own = {(one["stratum"], one["psu"]) for one in people(2) if one["place"] == "T"}
    assert len(set(survey.before.column("psu").to_pylist())) == len(own)


def test_nobody_s_row_of_another_place_is_read(tmp_path: Path, survey: CitySurvey) -> None:
    assert survey.before.num_rows < 240
    assert not set(survey.before.column_names) & {"place", "person"}
