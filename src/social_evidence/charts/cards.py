"""The picture that is shown where somebody shares a page's address: title, sentence, figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from social_evidence.charts.inlining import inlined
from social_evidence.charts.lettering import text_width, wrap
from social_evidence.charts.marks import interval_mark
from social_evidence.charts.points import FixedEnds, Point, Reference
from social_evidence.charts.rowscale import ends_at
from social_evidence.charts.scales import Axis, Scale, tick_text
from social_evidence.charts.svg import element, escape, number

WIDTH: Final = 1200.0
HEIGHT: Final = 628.0
_MARGIN: Final = 72.0
_INSIDE: Final = WIDTH - 2 * _MARGIN
_TITLE_SIZES: Final = (64.0, 52.0, 44.0)
_SENTENCE: Final = 36.0
_SMALL: Final = 24.0
_TITLE_LINES: Final = 2
_SENTENCE_LINES: Final = 3
_ZOOM: Final = 2.0
_RULER: Final = 500.0
_NAME: Final = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card says.

    Attributes:
        site: Name of the site.
        title: Of the page.
        sentence: The headline in words, with its range where there is no ruler.
        note: Release; that the figures are made up or a draft, where they are.
        point: The figure for the ruler; None where the page has none, or no natural scale.
        axis: What is counted.
        ends: The ruler's scale.
        reference: What the figure is set against.
    """

    site: str
    title: str
    sentence: str
    note: str = ""
    point: Point | None = None
    axis: Axis | None = None
    ends: FixedEnds | None = None
    reference: Reference | None = None


def social_card(card: Card, tokens: Mapping[str, str]) -> str:
    """Draw a card of 1200 by 628 px.

    Args:
        card: What it says. A sentence too long for it is cut at a word, with an ellipsis.
        tokens: Name of a token without its dashes -> its value.

    Returns:
        An SVG file's text, for a program that makes a picture of it.

    Raises:
        DefinitionError: A colour that the card uses has no value.
    """
    title, y = _title(card.title)
    sentence = _lines(card.sentence, _SENTENCE, _SENTENCE_LINES, y + 24.0)
    spoken = element("g", f"{title} {sentence}", font_family=tokens.get("serif", "serif"))
    parts = [
        element("rect", width=WIDTH, height=HEIGHT, fill="var(--paper)"),
        _words(card.site, _MARGIN, 84.0, 28.0, weight="700"),
        element("rect", x=_MARGIN, y=108.0, width=_INSIDE, height=3, fill="var(--ink)"),
        spoken,
        _words(card.note, _MARGIN, HEIGHT - 40.0, _SMALL, fill="var(--ink-2)"),
        _ruler(card),
    ]
    file = element(
        "svg",
        inlined(" ".join(parts), tokens),
        xmlns="http://www.w3.org/2000/svg",
        width=WIDTH,
        height=HEIGHT,
        viewBox=f"0 0 {number(WIDTH)} {number(HEIGHT)}",
        font_family=tokens.get("sans", "sans-serif"),
    )
    return f"{file}\n"


def _title(title: str) -> tuple[str, float]:
    """Set the title as large as two lines allow; return it and where it ends."""
    size = next(
        (s for s in _TITLE_SIZES if len(wrap(title, _INSIDE, size=s, bold=True)) <= _TITLE_LINES),
        _TITLE_SIZES[-1],
    )
    lines = _cut(wrap(title, _INSIDE, size=size, bold=True), _TITLE_LINES)
    top = 132.0
    drawn = [
        _words(line, _MARGIN, top + (place + 0.95) * size * 1.12, size, weight="700")
        for place, line in enumerate(lines)
    ]
    return " ".join(drawn), top + len(lines) * size * 1.12


def _lines(content: str, size: float, most: int, top: float) -> str:
    lines = _cut(wrap(content, _INSIDE, size=size), most)
    return " ".join(
        _words(line, _MARGIN, top + (place + 0.8) * size * 1.3, size)
        for place, line in enumerate(lines)
    )


def _cut(lines: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Keep the first lines, and say where there were more."""
    if len(lines) <= most:
        return lines
    return (*lines[: most - 1], f"{lines[most - 1].rpartition(' ')[0] or lines[most - 1]} …")


def _words(
    content: str,
    x: float,
    y: float,
    size: float,
    *,
    weight: str | None = None,
    fill: str = "var(--ink)",
    anchor: str | None = None,
) -> str:
    return element(
        "text",
        escape(content),
        x=x,
        y=y,
        font_size=f"{number(size)}px",
        font_weight=weight,
        fill=fill,
        text_anchor=anchor,
    )


def _ruler(card: Card) -> str:
    """Draw the figure with its range on a scale, twice as large as on a page."""
    if card.point is None or card.axis is None or card.ends is None or not card.point.is_shown:
        return ""
    scale = ends_at(card.ends, 0.0, _INSIDE / _ZOOM)
    middle = 0.0
    parts = [_line(scale.first, scale.last, middle)]
    for tick in card.ends.ticks:
        x = scale.at(tick)
        anchor = "start" if tick == scale.low else "end" if tick == scale.high else "middle"
        parts.append(element("path", class_="ax", d=f"M{number(x)} 0v5"))
        words = tick_text(tick, card.axis)
        parts.append(_words(words, x, 20.0, _NAME, fill="var(--ink-2)", anchor=anchor))
    if card.reference is not None:
        x = scale.at(scale.clip(card.reference.estimate))
        parts.append(element("path", class_="cl", d=f"M{number(x)} -13v26"))
        parts.append(_reference_name(card.reference, x))
    parts.append(_in_units(card.point, scale, middle))
    drawn = "".join(parts)
    return element(
        "g", drawn, transform=f"translate({number(_MARGIN)} {number(_RULER)}) scale({_ZOOM:g})"
    )


def _reference_name(reference: Reference, x: float) -> str:
    """Name what the figure is set against, above its line and inside the card."""
    words = f"{reference.label} {reference.value}".strip()
    half = text_width(words, size=_NAME) / 2
    place = min(max(x, half), _INSIDE / _ZOOM - half)
    return _words(words, place, -20.0, _NAME, fill="var(--ink-2)", anchor="middle")


def _line(first: float, last: float, y: float) -> str:
    return element("path", class_="ax", d=f"M{number(first)} {number(y)}H{number(last)}")


def _in_units(point: Point, scale: Scale, y: float) -> str:
    """Draw a mark whose places are units of the card and not shares of a width."""
    drawn = interval_mark(point, scale, y, room=1.0, height=14.0)
    return drawn.replace('%"', '"')
