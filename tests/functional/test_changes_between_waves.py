"""Changes over time: people who return, by an id or by assumption, and people who do not."""

from __future__ import annotations

import csv
import datetime as dt
import math
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import stats

from small_town import AREAS
from social_evidence import Design, difference, proportion
from social_evidence.app.build import build

SOURCE = """
kind = "microdata"
title = "{name}"
publisher = "Town hall"
licence = "Open"
how_to_get = "Ask the town hall."
url = "https://town.example/{name}"
threshold = 5
files = [{files}]
[design]
weight = "w"
weights_sum_to = "sample"
statement = "As it was drawn."
{design}
[areas]
columns = ["place"]
covers = ["T"]
[items]
belong = {{ variable = "belong", answers = {{ 1 = "yes", 2 = "no" }} }}
[breakdowns.sex]
variable = "sex"
groups = {{ 1 = "women", 2 = "men" }}
"""
DESIGNS = {
    "panel": 'basis = "design"\nstrata = ["stratum"]\npsu = "psu"\nunits_recur = "person"\n',
    "homes": 'basis = "households"\nhousehold = "home"\nunits_recur = "home"\n',
    "people": 'basis = "weights_only"\nunits_recur = "person"\n',
    "strangers": 'basis = "weights_only"\n',
    "assumed": 'basis = "assumed_deff"\ndeff = 1.5\ndeff_origin = "a guess"\n[pool]\nwaves = 2\n'
    'form = "p"\nareas = ["borough"]\noverlap = 0.5\ncorrelation = 0.8\nnote = "a guess"\n',
}
PUBLIC = {
    "panel": {"strata": "stratum", "psu": "psu"},
    "homes": {"psu": "home"},
    "people": {"psu": "person"},
}
WAVES = ("2018", "2019", "2020", "2021")


def rows(wave, chance):
    """Give the people of one wave: most were there before, and answer much as they did."""
    found = []
    for person in range(180):
        is_new = (person + int(wave)) % 5 == 0
        name = f"{wave}-{person}" if is_new else str(person)
        lean = 0.25 + 0.5 * (hash_of(name) % 2)
        found.append(
            {
                "person": name,
                "home": name if is_new else f"h{person // 2}",
                "stratum": person % 3,
                "psu": person % 12,
                "w": chance.choice([0, 0.5, 1, 1.5, 2]),
                "place": ["North", "South"][person % 2],
                "sex": 1 + hash_of(name) // 7 % 2,
                "belong": chance.choices([1, 2, ""], [lean, 1 - lean, 0.05])[0],
                "wave": wave,
            }
        )
    return found


