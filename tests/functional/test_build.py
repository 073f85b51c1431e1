"""A whole evidence base, invented and tiny: every published figure against a slow, obvious twin."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
import math
import random
from collections import defaultdict
from pathlib import Path

import pytest

from social_evidence import Design, estimate, mean, proportion
from social_evidence.app.build import build
from social_evidence.app.release import load_release
from social_evidence.disclosure.rounding import round_figures
from social_evidence.errors import DataError, DefinitionError, DesignError, DisclosureError
from social_evidence.model.estimate import ESTIMATE_COLUMNS

AREAS = """
[[areas]]
code = "T"
name = "Town"
kind = "city"
[[areas]]
code = "N"
name = "North"
kind = "borough"
parent = "T"
[[areas]]
code = "S"
name = "South"
kind = "borough"
parent = "T"
aliases = ["South Side"]
[[areas]]
code = "C"
name = "City of London"
kind = "borough"
parent = "T"
"""

QUESTIONS = {
    "belong": """
text = { en = "Do you belong?" }
asked_of = "adults"
[answers]
yes = "Yes"
no = "No"
unsure = "Not sure"
""",
    "score": """
text = { en = "How satisfied are you?" }
scale = "number"
""",
}

BREAKDOWNS = {
    "sex": """
title = "Sex"
reference = "men"
[[groups]]
id = "women"
label = "Women"
[[groups]]
id = "men"
label = "Men"
""",
    "tenure": """
title = "Tenure"
[[groups]]
id = "owns"
label = "Owns"
""",
}

SURVEY = """
kind = "microdata"
title = "Town survey"
publisher = "Town"
licence = "open"
how_to_get = "Ask the town."
threshold = {threshold}
[missing]
"*" = [-9]
[[files]]
path = "survey.csv"
wave = "2020"
[design]
weight = "w"
strata = ["stratum"]
psu = "psu"
{design}
[areas]
columns = ["place"]
covers = ["T"]
[items]
belong = {{ variable = "belong", answers = {{ 1 = "yes", 2 = "no", 3 = "unsure" }} }}
score = {{ variable = "score", valid = [0, 10] }}
[breakdowns.sex]
variable = "sex"
groups = {{ 1 = "women", 2 = "men" }}
"""

COUNTS = """
kind = "counts"
title = "Register"
publisher = "Town"
licence = "open"
how_to_get = "Ask the town."
published_openly = true
rows = { kind = ["all"] }
[[files]]
path = "register.csv"
[areas]
columns = ["place"]
sums = ["T"]
[areas.left_out]
Harbour = "nobody lives there"
[period]
column = "year"
form = "year"
[quantities.events]
title = "events"
column = "events"
[quantities.places]
title = "places"
column = "places"
"""

POPULATION = """
kind = "counts"
title = "Population"
publisher = "Town"
licence = "open"
how_to_get = "Ask the town."
published_openly = true
[[files]]
path = "population.csv"
[areas]
columns = ["place"]
[period]
column = "year"
form = "year"
[quantities.people]
title = "people"
column = "people"
"""

PUBLISHED = """
kind = "published"
title = "Bulletin"
publisher = "Town"
licence = "open"
how_to_get = "Ask the town."
published_openly = true
[[files]]
path = "bulletin.csv"
[areas]
columns = ["place"]
[period]
column = "year"
form = "financial"
[quantities.trust]
title = "trust"
column = "value"
half_width = "margin"
scale = 0.01
"""

MEASURE = """
version = 1
title = "{title}"
domain = "outcomes"
theme = "Belonging"
rationale = "It matters."
direction = "higher_is_better"
unit = "{unit}"
statistic = "{statistic}"
{more}
"""

MEASURES = {
    "belonging": MEASURE.format(
        title="Belonging", unit="share", statistic="proportion",
        more="""
breakdowns = ["sex", "tenure"]
areas = ["city", "borough"]
gap = true
[[published]]
period = "2020"
area = "T"
estimate = 0.5
tolerance = 0.5
reference = "Town bulletin"
[[series]]
source = "survey"
item = "belong"
denominator = ["yes", "no"]
numerator = ["yes"]
""",
    ),
    "satisfaction": MEASURE.format(
        title="Satisfaction", unit="score", statistic="mean",
        more='breakdowns = ["sex"]\n[[series]]\nsource = "survey"\nitem = "score"\n',
    ),
    "median_score": MEASURE.format(
        title="Median", unit="score", statistic="quantile",
        more='breakdowns = ["sex"]\n[[series]]\nsource = "survey"\nitem = "score"\n'
        "quantile = 0.5\n",
    ),
    "event_rate": MEASURE.format(
        title="Events", unit="per_1000", statistic="rate",
        more="""
