"""Bars from zero: how many, and rates where the length itself is the message."""

from __future__ import annotations

from typing import Final

from social_evidence.charts.describing import chart_name, describe_points, key_of
from social_evidence.charts.lettering import LEADING, text_width, wrap
from social_evidence.charts.marks import (
    drawing,
    hatched,
    interval_mark,
    lines_of_text,
    text,
    value_spans,
)
from social_evidence.charts.points import Chart, Point, Rows, mark_of
from social_evidence.charts.rowscale import NARROW, ends_at
from social_evidence.charts.scales import Scale, nice_scale
from social_evidence.charts.svg import element, escape, percent
from social_evidence.charts.words import ENGLISH, ChartWords
from social_evidence.errors import DefinitionError

_BAR: Final = 16.0
_CAPSULE: Final = 8.0


def bar_chart(rows: Rows, words: ChartWords = ENGLISH) -> Chart:
    """Draw a bar for each figure, from zero; over it, where there is a range, its capsule.

    Counts are square-ended plain bars: they are no ranges. A figure with a range has a pale bar,
    so that the range stands out and not the length.

    Args:
        rows: The figures; none below zero.
        words: The language.

    Returns:
        The chart, the same at every width. Figures are printed, so there are no ticks.

    Raises:
        DefinitionError: A figure lies below zero, where a bar would have no length to compare.
    """
    scale = _scale(rows)
    body: list[str] = []
    y = 0.0
    for point in rows.points:
        drawn, height = _row(point, scale, y)
        body.append(drawn)
        y += height
    label = chart_name(rows.subject, words.bars, words, rows.reference)
    drawn = drawing(" ".join(body), y, label)
    return Chart(
        svg=drawn,
        alone=drawn,
        label=label,
        description=describe_points(rows.points, words),
        notes=(),
        key=tuple(item for item in key_of(rows.points, None) if item not in {"counted", "bare"}),
        height=y,
    )


def _scale(rows: Rows) -> Scale:
    shown = [point for point in rows.points if point.is_shown]
    values = [v for p in shown for v in (p.estimate, p.lower, p.upper) if v is not None]
    if min(values, default=0.0) < 0.0:
        raise DefinitionError(
            f"A bar of {rows.subject!r} lies below zero. Bars compare lengths from zero: draw "
            "figures that can be negative as an interval dot plot."
        )
    if rows.scale is not None:
        return ends_at(rows.scale, 0.0, 100.0)
    highest = max(values, default=1.0) or 1.0
    round_ = nice_scale(values, rows.axis, 0.0, 100.0, zero=True)
    has_range = any(point.has_limits for point in shown)
    high = round_.high if has_range else highest
    return Scale(low=0.0, high=high, first=0.0, last=100.0, ticks=())


def _row(point: Point, scale: Scale, y: float) -> tuple[str, float]:
    """Write figure and label on a line, or one below the other, and the bar below them."""
    first = y + 15.0
    if not point.is_shown:
        lines = wrap(f"{point.label}: {point.word}", NARROW)
        written = lines_of_text(lines, 0.0, first, "m", leading=LEADING)
        last = first + (len(lines) - 1) * LEADING
    else:
        written, last = _words(point, first)
    middle = last + 13.0
    content = f"{written} {_marks(point, scale, middle)}"
    return element("g", content, class_="p"), middle + 22.0 - y


def _words(point: Point, first: float) -> tuple[str, float]:
    spans = value_spans(point)
    width = text_width(point.value, bold=True) + text_width(f" {point.limits} {point.label}")
    if width <= NARROW:
        return text(f"{spans} {element('tspan', escape(point.label))}", 0.0, first, raw=True), first
    lines = wrap(point.label, NARROW)
    last = first + len(lines) * LEADING
    label = lines_of_text(lines, 0.0, first, "", leading=LEADING)
    return f"{label} {text(spans, 0.0, last, 'num', raw=True)}", last


def _marks(point: Point, scale: Scale, middle: float) -> str:
    mark = mark_of(point)
    if mark == "empty":
        return ""
    if mark == "hidden":
        return hatched((0.0, 100.0), middle)
    bar = element(
        "rect",
        class_="bp" if point.has_limits else "iv",
        x="0",
        y=middle - _BAR / 2,
        width=percent(scale.at(scale.clip(point.estimate or 0.0))),
        height=_BAR,
    )
    if not point.has_limits:
        return bar
    return bar + interval_mark(point, scale, middle, room=NARROW / 100.0, height=_CAPSULE)
