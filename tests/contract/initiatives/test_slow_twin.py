"""Numbers of initiatives worked out again from the files that were handed in, without our code."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction

import pytest

LONDON = "E12000007"
FRIENDS = {"all", "more_than_half", "about_half", "less_than_half", "none"}
PAIRED = {
    # success measure, item -> file, question, answers counted, answers of the base
    ("LFF-FRIENDS-AGE", "headline"): (
        "london_family_fund", "friends_similar_age", {"all"}, FRIENDS,
    ),
    ("LFF-FRIENDS-ETHNICITY", "more_than_half"): (
        "london_family_fund", "friends_similar_ethnicity", {"all", "more_than_half"}, FRIENDS,
    ),
    ("LFF-RELY", "headline"): (
        "london_family_fund", "somebody_relied_on", {"nobody"}, {"somebody", "nobody"},
    ),
    ("SPU-BELONG", "headline"): (
        "sport_unites", "belongs_to_neighbourhood", {"agree", "strongly_agree"},
        {"strongly_agree", "agree", "neither", "disagree", "strongly_disagree"},
    ),
    ("RRS-VOL", "headline"): (
        "reward_and_recognition", "volunteered_formally", {"yes"}, {"yes", "no"},
    ),
    ("MIW-ONLINE", "headline"): (
        "mi_wifi", "internet_last_used", {"never", "lapsed"}, {"recent", "lapsed", "never"},
    ),
    ("ESOL-PROF", "self_rated"): (
        "esol_plus", "english_self_rated", {"well", "very_well"},
        {"very_well", "well", "not_well", "not_at_all"},
    ),
}  # fmt: skip


def people(first, initiative):
    """Person -> wave -> row, of those who take part."""
    found = defaultdict(dict)
    for row in first.raw(f"answers/{initiative}_2026.csv"):
        if row["arm"] == "taking_part":
            found[row["pseudonym"]][row["wave"]] = row
    return found


def background(waves, name):
    order = ("before", "after", "followup_3m", "followup_6m", "followup_12m")
    return next((waves[w][name] for w in order if w in waves and waves[w][name]), "")


def inside(waves, row):
    if row["area"] != LONDON:
        return background(waves, "area") == row["area"]
    if row["breakdown"] == "all":
        return True
    return (background(waves, row["breakdown"]) or "unknown") == row["group"]


def thousandths(value: Fraction) -> float:
    """Half to even, on the exact value of the double that it is nearest to."""
    exact = Fraction(float(value)) * 1000
    down = exact.numerator // exact.denominator
    rest = exact - down
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and down % 2 == 1)
    return (down + up) / 1000


@pytest.mark.parametrize("name", sorted(PAIRED))
def test_shares_before_and_after_and_their_change(first, name):
    initiative, question, yes, base = PAIRED[name]
    everybody = people(first, initiative)
    checked = 0
    for row in first.rows:
        if (row["success_measure"], row["item"]) != name or row["status"] != "shown":
            continue
        later = row["wave"] if row["wave"].startswith("followup") else "after"
        own = [
            (waves["before"][question] in yes, waves[later][question] in yes)
            for waves in everybody.values()
            if {"before", later} <= set(waves)
            and waves["before"][question] in base
            and waves[later][question] in base
            and inside(waves, row)
        ]
        before = Fraction(sum(one for one, _ in own), len(own))
        after = Fraction(sum(two for _, two in own), len(own))
        if row["statistic"] == "difference":
            wanted = float(after) - float(before)
            assert abs(row["estimate"] - wanted) <= 0.0005 + 1e-12
            assert row["base"] is None
        else:
            assert row["base"] == len(own) >= 10
            wanted = before if row["wave"] == "before" else after
            assert row["estimate"] == thousandths(wanted)
        assert row["lower"] <= row["estimate"] <= row["upper"]
        checked += 1
    assert checked > 5


@pytest.mark.parametrize("name", ["volunteered", "joined", "registered"])
def test_shares_of_those_who_did_not_at_the_start(first, name):
    measure = {"volunteered": "CER-VOL", "joined": "CER-ASSOC", "registered": "CER-VOTE"}[name]
    question = f"ceremony_{name}"
    everybody = people(first, "ceremonies_pilot")
    checked = 0
    for row in first.rows:
        if row["success_measure"] != measure or row["status"] != "shown":
            continue
        own = [
            waves[row["wave"]][question] == "yes"
            for waves in everybody.values()
            if row["wave"] in waves
            and waves["before"][question] == "no"
            and waves[row["wave"]][question] in {"yes", "no"}
            and inside(waves, row)
        ]
        assert row["base"] == len(own)
        assert row["estimate"] == thousandths(Fraction(sum(own), len(own)))
        checked += 1
    assert checked > 20


def test_the_share_who_rose_by_a_step(first):
    steps = ["pre_entry", "entry_1", "entry_2", "entry_3", "level_1", "level_2"]
    row = next(
        row
        for row in first.rows
        if (row["success_measure"], row["item"], row["breakdown"], row["area"])
        == ("ESOL-PROF", "headline", "all", LONDON)
    )
    own = [
        steps.index(waves["after"]["english_assessed"])
        > steps.index(waves["before"]["english_assessed"])
        for waves in people(first, "esol_plus").values()
        if {"before", "after"} <= set(waves)
        and waves["before"]["english_assessed"]
        and waves["after"]["english_assessed"]
    ]
    assert row["base"] == len(own)
    assert row["estimate"] == thousandths(Fraction(sum(own), len(own)))


def test_the_range_of_a_change_is_between_projects(first):
    """CR1 by hand: totals of each project, Student's t with one less than the projects."""
    everybody = people(first, "london_family_fund")
    own = [
        (
            waves["before"]["project"],
            (waves["after"]["friends_similar_age"] == "all")
            - (waves["before"]["friends_similar_age"] == "all"),
        )
        for waves in everybody.values()
        if {"before", "after"} <= set(waves)
        and waves["before"]["friends_similar_age"]
        and waves["after"]["friends_similar_age"]
    ]
    mean = sum(change for _, change in own) / len(own)
    totals = defaultdict(float)
    for project, change in own:
        totals[project] += change - mean
    groups = len(totals)
    variance = sum(total**2 for total in totals.values()) * groups / (groups - 1) / len(own) ** 2
    row = next(
        row
        for row in first.rows
        if (row["success_measure"], row["item"], row["wave"], row["breakdown"], row["area"])
        == ("LFF-FRIENDS-AGE", "headline", "change", "all", LONDON)
    )
    assert row["degrees_of_freedom"] == groups - 1 == 24
    assert row["standard_error"] == pytest.approx(math.sqrt(variance), rel=0.06)
    half = 2.0638985616 * math.sqrt(variance)
    assert row["lower"] == math.floor((mean - half) * 1000) / 1000
    assert row["upper"] == math.ceil((mean + half) * 1000) / 1000


