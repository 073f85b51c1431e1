"""London's measures of mixing, trust, place and volunteering: which survey, words and verdicts."""

from __future__ import annotations

from collections import defaultdict

import pytest

from social_evidence.catalogue.load import load
from social_evidence.engine.duckdb import evaluate_scalar

SURVEYS = {
    *("pas", "taking_part", "community_life", "community_life_2023", "survey_of_londoners"),
    "borough_residents_survey",
}
MEASURES = {
    *("backgrounds_get_on", "neighbours_trusted", "good_place_to_live", "volunteering"),
    "lived_here_under_a_year",
}
LONDON, INNER, ENGLAND = "E12000007", "E13000001", "E92000001"


@pytest.fixture(scope="module")
def catalogue(root):
    return load([root / "src" / "social_evidence" / "catalogues" / "london"])


@pytest.fixture(scope="module")
def pas(catalogue):
    return catalogue.sources["pas"]


@pytest.fixture(scope="module")
def borough(catalogue):
    return catalogue.sources["borough_residents_survey"]


def series_of(catalogue, measure):
    return {series.id: series for series in catalogue.measures[measure].series}


def test_the_strategys_figures_wait_to_be_verified(catalogue):
    printed = {
        ("backgrounds_get_on", "fy2016-17", "pas", 0.91),
        ("good_place_to_live", "fy2016-17", "pas", 0.90),
        ("volunteering", "fy2014-16", "taking_part", 0.26),
    }
    found = {
        (name, figure.period, figure.series, figure.estimate)
        for name in MEASURES
        for figure in catalogue.measures[name].published
        if figure.area == LONDON
    }
    assert printed <= found


def test_no_answer_counts_above_the_line_that_is_not_an_agreement(catalogue):
    for name in ("backgrounds_get_on", "good_place_to_live"):
        for series in catalogue.measures[name].series:
            assert set(series.numerator) == {"strongly_agree", "tend_to_agree"}, series.id


def test_the_change_to_the_telephone_is_a_break_and_not_a_change(catalogue):
    for name in ("backgrounds_get_on", "neighbours_trusted", "good_place_to_live"):
        series = series_of(catalogue, name)
        assert series["pas"].periods[-1] == "fy2019-20"
        assert series["pas_2"].periods == ("fy2020-21", "fy2021-22")


def test_no_pool_mixes_years_asked_at_home_with_years_asked_by_telephone(pas):
    waves = [file.wave for file in pas.files if file.wave not in pas.pool.leave_out]
    pairs = list(zip(waves[::2], waves[1::2], strict=True))
    assert pairs == [
        ("fy2015-16", "fy2016-17"),
        ("fy2017-18", "fy2018-19"),
        ("fy2020-21", "fy2021-22"),
    ]


def test_the_police_area_is_london_without_the_city_and_says_so(pas):
    assert set(pas.areas.covers) == {LONDON, INNER, "E13000002"}
    assert pas.areas.flags[LONDON] == pas.areas.flags[INNER] == ("excludes_city_of_london",)


def test_the_surveys_strata_are_borough_and_quarter(pas):
    assert pas.design.strata == ("borough", "interview_quarter")
    assert pas.design.statement


@pytest.mark.parametrize("name", sorted(SURVEYS - {"borough_residents_survey"}))
def test_a_survey_whose_names_are_guessed_asks_for_them(catalogue, name):
    source = catalogue.sources[name]
    asked = source.to_confirm
    assert "files" in asked
    assert all("?" in question for question in asked.values())
    assert asked.get("aliases.weight"), "no weight of these deposits is known for sure"


def test_what_was_seen_is_not_asked_again(catalogue, pas):
    assert "items.backgrounds_get_on.variable" not in pas.to_confirm
    assert "items.people_trusted.variable" in pas.to_confirm  # whether it was asked in 2020/21
    assert "breakdowns.sex.groups" not in catalogue.sources["community_life_2023"].to_confirm


