"""Who changed: by group, with the question whether groups differ asked before any is looked at."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy import stats

from social_evidence.app.evaluate_asked import Asked
from social_evidence.app.evaluate_effects import paired_change
from social_evidence.app.participant_answers import is_absent
from social_evidence.errors import DataError, DesignError
from social_evidence.methods.arrays import Codes
from social_evidence.methods.evaluation.families import holm
from social_evidence.methods.evaluation.regression import dummies, least_squares
from social_evidence.model.evaluation import AnswerShare, GroupEffect, Interaction

_FEWEST = 2  # people under whom there is no change to speak of


def group_effects(
    asked: Asked, planned: Sequence[str], shown: Sequence[str]
) -> tuple[tuple[GroupEffect, ...], tuple[Interaction, ...]]:
    """Measure the change in each group of every breakdown there is.

    Only groups that the plan names are tested. All planned groups of an outcome are one family.

    Args:
        asked: Of one outcome.
        planned: Breakdowns that the plan names.
        shown: Further ones that are shown.
    """
    own = asked.participants
    own = own.only(own.again)
    every: list[GroupEffect] = []
    asks: list[Interaction] = []
    for breakdown in dict.fromkeys((*planned, *shown)):
        if breakdown not in own.groups:
            continue
        codes = own.groups[breakdown]
        is_planned = breakdown in planned
        kinds = sorted(set(codes[~is_absent(codes)]))
        every += [_group(own, breakdown, codes, str(kind), is_planned=is_planned) for kind in kinds]
        if is_planned:
            asks.append(_interaction(own, breakdown, codes, len(kinds)))
    return _raised_groups(every), _raised_asks(asks)


def answer_shares(
    before: Codes, after: Codes, labels: Mapping[str, str], wave: str
) -> tuple[AnswerShare, ...]:
    """Tell how often each answer was given, before and later.

    Args:
        before: (n,) codes of people with a code at both times; None is left out.
        after: (n,) likewise.
        labels: Code -> words, in the order in which they are told.
        wave: The later one.
    """
    known = ~(is_absent(before) | is_absent(after))
    told = []
    for name, codes in (("before", before[known]), (wave, after[known])):
        for code, label in labels.items():
            share = float((codes == code).mean()) if codes.size else None
            told.append(AnswerShare(wave=name, answer=code, label=label, share=share))
    return tuple(told)


def _group(
    own: Asked, breakdown: str, codes: Codes, group: str, *, is_planned: bool
) -> GroupEffect:
    here = codes == group
    people = int(here.sum())
    if people < _FEWEST:
        return GroupEffect(
            breakdown=breakdown, group=group, people=people, is_planned=is_planned, is_hidden=True
        )
    change = paired_change(own.only(here))
    return GroupEffect(
        breakdown=breakdown,
        group=group,
        people=change.people,
        before=change.before,
        after=change.after,
        change=change.change,
        lower=change.lower,
        upper=change.upper,
        p_value=change.p_value if is_planned else None,
        is_planned=is_planned,
    )


def _interaction(own: Asked, breakdown: str, codes: Codes, groups: int) -> Interaction:
    """Ask whether groups changed differently, all at once.

    Source:
        Wald's test of a regression on groups, between projects where they are many enough;
        Cameron and Miller (2015), Journal of Human Resources 50, 317-372, section VI.
    """
    known = ~is_absent(codes)
    kept, kinds = own.only(known), codes[known].astype(str)
    nothing = Interaction(breakdown=breakdown, groups=groups, p_value=None)
    if groups < 2:
        return nothing
    told = dummies(kinds)
    columns = np.column_stack([told, np.ones(kinds.size)])
    projects = np.unique(kept.project).size
    try:
        fitted = least_squares(kept.change, columns)
        if projects > columns.shape[1]:
            joint, df = fitted.clustered(kept.project), projects - 1
        else:
            joint, df = fitted.robust(small_sample=True), kinds.size - columns.shape[1]
    except (DataError, DesignError):
        return nothing
    many = told.shape[1]
    lead, inner = fitted.coefficients[:many], joint[:many, :many]
    if df < 1 or np.linalg.matrix_rank(inner) < many:
        return nothing
    statistic = float(lead @ np.linalg.solve(inner, lead)) / many
    p_value = float(stats.f.sf(statistic, many, df))
    return Interaction(
        breakdown=breakdown, groups=groups, p_value=p_value if math.isfinite(p_value) else None
    )


def _raised_groups(every: Sequence[GroupEffect]) -> tuple[GroupEffect, ...]:
    raised = holm([math.nan if one.p_value is None else one.p_value for one in every])
    return tuple(
        replace(one, adjusted_p=float(p) if math.isfinite(p) else None)
        for one, p in zip(every, raised, strict=True)
    )


def _raised_asks(every: Sequence[Interaction]) -> tuple[Interaction, ...]:
    raised = holm([math.nan if one.p_value is None else one.p_value for one in every])
    return tuple(
        replace(one, adjusted_p=float(p) if math.isfinite(p) else None)
        for one, p in zip(every, raised, strict=True)
    )
