"""The type checker and the linter agree with the tree, as part of the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CHECKS = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "mypy strict": ("mypy", "--no-error-summary"),
}


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_the_tree_passes(name: str) -> None:
    command = [sys.executable, "-m", *CHECKS[name]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


@pytest.mark.parametrize(
    ("name", "text"),
    [("ruff check", "import os\n"), ("mypy strict", "def add(a, b):\n    return a + b\n")],
)
def test_the_checks_can_fail(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "inserted.py").write_text(text, encoding="utf-8")
    program = CHECKS[name][0]
    config = ["--config-file" if program == "mypy" else "--config", str(ROOT / "pyproject.toml")]
    verb = ["check"] if program == "ruff" else []
    command = [sys.executable, "-m", program, *verb, *config, str(tmp_path / "inserted.py")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
