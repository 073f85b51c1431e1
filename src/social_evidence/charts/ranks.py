"""Ranks with their ranges: how far up or down a place could stand by chance alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from social_evidence.charts.dots import draw_rows
from social_evidence.charts.points import Chart, FixedEnds, Point, Rows
from social_evidence.charts.scales import nice_step
from social_evidence.charts.words import ENGLISH, ChartWords

_HALF: Final = 0.5


def rank_chart(rows: Rows, words: ChartWords = ENGLISH) -> Chart:
    """Draw ranks one below another, each with the range it could have.

    The wide ranges are the message: few places have a rank of their own. It is drawn only where a
    page says so in words beside it.

    Each place of the order is as wide as the next, so that a bar from the first place to the
    seventh covers seven of them.

    Args:
        rows: Figures are ranks, 1 the highest; limits the ranks between which each very likely
            lies. Without a verdict a bar is filled.
        words: The language.

    Returns:
        The chart, from the first place to the last, whatever the ranks are.
    """
    places = max(len(rows.points), 2)
    step = max(round(nice_step(places - 1, 4)), 1)
    ticks = (1.0, *(float(rank) for rank in range(step, places + 1, step) if rank > 1))
    if places - ticks[-1] >= step / 2:
        ticks = (*ticks, float(places))
    ends = rows.scale or FixedEnds(low=1.0 - _HALF, high=places + _HALF, ticks=ticks)
    points = tuple(map(_whole, rows.points))
    return replace(
        draw_rows(replace(rows, points=points, scale=ends), words.ranks, words), notes=()
    )


def _whole(point: Point) -> Point:
    """Reach from the near side of the first place a bar holds to the far side of the last."""
    if point.lower is None or point.upper is None:
        return point
    return replace(point, lower=point.lower - _HALF, upper=point.upper + _HALF)
