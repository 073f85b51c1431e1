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
from social_evidence.charts.dots import dot_plot
from social_evidence.charts.figure import figure
from social_evidence.charts.lines import line_chart
from social_evidence.charts.maps import area_finder, outline_map, tile_map
from social_evidence.charts.marks import hatch_defs
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
from social_evidence.charts.scales import NUMBERS, POUNDS, SHARES
from social_evidence.charts.sheet import RULES
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
        f'<figure class="finder">{finder}</figure></main></body></html>'
    )


def main(folder: Path) -> None:
    """Write the page and the files."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = charts()
    (folder / "index.html").write_text(page(drawn), encoding="utf-8")
    for name, chart in drawn.items():
        file = standalone(
            chart, tokens(), title=name.capitalize(), lines=(MADE_UP,), source=("Made up.",)
        )
        (folder / f"{name}.svg").write_text(file, encoding="utf-8")
    print(f"{len(drawn)} charts in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/gallery"))
