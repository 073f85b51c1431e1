"""The example catalogue: it loads, its examples fall right, its words keep to the rules."""

from __future__ import annotations

import re

import pytest

from social_evidence.catalogue.load import load

STRATEGY = {
    *("friends_similar", "backgrounds_get_on", "hate_crime_rate", "no_one_to_rely_on"),
    *("neighbours_trusted", "electoral_registration", "volunteering", "organisation_member"),
    *("employment_gap", "gcse_attainment", "early_education_uptake", "housing_unaffordable"),
    *("low_savings", "offline", "language_barrier", "citizenship_ceremonies"),
    *("neighbourhood_belonging", "good_place_to_live"),
}
JUDGING = re.compile(r"\b(good|bad|worrying|alarming|only|just|sadly|best|worst)\b", re.IGNORECASE)


@pytest.fixture(scope="session")
def catalogue(root):
    return load([root / "examples" / "open-data"])


def test_it_loads_without_a_fault_and_every_example_falls_right(catalogue):
    assert len(catalogue.measures) == 26
    assert sum(len(measure.examples) for measure in catalogue.measures.values()) == 14


def test_its_measures_stand_outside_the_eighteen_of_the_strategy(catalogue):
    assert not STRATEGY & catalogue.measures.keys()


def test_titles_say_what_is_measured_in_one_plain_line(catalogue):
    for measure in catalogue.measures.values():
        assert measure.title[0].isupper(), measure.id
        assert not measure.title.endswith("."), measure.id
        assert len(measure.title) <= 90, measure.id
        assert "%" not in measure.title, f"{measure.id}: percent exists only in figures"
        quoted = measure.title.replace("do a good job", "")
        assert not JUDGING.search(quoted), f"{measure.id}: a title measures, it does not judge"


def test_every_measure_says_why_it_matters_in_its_own_words(catalogue):
    reasons = [measure.rationale.strip() for measure in catalogue.measures.values()]
    assert all(reason.endswith(".") for reason in reasons)
    assert len(set(reasons)) == len(reasons)


def test_every_survey_measure_of_a_share_has_an_example_inside_and_one_beside(catalogue):
    for measure in catalogue.measures.values():
        kinds = {catalogue.sources[series.source].kind for series in measure.series}
        if "microdata" in kinds and measure.statistic == "proportion":
            falls = {example.falls for example in measure.examples}
            assert falls == {"numerator", "denominator"}, measure.id


def test_every_source_names_its_licence_and_how_to_get_it(catalogue):
    for source in catalogue.sources.values():
        assert source.licence
        assert source.how_to_get
        assert source.url.startswith("https://"), source.id


def test_london_has_its_33_boroughs_14_of_them_inner(catalogue):
    tree = catalogue.areas
    assert len(tree.leaves("E12000007")) == 33
    assert len(tree.children("E13000001")) == 14
    assert tree.find("City of Westminster") == "E09000033"
    assert tree.find("Richmond Upon Thames") == "E09000027"


def test_ten_and_more_figures_printed_by_publishers_wait_to_be_verified(catalogue):
    assert sum(len(measure.published) for measure in catalogue.measures.values()) >= 10


def test_a_survey_of_two_states_makes_no_figure_of_their_country(catalogue):
    measure = catalogue.measures["acs_without_health_insurance"]
    assert measure.areas == ("state",)


def test_both_forms_of_the_teaching_file_are_described_alike(catalogue):
    tab, sav = (catalogue.sources[f"bcs_2007_8_{form}"] for form in ("tab", "sav"))
    assert tab.items == sav.items
    assert tab.breakdowns == sav.breakdowns
    assert tab.design == sav.design
    assert tab.derived == sav.derived
