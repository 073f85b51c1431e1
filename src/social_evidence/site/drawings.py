"""The charts of pages: which figures go into which drawing, and what its caption says."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from social_evidence.charts.dots import dot_plot
from social_evidence.charts.lines import line_chart
from social_evidence.charts.maps import area_finder, outline_map, tile_map
from social_evidence.charts.pairs import Pair, Pairs, dumbbell
from social_evidence.charts.points import (
    AreaFigures,
    FixedEnds,
    Lines,
    Point,
    Reference,
    Rows,
    Run,
    SeriesBreak,
    Shades,
)
from social_evidence.charts.profile import TWENTY_POINTS, profile
from social_evidence.charts.rowscale import scale_of
from social_evidence.charts.scales import NUMBERS, POINTS, SHARES, Axis
from social_evidence.charts.strips import pair_strip, ruler, sparkline
from social_evidence.charts.words import ENGLISH
from social_evidence.site.addresses import relative
from social_evidence.site.content import Geography
from social_evidence.site.drawn import Drawing, Drawn
from social_evidence.site.figures import Told, Verdict
from social_evidence.site.measure_model import Block, BoroughFigure, GroupFigure, MeasureModel
from social_evidence.site.points import middle, point
from social_evidence.site.standing import DomainStandings, Standing
from social_evidence.wording.findings import listed
from social_evidence.wording.numbers import percent
from social_evidence.wording.periods import span_words
from social_evidence.wording.spoken import when

_FEWEST: Final = 2
_MOST_ROWS: Final = 20
_UNITS: Final = {
    "share": "Per cent.",
    "per_1000": "Per 1,000.",
    "score": "Average.",
    "pounds": "Pounds.",
    "people": "People.",
    "count": "Number.",
}
_OF_GAPS: Final = replace(
    ENGLISH,
    before="The group set against",
    after="The other group",
    key_after_clear="{after}, clearly different",
)
_GAPS: Final = Axis(factor=100.0)
"""Points behind the reference group: a minus alone tells which side of none a gap lies."""
_RANGES: Final = "The bar is the likely range (95% interval); the dot is the best estimate."
_NO_GAP: Final = Reference(label="No gap", estimate=0.0)
_RATE_FACTOR: Final = 0.05
_RATES: Final = "Rates per 1,000 and scores are drawn five times as wide."
_ON_DAYS: Final = replace(
    ENGLISH,
    first_last="{name}: {first_printed} on {first}, {last_printed} on {last}.",
    only_one="{name}: {last_printed} on {last}.",
)
"""What is counted on a day is told of that day."""
_BAND: Final = "The band is the likely range (95% interval)."


def markup(text: str) -> Markup:
    """Mark a chart's own text as markup: `charts` escapes every word it is given."""
    return Markup(text)  # noqa: S704 - charts escape every word they are given


def axis_of(told: Told) -> Axis:
    """Choose the axis of a figure's unit."""
    row = told.row
    if row.unit == "share":
        return _GAPS if row.statistic == "difference" else SHARES
    return Axis(before="£") if row.unit == "pounds" else NUMBERS


def unit_note(told: Told) -> str:
    """Say what a chart counts in."""
    if told.row.statistic == "difference" and told.row.unit == "share":
        return "Percentage points behind the reference group."
    return _UNITS.get(told.row.unit, "")


def trend(model: MeasureModel, city: str, mark: str, *, height: float = 330.0) -> Drawing:
    """Draw the city over time; nothing where there are too few figures for a line.

    Args:
        model: The measure's page.
        city: The city's name.
        mark: What opens each caption, such as that figures are made up.
        height: In px.
    """
    shown = [line for block in model.trend for line in block.lines if line.told.is_shown]
    if len(shown) < _FEWEST:
        return Drawing()
    last = model.trend[-1]
    runs = [_run(block, "now" if block is last else "past") for block in model.trend]
    span = span_words(shown[0].told.row.period, shown[-1].told.row.period)
    subject = f"{model.caption}, {city}, {span}"
    lines = Lines(
        subject=subject,
        axis=axis_of(shown[-1].told),
        runs=tuple(runs),
        breaks=tuple(_breaks(model.trend)),
        height=height,
    )
    has_band = any(line.told.row.lower is not None for line in shown)
    notes = (mark, unit_note(shown[-1].told), _BAND if has_band else "")
    is_of_days = all(when(line.told.row.period).startswith("on ") for line in shown)
    drawn = line_chart(lines, _ON_DAYS if is_of_days else ENGLISH)
    return Drawing.of(drawn, subject, notes=notes, reference=city)


