"""Small sites, of the packaged small city and of initiatives; pages read as a crawler would."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from social_evidence.app.decide import approve
from social_evidence.app.demo import demonstrate
from social_evidence.app.demo_london import demonstrate_london
from social_evidence.app.release import Release, load_release
from social_evidence.app.site import make_site
from social_evidence.catalogue.load import examine
from social_evidence.model.catalogue import Catalogue
from social_evidence.model.estimate import Estimate
from social_evidence.model.measure import Measure
from social_evidence.site.figures import Told, tell
from social_evidence.store.tables import to_estimates

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
        elif (
            tag == "span"
            and self.cells
            and {"when", "why"} & set((given.get("class") or "").split())
        ):
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
    """A site, the release it is made of, and every figure that should have an address in it.

    order: id of a measure or success measure -> its series as defined.
    """

    base: Path
    folder: Path
    release: Release
    pages: Mapping[str, Html]
    catalogue: Catalogue
    rows: tuple[Estimate, ...]
    order: Mapping[str, tuple[str, ...]]

    @property
    def register(self) -> Mapping[str, Any]:
        """What the release says of initiatives beside their numbers: evaluations, definitions."""
        return self.release.stored.register

    @property
    def measures(self) -> Mapping[str, Measure]:
        """The city's measures."""
        return self.catalogue.measures

    def tell(self, row: Estimate) -> Told:
        """A row in words, with the decimals its measure asks for."""
        known = self.catalogue.measures.get(row.measure)
        return tell(row, known.decimals if known else None)


def of_initiatives(release: Release, catalogue: Catalogue) -> Iterator[Estimate]:
    """Every number of the initiatives table as the contract's words have it shown.

    It stands under its success measure; the wave is a breakdown; where the measure counts the
    opposite, what is shown is one less it, and of a change its negative.
    """
    turned = {
        success.id
        for initiative in catalogue.initiatives.values()
        for success in initiative.success_measures
        if success.shows_complement
    }
    for row in release.initiatives.to_pylist():
        figure = {name: row[name] for name in Estimate.__dataclass_fields__ if name in row}
        is_own = row["source"] == row["initiative"]
        breakdown, group, wave = row["breakdown"], row["group"], row["wave"]
        if wave != "none":
            group = wave if breakdown == "all" else f"{wave} * {group}"
            breakdown = "wave" if breakdown == "all" else f"wave*{breakdown}"
        figure |= {
            "population": f"participants:{row['initiative']}" if is_own else "residents",
            "measure": row["success_measure"],
            "part": "all" if row["item"] == "headline" else row["item"],
            "series": row["source"],
            "breakdown": breakdown,
            "group": group,
        }
        one = Estimate(**figure)
        if row["success_measure"] in turned and one.estimate is not None:
            whole = 0 if row["statistic"] == "difference" else 1
            low, high = one.lower, one.upper
            one = replace(
                one,
                estimate=round(whole - one.estimate, 3),
                lower=None if high is None else round(whole - high, 3),
                upper=None if low is None else round(whole - low, 3),
            )
        yield one


def made_of(base: Path, folder: Path) -> MadeSite:
    """Read a site that was made, and what it should say."""
    release = load_release(base)
    catalogue, _ = examine([release.stored.folder / "catalogue"])
    residents = [r for r in to_estimates(release.estimates) if r.population == "residents"]
    order = {m.id: tuple(series.id for series in m.series) for m in catalogue.measures.values()}
    return MadeSite(
        base=base,
        folder=folder,
        release=release,
        pages={
            path.relative_to(folder).as_posix(): read(path)
            for path in sorted(folder.rglob("*.html"))
        },
        catalogue=catalogue,
        rows=(*residents, *of_initiatives(release, catalogue)),
        order=order,
    )


@pytest.fixture(scope="package")
def reading() -> Callable[[Path], Html]:
    """Read one page."""
    return read


@pytest.fixture(scope="package", params=["city", pytest.param("london", marks=pytest.mark.slow)])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MadeSite:
    """The site of a small invented city; by hand and at night that of the small London too.

    What crawls pages asks for `initiatives` as well: a London of few residents' figures, with
    answers, returns and registers of initiatives.
    """
    base = tmp_path_factory.mktemp(request.param)
    folder = tmp_path_factory.mktemp("site")
    if request.param == "london":
        demonstrate_london(base, is_small=True, as_of=date(2026, 1, 2))
    elif request.param == "initiatives":
        base = request.getfixturevalue("initiatives_base")
    else:
        demonstrate(base, as_of=date(2026, 1, 2))
        approve(base, load_release(base).manifest.version, by="test", as_of=date(2026, 1, 3))
    make_site(base, folder, today=TODAY)
    return made_of(base, folder)


@pytest.fixture
def copy_of_base(tmp_path: Path) -> Callable[[Path], Path]:
    """Copy an evidence base, to change it."""

    def copied(base: Path) -> Path:
        return Path(shutil.copytree(base, tmp_path / "base"))

    return copied
