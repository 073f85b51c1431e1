"""How replicate weights become a variance: scales, centre, covariance and degrees of freedom.

Letters: m levels, R replicates, w a weight, ρ Fay's coefficient.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from social_evidence.errors import DesignError
from social_evidence.methods.arrays import Bools, Floats, Ints

BRR: Final = "brr"
FAY: Final = "fay"
JK1: Final = "jk1"
JKN: Final = "jkn"
BOOTSTRAP: Final = "bootstrap"
SUCCESSIVE_DIFFERENCE: Final = "successive_difference"
OTHER: Final = "other"
REPLICATE_METHODS: Final = (BRR, FAY, JK1, JKN, BOOTSTRAP, SUCCESSIVE_DIFFERENCE, OTHER)

_SPELLINGS: Final = {
    **{name.replace("_", ""): name for name in REPLICATE_METHODS},
    "sdr": SUCCESSIVE_DIFFERENCE,
    "acs": SUCCESSIVE_DIFFERENCE,
}
# R's `qr` calls a column dependent when what is left of it is below this share of its length.
_RANK_TOLERANCE: Final = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """How the spread of replicate estimates becomes a variance.

    Attributes:
        method: One of `REPLICATE_METHODS`.
        scale: One factor on the whole sum of squares.
        rscales: One factor a replicate, shape (R,).
        mse: Whether deviations are taken from the full-sample estimate (true) or from the mean of
            the replicates (false, R's default).
    """

    method: str
    scale: float
    rscales: Floats
    mse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicateDesign:
    """A sample with its replicate weights.

    Attributes:
        weight: Full-sample weights, shape (n,).
        replicate_weights: Combined (analysis) weights, shape (n, R); a memory map will do.
        rule: How replicate estimates become a variance.
    """

    weight: Floats
    replicate_weights: Floats
    rule: Replication


def replication(
    method: str,
    replicates: int,
    *,
    scale: float | None = None,
    rscales: Sequence[float] | Floats | None = None,
    mse: bool = False,
    fay: float | None = None,
) -> Replication:
    """Complete a replicate design with the scales its method implies.

    A wrong scale multiplies every standard error by the same wrong number and looks plausible, so
    what a method does not imply must be given.

    Args:
        method: `brr`, `fay`, `jk1`, `jkn`, `bootstrap`, `successive_difference` or `other`; case,
            hyphens and R's spellings are accepted, `sdr` and `acs` too.
        replicates: Number R of replicate weights.
        scale: Overall factor; by default 1/R for BRR, 1/(R(1 − ρ)²) for Fay, (R − 1)/R for JK1,
            1 for JKn with its own `rscales`, 1/(R − 1) for the bootstrap and 4/R for successive
            differences.
        rscales: One factor a replicate; 1 by default, needed for JKn.
        mse: Centre on the full-sample estimate instead of the mean of the replicates.
        fay: Fay's ρ in [0, 1), needed for `fay` alone.

    Returns:
        The complete rule.

    Raises:
        DesignError: The method is unknown, a factor is missing, negative or of the wrong length.

    Source:
        Wolter (2007), Introduction to Variance Estimation, chapters 3–5; Judkins (1990) for Fay's
        method; Fay and Train (1995) for successive differences. Defaults as R survey 4.5
        `svrepdesign`, except that it sets unknown scales to 1 with a warning and we refuse.
    """
    name = _SPELLINGS.get("".join(c for c in method.lower() if c.isalnum()))
    if name is None:
        msg = (
            f"replicate method {method!r} is not known, so no scale can be chosen; "
            f"use one of {', '.join(REPLICATE_METHODS)}"
        )
        raise DesignError(msg)
    if replicates < 2:
        msg = f"{replicates} replicate weights give no variance; at least 2 columns are needed"
        raise DesignError(msg)
    factors = _rscales(name, replicates, rscales)
    overall = (
        _default_scale(name, replicates, fay=fay, has_rscales=rscales is not None)
        if scale is None
        else float(scale)
    )
    if not np.isfinite(overall) or overall <= 0:
        msg = f"the scale of replicate method {name} is {overall}; it must be above 0"
        raise DesignError(msg)
    return Replication(method=name, scale=overall, rscales=factors, mse=mse)


def _rscales(name: str, replicates: int, given: Sequence[float] | Floats | None) -> Floats:
    """Check the factors of the replicates, or fill in 1 where the method implies it."""
    if given is None:
        if name == JKN:
            msg = (
                "replicate method jkn needs rscales, one (n_h - 1)/n_h a replicate: they differ "
                "between strata and cannot be read from combined weights"
            )
            raise DesignError(msg)
        return np.ones(replicates)
    factors = np.asarray(given, dtype=np.float64)
    if factors.shape != (replicates,):
        msg = f"rscales has {factors.size} values for {replicates} replicate weights; give one each"
        raise DesignError(msg)
    if not np.all(np.isfinite(factors)) or np.any(factors < 0):
        msg = "rscales holds a missing or negative factor; a variance needs factors of 0 or more"
        raise DesignError(msg)
    return factors


def _default_scale(name: str, replicates: int, *, fay: float | None, has_rscales: bool) -> float:
    """Give the overall factor a method implies."""
    if name == FAY:
        if fay is None or not 0 <= fay < 1:
            msg = f"replicate method fay needs its coefficient in [0, 1), got {fay}"
            raise DesignError(msg)
        return 1 / (replicates * (1 - fay) ** 2)
    if name == OTHER and not has_rscales:
        msg = (
            "replicate method other implies no scale: give scale, rscales or both, as the survey's "
            "documentation states them"
        )
        raise DesignError(msg)
    return {
        BRR: 1 / replicates,
        JK1: (replicates - 1) / replicates,
        JKN: 1.0,
        BOOTSTRAP: 1 / (replicates - 1),
        SUCCESSIVE_DIFFERENCE: 4 / replicates,
        OTHER: 1.0,
    }[name]


def variances(values: Floats, replicates: Floats, rule: Replication) -> Floats:
    """Turn replicate estimates into one variance an estimate.

    A replicate in which a domain has no weight gives NaN there: it is left out for that domain
    alone, and the scale stays as it is.

    Args:
        values: Full-sample estimates, shape (...).
        replicates: Their replicates, shape (..., R); NaN where a replicate has no estimate.
        rule: Scales and centre.

    Returns:
        Variances, shape (...); NaN where no replicate has an estimate.

    Source:
        Wolter (2007), section 3.3 and 4.2; the rule for NaN is R survey's `svrVar`.
    """
    kept = ~np.isnan(replicates)
    deviation = np.where(kept, replicates - _centre(values, replicates, kept, rule)[..., None], 0.0)
    result = rule.scale * np.sum(rule.rscales * deviation**2, axis=-1)
    return np.asarray(np.where(kept.any(axis=-1), result, np.nan))


def _centre(values: Floats, replicates: Floats, kept: Bools, rule: Replication) -> Floats:
    """Find what deviations are taken from; replicates of factor 0 do not move the mean."""
    if rule.mse:
        return np.asarray(values, dtype=np.float64)
    used = kept & (rule.rscales > 0)
    count = used.sum(axis=-1)
    total = np.sum(np.where(used, replicates, 0.0), axis=-1)
    centre: Floats = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
    return centre


def covariance(values: Floats, replicates: Floats, rule: Replication) -> Floats:
    """Turn joint replicate estimates into a covariance matrix.

    Args:
        values: Full-sample estimates of m levels, shape (m,).
        replicates: Shape (m, R). A replicate in which any level is NaN is left out for all levels.
        rule: Scales and centre.

    Returns:
        Shape (m, m); all NaN where no replicate is complete.

    Source:
        As `variances`; dropping a whole replicate is R survey's rule for `svyby(covmat=TRUE)`.
    """
    kept = ~np.isnan(replicates).any(axis=0)
    if not kept.any():
        return np.full((values.size, values.size), np.nan)
    complete = replicates[:, kept]
    factors = rule.rscales[kept]
    centre = values if rule.mse else complete[:, factors > 0].mean(axis=1)
    deviation = (complete - centre[:, None]) * np.sqrt(factors)
    return np.asarray(rule.scale * (deviation @ deviation.T))


def degrees_of_freedom(
    replicate_weights: Floats, domain: Ints | None = None, n_domains: int = 1
) -> Ints:
    """Count degrees of freedom: rank of the replicate weights less 1, a domain.

    The rank is found from the R × R matrix of cross-products, so the cost of a large file is one
    matrix product and not a decomposition of all its rows.

    Args:
        replicate_weights: Combined weights, shape (n, R).
        domain: Code of each row's domain, −1 outside; None is one domain of all rows. Rows count
            whether or not a question was answered.
        n_domains: Number of domains c.

    Returns:
        Shape (c,); −1 in a domain without weight, as R.

    Source:
        R survey 4.5 `degf` for replicate designs: rank by QR with tolerance 1e-5.
    """
    codes = np.zeros(len(replicate_weights), dtype=np.int64) if domain is None else domain
    order = np.argsort(codes, kind="stable")
    edges = np.searchsorted(codes[order], np.arange(n_domains + 1))
    ranks = [
        rank_of_gram(_gram(replicate_weights, order[first:last]))
        for first, last in itertools.pairwise(edges)
    ]
    return np.asarray(ranks, dtype=np.int64) - 1


def _gram(weights: Floats, rows: Ints, block: int = 65_536) -> Floats:
    """Form the cross-products of weight columns over some rows, a block of rows at a time."""
    total = np.zeros((weights.shape[1], weights.shape[1]))
    for start in range(0, rows.size, block):
        part = np.asarray(weights[rows[start : start + block]], dtype=np.float64)
        total += part.T @ part
    return total


def rank_of_gram(gram: Floats) -> int:
    """Count independent columns from their cross-products, with R's tolerance.

    Args:
        gram: W'W of a matrix W of weights, shape (R, R).

    Returns:
        The number of columns of which, after removing earlier independent columns, at least 1e-5
        of the length is left. Squared lengths are compared at 1e-10, far above rounding.

    Source:
        Limited column pivoting as in LINPACK `dqrdc2`, which R's `qr` uses, on the scale of
        squares.
    """
    length = np.sqrt(np.diag(gram))
    scale = np.where(length > 0, length, 1.0)
    rest = gram / np.outer(scale, scale)
    rank = 0
    for j in range(len(rest)):
        if rest[j, j] < _RANK_TOLERANCE**2:
            continue
        rank += 1
        column = rest[j + 1 :, j] / np.sqrt(rest[j, j])
        rest[j + 1 :, j + 1 :] -= np.outer(column, column)
    return rank
