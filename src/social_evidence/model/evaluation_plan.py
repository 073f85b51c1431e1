"""Evaluation plans: what will be looked at and how, written down before anybody sees a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Comparison = Literal["none", "benchmark", "people", "areas"]
Assignment = Literal["chosen", "as_good_as_chance", "lottery"]
MissingRule = Literal["complete_cases", "weights"]
ChosenFor = Literal["need_not_measured", "low_value", "nothing"]
LaterWave = Literal["after", "followup_3m", "followup_6m", "followup_12m"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOutcome:
    """One outcome that will be looked at.

    Attributes:
        success_measure: Its address, such as `LFF-FRIENDS-AGE`.
        item: The reading; `headline` or the id of a second one.
        is_primary: The plan's main question. One outcome is; the claim about the initiative rests
            on it.
        words: The outcome as a claim says it, following "more people say that": such as `they have
            somebody to rely on`. It must put nothing down to the initiative.
        smallest: The smallest change that would matter, above 0, in the outcome's unit. A range
            that lies wholly inside it is read as no change that matters.
        wave: The later wave that is set against `before`.
        is_score: Answers are numbers, or steps that count as 1, 2, 3 and so on.
    """

    success_measure: str
    words: str
    smallest: float
    item: str = "headline"
    is_primary: bool = False
    wave: LaterWave = "after"
    is_score: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPlan:
    """What an evaluation of an initiative will look at, and how.

    Attributes:
        id: The initiative's id, which is the file's name.
        version: Raised with every change after registration; a change is told as a departure.
        written_on: The day it was written, as 2026-03-01.
        answers_until: The last day on which answers to the later wave come in. A plan registered
            after it does not count as written before results.
        estimand: What exactly is estimated, for whom, in a sentence.
        outcomes: What will be looked at; exactly one is primary.
        comparison: With whom: nobody, people like them in the city's survey, people who did not
            take part, or areas where it did not begin.
        comparison_reason: Why those are comparable; without it they do not count as such.
        assignment: How it came that some took part and some did not: they chose or were chosen, it
            was as good as chance, or lots were drawn.
        assignment_tested: For as good as chance: how that was tested; empty where it was not.
        assigned_by: Whether people, projects or areas were assigned.
        treated_areas: For areas: their codes, where it began.
        chosen_for: Why people were asked to take part: because they began low on the outcome,
            because of a need that the outcome does not measure, or for nothing of the kind.
        cut: For those chosen low: how many standard deviations above the mean the line lies.
        correlation: For those chosen low: between two answers of one person with no effect at all.
        weighted_on: Breakdowns by which those who answered again, or the city's people, are made
            alike to the participants.
        subgroups: Breakdowns looked at; every other group is called chosen afterwards.
        missing: What is done about people who do not answer again.
        missing_note: Why, in a sentence.
        people: How many are to begin.
        sample_basis: Where that number comes from, in a sentence.
        controls: What else could explain a change and how it is allowed for; empty for nothing.
        analysis: Anything else that must be fixed beforehand, in a sentence.
    """

    id: str
    written_on: str
    answers_until: str
    estimand: str
    outcomes: tuple[PlannedOutcome, ...]
    people: int
    sample_basis: str
    missing_note: str
    version: int = 1
    comparison: Comparison = "none"
    comparison_reason: str = ""
    assignment: Assignment = "chosen"
    assignment_tested: str = ""
    assigned_by: Literal["person", "project", "area"] = "person"
    treated_areas: tuple[str, ...] = ()
    chosen_for: ChosenFor = "nothing"
    cut: float = 0.0
    correlation: float = 0.6
    weighted_on: tuple[str, ...] = ()
    subgroups: tuple[str, ...] = ()
    missing: MissingRule = "weights"
    controls: str = ""
    analysis: str = ""

    @property
    def primary(self) -> PlannedOutcome | None:
        """The outcome that the plan is about."""
        return next((outcome for outcome in self.outcomes if outcome.is_primary), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """That a plan was registered: proof of what it said on a day.

    Attributes:
        plan: Its id.
        version: Of the plan.
        digest: sha-256 of the file's text.
        registered_on: The day, as 2026-03-01.
        text: The file as it was, so that later changes can be told.
    """

    plan: str
    version: int
    digest: str
    registered_on: str
    text: str
