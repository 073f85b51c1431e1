"""The version of the office's tables: an older office is brought up, a newer one is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection, Engine, inspect, select

from social_evidence.errors import StoreError
from social_evidence.store.office.database import reading, writing
from social_evidence.store.office.schema import METADATA, SCHEMA, VERSION

STEPS: Final[Mapping[int, Callable[[Connection], None]]] = {}
"""Version -> what turns the version before it into it. Version 1 is made whole."""


def bring_up(engine: Engine) -> None:
    """Make the tables, or bring them up to this program's version.

    Raises:
        StoreError: The tables are of a newer program, or the database is not an office.
    """
    with reading(engine) as connection:
        if _version(connection) == VERSION:
            return
    with writing(engine) as connection:
        # Looked at again with the lock held: another program may have made them meanwhile.
        _bring_up(connection)


def _bring_up(connection: Connection) -> None:
    found = _version(connection)
    if found > VERSION:
        raise StoreError(
            f"The office's tables have version {found}; this program knows {VERSION}. Install a "
            "newer social-evidence: an older one could lose what the new tables hold."
        )
    if found == 0:
        METADATA.create_all(connection)
    for version in range(found + 1, VERSION + 1):
        if found:
            STEPS[version](connection)
    connection.execute(SCHEMA.delete())
    connection.execute(SCHEMA.insert().values(version=VERSION))


def _version(connection: Connection) -> int:
    tables = set(inspect(connection).get_table_names())
    if SCHEMA.name in tables:
        return int(connection.execute(select(SCHEMA.c.version)).scalar_one())
    if taken := sorted(tables & set(METADATA.tables)):
        raise StoreError(
            f"The database holds tables {taken} but is no office. Name another with --office: "
            "its content is not touched."
        )
    return 0
