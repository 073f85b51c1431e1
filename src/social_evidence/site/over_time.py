"""A measure's groups over time: few groups at two moments as slopes, else small multiples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from social_evidence.charts.multiples import Panel, small_multiples
from social_evidence.charts.points import Lines, Run
from social_evidence.charts.slope import Slope, Slopes, slope_chart
from social_evidence.model.breakdown import ALL
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.site.addresses import measure_path
from social_evidence.site.choices import Choices
from social_evidence.site.drawings import axis_of, unit_note
from social_evidence.site.drawn import Drawing
from social_evidence.site.figures import Verdict, verdict_of
from social_evidence.site.headline import measure_title
from social_evidence.site.measure_model import Block, Line
from social_evidence.site.points import middle, point
from social_evidence.site.render import Page
from social_evidence.site.select import groups_tables, headline_cell, is_shown, single_periods
from social_evidence.site.standing import parts_of
from social_evidence.wording.periods import period_words, since_words, span_words

_MOST: Final = 9
_FEWEST: Final = 2
_MOST_SLOPES: Final = 3
"""More slopes with their ranges in one drawing cross each other until none can be followed."""
_BAND: Final = "The band is the likely range (95% interval); the dashed line is {city}."
_ENDS: Final = "Each end has its likely range (95% interval)."
_CHANGED: Final = {
    "higher": "{} than in {}",
    "lower": "{} than in {}",
    "no_clear_difference": "{} whether it has changed since {}",
}
_SAME: Final = "{} as in {}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRun:
    """One group over time, and the release's verdict on its latest change."""

    name: str
    rows: tuple[Estimate, ...]
    verdict: Verdict | None
    since: str

    @property
    def told(self) -> str:
        """The verdict in a line; empty where nothing was compared."""
        if self.verdict is None or self.verdict.code not in _CHANGED:
            return ""
        template = _SAME if self.verdict.is_same else _CHANGED[self.verdict.code]
        said = template.format(self.verdict.word, self.since)
        return f"{said} (counted)" if self.verdict.is_counted else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The groups of one breakdown over time: heading, drawing, and the table's blocks."""

    heading: str
    chart: Drawing
    blocks: tuple[Block, ...]
    finding: str


def over_time_path(measure: str, part: str = "") -> str:
    """Address of the page on a measure's groups over time."""
    return measure_path(measure, part).replace("index.html", "groups/index.html")


def over_time_pages(choices: Choices) -> Iterable[Page]:
    """Make the page of every measure that groups have figures of at two moments or more."""
    for measure in choices.measures:
        for part in parts_of(measure):
            kinds = kinds_of(choices, measure, part)
            if kinds:
                yield _page(choices, measure, part, kinds)


def _page(choices: Choices, measure: Measure, part: str, kinds: Sequence[Kind]) -> Page:
    title = measure_title(choices.site, measure, part)
    return Page(
        path=over_time_path(measure.id, part),
        template="over_time.html",
        title=f"{title}: groups over time",
        summary=f"{title}, group by group over time.",
        section="Measures",
        has_charts=True,
        says={
            "title": title,
            "measure_path": measure_path(measure.id, part),
            "kinds": kinds,
            "is_gap": headline_cell(measure, part)[3] == "difference",
        },
    )


def kinds_of(choices: Choices, measure: Measure, part: str) -> tuple[Kind, ...]:
    """Draw the groups of every breakdown that has figures at two moments of one series."""
    return tuple(
        _kind(choices, measure, part, breakdown, runs)
        for breakdown, runs in runs_of(choices, measure, part)
    )


def runs_of(
    choices: Choices, measure: Measure, part: str
) -> Sequence[tuple[str, Sequence[GroupRun]]]:
    """Read each breakdown whose groups have figures at two moments of one series."""
    site, cell = choices.site, headline_cell(measure, part)
    order = {pair: at for at, pair in enumerate(site.names.groups)}
    rows = site.figures.of_measure(measure.id, site.city.code)
    found = []
    for table in groups_tables(rows, cell, choices.preference(measure), order):
        series = next(row.series for row in table.rows if is_shown(row))
        runs = [
            run for row in table.rows if (run := _run_of(choices, measure, row, series)) is not None
        ]
        if _FEWEST <= len(runs) <= _MOST:
            found.append((table.breakdown, runs))
    return found


def _run_of(choices: Choices, measure: Measure, row: Estimate, series: str) -> GroupRun | None:
    site = choices.site
    cell = (row.part, row.breakdown, row.group, row.statistic)
    own = site.figures.of_cell(measure.id, site.city.code, cell)
    rows = single_periods([one for one in own if one.series == series])
    shown = [one for one in rows if is_shown(one)]
    if len(shown) < _FEWEST:
        return None
    changes = site.figures.changes_of(shown[-1])[:1]
    return GroupRun(
        name=site.names.groups.get((row.breakdown, row.group), row.group),
        rows=tuple(rows),
        verdict=verdict_of(changes[0], measure.unit) if changes else None,
        since=since_words(changes[0].period_from) if changes else "",
    )


