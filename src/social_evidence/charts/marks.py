"""The marks: a capsule where there is a range, a diamond where there is none, or hatching."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from social_evidence.charts.points import Mark, Point, Reference, mark_of
from social_evidence.charts.scales import Scale
from social_evidence.charts.svg import element, escape, number, percent

CAPSULE: Final = 12.0
_TALL: Final = 900.0
"""A drawing of more px has to be set smaller to fit a sheet of paper."""
BEAD: Final = 3.5
HATCH_ID: Final = "hh"
HATCH: Final = (
    f'<pattern id="{HATCH_ID}" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><path class="ht" d="M3 0V6"/></pattern>'
)
"""The hatching, once a page or file; `hatch_defs` wraps it for a page."""

_DIAMOND: Final = "M0-6.5 6.5 0 0 6.5-6.5 0z"
_BARS: Final = {
    "clear": "iv",
    "unclear": "iv-o",
    "care": "iv-l",
    "modelled": "iv",
    "modelled_unclear": "iv-o",
}
_FILLED: Final = frozenset({"clear", "modelled"})
_SQUARE: Final = frozenset({"modelled", "modelled_unclear"})
_SMALL_BEAD: Final = 2.0
_BEAD_ROOM: Final = 10.0
_SMALL_BEAD_ROOM: Final = 6.0
"""A capsule shorter than these px has a small bead, or none: its place is the capsule's."""

UP: Final = '<path d="M6 1.5 11 10H1z" fill="currentColor"/>'
DOWN: Final = '<path d="M6 10.5 1 2h10z" fill="currentColor"/>'
WAVES: Final = (
    '<path d="M1 4.2c1.7-1.9 3.3-1.9 5 0s3.3 1.9 5 0M1 8.4c1.7-1.9 3.3-1.9 5 0s3.3 1.9 5 0" '
    'fill="none" stroke="currentColor" stroke-width="1.6"/>'
)
DASH: Final = '<path d="M2 6h8" fill="none" stroke="currentColor" stroke-width="1.6"/>'
GLYPHS: Final = {"higher": UP, "lower": DOWN, "no_clear_difference": WAVES, "cannot_say": DASH}
"""Verdict -> its sign, 12 units square."""


def hatch_defs() -> str:
    """Return the hatching for a page: once, before the first chart that needs it."""
    return (
        '<svg class="vh" width="0" height="0" aria-hidden="true" focusable="false">'
        f"<defs>{HATCH}</defs></svg>"
    )


def line(class_: str, x: tuple[float, float], y: tuple[float, float]) -> str:
    """Draw a straight line; x in per cent, y in px."""
    return element("line", class_=class_, x1=percent(x[0]), x2=percent(x[1]), y1=y[0], y2=y[1])


def text(
    content: str, x: float, y: float, class_: str = "", *, dx: float = 0.0, raw: bool = False
) -> str:
    """Write a line of text; x in per cent, y its baseline in px.

    Args:
        content: The text, or tspans where `raw`.
        x: Place in per cent.
        y: Baseline in px.
        class_: Classes: b bold, m muted, e ends at x, c centred on x, halo page-coloured outline.
        dx: Shift in px.
        raw: Whether the content is markup already.
    """
    return element(
        "text",
        content if raw else escape(content),
        class_=class_ or None,
        x=percent(x) if x else "0",
        dx=number(dx) if dx else None,
        y=y,
    )


def lines_of_text(
    lines: Iterable[str], x: float, y: float, class_: str = "", *, leading: float = 17.0
) -> str:
    """Write several lines of text one below another, with white space between them."""
    return " ".join(
        text(content, x, y + place * leading, class_) for place, content in enumerate(lines)
    )


def value_spans(point: Point) -> str:
    """Write a figure, bold, and its range, muted."""
    if not point.limits:
        return element("tspan", escape(point.value), class_="b")
    spans = (
        element("tspan", escape(point.value), class_="b"),
        element("tspan", escape(point.limits), class_="m"),
    )
    return " ".join(spans)


def glyph(verdict: str | None, x: float, y: float, dx: float) -> str:
    """Draw the sign of a verdict; x in per cent and y in px of its upper left corner."""
    sign = GLYPHS.get(verdict or "")
    if not sign:
        return ""
    moved = f'<g transform="translate({number(dx)} 0)">{sign}</g>'
    return spot(x, y, moved, color="var(--ink)")


def spot(x: float, y: float, content: str, **attributes: str) -> str:
    """Put marks measured in px at a place measured in per cent of the width."""
    return element(
        "svg", content, x=percent(x), y=y, width=1, height=1, overflow="visible", **attributes
    )


def diamond(x: float, y: float, *, filled: bool = True) -> str:
    """Draw a figure without a range: filled where it was counted, hollow where none is given."""
    return spot(x, y, element("path", class_="ld" if filled else "lo", d=_DIAMOND))


def hatched(x: tuple[float, float], y: float, height: float = CAPSULE) -> str:
    """Fill a whole row's width with hatching; y is the middle."""
    return element(
        "rect",
        x=percent(x[0]),
        y=y - height / 2,
        width=percent(x[1] - x[0]),
        height=height,
        fill=f"url(#{HATCH_ID})",
    )


