"""Evaluate an initiative: did it help, for whom, and how sure can anybody be?

The flow on one screen: the plan as registered, participants' answers before and later, the change,
who left, whom they are compared with, what that makes of the evidence, and what may be said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from social_evidence.app.evaluate_areas import AreaAnswers, areas_of
from social_evidence.app.evaluate_arms import ArmsStudy, arms_of
from social_evidence.app.evaluate_asked import Asked, Outcome, asked_of
from social_evidence.app.evaluate_benchmark import CitySurvey, benchmark_of
from social_evidence.app.evaluate_claim import Findings, expected_return
from social_evidence.app.evaluate_dropout import dropout_of
from social_evidence.app.evaluate_effects import paired_change, participant_effects
from social_evidence.app.evaluate_outcomes import outcomes_of
from social_evidence.app.evaluate_plan import PlanStanding, fewer_people, standing_of
from social_evidence.app.evaluate_record import outcome_records
from social_evidence.app.evaluate_unpaired import is_unpaired, unpaired_outcome
from social_evidence.app.participant_answers import BEFORE, Participants, participants_of
from social_evidence.errors import DataError, DefinitionError, DesignError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.evaluation import (
    Departure,
    Evaluation,
    EvaluationEffect,
    OutcomeEvaluation,
)
from social_evidence.model.evaluation_plan import EvaluationPlan, Registration

FEWEST: Final = 10
"""People under whom nothing is told."""
_HOLM: Final = (
    "The main question stands by itself. Further planned outcomes count only where it shows a "
    "change, and their p values are raised by Holm's steps; so are those of planned groups."
)


def evaluate_initiative(
    catalogue: Catalogue,
    initiative: str,
    answers: pa.Table,
    *,
    registrations: Sequence[Registration] = (),
    benchmark: CitySurvey | Mapping[str, CitySurvey] | None = None,
    areas: Mapping[str, AreaAnswers] | None = None,
    is_synthetic: bool = False,
) -> Evaluation:
    """Evaluate one initiative from participants' answers.

    Nothing is hidden here: `evaluation_published.published` does that before anything is shown.

    Args:
        catalogue: With the initiative, its plan, questions and breakdowns.
        initiative: Its id.
        answers: A row a person and wave, as the office hands them out.
        registrations: Of its plan, as the office keeps them.
        benchmark: The city's survey with the same items; or one a question, where questions are
            asked in different waves.
        areas: Question id -> answers of residents by area and wave, for plans that compare areas.
        is_synthetic: The answers were made up by a program.

    Raises:
        DefinitionError: There is no such initiative, or nothing of it comes from answers.
        DataError: The answers lack a column, or hold a person twice.
    """
    known = catalogue.initiatives.get(initiative)
    if known is None:
        raise DefinitionError(f"There is no initiative {initiative!r} in the catalogue.")
    people = participants_of(answers)
    standing = standing_of(catalogue, initiative, registrations)
    departures = list(standing.departures)
    found: list[tuple[Findings, tuple[EvaluationEffect, ...]]] = []
    unmatched: list[OutcomeEvaluation] = []
    for outcome in outcomes_of(known, standing):
        try:
            if is_unpaired(people, outcome):
                unmatched.append(
                    unpaired_outcome(
                        catalogue,
                        known,
                        people,
                        outcome,
                        has_registered_plan=standing.is_before_results,
                        question_changed=_forms(people, outcome),
                    )
                )
                continue
            survey = _survey_of(benchmark, outcome.reading.question)
            found.append(_found(outcome, people, standing, survey, areas or {}))
        except DataError as fault:
            departures.append(_missing(outcome, fault))
    if not (found or unmatched or departures):
        raise DefinitionError(f"No success measure of {initiative} comes from answers.")
    asked = people.asked(BEFORE) if BEFORE in people.rows else np.zeros(people.people, dtype=bool)
    began = int((asked & people.takes_part).sum())
    told = [*outcome_records(found, catalogue, known, people), *unmatched]
    return Evaluation(
        initiative=initiative,
        title=known.title,
        design=_design(standing.plan, people, found),
        plan=initiative if standing.plan is not None else "",
        plan_digest=standing.registration.digest if standing.registration else "",
        registered_on=standing.registration.registered_on if standing.registration else "",
        departures=(*departures, *fewer_people(standing.plan, int(asked.sum()))),
        began=began,
        projects=int(np.unique(people.project[people.takes_part]).size),
        outcomes=tuple(sorted(told, key=lambda one: one.role != "primary")),
        multiplicity=_HOLM if len(found) > 1 else "",
        threshold=FEWEST,
        is_synthetic=is_synthetic,
    )


def _survey_of(
    benchmark: CitySurvey | Mapping[str, CitySurvey] | None, question: str
) -> CitySurvey | None:
    if benchmark is None or isinstance(benchmark, CitySurvey):
        return benchmark
    return benchmark.get(question)


def _found(
    outcome: Outcome,
    people: Participants,
    standing: PlanStanding,
    survey: CitySurvey | None,
    areas: Mapping[str, AreaAnswers],
) -> tuple[Findings, tuple[EvaluationEffect, ...]]:
    plan = standing.plan
    evened = plan.weighted_on if plan is not None else ()
    told = (*evened, *(plan.subgroups if plan is not None else ()), *outcome.success.breakdowns)
    asked = asked_of(people, outcome, {name: name in evened for name in dict.fromkeys(told)})
    if not (asked.takes_part & asked.again).any():
        raise DataError(f"Nobody has an answer both before and at {outcome.wave}.")
    change = paired_change(asked)
    dropout = dropout_of(asked)
    effects = [*participant_effects(asked, change), *dropout.effects]
    arms = _arms(asked, plan)
    benchmark = None if survey is None else benchmark_of(asked, outcome, change, survey)
    residents = areas.get(outcome.reading.question)
    beside = areas_of(residents) if residents is not None else None
    effects += arms.effects if arms is not None else ()
    effects += benchmark.effects if benchmark is not None else ()
    effects += beside.effects if beside is not None else ()
    findings = Findings(
        outcome=outcome,
        asked=asked,
        change=change,
        dropout=dropout,
        plan=plan,
        has_registered_plan=standing.is_before_results,
        question_changed=_has_changed(people, outcome),
        arms=arms,
        benchmark=benchmark,
        areas=beside,
    )
    effects += _return_effects(findings, effects[0])
    return findings, tuple(effects)


def _arms(asked: Asked, plan: EvaluationPlan | None) -> ArmsStudy | None:
    if not asked.has_arms:
        return None
    try:
        return arms_of(asked, plan.assigned_by if plan is not None else "project")
    except DesignError:
        return None


def _has_changed(people: Participants, outcome: Outcome) -> bool:
    """Say whether anybody was asked in other words later than before."""
    before, later = people.codes(BEFORE, "form"), people.codes(outcome.wave, "form")
    both = [
        (first, second)
        for first, second in zip(before, later, strict=True)
        if first is not None and second is not None
    ]
    return any(first != second for first, second in both)


def _forms(people: Participants, outcome: Outcome) -> bool:
    """Say whether two sets of people were asked in other words."""
    first, later = (
        {form for form in people.codes(wave, "form") if form is not None}
        for wave in (BEFORE, outcome.wave)
    )
    return first != later


def _return_effects(found: Findings, paired: EvaluationEffect) -> list[EvaluationEffect]:
    expected = expected_return(found)
    if expected is None or paired.estimate is None:
        return []
    return [
        EvaluationEffect(
            method="expected_return", estimate=expected, people=int(found.asked.takes_part.sum())
        ),
        replace(
            paired,
            method="less_expected_return",
            estimate=paired.estimate - expected,
            lower=None if paired.lower is None else paired.lower - expected,
            upper=None if paired.upper is None else paired.upper - expected,
            p_value=None,
            note="The expected rise is taken as known.",
        ),
    ]


def _missing(outcome: Outcome, fault: DataError) -> Departure:
    lacking = ", ".join(fault.columns)
    why = f"the answers have no column {lacking}" if lacking else "nobody has both answers"
    return Departure(
        kind="outcome_missing", text=f"{outcome.success.id} could not be looked at: {why}."
    )


def _design(
    plan: EvaluationPlan | None,
    people: Participants,
    found: Sequence[tuple[Findings, tuple[EvaluationEffect, ...]]],
) -> str:
    """Say in a sentence what was done."""
    compared = next((one.compared_with for one, _ in found if one.compared_with), "")
    projects = int(np.unique(people.project[people.takes_part]).size)
    where = f" in {projects} projects" if projects > 1 else ""
    start = f"The same people were asked before and later{where}"
    if not compared:
        return f"{start}; nobody else was followed over that time."
    lot = " Who took part was drawn by lot." if plan and plan.assignment == "lottery" else ""
    return f"{start}, beside {compared}.{lot}"
