"""Write the page that shows what the program says to bad input, from the cases of the tests.

Usage: python tools/bad_input.py

Every message is the program's own: each case is made again in an empty folder and run. A test
fails when the page differs from what this writes, so nobody has to remember.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from social_evidence.errors import EvidenceError
from social_evidence.model.layout import Layout
from social_evidence.readers import open_table

ROOT = Path(__file__).resolve().parents[1]
PAGE = "docs/bad-input.md"
LONGEST = 420
ABOUT = """<!-- written by tools/bad_input.py -->
# What happens to bad input

Files arrive cut short, tables have footnotes where numbers should be, definitions have slips of
the pen. The program then stops, and says so in one message: what is wrong, in which file and where
in it, and what to do. It promises:

- **Nothing is lost.** No row is dropped and no code is guessed, unless a definition says so in
  writing; what is left out is counted and published.
- **Nothing is half-written.** A command that stops leaves every folder as it was: the last good
  release stays, and source files are only ever read.
- **No values are shown.** A message about respondents names files, columns, codes and counts, and
  never who answered what.
- **No traceback.** If you see one, that is a fault of ours (exit code 1): please report it.

A script can act on the exit code:

| Exit code | Means | Who mends it |
| --- | --- | --- |
| 0 | done | |
| 2 | the command was typed wrongly | whoever typed it |
| 10 | a definition is at fault | whoever wrote the catalogue |
| 11 | a file's content is at fault, or the file is not there | whoever supplies the file |
| 12 | the sample design cannot be used | whoever knows how the sample was drawn |
| 13 | publishing would reveal something about a person | whoever answers for disclosure |
| 14 | a release or cache cannot be written or read | whoever runs the machine |
| 1 | a fault of ours | we do |

The tables below hold {count} malformed inputs. Each is a test, and each message is what the program
says, shortened where it is long.
"""
COMMANDS = """
## Commands

Each command is typed in a folder that holds a small sound evidence base with one fault in it.

| What is wrong | What the program says | Exit code |
| --- | --- | --- |
"""
READING = """
## Reading a file

Each file is opened on its own, whatever it is wanted for. The exit code is the one that any command
gives which needs the file.

| What is wrong | What the program says | Exit code |
| --- | --- | --- |
"""


def page() -> str:
    """The page's text."""
    commands, reading = list(_commands()), list(_reading())
    about = ABOUT.format(count=len(commands) + len(reading))
    return about + COMMANDS + _rows(commands) + READING + _rows(reading)


def _commands() -> Iterator[tuple[str, str, int]]:
    """Run every faulty command: what is wrong, what is said, exit code."""
    cases, typed = _module("cases_program"), _module("typed")
    with tempfile.TemporaryDirectory() as cache, _cache(cache):
        for case in cases.CASES:
            with tempfile.TemporaryDirectory() as folder:
                base = Path(folder)
                cases.town.sound(base)
                case.prepare(base)
                lock = typed.locked(base / case.lock) if case.lock else contextlib.nullcontext()
                with lock:
                    told = typed.typed(case.command, base, case.environment)
                yield case.what, _message(told.errors, base), told.exit_code


def _reading() -> Iterator[tuple[str, str, int]]:
    """Open every faulty file: what is wrong, what is said, exit code."""
    for case in _module("cases_readers").CASES:
        with tempfile.TemporaryDirectory() as folder:
            yield case.what, *_refusal(case, Path(folder))


def _refusal(case: Any, folder: Path) -> tuple[str, int]:
    try:
        open_table(case.build(folder), Layout(**case.layout), case.columns)
    except EvidenceError as refusal:
        return _message(str(refusal), folder), refusal.exit_code
    raise AssertionError(f"{case.id} was read")


def _message(errors: str, folder: Path) -> str:
    """Take the message itself: no usage above it, no temporary folder in it, not too long."""
    text = re.split(r"^error: ", errors, maxsplit=1, flags=re.IGNORECASE | re.MULTILINE)[-1]
    text = text.replace(f"{folder}/", "").replace(str(folder), "this folder")
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0].rstrip(",.;:") + " …"


def _rows(told: Sequence[tuple[str, str, int]]) -> str:
    return "".join(f"| {_cell(what)} | {_cell(said)} | {code} |\n" for what, said, code in told)


def _cell(text: str) -> str:
    """Write text so that Markdown shows it as it is; code in back ticks stays code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        parts = ["\\`".join(parts)]
    plain = [re.sub(r"([\\*_<>\[\]~#])", r"\\\1", part) for part in parts[::2]]
    code = [f"`{part}`" for part in parts[1::2]]
    mixed = [piece for pair in zip(plain, [*code, ""], strict=True) for piece in pair]
    return "".join(mixed).replace("|", "\\|")


@contextlib.contextmanager
def _cache(folder: str) -> Iterator[None]:
    """Keep the cache of microdata away from the user's own."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_CACHE_HOME"]
        else:
            os.environ["XDG_CACHE_HOME"] = before


def _module(name: str) -> ModuleType:
    """Load a module of the malformed inputs, which are no package."""
    place = ROOT / "tests/functional/malformed" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"malformed_{name}", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Write the page."""
    (ROOT / PAGE).write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")


if __name__ == "__main__":
    main()
