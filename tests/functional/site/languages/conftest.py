"""A preview of the small city's site in every language, and a language that brackets its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from social_evidence.app.site import make_site
from social_evidence.app.site_input import site_input
from social_evidence.site.choices import Choices
from social_evidence.site.content import SiteInput
from social_evidence.site.language_files import every_language, language_files, language_of
from social_evidence.site.language_formats import LocaleFormats
from social_evidence.site.language_pages import language_pages
from social_evidence.site.render import render
from social_evidence.site.tree import frame_of
from social_evidence.wording.language import Language

TODAY = date(2026, 11, 22)
VOID = {"meta", "link", "br", "img", "input", "hr"}
ATTRIBUTES = {"aria-label", "title", "alt", "placeholder", "aria-description"}


@dataclass
class Spoken(HTMLParser):
    """Words of a page, each with the language it is marked as; rows of its tables by address."""

    languages: list[tuple[str, str]] = field(default_factory=list)
    words: list[tuple[str, str]] = field(default_factory=list)
    tags: list[tuple[str, Mapping[str, str | None]]] = field(default_factory=list)
    rows: list[tuple[str, list[str]]] = field(default_factory=list)
    href: str = ""
    cells: list[str] = field(default_factory=list)
    is_cell: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @property
    def language(self) -> str:
        return next((lang for _, lang in reversed(self.languages) if lang), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in VOID:
            self.languages.append((tag, given.get("lang") or ""))
        self.words += [(text or "", self.language) for name, text in attrs if name in ATTRIBUTES]
        if tag == "tr":
            self.cells, self.href = [], ""
        elif tag == "td":
            self.cells.append("")
        elif tag == "a" and self.cells and self.is_cell:
            self.href = given.get("href") or ""
        self.is_cell = tag == "td" or (self.is_cell and tag not in {"tr", "th"})

    def handle_endtag(self, tag: str) -> None:
        while self.languages and self.languages.pop()[0] != tag:
            pass
        if tag == "tr" and self.href:
            self.rows.append((self.href, [re.sub("[ \n]+", " ", cell) for cell in self.cells]))
        if tag == "td":
            self.is_cell = False

    def handle_data(self, data: str) -> None:
        self.words.append((data, self.language))
        if self.is_cell and self.cells:
            self.cells[-1] += data


def spoken(html: str) -> Spoken:
    found = Spoken()
    found.feed(html)
    found.close()
    return found


@pytest.fixture(scope="package")
def listen() -> Callable[[str], Spoken]:
    """Read a page for its words."""
    return spoken


@dataclass(frozen=True)
class Preview:
    folder: Path
    pages: Mapping[str, Spoken]
    codes: tuple[str, ...]


@pytest.fixture(scope="package")
def preview(made, tmp_path_factory: pytest.TempPathFactory) -> Preview:
    """The preview of every language."""
    folder = tmp_path_factory.mktemp("languages")
    make_site(made.base, folder, today=TODAY, preview_languages=True)
    codes = tuple(one.code for one in every_language())
    pages = {
        path.relative_to(folder).as_posix(): spoken(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }
    return Preview(folder, pages, codes)


@pytest.fixture(scope="package")
def given(made) -> SiteInput:
    """The release made ready for pages."""
    return site_input(made.release.stored.folder, ("draft",), is_public=False)


BRITISH = LocaleFormats.of("en")


@dataclass(frozen=True)
class Bracketed:
    """Formats that bracket every word they write."""

    real: LocaleFormats = BRITISH

    def number(self, value: Decimal) -> str:
        return self.real.number(value)

    def percent(self, value: Decimal) -> str:
        return self.real.percent(value)

    def pounds(self, value: Decimal) -> str:
        return self.real.pounds(value)

    def digits(self, text: str) -> str:
        return text

    def day(self, day: date) -> str:
        return f"⟦{self.real.day(day)}⟧"

    def month(self, day: date, *, alone: bool) -> str:
        return f"⟦{self.real.month(day, alone=alone)}⟧"

    def plural(self, value: Decimal) -> str:
        return "other"


def names_of(site: SiteInput) -> Iterator[tuple[str, str]]:
    """Every name of a catalogue that pages may say."""
    yield "site", site.title
    yield from (("notice", text) for text in site.notices)
    yield from (("measure", one.title) for one in site.catalogue.measures.values())
    yield from (("part", name) for name in site.names.parts.values())
    yield from (("part", one.title) for one in site.catalogue.measures.values())
    yield from (("series", name) for name in site.names.series.values())
    yield from (("place", place.name) for place in site.places)
    yield from (("breakdown", name) for name in site.names.breakdowns.values())
    yield from (("group", name) for name in site.names.groups.values())


@pytest.fixture(scope="package")
def pseudo(given: SiteInput) -> Language:
    """A language that says every message and name in brackets, from right to left."""
    english = language_of(next(one for one in language_files() if one.code == "en"))
    messages = {
        key: tuple(f"⟦{form}⟧" for form in forms) for key, forms in english.messages.items()
    }
    messages |= {key: (f"⟦{key[1]}⟧",) for key in names_of(given)}
    return Language(
        code="he",
        name="⟦pseudo⟧",
        direction="rtl",
        messages=messages,
        categories=("one", "other"),
        formats=Bracketed(),
    )


@pytest.fixture(scope="package")
def written(given: SiteInput) -> Callable[[Language], Mapping[str, str]]:
    """Write the pages of one language."""

    def write(language: Language) -> Mapping[str, str]:
        site = replace(given, languages=(language,))
        pages = list(language_pages(Choices(site), site.languages))
        frame = frame_of(site, pages)
        return {page.path: render(page, frame) for page in pages}

    return write
