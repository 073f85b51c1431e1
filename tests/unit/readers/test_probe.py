"""A parser that dies, or never comes back, takes only its own process with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from by_path import module_at
from social_evidence.readers import probe


def workbook(folder: Path) -> bytes:
    files = module_at(Path(__file__).parents[2] / "functional/malformed/files.py")
    return files.xls(folder / "a.xls", {(0, 0): "area", (1, 0): 5.0}).read_bytes()


def test_a_sound_workbook_is_survived(tmp_path: Path) -> None:
    assert probe.is_survived(workbook(tmp_path))


def test_a_refusal_in_words_is_survived() -> None:
    assert probe.is_survived(b"no workbook at all")


def test_a_death_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_OPEN_WORKBOOK", "import os; os.abort()")
    assert not probe.is_survived(b"")


def test_a_circle_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_OPEN_WORKBOOK", "while True: pass")
    monkeypatch.setattr(probe, "_SECONDS", 0.3)
    assert not probe.is_survived(b"")
