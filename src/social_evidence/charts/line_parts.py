"""Bands, lines and dots of one series: cut where a figure is missing, never drawn across."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from social_evidence.charts.marks import BEAD, HATCH_ID, diamond, spot
from social_evidence.charts.points import Point, Run, mark_of
from social_evidence.charts.scales import Scale
from social_evidence.charts.svg import element, number, percent

_UNITS: Final = 10.0
"""Units of the stretched drawing to a per cent."""
_LONGER: Final = 1.5
_DOT: Final = 4.0
_SMALL_DOT: Final = 2.5
_CROWDED: Final = 4.0
_COLUMN: Final = 2.4

CLASSES: Final = {
    "now": ("bd", "be", "ln", "ld", "iv"),
    "past": ("pb", "pe", "pl", "pd", "ivp"),
    "other": ("cb", "oe", "ol", "od", "ivo"),
}
"""Role of a series -> classes of its band, edge, line, dot, and capsule where it stands alone."""

Moment = tuple[float, Point]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Both scales of a chart over time: x in per cent, y in px."""

    x: Scale
    y: Scale
    height: float

    @property
    def floor(self) -> float:
        """Where the scale of figures begins, px from the top."""
        return self.y.first


def stretches(run: Run) -> list[list[Moment]]:
    """Divide a series into what may be joined.

    A stretch ends at a hidden figure, and where the next one comes later than one and a half times
    the usual step.
    """
    steps = [after - before for before, after in pairwise(run.times)]
    usual = median(steps) if steps else 0.0
    found: list[list[Moment]] = []
    last: float | None = None
    for time, point in zip(run.times, run.points, strict=True):
        if not point.is_shown:
            last = None
            continue
        if last is None or time - last > _LONGER * usual + 1e-9:
            found.append([])
        found[-1].append((time, point))
        last = time
    return found


def run_paths(run: Run, plane: Plane, *, dashed: bool = False) -> tuple[str, str]:
    """Draw the bands and the lines of a series.

    Returns:
        The bands with their edges, and the lines; each stretch by itself.
    """
    band_class, edge_class, line_class, *_ = CLASSES[run.role]
    bands, rules = [], []
    for stretch in stretches(run):
        for part in [] if dashed else _with_limits(stretch):
            upper = _path(part, plane, lambda point: point.upper)
            lower = _path(part, plane, lambda point: point.lower)
            back = " ".join(reversed(lower.split(" ")))
            bands.append(
                element(
                    "path",
                    class_=band_class,
                    d=f"M{upper.replace(',', ' ')} L{back.replace(',', ' ')}z",
                )
            )
            bands.append(
                element("path", class_=edge_class, d=f"M{upper}M{lower}".replace(",", " "))
            )
        if len(stretch) > 1:
            middle = _path(stretch, plane, lambda point: point.estimate).replace(",", " ")
            rules.append(element("path", class_="rl" if dashed else line_class, d=f"M{middle}"))
    return "".join(bands), "".join(rules)


def _with_limits(stretch: Sequence[Moment]) -> list[list[Moment]]:
    """Divide a stretch into parts of two or more figures that all have a range."""
    parts: list[list[Moment]] = [[]]
    for time, point in stretch:
        if point.has_limits:
            parts[-1].append((time, point))
        else:
            parts.append([])
    return [part for part in parts if len(part) > 1]


def _path(stretch: Sequence[Moment], plane: Plane, figure: Callable[[Point], float | None]) -> str:
    """List the corners of a line, `x,y` each."""
    return " ".join(
        f"{number(plane.x.at(time) * _UNITS)},{number(plane.y.at(figure(point) or 0.0))}"
        for time, point in stretch
    )


def run_marks(run: Run, plane: Plane, *, named: bool) -> str:
    """Draw a mark for each figure, one that a listener and a keyboard can stop at.

    Args:
        run: The series.
        plane: The scales.
        named: Whether the name of the series is said with each figure.
    """
    alone = {time for part in stretches(run) if len(part) == 1 for time, _ in part}
    gap = min((b - a for a, b in pairwise(sorted(run.times))), default=1.0)
    is_crowded = abs(plane.x.at(gap) - plane.x.at(0.0)) < _CROWDED
    radius = _SMALL_DOT if is_crowded else _DOT
    drawn = []
    for time, point in zip(run.times, run.points, strict=True):
        at = plane.x.at(time)
        if mark_of(point) == "empty":
            continue
        inner = _mark(point, run, plane, at, radius=radius, alone=time in alone)
        label = (
            f"{run.name}, {point.label}: {point.said}"
            if named
            else (f"{point.label}: {point.said}")
        )
        drawn.append(element("g", inner, class_="p", role="img", aria_label=label))
    return "".join(drawn)


def _mark(point: Point, run: Run, plane: Plane, at: float, *, radius: float, alone: bool) -> str:
    """Draw one figure: a dot on its line, a capsule where it stands alone, or hatching."""
    mark = mark_of(point)
    if mark == "hidden" or point.estimate is None:
        return _hidden(plane, at)
    y = plane.y.at(point.estimate)
    if mark in {"counted", "bare"}:
        return diamond(at, y, filled=mark == "counted")
    *_, dot, capsule = CLASSES[run.role]
    if alone and point.lower is not None and point.upper is not None:
        return _upright((point.lower, point.estimate, point.upper), plane, at, capsule)
    class_ = "lo" if mark == "care" and run.role == "now" else dot
    return element("circle", class_=class_, cx=percent(at), cy=y, r=number(radius))


def _hidden(plane: Plane, at: float) -> str:
    """Hatch a column: a figure is there and is not shown. It has no height."""
    top = plane.y.last
    return element(
        "rect",
        x=percent(at - _COLUMN / 2),
        y=top,
        width=percent(_COLUMN),
        height=plane.floor - top,
        fill=f"url(#{HATCH_ID})",
    )


def _upright(figures: tuple[float, float, float], plane: Plane, at: float, class_: str) -> str:
    """Draw a figure that nothing joins as an upright capsule with its bead."""
    lower, middle, upper = (plane.y.at(value) for value in figures)
    bar = element("rect", class_=class_, x=-5, width=10, y=upper, height=lower - upper, rx=5)
    if lower - upper < 2 * BEAD + 3.0:
        return spot(at, 0.0, bar)
    bead = "pt-o" if class_ == "ivo" else "pt"
    return spot(at, 0.0, bar) + element("circle", class_=bead, cx=percent(at), cy=middle, r=BEAD)
