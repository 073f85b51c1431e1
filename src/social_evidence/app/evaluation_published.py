"""What of an evaluation may be shown: small groups blank, numbers rounded as a release has them.

Everything that leaves the program about an initiative's participants passes through here, on the
screen as in a release.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from social_evidence.disclosure.rounding import Direction, Rounding, round_value
from social_evidence.model.evaluation import (
    AnswerShare,
    BalanceRow,
    CityBenchmark,
    ClaimText,
    Dropout,
    Evaluation,
    EvaluationEffect,
    GroupEffect,
    Interaction,
    OutcomeEvaluation,
)

Hidden: TypeAlias = tuple[str, str, str, str, str]
"""Success measure, reading, breakdown, group and wave of a row that is hidden."""

FEWEST: Final = 10
"""People under whom nothing is told."""
_SHARES: Final = frozenset(
    {
        *("between_projects", "one_by_one_tango", "newcombe_m10", "projects_average"),
        "different_people",
        *("next_project", "weighted_for_dropout", "weighted_trimmed", "bounds"),
        *("carried_forward", "between_arms", "between_arms_weighted", "ancova", "between_areas"),
        *("areas_two_way", "two_by_two", "event_study", "staggered", "staggered_cell"),
        *("plain_two_way", "benchmark_gap", "benchmark_difference", "expected_return"),
        *("less_expected_return", "share_who_rose", "share_who_fell"),
    }
)
"""Methods whose number is a share or a difference of shares, where the outcome is one."""
_OF_LEAVERS: Final = frozenset({"bounds", "carried_forward", "weighted_trimmed"})
_OF_MOVERS: Final = frozenset({"share_who_rose", "share_who_fell", "odds_of_change"})
_TOO_FEW: Final = "Too few people answered both times for anything to be shown."


def published(
    evaluation: Evaluation, hidden: Collection[Hidden] = (), *, threshold: int = FEWEST
) -> Evaluation:
    """Leave of an evaluation what may be shown.

    Args:
        evaluation: As worked out.
        hidden: Rows of the initiatives table that are hidden: what they would have told is hidden
            here too.
        threshold: Fewest people of whom a number is given.

    Returns:
        The same evaluation with numbers of small groups None and all others rounded: shares to
        0.001, limits outward.
    """
    kept = frozenset(hidden)
    return replace(
        evaluation,
        began=_count(evaluation.began, threshold),
        outcomes=tuple(_outcome(one, kept, threshold) for one in evaluation.outcomes),
        threshold=threshold,
    )


def _outcome(
    outcome: OutcomeEvaluation, hidden: frozenset[Hidden], threshold: int
) -> OutcomeEvaluation:
    if _is_hidden(outcome, "all", "all", hidden) or (outcome.people or 0) < threshold:
        return _blank(outcome)
    is_score = outcome.kind == "score"
    leavers = outcome.dropout.began - outcome.dropout.answered if outcome.dropout else 0
    few_leavers = 0 < leavers < threshold
    return replace(
        outcome,
        before=_rounded(outcome.before, "nearest", is_score=is_score),
        after=_rounded(outcome.after, "nearest", is_score=is_score),
        effects=tuple(
            _effect(one, threshold, is_score=is_score)
            for one in outcome.effects
            if _may_show(one, outcome, threshold, few_leavers=few_leavers)
        ),
        dropout=_dropout(outcome.dropout, threshold, few_leavers=few_leavers, is_score=is_score),
        benchmark=_benchmark(outcome.benchmark, outcome.people or 0, threshold, is_score=is_score),
        distribution=_distribution(outcome, threshold),
        groups=_groups(outcome, hidden, threshold),
        interactions=tuple(_interaction(one) for one in outcome.interactions),
        e_value=_digits(outcome.e_value),
        e_value_of_limit=_digits(outcome.e_value_of_limit),
        expected_return=_rounded(outcome.expected_return, "nearest", is_score=is_score),
        facts={
            name: _digits(value) if isinstance(value, float) else value
            for name, value in outcome.facts.items()
        },
    )


def _blank(outcome: OutcomeEvaluation) -> OutcomeEvaluation:
    """Keep what is no number: the outcome, its design and that it cannot be shown."""
    return replace(
        outcome,
        people=None,
        before=None,
        after=None,
        facts={name: value for name, value in outcome.facts.items() if isinstance(value, bool)},
        claim=ClaimText(
            found="unknown",
            verdict="unknown",
            is_effective=False,
            seen=_TOO_FEW,
            reason=outcome.claim.reason if outcome.level < 3 else "",
            limits=(),
        ),
        effects=(),
        dropout=None,
        benchmark=None,
        distribution=(),
        groups=tuple(_blank_group(one) for one in outcome.groups),
        interactions=(),
        e_value=None,
        e_value_of_limit=None,
        expected_return=None,
        is_hidden=True,
    )


def _is_hidden(
    outcome: OutcomeEvaluation, breakdown: str, group: str, hidden: frozenset[Hidden]
) -> bool:
    """Say whether any row that this number would repeat is hidden."""
    waves = {"before", outcome.wave, "change", "none"}
    own = (outcome.success_measure, outcome.item, breakdown, group)
    return any((*own, wave) in hidden for wave in waves)


def _may_show(
    effect: EvaluationEffect, outcome: OutcomeEvaluation, threshold: int, *, few_leavers: bool
) -> bool:
    if effect.method in _OF_LEAVERS:
        return not few_leavers
    if effect.method in _OF_MOVERS:
        return _has_many_movers(effect, outcome, threshold)
    return True


def _has_many_movers(effect: EvaluationEffect, outcome: OutcomeEvaluation, threshold: int) -> bool:
    """Say whether enough people moved each way for their numbers to be told apart.

    Of people by answer before and later, those who moved one way are a group like another.
    """
    if effect.estimate is None:
        return False
    if effect.method != "odds_of_change":
        moved = effect.estimate * effect.people
        return moved >= threshold and effect.people - moved >= threshold
    change = next((one.estimate for one in outcome.effects if one.method == "newcombe_m10"), None)
    if change is None or effect.estimate in {0.0, 1.0}:
        return False
    down = change * effect.people / (effect.estimate - 1)
    return min(down, down * effect.estimate) >= threshold


def _effect(effect: EvaluationEffect, threshold: int, *, is_score: bool) -> EvaluationEffect:
    in_digits = is_score or effect.method not in _SHARES
    return replace(
        effect,
        estimate=_rounded(effect.estimate, "nearest", is_score=in_digits),
        standard_error=_digits(effect.standard_error, 2),
        lower=_rounded(effect.lower, "down", is_score=in_digits),
        upper=_rounded(effect.upper, "up", is_score=in_digits),
        p_value=_digits(effect.p_value),
        adjusted_p=_digits(effect.adjusted_p),
        people=effect.people if effect.people >= threshold else 0,
        effective=_digits(effect.effective),
        degrees_of_freedom=_digits(effect.degrees_of_freedom),
    )


def _dropout(
    told: Dropout | None, threshold: int, *, few_leavers: bool, is_score: bool
) -> Dropout | None:
    if told is None:
        return None
    if few_leavers:
        # What so few people said at the start is nobody's business; that they left is no secret.
        return Dropout(
            began=told.began,
            answered=told.answered,
            retention=_rounded(told.retention, "nearest", is_score=False),
            arm_difference=_rounded(told.arm_difference, "nearest", is_score=False),
            could_explain=told.could_explain,
        )
    return replace(
        told,
        retention=_rounded(told.retention, "nearest", is_score=False),
        arm_difference=_rounded(told.arm_difference, "nearest", is_score=False),
        start_difference=_rounded(told.start_difference, "nearest", is_score=is_score),
        start_p=_digits(told.start_p),
        balance=_balance(told.balance, told.answered, threshold),
        bound_lower=_rounded(told.bound_lower, "down", is_score=is_score),
        bound_upper=_rounded(told.bound_upper, "up", is_score=is_score),
        carried_forward=_rounded(told.carried_forward, "nearest", is_score=is_score),
        tipping_share=_rounded(told.tipping_share, "nearest", is_score=False),
    )


def _benchmark(
    told: CityBenchmark | None, people: int, threshold: int, *, is_score: bool
) -> CityBenchmark | None:
    if told is None:
        return None
    gap = told.gap_before
    overlap = told.overlap
    return replace(
        told,
        share_before=_rounded(told.share_before, "nearest", is_score=is_score),
        share_after=_rounded(told.share_after, "nearest", is_score=is_score),
        gap_before=None if gap is None else _effect(gap, threshold, is_score=is_score),
        balance=_balance(told.balance, people, threshold),
        overlap=None
        if overlap is None
        else replace(
            overlap,
            effective=_digits(overlap.effective) or 0.0,
            worst_difference=_rounded(overlap.worst_difference, "nearest", is_score=False),
            heaviest=_digits(overlap.heaviest) or 0.0,
        ),
    )


def _balance(rows: Sequence[BalanceRow], people: int, threshold: int) -> tuple[BalanceRow, ...]:
    """Hide shares of small groups; the largest group of each breakdown is never told anyway."""
    told = []
    for row in rows:
        is_small = row.breakdown != "started" and (
            row.people is not None and row.people * people < threshold
        )
        told.append(
            BalanceRow(breakdown=row.breakdown, group=row.group, people=None, compared=None)
            if is_small
            else _balance_row(row)
        )
    return tuple(told)


def _balance_row(row: BalanceRow) -> BalanceRow:
    """Round a row; where people started may be a score, which is no share."""
    is_score = row.breakdown == "started"
    return replace(
        row,
        people=_rounded(row.people, "nearest", is_score=is_score),
        compared=_rounded(row.compared, "nearest", is_score=is_score),
        compared_lower=_rounded(row.compared_lower, "down", is_score=is_score),
        compared_upper=_rounded(row.compared_upper, "up", is_score=is_score),
        matched=_rounded(row.matched, "nearest", is_score=is_score),
        difference=_rounded(row.difference, "nearest", is_score=False),
        difference_matched=_rounded(row.difference_matched, "nearest", is_score=False),
    )


def _distribution(outcome: OutcomeEvaluation, threshold: int) -> tuple[AnswerShare, ...]:
    """Hide answers that few gave, and another where one alone could be worked out of the rest."""
    told: list[AnswerShare] = []
    for wave in dict.fromkeys(one.wave for one in outcome.distribution):
        own = [one for one in outcome.distribution if one.wave == wave]
        counts = [(one.share or 0.0) * (outcome.people or 0) for one in own]
        small = _hidden_parts(counts, threshold)
        told += [
            replace(
                one, share=None if at in small else _rounded(one.share, "nearest", is_score=False)
            )
            for at, one in enumerate(own)
        ]
    return tuple(told)


def _hidden_parts(
    counts: Sequence[float], threshold: int, shut: Collection[int] = ()
) -> frozenset[int]:
    """Choose parts of a whole to hide: the small, and the next where the small could be told.

    A part with nobody in it is hidden too, for it says something of everybody.
    """
    small = {at for at, count in enumerate(counts) if count < threshold - 0.5} | set(shut)
    total = sum(counts[at] for at in small)
    rest = sorted((count, at) for at, count in enumerate(counts) if at not in small)
    while small and rest and (len(small) < 2 or total < threshold - 0.5):
        count, at = rest.pop(0)
        small.add(at)
        total += count
    return frozenset(small)


def _groups(
    outcome: OutcomeEvaluation, hidden: frozenset[Hidden], threshold: int
) -> tuple[GroupEffect, ...]:
    told: list[GroupEffect] = []
    for breakdown in dict.fromkeys(one.breakdown for one in outcome.groups):
        own = [one for one in outcome.groups if one.breakdown == breakdown]
        shut = {
            at for at, one in enumerate(own) if _is_hidden(outcome, breakdown, one.group, hidden)
        }
        small = _hidden_parts([float(one.people or 0) for one in own], threshold, shut)
        told += [
            _blank_group(one) if at in small else _group(one, is_score=outcome.kind == "score")
            for at, one in enumerate(own)
        ]
    return tuple(told)


def _group(one: GroupEffect, *, is_score: bool) -> GroupEffect:
    return replace(
        one,
        before=_rounded(one.before, "nearest", is_score=is_score),
        after=_rounded(one.after, "nearest", is_score=is_score),
        change=_rounded(one.change, "nearest", is_score=is_score),
        lower=_rounded(one.lower, "down", is_score=is_score),
        upper=_rounded(one.upper, "up", is_score=is_score),
        p_value=_digits(one.p_value),
        adjusted_p=_digits(one.adjusted_p),
    )


def _blank_group(one: GroupEffect) -> GroupEffect:
    return GroupEffect(
        breakdown=one.breakdown, group=one.group, is_planned=one.is_planned, is_hidden=True
    )


def _interaction(one: Interaction) -> Interaction:
    return replace(one, p_value=_digits(one.p_value), adjusted_p=_digits(one.adjusted_p))


def _count(value: int | None, threshold: int) -> int | None:
    return value if value is not None and value >= threshold else None


def _rounded(value: float | None, direction: Direction, *, is_score: bool) -> float | None:
    rounding = (
        Rounding(digits=3, direction=direction)
        if is_score
        else Rounding(step="0.001", direction=direction)
    )
    return round_value(value, rounding)


def _digits(value: float | None, digits: int = 3) -> float | None:
    return round_value(value, Rounding(digits=digits, direction="nearest"))
