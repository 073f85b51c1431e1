"""What a release says of participants cannot be turned back into small numbers of people."""

from __future__ import annotations

import json
from collections import defaultdict

import pyarrow.parquet as pq

from social_evidence.synthetic.initiatives.truth import NO_EFFECT

LONDON = "E12000007"
OF_PEOPLE = {"people", "families", "learners", "applications"}
PLACE = ("success_measure", "item", "period", "area", "breakdown", "group")


def own(first):
    return [row for row in first.rows if row["source"] == row["initiative"]]


def count(row):
    return row["base"] if row["method"] == "survey" else row["numerator"]


def test_no_number_rests_on_fewer_than_ten_people(first):
    for row in own(first):
        if row["counted"] in OF_PEOPLE and row["group"] != "unknown":
            assert row["base"] is None or row["base"] >= 10
            if row["statistic"] == "count" and row["estimate"] is not None:
                assert row["estimate"] >= 10


def test_before_after_and_change_are_hidden_together_so_that_none_gives_another_away(first):
    statuses = defaultdict(dict)
    for row in own(first):
        if row["wave"] in {"before", "after", "change"} and row["measure"]:
            statuses[tuple(row[name] for name in PLACE)][row["wave"]] = row["status"]
    assert len(statuses) > 200
    for found in statuses.values():
        assert len(set(found.values())) == 1
        assert set(found) == {"before", "after", "change"}


def test_bases_before_and_after_are_of_the_same_people(first):
    bases = defaultdict(set)
    for row in own(first):
        if row["wave"] in {"before", "after"} and row["base"] is not None:
            bases[tuple(row[name] for name in PLACE)].add(row["base"])
    assert bases
    assert all(len(found) == 1 for found in bases.values())


def test_what_shown_groups_leave_of_everybody_is_never_one_small_hidden_group(first):
    """Everybody less the groups shown: the rest holds two hidden groups or more, or nobody."""
    blocks = defaultdict(list)
    whole = {}
    for row in own(first):
        if row["method"] != "survey" or row["statistic"] == "difference":
            continue
        key = (row["success_measure"], row["item"], row["wave"], row["period"])
        if row["area"] == LONDON and row["breakdown"] == "all":
            whole[key] = row["base"]
        elif row["area"] == LONDON:
            blocks[*key, row["breakdown"]].append(row)
        else:
            blocks[*key, "area"].append(row)
    assert len(blocks) > 100
    hidden_somewhere = 0
    for (*key, _), rows in blocks.items():
        if whole.get(tuple(key)) is None:
            continue
        rest = whole[tuple(key)] - sum(row["base"] or 0 for row in rows)
        hidden = [row for row in rows if row["status"] == "protected"]
        assert rest >= 0
        hidden_somewhere += bool(hidden)
        if hidden and rest:
            assert len(hidden) > 1
            assert rest >= 5
    assert hidden_somewhere > 50


def test_a_group_that_nobody_is_asked_in_says_so_and_hides_no_other(first):
    """Of a fund for parents two ages are empty, one stands for them, and three are shown."""
    ages = defaultdict(dict)
    for row in own(first):
        if row["success_measure"].startswith("LFF-") and row["breakdown"] == "age_band":
            ages[row["success_measure"], row["item"], row["wave"]][row["group"]] = row["status"]
    assert len(ages) > 20
    for statuses in ages.values():
        assert statuses["under_16"] == "not_asked"
        hidden = [group for group, status in statuses.items() if status == "protected"]
        assert {"55_64", "65_over"} < set(hidden)
        assert len(hidden) == 3
        assert sum(status == "shown" for status in statuses.values()) == 3


def test_no_pseudonym_leaves_the_office(first):
    names = set()
    for path in sorted((first.base / "sources/initiatives").rglob("*.csv")):
        for row in first.raw(path.relative_to(first.base / "sources/initiatives").as_posix()):
            names.add(row.get("pseudonym") or "")
    names -= {""}
    assert len(names) > 2000
    told = []
    for path in first.release.rglob("*"):
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            for column in table.columns:
                if str(column.type) == "string":
                    told += column.unique().drop_null().to_pylist()
        elif path.is_file():
            told.append(path.read_text(encoding="utf-8"))
    words = set(" ".join(told).replace('"', " ").replace(",", " ").split())
    assert not names & words


def test_evaluations_show_no_group_that_the_rows_hide(first):
    hidden = {
        (row["success_measure"], row["item"], row["breakdown"], row["group"])
        for row in own(first)
        if row["status"] == "protected" and row["area"] == LONDON and row["wave"] == "change"
    }
    register = json.loads((first.release / "initiatives.json").read_text("utf-8"))
    seen = 0
    for initiative in register["initiatives"]:
        for evaluation in initiative["evaluations"]:
            for outcome in evaluation["outcomes"]:
                for group in outcome["groups"]:
                    place = (outcome["success_measure"], outcome["item"])
                    if (*place, group["breakdown"], group["group"]) in hidden:
                        assert group["change"] is None
                        assert group["people"] is None
                        seen += 1
    assert seen


def test_an_initiative_without_an_effect_is_not_called_effective(first):
    register = json.loads((first.release / "initiatives.json").read_text("utf-8"))
    claims = {
        initiative["id"]: [o["claim"] for e in initiative["evaluations"] for o in e["outcomes"]]
        for initiative in register["initiatives"]
    }
    for name in NO_EFFECT:
        assert claims[name]
        assert not any(claim["is_effective"] for claim in claims[name])
        assert all(claim["verdict"] != "supports" for claim in claims[name])


def test_who_took_part_is_told_only_of_groups_that_are_shown(first):
    register = json.loads((first.release / "initiatives.json").read_text("utf-8"))
    shares = {i["id"]: i["took_part"] for i in register["initiatives"]}
    assert shares["london_family_fund"]
    bases = {
        (row["initiative"], row["breakdown"], row["group"])
        for row in own(first)
        if row["base"] and row["wave"] == "before" and row["area"] == LONDON
    }
    for name, told in shares.items():
        for one in told:
            if one["people"] is not None:
                assert (name, one["breakdown"], one["group"]) in bases
        for breakdown in {one["breakdown"] for one in told}:
            known = [one["people"] or 0 for one in told if one["breakdown"] == breakdown]
            assert 0 <= sum(known) <= 1.001
