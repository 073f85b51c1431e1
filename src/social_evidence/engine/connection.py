"""A DuckDB connection that can reach nothing but one folder of the cache.

Definitions pass an allow-list before they get here; this is the second wall: no file outside that
folder, no network, no extension, no Python variable, and no setting that can be changed back.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb

from social_evidence.errors import StoreError

MEMORY_LIMIT: Final = "1GB"
UNCOMPUTABLE: Final = (
    duckdb.ConversionException,
    duckdb.OutOfRangeException,
    # A remainder of a division by zero; and a stream whose reader refused it midway.
    duckdb.InvalidInputException,
)
"""What an expression raises that cannot be computed on a row. The texts may quote its values."""
_NO_ROOM: Final = (
    *(duckdb.IOException, duckdb.OutOfMemoryException),
    # A commit that the disk refuses, and every statement after it.
    *(duckdb.TransactionException, duckdb.FatalException),
)


@contextlib.contextmanager
def open_connection(
    folder: Path | None,
    *,
    readable: Path | None = None,
    threads: int | None = None,
    memory_limit: str = MEMORY_LIMIT,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a hardened connection.

    Args:
        folder: Where its tables and what does not fit in memory are kept; `None` allows no file.
        readable: One more folder it may read.
        threads: Threads to use; `None` is one a processor.
        memory_limit: DuckDB's own limit; what passes it spills into `folder`.

    Yields:
        The connection, closed at the end.

    Raises:
        StoreError: The disk or the memory does not hold what is computed.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads or os.cpu_count() or 1,
        "memory_limit": memory_limit,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
        "preserve_insertion_order": False,
    }
    # Without one of its own it would spill what it holds into whatever folder we were started in.
    settings["temp_directory"] = "" if folder is None else str(folder / "spill")
    database = ":memory:" if folder is None else str(folder / "work.duckdb")
    allowed = [str(path) for path in (folder, readable) if path is not None]
    try:
        with duckdb.connect(database, config=settings) as connection:
            connection.execute(f"SET allowed_directories = [{', '.join(map(quoted, allowed))}]")
            # Standard output belongs to whoever called us; a long statement would draw a bar on it.
            connection.execute("SET enable_progress_bar = false")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield connection
    except _NO_ROOM as fault:
        raise StoreError(
            f"{folder or 'the engine'}: not enough room on the disk, or in memory "
            f"({memory_limit}), to compute the figures. Free some, or set XDG_CACHE_HOME to "
            "another disk. Nothing was changed."
        ) from fault


def quoted(path: str | Path) -> str:
    """Write a path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"
