"""Design-based variance by Taylor linearisation, and the means, totals and ratios that rest on it.

A smooth statistic moves, to first order, like a total of influence values u_i, so its variance is
that of the weighted total of u over the sampled units: `linearise` finds u, this module adds
squares over the stages of the design.

Notation: n rows, c domains, k influence columns, U units, H strata at a stage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from social_evidence.methods.arrays import Bools, Floats, Ints, sum_by_code
from social_evidence.methods.design import SampleDesign
from social_evidence.methods.linearise import Linearised, linearise_ratios, linearise_totals
from social_evidence.methods.lonely import deviations

_BLOCK = 4_000_000
"""Numbers held at once while domains are worked off in blocks."""

_NOISE = 1e-12
"""A standard error this small beside the root sum of squared influence is rounding, so it is 0."""


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
    before = columns * design.weight[:, None]
    weighted = _residual(before, design)
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
    real = np.diagonal(total) > _NOISE**2 * (before**2).sum(axis=0)
    # NaN compares false, and what is impossible must not become zero.
    real |= np.isnan(np.diagonal(total))
    return np.where(real[:, None] & real, total, 0.0)


def joint_covariance(
    parts: Sequence[Linearised], design: SampleDesign, *, universe: Bools | None = None
) -> tuple[Floats, Floats]:
    """Return the estimates of several statistics, one after the other, with their covariance.

    Args:
        parts: Statistics on the same design: other items, domains, waves.
        design: The design.
        universe: (n,) the subpopulation asked for (`where`); None: all rows.

    Returns:
        (C,) estimates and (C, C) covariance, C being the domains of all parts; NaN in rows and
        columns of impossible estimates.

    Source:
        Särndal, Swensson and Wretman (1992), 5.5; R package survey 4.5, `svyby(covmat = TRUE)`.
    """
    value = np.concatenate([part.value for part in parts])
    columns = np.zeros((design.n_rows, value.size))
    start = 0
    for part in parts:
        rows = np.flatnonzero(part.present >= 0)
        columns[rows, start + part.present[rows]] = part.influence[rows]
        start += part.value.size
    joint = covariance(columns, design, present=universe)
    impossible = np.isnan(value)
    joint[impossible, :] = np.nan
    joint[:, impossible] = np.nan
    return value, joint


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
        domain: As in `linearise_ratios`.
        n_domains: As in `linearise_ratios`.
        universe: As in `linearise_ratios`.
        with_covariance: Whether to return the covariance between domains.

    Returns:
        Estimates in order of the domain codes.

    Source:
        Särndal, Swensson and Wretman (1992), 5.7 and 10.3; R package survey 4.5, `svymean`.
    """
    every = np.ones(design.n_rows)
    part = linearise_ratios(y, every, design, domain, n_domains=n_domains, universe=universe)
    return estimates(part, design, universe=universe, with_covariance=with_covariance)


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
        domain: As in `linearise_ratios`.
        n_domains: As in `linearise_ratios`.
        universe: As in `linearise_ratios`.
        with_covariance: Whether to return the covariance between domains.

    Returns:
        Estimates in order of the domain codes. The design effect is that of the total of the
        linearised values.

    Source:
        Särndal, Swensson and Wretman (1992), 5.6; R package survey 4.5, `svyratio`.
    """
    part = linearise_ratios(
        numerator, denominator, design, domain, n_domains=n_domains, universe=universe
    )
    return estimates(part, design, universe=universe, with_covariance=with_covariance)


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
        domain: As in `linearise_ratios`.
        n_domains: As in `linearise_ratios`.
        universe: As in `linearise_ratios`.
        with_covariance: Whether to return the covariance between domains.

    Returns:
        Estimates in order of the domain codes; NaN in a domain where nobody answered.

    Source:
        Särndal, Swensson and Wretman (1992), 3.3; R package survey 4.5, `svytotal`.
    """
    part = linearise_totals(y, design, domain, n_domains=n_domains, universe=universe)
    return estimates(part, design, universe=universe, with_covariance=with_covariance)


def estimates(
    part: Linearised,
    design: SampleDesign,
    *,
    universe: Bools | None = None,
    with_covariance: bool = False,
) -> DomainEstimates:
    """Give a linearised statistic its standard errors and design effects.

    Args:
        part: The statistic.
        design: The design it was linearised on.
        universe: (n,) the subpopulation asked for; it matters only to the covariance.
        with_covariance: Whether to return the covariance between domains.

    Returns:
        Estimates in order of the domain codes.

    Source:
        R package survey 4.5, `svyby` and `deff`; Kish (1965), Survey Sampling, 8.2.
    """
    variance = np.where(np.isnan(part.value), np.nan, _variances(part, design))
    with np.errstate(divide="ignore", invalid="ignore"):
        replace = variance / part.simple_variance
        left = 1 - part.base / part.population
        effect = replace / np.where(part.population < part.base, np.nan, left)
    joint = joint_covariance([part], design, universe=universe)[1] if with_covariance else None
    return DomainEstimates(
        value=part.value,
        standard_error=np.sqrt(variance),
        covariance=joint,
        base=part.base,
        degrees_of_freedom=part.degrees_of_freedom,
        design_effect=np.where(np.isinf(effect), np.nan, effect),
        design_effect_replace=np.where(np.isinf(replace), np.nan, replace),
    )


def _variances(part: Linearised, design: SampleDesign) -> Floats:
    """Return the variance of each domain as its own subset, a block of domains at a time."""
    c = part.value.size
    tallest = design.n_rows if design.is_calibrated else max(s.stratum.size for s in design.stages)
    step = max(1, _BLOCK // max(1, tallest))
    blocks = [
        _block_variances(part, design, start, min(start + step, c)) for start in range(0, c, step)
    ]
    return np.concatenate(blocks) if blocks else np.zeros(0)


def _block_variances(part: Linearised, design: SampleDesign, start: int, stop: int) -> Floats:
    width = stop - start
    rows = np.flatnonzero((part.present >= start) & (part.present < stop))
    column = part.present[rows] - start
    weighted = part.influence[rows] * design.weight[rows]
    size = sum_by_code(column, weighted**2, width)
    if design.is_calibrated:
        dense = np.zeros((design.n_rows, width))
        dense[rows, column] = weighted
        return _without_noise(_spread_squares(_residual(dense, design), design), size)
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
    return _without_noise(variance, size)


def _without_noise(variance: Floats, size: Floats) -> Floats:
    return np.where(variance <= _NOISE**2 * size, 0.0, variance)


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
