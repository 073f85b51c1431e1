"""What a page of ready-made tables says, of a measure or of a success measure."""

from __future__ import annotations

from dataclasses import dataclass

from social_evidence.model.address import slug
from social_evidence.site.measure_model import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyTable:
    """A table of a page: its place there, its heading, its lines and what it is set against."""

    id: str
    heading: str
    caption: str
    first: str
    blocks: tuple[Block, ...]
    against: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesModel:
    """What a page of tables says: those of a measure, part by part.

    Attributes:
        id: Of the measure, or of the success measure.
        title: Its name.
        domain: Of the measure; empty for success measures.
        path: Of the page.
        parts: Name of a part, and its tables.
        own_path: The page that tells of it.
        files: By what its figures are found among the downloads.
    """

    id: str
    title: str
    path: str
    parts: tuple[tuple[str, tuple[ReadyTable, ...]], ...]
    own_path: str
    files: str
    domain: str = ""

    @property
    def tables(self) -> tuple[ReadyTable, ...]:
        """All of them."""
        return tuple(table for _, tables in self.parts for table in tables)


def tables_path(measure: str) -> str:
    """Address of a measure's page of tables."""
    return f"tables/{slug(measure)}/index.html"
