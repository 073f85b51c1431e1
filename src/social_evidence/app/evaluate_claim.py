"""From what was found to what may be said: facts of the design, level, flags and claim."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from scipy import stats

from social_evidence.app.evaluate_areas import AreasStudy
from social_evidence.app.evaluate_arms import ArmsStudy
from social_evidence.app.evaluate_asked import Asked, Outcome
from social_evidence.app.evaluate_benchmark import BenchmarkStudy
from social_evidence.app.evaluate_dropout import DropoutStudy
from social_evidence.app.participant_change import FEWEST_PROJECTS, PairedChange
from social_evidence.disclosure.rounding import SHARE_STEP, Direction, Rounding, round_value
from social_evidence.methods.evaluation.sensitivity import (
    e_value,
    e_value_of_limit,
    regression_to_mean,
)
from social_evidence.methods.evaluation.strength import (
    LEAST_RETENTION,
    DesignFacts,
    Strength,
    strength,
)
from social_evidence.model.evaluation import ClaimText, EvaluationEffect, Verdict
from social_evidence.model.evaluation_plan import EvaluationPlan
from social_evidence.wording.claims import LEAST_LEVEL, Seen, claim, found_of
from social_evidence.wording.evaluation_words import RAISES

SURE = 0.05
_FEW_PEOPLE = 50


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """Everything found of one outcome.

    Attributes:
        outcome, asked, change: The outcome, its answers, and the change of those who took part.
        dropout: Who did not answer again.
        plan: As it stands; None where there is none.
        has_registered_plan: A plan was registered before results.
        question_changed: The wording was not the same at both waves.
        arms, benchmark, areas: With whom they were compared; None where with nobody.
    """

    outcome: Outcome
    asked: Asked
    change: PairedChange
    dropout: DropoutStudy
    plan: EvaluationPlan | None
    has_registered_plan: bool
    question_changed: bool
    arms: ArmsStudy | None = None
    benchmark: BenchmarkStudy | None = None
    areas: AreasStudy | None = None

    @property
    def has_comparison(self) -> bool:
        """Whether anything was followed over the same time; a benchmark asked once is nothing."""
        followed = self.benchmark is not None and self.benchmark.difference is not None
        return self.arms is not None or self.areas is not None or followed

    @property
    def is_alike(self) -> bool:
        """Whether those compared with were like those who took part."""
        if self.arms is not None:
            return self.arms.is_alike
        if self.areas is not None:
            return not self.areas.moved_apart_before
        return self.benchmark is not None and self.benchmark.is_alike and self.benchmark.has_overlap

    @property
    def compared_with(self) -> str:
        """Who they were compared with, for the claim's words; empty for nobody."""
        if self.arms is not None:
            return "people who did not take part"
        if self.areas is not None:
            return "areas where it did not begin"
        return "similar people of the city" if self.has_comparison else ""

    @property
    def is_chosen_low(self) -> bool:
        """Whether people or areas were chosen for a low value, and those compared with were not."""
        if self.areas is not None:
            return self.areas.is_chosen_low
        plan = self.plan
        return plan is not None and plan.chosen_for == "low_value" and plan.assignment == "chosen"

    @property
    def began_low(self) -> bool:
        """Whether those who took part began worse than those beside them, by more than chance."""
        gap = self._gap
        if gap is None or gap.lower is None or gap.upper is None or not self.outcome.direction:
            return False
        return gap.upper < 0 if self.outcome.direction > 0 else gap.lower > 0

    @property
    def _gap(self) -> EvaluationEffect | None:
        if self.benchmark is not None:
            return self.benchmark.told.gap_before
        if self.arms is None or self.plan is None or self.plan.assignment != "chosen":
            return None
        part = self.asked.takes_part
        own, other = self.asked.before[part], self.asked.before[~part]
        if min(own.size, other.size) < 2 or own.var() + other.var() == 0:
            return None
        told = stats.ttest_ind(own, other, equal_var=False).confidence_interval(0.99)
        return EvaluationEffect(
            method="gap", lower=float(told.low), upper=float(told.high), people=own.size
        )


