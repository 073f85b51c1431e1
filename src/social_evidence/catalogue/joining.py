"""Series that stand in a source's own file join the measures they name: a source is one file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from social_evidence.catalogue.faults import Place, suggestion
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