def gaps(model: MeasureModel, city: str, mark: str) -> Drawing:
    """Draw both rates behind each gap, joined by the gap; nothing for a measure without one."""
    pairs = tuple(
        Pair(
            label=pair.heading,
            before=point(pair.reference.label, pair.reference.told),
            after=point(pair.group.label, pair.group.told),
            verdict=pair.verdict.code if pair.verdict else None,
            word=pair.verdict.word if pair.verdict else "",
            change=pair.gap.value if pair.gap.is_shown else "",
            change_limits=pair.gap.label.removeprefix(pair.gap.value).strip(),
        )
        for pair in model.gap
    )
    if not pairs:
        return Drawing()
    subject = f"{model.caption}: both rates, {city}, {model.period}"
    drawn = dumbbell(Pairs(subject=subject, axis=SHARES, pairs=pairs), _OF_GAPS)
    tested = "The gap has a test of its own, so it can be clear where the bars overlap."
    bar = "The bar is the likely range (95% interval)."
    notes = tuple(filter(None, (mark, "Per cent.", bar, tested)))
    return Drawing((Drawn(chart=drawn, title=subject, notes=notes, words=_OF_GAPS),))


def headline_ruler(model: MeasureModel, city: str) -> Markup:
    """Draw a headline share on a scale from none to all; nothing for what is no share."""
    told = model.headline
    if told is None or not _is_share(told):
        return markup("")
    return markup(ruler(point(city, told), SHARES))


def bars(standings: Sequence[Standing]) -> Mapping[str, Markup]:
    """Draw a little bar for each share of a list, from none to all, by the path of its measure."""
    return {
        one.path: markup(sparkline(point(one.title, one.told)))
        for one in standings
        if one.told is not None and _is_share(one.told)
    }


def beside(one: Told, other: Told | None, verdict: Verdict | None) -> Markup:
    """Draw two shares as little bars, one above the other; nothing for what does not fit.

    They are filled only where the release says that they differ.
    """
    if other is None or not (_fits(one) and _fits(other)):
        return markup("")
    first, second = (_open(point("", told, verdict)) for told in (one, other))
    return markup(pair_strip(first, second))


def _fits(told: Told) -> bool:
    """Whether a share lies between none and all with its range; one count over another may not."""
    row = told.row
    values = (row.estimate, row.lower, row.upper)
    return _is_share(told) and all(0.0 <= value <= 1.0 for value in values if value is not None)


def _is_share(told: Told) -> bool:
    row = told.row
    return told.is_shown and row.unit == "share" and row.statistic != "difference"


def _run(block: Block, role: str) -> Run:
    points = tuple(point(line.label, line.told) for line in block.lines)
    times = tuple(
        middle(line.told.row.period_start, line.told.row.period_end) for line in block.lines
    )
    name = block.heading
    return Run(name=name, points=points, times=times, role="now" if role == "now" else "past")


def _breaks(blocks: Sequence[Block]) -> list[SeriesBreak]:
    found = []
    for before, after in itertools.pairwise(blocks):
        ends, begins = before.lines[-1].told.row, after.lines[0].told.row
        time = (
            middle(ends.period_start, ends.period_end)
            + middle(begins.period_start, begins.period_end)
        ) / 2
        is_same = ends.source == begins.source
        what = "New series" if is_same else "New source"
        label = after.lines[0].label
        found.append(SeriesBreak(time=time, what=what, since=f"from {label}"))
    return found


def groups(shown: GroupFigure, title: str, city: str, mark: str) -> Drawing:
    """Draw the groups of every breakdown, each with its range, around everybody's figure.

    Many groups are drawn in several figures on one scale: twenty rows are as many as an eye holds
    together, and as a sheet of paper does.
    """
    drawn = [line.told for block in shown.blocks for line in block.lines if line.told.is_shown]
    if len(drawn) < _FEWEST:
        return Drawing()
    parts = _parted(shown.blocks)
    every = Rows(
        subject="",
        axis=axis_of(drawn[0]),
        points=_group_points(shown.blocks),
        reference=_NO_GAP if shown.is_gap else reference(shown.everybody, city),
    )
    scale = scale_of(every, 0.0, 100.0)
    ends = FixedEnds(low=scale.low, high=scale.high, ticks=scale.ticks)
    notes = (mark, unit_note(drawn[0]), _RANGES)
    name = "the reference group" if shown.is_gap else city
    found = Drawing()
    for blocks in parts:
        kinds = [block.heading[:1].lower() + block.heading[1:] for block in blocks]
        by = "group" if len(parts) == 1 else listed(kinds)
        subject = f"{title}, by {by}, {city}, {shown.period}"
        rows = replace(every, subject=subject)
        if len(parts) > 1:
            rows = replace(rows, points=_group_points(blocks), scale=ends)
        found += Drawing.of(dot_plot(rows), subject, notes=notes, reference=name)
    return found


def _group_points(blocks: Sequence[Block]) -> tuple[Point, ...]:
    points = tuple(
        point(line.label, line.told, line.verdict, section=block.heading)
        for block in blocks
        for line in block.lines
    )
    return tuple(map(_open, points)) if any(one.verdict for one in points) else points


