"""Labels of a chart over time: on the line itself, where they lie on nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from social_evidence.charts.lettering import LEADING, SMALL, wrap
from social_evidence.charts.line_parts import Plane, stretches
from social_evidence.charts.marks import line, text
from social_evidence.charts.placing import Anchor, Board, Box, class_of, text_box
from social_evidence.charts.points import Lines, Point, Run, SeriesBreak, mark_of
from social_evidence.charts.rowscale import NARROW
from social_evidence.charts.scales import Scale

_MEDIUM: Final = 544.0
"""Width from which all labels of the years may show, px."""
_SMALL: Final = 200.0
"""Least width of a small multiple, px."""
_ABOVE: Final = 8.0
_SAMPLES: Final = 24
_SIDE: Final = 8.0
_LEAST: Final = 72.0
"""A label beside a break is not broken into narrower lines than this, px."""
_DEEP: Final = 400.0
_ROWS: Final = 12
_CROWDED: Final = 16


def break_labels(breaks: Sequence[SeriesBreak], x: Scale) -> tuple[list[str], Board]:
    """Write beside each break what changed and since when.

    Args:
        breaks: The breaks.
        x: Scale of the years.

    Returns:
        The texts, and the room they take; the rules of the breaks are quiet rectangles.
    """
    board = Board(NARROW, _DEEP)
    rules = [x.at(item.time) / 100.0 * NARROW for item in breaks]
    board.quiet = [Box(rule - 2.0, 0.0, rule + 2.0, _DEEP) for rule in rules]
    drawn = [_break_label(item, x, rules, board) for item in breaks]
    return drawn, board


def _break_label(item: SeriesBreak, x: Scale, rules: Sequence[float], board: Board) -> str:
    """Write it on the side with more room, as high as it can stand without crossing anything."""
    pixels = x.at(item.time) / 100.0 * NARROW
    candidates = [
        _beside_rule(item, pixels, anchor, room, down)
        for down in range(_ROWS)
        for anchor, room in _sides(pixels, rules)
    ]
    chosen = board.place([[box for box, *_ in candidate] for candidate in candidates])
    return " ".join(
        text(words, x.at(item.time), y, class_, dx=shift)
        for _, words, y, class_, shift in candidates[chosen or 0]
    )


def _sides(pixels: float, rules: Sequence[float]) -> list[tuple[Anchor, float]]:
    """List both sides of a rule with their room up to the next rule or edge, the wider first."""
    left = max((rule for rule in rules if rule < pixels), default=0.0)
    right = min((rule for rule in rules if rule > pixels), default=NARROW)
    sides: list[tuple[Anchor, float]] = [
        ("start", right - pixels - _SIDE - 3.0),
        ("end", pixels - left - _SIDE - 3.0),
    ]
    return [(anchor, max(room, _LEAST)) for anchor, room in sorted(sides, key=lambda s: -s[1])]


_Piece = tuple[Box, str, float, str, float]


def _beside_rule(
    item: SeriesBreak, pixels: float, anchor: Anchor, room: float, down: int
) -> list[_Piece]:
    shift = _SIDE if anchor == "start" else -_SIDE
    words = [(part, True) for part in wrap(item.what, room, bold=True)]
    words += [(part, False) for part in wrap(item.since, room)]
    pieces: list[_Piece] = []
    for place, (part, bold) in enumerate(words):
        y = 14.0 + (down + place) * LEADING
        box = text_box(part, pixels + shift, y, anchor, bold=bold)
        pieces.append((box, part, y, class_of(anchor, "halo b" if bold else "halo m"), shift))
    return pieces


def line_labels(lines: Lines, plane: Plane, board: Board) -> str:
    """Write the last figure of each series and one extreme, then the names of reference lines.

    Args:
        lines: The series.
        plane: The scales.
        board: What is taken already.

    Returns:
        The texts. A label for which there is no room is left out; the table has its figure.
    """
    _take_lines(lines, plane, board)
    is_named = sum(run.role != "past" for run in lines.runs) > 1
    runs = sorted(lines.runs, key=lambda run: ("now", "other", "past").index(run.role))
    drawn = [_last_label(run, plane, board, named=is_named) for run in runs]
    drawn += [_reference_label(run, plane, board) for run in lines.references]
    drawn += [_extreme_label(run, plane, board) for run in runs if run.role == "now"]
    return " ".join(part for part in drawn if part)


def _take_lines(lines: Lines, plane: Plane, board: Board) -> None:
    """Keep labels off every line, and off the edges of bands where there is room elsewhere."""
    for run in (*lines.runs, *lines.references):
        for stretch in stretches(run):
            board.take(_along([(time, point.estimate) for time, point in stretch], plane))
    for run in lines.runs:
        for time, point in zip(run.times, run.points, strict=True):
            pixels = plane.x.at(time) / 100.0 * NARROW
            if mark_of(point) == "hidden":
                board.quiet.append(Box(pixels - 5.0, 0.0, pixels + 5.0, plane.height))
        for stretch in stretches(run):
            board.quiet += _along([(time, point.upper) for time, point in stretch], plane)
            board.quiet += _along([(time, point.lower) for time, point in stretch], plane)


def _along(corners: Sequence[tuple[float, float | None]], plane: Plane) -> list[Box]:
    """List small rectangles along a line."""
    places = [
        (plane.x.at(time) / 100.0 * NARROW, plane.y.at(value))
        for time, value in corners
        if value is not None
    ]
    return [
        Box(x - 2.0, y - 2.0, x + 2.0, y + 2.0)
        for (x1, y1), (x2, y2) in zip(places, places[1:] or places, strict=False)
        for share in (step / _SAMPLES for step in range(_SAMPLES + 1))
        for x, y in [(x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)]
    ]


def _shown(run: Run) -> list[tuple[float, Point]]:
    return [moment for stretch in stretches(run) for moment in stretch]


def _last_label(run: Run, plane: Plane, board: Board, *, named: bool) -> str:
    shown = _shown(run)
    if not shown:
        return ""
    time, point = shown[-1]
    words = f"{run.name} {point.value}" if named and run.role != "past" else point.value
    return _beside(words, time, point, plane, board, "m" if run.role == "past" else "b")


def _extreme_label(run: Run, plane: Plane, board: Board) -> str:
    """Write the figure that is farthest from the last one."""
    shown = _shown(run)
    if len(shown) < 3:
        return ""
    last = shown[-1][1].estimate or 0.0
    time, point = max(shown[:-1], key=lambda moment: abs((moment[1].estimate or 0.0) - last))
    if point.value == shown[-1][1].value:
        return ""
    return _beside(point.value, time, point, plane, board, "b")


def _beside(words: str, time: float, point: Point, plane: Plane, board: Board, class_: str) -> str:
    """Write a figure above its upper limit, or below its lower one where there is no room."""
    at = plane.x.at(time)
    pixels = at / 100.0 * NARROW
    estimate = point.estimate or 0.0
    above = plane.y.at(estimate if point.upper is None else point.upper) - _ABOVE
    below = plane.y.at(estimate if point.lower is None else point.lower) + _ABOVE + 10.0
    anchors: tuple[Anchor, ...] = ("middle", "end", "start")
    places = [(y, anchor) for y in (above, below, above - 14.0, below + 14.0) for anchor in anchors]
    places = [(y, anchor) for y, anchor in places if y < plane.floor - 2.0]
    chosen = board.place([(text_box(words, pixels, y, anchor),) for y, anchor in places])
    if chosen is None:
        return ""
    y, anchor = places[chosen]
    return text(words, at, y, class_of(anchor, f"halo {class_}"))


def _reference_label(run: Run, plane: Plane, board: Board) -> str:
    """Write figure and name of a reference line at its end, one below the other."""
    shown = _shown(run)
    if not shown:
        return ""
    time, point = shown[-1]
    at, y = plane.x.at(time), plane.y.at(point.estimate or 0.0)
    pixels = at / 100.0 * NARROW
    places = [y + move for move in (16.0, -24.0, 24.0, -34.0, 34.0, -48.0, 48.0, -64.0, 64.0)]
    places = [place for place in places if place + LEADING < plane.floor]
    chosen = board.place(
        [
            (
                text_box(point.value, pixels, place, "end"),
                text_box(run.name, pixels, place + LEADING, "end", bold=False),
            )
            for place in places
        ]
    )
    if chosen is None:
        return ""
    place = places[chosen]
    value = text(point.value, at, place, "halo e b")
    return f"{value} {text(run.name, at, place + LEADING, 'halo e m')}"


def time_labels(lines: Lines, plane: Plane, *, small: bool = False) -> str:
    """Write the years below: the last always, the others at an even step.

    A label that has room only on a wide page has class `xw`. Where `small`, only the first and
    the last year are written, in as much room as there is.
    """
    named: dict[float, str] = {}
    for run in (*lines.references, *lines.runs):
        named.update({time: p.label for time, p in zip(run.times, run.points, strict=True)})
    times = sorted(named)
    if small:
        times = sorted({*times[:1], *times[-1:]})
    wide = _kept(times, named, plane, _SMALL if small else _MEDIUM)
    narrow = wide if small else _kept(times, named, plane, NARROW) & wide
    floor = plane.height - 26.0
    drawn = []
    for time in times:
        at = plane.x.at(time)
        if time in wide or len(times) <= _CROWDED:
            drawn.append(line("ax", (at, at), (floor, floor + 5.0)))
        if time in wide:
            anchor = _edge_anchor(named[time], at, _SMALL if small else NARROW)
            class_ = "tk" if time in narrow else "tk xw"
            drawn.append(
                text(named[time], *_edge(anchor, at, floor + 19.0), class_of(anchor, class_))
            )
    return " ".join(drawn)


def _edge_anchor(label: str, at: float, width: float) -> Anchor:
    """Centre a label on its year unless it would pass the edge of the narrowest drawing."""
    box = text_box(label, at / 100.0 * width, 0.0, "middle", size=SMALL, bold=False)
    return "start" if box.left < 0.0 else "end" if box.right > width else "middle"


def _edge(anchor: Anchor, at: float, y: float) -> tuple[float, float]:
    return {"start": 0.0, "middle": at, "end": 100.0}[anchor], y


def _kept(
    times: Sequence[float], named: dict[float, str], plane: Plane, width: float
) -> set[float]:
    """Choose labels at an even step that lie on no other, the last one first."""
    for step in range(1, len(times) + 1):
        chosen = [times[-1], *(time for time in times[:-1:step])]
        board = Board(width, 100.0)
        kept: list[float] = []
        for time in chosen:
            at = plane.x.at(time)
            anchor = _edge_anchor(named[time], at, min(width, NARROW))
            x, y = _edge(anchor, at, 50.0)
            box = text_box(named[time], x / 100.0 * width, y, anchor, size=SMALL, bold=False)
            wider = Box(box.left - 4.0, box.top, box.right + 4.0, box.bottom)
            if not any(wider.meets(other) for other in board.taken):
                board.take((wider,))
                kept.append(time)
        if len(kept) == len(chosen) or (len(kept) == len(chosen) - 1 and step > 1):
            return set(kept)
    return {times[-1]} if times else set()
