"""Participants beside people like them in the city's survey.

Asked once, the survey says who takes part and where they start; only a survey asked at both times,
or of the same people twice, says what would have changed anyway, and with its own sampling error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from social_evidence.app.evaluate_asked import Asked, Outcome
from social_evidence.app.participant_answers import is_absent, values_of
from social_evidence.app.participant_change import PairedChange
from social_evidence.errors import DataError, DesignError
from social_evidence.methods.arrays import Bools, Codes, Floats
from social_evidence.methods.distributions import normal_quantile, t_quantile, t_tail
from social_evidence.methods.evaluation.benchmark import Benchmark, Compared, by_entropy
from social_evidence.methods.evaluation.regression import least_squares
from social_evidence.methods.intervals import logit
from social_evidence.model.evaluation import (
    BalanceRow,
    BenchmarkKind,
    CityBenchmark,
    EvaluationEffect,
    Overlap,
)

WEIGHT: Final = "weight"
UNIT: Final = "psu"
PERSON: Final = "person"
LEVEL: Final = 0.95
_FEWEST: Final = 5  # people under whom a group is not evened out by itself
_FEW_ALIKE: Final = 50.0  # equally weighted respondents under which a benchmark says little
_BALANCED: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CitySurvey:
    """What the city's survey says of the items, respondent by respondent.

    Attributes:
        source: Where it came from, in words, with its periods: part of the report.
        before: Answers around the start: a text column an item (the question's id), one a
            breakdown, `weight`, and where known `psu` (the sampling unit).
        later: The same, around the later wave; None where it was asked once.
        is_panel: The two are the same people, told apart by a column `person` in both.
    """

    source: str
    before: pa.Table
    later: pa.Table | None = None
    is_panel: bool = False

    @property
    def kind(self) -> BenchmarkKind:
        """Whether it was asked once, twice, or of the same people."""
        if self.later is None:
            return "once"
        return "panel" if self.is_panel else "twice"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkStudy:
    """Participants beside the city.

    Attributes:
        told: The record.
        effects: Their gap at the start, and the difference of changes where there is one.
        is_alike: After weighting the two groups are alike, at the start too.
        has_overlap: Enough respondents resemble the participants.
        difference: The difference of changes; None where the city was asked once.
    """

    told: CityBenchmark
    effects: tuple[EvaluationEffect, ...]
    is_alike: bool
    has_overlap: bool
    difference: EvaluationEffect | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Respondents:
    """Respondents with a valid answer."""

    values: Floats
    weight: Floats
    unit: Codes
    groups: Mapping[str, Codes]
    person: Codes | None

    def only(self, kept: Bools) -> _Respondents:
        return _Respondents(
            values=self.values[kept],
            weight=self.weight[kept],
            unit=self.unit[kept],
            groups={name: codes[kept] for name, codes in self.groups.items()},
            person=None if self.person is None else self.person[kept],
        )


def benchmark_of(
    asked: Asked, outcome: Outcome, change: PairedChange, survey: CitySurvey
) -> BenchmarkStudy | None:
    """Set participants beside people like them in the city.

    Args:
        asked: Of one outcome.
        outcome: The same.
        change: Of the participants.
        survey: The city's.

    Returns:
        None where the survey does not ask the item, or the outcome is none that a survey of
        residents has (a rise of the same person, a share of those without).
    """
    if asked.kind not in {"share", "score"} or outcome.reading.question not in (
        survey.before.column_names
    ):
        return None
    own = asked.participants
    own = own.only(own.again)
    first = _respondents(survey.before, outcome, asked.weighted_on)
    if not first.values.size:
        return None
    matched = _matched(own, first)
    gap, effects = _gap(own.before, first, matched), []
    effects.append(gap)
    later_mean, difference = None, None
    if survey.later is not None:
        later = _respondents(survey.later, outcome, asked.weighted_on)
        later_mean, difference = _difference(own, change, (first, later), matched, survey.kind)
    if difference is not None:
        effects.append(difference)
    told = CityBenchmark(
        kind=survey.kind,
        source=survey.source,
        share_before=float(np.average(first.values, weights=matched.weights)),
        share_after=later_mean,
        gap_before=gap,
        balance=matched.rows,
        overlap=matched.overlap,
        weighted_on=matched.used,
        left_out=matched.left_out,
    )
    worst = matched.overlap.worst_difference
    return BenchmarkStudy(
        told=told,
        effects=tuple(effects),
        is_alike=(worst is None or worst <= _BALANCED) and not _began_apart(gap),
        has_overlap=matched.overlap.effective >= _FEW_ALIKE,
        difference=difference,
    )


def _began_apart(gap: EvaluationEffect) -> bool:
    """Say whether participants began elsewhere than people like them: more than chance, and far."""
    if gap.estimate is None or gap.lower is None or gap.upper is None:
        return False
    is_sure = gap.lower > 0 or gap.upper < 0
    return is_sure and abs(gap.estimate) > _BALANCED / 2


def _respondents(table: pa.Table, outcome: Outcome, breakdowns: Sequence[str]) -> _Respondents:
    if WEIGHT not in table.column_names:
        raise DataError(
            "The city's benchmark has no column `weight`; every respondent needs the survey's.",
            columns=(WEIGHT,),
        )
    values = values_of(
        table.column(outcome.reading.question), outcome.reading, is_score=outcome.is_score
    )
    if outcome.success.shows_complement and not outcome.is_score:
        values = 1 - values
    weight = table.column(WEIGHT).to_numpy().astype(np.float64)
    kept = np.isfinite(values) & np.isfinite(weight) & (weight > 0)
    every = _Respondents(
        values=values,
        weight=weight,
        unit=_column(table, UNIT) if UNIT in table.column_names else np.arange(table.num_rows),
        groups={name: _column(table, name) for name in breakdowns if name in table.column_names},
        person=_column(table, PERSON) if PERSON in table.column_names else None,
    )
    return every.only(kept)


def _column(table: pa.Table, name: str) -> Codes:
    return np.asarray(table.column(name).to_pylist(), dtype=object)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Matched:
    """Respondents weighted to resemble the participants."""

    weights: Floats
    used: tuple[str, ...]
    left_out: tuple[str, ...]
    rows: tuple[BalanceRow, ...]
    overlap: Overlap


def _matched(own: Asked, city: _Respondents) -> _Matched:
    """Even out as many breakdowns as can be, the first named first."""
    used: list[str] = []
    left_out: list[str] = []
    columns, names = _shared(own, city, ())
    found: Benchmark | None = None
    for name in own.weighted_on:
        if name not in own.groups or name not in city.groups:
            left_out.append(f"{name}: the city's survey or the participants' answers lack it.")
            continue
        more, more_names = _shared(own, city, (*used, name))
        try:
            found = _balanced(own, city, more)
        except DataError:
            left_out.append(f"{name}: hardly any respondents are like the participants in it.")
            continue
        used.append(name)
        columns, names = more, more_names
    weights = city.weight if found is None else found.weights
    return _Matched(
        weights=weights,
        used=tuple(used),
        left_out=tuple(left_out),
        rows=_rows(city, weights, columns, names),
        overlap=_overlap(weights, found),
    )


def _shared(
    own: Asked, city: _Respondents, breakdowns: Sequence[str]
) -> tuple[tuple[Floats, Floats], tuple[tuple[str, str], ...]]:
    """Give columns of groups for participants and respondents: the largest group left out.

    Not known is a group like another, so that nobody is lost.
    """
    mine: list[Bools] = []
    theirs: list[Bools] = []
    names: list[tuple[str, str]] = []
    for breakdown in breakdowns:
        ours, others = (
            np.where(is_absent(codes), "", codes).astype(str)
            for codes in (own.groups[breakdown], city.groups[breakdown])
        )
        kinds, sizes = np.unique(ours, return_counts=True)
        usual = kinds[np.argmax(sizes)] if kinds.size else ""
        for kind in kinds:
            here, there = ours == kind, others == kind
            if kind != usual and min(here.sum(), there.sum()) >= _FEWEST:
                mine.append(here)
                theirs.append(there)
                names.append((breakdown, str(kind)))
    if not names:
        return (np.zeros((own.before.size, 0)), np.zeros((city.values.size, 0))), ()
    both = (np.column_stack(mine).astype(float), np.column_stack(theirs).astype(float))
    return both, tuple(names)


def _balanced(own: Asked, city: _Respondents, columns: tuple[Floats, Floats]) -> Benchmark:
    mine, theirs = columns
    if not mine.shape[1]:
        raise DataError("There is nothing to even out.")
    compared = Compared.of(
        np.repeat([True, False], [own.before.size, city.values.size]),
        np.vstack([mine, theirs]),
        np.concatenate([own.before, city.values]),
        np.concatenate([np.ones(own.before.size), city.weight]),
    )
    return by_entropy(compared)


def _rows(
    city: _Respondents,
    weights: Floats,
    columns: tuple[Floats, Floats],
    names: tuple[tuple[str, str], ...],
) -> tuple[BalanceRow, ...]:
    mine, theirs = columns
    rows = []
    for at, (breakdown, group) in enumerate(names):
        share = float(mine[:, at].mean())
        city_share, lower, upper = _share_and_limits(city, theirs[:, at])
        matched = float(np.average(theirs[:, at], weights=weights))
        spread = math.sqrt(share * (1 - share)) or math.nan
        rows.append(
            BalanceRow(
                breakdown=breakdown,
                group=group,
                people=share,
                compared=city_share,
                compared_lower=lower,
                compared_upper=upper,
                matched=matched,
                difference=_finite((share - city_share) / spread),
                difference_matched=_finite((share - matched) / spread),
            )
        )
    return tuple(rows)


def _overlap(weights: Floats, found: Benchmark | None) -> Overlap:
    order = np.sort(weights)[::-1]
    heaviest = float(order[: max(1, math.ceil(weights.size / 100))].sum() / order.sum())
    return Overlap(
        respondents=int(weights.size),
        effective=float(weights.sum() ** 2 / (weights**2).sum()),
        worst_difference=None if found is None else _finite(found.worst),
        heaviest=heaviest,
    )


def _mean_and_error(
    city: _Respondents, values: Floats, weights: Floats
) -> tuple[float, float, int]:
    """Weighted mean of respondents, its error between sampling units, and how many units."""
    fitted = least_squares(values, np.ones((values.size, 1)), weights)
    _, unit = np.unique(city.unit.astype(str), return_inverse=True)
    units = int(unit.max()) + 1
    joint = fitted.clustered(unit) if units > 1 else fitted.robust()
    return float(fitted.coefficients[0]), math.sqrt(max(float(joint[0, 0]), 0.0)), units


def _share_and_limits(
    city: _Respondents, is_in: Floats
) -> tuple[float, float | None, float | None]:
    """Weighted share of respondents in a group, with limits on the log-odds between units."""
    share, error, units = _mean_and_error(city, is_in, city.weight)
    if not (0 < share < 1 and error > 0 and units > 1):
        return share, None, None
    lower, upper = logit(share, error, units - 1, LEVEL)
    return share, float(lower), float(upper)


def _gap(before: Floats, city: _Respondents, matched: _Matched) -> EvaluationEffect:
    mean, error, units = _mean_and_error(city, city.values, matched.weights)
    own_error = float(before.std(ddof=1)) / math.sqrt(before.size) if before.size > 1 else math.nan
    parts = ((own_error, before.size - 1), (error, units - 1))
    return _told("benchmark_gap", float(before.mean()) - mean, parts, before.size, matched)


def _difference(
    own: Asked,
    change: PairedChange,
    waves: tuple[_Respondents, _Respondents],
    matched: _Matched,
    kind: BenchmarkKind,
) -> tuple[float | None, EvaluationEffect | None]:
    """Take the change of people like them from the participants' change."""
    first, later = waves
    if not later.values.size or change.lower is None or change.upper is None:
        return None, None
    if kind == "panel":
        moved, error, units = _panel_change(own, first, later)
        start = float(np.average(first.values, weights=matched.weights))
        after = start + moved
    else:
        then, error_then, units_then = _mean_and_error(first, first.values, matched.weights)
        again = _matched(own, later)
        after, error_after, units = _mean_and_error(later, later.values, again.weights)
        moved, error = after - then, math.hypot(error_then, error_after)
        units = min(units, units_then)
    own_error, df = _own_error(change, change.upper - change.lower)
    parts = ((own_error, df), (error, units - 1))
    return after, _told(
        "benchmark_difference", change.change - moved, parts, change.people, matched
    )


def _own_error(change: PairedChange, width: float) -> tuple[float, int]:
    """Standard error of the participants' change; from Tango's range where they are one by one."""
    if change.standard_error is not None and change.degrees_of_freedom is not None:
        return change.standard_error, change.degrees_of_freedom
    return width / (2 * float(normal_quantile(0.975))), change.people - 1


def _panel_change(own: Asked, first: _Respondents, later: _Respondents) -> tuple[float, float, int]:
    """Change of the same respondents, weighted to resemble the participants."""
    if first.person is None or later.person is None:
        raise DesignError("A panel needs the column `person` at both times, to match people by.")
    place = {str(person): at for at, person in enumerate(later.person)}
    there = np.array([place.get(str(person), -1) for person in first.person])
    kept = first.only(there >= 0)
    if not kept.values.size:
        raise DesignError("Nobody of the panel answered both times.")
    moved = later.values[there[there >= 0]] - kept.values
    return _mean_and_error(kept, moved, _matched(own, kept).weights)


def _told(
    method: str,
    value: float,
    parts: tuple[tuple[float, int], ...],
    people: int,
    matched: _Matched,
) -> EvaluationEffect:
    """Put independent errors together; degrees of freedom as Welch and Satterthwaite have them."""
    variance = sum(error**2 for error, _ in parts)
    error = math.sqrt(variance) if math.isfinite(variance) else 0.0
    below = sum(one**4 / df for one, df in parts if df > 0)
    df = variance**2 / below if error > 0 and below > 0 else math.nan
    is_known = error > 1e-12 and math.isfinite(df)
    half = float(t_quantile(0.975, df)) * error if is_known else math.nan
    return EvaluationEffect(
        method=method,
        estimate=value,
        standard_error=error if is_known else None,
        lower=value - half if is_known else None,
        upper=value + half if is_known else None,
        p_value=float(2 * t_tail(abs(value) / error, df)) if is_known else None,
        people=people,
        effective=matched.overlap.effective,
        degrees_of_freedom=_finite(df),
    )


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
