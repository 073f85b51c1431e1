"""The figures the strategy printed are in the measures: `verify` lists every one of them."""

from __future__ import annotations

import pytest

from social_evidence.catalogue.load import examine

CITY, REST = "E12000007", "rest_of_england"
INNER = ("E09000007", "E09000020", "E09000030", "E09000033")
"""Camden, Kensington and Chelsea, Tower Hamlets, Westminster."""

Figure = tuple[str, str, str, str, str, str, float]


def _figure(measure, estimate, *, part="all", area=CITY, of=("all", "all"), statistic="") -> Figure:
    return (measure, part, area, *of, statistic, estimate)


def _gap(estimate, breakdown, group) -> Figure:
    return _figure("employment_gap", estimate, of=(breakdown, group), statistic="difference")


FIGURES: tuple[Figure, ...] = (
    _figure("friends_similar", 0.21, part="ethnicity"),
    _figure("friends_similar", 0.32, part="age"),
    _figure("friends_similar", 0.30, part="education"),
    _figure("no_one_to_rely_on", 0.21),
    _figure("no_one_to_rely_on", 0.15, area=REST),
    _figure("no_one_to_rely_on", 0.34, of=("age_five_years", "20_24")),
    _figure("no_one_to_rely_on", 0.24, of=("age_five_years", "55_59")),
    _figure("backgrounds_get_on", 0.91),
    _figure("good_place_to_live", 0.90),
    _figure("neighbourhood_belonging", 0.66),
    _figure("electoral_registration", 0.86),
    *(_figure("electoral_registration", 0.73, area=code) for code in INNER),
    _figure("volunteering", 0.26),
    _gap(0.27, "disability", "disabled"),
    _gap(0.24, "ethnic_group_gaps", "pakistani_bangladeshi"),
    _gap(0.03, "ethnic_group_gaps", "indian"),
    _gap(0.10, "ethnic_group_gaps", "black"),
    _gap(0.14, "ethnic_group_gaps", "other"),
    _gap(0.16, "ethnic_group_gaps", "mixed"),
    _gap(0.14, "sex", "female"),
    _figure("early_education_uptake", 0.58),
    _figure("early_education_uptake", 0.71, area="E92000001"),
    _figure("early_education_uptake", 0.51),
    _figure("housing_unaffordable", 0.30),
    _figure("low_savings", 0.44),
    _figure("offline", 0.07),
    _figure("offline", 0.21, of=("employment_status", "unemployed")),
    _figure("offline", 0.22, of=("disability", "disabled")),
    _figure("offline", 0.35, of=("age_band", "65_over")),
    _figure("language_barrier", 0.17),
    _figure("lonely_hardly_ever", 0.50),
    _figure("lonely_hardly_ever", 0.55, area=REST),
    _figure("citizenship_ceremonies", 0.04),
    _figure("citizenship_ceremonies", 0.02),
    _figure("active_sport", 0.58),
    _figure("active_sport", 0.55, area=REST),
    *(_figure("lived_here_under_a_year", 0.145, area=code) for code in INNER),
    _figure("unemployment_rate", 0.32, of=("age_band*ethnic_group*sex", "16_24 * black * male")),
    _figure("unemployment_rate", 0.14, of=("age_band*ethnic_group*sex", "16_24 * white * male")),
)
"""What the strategy printed; ranges of four boroughs by their middle, halves of them the reach."""


@pytest.fixture(scope="module")
def measures(root):
    folder = root / "src" / "social_evidence" / "catalogues" / "london"
    return examine([folder])[0].measures


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f"{f[0]}-{f[1]}-{f[2]}-{f[4]}-{f[6]}")
def test_a_figure_the_strategy_printed_waits_to_be_verified(measures, figure):
    measure = figure[0]
    listed = [
        (measure, p.part, p.area, p.breakdown, p.group, p.statistic, p.estimate)
        for p in measures[measure].published
        if "All of Us" in p.reference
    ]
    assert figure in listed


def test_no_other_figure_is_said_to_be_the_strategys(measures):
    listed = [p for m in measures.values() for p in m.published if "All of Us" in p.reference]
    assert len(listed) == len(FIGURES) == 45


def test_ranges_of_boroughs_reach_from_the_lowest_to_the_highest_printed(measures):
    reach = {"electoral_registration": (0.68, 0.78), "lived_here_under_a_year": (0.12, 0.17)}
    for measure, (low, high) in reach.items():
        for printed in measures[measure].published:
            if printed.area in INNER and "All of Us" in printed.reference:
                assert printed.estimate - printed.tolerance == pytest.approx(low - 0.005)
                assert printed.estimate + printed.tolerance == pytest.approx(high + 0.005)


def test_the_spread_of_uptake_is_of_boroughs(measures):
    spreads = [p.estimate for p in measures["early_education_uptake"].published if p.spread]
    assert spreads == [0.51]
