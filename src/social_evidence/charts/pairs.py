"""Two figures of the same people or of two groups: the gap between them, and its own range."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from social_evidence.charts.describing import chart_name, scale_notes
from social_evidence.charts.dots import edge_class
from social_evidence.charts.lettering import LEADING, text_width, wrap
from social_evidence.charts.marks import (
    diamond,
    drawing,
    interval_mark,
    is_cut,
    line,
    lines_of_text,
    reference_band,
    text,
)
from social_evidence.charts.points import (
    CLEAR_VERDICTS,
    Chart,
    FixedEnds,
    Point,
    Reference,
)
from social_evidence.charts.rowscale import NARROW, ends_at, fitting_scale
from social_evidence.charts.scales import Axis, Scale, tick_text
from social_evidence.charts.svg import element, escape
from social_evidence.charts.words import ENGLISH, ChartWords
from social_evidence.model.comparison import Verdict

_STEP: Final = 26.0
_STACKED_STEP: Final = 44.0
_BESIDE: Final = 10.0
_LEAST_LABEL: Final = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two figures and how they differ.

    Attributes:
        label: What both are of.
        before: The first figure, drawn in grey above; its label, where it has one, is its name.
        after: The second figure; likewise.
        verdict: Of the difference between them, with its own test; the capsules may overlap and
            the difference still be clear.
        word: The verdict in print, such as `Fewer`.
        change: The difference in print, such as `−9 points`.
        change_limits: Its range in print, such as `(−15 to −3)`.
        reference: The city's figure, where the same question was asked.
    """

    label: str
    before: Point
    after: Point
    verdict: Verdict | None = None
    word: str = ""
    change: str = ""
    change_limits: str = ""
    reference: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs one below another.

    Attributes:
        subject: What the chart is of.
        axis: What is counted.
        pairs: In the order they are drawn.
        names: What the first and the second figure are called; empty: before and after.
        scale: Settled ends; None: from the figures.
    """

    subject: str
    axis: Axis
    pairs: tuple[Pair, ...]
    names: tuple[str, str] = ("", "")
    scale: FixedEnds | None = None


def dumbbell(pairs: Pairs, words: ChartWords = ENGLISH) -> Chart:
    """Draw two figures a row, joined from estimate to estimate, each with its range.

    Args:
        pairs: The pairs.
        words: The language.

    Returns:
        The chart, the same at every width. The second capsule is solid only where the difference
        is clear.
    """
    names = (pairs.names[0] or words.before, pairs.names[1] or words.after)
    scale = _scale(pairs)
    is_beside = all(all(_sides(pair, _names(pair, names), scale)) for pair in pairs.pairs)
    step = _STEP if is_beside else _STACKED_STEP
    body: list[str] = []
    bars: list[tuple[float, float]] = []
    y = 2.0
    for pair in pairs.pairs:
        drawn, span, height = _pair(pair, _names(pair, names), scale, y, step)
        body.append(drawn)
        bars.append(span)
        y += height
    label = chart_name(pairs.subject, words.dumbbell, words, None)
    drawn = drawing(_behind(pairs, scale, bars, y) + " ".join(body), y + 20.0, label)
    points = [point for pair in pairs.pairs for point in (pair.before, pair.after)]
    return Chart(
        svg=drawn,
        alone=drawn,
        label=label,
        description=tuple(_told(pair, _names(pair, names), words) for pair in pairs.pairs),
        notes=scale_notes(
            scale, pairs.axis, words, cut=any(is_cut(point, scale) for point in points)
        ),
        key=_key(pairs),
        height=y + 20.0,
    )


def _names(pair: Pair, names: tuple[str, str]) -> tuple[str, str]:
    """Name both figures: by their own labels, else as all of the chart's are called."""
    return pair.before.label or names[0], pair.after.label or names[1]


def _scale(pairs: Pairs) -> Scale:
    if pairs.scale is not None:
        return ends_at(pairs.scale, 0.0, 100.0)
    points = [point for pair in pairs.pairs for point in (pair.before, pair.after)]
    values = [v for p in points if p.is_shown for v in (p.estimate, p.lower, p.upper)]
    values += [pair.reference.estimate for pair in pairs.pairs if pair.reference]
    return fitting_scale(values, pairs.axis, (0.0, 100.0), NARROW)


