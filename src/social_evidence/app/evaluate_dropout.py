"""Who did not answer again: who they were, what weighting says, and what nobody can know."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from social_evidence.app.evaluate_asked import Asked
from social_evidence.errors import DataError
from social_evidence.methods.arrays import Floats
from social_evidence.methods.distributions import t_quantile, t_tail
from social_evidence.methods.evaluation.dropout import Weighted, kish, weighted_change
from social_evidence.methods.evaluation.regression import least_squares
from social_evidence.model.evaluation import BalanceRow, Dropout, EvaluationEffect

FEW_LOST = 0.05
"""Share lost up to which nobody need worry."""
MANY_LOST = 0.2
"""Share lost above which a comparison bears no claim unless it stands whatever they would say."""
UNEQUAL_LOSS = 0.05
"""Difference in the shares lost by two groups above which the same holds."""
_SURE = 0.01  # p value under which those who left are said to have begun otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class DropoutStudy:
    """What is told of drop-out, and the effects that allow for it.

    Attributes:
        told: The record.
        effects: Weighted change, bounds, everybody who left as they were.
        weighted: Change weighted for drop-out; None where there was no need or no way.
        is_adjusted: Weighting was possible, so who was lost is allowed for.
        is_unequal: So many left, or so unlike, that a comparison bears no claim.
    """

    told: Dropout
    effects: tuple[EvaluationEffect, ...]
    weighted: EvaluationEffect | None
    is_adjusted: bool
    is_unequal: bool


def dropout_of(asked: Asked) -> DropoutStudy:
    """Look at those who began and did not answer again.

    Args:
        asked: Of one outcome; both arms.
    """
    own = asked.participants
    began, answered = own.before.size, int(own.again.sum())
    lost = 1 - answered / began
    arm_difference = _arm_difference(asked)
    if answered in {0, began}:
        retention = answered / began
        told = Dropout(
            began=began, answered=answered, retention=retention, arm_difference=arm_difference
        )
        is_unequal = arm_difference is not None and abs(arm_difference) > UNEQUAL_LOSS
        return DropoutStudy(
            told=told, effects=(), weighted=None, is_adjusted=lost == 0, is_unequal=is_unequal
        )
    start, p_value = _start_difference(own)
    weighted, balance, model = _weighted(own)
    low, high, carried = _extremes(own)
    has_effect_anyway = _stands_anyway(asked, low, high)
    told = Dropout(
        began=began,
        answered=answered,
        retention=answered / began,
        arm_difference=arm_difference,
        start_difference=start,
        start_p=p_value,
        balance=balance,
        bound_lower=low,
        bound_upper=high,
        carried_forward=carried,
        tipping_share=_tipping(own),
        could_explain=lost > FEW_LOST and not has_effect_anyway,
    )
    many = lost > MANY_LOST or (arm_difference is not None and abs(arm_difference) > UNEQUAL_LOSS)
    is_unlike = p_value is not None and p_value < _SURE and lost > FEW_LOST
    return DropoutStudy(
        told=told,
        effects=_effects(told, weighted, model),
        weighted=weighted,
        is_adjusted=weighted is not None,
        is_unequal=(many or is_unlike) and not has_effect_anyway,
    )


def _arm_difference(asked: Asked) -> float | None:
    if not asked.has_arms:
        return None
    part = asked.takes_part
    return float(asked.again[part].mean() - asked.again[~part].mean())


def _start_difference(own: Asked) -> tuple[float | None, float | None]:
    """Compare answers before of those who left with those who stayed (Welch)."""
    left, stayed = own.before[~own.again], own.before[own.again]
    difference = float(left.mean() - stayed.mean())
    if min(left.size, stayed.size) < 2 or np.ptp(left) == 0 or np.ptp(stayed) == 0:
        return difference, None
    parts = [one.var(ddof=1) / one.size for one in (left, stayed)]
    below = sum(part**2 / (one.size - 1) for part, one in zip(parts, (left, stayed), strict=True))
    df = float(sum(parts) ** 2 / below)
    return difference, float(2 * t_tail(abs(difference) / math.sqrt(sum(parts)), df))


def _weighted(
    own: Asked,
) -> tuple[EvaluationEffect | None, tuple[BalanceRow, ...], Weighted | None]:
    columns, names = own.covariates()
    for many in (len(names), 1):
        if not names:
            break
        try:
            model = weighted_change(own.start, own.later, columns[:, :many])
        except DataError:
            # Too fine a model tells leavers and stayers apart entirely: the answer before is left.
            continue
        return _clustered(own, model), _balance(own, columns, names[:many], model), model
    return None, (), None


def _clustered(own: Asked, model: Weighted) -> EvaluationEffect:
    """Give the weighted change, its range between projects where there are two or more."""
    kept = own.only(own.again)
    projects = np.unique(kept.project).size
    error, df, clusters = model.standard_error, float(kept.before.size - 1), None
    if projects > 1:
        ones = np.ones((kept.before.size, 1))
        fitted = least_squares(kept.change, ones, model.weights)
        error = math.sqrt(float(fitted.clustered(kept.project)[0, 0]))
        df, clusters = float(projects - 1), projects
    is_known = error > 1e-12
    half = float(t_quantile(0.975, df)) * error
    return EvaluationEffect(
        method="weighted_for_dropout",
        estimate=model.change,
        standard_error=error if is_known else None,
        lower=model.change - half if is_known else None,
        upper=model.change + half if is_known else None,
        p_value=float(2 * t_tail(abs(model.change) / error, df)) if is_known else None,
        people=kept.before.size,
        effective=kish(model.weights),
        clusters=clusters,
        degrees_of_freedom=df,
        note="Those who answered again, weighted to resemble all who began.",
    )


def _balance(
    own: Asked, columns: Floats, names: tuple[tuple[str, str], ...], model: Weighted
) -> tuple[BalanceRow, ...]:
    again = own.again
    weights = model.weights / model.weights.sum()
    rows = []
    for at, (breakdown, group) in enumerate(names):
        column = columns[:, at]
        rows.append(
            BalanceRow(
                breakdown=breakdown,
                group=group,
                people=float(column[again].mean()),
                compared=float(column.mean()),
                matched=float((weights * column[again]).sum()),
                difference=_finite(model.imbalance[at]),
                difference_matched=_finite(model.balance[at]),
            )
        )
    return tuple(rows)


def _extremes(own: Asked) -> tuple[float | None, float | None, float]:
    """Bound the change by what those who left could have said at most and at least.

    Source:
        Manski (1990), American Economic Review 80, 319-323.
    """
    left, n = int((~own.again).sum()), own.before.size
    total = float(own.change[own.again].sum())
    carried = total / n
    if own.kind == "score":
        return None, None, carried
    if own.kind == "moves":
        return (total - left) / n, (total + left) / n, carried
    # A share: whoever left could have said no, whatever they said before, or yes.
    yes_before = float(own.before[~own.again].sum())
    return (total - yes_before) / n, (total + left - yes_before) / n, carried


def _stands_anyway(asked: Asked, low: float | None, high: float | None) -> bool:
    """Say whether the finding stands whatever those who left would have said.

    Set against others, who may have left too, both extremes count against it. People who began
    without can only gain: by themselves nothing of theirs stands anyway.
    """
    if low is None or high is None:
        return False
    if asked.has_arms:
        others = asked.only(~asked.takes_part)
        other_low, other_high, _ = _extremes(others)
        if other_low is None or other_high is None:
            return False
        low, high = low - other_high, high - other_low
    elif asked.kind == "follow_up":
        return False
    return low > 0 or high < 0


def _tipping(own: Asked) -> float | None:
    """Share of yes among those who left at which the whole change would be none."""
    if own.kind not in {"share", "follow_up"}:
        return None
    left = ~own.again
    share = (float(own.before[left].sum()) - float(own.change[~left].sum())) / left.sum()
    return float(share) if 0 <= share <= 1 else None


def _effects(
    told: Dropout, weighted: EvaluationEffect | None, model: Weighted | None
) -> tuple[EvaluationEffect, ...]:
    effects = [weighted] if weighted is not None else []
    if model is not None and weighted is not None:
        effects.append(
            EvaluationEffect(
                method="weighted_trimmed",
                estimate=model.trimmed,
                people=told.answered,
                note="The largest weights cut at their 99th percentile.",
            )
        )
    if told.bound_lower is not None:
        effects.append(
            EvaluationEffect(
                method="bounds",
                lower=told.bound_lower,
                upper=told.bound_upper,
                people=told.began,
                note="Whatever those who did not answer again would have said.",
            )
        )
    effects.append(
        EvaluationEffect(
            method="carried_forward",
            estimate=told.carried_forward,
            people=told.began,
            note="As if those who did not answer again had stayed as they were.",
        )
    )
    return tuple(effects)


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
