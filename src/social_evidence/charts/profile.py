"""A place against the city: how far each figure lies from the city's, on one scale for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from social_evidence.charts.describing import chart_name, describe_points, key_of, scale_notes
from social_evidence.charts.dots import (
    Columns,
    columns_for,
    edge_class,
    row_label,
    value_width,
    verdict_class,
    wide_row,
)
from social_evidence.charts.lettering import LEADING, text_width, wrap
from social_evidence.charts.marks import (
    drawing,
    interval_mark,
    is_cut,
    line,
    lines_of_text,
    text,
    value_spans,
)
from social_evidence.charts.points import Chart, FixedEnds, Point, Rows, mark_of
from social_evidence.charts.rowscale import NARROW, ends_at
from social_evidence.charts.scales import Scale, tick_text
from social_evidence.charts.svg import element
from social_evidence.charts.words import ENGLISH, ChartWords

TWENTY_POINTS: Final = FixedEnds(low=-0.2, high=0.2, ticks=(-0.2, -0.1, 0.1, 0.2))
"""The scale of a profile of shares: 20 points to either side."""

_LABELS: Final = 35.0
_VALUE_AT: Final = 70.0
_ROW: Final = 34.0
_TOP: Final = 26.0
_FOOT: Final = 24.0
_NARROW_PLOT: Final = (3.0, 97.0)
"""Short of the edges, so that a pointer beyond the scale lies inside the drawing."""


def profile(charts: Sequence[Rows], words: ChartWords = ENGLISH) -> tuple[Chart, ...]:
    """Draw one chart for each domain, all on one scale and with the same columns.

    Args:
        charts: One a domain. Estimates and limits are distances from the city, in stored units of
            the axis; value and limits in print are the figures themselves. `reference` names the
            city, at 0. Rows keep the catalogue's order, so that two places can be laid side by
            side.
        words: The language.

    Returns:
        A chart for each. A range that runs off the scale is cut square and points on.
    """
    columns = columns_for(
        [point for rows in charts for point in rows.points], labels=_LABELS, value_at=_VALUE_AT
    )
    return tuple(_profile(rows, columns, words) for rows in charts)


def _profile(rows: Rows, columns: Columns, words: ChartWords) -> Chart:
    ends = rows.scale or TWENTY_POINTS
    label = chart_name(rows.subject, words.profile, words, None)
    scale = ends_at(ends, *columns.plot)
    wide, height = _wide(rows, scale, columns, label)
    return Chart(
        svg=wide + _narrow(rows, ends_at(ends, *_NARROW_PLOT), label),
        alone=wide,
        label=label,
        description=describe_points(rows.points, words)[2:],
        notes=scale_notes(
            scale, rows.axis, words, cut=any(is_cut(point, scale) for point in rows.points)
        ),
        key=tuple(item for item in key_of(rows.points, rows.reference) if item != "reference"),
        height=height,
    )


def _wide(rows: Rows, scale: Scale, columns: Columns, label: str) -> tuple[str, float]:
    y = _TOP
    body: list[str] = []
    for point in rows.points:
        body.append(line("gl", (0.0, 100.0), (y, y)))
        drawn, height = wide_row(point, scale, columns, y, least=_ROW)
        body.append(drawn)
        y += height
    behind: list[str] = []
    for tick in scale.ticks:
        x = scale.at(tick)
        behind.append(line("gl", (x, x), (_TOP - 4.0, y)))
        behind.append(text(tick_text(tick, rows.axis), x, y + 16.0, "tk c"))
    behind.append(_centre(rows, scale, (_TOP - 8.0, y)))
    return drawing(" ".join((*behind, *body)), y + _FOOT, label, form="wide"), y + _FOOT


def _centre(rows: Rows, scale: Scale, y: tuple[float, float]) -> str:
    x = scale.at(0.0)
    name = rows.reference.label if rows.reference else ""
    return line("cl", (x, x), y) + " " + text(name, x, 12.0, "b c")


def _narrow(rows: Rows, scale: Scale, label: str) -> str:
    """Draw three lines a row: label, scale, figure with verdict."""
    y = 24.0
    name = rows.reference.label if rows.reference else ""
    body = [text(name, scale.at(0.0), 12.0, "b c")]
    for point in rows.points:
        body.append(line("gl", (0.0, 100.0), (y, y)))
        drawn, height = _narrow_row(point, scale, y)
        body.append(drawn)
        y += height
    body += [
        text(tick_text(tick, rows.axis), scale.at(tick), y + 14.0, f"tk{edge_class(scale, tick)}")
        for tick in scale.ticks
    ]
    return drawing(" ".join(body), y + 20.0, label, form="narrow")


def _narrow_row(point: Point, scale: Scale, y: float) -> tuple[str, float]:
    label = wrap(point.label, NARROW)
    first = y + 18.0
    middle = first + (len(label) - 1) * LEADING + 18.0
    base = middle if mark_of(point) == "empty" else middle + 25.0
    below, lines = _below(point, base)
    behind = _track(scale, middle) if point.is_shown else ""
    mark = interval_mark(point, scale, middle, room=NARROW / 100.0)
    row = element("g", f"{row_label(label, point, first)}{mark} {below}", class_="p")
    return behind + row, base - y + (lines - 1) * LEADING + 13.0


def _below(point: Point, y: float) -> tuple[str, int]:
    """Write figure and verdict, or the reason for none; return it and how many lines it takes."""
    if not point.is_shown:
        reasons = wrap(point.word, NARROW)
        return lines_of_text(reasons, 0.0, y, "halo m", leading=LEADING), len(reasons)
    figure = text(value_spans(point), 0.0, y, "num", raw=True)
    verdict = wrap(point.word, NARROW, bold=True)
    class_ = verdict_class(point)
    if value_width(point) + text_width(point.word, bold=True) + 8.0 <= NARROW:
        return f"{figure} {text(point.word, 100.0, y, f'e {class_}') if point.word else ''}", 1
    below = lines_of_text(verdict, 0.0, y + LEADING, class_, leading=LEADING)
    return f"{figure} {below}", 1 + len(verdict)


def _track(scale: Scale, middle: float) -> str:
    drawn = [line("gl", (scale.first, scale.last), (middle, middle))]
    drawn += [
        line("gl", (scale.at(tick), scale.at(tick)), (middle - 5.0, middle + 5.0))
        for tick in scale.ticks
    ]
    centre = scale.at(0.0)
    drawn.append(line("cl", (centre, centre), (middle - 11.0, middle + 11.0)))
    return "".join(drawn)
