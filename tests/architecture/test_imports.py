"""The floors of the house, checked by machine; and the checks themselves, checked.

import-linter sees neither the built-in `open` nor submodules such as `os.path`, so a small
syntax-tree test stands beside it.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "social_evidence"
PURE = ("model", "plan", "methods", "disclosure", "charts", "wording")
BANNED_CALLS = {"open", "print", "eval", "exec", "__import__", "compile", "input"}
BANNED_MODULES = {"os", "io", "pathlib", "shutil", "logging", "time", "random", "importlib", "sys"}

VIOLATIONS = {
    "Imports point down, and siblings do not meet": (
        "model/inserted.py",
        "import social_evidence.app\n",
    ),
    "The core does no input or output and knows no data frame": (
        "methods/inserted.py",
        "import pyarrow\n",
    ),
    "Only plan may parse and build SQL among the pure floors": (
        "wording/inserted.py",
        "import sqlglot\n",
    ),
    "Methods are arrays in, arrays out: they know no noun of ours": (
        "methods/inserted.py",
        "import social_evidence.model.area\n",
    ),
    "A statement of SQL is run in the engine and nowhere else": (
        "app/inserted.py",
        "import duckdb\n",
    ),
    "The office's database is spoken to in the office and nowhere else": (
        "app/inserted.py",
        "import sqlalchemy\n",
    ),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter's program on a copy of the project, as a developer would."""
    program = (
        "import sys; sys.path.insert(0, 'src'); "
        "from importlinter.cli import lint_imports; "
        "sys.exit(lint_imports(no_cache=True))"
    )
    return subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and its contracts, to break on purpose."""
    shutil.copytree(PACKAGE, tmp_path / "src" / "social_evidence")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def contracts() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [c["name"] for c in settings["tool"]["importlinter"]["contracts"]]


def test_every_import_keeps_the_contracts() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout[-3000:]
    assert f"{len(contracts())} kept, 0 broken" in result.stdout


def test_each_contract_has_its_violation() -> None:
    assert sorted(VIOLATIONS) == sorted(contracts())


@pytest.mark.parametrize("name", sorted(VIOLATIONS))
def test_a_contract_notices_its_violation(copy: Path, name: str) -> None:
    where, text = VIOLATIONS[name]
    (copy / "src" / "social_evidence" / where).write_text(text, encoding="utf-8")
    result = lint(copy)
    assert result.returncode != 0
    broken = [line for line in result.stdout.splitlines() if line.strip() == f"{name} BROKEN"]
    assert broken, result.stdout[-3000:]


def test_a_new_package_must_take_its_place_on_a_floor(copy: Path) -> None:
    package = copy / "src" / "social_evidence" / "utils"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    assert lint(copy).returncode != 0


def banned_in(source: str) -> list[str]:
    """Find what a pure module may not call or import."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found += [node.func.id] if node.func.id in BANNED_CALLS else []
        elif isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] in BANNED_MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module] if node.module.split(".")[0] in BANNED_MODULES else []
    return found


@pytest.mark.parametrize(
    "path",
    [*sorted(p for f in PURE for p in (PACKAGE / f).rglob("*.py")), PACKAGE / "errors.py"],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_a_pure_module_opens_prints_and_evaluates_nothing(path: Path) -> None:
    assert banned_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "open('x')",
        "print(1)",
        "eval('1')",
        "exec('1')",
        "__import__('os')",
        "import os.path",
        "from pathlib import Path",
        "import logging",
    ],
)
def test_the_syntax_check_can_fail(line: str) -> None:
    assert banned_in(line) != []


def private_imports(source: str) -> list[str]:
    """Find underscored names taken from another module of ours."""
    return [
        f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("social_evidence")
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.startswith("__")
    ]


def test_nothing_imports_an_underscored_name_from_elsewhere() -> None:
    assert private_imports("from social_evidence.model.area import _plain") != []
    found = {
        path.name: names
        for path in PACKAGE.rglob("*.py")
        if (names := private_imports(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_init_modules_hold_at_most_a_registry() -> None:
    crowded = {
        path.parent.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("__init__.py")
        if path.parent != PACKAGE and len(path.read_text(encoding="utf-8").splitlines()) > 80
    }
    assert crowded == {}
