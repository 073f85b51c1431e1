"""Made-up evaluations of which the truth is known: for tests, redraws and benchmarks.

Nobody in them exists. Each design says what is really so, so that what an evaluation says of it
can be held against that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import pyarrow as pa
from scipy import special

from social_evidence.model.breakdown import Breakdown, Group
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.evaluation_plan import EvaluationPlan, PlannedOutcome, Registration
from social_evidence.model.initiative import Initiative, Reading, SuccessMeasure
from social_evidence.model.question import Question

INITIATIVE: Final = "made_up"
MEASURE: Final = "MAD-UP"
QUESTION: Final = "made_up_question"
SCORE: Final = "made_up_score"
STEPS: Final = ("none", "little", "some", "much", "full")
_AGES: Final = ("16_29", "30_44", "45_64", "65_over")
_SEXES: Final = ("female", "male")

Broken = Literal[
    "", "dropout", "question", "chosen_low", "differ", "late_plan", "unlike_arms", "few_areas"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A design whose truth is known.

    Attributes:
        people: Who begin, in each arm.
        projects: In each arm; 1 puts all of an arm into one.
        effect: What taking part changes: of the share, in points of 1; of a score, in its unit.
        drift: What changes anyway, for everybody.
        before: Share of yes at the start.
        moved: Share of people who change their answer either way with no effect at all.
        alike: Variance between projects over the whole variance of a change.
        lost: Share who do not answer again; more of the young leave.
        has_arm: People who do not take part are asked too.
        kind: A share, steps of an ordered scale, or a score.
        comparison, assignment, assigned_by: Of the plan.
        broken: What is wrong with it on purpose.
        smallest: The smallest change that matters, of the plan.
        subgroups: Of the plan.
        breakdowns: Of the success measure: changes by group are worked out for them.
    """

    people: int = 400
    projects: int = 20
    effect: float = 0.0
    drift: float = 0.0
    before: float = 0.5
    moved: float = 0.3
    alike: float = 0.02
    lost: float = 0.2
    has_arm: bool = False
    kind: Literal["share", "moves", "score"] = "share"
    comparison: Literal["none", "benchmark", "people", "areas"] = "none"
    assignment: Literal["chosen", "as_good_as_chance", "lottery"] = "chosen"
    assigned_by: Literal["person", "project", "area"] = "person"
    broken: Broken = ""
    smallest: float = 0.05
    subgroups: tuple[str, ...] = ()
    breakdowns: tuple[str, ...] = ("age_band", "sex")


def catalogue_of(design: Design) -> Catalogue:
    """Give a catalogue with the initiative, its plan and its question."""
    known = Initiative(
        id=INITIATIVE,
        title="Made up",
        summary="Nobody does this.",
        actions=(),
        source="A program",
        success_measures=(_success(design),),
    )
    answers = {"yes": "Yes", "no": "No"} if design.kind == "share" else {s: s for s in STEPS}
    question = Question(id=QUESTION, text={"en": "Is it so?"}, answers=answers)
    groups = {"age_band": _AGES, "sex": _SEXES}
    return Catalogue(
        title="Made up",
        initiatives={INITIATIVE: known},
        questions={QUESTION: question},
        breakdowns={
            name: Breakdown(
                id=name, title=name, groups=tuple(Group(id=one, label=one) for one in kinds)
            )
            for name, kinds in groups.items()
        },
        evaluation_plans={INITIATIVE: plan_of(design)},
        files={f"evaluation_plans/{INITIATIVE}.toml": plan_text(design)},
    )


def _success(design: Design) -> SuccessMeasure:
    ways: Mapping[str, Reading] = {
        "share": Reading(
            way="paired_share", question=QUESTION, yes=("yes",), among=("yes", "no"), wave="change"
        ),
        "moves": Reading(way="rise", question=QUESTION, among=STEPS, wave="change"),
        "score": Reading(way="paired_share", question=SCORE, wave="change"),
    }
    return SuccessMeasure(
        id=MEASURE,
        title="People who say so",
        computed_from="participant_survey",
        entity="answers",
        statistic="difference",
        counted="people",
        numerator="people who say so",
        denominator="people who answered",
        direction="higher_is_better",
        readings=(ways[design.kind],),
        breakdowns=design.breakdowns,
    )


