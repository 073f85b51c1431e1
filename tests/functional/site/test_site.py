"""Every page of a small site: its numbers are the release's, its links lead somewhere."""

from __future__ import annotations

import gzip
import itertools
import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from social_evidence.app.decide import withdraw
from social_evidence.app.site import make_site
from social_evidence.errors import DisclosureError, StoreError
from social_evidence.model.comparison import Comparison
from social_evidence.model.estimate import HIDDEN, Estimate
from social_evidence.site.addresses import MOST_ROWS, cell_folder, cell_ids, decade
from social_evidence.site.figures import verdict_of
from social_evidence.store.tables import to_estimates
from social_evidence.wording.periods import period_words

TODAY = date(2026, 11, 22)
everywhere = pytest.mark.parametrize(
    "made",
    ["city", "initiatives", pytest.param("london", marks=pytest.mark.slow)],
    indirect=True,
    scope="package",
)
"""What reads pages only is asked of every small site."""


@pytest.fixture(scope="module")
def addressed(made) -> Mapping[str, Estimate]:
    """Every row of the release by its address, worked out from the rule in words."""
    found: dict[str, Estimate] = {}
    places: dict[tuple[str, str], list[Estimate]] = defaultdict(list)
    for row in made.rows:
        places[row.measure, row.area].append(row)
    for place, own in places.items():
        ids = cell_ids(own, made.order.get(place[0], ()))
        for row in own:
            part = f"{decade(row)}/" if len(own) > MOST_ROWS else ""
            found[f"{cell_folder(*place)}/{part}index.html#{ids[row.key]}"] = row
    return found


def joined(path: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), href))


def files(folder: Path) -> list[Path]:
    return sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())


def latest(made) -> Mapping[str, object]:
    return {path: page for path, page in made.pages.items() if not path.startswith("r/")}


@everywhere
def test_every_published_cell_has_its_address_and_says_what_the_release_says(
    made, addressed
) -> None:
    told = {
        f"{path}#{row_id}": cells
        for path, page in latest(made).items()
        for row_id, cells, _ in page.rows
        if row_id and path.startswith("c/")
    }
    assert set(told) == set(addressed)
    for address, row in addressed.items():
        assert told[address][1].startswith(made.tell(row).value), address
        if row.estimate is not None:
            assert told[address][2] == made.tell(row).range, address


@everywhere
def test_every_linked_number_on_every_page_equals_the_cell_it_leads_to(made, addressed) -> None:
    compared = 0
    for path, page in latest(made).items():
        for row_id, cells, hrefs in page.rows:
            for href in hrefs:
                target = joined(path, href)
                if "#" in href and not row_id and target in addressed:
                    row = addressed[target]
                    value = made.tell(row).value
                    assert any(re.match(re.escape(value) + r"( |$)", c) for c in cells), (
                        path,
                        cells,
                    )
                    compared += 1
                    if row.lower is not None:
                        told = made.tell(row)
                        assert {told.range, told.label} & pieces(cells), (path, cells)
    assert compared > 40


def pieces(cells: list[str]) -> set[str]:
    """What stands in cells: figures without their letters, and what is set small beneath them."""
    return {re.sub(r" \[\w\]", "", piece).strip() for cell in cells for piece in cell.split(" | ")}


def sizes(made) -> set[str]:
    """Sizes of every comparison of the release, seen from either side."""
    found = set()
    units = {row.measure: row.unit for row in to_estimates(made.release.estimates)}
    for record in made.release.comparisons.to_pylist():
        one = Comparison(**record)
        turned = replace(
            one,
            difference=None if one.difference is None else -one.difference,
            lower=None if one.upper is None else -one.upper,
            upper=None if one.lower is None else -one.lower,
        )
        for side in (one, turned):
            told = verdict_of(side, units[one.measure])
            found |= {told.size} if told else set()
    return found


