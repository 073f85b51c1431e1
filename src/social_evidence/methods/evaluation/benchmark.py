"""Participants set against people like them in the city's survey.

The city's respondents are weighted until they resemble the participants; what then differs is what
similar people who did not take part cannot explain. Measured once it says who takes part and where
they start, and nothing of change.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from social_evidence.errors import DataError
from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.methods.evaluation.dropout import kish
from social_evidence.methods.evaluation.regression import least_squares, logistic

_STEPS = 200
_CLOSE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Benchmark:
    """A gap between participants and weighted respondents of the city's survey.

    Attributes:
        gap: Participants' mean less the benchmark's.
        standard_error: Robust (HC0), the weights taken as known.
        weights: (controls,) of the city's respondents; they add up to the participants.
        effective: How many equally weighted respondents the benchmark is worth.
        balance: (k,) standardised differences that remain, over the participants' spread.
    """

    gap: float
    standard_error: float
    weights: Floats
    effective: float
    balance: Floats

    @property
    def worst(self) -> float:
        """The largest standardised difference that remains."""
        return float(np.nanmax(np.abs(self.balance)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """Participants and the city's respondents, checked and ready.

    Attributes:
        takes_part: (n,) true for participants.
        covariates: (n, k) what is known of both.
        outcome: (n,) what is compared.
        design_weight: (n,) of the city's survey; participants count 1 each.
    """

    takes_part: Bools
    covariates: Floats
    outcome: Floats
    design_weight: Floats

    @classmethod
    def of(
        cls,
        takes_part: ArrayLike,
        covariates: ArrayLike,
        outcome: ArrayLike,
        design_weight: ArrayLike | None = None,
    ) -> Compared:
        """Put the two groups together.

        Raises:
            DataError: A value is missing, a weight is not above 0, or a group is empty.
        """
        part = np.asarray(takes_part, dtype=bool)
        x = np.asarray(covariates, dtype=np.float64)
        y = np.asarray(outcome, dtype=np.float64)
        own = np.ones(part.size) if design_weight is None else np.asarray(design_weight, np.float64)
        if x.ndim != 2 or not part.size == x.shape[0] == y.size == own.size:
            raise DataError("Participants, covariates, outcome and weights need one row a person.")
        known = np.isfinite(x).all(axis=1) & np.isfinite(y) & np.isfinite(own)
        if not known.all() or (own <= 0).any():
            raise DataError(
                f"{int((~known).sum())} of {part.size} people lack a value, and "
                f"{int((own <= 0).sum())} have a weight of 0 or below. Leave them out and say so."
            )
        if part.all() or not part.any():
            raise DataError("A benchmark needs both participants and people of the city's survey.")
        return cls(takes_part=part, covariates=x, outcome=y, design_weight=own)

    @property
    def raw_gap(self) -> float:
        """Participants' mean less the city's, weighted by the survey's design only."""
        part = self.takes_part
        city = np.average(self.outcome[~part], weights=self.design_weight[~part])
        return float(self.outcome[part].mean() - city)

    def differences(self, weights: Floats) -> Floats:
        """Give (k,) participants' means less the weighted city's, over the participants' spread."""
        own = self.covariates[self.takes_part]
        spread = own.std(axis=0, ddof=1)
        city = np.average(self.covariates[~self.takes_part], axis=0, weights=weights)
        found: Floats = (own.mean(axis=0) - city) / np.where(spread > 0, spread, np.nan)
        return found

    @property
    def imbalance(self) -> Floats:
        """Give (k,) the standardised differences before any matching."""
        return self.differences(self.design_weight[~self.takes_part])

    def against(self, weights: Floats) -> Benchmark:
        """Compare participants with respondents weighted in some way."""
        part = self.takes_part
        every = np.ones(part.size)
        every[~part] = weights
        columns = np.column_stack([np.ones(part.size), part])
        fitted = least_squares(self.outcome, columns, every)
        return Benchmark(
            gap=float(fitted.coefficients[1]),
            standard_error=math.sqrt(float(fitted.robust()[1, 1])),
            weights=weights,
            effective=kish(weights),
            balance=self.differences(weights),
        )


