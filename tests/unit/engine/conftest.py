"""A table in memory for the engine's own tests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import pyarrow as pa
import pytest


@dataclass
class MemoryTable:
    """A `SourceTable` held in memory."""

    table: pa.Table
    name: str = "survey.csv"
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
        return self.table.__arrow_c_stream__(requested_schema)


@pytest.fixture(scope="session")
def in_memory():
    return MemoryTable


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """A cache of this test's own, empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "social-evidence"