def _parted(blocks: Sequence[Block]) -> Sequence[Sequence[Block]]:
    """Part breakdowns into runs of at most twenty groups or so, as long as each other."""
    total = sum(len(block.lines) for block in blocks)
    fair = total / -(-total // _MOST_ROWS)
    parts: list[list[Block]] = [[]]
    rows = 0
    for block in blocks:
        if parts[-1] and rows + len(block.lines) / 2 > fair * len(parts):
            parts.append([])
        parts[-1].append(block)
        rows += len(block.lines)
    return parts


def _open(drawn: Point) -> Point:
    """Leave a figure open that nobody has compared: a filled one would claim a difference."""
    return drawn if drawn.verdict else replace(drawn, verdict="cannot_say")


def reference(told: Told | None, name: str) -> Reference | None:
    """Make the line that figures are set against; None where there is no figure."""
    if told is None or told.row.estimate is None:
        return None
    row = told.row
    return Reference(
        label=name,
        estimate=told.row.estimate,
        lower=row.lower,
        upper=row.upper,
        value=told.value,
    )


def boroughs(
    shown: BoroughFigure,
    model: MeasureModel,
    city: str,
    mark: str,
    geography: Geography | None,
    classes: Shades,
) -> Drawing:
    """Draw the boroughs as squares, then by their outlines; nothing without a map."""
    lines = {line.code: line for line in shown.block.lines}
    drawn = [line.told for line in lines.values() if line.told.is_shown]
    if geography is None or not drawn or not set(lines) & set(geography.areas):
        return Drawing()
    title = f"{model.caption}, by borough, {shown.period}"
    figures = AreaFigures(
        subject=title,
        axis=axis_of(drawn[0]),
        points={
            code: point(line.label, line.told, line.verdict, href=relative(model.path, line.path))
            for code, line in lines.items()
        },
        figures={code: _in_square(line.told) for code, line in lines.items() if line.told.is_shown},
        shades=classes,
        reference=reference(shown.city, city),
    )
    squares = "One square for each borough, placed roughly where it lies."
    notes = (mark, unit_note(drawn[0]), squares)
    first = Drawing.of(
        tile_map(geography.tiles, figures),
        title,
        notes=notes,
        reference=city if shown.city else "",
        shades=classes,
    )
    # A second map of outlines on one page would weigh as much as all the rest of the section.
    if geography.outlines is None or shown is not model.boroughs[0]:
        return first
    unlinked = replace(
        figures, points={code: replace(one, href="") for code, one in figures.points.items()}
    )
    second = Drawing.of(
        outline_map(geography.outlines, unlinked),
        "The same figures on the map",
        notes=(
            "Shades as in the key above.",
            "Large boroughs look more important here than they are: area is not people.",
        ),
        reference=city if shown.city else "",
        shades=classes,
        description=(),
        has_key=False,
        full_title=f"{title}, on the map",
    )
    return first + second


def _in_square(told: Told) -> str:
    """Write a figure so short that it fits a square: without its unit, shares whole."""
    row = told.row
    if row.unit == "share" and row.statistic != "difference" and row.estimate is not None:
        return percent(row.estimate).rsplit(" ", 1)[-1].removesuffix("%")
    return told.value.split(" ")[0]


def finder(geography: Geography | None, links: Mapping[str, str], label: str) -> Markup:
    """Draw the squares as links, to find a borough; the empty text without a map."""
    if geography is None or not set(links) & set(geography.areas):
        return markup("")
    return markup(area_finder(geography.tiles, links, label))


def profiles(
    domains: Sequence[DomainStandings], place: str, city: str, mark: str
) -> Mapping[str, Drawing]:
    """Draw how far a place lies from the city, a chart a domain, all on one scale."""
    charts: dict[str, Rows] = {}
    for domain in domains:
        points = tuple(_distance(one) for one in domain.standings)
        if sum(one.is_shown for one in points) >= _FEWEST:
            charts[domain.domain] = Rows(
                subject=f"{place} against {city}: {domain.name.lower()}",
                axis=POINTS,
                points=points,
                reference=Reference(label=city, estimate=0.0),
                scale=TWENTY_POINTS,
            )
    drawn = profile(tuple(charts.values())) if charts else ()
    notes = (mark, f"Distance from the figure of {city}, in percentage points.", _RATES)
    return {
        domain: Drawing.of(chart, charts[domain].subject, notes=notes, reference=city)
        for domain, chart in zip(charts, drawn, strict=True)
    }


def _distance(one: Standing) -> Point:
    """Move a figure to its distance from the city's; the range moves with it."""
    told = one.told
    if told is None:
        return Point(label=one.label, status="not_available", word=one.absent)
    factor = 1.0 if told.row.unit == "share" else _RATE_FACTOR
    label = f"{one.label} (another question)" if one.note else one.label
    drawn = point(label, told, one.verdict)
    other = one.other.row.estimate if one.other else None
    if not drawn.is_shown:
        return drawn
    drawn = _open(drawn)
    if other is None or drawn.estimate is None:
        return replace(
            drawn,
            estimate=None,
            lower=None,
            upper=None,
            status="not_available",
            word=f"{drawn.value} {drawn.limits}".strip(),
        )
    return replace(
        drawn,
        estimate=(drawn.estimate - other) * factor,
        lower=None if drawn.lower is None else (drawn.lower - other) * factor,
        upper=None if drawn.upper is None else (drawn.upper - other) * factor,
    )
