"""Pools: which waves are put together, what that is called, and the days it covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import dropwhile

from social_evidence.errors import DefinitionError
from social_evidence.model.period import parse
from social_evidence.model.publication import PublicationPlan
from social_evidence.model.source import Pool, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Some waves put together.

    label: of the period, from the first to the last year touched. waves: those that are in,
    oldest first. places: of each in the run of all waves, so that two waves with one left out
    between them are two apart. left_out: waves within the run that are not in.
    """

    label: str
    waves: tuple[str, ...]
    places: tuple[int, ...]
    left_out: tuple[str, ...] = ()


def pools_of(source: Source, waves: Iterable[str], plan: PublicationPlan) -> tuple[Pooled, ...]:
    """Put waves together as a source says, back from the newest one.

    A wave that is left out keeps its place, so that the pools before it stay where they are; at
    either end of the run it is as if it were not there. What is left over at the old end makes no
    pool: an average over fewer years would stand beside the others as if it were one of them.

    Args:
        source: Says how many waves make a pool.
        waves: Labels of the waves there are, in any order.
        plan: Whether pools may share waves.

    Returns:
        The pools, oldest first; none where the source has none, or too few waves.

    Raises:
        DefinitionError: Pools share waves and the plan does not allow it, or the label's form
            cannot name the days of the waves.
    """
    pool = source.pool
    if pool is None:
        return ()
    step = pool.step or pool.waves
    if step < pool.waves and not plan.overlapping_pools:
        raise DefinitionError(
            f"source {source.id!r}: pools of {pool.waves} waves with a step of {step} share waves, "
            "so two figures in a row would not be independent and could be set against each other "
            "to find one year's. Set the step to the number of waves, or allow it in plan.toml "
            "with overlapping_pools = true."
        )
    places = _places(pool, waves)
    found = []
    end = len(places)
    while end >= pool.waves:
        found.append(_pooled(source, pool, places, range(end - pool.waves, end)))
        end -= step
    return tuple(reversed(found))


def places_of(pool: Pool, waves: Iterable[str]) -> dict[str, int]:
    """Number the waves of a source in their run, so that one left out keeps its place.

    Args:
        pool: Says which waves are left out.
        waves: Labels of the waves there are, in any order.
    """
    return {wave: at for at, wave in enumerate(_places(pool, waves))}


def _places(pool: Pool, waves: Iterable[str]) -> list[str]:
    """Order the waves, those left out between them included, and trim those at the ends."""
    usable = {wave for wave in waves if wave not in pool.leave_out}
    every = sorted(usable | set(pool.leave_out), key=parse)
    trimmed = list(dropwhile(lambda wave: wave not in usable, every))
    return list(reversed(list(dropwhile(lambda wave: wave not in usable, reversed(trimmed)))))


def _pooled(source: Source, pool: Pool, places: list[str], run: range) -> Pooled:
    inside = [place for place in run if places[place] not in pool.leave_out]
    waves = tuple(places[place] for place in inside)
    if not waves:
        raise DefinitionError(
            f"source {source.id!r}: pool.leave_out leaves nothing of the pool "
            f"{places[run[0]]} to {places[run[-1]]}. Make pools longer, or leave out fewer waves."
        )
    first, last = parse(waves[0]), parse(waves[-1])
    years = f"{first.start.year}-{last.end.year if pool.form == 'p' else last.end.year % 100:02d}"
    label = f"{pool.form}{years}"
    period = parse(label)
    if first.start < period.start or last.end > period.end:
        raise DefinitionError(
            f"source {source.id!r}: a pool of {waves[0]} to {waves[-1]} would be called {label}, "
            f"which is {period.start} to {period.end} and not the days of its waves. Choose "
            "another pool.form: p for calendar years, fy for financial, ay for academic ones."
        )
    left_out = tuple(places[place] for place in run if place not in inside)
    return Pooled(label=label, waves=waves, places=tuple(inside), left_out=left_out)
