"""Group profiles: every measure for one group of the city, against everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from social_evidence.model.breakdown import ALL
from social_evidence.site import drawings
from social_evidence.site.addresses import group_path
from social_evidence.site.areas import counts, lede
from social_evidence.site.choices import Choices
from social_evidence.site.group_pairs import group_pair_path
from social_evidence.site.render import Page
from social_evidence.site.select import is_unknown
from social_evidence.site.standing import DomainStandings, Standing, by_domain, of_group

SECTION: Final = "Groups"
INDEX: Final = "groups/index.html"
_FEWEST: Final = 2
"""A profile of fewer measures would be the measure's own page again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupModel:
    """What a group's profile says. kind: the breakdown it is a group of, in words."""

    breakdown: str
    group: str
    name: str
    kind: str
    path: str
    lede: str
    counts: str
    domains: tuple[DomainStandings, ...]


def group_pages(choices: Choices) -> Iterable[Page]:
    """Make the profile of every group with figures of two measures, and the list of them."""
    models = list(_models(choices))
    if not models:
        return
    lists: dict[str, list[tuple[str, str]]] = {}
    for model in models:
        lists.setdefault(model.kind, []).append((model.name, model.path))
    yield Page(
        path=INDEX,
        template="groups.html",
        title="Groups",
        summary=f"A profile of each of {len(models)} groups of people.",
        section=SECTION,
        says={"lists": list(lists.items())},
    )
    for model in models:
        yield Page(
            path=model.path,
            template="group.html",
            title=f"{model.name} ({model.kind})",
            summary=model.lede,
            section=SECTION,
            has_charts=True,
            says={
                "model": model,
                "charts": drawings.profiles(
                    model.domains,
                    model.name,
                    f"{choices.site.city.name} as a whole",
                    choices.site.mark,
                ),
                "like": [pair for pair in lists[model.kind] if pair[1] != model.path],
                "beside": [
                    (other.name, group_pair_path(model.breakdown, model.group, other.group))
                    for other in models
                    if other.breakdown == model.breakdown
                    and other is not model
                    and "*" not in model.breakdown
                ],
            },
        )


def _models(choices: Choices) -> Iterable[GroupModel]:
    names = choices.site.names
    pairs = sorted(names.groups, key=lambda pair: "*" in pair[0])
    for breakdown, group in pairs:
        if breakdown == ALL or is_unknown(group) or group == ALL:
            continue
        path = group_path(breakdown, group)
        standings = of_group(choices, breakdown, group, path)
        if _shown(standings) < _FEWEST:
            continue
        name = names.groups[breakdown, group]
        whole = f"{choices.site.city.name} as a whole"
        yield GroupModel(
            breakdown=breakdown,
            group=group,
            name=name,
            kind=names.breakdowns.get(breakdown, breakdown),
            path=path,
            lede=lede(standings, f"The group “{name}”", whole),
            counts=counts(standings, whole),
            domains=by_domain(standings),
        )


def _shown(standings: Sequence[Standing]) -> int:
    return len({one.measure.id for one in standings if one.told and one.told.is_shown})
