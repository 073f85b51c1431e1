"""Standard errors, limits and p values of differences, by what is known of the two figures.

Samples have their covariance from the scan, or over time from what their source says of people
who return. Counts have a formula each. What has no error at all is no test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from social_evidence.app.build_counts import PER
from social_evidence.app.contrasts import Contrasts
from social_evidence.app.figures import Figure
from social_evidence.methods import assumed, distributions, rate_contrasts, two_values
from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.methods.trend import standard_error_from_limits
from social_evidence.model.comparison import CLEAR
from social_evidence.model.source import Source
from social_evidence.plan.pools import places_of

LEVEL = 0.95
_NOTABLY = 1.05
"""How much larger the error without a difference must be to be asked."""
POISSON = "exact_below_10_else_byar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Figures of one series, by column; NaN is none.

    numbers: place -> number of its figure.
    """

    figures: Sequence[Figure]
    numbers: Mapping[tuple[str, str, str, str], int]
    value: Floats
    error: Floats
    df: Floats
    numerator: Floats
    denominator: Floats

    @classmethod
    def of(cls, figures: Sequence[Figure]) -> Sides:
        """Lay figures out."""
        survey = figures[0].method == "survey"
        rows = [
            (n.estimate, _error(figure), n.degrees_of_freedom, n.numerator, n.denominator)
            for figure in figures
            for n in (figure.numbers,)
        ]
        value, error, df, numerator, denominator = np.array(rows, dtype=np.float64).T
        return cls(
            figures=figures,
            numbers={figure.place: at for at, figure in enumerate(figures)},
            value=value,
            error=error,
            df=df if survey else np.full(df.shape, np.inf),
            numerator=numerator,
            denominator=denominator,
        )


