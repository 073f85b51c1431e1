"""Files of the surveys of attitudes: the layouts their publishers are known to write."""

from __future__ import annotations

import csv
from collections import Counter

import numpy as np
import pytest

from social_evidence.model.layout import Layout
from social_evidence.readers import open_table
from social_evidence.synthetic.london import (
    borough_survey,
    codes,
    community_life,
    pas,
    survey_of_londoners,
    taking_part,
)
from social_evidence.synthetic.london.attitudes import TRUSTS_MANY
from social_evidence.synthetic.london.population import make_city
from social_evidence.synthetic.london.sizes import SMALL


@pytest.fixture(scope="module")
def city():
    return make_city(SMALL)


@pytest.fixture(scope="module")
def written(city, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    modules = {
        pas: ("fy2016-17", "fy2019-20", "fy2020-21", "fy2021-22"),
        taking_part: ("fy2015-16",),
        community_life: ("fy2016-17", community_life.ENLARGED),
        survey_of_londoners: survey_of_londoners.WAVES,
        borough_survey: borough_survey.WAVES,
    }
    return {
        path.name: path
        for module, waves in modules.items()
        for path in module.write(city, folder, waves, SMALL)
    }


def rows_of(path):
    separator = "\t" if path.suffix == ".tab" else ","
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, delimiter=separator))


def test_every_flat_file_carries_the_synthetic_mark_in_its_last_column(written):
    for path in written.values():
        if path.suffix in {".csv", ".tab"}:
            rows = rows_of(path)
            assert list(rows[0])[-1] == "SYNTHETIC", path.name
            assert {row["SYNTHETIC"] for row in rows} == {"1"}, path.name


def test_the_police_survey_interviews_as_many_in_each_of_32_boroughs(city):
    people, quarters = pas.sample_of(city, "fy2016-17", SMALL)
    areas = Counter(people.values(city.area).tolist())
    assert len(areas) == 32
    assert codes.AREAS.index("E09000001") not in areas
    assert max(areas.values()) < 3 * min(areas.values())
    assert set(quarters) == {0, 1, 2, 3}
    assert people.weight.mean() == pytest.approx(1)


def test_the_police_surveys_columns_are_renamed_from_year_to_year(written):
    early, late, last = (
        set(rows_of(written[f"PAS_ward_level_FY_{years}.csv"])[0])
        for years in ("16_17", "20_21", "21_22")
    )
    assert {"C2", "XQ135r", "Q136r", "NQ147r", "WTFY1617"} <= early
    assert {"Borough", "ReXQ135", "ReQ136", "ReNQ147", "WT_Discrete"} <= late
    assert "ReNNQ147" in last
    assert not {"C2", "NQ147r"} & late


def test_the_police_survey_spells_boroughs_in_more_than_one_way(written):
    early = {row["C2"] for row in rows_of(written["PAS_ward_level_FY_16_17.csv"])}
    later = {row["C2"] for row in rows_of(written["PAS_ward_level_FY_19_20.csv"])}
    assert {"Barking & Dagenham", "Westminster", "Richmond Upon Thames"} <= early
    assert {"Barking and Dagenham", "City of Westminster", "Richmond upon Thames"} <= later


def test_its_answers_are_words_with_stray_blanks_capitals_and_ways_of_no_answer(written):
    rows = [
        row for name, path in written.items() if name.startswith("PAS") for row in rows_of(path)
    ]
    trust = {row["Q3C"] for row in rows}
    assert {"Strongly agree", "Neither agree nor disagree", "Don't know", "-"} <= trust
    assert "Tend to agree " in trust
    assert "TEND TO AGREE" in trust
    get_on = {row["Q3L"].strip().casefold() for row in rows}
    assert "neither agree nor disagree" not in get_on  # no middle answer is offered
    assert "tend to disagree" in get_on


