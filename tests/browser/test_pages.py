"""Pages in a real browser: axe, words on charts, sideways scrolling, policy, keyboard, script."""

from __future__ import annotations

import importlib.resources
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.site import make_site
from social_evidence.synthetic import city

WIDTHS = (320, 768, 1280)
LOOKS = ("light", "dark")


def look(tab, width: int, name: str) -> None:
    tab.resize(width)
    tab.media(
        scheme="dark" if name == "dark" else "light",
        forced=name == "forced",
        printed=name == "printed",
    )


def faults(tab, site, pages, *asked) -> list[str]:
    """Open pages and list what is wrong, each with its page."""
    found = []
    for page in pages:
        tab.open(site.at(page))
        found += [f"{page}: {fault}" for ask in asked for fault in ask(tab)]
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", LOOKS)
def test_axe_finds_no_violation(tab, site, axe, width: int, name: str) -> None:
    look(tab, width, name)
    assert faults(tab, site, site.pages, axe) == []


@pytest.mark.parametrize("name", ["forced", "printed"])
def test_axe_finds_no_violation_in_forced_colours_and_on_paper(tab, site, axe, name: str) -> None:
    look(tab, 320 if name == "forced" else 768, name)
    assert faults(tab, site, site.kinds, axe) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways_and_no_words_of_a_chart_lie_on_others(
    tab, site, checks, width: int
) -> None:
    look(tab, width, "light")
    assert faults(tab, site, site.pages, checks.sideways, checks.letters) == []


def test_a_page_enlarged_four_times_scrolls_one_way_only(tab, site, checks) -> None:
    tab.resize(320, 225, scale=4)
    assert faults(tab, site, site.kinds, checks.sideways, checks.letters) == []


def test_words_that_lie_on_others_and_wide_pages_are_found(tab, site, checks) -> None:
    tab.open(site.at(next(page for page in site.kinds if page.startswith("measures/d"))))
    tab.evaluate(
        "(() => { const chart = [...document.querySelectorAll('svg.ch')].find(c => "
        "c.getClientRects().length && c.querySelector('text'));"
        "const copy = chart.querySelector('text').cloneNode(true); chart.append(copy);"
        "const out = copy.cloneNode(true); out.setAttribute('y', '-300'); chart.append(out); })()"
    )
    found = " ".join(checks.letters(tab))
    assert "on each other" in found
    assert "outside" in found
    tab.evaluate(
        "(() => { const wide = document.createElement('p'); wide.style.width = '4000px';"
        "wide.textContent = 'x'; document.querySelector('main').append(wide); })()"
    )
    # The page's own policy lets no attribute style it, but a script of ours may.
    assert checks.sideways(tab)


def test_every_figure_has_its_caption_its_name_and_a_table_right_after_it(
    tab, site, checks
) -> None:
    assert faults(tab, site, site.pages, checks.figures) == []


def test_no_page_breaks_its_policy_or_asks_for_what_is_not_there(tab, site) -> None:
    assert faults(tab, site, site.pages, lambda opened: opened.faults) == []


def test_a_breach_of_the_policy_would_be_heard(tab, site) -> None:
    tab.open(site.at("index.html"))
    tab.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), "
        "{src: 'http://127.0.0.2/x.png'}))"
    )
    tab.evaluate("new Promise(done => setTimeout(done, 200))", waits=True)
    assert any("Content Security Policy" in fault for fault in tab.faults)


def test_pages_turn_round_for_scripts_that_run_from_the_right(tab, site, checks) -> None:
    def turned(opened):
        opened.evaluate("document.documentElement.dir = 'rtl'")
        return [*checks.sideways(opened), *checks.letters(opened)]

    for width in (320, 1280):
        look(tab, width, "light")
        assert faults(tab, site, site.kinds, turned) == []


_STOPS = """[...document.querySelectorAll(
  'a[href]:not([tabindex="-1"]), summary, button, input, select, [tabindex="0"]')].filter(one =>
  one.checkVisibility({visibilityProperty: true}) && !one.closest('details:not([open]) > ' +
  ':not(summary)') && !one.disabled).length"""
