"""The table of packages in ARCHITECTURE.md is the tree; the glossary names the records."""

from __future__ import annotations

import re
from pathlib import Path

from social_evidence import errors

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "social_evidence"


def listed() -> set[str]:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| \d \| `(\w+)` \|", page, flags=re.MULTILINE))


def test_every_package_is_listed_and_every_listed_one_exists() -> None:
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} | {"errors"}
    assert listed() == there


def test_every_folder_of_tests_is_listed() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `tests/(\w+)` \|", page, flags=re.MULTILINE))
    tests = ROOT / "tests"
    there = {path.relative_to(tests).parts[0] for path in tests.rglob("test_*.py")}
    assert there <= told


def test_the_errors_and_their_exit_codes_are_in_the_page() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    codes = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.EvidenceError)
    }
    stated = re.search(r"Exit codes: (.+)\.$", page, flags=re.MULTILINE)
    assert stated
    assert codes <= {int(code) for code in re.findall(r"\d+", stated[1])}


def test_the_glossary_has_the_core_records() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").lower()
    nouns = ("measure", "series", "source", "question", "breakdown", "area", "period", "estimate")
    assert [noun for noun in nouns if f"**{noun}**" not in glossary] == []
