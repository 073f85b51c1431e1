"""Pages in other languages in a real browser: axe, Nu, nothing cut off, and what turns with rtl."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

import social_evidence.app.site as sites
from social_evidence.app.demo import demonstrate
from social_evidence.app.site import make_site
from social_evidence.app.site_input import site_input
from social_evidence.site.language_files import every_language
from social_evidence.wording.language import Language

WIDTHS = (320, 768, 1280)
ISOLATES = "\u2066\u2067\u2068\u2069"
NAMED = {"ar": "اسم طويل في الرسم", "bn": "চিত্রে একটি নাম", "cy": "Enw hir", "pl": "Długa nazwa"}


@dataclass(frozen=True)
class Preview:
    folder: Path
    pages: tuple[str, ...]

    def of(self, code: str) -> list[str]:
        return [page for page in self.pages if page.startswith(f"{code}/")]

    def at(self, page: str) -> str:
        return (self.folder / page).as_uri()


def with_names(language: Language, names: set[tuple[str, str]]) -> Language:
    """Give every name of the small city a translation, so that its charts are drawn."""
    told = {key: (f"{NAMED[language.code]} {at}",) for at, key in enumerate(sorted(names))}
    return replace(language, messages={**told, **language.messages})


@pytest.fixture(scope="module")
def preview(tools, tmp_path_factory: pytest.TempPathFactory) -> Preview:
    """Every language's home, words, one borough and all measures of a small city."""
    base, folder = tmp_path_factory.mktemp("city"), tmp_path_factory.mktemp("languages")
    demonstrate(base, as_of=date(2026, 1, 2))
    given = site_input(next((base / "releases").glob("20*")), is_public=False)
    names = {("measure", one.title) for one in given.catalogue.measures.values()}
    names |= {("part", name) for name in given.names.parts.values()}
    names |= {("breakdown", name) for name in given.names.breakdowns.values()}
    names |= {("group", name) for name in given.names.groups.values()}
    names |= {("place", given.city.name)}
    named = tuple(with_names(one, names) for one in every_language())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sites, "every_language", lambda: named)
        make_site(base, folder, today=date(2026, 11, 22), preview_languages=True)
    first = min((folder / "ar" / "areas").iterdir()).name
    pages = [
        path.relative_to(folder).as_posix()
        for one in named
        for path in sorted((folder / one.code).rglob("*.html"))
        if path.parent.parent.name != "areas" or path.parent.name == first
    ]
    return Preview(folder, tuple(pages))


def faults(tab, preview: Preview, *asked) -> list[str]:
    found = []
    for page in preview.pages:
        tab.open(preview.at(page))
        found += [f"{page}: {fault}" for ask in asked for fault in ask(tab)]
    return found


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_axe_finds_no_violation(tab, preview, axe, width: int, scheme: str) -> None:
    tab.resize(width)
    tab.media(scheme=scheme)
    assert faults(tab, preview, axe) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_scrolls_sideways_and_words_on_charts_have_room(
    tab, preview, checks, width: int
) -> None:
    tab.resize(width)
    assert faults(tab, preview, checks.sideways, checks.letters, checks.figures) == []


def test_the_checker_of_html_finds_no_error(preview, nu) -> None:
    assert nu(preview.folder / page for page in preview.pages) == []


_SIDES = """(() => {
  const box = what => document.querySelector(what).getBoundingClientRect();
  const main = document.querySelector('main');
  const edge = parseFloat(getComputedStyle(main).paddingInlineStart);
  const words = document.createRange();
  words.selectNodeContents(document.querySelector('h1'));
  const heading = words.getBoundingClientRect();
  const inner = main.getBoundingClientRect();
  const head = [...document.querySelectorAll('table')][0].querySelectorAll('thead th');
  const ticks = [...document.querySelectorAll('.drawing svg text')].map(
    one => [one.textContent, one.getBoundingClientRect().left]);
  return {rtl: getComputedStyle(document.documentElement).direction,
    left: heading.left - inner.left - edge, right: inner.right - edge - heading.right,
    columns: [head[0].getBoundingClientRect().left, head[1].getBoundingClientRect().left],
    drawing: document.querySelector('.drawing') &&
      getComputedStyle(document.querySelector('.drawing')).direction,
    number: getComputedStyle(document.querySelector('td.r bdi') || document.body).direction,
    ticks};
})()"""


@pytest.mark.parametrize("width", WIDTHS)
def test_words_and_columns_turn_and_charts_do_not(tab, preview, width: int) -> None:
    tab.resize(width)
    for code in ("ar", "pl"):
        page = next(
            page
            for page in preview.of(code)
            if "/measures/" in page and 'class="drawing"' in (preview.folder / page).read_text()
        )
        tab.open(preview.at(page))
        seen = tab.evaluate(_SIDES)
        is_right = code == "ar"
        assert seen["rtl"] == ("rtl" if is_right else "ltr")
        assert abs(seen["right" if is_right else "left"]) < 2, seen
        assert (seen["columns"][0] > seen["columns"][1]) == is_right
        assert seen["drawing"] == "ltr"
        assert seen["number"] == "ltr"
        named = [(text.strip(ISOLATES), left) for text, left in seen["ticks"]]
        years = {(int(text), left) for text, left in named if text.isdigit() and len(text) == 4}
        assert len(years) > 1
        assert [left for _, left in sorted(years)] == sorted(left for _, left in years)
