"""What is decided about a release is written beside it, line by line, and damage is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from social_evidence.errors import StoreError
from social_evidence.model.release import StateRecord
from social_evidence.store import states


def record(**changed: str) -> StateRecord:
    given = {
        "version": "2026.1.0",
        "state": "approved",
        "role": "head of statistics",
        "time": "2026-11-22",
        "manifest": "0" * 64,
    }
    return StateRecord(**{**given, **changed})  # type: ignore[arg-type]


def test_a_release_without_a_record_is_a_draft(tmp_path: Path) -> None:
    assert states.state_of(tmp_path, "2026.1.0") == "draft"
    assert states.read_states(tmp_path) == ()


def test_the_last_record_of_a_version_is_its_state(tmp_path: Path) -> None:
    states.record_state(tmp_path, record(checked="every limit"))
    states.record_state(tmp_path, record(version="2026.2.0"))
    states.record_state(tmp_path, record(state="withdrawn", reason="wrong weights"))
    assert states.state_of(tmp_path, "2026.1.0") == "withdrawn"
    assert states.state_of(tmp_path, "2026.2.0") == "approved"
    last = states.last_record(tmp_path, "2026.1.0")
    assert last is not None
    assert last.reason == "wrong weights"


def test_earlier_lines_keep_their_bytes(tmp_path: Path) -> None:
    states.record_state(tmp_path, record(checked="café\nand ‘quotes’"))
    path = tmp_path / "releases" / states.FILE
    before = path.read_bytes()
    states.record_state(tmp_path, record(state="withdrawn"))
    assert path.read_bytes().startswith(before)
    assert path.read_bytes().count(b"\n") == 2
    assert [p.name for p in path.parent.iterdir()] == [states.FILE]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (b'{"version": "2026.1.0"', "line 2, is damaged: it has no end of line"),
        (b"approved\n", "line 2, is damaged: it is no JSON"),
        (b"\xff\xfe\n", "line 2, is damaged: it is no JSON"),
        (b"\n", "line 2, is damaged: it is no JSON"),
        (b'{"version": "2026.1.0"}\n', "line 2, is damaged: it must hold"),
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, damage: bytes, words: str) -> None:
    states.record_state(tmp_path, record())
    path = tmp_path / "releases" / states.FILE
    path.write_bytes(path.read_bytes() + damage)
    with pytest.raises(StoreError, match=words):
        states.state_of(tmp_path, "2026.1.0")


@pytest.mark.parametrize(
    ("field", "value"), [("state", "aproved"), ("version", "next"), ("role", 3), ("extra", "")]
)
def test_a_line_with_other_fields_or_values_is_damaged(
    tmp_path: Path, field: str, value: object
) -> None:
    states.record_state(tmp_path, record())
    path = tmp_path / "releases" / states.FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}) + "\n")
    with pytest.raises(StoreError, match="line 1, is damaged"):
        states.read_states(tmp_path)


def test_another_release_under_an_approved_version_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "releases" / "2026.1.0"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}\n")
    states.record_state(tmp_path, record(manifest=states.digest_of(folder)))
    assert states.state_of_release(folder) == "approved"
    (folder / "manifest.json").write_text("{ }\n")
    with pytest.raises(StoreError, match="A version is never used twice"):
        states.state_of(tmp_path, "2026.1.0")
