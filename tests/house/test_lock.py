"""The pins under [tool.uv] and requirements.lock are the same resolution, without addresses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from by_path import module_at

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def lock() -> ModuleType:
    return module_at(ROOT / "tools" / "lock.py")


def settings() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    uv: dict[str, list[str]] = project["tool"]["uv"]
    return uv


def test_both_files_hold_the_same_pins(lock: ModuleType) -> None:
    locked = lock.pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert len(locked) > 20
    assert settings()["constraint-dependencies"] == locked


def test_the_build_is_pinned_too() -> None:
    names = {pin.split("==")[0] for pin in settings()["build-constraint-dependencies"]}
    assert {"hatchling", "editables", "setuptools"} <= names


def test_every_declared_dependency_is_pinned(lock: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[>=<\[ ]", d)[0] for d in declared}
    locked = {pin.split("==")[0] for pin in settings()["constraint-dependencies"]}
    assert names <= locked


def test_every_pin_has_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    for entry in re.split(r"\n(?=\S)", text):
        if "==" in entry and not entry.startswith("#"):
            assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_a_marker_stays_with_its_pin(lock: ModuleType) -> None:
    text = "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:00\nnumpy==2.0.0 \\\n"
    assert lock.pins(text) == ["colorama==0.4.6 ; sys_platform == 'win32'", "numpy==2.0.0"]
