"""Figures at full precision, and how they become rows: judged, graded, rounded once."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from social_evidence.app.grid import is_unknown
from social_evidence.disclosure.primary import (
    JUDGED,
    CellSize,
    PrimaryRule,
    joint_status,
    primary_status,
)
from social_evidence.disclosure.rounding import round_figures
from social_evidence.errors import DefinitionError, DisclosureError
from social_evidence.methods.reliability import reliability
from social_evidence.model.breakdown import ALL
from social_evidence.model.estimate import HIDDEN, Estimate, Status
from social_evidence.model.measure import Measure, Series
from social_evidence.model.period import Period
from social_evidence.model.publication import ReliabilityRule
from social_evidence.model.source import Source

Place = tuple[str, str, str, str]
"""Period label, area, breakdown and group: where a figure of one series stands."""


Judged = tuple[Sequence["Figure"], Mapping[Place, Status]]
"""Figures of series that share people, all with a base, and the statuses of places by size."""
Joint = Callable[[Sequence[Judged]], Sequence[Collection[Place]]]
"""Table by table: what is judged by size -> places to hide."""

_SUMS_OF_MONEY = frozenset({"mean", "total", "ratio", "count"})
_NEAR = 0.8  # bases so close that one series' counts are hints on another's


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers of one figure, unrounded; None is none.

    units: distinct disclosure units, where they are not the respondents. part: respondents in the
    numerator, where a source asks for so many. size: what a cell that has no base is judged by:
    the smaller of its two counts.
    """

    estimate: float | None = None
    standard_error: float | None = None
    lower: float | None = None
    upper: float | None = None
    level: float | None = None
    interval_method: str = "none"
    degrees_of_freedom: float | None = None
    design_effect: float | None = None
    effective_base: float | None = None
    base: int | None = None
    units: int | None = None
    part: int | None = None
    size: int | None = None
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One cell of one series before it is judged, graded and rounded.

    made_of: for a difference, the places of the two cells whose status it shares.
    """

    measure: Measure
    series: Series
    source: Source
    period: Period
    area: str
    breakdown: str
    group: str
    statistic: str
    numbers: Numbers = field(default_factory=Numbers)
    status: Status = "shown"
    method: str = "survey"
    variance_basis: str = "none"
    flags: frozenset[str] = frozenset()
    made_of: tuple[Place, ...] = ()

    @property
    def place(self) -> Place:
        """Where it stands in its series."""
        return (self.period.label, self.area, self.breakdown, self.group)

    @property
    def counts(self) -> tuple[int, ...]:
        """The counts it rests on: those that are published first, then those that follow.

        A survey's base, and the respondents in and outside the numerator where a source protects
        them; of a counted figure its numerator, its denominator and what lies between.
        """
        numbers = self.numbers
        if numbers.base is not None:
            inside = () if numbers.part is None else (numbers.part, numbers.base - numbers.part)
            return (numbers.base, *inside)
        top = numbers.estimate if self.statistic == "count" else numbers.numerator
        if self.method != "administrative" or top is None or self.status not in JUDGED:
            return ()
        if numbers.denominator is None:
            return (round(top),)
        bottom = round(numbers.denominator)
        within = self.series.numerator_within_denominator
        return (round(top), bottom, *((bottom - round(top),) if within else ()))


def known(value: float) -> float | None:
    """Turn NaN and infinity, which are impossible values, into none."""
    return float(value) if math.isfinite(value) else None


def areas_flags(source: Source, area: str) -> frozenset[str]:
    """Give the flags a source states for an area, and `synthetic` where it is invented."""
    stated = source.areas.flags.get(area, ())
    return frozenset(stated) | ({"synthetic"} if source.synthetic else set())


def to_estimates(
    figures: Sequence[Figure],
    joint: Joint | None = None,
    *,
    zeros: bool = False,
    grades: ReliabilityRule | None = None,
) -> list[Estimate]:
    """Judge, grade and round figures, and sort them by their key.

    Args:
        figures: All figures of the build.
        joint: Says what else to hide, so that no hidden count can be worked out; nothing by
            default.
        zeros: Whether a cell with nobody in it is shown as such.
        grades: By which limits figures are graded; the usual ones by default.

    Returns:
        Rows of the estimates table, hidden ones without numbers.

    Raises:
        DefinitionError: Two figures share one key.
        DisclosureError: A figure cannot be judged safe to publish.
    """
    breaks = _first_days(figures)
    rows: list[Estimate] = []
    series = list(_by_series(figures).values())
    judged = [_by_size(own, zeros=zeros) for own in series]
    if joint is not None:
        _hide_jointly(series, judged, joint)
    for own, sizes in zip(series, judged, strict=True):
        for figure, status in zip(own, _statuses(own, sizes), strict=True):
            starts = breaks.get((figure.measure.id, figure.series.id, figure.series.part))
            flags = figure.flags | ({"break"} if starts == figure.period.start else set())
            rows.append(_row(figure, status, flags, grades or ReliabilityRule()))
    rows.sort(key=lambda row: row.order)
    for row, following in itertools.pairwise(rows):
        if row.key == following.key:
            raise DefinitionError(
                f"two figures share the address {' / '.join(row.key)}. Give the series different "
                "periods, or the measures different ids."
            )
    return rows


def _by_series(figures: Iterable[Figure]) -> Mapping[tuple[str, str, str], list[Figure]]:
    found: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in figures:
        key = (figure.measure.id, figure.series.part, figure.series.id)
        found.setdefault(key, []).append(figure)
    return found


def _first_days(figures: Iterable[Figure]) -> Mapping[tuple[str, str, str], date]:
    """Find where each series that follows on another begins: there is the measure's break.

    A series beside another, from the same days on, breaks nothing. A pool that begins with the
    series' first wave stands at the break as the wave does.
    """
    first: dict[tuple[str, str, str], Period] = {}
    for figure in figures:
        key = (figure.measure.id, figure.series.id, figure.series.part)
        first[key] = min(figure.period, first.get(key, figure.period))
    found: dict[tuple[str, str, str], date] = {}
    for key, period in first.items():
        others = [p for k, p in first.items() if (k[0], k[2]) == (key[0], key[2]) and k != key]
        if any(other.start < period.start for other in others):
            found[key] = period.start
    return found


def _by_size(figures: Sequence[Figure], *, zeros: bool) -> dict[Place, Status]:
    """Judge the cells of one series by their size."""
    _check_money(figures[0])
    rule = rule_of(figures[0].source, zeros=zeros, sensitive=figures[0].measure.sensitive)
    return {figure.place: _judged(figure, rule) for figure in figures if not figure.made_of}


def _check_money(figure: Figure) -> None:
    """Refuse a sum of money counted in full that one contributor may dominate, for all we know.

    Who is in a sample is not known, so nobody's own sum can be told from a figure made of one.
    """
    source, measure = figure.source, figure.measure
    if measure.unit != "pounds" or measure.statistic not in _SUMS_OF_MONEY:
        return
    if source.kind != "microdata" and not (source.published_openly or source.no_dominance):
        raise DisclosureError(
            f"measure {measure.id!r} is a {measure.statistic} of money from source {source.id!r}, "
            "and who contributes how much to a figure is not looked at: one large sum may be told "
            "by it. Publish a quantile, or say in the source why none can be (no_dominance)."
        )


def _hide_jointly(
    series: Sequence[Sequence[Figure]], judged: Sequence[dict[Place, Status]], joint: Joint
) -> None:
    """Judge together the cells of series that share people, if they are not the publisher's."""
    asked: list[tuple[list[Figure], dict[Place, Status]]] = []
    for figures, sizes in zip(series, judged, strict=True):
        based = [f for f in figures if not f.made_of and f.counts]
        if based and not figures[0].source.published_openly:
            asked.append((based, sizes))
    families = _families([figures for figures, _ in asked])
    tables = [_together([asked[at] for at in family]) for family in families]
    for family, hidden in zip(families, joint(tables), strict=True):
        for figures, sizes in (asked[at] for at in family):
            sizes.update({f.place: "protected" for f in figures if f.place in hidden})


