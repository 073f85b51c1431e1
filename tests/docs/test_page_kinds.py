"""The one list of kinds of pages: what pictures and checks go by."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from by_path import module_at

TOOL = Path(__file__).resolve().parents[2] / "tools/page_kinds.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return module_at(TOOL)


def _site(folder: Path, pages: list[str]) -> Path:
    for page in pages:
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        (folder / page).write_text(page, encoding="utf-8")
    return folder


def test_names_of_kinds_are_used_once_and_each_shown_page_is_of_its_own_kind(
    tool: ModuleType,
) -> None:
    names = [kind.name for kind in tool.KINDS]
    assert len(names) == len(set(names))
    for kind in tool.KINDS:
        assert kind.fits(kind.shown)
        assert tool.kind_of(kind.shown).address == kind.address


def test_one_of_each_kind_is_the_heaviest_and_what_is_shown(
    tool: ModuleType, tmp_path: Path
) -> None:
    pages = ["index.html", "areas/newham/index.html", "areas/barking-and-dagenham/index.html"]
    chosen = tool.one_of_each(_site(tmp_path, pages), pages)
    assert chosen == {
        "home": "index.html",
        "borough": "areas/barking-and-dagenham/index.html",
        "borough, shown": "areas/newham/index.html",
    }


def test_a_page_of_no_kind_is_an_error(tool: ModuleType, tmp_path: Path) -> None:
    pages = ["index.html", "weather/index.html"]
    with pytest.raises(LookupError, match=r"weather/index\.html is of no kind"):
        tool.one_of_each(_site(tmp_path, pages), pages)


def test_a_site_that_lacks_a_page_is_not_shown_without_it(tool: ModuleType, tmp_path: Path) -> None:
    every = [kind.shown for kind in tool.KINDS if not kind.only_with]
    site = _site(tmp_path, every)
    assert set(tool.shown_in(site).values()) == set(every)
    (site / "initiatives/index.html").unlink()
    with pytest.raises(LookupError, match=r"initiatives/index\.html"):
        tool.shown_in(site)


def test_a_preview_of_languages_must_show_each_kind_of_their_pages(
    tool: ModuleType, tmp_path: Path
) -> None:
    every = [kind.shown for kind in tool.KINDS if not kind.only_with]
    site = _site(tmp_path, [*every, "ar/index.html"])
    with pytest.raises(LookupError, match="ar/areas/newham"):
        tool.shown_in(site)
