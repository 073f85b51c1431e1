"""The page on faulty returns is what the program says today."""

from __future__ import annotations

from pathlib import Path

from by_path import module_at

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_current() -> None:
    tool = module_at(ROOT / "tools/faulty_returns.py")
    written = (ROOT / tool.PAGE).read_text(encoding="utf-8")
    assert written == tool.page(), f"{tool.PAGE} is stale: run python tools/faulty_returns.py"
    assert "/tmp" not in written