def plan_of(design: Design) -> EvaluationPlan:
    """Give the plan of a design."""
    outcome = PlannedOutcome(
        success_measure=MEASURE,
        words="it is so",
        smallest=design.smallest,
        is_primary=True,
        is_score=design.kind == "score",
    )
    return EvaluationPlan(
        id=INITIATIVE,
        written_on="2025-01-06",
        answers_until="2026-06-30",
        estimand="The change.",
        outcomes=(outcome,),
        people=design.people,
        sample_basis="Made up.",
        missing_note="Weights.",
        comparison=design.comparison,
        comparison_reason="" if design.comparison == "none" else "Others asked for the same.",
        assignment=design.assignment,
        assigned_by=design.assigned_by,
        chosen_for="low_value" if design.broken == "chosen_low" else "nothing",
        cut=-0.5,
        weighted_on=("age_band", "sex"),
        subgroups=design.subgroups,
    )


def plan_text(design: Design) -> str:
    """Write the same plan as its file has it."""
    plan = plan_of(design)
    listed = "".join(f'"{name}", ' for name in plan.subgroups)
    return (
        f'written_on = "{plan.written_on}"\nanswers_until = "{plan.answers_until}"\n'
        f'estimand = "{plan.estimand}"\npeople = {plan.people}\n'
        f'sample_basis = "{plan.sample_basis}"\nmissing_note = "{plan.missing_note}"\n'
        f'comparison = "{plan.comparison}"\ncomparison_reason = "{plan.comparison_reason}"\n'
        f'assignment = "{plan.assignment}"\nassigned_by = "{plan.assigned_by}"\n'
        f'chosen_for = "{plan.chosen_for}"\ncut = {plan.cut}\n'
        f'weighted_on = ["age_band", "sex"]\nsubgroups = [{listed}]\n\n[[outcomes]]\n'
        f'success_measure = "{MEASURE}"\nwords = "it is so"\nsmallest = {design.smallest}\n'
        f"is_primary = true\nis_score = {str(design.kind == 'score').lower()}\n"
    )


def registration_of(design: Design) -> Registration:
    """Give its registration: before results, unless the design is broken so."""
    text = plan_text(design)
    return Registration(
        plan=INITIATIVE,
        version=1,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        registered_on="2026-09-01" if design.broken == "late_plan" else "2025-01-10",
        text=text,
    )


@dataclass(slots=True)
class _People:
    """People as they are drawn."""

    project: np.ndarray
    arm: np.ndarray
    age: np.ndarray
    sex: np.ndarray
    before: np.ndarray = field(default_factory=lambda: np.zeros(0))
    after: np.ndarray = field(default_factory=lambda: np.zeros(0))


def answers_of(design: Design, rng: np.random.Generator) -> pa.Table:
    """Draw participants' answers.

    Args:
        design: What is true.
        rng: Where chance comes from.
    """
    people = _drawn(design, rng)
    again = _answer_again(design, people, rng)
    n = people.arm.size
    order = np.concatenate([np.arange(n), np.flatnonzero(again)])
    is_later = np.repeat([False, True], [n, int(again.sum())])
    values = np.where(is_later, people.after[order], people.before[order])
    form = np.where(is_later & (design.broken == "question"), "v2", "v1")
    column = _codes(values, design)
    return pa.table(
        {
            "pseudonym": pa.array([f"P{one:07d}" for one in order]),
            "wave": pa.array(np.where(is_later, "after", "before")),
            "arm": pa.array(np.where(people.arm[order], "taking_part", "comparison")),
            "project": pa.array([f"p{one}" for one in people.project[order]]),
            "period": pa.array(["2026"] * order.size),
            "area": pa.array([f"A{one % 33:02d}" for one in people.project[order]]),
            "form": pa.array(form),
            "age_band": pa.array(np.array(_AGES)[people.age[order]]),
            "sex": pa.array(np.array(_SEXES)[people.sex[order]]),
            (SCORE if design.kind == "score" else QUESTION): column,
        }
    )


def _drawn(design: Design, rng: np.random.Generator) -> _People:
    arms = 2 if design.has_arm else 1
    n = design.people * arms
    arm = np.arange(n) < design.people
    project = np.arange(n) % design.projects + np.where(arm, 0, design.projects)
    if design.assigned_by == "person" and design.assignment == "lottery":
        project = np.arange(n) % design.projects
    people = _People(
        project=project,
        arm=arm,
        age=rng.choice(4, n, p=(0.3, 0.3, 0.25, 0.15)),
        sex=rng.integers(0, 2, n),
    )
    shared = rng.normal(size=project.max() + 1)[project]
    if design.kind == "score":
        _draw_scores(design, people, shared, rng)
    else:
        _draw_shares(design, people, shared, rng)
    return people