def _together(own: Sequence[tuple[list[Figure], dict[Place, Status]]]) -> Judged:
    """Put series together: a place is hidden by size in all of them if it is in one."""
    statuses: dict[Place, Status] = {}
    for figures, sizes in own:
        for figure in figures:
            if sizes[figure.place] == "protected" or figure.place not in statuses:
                statuses[figure.place] = sizes[figure.place]
    return [figure for figures, _ in own for figure in figures], statuses


def _families(series: Sequence[Sequence[Figure]]) -> list[list[int]]:
    """Find series of one source that nearly the same people answer.

    A count shown in one of them and hidden in another would be known but for the few who answer
    one question and not the other; so they are hidden in the same places.
    """
    found: list[list[int]] = []
    everybody = [_everybody(figures) for figures in series]
    for at, figures in enumerate(series):
        for family in found:
            alike = series[family[0]][0].source.id == figures[0].source.id
            if alike and _is_near(everybody[family[0]], everybody[at]):
                family.append(at)
                break
        else:
            found.append([at])
    return found


def _everybody(figures: Sequence[Figure]) -> dict[Place, int]:
    return {f.place: f.counts[0] for f in figures if f.breakdown == ALL}


def _is_near(one: Mapping[Place, int], other: Mapping[Place, int]) -> bool:
    pairs = [(one[place], other[place]) for place in one if place in other]
    least, most = sum(min(pair) for pair in pairs), sum(max(pair) for pair in pairs)
    return bool(most) and least >= _NEAR * most


