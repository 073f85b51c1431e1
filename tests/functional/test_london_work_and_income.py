"""Synthetic files of the labour market and family surveys, read back: near what the city holds."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from social_evidence.app.build import evidence
from social_evidence.catalogue.load import load
from social_evidence.synthetic.london import aps, frs, hbai, lfs, lfs_q1, lfs_q3
from social_evidence.synthetic.london.population import make_city
from social_evidence.synthetic.london.sizes import SMALL

LONDON = "E12000007"
WRITTEN = {
    "aps": (aps, ("2014", "2015", "2016", "2017")),
    "lfs_q1": (lfs_q1, ("2017Q1",)),
    "lfs_q3": (lfs_q3, ("2009Q3", "2015Q3")),
    "hbai": (hbai, ("fy2012-13", "fy2014-15", "fy2015-16", "fy2016-17")),
    "frs": (frs, ("fy2015-16", "fy2019-20")),
}
FEWER = {
    "employment_gap": {
        "breakdowns": (
            *("sex", "disability", "ethnic_group_gaps"),
            *("disability*sex", "ethnic_group_gaps*sex"),
        )
    }
}
"""What these tests need of the largest measure; small samples of all of it are slow to protect."""


@pytest.fixture(scope="module")
def city():
    return make_city(size=SMALL)


@pytest.fixture(scope="module")
def folder(city, tmp_path_factory):
    place = tmp_path_factory.mktemp("london")
    for module, waves in WRITTEN.values():
        module.write(city, place, waves, SMALL)
    return place


@pytest.fixture(scope="module")
def catalogue(root):
    """London's definitions, cut down to the waves that are written here."""
    whole = load([root / "src" / "social_evidence" / "catalogues" / "london"])
    waves = {source: written for source, (_, written) in WRITTEN.items()}
    sources = {
        name: replace(one, files=tuple(f for f in one.files if f.wave in waves[name]))
        if name in waves
        else one
        for name, one in whole.sources.items()
    }
    measures = {
        name: replace(one, published=(), series=series, **FEWER.get(name, {}))
        for name, one in whole.measures.items()
        if (series := tuple(_cut(one, waves)))
    }
    return replace(whole, sources=sources, measures=measures)


def _cut(measure, waves):
    for series in measure.series:
        kept = tuple(label for label in series.periods if label in waves.get(series.source, ()))
        if kept or (series.source in waves and not series.periods):
            yield replace(series, periods=kept)


@pytest.fixture(scope="module")
def rows_of(catalogue, folder):
    """Build one measure from the written files; each is built once."""
    built = {}

    def rows(name):
        if name not in built:
            built[name] = evidence(catalogue, [folder], measures=[name]).estimates
        return built[name]

    return rows


def figure(rows, period, *, area=LONDON, breakdown="all", group="all", statistic="proportion"):
    wanted = (period, area, breakdown, group, statistic)
    (row,) = [
        row
        for row in rows
        if (row.period, row.area, row.breakdown, row.group, row.statistic) == wanted
    ]
    return row


def share(city, yes, where):
    return float(np.average(yes[where], weights=city.grossing[where]))


def is_near(row, truth):
    """Say whether a figure lies within four standard errors of what the city holds."""
    return abs(row.estimate - truth) <= 4 * row.standard_error + 0.005


@pytest.mark.parametrize(
    ("measure", "period", "outcome", "year"),
    [
        ("employment_gap", "2016", "employed", 2016.5),
        ("offline", "2017Q1", "offline", 2017.125),
        ("language_barrier", "2015Q3", "language_barrier", 2015.625),
        ("low_savings", "fy2015-16", "low_savings", 2015.75),
        ("housing_unaffordable", "fy2014-17", "housing_unaffordable", 2015.75),
    ],
)
def test_londons_share_is_near_the_citys(city, rows_of, measure, period, outcome, year):
    row = figure(rows_of(measure), period)
    where = city.is_london & city.applies(outcome, year)
    truth = share(city, city.answer(outcome, year), where)
    assert row.status == "shown"
    assert is_near(row, truth), (row.estimate, row.standard_error, truth)


@pytest.mark.parametrize(
    ("breakdown", "group", "of_group", "of_reference"),
    [
        ("sex", "female", lambda c: c.sex == 0, lambda c: c.sex == 1),
        ("disability", "disabled", lambda c: c.is_disabled, lambda c: ~c.is_disabled),
        ("ethnic_group_gaps", "black", lambda c: c.ethnic == 7, lambda c: c.ethnic == 0),
    ],
)
def test_gaps_in_employment_are_near_the_citys(
    city, rows_of, breakdown, group, of_group, of_reference
):
    row = figure(
        rows_of("employment_gap"), "2016", breakdown=breakdown, group=group, statistic="difference"
    )
    working_age = city.is_london & city.applies("employed")
    employed = city.answer("employed", 2016.5)
    truth = share(city, employed, working_age & of_reference(city)) - share(
        city, employed, working_age & of_group(city)
    )
    assert is_near(row, truth), (row.estimate, row.standard_error, truth)


def test_gaps_by_disability_and_ethnic_group_are_given_within_a_sex(rows_of):
    crossed = {
        (row.breakdown, row.group)
        for row in rows_of("employment_gap")
        if row.statistic == "difference" and "*" in row.breakdown and row.area == LONDON
    }
    assert ("disability*sex", "disabled * male") in crossed
    assert ("ethnic_group_gaps*sex", "black * female") in crossed