@everywhere
def test_a_number_in_a_table_leads_to_its_cell_or_belongs_to_one_that_does(made) -> None:
    told = map(made.tell, made.rows)
    known = {text for one in told for text in (one.value, one.range, one.label)}
    known |= sizes(made) | {period_words(row.period, short=True) for row in made.rows}
    bases = {f"{row.base:,}" for row in made.rows if row.base is not None}
    for path, page in latest(made).items():
        # Lines of initiatives' pages are held one by one in `test_initiatives`.
        if path.startswith(("releases/", "data/", "gaps/", "methods/", "accessibility/", "init")):
            continue
        for _, cells, _ in page.rows:
            for piece in pieces(cells[1:]):
                if re.search(r"\d[\d.,]*%| points?$", piece):
                    assert piece in known, (path, cells)
                elif re.fullmatch(r"[\d,]+", piece):
                    assert piece in known | bases, (path, cells)


@everywhere
def test_no_survey_figure_stands_without_its_range(made, addressed) -> None:
    for path, page in latest(made).items():
        for row_id, _, hrefs in page.rows:
            targets = [joined(path, href) for href in hrefs]
            for row in (addressed[t] for t in targets if t in addressed and not row_id):
                if row.method == "survey" and row.estimate is not None:
                    assert made.tell(row).range in page.text or made.tell(row).label in page.text, (
                        path
                    )


@everywhere
def test_hidden_figures_are_words_everywhere(made, addressed) -> None:
    hidden = {address for address, row in addressed.items() if row.status in HIDDEN}
    assert hidden
    for path, page in latest(made).items():
        for row_id, cells, _ in page.rows:
            if f"{path}#{row_id}" in hidden:
                assert not re.search(r"\d+%", " ".join(cells[1:])), (path, cells)


@everywhere
def test_every_link_leads_to_a_page_and_a_place_on_it(made) -> None:
    for path, page in made.pages.items():
        for href in page.values("href") + page.values("src"):
            if re.match(r"https?://", href):
                continue
            assert not href.startswith("/"), (path, href)
            target, _, place = href.partition("#")
            found = joined(path, target or posixpath.basename(path))
            assert (made.folder / found).is_file(), (path, href)
            if place:
                assert place in made.pages[found].values("id"), (path, href)


@everywhere
def test_every_page_has_one_heading_a_language_and_no_style_or_script_inside(made) -> None:
    for path, page in made.pages.items():
        assert page.count("h1") == 1, path
        assert page.tags[0] == ("html", {"lang": "en-GB"}), path
        assert page.count("title") == 1, path
        assert page.count("main") == 1, path
        assert page.values("style") == [], path
        assert page.count("style") == 0, path
        for tag, given in page.tags:
            if tag == "script":
                assert set(given) == {"src", "defer"}, path
                assert "static/" in (given["src"] or ""), path
        assert not [name for _, given in page.tags for name in given if name.startswith("on")], path
        ids = page.values("id")
        assert len(ids) == len(set(ids)), path


@everywhere
def test_every_page_runs_under_a_strict_policy(made) -> None:
    for path, page in made.pages.items():
        (policy,) = [g["content"] for t, g in page.tags if g.get("http-equiv")]
        assert "default-src 'none'" in (policy or ""), path
        assert "unsafe" not in (policy or ""), path


@everywhere
def test_every_page_says_that_its_figures_are_made_up(made) -> None:
    for path, page in made.pages.items():
        if page.count("header") > 1:
            assert "made up by a program" in page.text, path


@everywhere
def test_headings_step_down_one_level_at_a_time(made) -> None:
    for path, page in made.pages.items():
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1, path
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), (path, levels)


@everywhere
def test_a_page_weighs_little(made) -> None:
    sheet = len(gzip.compress((made.folder / "site.css").read_bytes()))
    assert sheet <= 14_000
    for path in made.pages:
        assert len(gzip.compress((made.folder / path).read_bytes())) + sheet <= 40_000, path


def test_the_same_release_gives_the_same_bytes(made, tmp_path: Path) -> None:
    make_site(made.base, tmp_path, today=TODAY)
    there = files(tmp_path)
    assert there == sorted(
        p.relative_to(made.folder) for p in made.folder.rglob("*") if p.is_file()
    )
    for path in there:
        assert (tmp_path / path).read_bytes() == (made.folder / path).read_bytes(), path


