import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.errors import DefinitionError
from social_evidence.wording import numbers

thousandths = st.integers(0, 1000)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.574, "57%"),
        (0.575, "58%"),
        (0.285, "29%"),  # 28.499999999999996 when multiplied in binary
        (0.005, "1%"),
        (0.0, "0%"),
        (1.0, "100%"),
        (0.004, "less than 1%"),
        (0.996, "more than 99%"),
        (1.124, "112%"),
    ],
)
def test_a_share_is_read_as_a_percentage_rounded_half_up(value, text):
    assert numbers.percent(value) == text


@given(thousandths)
def test_the_percentage_is_that_of_a_whole_count_of_thousandths(count):
    expected = (count + 5) // 10
    text = numbers.percent(count / 1000)
    if expected == 0 and count > 0:
        assert text == "less than 1%"
    elif expected == 100 and count < 1000:
        assert text == "more than 99%"
    else:
        assert text == f"{expected}%"


@given(thousandths, thousandths)
def test_a_range_is_never_narrower_than_the_stored_limits(one, other):
    low, high = sorted([one, other])
    text = numbers.range_text(low / 1000, high / 1000, "share")
    first, last = (int(n) for n in re.findall(r"\d+", text))
    assert (first, last) == (low // 10, -(-high // 10))


@given(thousandths)
def test_one_decimal_shows_a_stored_share_in_full(count):
    text = numbers.percent(count / 1000, decimals=1)
    assert Decimal(text.removesuffix("%")) == Decimal(count) / 10


def test_a_share_of_counts_in_full_is_rounded_once():
    assert numbers.percent(0.49496) == "49%"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.052, "5 percentage points"),
        (-0.045, "−5 percentage points"),
        (0.045, "5 percentage points"),
        (0.01, "1 percentage point"),
        (-0.01, "−1 percentage point"),
        (0.0, "0 percentage points"),
        (-0.004, "less than 1 percentage point"),
    ],
)
def test_a_difference_of_shares_is_read_in_percentage_points(value, text):
    assert numbers.figure(value, "share", statistic="difference") == text


def test_a_range_of_differences_goes_outward_on_both_sides_of_zero():
    text = numbers.range_text(-0.031, 0.042, "share", statistic="difference")
    assert text == "between −4 and 5 percentage points"
    text = numbers.range_text(-0.004, 0.0, "share", statistic="difference")
    assert text == "between −1 and 0 percentage points"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2.4, "per_1000", "2.4 per 1,000"),
        (2.38419283746, "per_1000", "2.38 per 1,000"),
        (0.0238419283746, "per_1000", "0.0238 per 1,000"),
        (1234.5678, "per_1000", "1,235 per 1,000"),
        (0.0, "per_1000", "0 per 1,000"),
        (7.43, "score", "7.43"),
        (7.0, "score", "7"),
        (-0.5, "score", "−0.5"),
        (1240.0, "pounds", "£1,240"),
        (12.5, "pounds", "£12.50"),
        (-12.5, "pounds", "−£12.50"),
        (0.004, "pounds", "£0"),
        (24147.0, "people", "24,147 people"),
        (1.0, "people", "1 person"),
        (1234567.0, "count", "1,234,567"),
        (41, "count", "41"),
    ],
)
def test_a_figure_is_written_in_its_unit(value, unit, text):
    assert numbers.figure(value, unit) == text


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("per_1000", "between 1.23 and 2.46 per 1,000"),
        ("score", "between 1.23 and 2.46"),
        ("pounds", "between £1.23 and £2.46"),
    ],
)
def test_a_range_names_its_unit_once_and_goes_outward(unit, text):
    assert numbers.range_text(1.2345, 2.4551, unit) == text


def test_a_range_of_people_is_written_in_whole_people():
    assert numbers.range_text(3000.0, 12000.0, "people") == "between 3,000 and 12,000 people"


def test_no_figure_is_said_to_be_none():
    assert numbers.figure(None, "share") == "no figure"
    assert numbers.range_text(None, 0.5, "share") == "no figure"


def test_an_unknown_unit_is_refused():
    with pytest.raises(DefinitionError, match="furlongs"):
        numbers.figure(1.0, "furlongs")


def test_another_language_is_another_table_of_templates():
    french = replace(
        numbers.ENGLISH,
        decimal=",",
        thousands=" ",
        percent="{} %",
        between="entre {} et {}",
        people="{} personnes",
    )
    assert numbers.percent(0.574, decimals=1, templates=french) == "57,4 %"
    assert numbers.figure(24147.0, "people", templates=french) == "24 147 personnes"
    assert numbers.range_text(0.521, 0.598, "share", templates=french) == "entre 52 % et 60 %"
