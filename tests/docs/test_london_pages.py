"""The pages of London's definitions are what the definitions say today."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from by_path import module_at

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return module_at(ROOT / "tools/catalogue_pages.py")


@pytest.fixture(scope="module")
def made(tool: ModuleType) -> dict[str, str]:
    pages: dict[str, str] = tool.pages()
    return pages


def test_the_pages_are_current(tool: ModuleType, made: dict[str, str]) -> None:
    committed = {
        path.relative_to(tool.FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in tool.FOLDER.rglob("*.md")
    }
    stale = sorted(
        name for name in made.keys() | committed.keys() if made.get(name) != committed.get(name)
    )
    assert stale == [], "docs/london is stale: run python tools/catalogue_pages.py"


def test_eighteen_measures_and_every_source_have_a_page(made: dict[str, str]) -> None:
    beside = "Stands beside the measures"
    measures = [text for name, text in made.items() if name.startswith("measures/")]
    assert sum(beside not in text for text in measures) == 18
    files = (ROOT / "src/social_evidence/catalogues/london/sources").rglob("*.toml")
    pages = {Path(name).stem for name in made if name.startswith("sources/")}
    assert pages == {path.stem for path in files}


def test_a_break_is_told_on_its_source_s_page_and_linked_from_measures(
    made: dict[str, str],
) -> None:
    source = made["sources/pas.md"]
    measure = made["measures/backgrounds_get_on.md"]
    sentence = re.search(r"## Breaks\n\n- (.+)\n", source)
    assert sentence
    assert sentence[1] not in measure
    assert "(../sources/pas.md#breaks)" in measure


def test_approximate_groups_are_marked(made: dict[str, str]) -> None:
    assert "`borough_residents_survey` (approximately)" in made["measures/backgrounds_get_on.md"]


def test_every_anchor_is_a_heading_of_its_page(made: dict[str, str]) -> None:
    missing = []
    for name, text in made.items():
        for target, anchor in re.findall(r"\]\(([^)#]+)#([^)]+)\)", text):
            parent = "sources/" if "sources/" in target else ""
            page = made[parent + Path(target).name]
            headings = {
                re.sub(r"[^a-z0-9_ -]", "", h.lower()).replace(" ", "-")
                for h in re.findall(r"^#+ (.+)$", page, re.MULTILINE)
            }
            if anchor not in headings:
                missing.append(f"{name}: {target}#{anchor}")
    assert missing == []


def test_a_sign_of_comparison_is_no_tag(tool: ModuleType) -> None:
    assert tool._cell("under <5 | or\nmore") == "under &lt;5 \\| or more"
    assert tool._cell("<https://example.org/>") == "<https://example.org/>"


def test_the_page_of_initiatives_is_current() -> None:
    module = module_at(ROOT / "tools/initiative_pages.py")
    written = module.PAGE.read_text(encoding="utf-8")
    assert written == module.page(module.load([module.CATALOGUE]))
