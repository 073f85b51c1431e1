"""The change of those who take part: its number, its size on common scales, and by project."""

from __future__ import annotations

import math

import numpy as np

from social_evidence.app.evaluate_asked import Asked
from social_evidence.app.participant_change import (
    PairedChange,
    ordered_change,
    score_change,
    share_change,
)
from social_evidence.errors import DataError, DesignError
from social_evidence.methods.evaluation.ordinal import answers_table, stuart_maxwell
from social_evidence.methods.evaluation.paired import (
    Limits,
    PairedTable,
    cohen_h,
    conditional_odds,
    newcombe,
)
from social_evidence.methods.evaluation.pooling import pool, prediction_limits
from social_evidence.methods.evaluation.scores import score_change as score_sizes
from social_evidence.model.evaluation import EvaluationEffect

_FEWEST_IN_PROJECT = 5  # people under whom a project's own change says nothing


def paired_change(asked: Asked) -> PairedChange:
    """Measure the change of those who take part: the number that the release's row holds too.

    Args:
        asked: Of one outcome; people compared with are left aside.

    Raises:
        DataError: Nobody answered both times.
    """
    own = asked.participants
    if asked.kind == "score":
        return score_change(own.before, own.after, own.project)
    if asked.kind == "moves":
        return ordered_change(own.before, own.after, own.project).net
    return share_change(own.before, own.after, own.project)


def participant_effects(asked: Asked, change: PairedChange) -> tuple[EvaluationEffect, ...]:
    """Tell the change by every method, the one of the row first.

    Args:
        asked: Of one outcome.
        change: As `paired_change` gives it.
    """
    first = EvaluationEffect(
        method="between_projects" if change.method == "cr1" else f"one_by_one_{change.method}",
        estimate=change.change,
        standard_error=change.standard_error,
        lower=change.lower,
        upper=change.upper,
        p_value=change.p_value,
        people=change.people,
        clusters=change.projects if change.method == "cr1" else None,
        degrees_of_freedom=change.degrees_of_freedom,
        note="Fewer than ten projects: the range is rough." if change.is_rough else "",
    )
    effects = [first]
    if change.method == "cr1" and change.one_by_one is not None:
        single = "t" if asked.kind == "score" else "tango"
        effects.append(
            EvaluationEffect(
                method=f"one_by_one_{single}",
                estimate=change.change,
                lower=change.one_by_one[0],
                upper=change.one_by_one[1],
                p_value=change.one_by_one_p,
                people=change.people,
                note="As if people of one project had nothing in common.",
            )
        )
    return (*effects, *_sizes(asked.participants), *projects_together(asked))


def projects_together(asked: Asked) -> tuple[EvaluationEffect, ...]:
    """Average projects' own changes, and say where a further project could land.

    Args:
        asked: Of one outcome.

    Returns:
        Nothing where fewer than three projects have five people or more.
    """
    own = asked.participants.only(asked.participants.again)
    changes, variances = [], []
    for project in np.unique(own.project):
        one = own.change[own.project == project]
        if one.size >= _FEWEST_IN_PROJECT:
            changes.append(float(one.mean()))
            variances.append(_variance(one, asked.kind))
    try:
        average = pool(changes, variances)
    except (DataError, DesignError):
        return ()
    low, high = prediction_limits(average)
    note = "Fewer than five projects: rough." if average.is_rough else ""
    return (
        EvaluationEffect(
            method="projects_average",
            estimate=average.estimate,
            standard_error=average.standard_error,
            lower=average.limits[0],
            upper=average.limits[1],
            p_value=average.p_value,
            people=int(own.before.size),
            clusters=average.effects,
            degrees_of_freedom=average.degrees_of_freedom,
            note=note,
        ),
        EvaluationEffect(
            method="next_project",
            lower=low,
            upper=high,
            clusters=average.effects,
            note="Where one more project like these could land.",
        ),
    )


def _variance(change: np.ndarray, kind: str) -> float:
    """Variance of a mean change; one person each way is added, or it is none where all moved alike.

    Source:
        Bonett and Price (2012), Journal of Educational and Behavioral Statistics 37, 479-488.
    """
    if kind == "score":
        spread = float(change.var(ddof=1))
        return (spread if spread > 0 else 1e-6) / change.size
    n = change.size + 2
    up, down = (float((change > 0).sum()) + 1) / n, (float((change < 0).sum()) + 1) / n
    return (up + down - (up - down) ** 2) / n


def _sizes(own: Asked) -> tuple[EvaluationEffect, ...]:
    if own.kind == "share":
        return _share_sizes(own)
    if own.kind == "score":
        return _score_sizes(own)
    return _move_sizes(own) if own.kind == "moves" else ()


def _share_sizes(own: Asked) -> tuple[EvaluationEffect, ...]:
    table = PairedTable.of(own.before, own.after)
    odds, limits = conditional_odds(table)
    square = newcombe(table, corrected=True)
    return (
        EvaluationEffect(
            method="newcombe_m10",
            estimate=table.change,
            lower=square[0],
            upper=square[1],
            people=table.people,
            note="Another way to a range of the same number.",
        ),
        _effect("odds_of_change", odds, table.people, limits),
        _effect("cohen_h", cohen_h(table.before, table.after), table.people),
    )


def _score_sizes(own: Asked) -> tuple[EvaluationEffect, ...]:
    if int(own.again.sum()) < 3:
        return ()
    sizes = score_sizes(own.before, own.after)
    return (
        _effect("d_z", sizes.d_z, sizes.people, sizes.d_z_limits),
        _effect("g_z", sizes.g_z, sizes.people),
        _effect("d_av", sizes.d_av, sizes.people),
        _effect("share_who_rose", sizes.superiority, sizes.people),
    )


def _move_sizes(own: Asked) -> tuple[EvaluationEffect, ...]:
    moves = ordered_change(own.before, own.after, own.project)
    people = moves.rose + moves.stayed + moves.fell
    try:
        margins: float | None = stuart_maxwell(answers_table(own.before, own.after)).p_value
    except DataError:
        margins = None
    return (
        EvaluationEffect(
            method="rank_biserial",
            estimate=moves.rank_biserial,
            p_value=moves.signed_rank_p,
            people=people,
        ),
        EvaluationEffect(method="stuart_maxwell", p_value=margins, people=people),
        _effect("share_who_rose", moves.rose / people, people),
        _effect("share_who_fell", moves.fell / people, people),
    )


def _effect(
    method: str, estimate: float, people: int, limits: Limits = (math.nan, math.nan)
) -> EvaluationEffect:
    """Build an effect; what is infinite or not a number is no number."""
    low, high = (value if math.isfinite(value) else None for value in limits)
    return EvaluationEffect(
        method=method,
        estimate=estimate if math.isfinite(estimate) else None,
        lower=low,
        upper=high,
        people=people,
    )
