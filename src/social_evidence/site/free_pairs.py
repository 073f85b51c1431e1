"""What the script of comparing reads: figures of areas and of groups, and the verdicts on pairs.

One file for areas, one for each breakdown: only what was compared in the release has a verdict.
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from social_evidence.model.address import slug
from social_evidence.model.breakdown import ALL
from social_evidence.model.comparison import Comparison
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.site.addresses import area_path, measure_path, pair_path
from social_evidence.site.assets import COMPARE_CHOICES, assigned
from social_evidence.site.choices import Choices
from social_evidence.site.figures import verdict_of
from social_evidence.site.group_pairs import group_pair_path
from social_evidence.site.headline import part_title
from social_evidence.site.pairs import turned
from social_evidence.site.render import clean
from social_evidence.site.select import headline_cell, is_shown, is_unknown
from social_evidence.wording.periods import period_words

AREAS: Final = "areas"
FOLDER: Final = "static/compare"
WORDS: Final = {
    "family": "Compare",
    "areas": "Areas",
    "first": "The first",
    "second": "The second",
    "measure": "Measure",
    "against": "{first} against {second}",
    "count": "{first} and {second}: {count} measures have figures of both.",
    "nothing": "No measure has a figure of both.",
    "ready": "{first} and {second} have a page of their own",
    "same": "Choose two different ones.",
    "missing": "These figures could not be loaded.",
    "uncompared": "Not compared",
    "counted": "(counted)",
    "table": "{first} and {second}",
}
"""What the script says."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Rows of one measure, part, series and period, by the side they are of."""

    measure: Measure
    rows: Mapping[str, Estimate]


def compare_files(choices: Choices, there: Container[str]) -> Iterator[tuple[str, str]]:
    """Write what the script of comparing reads: path and text of each file.

    Args:
        choices: The release, and what is chosen of it.
        there: Paths of all pages: a pair that has a page of its own is led to, not told.
    """
    site = choices.site
    if len(site.boroughs) < 2:
        return
    families = [
        (AREAS, WORDS["areas"], list(_area_lines(choices))),
        *(
            (breakdown, site.names.breakdowns.get(breakdown, breakdown), lines)
            for breakdown, lines in sorted(_group_lines(choices).items())
        ),
    ]
    listed: list[list[Any]] = []
    for family, title, lines in families:
        sides = _sides(choices, family, lines)
        ready = {
            f"{one[0]}|{other[0]}": page
            for one, other in itertools.combinations(sides, 2)
            if (page := _page(choices, family, one, other)) in there
        }
        path = f"{FOLDER}/{slug(family)}.js"
        listed.append([family, clean(title), path, sides, ready])
        told = [_told(choices, line, ready) for line in lines]
        yield path, assigned("pairs", told, family)
    chosen = {"words": WORDS, "families": listed}
    yield COMPARE_CHOICES, assigned("compare", chosen)


def _sides(choices: Choices, family: str, lines: Sequence[_Line]) -> list[tuple[str, str]]:
    """List what can be chosen: id and name, in the order people expect."""
    names, site = choices.site.names, choices.site
    there = {side for line in lines for side in line.rows}
    if family == AREAS:
        return [(one.code, clean(one.name)) for one in site.places if one.code in there]
    return [
        (group, clean(name))
        for (breakdown, group), name in names.groups.items()
        if breakdown == family and group in there
    ]


def _page(choices: Choices, family: str, one: tuple[str, str], other: tuple[str, str]) -> str:
    """Name the page that sets two sides beside each other, if there is one."""
    if family != AREAS:
        return group_pair_path(family, one[0], other[0])
    city = choices.site.city.code
    if city in {one[0], other[0]}:
        return area_path(other[1] if one[0] == city else one[1])
    return pair_path(one[1], other[1])


def _parts(measure: Measure) -> Iterable[str]:
    yield measure.headline.part
    yield from (part.id for part in measure.parts if part.id != measure.headline.part)


def _area_lines(choices: Choices) -> Iterator[_Line]:
    """Set areas beside each other on the city's headline, and on what boroughs are known by."""
    site = choices.site
    for measure in choices.measures:
        for part in _parts(measure):
            headline = choices.headline(measure, part)
            chosen = [headline] if headline else []
            chosen += [next(iter(rows.values())) for rows in choices.boroughs(measure, part)]
            seen: set[tuple[str, str]] = set()
            for row in chosen:
                if (row.series, row.period) in seen:
                    continue
                seen.add((row.series, row.period))
                found = {
                    place.code: other
                    for place in site.places
                    if (other := _beside(choices, row, place.code)) is not None
                }
                if sum(map(is_shown, found.values())) > 1:
                    yield _Line(measure, found)


