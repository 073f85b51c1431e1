"""How a measure was asked, counted and worked out, series by series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from social_evidence.model.measure import Measure
from social_evidence.site.content import SiteInput


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodNote:
    """One series of a measure in words, from the record behind its latest figures."""

    name: str
    publisher: str
    licence: str
    url: str
    question: str
    asked_of: str
    numerator: str
    denominator: str
    formula: str
    design: str
    interval: str
    note: str
    compares: tuple[str, ...]
    breaks: tuple[str, ...]
    ended: str
    to_confirm: int


def method_notes(
    site: SiteInput, measure: Measure, part: str, first: str = ""
) -> tuple[MethodNote, ...]:
    """Describe the series of a measure that the release has figures of, the newest first.

    Args:
        site: The release.
        measure: The measure.
        part: The part the page is about.
        first: The series the page begins with: its description comes before the others'.
    """
    name = site.names.series.get((measure.id, first), first)
    return tuple(sorted(_notes(site, measure, part), key=lambda note: note.name != name))


def _notes(site: SiteInput, measure: Measure, part: str) -> Iterable[MethodNote]:
    latest: dict[str, Mapping[str, Any]] = {}
    for (of_measure, of_part, name, _), found in site.provenance.items():
        if of_measure == measure.id and of_part == part:
            latest[name] = found
    for series in reversed(measure.series):
        if series.part == part and (record := latest.get(series.id)) is not None:
            source = site.catalogue.sources.get(series.source)
            yield MethodNote(
                name=site.names.series.get((measure.id, series.id), series.id),
                publisher=record["publisher"],
                licence=record["licence"],
                url=record["url"],
                question=record["question"].get("en", ""),
                asked_of=record["asked_of"],
                numerator=record["numerator"],
                denominator=record["denominator"],
                formula=record["formula_words"],
                design=record["design"],
                interval=record["interval_words"],
                note=series.note,
                compares=tuple(record.get("comparability_words", ())),
                breaks=tuple(record["breaks"]),
                ended=source.ended if source else "",
                to_confirm=len(record["to_confirm"]),
            )
