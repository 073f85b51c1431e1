"""Whatever is wrong with what `site` and `serve` are given: one message, and its exit code."""

from __future__ import annotations

import shutil
import socket
import sys
from pathlib import Path

import pytest

from social_evidence.cli.main import entrypoint


def run(monkeypatch: pytest.MonkeyPatch, capsys, *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["social-evidence", *words])
    with pytest.raises(SystemExit) as caught:
        entrypoint()
    told = capsys.readouterr()
    return int(caught.value.code or 0), told.out, told.err


@pytest.fixture
def there(made, tmp_path: Path) -> Path:
    """A folder with an empty one, a file and a small evidence base in it."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    shutil.copytree(made.base / "releases", tmp_path / "base" / "releases")
    return tmp_path


USAGE = 2
STORE = 14
DISCLOSURE = 13


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("site", USAGE, "Missing argument"),
        ("site {0}/base", USAGE, "--out"),
        ("site {0}/nowhere --out {0}/out", STORE, "No release in"),
        ("site {0}/empty --out {0}/out", STORE, "No release in"),
        ("site {0}/file --out {0}/out", STORE, "No release in"),
        ("site {0}/base --out {0}/file", STORE, "Choose another --out"),
        ("site {0}/base --out {0}/file/below", STORE, "Choose another --out"),
        ("site {0}/base --out /proc/none", STORE, "Choose another --out"),
        ("site {0}/base --out {0}/base", STORE, "belongs to the evidence base"),
        ("site {0}/base --out {0}/base/releases/site", STORE, "belongs to the evidence base"),
        ("site {0}/base --out {0}/out --as-of someday", USAGE, "is not a date"),
        ("site {0}/base --out {0}/out --as-of 2026-02-30", USAGE, "is not a date"),
        ("site {0}/base --out {0}/out --address javascript:alert(1)", USAGE, "https://"),
        ("site {0}/base --out {0}/out --address example.org", USAGE, "https://"),
        ("site {0}/base --out {0}/out --zip=yes", USAGE, "zip"),
        ("site {0}/base --out {0}/out --nonsense", USAGE, "No such option"),
        ("serve", USAGE, "name the folder"),
        ("serve {0}/nowhere", STORE, "holds no site"),
        ("serve {0}/empty", STORE, "holds no site"),
        ("serve {0}/file", STORE, "holds no site"),
        ("serve {0}/empty --port 99999", USAGE, "--port"),
        ("serve {0}/empty --port many", USAGE, "--port"),
    ],
)
def test_one_message_and_its_exit_code(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys, words: str, code: int, message: str
) -> None:
    before = sorted(path.relative_to(there) for path in there.rglob("*") if path.name != ".lock")
    found, out, err = run(monkeypatch, capsys, *words.format(there).split())
    assert (found, out) == (code, "")
    assert message in err
    assert "Traceback" not in err
    assert err.lower().count("error:") == 1
    left = {path.relative_to(there) for path in there.rglob("*") if path.name != ".lock"}
    assert left - set(before) <= {Path("out")}


def test_a_port_that_is_taken_is_told(made, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found, out, err = run(monkeypatch, capsys, "serve", str(made.folder), "--port", str(port))
    assert (found, out) == (STORE, "")
    assert f"Cannot listen on port {port}" in err
    assert "--port" in err


def test_a_release_that_nobody_approved_is_refused_as_one_that_is_not_public(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    (there / "base/releases/states.jsonl").unlink()
    words = ("site", str(there / "base"), "--out", str(there / "out"), "--zip")
    found, out, err = run(monkeypatch, capsys, *words)
    assert (found, out) == (DISCLOSURE, "")
    assert "approve" in err
    assert not list((there / "out").rglob("*.html")) + list((there / "out").rglob("*.zip"))


def test_a_release_with_a_changed_byte_is_refused(
    there: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    table = next((there / "base/releases").glob("*/estimates.parquet"))
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    words = ("site", str(there / "base"), "--out", str(there / "out"))
    found, out, err = run(monkeypatch, capsys, *words)
    assert (found, out) == (STORE, "")
    assert "estimates.parquet" in err
    assert not (there / "out/index.html").exists()
