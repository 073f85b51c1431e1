"""The office's tables. Rows are added, never changed; a newer row points at the one it follows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

VERSION: Final = 1
"""Of the tables. One more with every change of theirs, and a step in `migrations`."""

METADATA: Final = MetaData()


def _keys(*names: str) -> list[Column[str]]:
    return [Column(name, Text, primary_key=True) for name in names]


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[Column[int]]:
    return [Column(name, Integer, nullable=False) for name in names]


def _of_import() -> Column[int]:
    return Column("import_id", Integer, ForeignKey("imports.id"), nullable=False)


SCHEMA: Final = Table("office_schema", METADATA, Column("version", Integer, primary_key=True))

IMPORTS: Final = Table(
    "imports",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *_texts("kind", "initiative", "file", "digest", "role", "at"),
    *_numbers("accepted", "unchanged", "refused"),
)

RECORDS: Final = Table(
    "records",
    METADATA,
    *_keys("kind", "id"),
    Column("revision", Integer, primary_key=True),
    *_texts("initiative", "pseudonym", "text"),
    _of_import(),
)

RETURNS: Final = Table(
    "returns",
    METADATA,
    *_keys("id"),
    *_texts("key"),
    *_numbers("revision"),
    *_texts("revision_of", "initiative", "success_measure", "organisation", "period", "counted"),
    Column("value", Float(53), nullable=False),
    *_texts("cells", "note", "evidence_ref", "entered_as", "digest"),
    _of_import(),
    UniqueConstraint("key", "revision"),
)

RETURN_PEOPLE: Final = Table(
    "return_people",
    METADATA,
    *_keys("return_id", "pseudonym"),
)

RETURN_MOVES: Final = Table(
    "return_moves",
    METADATA,
    Column("return_id", Text, ForeignKey("returns.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    *_texts("status", "role", "at", "reason"),
)

RECORD_SETS: Final = Table(
    "record_sets",
    METADATA,
    *_keys("id"),
    *_texts(
        "initiative",
        "kind",
        "purpose",
        "lawful_basis",
        "special_category_condition",
        "notice_version",
        "scopes",
        "keep_until",
        "at",
    ),
)

ANSWERS: Final = Table(
    "answers",
    METADATA,
    *_keys("initiative", "pseudonym", "wave"),
    *_texts("arm", "project", "period", "area", "form", "consent", "content", "digest"),
    Column("record_set", Text, ForeignKey("record_sets.id"), nullable=False),
    _of_import(),
)

REMOVALS: Final = Table(
    "removals",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    *_texts("at", "initiative"),
    *_numbers("rows"),
    *_texts("rebuilt_by"),
)

Index("answers_of_pseudonym", ANSWERS.c.pseudonym)
Index("records_of_pseudonym", RECORDS.c.pseudonym)
Index("return_people_of_pseudonym", RETURN_PEOPLE.c.pseudonym)
Index("answers_of_record_set", ANSWERS.c.record_set)