def _statuses(figures: Sequence[Figure], judged: Mapping[Place, Status]) -> list[Status]:
    """Give each figure its status: as its cell was judged, or as the cells it is made of."""
    found: list[Status] = []
    for figure in figures:
        status = (
            joint_status(figure.status, *(judged[place] for place in figure.made_of))
            if figure.made_of
            else judged[figure.place]
        )
        found.append("not_available" if _is_empty(figure, status) else status)
    return found


def _judged(figure: Figure, rule: PrimaryRule) -> Status:
    try:
        return primary_status(_size(figure), rule)
    except DisclosureError as fault:
        raise DisclosureError(
            f"measure {figure.measure.id!r}, source {figure.source.id!r}: {fault}"
        ) from fault


def _is_empty(figure: Figure, status: Status) -> bool:
    """Say whether a figure that may be shown has nothing to show."""
    no_number = figure.numbers.estimate is None
    return status not in HIDDEN and no_number and figure.numbers.base != 0


def rule_of(source: Source, *, zeros: bool, sensitive: bool = False) -> PrimaryRule:
    """Give the disclosure rule a source states, a plan of nobody and a measure of everybody."""
    return PrimaryRule(
        threshold=source.threshold,
        low_base_minimum=source.low_base_minimum,
        low_base=source.low_base,
        unknown=source.unknown,
        zeros="show" if zeros else "protect",
        part_minimum=source.minimum_numerator,
        all_or_none="protect" if sensitive else "show",
        published_openly=source.published_openly,
    )


def _size(figure: Figure) -> CellSize:
    numbers = figure.numbers
    part, rest = numbers.part, None
    if part is None and figure.series.numerator_within_denominator:
        top, bottom = numbers.numerator, numbers.denominator
        part = None if top is None else round(top)
        rest = None if top is None or bottom is None else round(bottom - top)
    share = figure.measure.unit == "share" and figure.statistic in {"proportion", "ratio"}
    return CellSize(
        base=numbers.size if numbers.base is None else numbers.base,
        units=numbers.units,
        part=part,
        rest=rest,
        all_or_none=share and numbers.estimate in (0.0, 1.0),
        is_unknown=is_unknown(figure.group),
        status=figure.status,
    )


def _row(
    figure: Figure, status: Status, flags: frozenset[str], grades: ReliabilityRule
) -> Estimate:
    measure, numbers = figure.measure, figure.numbers
    hidden = status in HIDDEN
    keeps_base = status == "not_applicable" and is_unknown(figure.group)
    columns = {} if hidden else _columns(figure, grades)
    stored = columns.get("estimate")
    if measure.unit == "share" and isinstance(stored, float) and stored > 1:
        flags |= {"over_100"}
    # The columns come by name, so their types are known to `_columns` and not to the checker.
    return Estimate(
        measure=measure.id,
        part=figure.series.part,
        series=figure.series.id,
        period=figure.period.label,
        area=figure.area,
        breakdown=figure.breakdown,
        group=figure.group,
        statistic=figure.statistic,
        period_start=figure.period.start,
        period_end=figure.period.end,
        unit=measure.unit,
        base=numbers.base if not hidden or keeps_base else None,
        method=figure.method,
        variance_basis="none" if hidden else figure.variance_basis,
        source=figure.source.id,
        status=status,
        flags=";".join(sorted(flags)),
        **columns,  # type: ignore[arg-type]
    )


def _columns(figure: Figure, grades: ReliabilityRule) -> dict[str, object]:
    """Round a shown figure's numbers and grade what is stored."""
    measure, numbers = figure.measure, figure.numbers
    stored = round_figures(
        {
            "estimate": numbers.estimate,
            "standard_error": numbers.standard_error,
            "lower": numbers.lower,
            "upper": numbers.upper,
            "design_effect": numbers.design_effect,
            "effective_base": numbers.effective_base,
            "numerator": numbers.numerator,
            "denominator": numbers.denominator,
        },
        statistic=figure.statistic,
        unit=measure.unit,
        method=figure.method,
        step=measure.rounding_step,
    )
    has_interval = stored["lower"] is not None and stored["upper"] is not None
    grade = reliability(
        figure.statistic,
        measure.unit,
        estimate=stored["estimate"],
        standard_error=stored["standard_error"],
        lower=stored["lower"],
        upper=stored["upper"],
        widths=grades.width,
        relative_errors=grades.relative_error,
    )
    return {
        **stored,
        "lower": stored["lower"] if has_interval else None,
        "upper": stored["upper"] if has_interval else None,
        "level": numbers.level if has_interval else None,
        "interval_method": numbers.interval_method if has_interval else "none",
        "degrees_of_freedom": numbers.degrees_of_freedom,
        "reliability": grade,
    }
