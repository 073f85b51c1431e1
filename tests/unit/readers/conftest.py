"""Builders of small files, shared with the malformed ones."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from by_path import module_at


@pytest.fixture(scope="session")
def files() -> ModuleType:
    return module_at(Path(__file__).parents[2] / "functional" / "malformed" / "files.py")
