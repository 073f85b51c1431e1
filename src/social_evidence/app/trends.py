"""Recent trends of a release: whether the five latest independent points of a series go one way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from social_evidence.methods import trend
from social_evidence.methods.arrays import Bools, Floats
from social_evidence.model.estimate import HIDDEN, Estimate
from social_evidence.model.period import Period, parse

_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentTrend:
    """The latest points of one cell of one series, and which way they go.

    periods: those used, oldest first; fewer than five where there are no five. slope: change in a
    year, in the unit of the figures. verdict: `rising`, `falling`, `no_clear_trend` or
    `cannot_say`.
    """

    measure: str
    part: str
    series: str
    area: str
    breakdown: str
    group: str
    statistic: str
    periods: tuple[str, ...]
    slope: float | None
    p_value: float | None
    verdict: str


def recent_trends(rows: Iterable[Estimate]) -> list[RecentTrend]:
    """Find the recent trend of every cell of every series.

    Five points are used, the latest that share no day with each other; with fewer, nothing is
    said. Shares of counts are tested as shares, everything else by its standard errors. A line
    that turns round without one of its points is one year's and no trend. People who are in
    several waves of a panel make neighbouring points alike, which hides a trend rather than
    making one.

    Args:
        rows: Estimates of a release.

    Returns:
        One trend for each cell that shows a figure in some period, sorted by its address.
    """
    cells: dict[tuple[str, ...], list[tuple[Period, Estimate]]] = defaultdict(list)
    for row in rows:
        if row.status not in HIDDEN and row.estimate is not None:
            address = (
                *(row.measure, row.part, row.series),
                *(row.area, row.breakdown, row.group, row.statistic),
            )
            cells[address].append((parse(row.period), row))
    return [_trend(address, points) for address, points in sorted(cells.items())]


def apart(periods: Sequence[Period], count: int = trend.RECENT_POINTS) -> list[int]:
    """Choose the latest periods that share no day with each other.

    Args:
        periods: In any order.
        count: How many at most.

    Returns:
        Their places, oldest first.
    """
    chosen: list[int] = []
    for at in sorted(range(len(periods)), key=lambda at: periods[at], reverse=True):
        if len(chosen) < count and all(not periods[at].overlaps(periods[k]) for k in chosen):
            chosen.append(at)
    return chosen[::-1]


def _trend(address: tuple[str, ...], points: Sequence[tuple[Period, Estimate]]) -> RecentTrend:
    used = [points[at] for at in apart([period for period, _ in points])]
    time = np.array([(p.start.toordinal() + p.end.toordinal()) / 2 / _YEAR for p, _ in used])
    made, turns = _line([row for _, row in used], time)
    slope, p = float(made.slope), float(made.p_value)
    measure, part, series, area, breakdown, group, statistic = address
    return RecentTrend(
        measure=measure,
        part=part,
        series=series,
        area=area,
        breakdown=breakdown,
        group=group,
        statistic=statistic,
        periods=tuple(period.label for period, _ in used),
        slope=slope if np.isfinite(slope) else None,
        p_value=p if np.isfinite(p) else None,
        verdict=str(trend.trend_verdicts(made, turns=turns)),
    )


def _line(rows: Sequence[Estimate], time: Floats) -> tuple[trend.Trend, Bools]:
    """Lay a line through some points: by their counts where they are shares of counts."""
    value = np.array([row.estimate for row in rows], dtype=np.float64)
    if all(row.interval_method == "wilson" for row in rows):
        x = np.array([row.numerator for row in rows], dtype=np.float64)
        n = np.array([row.denominator for row in rows], dtype=np.float64)
        return trend.cochran_armitage(x, n, time), trend.turns_without_one(value, n, time)
    error = np.array([_error(row) for row in rows], dtype=np.float64)
    weight = 1.0 / np.where(error > 0, error, np.nan) ** 2
    turns = trend.turns_without_one(value, np.nan_to_num(weight), time)
    return trend.inverse_variance(value, error, time), turns


def _error(row: Estimate) -> float:
    """Give a row's standard error, or what its publisher's limits stand for; NaN is none."""
    if row.standard_error is not None:
        return row.standard_error
    if row.lower is None or row.upper is None or row.level is None:
        return float("nan")
    return float(trend.standard_error_from_limits(row.lower, row.upper, row.level))
