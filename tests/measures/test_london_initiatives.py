"""London's initiatives: what the strategy says of them, and the success measures of its table 5."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from social_evidence.catalogue.load import examine

NAMED = {
    "London Family Fund", "Sport Unites", "Early Years Hubs", "Culture Micro Grants",
    "Zip Oyster culture pilot", "Social Integration Design Lab",
    "Citizenship and Integration Initiative", "Citizenship ceremonies pilot",
    "Reward and Recognition scheme", "Team London Young Ambassadors", "HeadStart Action",
    "Employer-supported volunteering", "Citizen Led Engagement Programme", "Talk London",
    "Community sponsorship", "Workforce Integration Network", "Good Work Standard",
    "Digital Talent Programme", "Good Growth Fund", "Community-Led Housing Hub",
    "Online Hate Crime Hub", "EEA+ portal", "ESOL Plus", "Mi Wifi",
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue(root):
    found, faults = examine([root / "src" / "social_evidence" / "catalogues" / "london"])
    assert [fault for fault in faults if fault.file.startswith("initiatives/")] == []
    return found


@pytest.fixture(scope="module")
def success(catalogue):
    return {s.id: s for i in catalogue.initiatives.values() for s in i.success_measures}


def test_every_initiative_the_strategy_launches_is_there(catalogue):
    assert {one.title for one in catalogue.initiatives.values()} >= NAMED


def test_each_carries_out_an_action_and_says_where_it_is_stated(catalogue):
    actions = {action.number for action in catalogue.strategy.actions}
    for one in catalogue.initiatives.values():
        assert set(one.actions) <= actions
        assert one.source.startswith("All of Us, 2018, action")
        assert all(number in one.source for number in one.actions)


def test_sums_are_those_the_strategy_prints(catalogue):
    told = {
        one.id: [f.pounds for f in one.funding if f.pounds]
        for one in catalogue.initiatives.values()
    }
    assert told["london_family_fund"] == [600_000]
    assert told["early_years_hubs"] == [3 * 175_000]
    assert told["reward_and_recognition"] == [900_000]
    assert sum(map(len, told.values())) == 3


def test_every_row_of_table_five_has_its_address(success, root):
    reference = Path(os.environ.get("REFERENCE_ROOT", root.parent / "shared" / "reference"))
    path = reference / "evaluation" / "success_measures.json"
    if not path.is_file():
        pytest.skip("no success_measures.json in $REFERENCE_ROOT/evaluation")
    rows = json.loads(path.read_text(encoding="utf-8"))["measures"]
    assert {row["measure_id"] for row in rows} <= set(success)
    for row in rows:
        assert success[row["measure_id"]].computed_from == row["source_type"]


def test_further_initiatives_are_judged_by_questions_of_the_city(success):
    for prefix in ("SPU-", "RRS-", "SDL-", "MIW-"):
        own = [s for name, s in success.items() if name.startswith(prefix)]
        assert any(s.measure for s in own)


def test_having_somebody_is_the_complement_of_having_nobody(success):
    assert success["LFF-RELY"].measure == "no_one_to_rely_on"
    assert success["LFF-RELY"].shows_complement


def test_what_a_programme_cannot_move_is_background(success):
    assert [name for name, s in success.items() if s.is_context] == ["WIN-UNEMP"]


def test_the_strategy_sets_no_target(success):
    assert all(s.target is None and s.baseline is None for s in success.values())
