"""The reference pages are what the program tells of itself."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from by_path import module_at
from social_evidence.cli.main import COMMANDS, program

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return module_at(ROOT / "tools/reference.py")


def test_the_pages_are_current(reference: ModuleType) -> None:
    for name, text in reference.pages().items():
        written = (ROOT / name).read_text(encoding="utf-8")
        assert written == text, f"{name} is stale: run python tools/reference.py"


def test_every_command_has_help_with_an_example(reference: ModuleType) -> None:
    page = reference.commands()
    for name in COMMANDS:
        part = page.split(f"## `social-evidence {name}`")[1].split("\n## ")[0]
        assert "Usage: social-evidence" in part
        assert "xample" in part, f"{name} --help has no example"


def test_the_registry_has_every_command_module() -> None:
    modules = {path.stem for path in (ROOT / "src/social_evidence/cli").glob("*.py")}
    assert modules - set(COMMANDS.values()) <= {"__init__", "main"} | _shared()
    assert program([]).registered_commands


def _shared() -> set[str]:
    """Modules of `cli` that hold no command: they are used by those that do."""
    folder = ROOT / "src/social_evidence/cli"
    return {
        path.stem
        for path in folder.glob("*.py")
        if "\ndef command(" not in path.read_text(encoding="utf-8")
    }
