"""Maps: one square for each area, and the outlines. The square prints its figure and its range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from social_evidence.charts.describing import chart_name, describe_points
from social_evidence.charts.lettering import widest
from social_evidence.charts.marks import HATCH_ID
from social_evidence.charts.points import (
    CLEAR_VERDICTS,
    AreaFigures,
    Chart,
    Outline,
    Outlines,
    Point,
    Tile,
    Tiles,
    mark_of,
)
from social_evidence.charts.scales import Scale, nice_scale
from social_evidence.charts.svg import element, escape, link, number
from social_evidence.charts.words import ENGLISH, ChartWords

_PITCH: Final = 41.0
_SIDE: Final = 39.0
_RIVER: Final = 9.0
_LEFT: Final = 3.6
_BAR: Final = (3.0, 36.0)
_SIZES: Final = (("v", 15.5), ("vs", 13.0))
"""Classes of figures by their size, largest first; `vt` is for those that fit in neither."""
_ROOM: Final = 35.0
_BESIDE: Final = 23.0
"""Room of a figure that has a triangle beside it."""
_OUTLINE_SIGN: Final = 7.0
_SIGNS: Final = ("map_higher", "map_lower", "map_higher_counted", "map_lower_counted")


def tile_map(tiles: Tiles, figures: AreaFigures, words: ChartWords = ENGLISH) -> Chart:
    """Draw a square for each area, with its figure, its range and the city's tick.

    A clear difference has a heavy outline and a triangle, not a shade of its own; a hidden figure
    is hatched and says so. Links go from north to south, and from west to east.

    Args:
        tiles: Where the squares stand.
        figures: The figures; an area without one is drawn as not available.
        words: The language.

    Returns:
        The chart. Each square is a link where its figure leads somewhere.
    """
    scale = _bar_scale(figures)
    order = sorted(tiles.tiles, key=lambda tile: (tile.row, tile.column))
    squares = [_square(tile, tiles, figures, scale, words) for tile in order]
    points = [figures.points[tile.area] for tile in order if tile.area in figures.points]
    label = chart_name(figures.subject, words.tiles, words, figures.reference)
    drawn, height = _frame(tiles, _river(tiles) + " ".join(squares), label)
    return Chart(
        svg=drawn,
        alone=drawn,
        label=label,
        description=describe_points(points, words),
        notes=(),
        key=_map_key(points, figures, len(order)),
        height=height,
    )


def area_finder(tiles: Tiles, links: Mapping[str, str], label: str) -> str:
    """Draw the squares as links and nothing else: to find an area.

    Args:
        tiles: Where the squares stand.
        links: Area code -> address; an area without one is not a link.
        label: Name of the drawing for a listener.
    """
    squares = []
    for tile in sorted(tiles.tiles, key=lambda tile: (tile.row, tile.column)):
        x, y = _corner(tile, tiles)
        middle = element(
            "text", escape(tile.code), class_="c o1", x=number(x + _SIDE / 2), y=number(y + 24.0)
        )
        square = element("rect", class_="tile q1", x=x, y=y, width=_SIDE, height=_SIDE)
        squares.append(link(square + middle, links.get(tile.area, ""), f"{tile.code}, {tile.name}"))
    return _frame(tiles, _river(tiles) + " ".join(squares), label)[0]


def _bar_scale(figures: AreaFigures) -> Scale:
    """One scale for the little bars of all squares, from zero where that leaves them room."""
    shown = [point for point in figures.points.values() if point.is_shown]
    values = [v for point in shown for v in (point.estimate, point.lower, point.upper)]
    if figures.reference is not None:
        values.append(figures.reference.estimate)
    return nice_scale(values, figures.axis, *_BAR, steps=8)


def _frame(tiles: Tiles, content: str, label: str) -> tuple[str, float]:
    columns = max(tile.column for tile in tiles.tiles)
    rows = max(tile.row for tile in tiles.tiles)
    width = columns * _PITCH + 2.0
    height = rows * _PITCH + 2.0 + (_RIVER if tiles.river_below else 0.0)
    drawn = element(
        "svg",
        content,
        class_="ch map bleed",
        viewBox=f"-1 -1 {number(width)} {number(height)}",
        direction="ltr",
        role="group",
        aria_label=label,
    )
    return drawn, height


def _corner(tile: Tile, tiles: Tiles) -> tuple[float, float]:
    below = tiles.river_below and tile.row > tiles.river_below
    return (tile.column - 1) * _PITCH, (tile.row - 1) * _PITCH + (_RIVER if below else 0.0)


def _river(tiles: Tiles) -> str:
    """Draw the river as one quiet line between two rows."""
    if not tiles.river_below:
        return ""
    columns = max(tile.column for tile in tiles.tiles)
    y = tiles.river_below * _PITCH - 2.0 + (_RIVER + 2.0) / 2
    bends = columns - tiles.river_from + 1
    course = f"M{number((tiles.river_from - 1) * _PITCH)} {number(y)}q20.5 5 41 0" + "t41 0" * (
        bends - 1
    )
    return element("path", class_="th", d=course)


def _square(tile: Tile, tiles: Tiles, figures: AreaFigures, scale: Scale, words: ChartWords) -> str:
    point = figures.points.get(tile.area) or Point(label=tile.name, status="not_available")
    x, y = _corner(tile, tiles)
    if not point.is_shown:
        return _hidden_square(tile, point, (x, y), words)
    shade = figures.shades.of(point.estimate or 0.0)
    figure = figures.figures[tile.area]
    is_clear = point.verdict in CLEAR_VERDICTS
    inset = 0.8 if is_clear else 0.0
    parts = [
        element(
            "rect",
            class_=f"tile q{shade} x" if is_clear else f"tile q{shade}",
            x=x + inset,
            y=y + inset,
            width=_SIDE - 2 * inset,
            height=_SIDE - 2 * inset,
        ),
        _words(tile.code, x + _LEFT, y + 13.5, f"o{shade}"),
        " ",
        _words(figure, x + _LEFT, y + 28.0, f"{_figure_class(figures)} o{shade}"),
        _bar(point, scale, (x, y), shade),
        _tick(figures, scale, (x, y), shade),
        _square_sign(point, figures, (x, y), shade) if is_clear else "",
    ]
    label = words.square.format(code=tile.code, figure=figure, name=tile.name, said=point.said)
    return link("".join(parts), point.href, label)


def _square_sign(point: Point, figures: AreaFigures, at: tuple[float, float], shade: int) -> str:
    """Put the triangle beside the figure, or above it where any figure of the map is too long."""
    if widest(list(figures.figures.values()), size=_SIZES[0][1], bold=True) <= _BESIDE:
        return _sign(point, at[0] + 26.2, at[1] + 20.0, f"f{shade}", 7.5)
    return _sign(point, at[0] + 31.4, at[1] + 9.0, f"f{shade}", 6.0)


def _words(content: str, x: float, y: float, class_: str) -> str:
    return element("text", escape(content), class_=class_, x=x, y=y)


def _figure_class(figures: AreaFigures) -> str:
    """Set the figures of a map smaller where one would leave its square: all alike."""
    figure = list(figures.figures.values())
    fitting = (name for name, size in _SIZES if widest(figure, size=size, bold=True) <= _ROOM)
    return next(fitting, "vt")


def _hidden_square(tile: Tile, point: Point, at: tuple[float, float], words: ChartWords) -> str:
    x, y = at
    figure = {
        "protected": words.few,
        "not_asked": words.not_asked,
        "not_applicable": words.not_applicable,
    }.get(point.status, words.not_available)
    box = {"x": x, "y": y, "width": _SIDE, "height": _SIDE}
    content = (
        element("rect", None, class_="tile qh", **box)
        + element("rect", None, fill=f"url(#{HATCH_ID})", opacity="0.55", **box)
        + _words(tile.code, x + _LEFT, y + 13.5, "oh halo")
        + " "
        + _words(figure, x + _LEFT, y + 28.0, "oh halo")
    )
    said = point.said or words.not_shown
    label = words.square.format(code=tile.code, figure=figure, name=tile.name, said=said)
    return link(content, point.href, label)


def _bar(point: Point, scale: Scale, at: tuple[float, float], shade: int) -> str:
    if point.lower is None or point.upper is None:
        return ""
    start, end = (at[0] + scale.at(scale.clip(v)) for v in (point.lower, point.upper))
    return element(
        "line",
        class_=f"mi s{shade}",
        x1=number(start + 1.5, 2),
        x2=number(max(end - 1.5, start + 1.5), 2),
        y1=at[1] + 33.5,
        y2=at[1] + 33.5,
    )


def _tick(figures: AreaFigures, scale: Scale, at: tuple[float, float], shade: int) -> str:
    if figures.reference is None:
        return ""
    x = number(at[0] + scale.at(scale.clip(figures.reference.estimate)), 2)
    return element("line", class_=f"s{shade}", x1=x, x2=x, y1=at[1] + 30.6, y2=at[1] + 36.4)


def _sign(point: Point, x: float, y: float, class_: str, width: float) -> str:
    """Draw a triangle that points up for higher and down for lower."""
    height = width * 0.9
    way = -height if point.verdict == "higher" else height
    top = y + height / 2 if way < 0 else y - height / 2
    path = f"M{number(x)} {number(top)}h{number(width)}l{number(-width / 2, 2)} {number(way, 2)}z"
    return element("path", class_=class_, d=path)


def _map_key(points: list[Point], figures: AreaFigures, areas: int) -> tuple[str, ...]:
    """List the classes that a key explains, then outlines and hatching where they are used."""
    used = [f"q{shade}" for shade in range(1, len(figures.shades.words) + 1)]
    # What was counted in full differs by fact: "clearly" is said of tests alone.
    signs = {
        f"map_{point.verdict}{'_counted' if mark_of(point) == 'counted' else ''}"
        for point in points
        if point.is_shown and point.verdict in CLEAR_VERDICTS
    }
    used += [sign for sign in _SIGNS if sign in signs]
    is_hidden = len(points) < areas or any(not point.is_shown for point in points)
    used += ["map_hidden"] if is_hidden else []
    used += ["map_bar"] if any(point.has_limits for point in points) else []
    return tuple(used)


def outline_map(outlines: Outlines, figures: AreaFigures, words: ChartWords = ENGLISH) -> Chart:
    """Draw the areas by their outlines, in the shades of the squares; the river is their gap.

    It stands below the squares, which say more: here a large area looks important, and it has no
    links.

    Args:
        outlines: The shapes.
        figures: The figures; an area without one is hatched.
        words: The language.

    Returns:
        The chart.
    """
    shapes = [_shape(outline, figures, words) for outline in outlines.outlines]
    # A heavy outline lies over its neighbours' thin ones, and a triangle over all.
    shapes.sort(key=lambda shape: shape[0])
    signs = [_outline_sign(outline, figures) for outline in outlines.outlines]
    points = [figures.points[o.area] for o in outlines.outlines if o.area in figures.points]
    label = chart_name(figures.subject, words.outlines, words, figures.reference)
    height = outlines.height + 4.0
    drawn = element(
        "svg",
        " ".join(shape for _, shape in shapes) + "".join(signs),
        class_="ch map",
        viewBox=f"-2 -2 {number(outlines.width + 4.0)} {number(height)}",
        direction="ltr",
        role="group",
        aria_label=label,
    )
    return Chart(
        svg=drawn,
        alone=drawn,
        label=label,
        description=describe_points(points, words),
        notes=(),
        key=tuple(
            item for item in _map_key(points, figures, len(outlines.outlines)) if item != "map_bar"
        ),
        height=height,
    )


def _shape(outline: Outline, figures: AreaFigures, words: ChartWords) -> tuple[int, str]:
    point = figures.points.get(outline.area) or Point(label=outline.name, status="not_available")
    said = point.said or words.not_shown
    if not point.is_shown:
        inner = element("path", class_="bo qh", d=outline.path) + element(
            "path", class_="bo bh", d=outline.path, fill=f"url(#{HATCH_ID})"
        )
        return 0, _named(inner, f"{outline.name}: {said}")
    is_clear = point.verdict in CLEAR_VERDICTS
    class_ = f"bo q{figures.shades.of(point.estimate or 0.0)}{' x' if is_clear else ''}"
    path = element("path", class_=class_, d=outline.path)
    return int(is_clear), _named(path, f"{outline.name}: {said}")


def _named(content: str, label: str) -> str:
    return element("g", content, class_="p", role="img", aria_label=label)


def _outline_sign(outline: Outline, figures: AreaFigures) -> str:
    point = figures.points.get(outline.area)
    if point is None or not point.is_shown or point.verdict not in CLEAR_VERDICTS:
        return ""
    shade = figures.shades.of(point.estimate or 0.0)
    width = 2 * _OUTLINE_SIGN
    return _sign(point, outline.x - _OUTLINE_SIGN, outline.y, f"f{shade}", width)
