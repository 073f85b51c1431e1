"""One chart of every kind, made up, and a reader of what was drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

import pytest

from social_evidence.charts.bars import bar_chart
from social_evidence.charts.dots import dot_plot
from social_evidence.charts.funnel import Funnel, FunnelLimits, funnel_plot
from social_evidence.charts.lettering import text_width
from social_evidence.charts.lines import line_chart
from social_evidence.charts.maps import outline_map, tile_map
from social_evidence.charts.multiples import Panel, small_multiples
from social_evidence.charts.pairs import Pair, Pairs, dumbbell, took_part
from social_evidence.charts.points import (
    AreaFigures,
    Chart,
    Lines,
    Outline,
    Outlines,
    Point,
    Reference,
    Rows,
    Run,
    SeriesBreak,
    Shades,
    Tile,
    Tiles,
)
from social_evidence.charts.profile import profile
from social_evidence.charts.ranks import rank_chart
from social_evidence.charts.scales import NUMBERS, PEOPLE, POINTS, SHARES
from social_evidence.charts.slope import Slope, Slopes, slope_chart

LONDON = Reference(label="London", estimate=0.21, lower=0.19, upper=0.23, value="21%")
WORDS = {"higher": "Higher", "lower": "Lower", "no_clear_difference": "Cannot tell"}


def share(label: str, estimate: float, half: float = 0.05, verdict: str | None = None) -> Point:
    low, high = max(estimate - half, 0.0), min(estimate + half, 1.0)
    return Point(
        label=label,
        estimate=estimate,
        lower=low,
        upper=high,
        verdict=verdict,
        value=f"{estimate * 100:.0f}%",
        limits=f"({low * 100:.0f} to {high * 100:.0f})",
        word=WORDS.get(verdict or "", ""),
    )


def hidden(label: str, status: str = "protected", word: str = "Too few people to say") -> Point:
    return Point(label=label, status=status, word=word)


def every_status() -> tuple[Point, ...]:
    return (
        replace(share("16 to 24", 0.31, verdict="higher"), section="Age", href="groups/young.html"),
        replace(share("25 to 34", 0.24, verdict="no_clear_difference"), section="Age"),
        replace(share("75 and over", 0.13, verdict="lower"), section="Age", status="low_base"),
        replace(share("Wide", 0.5, 0.2, "higher"), section="Other", reliability="D"),
        replace(share("Modelled", 0.3, verdict="higher"), section="Other", method="modelled"),
        Point(
            label="Counted",
            estimate=0.17,
            method="administrative",
            verdict="lower",
            value="17%",
            limits="counted",
            word="Lower",
            section="Other",
        ),
        Point(label="Printed", estimate=0.2, method="published", value="20%", section="Other"),
        replace(hidden("Few"), section="Other"),
        replace(hidden("Not asked", "not_asked", "Not asked"), section="Other"),
        replace(hidden("Gone", "not_available", "Not available"), section="Other"),
        replace(hidden("Senseless", "not_applicable", "Does not apply"), section="Other"),
    )


def a_run(name: str, years: list[float], values: list[float | None], role: str = "now") -> Run:
    points = tuple(
        hidden(f"{year:g}") if value is None else share(f"{year:g}", value, 0.02)
        for year, value in zip(years, values, strict=True)
    )
    return Run(name=name, points=points, times=tuple(years), role=role)


def trend() -> Lines:
    return Lines(
        subject="No one to rely on, London, 2011 to 2025",
        axis=SHARES,
        runs=(
            a_run("London", [2011, 2013, 2015, 2017], [0.19, 0.21, None, 0.22], "past"),
            a_run("London", [2019, 2021, 2023, 2025], [0.24, 0.27, 0.22, 0.21]),
        ),
        references=(a_run("Rest of England", [2019, 2021, 2023, 2025], [0.17, 0.19, 0.17, 0.15]),),
        breaks=(SeriesBreak(time=2018.0, what="New question", since="from 2019"),),
    )


def some_tiles() -> Tiles:
    return Tiles(
        tiles=(
            Tile(area="E3", code="SWR", name="Southwark", column=1, row=2),
            Tile(area="E2", code="TOW", name="Tower Hamlets", column=2, row=1),
            Tile(area="E1", code="CTY", name="City of London", column=1, row=1),
            Tile(area="E4", code="LSH", name="Lewisham", column=2, row=2),
        ),
        river_below=1,
        river_from=1,
    )


def area_figures() -> AreaFigures:
    points = {
        "E1": hidden("City of London"),
        "E2": replace(share("Tower Hamlets", 0.30, verdict="higher"), href="areas/th/index.html"),
        "E3": share("Southwark", 0.12, verdict="lower"),
    }
    return AreaFigures(
        subject="No one to rely on by borough, 2025",
        axis=SHARES,
        points=points,
        figures={"E2": "30", "E3": "12"},
        shades=Shades(limits=(0.14, 0.26), words=("Under 14%", "14 to 25%", "26% or more")),
        reference=LONDON,
    )


def some_outlines() -> Outlines:
    return Outlines(
        outlines=tuple(
            Outline(area=f"E{n}", name=f"Area {n}", path=f"M{n} 0l9 0 0 9z", x=3 + n, y=3)
            for n in range(1, 5)
        ),
        width=640,
        height=493,
    )


def some_pairs() -> Pairs:
    return Pairs(
        subject="Answers of 338 parents before and after",
        axis=SHARES,
        pairs=(
            Pair(
                label="All friends of a similar age",
                before=share("", 0.38),
                after=share("", 0.29),
                verdict="lower",
                word="Fewer",
                change="−9 points",
                change_limits="(−15 to −3)",
                reference=LONDON,
            ),
            Pair(
                label="Feels they belong in the place they live in, most of the time, or always",
                before=share("", 0.9),
                after=share("", 0.93),
                verdict="no_clear_difference",
                word="Cannot tell",
                change="+3 points",
            ),
            Pair(label="Hidden", before=share("", 0.3), after=hidden("")),
        ),
    )


def a_funnel() -> Funnel:
    sizes = (9000.0, 40000.0, 90000.0, 200000.0)
    verdicts = (None, "higher", "no_clear_difference", "lower")
    values = (0.86, 0.9, 0.85, 0.8)
    points = tuple(
        replace(share(f"Area {n}", v, verdict=w), lower=None, upper=None)
        for n, (v, w) in enumerate(zip(values, verdicts, strict=True))
    )
    return Funnel(
        subject="Registered to vote, 2024",
        axis=SHARES,
        points=(*points, hidden("City of London")),
        sizes=(*sizes, 8000.0),
        centre=Reference(label="London", estimate=0.85, value="85%"),
        limits=tuple(
            FunnelLimits(
                sizes=sizes,
                lower=tuple(0.85 - width / size**0.5 for size in sizes),
                upper=tuple(0.85 + width / size**0.5 for size in sizes),
            )
            for width in (0.7, 1.1)
        ),
    )


def all_charts() -> dict[str, Chart]:
    rows = Rows(subject="Groups, 2025", axis=SHARES, points=every_status(), reference=LONDON)
    city = Reference(label="London", estimate=0.0)
    away = tuple(
        replace(point, estimate=distance, lower=distance - 0.06, upper=distance + 0.06)
        for point, distance in zip(every_status()[:4], (0.05, -0.18, 0.3, 0.0), strict=True)
    )
    counts = tuple(
        Point(label=f"step {n}", estimate=n * 100.0, value=f"{n * 100}", method="administrative")
        for n in (3, 2, 1)
    )
    years = [2019.0, 2021.0, 2023.0]
    return {
        "dots": dot_plot(rows),
        "lines": line_chart(trend()),
        "tiles": tile_map(some_tiles(), area_figures()),
        "outlines": outline_map(some_outlines(), area_figures()),
        "profile": profile(
            [
                Rows(
                    subject="Newham: relationships",
                    axis=POINTS,
                    points=(*away, *every_status()[7:]),
                    reference=city,
                )
            ]
        )[0],
        "dumbbell": dumbbell(some_pairs()),
        "took_part": took_part(replace(some_pairs(), names=("London", "Took part"))),
        "counts": bar_chart(Rows(subject="How many", axis=PEOPLE, points=(*counts, hidden("x")))),
        "rates": bar_chart(Rows(subject="Rates", axis=NUMBERS, points=(share("Camden", 0.4),))),
        "multiples": small_multiples(
            "By age, 2019 to 2023",
            tuple(
                Panel(
                    title=name,
                    lines=Lines(
                        subject=f"Aged {name}",
                        axis=SHARES,
                        runs=(a_run(name, years, [level, level, level]),),
                    ),
                    verdict="No clear change",
                )
                for name, level in (("16 to 24", 0.3), ("25 and over", 0.2))
            ),
        ),
        "slope": slope_chart(
            Slopes(
                subject="By group, 2021 and 2025",
                names=("2021", "2025"),
                slopes=(
                    Slope(
                        label="Women",
                        first=share("", 0.3),
                        last=share("", 0.2),
                        verdict="lower",
                        word="Fell",
                    ),
                    Slope(
                        label="Men",
                        first=share("", 0.3),
                        last=share("", 0.29),
                        verdict="no_clear_difference",
                        word="Cannot tell",
                    ),
                    Slope(label="Others", first=hidden(""), last=hidden("")),
                ),
            )
        ),
        "funnel": funnel_plot(a_funnel()),
        "ranks": rank_chart(
            Rows(
                subject="Ranks",
                axis=PEOPLE,
                points=tuple(
                    Point(
                        label=f"Place {n}",
                        estimate=float(n),
                        lower=float(max(1, n - 4)),
                        upper=float(min(12, n + 4)),
                        value=str(n),
                        limits="(range)",
                    )
                    for n in range(1, 13)
                ),
            )
        ),
    }


@dataclass(frozen=True)
class Words:
    """A line of text that was drawn, and the room it may take."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    classes: frozenset[str]

    def meets(self, other: Words) -> bool:
        return (
            self.left < other.right - 0.01
            and other.left < self.right - 0.01
            and self.top < other.bottom
            and other.top < self.bottom
        )


