"""Areas where something began set against areas where it did not, before and after.

Repeated cross-sections: different people each time, so areas and not people are what is compared,
and areas are the clusters.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from social_evidence.errors import DataError, DesignError
from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.methods.distributions import t_quantile, t_tail
from social_evidence.methods.evaluation.paired import Limits
from social_evidence.methods.evaluation.regression import (
    Line,
    dummies,
    groups_of,
    least_squares,
)

FEWEST_TREATED = 6
"""Treated areas under which only a permutation of areas gives an honest probability."""
_ALL_CHOICES = 20_000  # choices of treated areas up to which each is tried


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observed:
    """Answers of people in areas over waves.

    Attributes:
        y: (n,) answers or scores.
        area: (n,) codes of areas.
        wave: (n,) waves, in rising order of time.
        treated: (n,) true in areas where something began.
        starts: The first wave with it.
        weight: (n,) of people; alike where None.
    """

    y: Floats
    area: Ints
    wave: Floats
    treated: Bools
    starts: float
    weight: Floats | None = None

    @classmethod
    def of(
        cls,
        y: ArrayLike,
        area: ArrayLike,
        wave: ArrayLike,
        treated: ArrayLike,
        starts: float,
        weight: ArrayLike | None = None,
    ) -> Observed:
        """Put the columns together.

        Raises:
            DataError: A value is missing, or columns differ in length.
            DesignError: No area, or every area, is treated; an area is both; a wave before or
                after the start is missing.
        """
        values, when = np.asarray(y, dtype=np.float64), np.asarray(wave, dtype=np.float64)
        places, began = groups_of(area), np.asarray(treated, dtype=bool)
        own = None if weight is None else np.asarray(weight, dtype=np.float64)
        if not (values.shape == when.shape == places.shape == began.shape):
            raise DataError("Answers, areas, waves and treatment need one value a person.")
        if not (np.isfinite(values).all() and np.isfinite(when).all()):
            raise DataError("An answer or a wave is missing. Leave those people out and say so.")
        once = np.bincount(places, weights=began) / np.bincount(places)
        if not np.isin(once, (0.0, 1.0)).all() or once.all() or not once.any():
            raise DesignError(
                "Each area must be treated or not, and there must be some of both: without areas "
                "to compare with, nothing can be said of what the treatment did."
            )
        if not ((when < starts).any() and (when >= starts).any()):
            raise DesignError(f"There must be waves before {starts:g} and from then on.")
        return cls(y=values, area=places, wave=when, treated=began, starts=starts, weight=own)

    @property
    def after(self) -> Bools:
        """(n,) whether the person was asked once it had begun."""
        return self.wave >= self.starts

    @property
    def areas(self) -> int:
        """How many areas there are."""
        return int(self.area.max()) + 1

    @property
    def treated_areas(self) -> Bools:
        """(areas,) which areas are treated."""
        return np.asarray(np.bincount(self.area, weights=self.treated) > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A difference in differences: change in treated areas less change in the others.

    Attributes:
        value: The difference.
        standard_error: Between areas (CR1), the small-sample factor counting every column.
        nested_error: The same, area effects left out of the factor, for they are nested in the
            clusters; equal to the former where there are none.
        limits: From `nested_error`, t with one less than the areas.
        p_value: Likewise.
        unclustered_error: HC1, for comparison only: people of one area are not independent.
    """

    value: float
    standard_error: float
    nested_error: float
    limits: Limits
    p_value: float
    unclustered_error: float


def two_by_two(observed: Observed, level: float = 0.95) -> Effect:
    """Compare changes between two groups of areas and two times.

    Source:
        Angrist and Pischke (2009), Mostly Harmless Econometrics, section 5.2.
    """
    part, after = observed.treated.astype(float), observed.after.astype(float)
    columns = np.column_stack([part * after, np.ones(part.size), part, after])
    return _effect(observed, columns, 0, level)


def two_way(observed: Observed, level: float = 0.95) -> Effect:
    """Compare changes with an effect of each area and of each wave.

    Only where all treated areas began at one time: otherwise `staggered` must be used.

    Source:
        Angrist and Pischke (2009), section 5.2; errors as in `regression.Line.clustered`.
    """
    return _effect(observed, _two_way_columns(observed), observed.areas - 1, level)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStudy:
    """Differences wave by wave, against the last wave before the start.

    Attributes:
        effects: Wave -> difference; those before the start should be near nothing.
        errors: Wave -> standard error (CR1, every column counted).
        before: Wald statistic that all differences before the start are nothing; None where
            there is one wave before.
        before_df: Its degrees of freedom.
        before_p: Its probability, from chi-squared.
    """

    effects: Mapping[float, float]
    errors: Mapping[float, float]
    before: float | None
    before_df: int
    before_p: float | None


