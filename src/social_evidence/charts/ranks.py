"""Ranks with their ranges: how far up or down a place could stand by chance alone."""

from __future__ import annotations

from dataclasses import replace

from social_evidence.charts.dots import draw_rows
from social_evidence.charts.points import Chart, FixedEnds, Rows
from social_evidence.charts.scales import nice_step
from social_evidence.charts.words import ENGLISH, ChartWords


def rank_chart(rows: Rows, words: ChartWords = ENGLISH) -> Chart:
    """Draw ranks one below another, each with the range it could have.

    The wide ranges are the message: few places have a rank of their own. It is drawn only where a
    page says so in words beside it.

    Args:
        rows: Figures are ranks, 1 the highest; limits the ranks between which each very likely
            lies.
        words: The language.

    Returns:
        The chart, from 1 to the number of places, whatever the ranks are.
    """
    places = max(len(rows.points), 2)
    step = max(round(nice_step(places - 1, 4)), 1)
    ticks = (1.0, *(float(rank) for rank in range(step, places + 1, step) if rank > 1))
    if places - ticks[-1] >= step / 2:
        ticks = (*ticks, float(places))
    ends = rows.scale or FixedEnds(low=1.0, high=float(places), ticks=ticks)
    return replace(draw_rows(replace(rows, scale=ends), words.ranks, words), notes=())
