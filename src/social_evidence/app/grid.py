"""The whole grid of a measure: every area and group it asks for, whether a source has it or not."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from social_evidence.model.breakdown import ALL, UNKNOWN, parts_of
from social_evidence.model.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Grid:
    """Areas and groups a measure is published for.

    areas: breakdown -> its areas, `all` first. groups: breakdown -> its groups. asked: breakdowns
    the source can give. reached: part of a breakdown -> groups the source's map leads to; a part
    that is not named has all. lost: parts of breakdowns whose column a file lacks.
    """

    areas: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]
    asked: frozenset[str]
    reached: Mapping[str, Collection[str]] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()

    def cells(self) -> Iterator[tuple[str, str, str]]:
        """Give every cell: area, breakdown and group."""
        for breakdown, areas in self.areas.items():
            for area, group in itertools.product(areas, self.groups[breakdown]):
                yield area, breakdown, group

    def is_asked(self, breakdown: str, group: str) -> bool:
        """Say whether anybody of the source could stand in a group, crossings included."""
        parts = zip(parts_of(breakdown), group.split(" * "), strict=False)
        return breakdown in self.asked and all(
            own == UNKNOWN or own in self.reached.get(part, (own,)) for part, own in parts
        )

    def is_lost(self, breakdown: str) -> bool:
        """Say whether a column that a breakdown needs is not in the file."""
        return not self.lost.isdisjoint(parts_of(breakdown))


def grid_of(
    catalogue: Catalogue,
    published: Mapping[str, tuple[str, ...]],
    *,
    breakdowns: Collection[str],
    unknown: Collection[str] = (),
    reached: Mapping[str, Collection[str]] | None = None,
    lost: Collection[str] = (),
) -> Grid:
    """Lay out the cells a measure is published for.

    Args:
        catalogue: Breakdowns.
        published: Breakdown -> areas it is published for, as the plan has it.
        breakdowns: Breakdowns and crossings the source gives, the parts of a crossing in any
            order.
        unknown: Breakdowns in which the group of some people is not known.
        reached: Breakdown -> groups the source's map leads to, where it may not reach all.
        lost: Parts of breakdowns whose column a file lacks.
    """
    sets = {frozenset(parts_of(breakdown)) for breakdown in (ALL, *breakdowns)}
    groups = {
        breakdown: group_names(catalogue, breakdown, with_unknown=breakdown in unknown)
        for breakdown in published
    }
    asked = frozenset(b for b in published if frozenset(parts_of(b)) in sets)
    return Grid(published, groups, asked, reached or {}, frozenset(lost))


def group_names(
    catalogue: Catalogue, breakdown: str, *, with_unknown: bool = False
) -> tuple[str, ...]:
    """List the groups of a breakdown or crossing, in order; those not known last, on request."""
    if breakdown == ALL:
        return (ALL,)
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