def _error(figure: Figure) -> float | None:
    """Give a figure's standard error: its own, or what its publisher's limits stand for."""
    numbers = figure.numbers
    if numbers.interval_method != "published" or numbers.level is None:
        return numbers.standard_error
    if numbers.lower is None or numbers.upper is None:
        return None
    return float(standard_error_from_limits(numbers.lower, numbers.upper, numbers.level))


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What a difference that looks clear has to be clear by besides.

    error: it would have if there were no difference. df: by which its error is really known.
    """

    error: Floats
    df: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Tests:
    """Differences `to` less `from` with what is known of their error, row by row; NaN is none.

    A row is tested where it has a p value. The limits are those of one comparison by itself.
    """

    difference: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    degrees_of_freedom: Floats
    p_value: Floats


def tested(difference: Floats, error: Floats, df: Floats, doubt: Doubt) -> Tests:
    """Test differences by their standard errors, with Student's t.

    Args:
        difference: Of two figures.
        error: Its standard error; NaN or zero: nothing is tested and no error is given.
        df: Its degrees of freedom; infinite for counts.
        doubt: What is clear at first has to be clear by this too: the p value is then the larger
            of the two. Limits never rest on it.
    """
    with np.errstate(invalid="ignore"):
        is_tested = (error > 0) & (df > 0) & np.isfinite(difference)
    error, own = np.where(is_tested, error, np.nan), np.where(is_tested, df, np.nan)
    half = distributions.t_quantile((1 + LEVEL) / 2, own) * error
    p = _p_value(difference, error, own)
    with np.errstate(invalid="ignore"):
        wide = np.where(doubt.error > _NOTABLY * error, doubt.error, error)
        again = _p_value(difference, wide, np.fmin(own, doubt.df))
        p = np.where(p <= CLEAR, np.fmax(p, again), p)
    return Tests(
        difference=difference,
        standard_error=error,
        lower=difference - half,
        upper=difference + half,
        degrees_of_freedom=np.where(np.isfinite(df), df, np.nan),
        p_value=p,
    )


def _p_value(difference: Floats, error: Floats, df: Floats) -> Floats:
    score = np.abs(difference) / error
    tail = np.where(np.isinf(df), distributions.normal_tail(score), distributions.t_tail(score, df))
    return np.asarray(np.minimum(2 * tail, 1.0), dtype=np.float64)


def survey_tests(
    sides: Sides,
    pairs: Ints,
    is_change: Bools,
    is_part: Bools,
    known: Sequence[Contrasts],
    correlation: Mapping[tuple[str, str], float],
) -> Tests:
    """Test differences of a survey's figures.

    Args:
        sides: The figures.
        pairs: (p, 2) `from` and `to`.
        is_change: (p,) over time.
        is_part: (p,) whether `to` is a part of `from`.
        known: What scans told of pairs of cells.
        correlation: (earlier, later) period -> of two figures with people in common whom no id
            links; periods that are not named are independent.
    """
    source, to = pairs.T
    errors, df = _looked_up(sides, pairs, known)
    over_time = is_change & np.isnan(errors)
    labels = [figure.period.label for figure in sides.figures]
    rho = np.zeros(len(pairs))
    if correlation:
        rho[over_time] = [
            correlation.get((labels[a], labels[b]), 0.0) for a, b in pairs[over_time].tolist()
        ]
    apart = two_values.correlated(sides.error[source] ** 2, sides.error[to] ** 2, rho)
    errors = np.where(over_time, np.sqrt(np.maximum(apart, 0.0)), errors)
    df = np.where(over_time, sides.df[source] + sides.df[to], df)
    # A side without an error of its own rests on too few answers to show one.
    with np.errstate(invalid="ignore"):
        is_sure = (sides.error[source] > 0) & (sides.error[to] > 0)
        is_sure &= (sides.df[source] > 0) & (sides.df[to] > 0)
    errors = np.where(is_sure, errors, np.nan)
    doubts = doubts_about(sides, pairs, errors, is_part)
    return tested(sides.value[to] - sides.value[source], errors, df, doubts)


def doubts_about(sides: Sides, pairs: Ints, errors: Floats, is_part: Bools) -> Doubt:
    """Work out what differences have to be clear by, besides their own errors.

    Args:
        sides: The figures.
        pairs: (p, 2) `from` and `to`.
        errors: Of the differences.
        is_part: (p,) whether `to` is a part of `from`.

    Returns:
        Errors no smaller than those given, the same for what is no proportion; and effective
        degrees of freedom.
    """
    source, to = pairs.T
    both = sides.error[to] ** 2, sides.error[source] ** 2
    df = two_values.effective_degrees_of_freedom(both, (sides.df[to], sides.df[source]))
    if sides.figures[0].measure.statistic != "proportion":
        return Doubt(error=errors, df=df)
    values = sides.value[to], sides.value[source]
    variances = two_values.null_variances(values, both, errors**2, is_part)
    return Doubt(error=np.sqrt(variances), df=df)


def _looked_up(sides: Sides, pairs: Ints, known: Sequence[Contrasts]) -> tuple[Floats, Floats]:
    """Find the pairs among those that scans told of; NaN where they did not."""
    count = len(sides.figures)
    keys, errors, df = [np.zeros(0, np.int64)], [np.zeros(0)], [np.zeros(0)]
    for one in known:
        number = np.array([sides.numbers.get(place, -1) for place in one.places], dtype=np.int64)
        if not one.to.size:
            continue
        other, to = number[one.other], number[one.to]
        both = (other >= 0) & (to >= 0)
        keys.append(other[both] * count + to[both])
        errors.append(one.standard_error[both])
        df.append(one.degrees_of_freedom[both])
    key = np.concatenate(keys)
    if not key.size:
        return np.full(len(pairs), np.nan), np.full(len(pairs), np.nan)
    order = np.argsort(key, kind="stable")
    asked = pairs[:, 0] * count + pairs[:, 1]
    place = order[np.minimum(np.searchsorted(key[order], asked), key.size - 1)]
    found = key[place] == asked
    return (
        np.where(found, np.concatenate(errors)[place], np.nan),
        np.where(found, np.concatenate(df)[place], np.nan),
    )


def stated_correlation(
    source: Source, waves: Sequence[str], pools: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], float]:
    """Say how figures of two periods of a survey are correlated by people who return.

    Args:
        source: States the share who return and the correlation of their answers.
        waves: Labels of its single waves.
        pools: Label of each pool -> its waves.

    Returns:
        (earlier, later) -> correlation; empty where nothing is stated.
    """
    said = source.pool
    if said is None or not said.overlap or source.design.units_recur:
        return {}
    place = places_of(said, [*waves, *(wave for own in pools.values() for wave in own)])
    places: dict[str, tuple[int, ...]] = {w: (place[w],) for w in waves if w in place}
    places |= {label: tuple(place[wave] for wave in own) for label, own in pools.items()}
    return {
        (one, other): assumed.overlap_correlation(
            places[one], places[other], said.overlap, said.correlation
        )
        for one in places
        for other in places
        if set(places[one]).isdisjoint(places[other])
    }


def counted_tests(sides: Sides, pairs: Ints, is_part: Bools) -> Tests:
    """Test differences of counts and of published figures.

    Events with Poisson limits are compared as Poisson counts, a part with what is left of its
    whole. Shares of counts, and ratios over an estimate, use the covariance of a part and its
    whole. Of published figures nothing is known but their limits: variances are added up, which
    for a part and its whole errs on the side of wider limits.

    Args:
        sides: The figures.
        pairs: (p, 2) `from` and `to`.
        is_part: (p,) whether `to` is a part of `from`.
    """
    other, to = pairs.T
    methods = np.array([figure.numbers.interval_method for figure in sides.figures], dtype=object)
    first, second = sides.error[other] ** 2, sides.error[to] ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = sides.denominator[to] / sides.denominator[other]
        is_known = is_part & (share >= 0) & (share <= 1)
        nested = two_values.part_of_whole(second, first, share)
    variance = np.where(is_known, nested, first + second)
    with np.errstate(invalid="ignore"):
        is_sure = (first > 0) & (second > 0)
    error = np.sqrt(np.where(is_sure, variance, np.nan))
    doubts = doubts_about(sides, pairs, error, is_known)
    infinite = np.full(len(pairs), np.inf)
    found = tested(sides.value[to] - sides.value[other], error, infinite, doubts)
    events = (methods[other] == POISSON) & (methods[to] == POISSON)
    return _with_events(found, sides, pairs, events, is_part)


def _with_events(found: Tests, sides: Sides, pairs: Ints, events: Bools, is_part: Bools) -> Tests:
    """Replace the tests of events by those of Poisson counts."""
    rows = np.flatnonzero(events)
    if not rows.size:
        return found
    (other, to), part = pairs[rows].T, is_part[rows]
    x, n = sides.numerator[to], sides.denominator[to]
    # Of a whole, what is left without its part is what the part is independent of.
    y = sides.numerator[other] - np.where(part, x, 0.0)
    m = sides.denominator[other] - np.where(part, n, 0.0)
    usable = (x >= 0) & (y >= 0) & (n > 0) & (m > 0)
    rows, part = rows[usable], part[usable]
    x, n, y, m, other, to = (values[usable] for values in (x, n, y, m, other, to))
    per = PER.get(sides.figures[0].measure.unit, 1.0)
    apart = rate_contrasts.difference_of_rates(x, n, y, m)
    scale = per * np.where(part, 1.0 - n / sides.denominator[other], 1.0)
    columns = {
        "standard_error": apart.standard_error * scale,
        "lower": apart.lower * scale,
        "upper": apart.upper * scale,
        "p_value": rate_contrasts.poisson_p_value(x, n, y, m),
    }
    made = {name: getattr(found, name).copy() for name in columns}
    for name, values in columns.items():
        made[name][events] = np.nan
        made[name][rows] = values
    return Tests(
        difference=found.difference,
        degrees_of_freedom=found.degrees_of_freedom,
        **made,
    )