_HERE = """(() => { const at = document.activeElement; if (!at || at === document.body) return null;
  const all = [...document.querySelectorAll('a[href], summary, button, input, select, ' +
    '[tabindex="0"]')];
  const look = getComputedStyle(at), mark = at.querySelector('.tile');
  const seen = (look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0) ||
    look.boxShadow !== 'none' || (mark && parseFloat(getComputedStyle(mark).strokeWidth) >= 3);
  return [all.indexOf(at), seen, at.outerHTML.slice(0, 120)]; })()"""


def test_the_keyboard_reaches_everything_in_order_and_is_seen(tab, site) -> None:
    look(tab, 1280, "light")
    for page in site.kinds:
        tab.open(site.at(page))
        wanted = tab.evaluate(_STOPS)
        reached = []
        for _ in range(min(wanted, 150)):
            tab.press("Tab", code=9)
            here = tab.evaluate(_HERE)
            if here is None:
                break
            assert here[1], f"{page}: nobody sees where the keyboard is: {here[2]}"
            reached.append(here[0])
        assert reached == sorted(set(reached)), page
        assert len(reached) == min(wanted, 150), page


def test_nothing_is_lost_without_script(tab, site) -> None:
    told = "document.querySelector('main').innerText.replace(/\\s+/g, ' ')"
    with_script = {}
    for page in site.kinds:
        tab.open(site.at(page))
        with_script[page] = tab.evaluate(told)
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    for page in site.kinds:
        tab.open(site.at(page))
        without = tab.evaluate(told)
        assert set(re.findall(r"[\d.,]+%?", with_script[page])) <= set(
            re.findall(r"[\d.,]+%?", without)
        ), page
        assert len(without) > 50, page
    tab.call("Emulation.setScriptExecutionDisabled", value=False)


def test_a_profile_fits_two_sheets_of_paper(tab, site) -> None:
    profiles = [page for page in site.pages if re.fullmatch(r"areas/[^/]+/index\.html", page)]
    assert profiles
    for page in profiles:
        tab.open(site.at(page))
        sheets = len(re.findall(rb"/Type\s*/Page\b(?!s)", tab.printed()))
        assert sheets in {1, 2}, (page, sheets)


def test_the_nu_checker_finds_no_error(site, nu) -> None:
    assert nu([site.folder / page for page in site.pages]) == []


def test_the_nu_checker_would_find_one(nu, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text("<!DOCTYPE html><html lang=en><title>x</title><p><table><p>", encoding="utf-8")
    assert nu([page])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a catalogue whose texts try to be more than text."""
    base = tmp_path_factory.mktemp("hostile")
    package = importlib.resources.files("social_evidence") / "catalogues" / "demo"
    with importlib.resources.as_file(package) as folder:
        catalogue = Path(shutil.copytree(folder, base / "catalogue"))
    script = "<script>document.title='run'</script><img src=x onerror=document.title='run'>"
    changed = {
        "measures/demo_neighbours_trusted.toml": [
            ("People who agree that neighbours can be trusted", script + "w" * 300)
        ],
        "breakdowns/age_band.toml": [("18 to 34", "\u202e'><svg onload=document.title='run'>")],
        "catalogue.toml": [('title = "', f'title = "{script} ')],
    }
    for name, pairs in changed.items():
        path = catalogue / name
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, (name, old)
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
    city.write_sources(base / "sources")
    day = date(2026, 1, 2)
    release = build([catalogue], [base / "sources"], base, as_of=day)
    approve(base, release.name, by="test", as_of=day)
    return make_site(base, base / "site", today=day).folder


@pytest.mark.parametrize("width", [320, 1280])
def test_hostile_text_runs_nothing_and_breaks_no_page(tab, checks, hostile, width: int) -> None:
    look(tab, width, "light")
    for page in checks.kinds(hostile).values():
        tab.open((hostile / page).as_uri())
        assert tab.faults == [], page
        assert not tab.evaluate("document.title").startswith("run"), page
        assert checks.sideways(tab) == [], page
