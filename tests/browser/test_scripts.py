"""What scripts add, in a real browser: search, tables, charts, comparing, newer releases.

Pages are opened from disk, and once from the server: both run under the same policy.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from social_evidence.app.serve import address, server

TOLD = "document.querySelector('main [role=status]').textContent"
ROWS = "[...document.querySelectorAll('#build tbody tr')].map(row => row.innerText)"


def until(tab, expression: str, seconds: float = 10.0) -> object:
    """Wait until an expression is true in the page, and give what it is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := tab.evaluate(expression):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{expression} did not come true: {tab.faults}")


def at(site, page: str) -> str:
    """Address of a page on disk, with what stands after ? or #."""
    return f"{site.folder.as_uri()}/{page}"


def fresh(tab, there: str) -> None:
    """Open a page anew, even where only what stands after # differs."""
    tab.open("about:blank")
    tab.open(there)


@pytest.fixture
def served(site) -> Iterator[str]:
    """The address of the same site on a server of this machine."""
    running = server(site.folder)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield address(running)
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def measure(site) -> str:
    """Slug of a measure of the site."""
    found = sorted((site.folder / "static" / "measures").glob("*.js"))
    return next(one.stem for one in found if "neighbours-trusted" in one.stem)


def test_the_box_at_the_head_finds_pages_in_spite_of_slips(tab, site, measure) -> None:
    tab.open(at(site, f"measures/{measure}/index.html"))
    tab.evaluate("document.querySelector('#q').value = 'nieghbors'")
    tab.events.clear()
    tab.evaluate("document.querySelector('form[role=search] button').click()")
    tab.wait("Page.loadEventFired")
    assert "result" in until(tab, TOLD)
    links = tab.evaluate("[...document.querySelectorAll('#found a')].map(a => a.href)")
    assert any(f"/measures/{measure}/" in link for link in links)
    assert all(Path(link.partition("#")[0].removeprefix("file://")).is_file() for link in links)
    assert tab.faults == []


def test_search_announces_what_it_found_and_that_it_found_nothing(tab, site) -> None:
    tab.open(at(site, "search/index.html?q=range"))
    assert "“range”" in until(tab, TOLD)
    tab.evaluate(
        "(() => { const box = document.querySelector('#words'); box.value = 'qqqqqqqqqq';"
        "box.dispatchEvent(new Event('input')); })()"
    )
    until(tab, f"{TOLD}.includes('Nothing')")
    assert tab.evaluate("document.querySelector('#found').hidden")


def test_what_is_searched_for_is_text(tab, site) -> None:
    tab.open(at(site, "search/index.html?q=%3Cimg%3Eqqqqqqqqqq"))
    assert "<img>qqqqqqqqqq" in until(tab, TOLD)
    assert tab.evaluate("document.querySelectorAll('main img').length") == 0
    assert tab.faults == []


