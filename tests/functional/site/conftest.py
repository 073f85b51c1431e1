"""A small site, made from the packaged small city, and its pages read as a crawler would."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from social_evidence.app.decide import approve
from social_evidence.app.demo import demonstrate
from social_evidence.app.demo_london import demonstrate_london
from social_evidence.app.release import Release, load_release
from social_evidence.app.site import make_site
from social_evidence.catalogue.load import examine
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.site.figures import Told, tell

TODAY = date(2026, 11, 22)


@dataclass
class Html(HTMLParser):
    """What a page holds: its tags, ids, links, text, and its tables' rows."""

    tags: list[tuple[str, Mapping[str, str | None]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    rows: list[tuple[str, list[str], list[str]]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)
    row_id: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "tr":
            self.row_id, self.cells, self.hrefs = given.get("id") or "", [], []
        elif tag == "span" and self.cells and given.get("class") == "when":
            self.cells[-1] += " | "
        elif tag in {"td", "th"}:
            self.cells.append("")
        elif tag == "a" and self.cells:
            self.hrefs.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            texts = [" ".join(cell.split()) for cell in self.cells]
            self.rows.append((self.row_id, texts, self.hrefs))
            self.cells = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.cells:
            self.cells[-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)

    def values(self, attribute: str) -> list[str]:
        return [given[attribute] or "" for _, given in self.tags if attribute in given]


def read(path: Path) -> Html:
    found = Html()
    found.feed(path.read_text(encoding="utf-8"))
    found.close()
    return found


@dataclass(frozen=True)
class MadeSite:
    base: Path
    folder: Path
    release: Release
    pages: Mapping[str, Html]
    measures: Mapping[str, Measure]

    def tell(self, row: Estimate) -> Told:
        """A row in words, with the decimals its measure asks for."""
        return tell(row, self.measures[row.measure].decimals)


def measures_of(release: Release) -> Mapping[str, Measure]:
    catalogue, _ = examine([release.stored.folder / "catalogue"])
    return catalogue.measures


@pytest.fixture(scope="package")
def reading() -> Callable[[Path], Html]:
    """Read one page."""
    return read


@pytest.fixture(scope="package", params=["city", pytest.param("london", marks=pytest.mark.slow)])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MadeSite:
    """The site of a small invented city; by hand and at night that of the small London too."""
    base = tmp_path_factory.mktemp(request.param)
    folder = tmp_path_factory.mktemp("site")
    if request.param == "london":
        demonstrate_london(base, is_small=True, as_of=date(2026, 1, 2))
        release = load_release(base)
    else:
        demonstrate(base, as_of=date(2026, 1, 2))
        release = load_release(base)
        approve(base, release.manifest.version, by="test", as_of=date(2026, 1, 3))
    make_site(base, folder, today=TODAY)
    pages = {
        path.relative_to(folder).as_posix(): read(path) for path in sorted(folder.rglob("*.html"))
    }
    return MadeSite(base, folder, release, pages, measures_of(release))


@pytest.fixture
def copy_of_base(tmp_path: Path) -> Callable[[Path], Path]:
    """Copy an evidence base, to change it."""

    def copied(base: Path) -> Path:
        return Path(shutil.copytree(base, tmp_path / "base"))

    return copied