areas = ["city", "borough"]
[[series]]
source = "register"
numerator_quantity = "events"
denominator_quantity = "people"
denominator_source = "population"
""",
    ),
    "uptake": MEASURE.format(
        title="Uptake", unit="share", statistic="ratio",
        more="""
[[series]]
source = "register"
numerator_quantity = "events"
denominator_quantity = "places"
""",
    ),
    "trust": MEASURE.format(
        title="Trust", unit="share", statistic="proportion",
        more='[[series]]\nsource = "bulletin"\nvalue_quantity = "trust"\n',
    ),
}  # fmt: skip


def people():
    """Two boroughs, four strata, three PSUs each; some without a sex or an answer."""
    chance = random.Random(11)
    return [
        {
            "stratum": stratum,
            "psu": psu,
            "w": chance.randrange(1, 40) / 8,
            "place": "North" if stratum < 2 else "south side",
            "sex": chance.choice([1, 1, 1, 2, 2, 2, -9]),
            "belong": chance.choice([1, 1, 2, 3, -9]),
            "score": chance.choice([0, 3, 7, 7, 10, -9]),
        }
        for stratum, psu, _ in itertools.product(range(4), range(3), range(12))
    ]


REGISTER = [
    {"place": "North", "year": 2020, "kind": "all", "events": "7", "places": "5"},
    {"place": "South Side", "year": 2020, "kind": "all", "events": "40", "places": "60"},
    {"place": "Harbour", "year": 2020, "kind": "all", "events": "3", "places": "1"},
    {"place": "North", "year": 2020, "kind": "part", "events": "1", "places": "1"},
    {"place": "North", "year": 2021, "kind": "all", "events": "c", "places": "5"},
    {"place": "South Side", "year": 2021, "kind": "all", "events": "12", "places": "60"},
]
POPULATIONS = [
    {"place": place, "year": 2020, "people": count}
    for place, count in {"N": 4000, "S": 5000, "C": 1000, "T": 10000}.items()
]
BULLETIN = [
    {"place": "North", "year": "2019-20", "value": "61", "margin": "4"},
    {"place": "South", "year": "2019-20", "value": "", "margin": ""},
]


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def write_base(folder, *, threshold=3, design="", measures=MEASURES, files=None):
    catalogue, sources = folder / "catalogue", folder / "sources"
    texts = {
        "catalogue.toml": 'title = "Town"\n',
        "areas.toml": AREAS,
        **{f"questions/{name}.toml": text for name, text in QUESTIONS.items()},
        **{f"breakdowns/{name}.toml": text for name, text in BREAKDOWNS.items()},
        **{f"measures/{name}.toml": text for name, text in measures.items()},
        "sources/survey.toml": SURVEY.format(threshold=threshold, design=design),
        "sources/register.toml": COUNTS,
        "sources/population.toml": POPULATION,
        "sources/bulletin.toml": PUBLISHED,
    }
    for name, text in texts.items():
        path = catalogue / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    tables = {
        "survey": people(),
        "register": REGISTER,
        "population": POPULATIONS,
        "bulletin": BULLETIN,
        **(files or {}),
    }
    for name, rows in tables.items():
        write(sources / f"{name}.csv", rows)
    return catalogue, sources


def built(folder, **given):
    wanted = {k: given.pop(k) for k in ("as_of", "only") if k in given}
    catalogue, sources = write_base(folder, **given)
    day = wanted.get("as_of", dt.date(2026, 11, 22))
    out = folder / "out"
    return build([catalogue], [sources], out, as_of=day, measures=wanted.get("only"))


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return built(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def rows(release):
    return load_release(release).estimates.to_pylist()


def one(rows, **wanted):
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    assert len(found) == 1, f"{len(found)} rows for {wanted}"
    return found[0]


# --- the slow twin of a survey's figures ---------------------------------------------------------


def members(area, sex):
    places = {"T": {"North", "south side"}, "N": {"North"}, "S": {"south side"}}[area]
    return [p for p in people() if p["place"] in places and (sex is None or p["sex"] == sex)]


def slow_variance(influence):
    """Sum over strata of n/(n-1) times the squared deviations of PSU totals, absent PSUs too."""
    total = 0.0
    for stratum in range(4):
        sums = [influence[stratum, psu] for psu in range(3)]
        centre = sum(sums) / 3
        total += 3 / 2 * sum((z - centre) ** 2 for z in sums)
    return total


def slow_ratio(area, sex, item, value_of):
    inside = [p for p in members(area, sex) if value_of(p[item]) is not None]
    below = sum(p["w"] for p in inside)
    ratio = sum(p["w"] * value_of(p[item]) for p in inside) / below
    influence = defaultdict(float)
    for p in inside:
        place = p["stratum"], p["psu"]
        influence[place] += p["w"] * (value_of(p[item]) - ratio) / below
    return ratio, influence, len(inside)


def share(code):
    return {1: 1, 2: 0}.get(code)


def score(number):
    return None if number == -9 else number


def rounded(figures, statistic, unit):
    return round_figures(figures, statistic=statistic, unit=unit, method="survey")


@pytest.mark.parametrize("area", ["T", "N", "S"])
@pytest.mark.parametrize(("group", "sex"), [("all", None), ("women", 1), ("men", 2)])
def test_shares_and_means_match_the_slow_twin(rows, area, group, sex):
    breakdown = "all" if sex is None else "sex"
    for measure, item, value_of, unit, statistic in (
        ("belonging", "belong", share, "share", "proportion"),
        ("satisfaction", "score", score, "score", "mean"),
    ):
        row = one(
            rows, measure=measure, area=area, breakdown=breakdown, group=group, statistic=statistic
        )
        ratio, influence, base = slow_ratio(area, sex, item, value_of)
        error = math.sqrt(slow_variance(influence))
        expected = rounded({"estimate": ratio, "standard_error": error}, statistic, unit)
        assert row["estimate"] == expected["estimate"]
        assert row["standard_error"] == expected["standard_error"]
        assert row["base"] == base
        strata = {p["stratum"] for p in members(area, sex)}
        psus = {(p["stratum"], p["psu"]) for p in members(area, sex)}
        assert row["degrees_of_freedom"] == len(psus) - len(strata)


@pytest.mark.parametrize("area", ["T", "N", "S"])
def test_gaps_are_the_reference_less_the_group_with_their_covariance(rows, area):
    men, women = (slow_ratio(area, sex, "belong", share) for sex in (2, 1))
    joint = defaultdict(float)
    for place in {*men[1], *women[1]}:
        joint[place] = men[1][place] - women[1][place]
    row = one(rows, measure="belonging", area=area, group="women", statistic="difference")
    expected = rounded(
        {"estimate": men[0] - women[0], "standard_error": math.sqrt(slow_variance(joint))},
        "difference",
        "share",
    )
    assert row["estimate"] == expected["estimate"]
    assert row["standard_error"] == expected["standard_error"]
    assert row["base"] is None
    assert not [r for r in rows if r["statistic"] == "difference" and r["group"] != "women"]


def test_survey_rows_agree_with_the_public_estimate(rows, release, tmp_path):
    clean = [{k: "" if v == -9 else v for k, v in p.items()} for p in people()]
    write(tmp_path / "clean.csv", clean)
    design = Design(weight="w", strata="stratum", psu="psu")
    asked = proportion("case when belong in (1, 2) then belong end", 1), mean("score")
    answers = estimate(tmp_path / "clean.csv", design, asked, by=["sex"]).to_pylist()
    measures = {"proportion": ("belonging", "share"), "mean": ("satisfaction", "score")}
    for answer in answers:
        measure, unit = measures[answer["statistic"]]
        group = {1: "women", 2: "men"}[answer["sex"]]
        row = one(rows, measure=measure, area="T", group=group, statistic=answer["statistic"])
        columns = (
            "estimate", "standard_error", "lower", "upper", "design_effect", "effective_base",
        )  # fmt: skip
        expected = rounded({c: answer[c] for c in columns}, answer["statistic"], unit)
        assert {c: row[c] for c in columns} == expected
        assert row["base"] == answer["base"]
        assert row["degrees_of_freedom"] == answer["degrees_of_freedom"]
        assert row["interval_method"] == answer["interval_method"]


def test_a_quantile_is_the_weighted_one(rows):
    row = one(rows, measure="median_score", area="N", group="women")
    inside = sorted((p["score"], p["w"]) for p in members("N", 1) if p["score"] != -9)
    half = sum(weight for _, weight in inside) / 2
    below = itertools.accumulate(weight for _, weight in inside)
    assert row["estimate"] == next(s for (s, _), b in zip(inside, below, strict=True) if b >= half)
    assert row["interval_method"] == "woodruff_mean"


# --- statuses ------------------------------------------------------------------------------------


def test_people_whose_group_is_not_known_keep_their_base_and_no_estimate(rows):
    row = one(rows, measure="belonging", area="T", group="unknown")
    assert row["status"] == "not_applicable"
    assert row["estimate"] is None
    inside = [p for p in people() if p["sex"] == -9 and share(p["belong"]) is not None]
    assert row["base"] == len(inside)


def test_a_breakdown_the_source_lacks_is_not_asked(rows):
    row = one(rows, measure="belonging", area="N", breakdown="tenure", group="owns")
    assert (row["status"], row["base"], row["interval_method"]) == ("not_asked", None, "none")


def test_an_area_nobody_covers_is_not_available(rows):
    row = one(rows, measure="belonging", area="C", group="all", statistic="proportion")
    assert (row["status"], row["level"]) == ("not_available", None)


def test_cells_of_few_respondents_are_hidden_and_so_are_their_gaps(tmp_path):
    found = load_release(built(tmp_path, threshold=40, only=["belonging"])).estimates.to_pylist()
    women = one(found, area="N", group="women", statistic="proportion")
    gap = one(found, area="N", group="women", statistic="difference")
    assert women["status"] == gap["status"] == "protected"
    assert women["estimate"] is women["base"] is gap["estimate"] is None


# --- counts and published figures ----------------------------------------------------------------


def test_a_rate_divides_by_the_people_of_the_areas_it_covers(rows):
    row = one(rows, measure="event_rate", area="T", period="2020")
    assert (row["numerator"], row["denominator"]) == (47.0, 9000.0)
    assert row["estimate"] == pytest.approx(1000 * 47 / 9000, rel=1e-11)
    assert row["flags"] == "excludes_city_of_london"
    assert row["interval_method"] == "exact_below_10_else_byar"
    assert row["base"] is None


def test_a_ratio_may_pass_one_and_says_so(rows):
    row = one(rows, measure="uptake", area="N", period="2020")
    assert (row["estimate"], row["flags"], row["interval_method"]) == (1.4, "over_100", "none")
    assert (row["lower"], row["level"], row["variance_basis"]) == (None, None, "none")


def test_a_marker_hides_its_cell_and_leaves_the_sum_out(rows):
    assert one(rows, measure="uptake", area="N", period="2021")["status"] == "protected"
    assert one(rows, measure="uptake", area="T", period="2021")["status"] == "not_available"


def test_a_missing_denominator_is_never_carried_forward(rows):
    row = one(rows, measure="event_rate", area="S", period="2021")
    assert (row["status"], row["estimate"]) == ("not_available", None)


def test_published_limits_are_the_publishers(rows):
    row = one(rows, measure="trust", area="N")
    assert (row["estimate"], row["lower"], row["upper"]) == (0.61, 0.57, 0.65)
    assert (row["method"], row["variance_basis"], row["period"]) == (
        "published", "published", "fy2019-20",
    )  # fmt: skip
    assert one(rows, measure="trust", area="S")["status"] == "not_available"


# --- the release ---------------------------------------------------------------------------------


def test_every_row_keeps_the_contract(rows):
    names = [name for name, _ in ESTIMATE_COLUMNS]
    keys = [tuple(row[name] for name in names[:9]) for row in rows]
    assert len(set(keys)) == len(keys)
    order = [
        (*key[:4], row["period_start"], row["period_end"], *key[4:])
        for key, row in zip(keys, rows, strict=True)
    ]
    assert order == sorted(order)
    for row in rows:
        assert list(row) == names
        assert (row["level"] is None) == (row["interval_method"] == "none")
        if row["method"] != "survey":
            assert row["base"] is None
        if row["method"] != "administrative":
            assert row["numerator"] is row["denominator"] is None


def test_every_row_has_its_provenance(release, rows):
    records = json.loads((release / "provenance.json").read_text(encoding="utf-8"))
    names = ("measure", "part", "series", "period")
    found = {tuple(record[name] for name in names): record for record in records}
    assert {tuple(row[name] for name in names) for row in rows} <= set(found)
    record = found["event_rate", "all", "register", "2020"]
    assert [file["role"] for file in record["files"]] == ["numerator", "denominator"]
    assert record["left_out"] == [
        {"name": "register.csv", "reason": "Harbour: nobody lives there", "rows": 1}
    ]
    survey = found["belonging", "all", "survey", "2020"]
    assert survey["question"] == {"en": "Do you belong?"}
    assert survey["design_columns"] == {"psu": ["psu"], "strata": ["stratum"], "weight": ["w"]}


def test_quality_says_which_sums_and_printed_figures_agree(release):
    quality = json.loads((release / "quality.json").read_text(encoding="utf-8"))
    (people_check,) = [c for c in quality["additions"] if c["quantity"] == "people"]
    assert (people_check["printed"], people_check["added"], people_check["agrees"]) == (
        10000.0, 10000.0, True,
    )  # fmt: skip
    (printed,) = quality["published"]
    assert printed["agrees"]


def test_the_same_inputs_give_the_same_bytes(release, tmp_path):
    again = built(tmp_path)
    files = sorted(p.relative_to(release) for p in release.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    for name in files:
        assert (release / name).read_bytes() == (again / name).read_bytes(), name


def test_the_order_of_a_files_rows_changes_no_figure(rows, tmp_path):
    shuffled = people()
    random.Random(3).shuffle(shuffled)
    found = load_release(built(tmp_path, files={"survey": shuffled})).estimates.to_pylist()
    assert found == rows


# --- refusals ------------------------------------------------------------------------------------


def test_all_missing_files_are_told_at_once_with_how_to_get_them(tmp_path):
    catalogue, sources = write_base(tmp_path)
    (sources / "survey.csv").unlink()
    (sources / "register.csv").unlink()
    with pytest.raises(DataError) as refusal:
        build([catalogue], [sources], tmp_path / "out")
    assert "survey.csv" in str(refusal.value)
    assert "register.csv" in str(refusal.value)
    assert "Ask the town." in str(refusal.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("column", "value", "error", "said"),
    [
        ("sex", 3, DataError, "column 'sex' holds the code '3'"),
        ("belong", 9, DataError, "column 'belong' holds the code '9'"),
        ("place", "Nrth", DataError, "'Nrth' is no area we know; the nearest known is 'North'"),
        ("score", 11, DataError, "'score': 1 rows hold a number outside what item 'score'"),
        ("w", -1, DesignError, "negative"),
        ("w", "", DesignError, "weight"),
    ],
)
def test_a_fault_of_the_survey_stops_the_build_and_leaves_nothing(
    tmp_path, column, value, error, said
):
    faulty = people()
    faulty[5][column] = value
    with pytest.raises(error, match=said):
        built(tmp_path, files={"survey": faulty}, only=["belonging", "satisfaction"])
    assert not list((tmp_path / "out").rglob("estimates.parquet"))


def test_a_row_without_weight_may_be_left_out_in_writing(tmp_path):
    lacking = people()
    lacking[5]["w"] = ""
    design = 'missing_weight = "outside_population"'
    out = built(tmp_path, files={"survey": lacking}, design=design, only=["belonging"])
    (record,) = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert [(lost["rows"], lost["reason"][:9]) for lost in record["left_out"]] == [(1, "no weight")]


def test_an_unknown_measure_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(DefinitionError, match="the nearest known is 'belonging'"):
        built(tmp_path, only=["belongin"])


def test_counts_nobody_publishes_are_hidden_when_small_and_so_is_what_would_tell_them(tmp_path):
    catalogue, sources = write_base(tmp_path)
    path = catalogue / "sources" / "register.toml"
    text = path.read_text(encoding="utf-8").replace("published_openly = true\n", "")
    path.write_text(text, encoding="utf-8")
    found = load_release(build([catalogue], [sources], tmp_path / "out", measures=["uptake"]))
    rows = found.estimates.to_pylist()
    status = {row["area"]: row["status"] for row in rows if row["period"] == "2020"}
    assert status["N"] == "protected"
    # The town is both boroughs together: of the three, two are hidden.
    assert [status["S"], status["T"]].count("protected") == 1


def test_published_figures_without_a_base_need_their_owners_openness(tmp_path):
    catalogue, sources = write_base(tmp_path)
    path = catalogue / "sources" / "bulletin.toml"
    text = path.read_text(encoding="utf-8").replace("published_openly = true\n", "")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DisclosureError, match="bulletin"):
        build([catalogue], [sources], tmp_path / "out", measures=["trust"])


def test_files_in_several_folders_are_found_in_the_first_that_has_them(tmp_path):
    catalogue, sources = write_base(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (sources / "population.csv").rename(other / "population.csv")
    folders: list[Path] = [sources, other]
    out = build([catalogue], folders, tmp_path / "out", measures=["event_rate"])
    assert (out / "estimates.parquet").is_file()