def facts_of(found: Findings, *, is_planned: bool) -> DesignFacts:
    """Gather the facts of a design and of how it went."""
    plan, asked = found.plan, found.asked
    compared = found.has_comparison
    has_arms = found.arms is not None
    is_lottery = _is_lottery(found)
    treated = found.areas.treated if found.areas is not None else None
    if found.arms is not None:
        treated = found.arms.treated
    difference = found.dropout.told.arm_difference
    return DesignFacts(
        before_after=True,
        comparison_group=compared,
        comparator_justified=compared
        and found.is_alike
        and plan is not None
        and bool(plan.comparison_reason.strip()),
        adequate_controls=compared and found.is_alike,
        quasi_random=has_arms and plan is not None and plan.assignment == "as_good_as_chance",
        instrument_or_cutoff_tested=plan is not None and bool(plan.assignment_tested.strip()),
        randomised=is_lottery,
        attrition_overall=float(1 - asked.again.mean()),
        attrition_difference=abs(difference) if difference is not None else 0.0,
        question_changed=found.question_changed,
        chosen_afterwards=not is_planned,
        adjusted_for_dropout=found.dropout.is_adjusted,
        treated_areas=treated,
        dropout_could_explain=compared and found.areas is None and found.dropout.is_unequal,
        chosen_for_low_value=found.is_chosen_low
        or (compared and found.began_low and not is_lottery),
    )


def main_effect(found: Findings, effects: tuple[EvaluationEffect, ...]) -> EvaluationEffect:
    """Choose the effect that the claim rests on: the strongest comparison there is."""
    methods = ["between_arms", "areas_two_way", "staggered", "benchmark_difference"]
    if not found.has_comparison:
        methods = []
    chosen = [effect for effect in effects if effect.method in methods]
    return chosen[0] if chosen else effects[0]


def flags_of(found: Findings, facts: DesignFacts) -> tuple[str, ...]:
    """List what limits a claim, the gravest first."""
    told, change, benchmark = found.dropout.told, found.change, found.benchmark
    is_lottery = facts.randomised
    retention = told.retention if told.retention is not None else 1.0
    alone = not found.has_comparison
    raised = {
        "question_changed": found.question_changed,
        "no_plan": facts.chosen_afterwards and not found.has_registered_plan,
        "chosen_afterwards": facts.chosen_afterwards and found.has_registered_plan,
        "low_retention": retention < LEAST_RETENTION,
        "dropout_could_explain": told.could_explain or facts.dropout_could_explain,
        "weights_disagree": _weights_disagree(found),
        "chosen_for_low_value": found.is_chosen_low,
        "began_low": found.began_low and not is_lottery and not found.is_chosen_low,
        "benchmark_once": benchmark is not None and benchmark.told.kind == "once",
        "imbalance": not is_lottery
        and (found.has_comparison or benchmark is not None)
        and not found.is_alike,
        "poor_overlap": benchmark is not None and not benchmark.has_overlap,
        "few_treated_areas": facts.treated_areas is not None and facts.treated_areas < 6,
        "began_without": found.asked.kind == "follow_up" and alone,
        "few_projects": _has_few_projects(found),
        "small_number": change.people < _FEW_PEOPLE,
        "self_report": found.asked.kind != "moves",
    }
    return tuple(flag for flag, is_raised in raised.items() if is_raised)


def _has_few_projects(found: Findings) -> bool:
    """Say whether the range the claim rests on is between fewer than ten projects or areas."""
    if found.arms is None:
        return found.areas is None and found.change.is_rough
    clusters = found.arms.effects[0].clusters
    return clusters is not None and clusters < FEWEST_PROJECTS


