"""The tables of a publication: figures, and beside them what every code stands for.

One list for every tabular format, so that CSV, the data package, Parquet and the dictionary
cannot disagree on a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import pyarrow as pa

from social_evidence.model.estimate import COMPARISON_KEY, KEY
from social_evidence.model.initiative_row import INITIATIVE_KEY
from social_evidence.publish.content import Content
from social_evidence.publish.names import MARKERS, SUFFIX, with_names
from social_evidence.wording import labels as words
from social_evidence.wording.columns import column_description, column_title
from social_evidence.wording.sentences import FLAGS
from social_evidence.wording.status import ENGLISH

Kind = Literal["text", "date", "integer", "number", "boolean"]

RELEASE: Final = "release"
"""The last column of tables of figures: the version, and a mark where it is not to be quoted."""

_SPELT_OUT: Final = frozenset(
    {"measure", "part", "series", "period", "area", "breakdown", "group", "kind"}
    | {"group_from", "group_to", "area_from", "area_to", "period_from", "period_to"}
    | {"status", "flags", "verdict"}
)
"""Codes with a name beside them in every file; other codes are words, and are in `codes`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Columns whose values all stand in columns of another table."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTable:
    """A table to publish: its rows, its key and how it hangs together with the others.

    key: columns that are never empty and together unique; empty where the table has none.
    """

    name: str
    title: str
    description: str
    rows: pa.Table
    key: tuple[str, ...]
    links: tuple[Link, ...] = ()

    def columns(self) -> Iterator[tuple[str, Kind, str, str]]:
        """Give each column's name, kind, title and description."""
        for field in self.rows.schema:
            title = column_title(field.name, self.name)
            yield field.name, kind_of(field.type), title, column_description(field.name, self.name)


def kind_of(arrow: pa.DataType) -> Kind:
    """Say what kind of value a column holds."""
    if pa.types.is_date(arrow):
        return "date"
    if pa.types.is_boolean(arrow):
        return "boolean"
    if pa.types.is_integer(arrow):
        return "integer"
    return "number" if pa.types.is_floating(arrow) else "text"


def release_mark(content: Content) -> str:
    """Write the version with its marks: `2026.1.0`, or `2026.1.0 DRAFT`."""
    shouted = {"draft": "DRAFT", "pre_release": "PRE-RELEASE"}
    return " ".join([content.version, *(shouted[m] for m in content.marks if m in shouted)])


def published_tables(content: Content) -> tuple[PublishedTable, ...]:
    """Lay out every table of a publication, figures first."""
    figures = [_estimates(content), _comparisons(content), _changes(content)]
    if content.initiatives.num_rows:
        figures.append(_initiatives(content))
    lists = (
        _areas(content),
        _measures(content),
        _parts(content),
        _series(content),
        _groups(content),
        _periods(content),
        _sources(content),
        _codes(content),
    )
    return (*figures, *lists, _dictionary((*figures, *lists)))


_TO_LISTS: Final = (
    Link(columns=("measure",), table="measures", to=("measure",)),
    Link(columns=("measure", "part"), table="parts", to=("measure", "part")),
    Link(columns=("measure", "series", "part"), table="series", to=("measure", "series", "part")),
)


def _estimates(content: Content) -> PublishedTable:
    return PublishedTable(
        name="estimates",
        title="Estimates",
        description="Every figure with its uncertainty and its status, one row a figure.",
        rows=_for_files(content.named_estimates, content),
        key=KEY,
        links=(
            *_TO_LISTS,
            Link(columns=("period",), table="periods", to=("period",)),
            Link(columns=("area",), table="areas", to=("area",)),
            Link(columns=("breakdown", "group"), table="groups", to=("breakdown", "group")),
            Link(columns=("source",), table="sources", to=("source",)),
        ),
    )


def _initiatives(content: Content) -> PublishedTable:
    return PublishedTable(
        name="initiatives",
        title="Initiatives",
        description="Every number of the success measures of initiatives, one row a number. It "
        "is about people who take part, or what was counted of an initiative, but where `caveat` "
        "says that it is about residents.",
        rows=_for_files(content.initiatives, content),
        key=INITIATIVE_KEY,
        links=(Link(columns=("area",), table="areas", to=("area",)),),
    )


def _comparisons(content: Content) -> PublishedTable:
    sides = ("from", "to")
    return PublishedTable(
        name="comparisons",
        title="Comparisons",
        description="Differences between figures, each with its interval and a verdict.",
        rows=_for_files(content.named_comparisons, content),
        key=COMPARISON_KEY,
        links=(
            *_TO_LISTS,
            *(Link(columns=(f"period_{s}",), table="periods", to=("period",)) for s in sides),
            *(Link(columns=(f"area_{s}",), table="areas", to=("area",)) for s in sides),
            *(
                Link(columns=("breakdown", f"group_{s}"), table="groups", to=("breakdown", "group"))
                for s in sides
            ),
        ),
    )


def _changes(content: Content) -> PublishedTable:
    return PublishedTable(
        name="changes",
        title="Changes",
        description="Figures that came, went or were revised since the release before.",
        rows=_for_files(with_names(content.changes, content.labels), content),
        key=KEY,
    )


