"""Estimates and variances from replicate weights.

A survey that publishes replicate weights (balanced half samples, jackknife, bootstrap, successive
differences) tells its users the variance of any statistic without showing strata or units: compute
the statistic once a replicate and measure the spread.

Letters: n rows, m columns or levels, c domains (or cells), R replicates, w a weight, y and x what
is added up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse, special

from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.methods.replication import (
    ReplicateDesign,
    Replication,
    covariance,
    variances,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicateEstimates:
    """Estimates of c domains (or contrasts), with their replicates.

    Attributes:
        value: Full-sample estimates, shape (c,); NaN where nobody answered.
        standard_error: Shape (c,); NaN where no replicate has an estimate.
        replicates: The same estimates a replicate, shape (c, R).
        covariance: Shape (c, c), or None when it was not asked for.
        base: Unweighted respondents with weight above 0, shape (c,); None for a contrast.
        deff: Variance over that of a simple random sample without replacement, shape (c,), or None.
        deff_replace: The same with replacement, shape (c,), or None.
    """

    value: Floats
    standard_error: Floats
    replicates: Floats
    covariance: Floats | None = None
    base: Ints | None = None
    deff: Floats | None = None
    deff_replace: Floats | None = None


def contrast(
    values: Floats, replicates: Floats, weights: Floats, rule: Replication
) -> ReplicateEstimates:
    """Estimate weighted sums of levels, a replicate at a time.

    Levels that share people or units are correlated; taking the contrast inside each replicate
    carries that correlation without being told of it.

    Args:
        values: Full-sample estimates of m levels, shape (m,).
        replicates: Shape (m, R).
        weights: One row a contrast, shape (k, m), or (m,) for one.
        rule: Scales and centre.

    Returns:
        k contrasts with their covariance. As in R a replicate is left out when any of the m levels
        is NaN in it, whatever the weight of that level; pass only the levels that are meant.

    Source:
        R survey 4.5, `svycontrast(svyby(covmat=TRUE))`; rule confirmed on random designs.
    """
    rows = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    complete = ~np.isnan(replicates).any(axis=0)
    known = np.where(np.isnan(values), 0.0, values)
    value = rows @ known
    value[(rows[:, np.isnan(values)] != 0).any(axis=1)] = np.nan
    joint = rows @ np.where(complete, replicates, 0.0)
    joint[:, ~complete] = np.nan
    matrix = covariance(value, joint, rule)
    return ReplicateEstimates(
        value=value,
        standard_error=np.sqrt(np.diag(matrix)),
        replicates=joint,
        covariance=matrix,
    )


def means(
    y: Floats,
    design: ReplicateDesign,
    domain: Ints | None = None,
    *,
    n_domains: int | None = None,
    universe: Bools | None = None,
    with_covariance: bool = False,
) -> ReplicateEstimates:
    """Estimate means of domains; a mean of 0 and 1 is a proportion.

    Args:
        y: Values, shape (n,); NaN is not answered.
        design: Full-sample and replicate weights with their rule.
        domain: Code of each row's domain, 0 to c − 1, −1 outside all; None is one domain.
        n_domains: Number c; by default the largest code plus 1.
        universe: Rows inside the subpopulation; None is everybody.
        with_covariance: Whether to compute the c × c covariance.

    Returns:
        One estimate a domain, with design effects.

    Source:
        Wolter (2007), chapter 3; design effects as R survey `svymean`.
    """
    estimates = ratios(
        y,
        np.where(np.isnan(y), np.nan, 1.0),
        design,
        domain,
        n_domains=n_domains,
        universe=universe,
        with_covariance=with_covariance,
    )
    cell, cells = _cells(y.size, domain, n_domains, _answered(y) & _inside(y.size, universe))
    with_fpc, replaced = _design_effects(y, design.weight, cell, cells, estimates.standard_error**2)
    return ReplicateEstimates(
        value=estimates.value,
        standard_error=estimates.standard_error,
        replicates=estimates.replicates,
        covariance=estimates.covariance,
        base=estimates.base,
        deff=with_fpc,
        deff_replace=replaced,
    )


def totals(
    y: Floats,
    design: ReplicateDesign,
    domain: Ints | None = None,
    *,
    n_domains: int | None = None,
    universe: Bools | None = None,
    with_covariance: bool = False,
) -> ReplicateEstimates:
    """Estimate weighted totals of domains.

    Args:
        y: Values, shape (n,); NaN is not answered and adds nothing.
        design: Full-sample and replicate weights with their rule.
        domain: Code of each row's domain, −1 outside all; None is one domain.
        n_domains: Number c; by default the largest code plus 1.
        universe: Rows inside the subpopulation; None is everybody.
        with_covariance: Whether to compute the c × c covariance.

    Returns:
        One estimate a domain; an empty domain has total 0 and standard error 0.

    Source:
        Wolter (2007), chapter 3.
    """
    valid = _answered(y) & _inside(y.size, universe)
    cell, cells = _cells(y.size, domain, n_domains, valid)
    columns = np.where(valid, y, 0.0)[:, None]
    value = cell_sums(columns, design.weight[:, None], cell, cells)[:, 0, 0]
    joint = cell_sums(columns, design.replicate_weights, cell, cells)[:, 0, :]
    return _estimates(value, joint, design.rule, _base(cell, cells, design.weight), with_covariance)


def ratios(
    numerator: Floats,
    denominator: Floats,
    design: ReplicateDesign,
    domain: Ints | None = None,
    *,
    n_domains: int | None = None,
    universe: Bools | None = None,
    with_covariance: bool = False,
) -> ReplicateEstimates:
    """Estimate ratios of two weighted totals in domains.

    Args:
        numerator: y, shape (n,); NaN is not answered.
        denominator: x, shape (n,); a row counts only where both are answered.
        design: Full-sample and replicate weights with their rule.
        domain: Code of each row's domain, −1 outside all; None is one domain.
        n_domains: Number c; by default the largest code plus 1.
        universe: Rows inside the subpopulation; None is everybody.
        with_covariance: Whether to compute the c × c covariance.

    Returns:
        One estimate a domain, NaN where the denominator is 0.

    Source:
        Wolter (2007), chapter 3; R survey `svyratio`.
    """
    valid = _answered(numerator) & _answered(denominator) & _inside(numerator.size, universe)
    cell, cells = _cells(numerator.size, domain, n_domains, valid)
    columns = np.where(valid[:, None], np.column_stack([numerator, denominator]), 0.0)
    full = cell_sums(columns, design.weight[:, None], cell, cells)[:, :, 0]
    joint = cell_sums(columns, design.replicate_weights, cell, cells)
    return _estimates(
        _divided(full[:, 0], full[:, 1]),
        _divided(joint[:, 0], joint[:, 1]),
        design.rule,
        _base(cell, cells, design.weight),
        with_covariance,
    )


def ratios_of_sums(
    numerator: Floats,
    denominator: Floats,
    numerator_replicates: Floats,
    denominator_replicates: Floats,
    rule: Replication,
) -> tuple[Floats, Floats, Floats]:
    """Estimate ratios from sums a cell and replicate, without rows.

    The engine adds up w·y and w·x for every weight column in its one scan; this is all the
    variance needs.

    Args:
        numerator: Σ w y with the full-sample weight, any shape.
        denominator: Σ w x, same shape.
        numerator_replicates: Σ w_r y, shape (..., R).
        denominator_replicates: Σ w_r x, shape (..., R).
        rule: Scales and centre.

    Returns:
        Values (...), variances (...) and replicates (..., R); NaN where a denominator is 0.

    Source:
        As `ratios`.
    """
    value = _divided(numerator, denominator)
    joint = _divided(numerator_replicates, denominator_replicates)
    return value, variances(value, joint, rule), joint


def cell_sums(
    columns: Floats, weights: Floats, cell: Ints, n_cells: int, *, block: int = 10
) -> Floats:
    """Add up weighted columns a cell and weight column.

    Args:
        columns: What is weighted, shape (n, m), finite.
        weights: Weight columns, shape (n, R); a memory map will do, `block` columns are read at a
            time.
        cell: Code of each row's cell, 0 to n_cells − 1; −1 is left out.
        n_cells: Number of cells.
        block: Weight columns worked on at once; bounds the memory to n × block doubles.

    Returns:
        Sums, shape (n_cells, m, R).

    Source:
        Definition; no estimate is made here.
    """
    rows = np.flatnonzero(cell >= 0)
    m = columns.shape[1]
    target = (cell[rows, None] * m + np.arange(m)).ravel()
    source = np.repeat(np.arange(rows.size), m)
    spread = sparse.csr_matrix(
        (columns[rows].ravel(), (target, source)), shape=(n_cells * m, rows.size)
    )
    # A copy of the rows is only made where some are left out.
    everything = rows.size == cell.size
    result = np.empty((n_cells * m, weights.shape[1]))
    for start in range(0, weights.shape[1], block):
        part = weights[:, start : start + block]
        chosen = part if everything else part[rows]
        result[:, start : start + block] = spread @ np.ascontiguousarray(chosen, dtype=np.float64)
    return np.asarray(result.reshape(n_cells, m, weights.shape[1]))


def _estimates(
    value: Floats, joint: Floats, rule: Replication, base: Ints, with_covariance: bool
) -> ReplicateEstimates:
    """Put values, variances and, on request, the covariance together."""
    return ReplicateEstimates(
        value=value,
        standard_error=np.sqrt(variances(value, joint, rule)),
        replicates=joint,
        covariance=covariance(value, joint, rule) if with_covariance else None,
        base=base,
    )


def _design_effects(
    y: Floats, weight: Floats, cell: Ints, cells: int, variance: Floats
) -> tuple[Floats, Floats]:
    """Compare variances of means with those of simple random samples of the same size."""
    inside = cell >= 0
    codes, w, values = cell[inside], weight[inside], y[inside]
    count = np.bincount(codes, minlength=cells).astype(np.float64)
    population = np.bincount(codes, w, minlength=cells)
    mean = _divided(np.bincount(codes, w * values, minlength=cells), population)
    squares = np.bincount(codes, w * (values - mean[codes]) ** 2, minlength=cells)
    element = _divided(squares, population) * _divided(count, count - 1)
    replaced = _divided(variance, _divided(element, count))
    return _divided(replaced, _divided(population - count, population)), replaced


def _divided(numerator: ArrayLike, denominator: ArrayLike) -> Floats:
    """Divide, with NaN where the denominator is 0."""
    shape = np.broadcast_shapes(np.shape(numerator), np.shape(denominator))
    quotient: Floats = np.divide(
        numerator, denominator, out=np.full(shape, np.nan), where=np.asarray(denominator) != 0
    )
    return quotient


def _answered(values: Floats) -> Bools:
    """Tell which values are there."""
    return np.asarray(~np.isnan(values))


def _inside(n: int, universe: Bools | None) -> Bools:
    """Give the rows of the subpopulation, all of them by default."""
    return np.ones(n, dtype=np.bool_) if universe is None else universe


def _cells(n: int, domain: Ints | None, n_domains: int | None, valid: Bools) -> tuple[Ints, int]:
    """Give each valid row its cell code and the number of cells."""
    codes = np.zeros(n, dtype=np.int64) if domain is None else domain
    cells = int(codes.max(initial=-1)) + 1 if n_domains is None else n_domains
    return np.where(valid, codes, -1), cells


def _base(cell: Ints, cells: int, weight: Floats) -> Ints:
    """Count rows with weight above 0 a cell."""
    counted: Ints = cell[(cell >= 0) & (weight > 0)]
    return np.bincount(counted, minlength=cells).astype(np.int64)


def logit_standard_errors(value: Floats, replicates: Floats, rule: Replication) -> Floats:
    """Estimate standard errors of log-odds from replicate shares.

    Args:
        value: Shares, shape (c,).
        replicates: Their replicates, shape (c, R).
        rule: Scales and centre.

    Returns:
        Shape (c,); NaN at a share of exactly 0 or 1. A replicate share of 0 or 1 has no finite
        log-odds: like R we take the point at which Newton's iteration from the full-sample value
        stops, so such an interval is very wide and depends on that rule.

    Source:
        R survey 4.5 `svyglm` on replicate designs, `glm.fit` in each replicate.
    """
    inner = np.where((value > 0) & (value < 1), value, np.nan)
    start = np.asarray(special.logit(inner))
    shares = np.where(np.isnan(start)[:, None], np.nan, replicates)
    return np.sqrt(variances(start, _iterated_logit(shares, start[:, None]), rule))


def _iterated_logit(share: Floats, start: Floats) -> Floats:
    """Iterate to log-odds as `glm.fit` does: relative change of deviance 1e-8, 25 steps at most."""
    beta = np.where(np.isnan(share), np.nan, start)
    deviance = _half_deviance(share, beta)
    active = ~np.isnan(beta)
    for _ in range(25):
        fitted = special.expit(beta)
        spread = fitted * (1 - fitted)
        moved = active & (spread > 0)
        beta = np.where(moved, beta + (share - fitted) / np.where(moved, spread, 1.0), beta)
        previous, deviance = deviance, _half_deviance(share, beta)
        active = moved & (np.abs(deviance - previous) >= 1e-8 * (np.abs(deviance) + 0.05))
        if not active.any():
            break
    return np.asarray(beta)


def _half_deviance(share: Floats, beta: Floats) -> Floats:
    """Give half the deviance of log-odds, with weights that add up to 1; NaN stays NaN."""
    with np.errstate(invalid="ignore"):
        lost = share * np.logaddexp(0, -beta) + (1 - share) * np.logaddexp(0, beta)
    return np.asarray(lost)
