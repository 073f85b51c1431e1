"""A measure's boroughs and chance: how far up or down each could stand, and who lies beyond chance.

Any figures can be put in order. The page shows how little of the order is more than chance: ranks
with their ranges, and a funnel by how many were asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from social_evidence.charts.funnel import Funnel, FunnelLimits, funnel_plot
from social_evidence.charts.points import Point, Reference, Rows
from social_evidence.charts.ranks import rank_chart
from social_evidence.charts.scales import PEOPLE
from social_evidence.methods.funnel import ALARM_LEVEL, WARNING_LEVEL, normal_limits
from social_evidence.methods.ranks import Ranks, ranks
from social_evidence.model.comparison import Verdict
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.site.addresses import area_path, measure_path
from social_evidence.site.choices import Choices
from social_evidence.site.drawings import axis_of, reference, unit_note
from social_evidence.site.drawn import Drawing
from social_evidence.site.figures import Told, limits_words
from social_evidence.site.headline import measure_title
from social_evidence.site.points import point
from social_evidence.site.render import Page
from social_evidence.site.standing import parts_of

_FEWEST: Final = 8
"""Fewer places need no picture of their order."""
_SEED: Final = 2021
_CURVE: Final = 60
"""Places at which the limits of a funnel are worked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadLine:
    """One borough: its figure, its place among the others and where it could be, by chance.

    worth: People asked, as many as in a simple random sample. chance: figures that 99.8% of
    samples of that size would give if the borough were like the city; is_outside: whether its
    figure is none of them. Both are empty where there is no funnel.
    """

    name: str
    path: str
    told: Told
    rank: int
    first: int
    last: int
    worth: str = ""
    chance: str = ""
    is_outside: bool = False


def spread_path(measure: str, part: str = "") -> str:
    """Address of the page on a measure's boroughs and chance."""
    return measure_path(measure, part).replace("index.html", "boroughs/index.html")


def spread_pages(choices: Choices) -> Iterable[Page]:
    """Make the page of every measure whose boroughs have ranges."""
    for measure in choices.measures:
        for part in parts_of(measure):
            rows = ranked_rows(choices, measure, part)
            if rows:
                yield _page(choices, measure, part, rows)


def ranked_rows(choices: Choices, measure: Measure, part: str) -> Mapping[str, Estimate]:
    """Choose the boroughs that can be ranked: of one survey and period, each with its error.

    The series that the city has a figure of is taken where there is one. A count in full has no
    error of this kind, and its order is what it is.
    """
    for choice in reversed(choices.boroughs(measure, part)):
        kept = {
            code: row
            for code, row in choice.items()
            if row.estimate is not None and row.standard_error and row.method == "survey"
        }
        if len(kept) >= _FEWEST:
            return kept
    return {}


def _page(choices: Choices, measure: Measure, part: str, rows: Mapping[str, Estimate]) -> Page:
    site = choices.site
    path = spread_path(measure.id, part)
    first = next(iter(rows.values()))
    found = ranks(
        np.array([row.estimate for row in rows.values()], dtype=np.float64),
        np.array([row.standard_error for row in rows.values()], dtype=np.float64) ** 2,
        seed=_SEED,
    )
    lines = _lines(choices, rows, found, path)
    title = measure_title(site, measure, part)
    caption = f"{title}, by borough, {site.names.periods.get(first.period, first.period)}"
    funnel, lines = _funnel(choices, rows, lines, caption)
    ordered = sorted(lines, key=lambda line: (line.rank, line.name))
    return Page(
        path=path,
        template="spread.html",
        title=f"{title}: boroughs and chance",
        summary=finding(lines),
        section="Measures",
        has_charts=True,
        says={
            "title": title,
            "measure_path": measure_path(measure.id, part),
            "finding": finding(lines),
            "source": site.names.series.get((measure.id, first.series), first.series),
            "note": choices.series_note(measure, first.series),
            "caption": caption,
            "lines": sorted(lines, key=lambda line: line.name),
            "rank_chart": _ranks(ordered, caption, site.mark),
            "funnel": funnel,
            "outside": [line.name for line in ordered if line.is_outside],
        },
    )


def _lines(
    choices: Choices, rows: Mapping[str, Estimate], found: Ranks, path: str
) -> list[SpreadLine]:
    return [
        SpreadLine(
            name=choices.site.names.areas.get(code, code),
            path=area_path(choices.site.names.areas.get(code, code)),
            told=choices.told(row, path),
            rank=int(found.rank[at]),
            first=int(found.lower[at]),
            last=int(found.upper[at]),
        )
        for at, (code, row) in enumerate(rows.items())
    ]