def _reach(point: Point, scale: Scale) -> tuple[float, float]:
    """Where a mark begins and ends, px on a narrow page."""
    known = [v for v in (point.estimate, point.lower, point.upper) if v is not None]
    places = [scale.at(scale.clip(value)) / 100.0 * NARROW for value in known]
    return min(places, default=0.0), max(places, default=NARROW)


def _side(point: Point, name: str, scale: Scale, other: Point) -> str:
    """Say on which side of its mark a name has room: right, left or neither.

    Away from the other mark first, so that the line between them does not run below the name.
    """
    if not point.is_shown:
        return "right"
    width = text_width(f"{name} {point.value}", bold=True) + _BESIDE
    start, end = _reach(point, scale)
    free = {"right": end + width <= NARROW, "left": start - width >= 0.0}
    is_right = other.estimate is None or (point.estimate or 0.0) >= other.estimate
    order = ("right", "left") if is_right else ("left", "right")
    return next((side for side in order if free[side]), "")


def _sides(pair: Pair, names: tuple[str, str], scale: Scale) -> tuple[str, str]:
    before = _side(pair.before, names[0], scale, pair.after)
    return before, _side(pair.after, names[1], scale, pair.before)


def _pair(
    pair: Pair, names: tuple[str, str], scale: Scale, y: float, step: float
) -> tuple[str, tuple[float, float], float]:
    """Draw one pair.

    Returns:
        The marks, where the ones on the scale begin and end, and the height of the whole.
    """
    title = wrap(pair.label, NARROW, bold=True)
    parts = [line("gl", (0.0, 100.0), (y, y)), lines_of_text(title, 0.0, y + 19.0, "b halo")]
    base = y + 19.0 + (len(title) - 1) * LEADING
    for content in _change(pair):
        base += LEADING + 2.0
        parts.append(text(content, 0.0, base, "halo num", raw=True))
    first = base + (22.0 if step == _STEP else 38.0)
    second = first + step
    span = (first - 12.0, second + 14.0)
    if pair.reference is not None:
        parts.append(reference_band(pair.reference, scale, span))
    after = replace(pair.after, verdict=pair.verdict)
    if pair.before.estimate is not None and pair.after.estimate is not None:
        ends = (
            scale.at(scale.clip(pair.before.estimate)),
            scale.at(scale.clip(pair.after.estimate)),
        )
        parts.append(line("ar", ends, (first, second)))
    room = NARROW / 100.0
    parts.append(interval_mark(pair.before, scale, first, room=room, past=True))
    parts.append(interval_mark(after, scale, second, room=room))
    sides = _sides(pair, names, scale)
    parts.append(f" {_name(pair.before, names[0], scale, first, 'm', sides[0])}")
    parts.append(f" {_name(pair.after, names[1], scale, second, 'b', sides[1])}")
    return element("g", "".join(parts), class_="p"), span, second + 24.0 - y


def _change(pair: Pair) -> list[str]:
    """Write verdict and change, with the range beside it, or below where it is too long."""
    told = ": ".join(part for part in (pair.word, pair.change) if part)
    if not told:
        return []
    bold = element("tspan", escape(told), class_="b")
    if not pair.change_limits:
        return [bold]
    muted = element("tspan", escape(pair.change_limits), class_="m")
    width = text_width(told, bold=True) + text_width(f" {pair.change_limits}")
    return [f"{bold} {muted}"] if width <= NARROW else [bold, muted]


def _name(point: Point, name: str, scale: Scale, y: float, class_: str, side: str) -> str:
    """Write which of the two it is, with its figure: beside the mark, else above it."""
    if not point.is_shown:
        return text(f"{name}: {point.word}", 0.0, y + 5.0, "halo m")
    words = f"{name} {point.value}"
    known = [v for v in (point.estimate, point.lower, point.upper) if v is not None]
    if side == "right":
        return text(
            words, scale.at(scale.clip(max(known))), y + 5.0, f"halo num {class_}", dx=_BESIDE
        )
    if side == "left":
        at = scale.at(scale.clip(min(known)))
        return text(words, at, y + 5.0, f"halo num e {class_}", dx=-_BESIDE)
    start = _reach(point, scale)[0]
    if start + text_width(words, bold=True) <= NARROW:
        return text(words, start / NARROW * 100.0, y - 11.0, f"halo num {class_}")
    return text(words, 100.0, y - 11.0, f"halo num e {class_}")


