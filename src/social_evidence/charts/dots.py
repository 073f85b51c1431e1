"""Interval dot plots: one row a figure, its range first; in a wide and a narrow form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from social_evidence.charts.describing import chart_name, describe_points, key_of, scale_notes
from social_evidence.charts.lettering import LEADING, text_width, widest, wrap
from social_evidence.charts.marks import (
    drawing,
    glyph,
    interval_mark,
    is_cut,
    line,
    lines_of_text,
    reference_band,
    text,
    value_spans,
)
from social_evidence.charts.points import Chart, Point, Reference, Rows, mark_of
from social_evidence.charts.rowscale import NARROW, WIDE, scale_of
from social_evidence.charts.scales import Axis, Scale, tick_text
from social_evidence.charts.svg import element, is_safe_link
from social_evidence.charts.words import ENGLISH, ChartWords

_ROW: Final = 30.0
_TRACK_ROW: Final = 50.0
_HEADING: Final = 36.0
_TOP: Final = 34.0
_FOOT: Final = 24.0
_LABELS: Final = 25.0
_VALUE_AT: Final = 73.0
_VALUE_LEAST: Final = 58.0
_GAP: Final = 14.0
_SIGN: Final = 19.0
_LEAST_LABEL: Final = 96.0


def dot_plot(rows: Rows, words: ChartWords = ENGLISH) -> Chart:
    """Draw figures one below another with their ranges, against the city.

    Args:
        rows: The figures, in the order they are drawn.
        words: The language.

    Returns:
        The chart; a hidden figure keeps its row, hatched, with the reason.
    """
    return draw_rows(rows, words.dots, words)


def draw_rows(rows: Rows, kind: str, words: ChartWords) -> Chart:
    """Draw rows of capsules under any name: figures, ranks, gaps."""
    label = chart_name(rows.subject, kind, words, rows.reference)
    wide, height, scale = _wide(rows, label)
    narrow = _narrow(rows, label)
    cut = any(is_cut(point, scale) for point in rows.points)
    return Chart(
        svg=wide + narrow,
        alone=wide,
        label=label,
        description=describe_points(rows.points, words),
        notes=scale_notes(scale, rows.axis, words, cut=cut),
        key=key_of(rows.points, rows.reference),
        height=height,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where the columns of the wide form stand, per cent.

    Attributes:
        labels: Where labels end.
        plot: Where the scale begins and ends.
        value: Where figures begin.
        stacked: Whether the verdict stands below the figure, for want of room beside it.
    """

    labels: float
    plot: tuple[float, float]
    value: float
    stacked: bool


def columns_for(
    points: Sequence[Point], *, labels: float = _LABELS, value_at: float = _VALUE_AT
) -> Columns:
    """Divide the wide form so that figures and verdicts have room in the widest font."""
    shown = [point for point in points if point.is_shown]
    values = max((value_width(point) for point in shown), default=0.0)
    verdicts = widest([point.word for point in shown], bold=True)
    room = WIDE / 100.0
    beside = 100.0 - (values + (_GAP + verdicts if verdicts else 0.0)) / room
    stacked = beside < _VALUE_LEAST
    place = 100.0 - max(values, verdicts) / room if stacked else beside
    value = max(min(value_at, place), _VALUE_LEAST - 10.0)
    return Columns(labels=labels, plot=(labels + 2.0, value - 3.0), value=value, stacked=stacked)


def value_width(point: Point) -> float:
    """Estimate how wide a figure with its range may become, px."""
    return text_width(point.value, bold=True) + text_width(f" {point.limits}")


def _wide(rows: Rows, label: str) -> tuple[str, float, Scale]:
    columns = columns_for(rows.points)
    scale = scale_of(rows, *columns.plot)
    top = _TOP if rows.reference is not None else 8.0
    body: list[str] = []
    y, section = top, ""
    for point in rows.points:
        if point.section != section:
            section = point.section
            drawn, height = _heading(section, y, columns.labels)
            body.append(drawn)
            y += height
        drawn, height = wide_row(point, scale, columns, y)
        body.append(drawn)
        y += height
    bottom = y + 2.0
    behind = _grid(scale, rows.axis, top - 8.0, bottom)
    if rows.reference is not None:
        behind = reference_band(rows.reference, scale, (top - 8.0, bottom), above=6.0) + behind
        behind += reference_name(rows.reference, scale, WIDE)
    height = bottom + _FOOT
    return drawing(behind + "".join(body), height, label, form="wide"), height, scale


