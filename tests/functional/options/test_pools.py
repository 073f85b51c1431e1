"""Waves put together, against the same thing done by hand from the raw rows."""

from __future__ import annotations

import json
import math
from collections import defaultdict

import pytest

from social_evidence.app.release import load_release
from social_evidence.errors import DefinitionError

POOL = '[pool]\nwaves = 2\nareas = ["borough"]\ncrossings = true\n'
ASSUMED = (
    'basis = "assumed_deff"\ndeff = 1.4\ndeff_origin = "A guess."\nstatement = "Little is known."\n'
)
PERIODS = {"p2017-2018": ("2017", "2018"), "p2019-2020": ("2019", "2020")}


def by_hand(town, waves, inside, answer, *, stratum, psu, factors=None):
    """Estimate a mean with its error: every row, then every PSU, then every stratum."""
    rows = [(w, row) for w in waves for row in town.people(w)]
    weights = {w: (factors or dict.fromkeys(waves, 1 / len(waves)))[w] for w in waves}
    valid = [
        (w, row, weights[w] * row["w"], answer(row))
        for w, row in rows
        if inside(row) and answer(row) is not None
    ]
    below = sum(weight for _, _, weight, _ in valid)
    value = sum(weight * y for _, _, weight, y in valid) / below
    totals = {(stratum(w, row), psu(w, row)): 0.0 for w, row in rows}
    for w, row, weight, y in valid:
        totals[stratum(w, row), psu(w, row)] += weight * (y - value) / below
    of_stratum = defaultdict(list)
    for (own, _), total in totals.items():
        of_stratum[own].append(total)
    variance = sum(
        len(own) / (len(own) - 1) * sum((total - sum(own) / len(own)) ** 2 for total in own)
        for own in of_stratum.values()
    )
    return value, math.sqrt(variance), len(valid)


def belongs(row):
    return {1: 1.0, 2: 0.0}.get(row["belong"])


def score(row):
    return None if row["score"] == "" else float(row["score"])


def crossed(wave, row):
    return wave, row["stratum"]


def own(name):
    return lambda wave, row: row[name]


def one(rows, **wanted):
    (found,) = [row for row in rows if all(row[k] == v for k, v in wanted.items())]
    return found


def check(row, value, error, base, step=0.001):
    assert row["estimate"] == pytest.approx(value, abs=step / 2 + 1e-9)
    assert row["standard_error"] == pytest.approx(error, rel=0.05)
    assert row["base"] == base


CELLS = {
    ("N", "all", "all"): lambda row: row["place"] == "North",
    ("S", "sex", "women"): lambda row: row["place"] == "South" and row["sex"] == 1,
    ("T", "age*sex", "old * men"): lambda row: row["age"] > 39 and row["sex"] == 2,
}


@pytest.mark.parametrize("label", PERIODS)
@pytest.mark.parametrize("cell", CELLS)
def test_a_pool_crosses_strata_with_the_wave(town, label, cell):
    made = town(more=POOL)
    area, breakdown, group = cell
    row = one(
        made.rows(measures=["belonging"]), statistic="proportion", period=label, area=area,
        breakdown=breakdown, group=group,
    )  # fmt: skip

    expected = by_hand(
        made, PERIODS[label], CELLS[cell], belongs,
        stratum=crossed, psu=lambda wave, row: (wave, row["psu"]),
    )  # fmt: skip
    check(row, *expected)


def test_units_that_recur_are_one_psu_in_all_waves(town):
    made = town(more=POOL, design='strata = ["stratum"]\nunits_recur = "person"')
    row = one(made.rows(measures=["satisfaction"]), period="p2019-2020", area="N", breakdown="all")

    value, error, base = by_hand(
        made, ("2019", "2020"), CELLS["N", "all", "all"], score,
        stratum=own("stratum"), psu=own("person"),
    )  # fmt: skip
    check(row, value, error, base, step=0.01)


