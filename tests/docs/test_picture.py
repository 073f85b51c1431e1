"""The README's picture shows what the program prints today, and needs no other host."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from by_path import module_at

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def picture() -> ModuleType:
    return module_at(ROOT / "tools/picture.py")


def test_the_picture_is_current(picture: ModuleType) -> None:
    for name, text in picture.pages().items():
        written = (ROOT / name).read_text(encoding="utf-8")
        assert written == text, f"{name} is stale: run python tools/picture.py"


def test_the_picture_has_a_title_and_asks_no_other_host(picture: ModuleType) -> None:
    text = (ROOT / picture.PICTURE).read_text(encoding="utf-8")
    assert "<title" in text
    assert text.count("://") == text.count('xmlns="http://www.w3.org/2000/svg"')