def _behind(pairs: Pairs, scale: Scale, bars: list[tuple[float, float]], y: float) -> str:
    """Draw the ticks: behind the capsules only, so that no line crosses words."""
    drawn = []
    for tick in scale.ticks:
        x = scale.at(tick)
        drawn += [line("gl", (x, x), span) for span in bars]
        drawn.append(text(tick_text(tick, pairs.axis), x, y + 12.0, f"tk{edge_class(scale, tick)}"))
    return " ".join(drawn)


def _told(pair: Pair, names: tuple[str, str], words: ChartWords) -> str:
    return words.from_to.format(
        label=pair.label,
        before=names[0],
        after=names[1],
        first=pair.before.printed,
        last=pair.after.printed,
    )


def _key(pairs: Pairs) -> tuple[str, ...]:
    shown = [pair for pair in pairs.pairs if pair.after.is_shown]
    used = ["before"]
    used += ["after_clear"] if any(p.verdict in CLEAR_VERDICTS for p in shown) else []
    used += ["after_unclear"] if any(p.verdict not in CLEAR_VERDICTS for p in shown) else []
    hidden = any(not p.before.is_shown or not p.after.is_shown for p in pairs.pairs)
    used += ["hidden"] if hidden else []
    return (*used, "reference_line") if any(p.reference for p in pairs.pairs) else tuple(used)


def took_part(pairs: Pairs, words: ChartWords = ENGLISH) -> Chart:
    """Draw people who took part, counted in full, against everybody the initiative is for.

    Args:
        pairs: `before` is everybody, `after` those who took part; ordered by the difference.
        words: The language.

    Returns:
        The chart, the same at every width.
    """
    scale = _scale(pairs)
    body: list[str] = []
    tracks: list[tuple[float, float]] = []
    y = 6.0
    for pair in pairs.pairs:
        drawn, middle = _taken_part(pair, pairs.names[0], scale, y)
        body.append(drawn)
        tracks.append((middle - 9.0, middle + 9.0))
        y = middle + 16.0
    label = chart_name(pairs.subject, words.dumbbell, words, None)
    drawn = drawing(_behind(pairs, scale, tracks, y) + " ".join(body), y + 20.0, label)
    names = (pairs.names[0] or words.before, pairs.names[1] or words.after)
    return Chart(
        svg=drawn,
        alone=drawn,
        label=label,
        description=tuple(_told(pair, names, words) for pair in pairs.pairs[:1]),
        notes=scale_notes(scale, pairs.axis, words),
        key=("counted", "reference_line"),
        height=y + 20.0,
    )


def _taken_part(pair: Pair, name: str, scale: Scale, y: float) -> tuple[str, float]:
    """Draw words and, below them, the marks; return them and the middle of the marks."""
    everybody = f"{name} {pair.before.printed}".strip() if pair.after.is_shown else ""
    own = pair.after.value if pair.after.is_shown else pair.after.word
    end = text_width(own, bold=pair.after.is_shown) + text_width(f" {everybody}")
    is_beside = NARROW - end - 8.0 >= _LEAST_LABEL
    label = wrap(pair.label, NARROW - end - 8.0 if is_beside else NARROW)
    base = y + 15.0 + (len(label) - is_beside) * LEADING
    class_ = "b" if pair.after.is_shown else "m"
    spans = [element("tspan", escape(own), class_=class_)]
    spans += [element("tspan", escape(everybody), class_="m")] if everybody else []
    words = text(" ".join(spans), 100.0, base, "halo e num", raw=True)
    middle = base + 15.0
    drawn = f"{lines_of_text(label, 0.0, y + 15.0, 'halo')} {words}"
    return element("g", drawn + _two_marks(pair, scale, middle), class_="p"), middle


def _two_marks(pair: Pair, scale: Scale, middle: float) -> str:
    """Draw an upright mark for everybody, a diamond for those who took part, and the gap."""
    here, everybody = pair.after.estimate, pair.before.estimate
    if not pair.after.is_shown or here is None:
        return interval_mark(pair.after, scale, middle)
    last = scale.at(scale.clip(here))
    if everybody is None:
        return diamond(last, middle)
    start = scale.at(scale.clip(everybody))
    return (
        line("ar", (start, last), (middle, middle))
        + line("cl ck", (start, start), (middle - 8.0, middle + 8.0))
        + diamond(last, middle)
    )
