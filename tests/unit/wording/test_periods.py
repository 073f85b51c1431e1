"""Periods read as people write them."""

from __future__ import annotations

import pytest

from social_evidence.errors import DefinitionError
from social_evidence.wording.periods import period_words, since_words, span_words


@pytest.mark.parametrize(
    ("label", "words", "short"),
    [
        ("2016", "2016", "2016"),
        ("2016Q3", "July to September 2016", "July to September 2016"),
        ("2016-09", "September 2016", "September 2016"),
        ("y2023Q4", "12 months to December 2023", "12 months to December 2023"),
        ("y2023-06", "12 months to June 2023", "12 months to June 2023"),
        ("fy2016-17", "financial year 2016/17", "2016/17"),
        ("fy1999-00", "financial year 1999/00", "1999/00"),
        ("ay2016-17", "academic year 2016/17", "2016/17"),
        ("2014-2015", "2014 to 2015", "2014 to 2015"),
        ("p2013-2015", "2013 to 2015 together", "2013 to 2015"),
        (
            "fy2013-16",
            "financial years 2013/14 to 2015/16 together",
            "2013/14 to 2015/16",
        ),
        ("ay2013-15", "academic years 2013/14 to 2014/15 together", "2013/14 to 2014/15"),
        ("2016-12-01", "1 December 2016", "1 December 2016"),
    ],
)
def test_a_period_reads_as_people_write_it(label, words, short):
    assert period_words(label) == words
    assert period_words(label, short=True) == short


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("2016", "2016"),
        ("fy2016-17", "2016/17"),
        ("y2023-06", "the 12 months to June 2023"),
        ("2017-2018", "the years 2017 to 2018"),
        ("fy2013-16", "the years 2013/14 to 2015/16"),
        ("2016Q3", "the months July to September 2016"),
        ("2016-12-01", "1 December 2016"),
    ],
)
def test_a_period_stands_after_since(label: str, words: str) -> None:
    assert since_words(label) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("fy2016-17", "fy2021-22", "2016/17 to 2021/22"),
        ("2014-2015", "2020-2021", "2014 to 2021"),
        ("2014Q1", "2020Q1", "2014 to 2020"),
        ("y2016-11", "y2023-11", "2016 to 2023"),
        ("2018", "2023", "2018 to 2023"),
    ],
)
def test_a_span_is_said_once_from_year_to_year(first: str, last: str, words: str) -> None:
    assert span_words(first, last) == words


def test_what_is_no_period_is_refused():
    with pytest.raises(DefinitionError, match="is not a period"):
        period_words("last year")
