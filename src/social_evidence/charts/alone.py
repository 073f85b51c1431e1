"""A chart as a file of its own: a fixed width, its colours inside, its title and source written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from social_evidence.charts.figure import sample_of
from social_evidence.charts.inlining import dark_rules, inlined
from social_evidence.charts.lettering import text_width, wrap
from social_evidence.charts.marks import HATCH
from social_evidence.charts.points import Chart
from social_evidence.charts.svg import element, escape, number
from social_evidence.errors import DefinitionError

WIDTH: Final = 688.0
MARGIN: Final = 8.0
_INSIDE: Final = WIDTH - 2 * MARGIN
_TITLE: Final = 17.0
_MAP_WIDTH: Final = 544.0
_SHARE: Final = re.compile(r' (x|x1|x2|cx|width)="(-?[\d.]+)%"')
_BOX: Final = re.compile(r'viewBox="([-\d.]+) ([-\d.]+) ([\d.]+) ([\d.]+)"')
_TAG: Final = re.compile(r"(<[^>]*>)")
_WIDTH_OF: Final = re.compile(r' width="([\d.]+)"')
_LINK: Final = re.compile(r'<a(?: href="[^"]*")?')


def standalone(
    chart: Chart,
    tokens: Mapping[str, str],
    *,
    title: str = "",
    lines: Sequence[str] = (),
    key: Sequence[tuple[str, str]] = (),
    source: Sequence[str] = (),
    dark: Mapping[str, str] | None = None,
) -> str:
    """Write a chart as an SVG file that needs nothing else.

    Looks are attributes, colours are written out and places are px, so that word processors, which
    know neither style sheets nor shares of a width, show it as a browser does. A picture is made
    from it by whoever has a program for that; none is part of this package.

    Args:
        chart: The chart.
        tokens: Name of a token without its dashes -> its value, such as `ink` -> `#15202b`.
        title: What, whom, where, when; above the chart.
        lines: Unit and how to read it; that the figures are made up, where they are.
        key: The marks and their words, of `key_items`.
        source: Source, release, address and attributions; below the chart.
        dark: Values of the tokens on a dark ground, for readers who prefer one. Programs that know
            no style rules show the light ones.

    Returns:
        The file's text. Links are taken out: in a file they would lead nowhere.

    Raises:
        DefinitionError: A colour that the chart uses has no value.
    """
    head, top = _head(title, lines)
    explained, top = _key(key, top)
    is_map = 'class="ch map' in chart.alone
    drawn, height = _map_at(chart, top) if is_map else _rows_at(chart, top)
    foot, end = _foot(source, top + height)
    dressed = partial(inlined, tokens=tokens, named=dark is not None)
    marks = (
        dressed(element("defs", HATCH))
        + dressed(element("rect", width=WIDTH, height=end, fill="var(--paper)"))
        + dressed(head + explained)
        + dressed(drawn, is_map=is_map)
        + dressed(foot)
    )
    rules = dark_rules(marks, dark) if dark is not None else ""
    content = (
        element("title", escape(chart.label))
        + element("desc", escape(" ".join(chart.description)))
        + (element("style", rules) if rules else "")
        + marks
    )
    file = element(
        "svg",
        content,
        xmlns="http://www.w3.org/2000/svg",
        width=WIDTH,
        height=end,
        viewBox=f"0 0 {number(WIDTH)} {number(end)}",
        font_family=tokens.get("sans", "sans-serif"),
    )
    return f"{file}\n"


def _head(title: str, lines: Sequence[str]) -> tuple[str, float]:
    """Write title and lines; return them and where the chart begins."""
    y = MARGIN
    written = []
    for part in wrap(title, _INSIDE, size=_TITLE, bold=True) if title else ():
        y += 23.0
        written.append(_row(part, y - 5.0, "b big"))
    for row in lines:
        for part in wrap(row, _INSIDE):
            y += 19.0
            written.append(_row(part, y - 4.0, "m"))
    return " ".join(written), y + (10.0 if written else 0.0)


def _key(items: Sequence[tuple[str, str]], top: float) -> tuple[str, float]:
    """Set the items of the key beside each other, in as many lines as they take."""
    x, y = MARGIN, top
    drawn = []
    for item, named in items:
        width, marks = sample_of(item)
        needed = width + 6.0 + text_width(named)
        if x > MARGIN and x + needed > WIDTH - MARGIN:
            x, y = MARGIN, y + 22.0
        drawn.append(element("g", marks, transform=f"translate({number(x)} {number(y)})"))
        drawn.append(element("text", escape(named), x=x + width + 6.0, y=y + 13.0))
        x += needed + 20.0
    return " ".join(drawn), y + 30.0 if drawn else top


def _foot(source: Sequence[str], y: float) -> tuple[str, float]:
    written = []
    y += 8.0
    for row in source:
        for part in wrap(row, _INSIDE, size=13.0):
            y += 17.0
            written.append(_row(part, y, "tk"))
    return " ".join(written), y + MARGIN


def _row(content: str, y: float, class_: str) -> str:
    return element("text", escape(content), class_=class_, x=MARGIN, y=y)


def _rows_at(chart: Chart, top: float) -> tuple[str, float]:
    """Lay a fluid chart out in px, at its place in the file."""
    body = _plain(_in_pixels(chart.alone))
    placed = body.replace("<svg ", f'<svg x="{number(MARGIN)}" y="{number(top)}" ', 1)
    return placed.replace(" height=", f' width="{number(_INSIDE)}" height=', 1), chart.height


def _map_at(chart: Chart, top: float) -> tuple[str, float]:
    """Lay a map out at the width it has on a page."""
    found = _BOX.search(chart.alone)
    if found is None:
        raise DefinitionError("A map has no box to be drawn in. Draw it with `tile_map`.")
    height = _MAP_WIDTH * float(found[4]) / float(found[3])
    body = _plain(chart.alone)
    size = f'width="{number(_MAP_WIDTH)}" height="{number(height)}"'
    return body.replace("<svg ", f'<svg x="{number(MARGIN)}" y="{number(top)}" {size} ', 1), height


def _in_pixels(drawn: str) -> str:
    """Write shares of the width as px: of the drawing they stand in, which may lie in another."""
    widths = [_INSIDE]
    written = []
    for tag in _TAG.split(drawn):
        if tag == "</svg>":
            widths.pop()
        settled = _SHARE.sub(partial(_settled, width=widths[-1]), tag)
        written.append(settled)
        if tag.startswith("<svg") and not tag.endswith("/>"):
            widths.append(_width_of(settled, widths))
    return "".join(written)


def _settled(found: re.Match[str], width: float) -> str:
    return f' {found[1]}="{number(float(found[2]) / 100.0 * width, 2)}"'


def _width_of(tag: str, widths: Sequence[float]) -> float:
    """Return the width of a drawing; the outermost has none of its own and fills its place."""
    found = _WIDTH_OF.search(tag)
    return float(found[1]) if found else widths[-1]


def _plain(drawn: str) -> str:
    """Keep what a link holds, and its name, as a group."""
    return _LINK.sub("<g", drawn).replace("</a>", "</g>")
