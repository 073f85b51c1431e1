"""What one file says for others: a source's series join measures, a breakdown's maps join sources.

So that a new source, and a new breakdown, is one file each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from social_evidence.catalogue.faults import Place, suggestion
from social_evidence.model.breakdown import Breakdown
from social_evidence.model.measure import Measure, Series
from social_evidence.model.source import Source


def with_ids(series: Iterable[Series]) -> tuple[Series, ...]:
    """Give each series its id: the source, and a number from the second on of one part."""
    counts: Counter[tuple[str, str]] = Counter()
    named = []
    for one in series:
        counts[one.part, one.source] += 1
        count = counts[one.part, one.source]
        named.append(replace(one, id=one.source if count == 1 else f"{one.source}_{count}"))
    return tuple(named)


def joined(
    measures: Mapping[str, Measure],
    sources: Mapping[str, Source],
    known: Iterable[str],
    place_of: Callable[[str], Place],
) -> dict[str, Measure]:
    """Add the series of sources' files to their measures, after those of the measures' own files.

    Args:
        measures: Those that could be read, with the series of their own files.
        sources: Those that could be read.
        known: Ids of all measures, those with faults included.
        place_of: Source id -> where its faults are noted.

    Returns:
        The measures with all their series, in the order of the sources' ids.
    """
    found = dict(measures)
    names = sorted(known)
    for source_id in sorted(sources):
        for index, one in enumerate(sources[source_id].series):
            place = place_of(source_id).at("series", index)
            if one.measure not in names:
                near = suggestion(one.measure, names)
                place.at("measure").fault(f"{one.measure!r} is no measure.{near}")
            elif one.source not in {"", source_id}:
                place.at("source").fault(
                    f"is {one.source!r}; a series in a source's file is of that source. Leave it "
                    "out."
                )
            elif one.measure in found:
                found[one.measure] = _added(
                    found[one.measure], replace(one, source=source_id), place
                )
    return found


def _added(measure: Measure, series: Series, place: Place) -> Measure:
    """Add one series, or note why the measure cannot have it."""
    parts = {part.id for part in measure.parts} or {"all"}
    extra = sorted(set(series.numerator) - set(series.denominator))
    if series.part not in parts:
        place.at("part").fault(f"is {series.part!r}; {measure.id!r} has {sorted(parts)}.")
    elif extra:
        place.at("numerator").fault(f"counts {extra}, which the denominator leaves out.")
    else:
        return replace(measure, series=with_ids((*measure.series, series)))
    return measure


def mapped(
    sources: Mapping[str, Source],
    breakdowns: Mapping[str, Breakdown],
    known: Iterable[str],
    place_of: Callable[[str], Place],
) -> dict[str, Source]:
    """Give sources the maps that stand in the files of breakdowns.

    Args:
        sources: Those that could be read, with the maps of their own files.
        breakdowns: Those that could be read.
        known: Ids of all sources, those with faults included.
        place_of: Breakdown id -> where its faults are noted.

    Returns:
        The sources with all their maps.
    """
    found = dict(sources)
    names = sorted(known)
    for breakdown in breakdowns.values():
        for source_id, map_ in breakdown.sources.items():
            place = place_of(breakdown.id).at("sources").at(source_id)
            source = found.get(source_id)
            if source_id not in names:
                place.fault(f"{source_id!r} is no source.{suggestion(source_id, names)}")
            elif source is not None and breakdown.id in source.breakdowns:
                place.fault(
                    f"source {source_id!r} has a map for {breakdown.id!r} in its own file. Keep "
                    "one of them."
                )
            elif source is not None:
                maps = {**source.breakdowns, breakdown.id: map_}
                found[source_id] = replace(source, breakdowns=maps)
    return found
