"""Printed figures beside ours: what agrees, what differs, what is not there and why."""

from __future__ import annotations

from datetime import date

import pytest

from social_evidence.app.build_verify import Published, published_checks
from social_evidence.model.area import Area, AreaTree
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure, PublishedFigure, Series
from social_evidence.model.provenance import Lost

AREAS = AreaTree.from_areas(
    [
        Area(code="C", name="City", kind="city"),
        *(Area(code=f"B{n}", name=f"Borough {n}", kind="borough", parent="C") for n in range(4)),
        Area(code="F", name="Far away", kind="borough"),
    ]
)


def row(**changed) -> Estimate:
    period = changed.pop("period", "2016")
    year = int(period[-4:])
    return Estimate(
        **{
            "measure": "trust",
            "part": "all",
            "series": "survey",
            "period": period,
            "area": "C",
            "breakdown": "all",
            "group": "all",
            "statistic": "proportion",
            "period_start": date(year, 1, 1),
            "period_end": date(year, 12, 31),
            "unit": "share",
            "estimate": 0.5,
            "method": "survey",
            "variance_basis": "design",
            "source": "survey",
            "status": "shown",
            "flags": "",
            **changed,
        }
    )


def checked(printed: dict, *rows: Estimate, lost: tuple[Lost, ...] = ()):
    figure = PublishedFigure(
        **{
            "period": "2016",
            "area": "C",
            "estimate": 0.5,
            "tolerance": 0.005,
            "reference": "Report",
            **printed,
        }
    )
    measure = Measure(
        id="trust",
        version=1,
        title="Trust",
        domain="relationships",
        theme="Trust",
        rationale="Why.",
        direction="higher_is_better",
        unit="share",
        statistic="proportion",
        series=(Series(source="survey", id="survey"), Series(source="later", id="later")),
        published=(figure,),
    )
    (check,) = published_checks([measure], AREAS, Published.of(rows, lost))
    return check


@pytest.mark.parametrize(
    ("ours", "limits", "verdict"),
    [
        (0.205, (None, None), "within_rounding"),
        (0.215, (None, None), "within_rounding"),
        (0.216, (None, None), "differs"),
        (0.25, (0.2, 0.3), "within_interval"),
        (0.25, (0.215, 0.3), "within_interval"),
        (0.25, (0.216, 0.3), "differs"),
        (0.15, (0.1, 0.204), "differs"),
        (0.15, (0.1, 0.205), "within_interval"),
    ],
)
def test_a_figure_agrees_within_half_a_printed_unit_or_lies_in_our_interval(ours, limits, verdict):
    lower, upper = limits
    check = checked({"estimate": 0.21}, row(estimate=ours, lower=lower, upper=upper))
    assert check.verdict == verdict
    assert check.agrees == (verdict == "within_rounding")
    assert check.difference == pytest.approx(ours - 0.21)


def test_a_gap_is_looked_up_among_the_differences():
    rows = (row(group="x", breakdown="sex"), row(group="x", breakdown="sex", estimate=0.14))
    rows = (rows[0], row(group="x", breakdown="sex", estimate=0.14, statistic="difference"))
    printed = {"estimate": 0.14, "breakdown": "sex", "group": "x", "statistic": "difference"}
    check = checked(printed, *rows)
    assert (check.ours, check.verdict, check.statistic) == (0.14, "within_rounding", "difference")


def test_a_spread_is_the_highest_less_the_lowest_of_the_areas_within():
    values = {"B0": 0.3, "B1": 0.81, "B2": 0.5, "F": 0.99, "C": 0.1}
    rows = [row(area=area, estimate=value) for area, value in values.items()]
    rows.append(row(area="B3", estimate=None, status="protected"))
    check = checked({"estimate": 0.51, "spread": "borough"}, *rows)
    assert check.ours == pytest.approx(0.51)
    assert check.verdict == "within_rounding"
    assert (check.lower, check.upper) == (None, None)


def test_one_area_alone_has_no_spread():
    check = checked({"spread": "borough"}, row(area="B0"))
    assert (check.ours, check.verdict) == (None, "not_in_release")


@pytest.mark.parametrize(
    ("printed", "rows", "why"),
    [
        ({}, (), "its source was not built"),
        ({}, (row(period="2018"), row(period="2019")), "the period was not built: there is 2018"),
        (
            {},
            tuple(row(period=str(year)) for year in range(2017, 2024)),
            "the period was not built: there is 2017 to 2023",
        ),
        (
            {"period": "2016"},
            tuple(row(period=str(year)) for year in (2013, 2014, 2018, 2019)),
            "the period was not built: there is 2014 before it and 2018 after it",
        ),
        ({"area": "B0"}, (row(),), "it is not published for this area, breakdown or group"),
        (
            {"area": "B0"},
            (row(), row(area="B0", period="p2015-2017")),
            "it is published for other periods instead: p2015-2017",
        ),
        ({}, (row(estimate=None, status="protected"),), "too few people answered"),
        ({}, (row(estimate=None, status="not_asked"),), "the source did not ask"),
        ({"series": "later"}, (row(),), "its source was not built"),
    ],
)
def test_a_figure_that_is_not_there_says_why(printed, rows, why):
    check = checked(printed, *rows)
    assert check.verdict == "not_in_release"
    assert check.ours is check.difference is None
    assert check.why.startswith(why)


def test_a_file_that_was_missing_is_named():
    lost = (Lost(source="survey", file="a.sav", wave="2016", measures=("trust",)),)
    check = checked({}, row(estimate=None, status="not_available"), lost=lost)
    assert check.why == "a.sav of source survey was missing when it was built"
    other = (Lost(source="survey", file="a.sav", wave="2012", measures=("trust",)),)
    assert "missing" not in checked({}, row(estimate=None, status="protected"), lost=other).why


def test_a_pool_is_without_its_waves_files_and_the_first_is_named():
    lost = tuple(
        Lost(source="survey", file=f"{wave or 'any'}.sav", wave=wave, measures=("trust",))
        for wave in ("", "2014", "2015", "2016", "2019")
    )
    missing = row(period="p2015-2017", estimate=None, status="not_available")
    check = checked({"period": "p2015-2017"}, missing, lost=lost)
    assert check.why == "2015.sav and 1 more of source survey were missing when it was built"
    whole = checked({"period": "2016"}, row(estimate=None, status="not_available"), lost=lost[:1])
    assert whole.why.startswith("any.sav of source survey was missing")


def test_the_first_series_that_has_the_period_gives_the_figure():
    check = checked({}, row(series="later", estimate=0.4), row(series="survey", period="2015"))
    assert (check.series, check.ours) == ("later", 0.4)


def test_a_figure_of_made_up_files_is_marked():
    assert checked({}, row(flags="break;synthetic")).synthetic
    assert not checked({}, row(flags="break")).synthetic


def test_participants_are_not_residents():
    check = checked({}, row(population="participants:fund"))
    assert check.verdict == "not_in_release"
