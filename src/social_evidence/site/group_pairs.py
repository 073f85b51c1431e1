"""Two groups of the city side by side: every measure, and whether they can be told apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from social_evidence.model.address import slug
from social_evidence.model.breakdown import ALL
from social_evidence.site.addresses import group_path
from social_evidence.site.choices import Choices
from social_evidence.site.pairs import PairLine, pair_finding, pair_line
from social_evidence.site.render import Page
from social_evidence.site.select import is_unknown
from social_evidence.site.standing import Standing, by_domain, of_group

INDEX: Final = "compare/groups/index.html"
_FEWEST: Final = 2
"""Groups with fewer measures have no profile, and none to set it beside."""


def group_pair_path(breakdown: str, first: str, second: str) -> str:
    """Address of the page that sets two groups side by side, the same from either."""
    one, other = sorted((slug(first), slug(second)))
    return f"compare/groups/{slug(breakdown)}/{one}/{other}/index.html"


def group_pair_pages(choices: Choices) -> Iterable[Page]:
    """Make a page for every two groups of one breakdown, and the list of them."""
    found: dict[str, list[tuple[str, Page]]] = {}
    for breakdown, groups in _groups(choices).items():
        standings = {
            group: [one for one in of_group(choices, breakdown, group, "") if _is_shown(one)]
            for group in groups
        }
        known = [group for group in groups if _measures(standings[group]) >= _FEWEST]
        for first, second in itertools.combinations(known, 2):
            page = _page(choices, breakdown, (first, second), standings[first])
            found.setdefault(breakdown, []).append((page.title, page))
    if not found:
        return
    names = choices.site.names.breakdowns
    yield Page(
        path=INDEX,
        template="group_pairs.html",
        title="Compare two groups",
        summary="Every measure for two groups of people, and whether they can be told apart.",
        section="Compare",
        says={
            "kinds": [
                (names.get(breakdown, breakdown), [(title, page.path) for title, page in pairs])
                for breakdown, pairs in found.items()
            ]
        },
    )
    for pairs in found.values():
        yield from (page for _, page in pairs)


def _groups(choices: Choices) -> Mapping[str, Sequence[str]]:
    """List the groups of every single breakdown, in the order people expect."""
    listed: dict[str, list[str]] = {}
    for breakdown, group in choices.site.names.groups:
        if breakdown != ALL and "*" not in breakdown and group != ALL and not is_unknown(group):
            listed.setdefault(breakdown, []).append(group)
    return listed


def _is_shown(one: Standing) -> bool:
    return one.told is not None and one.told.is_shown


def _measures(standings: Sequence[Standing]) -> int:
    return len({one.measure.id for one in standings})


def _page(
    choices: Choices, breakdown: str, pair: tuple[str, str], standings: Sequence[Standing]
) -> Page:
    """Make the page of two groups; measures that know one of them only are left out."""
    names = choices.site.names.groups
    first, second = (names[breakdown, group] for group in pair)
    path = group_pair_path(breakdown, *pair)
    lines = [_line(choices, one, pair[1], path) for one in standings]
    kept = [line for line in lines if line.other is not None and line.other.is_shown]
    by_id = {id(line.standing): line for line in kept}
    told = pair_finding(f"The group “{first}”", f"“{second}”", kept)
    return Page(
        path=path,
        template="pair.html",
        title=f"{first} and {second}",
        summary=told,
        section="Compare",
        says={
            "first": first,
            "second": second,
            "back": ("Compare two groups", INDEX),
            "where": choices.site.city.name,
            "paths": tuple(_profile(breakdown, group) for group in pair),
            "finding": told,
            "noun": "groups",
            "domains": [
                (domain, [by_id[id(one)] for one in domain.standings])
                for domain in by_domain([line.standing for line in kept])
            ],
        },
    )


def _profile(breakdown: str, group: str) -> str:
    return group_path(breakdown, group)


def _line(choices: Choices, one: Standing, group: str, path: str) -> PairLine:
    row = one.told.row if one.told else None
    other = None
    if row is not None:
        key = (*row.key[:7], group, row.statistic)
        other = choices.site.figures.by_key.get(key)
    return pair_line(choices, one, other, path)