def interval_mark(
    point: Point,
    scale: Scale,
    y: float,
    *,
    room: float = 6.7,
    height: float = CAPSULE,
    past: bool = False,
    beadless: bool = False,
) -> str:
    """Draw one figure on a scale that runs from left to right.

    The ends of a capsule are the limits, never wider; a range that runs off the scale is cut
    square there, with a pointer. A short capsule has a small bead or none, and a bead that
    would stand over an end is dark, so that it is seen on both sides.

    Args:
        point: The figure.
        scale: From figures to per cent of the width.
        y: The middle, in px.
        room: Px to a per cent at the least width the drawing is meant for.
        height: Of a capsule, in px.
        past: Whether it is an earlier figure, beside the one the chart is about: grey.
        beadless: Whether the estimate is printed beside it and has no bead.

    Returns:
        Markup; empty where a figure does not apply.
    """
    mark = mark_of(point)
    if mark == "empty":
        return ""
    if mark == "hidden":
        return hatched((scale.first, scale.last), y, height)
    if point.estimate is None or mark in {"counted", "bare"}:
        return _dot(point.estimate, scale, y, filled=mark == "counted")
    lower, upper = _ends(point)
    bar = _bar(_class(mark, past=past), (lower, upper), scale, y, height)
    pixels = (scale.at(scale.clip(upper)) - scale.at(scale.clip(lower))) * room
    radius = BEAD if pixels >= _BEAD_ROOM else _SMALL_BEAD
    if beadless or pixels < _SMALL_BEAD_ROOM:
        return bar
    to_end = min(point.estimate - lower, upper - point.estimate)
    is_inside = (scale.at(scale.low + to_end) - scale.first) * room >= radius
    class_ = "pt" if is_inside and (past or mark in _FILLED) else "pt-o"
    return bar + _bead(class_, point.estimate, scale, y, radius)


def _class(mark: Mark, *, past: bool) -> tuple[str, bool]:
    """Return the class of a capsule, and whether its ends are square."""
    return "ivp" if past else _BARS[mark], mark in _SQUARE


def _ends(point: Point) -> tuple[float, float]:
    return (
        point.estimate or 0.0 if point.lower is None else point.lower,
        point.estimate or 0.0 if point.upper is None else point.upper,
    )


def _dot(estimate: float | None, scale: Scale, y: float, *, filled: bool) -> str:
    if estimate is None:
        return ""
    return diamond(scale.at(scale.clip(estimate)), y, filled=filled) + _pointers(
        estimate, estimate, scale, y
    )


def _bar(
    kind: tuple[str, bool], limits: tuple[float, float], scale: Scale, y: float, height: float
) -> str:
    """Draw the capsule, clipped to the scale where it runs off."""
    lower, upper = limits
    if scale.holds(lower) and scale.holds(upper):
        start, width = scale.at(lower), scale.at(upper) - scale.at(lower)
        return _capsule(kind, (start, width), y - height / 2, height)
    share = 100.0 / (scale.high - scale.low)
    start, width = (lower - scale.low) * share, (upper - lower) * share
    window = element(
        "svg",
        _capsule(kind, (start, width), 1.0, height),
        x=percent(scale.first),
        y=y - height / 2 - 1,
        width=percent(scale.last - scale.first),
        height=height + 2,
        overflow="hidden",
    )
    return window + _pointers(lower, upper, scale, y)


def _capsule(kind: tuple[str, bool], x: tuple[float, float], y: float, height: float) -> str:
    class_, is_square = kind
    return element(
        "rect",
        class_=class_,
        x=percent(x[0]),
        y=y,
        width=percent(x[1]),
        height=height,
        rx=None if is_square else height / 2,
    )


def _pointers(lower: float, upper: float, scale: Scale, y: float) -> str:
    """Point to where a mark goes on beyond an end of the scale."""
    left = text("‹", scale.first, y + 4.5, "b e", dx=-1) if lower < scale.low else ""
    right = text("›", scale.last, y + 4.5, "b", dx=1) if upper > scale.high else ""
    return left + right


def _bead(class_: str, estimate: float, scale: Scale, y: float, radius: float) -> str:
    if not scale.holds(estimate):
        return ""
    return element("circle", class_=class_, cx=percent(scale.at(estimate)), cy=y, r=radius)


def is_cut(point: Point, scale: Scale) -> bool:
    """Whether a figure or its range runs off the scale."""
    known = (point.estimate, point.lower, point.upper) if point.is_shown else ()
    return any(value is not None and not scale.holds(value) for value in known)


def reference_band(
    reference: Reference, scale: Scale, y: tuple[float, float], *, above: float = 0.0
) -> str:
    """Draw the line that figures are set against, with its own range as a band behind it."""
    at = scale.at(scale.clip(reference.estimate))
    drawn = line("cl", (at, at), (y[0] - above, y[1]))
    if reference.lower is None or reference.upper is None:
        return drawn
    start, end = scale.at(scale.clip(reference.lower)), scale.at(scale.clip(reference.upper))
    band = element(
        "rect",
        class_="cb",
        x=percent(start),
        y=y[0],
        width=percent(end - start),
        height=y[1] - y[0],
    )
    return band + drawn


def drawing(
    content: str, height: float, label: str, *, form: str = "", hidden: bool = False
) -> str:
    """Wrap marks as a fluid chart: as wide as its place, so many px high.

    Positions count from the left whatever the page's direction, so the drawing says so.

    Args:
        content: The marks.
        height: In px.
        label: Name for a listener.
        form: `wide` or `narrow` where a chart comes twice.
        hidden: Whether it says nothing that the sentence beside it does not say.
    """
    names = " ".join(filter(None, ("ch", form, "tall" if height > _TALL else "")))
    # A listener hears two texts without white space between them as one word.
    content = content.replace("</text><", "</text> <")
    if hidden:
        return element(
            "svg",
            content,
            class_=names,
            height=height,
            direction="ltr",
            aria_hidden="true",
            focusable="false",
        )
    return element(
        "svg",
        content,
        class_=names,
        height=height,
        direction="ltr",
        role="group",
        aria_label=label,
    )
