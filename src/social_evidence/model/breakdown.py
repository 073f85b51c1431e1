"""Breakdowns: harmonised groups. Geography is never one; areas have their own tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from social_evidence.errors import DefinitionError
from social_evidence.model.source_maps import GroupMap

UNKNOWN = "unknown"
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One harmonised group.

    Attributes:
        id: Permanent, lower_snake_case.
        label: What people read.
    """

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """A set of groups that partition the base, in the order people expect.

    Attributes:
        id: Permanent, lower_snake_case; the file's name.
        title: What the groups are groups of.
        groups: The groups, in the order people expect.
        reference: The group gaps are measured from; empty when the breakdown has none.
        standard: The harmonised standard the groups follow, by its name and year; empty where
            there is none.
        note: What must be known to read the groups.
        within: Coarser breakdown -> group -> the group of it that it lies in, where every group
            lies wholly in one: a hidden coarse group could be worked out of shown finer ones.
        sources: Source id -> how that source's variable falls into the groups, where the source's
            own file does not say it: a new breakdown is one file.
        partition: False where one person may stand in several groups (strands of hate crime).
        special_category: The law protects it above other facts about a person (ethnic origin,
            religion, health, sexual orientation): answers that hold it need a condition of their
            own to be kept.
    """

    id: str
    title: str
    groups: tuple[Group, ...]
    reference: str = ""
    standard: str = ""
    note: str = ""
    within: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sources: Mapping[str, GroupMap] = field(default_factory=dict)
    partition: bool = True
    special_category: bool = False

    def __post_init__(self) -> None:
        ids = [group.id for group in self.groups]
        if repeated := sorted({g for g in ids if ids.count(g) > 1}):
            raise DefinitionError(
                f"Breakdown {self.id!r}: groups {repeated} appear twice. "
                "A group's id must be its own, or two figures would share an address."
            )
        if reserved := sorted({ALL, UNKNOWN} & set(ids)):
            raise DefinitionError(
                f"Breakdown {self.id!r}: {reserved} is the system's own group. "
                "`unknown` is added by itself for people whose group is not known."
            )
        if self.reference and self.reference not in ids:
            raise DefinitionError(
                f"Breakdown {self.id!r}: reference {self.reference!r} is none of its groups {ids}."
            )


def parts_of(breakdown: str) -> tuple[str, ...]:
    """List the dimensions of a breakdown or crossing; none for everybody."""
    return () if breakdown == ALL else tuple(breakdown.split("*"))
