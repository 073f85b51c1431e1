"""Design-based variance by Taylor linearisation, and the means, totals and ratios that rest on it.

A smooth statistic moves, to first order, like a total of influence values u_i, so its variance is
that of the weighted total of u over the sampled units. Everything here is one idea twice: find u,
then add squares over the stages of the design.

Notation: n rows, c domains, k influence columns, U units, H strata at a stage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from social_evidence.methods.arrays import Bools, Floats, Ints, sum_by_code
from social_evidence.methods.design import SampleDesign, degrees_of_freedom
from social_evidence.methods.lonely import deviations

_BLOCK = 4_000_000
"""Numbers held at once while domains are worked off in blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainEstimates:
    """Estimates of one statistic in c domains; NaN where nobody answered.

    Attributes:
        value: (c,) estimates.
        standard_error: (c,) each domain as its own subset, as R's `svyby` reports it.
        covariance: (c, c) over the whole design, as R's `svyby(covmat = TRUE)`, or None; it
            differs from the squared standard errors only under the lonely-unit rules.
        base: (c,) unweighted rows with a weight other than zero and a valid answer.
        degrees_of_freedom: (c,) primary units minus strata in the domain.
        design_effect: (c,) variance over that of a simple random sample of the base drawn
            without replacement; NaN where the weights add up to less than the base.
        design_effect_replace: (c,) the same against a sample drawn with replacement.
    """

    value: Floats
    standard_error: Floats
    covariance: Floats | None
    base: Ints
    degrees_of_freedom: Ints
    design_effect: Floats
    design_effect_replace: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Linearised:
    """Values per domain, and per row what each respondent moves in the row's own domain."""

    value: Floats
    influence: Floats  # (n,) zero where the row does not count
    present: Ints  # (n,) the domain of each answered row, -1 elsewhere
    simple_variance: Floats  # (c,) of a simple random sample with replacement
    base: Ints
    population: Floats  # (c,) sum of weights


def covariance(influence: Floats, design: SampleDesign, *, present: Bools | None = None) -> Floats:
    """Return the covariance of the weighted totals of influence columns.

    Rows outside a domain stay in with influence zero: the number of units drawn from a stratum
    is part of the variance, whoever falls in the domain.

    Args:
        influence: (n, k) or (n,) influence values, not yet weighted; zero outside the domain.
        design: The design.
        present: (n,) rows that a subset of the design would keep. It matters only to the rules
            `adjust` and `average`. None, or a calibrated design: all rows.

    Returns:
        (k, k) covariance; NaN where `average` has no stratum to average over.

    Source:
        Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, 4.3–4.6 and 5.5;
        R package survey 4.5, `svyrecvar`.
    """
    columns = np.asarray(influence, dtype=np.float64).reshape(design.n_rows, -1)
    weighted = _residual(columns * design.weight[:, None], design)
    kept = None if design.is_calibrated else present
    rows = np.arange(design.n_rows) if kept is None else np.flatnonzero(kept)
    total = np.zeros((columns.shape[1], columns.shape[1]))
    for stage in design.stages:
        units = stage.stratum.size
        spread = deviations(
            _unit_sums(weighted, stage.unit, units),
            stage,
            design,
            population=stage.populations(rows, np.zeros_like(rows), 1),
            present=None if kept is None else np.bincount(stage.unit[rows], minlength=units) > 0,
        )
        total += spread.T @ spread
    return total


def means(
    y: Floats,
    design: SampleDesign,
    domain: Ints | None = None,
    *,
    n_domains: int | None = None,
    universe: Bools | None = None,
    with_covariance: bool = False,
) -> DomainEstimates:
    """Estimate the mean of an item in each domain; of a 0/1 item, the proportion.

    Args:
        y: (n,) answers; NaN: not answered, which leaves the base but keeps the sampled unit.
        design: The design.
        domain: (n,) domain of each row, 0 … c-1; negative: in none. None: one domain of all rows.
        n_domains: c; None: the highest code plus one.
        universe: (n,) the subpopulation asked for (`where`); rows outside are in no domain.
        with_covariance: Whether to return the covariance between domains.

    Returns:
        Estimates in order of the domain codes.

    Source:
        Särndal, Swensson and Wretman (1992), 5.7 and 10.3; R package survey 4.5, `svymean`.
    """
    return ratios(
        y,
        np.ones(design.n_rows),
        design,
        domain,
        n_domains=n_domains,
        universe=universe,
        with_covariance=with_covariance,
    )


