"""A real browser, and the site of a small invented city to open in it."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from social_evidence.app.decide import approve
from social_evidence.app.demo import demonstrate
from social_evidence.app.demo_london import demonstrate_london
from social_evidence.app.release import load_release
from social_evidence.app.site import make_site

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)


def missing(reason: str) -> None:
    """Skip, with the reason; where every program must be there, fail."""
    if os.environ.get("REQUIRE_TOOLS") == "1":
        pytest.fail(f"{reason} (REQUIRE_TOOLS=1)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def tools() -> tuple[ModuleType, ModuleType]:
    """The browser's wire and the checks of pages, as the scripts in tools/ have them."""
    folder = str(ROOT / "tools")
    sys.path.insert(0, folder)
    try:
        browser = importlib.import_module("browser")
        page_checks = importlib.import_module("page_checks")
    finally:
        sys.path.remove(folder)
    if browser.program() is None:
        missing("no Chromium on this machine: its pages are not opened")
    return browser, page_checks


@pytest.fixture(scope="session")
def checks(tools) -> ModuleType:
    """What a page is held against."""
    return tools[1]


@pytest.fixture(scope="session")
def port(tools) -> Iterator[int]:
    """A browser without a window."""
    with tools[0].chromium() as found:
        yield found


@pytest.fixture
def tab(tools, port) -> Iterator[object]:
    """An empty page of it, 1280 px wide and light."""
    found = tools[0].Tab(port)
    found.resize(1280)
    found.media()
    yield found
    found.close()


@pytest.fixture(scope="session")
def axe(checks) -> object:
    """axe-core on a page."""
    if not checks.has_axe():
        missing("no axe-core in tests/browser/node_modules: run `npm ci` there")
    return checks.axe


@pytest.fixture(scope="session")
def nu(checks) -> object:
    """The Nu HTML checker on files."""
    if not checks.has_nu():
        missing("no Nu HTML checker (`npm ci` in tests/browser) or no Java to run it")
    return checks.nu


@dataclass(frozen=True)
class Site:
    """A site on disk, and which pages of it are opened."""

    name: str
    folder: Path
    pages: tuple[str, ...]
    kinds: tuple[str, ...]

    def at(self, page: str) -> str:
        return (self.folder / page).as_uri()


@pytest.fixture(scope="session", params=["city", pytest.param("london", marks=pytest.mark.slow)])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, checks) -> Site:
    """One page of each kind of a small city; by hand and at night all of the small London.

    $SITE names a site that has been made already, in place of the small London's.
    """
    base = tmp_path_factory.mktemp(request.param)
    folder = tmp_path_factory.mktemp("site")
    if request.param == "london" and os.environ.get("SITE"):
        folder = Path(os.environ["SITE"]).resolve()
    elif request.param == "london":
        demonstrate_london(base, is_small=True, as_of=date(2026, 1, 2))
        make_site(base, folder, today=TODAY)
    else:
        demonstrate(base, as_of=date(2026, 1, 2))
        approve(base, load_release(base).manifest.version, by="test", as_of=date(2026, 1, 3))
        make_site(base, folder, today=TODAY)
    kinds = tuple(checks.kinds(folder).values())
    pages = kinds if request.param == "city" else tuple(checks.pages(folder))
    return Site(name=request.param, folder=folder, pages=pages, kinds=kinds)