def _draw_shares(
    design: Design, people: _People, shared: np.ndarray, rng: np.random.Generator
) -> None:
    """Draw answers so that the mean change is exactly the effect and the drift, on average.

    Everybody keeps an answer unless redrawn; who is redrawn says yes with the share before, moved
    by the project's own luck, which is nothing on average. Effect and drift turn people up.
    """
    n = people.arm.size
    p = design.before
    is_low = people.arm & (design.broken in {"chosen_low", "unlike_arms"})
    before = rng.random(n) < np.where(is_low, 0.5 * p, p)
    redrawn = rng.random(n) < design.moved / (2 * p * (1 - p))
    again = rng.random(n) < p
    after = np.where(redrawn, again, before)
    # A project's luck turns people either way alike, so that it adds spread and no change.
    luck = np.sqrt(design.alike * design.moved) * shared
    push = design.drift + design.effect * people.arm + luck
    turned = rng.random(n) < np.abs(push) / np.where(push > 0, 1 - p, p)
    after = np.where(turned, push > 0, after)
    people.before, people.after = before.astype(float), after.astype(float)
    if design.kind == "moves":
        _spread_over_steps(people, rng)


def _spread_over_steps(people: _People, rng: np.random.Generator) -> None:
    """Make steps of yes and no: a change of answer is a step up or down from the middle."""
    start = rng.integers(1, 4, people.before.size)
    way = people.after - people.before
    people.before = start.astype(float)
    people.after = start + way


def _draw_scores(
    design: Design, people: _People, shared: np.ndarray, rng: np.random.Generator
) -> None:
    n = people.arm.size
    rho = 0.6
    usual = rng.normal(size=n)
    if design.broken == "chosen_low":
        usual = special.ndtri(rng.random(n) * special.ndtr(-0.5))
    noise = np.sqrt(1 - rho**2) * rng.normal(size=n)
    luck = np.sqrt(design.alike) * shared
    people.before = usual
    people.after = rho * usual + noise + luck + design.drift + design.effect * people.arm


def _answer_again(design: Design, people: _People, rng: np.random.Generator) -> np.ndarray:
    """Say who answers again: the young leave more; in a broken design those who fell leave."""
    n = people.arm.size
    young = np.where(people.age == 0, 1.6, 0.743)
    chance = design.lost * young
    if design.broken == "dropout":
        fell = people.after < people.before + 1e-9
        chance = np.where(people.arm & fell, np.minimum(2.2 * design.lost, 0.9), 0.5 * design.lost)
    return np.asarray(rng.random(n) >= chance)


def _codes(values: np.ndarray, design: Design) -> pa.Array:
    if design.kind == "score":
        return pa.array([f"{value:.6f}" for value in values])
    if design.kind == "moves":
        return pa.array(np.array(STEPS)[np.clip(values, 0, 4).astype(int)])
    return pa.array(np.where(values > 0, "yes", "no"))


def city_survey(
    design: Design,
    rng: np.random.Generator,
    *,
    respondents: int = 3000,
    change: float = 0.0,
    apart: float = 0.0,
) -> tuple[pa.Table, pa.Table]:
    """Draw the city's survey at two times, different people each time.

    Args:
        design: Whose item is asked.
        rng: Where chance comes from.
        respondents: Each time.
        change: Of the city's share between the two times.
        apart: By how much people like the participants say yes less often than they do.
    """
    start = design.before - apart
    return _wave(respondents, start, rng), _wave(respondents, start + change, rng)


def _wave(respondents: int, share: float, rng: np.random.Generator) -> pa.Table:
    age = rng.choice(4, respondents, p=(0.2, 0.25, 0.35, 0.2))
    unit = np.arange(respondents) // 10
    luck = 0.02 * rng.normal(size=unit.max() + 1)[unit]
    said = rng.random(respondents) < share + luck
    return pa.table(
        {
            QUESTION: pa.array(np.where(said, "yes", "no")),
            "age_band": pa.array(np.array(_AGES)[age]),
            "sex": pa.array(np.array(_SEXES)[rng.integers(0, 2, respondents)]),
            "weight": pa.array(rng.uniform(0.5, 2.0, respondents)),
            "psu": pa.array([f"u{one}" for one in unit]),
        }
    )
