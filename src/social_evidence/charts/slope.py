"""Slopes: two moments or two groups side by side, each end with its range."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from social_evidence.charts.describing import chart_name
from social_evidence.charts.lettering import LEADING, text_width, widest, wrap
from social_evidence.charts.marks import drawing, hatched, line, spot, text
from social_evidence.charts.points import CLEAR_VERDICTS, Chart, Point, mark_of
from social_evidence.charts.rowscale import NARROW, WIDE
from social_evidence.charts.scales import Scale, fixed_scale
from social_evidence.charts.svg import element, percent
from social_evidence.charts.words import ENGLISH, ChartWords
from social_evidence.model.comparison import Verdict

_TOP: Final = 40.0
_TALL: Final = 240.0
_GAP: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """Where the ends of the lines and the words stand, per cent, at a least width in px.

    spread: How far the ends of all lines may be moved apart; apart: of one from the next.
    """

    name: str
    width: float
    left: float
    right: float
    words: float
    spread: float
    apart: float


_FORMS: Final = (
    _Form(name="wide", width=WIDE, left=16.0, right=56.0, words=67.0, spread=10.0, apart=1.5),
    _Form(name="narrow", width=NARROW, left=23.0, right=43.0, words=54.0, spread=16.0, apart=2.2),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """One line of the chart.

    Attributes:
        label: What it is of.
        first, last: The figures at both ends.
        verdict: Of the change, by its own test: a solid line only where it is clear.
        word: The verdict in print, such as `Rose`.
    """

    label: str
    first: Point
    last: Point
    verdict: Verdict | None = None
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """Lines between two moments; eight at most are told apart easily.

    Attributes:
        subject: What the chart is of.
        names: What the left and the right end are, such as `2021` and `2025`.
        slopes: The lines.
    """

    subject: str
    names: tuple[str, str]
    slopes: tuple[Slope, ...]


def slope_chart(slopes: Slopes, words: ChartWords = ENGLISH) -> Chart:
    """Draw each change as a line between two upright ranges.

    Args:
        slopes: The lines.
        words: The language.

    Returns:
        The chart, the same at every width. A change that cannot be told from none is dashed; one
        with a hidden end has no line, and says why.
    """
    shown = [item for item in slopes.slopes if item.first.is_shown and item.last.is_shown]
    hidden = [item for item in slopes.slopes if item not in shown]
    label = chart_name(slopes.subject, words.slope, words, None)
    (wide, height), (narrow, _) = (
        _form(slopes, shown, hidden, _with_room(form, shown), label) for form in _FORMS
    )
    return Chart(
        svg=wide + narrow,
        alone=wide,
        label=label,
        description=tuple(_told(item, slopes.names, words) for item in shown),
        notes=(),
        key=_key(shown, hidden),
        height=height,
    )


def _with_room(form: _Form, shown: list[Slope]) -> _Form:
    """Move the lines to the right where the figures at their left ends are long."""
    figures = widest([item.first.value for item in shown])
    left = max(form.left, figures / form.width * 100.0 + form.spread / 2 + 1.0)
    right = max(form.right, left + 18.0)
    return replace(form, left=left, right=right, words=max(form.words, right + 11.0))


def _form(
    slopes: Slopes, shown: list[Slope], hidden: list[Slope], form: _Form, label: str
) -> tuple[str, float]:
    texts = {item.label: _right_words(item, form) for item in shown}
    lines = sum(len(part) for part in texts.values())
    floor = _TOP + max(_TALL, lines * LEADING + len(shown) * _GAP)
    scale = _scale(shown, floor)
    parts = _heads(slopes.names, form)
    parts += [
        _drawn(item, _offset(n, len(shown), form), scale, form) for n, item in enumerate(shown)
    ]
    parts.append(_labels(shown, texts, scale, form))
    y = floor + 14.0
    for item in hidden:
        drawn, height = _hidden(item, y, form)
        parts.append(drawn)
        y += height
    return drawing(" ".join(parts), y, label, form=form.name), y


def _heads(names: tuple[str, str], form: _Form) -> list[str]:
    """Name both ends: above them where there is room, else one below the other."""
    room = form.width / 100.0
    first, last = (text_width(name, bold=True) for name in names)
    left = form.left * room - first / 2
    if left >= 0.0 and (form.right - form.left) * room >= (first + last) / 2 + 10.0:
        return [text(names[0], form.left, 16.0, "b c"), text(names[1], form.right, 16.0, "b c")]
    inner = form.right - form.spread / 2
    is_beside = first + 10.0 <= inner * room
    return [
        text(names[0], 0.0, 12.0, "b"),
        text(names[1], inner, 12.0 if is_beside else 12.0 + LEADING, "b"),
    ]


def _scale(shown: list[Slope], floor: float) -> Scale:
    """Fill the room with what there is: every figure is printed, so there are no ticks."""
    points = [point for item in shown for point in (item.first, item.last)]
    values = [
        value
        for point in points
        for value in (point.estimate, point.lower, point.upper)
        if value is not None
    ]
    low, high = min(values, default=0.0), max(values, default=1.0)
    high = high if high > low else low + 1.0
    return fixed_scale(low, high, (), floor, _TOP)


def _offset(place: int, count: int, form: _Form) -> float:
    """Move each line's ends a little aside, so that ranges lie beside each other."""
    apart = min(form.apart, form.spread / max(count, 1))
    return (place - (count - 1) / 2) * apart


