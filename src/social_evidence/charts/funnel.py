"""Funnels: which areas stand apart from the city by more than chance, given their size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from social_evidence.charts.describing import chart_name, scale_notes
from social_evidence.charts.lettering import LEADING, SMALL, text_width
from social_evidence.charts.line_parts import Plane
from social_evidence.charts.lines import tick_boxes
from social_evidence.charts.marks import drawing, line, text
from social_evidence.charts.placing import Anchor, Board, Box, class_of, text_box
from social_evidence.charts.points import CLEAR_VERDICTS, Chart, Point, Reference
from social_evidence.charts.rowscale import NARROW, fitting_scale
from social_evidence.charts.scales import PEOPLE, Axis, nice_scale, tick_text
from social_evidence.charts.svg import element, link, number, percent
from social_evidence.charts.words import ENGLISH, ChartWords

_HEIGHT: Final = 330.0
_TOP: Final = 30.0
_FLOOR: Final = 300.0
_UNITS: Final = 10.0
_DOT: Final = 4.5
_KEY: Final = ("funnel_outside", "funnel_inside", "limits", "limits_outer")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelLimits:
    """Between which figures most areas would lie by chance alone, for each size.

    Attributes:
        sizes: Numbers of people, lowest first.
        lower, upper: Figures at each size.
    """

    sizes: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Areas by size.

    Attributes:
        subject: What the chart is of.
        axis: What is counted.
        points: A figure an area; its verdict says whether it lies outside the outer limits.
        sizes: People behind each.
        centre: The figure of all together.
        limits: The limits within which 95% would lie, then those of 99.8%.
        size_axis: How sizes are written.
    """

    subject: str
    axis: Axis
    points: tuple[Point, ...]
    sizes: tuple[float, ...]
    centre: Reference
    limits: tuple[FunnelLimits, ...]
    size_axis: Axis = PEOPLE


def funnel_plot(funnel: Funnel, words: ChartWords = ENGLISH) -> Chart:
    """Draw a dot for each area by its size, inside or outside the limits of chance.

    Args:
        funnel: The areas and the limits.
        words: The language.

    Returns:
        The chart, the same at every width. Areas outside are filled and named; a name for which
        there is no room stands in the table.
    """
    plane = _plane(funnel)
    board = Board(NARROW, _HEIGHT)
    board.take(tick_boxes(plane, funnel.axis))
    dots = [
        (point, size)
        for point, size in zip(funnel.points, funnel.sizes, strict=True)
        if point.is_shown
    ]
    board.take([_dot_box(point, size, plane) for point, size in dots])
    body = (
        _grid(plane, funnel),
        _curves(funnel, plane),
        _centre(funnel, plane, board),
        *(_dot(point, size, plane) for point, size in dots),
        *(_name(point, size, plane, board) for point, size in dots),
    )
    label = chart_name(funnel.subject, words.funnel, words, funnel.centre)
    drawn = drawing(" ".join(body), _HEIGHT, label)
    return Chart(
        svg=drawn,
        alone=drawn,
        label=label,
        description=_told(funnel, words),
        notes=scale_notes(plane.y, funnel.axis, words),
        key=_KEY,
        height=_HEIGHT,
    )


def _plane(funnel: Funnel) -> Plane:
    shown = [point for point in funnel.points if point.is_shown]
    values = [funnel.centre.estimate, *(point.estimate for point in shown)]
    known = [value for value in values if value is not None]
    span = max(known) - min(known)
    # Limits of the smallest areas run far out; the scale is that of the areas, and a little more.
    near = [
        value
        for limit in funnel.limits
        for value in (*limit.lower, *limit.upper)
        if min(known) - span / 4 <= value <= max(known) + span / 4
    ]
    y = nice_scale([*known, *near], funnel.axis, _FLOOR, _TOP)
    widest = max(text_width(tick_text(tick, funnel.axis), size=SMALL) for tick in y.ticks)
    first = (widest + 8.0) / NARROW * 100.0
    x = fitting_scale([0.0, *funnel.sizes], funnel.size_axis, (first, 97.0), NARROW)
    return Plane(x=x, y=y, height=_HEIGHT)


