"""Periods as people write them: `fy2016-17` is 2016/17, `y2023Q4` 12 months to December 2023."""

from __future__ import annotations

from datetime import date
from typing import Final

from social_evidence.model.period import parse

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_KINDS: Final = {"fy": "financial year", "ay": "academic year"}


def period_words(label: str, *, short: bool = False) -> str:
    """Write a period as people do.

    Args:
        label: A label of the estimates contract, for example `fy2016-17`.
        short: For a chart's axis or a table's head: without saying what kind of year it is or
            that several are put together. How many are is not said: one may have been left out.

    Returns:
        Text such as `2016`, `July to September 2016`, `12 months to December 2023`, `financial
        year 2016/17`, `2014 to 2015`, `2013 to 2015 together` or `1 December 2016`.

    Raises:
        DefinitionError: The label is not a period.

    Example:
        >>> period_words("fy2016-17", short=True)
        '2016/17'
    """
    period = parse(label)
    start, end = period.start, period.end
    if label[:2] in _KINDS:
        return _split_years(_KINDS[label[:2]], start.year, end.year, short=short)
    if label.startswith("y"):
        return f"12 months to {_month(end)}"
    if label.startswith("p"):
        return f"{start.year} to {end.year}{'' if short else ' together'}"
    return _plain(label, start, end)


def since_words(label: str) -> str:
    """Write a period as it stands after “since” and “in”.

    Args:
        label: A label of the estimates contract.

    Returns:
        Text such as `2016`, `the 12 months to June 2023` or `the years 2017 to 2018`.
    """
    words = period_words(label, short=True)
    if label.startswith("y"):
        return f"the {words}"
    if " to " not in words:
        return words
    return f"the {'months' if 'Q' in label else 'years'} {words}"


def span_words(first: str, last: str) -> str:
    """Write from which period to which a chart runs.

    Args:
        first: Label of the first period.
        last: Label of the last one.

    Returns:
        Text such as `2016/17 to 2021/22`; where a period is itself a run, from year to year, such
        as `2014 to 2021`.
    """
    words = [period_words(label, short=True) for label in (first, last)]
    if not any(" to " in text for text in words):
        return f"{words[0]} to {words[1]}"
    begins = parse(first).end if first.startswith("y") else parse(first).start
    return f"{begins.year} to {parse(last).end.year}"


def _plain(label: str, start: date, end: date) -> str:
    """Write a quarter, a day, a month, a year or a run of years."""
    if "Q" in label:
        return f"{_MONTHS[start.month - 1]} to {_month(end)}"
    if start == end:
        return f"{start.day} {_month(start)}"
    if len(label) == len("2016-09"):
        return _month(start)
    return str(start.year) if start.year == end.year else f"{start.year} to {end.year}"


def _split_years(kind: str, first: int, last: int, *, short: bool) -> str:
    """Write one financial or academic year, or several put together by their first and last."""
    if last == first + 1:
        return _split(first) if short else f"{kind} {_split(first)}"
    span = f"{_split(first)} to {_split(last - 1)}"
    return span if short else f"{kind}s {span} together"


def _split(first: int) -> str:
    return f"{first}/{(first + 1) % 100:02d}"


def _month(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.year}"
