"""Figures become rows: judged by size, graded, rounded once, breaks told."""

from __future__ import annotations

import dataclasses

import pytest

from social_evidence.app.figure_rows import to_estimates
from social_evidence.app.figures import Figure, Numbers
from social_evidence.errors import DefinitionError, DisclosureError
from social_evidence.model.measure import Measure, Series
from social_evidence.model.period import parse
from social_evidence.model.source import Source

SERIES = (Series(source="old", id="old"), Series(source="new", id="new"))
MEASURE = Measure(
    id="m",
    version=1,
    title="m",
    domain="outcomes",
    theme="t",
    rationale="r",
    direction="neutral",
    unit="share",
    statistic="proportion",
    series=SERIES,
)
NUMBERS = Numbers(
    estimate=0.12345,
    standard_error=0.01234,
    lower=0.1,
    upper=0.14999,
    level=0.95,
    interval_method="logit",
    degrees_of_freedom=7.0,
    design_effect=1.234,
    effective_base=81.0,
    base=100,
)


def source(**given):
    fields = {
        "id": "old",
        "kind": "microdata",
        "title": "t",
        "publisher": "p",
        "licence": "l",
        "how_to_get": "h",
        "files": (),
    }
    return Source(**{**fields, **given})


def figure(period="2020", series=0, **given):
    fields = {
        "measure": MEASURE,
        "series": SERIES[series],
        "source": source(),
        "period": parse(period),
        "area": "T",
        "breakdown": "all",
        "group": "all",
        "statistic": "proportion",
        "numbers": NUMBERS,
        "variance_basis": "design",
    }
    return Figure(**{**fields, **given})


def with_base(base, **given):
    return figure(numbers=dataclasses.replace(NUMBERS, base=base), **given)


def test_a_shown_figure_is_rounded_once_with_its_limits_outward():
    (row,) = to_estimates([figure()])
    assert (row.estimate, row.standard_error, row.lower, row.upper) == (0.123, 0.012, 0.1, 0.15)
    assert (row.design_effect, row.effective_base, row.base) == (1.2, 81.0, 100)
    assert (row.status, row.reliability, row.degrees_of_freedom) == ("shown", "A", 7.0)


def test_a_hidden_figure_keeps_no_number_and_no_method_of_an_interval():
    (row,) = to_estimates([with_base(9)])
    assert row.status == "protected"
    assert row.estimate is row.base is row.level is row.degrees_of_freedom is None
    assert (row.interval_method, row.variance_basis, row.reliability) == ("none", "none", None)


def test_nobody_in_a_cell_is_hidden_too():
    assert to_estimates([figure(numbers=Numbers(base=0))])[0].status == "protected"


def test_a_low_base_shows_its_numbers_unless_the_source_forbids():
    shown = source(low_base_minimum=200)
    assert to_estimates([figure(source=shown)])[0].status == "low_base"
    hidden = source(low_base_minimum=200, low_base="hide")
    assert to_estimates([figure(source=hidden)])[0].status == "protected"


def test_the_unknown_group_keeps_its_base_only():
    (row,) = to_estimates([with_base(3, breakdown="sex", group="unknown")])
    assert (row.status, row.base, row.estimate) == ("not_applicable", 3, None)


def test_a_gap_is_hidden_with_either_of_its_groups():
    def place(group):
        return ("2020", "T", "sex", group)

    cells = [
        with_base(50, breakdown="sex", group="men"),
        with_base(5, breakdown="sex", group="women"),
    ]
    gap = figure(
        breakdown="sex",
        group="women",
        statistic="difference",
        numbers=dataclasses.replace(NUMBERS, base=None),
        made_of=(place("men"), place("women")),
    )
    rows = {(row.group, row.statistic): row.status for row in to_estimates([*cells, gap])}
    assert rows["women", "difference"] == "protected"
    assert rows["men", "proportion"] == "shown"


def test_a_following_series_is_flagged_where_it_begins():
    rows = to_estimates([figure("2019"), figure("2020", series=1), figure("2021", series=1)])
    assert {(row.series, row.period): row.flags for row in rows} == {
        ("old", "2019"): "",
        ("new", "2020"): "break",
        ("new", "2021"): "",
    }


def test_a_pool_that_begins_with_a_new_series_stands_at_the_break_too():
    new = [figure(label, series=1) for label in ("fy2020-21", "fy2020-22", "fy2021-22")]
    rows = to_estimates([figure("fy2018-19"), *new])
    assert {row.period for row in rows if row.flags == "break"} == {"fy2020-21", "fy2020-22"}


def test_a_series_beside_another_breaks_nothing():
    rows = to_estimates([figure("2019"), figure("2019", series=1)])
    assert [row.flags for row in rows] == ["", ""]


def test_rows_are_sorted_by_the_days_of_their_periods():
    rows = to_estimates([figure("fy2019-20"), figure("2020"), figure("2019Q4"), figure("2019")])
    assert [row.period for row in rows] == ["2019", "fy2019-20", "2019Q4", "2020"]


def test_two_figures_with_one_address_are_refused():
    with pytest.raises(DefinitionError, match="share the address"):
        to_estimates([figure(), figure()])


def test_limits_that_do_not_exist_leave_no_level():
    lacking = dataclasses.replace(NUMBERS, lower=None, upper=None)
    (row,) = to_estimates([figure(numbers=lacking)])
    assert (row.level, row.interval_method, row.estimate) == (None, "none", 0.123)


def test_money_counted_in_full_needs_a_word_on_who_may_dominate_it():
    money = dataclasses.replace(MEASURE, unit="pounds", statistic="mean")
    with pytest.raises(DisclosureError, match="no_dominance"):
        to_estimates([figure(measure=money, statistic="mean", source=source(kind="counts"))])
    capped = source(kind="counts", no_dominance="Amounts are capped at 100,000 pounds.")
    for own in (capped, source()):
        (row,) = to_estimates([figure(measure=money, statistic="mean", source=own)])
        assert row.status == "shown"


def test_nobody_and_everybody_are_hidden_on_sensitive_measures_only():
    sensitive = dataclasses.replace(MEASURE, sensitive=True)
    for value in (0.0, 1.0):
        numbers = dataclasses.replace(NUMBERS, estimate=value)
        assert to_estimates([figure(numbers=numbers)])[0].status == "shown"
        assert to_estimates([figure(numbers=numbers, measure=sensitive)])[0].status == "protected"
    numbers = dataclasses.replace(NUMBERS, estimate=0.0004)
    assert to_estimates([figure(numbers=numbers, measure=sensitive)])[0].status == "shown"


def test_numerator_denominator_and_what_lies_between_are_protected_together():
    series = Series(
        source="old", id="old", numerator_within_denominator=True, numerator_quantity="n"
    )
    asked = []

    def joint(tables):
        asked.extend(tables)
        return [[] for _ in tables]

    numbers = Numbers(estimate=0.25, size=12, numerator=12.0, denominator=48.0)
    counted = Figure(
        measure=MEASURE, series=series, source=source(minimum_numerator=3), period=parse("2020"),
        area="T", breakdown="all", group="all", statistic="proportion", numbers=numbers,
        method="administrative",
    )  # fmt: skip
    (row,) = to_estimates([counted], joint)
    assert row.status == "shown"
    ((figures, _),) = asked
    assert figures[0].counts == (12, 48, 36)
    few = dataclasses.replace(numbers, numerator=46.0, size=46)
    (row,) = to_estimates([dataclasses.replace(counted, numbers=few)])
    assert row.status == "protected"
