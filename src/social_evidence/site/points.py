"""Rows in words as the charts take them."""

from __future__ import annotations

from datetime import date

from social_evidence.charts.points import Point
from social_evidence.site.figures import Told, Verdict


def point(
    label: str, told: Told, verdict: Verdict | None = None, *, section: str = "", href: str = ""
) -> Point:
    """Hand a row to a chart.

    Args:
        label: What the figure is of.
        told: The row in words.
        verdict: How it stands to the comparator, where somebody compared them.
        section: Heading of the rows it belongs to.
        href: Where the mark leads.
    """
    row = told.row
    limits = told.label.removeprefix(told.value).strip()
    if told.is_shown and not limits:
        limits = "counted" if row.method == "administrative" else ""
    word = (verdict.word if verdict else "") if told.is_shown else told.value
    return Point(
        label=label,
        estimate=row.estimate,
        lower=row.lower,
        upper=row.upper,
        status=row.status,
        reliability=row.reliability,
        method=row.method,
        verdict=verdict.code if verdict else None,
        value=told.value if told.is_shown else "",
        limits=limits,
        word=word,
        section=section,
        href=href,
    )


def middle(start: date, end: date) -> float:
    """Place a period on an axis of years: its middle."""
    days = (start.toordinal() + end.toordinal() + 1) / 2
    year = date.fromordinal(int(days)).year
    first, last = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    return year + (days - first) / (last - first)
