"""Understanding Society from end to end: two waves of synthetic London written, read, estimated."""

from __future__ import annotations

import csv
import shutil
from collections import Counter, defaultdict
from dataclasses import replace

import pytest
from pyarrow import csv as arrow_csv

from social_evidence.app.build import evidence
from social_evidence.catalogue.load import load
from social_evidence.errors import DataError
from social_evidence.model.source import EVERY_WAVE
from social_evidence.synthetic.london import ukhls
from social_evidence.synthetic.london.population import make_city
from social_evidence.synthetic.london.sizes import SMALL
from social_evidence.synthetic.london.statistical import write_dta

LONDON = "E12000007"
FIFTH, SIXTH = "2013-2014", "2014-2015"
WRITTEN = {"2009-2010", FIFTH, SIXTH, "2017-2018"}
MEASURES = (
    "friends_similar",
    "no_one_to_rely_on",
    "organisation_member",
    "neighbourhood_belonging",
)
LARGER = replace(SMALL, factor=1 / 5)
"""Three times the small samples, from the small city: enough Londoners to set against a truth."""


@pytest.fixture(scope="session")
def city():
    return make_city(SMALL)


@pytest.fixture(scope="session")
def sources(city, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ukhls")
    ukhls.write(city, folder, [FIFTH, SIXTH], LARGER)
    return folder


@pytest.fixture(scope="session")
def catalogue(root):
    """London's definitions, as if the study had these waves only, and without crossings."""
    whole = load([root / "src" / "social_evidence" / "catalogues" / "london"])
    study = whole.sources["ukhls"]
    files = tuple(file for file in study.files if file.wave in {*WRITTEN, EVERY_WAVE})
    measures = {
        name: replace(
            whole.measures[name],
            breakdowns=tuple(one for one in whole.measures[name].breakdowns if "*" not in one),
            series=tuple(
                replace(one, periods=tuple(wave for wave in one.periods if wave in WRITTEN))
                for one in whole.measures[name].series
                if one.source == "ukhls"
            ),
        )
        for name in MEASURES
    }
    return replace(whole, sources={"ukhls": replace(study, files=files)}, measures=measures)


@pytest.fixture(scope="session")
def figures(catalogue, sources):
    rows = evidence(catalogue, [sources]).estimates
    return {
        (row.measure, row.part, row.period, row.area, row.breakdown, row.group): row for row in rows
    }


def read(sources, name):
    path = sources / ukhls.FOLDER / name
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


@pytest.mark.parametrize(
    ("measure", "part", "outcome", "wave", "year"),
    [
        ("friends_similar", "age", "friends_similar_age", SIXTH, 2015.0),
        ("friends_similar", "ethnicity", "friends_similar_ethnicity", SIXTH, 2015.0),
        ("friends_similar", "income", "friends_similar_income", SIXTH, 2015.0),
        ("friends_similar", "education", "friends_similar_education", SIXTH, 2015.0),
        ("no_one_to_rely_on", "all", "no_one_to_rely_on", FIFTH, 2014.0),
        ("organisation_member", "all", "organisation_member", SIXTH, 2015.0),
        ("neighbourhood_belonging", "all", "belongs", SIXTH, 2015.0),
    ],
)
@pytest.mark.parametrize("area", [LONDON, "rest_of_england", "rest_of_uk"])
def test_a_figure_lies_near_the_populations_own(
    city, figures, measure, part, outcome, wave, year, area
):
    where = {
        LONDON: city.is_london,
        "rest_of_england": (city.region < 10) & ~city.is_london,
        "rest_of_uk": city.region >= 10,
    }[area]
    row = figures[measure, part, wave, area, "all", "all"]
    assert row.status == "shown"
    assert abs(row.estimate - city.truth(outcome, year, where)) < 4 * row.standard_error + 0.0005


def test_england_and_the_kingdom_are_given_and_no_borough_is(figures):
    areas = {key[3] for key in figures}
    assert areas == {LONDON, "rest_of_england", "rest_of_uk", "E92000001", "K02000001"}


def test_lookups_of_household_person_and_first_wave_reach_the_groups(figures):
    for breakdown in (
        "tenure",
        "country_of_birth",
        "religion",
        "first_language",
        "sexual_orientation",
    ):
        known = [
            row.base
            for key, row in figures.items()
            if key[:5] == ("organisation_member", "all", SIXTH, "K02000001", breakdown)
            and key[5] != "unknown"
        ]
        everybody = figures["organisation_member", "all", SIXTH, "K02000001", "all", "all"].base
        assert sum(known) > 0.4 * everybody, breakdown


def test_each_third_of_household_income_holds_as_many_people(figures):
    bases = [
        figures["organisation_member", "all", SIXTH, "K02000001", "income_third", third].base
        for third in ("lowest", "middle", "highest")
    ]
    assert min(bases) > 0.25 * sum(bases)


def test_people_whose_weight_is_zero_stay_in_the_file_and_out_of_the_base(sources, figures):
    rows = read(sources, "f_indresp.tab")
    asked = [row for row in rows if row["f_org"] in {"1", "2"}]
    counted = [row for row in asked if float(row["f_indinui_xw"]) > 0]
    assert len(counted) < len(asked)
    assert figures["organisation_member", "all", SIXTH, "K02000001", "all", "all"].base == len(
        counted
    )


def test_a_question_people_filled_in_themselves_has_the_base_of_the_self_completion(
    sources, figures
):
    rows = read(sources, "f_indresp.tab")
    counted = [
        row
        for row in rows
        if float(row["f_indscui_xw"]) > 0 and row["f_scopngbha"] in {"1", "2", "3", "4", "5"}
    ]
    base = figures["neighbourhood_belonging", "all", SIXTH, "K02000001", "all", "all"].base
    assert base == len(counted)
    assert any(row["f_scopngbha"] == "-9" and row["f_indscui_xw"] == "0" for row in rows)


def test_northern_ireland_has_strata_of_one_cluster_and_its_figures_have_an_interval(
    sources, figures
):
    clusters = defaultdict(set)
    for row in read(sources, "e_indresp.tab"):
        if row["e_gor_dv"] == "12":
            clusters[row["e_strata"]].add(row["e_psu"])
    assert clusters
    assert {len(psus) for psus in clusters.values()} == {1}
    for area in ("rest_of_uk", "K02000001"):
        row = figures["no_one_to_rely_on", "all", FIFTH, area, "all", "all"]
        assert row.variance_basis == "design"
        assert row.lower < row.estimate < row.upper


def test_partners_are_asked_about_where_there_are_any_and_friends_likewise(sources):
    fifth = read(sources, "e_indresp.tab")
    assert any(row["e_scprely"] == "-8" for row in fifth)
    sixth = read(sources, "f_indresp.tab")
    for row in sixth:
        if row["f_ivfio"] == "1":
            assert (row["f_simage"] == "-8") == (row["f_closenum"] == "0")


def test_people_return_with_their_number_and_households_do_not(sources):
    fifth, sixth = read(sources, "e_indresp.tab"), read(sources, "f_indresp.tab")
    before, after = ({row["pidp"] for row in rows} for rows in (fifth, sixth))
    assert len(before & after) > 0.8 * len(after)
    assert after - before, "the boost of wave 6"
    assert not {row["e_hidp"] for row in fifth} & {row["f_hidp"] for row in sixth}


def test_every_file_has_the_layout_of_its_wave_and_carries_the_mark(sources):
    for name in ("a", "e", "f", "i"):
        for kind in ("indresp", "hhresp"):
            rows = read(sources, f"{name}_{kind}.tab")
            columns = [column for column in rows[0] if column not in {"pidp", "SYNTHETIC"}]
            assert all(column.startswith(f"{name}_") for column in columns)
            assert list(rows[0])[-1] == "SYNTHETIC"
            assert {row["SYNTHETIC"] for row in rows} == {"1"}
    assert list(read(sources, "xwavedat.tab")[0])[:2] == ["pidp", "ukborn"]


def test_the_file_of_lasting_facts_has_one_row_for_everybody(sources):
    counts = Counter(row["pidp"] for row in read(sources, "xwavedat.tab"))
    assert set(counts.values()) == {1}
    assert {row["pidp"] for row in read(sources, "f_indresp.tab")} <= counts.keys()


def test_the_figures_carry_the_mark_of_made_up_files(figures):
    assert all("synthetic" in row.flags.split(";") for row in figures.values())


def test_the_same_seed_writes_the_same_bytes(city, sources, tmp_path):
    again = ukhls.write(city, tmp_path, [SIXTH], LARGER)
    for path in again:
        assert path.read_bytes() == (sources / path.relative_to(tmp_path)).read_bytes(), path.name


def test_a_column_that_a_wave_lacks_is_missing_though_another_wave_has_it(
    catalogue, sources, tmp_path
):
    shutil.copytree(sources, tmp_path, dirs_exist_ok=True)
    path = tmp_path / ukhls.FOLDER / "f_indresp.tab"
    path.write_bytes(path.read_bytes().replace(b"f_org\t", b"f_orgs\t", 1))
    with pytest.raises(DataError, match=r"'org'"):
        evidence(catalogue, [tmp_path], measures=["organisation_member"])


def test_the_stata_edition_gives_the_same_figures(catalogue, sources, figures, tmp_path):
    for path in sorted((sources / ukhls.FOLDER).glob("*.tab")):
        table = arrow_csv.read_csv(path, parse_options=arrow_csv.ParseOptions(delimiter="\t"))
        columns = {name: table.column(name) for name in table.column_names if name != "SYNTHETIC"}
        write_dta(tmp_path / "UKDA-6614-stata/stata/stata14_se/ukhls" / f"{path.stem}.dta", columns)
    sixth = replace(
        catalogue.measures["organisation_member"],
        series=(replace(catalogue.measures["organisation_member"].series[0], periods=(SIXTH,)),),
    )
    study = catalogue.sources["ukhls"]
    files = tuple(file for file in study.files if file.wave in {SIXTH, EVERY_WAVE})
    stata = replace(
        catalogue,
        sources={"ukhls": replace(study, files=files)},
        measures={"organisation_member": sixth},
    )
    rows = evidence(stata, [tmp_path]).estimates
    assert len(rows) > 100
    for row in rows:
        key = (row.measure, row.part, row.period, row.area, row.breakdown, row.group)
        assert replace(row, flags="") == replace(figures[key], flags="")
