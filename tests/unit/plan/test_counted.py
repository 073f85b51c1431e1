"""Counted cells: periods as written, whole years, sums over the areas a source covers."""

from __future__ import annotations

import pytest

from social_evidence.errors import DefinitionError
from social_evidence.model.area import Area, AreaTree
from social_evidence.model.period import parse
from social_evidence.plan.counted import (
    Address,
    Cell,
    coverage,
    denominator_label,
    denominator_labels,
    marker_status,
    period_label,
    periods_of,
    subtract_areas,
    sum_areas,
    whole_years,
)

TREE = AreaTree.from_areas(
    [
        Area(code="L", name="London", kind="city"),
        Area(code="I", name="Inner", kind="inner_outer", parent="L"),
        Area(code="O", name="Outer", kind="inner_outer", parent="L"),
        Area(code="C", name="City of London", kind="borough", parent="I"),
        Area(code="1", name="One", kind="borough", parent="I"),
        Area(code="2", name="Two", kind="borough", parent="O"),
    ]
)


@pytest.mark.parametrize(
    ("text", "form", "label"),
    [
        ("2018", "year", "2018"),
        ("2016-17", "financial", "fy2016-17"),
        ("201617", "financial", "fy2016-17"),
        ("2016/17", "academic", "ay2016-17"),
        ("2016/2017", "financial", "fy2016-17"),
        ("1999-00", "financial", "fy1999-00"),
        ("31/12/2014", "quarter_end", "2014Q4"),
        ("31/12/2014", "twelve_months_to", "y2014Q4"),
        ("202306", "twelve_months_to", "y2023-06"),
        ("30/11/2014", "twelve_months_to", "y2014-11"),
        ("1/12/2020", "date", "2020-12-01"),
        ("201004", "month", "2010-04"),
        ("01.06.21", "month", "2021-06"),
        ("2022-03-01 00:00:00", "month", "2022-03"),
        ("1/4/2022", "month", "2022-04"),
        ("fy2016-17", "label", "fy2016-17"),
    ],
)
def test_a_period_is_read_in_its_form(text, form, label):
    assert period_label(text, form) == label
    assert parse(label).label == label


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2016-18", "financial"),
        ("201613", "month"),
        ("2022-03-02", "month"),
        ("31/02/2014", "date"),
        ("30/11/2014", "quarter_end"),
        ("last year", "label"),
    ],
)
def test_a_text_of_another_form_is_no_period(text, form):
    assert period_label(text, form) is None


def test_a_year_lacking_a_month_is_left_out():
    months = {Address("1", f"2018-{m:02d}"): Cell(number=1.0) for m in range(1, 13)}
    assert whole_years(months, "year") == {Address("1", "2018"): Cell(number=12.0)}
    del months[Address("1", "2018-05")]
    assert whole_years(months, "year") == {}


@pytest.mark.parametrize("period", ["2018-05-01", "2018Q2", "2018"])
def test_only_months_add_up_to_years(period):
    with pytest.raises(DefinitionError, match=f"'{period}' is no month"):
        whole_years({Address("1", period): Cell(number=1.0)}, "year")


def test_a_month_that_others_have_counts_zero_where_the_table_writes_no_zeros():
    months = {Address("1", f"2018-{m:02d}"): Cell(number=1.0) for m in range(1, 13)}
    months |= {Address("2", "2018-05"): Cell(number=3.0)}
    years = whole_years(months, "year", "zero")
    assert years[Address("2", "2018")] == Cell(number=3.0)
    assert {address.area for address in years} == {"1", "2"}
    del months[Address("1", "2018-04")]
    assert whole_years(months, "year", "zero") == {}


def test_a_hidden_month_hides_its_year():
    months = {Address("1", f"2018-{m:02d}"): Cell(number=1.0) for m in range(1, 12)}
    months[Address("1", "2018-12")] = Cell(status="protected")
    assert whole_years(months, "year")[Address("1", "2018")] == Cell(status="protected")


