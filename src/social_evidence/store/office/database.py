"""Opening the office's database: SQLite by path or URL, PostgreSQL by URL; one writer at a time."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from social_evidence.errors import StoreError

FILE: Final = "office.sqlite"
"""The office's file in an evidence base, where nothing else is said."""

_PAUSE_SECONDS: Final = 0.05
_WAIT_SECONDS: Final = 120
"""How long a writer waits for another's import to end: the largest takes less than a minute."""
_WRITER_LOCK: Final = 7_305_201_118
"""PostgreSQL's advisory lock of the office's writers; any number nobody else uses."""


def url_of(target: str | Path) -> URL:
    """Read where an office is: a URL, a file, or the folder of an evidence base.

    Raises:
        StoreError: It is no URL of a database that is known here.
    """
    told = str(target)
    if "://" not in told:
        path = Path(told)
        file = path / FILE if path.is_dir() or not path.suffix else path
        return URL.create("sqlite", database=str(file))
    try:
        url = make_url(told)
    except ArgumentError:
        raise StoreError(f"The office's address is no URL of a database. {_KNOWN}") from None
    if url.drivername in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreError(f"The office cannot be on {url.get_backend_name()!r}. {_KNOWN}")
    return url


_KNOWN: Final = (
    "Name a file such as office.sqlite, an evidence base's folder, or postgresql://host/name."
)


def connect(url: URL, *, is_new_allowed: bool = True) -> Engine:
    """Make an engine; a file that is not there yet is made, readable by its owner only.

    Raises:
        StoreError: The file or its folder cannot be used, or the driver is not installed.
    """
    if url.get_backend_name() == "sqlite":
        _prepare_file(url, is_new_allowed=is_new_allowed)
        engine = create_engine(url, connect_args={"timeout": _WAIT_SECONDS})
        event.listen(engine, "connect", _set_up_sqlite)
    else:
        try:
            engine = create_engine(url)
        except (ImportError, NoSuchModuleError):
            raise StoreError(
                "An office on PostgreSQL needs the driver psycopg: "
                "`pip install social-evidence[postgres]`."
            ) from None
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_file(url: URL, *, is_new_allowed: bool) -> None:
    if not url.database or url.database == ":memory:":
        return
    file = Path(url.database)
    if not file.exists() and not is_new_allowed:
        raise StoreError(
            f"There is no office at {file}. `social-evidence returns read` makes one, or name "
            "another with --office."
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Answers of people are in it: the journals beside it take over the same rights.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as fault:
        raise StoreError(f"The office {file} cannot be opened: {fault.strerror}.") from None


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # Transactions are begun by `_begin`: the driver's own guess begins none before a read.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_WAIT_SECONDS * 1000}",
        "foreign_keys = ON",
        # Kilobytes: a million keys are no order of the disk's, and the usual 2 MB hold few.
        "cache_size = -65536",
        # What is deleted is overwritten: a person who is forgotten is not left in free pages.
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()
    _write_ahead(connection)


def _write_ahead(connection: Any) -> None:
    """Ask for the journal that readers and the writer share, and wait for it as for any lock.

    Where two programs make the office at once, one finds the file locked, and the database
    refuses this one pragma at once instead of waiting.
    """
    last = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError:
            if time.monotonic() > last:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _WRITER_LOCK})


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give the one writer's transaction: all of it is kept at the end, or nothing.

    Raises:
        StoreError: The database refuses.
    """
    with (
        refusals(),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a transaction that sees one state of the office from first to last.

    Raises:
        StoreError: The database refuses.
    """
    with refusals():
        options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows by the fastest way a database has; every row has the same columns.

    A million rows take the general way twice as long on SQLite and five times on PostgreSQL.
    """
    if not rows:
        return
    columns = list(rows[0])
    quote = connection.dialect.identifier_preparer.quote
    named, listed = quote(table.name), ", ".join(map(quote, columns))
    values = [tuple(row[name] for name in columns) for row in rows]
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {named} ({listed}) VALUES ({marks})", values)
        return
    driver: Any = connection.connection.driver_connection
    try:
        statement = f"COPY {named} ({listed}) FROM STDIN"
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for value in values:
                copy.write_row(value)
    except driver.Error as fault:
        raise _refused(fault) from None


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Say in one sentence what a database refuses; the statement and its values are not told."""
    try:
        yield
    except DBAPIError as fault:
        raise _refused(fault.orig) from None


def _refused(fault: BaseException | None) -> StoreError:
    # The lines after the first may hold a row's values.
    told = " ".join(str(fault).strip().splitlines()[:1])
    return StoreError(
        f"The office's database refuses: {told}. Nothing of this step was kept; mend the cause and "
        "run the same command again."
    )