def test_a_table_is_built_kept_in_the_address_and_comes_back(tab, site, measure) -> None:
    tab.open(at(site, "tables/index.html"))
    id_ = tab.evaluate("socialEvidence.tables.measures.find(one => one[3].includes("
                       f"'/{measure}.js'))[0]")  # fmt: skip
    tab.evaluate(f"document.querySelector('input[name=m][value={id_}]').click()")
    everybody = until(tab, f"{ROWS}.length && {ROWS}")
    assert id_ in tab.evaluate("location.hash")
    tab.evaluate(
        "(() => { const of = document.querySelector('#b'); of.value = of.options[1].value;"
        "of.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )
    groups = until(tab, f"{ROWS}.length > {len(everybody)} && {ROWS}")
    assert groups != everybody
    there = tab.evaluate("location.href")
    assert tab.evaluate("document.querySelector('#link').value") == there
    fresh(tab, there)
    assert until(tab, f"{ROWS}.length && {ROWS}") == groups
    assert tab.faults == []


def test_every_figure_of_a_built_table_leads_to_its_own_address(tab, site, measure) -> None:
    id_ = measure.replace("-", "_")
    tab.open(at(site, f"tables/index.html#m={id_}&p=all"))
    until(tab, f"{ROWS}.length")
    links = tab.evaluate(
        "[...document.querySelectorAll('#build tbody a')].map(a => [a.href, a.textContent])"
    )
    for link, said in links[:5]:
        tab.open(link)
        told = tab.evaluate("document.querySelector(':target').innerText")
        assert said in told


def test_a_built_table_is_saved_as_it_is_shown(tab, site, measure) -> None:
    tab.open(at(site, f"tables/index.html#m={measure.replace('-', '_')}&p=all"))
    shown = until(tab, f"{ROWS}.length && {ROWS}")
    tab.evaluate("URL.createObjectURL = (blob) => { window.saved = blob; return '#'; }")
    tab.evaluate("document.querySelector('#build p.ask button').click()")
    text = tab.evaluate("window.saved.text()", waits=True)
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == len(shown)
    assert {line["release"] for line in lines} == {tab.evaluate("socialEvidence.tables.version")}
    assert "synthetic" in lines[0]["flags"]
    assert all(not line["estimate"] for line in lines if line["status"] == "protected")


def test_a_built_table_names_files_that_are_there_and_how_to_cite_it(tab, site, measure) -> None:
    tab.open(at(site, f"tables/index.html#m={measure.replace('-', '_')}"))
    until(tab, f"{ROWS}.length")
    files = tab.evaluate("[...document.querySelectorAll('#build .dl a')].map(a => a.href)")
    assert len(files) >= 4
    for file in files:
        assert Path(file.removeprefix("file://")).is_file(), file
    cited = tab.evaluate("document.querySelector('#build .cite').innerText")
    assert "/r/" in cited
    assert "Synthetic" in cited


def test_a_measure_that_cannot_be_loaded_is_said_and_not_left_blank(tab, site) -> None:
    tab.open(at(site, "tables/index.html#m=nothing_of_the_kind"))
    assert "could not be loaded" in until(tab, TOLD)


def test_every_kind_of_page_runs_under_the_servers_own_policy(tab, site, served) -> None:
    version = next(path.name for path in (site.folder / "r").iterdir())
    others = [f"data/{version}/{path.name}" for path in site.folder.glob(f"data/{version}/*.html")]
    for page in [*site.kinds, f"r/{version}/index.html", *others]:
        tab.open(f"{served}{page}")
        assert tab.faults == [], page
        assert tab.evaluate("getComputedStyle(document.body).fontFamily") != "", page
        assert tab.evaluate("getComputedStyle(document.body).maxWidth + "
                            "[...document.styleSheets].length") != "none0", page  # fmt: skip


def test_nothing_could_be_fetched_from_disk_so_that_tags_have_loaded_it_all(tab, site) -> None:
    tab.open(at(site, "search/index.html"))
    fetched = "fetch('../latest.js').then(() => 'fetched', () => 'refused')"
    assert tab.evaluate(fetched, waits=True) == "refused"
    sources = [path.read_text(encoding="utf-8") for path in (site.folder / "static").glob("*.js")]
    assert sources
    for text in sources:
        assert not re.search(r"\b(fetch|XMLHttpRequest|import|Worker|localStorage|cookie)\b", text)


def test_no_page_leaves_a_cookie_or_anything_else_behind(tab, served, measure) -> None:
    for page in ("index.html", f"tables/index.html#m={measure.replace('-', '_')}", "search/?q=a"):
        tab.open(f"{served}{page}")
        until(tab, "document.readyState === 'complete'")
        assert tab.evaluate("document.cookie") == ""
        assert tab.evaluate("localStorage.length + sessionStorage.length") == 0
    assert tab.call("Network.getCookies")["cookies"] == []


def test_without_script_tables_and_search_are_lists(tab, site, measure) -> None:
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    for page, wanted in (
        ("tables/index.html", f"{measure}/index.html"),
        ("search/index.html", f"measures/{measure}/index.html"),
        ("compare/index.html", "compare/"),
    ):
        tab.open(at(site, page))
        assert tab.evaluate(
            f"[...document.querySelectorAll('main a')].some(a => a.href.includes('{wanted}'))"
        ), page
        assert tab.evaluate(
            "[...document.querySelectorAll('#build, #ask, #free')]"
            ".every(one => !one.getClientRects().length)"
        ), page
    tab.call("Emulation.setScriptExecutionDisabled", value=False)


def test_a_chart_is_read_by_keyboard(tab, site, measure) -> None:
    tab.open(at(site, f"measures/{measure}/index.html"))
    charts = tab.evaluate(
        "[...document.querySelectorAll('svg.ch[tabindex=\"0\"]')]"
        ".filter(one => one.getClientRects().length).length"
    )
    assert charts
    live = "document.querySelector('body > [role=status]').textContent"
    for place in range(charts):
        chart = (
            "[...document.querySelectorAll('svg.ch[tabindex=\"0\"]')]"
            f".filter(one => one.getClientRects().length)[{place}]"
        )
        marks = tab.evaluate(f"{chart}.querySelectorAll('.p').length")
        tab.evaluate(f"{chart}.focus()")
        said = []
        for _ in range(min(marks, 6)):
            tab.press("ArrowDown", code=40)
            said.append(tab.evaluate(live))
        assert len(set(said)) == len(said)
        assert said[0].endswith(f"(1/{marks})")
        assert any(character.isdigit() for character in said[0].rpartition(" (")[0])
        assert tab.evaluate(f"{chart}.querySelectorAll('.at').length") == 1
        tab.press("Home", code=36)
        assert tab.evaluate(live) == said[0]
        tab.press("Escape", code=27)
        assert tab.evaluate(f"document.activeElement !== {chart}")
        assert tab.evaluate(f"{chart}.querySelectorAll('.at').length") == 0
    assert tab.faults == []


def test_a_page_kept_for_good_hears_of_a_newer_release(tab, site, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(site.folder, folder, ignore=shutil.ignore_patterns("c", "data", "compare"))
    (version,) = [one.name for one in (folder / "r").iterdir()]
    page = (folder / "r" / version / "index.html").as_uri()
    foot = "document.querySelector('[data-latest]').textContent"
    tab.open(page)
    plain = tab.evaluate(foot)
    assert "See whether there is anything newer" in plain
    assert "newer release is out" not in plain
    assert tab.faults == []
    newer = 'version":"2099.10.0","created":"2099-05-04"'
    (folder / "latest.js").write_text(
        f'(globalThis.socialEvidence??={{}}).latest={{"{newer}}};\n', encoding="utf-8"
    )
    tab.open(page)
    assert "A newer release is out: 2099.10.0, of 4 May 2099." in until(
        tab, f"{foot}.includes('newer release') && {foot}"
    )
    assert tab.faults == []
    (folder / "latest.js").unlink()
    tab.open(page)
    assert tab.evaluate(foot) == plain


def test_any_two_are_compared_or_led_to_their_page(tab, site) -> None:
    fresh(tab, at(site, "compare/index.html"))
    sides = tab.evaluate("socialEvidence.compare.families[0][3]")
    pages = tab.evaluate("socialEvidence.compare.families[0][4]")
    for pair, page in list(pages.items())[:2]:
        one, other = pair.split("|")
        fresh(tab, at(site, f"compare/index.html#f=areas&x={one}&y={other}"))
        assert "page of their own" in until(tab, TOLD)
        href = tab.evaluate("document.querySelector('#free [role=status] a').href")
        assert href == at(site, page)
        assert Path(href.removeprefix("file://")).is_file()
    free = [
        (one[0], other[0])
        for one in sides
        for other in sides
        if one != other and not {f"{one[0]}|{other[0]}", f"{other[0]}|{one[0]}"} & set(pages)
    ]
    for one, other in free[:1]:
        fresh(tab, at(site, f"compare/index.html#f=areas&x={one}&y={other}"))
        assert "figures of both" in until(tab, TOLD)
        assert tab.evaluate("document.querySelectorAll('#free tbody tr').length")
    assert tab.faults == []


def test_scripts_run_from_a_server_under_the_same_policy(tab, served, measure) -> None:
    tab.open(f"{served}search/index.html?q=trust")
    assert "result" in until(tab, TOLD)
    assert tab.faults == []
    tab.open(f"{served}tables/index.html#m={measure.replace('-', '_')}")
    assert until(tab, f"{ROWS}.length")
    assert tab.faults == []


def test_pages_that_scripts_have_filled_have_no_violation(tab, site, axe, checks, measure) -> None:
    id_ = measure.replace("-", "_")
    for width in (320, 1280):
        tab.resize(width)
        for page, ready in (
            (f"tables/index.html#m={id_}&p=all", f"{ROWS}.length"),
            ("search/index.html?q=trust", TOLD),
            ("compare/index.html", "document.querySelectorAll('#free select').length"),
        ):
            fresh(tab, at(site, page))
            until(tab, ready)
            tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert axe(tab) == [], (page, width)
            assert checks.sideways(tab) == [], (page, width)
