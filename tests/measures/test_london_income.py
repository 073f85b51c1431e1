"""London's measures of housing cost and savings: who counts, joined from which tables."""

from __future__ import annotations

import pytest

from social_evidence.catalogue.load import load
from social_evidence.engine.duckdb import evaluate_scalar


@pytest.fixture(scope="module")
def catalogue(root):
    return load([root / "src" / "social_evidence" / "catalogues" / "london"])


@pytest.fixture(scope="module")
def hbai(catalogue):
    return catalogue.sources["hbai"]


@pytest.fixture(scope="module")
def frs(catalogue):
    return catalogue.sources["frs"]


@pytest.mark.parametrize(
    ("income", "costs", "over"),
    [
        (300.0, 100.01, True),
        (300.0, 100.0, False),  # exactly a third is not more than a third
        (300.0, 99.99, False),
        (300.0, 0.0, False),
        (0.0, 50.0, True),  # no income, but costs
        (-20.0, 50.0, True),  # less than none: a share of it would be negative
        (0.0, 0.0, False),
        (-20.0, 0.0, False),
        (None, 50.0, None),
        (300.0, None, None),
        (None, None, None),
    ],
)
def test_housing_is_over_a_third_of_income_or_of_none(hbai, income, costs, over):
    expression = hbai.derived["housing_over_third"].expression
    rows = [{"ENTINCHH": income, "EHCOST": costs}, {"ENTINCHH": 1.0, "EHCOST": 1.0}]
    assert evaluate_scalar(expression, rows)[0] is over


def test_a_household_stands_in_for_the_sampling_unit_and_must_not_be_found(hbai, frs):
    for source in (hbai, frs):
        assert source.design.basis == "households"
        assert source.design.household == source.disclosure_unit == "SERNUM"


def test_people_are_weighted_where_a_row_is_a_family(hbai):
    assert hbai.base_unit == "benefit_units"
    assert hbai.design.weight == "GS_NEWPP"


def test_older_spellings_of_income_and_costs_are_read(hbai):
    assert hbai.aliases["ES_HCOST"] == ("ES_HCOST", "ES_HCSTO")
    assert hbai.aliases["ESNINCHH"] == ("ESNINCHH", "ESNINOHH")
    assert hbai.case == "upper"


def test_every_housing_figure_is_an_average_without_the_year_of_the_pandemic(hbai):
    assert hbai.pool.everything
    assert hbai.pool.waves == 3
    assert set(hbai.pool.leave_out) == {"fy2020-21"}


def test_groups_of_the_households_head_are_flagged_as_approximate(hbai):
    for breakdown in ("sex", "age_band", "ethnic_group", "ethnic_group_detailed", "disability"):
        assert hbai.breakdowns[breakdown].approximate, breakdown
    for breakdown in ("tenure", "income_third"):
        assert not hbai.breakdowns[breakdown].approximate, breakdown


def test_thirds_of_income_are_cut_anew_in_each_file(hbai):
    assert hbai.breakdowns["income_third"].equal_parts == ("lowest", "middle", "highest")


def test_savings_of_1500_pounds_are_not_below_it(frs):
    rows = [{"TOTAL_CAPITAL": value} for value in (0.0, 1499.0, 1500.0, 90_000.0, None)]
    expression = frs.derived["savings_under_1500"].expression
    assert evaluate_scalar(expression, rows) == [True, True, False, False, None]


def test_a_year_of_the_family_survey_is_people_joined_with_family_and_household(frs):
    for wave in {file.wave for file in frs.files}:
        files = {file.path.rsplit("/", 1)[1]: file.join for file in frs.files if file.wave == wave}
        assert files == {
            "adult.tab": (),
            "child.tab": (),
            "benunit.tab": ("SERNUM", "BENUNIT"),
            "househol.tab": ("SERNUM",),
        }
    assert frs.combine == "rows"


def test_capital_is_the_total_its_year_was_published_from_each_a_series_of_its_own(catalogue, frs):
    capital = {
        file.wave: file.columns["TOTAL_CAPITAL"]
        for file in frs.files
        if "TOTAL_CAPITAL" in file.columns
    }
    assert capital["fy2018-19"] == "TOTCAPB3"
    assert capital["fy2019-20"] == "TOTCAPB4"
    before, after = catalogue.measures["low_savings"].series
    assert {capital[wave] for wave in before.periods} == {"TOTCAPB3"}
    assert {capital[wave] for wave in after.periods} == {"TOTCAPB4"}
    assert {*before.periods, *after.periods} == set(capital)


def test_children_have_no_column_of_ethnic_group_or_work(frs):
    for file in frs.files:
        if file.path.endswith("child.tab"):
            assert set(file.absent) == {"ETHGR3", "EMPSTATI"}


def test_the_strategys_shares_wait_to_be_verified(catalogue):
    printed = {
        name: [one.estimate for one in catalogue.measures[name].published]
        for name in ("housing_unaffordable", "low_savings")
    }
    assert printed == {"housing_unaffordable": [0.30], "low_savings": [0.44]}
