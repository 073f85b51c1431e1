"""What a build asks of a survey: which series from which of its waves, and from which pools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from social_evidence.errors import DataError
from social_evidence.model.measure import Series
from social_evidence.model.period import parse
from social_evidence.model.publication import PublicationPlan
from social_evidence.model.source import EVERY_WAVE, Source
from social_evidence.plan.needs import Wanted
from social_evidence.plan.pools import Pooled, pools_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a survey.

    waves: label -> series, oldest first. pools: the pools, oldest first -> series.
    """

    source: Source
    waves: Mapping[str, tuple[Wanted, ...]]
    pools: Mapping[Pooled, tuple[Wanted, ...]]


def asked_of(
    source: Source, wanted: Sequence[Wanted], plan: PublicationPlan, latest: int | None = None
) -> Asked:
    """Say which waves of a survey some series need, and which pools are made of them.

    Args:
        source: Its files and pool.
        wanted: Series from it.
        plan: Whether pools may share waves.
        latest: Ask only for the last so many waves of each series; None for all.

    Raises:
        DataError: A series names a wave for which the source has no file.
    """
    waves: dict[str, list[Wanted]] = {}
    pools: dict[Pooled, list[Wanted]] = {}
    for one in wanted:
        own = _latest_usable(source, _waves_of(source, one), latest)
        for wave in own:
            waves.setdefault(wave, []).append(one)
        if one.measure.statistic != "quantile":
            for pool in pools_of(source, own, plan):
                pools.setdefault(pool, []).append(one)
    return Asked(
        source=source,
        waves={wave: tuple(waves[wave]) for wave in sorted(waves, key=parse)},
        pools={
            pool: tuple(pools[pool])
            for pool in sorted(pools, key=lambda pool: (parse(pool.label), pool.waves))
        },
    )


def wave_labels(source: Source) -> tuple[str, ...]:
    """List the waves for which a source has files, oldest first."""
    labels = {file.wave for file in source.files} - {"", EVERY_WAVE}
    return tuple(sorted(labels, key=parse))


def latest_waves(waves: Sequence[str], latest: int | None) -> tuple[str, ...]:
    """Keep the last so many of some waves, oldest first."""
    ordered = sorted(waves, key=parse)
    return tuple(ordered if latest is None else ordered[-latest:])


def _latest_usable(source: Source, waves: Sequence[str], latest: int | None) -> tuple[str, ...]:
    """Keep the last so many waves; those that no pool takes come along and are not counted."""
    unusable = source.pool.leave_out if source.pool else {}
    newest = latest_waves([wave for wave in waves if wave not in unusable], latest)
    if not newest:
        return latest_waves(waves, latest)
    first = parse(newest[0])
    return tuple(wave for wave in latest_waves(waves, None) if parse(wave) >= first)


def _waves_of(source: Source, one: Wanted) -> tuple[str, ...]:
    known = wave_labels(source)
    series: Series = one.series
    if lost := sorted(set(series.periods) - set(known)):
        raise DataError(
            f"measure {one.measure.id!r}: series {series.id!r} names the period {lost[0]!r}; "
            f"source {source.id!r} has files for {sorted(known)}. Add the file, or correct "
            "`periods`."
        )
    return series.periods or known
