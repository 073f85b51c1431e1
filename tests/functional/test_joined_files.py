"""Surveys as archives deposit them: a wave of several files, each with its own names and weights.

Small files of the shape of a household panel (a prefix a wave, a household's file, fixed facts) and
of a household budget survey (adults and children stacked, families and households looked up); every
figure against sums written out in Python.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from fractions import Fraction

import pytest

from social_evidence.app.build import build
from social_evidence.app.release import load_release
from social_evidence.errors import DataError

AREAS = """
[[areas]]
code = "K"
name = "Kingdom"
kind = "country"
[[areas]]
code = "T"
name = "Town"
kind = "city"
parent = "K"
[[areas]]
code = "rest_of_kingdom"
name = "Rest"
kind = "comparator"
parent = "K"
"""

QUESTION = 'text = {{ en = "{0}?" }}\nasked_of = "adults"\n[answers]\nyes = "Yes"\nno = "No"\n'

BREAKDOWN = 'title = "{0}"\n'

PANEL = """
kind = "microdata"
title = "Panel"
publisher = "Town"
licence = "open"
how_to_get = "Ask the town."
published_openly = true
case = "lower"
trim = true
aliases = { org = ["orgm", "org*t"] }
to_confirm = { "items.member.variable" = "What is the item called?" }
[missing]
"*" = [-9]
belongs = ["NOT asked"]
[[files]]
path = "tab/e_indresp.tab"
wave = "2013-2014"
prefix = "e_"
columns = { weight_self = "indscub_xw" }
[[files]]
path = "tab/e_hhresp.tab"
wave = "2013-2014"
prefix = "e_"
join = ["hidp"]
[[files]]
path = "tab/f_indresp.tab"
wave = "2014-2015"
prefix = "f_"
columns = { weight_self = "indscui_xw" }
[[files]]
path = "tab/f_hhresp.tab"
wave = "2014-2015"
prefix = "f_"
join = ["hidp"]
[[files]]
path = "tab/xwavedat.tab"
wave = "*"
join = ["pidp"]
[design]
weight = "weight"
strata = ["strata"]
psu = "psu"
lonely_psu = "average"
statement = "Two psus a stratum."
[areas]
columns = ["gor_dv"]
codes = { 7 = "T", 1 = "rest_of_kingdom" }
[items]
member = { variable = "org", answers = { 1 = "yes", 2 = "no" } }
belongs = { variable = "belongs", answers = { "Strongly Agree" = "yes", "Disagree " = "no" } }
[breakdowns.tenure]
variable = "tenure_dv"
groups = { 1 = "owns", 2 = "rents" }
[breakdowns.origin]
variable = "ethn_dv"
groups = { 1 = "white", 9 = "asian" }
[breakdowns.third]
variable = "income"
equal_parts = ["low", "middle", "high"]
"""

BUDGET = """
kind = "microdata"
title = "Budget survey"
publisher = "Town"
licence = "open"
how_to_get = "Ask the town."
published_openly = true
combine = "rows"
aliases = { SAVINGS = ["TOTCAPB4", "TOTCAPB3"] }
[[files]]
path = "adult.tab"
wave = "fy2016-17"
[[files]]
path = "child.tab"
wave = "fy2016-17"
absent = ["SEX"]
[[files]]
path = "benunit.tab"
wave = "fy2016-17"
join = ["SERNUM", "BENUNIT"]
[[files]]
path = "househol.tab"
wave = "fy2016-17"
join = ["SERNUM"]
[design]
weight = "GROSS"
basis = "households"
household = "SERNUM"
[areas]
columns = ["REGION"]
codes = { 8 = "T", 1 = "rest_of_kingdom" }
[derived.few_savings]
expression = "SAVINGS < 1500"
[items]
saves = { variable = "few_savings", answers = { true = "yes", false = "no" } }
[breakdowns.sex]
variable = "SEX"
groups = { 1 = "men", 2 = "women" }
"""

MEASURE = """
version = 1
title = "{0}"
domain = "outcomes"
theme = "Belonging"
rationale = "It matters."
direction = "higher_is_better"
unit = "share"
statistic = "proportion"
areas = ["city", "comparator", "country"]
breakdowns = {1}
[[series]]
source = "{2}"
item = "{0}"
denominator = ["yes", "no"]
numerator = ["yes"]
{3}
"""

GROUPS = {
    "tenure": ["owns", "rents"],
    "origin": ["white", "asian"],
    "third": ["low", "middle", "high"],
    "sex": ["men", "women"],
}
WAVES = {"2013-2014": ("e_", "indscub_xw", "orgm"), "2014-2015": ("f_", "indscui_xw", "orgXt")}


def panel_people():
    """People of two waves and their households, by our names; some households give no interview."""
    chance = random.Random(5)
    found = {}
    for wave in WAVES:
        households = {
            10 * h: {"tenure_dv": chance.choice([1, 2, -9]), "income": chance.randrange(1, 60) / 2}
            for h in range(1, 25)
        }
        people = [
            {
                "pidp": n,
                "hidp": 10 * (n % 26 + 1),
                "psu": n % 4,
                "strata": n % 2,
                "gor_dv": 7 if n % 3 else 1,
                "weight": chance.randrange(0, 40) / 8,
                "weight_self": chance.randrange(0, 40) / 8,
                "org": chance.choice([1, 2, -9]),
                "belongs": chance.choice(["strongly agree ", "DISAGREE", "Not Asked"]),
            }
            for n in range(1, 121)
        ]
        found[wave] = people, households
    facts = {n: {"ethn_dv": chance.choice([1, 9])} for n in range(1, 115)}
    return found, facts


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], delimiter="\t")
        writer.writeheader()
        writer.writerows(rows)


def write_panel(sources):
    waves, facts = panel_people()
    for wave, (prefix, weight, item) in WAVES.items():
        people, households = waves[wave]
        own = {"weight_self": weight, "org": item}
        write(
            sources / f"tab/{prefix}indresp.tab",
            [
                {
                    (k if k == "pidp" else prefix.upper() + own.get(k, k).upper()): v
                    for k, v in person.items()
                }
                for person in people
            ],
        )
        write(
            sources / f"tab/{prefix}hhresp.tab",
            [
                {f"{prefix}hidp": h, **{prefix + k: v for k, v in row.items()}}
                for h, row in households.items()
            ],
        )
    write(sources / "tab/xwavedat.tab", [{"pidp": n, **row} for n, row in facts.items()])


def budget_people():
    chance = random.Random(8)
    families = {(s, b): chance.choice([0, 900, 1500, 30000]) for s in range(1, 41) for b in (1, 2)}
    regions = {s: chance.choice([8, 1]) for s in range(1, 41)}
    rows = []
    for serial, unit in families:
        for person in range(chance.randrange(1, 4)):
            is_child = person == 2
            weight = chance.randrange(1, 40) / 8
            rows.append((serial, unit, weight, None if is_child else chance.choice([1, 2])))
    return rows, families, regions


def write_budget(sources):
    rows, families, regions = budget_people()
    adults = [row for row in rows if row[3] is not None]
    children = [row for row in rows if row[3] is None]
    names = ("SERNUM", "BENUNIT", "GROSS", "SEX")
    write(sources / "adult.tab", [dict(zip(names, row, strict=True)) for row in adults])
    write(sources / "child.tab", [dict(zip(names[:3], row, strict=False)) for row in children])
    write(
        sources / "benunit.tab",
        [{"SERNUM": s, "BENUNIT": b, "TOTCAPB3": v} for (s, b), v in families.items()],
    )
    write(sources / "househol.tab", [{"SERNUM": s, "REGION": r} for s, r in regions.items()])


def write_base(folder, panel=PANEL, budget=BUDGET):
    catalogue, sources = folder / "catalogue", folder / "sources"
    texts = {
        "catalogue.toml": 'title = "Town"\n',
        "areas.toml": AREAS,
        **{f"questions/{q}.toml": QUESTION.format(q) for q in ("member", "belongs", "saves")},
        **{
            f"breakdowns/{b}.toml": BREAKDOWN.format(b)
            + "".join(f'[[groups]]\nid = "{g}"\nlabel = "{g}"\n' for g in groups)
            for b, groups in GROUPS.items()
        },
        "measures/member.toml": MEASURE.format("member", '["tenure", "origin"]', "panel", ""),
        "measures/belongs.toml": MEASURE.format(
            "belongs", '["tenure", "third"]', "panel", 'weight = "weight_self"'
        ),
        "measures/saves.toml": MEASURE.format("saves", '["sex"]', "budget", ""),
        "sources/deposits/panel.toml": panel,
        "sources/budget.toml": budget,
    }
    for name, text in texts.items():
        path = catalogue / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    write_panel(sources)
    write_budget(sources)
    return catalogue, sources


def built(folder, **texts):
    catalogue, sources = write_base(folder, **texts)
    return build([catalogue], [sources], folder / "out", as_of=dt.date(2026, 11, 22))


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return built(tmp_path_factory.mktemp("deposits"))


@pytest.fixture(scope="module")
def rows(release):
    return {
        (r["measure"], r["period"], r["area"], r["breakdown"], r["group"]): r
        for r in load_release(release).estimates.to_pylist()
    }


def thirds(people, households):
    """Cut by exact fractions: everybody with a weight and a number counts, answered or not."""
    held = sorted(
        (households[p["hidp"]]["income"], Fraction(p["weight_self"]))
        for p in people
        if p["hidp"] in households and p["weight_self"] > 0
    )
    total, cuts = sum(w for _, w in held), []
    for part in (1, 2):
        reached = Fraction(0)
        for value, w in held:
            reached += w
            if reached * 3 >= part * total:
                cuts.append(value)
                break
    return cuts


def person_groups(person, households, facts, cuts):
    home = households.get(person["hidp"], {})
    income = home.get("income")
    part = None if income is None else sum(income > cut for cut in cuts)
    return {
        "tenure": {1: "owns", 2: "rents"}.get(home.get("tenure_dv"), "unknown"),
        "origin": {1: "white", 9: "asian"}.get(
            facts.get(person["pidp"], {}).get("ethn_dv"), "unknown"
        ),
        "third": "unknown" if part is None else ("low", "middle", "high")[part],
    }


def shares(people, weight, answer, groups):
    """Add up weights by area and group: share and base."""
    found = {}
    for person in people:
        said, w = answer(person), person[weight]
        if said is None or not w:
            continue
        place = "T" if person["gor_dv"] == 7 else "rest_of_kingdom"
        for area in (place, "K"):
            for key in [("all", "all"), *groups(person).items()]:
                top, bottom, base = found.get((area, *key), (0.0, 0.0, 0))
                found[area, *key] = (top + w * said, bottom + w, base + 1)
    return {key: (top / bottom, base) for key, (top, bottom, base) in found.items()}


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize(
    ("measure", "weight", "kept"),
    [("member", "weight", ("tenure", "origin")), ("belongs", "weight_self", ("tenure", "third"))],
)
def test_every_share_of_a_joined_panel_is_the_slow_twins(rows, wave, measure, weight, kept):
    waves, facts = panel_people()
    people, households = waves[wave]
    cuts = thirds(people, households)
    answers = {
        "member": lambda p: {1: 1, 2: 0}.get(p["org"]),
        "belongs": lambda p: {"strongly agree": 1, "disagree": 0}.get(p["belongs"].strip().lower()),
    }

    def groups(person):
        every = person_groups(person, households, facts, cuts)
        return {name: every[name] for name in kept}

    expected = shares(people, weight, answers[measure], groups)
    assert len(expected) > 12
    for (area, breakdown, group), (share, base) in expected.items():
        row = rows[measure, wave, area, breakdown, group]
        assert row["base"] == base
        if group != "unknown":
            assert row["estimate"] == pytest.approx(share, abs=0.0006)


def test_every_share_of_stacked_people_with_their_family_and_region_is_the_slow_twins(rows):
    people, families, regions = budget_people()
    held = [
        {"gor_dv": 7 if regions[s] == 8 else 1, "weight": w, "sex": sex, "savings": families[s, b]}
        for s, b, w, sex in people
    ]
    expected = shares(
        held,
        "weight",
        lambda p: int(p["savings"] < 1500),
        lambda p: {"sex": {1: "men", 2: "women", None: "unknown"}[p["sex"]]},
    )
    assert len(expected) == 12
    for (area, breakdown, group), (share, base) in expected.items():
        row = rows["saves", "fy2016-17", area, breakdown, group]
        assert row["base"] == base
        if group != "unknown":
            assert row["estimate"] == pytest.approx(share, abs=0.0006)


def test_provenance_names_each_series_weight_and_every_file(release):
    records = json.loads((release / "provenance.json").read_text(encoding="utf-8"))
    records = records if isinstance(records, list) else records["records"]
    found = {(r["measure"], r["period"]): r for r in records}
    assert found["member", "2014-2015"]["weight"] == "weight"
    assert found["belongs", "2014-2015"]["weight"] == "weight_self"
    assert [f["name"] for f in found["member", "2014-2015"]["files"]] == [
        "tab/f_indresp.tab",
        "tab/f_hhresp.tab",
        "tab/xwavedat.tab",
    ]
    assert len(found["saves", "fy2016-17"]["files"]) == 4
    own = dict(found["belongs", "2014-2015"]["files"][0]["columns"])
    assert own["weight_self"] == "F_INDSCUI_XW"
    assert "pidp" not in own


def test_explaining_a_figure_tells_the_files_own_names(release):
    told = load_release(release).explain("belongs", area="T", period="2014-2015")
    assert "weight_self is its column F_INDSCUI_XW" in str(told)


def test_quality_counts_the_rows_that_found_nothing(release):
    files = json.loads((release / "quality.json").read_text(encoding="utf-8"))["files"]
    unmatched = {(f["wave"], f["name"]): f["unmatched"] for f in files}
    waves, facts = panel_people()
    people, households = waves["2014-2015"]
    lost = sum(person["hidp"] not in households for person in people)
    assert unmatched["2014-2015", "tab/f_hhresp.tab"] == lost > 0
    assert unmatched["2014-2015", "tab/xwavedat.tab"] == len(people) - len(facts) > 0
    assert unmatched["fy2016-17", "househol.tab"] == 0


def test_nothing_is_marked_synthetic_that_does_not_say_so(release, rows):
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["synthetic"] is False
    assert not any("synthetic" in row["flags"] for row in rows.values())


def test_one_marked_file_of_a_wave_marks_its_rows_and_the_release(tmp_path):
    catalogue, sources = write_base(tmp_path)
    path = sources / "tab/f_hhresp.tab"
    lines = path.read_text(encoding="utf-8").splitlines()
    marked = [lines[0] + "\tSYNTHETIC", *(f"{line}\t1" for line in lines[1:])]
    path.write_text("\n".join(marked) + "\n", encoding="utf-8")
    out = build([catalogue], [sources], tmp_path / "out", as_of=dt.date(2026, 11, 22))
    estimates = load_release(out).estimates.to_pylist()
    flagged = {row["period"] for row in estimates if "synthetic" in row["flags"].split(";")}
    assert flagged == {"2014-2015"}
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["synthetic"] is True


def test_a_mark_beside_the_files_marks_everything(tmp_path):
    catalogue, sources = write_base(tmp_path)
    (sources / "SYNTHETIC.json").write_text("{}", encoding="utf-8")
    out = build([catalogue], [sources], tmp_path / "out", as_of=dt.date(2026, 11, 22))
    estimates = load_release(out).estimates.to_pylist()
    assert all("synthetic" in row["flags"].split(";") for row in estimates)


def _without_column(sources):
    path = sources / "tab/f_indresp.tab"
    path.write_text(path.read_text(encoding="utf-8").replace("F_ORGXT", "F_ORGX"), encoding="utf-8")


def _two_that_fit(sources):
    path = sources / "tab/f_indresp.tab"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("F_STRATA", "F_ORG_T"), encoding="utf-8")


def _repeated_key(sources):
    path = sources / "tab/f_hhresp.tab"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            _without_column,
            (
                r"column 'org' is not in the files, where it is looked for as 'org', 'orgm', "
                r"'org\*t'"
                r".*Needed by member\. It was to be confirmed \(items\.member\.variable, in "
                r"sources/deposits/panel\.toml, line 49\): What is the item called\?"
            ),
        ),
        (_two_that_fit, r"f_indresp\.tab: 2 columns fit 'org\*t'.*'F_ORG_T', 'F_ORGXT'"),
        (_repeated_key, r"f_hhresp\.tab: 1 row repeats a key \(hidp\)"),
    ],
)
def test_a_deposit_that_differs_is_refused_in_words(tmp_path, damage, words):
    catalogue, sources = write_base(tmp_path)
    damage(sources)
    with pytest.raises(DataError, match=words):
        build([catalogue], [sources], tmp_path / "out", as_of=dt.date(2026, 11, 22))