def test_areas_add_up_over_the_parts_a_source_covers_and_say_what_is_missing():
    cells = {Address("1", "2018"): Cell(number=3.0), Address("2", "2018"): Cell(number=4.0)}
    found = sum_areas(cells, ("L", "I"), TREE)
    assert found[Address("L", "2018")].number == 7.0
    assert found[Address("I", "2018")].number == 3.0
    assert coverage("L", {"1", "2"}, TREE).flags == ("excludes_city_of_london",)


def test_a_part_that_a_stated_flag_leaves_out_is_not_added():
    cells = {Address(code, "2018"): Cell(number=n) for code, n in {"1": 3, "2": 4, "C": 9}.items()}
    found = sum_areas(cells, ("L",), TREE, {"L": ("excludes_city_of_london",)})
    assert found[Address("L", "2018")].number == 7.0


def test_a_sum_without_a_part_no_flag_names_is_not_available():
    cells = {Address("1", "2018"): Cell(number=3.0), Address("C", "2018"): Cell(number=1.0)}
    assert sum_areas(cells, ("L",), TREE)[Address("L", "2018")].status == "not_available"


def test_a_sum_over_a_part_without_a_number_is_not_available():
    cells = {Address("1", "2018"): Cell(status="protected"), Address("2", "2018"): Cell(number=4.0)}
    assert sum_areas(cells, ("L",), TREE)[Address("L", "2018")] == Cell(status="not_available")


def test_the_rest_is_the_whole_less_its_parts_and_nothing_where_one_is_missing():
    cells = {
        Address("L", "2018"): Cell(number=8.0),
        Address("1", "2018"): Cell(number=3.0),
        Address("L", "2019"): Cell(number=9.0),
        Address("1", "2019"): Cell(status="protected"),
        Address("L", "2020"): Cell(number=9.0),
        Address("rest", "2020"): Cell(number=1.0),
    }
    found = subtract_areas(cells, {"rest": ("L", "1")})
    assert found[Address("rest", "2018")] == Cell(number=5.0)
    assert found[Address("rest", "2019")] == Cell(status="not_available")
    assert found[Address("rest", "2020")] == Cell(number=1.0)


def test_a_printed_area_stays_as_printed():
    cells = {
        Address("1", "2018"): Cell(number=3.0),
        Address("2", "2018"): Cell(number=4.0),
        Address("L", "2018"): Cell(number=8.0),
    }
    assert sum_areas(cells, ("L",), TREE)[Address("L", "2018")].number == 8.0


def test_a_stated_flag_leaves_a_part_out_even_where_no_part_is_printed():
    assert coverage("L", {"L"}, TREE, ("excludes_city_of_london",)).parts == ("1", "2")


def test_a_denominator_is_dated_by_the_numerators_first_year():
    assert denominator_labels(parse("fy2016-17"), "mid_year_of_first")[0] == "2016"
    assert denominator_labels(parse("fy2016-17"), "mid_year_of_year")[0] == "2017"
    assert denominator_labels(parse("fy2016-17"), "same") == ("fy2016-17",)


def test_a_mid_year_is_found_under_whichever_label_its_table_has():
    for label in ("2016", "2016-06-30", "2016-06"):
        held = {Address("1", label): Cell(number=1.0), Address("1", "2015"): Cell(number=1.0)}
        assert denominator_label(parse("fy2016-17"), "mid_year_of_first", periods_of(held)) == label
    held = {Address("1", "2015"): Cell(number=1.0)}
    assert denominator_label(parse("fy2016-17"), "mid_year_of_first", periods_of(held)) == "2016"


def test_a_marker_without_a_known_meaning_has_none_and_an_impossible_one_is_refused():
    assert marker_status("~", {}) is None
    assert marker_status("~", {"~": "not_available"}) == "not_available"
    with pytest.raises(DefinitionError, match="hidden"):
        marker_status("~", {"~": "hidden"})