def test_counts_of_registers(first):
    engaged = {"engaged", "committed", "reporting"}
    months = {"2026Q1": ("2026-01", "2026-02", "2026-03")}
    found = {
        row["organisation"]
        for row in first.raw("registers/events.csv")
        if row["initiative"] == "workforce_integration_network"
        and row["date"][:7] in months["2026Q1"]
        and row["level"] in engaged
    }
    assert _number(first, "WIN-ENG", "2026Q1") == len(found) == 41
    boroughs = {
        row["area"]
        for row in first.raw("registers/events.csv")
        if row["initiative"] == "community_sponsorship" and row["date"].startswith("2026")
    }
    assert _number(first, "CSP-BORO", "2026") == len(boroughs)
    sponsors = {
        row["pseudonym"]
        for row in first.raw("registers/people.csv")
        if row["role"] == "sponsor" and row["joined"] <= "2026-12"
    }
    assert _number(first, "CSP-PEOPLE", "2026") == len(sponsors)
    active = {
        row["pseudonym"]
        for row in first.raw("registers/people.csv")
        if row["role"] == "peer_champion"
        and row["joined"] <= "2026-03"
        and (not row["left"] or row["left"] >= "2026-04")
    }
    assert _number(first, "WIN-CHAMP", "2026Q1") == len(active)


def test_returns_add_up_and_what_did_not_come_is_not_zero(first):
    returns = [row for row in first.raw("returns/returns.csv") if row["dimension"] == "all"]
    campaign = [int(r["value"]) for r in returns if r["success_measure"] == "CII-CAMP"]
    assert _number(first, "CII-CAMP", "fy2025-26") == sum(campaign)
    own = [
        row
        for row in returns
        if (row["success_measure"], row["period"]) == ("WIN-ETHMON", "2026Q1")
    ]
    yes = sum(row["value"] == "yes" for row in own)
    asked = [
        row
        for row in first.raw("registers/expected.csv")
        if (row["success_measure"], row["period"]) == ("WIN-ETHMON", "2026Q1")
    ]
    row = _row(first, "WIN-ETHMON", "2026Q1")
    assert (row["numerator"], row["denominator"]) == (yes, len(own))
    assert f"{len(own)} of {len(asked)} organisations asked made a return" in row["caveat"]
    whole = _row(first, "WIN-ETHMON", "2026Q1", "all_expected")
    assert (whole["numerator"], whole["denominator"]) == (yes, len(asked))


def _row(first, measure, period, item="headline"):
    return next(
        row
        for row in first.rows
        if (row["success_measure"], row["period"], row["item"], row["breakdown"], row["area"])
        == (measure, period, item, "all", LONDON)
    )


def _number(first, measure, period):
    return _row(first, measure, period)["estimate"]
