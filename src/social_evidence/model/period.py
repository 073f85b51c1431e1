"""Periods: the labels of the contract and the first and last day each one means."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from social_evidence.errors import DefinitionError


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of days with its label. Order is by days, never by the label's text.

    start: first day. end: last day, included. label: as published, for example `fy2016-17`.
    """

    start: date
    end: date
    label: str

    def overlaps(self, other: Period) -> bool:
        """Say whether the two share a day; overlapping periods are not independent."""
        return self.start <= other.end and other.start <= self.end

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years it stands for: those it covers by half, else the one it lies in most."""
        return _years(self.start, self.end)


@lru_cache(maxsize=4096)  # a release asks it of a hundred thousand cells, of few periods
def _years(start: date, end: date) -> tuple[int, ...]:
    share = {year: _share(start, end, year) for year in range(start.year, end.year + 1)}
    half = tuple(year for year, covered in share.items() if covered >= 0.5)
    return half or (max(share, key=lambda year: (share[year], year)),)


def _share(start: date, end: date, year: int) -> float:
    """Compute the share of a calendar year that some days cover."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = (min(end, last) - max(start, first)).days + 1
    return days / ((last - first).days + 1)


_FORMS: Final = (
    ("year", re.compile(r"(\d{4})", re.ASCII)),
    ("quarter", re.compile(r"(\d{4})Q([1-4])", re.ASCII)),
    ("month", re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)),
    ("twelve_months_to_quarter", re.compile(r"y(\d{4})Q([1-4])", re.ASCII)),
    ("twelve_months_to_month", re.compile(r"y(\d{4})-(0[1-9]|1[0-2])", re.ASCII)),
    ("financial", re.compile(r"()fy(\d{4})-(\d{2})", re.ASCII)),
    ("academic", re.compile(r"()ay(\d{4})-(\d{2})", re.ASCII)),
    ("years", re.compile(r"(p?)(\d{4})-(\d{4})", re.ASCII)),
    ("snapshot", re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)),
)
_WANTED = (
    "Write 2016, 2016Q3, 2016-09, y2023Q4, y2023-06, fy2016-17, ay2016-17, 2014-2015, p2013-2015, "
    "fy2013-16 or a day such as 2016-12-01."
)


@lru_cache(maxsize=4096)
def parse(label: str) -> Period:
    """Read a period label.

    Args:
        label: A label of the estimates contract, for example `fy2016-17` or `2020-12-01`.

    Returns:
        The period with its first and last day.

    Raises:
        DefinitionError: The label has no known form, or ends before it begins.

    Example:
        >>> parse("fy2016-17").end.isoformat()
        '2017-03-31'
    """
    for form, pattern in _FORMS:
        if found := pattern.fullmatch(label):
            try:
                start, end = _days(form, found.groups())
            except ValueError as fault:
                raise DefinitionError(f"Period {label!r} is no real date: {fault}.") from None
            if end < start:
                raise DefinitionError(f"Period {label!r} ends before it begins. {_WANTED}")
            return Period(start, end, label)
    raise DefinitionError(f"{label!r} is not a period. {_WANTED}")


def _days(form: str, parts: tuple[str, ...]) -> tuple[date, date]:
    if form == "snapshot":
        day = date(int(parts[0]), int(parts[1]), int(parts[2]))
        return day, day
    if form in {"financial", "academic"}:
        return _split_years(int(parts[1]), int(parts[2]), first_month=4 if form[0] == "f" else 9)
    if form == "years":
        return date(int(parts[1]), 1, 1), date(int(parts[2]), 12, 31)
    year = int(parts[0])
    if form == "year":
        return date(year, 1, 1), date(year, 12, 31)
    last_month = int(parts[1]) * 3 if form.endswith("quarter") else int(parts[1])
    end = date(year, last_month, calendar.monthrange(year, last_month)[1])
    if form.startswith("twelve_months"):
        after = date(year - 1, last_month, 1)
        return _month_after(after), end
    return date(year, last_month - 2 if form == "quarter" else last_month, 1), end


def _split_years(first: int, last_two_digits: int, *, first_month: int) -> tuple[date, date]:
    last = first - first % 100 + last_two_digits
    if last < first:
        last += 100
    end_month = first_month - 1
    return date(first, first_month, 1), date(
        last, end_month, calendar.monthrange(last, end_month)[1]
    )


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
