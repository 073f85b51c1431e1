"""The sentence a measure's page begins with says no more than its figure does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from social_evidence.model.breakdown import Breakdown, Group
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure, Part, Series
from social_evidence.model.release import Manifest
from social_evidence.site.content import Figures, Names, Place, SiteInput
from social_evidence.site.figures import tell
from social_evidence.site.headline import lede

ROW = Estimate(
    measure="trust",
    series="survey",
    period="fy2021-22",
    area="X1",
    statistic="proportion",
    period_start=date(2021, 4, 1),
    period_end=date(2022, 3, 31),
    unit="share",
    estimate=0.213,
    lower=0.187,
    upper=0.241,
    method="survey",
    source="survey",
)


def measure(title: str, **given: object) -> Measure:
    return Measure(
        **{
            "id": "trust",
            "version": 1,
            "title": title,
            "domain": "relationships",
            "theme": "Trust",
            "rationale": "",
            "direction": "neutral",
            "unit": "share",
            "statistic": "proportion",
            "series": (Series(source="survey", id="survey"),),
            **given,
        }
    )


@pytest.fixture
def site() -> SiteInput:
    sex = Breakdown(
        id="sex",
        title="Sex",
        reference="male",
        groups=(Group(id="male", label="Men"), Group(id="female", label="Women")),
    )
    return SiteInput(
        manifest=Manifest(
            version="2026.1.0",
            created="2026-01-02",
            software_version="0",
            catalogue_digest="",
            content="",
        ),
        title="Example",
        notices=(),
        is_public=True,
        catalogue=Catalogue(title="Example", breakdowns={"sex": sex}),
        names=Names(
            parts={("trust", "age"): "Friends of one age"},
            series={},
            periods={},
            areas={},
            breakdowns={"sex": "Sex"},
            groups={("sex", "male"): "Men", ("sex", "female"): "Women"},
            sources={},
        ),
        places=(Place(code="X1", name="Example City", kind="city"),),
        figures=Figures.of([], []),
        provenance={},
    )


def test_a_share_of_people_is_a_sentence(site: SiteInput) -> None:
    told = lede(site, measure("People who trust"), tell(ROW))
    assert told == "About 1 in 5 people in Example City trust."


def test_a_fraction_that_the_range_denies_is_a_percentage_with_the_decimals_of_its_figure(
    site: SiteInput,
) -> None:
    row = replace(ROW, estimate=0.212, lower=0.204, upper=0.22)
    told = lede(site, measure("People who trust"), tell(row))
    assert told == "21.2% of people in Example City trust."


def test_another_title_is_left_to_the_heading(site: SiteInput) -> None:
    told = lede(site, measure("Trust, of all asked"), tell(ROW))
    assert told == "About 1 in 5 in Example City: 21% in 2021/22."


def test_a_group_is_named(site: SiteInput) -> None:
    row = replace(ROW, breakdown="sex", group="female")
    told = lede(site, measure("People who trust"), tell(row))
    assert told == "In the group “Women” in Example City: about 1 in 5 in 2021/22."


def test_a_part_is_named(site: SiteInput) -> None:
    parts = (Part(id="age", title="Friends of one age"),)
    series = (Series(source="survey", id="survey", part="age"),)
    told = lede(
        site, measure("People alike", parts=parts, series=series), tell(replace(ROW, part="age"))
    )
    assert told == "Friends of one age: 21% in Example City in 2021/22."


@pytest.mark.parametrize(("gap", "side"), [(0.24, "below"), (-0.24, "above")])
def test_a_gap_says_who_is_behind(site: SiteInput, gap: float, side: str) -> None:
    row = replace(ROW, breakdown="sex", group="female", statistic="difference", estimate=gap)
    told = lede(site, measure("Gaps in work"), tell(row))
    assert told == (
        f"In Example City the rate for the group “Women” is 24 points {side} that for “Men” "
        "in 2021/22."
    )


def test_a_rate_is_said_with_its_unit(site: SiteInput) -> None:
    row = replace(ROW, unit="per_1000", statistic="rate", estimate=2.4, lower=None, upper=None)
    told = lede(site, measure("Crimes per 1,000"), tell(replace(row, method="administrative")))
    assert told == "2.4 per 1,000 in Example City in 2021/22."


def test_no_figure_is_said_to_be_none(site: SiteInput) -> None:
    assert lede(site, measure("People who trust"), None) == "There is no figure for Example City."