def test_psus_that_recur_are_not_crossed_with_the_wave(town):
    made = town(more=POOL, design='strata = ["stratum"]\npsu = "psu"\nunits_recur = "person"')
    row = one(
        made.rows(measures=["belonging"]), period="p2019-2020", area="N", breakdown="all",
    )  # fmt: skip

    expected = by_hand(
        made, ("2019", "2020"), CELLS["N", "all", "all"], belongs,
        stratum=own("stratum"), psu=own("psu"),
    )  # fmt: skip
    check(row, *expected)
    # Of three PSUs in each of four strata, two are in the north, whichever wave asks.
    assert row["degrees_of_freedom"] == 4


def test_weights_that_sum_to_the_sample_count_every_wave_equally(town):
    made = town(more=POOL, design='strata = ["stratum"]\npsu = "psu"\nweights_sum_to = "sample"')
    row = one(made.rows(measures=["belonging"]), period="p2019-2020", area="N", breakdown="all")

    sums = {wave: sum(person["w"] for person in made.people(wave)) for wave in ("2019", "2020")}
    expected = by_hand(
        made, ("2019", "2020"), CELLS["N", "all", "all"], belongs, stratum=crossed,
        psu=lambda wave, row: (wave, row["psu"]),
        factors={wave: 1 / total for wave, total in sums.items()},
    )  # fmt: skip
    check(row, *expected)


def test_a_gap_of_a_pool_is_the_difference_of_its_groups(town):
    rows = town(more=POOL).rows(measures=["belonging"])
    place = {"period": "p2019-2020", "area": "N", "breakdown": "sex"}
    men = one(rows, group="men", statistic="proportion", **place)
    women = one(rows, group="women", statistic="proportion", **place)
    gap = one(rows, group="women", statistic="difference", **place)

    assert gap["estimate"] == pytest.approx(men["estimate"] - women["estimate"], abs=0.0011)
    assert gap["standard_error"] > 0


BESIDE = POOL.replace("crossings", 'beside = ["city"]\ncrossings')


@pytest.mark.parametrize("label", PERIODS)
def test_a_city_beside_its_pooled_boroughs_is_pooled_too(town, label):
    made = town(more=BESIDE)
    rows = [row for row in made.rows(measures=["belonging"]) if row["area"] == "T"]
    periods = {row["period"] for row in rows if row["breakdown"] == "all"}
    expected = by_hand(
        made, PERIODS[label], lambda row: True, belongs,
        stratum=crossed, psu=lambda wave, row: (wave, row["psu"]),
    )  # fmt: skip

    assert periods == {"2017", "2018", "2019", "2020", *PERIODS}
    check(one(rows, period=label, breakdown="all"), *expected)


def test_a_pooled_borough_is_compared_with_the_city_beside_it(town):
    made = town(more=BESIDE)
    told = made.release(measures=["belonging"]).comparisons.to_pylist()
    found = {
        (row["area_to"], row["period_to"])
        for row in told
        if row["kind"] == "area" and row["breakdown"] == "all" and row["difference"] is not None
    }

    assert {("N", label) for label in PERIODS} <= found


def test_what_a_pool_claims_is_published_from_pools_only(town):
    rows = town(more=POOL).rows(measures=["belonging"])
    pooled = {row["period"] for row in rows if row["area"] == "N"}
    crossings = {row["period"] for row in rows if row["breakdown"] == "age*sex"}
    city = {row["period"] for row in rows if row["area"] == "T" and "*" not in row["breakdown"]}

    assert pooled == crossings == set(PERIODS)
    assert city == {"2017", "2018", "2019", "2020"}


def test_a_pool_of_everything_leaves_no_wave(town):
    pool = '[pool]\nwaves = 3\neverything = true\nleave_out = { 2019 = "Strange." }\n'
    release = town(more=pool).release(measures=["satisfaction"])

    assert {row["period"] for row in release.estimates.to_pylist()} == {"p2018-2020"}
    quality = json.loads((release.stored.folder / "quality.json").read_text(encoding="utf-8"))
    (pool,) = quality["pools"]
    assert pool["waves"] == ["2018", "2020"]
    assert pool["left_out"] == {"2019": "Strange."}
    assert pool["files"] == ["survey_2018.csv", "survey_2020.csv"]