def _grid(plane: Plane, funnel: Funnel) -> str:
    drawn = []
    for tick in plane.y.ticks:
        y = plane.y.at(tick)
        drawn.append(line("gl", (0.0, 100.0), (y, y)))
        words = tick_text(tick, funnel.axis, bare=tick != plane.y.ticks[-1])
        drawn.append(text(words, 0.0, y - 4.0, "tk"))
    for tick in plane.x.ticks:
        at = plane.x.at(tick)
        words = tick_text(tick, funnel.size_axis)
        half = text_width(words, size=SMALL) / 2
        place = at / 100.0 * NARROW
        class_ = "tk e" if place + half > NARROW else "tk c"
        drawn.append(line("ax", (at, at), (_FLOOR, _FLOOR + 5.0)))
        drawn.append(text(words, 100.0 if class_ == "tk e" else at, _FLOOR + 20.0, class_))
    return " ".join(drawn)


def _curves(funnel: Funnel, plane: Plane) -> str:
    """Draw the limits, clipped to the scale."""
    top = plane.y.last
    window = f"0 {number(top)} 1000 {number(_FLOOR - top)}"
    inner = "".join(
        element("path", class_="rl" if place == 0 else "ar fl", d=_path(limit.sizes, side, plane))
        for place, limit in enumerate(funnel.limits)
        for side in (limit.lower, limit.upper)
    )
    return element(
        "svg",
        inner,
        x="0",
        y=top,
        width="100%",
        height=_FLOOR - top,
        viewBox=window,
        preserveAspectRatio="none",
        overflow="hidden",
    )


def _path(sizes: tuple[float, ...], values: tuple[float, ...], plane: Plane) -> str:
    corners = " ".join(
        f"{number(plane.x.at(size) * _UNITS)} {number(plane.y.at(value))}"
        for size, value in zip(sizes, values, strict=True)
    )
    return f"M{corners}"


def _centre(funnel: Funnel, plane: Plane, board: Board) -> str:
    y = plane.y.at(funnel.centre.estimate)
    drawn = line("cl", (plane.x.first, 100.0), (y, y))
    words = f"{funnel.centre.label} {funnel.centre.value}".strip()
    moves = (-5.0, 15.0, -20.0, 30.0, -36.0, 46.0, -52.0, 62.0)
    start = plane.x.first / 100.0 * NARROW + 4.0
    places = [
        *((100.0, 0.0, y + move, "b e halo") for move in moves),
        *((plane.x.first, 4.0, y + move, "b halo") for move in moves),
    ]
    boxes = [(text_box(words, NARROW, place, "end"),) for _, _, place, _ in places[: len(moves)]]
    boxes += [(text_box(words, start, place, "start"),) for _, _, place, _ in places[len(moves) :]]
    x, shift, height, class_ = places[board.place(boxes) or 0]
    return f"{drawn} {text(words, x, height, class_, dx=shift)}"


def _at(point: Point, size: float, plane: Plane) -> tuple[float, float]:
    return plane.x.at(size), plane.y.at(point.estimate or 0.0)


def _dot_box(point: Point, size: float, plane: Plane) -> Box:
    at, y = _at(point, size, plane)
    x = at / 100.0 * NARROW
    return Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT)


def _dot(point: Point, size: float, plane: Plane) -> str:
    at, y = _at(point, size, plane)
    class_ = "ld" if point.verdict in CLEAR_VERDICTS else "od"
    dot = element("circle", class_=class_, cx=percent(at), cy=y, r="4.5")
    return link(dot, point.href, f"{point.label}: {point.said}")


def _name(point: Point, size: float, plane: Plane, board: Board) -> str:
    """Name an area outside the limits, beside its dot."""
    if point.verdict not in CLEAR_VERDICTS:
        return ""
    at, y = _at(point, size, plane)
    x = at / 100.0 * NARROW
    places: list[tuple[Anchor, float, float]] = [
        ("start", 8.0, 5.0),
        ("end", -8.0, 5.0),
        ("middle", 0.0, -9.0),
        ("middle", 0.0, LEADING + 2.0),
        ("start", 6.0, -8.0),
        ("end", -6.0, -8.0),
    ]
    boxes = [(text_box(point.label, x + dx, y + dy, anchor),) for anchor, dx, dy in places]
    chosen = board.place(boxes)
    if chosen is None:
        return ""
    anchor, dx, dy = places[chosen]
    return text(point.label, at, y + dy, class_of(anchor, "b halo"), dx=dx)


def _told(funnel: Funnel, words: ChartWords) -> tuple[str, ...]:
    outside = [p.label for p in funnel.points if p.is_shown and p.verdict in CLEAR_VERDICTS]
    hidden = [point.label for point in funnel.points if not point.is_shown]
    told = [words.outside.format(labels=words.list_join.join(outside))] if outside else []
    told += [words.hidden.format(labels=words.list_join.join(hidden))] if hidden else []
    return tuple(told)
