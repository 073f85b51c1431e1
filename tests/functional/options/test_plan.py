"""The publication plan: what it leaves out has no row, and what it keeps is what it was."""

from __future__ import annotations

PLAN = 'single = ["city", "borough"]\ncrossings = ["city"]\n'


def places(rows, **wanted):
    chosen = [row for row in rows if all(row[k] == v for k, v in wanted.items())]
    return {(row["area"], row["breakdown"]) for row in chosen}


def test_without_a_plan_crossings_are_published_for_every_area(town):
    found = places(town().rows(measures=["belonging"]))

    assert {area for area, breakdown in found if breakdown == "age*sex"} == {"N", "S", "T"}


def test_crossings_are_published_for_the_planned_areas_only(town):
    rows = town(plan=PLAN).rows(measures=["belonging"])

    assert {a for a, breakdown in places(rows) if breakdown == "age*sex"} == {"T"}
    assert {a for a, breakdown in places(rows) if breakdown == "sex"} == {"N", "S", "T"}
    assert {a for a, breakdown in places(rows) if breakdown == "all"} == {"N", "S", "T"}


def test_a_plan_changes_no_number_of_what_it_keeps(town, tmp_path):
    whole = town().rows()
    planned = town(plan=PLAN).rows()
    names = ("measure", "period", "area", "breakdown", "group", "statistic")
    numbers = ("estimate", "standard_error", "lower", "upper", "base", "degrees_of_freedom")
    before = {tuple(row[n] for n in names): [row[n] for n in numbers] for row in whole}

    assert len(planned) < len(whole)
    for row in planned:
        assert [row[n] for n in numbers] == before[tuple(row[n] for n in names)]


def test_the_last_exception_that_fits_counts(town):
    rules = (
        '[[exceptions]]\nmeasures = ["belonging"]\nareas = ["city"]\nreason = "Too few."\n'
        '[[exceptions]]\nmeasures = ["belonging"]\nbreakdowns = ["sex*age"]\n'
        'areas = ["N"]\nreason = "The borough asked for it."\n'
    )
    rows = town(plan=PLAN + rules).rows()

    assert places(rows, measure="belonging") == {
        *(("T", breakdown) for breakdown in ("all", "sex", "age")),
        ("N", "age*sex"),
    }
    assert ("S", "sex") in places(rows, measure="satisfaction")


def test_counted_series_follow_the_plan_too(town):
    rows = town(plan='single = ["city"]\n').rows(measures=["event_rate"])

    assert places(rows) == {("T", "all")}
