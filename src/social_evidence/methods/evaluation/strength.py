"""How strong evidence a design can give: levels of the Maryland scale from facts of the design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FEWEST_TREATED: Final = 6
LEAST_RETENTION: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignFacts:
    """What is true of an evaluation, whatever it found.

    Attributes:
        before_after: The outcome was measured before and after.
        comparison_group: Some who did not take part were measured too. A benchmark measured once
            is none.
        comparator_justified: It is argued why they are comparable.
        adequate_controls: What else could explain it was allowed for.
        quasi_random: Who took part was as good as chance.
        instrument_or_cutoff_tested: And that was tested.
        randomised: Who took part was drawn by lot.
        attrition_overall: Share lost, in [0, 1].
        attrition_difference: Between the two groups.
        question_changed: The question differs between waves.
        chosen_afterwards: The outcome or the comparison was chosen after results were seen.
        adjusted_for_dropout: Who was lost was allowed for.
        treated_areas: How many areas began, where areas are compared; None where people are.
        dropout_could_explain: So many left, or so unlike in the two groups, that answers of theirs
            could make the difference vanish.
        chosen_for_low_value: Those who took part were chosen because they began low, and those
            they are compared with were not.
    """

    before_after: bool = False
    comparison_group: bool = False
    comparator_justified: bool = False
    adequate_controls: bool = False
    quasi_random: bool = False
    instrument_or_cutoff_tested: bool = False
    randomised: bool = False
    attrition_overall: float = 0.0
    attrition_difference: float = 0.0
    question_changed: bool = False
    chosen_afterwards: bool = False
    adjusted_for_dropout: bool = False
    treated_areas: int | None = None
    dropout_could_explain: bool = False
    chosen_for_low_value: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where the lines are drawn.

    Attributes:
        trial_attrition: Overall loss up to which a trial keeps level 5.
        trial_difference: Difference in loss up to which it does.
        least_retention: Share kept below which, with nothing allowed for, the level is 1 at most.
        fewest_treated: Treated areas below which the level stays under 3.
    """

    trial_attrition: float = 0.3
    trial_difference: float = 0.1
    least_retention: float = LEAST_RETENTION
    fewest_treated: int = FEWEST_TREATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """A level and why it is not higher.

    Attributes:
        level: 0 (monitoring only) to 5.
        design: The level of the design before any cap.
        caps: What lowers it: `low_retention`, `question_changed`, `chosen_afterwards`,
            `few_treated_areas`, `dropout_could_explain`, `chosen_for_low_value`; only those that
            do.
    """

    level: int
    design: int
    caps: tuple[str, ...] = ()


def maryland_level(facts: DesignFacts, rule: Rule | None = None) -> int:
    """Give the level of a design, before anything that went wrong lowers it.

    Source:
        Farrington and others (2002), The Maryland Scientific Methods Scale, as scored by the What
        Works Centre for Local Economic Growth; the loss that moves a trial from 5 to 4 is ours.
    """
    own = rule or Rule()
    if facts.randomised:
        is_whole = (
            facts.attrition_overall <= own.trial_attrition
            and facts.attrition_difference <= own.trial_difference
        )
        return 5 if is_whole else 4
    if facts.quasi_random:
        return 4 if facts.instrument_or_cutoff_tested else 3
    if facts.before_after and facts.comparison_group and facts.comparator_justified:
        return 3
    if facts.before_after or facts.comparison_group:
        return 2 if facts.adequate_controls else 1
    return 0


def strength(facts: DesignFacts, rule: Rule | None = None) -> Strength:
    """Give the level that a claim may rest on: the design's, lowered by what went wrong.

    Args:
        facts: Of the design and of how it went.
        rule: Where the lines are drawn.

    Returns:
        The level; nothing but a better design can raise it.
    """
    own = rule or Rule()
    design = maryland_level(facts, own)
    is_low = 1 - facts.attrition_overall < own.least_retention and not facts.adjusted_for_dropout
    few = facts.treated_areas is not None and facts.treated_areas < own.fewest_treated
    limits = {
        "low_retention": 1 if is_low else design,
        "question_changed": 1 if facts.question_changed else design,
        "chosen_afterwards": 1 if facts.chosen_afterwards else design,
        "few_treated_areas": 2 if few else design,
        "dropout_could_explain": 2 if facts.dropout_could_explain else design,
        "chosen_for_low_value": 2 if facts.chosen_for_low_value else design,
    }
    return Strength(
        level=min(design, *limits.values()),
        design=design,
        caps=tuple(name for name, most in limits.items() if most < design),
    )
