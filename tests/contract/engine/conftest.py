"""Shared by the engine contract: the reference engine, a table in memory, a private cache."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pytest

from by_path import module_at


@dataclass
class MemoryTable:
    """A `SourceTable` held in memory, cut into small batches so that streams are exercised."""

    table: pa.Table
    name: str = "memory.csv"
    batch_rows: int = 3
    labels: dict = field(default_factory=dict)
    titles: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)

    @property
    def columns(self):
        return self.table.column_names

    @property
    def digest(self):
        return hashlib.sha256(
            repr((self.table.schema, self.table.to_pydict())).encode()
        ).hexdigest()

    def __arrow_c_stream__(self, requested_schema=None):
        batches = self.table.to_batches(max_chunksize=self.batch_rows)
        reader = pa.RecordBatchReader.from_batches(self.table.schema, batches)
        return reader.__arrow_c_stream__(requested_schema)


@pytest.fixture(scope="session")
def memory_table():
    return MemoryTable


@pytest.fixture(scope="session")
def reference():
    return module_at(Path(__file__).with_name("reference.py")).reference


@pytest.fixture(scope="session", autouse=True)
def private_cache(tmp_path_factory):
    """No test reads or fills the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
