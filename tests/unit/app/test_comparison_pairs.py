"""Which figures are set against which."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from social_evidence.app.comparison_pairs import city_of, earlier_of, pairs_within
from social_evidence.app.comparisons import successor
from social_evidence.catalogue.load import load
from social_evidence.model.area import Area, AreaTree
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure
from social_evidence.model.period import parse

LONDON = Path(__file__).parents[3] / "src/social_evidence/catalogues/london"
CITY, CAMDEN, BARNET, INNER = "E12000007", "E09000007", "E09000003", "E13000001"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([LONDON])


@pytest.fixture(scope="module")
def measure(catalogue: Catalogue) -> Measure:
    return catalogue.measures["neighbourhood_belonging"]


def told(catalogue: Catalogue, measure: Measure, cells: list[tuple[str, str, str]]) -> set[str]:
    return {
        f"{pair.kind}: {' '.join(cells[pair.other])} -> {' '.join(cells[pair.to])}"
        + (" (part)" if pair.is_part else "")
        for pair in pairs_within(catalogue, measure, cells)
    }


def test_areas_stand_against_the_city_and_groups_against_everybody(
    catalogue: Catalogue, measure: Measure
) -> None:
    cells = [
        (CITY, "all", "all"),
        (CAMDEN, "all", "all"),
        (INNER, "all", "all"),
        (CITY, "sex", "women"),
        (CAMDEN, "sex", "women"),
        (CAMDEN, "sex", "unknown"),
        (CITY, "sex*age_band", "women * age_65_over"),
        (CAMDEN, "sex*age_band", "women * age_65_over"),
    ]
    assert told(catalogue, measure, cells) == {
        f"group: {CITY} all all -> {CITY} sex women (part)",
        f"group: {CAMDEN} all all -> {CAMDEN} sex women (part)",
        f"group: {CITY} all all -> {CITY} sex*age_band women * age_65_over (part)",
        f"group: {CAMDEN} all all -> {CAMDEN} sex*age_band women * age_65_over (part)",
        f"area: {CITY} all all -> {CAMDEN} all all (part)",
        f"area: {CITY} all all -> {INNER} all all (part)",
        f"area: {CITY} sex women -> {CAMDEN} sex women (part)",
    }


def test_all_pairs_are_of_boroughs_for_everybody_and_of_the_citys_groups(
    catalogue: Catalogue, measure: Measure
) -> None:
    cells = [
        (BARNET, "all", "all"),
        (CAMDEN, "all", "all"),
        (CITY, "sex", "women"),
        (CITY, "sex", "men"),
        (CAMDEN, "sex", "women"),
        (CAMDEN, "sex", "men"),
    ]
    pairs = {one for one in told(catalogue, measure, cells) if one.startswith("pair")}
    assert pairs == {
        f"pair: {BARNET} all all -> {CAMDEN} all all",
        f"pair: {CITY} sex women -> {CITY} sex men",
    }
    few = pairs_within(catalogue, measure, cells, headline=False)
    assert not [pair for pair in few if pair.kind == "pair"]


def test_the_city_stands_against_the_rest_and_only_without_one_against_the_whole(
    catalogue: Catalogue, measure: Measure
) -> None:
    whole, rest = ("E92000001", "all", "all"), ("rest_of_england", "all", "all")
    city = (CITY, "all", "all")
    assert told(catalogue, measure, [city, whole, rest]) == {
        f"comparator: rest_of_england all all -> {CITY} all all"
    }
    assert told(catalogue, measure, [city, whole]) == {
        f"comparator: E92000001 all all -> {CITY} all all (part)"
    }


def test_groups_that_are_no_parts_of_everybody_are_not_compared(
    catalogue: Catalogue, measure: Measure
) -> None:
    cells = [
        (CITY, "all", "all"),
        (CITY, "hate_crime_strand", "race"),
        (CITY, "hate_crime_strand", "faith"),
    ]
    assert told(catalogue, measure, cells) == set()


@pytest.mark.parametrize("statistic", ["total", "count"])
def test_what_grows_with_a_place_is_compared_over_time_only(
    catalogue: Catalogue, measure: Measure, statistic: str
) -> None:
    counted = replace(measure, statistic=statistic)  # type: ignore[arg-type]
    cells = [(CITY, "all", "all"), (CAMDEN, "all", "all")]
    assert pairs_within(catalogue, counted, cells) == []


def test_without_a_city_a_part_stands_against_its_country() -> None:
    tree = AreaTree.from_areas(
        [
            Area(code="US", name="United States", kind="country"),
            Area(code="US-AK", name="Alaska", kind="state", parent="US"),
        ]
    )
    assert city_of(tree, "US-AK") == "US"
    assert city_of(tree, "US") == city_of(tree, "elsewhere") == ""


def labelled(*labels: str) -> list[tuple[str, str]]:
    return [(a.label, b.label) for a, b in earlier_of([parse(label) for label in labels])]


def test_a_period_is_compared_with_the_one_before_and_with_the_first() -> None:
    assert labelled("2018", "2016", "2017") == [
        ("2016", "2017"),
        ("2017", "2018"),
        ("2016", "2018"),
    ]


def test_periods_that_share_days_are_not_compared() -> None:
    assert labelled("2014-2015", "2015-2016", "2016-2017") == [("2014-2015", "2016-2017")]
    assert labelled("y2019Q1", "y2019Q2") == []


def test_a_first_period_that_shares_days_is_left_out() -> None:
    assert labelled("2010-2013", "2011", "2013") == [("2011", "2013")]


def test_a_series_is_followed_by_the_one_that_begins_when_it_ends() -> None:
    def periods(*labels: str) -> list[object]:
        return [parse(label) for label in labels]

    own = periods("2014", "2015")
    later = {"b": periods("2016", "2017"), "c": periods("2018")}
    assert successor(own, later) == "b"  # type: ignore[arg-type]
    beside = {"b": periods("2014", "2015"), "c": periods("2013")}
    assert successor(own, beside) is None  # type: ignore[arg-type]
    assert successor(periods("2016"), {"a": own}) is None  # type: ignore[arg-type]