def _heading(section: str, y: float, width: float) -> tuple[str, float]:
    """Name a section above its rows; return it and the px it takes."""
    lines = wrap(section, WIDE / 100.0 * width - 6.0, bold=True)
    more = (len(lines) - 1) * LEADING
    named = lines_of_text(lines, 0.0, y + 20.0, "b", leading=LEADING)
    rule = line("gl", (0.0, width), (y + 27.0 + more, y + 27.0 + more))
    return f"{named}{rule}", _HEADING + more


def wide_row(
    point: Point, scale: Scale, columns: Columns, y: float, *, least: float = _ROW
) -> tuple[str, float]:
    """Draw one row of the wide form.

    Returns:
        The row, and its height in px: more than usual where a label or a reason takes more lines.
    """
    room = WIDE / 100.0
    label = wrap(point.label, columns.labels * room - 6.0)
    side = _wide_words(point, columns)
    height = max(least, LEADING * max(len(label), len(side)) + 13.0)
    middle = y + height / 2
    first = first_line(middle, len(side))
    figures = " ".join(
        text(words.content, words.x, first + place * LEADING, words.class_, raw=words.raw)
        for place, line_of in enumerate(side)
        for words in line_of
    )
    written = row_label(label, point, first_line(middle, len(label)))
    mark = interval_mark(point, scale, middle, room=room)
    return element("g", f"{written}{mark} {figures}", class_="p"), height


def first_line(middle: float, count: int) -> float:
    """Return the first baseline of lines centred on a row's middle."""
    return middle + 5.0 - (count - 1) * LEADING / 2


def row_label(lines: Sequence[str], point: Point, y: float) -> str:
    """Write a row's label, as a link where it leads somewhere."""
    class_ = "halo m" if mark_of(point) in {"hidden", "empty"} else "halo"
    written = lines_of_text(lines, 0.0, y, class_, leading=LEADING)
    if point.href and is_safe_link(point.href):
        return element("a", written, href=point.href)
    return written


@dataclass(frozen=True, slots=True)
class _Words:
    """A piece of text with its place across the chart."""

    content: str
    x: float
    class_: str
    raw: bool = False


def _wide_words(point: Point, columns: Columns) -> list[tuple[_Words, ...]]:
    """List what stands right of the scale, line by line."""
    if not point.is_shown:
        right = WIDE / 100.0 * (100.0 - columns.value)
        return [(_Words(reason, columns.value, "halo m"),) for reason in wrap(point.word, right)]
    figure = _Words(value_spans(point), columns.value, "halo num", raw=True)
    if not point.word:
        return [(figure,)]
    class_ = verdict_class(point)
    if columns.stacked:
        return [(figure,), (_Words(point.word, columns.value, class_),)]
    return [(figure, _Words(point.word, 100.0, f"e {class_}"))]


def verdict_class(point: Point) -> str:
    """Say how a verdict is set: bold where it is a clear difference, muted where it is none."""
    return "b" if point.verdict is not None and point.is_clear else "m"


def _grid(scale: Scale, axis: Axis, top: float, bottom: float) -> str:
    drawn = []
    for tick in scale.ticks:
        x = scale.at(tick)
        drawn.append(line("gl", (x, x), (top, bottom)))
        drawn.append(text(tick_text(tick, axis), x, bottom + 17.0, "tk c"))
    return " ".join(drawn)


def reference_name(reference: Reference, scale: Scale, width: float) -> str:
    """Write the name and figure of the city above its line, inside the drawing."""
    words = f"{reference.label} {reference.value}".strip()
    at = scale.at(scale.clip(reference.estimate))
    half = text_width(words, bold=True) / 2 / width * 100.0
    if at + half > 100.0:
        return text(words, 100.0, 14.0, "b e halo")
    if at - half < 0.0:
        return text(words, 0.0, 14.0, "b halo")
    return text(words, at, 14.0, "b c halo")


