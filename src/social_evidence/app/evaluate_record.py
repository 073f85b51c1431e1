"""Write what was found of each outcome into its record, p values raised over the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from social_evidence.app.evaluate_asked import Outcome
from social_evidence.app.evaluate_claim import (
    Findings,
    expected_return,
    facts_of,
    flags_of,
    hidden_bias,
    judged,
    main_effect,
    nesta_level,
    raises,
    told_facts,
)
from social_evidence.app.evaluate_groups import answer_shares, group_effects
from social_evidence.app.participant_answers import BEFORE, Participants
from social_evidence.methods.evaluation.families import holm
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.evaluation import (
    AnswerShare,
    EvaluationEffect,
    OutcomeEvaluation,
    Role,
)
from social_evidence.model.initiative import Initiative


def outcome_records(
    found: Sequence[tuple[Findings, tuple[EvaluationEffect, ...]]],
    catalogue: Catalogue,
    known: Initiative,
    people: Participants,
) -> tuple[OutcomeEvaluation, ...]:
    """Raise p values over the outcomes of a plan, and write each outcome down.

    Args:
        found: Of each outcome, with every effect.
        catalogue: For the words of answers.
        known: The initiative.
        people: Everybody who answered.
    """
    mains = [main_effect(findings, effects) for findings, effects in found]
    raised = _raised([findings.outcome for findings, _ in found], mains)
    return tuple(
        _record(
            findings, effects, replace(main, adjusted_p=p, is_main=True), catalogue, known, people
        )
        for (findings, effects), main, p in zip(found, mains, raised, strict=True)
    )


def _raised(outcomes: Sequence[Outcome], mains: Sequence[EvaluationEffect]) -> list[float | None]:
    """Raise the p values of further outcomes; none of them counts unless the main one does.

    Source:
        Holm (1979) below a gate: Dmitrienko and Tamhane (2007), Pharmaceutical Statistics 6,
        171-180.
    """
    first = [
        one.p_value for one, outcome in zip(mains, outcomes, strict=True) if outcome.is_primary
    ]
    gate = 0.0 if not first else (1.0 if first[0] is None else first[0])
    further = holm(
        [
            np.nan if outcome.is_primary or one.p_value is None else one.p_value
            for one, outcome in zip(mains, outcomes, strict=True)
        ]
    )
    told: list[float | None] = []
    for outcome, one, p in zip(outcomes, mains, further, strict=True):
        if outcome.is_primary or one.p_value is None:
            told.append(one.p_value)
        else:
            told.append(max(gate, float(p)))
    return told


def _record(
    found: Findings,
    effects: tuple[EvaluationEffect, ...],
    main: EvaluationEffect,
    catalogue: Catalogue,
    known: Initiative,
    people: Participants,
) -> OutcomeEvaluation:
    outcome, change, plan = found.outcome, found.change, found.plan
    facts = facts_of(found, is_planned=outcome.is_planned)
    flags = flags_of(found, facts)
    own, said = judged(found, facts, flags, main)
    planned = plan.subgroups if plan is not None else ()
    groups, asks = group_effects(found.asked, planned, outcome.success.breakdowns)
    bias = hidden_bias(found, own.level, main)
    return OutcomeEvaluation(
        success_measure=outcome.success.id,
        item=outcome.reading.item,
        title=outcome.reading.title or outcome.success.title,
        words=outcome.words,
        question=outcome.reading.question,
        kind=outcome.kind,
        role=role_of(outcome),
        wave=outcome.wave,
        direction=outcome.success.direction,
        smallest=outcome.smallest,
        people=change.people,
        projects=change.projects,
        before=change.before if outcome.kind in {"share", "score"} else None,
        after=change.after if outcome.kind != "moves" else None,
        facts=told_facts(facts),
        level=own.level,
        design_level=own.design,
        caps=own.caps,
        nesta=nesta_level(facts, own.level),
        flags=flags,
        claim=said,
        effects=(main, *(one for one in effects if one.method != main.method)),
        dropout=found.dropout.told,
        benchmark=found.benchmark.told if found.benchmark is not None else None,
        distribution=_distribution(found, catalogue, people),
        groups=groups,
        interactions=asks,
        e_value=bias[0],
        e_value_of_limit=bias[1],
        expected_return=expected_return(found),
        raise_level=raises(found, facts, own),
        row=row_of(outcome, known, catalogue, people),
    )


def role_of(outcome: Outcome) -> Role:
    """Say what an outcome is in the plan as registered."""
    if not outcome.is_planned:
        return "chosen_afterwards"
    return "primary" if outcome.is_primary else "secondary"


def _distribution(
    found: Findings, catalogue: Catalogue, people: Participants
) -> tuple[AnswerShare, ...]:
    outcome = found.outcome
    question = catalogue.questions.get(outcome.reading.question)
    if question is None or not question.answers:
        return ()
    before, later = (
        people.codes(wave, outcome.reading.question)[people.takes_part]
        for wave in (BEFORE, outcome.wave)
    )
    return answer_shares(before, later, question.answers, outcome.wave)


def row_of(outcome: Outcome, known: Initiative, catalogue: Catalogue, people: Participants) -> str:
    """Name the row of the initiatives table that holds the headline number."""
    success, reading = outcome.success, outcome.reading
    periods = people.codes(outcome.wave, "period")
    own = [str(period) for period in periods[people.takes_part] if period is not None]
    wave = reading.wave if outcome.wave == "after" else outcome.wave
    return "|".join(
        [
            *(success.id, reading.item, known.id, reading.statistic or success.statistic),
            *(reading.counted or success.counted, max(own, default=""), _city(catalogue)),
            *("all", "all", wave),
        ]
    )


def _city(catalogue: Catalogue) -> str:
    return next((code for code, area in catalogue.areas.areas.items() if area.kind == "city"), "")
