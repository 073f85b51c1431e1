"""Which outcomes an evaluation looks at: what was promised, then what stands in the plan now."""

from __future__ import annotations

from social_evidence.app.evaluate_asked import Outcome
from social_evidence.app.evaluate_plan import PlanStanding
from social_evidence.model.evaluation_plan import PlannedOutcome
from social_evidence.model.initiative import FROM_ANSWERS, HEADLINE, Initiative


def outcomes_of(known: Initiative, standing: PlanStanding) -> tuple[Outcome, ...]:
    """List what is looked at, the main question first.

    What was promised is looked at even where the plan no longer names it. Without a plan every
    success measure that comes from answers is, and all of it counts as chosen afterwards.

    Args:
        known: The initiative.
        standing: Of its plan.
    """
    plans = [plan for plan in (standing.registered, standing.plan) if plan is not None]
    seen: dict[tuple[str, str, str], Outcome] = {}
    for plan in plans:
        for planned in plan.outcomes:
            key = (planned.success_measure, planned.item, planned.wave)
            outcome = _outcome(known, planned, standing)
            if outcome is not None and key not in seen:
                seen[key] = outcome
    if not plans:
        for success in known.success_measures:
            reading = next((one for one in success.readings if one.way in FROM_ANSWERS), None)
            if reading is not None and reading.item == HEADLINE:
                wave = reading.wave if reading.wave.startswith("followup") else "after"
                seen[success.id, reading.item, wave] = Outcome(
                    success=success,
                    reading=reading,
                    words=f"this is so: {success.title}",
                    wave=wave,
                    smallest=None,
                    is_primary=False,
                    is_planned=False,
                )
    return tuple(sorted(seen.values(), key=lambda one: not one.is_primary))


def _outcome(known: Initiative, planned: PlannedOutcome, standing: PlanStanding) -> Outcome | None:
    success = next(
        (one for one in known.success_measures if one.id == planned.success_measure), None
    )
    readings = success.readings if success is not None else ()
    reading = next(
        (one for one in readings if one.item == planned.item and one.way in FROM_ANSWERS), None
    )
    if success is None or reading is None:
        return None
    judge = standing.registered or standing.plan
    main = judge.primary if judge is not None else None
    key = (planned.success_measure, planned.item, planned.wave)
    is_primary = main is not None and key == (main.success_measure, main.item, main.wave)
    return Outcome(
        success=success,
        reading=reading,
        words=planned.words,
        wave=planned.wave,
        smallest=planned.smallest,
        is_primary=is_primary,
        is_planned=standing.is_planned(planned),
        is_score=planned.is_score,
    )
