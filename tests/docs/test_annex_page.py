"""London's data-protection annex is what the definitions say today."""

from __future__ import annotations

from pathlib import Path

from by_path import module_at

ROOT = Path(__file__).resolve().parents[2]


def test_the_annex_is_current() -> None:
    module = module_at(ROOT / "tools/annex_page.py")
    written = module.PAGE.read_text(encoding="utf-8")
    assert written == module.page(), "run: python tools/annex_page.py"
