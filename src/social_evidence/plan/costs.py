"""What a missing column costs: which series of a survey cannot be read, which breakdowns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from social_evidence.model.source import Source
from social_evidence.plan.derived import check_expression
from social_evidence.plan.needs import Wanted, needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What cannot be read of a wave.

    series: those that need a missing column themselves. breakdowns: those whose groups cannot be
    told; series keep their other figures.
    """

    series: tuple[Wanted, ...]
    breakdowns: frozenset[str]


def costs_of(source: Source, wanted: Sequence[Wanted], columns: Collection[str]) -> Costs:
    """Say what some missing columns of a survey cost.

    Args:
        source: Its items, design and maps.
        wanted: Series asked of the wave.
        columns: Our names of the missing columns.
    """
    lost = set(columns)
    breakdowns = frozenset(
        part
        for part, mapping in source.breakdowns.items()
        if not lost.isdisjoint(_columns_behind(source, mapping.variable))
    )
    bare = replace(source, breakdowns={})
    series = tuple(
        one for one in wanted if not lost.isdisjoint(needs(weighted(bare, one), [one]).columns)
    )
    return Costs(series=series, breakdowns=breakdowns)


def weighted(source: Source, one: Wanted) -> Source:
    """Give a source the weight that a series goes with."""
    weight = one.series.weight or source.design.weight
    return replace(source, design=replace(source.design, weight=weight))


def without(source: Source, breakdowns: Collection[str]) -> Source:
    """Give a source without some of its breakdowns."""
    kept = {part: own for part, own in source.breakdowns.items() if part not in breakdowns}
    return replace(source, breakdowns=kept)


def _columns_behind(source: Source, variable: str) -> set[str]:
    """List the columns a variable is made of: itself, or what it is derived from."""
    if variable not in source.derived:
        return {variable}
    expression = source.derived[variable].expression
    inputs = check_expression(expression, field=f"sources/{source.id}.toml: derived.{variable}")
    found: set[str] = set()
    for name in set(inputs) - {variable}:
        found |= _columns_behind(source, name)
    return found
