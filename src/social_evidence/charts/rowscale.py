"""Widths that charts are made for, and the scale of a chart of rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from social_evidence.charts.lettering import SMALL, text_width
from social_evidence.charts.points import FixedEnds, Rows
from social_evidence.charts.scales import Axis, Scale, fixed_scale, nice_scale, tick_text

WIDE: Final = 672.0
"""Least width of the wide form, px."""
NARROW: Final = 272.0
"""Least width of the narrow form, px: a page of 320 with margins, and a little to spare."""

_HALF: Final = 60.0
"""A scale over more than this share of the width is that of a narrow form."""
_SHARE: Final = 0.75
"""Half a text beside half a text, and a quarter more for one that is moved in from an edge."""
_APART: Final = 6.0


def scale_of(rows: Rows, first: float, last: float) -> Scale:
    """Make the scale of a chart of rows: given ends, or round ones that hold every range."""
    if rows.scale is not None:
        return ends_at(rows.scale, first, last)
    values = [v for p in rows.points if p.is_shown for v in (p.estimate, p.lower, p.upper)]
    if rows.reference is not None:
        values += [rows.reference.estimate, rows.reference.lower, rows.reference.upper]
    width = NARROW if last - first > _HALF else WIDE
    return fitting_scale(values, rows.axis, (first, last), width)


def fitting_scale(
    values: Sequence[float | None], axis: Axis, ends: tuple[float, float], width: float
) -> Scale:
    """Make a scale whose ticks have room for their text.

    Args:
        values: Stored figures and limits; None is skipped.
        axis: What is counted.
        ends: Where it is laid, per cent of the width.
        width: Px that the drawing is wide at least.
    """
    for steps in (5, 4, 3, 2):
        scale = nice_scale(values, axis, *ends, steps=steps)
        if _has_room(scale, axis, width) or steps == 2:
            break
    return scale


def _has_room(scale: Scale, axis: Axis, width: float) -> bool:
    """Whether the text of each tick stands clear of the next; those at the ends lie inside."""
    texts = [text_width(tick_text(tick, axis), size=SMALL) for tick in scale.ticks]
    places = [scale.at(tick) / 100.0 * width for tick in scale.ticks]
    return all(
        right - left >= (one + two) * _SHARE + _APART
        for (left, one), (right, two) in pairwise(zip(places, texts, strict=True))
    )


def ends_at(ends: FixedEnds, first: float, last: float) -> Scale:
    """Lay a scale with settled ends between two places."""
    return fixed_scale(ends.low, ends.high, ends.ticks, first, last)
