"""One outcome over several initiatives: the average, and where the next one could land."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from social_evidence.errors import DataError, DesignError
from social_evidence.methods.distributions import normal_quantile
from social_evidence.methods.evaluation.pooling import pool, prediction_limits
from social_evidence.model.evaluation import Evaluation, EvaluationEffect, PooledEvaluations
from social_evidence.model.initiative import HEADLINE

_METHOD: Final = ("between_projects", "one_by_one_tango", "one_by_one_t")
_TWO_SIDED: Final = float(normal_quantile(0.975))
"""By which limits of 95% are turned back into an error."""


def pool_outcomes(evaluations: Sequence[Evaluation], question: str) -> PooledEvaluations:
    """Average the change of one question over the initiatives that ask it.

    Only changes of the same people are put together, whatever they were compared with, so that
    like is averaged with like. Below three initiatives nothing is.

    Args:
        evaluations: Of initiatives.
        question: The question's id. Headline readings at the end are taken.
    """
    members: list[str] = []
    effects: list[EvaluationEffect] = []
    title = ""
    for evaluation in evaluations:
        for outcome in evaluation.outcomes:
            is_it = outcome.question == question and outcome.wave == "after"
            effect = next((one for one in outcome.effects if one.method in _METHOD), None)
            if effect is not None and is_it and outcome.item == HEADLINE and _has_range(effect):
                members.append(evaluation.initiative)
                effects.append(replace(effect, is_main=False, adjusted_p=None))
                title = title or outcome.words
                break
    whole = PooledEvaluations(
        question=question, title=title, members=tuple(members), effects=tuple(effects)
    )
    values = [one.estimate or 0.0 for one in effects]
    variances = [_variance(one) for one in effects]
    try:
        average = pool(values, variances)
    except (DataError, DesignError) as refusal:
        return replace(whole, refusal=str(refusal))
    low, high = prediction_limits(average)
    return replace(
        whole,
        average=EvaluationEffect(
            method="initiatives_average",
            estimate=average.estimate,
            standard_error=average.standard_error,
            lower=average.limits[0],
            upper=average.limits[1],
            p_value=average.p_value,
            people=sum(one.people for one in effects),
            clusters=average.effects,
            degrees_of_freedom=average.degrees_of_freedom,
            is_main=True,
            note="Fewer than five initiatives: rough." if average.is_rough else "",
        ),
        next_lower=low,
        next_upper=high,
        between=average.between,
        share=average.share,
        is_rough=average.is_rough,
    )


def _has_range(effect: EvaluationEffect) -> bool:
    return effect.estimate is not None and _variance(effect) > 0


def _variance(effect: EvaluationEffect) -> float:
    if effect.standard_error is not None:
        return effect.standard_error**2
    if effect.lower is None or effect.upper is None:
        return 0.0
    return ((effect.upper - effect.lower) / (2 * _TWO_SIDED)) ** 2
