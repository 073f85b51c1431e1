"""The surveys of attitudes from end to end: synthetic London written, read, estimated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from social_evidence.app.build import evidence
from social_evidence.catalogue.load import load
from social_evidence.errors import DataError
from social_evidence.synthetic.london import (
    borough_survey,
    community_life,
    pas,
    survey_of_londoners,
    taking_part,
)
from social_evidence.synthetic.london.attitudes import BELONGS_LOCALLY, TRUSTS_MANY
from social_evidence.synthetic.london.population import make_city
from social_evidence.synthetic.london.sizes import SMALL

LONDON, INNER, ENGLAND, LEWISHAM = "E12000007", "E13000001", "E92000001", "E09000023"
WAVES = {
    "pas": ("fy2015-16", "fy2016-17", "fy2020-21", "fy2021-22"),
    "taking_part": ("fy2014-15", "fy2015-16"),
    "community_life": ("fy2016-17",),
    "community_life_2023": ("fy2023-24",),
    "survey_of_londoners": ("fy2018-19", "fy2021-22"),
    "borough_residents_survey": ("fy2021-22",),
}
MODULES = {
    "pas": pas,
    "taking_part": taking_part,
    "community_life": community_life,
    "community_life_2023": community_life,
    "survey_of_londoners": survey_of_londoners,
    "borough_residents_survey": borough_survey,
}
MEASURES = (
    *("backgrounds_get_on", "neighbours_trusted", "good_place_to_live", "volunteering"),
    *("lived_here_under_a_year", "neighbourhood_belonging", "lonely_hardly_ever"),
)
BREAKDOWNS = ("sex", "age_band", "tenure")
CROSSED = "age_band*ethnic_group*sex"


@pytest.fixture(scope="module")
def city():
    return make_city(SMALL)


@pytest.fixture(scope="module")
def sources(city, tmp_path_factory):
    folder = tmp_path_factory.mktemp("attitudes")
    for source, waves in WAVES.items():
        MODULES[source].write(city, folder, waves, SMALL)
    return folder


def only(whole, sources, measures=MEASURES, breakdowns=BREAKDOWNS):
    """Cut London's definitions down to some surveys, their written waves and a few breakdowns.

    No figure is hidden for its size: samples are a fifteenth, and what is hidden is tested apart.
    """
    kept = {}
    for name in sources:
        source = whole.sources[name]
        files = tuple(file for file in source.files if file.wave in WAVES[name])
        kept[name] = replace(source, files=files, published_openly=True)
    cut = {}
    for name in measures:
        series = []
        for one in whole.measures[name].series:
            waves = WAVES.get(one.source, ())
            periods = tuple(wave for wave in one.periods if wave in waves)
            if one.source in kept and (periods or not one.periods):
                series.append(replace(one, periods=periods))
        if series:
            measure = whole.measures[name]
            cut[name] = replace(measure, series=tuple(series), breakdowns=breakdowns, published=())
    return replace(whole, sources=kept, measures=cut)


@pytest.fixture(scope="module")
def whole(root):
    return load([root / "src" / "social_evidence" / "catalogues" / "london"])


@pytest.fixture(scope="module")
def found(whole, sources):
    return evidence(only(whole, WAVES, breakdowns=(*BREAKDOWNS, CROSSED)), [sources])


@pytest.fixture(scope="module")
def figures(found):
    return {
        (row.measure, row.series, row.period, row.area, row.breakdown, row.group): row
        for row in found.estimates
    }


def of(figures, measure, series, period, area, breakdown="all", group="all"):
    return figures[measure, series, period, area, breakdown, group]


def lies_near(row, truth):
    return abs(row.estimate - truth) < 4 * row.standard_error + 0.0005


@pytest.mark.parametrize(
    ("measure", "outcome"),
    [
        ("backgrounds_get_on", "backgrounds_get_on"),
        ("neighbours_trusted", "neighbours_trusted"),
        ("good_place_to_live", "good_place"),
    ],
)
def test_answers_in_words_become_the_share_of_the_population_that_agrees(
    city, figures, measure, outcome
):
    row = of(figures, measure, "pas", "fy2016-17", LONDON)
    assert lies_near(row, city.truth(outcome, 2016.75, city.is_london))
    assert row.variance_basis == "design"
    assert row.flags == "excludes_city_of_london;synthetic"


def test_every_answer_that_is_one_counts_whatever_its_capitals_and_blanks(sources, figures):
    text = (sources / "pas" / "PAS_ward_level_FY_16_17.csv").read_text(encoding="utf-8")
    header, *lines = (line.split(",") for line in text.splitlines())
    answers = [line[header.index("Q3L")].strip().casefold() for line in lines]
    answered = sum(answer.endswith("agree") for answer in answers)
    assert of(figures, "backgrounds_get_on", "pas", "fy2016-17", LONDON).base == answered


def test_boroughs_and_crossings_come_from_two_years_together_and_the_city_from_one(figures):
    periods = {
        (key[3] in {LONDON, INNER, "E13000002"}, "*" in key[4], key[2])
        for key, row in figures.items()
        if key[:2] == ("good_place_to_live", "pas") and row.status == "shown"
    }
    assert {period for city, crossed, period in periods if not city} == {"fy2015-17"}
    assert {period for _, crossed, period in periods if crossed} == {"fy2015-17"}
    assert (True, False, "fy2016-17") in periods


def test_the_years_by_telephone_begin_a_series_and_flag_the_break(figures):
    for period, area in (("fy2020-21", LONDON), ("fy2020-22", LEWISHAM)):
        assert "break" in of(figures, "good_place_to_live", "pas_2", period, area).flags
    assert ("good_place_to_live", "pas", "fy2020-21", LONDON, "all", "all") not in figures


def test_renamed_columns_of_later_years_give_the_same_groups(figures):
    for period, series in (("fy2016-17", "pas"), ("fy2020-21", "pas_2"), ("fy2021-22", "pas_2")):
        bases = [
            of(figures, "good_place_to_live", series, period, LONDON, "sex", group).base
            for group in ("female", "male")
        ]
        everybody = of(figures, "good_place_to_live", series, period, LONDON).base
        assert 0.95 * everybody < sum(bases) <= everybody, period


def test_the_city_of_london_is_absent_and_not_zero(figures):
    assert not [key for key in figures if key[1].startswith("pas") and key[3] == "E09000001"]


def test_volunteering_is_of_two_years_and_of_england_too(city, figures):
    row = of(figures, "volunteering", "taking_part", "fy2014-16", LONDON)
    assert lies_near(row, city.truth("volunteered", 2015.25, city.is_london))
    assert row.variance_basis == "weights_only"
    areas = {key[3] for key in figures if key[1] == "taking_part"}
    assert {LONDON, "rest_of_england", ENGLAND} <= areas


def test_sex_coded_either_way_gives_the_women(city, sources, figures):
    for series, period in (("community_life", "fy2016-17"), ("community_life_2023", "fy2023-24")):
        women, men = (
            of(figures, "volunteering", series, period, ENGLAND, "sex", group)
            for group in ("female", "male")
        )
        people = community_life.sample_of(city, period, SMALL)
        asked = people.values(city.sex) == 0
        assert abs(women.base - asked.sum()) < 0.05 * len(people)
        assert abs(men.base - (~asked).sum()) < 0.05 * len(people)


def test_every_borough_has_figures_from_the_year_of_the_enlarged_sample(figures):
    shown = {
        key[3]
        for key, row in figures.items()
        if key[:2] == ("neighbours_trusted", "community_life_2023")
        and key[4] == "all"
        and row.status == "shown"
    }
    assert len([area for area in shown if area.startswith("E09")]) >= 32
    assert {LONDON, INNER, "rest_of_england", ENGLAND} <= shown
    usual = {key[3] for key in figures if key[1] == "community_life"}
    assert not any(area.startswith("E09") and area != LONDON for area in usual)


@pytest.mark.parametrize("area", [LONDON, "rest_of_england"])
def test_trust_by_count_is_a_series_of_its_own(city, figures, area):
    row = of(figures, "neighbours_trusted", "community_life", "fy2016-17", area)
    where = city.is_london if area == LONDON else (city.region < 10) & ~city.is_london
    assert lies_near(row, city.truth(TRUSTS_MANY, 2016.75, where))


def test_the_survey_of_londoners_is_of_london_alone(city, figures):
    row = of(figures, "neighbourhood_belonging", "survey_of_londoners", "fy2018-19", LONDON)
    assert lies_near(row, city.truth(BELONGS_LOCALLY, 2018.75, city.is_london))
    assert {key[3] for key in figures if key[1] == "survey_of_londoners"} == {LONDON}


def test_a_boroughs_survey_gives_figures_of_the_borough_and_of_nothing_else(figures):
    own = {key: row for key, row in figures.items() if key[1] == "borough_residents_survey"}
    assert {key[3] for key in own} == {LEWISHAM}
    assert {key[0] for key in own} == {
        *("backgrounds_get_on", "neighbours_trusted", "neighbourhood_belonging", "volunteering"),
    }
    row = of(figures, "volunteering", "borough_residents_survey", "fy2021-22", LEWISHAM)
    assert row.variance_basis == "replicates"
    assert row.degrees_of_freedom == 39
    assert "synthetic" in row.flags


def test_a_boroughs_verdicts_stand_in_the_provenance(found):
    verdicts = {
        record.measure: record.comparability["verdict"]
        for record in found.provenance
        if record.series == "borough_residents_survey"
    }
    assert verdicts == {
        "backgrounds_get_on": "minor",
        "neighbours_trusted": "major",
        "neighbourhood_belonging": "major",
        "volunteering": "minor",
    }


def test_the_boroughs_workbook_and_its_statistical_file_give_the_same_figures(
    whole, sources, tmp_path
):
    catalogue = only(whole, ["borough_residents_survey"])
    (sav,) = (sources / "borough_residents_survey").glob("*.sav")
    beside = tmp_path / "borough_residents_survey" / sav.name
    beside.parent.mkdir()
    beside.write_bytes(sav.read_bytes())
    from_words = evidence(catalogue, [sources]).estimates
    from_codes = evidence(catalogue, [tmp_path]).estimates
    assert from_words == from_codes


def edited(sources, folder, name, old, new):
    """Copy one file of the police survey with one column's name changed."""
    text = (sources / "pas" / name).read_text(encoding="utf-8")
    path = folder / "pas" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def one_year(whole, wave, measures=("good_place_to_live",)):
    catalogue = only(whole, ["pas"], measures)
    source = catalogue.sources["pas"]
    files = tuple(file for file in source.files if file.wave == wave)
    series = {
        name: replace(measure, series=(replace(measure.series[0], periods=(wave,)),))
        for name, measure in catalogue.measures.items()
    }
    sources = {"pas": replace(source, files=files, pool=None)}
    return replace(catalogue, sources=sources, measures=series)


