"""Which figures of one series are set against which: the pairs of every kind of comparison.

The same pairs are laid out twice, by the same functions: while a wave is scanned, when covariances
can still be worked out, and when all figures have their statuses.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from social_evidence.app.grid import is_unknown
from social_evidence.model.area import AreaTree
from social_evidence.model.breakdown import ALL, parts_of
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.comparison import Kind
from social_evidence.model.measure import Measure
from social_evidence.model.period import Period

Cell = tuple[str, str, str]
"""Area, breakdown and group."""
_OVER_TIME_ONLY = frozenset({"total", "count"})
"""Statistics that grow with the size of a place or group: two of them differ for that alone."""


class Pair(NamedTuple):
    """Two figures of one series, by their numbers in a list; `to` is compared with `other`.

    is_part: all people of `to` are among those of `other`.
    """

    kind: Kind
    other: int
    to: int
    is_part: bool = False


def pairs_within(
    catalogue: Catalogue, measure: Measure, cells: Sequence[Cell], *, headline: bool = True
) -> list[Pair]:
    """Lay out what is compared within one period of one series.

    Groups against everybody of their area; areas against their city, for everybody and for each
    group of a single breakdown; the city against the rest of a country; and, on request, all pairs
    of boroughs for everybody and all pairs of groups of a single breakdown for the city.

    Args:
        catalogue: Areas and breakdowns.
        measure: What is measured. Totals and counts are compared over time only.
        cells: Places that have figures, each once.
        headline: Whether all pairs are wanted.

    Returns:
        The pairs, in order of the places.
    """
    if measure.statistic in _OVER_TIME_ONLY:
        return []
    number = {cell: at for at, cell in enumerate(cells) if not is_unknown(cell[2])}
    found = list(_groups(catalogue, number))
    found += _areas(catalogue.areas, number)
    found += _comparators(catalogue.areas, number)
    if headline:
        found += _all_pairs(catalogue, number)
    return found


def _groups(catalogue: Catalogue, number: Mapping[Cell, int]) -> Iterable[Pair]:
    whole = {b for _, b, _ in number if b != ALL}
    whole = {breakdown for breakdown in whole if is_partition(catalogue, breakdown)}
    for (area, breakdown, _), to in number.items():
        everybody = number.get((area, ALL, ALL))
        if breakdown in whole and everybody is not None:
            yield Pair("group", everybody, to, True)


def is_partition(catalogue: Catalogue, breakdown: str) -> bool:
    """Say whether the groups of a breakdown or crossing are parts of everybody."""
    return all(catalogue.breakdowns[part].partition for part in parts_of(breakdown))


def _areas(tree: AreaTree, number: Mapping[Cell, int]) -> Iterable[Pair]:
    cities = {area: city_of(tree, area) for area, _, _ in number}
    for (area, breakdown, group), to in number.items():
        city = "" if "*" in breakdown else cities[area]
        other = number.get((city, breakdown, group)) if city else None
        if other is not None:
            yield Pair("area", other, to, True)


def city_of(tree: AreaTree, area: str) -> str:
    """Name the city an area is set against, in a tree without cities its country; else nothing."""
    above = tree.ancestors(area)[1:] if area in tree.areas else ()
    if not above or tree.areas[area].kind in {"city", "comparator", "country"}:
        return ""
    for kind in ("city", "country"):
        for code in above:
            if tree.areas[code].kind == kind:
                return code
    return ""


def _comparators(tree: AreaTree, number: Mapping[Cell, int]) -> Iterable[Pair]:
    """Set the city against the rest of a country; where no rest is given, against the country."""
    given = sorted({area for area, _, _ in number if area in tree.areas})
    cities = [area for area in given if tree.areas[area].kind == "city"]
    rests = [area for area in given if tree.areas[area].kind == "comparator"]
    for city in cities:
        above = [a for a in tree.ancestors(city)[1:] if tree.areas[a].kind == "country"]
        for (area, breakdown, group), to in number.items():
            if area != city or "*" in breakdown:
                continue
            for other_area in rests or above:
                other = number.get((other_area, breakdown, group))
                if other is not None:
                    is_part = other_area in above
                    yield Pair(kind="comparator", other=other, to=to, is_part=is_part)


def _all_pairs(catalogue: Catalogue, number: Mapping[Cell, int]) -> Iterable[Pair]:
    tree = catalogue.areas
    boroughs: list[int] = []
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (area, breakdown, _), at in number.items():
        kind = tree.areas[area].kind if area in tree.areas else ""
        if breakdown == ALL and kind == "borough":
            boroughs.append(at)
        if kind == "city" and breakdown != ALL and "*" not in breakdown:
            groups[area, breakdown].append(at)
    sets = [boroughs, *(own for (_, b), own in groups.items() if is_partition(catalogue, b))]
    for members in sets:
        for other, to in itertools.combinations(members, 2):
            yield Pair("pair", other, to)


def earlier_of(periods: Sequence[Period]) -> list[tuple[Period, Period]]:
    """Choose which earlier periods each period is compared with.

    Args:
        periods: In which one cell has figures.

    Returns:
        (earlier, later): the latest earlier one that shares no day with it, and the first.
    """
    ordered = sorted(periods)
    found = []
    for at, later in enumerate(ordered):
        apart = [one for one in ordered[:at] if not one.overlaps(later)]
        if not apart:
            continue
        found.append((max(apart, key=lambda one: (one.end, one.start)), later))
        if ordered[0] in apart and ordered[0] != found[-1][0]:
            found.append((ordered[0], later))
    return found
