"""Figures become rows: judged, graded, rounded once and sorted."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from social_evidence.app.figures import Figure
from social_evidence.app.grid import is_unknown
from social_evidence.app.judging import Joint, statuses_of
from social_evidence.disclosure.rounding import round_figures
from social_evidence.errors import DefinitionError
from social_evidence.methods.reliability import reliability
from social_evidence.model.estimate import HIDDEN, Estimate, Status
from social_evidence.model.period import Period
from social_evidence.model.publication import ReliabilityRule


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
    for own, statuses in zip(series, statuses_of(series, joint, zeros=zeros), strict=True):
        for figure, status in zip(own, statuses, strict=True):
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
        **columns,  # type: ignore[arg-type]  # each by its name, which the checker cannot follow
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
