"""Pages of initiatives: one for each, and one that sets all of them beside the strategy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from social_evidence.model.initiative import Initiative
from social_evidence.site import initiative_drawings as drawings
from social_evidence.site.addresses import initiative_path, measure_path
from social_evidence.site.choices import Choices
from social_evidence.site.initiative_content import InitiativesInput, initiative_files
from social_evidence.site.initiative_model import (
    InitiativeModel,
    Teller,
    changes_of,
    counts_of,
    definitions_of,
    groups_of,
    retention_sentence,
)
from social_evidence.site.render import Page
from social_evidence.site.table_model import tables_path
from social_evidence.wording.evaluation_words import LEVELS
from social_evidence.wording.initiatives import (
    COUNTED,
    STAGES,
    level_words,
    not_said,
)

PATH: Final = "initiatives/index.html"
SECTION: Final = "Initiatives"
LEAST_COST_LEVEL: Final = 3
"""A cost per outcome is given from this level only: below it nobody knows what the money did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An initiative in a list: what is known of it in a few words."""

    title: str
    path: str
    stage: str
    summary: str
    figures: int
    measures: int
    level: int | None
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLines:
    """An action of the strategy and the initiatives that carry it out."""

    number: str
    summary: str
    initiatives: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLines:
    """A policy of the strategy and its actions."""

    number: str
    title: str
    actions: tuple[ActionLines, ...]


def initiative_pages(choices: Choices) -> Iterable[Page]:
    """Make the overview and a page for each initiative; none where the catalogue has none."""
    given = choices.site.initiatives
    catalogue = choices.site.catalogue
    if given is None or not catalogue.initiatives:
        return
    models = {
        one.id: initiative_model(choices, given, one) for one in catalogue.initiatives.values()
    }
    yield _overview(choices, models)
    for model in models.values():
        yield _page(choices, given, model)


def initiative_model(
    choices: Choices, given: InitiativesInput, initiative: Initiative
) -> InitiativeModel:
    """Read what an initiative's page says."""
    strategy = choices.site.catalogue.strategy
    actions = {one.number: one.summary for one in (strategy.actions if strategy else ())}
    titles = {one.number: one.title for one in (strategy.policies if strategy else ())}
    policies = dict.fromkeys(number.rpartition(".")[0] for number in initiative.actions)
    evaluation = given.evaluations.get(initiative.id)
    money = [one.pounds for one in initiative.funding if one.pounds is not None]
    there = {measure.id: measure for measure in choices.measures}
    page = initiative_path(initiative.id)
    teller = Teller(given=given, addresses=choices.addresses, page=page)
    return InitiativeModel(
        initiative=initiative,
        evaluation=evaluation,
        primary=evaluation.outcomes[0] if evaluation and evaluation.outcomes else None,
        changed=tuple(changes_of(teller, initiative, evaluation)),
        groups=groups_of(teller, initiative, evaluation),
        counts=tuple(counts_of(teller, initiative)),
        definitions=tuple(definitions_of(teller, initiative)),
        actions=tuple((number, actions.get(number, "")) for number in initiative.actions),
        policies=tuple((number, titles.get(number, "")) for number in policies),
        pounds=sum(money) if money else None,
        measures=tuple(
            (there[one].title, measure_path(one)) for one in initiative.measures if one in there
        ),
    )


def _page(choices: Choices, given: InitiativesInput, model: InitiativeModel) -> Page:
    site, own = choices.site, model.initiative
    titles = {one.success.id: one.success.title for one in model.definitions}
    return Page(
        path=initiative_path(own.id),
        template="initiative.html",
        title=own.title,
        summary=own.summary,
        section=SECTION,
        has_charts=True,
        says={
            "model": model,
            "stage": STAGES[own.stage],
            "counted": COUNTED,
            "levels": [level_words(level) for level in range(1, len(LEVELS))],
            "level_words": level_words,
            "change_chart": drawings.before_and_after(model.changed, own.title, site.mark),
            "group_charts": {
                success: drawings.by_group(lines, titles.get(success, own.title), site.mark)
                for success, lines in model.groups.items()
            },
            "titles": titles,
            "took_part": given.took_part.get(own.id, ()),
            "people_chart": drawings.people(
                given, given.took_part.get(own.id, ()), site.city.name, site.mark
            ),
            "answered_chart": drawings.answered(model.primary, site.mark) if model.primary else "",
            "answered": retention_sentence(model.primary) if model.primary else "",
            "names": given,
            "cannot": not_said(model.primary) if model.primary else (),
            "may_cost": model.level is not None and model.level >= LEAST_COST_LEVEL,
            "downloads": site.downloads.get(initiative_files(own.id), ()),
            "tables": [
                (one.success.title, tables_path(one.success.id))
                for one in model.definitions
                if one.cell
            ],
            "measure_paths": {one.id: measure_path(one.id) for one in choices.measures},
        },
    )


def _overview(choices: Choices, models: Mapping[str, InitiativeModel]) -> Page:
    site = choices.site
    lines = {name: _line(model) for name, model in models.items()}
    reached = {one for model in models.values() for one in model.initiative.measures}
    return Page(
        path=PATH,
        template="initiatives.html",
        title="What the city does about it",
        summary="The strategy's actions, the initiatives that carry them out, and their evidence.",
        section=SECTION,
        says={
            "strategy": site.catalogue.strategy,
            "level_words": level_words,
            "parts": list(_parts(choices, models, lines)),
            "lines": lines,
            "figures": sum(line.figures for line in lines.values()),
            "wanted": sum(line.measures for line in lines.values()),
            "evaluated": sum(line.level is not None for line in lines.values()),
            "table": [(lines[name], model) for name, model in models.items() if model.definitions],
            "without_initiative": [
                (one.title, measure_path(one.id))
                for one in choices.measures
                if one.id not in reached
            ],
            "without_measure": [
                lines[name] for name, model in models.items() if not model.initiative.measures
            ],
            "pooled": site.initiatives.pooled if site.initiatives else (),
        },
    )


def _line(model: InitiativeModel) -> Line:
    own, primary = model.initiative, model.primary
    return Line(
        title=own.title,
        path=initiative_path(own.id),
        stage=STAGES[own.stage],
        summary=own.summary,
        figures=model.figures,
        measures=len(model.definitions),
        level=primary.level if primary else None,
        found=primary.claim.seen if primary else "",
    )


def _parts(
    choices: Choices, models: Mapping[str, InitiativeModel], lines: Mapping[str, Line]
) -> Iterable[tuple[str, str, Sequence[PolicyLines]]]:
    """Set initiatives under the actions, policies and parts of the strategy."""
    strategy = choices.site.catalogue.strategy
    if strategy is None:
        return
    of_action: dict[str, list[Line]] = {}
    for name, model in models.items():
        for number in model.initiative.actions:
            of_action.setdefault(number, []).append(lines[name])
    for part in strategy.parts:
        policies = [
            PolicyLines(
                number=policy.number,
                title=policy.title,
                actions=tuple(
                    ActionLines(
                        number=action.number,
                        summary=action.summary,
                        initiatives=tuple(of_action.get(action.number, ())),
                    )
                    for action in strategy.actions
                    if action.number.rpartition(".")[0] == policy.number
                ),
            )
            for policy in strategy.policies
            if policy.number.split(".")[0] == part.number
        ]
        yield part.number, part.title, policies