def test_a_question_several_surveys_put_does_not_claim_the_place_of_one(catalogue):
    asked_by = defaultdict(set)
    for name, source in catalogue.sources.items():
        for item in source.items:
            asked_by[item].add(name)
    shared = {item for item, names in asked_by.items() if len(names) > 1}
    claims = {
        item: catalogue.questions[item].asked_of
        for item in shared
        if {"London", "England"} & set(catalogue.questions[item].asked_of.split())
    }
    assert "backgrounds_get_on" in shared
    assert claims == {}


def test_a_source_that_another_carries_on_says_when_it_ended(catalogue):
    followed = {name for name, source in catalogue.sources.items() if source.successor}
    assert "community_life" in followed
    assert {name for name in followed if not catalogue.sources[name].ended} == set()


def test_sex_is_coded_the_other_way_round_in_the_enlarged_survey(catalogue):
    assert catalogue.sources["community_life"].breakdowns["sex"].groups["1"] == "male"
    assert catalogue.sources["community_life_2023"].breakdowns["sex"].groups["1"] == "female"


def test_local_authorities_outside_london_are_the_rest_of_england(catalogue):
    derived = catalogue.sources["community_life_2023"].derived["borough"]
    rows = [{"local_authority": code} for code in ("E09000007", "E07000001", None)]
    assert evaluate_scalar(derived.expression, rows) == ["E09000007", "rest_of_england", None]


def test_the_survey_that_ended_names_its_successor(catalogue):
    ended = catalogue.sources["taking_part"]
    assert "2019/20" in ended.ended
    assert ended.successor == "community_life"
    assert catalogue.sources["community_life"].successor == "community_life_2023"


def test_volunteering_in_london_is_of_two_years_as_in_the_strategy(catalogue):
    source = catalogue.sources["taking_part"]
    assert source.pool.waves == 2
    assert source.pool.everything
    assert [file.wave for file in source.files][:2] == ["fy2014-15", "fy2015-16"]
    assert len(source.files) % 2 == 0, "or the first year would be in no pool"


def test_each_question_of_another_survey_has_a_verdict(catalogue):
    own = {"pas", "taking_part"}
    for name in SURVEYS - own:
        for item_id, item in catalogue.sources[name].items.items():
            if item_id != "lonely_direct":
                assert item.compares is not None, f"{name}: {item_id}"
                assert item.compares.note, f"{name}: {item_id}"


def test_questions_of_the_measures_own_survey_need_none(catalogue):
    for name in ("pas", "taking_part"):
        assert all(item.compares is None for item in catalogue.sources[name].items.values())


def test_a_count_of_trusted_neighbours_must_not_be_set_against_an_agreement(catalogue):
    for name in ("community_life", "community_life_2023", "borough_residents_survey"):
        compares = catalogue.sources[name].items["people_trusted_count"].compares
        assert compares.scale == "major"
        assert compares.verdict == "major"


def test_a_borough_reads_which_of_its_questions_compare(borough):
    verdicts = {name: item.compares.verdict for name, item in borough.items.items()}
    assert verdicts == {
        "backgrounds_get_on": "minor",
        "people_trusted_count": "major",
        "belongs_to_neighbourhood": "major",
        "volunteered": "minor",
    }


def test_a_boroughs_survey_is_one_file_and_makes_no_figure_of_london(catalogue, borough):
    assert borough.areas.whole == "E09000023"
    assert not borough.areas.covers
    assert {series.measure for series in borough.series} == {
        *("backgrounds_get_on", "neighbours_trusted", "neighbourhood_belonging", "volunteering"),
    }
    for measure in ("backgrounds_get_on", "neighbours_trusted", "volunteering"):
        assert "borough_residents_survey" in series_of(catalogue, measure)


def test_words_and_codes_of_the_boroughs_file_mean_the_same(borough):
    for item in borough.items.values():
        by_code = [answer for code, answer in item.answers.items() if code.isdigit()]
        in_words = [answer for code, answer in item.answers.items() if not code.isdigit()]
        assert by_code == in_words


def test_a_boroughs_file_is_synthetic_in_every_edition(borough):
    assert borough.synthetic
    assert "made up" in borough.title


def test_replicate_weights_are_forty_and_their_method_is_named(borough):
    assert borough.design.replicates == tuple(f"repwt{n:02d}" for n in range(1, 41))
    assert borough.design.replicate_method == "jk1"
