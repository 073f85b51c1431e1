"""Write the reference pages that the program itself can tell: commands and columns.

Usage: python tools/reference.py

A test fails when a page differs from what this writes, so nobody has to remember.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from social_evidence.cli.main import COMMANDS, program
from social_evidence.model.estimate import COMPARISON_COLUMNS, ESTIMATE_COLUMNS

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = "<!-- written by tools/reference.py -->\n"


def pages() -> dict[str, str]:
    """Every generated page: path in the repository -> text."""
    return {
        "docs/reference/commands.md": commands(),
        "docs/reference/tables.md": tables(),
    }


def commands() -> str:
    """The help of every command, as the program prints it."""
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERMINAL_WIDTH": "100"})
    blocks = [f"{WRITTEN}# Commands\n"]
    for name in COMMANDS:
        for level, words in _words(name):
            asked = [*words, "--help"]
            told = runner.invoke(program([name]), asked, prog_name="social-evidence")
            text = "\n".join(line.rstrip() for line in told.stdout.strip().splitlines())
            title = f"{level} `social-evidence {' '.join(words)}`"
            blocks.append(f"{title}\n\n```text\n{text}\n```\n")
    return "\n".join(blocks)


def _words(name: str) -> Iterator[tuple[str, list[str]]]:
    """Give a command, and where it holds several each of them, with the level of its heading."""
    yield "##", [name]
    for group in program([name]).registered_groups:
        if group.typer_instance is not None:
            for command in group.typer_instance.registered_commands:
                yield "###", [name, str(command.name)]


def tables() -> str:
    """The columns of a release's tables."""
    blocks = [f"{WRITTEN}# Columns of a release's tables\n"]
    for title, columns in (("Estimates", ESTIMATE_COLUMNS), ("Comparisons", COMPARISON_COLUMNS)):
        rows = ["| Column | Kind |", "| --- | --- |"]
        rows += [f"| `{name}` | {kind} |" for name, kind in columns]
        blocks.append(f"## {title}\n\n" + "\n".join(rows) + "\n")
    return "\n".join(blocks)


def main() -> None:
    """Write every page."""
    for name, text in pages().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote {name}\n")


if __name__ == "__main__":
    main()