def _length(value: str, width: float) -> float:
    return float(value[:-1]) / 100.0 * width if value.endswith("%") else float(value)


def words_of(svg: str, width: float) -> list[Words]:
    """List the lines of text of a fluid drawing at a width, with the room each may take."""
    return list(_words(ET.fromstring(svg), width, 0.0, 0.0))


def _words(element: ET.Element, width: float, dx: float, dy: float) -> Iterator[Words]:
    for child in element:
        if child.tag == "svg":
            inner = _length(child.get("width", "100%"), width)
            x, y = _length(child.get("x", "0"), width), float(child.get("y", "0"))
            yield from _words(child, inner, dx + x, dy + y)
        elif child.tag == "text":
            yield _line(child, width, dx, dy)
        else:
            yield from _words(child, width, dx, dy)


def _line(element: ET.Element, width: float, dx: float, dy: float) -> Words:
    classes = frozenset((element.get("class") or "").split())
    size = 17.0 if "big" in classes else 13.0 if "tk" in classes else 14.0
    length = text_width(element.text or "", size=size, bold="b" in classes)
    for span in element:
        length += text_width(span.text or "", size=size, bold=span.get("class") == "b")
        length += text_width(span.tail or "", size=size)
    x = _length(element.get("x", "0"), width) + float(element.get("dx", "0")) + dx
    left = x - length if "e" in classes else x - length / 2 if "c" in classes else x
    y = float(element.get("y", "0")) + dy
    return Words(
        "".join(element.itertext()), left, left + length, y - 0.72 * size, y + 0.2 * size, classes
    )


def forms_of(chart: Chart) -> list[tuple[str, float]]:
    """Split a chart into its drawings, each with the least width it is made for."""
    parts = re.findall(r'<svg class="ch.*?</svg>(?=<svg class="ch|</li>|<p>|$)', chart.svg)
    return [(part, 672.0 if 'class="ch wide"' in part else 272.0) for part in parts]


@pytest.fixture(scope="session")
def charts() -> dict[str, Chart]:
    return all_charts()


@pytest.fixture(scope="session")
def charts_again() -> dict[str, Chart]:
    return all_charts()


@pytest.fixture(scope="session")
def read_words() -> Callable[[str, float], list[Words]]:
    return words_of


@pytest.fixture(scope="session")
def read_forms() -> Callable[[Chart], list[tuple[str, float]]]:
    return forms_of
