"""One figure on a scale of its own: the ruler below a headline, the little bar in a list."""

from __future__ import annotations

from typing import Final

from social_evidence.charts.lettering import text_width
from social_evidence.charts.marks import drawing, interval_mark, line, text
from social_evidence.charts.points import FixedEnds, Point, Reference, mark_of
from social_evidence.charts.rowscale import NARROW, ends_at
from social_evidence.charts.scales import Axis, Scale, tick_text
from social_evidence.charts.svg import element, escape

ALL: Final = FixedEnds(low=0.0, high=1.0, ticks=(0.0, 0.5, 1.0))
"""From none to all: the scale of shares."""

_MIDDLE: Final = 40.0
_THICK: Final = 16.0
_SLIM: Final = 8.0
_BIG: Final = 17.0


def ruler(
    point: Point, axis: Axis, *, reference: Reference | None = None, ends: FixedEnds = ALL
) -> str:
    """Draw a headline figure on a scale across the sheet, with what it is set against below.

    It is hidden from listeners: the sentence above it says the same.

    Args:
        point: The figure; its label is the place.
        axis: What is counted.
        reference: What it is set against.
        ends: The scale; not for rates and gaps, which have no natural end.
    """
    scale = ends_at(ends, 0.0, 100.0)
    parts = [_tick(value, scale, axis) for value in ends.ticks]
    tenth = (ends.high - ends.low) / 10
    for n in range(11):
        x = scale.at(ends.low + n * tenth)
        if all(abs(x - scale.at(tick)) > 1.0 for tick in ends.ticks):
            parts.append(line("ax", (x, x), (_MIDDLE, _MIDDLE + 6.0)))
    parts.append(line("ax", (0.0, 100.0), (_MIDDLE, _MIDDLE)))
    if reference is not None:
        at = scale.at(scale.clip(reference.estimate))
        parts.append(line("cl", (at, at), (_MIDDLE - 12.0, _MIDDLE + 30.0)))
        words = f"{reference.label} {reference.value}".strip()
        parts.append(_along(escape(words), text_width(words), at, _MIDDLE + 44.0, "m halo"))
    parts.append(interval_mark(point, scale, _MIDDLE, room=NARROW / 100.0, height=_THICK))
    parts.append(_headline(point, scale))
    return drawing(" ".join(parts), _MIDDLE + 48.0, "", form="ruler", hidden=True)


def _tick(value: float, scale: Scale, axis: Axis) -> str:
    at = scale.at(value)
    class_ = "tk" if at < 1.0 else "tk e" if at > 99.0 else "tk c"
    is_end = value in {scale.low, scale.high}
    words = tick_text(value, axis, bare=not is_end)
    mark = line("ax", (at, at), (_MIDDLE, _MIDDLE + 10.0))
    return f"{mark} {text(words, at, _MIDDLE + 25.0, class_)}"


def _along(content: str, width: float, at: float, y: float, class_: str) -> str:
    """Write words from a place to the right, or to the left where they would pass the edge."""
    if at / 100.0 * NARROW + width <= NARROW:
        return text(content, at, y, class_, dx=-1.0 if at else 0.0, raw=True)
    if at / 100.0 * NARROW >= width:
        return text(content, at, y, f"{class_} e", raw=True)
    return text(content, 100.0, y, f"{class_} e", raw=True)


def _headline(point: Point, scale: Scale) -> str:
    if not point.is_shown:
        words = f"{point.label}: {point.word}"
        return text(words, 0.0, _MIDDLE - 20.0, "m halo")
    start = point.estimate if point.lower is None else point.lower
    head = element("tspan", escape(f"{point.label} {point.value}"), class_="b")
    tail = f" {element('tspan', escape(point.limits), class_='m')}" if point.limits else ""
    words = f"{point.label} {point.value} {point.limits}"
    width = text_width(words, size=_BIG, bold=True)
    at = scale.at(scale.clip(start or 0.0))
    return _along(head + tail, width, at, _MIDDLE - 20.0, "big num halo")


def sparkline(point: Point, *, ends: FixedEnds = ALL, reference: Reference | None = None) -> str:
    """Draw a figure as a little bar on a hair line, for a list that prints the value beside it.

    Args:
        point: The figure: a capsule without a bead, a diamond, or hatching.
        ends: The scale, one for the whole list.
        reference: What it is set against, as an upright line.
    """
    scale = ends_at(ends, 0.0, 100.0)
    middle = 8.0
    behind = line("gl", (0.0, 100.0), (middle, middle))
    if reference is not None:
        at = scale.at(scale.clip(reference.estimate))
        behind += line("cl", (at, at), (1.0, 15.0))
    mark = interval_mark(point, scale, middle, height=_SLIM, room=NARROW / 250.0, beadless=True)
    shown = "" if mark_of(point) in {"hidden", "empty"} else behind
    return drawing(shown + mark, 16.0, "", hidden=True)


def pair_strip(first: Point, second: Point, *, ends: FixedEnds = ALL) -> str:
    """Draw two figures as little bars, the first above the second, for a list that prints both.

    Args:
        first: The figure above.
        second: The figure below, on the same scale.
        ends: The scale, one for the whole list.
    """
    scale = ends_at(ends, 0.0, 100.0)
    drawn = []
    for point, middle in ((first, 6.0), (second, 18.0)):
        if mark_of(point) not in {"hidden", "empty"}:
            drawn.append(line("gl", (0.0, 100.0), (middle, middle)))
        room = NARROW / 250.0
        drawn.append(interval_mark(point, scale, middle, height=_SLIM, room=room, beadless=True))
    return drawing("".join(drawn), 24.0, "", hidden=True)
