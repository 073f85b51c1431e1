"""Widths that charts are made for, and the scale of a chart of rows."""

from __future__ import annotations

from typing import Final

from social_evidence.charts.points import FixedEnds, Rows
from social_evidence.charts.scales import Scale, fixed_scale, nice_scale

WIDE: Final = 672.0
"""Least width of the wide form, px."""
NARROW: Final = 272.0
"""Least width of the narrow form, px: a page of 320 with margins, and a little to spare."""


def scale_of(rows: Rows, first: float, last: float) -> Scale:
    """Make the scale of a chart of rows: given ends, or round ones that hold every range."""
    if rows.scale is not None:
        return ends_at(rows.scale, first, last)
    values = [v for p in rows.points if p.is_shown for v in (p.estimate, p.lower, p.upper)]
    if rows.reference is not None:
        values += [rows.reference.estimate, rows.reference.lower, rows.reference.upper]
    return nice_scale(values, rows.axis, first, last)


def ends_at(ends: FixedEnds, first: float, last: float) -> Scale:
    """Lay a scale with settled ends between two places."""
    return fixed_scale(ends.low, ends.high, ends.ticks, first, last)