def _kind(
    choices: Choices, measure: Measure, part: str, breakdown: str, runs: Sequence[GroupRun]
) -> Kind:
    site = choices.site
    path = over_time_path(measure.id, part)
    periods = {row.period: None for run in runs for row in run.rows if is_shown(row)}
    first = next(row for run in runs for row in run.rows if is_shown(row))
    last = next(row for run in runs for row in reversed(run.rows) if is_shown(row))
    name = site.names.breakdowns.get(breakdown, breakdown)
    span = span_words(first.period, last.period)
    title = measure_title(site, measure, part)
    subject = f"{title}, by {name[:1].lower()}{name[1:]}, {site.city.name}, {span}"
    are_few = len(periods) == _FEWEST and len(runs) <= _MOST_SLOPES
    draw = _slopes if are_few else _multiples
    return Kind(
        heading=name,
        chart=draw(choices, subject, runs, path),
        blocks=tuple(
            Block(
                heading=run.name,
                lines=tuple(
                    Line(label=_when(row), told=choices.told(row, path)) for row in run.rows
                ),
            )
            for run in runs
        ),
        finding=_finding(runs),
    )


def _when(row: Estimate) -> str:
    return period_words(row.period, short=True)


def _finding(runs: Sequence[GroupRun]) -> str:
    """Say which groups have clearly moved since the period before, and for how many none can."""
    counted: Mapping[str, list[str]] = {
        code: [run.name for run in runs if run.verdict and run.verdict.code == code]
        for code in _CHANGED
    }
    told = [
        f"Clearly {code}: {', '.join(f'“{name}”' for name in counted[code])}."
        for code in ("higher", "lower")
        if counted[code]
    ]
    unclear = len(counted["no_clear_difference"])
    if unclear:
        noun = "group" if unclear == 1 else "groups"
        told.append(f"For {unclear} {noun} we cannot tell whether anything has changed.")
    return " ".join(told)


def _lines_of(choices: Choices, rows: Sequence[Estimate], name: str, path: str) -> Run:
    return Run(
        name=name,
        points=tuple(point(_when(row), choices.told(row, path)) for row in rows),
        times=tuple(middle(row.period_start, row.period_end) for row in rows),
    )


def _multiples(choices: Choices, subject: str, runs: Sequence[GroupRun], path: str) -> Drawing:
    site = choices.site
    first = next(row for run in runs for row in run.rows if is_shown(row))
    axis = axis_of(choices.told(first, path))
    everybody = _everybody(choices, runs, first)
    whole = (_lines_of(choices, everybody, site.city.name, path),) if everybody else ()
    panels = tuple(
        Panel(
            title=run.name,
            lines=Lines(
                subject=f"{run.name}: {subject}",
                axis=axis,
                runs=(_lines_of(choices, run.rows, run.name, path),),
                references=whole,
            ),
            verdict=run.told,
        )
        for run in runs
    )
    band = _BAND if whole else _BAND.partition(";")[0] + "."
    notes = (site.mark, unit_note(choices.told(first, path)), band.format(city=site.city.name))
    return Drawing.of(
        small_multiples(subject, panels), subject, notes=notes, reference=site.city.name
    )


def _everybody(choices: Choices, runs: Sequence[GroupRun], first: Estimate) -> Sequence[Estimate]:
    """The city as a whole at the moments that groups have: a line to see each group against."""
    if first.statistic == "difference":
        return ()
    periods = {row.period for run in runs for row in run.rows}
    rows = choices.site.figures.of_cell(
        first.measure, first.area, (first.part, ALL, ALL, first.statistic)
    )
    kept = [
        row
        for row in rows
        if row.series == first.series and row.period in periods and is_shown(row)
    ]
    return single_periods(kept) if len(kept) >= _FEWEST else ()


def _slopes(choices: Choices, subject: str, runs: Sequence[GroupRun], path: str) -> Drawing:
    ends = [[row for row in run.rows if is_shown(row)] for run in runs]
    first, last = ends[0][0], ends[0][-1]
    slopes = tuple(
        Slope(
            label=run.name,
            first=point(_when(own[0]), choices.told(own[0], path)),
            last=point(_when(own[-1]), choices.told(own[-1], path)),
            verdict=run.verdict.code if run.verdict else "cannot_say",
            word=run.verdict.word if run.verdict else "",
        )
        for run, own in zip(runs, ends, strict=True)
    )
    chart = slope_chart(Slopes(subject=subject, names=(_when(first), _when(last)), slopes=slopes))
    notes = (choices.site.mark, unit_note(choices.told(first, path)), _ENDS)
    return Drawing.of(chart, subject, notes=notes, reference=choices.site.city.name)
