"""A newcomer's question: is there less trust in my borough than in the whole city, and how sure?"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

LINKS = """[...document.querySelectorAll('main a[href]')].filter(a => a.getClientRects().length)
  .map(a => [a.href.split('#')[0], a.closest('tr, li, p, g')?.textContent ?? a.textContent])"""


def click(tab, ending: str) -> str:
    """Follow the first link in sight whose address ends so; give what stands around it."""
    found = [(href, said) for href, said in tab.evaluate(LINKS) if href.endswith(ending)]
    assert found, f"no link in sight leads to {ending}"
    href = found[0][0]
    tab.events.clear()
    tab.evaluate(
        "[...document.querySelectorAll('main a[href]')].find(a => a.getClientRects().length && "
        f"a.href.split('#')[0] === {href!r}).dispatchEvent(new MouseEvent('click', "
        "{bubbles: true, cancelable: true}))"
    )
    tab.wait("Page.loadEventFired")
    return " ".join(" ".join(said for _, said in found).split())


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("has_script", [True, False])
def test_the_answer_is_three_clicks_away_on_a_phone_too_and_without_script(
    tab, site, width: int, has_script: bool
) -> None:
    measure = next(
        path.name for path in (site.folder / "measures").iterdir() if "neighbours-tr" in path.name
    )
    borough = min(path.name for path in (site.folder / "areas").iterdir() if path.is_dir())
    tab.resize(width)
    tab.call("Emulation.setScriptExecutionDisabled", value=not has_script)
    tab.open(site.at("index.html"))
    click(tab, f"areas/{borough}/index.html")
    told = click(tab, f"measures/{measure}/index.html")
    # The borough against the city: the figure with its range, and the verdict in words.
    assert len(re.findall(r"\d+% ?\d+% to \d+%|\d+% ?\(\d+ to \d+\)", told)) >= 1, told
    assert re.search(r"[Hh]igher|[Ll]ower|[Cc]annot tell|No clear|Too few", told), told
    # How sure: the question, how many were asked, what the range rests on.
    page = tab.evaluate("document.querySelector('main').innerText")
    for words in ("How sure", "people were asked", "range", "agree or disagree"):
        assert words in page, words
    name = tab.evaluate(
        f"[...document.querySelectorAll('main')].some(m => m.textContent.toLowerCase()"
        f".includes({borough.replace('-', ' ')!r}))"
    )
    assert name
    tab.call("Emulation.setScriptExecutionDisabled", value=False)


def test_a_small_page_in_somebody_elses_page_says_when_newer_figures_exist(
    tab, site, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(site.folder, folder, ignore=shutil.ignore_patterns("c", "data", "compare"))
    (version,) = [one.name for one in (folder / "r").iterdir()]
    small = next((folder / "r" / version / "embed").glob("*/index.html"))
    other = tmp_path / "other.html"
    other.write_text(
        f"<!DOCTYPE html><title>Other</title><iframe src='{small.as_uri()}'></iframe>",
        encoding="utf-8",
    )
    (folder / "latest.js").write_text(
        '(globalThis.socialEvidence??={}).latest={"version":"2099.1.0","created":"2099-05-04"};\n',
        encoding="utf-8",
    )
    tab.open(small.as_uri())
    tab.evaluate("new Promise(done => setTimeout(done, 300))", waits=True)
    told = tab.evaluate("document.querySelector('[data-latest]').textContent")
    assert "A newer release is out: 2099.1.0, of 4 May 2099." in told
    href = tab.evaluate("document.querySelector('[data-latest] a').href")
    assert Path(href.removeprefix("file://")) == folder / small.relative_to(folder / "r" / version)
    tab.open(other.as_uri())
    assert tab.evaluate("frames.length") == 1
    assert tab.faults == []