def event_study(observed: Observed) -> EventStudy:
    """Look at each wave by itself: did the two groups of areas move alike before it began?

    Source:
        Freyaldenhoven, Hansen and Shapiro (2019), American Economic Review 109, 3307-3338,
        section I (the plain form).
    """
    waves = np.unique(observed.wave)
    reference = waves[waves < observed.starts].max()
    told = waves[waves != reference]
    marks = (observed.wave[:, None] == told[None, :]) & observed.treated[:, None]
    fitted = _fit(observed, np.column_stack([marks, _effects_of(observed)]))
    joint = fitted.clustered(observed.area)
    early = np.flatnonzero(told < observed.starts)
    statistic = None
    if early.size:
        lead = fitted.coefficients[early]
        statistic = float(lead @ np.linalg.pinv(joint[np.ix_(early, early)]) @ lead)
    errors = np.sqrt(np.diag(joint))
    return EventStudy(
        effects={float(wave): float(fitted.coefficients[at]) for at, wave in enumerate(told)},
        errors={float(wave): float(errors[at]) for at, wave in enumerate(told)},
        before=statistic,
        before_df=int(early.size),
        before_p=None if statistic is None else float(stats.chi2.sf(statistic, early.size)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BetweenAreas:
    """Changes of areas, one number an area, compared as few numbers deserve.

    Attributes:
        value: Mean change of treated areas less that of the others, areas counting alike.
        degrees_of_freedom, p_value: Welch's; NaN with fewer than two areas on a side.
        permuted: Probability from choosing other areas as treated; the honest one with few.
        smallest: The smallest such probability that this many areas could give.
    """

    value: float
    degrees_of_freedom: float
    p_value: float
    permuted: float
    smallest: float


def between_areas(observed: Observed, seed: int = 20181113) -> BetweenAreas:
    """Compare one change an area: what remains when people are not counted as independent.

    Args:
        observed: Answers by area and wave; every area needs people before and after.
        seed: Of the choices of areas, where there are too many to try each.

    Raises:
        DesignError: An area has nobody before or nobody after.

    Source:
        Welch (1947), Biometrika 34, 28-35; permutation as in Conley and Taber (2011), Review of
        Economics and Statistics 93, 113-125, section I.
    """
    change = _changes(observed)
    treated = observed.treated_areas
    value = float(change[treated].mean() - change[~treated].mean())
    df, p_value = math.nan, math.nan
    if min(treated.sum(), (~treated).sum()) > 1:
        parts = [change[side].var(ddof=1) / side.sum() for side in (treated, ~treated)]
        if sum(parts) > 0:
            below = sum(
                part**2 / (side.sum() - 1)
                for part, side in zip(parts, (treated, ~treated), strict=True)
            )
            df = float(sum(parts) ** 2 / below)
            p_value = float(2 * t_tail(abs(value) / math.sqrt(sum(parts)), df))
    permuted, smallest = _permuted(change, treated, seed)
    return BetweenAreas(
        value=value, degrees_of_freedom=df, p_value=p_value, permuted=permuted, smallest=smallest
    )


def _permuted(change: Floats, treated: Bools, seed: int) -> tuple[float, float]:
    """Compare with the differences that other choices of as many areas would have given."""
    many, n = int(treated.sum()), change.size
    total = math.comb(n, many)
    if total <= _ALL_CHOICES:
        chosen = np.array(list(itertools.combinations(range(n), many)))
    else:
        draw = np.random.default_rng(seed)
        chosen = np.argsort(draw.random((_ALL_CHOICES - 1, n)), axis=1)[:, :many]
        chosen = np.vstack([chosen, np.flatnonzero(treated)[None, :]])
    inside = change[chosen].sum(axis=1)
    differences = inside / many - (change.sum() - inside) / (n - many)
    seen = abs(float(change[treated].mean() - change[~treated].mean()))
    extreme = np.abs(differences) >= seen - 1e-12 * max(1.0, seen)
    return float(extreme.mean()), 1.0 / len(chosen)


def _changes(observed: Observed) -> Floats:
    own = np.ones(observed.y.size) if observed.weight is None else observed.weight
    means = []
    for when in (observed.after, ~observed.after):
        below = np.bincount(observed.area, weights=own * when, minlength=observed.areas)
        if (below == 0).any():
            raise DesignError(
                f"{int((below == 0).sum())} of {observed.areas} areas have nobody before or nobody "
                "after the start. Leave those areas out and say so."
            )
        above = np.bincount(observed.area, weights=own * when * observed.y)
        means.append(above / below)
    found: Floats = means[0] - means[1]
    return found


def _effects_of(observed: Observed) -> Floats:
    """A constant, and an effect of each area and each wave but the first."""
    constant = np.ones((observed.y.size, 1))
    return np.column_stack([constant, dummies(observed.area), dummies(observed.wave)])


def _two_way_columns(observed: Observed) -> Floats:
    return np.column_stack([observed.treated & observed.after, _effects_of(observed)]).astype(float)


def _fit(observed: Observed, columns: Floats) -> Line:
    return least_squares(observed.y, columns, observed.weight)


def _effect(observed: Observed, columns: Floats, nested: int, level: float) -> Effect:
    fitted = _fit(observed, columns)
    value = float(fitted.coefficients[0])
    every = math.sqrt(float(fitted.clustered(observed.area)[0, 0]))
    kept = columns.shape[1] - nested
    error = math.sqrt(float(fitted.clustered(observed.area, parameters=kept)[0, 0]))
    df = observed.areas - 1
    half = float(t_quantile((1 + level) / 2, df)) * error
    return Effect(
        value=value,
        standard_error=every,
        nested_error=error,
        limits=(value - half, value + half),
        p_value=float(2 * t_tail(abs(value) / error, df)) if error > 0 else math.nan,
        unclustered_error=math.sqrt(float(fitted.robust(small_sample=True)[0, 0])),
    )