def _weights_disagree(found: Findings) -> bool:
    """Say whether weighting for drop-out finds something else than the answers as they are."""
    weighted: EvaluationEffect | None = found.dropout.weighted
    change: PairedChange | EvaluationEffect = found.change
    if found.arms is not None:
        told = {effect.method: effect for effect in found.arms.effects}
        weighted, change = told.get("between_arms_weighted"), told["between_arms"]
    if weighted is None or weighted.lower is None or change.lower is None:
        return False
    small = found.outcome.smallest
    plain, other = (
        found_of(
            Seen(
                outcome="",
                people=change.people,
                change=0.0,
                lower=lower,
                upper=upper,
                smallest=small,
            )
        )
        for lower, upper in ((change.lower, change.upper), (weighted.lower, weighted.upper))
    )
    return plain != other


def judged(
    found: Findings, facts: DesignFacts, flags: tuple[str, ...], main: EvaluationEffect
) -> tuple[Strength, ClaimText]:
    """Say what may be said.

    Args:
        found: Of one outcome.
        facts: Of the design.
        flags: What limits it.
        main: The effect the claim rests on, its p value raised where several were looked at.
    """
    own = strength(facts)
    has_levels = found.asked.kind in {"share", "score"}
    seen = Seen(
        outcome=found.outcome.words,
        people=found.change.people,
        before=_stored(found.change.before) if has_levels else None,
        after=_stored(found.change.after) if has_levels else None,
        change=_stored(main.estimate),
        lower=_stored(main.lower, "down"),
        upper=_stored(main.upper, "up"),
        smallest=found.outcome.smallest,
        compared_with=found.compared_with,
        is_score=found.asked.kind == "score",
        is_follow_up=found.asked.kind == "follow_up",
        is_moves=found.asked.kind == "moves",
    )
    is_sure = _is_sure(main) and not found.question_changed and _beyond_return(found, main)
    is_sure = is_sure and not _left_in_doubt(flags) and _twin_agrees(found, main)
    if _stands_out(main) and main.adjusted_p is not None and main.adjusted_p >= SURE:
        flags = (*flags, "one_of_several")
    said = claim(seen, level=own.level, flags=flags, is_sure=is_sure)
    verdict = _verdict(said.found, found, is_sure=is_sure)
    return own, ClaimText(
        found=said.found,
        verdict=verdict,
        is_effective=own.level >= LEAST_LEVEL and verdict == "supports",
        seen=said.seen,
        reason=said.reason,
        limits=said.limits,
    )


def _stored(value: float | None, direction: Direction = "nearest") -> float | None:
    """Round as a release does, so that the words and the figures beside them agree."""
    return round_value(value, Rounding(step=SHARE_STEP, direction=direction))


def _left_in_doubt(flags: tuple[str, ...]) -> bool:
    """Say whether those who left could explain it and there are signs that they do."""
    return "dropout_could_explain" in flags and bool(
        {"low_retention", "weights_disagree"}.intersection(flags)
    )


def _twin_agrees(found: Findings, main: EvaluationEffect) -> bool:
    """Say whether, with few projects, people taken one by one show the same.

    Between few projects a range can be narrow by luck alone.
    """
    twin = found.change.one_by_one
    if not found.change.is_rough or found.has_comparison or twin is None:
        return True
    return main.estimate is None or (twin[0] > 0 if main.estimate > 0 else twin[1] < 0)


def _stands_out(main: EvaluationEffect) -> bool:
    return main.lower is not None and main.upper is not None and (main.lower > 0 or main.upper < 0)


def _is_sure(main: EvaluationEffect) -> bool:
    """Say whether a difference stands against the other outcomes and few areas."""
    p_value = main.p_value if main.adjusted_p is None else main.adjusted_p
    return p_value is None or p_value < SURE


