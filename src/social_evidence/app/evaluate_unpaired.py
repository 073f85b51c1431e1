"""Answers before and later that cannot be matched person by person: two sets of people compared.

Anonymous forms are better than none, and say less: who answered may be others each time.
"""

from __future__ import annotations

import numpy as np

from social_evidence.app.evaluate_asked import Outcome
from social_evidence.app.evaluate_claim import nesta_level, told_facts
from social_evidence.app.evaluate_record import role_of, row_of
from social_evidence.app.participant_answers import BEFORE, Participants
from social_evidence.app.participant_change import PairedChange, unpaired_change
from social_evidence.disclosure.rounding import SHARE_STEP, Direction, Rounding, round_value
from social_evidence.methods.evaluation.strength import DesignFacts, strength
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.evaluation import (
    ClaimText,
    EvaluationEffect,
    OutcomeEvaluation,
    Verdict,
)
from social_evidence.model.initiative import Initiative
from social_evidence.wording.claims import Found, Seen, claim
from social_evidence.wording.evaluation_words import RAISES

_FEW_PEOPLE = 50
_VERDICTS: dict[Found, Verdict] = {
    "no_meaningful_change": "no_meaningful_change",
    "not_enough_data": "not_enough_data",
    "unknown": "unknown",
}


def is_unpaired(people: Participants, outcome: Outcome) -> bool:
    """Say whether an outcome was answered at both times and nobody can be matched.

    Only shares can be compared so; who rose is a question about one person.
    """
    if outcome.kind != "share":
        return False
    before, later = _answers(people, outcome)
    part = people.takes_part
    both = np.isfinite(before) & np.isfinite(later) & part
    some = (np.isfinite(before) & part).any() and (np.isfinite(later) & part).any()
    return bool(some and not both.any())


def unpaired_outcome(
    catalogue: Catalogue,
    known: Initiative,
    people: Participants,
    outcome: Outcome,
    *,
    has_registered_plan: bool,
    question_changed: bool,
) -> OutcomeEvaluation:
    """Evaluate an outcome of people who cannot be matched.

    Args:
        catalogue: For the row's area.
        known: The initiative.
        people: Everybody who answered.
        outcome: As `is_unpaired` found it.
        has_registered_plan: A plan was registered before results.
        question_changed: The wording was not the same at both waves.
    """
    before, later = _answers(people, outcome)
    part = people.takes_part
    change = unpaired_change(before[part], later[part], people.project[part], people.project[part])
    facts = DesignFacts(
        before_after=True,
        question_changed=question_changed,
        chosen_afterwards=not outcome.is_planned,
    )
    own = strength(facts)
    flags = tuple(
        flag
        for flag, is_raised in {
            "question_changed": question_changed,
            "no_plan": not outcome.is_planned and not has_registered_plan,
            "chosen_afterwards": not outcome.is_planned and has_registered_plan,
            "unpaired": True,
            "few_projects": change.is_rough,
            "small_number": change.people < _FEW_PEOPLE,
            "self_report": True,
        }.items()
        if is_raised
    )
    said = _said(outcome, change, own.level, flags, is_comparable=not question_changed)
    return OutcomeEvaluation(
        success_measure=outcome.success.id,
        item=outcome.reading.item,
        title=outcome.reading.title or outcome.success.title,
        words=outcome.words,
        question=outcome.reading.question,
        kind="share",
        role=role_of(outcome),
        wave=outcome.wave,
        direction=outcome.success.direction,
        smallest=outcome.smallest,
        people=change.people,
        projects=change.projects,
        before=change.before,
        after=change.after,
        facts=told_facts(facts),
        level=own.level,
        design_level=own.design,
        caps=own.caps,
        nesta=nesta_level(facts, own.level),
        flags=flags,
        claim=said,
        effects=(_effect(change),),
        raise_level=(RAISES["unpaired"], RAISES["no_comparison"]),
        row=row_of(outcome, known, catalogue, people),
    )


def _answers(people: Participants, outcome: Outcome) -> tuple[np.ndarray, np.ndarray]:
    before, later = (people.values(wave, outcome.reading) for wave in (BEFORE, outcome.wave))
    return (1 - before, 1 - later) if outcome.success.shows_complement else (before, later)


def _effect(change: PairedChange) -> EvaluationEffect:
    return EvaluationEffect(
        method="different_people",
        estimate=change.change,
        standard_error=change.standard_error,
        lower=change.lower,
        upper=change.upper,
        p_value=change.p_value,
        adjusted_p=change.p_value,
        people=change.people,
        clusters=change.projects if change.method == "cr1" else None,
        degrees_of_freedom=change.degrees_of_freedom,
        is_main=True,
        note="All who answered at either time; nobody could be matched.",
    )


def _said(
    outcome: Outcome, change: PairedChange, level: int, flags: tuple[str, ...], *,
    is_comparable: bool,
) -> ClaimText:  # fmt: skip
    seen = Seen(
        outcome=outcome.words,
        people=change.people,
        before=_stored(change.before),
        after=_stored(change.after),
        change=_stored(change.change),
        lower=_stored(change.lower, "down"),
        upper=_stored(change.upper, "up"),
        smallest=outcome.smallest,
    )
    told = claim(seen, level=level, flags=flags)
    verdict = _VERDICTS.get(told.found)
    if verdict is None:
        is_meant = (told.found == "rose") == (outcome.direction > 0)
        verdict = "unknown" if not outcome.direction else ("supports" if is_meant else "against")
    return ClaimText(
        found=told.found,
        verdict=verdict if is_comparable else "unknown",
        is_effective=False,
        seen=told.seen,
        reason=told.reason,
        limits=told.limits,
    )


def _stored(value: float | None, direction: Direction = "nearest") -> float | None:
    return round_value(value, Rounding(step=SHARE_STEP, direction=direction))
