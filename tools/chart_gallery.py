"""Draw every kind of chart on one page, with made-up values, to look at.

    python tools/chart_gallery.py build/gallery

Writes `index.html`, and each chart as a file of its own. Take pictures of the page at several
widths, in light and dark, and look for cut or overlapping words before changing how charts draw.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from social_evidence.charts.alone import standalone
from social_evidence.charts.bars import bar_chart
from social_evidence.charts.cards import Card, social_card
from social_evidence.charts.dots import dot_plot
from social_evidence.charts.figure import figure, key_items
from social_evidence.charts.funnel import Funnel, FunnelLimits, funnel_plot
from social_evidence.charts.lines import line_chart
from social_evidence.charts.maps import area_finder, outline_map, tile_map
from social_evidence.charts.marks import hatch_defs
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
from social_evidence.charts.scales import NUMBERS, PEOPLE, POINTS, POUNDS, SHARES
from social_evidence.charts.sheet import RULES
from social_evidence.charts.slope import Slope, Slopes, slope_chart
from social_evidence.charts.strips import ALL, ruler, sparkline
from social_evidence.model.comparison import Verdict
from social_evidence.model.estimate import Status

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "social_evidence"
SHEET = PACKAGE / "site" / "static" / "site.css"
GEOGRAPHY = PACKAGE / "catalogues" / "london" / "geography"
MADE_UP = "Synthetic: made-up values, to look at the drawing."
WORDS = {
    "higher": "Higher",
    "lower": "Lower",
    "no_clear_difference": "Cannot tell",
    "cannot_say": "Cannot say",
}
LONDON = Reference(label="London", estimate=0.21, lower=0.19, upper=0.23, value="21%")


def share(
    label: str,
    figures: tuple[float, float, float] | None,
    verdict: Verdict | None = None,
    *,
    section: str = "",
    status: Status = "shown",
    **more: str,
) -> Point:
    """Make a share with its words."""
    if figures is None:
        return Point(label=label, status=status, section=section, **more)
    estimate, lower, upper = figures
    return Point(
        label=label,
        estimate=estimate,
        lower=lower,
        upper=upper,
        verdict=verdict,
        status=status,
        section=section,
        value=f"{estimate * 100:.0f}%",
        limits=f"({lower * 100:.0f} to {upper * 100:.0f})",
        word=WORDS.get(verdict or "", ""),
        **more,
    )


def groups() -> Chart:
    """Groups in sections, with every status."""
    clear, open_ = "higher", "no_clear_difference"
    counted = Point(
        label="Counted in full",
        estimate=0.17,
        method="administrative",
        verdict="lower",
        value="17%",
        limits="counted",
        word="Lower",
        section="Other marks",
    )
    points = (
        share("16 to 24", (0.31, 0.26, 0.36), clear, section="Age", href="#age"),
        share("25 to 34", (0.24, 0.20, 0.28), open_, section="Age"),
        share("65 to 74", (0.15, 0.11, 0.19), "lower", section="Age"),
        share("75 and over", (0.13, 0.09, 0.18), "lower", section="Age", status="low_base"),
        share("Disabled", (0.30, 0.28, 0.33), clear, section="Disability"),
        share("Not disabled", (0.19, 0.185, 0.195), "lower", section="Disability"),
        share(
            "Pakistani or Bangladeshi, and all other Asian groups not named elsewhere",
            (0.24, 0.18, 0.31),
            open_,
            section="Ethnic group",
        ),
        share(
            "Gypsy, Roma or Irish Traveller",
            None,
            section="Ethnic group",
            status="protected",
            word="Too few people to say",
        ),
        share("White Irish", None, section="Ethnic group", status="not_asked", word="Not asked"),
        counted,
        replace(counted, label="No range given", method="published", limits="no range given"),
        replace(
            share("Modelled", (0.26, 0.22, 0.30), clear, section="Other marks"), method="modelled"
        ),
        share(
            "Does not apply",
            None,
            section="Other marks",
            status="not_applicable",
            word="Does not apply",
        ),
    )
    return dot_plot(
        Rows(
            subject="No one to rely on by group, London 2025",
            axis=SHARES,
            points=points,
            reference=LONDON,
        )
    )


def money() -> Chart:
    """Long figures, a scale away from zero, nothing to compare with."""
    rows = [
        ("Women", 1240.0, 1180.0, 1310.0),
        ("Men", 1420.0, 1350.0, 1500.0),
        ("People who would rather not say which", 1300.0, 1010.0, 1660.0),
    ]
    points = tuple(
        Point(
            label=name,
            estimate=value,
            lower=low,
            upper=high,
            verdict="no_clear_difference",
            value=f"£{value:,.0f}",
            limits=f"(£{low:,.0f} to £{high:,.0f})",
            word="Cannot tell",
        )
        for name, value, low, high in rows
    )
    return dot_plot(Rows(subject="Median rent, London 2025", axis=POUNDS, points=points))


def run(name: str, years: Sequence[float], values: Sequence[float | None], **more: object) -> Run:
    """Make a series of shares, two points wide each side."""
    points = tuple(
        share(f"{year:g}", None, status="protected", word="Too few people to say")
        if value is None
        else share(f"{year:g}", (value, value - 0.02, value + 0.025))
        for year, value in zip(years, values, strict=True)
    )
    return Run(name=name, points=points, times=tuple(years), **more)  # type: ignore[arg-type]


def trend() -> Chart:
    """A break, a reference line, a gap and a hidden year."""
    past = run("London", [2011, 2013, 2015, 2017], [0.19, 0.21, 0.20, 0.22], role="past")
    now = run("London", [2019, 2021, 2023, 2025], [0.24, 0.27, 0.22, 0.21])
    rest = run("Rest of England", [2019, 2021, 2023, 2025], [0.17, 0.19, 0.17, 0.15])
    return line_chart(
        Lines(
            subject="No one to rely on, London, 2011 to 2025",
            axis=SHARES,
            runs=(past, now),
            references=(rest,),
            breaks=(SeriesBreak(time=2018, what="New question", since="from 2019"),),
        )
    )


def trend_of_many() -> Chart:
    """Three series, two breaks, a hidden year, a year alone."""
    years = [2004.0, 2005.0, 2006.0, 2008.0, 2009.0]
    old = run("Citizenship Survey", years, [0.31, 0.30, 0.29, 0.27, 0.26], role="past")
    middle = run(
        "Community Life", [2012.0, 2013.0, 2014.0, 2015.0], [0.33, 0.35, None, 0.34], role="past"
    )
    now = run(
        "Community Life, online",
        [2017.0, 2018.0, 2019.0, 2020.0, 2023.0, 2024.0],
        [0.41, 0.44, 0.43, 0.48, 0.40, 0.38],
    )
    return line_chart(
        Lines(
            subject="Neighbours trusted, London, 2004 to 2024",
            axis=SHARES,
            runs=(old, middle, now),
            breaks=(
                SeriesBreak(time=2010.5, what="Another survey", since="from 2012"),
                SeriesBreak(time=2016.0, what="Online and on paper", since="from 2017"),
            ),
        )
    )


def two_places() -> Chart:
    """Two boroughs in one chart."""
    years = [2019.0, 2020.0, 2021.0, 2022.0, 2023.0, 2024.0]
    return line_chart(
        Lines(
            subject="Neighbours trusted, Camden and Newham, 2019 to 2024",
            axis=SHARES,
            runs=(
                run("Camden", years, [0.61, 0.63, 0.62, 0.66, 0.64, 0.65]),
                run("Newham", years, [0.52, 0.50, 0.55, 0.53, 0.51, 0.54], role="other"),
            ),
        )
    )


def quarters() -> Chart:
    """Many points, no range, a scale of scores."""
    years = [2012 + n / 4 for n in range(48)]
    points = tuple(
        Point(
            label=f"{int(year)}",
            estimate=7.2 + 0.3 * math.sin(year),
            lower=7.1 + 0.3 * math.sin(year),
            upper=7.3 + 0.3 * math.sin(year),
            value=f"{7.2 + 0.3 * math.sin(year):.1f}",
            limits=f"({7.1 + 0.3 * math.sin(year):.1f} to {7.3 + 0.3 * math.sin(year):.1f})",
        )
        for year in years
    )
    series = Run(name="London", points=points, times=tuple(years))
    return line_chart(
        Lines(
            subject="Life satisfaction, London, 2012 to 2023",
            axis=NUMBERS,
            runs=(series,),
            height=200.0,
        )
    )


def tiles() -> Tiles:
    """The squares of London."""
    grid = json.loads((GEOGRAPHY / "grid.json").read_text(encoding="utf-8"))
    return Tiles(
        tiles=tuple(Tile(**square) for square in grid["tiles"]),
        river_below=grid["river_below"],
        river_from=grid["river_from"],
    )


def outlines() -> Outlines:
    """The outlines of London."""
    shapes = json.loads((GEOGRAPHY / "outlines.json").read_text(encoding="utf-8"))
    return Outlines(
        outlines=tuple(Outline(**shape) for shape in shapes["outlines"]),
        width=shapes["width"],
        height=shapes["height"],
    )


def boroughs() -> AreaFigures:
    """A figure for each borough but two."""
    points: dict[str, Point] = {}
    for place, tile in enumerate(tiles().tiles):
        value = 0.21 + 0.09 * math.sin(place * 1.7)
        half = 0.05 + 0.01 * (place % 3)
        verdict: Verdict = "no_clear_difference"
        if value - half > 0.21:
            verdict = "higher"
        elif value + half < 0.21:
            verdict = "lower"
        low, high = value - half, value + half
        points[tile.area] = replace(
            share(tile.name, (value, low, high), verdict, href="#t"),
            spoken=f"{low * 100:.0f} to {high * 100:.0f} per cent, {WORDS[verdict].lower()}",
        )
    few = share("City of London", None, status="protected", word="Too few people to say")
    points["E09000001"] = few
    gone = share("Sutton", None, status="not_available", word="Not available")
    points["E09000029"] = gone
    figures = {a: f"{(p.estimate or 0) * 100:.0f}" for a, p in points.items() if p.is_shown}
    return AreaFigures(
        subject="No one to rely on by borough, 2023 to 2025",
        axis=SHARES,
        points=points,
        figures=figures,
        shades=Shades(
            limits=(0.14, 0.18, 0.22, 0.26),
            words=("Under 14%", "14 to 17%", "18 to 21%", "22 to 25%", "26% or more"),
        ),
        reference=LONDON,
    )


def newham() -> tuple[Chart, ...]:
    """A borough against London: ranges that run off the scale, counts, hidden rows."""

    def away(label: str, distance: float, half: float, printed: str, verdict: Verdict) -> Point:
        return Point(
            label=label,
            estimate=distance,
            lower=distance - half,
            upper=distance + half,
            verdict=verdict,
            value=printed,
            limits="(18 to 30)",
            word=WORDS[verdict],
        )

    one = (
        away("All friends from the same ethnic group", -0.05, 0.06, "31%", "no_clear_difference"),
        away("Two-year-olds who take up free early education", 0.19, 0.05, "67%", "higher"),
        away("Off the scale altogether", -0.31, 0.05, "2%", "lower"),
        Point(
            label="Hate crimes recorded per 1,000 people",
            estimate=0.015,
            method="administrative",
            verdict="higher",
            value="2.9",
            limits="counted",
            word="Higher",
        ),
        Point(label="Member of an organisation", status="protected", word="Too few people to say"),
    )
    two = (
        away("Volunteered", 0.03, 0.07, "28%", "no_clear_difference"),
        Point(label="Has the vote", status="not_applicable", word="Does not apply"),
    )
    city = Reference(label="London", estimate=0.0)
    return profile(
        [
            Rows(
                subject="Newham against London: relationships, 5 measures",
                axis=POINTS,
                points=one,
                reference=city,
            ),
            Rows(
                subject="Newham against London: participation, 2 measures",
                axis=POINTS,
                points=two,
                reference=city,
            ),
        ]
    )


def parents() -> Pairs:
    """Answers before and after."""
    rows: list[tuple[str, float, float, Verdict, str, str, str]] = [
        ("All friends of a similar age", 0.38, 0.29, "lower", "Fewer", "−9 points", "(−15 to −3)"),
        (
            "All friends with a similar income",
            0.41,
            0.37,
            "no_clear_difference",
            "Cannot tell",
            "−4 points",
            "(−10 to +2)",
        ),
        (
            "Feels they belong in the neighbourhood they live in now",
            0.55,
            0.86,
            "higher",
            "More",
            "+31 points",
            "(+24 to +38)",
        ),
    ]
    return Pairs(
        subject="Answers of the same 338 parents before and after",
        axis=SHARES,
        pairs=tuple(
            Pair(
                label=label,
                before=share("", (before, before - 0.05, before + 0.06)),
                after=share("", (after, after - 0.05, after + 0.06)),
                verdict=verdict,
                word=word,
                change=change,
                change_limits=limits,
                reference=Reference(label="London parents", estimate=0.32, value="32%"),
            )
            for label, before, after, verdict, word, change, limits in rows
        ),
    )


def joined() -> Pairs:
    """Who took part."""
    rows = [("Women", 0.52, 0.88), ("Low household income", 0.31, 0.46), ("Disabled", 0.09, 0.11)]
    return Pairs(
        subject="Who took part, against Londoners with a child under five",
        axis=SHARES,
        names=("London", "Took part"),
        pairs=tuple(
            Pair(
                label=label,
                before=Point(label=label, estimate=all_, value=f"{all_:.0%}"),
                after=Point(
                    label=label, estimate=here, value=f"{here:.0%}", method="administrative"
                ),
            )
            for label, all_, here in rows
        ),
    )


def answered() -> Chart:
    """Numbers of people."""
    rows = [
        ("joined a funded project", 640),
        ("answered before they took part", 521),
        ("answered before and after", 338),
    ]
    points = tuple(
        Point(label=label, estimate=float(n), value=str(n), method="administrative")
        for label, n in rows
    )
    hidden = Point(label="asked to be left out", status="protected", word="Too few people to say")
    return bar_chart(
        Rows(subject="How many people answered", axis=PEOPLE, points=(*points, hidden))
    )


def rates() -> Chart:
    """Rates with a range."""
    rows = [("Camden", 2.4, 2.1, 2.8), ("Newham", 3.4, 3.1, 3.8), ("Sutton", 0.7, 0.5, 1.0)]
    points = tuple(
        Point(
            label=label,
            estimate=rate,
            lower=low,
            upper=high,
            value=f"{rate}",
            limits=f"({low} to {high})",
        )
        for label, rate, low, high in rows
    )
    return bar_chart(Rows(subject="Hate crimes per 1,000 people", axis=NUMBERS, points=points))


def ages() -> Chart:
    """Small multiples."""
    years = [2019.0, 2021.0, 2023.0, 2025.0]
    levels = [
        ("16 to 24", 0.31),
        ("25 to 34", 0.24),
        ("35 to 44", 0.19),
        ("45 to 54", 0.20),
        ("55 and over, or would rather not say", 0.15),
    ]
    city = run("London", years, [0.24, 0.27, 0.22, 0.21])
    return small_multiples(
        "No one to rely on by age, London 2019 to 2025",
        tuple(
            Panel(
                title=label,
                lines=Lines(
                    subject=f"No one to rely on, aged {label}, 2019 to 2025",
                    axis=SHARES,
                    runs=(run(label, years, [v + 0.02, v + 0.04, v - 0.01, v]),),
                    references=(city,),
                ),
                verdict="No clear change since 2023",
            )
            for label, v in levels
        ),
    )


def changes() -> Chart:
    """Slopes."""
    rows: list[tuple[str, float, float, Verdict, str]] = [
        ("Disabled people", 0.34, 0.29, "lower", "Fell"),
        ("People who are not disabled", 0.21, 0.19, "no_clear_difference", "Cannot tell"),
        ("Women", 0.23, 0.20, "no_clear_difference", "Cannot tell"),
        ("Men", 0.24, 0.23, "no_clear_difference", "Cannot tell"),
        ("People in social housing", 0.26, 0.33, "higher", "Rose"),
    ]
    slopes = tuple(
        Slope(
            label=label,
            first=share(label, (a, a - 0.03, a + 0.03)),
            last=share(label, (b, b - 0.03, b + 0.03)),
            verdict=verdict,
            word=word,
        )
        for label, a, b, verdict, word in rows
    )
    gone = Slope(
        label="Gypsy, Roma or Irish Traveller",
        first=share("", None, status="protected", word="Too few people to say"),
        last=share("", None, status="protected", word="Too few people to say"),
    )
    return slope_chart(
        Slopes(
            subject="No one to rely on by group, London 2021 and 2025",
            names=("2021", "2025"),
            slopes=(*slopes, gone),
        )
    )


def registered() -> Chart:
    """A funnel of 33 areas."""
    sizes = [8000.0 + 9500.0 * place for place in range(33)]
    points: list[Point] = []
    for place, (tile, size) in enumerate(zip(tiles().tiles, sizes, strict=True)):
        value = 0.85 + 0.9 * math.sin(place * 2.3) / math.sqrt(size)
        value += 0.012 if place in {5, 17} else -0.015 if place == 29 else 0.0
        out = place in {5, 17, 29}
        verdict: Verdict = "no_clear_difference"
        if out:
            verdict = "lower" if place == 29 else "higher"
        points.append(
            Point(
                label=tile.name,
                estimate=value,
                method="administrative",
                verdict=verdict,
                value=f"{value:.1%}",
                limits="counted",
                word=WORDS[verdict],
                href="#t",
            )
        )
    grid = [2000.0 + 3200.0 * n for n in range(100)]
    limits = tuple(
        FunnelLimits(
            sizes=tuple(grid),
            lower=tuple(0.85 - z * math.sqrt(0.85 * 0.15 / n) for n in grid),
            upper=tuple(0.85 + z * math.sqrt(0.85 * 0.15 / n) for n in grid),
        )
        for z in (1.96, 3.09)
    )
    return funnel_plot(
        Funnel(
            subject="Registered to vote by borough, 2024",
            axis=SHARES,
            points=tuple(points),
            sizes=tuple(sizes),
            centre=Reference(label="London", estimate=0.85, value="85.0%"),
            limits=limits,
        )
    )


def ranks() -> Chart:
    """Ranks of a dozen areas."""
    points = tuple(
        Point(
            label=tile.name,
            estimate=float(place + 1),
            lower=float(max(1, place - 5)),
            upper=float(min(33, place + 8)),
            value=str(place + 1),
            limits=f"({max(1, place - 5)} to {min(33, place + 8)})",
        )
        for place, tile in enumerate(tiles().tiles)
    )
    return rank_chart(Rows(subject="Ranks of boroughs", axis=PEOPLE, points=points))


def strips() -> str:
    """A ruler and little bars."""
    point = share("London", (0.21, 0.19, 0.23))
    high = share("London", (0.93, 0.91, 0.95))
    rest = Reference(label="Rest of England", estimate=0.15, value="15%")
    bars = "".join(
        sparkline(item, reference=LONDON)
        for item in (
            point,
            share("x", None, status="not_asked", word="Not asked"),
            Point(label="x", estimate=0.8, method="administrative"),
        )
    )
    return ruler(point, SHARES, reference=rest) + ruler(high, SHARES, reference=rest) + bars


def charts() -> dict[str, Chart]:
    """All charts by name."""
    places = boroughs()
    return {
        "groups": groups(),
        "money": money(),
        "trend": trend(),
        "trend-of-many": trend_of_many(),
        "two-places": two_places(),
        "quarters": quarters(),
        "tile-map": tile_map(tiles(), places),
        "outline-map": outline_map(outlines(), places),
        "profile-1": newham()[0],
        "profile-2": newham()[1],
        "dumbbell": dumbbell(parents()),
        "took-part": took_part(joined()),
        "bars": answered(),
        "rates": rates(),
        "multiples": ages(),
        "slope": changes(),
        "funnel": registered(),
        "ranks": ranks(),
    }


def tokens() -> dict[str, str]:
    """The light palette of the site's style sheet."""
    sheet = SHEET.read_text(encoding="utf-8")
    first = sheet[sheet.index(":root") :]
    return dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", first[: first.index("}")]))


