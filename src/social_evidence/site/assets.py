"""The files every tree holds beside its pages: style sheet, icon, and the optional script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from social_evidence.charts.sheet import RULES

SHEET: Final = "site.css"
FOLDER: Final = "static"
"""Where scripts stand in a tree, and beside them what they read."""
LARGE: Final = f"{FOLDER}/large.css"
"""The style sheet of large print."""
SITE: Final = f"{FOLDER}/site.js"
"""The script of every page."""
SEARCH: Final = f"{FOLDER}/search.js"
TABLES: Final = f"{FOLDER}/tables.js"
COMPARE: Final = f"{FOLDER}/compare.js"
COMPARE_CHOICES: Final = f"{FOLDER}/compare-choices.js"
MINISEARCH: Final = f"{FOLDER}/vendor/minisearch.js"
RESULTS: Final = "accessibility/results.json"
"""What checks of accessibility found on the demonstration's site, as data."""
_SCRIPTS: Final = (SITE, SEARCH, TABLES, COMPARE)
_AS_THEY_ARE: Final = (MINISEARCH, f"{FOLDER}/vendor/minisearch-licence.txt")
_COMMENT: Final = re.compile(r"//.*")
_LOOSE: Final = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_NAMESPACE: Final = "socialEvidence"


def assets() -> Iterator[tuple[str, bytes]]:
    """Give path and bytes of each file; the charts' own rules end the style sheet."""
    folder = files("social_evidence.site") / "static"
    yield SHEET, (folder / SHEET).read_bytes() + RULES.encode()
    yield "icon.svg", (folder / "icon.svg").read_bytes()
    yield RESULTS, (files("social_evidence.site") / "accessibility.json").read_bytes()
    yield LARGE, (folder / "large.css").read_bytes()
    for path in _SCRIPTS:
        source = (folder / path.removeprefix(f"{FOLDER}/")).read_text(encoding="utf-8")
        yield path, compact(source).encode()
    for path in _AS_THEY_ARE:
        yield path, (folder / path.removeprefix(f"{FOLDER}/")).read_bytes()


def compact(source: str) -> str:
    """Leave out a script's lines of comment and its indents; no text of ours spans two lines."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not _COMMENT.match(line)) + "\n"


def assigned(name: str, value: object, key: str = "") -> str:
    """Write a file that a tag loads: it puts one value into the one name scripts share.

    Args:
        name: Where under the shared name.
        value: What JSON can hold.
        key: Of several values of the same name.

    Returns:
        Script that holds no `<`, so that it may also stand in a page.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    place = f"(globalThis.{_NAMESPACE}??={{}}).{name}"
    written = f"({place}??={{}})[{json.dumps(key)}]={text};\n" if key else f"{place}={text};\n"
    for loose, safe in _LOOSE.items():
        written = written.replace(loose, safe)
    return written
