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

MEMORY_LIMIT: Final = "1GB"


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
    if folder is not None:
        settings["temp_directory"] = str(folder / "spill")
    database = ":memory:" if folder is None else str(folder / "work.duckdb")
    connection = duckdb.connect(database, config=settings)
    allowed = [str(path) for path in (folder, readable) if path is not None]
    try:
        connection.execute(f"SET allowed_directories = [{', '.join(map(quoted, allowed))}]")
        # Standard output belongs to whoever called us; a long statement would draw a bar on it.
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def quoted(path: str | Path) -> str:
    """Write a path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"
