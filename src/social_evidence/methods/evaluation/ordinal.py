"""Change on an ordered scale that the same people answered before and after."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from social_evidence.errors import DataError
from social_evidence.methods.distributions import chi_squared_tail, normal_tail
from social_evidence.methods.evaluation.paired import matched


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRanks:
    """Wilcoxon's test of change, in the versions that programs differ by.

    Attributes:
        changed: People whose answer changed.
        up, down: Sums of the ranks of rises and of falls.
        p_value, corrected_p: People without change left out; without and with the continuity
            correction; two-sided, normal, ties allowed for.
        pratt_z, pratt_p: People without change ranked and then left out.
        rank_biserial: (up - down) / (up + down), in [-1, 1].

    Nobody changed: probabilities are 1 and the last is NaN.
    """

    changed: int
    up: float
    down: float
    p_value: float
    corrected_p: float
    pratt_z: float
    pratt_p: float
    rank_biserial: float


def signed_ranks(before: ArrayLike, after: ArrayLike) -> SignedRanks:
    """Test whether answers on an ordered scale moved up or down.

    Args:
        before: (n,) codes in rising order; NaN is no answer.
        after: (n,) of the same people.

    Raises:
        DataError: Nobody answered twice, or the lengths differ.

    Source:
        Wilcoxon (1945), Biometrics Bulletin 1, 80-83; Pratt (1959), JASA 54, 655-667; the effect
        size is Kerby (2014), Comprehensive Psychology 3:11.
    """
    first, second = matched(before, after)
    change = second - first
    moved = change[change != 0]
    ranks = stats.rankdata(np.abs(moved))
    up, down = float(ranks[moved > 0].sum()), float(ranks[moved < 0].sum())
    if not moved.size:
        return SignedRanks(
            changed=0,
            up=0.0,
            down=0.0,
            p_value=1.0,
            corrected_p=1.0,
            pratt_z=0.0,
            pratt_p=1.0,
            rank_biserial=math.nan,
        )
    spread = math.sqrt(float((ranks**2).sum()) / 4)
    away = abs(up - down) / 2
    with_zeros = stats.rankdata(np.abs(change))[change != 0]
    pratt = float((np.sign(moved) * with_zeros).sum() / 2) / math.sqrt(
        float((with_zeros**2).sum()) / 4
    )
    return SignedRanks(
        changed=int(moved.size),
        up=up,
        down=down,
        p_value=_two_sided(away / spread),
        corrected_p=min(1.0, _two_sided(max(away - 0.5, 0.0) / spread)),
        pratt_z=pratt,
        pratt_p=_two_sided(pratt),
        rank_biserial=(up - down) / (up + down),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTest:
    """A chi-squared test over a square table of answers before and after."""

    chi_squared: float
    degrees_of_freedom: int
    p_value: float


def answers_table(before: ArrayLike, after: ArrayLike) -> np.ndarray:
    """Count people by answer before (rows) and after (columns), over the answers that occur."""
    first, second = matched(before, after)
    codes = np.unique(np.concatenate([first, second]))
    table = np.zeros((codes.size, codes.size), dtype=np.int64)
    np.add.at(table, (np.searchsorted(codes, first), np.searchsorted(codes, second)), 1)
    return table


def bowker(table: ArrayLike) -> TableTest:
    """Test whether each move is as common as its opposite.

    Args:
        table: (k, k) people by answer before and after.

    Returns:
        The test; a pair of answers between which nobody moved says nothing and is left out.

    Source:
        Bowker (1948), JASA 43, 572-574.
    """
    counts = _square(table)
    above = np.triu_indices(counts.shape[0], 1)
    there, back = counts[above], counts.T[above]
    both = there + back
    used = both > 0
    chi_squared = float(((there - back)[used] ** 2 / both[used]).sum())
    df = int(used.sum())
    p_value = float(chi_squared_tail(chi_squared, df)) if df else 1.0
    return TableTest(chi_squared=chi_squared, degrees_of_freedom=df, p_value=p_value)


def stuart_maxwell(table: ArrayLike) -> TableTest:
    """Test whether the answers are spread after as they were before.

    Args:
        table: (k, k) people by answer before and after.

    Raises:
        DataError: Fewer than two answers occur.

    Source:
        Stuart (1955), Biometrika 42, 412-416; Maxwell (1970), British Journal of Psychiatry 116,
        651-655.
    """
    counts = _square(table)
    occurs = counts.sum(axis=0) + counts.sum(axis=1) > 0
    counts = counts[np.ix_(occurs, occurs)]
    if counts.shape[0] < 2:
        raise DataError("Everybody gave one answer both times: there is no spread to compare.")
    away = (counts.sum(axis=1) - counts.sum(axis=0))[:-1]
    covariance = -(counts + counts.T)
    np.fill_diagonal(covariance, counts.sum(axis=1) + counts.sum(axis=0) - 2 * np.diag(counts))
    chi_squared = float(away @ np.linalg.pinv(covariance[:-1, :-1]) @ away)
    df = counts.shape[0] - 1
    return TableTest(
        chi_squared=chi_squared,
        degrees_of_freedom=df,
        p_value=float(chi_squared_tail(chi_squared, df)),
    )


def moves(before: ArrayLike, after: ArrayLike) -> tuple[int, int, int]:
    """Count people whose answer rose, stayed and fell."""
    first, second = matched(before, after)
    change = np.sign(second - first)
    return int((change > 0).sum()), int((change == 0).sum()), int((change < 0).sum())


def _two_sided(z: float) -> float:
    return float(2 * normal_tail(abs(z)))


def _square(table: ArrayLike) -> np.ndarray:
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise DataError(
            f"The table has shape {counts.shape}; it needs one row and column an answer."
        )
    return counts
