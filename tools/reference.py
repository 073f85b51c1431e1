"""Write the reference pages that the program itself can tell: commands, fields of definitions.

Usage: python tools/reference.py

A test fails when a page differs from what this writes, so nobody has to remember.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
import types
import typing
from pathlib import Path

from typer.testing import CliRunner

from social_evidence.cli.main import COMMANDS, program
from social_evidence.model.area import Area
from social_evidence.model.breakdown import Breakdown, Group
from social_evidence.model.estimate import COMPARISON_COLUMNS, ESTIMATE_COLUMNS
from social_evidence.model.layout import Layout
from social_evidence.model.measure import (
    Example,
    Headline,
    Measure,
    Part,
    PublishedFigure,
    Series,
)
from social_evidence.model.question import Question
from social_evidence.model.source import (
    Areas,
    Correction,
    Derived,
    GroupMap,
    Item,
    Periods,
    Quantity,
    Source,
    SourceDesign,
    SourceFile,
)

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = "<!-- written by tools/reference.py -->\n"
RECORDS = (
    Measure, Series, Part, Headline, Example, PublishedFigure,
    Source, SourceFile, SourceDesign, Item, GroupMap, Derived, Areas, Periods, Quantity, Correction,
    Layout, Question, Breakdown, Group, Area,
)  # fmt: skip


def pages() -> dict[str, str]:
    """Every generated page: path in the repository -> text."""
    return {
        "docs/reference/commands.md": commands(),
        "docs/reference/definitions.md": definitions(),
        "docs/reference/tables.md": tables(),
    }


def commands() -> str:
    """The help of every command, as the program prints it."""
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERMINAL_WIDTH": "100"})
    blocks = [f"{WRITTEN}# Commands\n"]
    for name in COMMANDS:
        told = runner.invoke(program([name]), [name, "--help"], prog_name="social-evidence")
        text = "\n".join(line.rstrip() for line in told.stdout.strip().splitlines())
        blocks.append(f"## `social-evidence {name}`\n\n```text\n{text}\n```\n")
    return "\n".join(blocks)


def definitions() -> str:
    """Every record of a catalogue with its fields."""
    about = (
        "A catalogue is a folder of TOML files, one thing a file, which `social-evidence check` "
        "reads. The keys of a file are the fields of a record below.\n"
    )
    blocks = [f"{WRITTEN}# Fields of definitions\n", about]
    for record in RECORDS:
        about = inspect.cleandoc(record.__doc__ or "")
        rows = ["| Field | Holds | If left out |", "| --- | --- | --- |"]
        hints = typing.get_type_hints(record)
        rows += [
            f"| `{field.name}` | {kind(hints[field.name])} | {default(field)} |"
            for field in dataclasses.fields(record)
        ]
        blocks.append(f"## {record.__name__}\n\n{about}\n\n" + "\n".join(rows) + "\n")
    return "\n".join(blocks)


def kind(hint: object) -> str:
    """Write a type for people."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return ", ".join(f"`{value}`" if value else "empty" for value in inner)
    if origin is tuple:
        return f"list of {kind(inner[0])}"
    if origin in {typing.Union, types.UnionType}:
        return " or ".join(kind(part) for part in inner if part is not type(None))
    if isinstance(origin, type) and issubclass(origin, typing.Mapping):  # type: ignore[arg-type]
        return f"table: {kind(inner[0])} → {kind(inner[1])}"
    names = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    if isinstance(hint, type):
        return names.get(hint) or f"[{hint.__name__}](#{hint.__name__.lower()})"
    return str(hint)


def default(field: dataclasses.Field[object]) -> str:
    """Say what a field is when a file leaves it out."""
    if field.default_factory is not dataclasses.MISSING:
        return "empty" if not dataclasses.is_dataclass(field.default_factory) else "its defaults"
    if field.default is dataclasses.MISSING:
        return "**must be given**"
    if field.default is None or field.default in ("", ()):
        return "empty"
    value = str(field.default).lower() if isinstance(field.default, bool) else field.default
    return "`" + re.sub(r"\s+", " ", str(value)).replace("|", "\\|") + "`"


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
