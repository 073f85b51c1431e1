"""Figures their publishers printed, with ours beside them: one function for builds and `verify`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from social_evidence.model.area import AreaTree
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure, PublishedFigure
from social_evidence.model.period import parse
from social_evidence.model.provenance import Lost, PublishedCheck, Verdict
from social_evidence.model.source import EVERY_WAVE

SeriesKey = tuple[str, str, str]
"""Measure, part and series."""

_SLACK: Final = 1e-9
_LISTED: Final = 3
_STATUS_WORDS: Final[Mapping[str, str]] = {
    "protected": "too few people answered for it to be published",
    "not_asked": "the source did not ask for it",
    "not_available": "it is not available",
    "not_applicable": "it does not apply",
}


@dataclass(frozen=True, slots=True)
class Published:
    """What a release publishes, as far as printed figures are looked up in it.

    rows: at least those of the periods of the printed figures. periods: every period of every
    series. lost: what the build had to do without.
    """

    rows: Mapping[tuple[str, ...], Estimate]
    periods: Mapping[SeriesKey, Collection[str]]
    lost: Sequence[Lost] = field(default=())

    @classmethod
    def of(cls, rows: Iterable[Estimate], lost: Sequence[Lost] = ()) -> Published:
        """Look through all rows of a release."""
        found = {row.key: row for row in rows if row.population == "residents"}
        periods: dict[SeriesKey, set[str]] = {}
        for row in found.values():
            periods.setdefault((row.measure, row.part, row.series), set()).add(row.period)
        return cls(found, periods, lost)


def published_checks(
    measures: Iterable[Measure], areas: AreaTree, release: Published
) -> Iterator[PublishedCheck]:
    """Set every figure a measure says was printed beside ours, as it is published.

    A check is published too, so it may hold nothing that a row does not show.

    Args:
        measures: Each with the figures to verify.
        areas: Say which areas a spread is over.
        release: What is published.
    """
    for measure in measures:
        for printed in measure.published:
            yield _check(measure, printed, areas, release)


def _check(
    measure: Measure, printed: PublishedFigure, areas: AreaTree, release: Published
) -> PublishedCheck:
    rows = _rows(measure, printed, areas, release)
    shown = [row for row in rows if row.estimate is not None]
    ours = lower = upper = None
    if printed.spread and len(shown) > 1:
        estimates = [row.estimate for row in shown if row.estimate is not None]
        ours = max(estimates) - min(estimates)
    elif shown and not printed.spread:
        ours, lower, upper = shown[0].estimate, shown[0].lower, shown[0].upper
    return PublishedCheck(
        measure=measure.id,
        part=printed.part,
        series=rows[0].series if rows else printed.series,
        period=printed.period,
        area=printed.area,
        breakdown=printed.breakdown,
        group=printed.group,
        statistic=printed.statistic or measure.statistic,
        unit=measure.unit,
        published=printed.estimate,
        tolerance=printed.tolerance,
        ours=ours,
        reference=printed.reference,
        verdict=_verdict(printed, ours, lower, upper),
        spread=printed.spread,
        text=printed.text,
        lower=lower,
        upper=upper,
        why=_why(measure, printed, rows, release) if ours is None else "",
        synthetic=any("synthetic" in row.flags.split(";") for row in rows),
    )


def _rows(
    measure: Measure, printed: PublishedFigure, areas: AreaTree, release: Published
) -> list[Estimate]:
    """Find our row, or the row of every area of a spread, in the first series that has any."""
    codes = spread_over(printed, areas)
    for series in _series(measure, printed):
        keys = [_key(measure, printed, series, printed.period, code) for code in codes]
        if found := [release.rows[key] for key in keys if key in release.rows]:
            return found
    return []


def spread_over(printed: PublishedFigure, areas: AreaTree) -> list[str]:
    """List the areas a printed figure needs: its own, or all of a kind within it for a spread."""
    if not printed.spread:
        return [printed.area]
    return [
        code
        for code, area in areas.areas.items()
        if area.kind == printed.spread and printed.area in areas.ancestors(code)
    ]


def _key(
    measure: Measure, printed: PublishedFigure, series: str, period: str, area: str
) -> tuple[str, ...]:
    statistic = printed.statistic or measure.statistic
    place = (period, area, printed.breakdown, printed.group, statistic)
    return ("residents", measure.id, printed.part, series, *place)


def _series(measure: Measure, printed: PublishedFigure) -> list[str]:
    """List the series a figure may be of."""
    if printed.series:
        return [printed.series]
    return [series.id for series in measure.series if series.part == printed.part]


def _verdict(
    printed: PublishedFigure, ours: float | None, lower: float | None, upper: float | None
) -> Verdict:
    if ours is None:
        return "not_in_release"
    # Halves of a printed digit are no exact doubles, so a hair more than the tolerance is within.
    reach = printed.tolerance + _SLACK
    if abs(ours - printed.estimate) <= reach:
        return "within_rounding"
    if lower is not None and upper is not None:
        is_inside = lower - reach <= printed.estimate <= upper + reach
        return "within_interval" if is_inside else "differs"
    return "differs"


def _why(
    measure: Measure, printed: PublishedFigure, rows: Sequence[Estimate], release: Published
) -> str:
    """Say why there is no figure of ours."""
    if missing := _missing(measure, printed, rows, release):
        return missing
    if rows:
        return _STATUS_WORDS.get(rows[0].status, "it has no figure")
    keys = [(measure.id, printed.part, series) for series in _series(measure, printed)]
    periods = {period for key in keys for period in release.periods.get(key, ())}
    if not periods:
        return "its source was not built"
    if printed.period not in periods:
        return f"the period was not built: there is {_around(printed.period, periods)}"
    instead = {
        period
        for key in keys
        for period in release.periods.get(key, ())
        if _key(measure, printed, key[2], period, printed.area) in release.rows
    }
    if instead:
        return f"it is published for other periods instead: {_listed(instead)}"
    return "it is not published for this area, breakdown or group"


def _missing(
    measure: Measure, printed: PublishedFigure, rows: Sequence[Estimate], release: Published
) -> str:
    """Name the files that were missing: those of the very period first, then of any."""
    if rows and rows[0].status != "not_available":
        return ""
    lost = [
        one
        for one in release.lost
        if measure.id in one.measures and (not rows or rows[0].source == one.source)
    ]
    for fits in (_is_of, _is_within, _is_of_any):
        if found := [one for one in lost if fits(one, printed.period)]:
            files = list(dict.fromkeys(one.file for one in found))
            more = f" and {len(files) - 1} more" if len(files) > 1 else ""
            verb = "were" if more else "was"
            return f"{files[0]}{more} of source {found[0].source} {verb} missing when it was built"
    return ""


def _is_of(lost: Lost, period: str) -> bool:
    return lost.wave == period


def _is_within(lost: Lost, period: str) -> bool:
    if lost.wave in {"", EVERY_WAVE}:
        return False
    wave, whole = parse(lost.wave), parse(period)
    return whole.start <= wave.start and wave.end <= whole.end


def _is_of_any(lost: Lost, _period: str) -> bool:
    return lost.wave in {"", EVERY_WAVE}


def _listed(periods: Collection[str]) -> str:
    """List some periods in order of time, first and last ones."""
    ordered = [period.label for period in sorted(map(parse, periods))]
    if len(ordered) <= _LISTED:
        return ", ".join(ordered)
    return f"{ordered[0]} to {ordered[-1]}"


def _around(missing: str, periods: Collection[str]) -> str:
    """List some periods, and where one is missing between the first and last, those beside it."""
    wanted = parse(missing)
    ordered = sorted(map(parse, periods))
    before = [period.label for period in ordered if period < wanted]
    after = [period.label for period in ordered if period > wanted]
    if len(ordered) > _LISTED and before and after:
        return f"{before[-1]} before it and {after[0]} after it"
    return _listed(periods)
