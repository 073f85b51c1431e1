"""The tables of a publication: figures, and beside them what every code stands for.

One list for every tabular format, so that CSV, the data package, Parquet and the dictionary
cannot disagree on a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pyarrow as pa

from social_evidence.model.estimate import COMPARISON_KEY, KEY
from social_evidence.model.initiative_row import INITIATIVE_KEY
from social_evidence.publish.content import Content
from social_evidence.publish.list_tables import list_tables
from social_evidence.publish.names import MARKERS, SUFFIX, with_names
from social_evidence.publish.published_table import Link, PublishedTable, text_table, texts

RELEASE: Final = "release"
"""The last column of tables of figures: the version, and a mark where it is not to be quoted."""

_SPELT_OUT: Final = frozenset(
    {"measure", "part", "series", "period", "area", "breakdown", "group", "kind"}
    | {"group_from", "group_to", "area_from", "area_to", "period_from", "period_to"}
    | {"status", "flags", "verdict", "initiative", "success_measure", "wave"}
)
"""Codes with a name beside them in every file; other codes are words, and are in `codes`."""


def release_mark(content: Content) -> str:
    """Write the version with its marks: `2026.1.0`, or `2026.1.0 DRAFT`."""
    shouted = {"draft": "DRAFT", "pre_release": "PRE-RELEASE"}
    return " ".join([content.version, *(shouted[m] for m in content.marks if m in shouted)])


def published_tables(content: Content) -> tuple[PublishedTable, ...]:
    """Lay out every table of a publication, figures first."""
    figures = [_estimates(content), _comparisons(content), _changes(content)]
    if content.initiatives.num_rows:
        figures.append(_initiatives(content))
    lists = list_tables(content)
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
        rows=_for_files(content.named_initiatives, content),
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


def _dictionary(tables: Sequence[PublishedTable]) -> PublishedTable:
    """Describe every column of every table, this one's own included."""
    columns = texts("table", "column", "title", "type", "description")
    empty = PublishedTable(
        name="dictionary",
        title="Data dictionary",
        description="Every column of every table: its title, its type and what it holds.",
        rows=text_table((), columns),
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
    return replace(empty, rows=text_table(rows, columns))
