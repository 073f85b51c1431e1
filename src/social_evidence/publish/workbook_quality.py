"""The quality report as sheets of the workbook of figures."""

from __future__ import annotations

from typing import Final

from social_evidence.publish.content import Content
from social_evidence.publish.quality_tables import QualityTable, quality_tables
from social_evidence.publish.sheets import (
    Column,
    Line,
    Sheet,
    Table,
    number_column,
    text_column,
)
from social_evidence.publish.workbook_notes import titled

SHEETS: Final = ("Quality", "Coverage", "Checks")
"""Tables of the report that have a sheet; the page has the others."""


def quality_sheets(content: Content) -> tuple[tuple[Sheet, str], ...]:
    """Lay out the report's sheets with what the contents say of each."""
    made = {table.name: table for table in quality_tables(content)}
    return tuple(
        (_sheet(made[name], content), made[name].title + ".") for name in SHEETS if name in made
    )


def _sheet(table: QualityTable, content: Content) -> Sheet:
    columns = tuple(_column(table, at) for at in range(len(table.heads)))
    return Sheet(
        name=table.name,
        lines=titled(table.title, content, Line(text=table.about)),
        table=Table(name=f"t_{table.name.lower()}", columns=columns),
    )


def _column(table: QualityTable, at: int) -> Column:
    heading, kind = table.heads[at]
    values = [row[at] for row in table.rows]
    if kind == "text":
        return text_column(heading, [str(value or "") for value in values], widest=90)
    numbers = [value for value in values if not isinstance(value, str)]
    return number_column(heading, numbers, kind)
