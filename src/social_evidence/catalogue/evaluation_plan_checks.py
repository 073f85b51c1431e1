"""Whether an evaluation plan can be followed: what it names exists, and it decides one thing."""

from __future__ import annotations

from datetime import date

from social_evidence.catalogue.definitions import Definitions
from social_evidence.catalogue.faults import Place
from social_evidence.catalogue.names import is_known_area
from social_evidence.model.evaluation_plan import EvaluationPlan, PlannedOutcome
from social_evidence.model.initiative import FROM_ANSWERS, Initiative
from social_evidence.wording.claims import refused_words


def check_evaluation_plans(definitions: Definitions) -> None:
    """Note every fault of the evaluation plans.

    Args:
        definitions: Everything read; faults are noted in it.
    """
    for plan in definitions.catalogue.evaluation_plans.values():
        place = definitions.place("evaluation_plans", plan.id)
        if plan.id not in definitions.ids("initiatives"):
            place.at("id").unknown("initiative", plan.id, definitions.ids("initiatives"))
        _check_days(plan, place)
        _check_people(plan, place)
        _check_outcomes(plan, definitions, place)
        _check_breakdowns(plan, definitions, place)
        _check_comparison(plan, definitions, place)


def _check_days(plan: EvaluationPlan, place: Place) -> None:
    days = {name: getattr(plan, name) for name in ("written_on", "answers_until")}
    for name, written in days.items():
        if not _is_day(written):
            place.at(name).fault(f"is {written!r}; write a day, as 2026-03-01.")
    if all(map(_is_day, days.values())) and plan.written_on > plan.answers_until:
        place.at("written_on").fault(
            f"is {plan.written_on}, after the last answers ({plan.answers_until}): a plan is "
            "written before anybody can see a result."
        )


def _check_people(plan: EvaluationPlan, place: Place) -> None:
    if plan.people < 1:
        place.at("people").fault("must be 1 or more: how many are to begin.")
    if plan.version < 1:
        place.at("version").fault("starts at 1 and is raised with every change.")
    if not 0 <= plan.correlation < 1:
        place.at("correlation").fault("lies from 0 to below 1.")
    for name in ("estimand", "sample_basis", "missing_note"):
        if not getattr(plan, name).strip():
            place.at(name).fault("is blank; say it in a sentence.")


def _check_outcomes(plan: EvaluationPlan, definitions: Definitions, place: Place) -> None:
    primary = sum(outcome.is_primary for outcome in plan.outcomes)
    if primary != 1:
        place.at("outcomes").fault(
            f"has {primary} with `is_primary = true`; exactly one must be: the claim about the "
            "initiative rests on it. Mark the others as they are, secondary."
        )
    seen: set[tuple[str, str, str]] = set()
    initiative = definitions.catalogue.initiatives.get(plan.id)
    for index, outcome in enumerate(plan.outcomes):
        here = place.at("outcomes", index)
        key = outcome.success_measure, outcome.item, outcome.wave
        if key in seen:
            here.fault(f"{' '.join(key)} stands there twice. Keep one of them.")
        seen.add(key)
        _check_outcome(outcome, here)
        if initiative is not None:
            _check_reading(outcome, initiative, here)


def _check_outcome(outcome: PlannedOutcome, place: Place) -> None:
    if not outcome.smallest > 0 or (not outcome.is_score and outcome.smallest >= 1):
        place.at("smallest").fault(
            f"is {outcome.smallest:g}; the smallest change that matters lies above 0"
            f"{'' if outcome.is_score else ' and below 1, as 0.05 for five points'}."
        )
    if not outcome.words.strip():
        place.at("words").fault("is blank; write what people say, as `they have a friend nearby`.")
    if refused := refused_words(outcome.words):
        place.at("words").fault(
            f"holds {', '.join(map(repr, refused))}, which puts a result down to something. Say "
            "what people answer and nothing of why."
        )


def _check_reading(outcome: PlannedOutcome, initiative: Initiative, place: Place) -> None:
    measures = {success.id: success for success in initiative.success_measures}
    success = measures.get(outcome.success_measure)
    if success is None:
        what = f"success measure of {initiative.id}"
        place.at("success_measure").unknown(what, outcome.success_measure, measures)
        return
    read = [reading.item for reading in success.readings if reading.way in FROM_ANSWERS]
    if not read:
        place.at("success_measure").fault(
            f"{success.id} is not worked out from participants' answers, so an evaluation of them "
            "cannot say anything of it. Name one that is."
        )
    elif outcome.item not in read:
        place.at("item").unknown(f"reading of {success.id}", outcome.item, read)


def _check_breakdowns(plan: EvaluationPlan, definitions: Definitions, place: Place) -> None:
    known = definitions.ids("breakdowns")
    for field in ("weighted_on", "subgroups"):
        for name in getattr(plan, field):
            if name not in known:
                place.at(field).unknown("breakdown", name, known)


def _check_comparison(plan: EvaluationPlan, definitions: Definitions, place: Place) -> None:
    if plan.comparison == "none" and (plan.comparison_reason or plan.assignment != "chosen"):
        place.at("comparison").fault(
            'is "none", but something is said of those compared with. Say who they are.'
        )
    if plan.comparison == "areas" and not plan.treated_areas:
        place.at("treated_areas").fault("is empty; name the areas where it begins.")
    if plan.comparison != "areas" and plan.treated_areas:
        place.at("treated_areas").fault('says nothing unless comparison = "areas".')
    if plan.assignment == "as_good_as_chance" and not plan.comparison_reason:
        place.at("comparison_reason").fault("is blank; say why it was as good as chance.")
    for code in plan.treated_areas:
        is_known_area(code, definitions, place.at("treated_areas"))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