def hash_of(name):
    return sum(ord(letter) * (at + 3) for at, letter in enumerate(name))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("waves")
    catalogue, sources = folder / "catalogue", folder / "sources"
    texts = {
        "catalogue.toml": 'title = "Waves"\n',
        "areas.toml": AREAS,
        "questions/belong.toml": 'text = { en = "Do you belong?" }\nasked_of = "adults"\n'
        '[answers]\nyes = "Yes"\nno = "No"\n',
        "breakdowns/sex.toml": 'title = "Sex"\nreference = "men"\n[[groups]]\nid = "women"\n'
        'label = "Women"\n[[groups]]\nid = "men"\nlabel = "Men"\n',
    }
    for name, design in DESIGNS.items():
        files = ", ".join(f'{{ path = "{w}.csv", wave = "{w}" }}' for w in WAVES)
        texts[f"sources/{name}.toml"] = SOURCE.format(name=name, files=files, design=design)
        texts[f"measures/by_{name}.toml"] = (
            'version = 1\ntitle = "Belonging"\ndomain = "outcomes"\ntheme = "Belonging"\n'
            'rationale = "It matters."\ndirection = "higher_is_better"\nunit = "share"\n'
            f'statistic = "proportion"\nbreakdowns = ["sex"]\n[[series]]\nsource = "{name}"\n'
            'item = "belong"\nnumerator = ["yes"]\ndenominator = ["yes", "no"]\n'
        )
    for name, text in texts.items():
        path = catalogue / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sources.mkdir()
    people = []
    for at, wave in enumerate(WAVES):
        own = rows(wave, random.Random(at))
        people += own
        with (sources / f"{wave}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, own[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(own)
    release = build([catalogue], [sources], folder, as_of=dt.date(2026, 11, 22))
    table = pq.read_table(release / "comparisons.parquet").to_pylist()
    estimates = pq.read_table(release / "estimates.parquet").to_pylist()
    return [row for row in table if row["kind"] == "change"], estimates, people


def stacked(people):
    columns = {name: [row[name] for row in people] for name in people[0]}
    columns["belong"] = [None if value == "" else value for value in columns["belong"]]
    return pa.table(columns)


@pytest.mark.parametrize("name", list(PUBLIC))
def test_a_change_of_people_who_return_is_that_of_one_stacked_file(built, name):
    changes, _, people = built
    found = 0
    for row in changes:
        if row["measure"] != f"by_{name}" or row["difference"] is None:
            continue
        both = (row["period_from"], row["period_to"])
        table = stacked([person for person in people if person["wave"] in both])
        design = Design(weight="w", **PUBLIC[name])
        where = {"T": "true", "N": "place = 'North'", "S": "place = 'South'"}[row["area_to"]]
        sex = {"all": "true", "women": "sex = 1", "men": "sex = 2"}[row["group_to"]]
        (told,) = difference(
            table, design, proportion("belong", 1), "wave", row["period_to"], row["period_from"],
            where=f"({where}) and ({sex})",
        ).to_pylist()  # fmt: skip
        assert row["difference"] == pytest.approx(told["estimate"], abs=5.1e-4)
        assert row["standard_error"] == pytest.approx(told["standard_error"], rel=0.051)
        assert row["degrees_of_freedom"] == told["degrees_of_freedom"]
        is_plain = told["p_value"] > 0.05
        assert row["p_value"] == pytest.approx(told["p_value"], rel=6e-3 if is_plain else 1.0)
        found += 1
    # Three areas, everybody and two groups; from four waves three to the last, two to the first.
    assert found == 3 * 3 * 5


def test_strangers_in_each_wave_are_independent(built):
    changes, estimates, _ = built
    stored = {
        (r["measure"], r["period"], r["area"], r["group"]): r
        for r in estimates
        if r["statistic"] == "proportion"
    }
    for row in (row for row in changes if row["measure"] == "by_strangers"):
        sides = [
            stored[row["measure"], row[f"period_{side}"], row["area_to"], row["group_to"]]
            for side in ("from", "to")
        ]
        error = math.hypot(*(side["standard_error"] for side in sides))
        assert row["standard_error"] == pytest.approx(error, rel=0.1)
        assert row["degrees_of_freedom"] == sum(side["degrees_of_freedom"] for side in sides)


def test_a_stated_overlap_narrows_a_change_by_its_correlation(built):
    changes, estimates, _ = built
    errors = {
        (r["period"], r["group"]): r["standard_error"]
        for r in estimates
        if r["measure"] == "by_assumed" and r["area"] == "T"
    }
    seen = set()
    for row in changes:
        if row["measure"] != "by_assumed" or row["area_to"] != "T":
            continue
        apart = int(row["period_to"]) - int(row["period_from"])
        rho = 0.8 * 0.5**apart
        first, second = (errors[row[f"period_{s}"], row["group_to"]] for s in ("from", "to"))
        error = math.sqrt(first**2 + second**2 - 2 * rho * first * second)
        assert row["standard_error"] == pytest.approx(error, rel=0.1)
        seen.add(apart)
    assert seen == {1, 2, 3}


def test_pools_with_people_in_common_are_correlated_wave_by_wave(built):
    changes, estimates, _ = built
    (row,) = [
        row
        for row in changes
        if (row["measure"], row["area_to"], row["group_to"]) == ("by_assumed", "N", "all")
    ]
    assert (row["period_from"], row["period_to"]) == ("p2018-2019", "p2020-2021")
    first, second = (
        r["standard_error"]
        for period in ("p2018-2019", "p2020-2021")
        for r in estimates
        if (r["measure"], r["period"], r["area"], r["group"]) == ("by_assumed", period, "N", "all")
    )
    # Two waves each: one apart once, two apart twice, three apart once; each pool widened by 1.4.
    shared = 0.8 * (0.5 + 2 * 0.25 + 0.125) / 4
    rho = shared / (1.4 / 2)
    error = math.sqrt(first**2 + second**2 - 2 * rho * first * second)
    assert row["standard_error"] == pytest.approx(error, rel=0.06)
    p = 2 * stats.norm.sf(abs(row["difference"]) / row["standard_error"])
    assert row["p_value"] == pytest.approx(p, rel=0.2)
