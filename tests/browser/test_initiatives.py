"""Pages of initiatives in a real browser: axe, words on charts, keyboard, script, paper."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from social_evidence.app.site import make_site

PAGES = (
    "initiatives/index.html",
    "initiatives/london-family-fund/index.html",
    "initiatives/ceremonies-pilot/index.html",
    "initiatives/workforce-integration-network/index.html",
    "c/lff-rely/e12000007/index.html",
    "tables/lff-friends-age/index.html",
    "tables/index.html",
    "search/index.html",
    "data/index.html",
)
ROWS = "[...document.querySelectorAll('#build tbody tr')].map(row => row.innerText)"
STOPS = """[...document.querySelectorAll(
  'a[href]:not([tabindex="-1"]), summary, button, input, select, [tabindex="0"]')].filter(one =>
  one.checkVisibility({visibilityProperty: true}) && !one.closest('details:not([open]) > ' +
  ':not(summary)') && !one.disabled).length"""
HERE = """(() => { const at = document.activeElement; if (!at || at === document.body) return null;
  const all = [...document.querySelectorAll('a[href], summary, button, input, select, ' +
    '[tabindex="0"]')];
  const look = getComputedStyle(at), mark = at.querySelector('.tile');
  const seen = (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0) ||
    look.boxShadow !== 'none' || (mark && parseFloat(getComputedStyle(mark).strokeWidth) >= 3);
  return [all.indexOf(at), seen, at.outerHTML.slice(0, 120)]; })()"""


@dataclass(frozen=True)
class Site:
    """A site on disk whose release has initiatives."""

    folder: Path

    def at(self, page: str) -> str:
        return (self.folder / page).as_uri()


@pytest.fixture(scope="module")
def told(tools, initiatives_base, tmp_path_factory) -> Site:
    folder = tmp_path_factory.mktemp("site")
    make_site(initiatives_base, folder, today=date(2026, 11, 22))
    return Site(folder)


def look(tab, width: int, name: str) -> None:
    tab.resize(width)
    tab.media(
        scheme="dark" if name == "dark" else "light",
        forced=name == "forced",
        printed=name == "printed",
    )


def faults(tab, site, *asked) -> list[str]:
    """Open pages and list what is wrong, each with its page."""
    found = []
    for page in PAGES:
        tab.open(site.at(page))
        found += [f"{page}: {fault}" for ask in asked for fault in ask(tab)]
    return found


def until(tab, asked: str):
    """Wait for what a script makes."""
    for _ in range(100):
        if found := tab.evaluate(asked):
            return found
        time.sleep(0.05)
    pytest.fail(f"never came: {asked}")


@pytest.mark.parametrize(
    ("width", "name"),
    [(320, "light"), (768, "dark"), (1280, "light"), (320, "forced"), (768, "printed")],
)
def test_axe_finds_no_violation(tab, told, axe, width: int, name: str) -> None:
    look(tab, width, name)
    assert faults(tab, told, axe) == []


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_scrolls_sideways_and_no_words_of_a_chart_lie_on_others(
    tab, told, checks, width: int
) -> None:
    look(tab, width, "light")
    assert faults(tab, told, checks.sideways, checks.letters, checks.figures) == []


def test_no_page_breaks_its_policy(tab, told) -> None:
    assert faults(tab, told, lambda opened: opened.faults) == []


def test_the_keyboard_reaches_everything_in_order_and_is_seen(tab, told) -> None:
    look(tab, 1280, "light")
    for page in PAGES[1:3]:
        tab.open(told.at(page))
        wanted = min(tab.evaluate(STOPS), 80)
        reached = []
        for _ in range(wanted):
            tab.press("Tab", code=9)
            here = tab.evaluate(HERE)
            if here is None:
                break
            assert here[1], f"{page}: nobody sees where the keyboard is: {here[2]}"
            reached.append(here[0])
        assert reached == sorted(set(reached)), page
        assert len(reached) == wanted, page


def test_nothing_is_lost_without_script(tab, told) -> None:
    text = "document.querySelector('main').innerText.replace(/\\s+/g, ' ')"
    pages = [page for page in PAGES if not page.startswith("search/")]
    with_script = {}
    for page in pages:
        tab.open(told.at(page))
        with_script[page] = set(re.findall(r"[\d.,]+%?", tab.evaluate(text)))
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    for page in pages:
        tab.open(told.at(page))
        assert with_script[page] <= set(re.findall(r"[\d.,]+%?", tab.evaluate(text))), page
    tab.call("Emulation.setScriptExecutionDisabled", value=False)


def test_a_table_of_before_and_after_is_built_and_each_figure_leads_to_its_address(
    tab, told
) -> None:
    tab.open(told.at("tables/index.html"))
    tab.evaluate("document.querySelector('input[name=m][value=LFF-RELY]').click()")
    rows = until(tab, f"{ROWS}.length && {ROWS}")
    assert [word for word in ("Before", "After", "Change") if any(word in one for one in rows)] == [
        "Before",
        "After",
        "Change",
    ]
    assert "LFF-RELY" in tab.evaluate("location.hash")
    links = tab.evaluate(
        "[...document.querySelectorAll('#build tbody a')].map(a => [a.href, a.textContent])"
    )
    assert len(links) == 3
    for link, said in links:
        # Another place on the same page would not be a page opened.
        tab.open("about:blank")
        tab.open(link)
        assert said in tab.evaluate("document.querySelector(':target').innerText")
    assert tab.faults == []


def test_the_box_of_search_finds_an_initiative_and_what_it_is_judged_by(tab, told) -> None:
    tab.open(f"{told.folder.as_uri()}/search/index.html?q=family+fund")
    found = until(tab, "[...document.querySelectorAll('#found a')].map(one => one.href)")
    assert any(one.endswith("initiatives/london-family-fund/index.html") for one in found)
    assert any("london-family-fund/index.html#def-lff-" in one for one in found)


def test_the_nu_checker_finds_no_error(told, nu) -> None:
    assert nu([told.folder / page for page in PAGES]) == []
