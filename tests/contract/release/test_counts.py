"""Counted and published figures of the invented town, each worked out here by hand."""

from __future__ import annotations

import math

import pytest
from scipy import stats

Z = stats.norm.ppf(0.975)


def exact(events):
    """Give Garwood's limits of a count of events."""
    low = stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    return low, stats.chi2.ppf(0.975, 2 * events + 2) / 2


def byar(events):
    def limit(count, sign):
        return count * (1 - 1 / (9 * count) + sign * Z / (3 * math.sqrt(count))) ** 3

    return limit(events, -1), limit(events + 1, 1)


def wilson(part, whole):
    share = part / whole
    centre, spread = share + Z**2 / (2 * whole), share * (1 - share) / whole
    half = Z * math.sqrt(spread + Z**2 / (4 * whole**2))
    return tuple((centre + sign * half) / (1 + Z**2 / whole) for sign in (-1, 1))


def check(row, estimate, limits, method):
    assert row["estimate"] == pytest.approx(estimate, rel=1e-11)
    assert (row["lower"], row["upper"]) == pytest.approx(limits, rel=1e-10, abs=1e-12)
    assert row["interval_method"] == method
    assert row["level"] == 0.95


@pytest.mark.parametrize(
    ("area", "events", "people", "limits"),
    [("N", 6, 4000, exact), ("S", 48, 5000, byar), ("E", 0, 750, exact), ("T", 54, 9750, byar)],
)
def test_a_rate_is_of_whole_years_over_residents_of_the_areas_covered(
    town_release, area, events, people, limits
):
    row = town_release.one(measure="incident_rate", area=area)
    assert (row["numerator"], row["denominator"], row["period"]) == (events, people, "fy2020-21")
    ends = [limit / people * 1000 for limit in limits(events)]
    check(row, events / people * 1000, ends, "exact_below_10_else_byar")
    assert row["flags"] == ("excludes_city_of_london" if area == "T" else "")


def test_limits_of_counts_are_rounded_outward(town_release):
    for row in (r for r in town_release.shown if r["interval_method"] == "wilson"):
        low, high = wilson(row["numerator"], row["denominator"])
        assert low * (1 - 1e-11) <= row["lower"] <= low * (1 + 1e-14)
        assert high * (1 - 1e-14) <= row["upper"] <= high * (1 + 1e-11)


def test_a_year_that_lacks_a_month_is_left_out(town_release):
    counts = [row for row in town_release.rows if row["measure"] == "incident_count"]
    assert {row["period"] for row in counts} == {"fy2020-21"}
    assert {row["area"]: row["estimate"] for row in counts} == {"N": 6, "S": 48, "E": 0, "T": 54}
    assert all(row["numerator"] is None and row["interval_method"] == "none" for row in counts)


@pytest.mark.parametrize(
    ("area", "year", "status", "estimate"),
    [
        ("N", "2020", "shown", 1.4),
        ("S", "2020", "shown", 40 / 60),
        ("E", "2020", "not_available", None),
        ("T", "2020", "not_available", None),
        ("N", "2021", "protected", None),
        ("S", "2021", "shown", 0.2),
        ("E", "2021", "not_available", None),
        ("T", "2021", "not_available", None),
        ("N", "2022", "not_available", None),
        ("S", "2022", "not_available", None),
        ("E", "2022", "not_applicable", None),
        ("T", "2022", "not_available", None),
        ("C", "2020", "not_available", None),
    ],
)
def test_a_ratio_of_counts_keeps_what_markers_say(town_release, area, year, status, estimate):
    row = town_release.one(measure="uptake", area=area, period=year, breakdown="all")
    assert row["status"] == status
    assert row["estimate"] == (None if estimate is None else pytest.approx(estimate, rel=1e-11))
    assert row["interval_method"] == "none"


def test_groups_a_table_does_not_tell_apart_are_not_asked(town_release):
    grouped = [
        row for row in town_release.rows if row["measure"] == "uptake" and row["group"] != "all"
    ]
    assert len(grouped) == 5 * 3 * 4
    assert {row["status"] for row in grouped} == {"not_asked"}


@pytest.mark.parametrize(
    ("area", "year", "part", "whole"),
    [("N", "2020", 7, 4000), ("S", "2020", 40, 5000), ("S", "2021", 12, 5000),
     ("E", "2021", 3, 750)],
)  # fmt: skip
def test_a_part_of_its_denominator_has_wilsons_interval(town_release, area, year, part, whole):
    row = town_release.one(measure="taken_by_residents", area=area, period=year)
    assert (row["numerator"], row["denominator"]) == (part, whole)
    check(row, part / whole, wilson(part, whole), "wilson")


def test_a_denominator_is_never_carried_forward(town_release):
    row = town_release.one(measure="taken_by_residents", area="S", period="2022")
    assert (row["status"], row["denominator"]) == ("not_available", None)


@pytest.mark.parametrize(
    ("area", "period", "expected"),
    [
        ("N", "fy2019-20", ("shown", 0.61, 0.57, 0.65, "published")),
        ("S", "fy2019-20", ("protected", None, None, None, "none")),
        ("T", "fy2019-20", ("shown", 0.99, 0.96, 1.0, "published")),
        ("N", "fy2020-21", ("shown", 0.0, 0.0, 0.02, "published")),
        ("S", "fy2020-21", ("shown", 0.555, None, None, "none")),
        ("T", "fy2020-21", ("not_available", None, None, None, "none")),
    ],
)
def test_half_widths_become_limits_inside_the_range(town_release, area, period, expected):
    row = town_release.one(measure="trust", area=area, period=period)
    columns = ("status", "estimate", "lower", "upper", "interval_method")
    assert tuple(row[name] for name in columns) == expected
    has_limits = expected[2] is not None
    assert row["variance_basis"] == ("published" if has_limits else "none")


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("N", ("shown", 7.25, 7.1, 7.4)),
        ("S", ("protected", None, None, None)),
        ("E", ("not_available", None, None, None)),
        ("T", ("shown", 7.5, None, None)),
        ("C", ("not_asked", None, None, None)),
    ],
)
def test_published_limits_and_marks_are_the_publishers(town_release, area, expected):
    row = town_release.one(measure="happiness", area=area)
    assert tuple(row[name] for name in ("status", "estimate", "lower", "upper")) == expected
    assert row["period"] == "ay2016-17"


@pytest.mark.parametrize(("area", "taken", "children"), [("N", 7, 80), ("S", 40, 100)])
def test_an_estimated_denominator_carries_its_error(town_release, area, taken, children):
    row = town_release.one(measure="taken_per_child", area=area, period="2020")
    share, relative = taken / children, (children / 10) / children
    check(row, share, (share * (1 - relative), share * (1 + relative)), "delta")
    assert row["standard_error"] == pytest.approx(share * relative / Z, rel=1e-11)
    assert row["variance_basis"] == "published"
