"""Evaluations: what changed for the people of an initiative, how sure that is, and what limits it.

All of it is plain values, which `model.record_mapping` turns into JSON and back.
Shares are in [0, 1], a change is later less earlier, and None stands where there is no number or
it may not be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal["primary", "secondary", "chosen_afterwards"]
Kind = Literal["share", "moves", "score", "follow_up"]
BenchmarkKind = Literal["none", "once", "twice", "panel"]
Verdict = Literal["supports", "against", "no_meaningful_change", "not_enough_data", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationEffect:
    """One number of an outcome, by one method.

    Attributes:
        method: Its id; `wording.evaluation_words.METHODS` says it in words.
        estimate: The number.
        standard_error: Of it; None where the method gives none.
        lower, upper: 95% limits; for bounds the two extremes.
        p_value: Two-sided, that there is no change or no difference.
        adjusted_p: Raised by Holm's steps over the outcomes or groups that were planned together.
        people: Who went in.
        effective: How many equally weighted people they are worth; None where all count alike.
        clusters: Projects or areas that the range is between; None where people count one by one.
        degrees_of_freedom: Of t; None where the range is no t.
        is_main: The claim rests on it.
        note: What must be known to read it, in words.
    """

    method: str
    estimate: float | None = None
    standard_error: float | None = None
    lower: float | None = None
    upper: float | None = None
    p_value: float | None = None
    adjusted_p: float | None = None
    people: int = 0
    effective: float | None = None
    clusters: int | None = None
    degrees_of_freedom: float | None = None
    is_main: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """One background group among two sets of people.

    Attributes:
        breakdown, group: Of the catalogue; `started` for the answer before.
        people: Share of the people looked at: participants, or those who answered again.
        compared: Share of those they are compared with: Londoners, the other arm, or all who began.
        compared_lower, compared_upper: Its limits where it is a survey's, else None.
        matched: The same after weighting; None where nothing was weighted.
        difference, difference_matched: Standardised, before and after weighting.
    """

    breakdown: str
    group: str
    people: float | None
    compared: float | None
    compared_lower: float | None = None
    compared_upper: float | None = None
    matched: float | None = None
    difference: float | None = None
    difference_matched: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How many of the city's people resemble the participants at all.

    Attributes:
        respondents: In the benchmark.
        effective: How many equally weighted ones the matched benchmark is worth.
        worst_difference: Largest standardised difference that remains after weighting.
        heaviest: Share of the weight that the heaviest hundredth of respondents carries.
    """

    respondents: int
    effective: float
    worst_difference: float | None
    heaviest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CityBenchmark:
    """The city's survey beside the participants.

    Attributes:
        kind: Measured once, twice (different people), or as a panel (the same people).
        source: Where it came from, in words, with its periods.
        share_before, share_after: Among respondents weighted to resemble the participants; the
            second None where it was measured once.
        gap_before: Participants before less similar respondents, with limits.
        balance: Participants against respondents, group by group, before and after weighting.
        overlap: Of the matched benchmark.
        weighted_on: Breakdowns that were evened out.
        left_out: Breakdowns that could not be, and why, in words.
    """

    kind: BenchmarkKind
    source: str
    share_before: float | None = None
    share_after: float | None = None
    gap_before: EvaluationEffect | None = None
    balance: tuple[BalanceRow, ...] = ()
    overlap: Overlap | None = None
    weighted_on: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropout:
    """Who began and who answered again.

    Attributes:
        began: Participants with a valid answer before.
        answered: Of them, with a valid answer after.
        retention: Share that answered again.
        arm_difference: Retention of participants less that of the other arm; None without one.
        start_difference: Answer before of those who left less that of those who stayed.
        start_p: That there is none.
        balance: Those who answered again against all who began, before and after weighting.
        bound_lower, bound_upper: Extremes of the change, whatever those who left would have said.
        carried_forward: The change if those who left had stayed as they were.
        tipping_share: Of those who left: the share of yes after at which the change would be none;
            None where no share does that.
        could_explain: Who left could explain the result.
    """

    began: int
    answered: int
    retention: float | None
    arm_difference: float | None = None
    start_difference: float | None = None
    start_p: float | None = None
    balance: tuple[BalanceRow, ...] = ()
    bound_lower: float | None = None
    bound_upper: float | None = None
    carried_forward: float | None = None
    tipping_share: float | None = None
    could_explain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShare:
    """How many gave an answer at a wave.

    Attributes:
        wave: `before`, `after` or a follow-up.
        answer: Its code.
        label: In words.
        share: Of the people with both answers.
    """

    wave: str
    answer: str
    label: str
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEffect:
    """The change in one group.

    Attributes:
        breakdown, group: Of the catalogue.
        people: With both answers; None where hidden.
        before, after, change, lower, upper, p_value: As of everybody.
        adjusted_p: Holm's, over all planned groups of the outcome; None where not planned.
        is_planned: The plan names the breakdown.
        is_hidden: Too few, or hidden so that too few cannot be worked out.
    """

    breakdown: str
    group: str
    people: int | None = None
    before: float | None = None
    after: float | None = None
    change: float | None = None
    lower: float | None = None
    upper: float | None = None
    p_value: float | None = None
    adjusted_p: float | None = None
    is_planned: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """Whether groups of a breakdown changed differently: asked before any group is looked at."""

    breakdown: str
    groups: int
    p_value: float | None
    adjusted_p: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimText:
    """What is said of an outcome.

    Attributes:
        found: `rose`, `fell`, `no_meaningful_change`, `not_enough_data` or `unknown`.
        verdict: The same against the direction that was meant.
        is_effective: The finding may be put down to the initiative: the level is 3 or more, the
            direction is the one that was meant, and nothing that could explain it stands.
        seen, reason, limits: The sentences: what was seen, what it may be put down to, its limits.
    """

    found: str
    verdict: Verdict
    is_effective: bool
    seen: str
    reason: str
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeEvaluation:
    """All that is known of one outcome of an initiative.

    Attributes:
        success_measure: Its address, such as `LFF-FRIENDS-AGE`; empty for none.
        item: `headline`, or the id of a second reading.
        title: What people read.
        words: The outcome as the claim says it.
        question: The question's id.
        kind: A share, moves on an ordered scale, a score, or a share at follow-up of those who
            began without.
        role: In the plan; `chosen_afterwards` where the plan does not name it.
        wave: The later wave that is set against `before`.
        direction: Which way is meant; empty where neither is.
        smallest: The smallest change that matters, from the plan; None where it names none.
        people: With both answers; None where too few to be shown.
        projects: From which they come.
        before, after: Shares or means of those people.
        facts: Facts of the design that the level is worked out from.
        level: Of the evidence, 0 to 5 (Maryland).
        design_level: Of the design before anything lowered it.
        caps: What lowered it.
        nesta: Nesta's standard, 0 to 3; higher ones need repetition elsewhere.
        flags: Ids of what limits the claim; `wording.claims.FLAGS` says them in words.
        claim: The claim.
        effects: Every number, the main one first.
        dropout, benchmark: None where there is nothing to say.
        distribution: Answers at each wave.
        groups, interactions: By breakdown.
        e_value, e_value_of_limit: How strongly something unseen would have to act; None where the
            level claims nothing.
        expected_return: Rise to expect of people chosen low with no effect at all; None elsewhere.
        raise_level: What would make the evidence stronger, a sentence each.
        row: Key of the row of the initiatives table that holds the headline number.
        is_hidden: Too few people: nothing of it may be shown.
    """

    success_measure: str
    item: str
    title: str
    words: str
    question: str
    kind: Kind
    role: Role
    wave: str
    direction: str
    smallest: float | None
    people: int | None
    projects: int | None
    before: float | None
    after: float | None
    facts: Mapping[str, bool | int | float | None]
    level: int
    design_level: int
    caps: tuple[str, ...]
    nesta: int
    flags: tuple[str, ...]
    claim: ClaimText
    effects: tuple[EvaluationEffect, ...] = ()
    dropout: Dropout | None = None
    benchmark: CityBenchmark | None = None
    distribution: tuple[AnswerShare, ...] = ()
    groups: tuple[GroupEffect, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    e_value: float | None = None
    e_value_of_limit: float | None = None
    expected_return: float | None = None
    raise_level: tuple[str, ...] = ()
    row: str = ""
    is_hidden: bool = False

    @property
    def main(self) -> EvaluationEffect | None:
        """The effect that the claim rests on."""
        return next((effect for effect in self.effects if effect.is_main), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where an evaluation departed from its plan.

    Attributes:
        kind: `no_plan`, `registered_late`, `outcome_changed`, `outcome_added`, `outcome_missing`,
            `group_added`, `method_changed`, `plan_changed` or `fewer_people`.
        text: In a sentence.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The evaluation of one initiative.

    Attributes:
        initiative: Its id.
        title: Its name.
        design: What was done, in a sentence.
        plan: Id of the plan; empty where there is none.
        plan_digest: sha-256 of the plan as written; empty likewise.
        registered_on: The day it was registered; empty where it was not.
        departures: From the plan.
        began: Participants who answered before; None where too few to be shown.
        projects: From which they come.
        outcomes: The primary first.
        multiplicity: How p values were raised, in words.
        threshold: Fewest people of whom a number is given.
        is_synthetic: The answers were made up by a program.
    """

    initiative: str
    title: str
    design: str
    plan: str = ""
    plan_digest: str = ""
    registered_on: str = ""
    departures: tuple[Departure, ...] = ()
    began: int | None = None
    projects: int | None = None
    outcomes: tuple[OutcomeEvaluation, ...] = ()
    multiplicity: str = ""
    threshold: int = 10
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledEvaluations:
    """One outcome of several initiatives, or of several projects, together.

    Attributes:
        question: Of the outcome.
        title: In words.
        members: Ids of what was pooled, in order.
        effects: Their effects, each with limits.
        average: REML with Hartung and Knapp's limits; None where refused.
        next_lower, next_upper: Where the next one could land (95%).
        between: Variance between them; `share` the percentage of the spread that is between.
        refusal: Why nothing was pooled; empty where it was.
        is_rough: Fewer than five went in.
    """

    question: str
    title: str
    members: tuple[str, ...]
    effects: tuple[EvaluationEffect, ...] = ()
    average: EvaluationEffect | None = None
    next_lower: float | None = None
    next_upper: float | None = None
    between: float | None = None
    share: float | None = None
    refusal: str = ""
    is_rough: bool = False
