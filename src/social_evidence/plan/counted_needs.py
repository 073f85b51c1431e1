"""Which columns of a counted or published table some quantities need."""

from __future__ import annotations

from collections.abc import Iterator

from social_evidence.model.source import Source
from social_evidence.model.source_table import Quantity


def columns_needed(source: Source, quantity: Quantity) -> tuple[str, ...]:
    """List the columns one quantity needs of a source's files, by our names, each once.

    A file that lacks one of them, alone or with the files beside it, cannot give the quantity.
    """
    return tuple(dict.fromkeys(filter(None, _columns(source, quantity))))


def _columns(source: Source, quantity: Quantity) -> Iterator[str]:
    if source.combine == "columns":
        yield from source.key
    yield from source.rows
    yield from quantity.rows
    if not source.areas.whole:
        yield from source.areas.columns
    if not quantity.period:
        yield source.period.column
    for groups in quantity.groups.values():
        yield groups.variable
    yield from (quantity.column, quantity.from_column, quantity.to_column)
    for span in quantity.spans:
        yield from span
    yield from (quantity.lower, quantity.upper, quantity.half_width, quantity.marker_column)
    yield from quantity.area_columns.values()
    for columns in quantity.group_columns.values():
        yield from columns.values()