def _for_files(named: pa.Table, content: Content) -> pa.Table:
    """Keep the names people need in a row, and say in every row which release it is of."""
    kept = [
        name
        for name in named.column_names
        if not name.endswith(SUFFIX) or name.removesuffix(SUFFIX) in _SPELT_OUT or name == MARKERS
    ]
    mark = pa.DictionaryArray.from_arrays(
        pa.array([0] * named.num_rows, pa.int32()), pa.array([release_mark(content)])
    )
    return named.select(kept).append_column(RELEASE, mark)


def _text_table(rows: Iterable[Mapping[str, object]], columns: Mapping[str, Kind]) -> pa.Table:
    arrow = {
        "text": pa.string(),
        "date": pa.date32(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
    }
    schema = pa.schema([(name, arrow[kind]) for name, kind in columns.items()])
    on_one_line = [{name: _flat(value) for name, value in row.items()} for row in rows]
    return pa.Table.from_pylist(on_one_line, schema=schema)


def _flat(value: object) -> object:
    """Take line ends out of a text: some readers count lines where they should count rows."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _texts(*names: str) -> dict[str, Kind]:
    return dict.fromkeys(names, "text")


def _joined(texts: Sequence[str]) -> str | None:
    return " ".join(texts) or None


def _areas(content: Content) -> PublishedTable:
    return PublishedTable(
        name="areas",
        title="Areas",
        description="Codes and names of areas, and what each is a part of.",
        rows=_text_table(
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
            _texts("area", "name", "kind", "kind_name", "parent", "parent_name", "tree", "vintage"),
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
        rows=_text_table(
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
            {**_texts(*columns), "definition_version": "integer", "supporting": "boolean"},
        ),
        key=("measure",),
    )


def _parts(content: Content) -> PublishedTable:
    return PublishedTable(
        name="parts",
        title="Parts of measures",
        description="The readings of a measure that has several; `all` where it has one.",
        rows=_text_table(
            (
                {
                    "measure": measure.id,
                    "part": part,
                    "name": content.labels.parts.get((measure.id, part), part),
                }
                for measure in content.measures
                for part in measure.parts
            ),
            _texts("measure", "part", "name"),
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
        rows=_text_table(
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
            _texts(*columns, *words_of),
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
        rows=_text_table(
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
            {**_texts(*columns), "place": "integer"},
        ),
        key=("breakdown", "group"),
    )


def _periods(content: Content) -> PublishedTable:
    return PublishedTable(
        name="periods",
        title="Periods",
        description="The days each period's label stands for, in order.",
        rows=_text_table(
            (
                {
                    "period": period.label,
                    "name": period.name,
                    "period_start": period.start,
                    "period_end": period.end,
                }
                for period in content.periods
            ),
            {**_texts("period", "name"), "period_start": "date", "period_end": "date"},
        ),
        key=("period",),
    )


def _sources(content: Content) -> PublishedTable:
    plain = ("title", "kind", "publisher", "licence", "url", "how_to_get", "ended")
    return PublishedTable(
        name="sources",
        title="Sources",
        description="Where the figures come from, and under which licence.",
        rows=_text_table(
            (
                {
                    **{name: getattr(source, name) or None for name in plain},
                    "source": source.id,
                    "notes": _joined(source.notes),
                    "breaks": _joined(source.breaks),
                }
                for source in content.sources
            ),
            _texts("source", *plain, "notes", "breaks"),
        ),
        key=("source",),
    )


def _codes(content: Content) -> PublishedTable:
    """List the codes that have no table of their own."""
    named = content.labels
    lists: Mapping[str, Mapping[str, str]] = {
        "population": named.populations,
        "statistic": named.statistics,
        "unit": named.units,
        "method": named.methods,
        "interval_method": named.interval_methods,
        "variance_basis": named.variance_bases,
        "status": named.statuses,
        "reliability": named.reliabilities,
        "flags": named.flags,
        "kind": named.kinds,
        "verdict": named.verdicts,
    }
    return PublishedTable(
        name="codes",
        title="Codes",
        description="What the remaining codes mean; markers are the bracketed letters.",
        rows=_text_table(
            (
                {
                    "list": name,
                    "code": code,
                    "name": label,
                    "markers": words.MARKERS.get(code) if name in {"status", "flags"} else None,
                    "description": _SENTENCES.get(name, {}).get(code),
                }
                for name, codes in lists.items()
                for code, label in codes.items()
            ),
            _texts("list", "code", "name", "markers", "description"),
        ),
        key=("list", "code"),
    )


_SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {"status": ENGLISH, "flags": FLAGS}


def _dictionary(tables: Sequence[PublishedTable]) -> PublishedTable:
    """Describe every column of every table, this one's own included."""
    columns = _texts("table", "column", "title", "type", "description")
    empty = PublishedTable(
        name="dictionary",
        title="Data dictionary",
        description="Every column of every table: its title, its type and what it holds.",
        rows=_text_table((), columns),
        key=("table", "column"),
    )
    rows = (
        {
            "table": table.name,
            "column": column,
            "title": title,
            "type": kind,
            "description": description,
        }
        for table in (*tables, empty)
        for column, kind, title, description in table.columns()
    )
    return replace(empty, rows=_text_table(rows, columns))
