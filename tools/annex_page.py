"""Write docs/data-protection-annex.md: London's data-protection annex, from the definitions.

    python tools/annex_page.py

A test writes it anew and compares.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from social_evidence.app.annex import annex, to_markdown
from social_evidence.catalogue.load import load

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "data-protection-annex.md"
CATALOGUE: Final = ROOT / "src" / "social_evidence" / "catalogues" / "london"
_MARK: Final = "<!-- Written by tools/annex_page.py from the definitions. -->\n"


def page() -> str:
    """Write the page."""
    return _MARK + to_markdown(annex(load([CATALOGUE])))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE.relative_to(ROOT)}\n")
