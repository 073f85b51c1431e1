"""The page on faulty returns is what the program says today."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_current() -> None:
    spec = importlib.util.spec_from_file_location("faulty_tool", ROOT / "tools/faulty_returns.py")
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    written = (ROOT / tool.PAGE).read_text(encoding="utf-8")
    assert written == tool.page(), f"{tool.PAGE} is stale: run python tools/faulty_returns.py"
    assert "/tmp" not in written
