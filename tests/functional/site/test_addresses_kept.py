"""From release to release an address keeps its figure, and a changed figure tells what it was."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urljoin

import pytest

from social_evidence.app import site_history
from social_evidence.app.build import build
from social_evidence.app.decide import approve
from social_evidence.app.packaged import catalogue_folders
from social_evidence.app.release import load_release
from social_evidence.app.site import make_site
from social_evidence.catalogue.load import examine
from social_evidence.site import cells
from social_evidence.site.figures import tell
from social_evidence.store.tables import to_estimates
from social_evidence.synthetic import city

DAYS = (date(2026, 1, 2), date(2027, 1, 2))
MEASURE = "demo_life_satisfaction"
WHY = "Some answers had been typed wrong (made up)."
CORRECTION = f"""
[[corrections]]
field = "satisfaction and trust"
reason = "{WHY}"
status = "closed"
date = "2027-01-01"
"""
PAGES = "c/demo-life-satisfaction/*/index.html"


@dataclass(frozen=True)
class Two:
    """An evidence base of two releases, before any site of it."""

    base: Path
    versions: tuple[str, ...]

    def rows(self, at: int) -> Mapping[tuple[str, ...], object]:
        found = load_release(self.base / "releases" / self.versions[at]).estimates
        return {row.key: row for row in to_estimates(found)}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Two:
    """In the second release another series takes the first place, and some answers differ."""
    base = tmp_path_factory.mktemp("kept")
    (packaged,) = catalogue_folders([Path("demo")])
    catalogue = Path(shutil.copytree(packaged, base / "catalogue"))
    city.write_sources(base / "sources")
    first = build([catalogue], [base / "sources"], base, as_of=DAYS[0])
    approve(base, first.name, by="test", as_of=DAYS[0])
    survey = (catalogue / "sources/demo_survey.toml").read_text(encoding="utf-8")
    other = survey.replace('id = "demo_survey"', 'id = "demo_another"').replace(
        "survey.csv", "another.csv"
    )
    (catalogue / "sources/demo_another.toml").write_text(other, encoding="utf-8")
    shutil.copy(base / "sources/survey.csv", base / "sources/another.csv")
    (catalogue / "sources/demo_survey.toml").write_text(survey + CORRECTION, encoding="utf-8")
    path = catalogue / f"measures/{MEASURE}.toml"
    text = path.read_text(encoding="utf-8")
    added = '[[series]]\nsource = "demo_another"\nitem = "demo_satisfaction"\n\n[[series]]'
    path.write_text(text.replace("[[series]]", added, 1), encoding="utf-8")
    answers = (base / "sources/survey.csv").read_text(encoding="utf-8").splitlines()
    changed = [answers[0], *(_other_answer(line, answers[0]) for line in answers[1:200])]
    (base / "sources/survey.csv").write_text(
        "\n".join([*changed, *answers[200:]]) + "\n", encoding="utf-8"
    )
    second = build([catalogue], [base / "sources"], base, as_of=DAYS[1])
    approve(base, second.name, by="test", as_of=DAYS[1])
    return Two(base=base, versions=(first.name, second.name))


def _other_answer(line: str, head: str) -> str:
    values = line.split(",")
    for name in ("satisfaction", "trust"):
        values[head.split(",").index(name)] = "1"
    return ",".join(values)


def ids_of(page) -> dict[str, list[str]]:
    return {row_id: cells for row_id, cells, _ in page.rows if row_id}


@pytest.fixture(scope="module")
def site(two: Two, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(two.base, tmp_path_factory.mktemp("kept-site"), today=DAYS[1]).folder


def test_an_address_never_comes_to_mean_another_figure(
    two: Two, site: Path, reading: Callable[[Path], object]
) -> None:
    first, second = two.versions
    compared = 0
    for path in (site / "r" / first).glob(PAGES):
        here = path.relative_to(site / "r" / first)
        before, now = ids_of(reading(path)), ids_of(reading(site / "r" / second / here))
        assert ids_of(reading(site / here)).keys() == now.keys()
        for row_id, texts in before.items():
            # Period and series stand first and last but one.
            assert (now[row_id][0], now[row_id][-2]) == (texts[0], texts[-2]), row_id
            compared += 1
        added = set(now) - set(before)
        assert added
        assert all(row_id.endswith(".demo-another") for row_id in added)
    assert compared > 20


def test_a_tree_made_anew_later_gives_the_same_addresses(two: Two, site: Path, tmp_path) -> None:
    alone = make_site(two.base / "releases" / two.versions[0], tmp_path, today=DAYS[0]).folder
    again = sorted(path.relative_to(alone) for path in (alone / "r").rglob("*") if path.is_file())
    assert again == sorted(
        path.relative_to(site) for path in (site / "r" / two.versions[0]).rglob("*")
        if path.is_file()
    )  # fmt: skip
    for path in again:
        assert (alone / path).read_bytes() == (site / path).read_bytes(), path


def test_a_changed_figure_tells_what_it_was_with_its_range(
    two: Two, site: Path, reading: Callable[[Path], object]
) -> None:
    old, new = two.rows(0), two.rows(1)
    moved = {
        key
        for key, row in new.items()
        if key in old and key[1] == MEASURE and row.estimate != old[key].estimate is not None
    }
    assert moved
    told = 0
    for path in site.glob(PAGES):
        rows = reading(path).rows
        for at, (row_id, texts, _) in enumerate(rows):
            if texts[0] != f"Before {two.versions[1]}":
                assert row_id or "figure" not in texts[0].lower()
                continue
            shown = next(cells for own, cells, _ in reversed(rows[:at]) if own)
            key = next(
                key
                for key in moved
                if tell(new[key]).value == shown[1].split(" [")[0]
                and tell(old[key]).value == texts[1]
                and tell(old[key]).range == texts[2]
            )
            assert key
            assert texts[3] == WHY
            told += 1
    assert told >= len(moved)


def test_no_page_tells_an_old_figure_without_its_range(
    two: Two, site: Path, reading: Callable[[Path], object]
) -> None:
    page = reading(site / "measures/demo-neighbours-trusted/index.html")
    (line,) = [cells for _, cells, _ in page.rows if cells[0] == two.versions[1]]
    for text in line[1:3]:
        assert re.fullmatch(r"[\d.]+% \([\d.]+ to [\d.]+\)", text), text


def test_a_page_that_is_parted_leads_on_from_its_old_addresses(
    two: Two, tmp_path: Path, reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = max(
        sum(key[1] == MEASURE and key[5] == area for key in two.rows(0))
        for area in {key[5] for key in two.rows(0)}
    )
    for module in (site_history, cells):
        monkeypatch.setattr(module, "MOST_ROWS", count)
    folder = make_site(two.base, tmp_path, today=DAYS[1]).folder
    parted = 0
    for path in (folder / "r" / two.versions[0]).glob(PAGES):
        here = path.relative_to(folder / "r" / two.versions[0]).as_posix()
        page = reading(folder / here)
        before = set(ids_of(reading(path)))
        if not (folder / here).parent.joinpath("2020s").is_dir():
            continue
        parted += 1
        assert ids_of(page) == {}
        assert before <= set(page.values("id"))
        led = {
            href.partition("#")[2]: urljoin(here, href)
            for href in page.values("href")
            if href.startswith("2020s/") and "#" in href
        }
        assert set(led) == before
        for row_id, target in led.items():
            there = reading(folder / target.partition("#")[0])
            assert row_id in ids_of(there)
    assert parted


def test_history_follows_the_releases_and_not_the_spelling_of_their_names(
    two: Two, tmp_path: Path
) -> None:
    newest = two.base / "releases" / two.versions[1]
    assert [path.name for path in site_history.lineage(newest)] == list(two.versions[::-1])
    draft = shutil.copytree(newest, tmp_path / "releases" / two.versions[1])
    shutil.copytree(newest, tmp_path / "releases" / "2026.9.9")
    # A folder that no release follows, such as a draft, and one that is gone tell nothing.
    assert site_history.lineage(draft) == (draft,)


def test_every_change_in_the_file_is_in_the_history(two: Two) -> None:
    newest = two.base / "releases" / two.versions[1]
    known, _ = examine([newest / "catalogue"])
    with (newest / "changes.csv").open(encoding="utf-8", newline="") as opened:
        revised = [row for row in csv.DictReader(opened) if row["change"] == "revised"]
    assert revised
    assert len(site_history.revisions_of(newest, known)) == len(revised)
