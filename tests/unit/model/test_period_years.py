"""The calendar years a period stands for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.model.period import Period, parse


@pytest.mark.parametrize(
    ("label", "years"),
    [
        ("2016", (2016,)),
        ("2016Q1", (2016,)),
        ("2016-12-01", (2016,)),
        ("fy2016-17", (2016,)),
        ("ay2016-17", (2017,)),
        ("2014-2015", (2014, 2015)),
        ("p2013-2015", (2013, 2014, 2015)),
        ("fy2013-16", (2013, 2014, 2015)),
        ("y2023Q4", (2023,)),
    ],
)
def test_a_period_stands_for_the_years_it_covers_by_half(label, years):
    assert parse(label).years == years


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 2500))
def test_every_period_stands_for_some_year_and_each_of_them_has_days_of_it(start, length):
    period = Period(start, start + timedelta(length), "x")
    days = [start + timedelta(day) for day in range(length + 1)]
    counts = {year: sum(day.year == year for day in days) for year in {d.year for d in days}}
    assert period.years
    assert all(counts[year] > 0 for year in period.years)
    left_out = [counts[year] for year in counts if year not in period.years]
    assert max(left_out, default=0) <= max(counts[year] for year in period.years)