def finding(lines: Sequence[SpreadLine]) -> str:
    """Say in sentences how much of the order is more than chance."""
    count = len(lines)
    either = sum(_could_be_either(line, count) for line in lines)
    top = sum(line.first == 1 for line in lines)
    return (
        f"{either} of {count} boroughs could stand in the upper or the lower half of the order. "
        f"{top} could have the highest figure of all."
    )


def _could_be_either(line: SpreadLine, count: int) -> bool:
    """Whether a place could stand in the upper or the lower half of an order of so many."""
    return line.first <= (count + 1) / 2 <= line.last


def _ranks(lines: Sequence[SpreadLine], caption: str, mark: str) -> Drawing:
    points = tuple(
        replace(
            point(line.name, line.told),
            estimate=float(line.rank),
            lower=float(line.first),
            upper=float(line.last),
            status="shown",
            reliability=None,
            value=f"{line.rank}",
            limits=f"({line.first} to {line.last})",
            verdict="no_clear_difference" if _could_be_either(line, len(lines)) else None,
        )
        for line in lines
    )
    subject = f"{caption}: place in the order, 1 for the highest figure"
    lowest = sum(line.last == len(lines) for line in lines)
    highest = sum(line.first == 1 for line in lines)
    told = (f"{highest} boroughs could have the highest figure, {lowest} the lowest.",)
    notes = (mark, "The bar holds the places a borough could have by chance alone, 95% of them.")
    return Drawing.of(
        rank_chart(
            Rows(
                subject=subject,
                axis=PEOPLE,
                points=points,
                reference=Reference(label="Middle", estimate=(len(lines) + 1) / 2),
            )
        ),
        subject,
        notes=notes,
        reference="the middle",
        description=told,
    )


def _funnel(
    choices: Choices, rows: Mapping[str, Estimate], lines: Sequence[SpreadLine], caption: str
) -> tuple[Drawing, list[SpreadLine]]:
    """Draw shares by how many were asked, and add to each line what chance alone would give."""
    first = next(iter(rows.values()))
    city = choices.city_beside(first)
    is_fit = (
        first.unit == "share"
        and first.statistic == "proportion"
        and city is not None
        and city.estimate is not None
        and city.period == first.period
        and all(row.effective_base for row in rows.values())
    )
    if not is_fit or city is None or city.estimate is None:
        return Drawing(), list(lines)
    sizes = [float(row.effective_base or 0.0) for row in rows.values()]
    low, high = normal_limits(city.estimate, sizes, ALARM_LEVEL)
    told = [
        _beyond(line, row, (float(low[at]), float(high[at])))
        for at, (line, row) in enumerate(zip(lines, rows.values(), strict=True))
    ]
    centre = reference(choices.told(city, ""), choices.site.city.name)
    if centre is None:
        return Drawing(), list(lines)
    funnel = Funnel(
        subject=f"{caption}, by how many were asked",
        axis=axis_of(told[0].told),
        points=tuple(
            Point(
                label=line.name,
                estimate=row.estimate,
                value=line.told.value,
                limits=f"({line.told.range})",
                verdict=_side(line, row, city),
            )
            for line, row in zip(told, rows.values(), strict=True)
        ),
        sizes=tuple(sizes),
        centre=centre,
        limits=tuple(_curve(city.estimate, sizes, level) for level in (WARNING_LEVEL, ALARM_LEVEL)),
        size_axis=PEOPLE,
    )
    notes = (
        choices.site.mark,
        unit_note(told[0].told),
        "Across: people asked, as many as in a simple random sample.",
    )
    drawn = Drawing.of(funnel_plot(funnel), funnel.subject, notes=notes, reference=centre.label)
    return drawn, told


def _beyond(line: SpreadLine, row: Estimate, limits: tuple[float, float]) -> SpreadLine:
    low, high = max(limits[0], 0.0), min(limits[1], 1.0)
    estimate = row.estimate or 0.0
    return replace(
        line,
        worth=f"{round(row.effective_base or 0):,}",
        chance=limits_words(low, high),
        is_outside=not limits[0] <= estimate <= limits[1],
    )


def _side(line: SpreadLine, row: Estimate, city: Estimate) -> Verdict:
    if not line.is_outside:
        return "no_clear_difference"
    return "higher" if (row.estimate or 0.0) > (city.estimate or 0.0) else "lower"


def _curve(share: float, sizes: Sequence[float], level: float) -> FunnelLimits:
    places = np.linspace(max(min(sizes) * 0.6, 5.0), max(sizes) * 1.08, _CURVE)
    low, high = normal_limits(share, places, level)
    return FunnelLimits(
        sizes=tuple(map(float, places)),
        lower=tuple(map(float, np.clip(low, 0.0, 1.0))),
        upper=tuple(map(float, np.clip(high, 0.0, 1.0))),
    )
