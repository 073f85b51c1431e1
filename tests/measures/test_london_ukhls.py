"""London's definitions of Understanding Society: waves, weights, codes and who counts."""

from __future__ import annotations

import re
from collections import defaultdict

import pyarrow as pa
import pytest

from social_evidence.catalogue.load import load
from social_evidence.engine.columns import compute
from social_evidence.model.source import EVERY_WAVE

LETTERS = "abcdefghijklmno"
WAVES = {f"{2008 + number}-{2009 + number}": number for number in range(1, 16)}
FRIENDS = {
    "friends_similar_age": "simage",
    "friends_similar_ethnicity": "simrace",
    "friends_similar_income": "siminc",
    "friends_similar_education": "simeduc",
}
MEASURES = {
    "friends_similar": {3, 6, 9, 12},
    "no_one_to_rely_on": {2, 5, 11, 14},
    "organisation_member": {3, 6, 9, 12},
    "neighbourhood_belonging": {1, 3, 6, 9, 12},
    "lonely_hardly_ever": set(range(9, 16)),
}
NO_ANSWER = {-1, -2, -7, -9, -10, -11, -20}


@pytest.fixture(scope="session")
def catalogue(root):
    return load([root / "src" / "social_evidence" / "catalogues" / "london"])


@pytest.fixture(scope="session")
def ukhls(catalogue):
    return catalogue.sources["ukhls"]


def series_of(catalogue, measure):
    return [one for one in catalogue.measures[measure].series if one.source == "ukhls"]


def sample_of(number):
    """Name the sample that a wave's weights describe."""
    if number == 1:
        return "us"
    if number <= 5:
        return "ub"
    return "ui" if number <= 13 else "g2"


def test_fifteen_waves_have_their_interviews_and_their_households(ukhls):
    found = defaultdict(list)
    for file in ukhls.files:
        found[file.wave].append(file)
    assert list(found) == [*WAVES, EVERY_WAVE]
    for wave, number in WAVES.items():
        main, households = found[wave]
        letter = LETTERS[number - 1]
        assert main.path.endswith(f"/{letter}_indresp.tab")
        assert households.path.endswith(f"/{letter}_hhresp.tab")
        assert (main.join, households.join) == ((), ("hidp",))
        assert main.prefix == households.prefix == f"{letter}_"


def test_each_wave_names_the_two_weights_of_its_own_sample(ukhls):
    for file in ukhls.files:
        if file.wave in WAVES and not file.join:
            sample = sample_of(WAVES[file.wave])
            assert dict(file.columns) == {
                "weight_interview": f"indin{sample}_xw",
                "weight_self_completion": f"indsc{sample}_xw",
            }, file.wave


def test_files_of_every_wave_are_looked_up_by_the_person(ukhls):
    lasting = [file for file in ukhls.files if file.wave == EVERY_WAVE]
    assert [file.path.rsplit("/", 1)[1] for file in lasting] == [
        "xwavedat.tab",
        "a_indresp.tab",
        "i_indresp.tab",
    ]
    assert {file.join for file in lasting} == {("pidp",)}


def test_no_answer_of_another_wave_can_stand_in_for_one_a_wave_lacks(ukhls):
    for file in ukhls.files:
        if file.wave == EVERY_WAVE:
            assert file.prefix == "", file.path
            letter = file.path.rsplit("/", 1)[1][:2]
            own = {"a_", "i_"} & {letter}
            assert all(name.startswith(letter) for name in file.columns.values()) or not own


def test_every_file_is_also_known_by_its_older_folder_and_its_stata_edition(ukhls):
    for file in ukhls.files:
        assert any(path.startswith("UKDA-6614-stata/") for path in file.also), file.path
        assert any(path.startswith("UKDA-6614-tab/") for path in file.also), file.path


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_covers_the_waves_that_ask_it(catalogue, measure):
    for series in series_of(catalogue, measure):
        assert {WAVES[period] for period in series.periods} == MEASURES[measure]


def test_an_answer_carries_the_weight_of_the_way_it_was_given(catalogue, ukhls):
    for measure in MEASURES:
        for series in series_of(catalogue, measure):
            variable = ukhls.items[series.item].variable
            named = ukhls.derived[variable].expression if variable in ukhls.derived else variable
            self_completed = re.search(r"\bsc[a-z]", named) is not None
            wanted = "weight_self_completion" if self_completed else "weight_interview"
            assert series.weight == wanted, measure


def test_the_codes_for_no_answer_hold_everywhere_and_inapplicable_is_none_of_them(ukhls):
    assert set(ukhls.missing["*"]) == NO_ANSWER


@pytest.mark.parametrize(("item", "variable"), FRIENDS.items())
def test_people_without_close_friends_are_outside_the_base(catalogue, ukhls, item, variable):
    assert ukhls.items[item].variable == variable
    assert ukhls.items[item].answers["-8"] == "no_close_friends"
    assert variable not in ukhls.missing
    [series] = [one for one in series_of(catalogue, "friends_similar") if one.item == item]
    assert series.place({item: "no_close_friends"}) == "outside"
    assert series.place({item: "all"}) == "numerator"
    assert series.place({item: "none"}) == "denominator"


