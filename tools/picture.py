"""Draw the README's picture: what `explain` prints of the small city, as a standalone SVG.

Usage: python tools/picture.py

Its text is the program's own; a test fails when the picture is stale.
"""

from __future__ import annotations

import sys
import tempfile
import textwrap
from datetime import date
from html import escape
from pathlib import Path

from social_evidence.app.demo import demonstrate

ROOT = Path(__file__).resolve().parents[1]
PICTURE = "docs/images/explain.svg"
COMMAND = "$ social-evidence explain my-city/trial demo_neighbours_trusted"
COLUMNS, LINE_HEIGHT, CHARACTER = 96, 19, 8.0
HEADINGS = ("Where", "What", "How", "Release")
SECTIONS = ("Where it comes from", "What was asked", "What was counted", "How it was worked out")


def lines() -> list[str]:
    """What the program prints, shortened to what a reader of a picture wants."""
    with tempfile.TemporaryDirectory() as folder:
        told = demonstrate(Path(folder), as_of=date(2026, 11, 22)).explanation
    shown = [COMMAND, "", told.title, told.answer]
    for heading, texts in told.sections:
        if heading in SECTIONS:
            shown += ["", heading]
            for text in texts:
                if not text.startswith(("breakdown", "Interval", "Base rule")):
                    shown.append("  " + shortened(text))
    return shown


def shortened(text: str) -> str:
    """Keep a line to the picture's width, and show where it was cut."""
    indent = " " * (len(text) - len(text.lstrip()))
    return indent + textwrap.shorten(text, COLUMNS - 4 - len(indent), placeholder=" …")


def draw(texts: list[str]) -> str:
    """Draw lines of text as an SVG that keeps its contrast on any page."""
    width, height = COLUMNS * CHARACTER + 48, len(texts) * LINE_HEIGHT + 44
    rows = [
        f'<text x="24" y="{36 + i * LINE_HEIGHT}"{emphasis(text)}>{escape(text)}</text>'
        for i, text in enumerate(texts)
        if text
    ]
    size = f'width="{width:.0f}" height="{height}"'
    told = "What explain prints: a figure, its interval, its file, question, base and design"
    font = 'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13.2"'
    name = 'role="img" aria-labelledby="t"'
    before = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" {name}>',
        f'<title id="t">{told}</title>',
        f'<rect {size} rx="10" fill="#fbfaf7" stroke="#6b6b66"/>',
        f'<g {font} fill="#22221f" xml:space="preserve">',
    ]
    return "\n".join([*before, *rows, "</g>", "</svg>", ""])


def emphasis(text: str) -> str:
    """Mark the command, the headings and the figure itself."""
    if text.startswith("$"):
        return ' fill="#5a5a55"'
    if text.startswith(HEADINGS) or text[:1].isdigit() or text.startswith("People"):
        return ' font-weight="bold"'
    return ""


def pages() -> dict[str, str]:
    """The picture: path in the repository -> text."""
    return {PICTURE: draw(lines())}


def main() -> None:
    """Write the picture."""
    for name, text in pages().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote {name}\n")


if __name__ == "__main__":
    main()
