"""London's data-protection annex is what the definitions say today."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_annex_is_current() -> None:
    spec = importlib.util.spec_from_file_location("annex_page_tool", ROOT / "tools/annex_page.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = module.PAGE.read_text(encoding="utf-8")
    assert written == module.page(), "run: python tools/annex_page.py"