def test_boroughs_come_from_three_years_together(rows_of):
    periods = {row.period for row in rows_of("employment_gap") if row.area == "E09000012"}
    assert periods == {"p2015-2017"}


def test_every_figure_says_that_its_files_are_synthetic(rows_of):
    for measure in ("employment_gap", "offline", "low_savings"):
        assert all("synthetic" in row.flags.split(";") for row in rows_of(measure))


def test_two_totals_of_capital_make_two_series(rows_of):
    series = {(row.period, row.series) for row in rows_of("low_savings")}
    assert series == {("fy2015-16", "frs"), ("fy2019-20", "frs_2")}


def test_about_six_in_ten_people_of_a_year_are_in_the_next_years_file(city):
    this, following = (set(aps.sample_of(city, year, SMALL).rows.tolist()) for year in (2016, 2017))
    assert 0.45 < len(this & following) / len(this) < 0.7


def test_an_edition_without_boroughs_gives_the_city_and_no_borough(catalogue, folder, tmp_path):
    (tmp_path / "aps").mkdir()
    written = folder / "aps" / "apsp_jan16dec16_client_pwta18.tab"
    lines = [line.split("\t") for line in written.read_text(encoding="utf-8").splitlines()]
    place = lines[0].index("UALA")
    kept = ["\t".join(line[:place] + line[place + 1 :]) for line in lines]
    edition = tmp_path / "aps" / "apsp_jan16dec16_eul_pwta18.tab"
    edition.write_text("\n".join(kept) + "\n", encoding="utf-8")
    source = catalogue.sources["aps"]
    alone = replace(source, pool=None, files=tuple(f for f in source.files if f.wave == "2016"))
    measure = catalogue.measures["unemployment_rate"]
    one = replace(measure, series=(replace(measure.series[0], periods=("2016",)),))
    cut = replace(
        catalogue,
        sources={**catalogue.sources, "aps": alone},
        measures={"unemployment_rate": one},
    )
    areas = {row.area for row in evidence(cut, [tmp_path]).estimates if row.status == "shown"}
    assert LONDON in areas
    assert not any(area.startswith("E09") for area in areas)


def test_quarters_hold_whole_households_a_fifth_of_them_for_the_second_time(city):
    now = lfs.sample_of(city, "Q1", 2017, SMALL)
    before = lfs.sample_of(city, "Q1", 2016, SMALL)
    ids, sizes = np.unique(city.household[now.rows], return_counts=True)
    first = np.unique(city.household, return_index=True)[1][ids]
    assert (sizes % city.household_size[first] == 0).all()
    again = np.isin(ids, city.household[before.rows]).mean()
    assert 0.12 < again < 0.3


def test_rates_of_men_and_women_by_borough_are_those_the_borough_profiles_print(root, data_root):
    whole = load([root / "src" / "social_evidence" / "catalogues" / "london"])
    measure = whole.measures["employment_gap"]
    profiles = tuple(one for one in measure.series if one.source == "borough_profiles")
    cut = replace(whole, measures={"employment_gap": replace(measure, series=profiles)})
    found = evidence(cut, [data_root])
    checks = [one for one in found.quality.published if one.series == "borough_profiles"]
    assert len(checks) == 3 * 32
    assert all(one.ours == one.published for one in checks)
    harrow = figure(
        found.estimates,
        "2014",
        area="E09000015",
        breakdown="sex",
        group="female",
        statistic="difference",
    )
    assert harrow.estimate == pytest.approx(0.233)
    assert harrow.lower is None


def _columns(path):
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_every_person_of_the_family_survey_has_a_family_and_a_household(folder):
    tables = {
        name: _columns(folder / "frs" / "1516" / f"{name}.tab")
        for name in ("adult", "child", "benunit", "househol")
    }
    families = set(zip(tables["benunit"]["SERNUM"], tables["benunit"]["BENUNIT"], strict=True))
    assert len(families) == len(tables["benunit"]["SERNUM"])
    assert len(set(tables["househol"]["SERNUM"])) == len(tables["househol"]["SERNUM"])
    for name in ("adult", "child"):
        of_people = set(zip(tables[name]["SERNUM"], tables[name]["BENUNIT"], strict=True))
        assert of_people <= families
    assert "TOTCAPB3" in tables["benunit"]
    assert "TOTCAPB4" in _columns(folder / "frs" / "1920" / "benunit.tab")


def test_families_of_a_household_share_its_cost_and_a_few_have_no_income(folder):
    of_household = {}
    without = 0
    for year in ("1213", "1415", "1516", "1617"):
        table = _columns(folder / "hbai" / f"hbai{year}_g4.tab")
        for serial, income, costs in zip(
            table["SERNUM"], table["ENTINCHH"], table["EHCOST"], strict=True
        ):
            pair = (income, costs)
            assert of_household.setdefault((year, serial), pair) == pair
            without += float(income) <= 0
    assert without > 0


def test_older_editions_write_names_in_their_own_way(folder):
    older = _columns(folder / "aps" / "apsp_jan14dec14_client_pwta18.tab")
    assert "ilodefr" in older
    assert "hiqul11d" in older
    assert "ES_HCSTO" in _columns(folder / "hbai" / "hbai1213_g4.tab")
    assert "NSECMMJ" in _columns(folder / "lfs" / "lfsp_js09_eul_pwt14.tab")


def test_the_same_city_writes_the_same_bytes(city, folder, tmp_path):
    for module, waves in ((aps, ("2016",)), (lfs_q3, ("2015Q3",)), (frs, ("fy2015-16",))):
        for path in module.write(city, tmp_path, waves, SMALL):
            assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes()
