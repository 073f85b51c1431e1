"""The page on bad input is what the program says today."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from by_path import module_at

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bad_input() -> ModuleType:
    return module_at(ROOT / "tools/bad_input.py")


def test_the_page_is_current(bad_input: ModuleType) -> None:
    written = (ROOT / bad_input.PAGE).read_text(encoding="utf-8")
    assert written == bad_input.page(), "docs/bad-input.md is stale: run python tools/bad_input.py"


def test_the_page_names_no_folder_of_this_machine(bad_input: ModuleType) -> None:
    written = (ROOT / bad_input.PAGE).read_text(encoding="utf-8")
    assert "/tmp" not in written
    assert str(ROOT) not in written


def test_a_cell_shows_signs_as_they_are(bad_input: ModuleType) -> None:
    assert bad_input._cell("a_b | `c_d` *e*") == "a\\_b \\| `c_d` \\*e\\*"
    assert bad_input._cell("one ` alone") == "one \\\\` alone"