def test_nothing_is_written_twice(made) -> None:
    before = {p: p.stat().st_mtime_ns for p in made.folder.rglob("*.html")}
    again = make_site(made.base, made.folder, today=TODAY)
    assert again.written == 0
    assert again.built == ()
    assert {p: p.stat().st_mtime_ns for p in made.folder.rglob("*.html")} == before


@everywhere
def test_each_page_leads_to_its_twin(made) -> None:
    version = made.release.manifest.version
    for path, page in latest(made).items():
        assert f"r/{version}/{path}" in made.pages
        here = posixpath.dirname(path)
        twins = [posixpath.normpath(posixpath.join(here, h)) for h in page.values("href")]
        assert f"r/{version}/{path}" in twins, path


@pytest.fixture
def copy(made, tmp_path: Path) -> Path:
    target = tmp_path / "site"
    make_site(made.base, target, today=TODAY)
    return target


def test_a_frozen_page_that_was_changed_is_refused(made, copy: Path) -> None:
    page = copy / "r" / made.release.manifest.version / "index.html"
    page.write_text("changed", encoding="utf-8")
    with pytest.raises(StoreError, match="never changes"):
        make_site(made.base, copy, today=TODAY)


def test_a_preview_never_takes_a_public_sites_place(made, copy: Path) -> None:
    with pytest.raises(StoreError, match="public site"):
        make_site(made.base, copy, today=TODAY, draft=True)


def test_a_draft_is_refused_and_a_preview_of_it_is_marked(
    made, tmp_path: Path, copy_of_base: Callable[[Path], Path]
) -> None:
    base = copy_of_base(made.base)
    (base / "releases" / "states.jsonl").unlink()
    with pytest.raises(DisclosureError, match="draft"):
        make_site(base, tmp_path / "public", today=TODAY)
    assert not list((tmp_path / "public").glob("*.html"))
    make_site(base, tmp_path / "preview", today=TODAY, draft=True)
    text = (tmp_path / "preview" / "index.html").read_text(encoding="utf-8")
    assert "Draft" in text
    assert 'content="noindex"' in text
    assert not (tmp_path / "preview" / "r").exists()


def test_a_withdrawn_release_gives_way_to_a_notice(
    made, tmp_path: Path, copy_of_base: Callable[[Path], Path], reading
) -> None:
    base, out = copy_of_base(made.base), tmp_path / "site"
    version = made.release.manifest.version
    make_site(base, out, today=TODAY)
    withdraw(base, version, by="test", reason="The weights were wrong.", as_of=TODAY)
    with pytest.raises(DisclosureError, match="withdrawn"):
        make_site(base, out, today=TODAY)
    for folder in (out, out / "r" / version):
        assert [path.name for path in folder.glob("*.html")] == ["index.html"]
        notice = reading(folder / "index.html")
        assert "The weights were wrong." in notice.text
        assert not re.search(r"\d+%", notice.text)
    assert not (out / "measures" / "index.html").exists()


@everywhere
def test_every_section_with_a_figure_begins_with_a_sentence_that_stands_alone(made) -> None:
    # Words, then numbers, then pictures: what was not tested says so, rather than nothing at all.
    checked = 0
    for path in latest(made):
        if not path.startswith("measures/") or path.count("/") != 2:
            continue
        html = (made.folder / path).read_text(encoding="utf-8")
        for section in re.findall(r"<section.*?</section>", html, re.DOTALL):
            if "<figure" in section:
                checked += 1
                assert '<p class="find">' in section[: section.index("<figure")], (
                    path,
                    section[:90],
                )
    assert checked >= 3


@everywhere
def test_the_first_page_says_of_every_figure_when_it_is_of_and_how_sure_it_is(made) -> None:
    html = (made.folder / "index.html").read_text(encoding="utf-8")
    lede = re.search(r'<p class="lede">(.*?)</p>', html, re.DOTALL)
    assert lede
    told = " ".join(lede[1].split())
    sentences = [one for one in re.split(r"(?<=\.) (?=[A-Z])", told) if one]
    assert 1 <= len(sentences) <= 3
    for sentence in sentences:
        assert "very likely" in sentence, sentence
        assert re.search(r"\b20\d\d\b", sentence), sentence
