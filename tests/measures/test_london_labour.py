"""London's measures of work, the internet and language: who counts, and by which weight."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from social_evidence.catalogue.load import load
from social_evidence.engine.duckdb import evaluate_scalar

GUESSED = {
    "aps": {"aliases.PLACE", "breakdowns.disability.groups", "design.deff", "pool.overlap"},
    "lfs_q1": {"items.internet_last_used.variable", "design.household"},
    "lfs_q3": {"derived.language_difficulty.expression", "design.household"},
}


@pytest.fixture(scope="module")
def catalogue(root):
    return load([root / "src" / "social_evidence" / "catalogues" / "london"])


@pytest.fixture(scope="module")
def aps(catalogue):
    return catalogue.sources["aps"]


def values_of(source, name, **columns):
    count = max(len(values) for values in columns.values())
    rows = [{column: values[at] for column, values in columns.items()} for at in range(count)]
    return evaluate_scalar(source.derived[name].expression, rows)


def test_people_are_of_working_age_from_16_to_64(aps):
    assert values_of(aps, "working_age", AGE=[15, 16, 64, 65, None]) == [0, 1, 1, 0, None]


@pytest.mark.parametrize("source", ["lfs_q1", "lfs_q3"])
def test_children_have_no_age_band_for_they_are_asked_nothing(catalogue, source):
    survey = catalogue.sources[source]
    assert values_of(survey, "adult_age", AGE=[15, 16, 90, None]) == [None, 16, 90, None]
    assert survey.breakdowns["age_band"].variable == "adult_age"


def test_no_age_band_lies_outside_working_age_to_hide_others_by_its_empty_cell(aps):
    ages = values_of(aps, "age_of_working_age", AGE=[15, 16, 64, 65, None])
    assert ages == [None, 16, 64, None, None]
    bands = aps.breakdowns["age_band"].bands
    assert {age for limits in bands.values() for age in limits} <= set(range(16, 65))


def test_a_londoner_belongs_to_the_borough_and_everybody_else_to_the_region(aps):
    found = values_of(
        aps,
        "area",
        GOVTOF2=[8, 8, 9, 13, None],
        PLACE=["E09000012", None, "E07000001", None, "E09000012"],
    )
    assert found == ["E09000012", None, "9", "13", None]
    assert aps.areas.codes["9"] == "rest_of_england"
    assert aps.areas.codes["13"] == "rest_of_uk"


def test_an_edition_without_boroughs_places_londoners_in_the_city(aps):
    assert aps.aliases["PLACE"][-1] == "GOVTOF2"
    assert values_of(aps, "area", GOVTOF2=[8, 12], PLACE=[8, 12]) == ["8", "12"]
    assert aps.areas.codes["8"] == "E12000007"


def test_social_renting_is_told_from_private_by_the_landlord(aps):
    found = values_of(
        aps, "tenure", TEN1=[1, 2, 4, 4, 4, 4, 5, None], LLORD=[None, None, 1, 2, 7, None, None, 1]
    )
    assert found == [1, 2, 40, 40, 4, None, 5, None]


def test_each_file_is_weighted_by_the_weight_its_name_tells(catalogue):
    for name in ("aps", "lfs_q1", "lfs_q3"):
        for file in catalogue.sources[name].files:
            weight = file.columns["PERSON_WEIGHT"]
            assert PurePosixPath(file.path).stem.endswith(weight.lower()), file.path
            assert catalogue.sources[name].design.weight == "PERSON_WEIGHT"


@pytest.mark.parametrize("measure", ["employment_gap", "unemployment_rate"])
def test_no_series_of_the_annual_survey_mixes_two_weights(catalogue, aps, measure):
    weight_of = {file.wave: file.columns["PERSON_WEIGHT"] for file in aps.files}
    series = [one for one in catalogue.measures[measure].series if one.source == "aps"]
    covered = [wave for one in series for wave in one.periods]
    assert sorted(covered) == sorted(weight_of)
    for one in series:
        weights = {weight_of[wave] for wave in one.periods}
        assert len(weights) == 1
        assert weights.pop() in one.note


def test_pools_of_three_years_back_from_the_newest_keep_within_a_series(catalogue, aps):
    waves = [file.wave for file in aps.files][::-1]
    pools = [set(waves[at : at + aps.pool.waves]) for at in range(0, len(waves), aps.pool.waves)]
    series = [set(one.periods) for one in catalogue.measures["employment_gap"].series]
    assert {"2015", "2016", "2017"} in pools
    assert all(any(pool <= own for own in series) for pool in pools)


def test_a_pool_says_how_many_people_return_and_how_alike_they_answer(aps):
    assert 0 < aps.pool.overlap < 1
    assert 0 < aps.pool.correlation < 1
    assert "assum" in aps.pool.note


def test_gaps_by_disability_and_by_ethnic_group_hold_the_sex_fixed(catalogue):
    measure = catalogue.measures["employment_gap"]
    assert measure.varied(("disability", "sex")) == "disability"
    assert measure.varied(("ethnic_group_gaps", "sex")) == "ethnic_group_gaps"


def test_the_strategys_gaps_wait_to_be_verified(catalogue):
    printed = {
        (one.period, one.group): one.estimate
        for one in catalogue.measures["employment_gap"].published
        if one.statistic == "difference" and one.period in {"2016", "2017"}
    }
    assert printed == {
        ("2016", "disabled"): 0.27,
        ("2017", "disabled"): 0.27,
        ("2016", "female"): 0.14,
        ("2016", "pakistani_bangladeshi"): 0.24,
        ("2016", "indian"): 0.03,
        ("2016", "black"): 0.10,
        ("2016", "other"): 0.14,
        ("2016", "mixed"): 0.16,
    }


def test_young_men_are_compared_by_age_ethnic_group_and_sex_over_three_years(catalogue):
    measure = catalogue.measures["unemployment_rate"]
    assert measure.supporting
    printed = {one.group: (one.period, one.estimate) for one in measure.published}
    assert printed == {
        "16_24 * black * male": ("p2015-2017", 0.32),
        "16_24 * white * male": ("p2015-2017", 0.14),
    }


def test_one_difficulty_is_enough_and_without_one_both_answers_are_needed(catalogue):
    found = values_of(
        catalogue.sources["lfs_q3"],
        "language_difficulty",
        LANGD1=[1, 2, 1, 2, 1, None, 2, None, None],
        LANGD2=[2, 1, 1, 2, None, 1, None, 2, None],
    )
    assert found == [1, 1, 1, 0, 1, 1, None, None, None]


def test_people_who_last_used_the_internet_long_ago_count_with_those_who_never_did(catalogue):
    (series,) = [s for s in catalogue.measures["offline"].series if s.source == "lfs_q1"]
    assert set(series.numerator) == {"lapsed", "never"}
    assert set(series.denominator) - set(series.numerator) == {"recent"}


@pytest.mark.parametrize("source", ["lfs_q1", "lfs_q3"])
def test_a_source_that_ended_says_so(catalogue, source):
    assert catalogue.sources[source].ended


@pytest.mark.parametrize(("source", "fields"), GUESSED.items())
def test_what_nobody_has_seen_is_listed_to_be_confirmed(catalogue, source, fields):
    assert fields <= catalogue.sources[source].to_confirm.keys()
