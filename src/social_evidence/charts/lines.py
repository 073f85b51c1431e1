"""Lines over time: the band of the range first, then the line; a break is never bridged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from social_evidence.charts.describing import chart_name, scale_notes
from social_evidence.charts.lettering import SMALL, text_width
from social_evidence.charts.line_labels import break_labels, line_labels, time_labels
from social_evidence.charts.line_parts import Plane, run_marks, run_paths
from social_evidence.charts.marks import drawing, line, text
from social_evidence.charts.placing import Box, text_box
from social_evidence.charts.points import Chart, Lines, Run, mark_of
from social_evidence.charts.rowscale import NARROW, ends_at
from social_evidence.charts.scales import Axis, Scale, fixed_scale, nice_scale, tick_text
from social_evidence.charts.svg import element
from social_evidence.charts.words import ENGLISH, ChartWords

_FIRST: Final = 9.0
_LAST: Final = 95.0
_FOOT: Final = 26.0
_TOP: Final = 24.0
_BACK_TO_FRONT: Final = ("past", "other", "now")
_TALL: Final = 190.0
_MIDDLING: Final = 130.0
_ONE_BREAK: Final = 40.0
"""Px that the words of one break take of the usual height; a low chart grows by them."""
_LOW: Final = 250.0


def line_chart(lines: Lines, words: ChartWords = ENGLISH, *, small: bool = False) -> Chart:
    """Draw figures over time with their ranges.

    A line stops where a figure is missing for longer than usual, where one is hidden, and at the
    end of its series: nothing joins two series.

    Args:
        lines: The series, the reference lines, and the breaks between them.
        words: The language.
        small: Whether it is one of many: no figures on the lines, first and last year only.

    Returns:
        The chart; higher than asked where the words of several breaks need the room.
    """
    y = _value_scale(lines, _TOP, lines.height - _FOOT)
    x = _time_scale(lines, y)
    notices, board = break_labels(lines.breaks, x)
    room = max((box.bottom for box in board.taken), default=0.0)
    height = lines.height + max(room - (_ONE_BREAK if lines.height > _LOW else 0.0), 0.0)
    plane = Plane(x=x, y=_value_scale(lines, _TOP + room, height - _FOOT), height=height)
    board.height = height
    board.take(tick_boxes(plane, lines.axis))
    runs = sorted(lines.runs, key=lambda run: _BACK_TO_FRONT.index(run.role))
    rules = [line("br", (x.at(b.time), x.at(b.time)), (4.0, plane.floor)) for b in lines.breaks]
    body = " ".join(
        (
            _grid(plane, lines),
            _nested(runs, lines.references, plane),
            *rules,
            *notices,
            *(run_marks(run, plane, named=len(runs) > 1) for run in runs),
            "" if small else line_labels(lines, plane, board),
            time_labels(lines, plane, small=small),
        )
    )
    label = _name(lines, words)
    drawn = drawing(body, height, label)
    return Chart(
        svg=drawn,
        alone=drawn,
        label=label,
        description=_description(lines, words),
        notes=scale_notes(plane.y, lines.axis, words),
        key=_key(lines),
        height=height,
    )


def _value_scale(lines: Lines, top: float, floor: float) -> Scale:
    if lines.scale is not None:
        return ends_at(lines.scale, floor, top)
    return line_scale((*lines.runs, *lines.references), lines, top, floor)


def line_scale(runs: Sequence[Run], lines: Lines, top: float, floor: float) -> Scale:
    """Make the scale of figures over time; shares begin at zero."""
    points = [point for run in runs for point in run.points if point.is_shown]
    values = [v for point in points for v in (point.estimate, point.lower, point.upper)]
    steps = 5 if floor - top > _TALL else 4 if floor - top > _MIDDLING else 2
    return nice_scale(values, lines.axis, floor, top, steps=steps, zero=lines.axis.top == 1.0)


def _time_scale(lines: Lines, y: Scale) -> Scale:
    """Lay the years between the text of the ticks and the right edge."""
    times = [time for run in (*lines.runs, *lines.references) for time in run.times]
    first, last = lines.span or (min(times, default=0.0), max(times, default=1.0))
    if first == last:
        first, last = first - 1.0, last + 1.0
    widest = max(text_width(tick_text(tick, lines.axis), size=SMALL) for tick in y.ticks)
    start = max(_FIRST, (widest + 4.0) / NARROW * 100.0) + 2.3
    return fixed_scale(first, last, (), start, _LAST - 2.3)


def _grid(plane: Plane, lines: Lines) -> str:
    """Draw a rule for each tick, its text above it; the unit stands on the highest."""
    drawn = []
    for tick in plane.y.ticks:
        y = plane.y.at(tick)
        drawn.append(line("ax" if tick == 0.0 else "gl", (0.0, 100.0), (y, y)))
        words = tick_text(tick, lines.axis, bare=tick != plane.y.ticks[-1])
        drawn.append(text(words, 0.0, y - 4.0, "tk"))
    return " ".join(drawn)


def tick_boxes(plane: Plane, axis: Axis) -> list[Box]:
    """List the room that the text of the ticks takes."""
    return [
        text_box(tick_text(tick, axis), 0.0, plane.y.at(tick) - 4.0, size=SMALL, bold=False)
        for tick in plane.y.ticks
    ]


def _nested(runs: Sequence[Run], references: Sequence[Run], plane: Plane) -> str:
    """Draw bands and lines in a drawing of their own, which is stretched to the width."""
    paths = [run_paths(run, plane) for run in runs]
    dashes = [run_paths(run, plane, dashed=True) for run in references]
    bands = "".join(band for band, _ in paths)
    drawn = bands + "".join(rule for _, rule in dashes) + "".join(rule for _, rule in paths)
    return element(
        "svg",
        drawn,
        x="0",
        y="0",
        width="100%",
        height=plane.height,
        viewBox=f"0 0 1000 {plane.height:g}",
        preserveAspectRatio="none",
    )


def _name(lines: Lines, words: ChartWords) -> str:
    told = [chart_name(lines.subject, words.lines, words, None)]
    told += [words.break_name.format(what=item.what, since=item.since) for item in lines.breaks]
    return " ".join(told)


def _description(lines: Lines, words: ChartWords) -> tuple[str, ...]:
    """Say where each line begins and ends, its extremes, and what is not joined."""
    told = [sentence for run in (*lines.runs, *lines.references) for sentence in _told(run, words)]
    told += [words.broken.format(what=item.what, since=item.since) for item in lines.breaks]
    hidden = [p.label for run in lines.runs for p in run.points if mark_of(p) == "hidden"]
    if hidden:
        told.append(words.hidden.format(labels=words.list_join.join(hidden)))
    return tuple(told)


def _told(run: Run, words: ChartWords) -> list[str]:
    shown = [point for point in run.points if point.is_shown]
    if not shown:
        return []
    first, last = shown[0], shown[-1]
    if first is last:
        return [words.only_one.format(name=run.name, last=last.label, last_printed=last.printed)]
    told = words.first_last.format(
        name=run.name,
        first=first.label,
        first_printed=first.printed,
        last=last.label,
        last_printed=last.printed,
    )
    highest = max(shown, key=lambda point: point.estimate or 0.0)
    if run.role == "past" or highest in {first, last}:
        return [told]
    return [told, words.highest.format(label=highest.label, printed=highest.printed)]


def _key(lines: Lines) -> tuple[str, ...]:
    """Say which marks need a key: those that no label on the drawing names."""
    marks = {mark_of(point) for run in lines.runs for point in run.points}
    used = ["band"] if marks & {"clear", "unclear", "care", "modelled"} else []
    used += ["past"] if any(run.role == "past" for run in lines.runs) else []
    used += ["care_dot"] if "care" in marks else []
    return (*used, *(mark for mark in ("counted", "bare", "hidden") if mark in marks))
