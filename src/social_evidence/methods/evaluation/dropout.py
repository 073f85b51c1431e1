"""People who did not answer again: what weighting can mend, and what nobody can know."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.errors import DataError
from social_evidence.methods.arrays import Bools, Floats
from social_evidence.methods.evaluation.paired import Limits
from social_evidence.methods.evaluation.regression import logistic

CAP = 99.0
"""Percentile of the weights above which they are cut in the trimmed estimate."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weighted:
    """Change among those who answered again, weighted to stand for all who began.

    Attributes:
        began, answered: People before, and of them those with an answer after.
        coefficients: (k + 1,) of the logistic model of answering again, the constant first.
        weights: (answered,) 1 / probability.
        unweighted, unweighted_error: Change among those who answered, as they are.
        change, standard_error: Weighted (Hájek); the error takes the weights as known.
        trimmed: With weights cut at `cap`.
        cap: The 99th percentile of the weights.
        effective: Kish's effective number of people; `design_effect` is answered / effective.
        stabilised: Mean of weight times retention; near 1 where the model fits.
        imbalance, balance: (k,) standardised differences of those who answered from all who
            began, before and after weighting.
    """

    began: int
    answered: int
    coefficients: Floats
    weights: Floats
    unweighted: float
    unweighted_error: float
    change: float
    standard_error: float
    trimmed: float
    cap: float
    effective: float
    design_effect: float
    stabilised: float
    imbalance: Floats
    balance: Floats

    @property
    def retention(self) -> float:
        """Share of those who began that answered again."""
        return self.answered / self.began


def weighted_change(before: ArrayLike, after: ArrayLike, covariates: ArrayLike) -> Weighted:
    """Weight those who answered again by how likely people like them were to.

    Args:
        before: (n,) answers of all who began.
        after: (n,) their answers after; NaN where there is none.
        covariates: (n, k) what was known of them at the start.

    Raises:
        DataError: A value before is missing, fewer than two answered again or all did, or the
            covariates tell the two apart entirely.

    Source:
        Seaman and White (2013), Statistical Methods in Medical Research 22, 278-295; effective
        number Kish (1965), Survey Sampling, section 11.7.
    """
    first, x = (np.asarray(values, dtype=np.float64) for values in (before, covariates))
    second = np.asarray(after, dtype=np.float64)
    again = np.isfinite(second)
    if not 2 <= again.sum() < again.size:
        raise DataError(
            f"{int(again.sum())} of {again.size} people answered again: weights for drop-out need "
            "some who did (two or more) and some who did not."
        )
    coefficients, chance = logistic(again.astype(np.float64), x)
    weights = 1.0 / chance[again]
    change = second[again] - first[again]
    n = change.size
    cap = float(np.percentile(weights, CAP))
    mean = _mean(change, weights)
    scatter = float((weights**2 * (change - mean) ** 2).sum())
    effective = kish(weights)
    return Weighted(
        began=int(again.size),
        answered=n,
        coefficients=coefficients,
        weights=weights,
        unweighted=float(change.mean()),
        unweighted_error=float(change.std(ddof=1)) / math.sqrt(n),
        change=mean,
        standard_error=math.sqrt(n / (n - 1) * scatter) / float(weights.sum()),
        trimmed=_mean(change, np.minimum(weights, cap)),
        cap=cap,
        effective=effective,
        design_effect=n / effective,
        stabilised=float(weights.mean()) * n / again.size,
        imbalance=_differences(x, again, np.ones(n)),
        balance=_differences(x, again, weights),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a share after and its change could be whatever the people who left would have said."""

    after: Limits
    change: Limits
    carried_forward: float


def bounds(before: ArrayLike, after: ArrayLike) -> Bounds:
    """Bound a yes or no by the two extremes: all who left said no, all said yes.

    Args:
        before: (n,) 1 or 0 of all who began.
        after: (n,) 1, 0, or NaN where there is no answer.

    Returns:
        The bounds, and the change if everybody who left had stayed as they were.

    Raises:
        DataError: An answer is neither 0 nor 1, or one before is missing.

    Source:
        Manski (1990), American Economic Review 80, 319-323.
    """
    first, second = (np.asarray(values, dtype=np.float64) for values in (before, after))
    again = np.isfinite(second)
    if first.shape != second.shape or not first.size or not np.isin(first, (0.0, 1.0)).all():
        raise DataError("Bounds need an answer before, 1 or 0, of everybody who began.")
    if not np.isin(second[again], (0.0, 1.0)).all():
        raise DataError("Answers after must be 1, 0 or missing; other codes were found.")
    yes, left, n = float(second[again].sum()), int((~again).sum()), first.size
    low, high = yes / n, (yes + left) / n
    start = float(first.mean())
    return Bounds(
        after=(low, high),
        change=(low - start, high - start),
        carried_forward=float((second[again] - first[again]).sum()) / n,
    )


def kish(weights: ArrayLike) -> float:
    """Give the number of equally weighted people that weighted ones are worth.

    Source:
        Kish (1965), Survey Sampling, section 11.7.
    """
    own = np.asarray(weights, dtype=np.float64)
    return float(own.sum() ** 2 / (own**2).sum())


def _mean(values: Floats, weights: Floats) -> float:
    return float((weights * values).sum() / weights.sum())


def _differences(x: Floats, again: Bools, weights: Floats) -> Floats:
    spread = x.std(axis=0, ddof=1)
    mean = (weights[:, None] * x[again]).sum(axis=0) / weights.sum()
    found: Floats = (mean - x.mean(axis=0)) / np.where(spread > 0, spread, np.nan)
    return found
