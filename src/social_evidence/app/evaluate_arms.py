"""People who took part set against people who did not, both asked before and later."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from social_evidence.app.evaluate_asked import Asked
from social_evidence.errors import DataError, DesignError
from social_evidence.methods.arrays import Codes, Floats
from social_evidence.methods.distributions import t_quantile, t_tail
from social_evidence.methods.evaluation.areas import FEWEST_TREATED, Observed, between_areas
from social_evidence.methods.evaluation.regression import (
    Line,
    cluster_jackknife,
    least_squares,
    logistic,
)
from social_evidence.model.evaluation import BalanceRow, EvaluationEffect

APART = 0.25
"""Standardised difference at the start above which two groups are not alike."""
_CHANCE = 3.0  # standard errors that the largest of several differences hardly passes by chance
_ENOUGH_PROJECTS = 10  # projects from which people of one are taken to be alike


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmsStudy:
    """People who took part against those who did not.

    Attributes:
        effects: Difference of changes first, then with backgrounds and start allowed for, weighted
            for drop-out, and by permutation where few were assigned.
        balance: The two groups at the start.
        treated: How many projects or areas were assigned; None where people were.
        is_alike: No large difference at the start.
    """

    effects: tuple[EvaluationEffect, ...]
    balance: tuple[BalanceRow, ...]
    treated: int | None
    is_alike: bool


def arms_of(asked: Asked, assigned_by: Literal["person", "project", "area"]) -> ArmsStudy:
    """Compare the changes of two groups of people.

    Args:
        asked: Of one outcome, with people of both groups who answered again.
        assigned_by: What was assigned: only that many independent pieces there are.

    Raises:
        DesignError: One of the groups has nobody who answered again.
    """
    both = asked.only(asked.again)
    if not both.has_arms:
        raise DesignError("Nobody who took part, or nobody compared with them, answered again.")
    code = _clusters(both, assigned_by)
    treated, fewest = _treated(both, code, assigned_by)
    main = _main(both, code, fewest)
    effects = [main]
    if code is not None and treated is not None and fewest < FEWEST_TREATED:
        effects[0], permuted = _by_permutation(both, code, main)
        effects += [permuted] if permuted is not None else []
    adjusted = _adjusted(both, code)
    effects += [adjusted] if adjusted is not None else []
    weighted = _weighted(asked, code)
    effects += [weighted] if weighted is not None else []
    balance = _balance(asked)
    worst = max((abs(row.difference) for row in balance if row.difference is not None), default=0.0)
    parts = asked.takes_part.sum(), (~asked.takes_part).sum()
    # In small groups the largest of several differences passes any line by chance.
    line = max(APART, _CHANCE * math.sqrt(sum(1 / part for part in parts)))
    return ArmsStudy(
        effects=tuple(effects), balance=balance, treated=treated, is_alike=worst <= line
    )


def _clusters(both: Asked, assigned_by: str) -> Codes | None:
    """Say which people are no independent pieces; None where everybody is one."""
    if assigned_by == "area":
        return both.area
    projects = np.unique(both.project).size
    if assigned_by == "project" or projects >= _ENOUGH_PROJECTS:
        return both.project
    return None


def _treated(both: Asked, code: Codes | None, assigned_by: str) -> tuple[int | None, int]:
    """Count assigned pieces; and the fewer of those with it and without."""
    if assigned_by == "person" or code is None:
        return None, int(min(both.takes_part.sum(), (~both.takes_part).sum()))
    treated = np.unique(code[both.takes_part]).size
    return treated, min(treated, np.unique(code[~both.takes_part]).size)


def _main(both: Asked, code: Codes | None, fewest: int) -> EvaluationEffect:
    columns = np.column_stack([both.takes_part, np.ones(both.before.size)]).astype(float)
    fitted = least_squares(both.change, columns)
    clusters = None if code is None else np.unique(code).size
    if code is not None and fewest < 2:
        return EvaluationEffect(
            method="between_arms",
            estimate=float(fitted.coefficients[0]),
            people=both.before.size,
            clusters=clusters,
            note="One project or area by itself leaves no way to a range.",
        )
    return _told("between_arms", fitted, code, both.before.size)


def _told(
    method: str, fitted: Line, code: Codes | None, people: int, jackknife: Floats | None = None
) -> EvaluationEffect:
    """Tell the first coefficient with its range; its covariance may be given."""
    value = float(fitted.coefficients[0])
    if code is None:
        joint, df, clusters = fitted.robust(small_sample=True), float(people - 2), None
    else:
        clusters = np.unique(code).size
        joint = fitted.clustered(code) if jackknife is None else jackknife
        df = float(clusters - 1)
    error = math.sqrt(max(float(joint[0, 0]), 0.0))
    is_known = error > 1e-12 and df > 0
    half = float(t_quantile(0.975, df)) * error if is_known else math.nan
    return EvaluationEffect(
        method=method,
        estimate=value,
        standard_error=error if is_known else None,
        lower=value - half if is_known else None,
        upper=value + half if is_known else None,
        p_value=float(2 * t_tail(abs(value) / error, df)) if is_known else None,
        people=people,
        clusters=clusters,
        degrees_of_freedom=df,
    )


def _by_permutation(
    both: Asked, code: Codes, main: EvaluationEffect
) -> tuple[EvaluationEffect, EvaluationEffect | None]:
    """Replace the p value of few assigned areas by that of choosing others of them."""
    twice = np.concatenate([both.start, both.later])
    try:
        observed = Observed.of(
            twice,
            np.concatenate([code, code]).astype(str),
            np.repeat([0.0, 1.0], both.before.size),
            np.concatenate([both.takes_part, both.takes_part]),
            1.0,
        )
        found = between_areas(observed)
    except DesignError:
        # An area with people of both groups cannot be drawn as a whole.
        return main, None
    words = f"Few were assigned: the smallest p value there could be is {found.smallest:.3g}."
    by_areas = EvaluationEffect(
        method="between_areas",
        estimate=found.value,
        p_value=found.permuted,
        clusters=main.clusters,
        people=main.people,
        note=f"Areas count alike, whoever many were asked there. {words}",
    )
    replaced = EvaluationEffect(
        method=main.method,
        estimate=main.estimate,
        standard_error=main.standard_error,
        lower=main.lower,
        upper=main.upper,
        p_value=found.permuted,
        people=main.people,
        clusters=main.clusters,
        degrees_of_freedom=main.degrees_of_freedom,
        note=words,
    )
    return replaced, by_areas


def _adjusted(both: Asked, code: Codes | None) -> EvaluationEffect | None:
    """Allow for the start and backgrounds by a straight line (analysis of covariance)."""
    columns, _ = both.covariates()
    x = np.column_stack([both.takes_part, np.ones(both.before.size), columns]).astype(float)
    try:
        fitted = least_squares(both.later, x)
        own = None if code is None else cluster_jackknife(both.later, x, code)
        return _told("ancova", fitted, code, both.before.size, own)
    except (DataError, DesignError):
        return None


def _weighted(asked: Asked, code: Codes | None) -> EvaluationEffect | None:
    """Weight those who answered again, in each group, to resemble all of it who began."""
    again = asked.again
    if again.all():
        return None
    columns, _ = asked.covariates()
    weights = np.ones(asked.before.size)
    for arm in (asked.takes_part, ~asked.takes_part):
        if again[arm].all() or not columns.shape[1]:
            continue
        try:
            weights[arm] = 1 / logistic(again[arm].astype(float), columns[arm])[1]
        except DataError:
            return None
    both, own = asked.only(again), weights[again]
    line = np.column_stack([both.takes_part, np.ones(both.before.size)]).astype(float)
    try:
        told = _told("between_arms_weighted", least_squares(both.change, line, own), code, own.size)
    except (DataError, DesignError):
        return None
    return told


def _balance(asked: Asked) -> tuple[BalanceRow, ...]:
    columns, names = asked.covariates()
    rows = []
    for at, (breakdown, group) in enumerate(names):
        own, other = (columns[arm, at] for arm in (asked.takes_part, ~asked.takes_part))
        rows.append(
            BalanceRow(
                breakdown=breakdown,
                group=group,
                people=float(own.mean()),
                compared=float(other.mean()),
                difference=_standardised(own, other),
            )
        )
    return tuple(rows)


def _standardised(own: Floats, other: Floats) -> float | None:
    if min(own.size, other.size) < 2:
        return None
    spread = math.sqrt((float(own.var(ddof=1)) + float(other.var(ddof=1))) / 2)
    return float(own.mean() - other.mean()) / spread if spread > 0 else None
