"""Replicate weights made from strata and primary units.

For surveys that publish their design but whose users want replicate weights, and for tests: the
variance of a total from these weights is the linearised one.

Letters: n rows, R replicates, n_h units in stratum h, ρ Fay's coefficient.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from social_evidence.errors import DesignError
from social_evidence.methods import replication
from social_evidence.methods.arrays import Codes, Floats, Ints
from social_evidence.methods.replication import ReplicateDesign, Replication


def jk1(weight: Floats, psu: Codes, *, mse: bool = False) -> ReplicateDesign:
    """Leave out one unit at a time, without strata.

    Args:
        weight: Shape (n,).
        psu: Unit of each row, shape (n,).
        mse: Centre on the full-sample estimate.

    Returns:
        As many replicates as units.

    Raises:
        DesignError: There are fewer than two units.

    Source:
        Wolter (2007), section 4.2; R survey `jk1weights`.
    """
    strata = np.zeros(weight.size, dtype=np.int64)
    unit, stratum_of = _units(strata, psu)
    factors, _ = _left_out(stratum_of)
    rule = replication.replication(replication.JK1, unit.max(initial=-1) + 1, mse=mse)
    return _design(weight, factors[unit], rule)


def jkn(weight: Floats, strata: Codes, psu: Codes, *, mse: bool = False) -> ReplicateDesign:
    """Leave out one unit at a time and spread its weight over the others of its stratum.

    Args:
        weight: Shape (n,).
        strata: Stratum of each row, shape (n,).
        psu: Unit of each row, read within stratum, shape (n,).
        mse: Centre on the full-sample estimate.

    Returns:
        As many replicates as units, with factors (n_h − 1)/n_h.

    Raises:
        DesignError: A stratum has one unit.

    Source:
        Wolter (2007), section 4.5; R survey `jknweights`.
    """
    unit, stratum_of = _units(strata, psu)
    factors, rscales = _left_out(stratum_of)
    rule = replication.replication(replication.JKN, rscales.size, rscales=rscales, mse=mse)
    return _design(weight, factors[unit], rule)


def brr(
    weight: Floats, strata: Codes, psu: Codes, *, fay: float = 0.0, mse: bool = False
) -> ReplicateDesign:
    """Take balanced half samples of strata with two units each.

    Args:
        weight: Shape (n,).
        strata: Stratum of each row, shape (n,).
        psu: Unit of each row, read within stratum, shape (n,).
        fay: ρ, the share of weight the half left out keeps; 0 for full half samples.
        mse: Centre on the full-sample estimate.

    Returns:
        R replicates, the least power of two above the number of strata.

    Raises:
        DesignError: A stratum does not have exactly two units, or ρ is outside [0, 1).

    Source:
        McCarthy (1969); Judkins (1990). The order of replicates is not R's; the variance of a
        total is the same.
    """
    unit, stratum_of = _units(strata, psu)
    counts = np.bincount(stratum_of)
    if np.any(counts != 2):
        msg = (
            f"{int(np.sum(counts != 2))} of {counts.size} strata do not have exactly two primary "
            "units, so no half samples exist; use jkn or bootstrap"
        )
        raise DesignError(msg)
    # Columns of a Hadamard matrix are orthogonal; the first, all ones, would not be balanced.
    signs = hadamard(counts.size + 1)[:, 1 : counts.size + 1]
    first = np.concatenate([[True], stratum_of[1:] != stratum_of[:-1]])
    toward = np.where(first, 1.0, -1.0)[:, None] * signs.T[stratum_of]
    method = replication.FAY if fay else replication.BRR
    rule = replication.replication(method, len(signs), fay=fay, mse=mse)
    return _design(weight, (1 + (1 - fay) * toward)[unit], rule)


def bootstrap(
    weight: Floats,
    strata: Codes,
    psu: Codes,
    *,
    replicates: int,
    generator: np.random.Generator,
    mse: bool = False,
) -> ReplicateDesign:
    """Resample n_h − 1 of the n_h units of each stratum with replacement.

    Args:
        weight: Shape (n,).
        strata: Stratum of each row, shape (n,).
        psu: Unit of each row, read within stratum, shape (n,).
        replicates: Number R.
        generator: Source of chance, seeded by the caller.
        mse: Centre on the full-sample estimate.

    Returns:
        R replicates; the variance is right on average over draws.

    Raises:
        DesignError: A stratum has one unit.

    Source:
        Rao and Wu (1988), JASA 83; Rao, Wu and Yue (1992).
    """
    unit, stratum_of = _units(strata, psu)
    counts = np.bincount(stratum_of)
    _check_pairs(counts)
    factors = np.empty((stratum_of.size, replicates))
    for stratum, size in enumerate(counts):
        drawn = generator.multinomial(size - 1, np.full(size, 1 / size), replicates)
        factors[stratum_of == stratum] = drawn.T * size / (size - 1)
    rule = replication.replication(replication.BOOTSTRAP, replicates, mse=mse)
    return _design(weight, factors[unit], rule)


def calibrated(design: ReplicateDesign, adjust: Callable[[Floats], Floats]) -> ReplicateDesign:
    """Calibrate the full-sample weights and every replicate's in the same way.

    The effect of calibration on the variance shows only if each replicate meets the totals too.

    Args:
        design: Weights before calibration.
        adjust: Gives calibrated weights for weights of shape (n,): post-stratification, raking or
            regression to the same population totals.

    Returns:
        The design with calibrated weights and its rule as it was.

    Source:
        Valliant (1993), JASA 88; R survey `postStratify` and `rake` on replicate designs.
    """
    columns = [adjust(column) for column in design.replicate_weights.T]
    return ReplicateDesign(
        weight=adjust(design.weight),
        replicate_weights=np.column_stack(columns),
        rule=design.rule,
    )


def hadamard(least: int) -> Floats:
    """Build a matrix of ±1 with orthogonal columns, the first all ones.

    Args:
        least: Order wanted; the result has the least power of two that is not below it.

    Returns:
        Square matrix.

    Source:
        Sylvester (1867): doubling. Other orders exist and would need fewer replicates.
    """
    matrix = np.ones((1, 1))
    while len(matrix) < least:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix


def _design(weight: Floats, factors: Floats, rule: Replication) -> ReplicateDesign:
    """Multiply the full-sample weights by the factors of their rows."""
    return ReplicateDesign(weight=weight, replicate_weights=weight[:, None] * factors, rule=rule)


def _units(strata: Codes, psu: Codes) -> tuple[Ints, Ints]:
    """Number units within strata: the unit of each row, and the stratum of each unit in order."""
    _, h = np.unique(strata, return_inverse=True)
    labels, i = np.unique(psu, return_inverse=True)
    keys, unit = np.unique(h.astype(np.int64) * labels.size + i, return_inverse=True)
    return unit.astype(np.int64), np.asarray(keys // max(labels.size, 1), dtype=np.int64)


def _left_out(stratum_of: Ints) -> tuple[Floats, Floats]:
    """Give factors a unit and replicate where each replicate leaves out one unit."""
    counts = np.bincount(stratum_of)
    _check_pairs(counts)
    size = counts[stratum_of].astype(np.float64)
    same = stratum_of[:, None] == stratum_of
    factors = np.where(same, (size / (size - 1))[:, None], 1.0)
    np.fill_diagonal(factors, 0.0)
    return factors, (size - 1) / size


def _check_pairs(counts: Ints) -> None:
    """Refuse strata in which leaving out a unit leaves nobody."""
    if counts.size == 0 or np.any(counts < 2):
        msg = (
            f"{int(np.sum(counts < 2))} of {counts.size} strata have fewer than two primary "
            "units, so replicates cannot show their variance; join them to others first"
        )
        raise DesignError(msg)
