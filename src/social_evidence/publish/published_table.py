"""A table of a publication: its rows, its key, the kind of each column, where its values lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from social_evidence.wording.columns import column_description, column_title

Kind = Literal["text", "date", "integer", "number", "boolean"]


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


def text_table(rows: Iterable[Mapping[str, object]], columns: Mapping[str, Kind]) -> pa.Table:
    """Lay rows out, each text on one line.

    Args:
        rows: Column -> value; a column that is left out is empty.
        columns: Column -> kind, in order.
    """
    """Lay rows out, each text on one line.

    Args:
        rows: Column -> value; a column that is left out is empty.
        columns: Column -> kind, in order.
    """
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


def texts(*names: str) -> dict[str, Kind]:
    """Say that columns hold text."""
    """Say that columns hold text."""
    return dict.fromkeys(names, "text")