def test_a_stated_overlap_widens_a_pool_and_says_what_it_rests_on(town):
    stated = 'overlap = 0.5\ncorrelation = 0.6\nnote = "A guess."\n'
    design = ASSUMED
    plain = town(more=POOL, design=design).rows(measures=["belonging"])
    wide = town(more=POOL + stated, design=design).rows(measures=["belonging"])
    place = {"period": "p2019-2020", "area": "N", "breakdown": "all", "statistic": "proportion"}
    before, after = one(plain, **place), one(wide, **place)

    assert after["variance_basis"] == "assumed_deff"
    assert after["standard_error"] ** 2 / before["standard_error"] ** 2 == pytest.approx(
        1.3, rel=0.05
    )
    assert after["design_effect"] == pytest.approx(1.4 * 1.3, abs=0.05)
    wave = {**place, "period": "2020", "area": "T"}
    assert one(plain, **wave)["standard_error"] == one(wide, **wave)["standard_error"]


def test_an_overlap_without_a_design_effect_makes_the_pools_variance_an_assumed_one(town):
    stated = 'overlap = 0.5\ncorrelation = 0.6\nnote = "A guess."\n'
    rows = town(more=POOL + stated).rows(measures=["belonging"])
    basis = {row["period"]: row["variance_basis"] for row in rows if row["status"] == "shown"}

    assert basis["p2019-2020"] == "assumed_deff"
    assert basis["2020"] == "design"


def test_a_design_effect_says_nothing_of_linked_people(town):
    design = f'{ASSUMED}units_recur = "person"'

    with pytest.raises(DefinitionError, match=r"pool\.overlap"):
        town(more=POOL, design=design).build(measures=["belonging"])


def test_codes_may_drift_between_the_waves_of_a_pool(town):
    made = town(more=POOL)
    text = (made.catalogue / "sources/survey.toml").read_text(encoding="utf-8")
    drifting = text.replace('{ 1 = "women", 2 = "men" }', '{ 1 = "women", 2 = "men", F = "women" }')
    (made.catalogue / "sources/survey.toml").write_text(drifting, encoding="utf-8")
    before = made.rows(measures=["belonging"])
    path = made.sources / "survey_2019.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    at = header.split(",").index("sex")
    changed = [header]
    for line in lines:
        cells = line.split(",")
        cells[at] = {"1": "F", "2": "2"}[cells[at]]
        changed.append(",".join(cells))
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")

    after = load_release(made.build(measures=["belonging"])).estimates.to_pylist()
    numbers = ("period", "area", "breakdown", "group", "statistic", "estimate", "standard_error")
    assert [[row[n] for n in numbers] for row in after] == [
        [row[n] for n in numbers] for row in before
    ]


def test_explain_says_what_a_pool_is_an_average_of(town):
    release = town(more=POOL).release(measures=["belonging"])
    told = str(release.explain("belonging", area="N", period="p2019-2020"))

    assert "average over 2 waves" in told
    assert "survey_2019.csv" in told
    assert "survey_2020.csv" in told


def test_explain_names_the_pool_that_holds_a_wave(town):
    release = town(more=POOL).release(measures=["belonging"])

    with pytest.raises(DefinitionError, match="lies within p2019-2020"):
        release.explain("belonging", area="N", period="2019")


def test_the_text_of_a_pool_does_not_depend_on_the_order_of_files(town):
    made = town(more=POOL)
    first = made.release(measures=["belonging"]).manifest.content
    path = made.catalogue / "sources/survey.toml"
    text = path.read_text(encoding="utf-8")
    older, newer = '[[files]]\npath = "survey_2017.csv"\nwave = "2017"\n', "[design]"
    path.write_text(text.replace(older, "").replace(newer, older + newer), encoding="utf-8")
    second = made.release(measures=["belonging"])

    first_rows = load_release(made.folder / "out" / "releases" / "2026.1.0").estimates
    assert second.manifest.content != first
    assert second.estimates.drop_columns(["version_first", "version_revised"]) == (
        first_rows.drop_columns(["version_first", "version_revised"])
    )
