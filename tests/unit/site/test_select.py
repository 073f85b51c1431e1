"""Which series, period and groups a page is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from social_evidence.model.estimate import Estimate
from social_evidence.site.select import (
    Preference,
    borough_choices,
    chain,
    groups_tables,
    single_periods,
)

CELL = ("all", "all", "all", "proportion")


def row(series: str, first: int, last: int, *, shown: bool = True, area: str = "X1") -> Estimate:
    label = str(first) if first == last else f"p{first}-{last}"
    return Estimate(
        measure="trust",
        series=series,
        period=label,
        area=area,
        statistic="proportion",
        period_start=date(first, 1, 1),
        period_end=date(last, 12, 31),
        unit="share",
        estimate=0.5 if shown else None,
        lower=0.4 if shown else None,
        upper=0.6 if shown else None,
        status="shown" if shown else "protected",
        method="survey",
        source=series,
    )


def preference(*major: str) -> Preference:
    return Preference(frozenset(major), {"first": 0, "second": 1, "third": 2})


def test_the_latest_figure_is_the_headline() -> None:
    rows = [row("first", 2018, 2018), row("second", 2020, 2020)]
    assert preference().best(rows) == rows[1]


def test_another_question_is_never_the_headline_while_there_is_one_of_the_measure() -> None:
    rows = [row("first", 2018, 2018), row("second", 2020, 2020)]
    assert preference("second").best(rows) == rows[0]


def test_a_hidden_row_is_never_the_headline() -> None:
    rows = [row("first", 2018, 2018), row("first", 2020, 2020, shown=False)]
    assert preference().best(rows) == rows[0]


def test_a_pool_is_left_out_where_its_years_are_there() -> None:
    pool, years = row("first", 2018, 2019), [row("first", 2018, 2018), row("first", 2019, 2019)]
    assert single_periods([pool, *years]) == years
    assert single_periods([pool]) == [pool]


def test_the_chain_ends_with_the_headlines_series_and_holds_no_two_answers_for_a_day() -> None:
    early, late = row("first", 2016, 2016), row("second", 2019, 2019)
    beside = row("third", 2019, 2019)
    runs = chain([early, beside, late], late, preference())
    assert [[one.series for one in run] for run in runs] == [["first"], ["second"]]


def test_another_question_is_no_part_of_the_chain() -> None:
    early, late = row("first", 2016, 2016), row("second", 2019, 2019)
    assert chain([early, late], late, preference("first")) == [[late]]


def test_groups_of_unknown_people_are_left_out() -> None:
    rows = [
        replace(row("first", 2019, 2019), breakdown="sex", group=group)
        for group in ("male", "female", "unknown")
    ]
    order = {("sex", "female"): 0, ("sex", "male"): 1}
    (table,) = groups_tables(rows, CELL, preference(), order)
    assert [one.group for one in table.rows] == ["female", "male"]


def test_boroughs_come_a_second_time_where_only_then_the_city_is_there() -> None:
    rows = {
        code: [row("first", 2018, 2019, area=code), row("second", 2019, 2019, area=code)]
        for code in ("A", "B")
    }
    city = [row("second", 2019, 2019)]
    choices = borough_choices(rows, city, CELL, preference("second"))
    assert [{one.series for one in choice.values()} for choice in choices] == [
        {"first"},
        {"second"},
    ]


def test_boroughs_come_once_where_the_city_is_there_at_once() -> None:
    rows = {code: [row("first", 2019, 2019, area=code)] for code in ("A", "B")}
    assert len(borough_choices(rows, [row("first", 2019, 2019)], CELL, preference())) == 1