def _narrow(rows: Rows, label: str) -> str:
    scale = scale_of(rows, 0.0, 100.0)
    body: list[str] = []
    y, section = (24.0 if rows.reference is not None else 4.0), ""
    for point in rows.points:
        if point.section != section:
            section = point.section
            lines = wrap(section, NARROW, bold=True)
            body.append(lines_of_text(lines, 0.0, y + 20.0, "b halo", leading=LEADING))
            y += 13.0 + len(lines) * LEADING
        drawn, height = _narrow_row(point, scale, rows.reference, y)
        body.append(drawn)
        y += height
    foot = " ".join(
        text(tick_text(tick, rows.axis), scale.at(tick), y + 14.0, f"tk{edge_class(scale, tick)}")
        for tick in scale.ticks
    )
    name = "" if rows.reference is None else reference_name(rows.reference, scale, NARROW)
    return drawing(f"{name} {''.join(body)} {foot}", y + 20.0, label, form="narrow")


def edge_class(scale: Scale, tick: float) -> str:
    """Keep the ticks at both edges inside the drawing."""
    at = scale.at(tick)
    return "" if at < 4.0 else " e" if at > 96.0 else " c"


def _narrow_row(
    point: Point, scale: Scale, reference: Reference | None, y: float
) -> tuple[str, float]:
    """Draw label and figure on one line, the scale below them on the whole width."""
    signed = point.is_shown and point.verdict is not None
    reasons = (point.word,) if point.is_shown else wrap(point.word, NARROW)
    end = value_width(point) + (_SIGN if signed else 0.0)
    end = end if point.is_shown else text_width(point.word)
    label = _narrow_label(point.label, NARROW - end - 8.0, len(reasons))
    is_beside = widest(label[-1:]) + end + 8.0 <= NARROW
    lines = len(label) + (0 if is_beside else len(reasons))
    first = y + 15.0
    last = first + (lines - 1) * LEADING
    side = (
        _narrow_figure(point, last, signed=signed)
        if point.is_shown
        else lines_of_text(reasons, 100.0, last - (len(reasons) - 1) * LEADING, "halo e m")
    )
    written = f"{row_label(label, point, first)} {side}"
    if mark_of(point) == "empty":
        return element("g", written, class_="p"), last - y + 14.0
    middle = last + 15.0
    mark = interval_mark(point, scale, middle, room=NARROW / 100.0)
    behind = "" if not point.is_shown else track(scale, reference, middle)
    return behind + element("g", written + mark, class_="p"), _TRACK_ROW + last - first


def _narrow_label(label: str, beside: float, below: int) -> tuple[str, ...]:
    """Break a label so that the row takes the fewest lines.

    Args:
        label: The label.
        beside: Px left of the figure.
        below: Lines of the figure where it stands below the label.
    """
    across = wrap(label, NARROW)
    if beside < _LEAST_LABEL:
        return across
    narrow = wrap(label, beside)
    return narrow if len(narrow) <= len(across) + below else across


def _narrow_figure(point: Point, y: float, *, signed: bool) -> str:
    """Write a figure at the right end of a line, with the sign of its verdict."""
    shift = -_SIGN if signed else 0.0
    written = text(value_spans(point), 100.0, y, "e num", dx=shift, raw=True)
    return written + glyph(point.verdict, 100.0, y - 11.0, -12.0)


def track(scale: Scale, reference: Reference | None, middle: float) -> str:
    """Draw the scale of one narrow row, with the city's line on it and nowhere else."""
    drawn = [line("gl", (scale.first, scale.last), (middle, middle))]
    drawn += [
        line("gl", (scale.at(tick), scale.at(tick)), (middle - 5.0, middle + 5.0))
        for tick in scale.ticks
    ]
    if reference is not None:
        drawn.append(reference_band(reference, scale, (middle - 9.0, middle + 9.0)))
    return "".join(drawn)
