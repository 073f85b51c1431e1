"""The lists of a publication: areas, measures, groups and whatever else has a code in a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from social_evidence.publish.content import Content
from social_evidence.publish.published_table import Link, PublishedTable, text_table, texts
from social_evidence.wording import labels as words
from social_evidence.wording.sentences import FLAGS
from social_evidence.wording.status import ENGLISH


def list_tables(content: Content) -> tuple[PublishedTable, ...]:
    """Lay out what the codes of the figures stand for, a table a kind of code."""
    return (
        _areas(content),
        _measures(content),
        _parts(content),
        _series(content),
        _groups(content),
        _periods(content),
        _sources(content),
        _codes(content),
    )


def _joined(sentences: Sequence[str]) -> str | None:
    return " ".join(sentences) or None


def _areas(content: Content) -> PublishedTable:
    return PublishedTable(
        name="areas",
        title="Areas",
        description="Codes and names of areas, and what each is a part of.",
        rows=text_table(
            (
                {
                    "area": area.code,
                    "name": area.name,
                    "kind": area.kind,
                    "kind_name": area.kind_name,
                    "parent": area.parent or None,
                    "parent_name": area.parent_name or None,
                    "tree": area.tree,
                    "vintage": area.vintage or None,
                }
                for area in content.areas
            ),
            texts("area", "name", "kind", "kind_name", "parent", "parent_name", "tree", "vintage"),
        ),
        key=("area",),
        links=(Link(columns=("parent",), table="areas", to=("area",)),),
    )


def _measures(content: Content) -> PublishedTable:
    columns = (
        *("measure", "title", "domain", "domain_name", "theme", "rationale", "direction"),
        *("direction_name", "unit", "unit_name", "statistic", "statistic_name", "notes"),
    )
    return PublishedTable(
        name="measures",
        title="Measures",
        description="What is measured, why, and how to read it.",
        rows=text_table(
            (
                {
                    **{name: getattr(measure, name, None) for name in columns},
                    "measure": measure.id,
                    "notes": _joined(measure.notes),
                    "definition_version": measure.version,
                    "supporting": measure.supporting,
                }
                for measure in content.measures
            ),
            {**texts(*columns), "definition_version": "integer", "supporting": "boolean"},
        ),
        key=("measure",),
    )


def _parts(content: Content) -> PublishedTable:
    return PublishedTable(
        name="parts",
        title="Parts of measures",
        description="The readings of a measure that has several; `all` where it has one.",
        rows=text_table(
            (
                {
                    "measure": measure.id,
                    "part": part,
                    "name": content.labels.parts.get((measure.id, part), part),
                }
                for measure in content.measures
                for part in measure.parts
            ),
            texts("measure", "part", "name"),
        ),
        key=("measure", "part"),
        links=(Link(columns=("measure",), table="measures", to=("measure",)),),
    )


def _series(content: Content) -> PublishedTable:
    columns = ("measure", "series", "part", "name", "source", "source_name", "note", "question")
    words_of = ("asked_of", "numerator_words", "denominator_words", "formula")
    return PublishedTable(
        name="series",
        title="Series of measures",
        description="The unbroken runs of each measure, with the words people were asked.",
        rows=text_table(
            (
                {
                    "measure": measure.id,
                    "series": series.id,
                    "part": series.part,
                    "name": series.name,
                    "source": series.source,
                    "source_name": series.source_name,
                    "note": series.note or None,
                    "question": _joined([f"[{tag}] {q}" for tag, q in series.question.items()]),
                    "asked_of": series.asked_of or None,
                    "numerator_words": series.numerator or None,
                    "denominator_words": series.denominator or None,
                    "formula": series.formula or None,
                }
                for measure in content.measures
                for series in measure.series
            ),
            texts(*columns, *words_of),
        ),
        key=("measure", "series", "part"),
        links=(
            Link(columns=("measure", "part"), table="parts", to=("measure", "part")),
            Link(columns=("source",), table="sources", to=("source",)),
        ),
    )


def _groups(content: Content) -> PublishedTable:
    columns = ("breakdown", "breakdown_name", "group", "name", "standard", "reference", "note")
    return PublishedTable(
        name="groups",
        title="Groups of people",
        description="Breakdowns and their groups, in the order people expect.",
        rows=text_table(
            (
                {
                    "breakdown": breakdown.id,
                    "breakdown_name": breakdown.title,
                    "group": group,
                    "name": label,
                    "standard": breakdown.standard or None,
                    "reference": breakdown.reference or None,
                    "note": breakdown.note or None,
                    "place": place,
                }
                for breakdown in content.breakdowns
                for place, (group, label) in enumerate(breakdown.groups, 1)
            ),
            {**texts(*columns), "place": "integer"},
        ),
        key=("breakdown", "group"),
    )


def _periods(content: Content) -> PublishedTable:
    return PublishedTable(
        name="periods",
        title="Periods",
        description="The days each period's label stands for, in order.",
        rows=text_table(
            (
                {
                    "period": period.label,
                    "name": period.name,
                    "period_start": period.start,
                    "period_end": period.end,
                }
                for period in content.periods
            ),
            {**texts("period", "name"), "period_start": "date", "period_end": "date"},
        ),
        key=("period",),
    )


def _sources(content: Content) -> PublishedTable:
    plain = ("title", "kind", "publisher", "licence", "url", "how_to_get", "ended")
    return PublishedTable(
        name="sources",
        title="Sources",
        description="Where the figures come from, and under which licence.",
        rows=text_table(
            (
                {
                    **{name: getattr(source, name) or None for name in plain},
                    "source": source.id,
                    "notes": _joined(source.notes),
                    "breaks": _joined(source.breaks),
                }
                for source in content.sources
            ),
            texts("source", *plain, "notes", "breaks"),
        ),
        key=("source",),
    )


def _codes(content: Content) -> PublishedTable:
    """List the codes that have no table of their own."""
    return PublishedTable(
        name="codes",
        title="Codes",
        description="What the remaining codes mean; markers are the bracketed letters.",
        rows=text_table(
            (
                {
                    "list": name,
                    "code": code,
                    "name": label,
                    "markers": words.MARKERS.get(code) if name in {"status", "flags"} else None,
                    "description": _SENTENCES.get(name, {}).get(code),
                }
                for name, codes in content.labels.codes.items()
                for code, label in codes.items()
            ),
            texts("list", "code", "name", "markers", "description"),
        ),
        key=("list", "code"),
    )


_SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {"status": ENGLISH, "flags": FLAGS}
