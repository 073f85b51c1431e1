"""The data-protection annex says what the definitions ask and what the office holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from social_evidence.app.annex import ANSWERS, annex, to_markdown
from social_evidence.catalogue.load import load
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import RecordSet

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def london() -> Catalogue:
    return load([ROOT / "src/social_evidence/catalogues/london"])


def test_every_initiative_that_asks_people_is_in_it_with_questions_and_special_categories(
    london: Catalogue,
) -> None:
    found = {records.id: records for records in annex(london).with_people}
    asking = {
        initiative.id
        for initiative in london.initiatives.values()
        if any(s.computed_from == "participant_survey" for s in initiative.success_measures)
    }
    assert asking <= set(found)
    fund = found["london_family_fund"]
    assert ANSWERS in fund.kinds
    assert len(fund.questions) == 5
    assert fund.special == ("Ethnic group", "Disability")
    assert set(fund.purposes) == {s.id for s in london.initiatives[fund.id].success_measures}


def test_it_says_that_it_is_a_draft_and_what_must_be_confirmed(london: Catalogue) -> None:
    text = to_markdown(annex(london))
    assert "**This is a draft.**" in text
    assert "data protection officer must confirm" in text
    assert text.count("to be confirmed") > 5


def test_record_sets_are_listed_and_small_numbers_of_answers_are_not(london: Catalogue) -> None:
    held = [
        RecordSet(
            id=name,
            initiative="london_family_fund",
            purpose="change | in friendships",
            lawful_basis="public task",
            keep_until="2028-12-31",
            rows=rows,
        )
        for name, rows in (("small", 4), ("large", 1400))
    ]
    text = to_markdown(annex(london, held))
    assert "| `small` | change \\| in friendships | public task |" in text
    assert "| under 10 |" in text
    assert "| 1,400 |" in text
    assert "2028-12-31" in text