def test_taking_part_finds_the_share_of_volunteers_of_the_population(city):
    people = taking_part.sample_of(city, "fy2015-16", SMALL)
    answers = people.values(city.answer("volunteered", 2015.75))
    share = float(np.average(answers, weights=people.weight))
    england = city.region <= 9
    real = city.answer("volunteered", 2015.75)[england & city.is_adult]
    truth = np.average(real, weights=city.grossing[england & city.is_adult])
    assert share == pytest.approx(truth, abs=0.08)
    assert people.values(city.region).max() <= 9


def test_the_enlarged_survey_codes_women_1_and_the_usual_one_2(city, written):
    usual = rows_of(written["clrs_2016-17.tab"])
    enlarged = rows_of(written["community_life_2023-24.tab"])
    women = {
        name: [int(row[column]) for row in rows if city.sex[int(row[serial])] == 0]
        for name, rows, column, serial in (
            ("usual", usual, "sexg", "Cserial"),
            ("enlarged", enlarged, "SEX", "SERIAL"),
        )
    }
    assert Counter(women["usual"]).most_common(1)[0][0] == 2
    assert Counter(women["enlarged"]).most_common(1)[0][0] == 1
    assert set(women["enlarged"]) <= {1, 998}


def test_the_enlarged_survey_samples_every_authority_of_london_alike(city):
    people = community_life.sample_of(city, community_life.ENLARGED, SMALL)
    area = people.values(city.area)
    boroughs = Counter(area[area < codes.REST_OF_ENGLAND].tolist())
    assert len(boroughs) == 33
    del boroughs[0]  # hardly anybody lives in the City
    assert max(boroughs.values()) < 4 * min(boroughs.values())
    adults = city.is_adult & (city.region <= 9)
    assert people.weight.sum() == pytest.approx(float(city.grossing[adults].sum()), rel=1e-6)


def test_the_survey_of_londoners_asks_nobody_else(city):
    people = survey_of_londoners.sample_of(city, "fy2018-19", SMALL)
    assert people.values(city.is_london).all()


def test_the_boroughs_survey_asks_adults_of_one_borough_one_at_an_address(city):
    people = borough_survey.sample_of(city, SMALL)
    assert set(people.values(city.area)) == {codes.AREAS.index("E09000023")}
    assert people.values(city.age).min() >= 18
    assert len(set(people.values(city.household))) == len(people)


def test_its_workbook_and_its_statistical_file_hold_the_same_answers(written):
    book = open_table(written["Residents survey 2021-22.xlsx"], Layout(sheet="Responses"))
    coded = open_table(written["Residents survey 2021-22.sav"], Layout())
    labels = coded.labels["Q6"]
    words = [value for batch in book.batches(["Q6"]) for value in batch.column(0).to_pylist()]
    numbers = [value for batch in coded.batches(["Q6"]) for value in batch.column(0).to_pylist()]
    assert words == [labels[number] for number in numbers]


def test_each_replicate_leaves_out_a_fortieth_and_keeps_the_total(city, written):
    table = open_table(written["Residents survey 2021-22.sav"], Layout())
    names = ["weight", *(f"repwt{number:02d}" for number in range(1, 41))]
    columns = [
        np.concatenate([batch.column(at).to_numpy() for batch in table.batches(names)])
        for at in range(len(names))
    ]
    weight, replicates = columns[0], np.array(columns[1:])
    assert ((replicates == 0).sum(axis=0) == 1).all(), "each person is left out once"
    kept = replicates > 0
    assert np.allclose(
        replicates[kept], np.broadcast_to(weight, kept.shape)[kept] * 40 / 39, atol=0.01
    )


def test_trust_by_count_differs_between_places_as_it_does_in_print(city):
    adults = city.is_adult
    london = city.truth(TRUSTS_MANY, 2016.75, adults & city.is_london)
    elsewhere = city.truth(TRUSTS_MANY, 2016.75, adults & (city.area == codes.REST_OF_ENGLAND))
    assert (london, elsewhere) == (pytest.approx(0.31, abs=0.005), pytest.approx(0.44, abs=0.005))


def test_the_same_seed_writes_the_same_bytes(city, written, tmp_path):
    (again,) = pas.write(make_city(SMALL), tmp_path, ["fy2016-17"], SMALL)
    assert again.read_bytes() == written[again.name].read_bytes()
