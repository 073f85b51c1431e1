"""Builders of small files, shared with the malformed ones."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def files() -> ModuleType:
    place = Path(__file__).parents[2] / "functional" / "malformed" / "files.py"
    spec = importlib.util.spec_from_file_location("reader_test_files", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