def _beyond_return(found: Findings, main: EvaluationEffect) -> bool:
    """Say whether people chosen low rose by more than they would have anyway."""
    expected = expected_return(found)
    if expected is None or main.lower is None or main.upper is None:
        # What would have come anyway is not known: with nobody as low beside, nothing is sure.
        is_below_others = found.arms is not None and found.began_low
        return not (found.is_chosen_low or (is_below_others and not _is_lottery(found)))
    return main.lower > expected if expected > 0 else main.upper < expected


def _verdict(told: str, found: Findings, *, is_sure: bool) -> Verdict:
    if found.question_changed or told == "unknown":
        return "unknown"
    if told == "no_meaningful_change":
        return "no_meaningful_change"
    if told == "not_enough_data" or not is_sure:
        return "not_enough_data"
    meant = found.outcome.direction
    if not meant:
        return "unknown"
    return "supports" if (told == "rose") == (meant > 0) else "against"


def _is_lottery(found: Findings) -> bool:
    plan = found.plan
    return found.arms is not None and plan is not None and plan.assignment == "lottery"


def expected_return(found: Findings) -> float | None:
    """Say how far people chosen for a low value come back by themselves.

    Returns:
        None where nobody was chosen so, where others as low were followed, or where it cannot be
        told.

    Source:
        Davis (1976), American Journal of Epidemiology 104, 493-498; where the city's average is
        known (1 - rho) times the distance from it.
    """
    plan = found.plan
    if not found.is_chosen_low or plan is None or found.areas is not None:
        return None
    own = found.asked.participants.before
    if found.benchmark is not None and found.benchmark.told.share_before is not None:
        return (1 - plan.correlation) * (found.benchmark.told.share_before - float(own.mean()))
    if found.asked.kind != "score" or own.size < 2:
        return None
    # What is seen below a line is narrower than the whole: its spread is turned back.
    ratio = float(stats.norm.pdf(plan.cut) / stats.norm.cdf(plan.cut))
    narrowed = 1 - plan.cut * ratio - ratio**2
    spread = float(own.std(ddof=1)) / math.sqrt(narrowed)
    rise = regression_to_mean(spread, plan.correlation, plan.cut)
    return rise if found.outcome.direction >= 0 else -rise


def hidden_bias(
    found: Findings, level: int, main: EvaluationEffect
) -> tuple[float | None, float | None]:
    """Give E-values of the estimate and of the limit nearer to none, at levels that claim."""
    if level < LEAST_LEVEL or found.asked.kind == "score" or main.estimate is None:
        return None, None
    after = found.change.after
    without = after - main.estimate
    if main.lower is None or main.upper is None or min(after, without) <= 0:
        return None, None
    nearer = main.lower if main.estimate > 0 else main.upper
    limit = without + nearer
    ratio = after / without
    return e_value(ratio), e_value_of_limit(ratio, limit / without) if limit > 0 else None


def raises(found: Findings, facts: DesignFacts, own: Strength) -> tuple[str, ...]:
    """Say what would make the evidence stronger."""
    plan = found.plan
    wanted = list(own.caps)
    if not found.has_comparison:
        once = found.benchmark is not None
        wanted.append("benchmark_once" if once else "no_comparison")
    elif not facts.randomised:
        if not found.is_alike:
            wanted.append("not_alike")
        if plan is None or not plan.comparison_reason.strip():
            wanted.append("no_reason")
        wanted.append("not_by_lot")
    return tuple(dict.fromkeys(RAISES[name] for name in wanted))


def nesta_level(facts: DesignFacts, level: int) -> int:
    """Give Nesta's standard as far as one evaluation can reach it.

    Source:
        Puttick and Ludlow (2012), Standards of Evidence for Impact Investing: 2 is a change seen
        in those who take part, 3 one that a comparison shows; 4 and 5 need it done again.
    """
    if level >= LEAST_LEVEL:
        return 3
    return 2 if facts.before_after else 1


def told_facts(facts: DesignFacts) -> Mapping[str, bool | int | float | None]:
    """Write the facts as plain values."""
    return asdict(facts)
