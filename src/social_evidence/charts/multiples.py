"""Small multiples: the same chart for each group, on one scale, side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from social_evidence.charts.describing import chart_name
from social_evidence.charts.lettering import wrap
from social_evidence.charts.lines import line_chart, line_scale
from social_evidence.charts.marks import drawing, lines_of_text, text, value_spans
from social_evidence.charts.points import Chart, FixedEnds, Lines, Point
from social_evidence.charts.svg import element, escape
from social_evidence.charts.words import ENGLISH, ChartWords

HEIGHT: Final = 150.0
_COLUMNS: Final = 3
_COLUMN: Final = 30.0
_PITCH: Final = 35.0
_HEAD: Final = 44.0
_ROOM: Final = 196.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One of the charts.

    Attributes:
        title: The group.
        lines: Its figures over time; scale, span and height are set here.
        verdict: One line in print below, such as `No clear change since 2023`.
    """

    title: str
    lines: Lines
    verdict: str = ""


def small_multiples(subject: str, panels: tuple[Panel, ...], words: ChartWords = ENGLISH) -> Chart:
    """Draw a small chart for each group; all share one scale and one span of years.

    Args:
        subject: What all are of: subject, place, years.
        panels: The groups, nine at most to be read easily.
        words: The language.

    Returns:
        The chart. For a page it is a list with a heading a group, as wide as there is room.
    """
    ends, span = _shared(panels)
    charts = [
        line_chart(
            replace(panel.lines, scale=ends, span=span, height=HEIGHT, breaks=()), words, small=True
        )
        for panel in panels
    ]
    items = "".join(_item(panel, chart) for panel, chart in zip(panels, charts, strict=True))
    label = chart_name(subject, words.lines, words, None)
    alone, height = _alone(panels, charts, label)
    return Chart(
        svg=element("ul", items, class_="mult"),
        alone=alone,
        label=label,
        description=tuple(chart.description[0] for chart in charts if chart.description),
        notes=charts[0].notes if charts else (),
        key=tuple(dict.fromkeys(item for chart in charts for item in chart.key)),
        height=height,
    )


def _shared(panels: tuple[Panel, ...]) -> tuple[FixedEnds, tuple[float, float]]:
    runs = [run for panel in panels for run in (*panel.lines.runs, *panel.lines.references)]
    first = replace(panels[0].lines, height=HEIGHT)
    scale = line_scale(runs, first, 0.0, 100.0)
    times = [time for run in runs for time in run.times] or [0.0, 1.0]
    ends = FixedEnds(low=scale.low, high=scale.high, ticks=scale.ticks)
    return ends, (min(times), max(times))


def _latest(panel: Panel) -> Point | None:
    shown = [point for run in panel.lines.runs for point in run.points if point.is_shown]
    return shown[-1] if shown else None


def _item(panel: Panel, chart: Chart) -> str:
    """Write heading with the latest figure, chart, and verdict."""
    point = _latest(panel)
    figure = ""
    if point is not None:
        bold = element("b", escape(point.value))
        figure = " " + element("span", f"{bold} {escape(point.limits)}".strip(), class_="num")
    verdict = element("p", escape(panel.verdict)) if panel.verdict else ""
    return element("li", element("h3", escape(panel.title) + figure) + chart.svg + verdict)


def _alone(panels: tuple[Panel, ...], charts: list[Chart], label: str) -> tuple[str, float]:
    """Lay the small charts out in columns, as one drawing."""
    parts: list[str] = []
    row = HEIGHT + _HEAD + 46.0
    for number, (panel, chart) in enumerate(zip(panels, charts, strict=True)):
        x = (number % _COLUMNS) * _PITCH
        y = (number // _COLUMNS) * row
        point = _latest(panel)
        head = text(panel.title, x, y + 15.0, "b")
        figure = "" if point is None else text(value_spans(point), x, y + 33.0, "num", raw=True)
        verdict = lines_of_text(wrap(panel.verdict, _ROOM), x, y + _HEAD + HEIGHT + 8.0, "m")
        placed = element(
            "svg",
            chart.svg,
            x=f"{x:g}%",
            y=y + _HEAD - 8.0,
            width=f"{_COLUMN:g}%",
            height=HEIGHT,
            overflow="visible",
        )
        parts += [head, figure, placed, verdict]
    height = row * (-(-len(panels) // _COLUMNS))
    return drawing(" ".join(parts), height, label), height
