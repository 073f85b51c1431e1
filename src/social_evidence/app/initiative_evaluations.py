"""Evaluations of initiatives as a release publishes them: nothing that its rows hide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from social_evidence.app.evaluate import evaluate_initiative
from social_evidence.app.evaluate_benchmark import CitySurvey
from social_evidence.app.evaluate_pool import pool_outcomes
from social_evidence.app.evaluation_published import published
from social_evidence.app.initiative_figures import Setting
from social_evidence.app.initiative_office import Held
from social_evidence.model.evaluation import Evaluation
from social_evidence.model.initiative import FROM_ANSWERS, HEADLINE, Initiative
from social_evidence.model.initiative_row import InitiativeRow
from social_evidence.model.record_mapping import to_mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluations:
    """What is said of strength and effect.

    Attributes:
        own: Initiative -> its evaluations, as JSON values.
        pooled: One outcome over several initiatives, as JSON values.
    """

    own: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    pooled: Sequence[Mapping[str, Any]] = ()


def evaluations_of(
    setting: Setting,
    held: Held,
    rows: Sequence[InitiativeRow],
    city: Mapping[str, CitySurvey] | None = None,
) -> Evaluations:
    """Evaluate every initiative whose participants were asked, and leave what may be shown.

    Args:
        setting: The catalogue.
        held: What the office holds.
        rows: Of the initiatives table: what they hide is hidden here too.
        city: Question -> what the city's survey says of it.

    Raises:
        DataError: Answers that cannot be read.
    """
    found: dict[str, Evaluation] = {}
    for name, records in held.records.items():
        if records.answers is not None and _is_asked(setting.catalogue.initiatives[name]):
            evaluation = evaluate_initiative(
                setting.catalogue,
                name,
                records.answers,
                registrations=held.registrations.get(name, ()),
                benchmark=city or None,
                is_synthetic=setting.synthetic,
            )
            found[name] = published(evaluation, _hidden(setting, rows, name))
    return Evaluations(
        own={name: (to_mapping(one),) for name, one in found.items()},
        pooled=tuple(_pooled(list(found.values()))),
    )


def _is_asked(initiative: Initiative) -> bool:
    return any(
        reading.way in FROM_ANSWERS
        for success in initiative.success_measures
        for reading in success.readings
    )


def _hidden(
    setting: Setting, rows: Sequence[InitiativeRow], name: str
) -> set[tuple[str, str, str, str, str]]:
    """List what the rows of one initiative hide of the city, whatever the period."""
    return {
        (row.success_measure, row.item, row.breakdown, row.group, row.wave)
        for row in rows
        if row.initiative == name and row.status == "protected" and row.area == setting.city
    }


def _pooled(evaluations: Sequence[Evaluation]) -> list[dict[str, Any]]:
    """Put together what several initiatives asked alike, from what each may show."""
    asked = Counter(
        question
        for evaluation in evaluations
        for question in {o.question for o in evaluation.outcomes if o.item == HEADLINE}
    )
    shared = sorted(question for question, times in asked.items() if question and times > 1)
    return [to_mapping(pool_outcomes(evaluations, question)) for question in shared]
