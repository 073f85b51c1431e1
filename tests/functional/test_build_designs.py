"""Every way a file may know its design: what is published agrees with the public `estimate`."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import math
import random
import zipfile

import pytest

from social_evidence import Design, difference, estimate, mean, proportion, quantile, ratio
from social_evidence.app.build import build
from social_evidence.app.release import load_release
from social_evidence.disclosure.rounding import round_figures
from social_evidence.errors import DefinitionError, DesignError

REPLICATES = [f"r{at}" for at in range(8)]
FILES = {
    "catalogue.toml": 'title = "Town"\n',
    "areas.toml": '[[areas]]\ncode = "T"\nname = "Town"\nkind = "city"\n',
    "questions/ill.toml": 'text = { en = "Ill?" }\n[answers]\nyes = "Yes"\nno = "No"\n',
    "questions/rent.toml": 'text = { en = "Rent?" }\nscale = "number"\n',
    "questions/income.toml": 'text = { en = "Income?" }\nscale = "number"\n',
    "breakdowns/sex.toml": 'title = "Sex"\nreference = "men"\n'
    '[[groups]]\nid = "women"\nlabel = "W"\n[[groups]]\nid = "men"\nlabel = "M"\n',
}
SERIES = {
    "illness": (
        "proportion",
        "share",
        "gap = true\n",
        'item = "ill"\ndenominator = ["yes", "no"]\nnumerator = ["yes"]\n',
    ),
    "rent_paid": ("mean", "pounds", "", 'item = "rent"\n'),
    "rent_share": ("ratio", "share", "", 'item = "rent"\ndenominator_item = "income"\n'),
}
SOURCE = """
kind = "microdata"
title = "Survey"
publisher = "Town"
licence = "open"
how_to_get = "Ask."
{more}
[[files]]
path = "survey.csv"
wave = "2020"
[design]
weight = "w"
statement = "What is known of the sample, in words."
{design}
[areas]
whole = "T"
[items]
ill = {{ variable = "ill", answers = {{ 1 = "yes", 0 = "no" }} }}
rent = {{ variable = "rent" }}
income = {{ variable = "income" }}
[breakdowns.sex]
variable = "sex"
groups = {{ 1 = "women", 2 = "men" }}
"""


def people():
    chance = random.Random(5)
    rows = []
    for stratum, home in itertools.product(range(3), range(25)):
        weight = chance.randrange(8, 90) / 8
        spread = [chance.choice([0.5, 1.5]) for _ in REPLICATES]
        rows += [
            {
                "stratum": stratum,
                "psu": home // 5,
                "home": 100 * stratum + home,
                "w": weight,
                "sex": chance.choice([1, 2]),
                "ill": chance.choice([0, 0, 1, ""]),
                "rent": chance.choice([300, 450, 900, ""]),
                "income": chance.choice([1000, 2500, ""]),
                **{name: weight * f for name, f in zip(REPLICATES, spread, strict=True)},
            }
            for _ in range(chance.choice([1, 2, 3]))
        ]
    return rows


def write(folder, design, more="", rows=None, measures=SERIES):
    catalogue, sources = folder / "catalogue", folder / "sources"
    texts = {**FILES, "sources/survey.toml": SOURCE.format(design=design, more=more)}
    for name, (statistic, unit, extra, series) in measures.items():
        texts[f"measures/{name}.toml"] = (
            f'version = 1\ntitle = "{name}"\ndomain = "outcomes"\ntheme = "t"\nrationale = "r"\n'
            f'direction = "neutral"\nunit = "{unit}"\nstatistic = "{statistic}"\n{extra}'
            f'breakdowns = ["sex"]\n[[series]]\nsource = "survey"\n{series}'
        )
    for name, text in texts.items():
        path = catalogue / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sources.mkdir()
    with (sources / "survey.csv").open("w", newline="", encoding="utf-8") as file:
        rows = people() if rows is None else rows
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return catalogue, sources


def built(folder, design, **given):
    catalogue, sources = write(folder, design, **given)
    out = build([catalogue], [sources], folder / "out", as_of=dt.date(2026, 1, 1))
    return load_release(out).estimates.to_pylist(), sources / "survey.csv"


def one(rows, **wanted):
    (found,) = [row for row in rows if all(row[name] == v for name, v in wanted.items())]
    return found


NUMBERS = ("estimate", "standard_error", "lower", "upper", "design_effect", "effective_base")
QUOTED = ", ".join(f'"{name}"' for name in REPLICATES)
DESIGNS = {
    "design": (
        'strata = ["stratum"]\npsu = "psu"',
        Design(weight="w", strata="stratum", psu="psu"),
        "design",
    ),
    "strata only": ('strata = ["stratum"]', Design(weight="w", strata="stratum"), "design"),
    "households": (
        'household = "home"\nbasis = "households"\nstrata = ["stratum"]',
        Design(weight="w", strata="stratum", psu="home"),
        "households",
    ),
    "weights": ('basis = "weights_only"', Design(weight="w"), "weights_only"),
    "replicates": (
        f'basis = "replicates"\nreplicate_method = "brr"\nreplicates = [{QUOTED}]',
        Design(weight="w", replicates=REPLICATES, replicate_method="brr"),
        "replicates",
    ),
    "replicates around the estimate": (
        (
            f'basis = "replicates"\nreplicate_method = "jkn"\nreplicates = [{QUOTED}]\nmse = true\n'
            f"rscales = {[0.9] * 8}"
        ),
        Design(
            weight="w",
            replicates=REPLICATES,
            replicate_method="jkn",
            rscales=[0.9] * 8,
            mse=True,
        ),
        "replicates",
    ),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_published_rows_agree_with_the_public_estimate(tmp_path, name):
    text, design, basis = DESIGNS[name]
    rows, path = built(tmp_path, text)
    asked = proportion("ill", 1), mean("rent"), ratio("rent", "income")
    places = {"proportion": "illness", "mean": "rent_paid", "ratio": "rent_share"}
    answers = estimate(path, design, asked, by="sex").to_pylist()
    answers += [{**row, "sex": None} for row in estimate(path, design, asked).to_pylist()]
    for answer in answers:
        group = {1: "women", 2: "men", None: "all"}[answer["sex"]]
        statistic = answer["statistic"]
        row = one(rows, measure=places[statistic], group=group, statistic=statistic)
        expected = round_figures(
            {column: answer[column] for column in NUMBERS},
            statistic=statistic,
            unit=row["unit"],
            method="survey",
        )
        if basis == "replicates" and statistic == "ratio":
            # R has no design effect of a ratio from replicates, so `estimate` gives none.
            assert expected.pop("design_effect") is expected.pop("effective_base") is None
        assert {column: row[column] for column in expected} == expected, (statistic, group)
        assert row["base"] == answer["base"]
        assert row["degrees_of_freedom"] == answer["degrees_of_freedom"]
        assert row["variance_basis"] == basis


@pytest.mark.parametrize("name", DESIGNS)
def test_gaps_agree_with_the_public_difference(tmp_path, name):
    text, design, _ = DESIGNS[name]
    rows, path = built(tmp_path, text)
    answer = difference(path, design, proportion("ill", 1), "sex", 2, 1).to_pylist()[0]
    row = one(rows, measure="illness", group="women", statistic="difference")
    columns = ("estimate", "standard_error", "lower", "upper")
    expected = round_figures(
        {column: answer[column] for column in columns},
        statistic="difference",
        unit="share",
        method="survey",
    )
    assert {column: row[column] for column in columns} == expected
    assert row["degrees_of_freedom"] == answer["degrees_of_freedom"]


def test_a_stated_design_effect_widens_a_simple_sample(tmp_path):
    rows, _ = built(tmp_path, 'basis = "assumed_deff"\ndeff = 2.25\ndeff_origin = "its handbook"')
    row = one(rows, measure="illness", group="all", statistic="proportion")
    inside = [p for p in people() if p["ill"] != ""]
    p = sum(one["w"] * one["ill"] for one in inside) / sum(one["w"] for one in inside)
    error = math.sqrt(2.25 * p * (1 - p) / (len(inside) - 1))
    expected = round_figures(
        {"estimate": p, "standard_error": error, "effective_base": len(inside) / 2.25},
        statistic="proportion",
        unit="share",
        method="survey",
    )
    assert {column: row[column] for column in expected} == expected
    assert (row["design_effect"], row["variance_basis"]) == (2.2, "assumed_deff")


def test_weights_scaled_to_the_sample_have_no_finite_population_factor(tmp_path):
    text, design, _ = DESIGNS["design"]
    rows, path = built(tmp_path, f'{text}\nweights_sum_to = "sample"')
    row = one(rows, measure="rent_paid", group="all")
    answered = [p for p in people() if p["rent"] != ""]
    (answer,) = estimate(path, design, mean("rent")).to_pylist()
    below = sum(p["w"] for p in answered)
    centre = answer["estimate"]
    spread = sum(p["w"] * (p["rent"] - centre) ** 2 for p in answered) / below
    deff = answer["standard_error"] ** 2 / (spread / (len(answered) - 1))
    rounded = round_figures(
        {"design_effect": deff}, statistic="mean", unit="pounds", method="survey"
    )
    assert row["design_effect"] == rounded["design_effect"]


def test_a_source_that_knows_no_error_publishes_none(tmp_path):
    rows, _ = built(tmp_path, 'basis = "none"')
    row = one(rows, measure="illness", group="all", statistic="proportion")
    assert row["estimate"] is not None
    assert (row["standard_error"], row["interval_method"], row["level"]) == (None, "none", None)


def test_few_homes_hide_a_cell_of_many_people(tmp_path):
    crowd = [{**people()[0], "home": at % 4, "sex": 1, "ill": at % 2} for at in range(30)]
    rest = [{**person, "sex": 2} for person in people()]
    design = 'basis = "weights_only"'
    rows, _ = built(tmp_path, design, more='disclosure_unit = "home"', rows=crowd + rest)
    statuses = {r["group"]: r["status"] for r in rows if r["measure"] == "illness"}
    assert statuses["women"] == "protected"
    # Everybody's base is shown, so the men's would give the women's away.
    assert statuses["men"] == "protected"


def test_few_homes_hide_a_cell_where_the_home_is_the_psu(tmp_path):
    crowd = [{**people()[0], "home": at % 4, "sex": 1, "ill": at % 2} for at in range(30)]
    rest = [{**person, "sex": 2} for person in people()]
    design = 'strata = ["stratum"]\npsu = "home"'
    rows, _ = built(tmp_path, design, more='disclosure_unit = "home"', rows=crowd + rest)
    statuses = {r["group"]: r["status"] for r in rows if r["measure"] == "illness"}
    assert statuses["women"] == "protected"


def test_a_stratum_with_one_psu_stops_the_build_unless_the_source_names_its_rule(tmp_path):
    alone = [*people(), {**people()[0], "stratum": 9}]
    text = 'strata = ["stratum"]\npsu = "psu"'
    with pytest.raises(DesignError, match=r"source 'survey': 1 of 4 strata"):
        built(tmp_path / "a", text, rows=alone)
    rows, _ = built(tmp_path / "b", f'{text}\nlonely_psu = "certainty"', rows=alone)
    assert one(rows, measure="rent_paid", group="all")["standard_error"] is not None


@pytest.mark.parametrize("rule", ["certainty", "remove", "adjust", "average"])
@pytest.mark.parametrize("psu", ["psu", ""])
def test_rules_for_single_psus_look_at_those_who_answered(tmp_path, rule, psu):
    person = people()[0]
    silent = [{**person, "stratum": 6, "psu": at, "ill": "", "rent": ""} for at in (0, 1)]
    alone = [{**person, "stratum": at, "ill": 1, "rent": 900} for at in (7, 8)]
    text = f'strata = ["stratum"]\nlonely_psu = "{rule}"' + (f'\npsu = "{psu}"' if psu else "")
    rows, path = built(tmp_path, text, rows=[*people(), *silent, *alone])
    design = Design(weight="w", strata="stratum", psu=psu or None, lonely_psu=rule)
    share = ratio("rent", "income")
    for measure, asked in (("rent_paid", mean("rent")), ("rent_share", share)):
        for answer in estimate(path, design, asked, by="sex").to_pylist():
            row = one(rows, measure=measure, group={1: "women", 2: "men"}[answer["sex"]])
            unit = "share" if asked is share else "pounds"
            figures = {"standard_error": answer["standard_error"]}
            expected = round_figures(figures, statistic=asked.statistic, unit=unit, method="survey")
            assert row["standard_error"] == expected["standard_error"]


def test_a_quantile_from_a_stated_design_effect_is_refused(tmp_path):
    median = {"median": ("quantile", "pounds", "", 'item = "rent"\nquantile = 0.5\n')}
    text = 'basis = "assumed_deff"\ndeff = 2.0\ndeff_origin = "its handbook"'
    with pytest.raises(DefinitionError, match="quantile"):
        built(tmp_path, text, measures=median)


@pytest.mark.parametrize("name", DESIGNS)
def test_quantiles_agree_with_the_public_estimate(tmp_path, name):
    text, design, _ = DESIGNS[name]
    median = {"median": ("quantile", "pounds", "", 'item = "rent"\nquantile = 0.5\n')}
    rows, path = built(tmp_path, text, measures=median)
    for answer in estimate(path, design, quantile("rent", 0.5), by="sex").to_pylist():
        row = one(rows, group={1: "women", 2: "men"}[answer["sex"]])
        columns = ("estimate", "standard_error", "lower", "upper")
        figures = {column: answer[column] for column in columns}
        expected = round_figures(figures, statistic="quantile", unit="pounds", method="survey")
        assert {column: row[column] for column in columns} == expected
        assert row["base"] == answer["base"]


def stacked(folder, design, rows):
    """The same survey in two files of one wave."""
    more = f'{design}\n[[files]]\npath = "more.csv"\nwave = "2020"'
    catalogue, sources = write(folder, more, more='combine = "rows"', rows=rows[:60])
    with (sources / "more.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows[60:])
    return catalogue, sources


def test_files_of_one_wave_may_be_stacked_in_writing(tmp_path):
    text, _, _ = DESIGNS["design"]
    whole, _ = built(tmp_path / "whole", text)
    catalogue, sources = stacked(tmp_path / "halves", text, people())
    out = build([catalogue], [sources], tmp_path / "out", as_of=dt.date(2026, 1, 1))
    halves = load_release(out).estimates.to_pylist()
    assert halves == whole


def test_two_files_of_one_wave_that_nothing_joins_are_refused(tmp_path):
    text, _, _ = DESIGNS["design"]
    catalogue, sources = stacked(tmp_path, text, people())
    path = catalogue / "sources" / "survey.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('combine = "rows"\n', ""))
    with pytest.raises(DefinitionError, match="combine"):
        build([catalogue], [sources], tmp_path / "out")


def test_two_waves_in_one_archive_are_two_tables(tmp_path):
    text, _, _ = DESIGNS["design"]
    catalogue, sources = write(tmp_path, text, rows=people())
    well = [{**person, "ill": 0 if person["ill"] == "" else person["ill"]} for person in people()]
    with zipfile.ZipFile(sources / "survey.zip", "w") as archive:
        for name, rows in (("a.csv", people()), ("b.csv", well)):
            held = io.StringIO()
            writer = csv.DictWriter(held, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(name, held.getvalue())
    path = catalogue / "sources" / "survey.toml"
    files = "".join(
        f'[[files]]\npath = "survey.zip"\nwave = "{wave}"\nlayout = {{ member = "{name}" }}\n'
        for wave, name in (("2020", "a.csv"), ("2021", "b.csv"))
    )
    named = '[[files]]\npath = "survey.csv"\nwave = "2020"\n'
    path.write_text(path.read_text(encoding="utf-8").replace(named, files), encoding="utf-8")
    out = build([catalogue], [sources], tmp_path / "out", measures=["illness"])
    rows = load_release(out).estimates.to_pylist()
    wanted = {"group": "all", "statistic": "proportion"}
    bases = [one(rows, period=wave, **wanted)["base"] for wave in ("2020", "2021")]
    assert bases == [sum(person["ill"] != "" for person in people()), len(well)]


def test_rows_outside_the_population_stay_in_the_design(tmp_path):
    text, design, _ = DESIGNS["design"]
    rows, path = built(tmp_path, text, more='rows = { sex = ["1"] }')
    (answer,) = estimate(path, design, mean("rent"), where="sex = 1").to_pylist()
    row = one(rows, measure="rent_paid", group="all")
    expected = round_figures(
        {c: answer[c] for c in NUMBERS}, statistic="mean", unit="pounds", method="survey"
    )
    assert {column: row[column] for column in NUMBERS} == expected
    assert (row["base"], row["degrees_of_freedom"]) == (
        answer["base"],
        answer["degrees_of_freedom"],
    )


def test_a_gap_inside_a_crossing_holds_the_other_dimension_fixed(tmp_path):
    text, design, _ = DESIGNS["design"]
    catalogue, sources = write(tmp_path, text, rows=[{**p, "old": p["home"] % 2} for p in people()])
    (catalogue / "breakdowns" / "age.toml").write_text(
        'title = "Age"\nreference = "young"\n'
        '[[groups]]\nid = "young"\nlabel = "Y"\n[[groups]]\nid = "old"\nlabel = "O"\n'
    )
    path = catalogue / "sources" / "survey.toml"
    path.write_text(
        path.read_text()
        + '[breakdowns.age]\nvariable = "old"\ngroups = { 0 = "young", 1 = "old" }\n'
    )
    path = catalogue / "measures" / "illness.toml"
    crossed = 'breakdowns = ["sex", "age*sex"]\nvary = "sex"'
    path.write_text(path.read_text().replace('breakdowns = ["sex"]', crossed))
    out = build([catalogue], [sources], tmp_path / "out", measures=["illness"])
    rows = load_release(out).estimates.to_pylist()
    gaps = {r["group"]: r for r in rows if r["statistic"] == "difference"}
    assert set(gaps) == {"women", "old * women", "young * women"}
    (answer,) = difference(
        sources / "survey.csv", design, proportion("ill", 1), "sex", 2, 1, where="old = 1"
    ).to_pylist()
    columns = ("estimate", "standard_error", "lower", "upper")
    figures = {column: answer[column] for column in columns}
    expected = round_figures(figures, statistic="difference", unit="share", method="survey")
    assert {column: gaps["old * women"][column] for column in columns} == expected