# Partner, relatives, friends: codes as in the file, null where there is no answer -> what it makes.
@pytest.mark.parametrize(
    ("answers", "nobody"),
    [
        ((1, 1, 1), 0),
        ((2, 3, 4), 1),
        ((-8, 2, 3), 1),
        ((-8, 1, 4), 0),
        ((-8, -8, -8), 1),
        ((None, 1, None), 0),
        ((-8, None, 1), 0),
        ((None, 2, 2), None),
        ((-8, 2, None), None),
        ((None, None, None), None),
    ],
)
def test_somebody_relied_on_a_lot_decides_and_an_open_question_stays_open(ukhls, answers, nobody):
    columns = {
        name: pa.array([answer], pa.int64())
        for name, answer in zip(("scprely", "scrrely", "scfrely"), answers, strict=True)
    }
    sql = ukhls.derived["nobody_relied_on"].expression
    made = compute(pa.table(columns), {"nobody_relied_on": sql}, name="three answers")
    assert made["nobody_relied_on"].to_pylist() == [nobody]


@pytest.mark.parametrize(
    ("any_religion", "which", "religion"),
    [(2, None, 0), (1, 12, 12), (1, None, None), (None, 12, None)],
)
def test_no_religion_is_an_answer_of_its_own(ukhls, any_religion, which, religion):
    columns = {
        "religion_any": pa.array([any_religion], pa.int64()),
        "religion_which": pa.array([which], pa.int64()),
    }
    made = compute(
        pa.table(columns), {"religion": ukhls.derived["religion"].expression}, name="two answers"
    )
    assert made["religion"].to_pylist() == [religion]


def test_the_region_is_the_finest_place_the_licensed_file_names(catalogue, ukhls):
    codes = {int(raw): area for raw, area in ukhls.areas.codes.items()}
    assert sorted(codes) == list(range(1, 13))
    assert codes[7] == "E12000007"
    assert {codes[region] for region in (1, 2, 3, 4, 5, 6, 8, 9)} == {"rest_of_england"}
    assert {codes[region] for region in (10, 11, 12)} == {"rest_of_uk"}
    assert any("none for boroughs" in note for note in ukhls.notes)


def test_the_rule_for_strata_of_one_cluster_is_named_with_its_reason(ukhls):
    assert ukhls.design.lonely_psu == "adjust"
    assert "Northern Ireland" in ukhls.design.statement
    assert (ukhls.design.strata, ukhls.design.psu) == (("strata",), "psu")
    assert ukhls.design.units_recur == "pidp"
    assert ukhls.base_unit == "people"


def test_the_nine_ethnic_groups_lie_within_the_five(ukhls):
    five = ukhls.breakdowns["ethnic_group"].groups
    nine = ukhls.breakdowns["ethnic_group_detailed"].groups
    assert {int(code) for code in five} == {*range(1, 18), 97}
    assert five.keys() == nine.keys()
    above = defaultdict(set)
    for code, group in nine.items():
        above[group].add(five[code])
    assert all(len(groups) == 1 for groups in above.values())


def test_a_map_that_only_comes_near_says_so(ukhls):
    approximate = {name for name, one in ukhls.breakdowns.items() if one.approximate}
    assert approximate == {
        "disability",
        "social_class",
        "religion",
        "sexual_orientation",
        "first_language",
        "employment_status",
    }


def test_what_is_a_guess_is_a_question_to_the_publisher(ukhls):
    asked = " ".join(ukhls.to_confirm.values())
    for name in ("simage", "simeduc", "sexuor", "i_scopngbha", "-20"):
        assert name in asked, name
    assert all(question.endswith("?") for question in ukhls.to_confirm.values())


def test_the_strategys_figures_stand_with_the_wave_they_were_made_from(catalogue):
    printed = {
        (measure, figure.part, figure.period, figure.area, figure.group): figure.estimate
        for measure in MEASURES
        for figure in catalogue.measures[measure].published
        if figure.period in WAVES
    }
    london = "E12000007"
    assert printed == {
        ("friends_similar", "ethnicity", "2014-2015", london, "all"): 0.21,
        ("friends_similar", "age", "2014-2015", london, "all"): 0.32,
        ("friends_similar", "education", "2014-2015", london, "all"): 0.30,
        ("no_one_to_rely_on", "all", "2013-2014", london, "all"): 0.21,
        ("no_one_to_rely_on", "all", "2013-2014", "rest_of_england", "all"): 0.15,
        ("no_one_to_rely_on", "all", "2013-2014", london, "20_24"): 0.34,
        ("no_one_to_rely_on", "all", "2013-2014", london, "55_59"): 0.24,
        ("neighbourhood_belonging", "all", "2014-2015", london, "all"): 0.66,
    }


def test_loneliness_stands_beside_the_eighteen(catalogue):
    assert [name for name in MEASURES if catalogue.measures[name].supporting] == [
        "lonely_hardly_ever"
    ]


def test_three_answers_to_loneliness_and_five_are_never_one_series(catalogue):
    items = {one.source: one.item for one in catalogue.measures["lonely_hardly_ever"].series}
    assert items["ukhls"] == "lonely_how_often"
    assert {item for source, item in items.items() if source != "ukhls"} == {"lonely_direct"}
    printed = catalogue.measures["lonely_hardly_ever"].published
    assert {(one.series, one.period) for one in printed} == {("community_life", "fy2016-17")}
