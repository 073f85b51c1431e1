"""Which of a measure's figures a page is about: the series, the periods, the groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from social_evidence.model.breakdown import ALL, UNKNOWN
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure

Cell = tuple[str, str, str, str]
"""Part, breakdown, group and statistic."""


def headline_cell(measure: Measure, part: str = "") -> Cell:
    """The cell a measure is known by, or the same cell of another part."""
    asked = measure.headline
    return (part or asked.part, asked.breakdown, asked.group, asked.statistic or measure.statistic)


def is_shown(row: Estimate) -> bool:
    """Say whether a row shows a figure."""
    return row.estimate is not None


def is_unknown(group: str) -> bool:
    """Say whether a group is, or holds, the people whose group is not known."""
    return UNKNOWN in group.split(" * ")


def cells(rows: Iterable[Estimate], cell: Cell) -> list[Estimate]:
    """Choose the rows of one cell, over all series and periods."""
    return [row for row in rows if (row.part, row.breakdown, row.group, row.statistic) == cell]


@dataclass(frozen=True, slots=True)
class Preference:
    """Which series stands for a measure where several have a figure.

    A series whose question differs in a major way from the one the measure is named for comes
    last; then the latest figure counts, then one with a range, then the shorter period.
    """

    major: frozenset[str]
    order: Mapping[str, int]

    @classmethod
    def of(cls, measure: Measure, catalogue: Catalogue) -> Preference:
        """Read the order of a measure's series and how far each compares."""
        major = {
            series.id
            for series in measure.series
            if (source := catalogue.sources.get(series.source)) is not None
            and (item := source.items.get(series.item)) is not None
            and item.compares is not None
            and item.compares.verdict == "major"
        }
        order = {series.id: at for at, series in enumerate(measure.series)}
        return cls(frozenset(major), order)

    def rank(self, row: Estimate) -> tuple[object, ...]:
        """Rank a row: the smallest is the one to show."""
        return (
            row.series in self.major,
            -row.period_end.toordinal(),
            row.lower is None,
            -row.period_start.toordinal(),
            self.order.get(row.series, len(self.order)),
        )

    def best(self, rows: Iterable[Estimate]) -> Estimate | None:
        """Choose the row to show of one cell; None where none has a figure."""
        return min((row for row in rows if is_shown(row)), key=self.rank, default=None)


def single_periods(rows: Sequence[Estimate]) -> list[Estimate]:
    """Leave out pools of periods that are there by themselves; rows in the order of their days."""
    kept = [
        row
        for row in rows
        if not any(
            other is not row
            and other.series == row.series
            and is_shown(other)
            and row.period_start <= other.period_start
            and other.period_end <= row.period_end
            and (row.period_start, row.period_end) != (other.period_start, other.period_end)
            for other in rows
        )
    ]
    return sorted(kept, key=lambda row: (row.period_start, row.period_end, row.series))


def chain(rows: Sequence[Estimate], best: Estimate, preference: Preference) -> list[list[Estimate]]:
    """Line up the series that follow each other in time, up to the one that is shown.

    Series that overlap in time, or differ in a major way, are not part of it: they would be two
    answers for one day.

    Args:
        rows: Rows of one cell and one area.
        best: The row the page is about; its series ends the chain.
        preference: How far each series compares.

    Returns:
        Runs of rows, one a series, oldest first. A break lies between two runs.
    """
    by_series: dict[str, list[Estimate]] = defaultdict(list)
    for row in rows:
        by_series[row.series].append(row)
    runs = [single_periods(run) for run in by_series.values()]
    runs = [run for run in runs if any(map(is_shown, run))]
    runs.sort(key=lambda run: (run[0].series != best.series, *preference.rank(run[-1])))
    kept: list[list[Estimate]] = []
    for run in runs:
        compares = (run[0].series in preference.major) == (best.series in preference.major)
        if compares and not any(_overlap(run, other) for other in kept):
            kept.append(run)
    return sorted(kept, key=lambda run: run[0].period_start)


def _overlap(one: Sequence[Estimate], other: Sequence[Estimate]) -> bool:
    begins, ends = other[0].period_start, other[-1].period_end
    return one[0].period_start <= ends and begins <= one[-1].period_end


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one breakdown, one series and one period, groups in the order people expect."""

    breakdown: str
    rows: tuple[Estimate, ...]

    @property
    def shown(self) -> int:
        """How many of them have a figure."""
        return sum(map(is_shown, self.rows))


def groups_tables(
    rows: Iterable[Estimate],
    cell: Cell,
    preference: Preference,
    order: Mapping[tuple[str, str], int],
    *,
    crossed: bool = False,
) -> list[Table]:
    """Choose for every single breakdown the series and period to show its groups of.

    Args:
        rows: Rows of one measure and area.
        cell: The measure's headline: its part and statistic are shown.
        preference: How far each series compares.
        order: (breakdown, group) -> its place.
        crossed: Whether to do so for crossings of breakdowns instead.

    Returns:
        One table a breakdown that has a figure.
    """
    part, _, _, statistic = cell
    found: dict[str, dict[tuple[str, str], list[Estimate]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        is_single = row.breakdown != ALL and ("*" in row.breakdown) == crossed
        is_asked = (row.part, row.statistic) == (part, statistic) and not is_unknown(row.group)
        if is_single and is_asked:
            found[row.breakdown][row.series, row.period].append(row)
    tables = []
    for breakdown, choices in sorted(found.items()):
        best = min(choices.values(), key=lambda chosen: _choice(chosen, preference))
        if any(map(is_shown, best)):
            ordered = sorted(best, key=lambda row: order.get((breakdown, row.group), len(order)))
            tables.append(Table(breakdown, tuple(ordered)))
    return tables


def _choice(rows: Sequence[Estimate], preference: Preference) -> tuple[object, ...]:
    """Prefer a comparable series, then a period most of whose groups are shown, then the latest."""
    shown = [row for row in rows if is_shown(row)]
    if not shown:
        return (2,)
    first = shown[0]
    return (
        0 if first.series not in preference.major else 1,
        2 * len(shown) < len(rows),
        *preference.rank(first),
    )


def borough_choices(
    by_area: Mapping[str, Sequence[Estimate]],
    city: Sequence[Estimate],
    cell: Cell,
    preference: Preference,
) -> list[dict[str, Estimate]]:
    """Choose one series and period in which most boroughs can be set side by side.

    Where the city has no figure of that series and period, nothing can be set against it: then
    the best choice that can be follows as a second one.

    Args:
        by_area: Code of a borough -> the measure's rows there.
        city: The measure's rows of the city.
        cell: The measure's headline.
        preference: How far each series compares.

    Returns:
        None to two choices, each code of a borough -> its row.
    """
    found: dict[tuple[str, str], dict[str, Estimate]] = defaultdict(dict)
    for code, rows in by_area.items():
        for row in cells(rows, cell):
            found[row.series, row.period][code] = row
    shown = {at: rows for at, rows in found.items() if any(map(is_shown, rows.values()))}
    half = len(by_area) / 2
    most = {at: rows for at, rows in shown.items() if sum(map(is_shown, rows.values())) > half}
    ranked = sorted(
        (most or shown).items(),
        key=lambda item: preference.rank(next(filter(is_shown, item[1].values()))),
    )
    there = {(row.series, row.period) for row in cells(city, cell) if is_shown(row)}
    choices = [rows for _, rows in ranked[:1]]
    if ranked and ranked[0][0] not in there:
        choices += [rows for at, rows in ranked if at in there][:1]
    return choices