def _drawn(item: Slope, moved: float, scale: Scale, form: _Form) -> str:
    left, right = form.left + moved, form.right + moved
    ends = (scale.at(item.first.estimate or 0.0), scale.at(item.last.estimate or 0.0))
    is_clear = item.verdict in CLEAR_VERDICTS
    content = line("ln" if is_clear else "rl", (left, right), ends)
    for x, point in ((left, item.first), (right, item.last)):
        content += _range(point, x, scale, clear=is_clear)
    label = f"{item.label}: {item.first.printed}; {item.last.said}"
    if item.word:
        label = f"{label}. {item.word}"
    return element("g", content, class_="p", role="img", aria_label=label)


def _range(point: Point, x: float, scale: Scale, *, clear: bool) -> str:
    """Draw a range as a slim upright bar with its bead."""
    middle = scale.at(point.estimate or 0.0)
    bead = element("circle", class_="ld" if clear else "od", cx=percent(x), cy=middle, r="3.5")
    if point.lower is None or point.upper is None:
        return bead
    top, bottom = scale.at(point.upper), scale.at(point.lower)
    class_ = "iv" if clear else "ivp"
    bar = element("rect", class_=class_, x="-2", width=4, y=top, height=bottom - top, rx=2)
    return spot(x, 0.0, bar) + bead


def _right_words(item: Slope, form: _Form) -> tuple[tuple[str, str], ...]:
    """List label, then figure and verdict, line by line with the class of each."""
    room = form.width * (100.0 - form.words) / 100.0
    lines = [(part, "") for part in wrap(item.label, room)]
    figure = f"{item.last.value} {item.word}".strip()
    lines += [(part, "m num") for part in wrap(figure, room)]
    return tuple(lines)


def _labels(
    shown: list[Slope],
    texts: dict[str, tuple[tuple[str, str], ...]],
    scale: Scale,
    form: _Form,
) -> str:
    """Write figures at the left and words at the right, pushed apart so that none overlap."""
    left = sorted(shown, key=lambda item: scale.at(item.first.estimate or 0.0))
    right = sorted(shown, key=lambda item: scale.at(item.last.estimate or 0.0))
    drawn: list[str] = []
    edge = form.left - form.spread / 2 - 1.0
    wanted = [scale.at(item.first.estimate or 0.0) for item in left]
    for item, at in zip(left, spread(wanted, [LEADING] * len(left), scale), strict=True):
        drawn.append(text(item.first.value, edge, at + 5.0, "e num"))
    heights = [len(texts[item.label]) * LEADING + _GAP for item in right]
    wanted = [scale.at(item.last.estimate or 0.0) for item in right]
    for item, at in zip(right, spread(wanted, heights, scale), strict=True):
        rows = texts[item.label]
        first = at - (len(rows) - 1) * LEADING / 2 + 5.0
        ends = (scale.at(item.last.estimate or 0.0), at)
        drawn.append(line("gl", (form.right + form.spread / 2, form.words - 0.5), ends))
        drawn += [
            text(words, form.words, first + place * LEADING, class_)
            for place, (words, class_) in enumerate(rows)
        ]
    return " ".join(drawn)


def spread(wanted: list[float], heights: list[float], scale: Scale) -> list[float]:
    """Move labels apart until none overlap, as little as need be.

    Args:
        wanted: Middles, lowest first.
        heights: Height of each label.
        scale: Between whose ends, and half a line beyond, they should stand.
    """
    places: list[float] = []
    edge = scale.last - LEADING / 2
    for middle, height in zip(wanted, heights, strict=True):
        place = max(middle, edge + height / 2)
        places.append(place)
        edge = place + height / 2
    edge = scale.first + LEADING / 2
    for number in range(len(places) - 1, -1, -1):
        place = min(places[number], edge - heights[number] / 2)
        places[number] = place
        edge = place - heights[number] / 2
    return places


def _hidden(item: Slope, y: float, form: _Form) -> tuple[str, float]:
    """Keep the place of a line that has no two ends."""
    why = next(point.word for point in (item.first, item.last) if not point.is_shown)
    rows = wrap(f"{item.label}: {why}", form.width)
    words = " ".join(
        text(row, 0.0, y + 13.0 + place * LEADING, "m") for place, row in enumerate(rows)
    )
    height = len(rows) * LEADING + 22.0
    mark = "" if mark_of(item.first) == "empty" else hatched((0.0, 100.0), y + height - 12.0)
    return element("g", f"{words} {mark}", class_="p"), height


def _told(item: Slope, names: tuple[str, str], words: ChartWords) -> str:
    return words.first_last.format(
        name=item.label,
        first=names[0],
        first_printed=item.first.printed,
        last=names[1],
        last_printed=item.last.printed,
    )


def _key(shown: list[Slope], hidden: list[Slope]) -> tuple[str, ...]:
    clear = {item.verdict in CLEAR_VERDICTS for item in shown}
    used = ["slope_clear"] if True in clear else []
    used += ["slope_unclear"] if False in clear else []
    return (*used, "hidden") if hidden else tuple(used)
