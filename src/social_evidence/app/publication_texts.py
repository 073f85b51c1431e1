"""What a release's codes stand for, in words: its measures, sources, areas and periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.model.breakdown import ALL
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.initiative import Initiative
from social_evidence.model.measure import Measure, Series
from social_evidence.model.release import Manifest
from social_evidence.model.source import Source
from social_evidence.publish.content import (
    AreaText,
    Labels,
    MeasureText,
    PeriodText,
    SeriesText,
    SourceText,
)
from social_evidence.store.release import StoredRelease
from social_evidence.wording import labels as words
from social_evidence.wording.periods import period_words

_KIND_ORDER: Final = ("city", "inner_outer", "borough", "state", "comparator", "country")
_DOMAINS: Final = tuple(words.DOMAINS)


def area_texts(rows: Sequence[Mapping[str, str]]) -> tuple[AreaText, ...]:
    """Describe the areas, the city first, then its parts by name, then what it is set against."""
    names = {row["area"]: row["name"] for row in rows}
    texts = (
        AreaText(
            code=row["area"],
            name=row["name"],
            kind=row["kind"],
            kind_name=words.named(row["kind"], words.AREA_KINDS),
            parent=row["parent"],
            parent_name=names.get(row["parent"], ""),
            tree=row["tree"],
            vintage=row["vintage"],
        )
        for row in rows
    )
    return tuple(sorted(texts, key=lambda text: (_kind_place(text.kind), text.name, text.code)))


def _kind_place(kind: str) -> int:
    return _KIND_ORDER.index(kind) if kind in _KIND_ORDER else len(_KIND_ORDER)


def period_texts(estimates: pa.Table) -> tuple[PeriodText, ...]:
    """Describe the periods of a release, in the order of their days."""
    columns = ["period", "period_start", "period_end"]
    distinct = estimates.group_by(columns).aggregate([]).to_pylist()
    texts = (
        PeriodText(
            label=row["period"],
            name=period_words(row["period"]),
            short_name=period_words(row["period"], short=True),
            start=row["period_start"],
            end=row["period_end"],
        )
        for row in distinct
    )
    return tuple(sorted(texts, key=lambda text: (text.start, text.end, text.label)))


def source_texts(stored: StoredRelease, catalogue: Catalogue) -> tuple[SourceText, ...]:
    """Describe the sources that a release's figures come from, by title."""
    used = {str(record["source"]) for record in stored.provenance}
    used |= {file.source for file in stored.manifest.sources}
    sources = (one for one in catalogue.sources.values() if one.id in used)
    initiatives = (one for one in catalogue.initiatives.values() if one.id in used)
    texts = [
        *(_source_text(source, stored.manifest) for source in sources),
        *(_participants_text(one, stored.manifest) for one in initiatives),
    ]
    return tuple(sorted(texts, key=lambda text: (text.title, text.id)))


def _source_text(source: Source, manifest: Manifest) -> SourceText:
    return SourceText(
        id=source.id,
        kind=source.kind,
        title=source.title,
        publisher=source.publisher,
        licence=source.licence,
        url=source.url,
        how_to_get=source.how_to_get,
        synthetic=source.synthetic or manifest.synthetic,
        ended=source.ended,
        notes=source.notes,
        breaks=source.breaks,
        files=tuple(
            (file.file, file.sha256, file.period)
            for file in manifest.sources
            if file.source == source.id
        ),
    )


def _participants_text(initiative: Initiative, manifest: Manifest) -> SourceText:
    """Describe the answers of an initiative's participants, which its office holds."""
    return SourceText(
        id=initiative.id,
        kind="microdata",
        title=f"Participants: {initiative.title}",
        publisher=initiative.lead,
        licence="held by the office of the evidence base; not passed on",
        url="",
        how_to_get="from the office of the evidence base",
        synthetic=manifest.synthetic,
        ended="",
        notes=(),
        breaks=(),
        files=(),
    )


