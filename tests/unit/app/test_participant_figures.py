"""Groups that a question is not for: said to be so, and nobody is hidden for their sake."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import social_evidence
from social_evidence.app.initiative_figures import Setting, asked_of
from social_evidence.app.participant_figures import Panel, answered
from social_evidence.catalogue.load import load
from social_evidence.errors import DataError

LONDON = Path(social_evidence.__file__).parent / "catalogues" / "london"


@pytest.fixture(scope="module")
def setting():
    return Setting(catalogue=load([LONDON]))


def people(ages: list[str]) -> pa.Table:
    """Somebody of each age, asked before and after."""
    rows = [
        {
            "pseudonym": f"P{at:015d}", "wave": wave, "arm": "taking_part", "project": "a",
            "period": "2026", "area": None, "form": "1", "age_band": age,
            "friends_similar_age": "all" if at % 2 else "about_half",
        }
        for at, age in enumerate(ages)
        for wave in ("before", "after")
    ]  # fmt: skip
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]})


def age_of(setting):
    initiative = setting.catalogue.initiatives["london_family_fund"]
    return next(one for one in asked_of(initiative) if one.success.id == "LFF-FRIENDS-AGE")


def test_a_group_that_is_not_asked_has_a_row_without_a_count(setting):
    ages = ["25_34"] * 12 + ["35_44"] * 11
    figures = answered(Panel.of(setting, people(ages)), age_of(setting)).figures
    young = [one for one in figures if one.group == "under_16"]

    assert [one.series.part for one in young] == [
        "headline~before",
        "headline~after",
        "headline~change",
    ]
    assert {one.status for one in young} == {"not_asked"}
    assert {one.method for one in young} == {"survey"}
    assert {one.counts for one in young} == {()}
    others = [one for one in figures if one.group in {"25_34", "35_44"}]
    assert {one.status for one in others} == {"shown"}


def test_somebody_in_a_group_that_is_not_asked_is_refused_for_he_would_be_what_is_left(setting):
    ages = ["25_34"] * 12 + ["under_16"] * 3

    with pytest.raises(DataError, match="3 participants are in group 'under_16'"):
        answered(Panel.of(setting, people(ages)), age_of(setting))
