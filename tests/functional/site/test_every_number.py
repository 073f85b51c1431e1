"""Numbers in sentences and on charts are those of the page's tables, which are the release's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from social_evidence.model.comparison import Comparison
from social_evidence.site.figures import verdict_of

_NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")
_SHARE = re.compile(r"([−-]?\d[\d,]*(?:\.\d+)?)%")
_POINTS = re.compile(r"([−-]?\d[\d.]*(?: to [−-]?\d[\d.]*)?) (?:percentage )?points?\b")
_END = r"(?:no different|\d[\d.]* points? (?:lower|higher))"
_SIDES = re.compile(rf"from {_END} to {_END}|between \d[\d.]* and \d[\d.]* points (?:lower|higher)")
"""A range of a difference, with directions in place of signs: one whole, held as one."""
everywhere = pytest.mark.parametrize(
    "made",
    ["city", "initiatives", pytest.param("london", marks=pytest.mark.slow)],
    indirect=True,
    scope="package",
)
_VOID = {"meta", "link", "input", "br", "img", "hr", "wbr", "source"}
_TEXTS = {"p", "li", "dd", "dt", "h1", "h2", "h3", "blockquote", "summary"}
_SAID_OF_METHODS = {"95", "99.8", "100", "0", "50"}
"""Per cent that are no figure: levels of intervals and ends of scales."""
_WORDS_ONLY = (
    "glossary/",
    "methods/",
    "accessibility/",
    "easy-read/",
    "data/",
    "releases/",
    "formats/",
)


@dataclass
class Told(HTMLParser):
    """What a page says, by where it says it: cells of tables, words of charts, sentences."""

    cells: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    stack: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        classes = frozenset((dict(attrs).get("class") or "").split())
        self.stack.append((tag, classes))
        where = self._where()
        if tag in {"td", "th"}:
            self.cells.append("")
        elif tag == "text" and where == "chart":
            self.charts.append("")
        elif tag in _TEXTS and where == "sentence":
            self.sentences.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that closes itself holds nothing."""

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack[-1][0] != tag:
            self.stack.pop()
        if self.stack:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        where = self._where()
        told = {"cell": self.cells, "chart": self.charts, "sentence": self.sentences}.get(where)
        if told:
            told[-1] += data

    def _where(self) -> str:
        tags = [tag for tag, _ in self.stack]
        classes = {name for _, own in self.stack for name in own}
        if "main" not in tags or "code" in tags or "cite" in classes:
            return ""
        if "table" in tags:
            return "cell" if {"td", "th"} & set(tags) else ""
        if "svg" in tags:
            is_figure = "text" in tags and "tk" not in classes
            return "chart" if is_figure and "ruler" not in classes else ""
        if "key" in classes or "figcaption" in tags or "dl" in classes or "script" in tags:
            return ""
        return "sentence" if set(tags) & _TEXTS else ""


def told_of(path: Path) -> Told:
    found = Told()
    found.feed(path.read_text(encoding="utf-8"))
    found.close()
    return found


def numbers(texts: Iterable[str]) -> set[str]:
    return {one.lstrip("−-") for text in texts for one in _NUMBER.findall(text)}


@pytest.fixture(scope="module")
def pages(made) -> Mapping[str, Told]:
    listed = (
        path
        for path in made.pages
        if not path.startswith(("r/", *_WORDS_ONLY)) and "/embed" not in path
    )
    return {path: told_of(made.folder / path) for path in listed}


@pytest.fixture(scope="module")
def sentences(pages) -> Mapping[str, Told]:
    """Pages whose sentences are held here; those of initiatives are held in `test_initiatives`."""
    return {path: page for path, page in pages.items() if not path.startswith("initiatives/")}


@pytest.fixture(scope="module")
def differences(made) -> set[str]:
    """Every difference of the release in words, seen from either side, and every gap."""
    rows = made.rows
    units = {row.measure: row.unit for row in rows}
    found: set[str] = set()
    for record in made.release.comparisons.to_pylist():
        one = Comparison(**record)
        mirrored = replace(
            one,
            difference=None if one.difference is None else -one.difference,
            lower=None if one.upper is None else -one.upper,
            upper=None if one.lower is None else -one.lower,
        )
        for side in (one, mirrored):
            size = verdict_of(side, units[one.measure])
            if size:
                found |= {*_POINTS.findall(size.size), size.extent}
                found |= set(_POINTS.findall(_SIDES.sub("", size.extent)))
    for row in rows:
        if row.statistic == "difference":
            told = made.tell(row)
            found |= {*_POINTS.findall(told.value), *_POINTS.findall(told.range)}
    return found | {one.lstrip("−") for one in found}


@everywhere
def test_numbers_on_charts_stand_in_a_table_of_the_same_page(made, pages) -> None:
    compared = 0
    for path, page in pages.items():
        there = numbers(page.cells)
        for text in page.charts:
            wanted = numbers([text])
            compared += len(wanted)
            assert wanted <= there, (path, text)
    assert compared > 100


@everywhere
def test_shares_in_sentences_stand_in_a_table_of_the_same_page(made, sentences) -> None:
    rows = made.rows
    headlines = {text for row in rows for text in (made.tell(row).value, made.tell(row).range)}
    known = numbers(headlines)
    labels = {made.tell(row).label for row in rows if row.lower is not None}
    compared = 0
    for path, page in sentences.items():
        # Large print has no tables: its sentences hold all figures, each with its range.
        own = known if path.endswith("/large.html") else numbers(page.cells)
        there = own | _SAID_OF_METHODS
        for sentence in page.sentences:
            # A figure with its range is whole by itself.
            whole = labels & set(re.findall(r"[\d.]+% \([^)]*\)", sentence))
            text = re.sub("|".join(map(re.escape, whole)) or "(?!)", "", sentence)
            for share in _SHARE.findall(text):
                compared += 1
                assert share.lstrip("−-") in there, (path, text)
                assert share.lstrip("−-") in known | _SAID_OF_METHODS, (path, text)
    assert compared > 20


def test_differences_in_sentences_are_the_releases(made, sentences, differences) -> None:
    compared = 0
    for path, page in sentences.items():
        for sentence in page.sentences:
            for extent in _SIDES.findall(sentence):
                compared += 1
                assert extent in differences, (path, sentence)
            text = _SIDES.sub("", sentence)
            for points in _POINTS.findall(text):
                if "wide" in text[text.index(points) :][:40]:
                    continue
                compared += 1
                assert points in differences, (path, text)
    assert compared >= 5


def test_a_number_that_is_in_no_table_would_be_found(made, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<main><p>About 61.7% agree.</p><svg><text class=tk>3</text><text>72%</text></svg>"
        "<table><tr><td>5%</td></tr></table></main>",
        encoding="utf-8",
    )
    told = told_of(page)
    assert _SHARE.findall(told.sentences[0]) == ["61.7"]
    assert told.charts == ["72%"]
    assert numbers(told.cells) == {"5"}
