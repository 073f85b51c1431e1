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

SCHEMA: Final = Table("office_schema", METADATA, Column("version", Integer, primary_key=True))

IMPORTS: Final = Table(
    "imports",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("initiative", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
)

RECORDS: Final = Table(
    "records",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("initiative", Text, nullable=False),
    Column("pseudonym", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False),
)

RETURNS: Final = Table(
    "returns",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("revision_of", Text, nullable=False),
    Column("initiative", Text, nullable=False),
    Column("success_measure", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("counted", Text, nullable=False),
    Column("value", Float(53), nullable=False),
    Column("cells", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("evidence_ref", Text, nullable=False),
    Column("entered_as", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False),
    UniqueConstraint("key", "revision"),
)

RETURN_PEOPLE: Final = Table(
    "return_people",
    METADATA,
    Column("return_id", Text, primary_key=True),
    Column("pseudonym", Text, primary_key=True),
)

RETURN_MOVES: Final = Table(
    "return_moves",
    METADATA,
    Column("return_id", Text, ForeignKey("returns.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("status", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

RECORD_SETS: Final = Table(
    "record_sets",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("initiative", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("lawful_basis", Text, nullable=False),
    Column("special_category_condition", Text, nullable=False),
    Column("notice_version", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("keep_until", Text, nullable=False),
    Column("at", Text, nullable=False),
)

ANSWERS: Final = Table(
    "answers",
    METADATA,
    Column("initiative", Text, primary_key=True),
    Column("pseudonym", Text, primary_key=True),
    Column("wave", Text, primary_key=True),
    Column("arm", Text, nullable=False),
    Column("project", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("consent", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("record_set", Text, ForeignKey("record_sets.id"), nullable=False),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False),
)

REMOVALS: Final = Table(
    "removals",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("initiative", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("rebuilt_by", Text, nullable=False),
)

Index("answers_of_pseudonym", ANSWERS.c.pseudonym)
Index("records_of_pseudonym", RECORDS.c.pseudonym)
Index("return_people_of_pseudonym", RETURN_PEOPLE.c.pseudonym)
Index("answers_of_record_set", ANSWERS.c.record_set)