def measure_texts(
    stored: StoredRelease, catalogue: Catalogue, named: Labels
) -> tuple[MeasureText, ...]:
    """Describe the measures that a release has rows of, by domain and title."""
    compared = _counted(stored.comparisons["measure"])
    texts = [
        _measure_text(catalogue.measures[measure], rows, compared.get(measure, 0), stored, named)
        for measure, rows in _counted(stored.estimates["measure"]).items()
        if measure in catalogue.measures
    ]
    return tuple(
        sorted(texts, key=lambda text: (text.supporting, _DOMAINS.index(text.domain), text.title))
    )


def residents_of(table: pa.Table) -> pa.Table:
    """Leave participants of initiatives out: what they say stands with their initiative."""
    return table.filter(pc.equal(table["population"], "residents"))


def _counted(column: pa.ChunkedArray) -> dict[str, int]:
    counted: Sequence[Mapping[str, Any]] = pc.value_counts(column).to_pylist()
    return {one["values"]: one["counts"] for one in counted}


def _measure_text(
    measure: Measure, rows: int, compared: int, stored: StoredRelease, named: Labels
) -> MeasureText:
    every = stored.estimates.filter(pc.equal(stored.estimates["measure"], measure.id))
    own = residents_of(every)
    headline = measure.headline
    return MeasureText(
        id=measure.id,
        version=measure.version,
        title=measure.title,
        domain=measure.domain,
        domain_name=words.named(measure.domain, words.DOMAINS),
        theme=measure.theme,
        rationale=" ".join(measure.rationale.split()),
        direction=measure.direction,
        direction_name=words.named(measure.direction, words.DIRECTIONS),
        unit=measure.unit,
        unit_name=words.named(measure.unit, words.UNITS),
        statistic=measure.statistic,
        statistic_name=words.named(measure.statistic, words.STATISTICS),
        headline=(
            headline.part,
            headline.breakdown,
            headline.group,
            headline.statistic or measure.statistic,
        ),
        parts=tuple(part.id for part in measure.parts) or (ALL,),
        series=_series_texts(measure, every, stored.provenance, named),
        breakdowns=tuple(
            sorted(own["breakdown"].unique().to_pylist(), key=lambda name: (name != ALL, name))
        ),
        areas=tuple(sorted(own["area"].unique().to_pylist())),
        periods=tuple(period.label for period in period_texts(own)),
        supporting=measure.supporting,
        notes=measure.notes,
        rows=rows,
        comparison_rows=compared,
    )


def _series_texts(
    measure: Measure, every: pa.Table, provenance: Sequence[Mapping[str, Any]], named: Labels
) -> tuple[SeriesText, ...]:
    """Describe the series with a row among a measure's, those of participants last."""
    own = residents_of(every)
    asked = every.filter(pc.not_equal(every["population"], "residents"))
    records = [record for record in provenance if record["measure"] == measure.id]
    there: set[str] = set(own["series"].unique().to_pylist())
    residents = (series for series in measure.series if series.id in there)
    return (
        *(_series_text(measure, one, own, records, named) for one in residents),
        *(_series_text(measure, one, asked, records, named) for one in _of_participants(asked)),
    )


def _of_participants(asked: pa.Table) -> list[Series]:
    """List the series of participants' answers to a measure, as their initiatives have them."""
    pairs = asked.group_by(["series", "part"]).aggregate([])
    found = zip(pairs["series"].to_pylist(), pairs["part"].to_pylist(), strict=True)
    return [Series(id=name, source=name, part=part) for name, part in sorted(found)]


def _series_text(
    measure: Measure,
    series: Series,
    own: pa.Table,
    records: Sequence[Mapping[str, Any]],
    named: Labels,
) -> SeriesText:
    rows = own.filter(pc.equal(own["series"], series.id))
    mine = [one for one in records if (one["series"], one["part"]) == (series.id, series.part)]
    record = mine[-1] if mine else {}
    return SeriesText(
        id=series.id,
        name=named.series[measure.id, series.id],
        part=series.part,
        source=series.source,
        source_name=named.sources.get(series.source, series.source),
        periods=tuple(period.label for period in period_texts(rows)),
        note=series.note,
        question=dict(record.get("question", {})),
        asked_of=record.get("asked_of", ""),
        numerator=record.get("numerator", ""),
        denominator=record.get("denominator", ""),
        formula=record.get("formula", ""),
        formula_words=record.get("formula_words", ""),
    )