def page(drawn: dict[str, Chart]) -> str:
    """Put all figures on one page."""
    shades = boroughs().shades
    figures = "".join(
        f'<section class="sec"><header><h2>{name}</h2></header><div class="body">'
        + figure(chart, f"{name}", notes=(MADE_UP,), reference="London", shades=shades)
        + "</div></section>"
        for name, chart in drawn.items()
    )
    finder = area_finder(tiles(), {"E09000007": "#camden"}, "The 33 boroughs. Choose one.")
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Charts</title><style>{SHEET.read_text(encoding='utf-8')}\n{RULES}</style></head>"
        f'<body><main class="sheet">{hatch_defs()}<h1>Charts</h1>{figures}'
        f'<figure>{strips()}</figure><figure class="finder">{finder}</figure></main></body></html>'
    )


def main(folder: Path) -> None:
    """Write the page and the files."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = charts()
    (folder / "index.html").write_text(page(drawn), encoding="utf-8")
    shades = boroughs().shades
    for name, chart in drawn.items():
        file = standalone(
            chart,
            tokens(),
            title=name.capitalize(),
            lines=(MADE_UP,),
            key=key_items(chart.key, reference="London", shades=shades),
            source=("Made up.",),
        )
        (folder / f"{name}.svg").write_text(file, encoding="utf-8")
    card = Card(
        site="Social evidence, London",
        title="No one to rely on",
        sentence="About 1 in 5 Londoners have no one to rely on a lot if they have a serious "
        "problem: 21%, very likely between 19% and 23%.",
        note=MADE_UP,
        point=share("London", (0.21, 0.19, 0.23)),
        axis=SHARES,
        ends=ALL,
        reference=Reference(label="Rest of England", estimate=0.15, value="15%"),
    )
    (folder / "card.svg").write_text(social_card(card, tokens()), encoding="utf-8")
    print(f"{len(drawn)} charts in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/gallery"))
