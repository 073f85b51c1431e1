"""Each row breaks an initiative in one place."""

from __future__ import annotations

import pytest

from social_evidence.catalogue.load import examine

STRATEGY = """
title = "Plan"
year = 2018
publisher = "Town"
parts = [{ number = "1", title = "One" }]
policies = [{ number = "1.1", title = "One one" }]
actions = [{ number = "1.1.1", summary = "Do it" }]
"""
SOUND = """
title = "Fund"
summary = "Grants."
actions = ["1.1.1"]
source = "Plan, action 1.1.1"
funding = [{ giver = "Town", pounds = 100 }]

[[success_measures]]
id = "FUND-TRUST"
title = "Trust"
computed_from = "participant_survey"
entity = "answers"
statistic = "difference"
counted = "people"
numerator = "people who trust"

[[success_measures.readings]]
way = "paired_share"
question = "trusting"
yes = ["yes"]
"""
QUESTION = """
text = { en = "Do you trust?" }
scale = "Yes or no"
answers = { yes = "Yes", no = "No" }
"""
READING = "success_measures[1].readings[1]"
FAULTS = [
    # what stands there, what is written instead, field, words of the message
    ('actions = ["1.1.1"]', "actions = []", "actions", "is empty"),
    ('actions = ["1.1.1"]', 'actions = ["1.1.2"]', "actions", "1.1.2"),
    ("pounds = 100", "pounds = 0", "funding[1].pounds", "above 0"),
    (", pounds = 100", "", "funding[1]", "neither how much"),
    ('"FUND-TRUST"', '"trust"', "success_measures[1].id", "capitals with hyphens"),
    ('"difference"', '"proportion"', "success_measures[1].denominator", "needs one"),
    ("numerator", 'part = "x"\nnumerator', "success_measures[1].part", "without `measure`"),
    ("numerator", 'measure = "nothing"\nnumerator', "success_measures[1].measure", "nothing"),
    ("numerator", 'breakdowns = ["sexx"]\nnumerator', "success_measures[1].breakdowns", "sexx"),
    (
        "numerator",
        'not_asked = { sex = ["x"] }\nnumerator',
        "success_measures[1].not_asked",
        "breakdown",
    ),
    ('way = "paired_share"', 'item = "x"\nway = "paired_share"', f"{READING}.item", "leave `item`"),
    ('"trusting"', '"trustin"', f"{READING}.question", "trusting"),
    ('["yes"]', '["maybe"]', f"{READING}.yes", "maybe"),
    ('["yes"]', '["yes"]\namong = ["no"]', f"{READING}.yes", "leaves out"),
    ('["yes"]', '["yes"]\nwaves = ["after"]', f"{READING}.waves", "follow-up"),
    ('["yes"]', '["yes"]\nregister = "events"', f"{READING}.register", "Leave it out"),
    ('"paired_share"', '"follow_up_share"', f"{READING}.waves", "is missing"),
    ("source =", 'places = ["T9"]\nsource =', "places", "T9"),
    ("source =", 'measures = ["nothing"]\nsource =', "measures", "nothing"),
]


def faults_of(folder, initiative, **others):
    (folder / "initiatives").mkdir(exist_ok=True)
    (folder / "catalogue.toml").write_text('title = "Town"\n', encoding="utf-8")
    (folder / "strategy.toml").write_text(STRATEGY, encoding="utf-8")
    (folder / "questions").mkdir(exist_ok=True)
    (folder / "questions" / "trusting.toml").write_text(QUESTION, encoding="utf-8")
    for name, text in {"fund": initiative, **others}.items():
        (folder / "initiatives" / f"{name}.toml").write_text(text, encoding="utf-8")
    catalogue, faults = examine([folder])
    return catalogue, [f for f in faults if f.file.startswith("initiatives/")]


def test_a_sound_initiative_has_no_fault(tmp_path):
    catalogue, faults = faults_of(tmp_path, SOUND)
    assert faults == []
    assert catalogue.initiatives["fund"].success_measures[0].id == "FUND-TRUST"


@pytest.mark.parametrize(("there", "instead", "field", "words"), FAULTS)
def test_a_fault_is_told_with_its_field(tmp_path, there, instead, field, words):
    assert there in SOUND
    _, faults = faults_of(tmp_path, SOUND.replace(there, instead, 1))
    assert [fault.field for fault in faults] == [field]
    assert words in faults[0].message


def test_an_address_belongs_to_one_success_measure(tmp_path):
    _, faults = faults_of(tmp_path, SOUND, other=SOUND)
    assert [(fault.file, fault.field) for fault in faults] == [
        ("initiatives/other.toml", "success_measures[1].id")
    ]
    assert "taken already, in fund" in faults[0].message


def test_a_success_measure_without_a_reading_is_a_fault(tmp_path):
    _, faults = faults_of(tmp_path, SOUND.partition("\n[[success_measures.readings]]")[0])
    assert [fault.field for fault in faults] == ["success_measures[1].readings"]
    assert "say how the number is worked out" in faults[0].message


def test_a_second_reading_says_what_it_is_of(tmp_path):
    second = '\n[[success_measures.readings]]\nway = "returns_total"\nitem = "second"\n'
    _, faults = faults_of(tmp_path, SOUND + second)
    assert [fault.field for fault in faults] == ["success_measures[1].readings[2].title"]


def test_an_initiative_has_one_success_measure_for_each_measure_and_part(tmp_path):
    again = SOUND.partition("\n[[success_measures]]")[2].replace("FUND-TRUST", "FUND-AGAIN")
    text = (SOUND + "\n[[success_measures]]" + again).replace(
        "numerator =", 'measure = "nothing"\nnumerator ='
    )
    _, faults = faults_of(tmp_path, text)
    assert any("is that of FUND-TRUST too" in fault.message for fault in faults)