def test_a_real_file_without_a_guessed_column_stops_and_says_which_line_to_edit(
    whole, sources, tmp_path
):
    name = "PAS_ward_level_FY_16_17.csv"
    edited(sources, tmp_path, name, "NQ1I", "NQ1X")
    with pytest.raises(DataError) as refused:
        evidence(one_year(whole, "fy2016-17"), [tmp_path])
    told = str(refused.value)
    assert name in told
    assert "'NQ1I'" in told
    assert "good_place_to_live" in told
    assert "Which column asks whether London is a good place to live" in told
    text = whole.files["sources/surveys/pas.toml"].splitlines()
    (line,) = [n for n, line in enumerate(text, 1) if line == 'good_place_to_live = ["NQ1I"]']
    assert f"sources/surveys/pas.toml, line {line}" in told


def test_a_column_renamed_in_one_years_file_is_one_line_to_edit(whole, sources, tmp_path):
    edited(sources, tmp_path, "PAS_ward_level_FY_16_17.csv", "Q136r", "Age_2017")
    catalogue = one_year(whole, "fy2016-17")
    with pytest.raises(DataError, match="Q136r"):
        evidence(catalogue, [tmp_path])
    source = catalogue.sources["pas"]
    file = replace(source.files[0], columns={"age_band": "Age_2017"})
    mended = replace(catalogue, sources={"pas": replace(source, files=(file,))})
    rows = evidence(mended, [tmp_path]).estimates
    usual = evidence(catalogue, [sources]).estimates
    assert [row.estimate for row in rows] == [row.estimate for row in usual]


def test_two_weights_that_fit_the_pattern_are_refused_until_one_is_named(whole, sources, tmp_path):
    name = "PAS_ward_level_FY_16_17.csv"
    edited(sources, tmp_path, name, "Q150r", "Q150WT")
    with pytest.raises(DataError, match="WT"):
        evidence(one_year(whole, "fy2016-17"), [tmp_path])
