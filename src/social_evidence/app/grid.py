"""The whole grid of a measure: every area and group it asks for, whether a source has it or not."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from social_evidence.errors import DefinitionError
from social_evidence.model.breakdown import ALL, UNKNOWN
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.measure import Measure
from social_evidence.plan.compile import parts_of
from social_evidence.plan.counted import nearest


@dataclass(frozen=True, slots=True)
class Grid:
    """Areas and groups a measure is published for.

    groups: (breakdown, group), `all` first. asked: breakdowns the source can give. reached:
    part of a breakdown -> groups the source's map leads to; a part that is not named has all.
    """

    areas: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    asked: frozenset[str]
    reached: Mapping[str, Collection[str]] = field(default_factory=dict)

    def is_asked(self, breakdown: str, group: str) -> bool:
        """Say whether anybody of the source could stand in a group, crossings included."""
        parts = zip(parts_of(breakdown), group.split(" * "), strict=False)
        return breakdown in self.asked and all(
            own == UNKNOWN or own in self.reached.get(part, (own,)) for part, own in parts
        )


def grid_of(
    catalogue: Catalogue,
    measure: Measure,
    *,
    given: Sequence[str],
    breakdowns: Collection[str],
    unknown: Collection[str] = (),
    reached: Mapping[str, Collection[str]] | None = None,
) -> Grid:
    """Lay out the cells a measure asks for.

    Args:
        catalogue: Areas and breakdowns.
        measure: Names areas by code or kind; none means every area the source gives.
        given: Areas the source gives.
        breakdowns: Breakdowns and crossings the source gives, the parts of a crossing in any
            order.
        unknown: Breakdowns in which the group of some people is not known.
        reached: Breakdown -> groups the source's map leads to, where it may not reach all.
    """
    sets: set[frozenset[str]] = {frozenset(parts_of(breakdown)) for breakdown in breakdowns} | {
        frozenset()
    }
    groups = [(ALL, ALL)]
    for breakdown in measure.breakdowns:
        names = group_names(catalogue, breakdown, with_unknown=breakdown in unknown)
        groups += [(breakdown, group) for group in names]
    asked = frozenset(
        breakdown
        for breakdown in (ALL, *measure.breakdowns)
        if frozenset(parts_of(breakdown)) in sets
    )
    return Grid(areas_of(catalogue, measure, given), tuple(groups), asked, reached or {})


def group_names(
    catalogue: Catalogue, breakdown: str, *, with_unknown: bool = False
) -> tuple[str, ...]:
    """List the groups of a breakdown or crossing, in order; those not known last, on request."""
    names = [
        [group.id for group in catalogue.breakdowns[part].groups] for part in parts_of(breakdown)
    ]
    known = [" * ".join(found) for found in itertools.product(*names)]
    if not with_unknown:
        return tuple(known)
    every = itertools.product(*([*own, UNKNOWN] for own in names))
    return (*known, *(" * ".join(found) for found in every if UNKNOWN in found))


def is_unknown(group: str) -> bool:
    """Say whether a group, or a part of a crossing, is that of people whose group is not known."""
    return UNKNOWN in group.split(" * ")


def areas_of(catalogue: Catalogue, measure: Measure, given: Sequence[str]) -> tuple[str, ...]:
    """List the areas a measure is published for: those it names, or all the source gives."""
    if not measure.areas:
        return tuple(sorted(given))
    kinds = {area.kind for area in catalogue.areas.areas.values()}
    found: set[str] = set()
    for name in (*measure.areas, *measure.comparators):
        if name in catalogue.areas.areas:
            found.add(name)
        elif name in kinds:
            found |= {area.code for area in catalogue.areas.areas.values() if area.kind == name}
        else:
            raise DefinitionError(
                f"measure {measure.id!r}: {name!r} is neither an area's code nor a kind of area"
                f"{nearest(name, [*kinds, *catalogue.areas.areas])}."
            )
    return tuple(sorted(found))
