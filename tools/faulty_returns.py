"""Write docs/faulty-returns.md: what is said of faulty returns and participants' files.

Usage: python tools/faulty_returns.py

Every message is the program's own: each case of the tests is made again in an empty folder and
read into an empty office. A test fails when the page differs from what this writes.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from social_evidence.app.packaged import catalogue_folders
from social_evidence.catalogue.load import load
from social_evidence.errors import EvidenceError
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.office import Organisation
from social_evidence.store.office.office import open_office

ROOT = Path(__file__).resolve().parents[1]
PAGE = "docs/faulty-returns.md"
LONGEST = 260
ABOUT = """<!-- written by tools/faulty_returns.py -->
# Faulty returns and participants' files

What people send has faults. Every one of a file is told at once, each with its sheet, row and
column; what is good is taken in all the same. A cell or row that is *refused* is left out; one
that is *queried* is in, and somebody has to ask. A file that cannot be trusted at all is refused
as a whole. No message repeats what somebody answered.

The tables hold {count} kinds. Each is a test, and each message is the program's own, shortened
where it is long. [Returns](returns.md) tells how to send and read them.
"""
HEADS = {"return": "Returns", "survey": "Participants' files, before and after"}
KEPT = {"return": "Returns kept", "survey": "Answers kept"}


def cases() -> ModuleType:
    """Import the cases of the tests."""
    spec = importlib.util.spec_from_file_location("office_cases", ROOT / "tests/office/cases.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def page() -> str:
    """Write the page."""
    module = cases()
    every = module.all_cases()
    catalogue = load(catalogue_folders(None))
    lines = [ABOUT.format(count=len(every))]
    for kind, head in HEADS.items():
        lines += [f"## {head}", ""]
        lines += [f"| What is wrong | Where | What is said | | {KEPT[kind]} |"]
        lines += ["| --- | --- | --- | --- | ---: |"]
        lines += [_row(case, module, catalogue) for case in every if case.kind == kind]
        lines.append("")
    return "\n".join(lines)


def _row(case: Any, module: ModuleType, catalogue: Catalogue) -> str:
    where, said = next(_said(case, module, catalogue))
    done = "queried" if case.queried else "refused"
    return f"| {case.what} | {_cell(where)} | {_cell(said)} | {done} | {case.kept} |"


def _said(case: Any, module: ModuleType, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_office(folder / "office.sqlite") as office:
            options = case.options or {}
            known = [Organisation(id=name, name=name) for name in options.get("register", ())]
            office.record_organisations(known, by=module.BY)
            if earlier := options.get("before"):
                module.read(case, office, earlier(folder, catalogue), catalogue)
            path = case.build(folder, catalogue)
            try:
                outcome = module.read(case, office, path, catalogue)
            except EvidenceError as refusal:
                yield "the file", str(refusal).replace(f"{folder}/", "")
                return
        for fault in outcome.faults:
            if (fault.sheet, fault.row, fault.column) == case.place:
                row = f"row {fault.row}" if fault.row else ""
                where = ", ".join(part for part in (fault.sheet, row, fault.column) if part)
                yield where or "the file", fault.reason


def _cell(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) > LONGEST:
        plain = plain[:LONGEST].rsplit(" ", 1)[0] + " …"
    for sign in ("|", "_", "*", "<", ">", "~"):
        plain = plain.replace(sign, f"\\{sign}")
    return plain


def main() -> None:
    """Write the page in its place."""
    (ROOT / PAGE).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