def _beside(choices: Choices, row: Estimate, area: str) -> Estimate | None:
    return choices.site.figures.by_key.get((*row.key[:5], area, *row.key[6:]))


def _group_lines(choices: Choices) -> dict[str, list[_Line]]:
    """Set the city's groups beside each other where the release compares them in pairs."""
    found: dict[str, list[_Line]] = {}
    compared = _compared(choices)
    for measure in choices.measures:
        for part in _parts(measure):
            cell = headline_cell(measure, part)
            rows = choices.site.figures.of_measure(measure.id, choices.site.city.code)
            for breakdown, own in _by_breakdown(rows, cell, compared).items():
                best = choices.preference(measure).best(own)
                if best is None:
                    continue
                at = (best.series, best.period)
                line = {row.group: row for row in own if (row.series, row.period) == at}
                found.setdefault(breakdown, []).append(_Line(measure, line))
    return found


def _by_breakdown(
    rows: Iterable[Estimate], cell: tuple[str, str, str, str], compared: frozenset[tuple[str, ...]]
) -> dict[str, list[Estimate]]:
    found: dict[str, list[Estimate]] = {}
    for row in rows:
        is_asked = (row.part, row.statistic) == (cell[0], cell[3]) and row.breakdown != ALL
        if is_asked and not is_unknown(row.group) and _run(row) in compared:
            found.setdefault(row.breakdown, []).append(row)
    return found


def _compared(choices: Choices) -> frozenset[tuple[str, ...]]:
    """Name the runs of groups of which the release compares pairs, in the city."""
    city = choices.site.city.code
    return frozenset(
        (one.measure, one.part, one.series, one.period_to, one.statistic, one.breakdown)
        for one in choices.site.figures.compared.values()
        if one.kind == "pair" and one.area_from == one.area_to == city
    )


def _run(row: Estimate) -> tuple[str, ...]:
    return (row.measure, row.part, row.series, row.period, row.statistic, row.breakdown)


def _told(choices: Choices, line: _Line, ready: Container[str]) -> Mapping[str, Any]:
    """Put a line into words: each side's figure, and the verdict on each pair."""
    measure = line.measure
    first = next(iter(line.rows.values()))
    names = choices.site.names
    figures = {side: choices.told(row, "") for side, row in line.rows.items()}
    verdicts = {}
    for one, other in itertools.combinations(line.rows, 2):
        is_ready = f"{one}|{other}" in ready or f"{other}|{one}" in ready
        if figures[one].is_shown and figures[other].is_shown and not is_ready:
            words = _verdict(choices, measure, line.rows[one], line.rows[other])
            if words:
                verdicts[f"{one}|{other}"] = words
    return {
        "title": clean(
            part_title(choices.site, measure, first.part) if measure.parts else measure.title
        ),
        "path": measure_path(measure.id, "" if first.part == measure.headline.part else first.part),
        "when": period_words(first.period, short=True),
        "series": clean(names.series.get((measure.id, first.series), first.series)),
        "sides": {
            side: [f"{told.value} {told.markers}".strip(), told.range, told.href, told.is_shown]
            for side, told in figures.items()
        },
        "verdicts": verdicts,
    }


def _verdict(
    choices: Choices, measure: Measure, one: Estimate, other: Estimate
) -> list[str | bool] | None:
    """Say how the first stands to the second, and the second to the first."""
    found = _comparison(choices, one, other)
    forth = verdict_of(found, measure.unit, measure.decimals or 0)
    back = verdict_of(turned(found), measure.unit, measure.decimals or 0)
    if forth is None or back is None:
        return None
    return [forth.word, forth.size, back.word, back.size, forth.is_counted]


def _comparison(choices: Choices, one: Estimate, other: Estimate) -> Comparison | None:
    """Find how the first stands to the second, from whichever side the release compared them."""
    for to, from_, is_turned in ((one, other, False), (other, one, True)):
        figures = choices.site.figures
        found = figures.pair(from_, to.area, to.group)
        if found is None and to.group == from_.group:
            found = figures.against_city(to, from_.area) or figures.against_comparator(
                to, from_.area
            )
        if found is not None:
            return turned(found) if is_turned else found
    return None