def ratios(
    numerator: Floats,
    denominator: Floats,
    design: SampleDesign,
    domain: Ints | None = None,
    *,
    n_domains: int | None = None,
    universe: Bools | None = None,
    with_covariance: bool = False,
) -> DomainEstimates:
    """Estimate the ratio of two weighted totals in each domain.

    Args:
        numerator: (n,) values; a row counts only where both values are known.
        denominator: (n,) values.
        design: The design.
        domain: As in `means`.
        n_domains: As in `means`.
        universe: As in `means`.
        with_covariance: As in `means`.

    Returns:
        Estimates in order of the domain codes; NaN where the denominator adds up to zero. The
        design effect is that of the total of the linearised values.

    Source:
        Särndal, Swensson and Wretman (1992), 5.6; R package survey 4.5, `svyratio`.
    """
    codes, c = _domains(design, domain, n_domains, universe)
    known = (codes >= 0) & ~np.isnan(numerator) & ~np.isnan(denominator)
    present = np.where(known, codes, -1)
    own = codes[known]
    weight = design.weight[known]
    above = sum_by_code(own, weight * numerator[known], c)
    below = sum_by_code(own, weight * denominator[known], c)
    influence = np.zeros(design.n_rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = above / below
        value = np.where(np.isfinite(value), value, np.nan)
        moved = (numerator[known] - value[own] * denominator[known]) / below[own]
    influence[known] = np.where(np.isnan(value[own]), 0.0, moved)
    base, population = _base(design, present, c)
    squares = sum_by_code(own, weight * influence[known] ** 2, c)
    linearised = _Linearised(
        value=value,
        influence=influence,
        present=present,
        simple_variance=_simple_variance(squares * population, base),
        base=base,
        population=population,
    )
    return _estimates(linearised, design, codes, universe, with_covariance=with_covariance)


def totals(
    y: Floats,
    design: SampleDesign,
    domain: Ints | None = None,
    *,
    n_domains: int | None = None,
    universe: Bools | None = None,
    with_covariance: bool = False,
) -> DomainEstimates:
    """Estimate the weighted total of an item in each domain.

    Args:
        y: (n,) values; NaN: not answered, adds nothing.
        design: The design.
        domain: As in `means`.
        n_domains: As in `means`.
        universe: As in `means`.
        with_covariance: As in `means`.

    Returns:
        Estimates in order of the domain codes; NaN in a domain where nobody answered.

    Source:
        Särndal, Swensson and Wretman (1992), 3.3; R package survey 4.5, `svytotal`.
    """
    codes, c = _domains(design, domain, n_domains, universe)
    known = (codes >= 0) & ~np.isnan(y)
    present = np.where(known, codes, -1)
    own, weight = codes[known], design.weight[known]
    base, population = _base(design, present, c)
    value = np.where(base > 0, sum_by_code(own, weight * y[known], c), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        centred = y[known] - (value / population)[own]
        squares = sum_by_code(own, weight * centred**2, c)
        simple = _simple_variance(squares * population, base)
    linearised = _Linearised(
        value=value,
        influence=np.where(known, np.nan_to_num(y), 0.0),
        present=present,
        simple_variance=simple,
        base=base,
        population=population,
    )
    return _estimates(linearised, design, codes, universe, with_covariance=with_covariance)


def _domains(
    design: SampleDesign, domain: Ints | None, n_domains: int | None, universe: Bools | None
) -> tuple[Ints, int]:
    codes = np.zeros(design.n_rows, dtype=np.int64) if domain is None else domain
    highest = int(codes.max(initial=-1)) + 1
    if universe is not None:
        codes = np.where(universe, codes, -1)
    return codes, highest if n_domains is None else n_domains


def _base(design: SampleDesign, present: Ints, c: int) -> tuple[Ints, Floats]:
    inside = (present >= 0) & (design.weight != 0)
    base = np.bincount(present[inside], minlength=c).astype(np.int64)
    return base, sum_by_code(present[inside], design.weight[inside], c)


def _simple_variance(scaled: Floats, base: Ints) -> Floats:
    """Return the with-replacement variance of a simple random sample of the base.

    `scaled` is sum of weights × sum of w·u²: R's n/(n-1) × mean square × (sum of weights)² / n.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(base > 1, scaled / (base - 1), np.nan))


def _estimates(
    linearised: _Linearised,
    design: SampleDesign,
    codes: Ints,
    universe: Bools | None,
    *,
    with_covariance: bool,
) -> DomainEstimates:
    c = linearised.value.size
    variance = np.where(np.isnan(linearised.value), np.nan, _variances(linearised, design))
    with np.errstate(divide="ignore", invalid="ignore"):
        replace = variance / linearised.simple_variance
        left = 1 - linearised.base / linearised.population
        effect = replace / np.where(linearised.population < linearised.base, np.nan, left)
    return DomainEstimates(
        value=linearised.value,
        standard_error=np.sqrt(variance),
        covariance=_joint(linearised, design, universe) if with_covariance else None,
        base=linearised.base,
        degrees_of_freedom=degrees_of_freedom(design, codes, c),
        design_effect=np.where(np.isinf(effect), np.nan, effect),
        design_effect_replace=np.where(np.isinf(replace), np.nan, replace),
    )


def _joint(linearised: _Linearised, design: SampleDesign, universe: Bools | None) -> Floats:
    columns = np.zeros((design.n_rows, linearised.value.size))
    rows = np.flatnonzero(linearised.present >= 0)
    columns[rows, linearised.present[rows]] = linearised.influence[rows]
    impossible = np.isnan(linearised.value)
    columns[:, impossible] = 0.0
    joint = covariance(columns, design, present=universe)
    joint[impossible, :] = np.nan
    joint[:, impossible] = np.nan
    return joint


def _variances(linearised: _Linearised, design: SampleDesign) -> Floats:
    """Return the variance of each domain as its own subset, a block of domains at a time."""
    c = linearised.value.size
    tallest = design.n_rows if design.is_calibrated else max(s.stratum.size for s in design.stages)
    step = max(1, _BLOCK // max(1, tallest))
    blocks = [
        _block_variances(linearised, design, start, min(start + step, c))
        for start in range(0, c, step)
    ]
    return np.concatenate(blocks) if blocks else np.zeros(0)


def _block_variances(
    linearised: _Linearised, design: SampleDesign, start: int, stop: int
) -> Floats:
    width = stop - start
    rows = np.flatnonzero((linearised.present >= start) & (linearised.present < stop))
    column = linearised.present[rows] - start
    weighted = linearised.influence[rows] * design.weight[rows]
    if design.is_calibrated:
        dense = np.zeros((design.n_rows, width))
        dense[rows, column] = weighted
        return _spread_squares(_residual(dense, design), design)
    variance = np.zeros(width)
    for stage in design.stages:
        units = stage.stratum.size
        cell = stage.unit[rows] * width + column
        present = np.zeros(units * width, dtype=np.bool_)
        present[cell] = True
        spread = deviations(
            sum_by_code(cell, weighted, units * width).reshape(units, width),
            stage,
            design,
            population=stage.populations(rows, column, width),
            present=present.reshape(units, width),
        )
        variance += (spread**2).sum(axis=0)
    return variance


def _spread_squares(weighted: Floats, design: SampleDesign) -> Floats:
    """(k,) variances of columns (n, k) in which every row of the design is present."""
    variance = np.zeros(weighted.shape[1])
    for stage in design.stages:
        sums = _unit_sums(weighted, stage.unit, stage.stratum.size)
        spread = deviations(sums, stage, design, population=stage.population[:, None])
        variance += (spread**2).sum(axis=0)
    return variance


def _residual(weighted: Floats, design: SampleDesign) -> Floats:
    for adjustment in design.adjustments:
        weighted = adjustment.residual(weighted)
    return weighted


def _unit_sums(weighted: Floats, unit: Ints, n_units: int) -> Floats:
    columns = [sum_by_code(unit, column, n_units) for column in weighted.T]
    return np.stack(columns, axis=1) if columns else np.zeros((n_units, 0))