def by_propensity(compared: Compared) -> tuple[Benchmark, Floats]:
    """Weight the city's respondents by their odds of taking part.

    Args:
        compared: Participants and respondents.

    Returns:
        The benchmark, and (k + 1,) coefficients of the model of taking part, the constant first.

    Raises:
        DataError: The covariates tell participants and respondents apart entirely.

    Source:
        Hirano, Imbens and Ridder (2003), Econometrica 71, 1161-1189; with survey weights Ridgeway
        and others (2015), Journal of Causal Inference 3, 237-249: control weight d p / (1 - p).
    """
    part = compared.takes_part
    coefficients, chance = logistic(
        part.astype(np.float64), compared.covariates, compared.design_weight
    )
    odds = (compared.design_weight * chance / (1 - chance))[~part]
    return compared.against(odds), coefficients


def by_entropy(compared: Compared) -> Benchmark:
    """Weight the city's respondents so that their means equal the participants': the default.

    Of all weights that do, these are the closest to the survey's own.

    Args:
        compared: Participants and respondents.

    Raises:
        DataError: The participants' means lie outside what the respondents can reach.

    Source:
        Hainmueller (2012), Political Analysis 20, 25-46, equations 7 to 9; base weights are the
        survey's.
    """
    part = compared.takes_part
    away = compared.covariates[~part] - compared.covariates[part].mean(axis=0)
    spread = away.std(axis=0)
    if (spread == 0).any():
        raise DataError(
            "The city's respondents are all alike in a covariate, so they cannot be weighted on "
            "it. Leave it out."
        )
    weights = _balanced(away / spread, compared.design_weight[~part])
    return compared.against(weights * part.sum())


def _balanced(away: Floats, base: Floats) -> Floats:
    """Find the weights of sum 1, closest to the base ones, whose means of `away` are zero."""
    lean = np.zeros(away.shape[1])

    def of(tilt: Floats) -> tuple[float, Floats]:
        power = away @ tilt
        top = power.max()
        own = base * np.exp(power - top)
        return float(np.log(own.sum()) + top), own / own.sum()

    height, weights = of(lean)
    for _ in range(_STEPS):
        miss = weights @ away
        if np.abs(miss).max() < _CLOSE:
            return weights
        curve = (away * weights[:, None]).T @ away - np.outer(miss, miss)
        step = np.linalg.pinv(curve) @ miss
        size = 1.0
        # A full step may overshoot where few respondents resemble the participants.
        while size > 1e-10 and of(lean - size * step)[0] > height:
            size /= 2
        lean = lean - size * step
        height, weights = of(lean)
    raise DataError(
        "No weights make the city's respondents resemble the participants: hardly anybody in the "
        "survey is like them. Leave a covariate out or widen its groups, and say so."
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matched:
    """Participants each paired with one respondent: a check on the weighting, not the default.

    Attributes:
        control: (pairs,) row of each participant's pair, participants in their order.
        gap: Mean difference within pairs.
        standard_error: Clustered by pair (CR1).
    """

    control: Ints
    gap: float
    standard_error: float


def by_matching(compared: Compared) -> Matched:
    """Pair each participant with the respondent of the nearest probability of taking part.

    The most likely participant chooses first; nobody is paired twice, and no pair is too far.

    Args:
        compared: Participants and respondents.

    Raises:
        DataError: There are fewer respondents than participants, or the model does not settle.

    Source:
        Rosenbaum and Rubin (1985), The American Statistician 39, 33-38 (greedy, 1 to 1).
    """
    part = compared.takes_part
    rows, others = np.flatnonzero(part), np.flatnonzero(~part)
    if rows.size > others.size:
        raise DataError(
            f"{rows.size} participants and {others.size} respondents: pairs without replacement "
            "need at least as many respondents. Weight them instead."
        )
    _, chance = logistic(part.astype(np.float64), compared.covariates)
    free, control = chance[others].copy(), np.zeros(rows.size, dtype=np.int64)
    for place in np.argsort(-chance[rows], kind="stable"):
        nearest = int(np.argmin(np.abs(free - chance[rows[place]])))
        control[place] = others[nearest]
        free[nearest] = np.inf
    n = rows.size
    outcome = np.concatenate([compared.outcome[rows], compared.outcome[control]])
    columns = np.column_stack([np.ones(2 * n), np.repeat([1.0, 0.0], n)])
    fitted = least_squares(outcome, columns)
    joint = fitted.clustered(np.tile(np.arange(n), 2))
    return Matched(
        control=control,
        gap=float(fitted.coefficients[1]),
        standard_error=math.sqrt(float(joint[1, 1])),
    )
