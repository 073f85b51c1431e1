"""The page on boroughs and chance: what its sentence counts."""

from __future__ import annotations

from datetime import date

from social_evidence.model.estimate import Estimate
from social_evidence.site.figures import limits_words, tell
from social_evidence.site.spread import SpreadLine, finding, spread_path

ROW = Estimate(
    measure="m",
    series="s",
    period="2025",
    area="E09000001",
    statistic="proportion",
    period_start=date(2025, 1, 1),
    period_end=date(2025, 12, 31),
    unit="share",
    estimate=0.5,
    method="survey",
    source="s",
)


def line(rank: int, first: int, last: int) -> SpreadLine:
    return SpreadLine(name=f"b{rank}", path="", told=tell(ROW), rank=rank, first=first, last=last)


def test_a_borough_that_could_be_on_either_side_of_the_middle_is_counted() -> None:
    told = finding([line(1, 1, 2), line(2, 1, 3), line(3, 2, 4), line(4, 3, 4)])
    assert told.startswith("2 of 4 boroughs could stand in the upper or the lower half")
    assert "2 could have the highest figure of all." in told


def test_the_page_stands_below_its_measure_or_part() -> None:
    assert spread_path("trust") == "measures/trust/boroughs/index.html"
    assert spread_path("friends", "age") == "measures/friends/age/boroughs/index.html"


def test_limits_are_rounded_away_from_each_other() -> None:
    assert limits_words(0.104, 0.196) == "10% to 20%"
