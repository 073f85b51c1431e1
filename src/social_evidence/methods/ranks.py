"""Ranks with their uncertainty: where each of some values stands, and where it might.

Thirty-three places can always be put in order, and most of the order is chance. So values are
drawn again from their joint normal distribution, and each draw is ranked.

Notation: k values θ with covariance V, draws from N(θ, V).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from social_evidence.errors import DataError
from social_evidence.methods.arrays import Floats, Ints
from social_evidence.methods.counts import check_level

DRAWS: Final = 10_000
_BLOCK: Final = 4_000_000
"""Numbers drawn at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """Ranks of k values; 1 is the highest, values that are equal share the better one.

    Attributes:
        rank: (k,) of the values themselves; 0 where a value is missing.
        lower: (k,) best rank of the interval; 0 where a value is missing.
        upper: (k,) worst rank of the interval.
        level: Share of the draws that lie in each interval, at least.
    """

    rank: Ints
    lower: Ints
    upper: Ints
    level: float


def ranks(
    value: Floats, covariance: Floats, *, seed: int, level: float = 0.95, draws: int = DRAWS
) -> Ranks:
    """Rank values from the highest down, with an interval for each rank.

    Args:
        value: (k,) values; NaN has no rank and is not among those that are ranked.
        covariance: (k, k) their covariance, or (k,) variances of independent values.
        seed: Of the draws: the same seed and values give the same ranks.
        level: Confidence level of the intervals, each by itself.
        draws: How many times values are drawn.

    Returns:
        Ranks and their intervals.

    Raises:
        DataError: The level is not between 0 and 1, or a variance is missing or below zero.

    Source:
        Goldstein and Spiegelhalter (1996), Journal of the Royal Statistical Society A 159,
        385-443; Marshall and Spiegelhalter (1998), BMJ 316, 1701-1705.
    """
    tail = (1.0 - check_level(level)) / 2.0
    known = np.flatnonzero(np.isfinite(value))
    matrix = np.diag(covariance) if covariance.ndim == 1 else covariance
    matrix = matrix[np.ix_(known, known)]
    root = _root(matrix)
    chance = np.random.Generator(np.random.PCG64(seed))
    counts = np.zeros((known.size, known.size + 1), dtype=np.int64)
    left = draws
    while left and known.size:
        some = min(left, max(1, _BLOCK // known.size))
        drawn = value[known] + chance.standard_normal((some, known.size)) @ root.T
        for at, own in enumerate(_ranked(drawn).T):
            counts[at] += np.bincount(own, minlength=known.size + 1)
        left -= some
    shares = np.cumsum(counts, axis=1) / draws
    lower, upper = np.zeros(value.size, dtype=np.int64), np.zeros(value.size, dtype=np.int64)
    lower[known] = (shares <= tail).sum(axis=1)
    upper[known] = (shares < 1.0 - tail).sum(axis=1)
    rank = np.zeros(value.size, dtype=np.int64)
    rank[known] = [int((value[known] > own).sum()) + 1 for own in value[known]]
    return Ranks(rank=rank, lower=lower, upper=upper, level=level)


def _root(matrix: Floats) -> Floats:
    """Give a matrix whose square the covariance is."""
    if not np.all(np.diagonal(matrix) >= 0.0):
        raise DataError(
            "A value that is to be ranked has no variance, or one below zero, so where it might "
            "stand cannot be told. Rank only values with a standard error."
        )
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _ranked(drawn: Floats) -> Ints:
    """Rank every draw, the highest first."""
    order = np.argsort(-drawn, axis=1, kind="stable")
    found = np.empty(order.shape, dtype=np.int64)
    np.put_along_axis(found, order, np.arange(1, drawn.shape[1] + 1)[None, :], axis=1)
    return found
