"""Other forms of pages: their numbers are the pages', and each says what it lacks."""

from __future__ import annotations

import html as markup
import io
import os
import posixpath
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from social_evidence.app import braille, pictures, report_pdf, site_formats
from social_evidence.app.release_gate import gate_release
from social_evidence.app.site import make_site
from social_evidence.app.site_input import site_input
from social_evidence.app.site_zip import archive
from social_evidence.errors import StoreError
from social_evidence.site.assets import assets
from social_evidence.site.braille import CELLS, LINES
from social_evidence.site.choices import Choices
from social_evidence.site.content import Formats, SiteInput
from social_evidence.site.plain_text import WIDTH, to_lines, to_text
from social_evidence.site.render import ROOT
from social_evidence.site.summaries import summaries
from social_evidence.site.tree import rendered

TODAY = date(2026, 11, 22)
_NUMBER = re.compile(r"−?\d+(?:,\d{3})*(?:\.\d+)?")


def numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


@pytest.fixture(scope="module")
def site(made) -> SiteInput:
    folder = made.release.stored.folder
    given = site_input(folder, gate_release(folder, TODAY), is_public=True)
    report = f"# State\n\n{{{{ {next(iter(made.measures))} by=period | table or why }}}}\n"
    return replace(given, catalogue=replace(given.catalogue, files={"report/state.md": report}))


@pytest.fixture(scope="module")
def pages(site: SiteInput) -> Mapping[str, str]:
    """Every text file of a tree, with what pictures and Braille are made from."""
    return dict(rendered(replace(site, formats=Formats(images=True, braille=True))))


def program(*names: str) -> None:
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        reason = f"no {' and no '.join(missing)} on this machine"
        if os.environ.get("REQUIRE_TOOLS") == "1":
            pytest.fail(f"{reason} (REQUIRE_TOOLS=1)")
        pytest.skip(reason)


def texts(made) -> dict[str, str]:
    return {
        path.relative_to(made.folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(made.folder.rglob("summary.txt"))
        if not path.relative_to(made.folder).as_posix().startswith("r/")
    }


def test_every_measure_and_borough_has_its_plain_text_and_large_print(made) -> None:
    found = {path.removesuffix("summary.txt") for path in texts(made)}
    kinds = re.compile(r"(measures|areas)/.+/index\.html")
    meant = {path.removesuffix("index.html") for path in made.pages if kinds.fullmatch(path)}
    assert found == meant
    assert all(f"{folder}large.html" in made.pages for folder in meant)


def test_a_line_of_plain_text_has_at_most_72_characters(made) -> None:
    for path, text in texts(made).items():
        for line in text.splitlines():
            assert len(line) <= WIDTH or " " not in line.strip(), path


def test_every_number_of_plain_text_stands_on_the_page(made) -> None:
    for path, text in texts(made).items():
        page = made.pages[path.replace("summary.txt", "index.html")].text
        # A figure's label leaves the sign of its unit to the first number only.
        there = numbers(page)
        lost = {one for one in numbers(text) if one not in there and one not in page}
        assert not lost, (path, lost)


def test_a_hidden_figure_is_told_in_words(made) -> None:
    for path, text in texts(made).items():
        page = made.pages[path.replace("summary.txt", "index.html")].text
        assert ("Too few people to say" in text) <= ("Too few people to say" in page), path
        assert "None" not in text


def test_large_print_says_the_same_as_plain_text(made) -> None:
    for path, text in texts(made).items():
        page = made.pages[path.replace("summary.txt", "large.html")].text
        plain = re.sub(r"^[-=]+$", "", text, flags=re.MULTILINE).replace("\n- ", "\n")
        words = [word for word in plain.split() if word not in page]
        assert not words, path


def test_large_print_is_18_points_or_more() -> None:
    sheet = dict(assets())["static/large.css"].decode()
    assert "font: 18pt" in sheet
    assert not re.search(r"font-size:\s*0?\.\d", sheet)


def test_what_braille_is_made_from_has_the_words_of_the_plain_text(site) -> None:
    for one in summaries(Choices(site)):
        lines = " ".join(line[2:] for line in to_lines(one).splitlines())
        plain = re.sub(r"^[-=]+$", "", to_text(one), flags=re.MULTILINE).replace("\n- ", "\n")
        assert lines.split() == plain.split()


def test_braille_files_have_the_shape_an_embosser_takes_and_every_number(site) -> None:
    program(braille.PROGRAM)
    told = {one.page: to_lines(one) for one in summaries(Choices(site))}
    for path, content in braille.to_braille(told).items():
        for page in content.decode("ascii").split("\f"):
            lines = page.removesuffix("\r\n").split("\r\n")
            assert len(lines) == LINES
            assert max(map(len, lines)) <= CELLS
        whole = re.sub(r"\s+", " ", content.decode("ascii"))
        for number in re.findall(r"\b\d+\b", told[path]):
            letters = number.translate(str.maketrans("1234567890", "ABCDEFGHIJ"))
            assert letters in whole, (path, number)


def test_every_chart_of_a_page_is_a_file_that_needs_nothing(made) -> None:
    found = sorted(made.folder.glob("*/*/figure-*.svg"))
    assert found
    for path in found:
        text = path.read_text(encoding="utf-8")
        tree = ET.fromstring(text)
        names = {element.tag.rpartition("}")[2] for element in tree.iter()}
        assert names.isdisjoint({"script", "image", "foreignObject", "a", "use"}), path
        assert "http" not in text.replace("http://www.w3.org/2000/svg", ""), path
        assert tree.get("width") == "688"
        assert "prefers-color-scheme:dark" in text
        assert f"release {made.release.manifest.version}" in text
        page = made.pages[path.relative_to(made.folder).with_name("index.html").as_posix()].text
        said = " ".join(
            element.text or "" for element in tree.iter() if element.tag.endswith("text")
        )
        year = {made.release.manifest.created[:4]}
        lost = {n for n in numbers(said) - year if n not in page and n.lstrip("−") not in page}
        assert not {n for n in lost if len(n) > 2}, (path, lost)


def test_every_file_of_a_chart_says_by_itself_what_it_is_of(made) -> None:
    titles: dict[Path, list[str]] = {}
    for path in sorted(made.folder.glob("*/*/figure-*.svg")):
        tree = ET.fromstring(path.read_text(encoding="utf-8"))
        printed = [one.text or "" for one in tree.iter() if one.tag.endswith("}text")]
        # A long title runs over lines; the unit or the mark of made-up figures comes after it.
        titles.setdefault(path.parent, []).append(" ".join(printed[:3]))
    assert titles
    for folder, told in titles.items():
        assert len(set(told)) == len(told), folder
        assert not [title for title in told if "same figures" in title.lower()], folder


def test_charts_without_dark_values_have_no_rules(made) -> None:
    found = next(iter(sorted(made.folder.glob("measures/*/figure-1.svg"))))
    light = re.sub(r"<style>.*?</style>", "", found.read_text(encoding="utf-8"))
    assert "var(--" not in light


def test_small_pages_show_a_figure_its_range_and_where_there_is_more(made) -> None:
    small = {path: page for path, page in made.pages.items() if path.startswith("embed/")}
    assert small
    for path, page in small.items():
        folder = made.folder / path
        weight = len(folder.read_bytes()) + len((made.folder / "site.css").read_bytes())
        assert weight < 60_000, path
        assert page.count("form") == 0
        assert "How this measure" not in page.text
        assert any(given.get("target") == "_blank" for _, given in page.tags)


def test_a_small_page_that_is_kept_for_good_leads_to_its_latest_twin(made) -> None:
    version = made.release.manifest.version
    for path in made.pages:
        if path.startswith(f"r/{version}/embed/"):
            html = (made.folder / path).read_text(encoding="utf-8")
            assert "whether there is anything newer" in html
            assert "data-latest" in html


def test_a_measures_page_gives_the_code_of_its_small_page(made) -> None:
    version = made.release.manifest.version
    for measure in made.measures:
        slug = measure.replace("_", "-")
        html = (made.folder / f"measures/{slug}/index.html").read_text(encoding="utf-8")
        assert f"r/{version}/embed/{slug}/index.html" in markup.unescape(html)
        assert (made.folder / f"r/{version}/embed/{slug}/index.html").is_file()


def test_the_page_of_formats_says_which_exist(made, pages) -> None:
    plain = made.pages["formats/index.html"].text
    assert "Not in this copy" in plain
    rich = re.sub(r"<[^>]+>", "", pages["formats/index.html"])
    assert "Files in Unified English Braille" in rich
    assert "SVG and PNG" in rich


def test_cards_and_their_words_exist_only_where_pictures_are_made(made, pages) -> None:
    measure = next(path for path in pages if re.fullmatch(r"measures/[^/]+/index\.html", path))
    assert 'property="og:image"' in pages[measure]
    assert 'property="og:image:alt"' in pages[measure]
    assert "og:image" not in (made.folder / measure).read_text(encoding="utf-8")
    assert pages[measure.replace("index.html", "card.svg")].startswith("<svg")


def test_an_address_makes_a_cards_address_whole(site) -> None:
    formats = Formats(images=True, address="https://evidence.example/")
    measure = f"measures/{next(iter(site.catalogue.measures)).replace('_', '-')}/index.html"
    ((_, html),) = rendered(replace(site, formats=formats), only={measure})
    assert f'content="https://evidence.example/{measure.replace("index.html", "card.png")}"' in html


def test_a_picture_is_made_from_its_drawing_the_same_each_time(pages) -> None:
    pytest.importorskip("resvg_py", reason="no resvg-py, the extra `images`")
    card = next(text for path, text in pages.items() if path.endswith("/card.svg"))
    png = pictures.to_png(card, scale=1.0)
    assert png == pictures.to_png(card, scale=1.0)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    size = (int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big"))
    assert size == (1200, 628)


def test_a_missing_program_is_told_in_one_message_before_any_work(
    made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    for formats, told in (
        (Formats(braille=True), "liblouis-bin"),
        (Formats(pdf=True), "apt-get install chromium"),
    ):
        with pytest.raises(StoreError, match=told):
            make_site(made.base, tmp_path / "site", today=TODAY, formats=formats)
    assert not (tmp_path / "site").exists()


def test_only_what_other_programs_need_is_left_out_of_the_tree(pages) -> None:
    kept, made = site_formats.finished(pages, Formats(), "2026-01-02")
    assert not made
    assert not [path for path in kept if path.endswith(("summary.brf", "card.svg"))]
    assert set(pages) - set(kept) == {p for p in pages if p.endswith(("summary.brf", "card.svg"))}


@pytest.fixture(scope="module")
def unpacked(site: SiteInput, tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = replace(site, trees=("2026.1.0",), formats=Formats(zip="zip/x.zip"))
    told = dict(rendered(given))
    packed = archive(given, told, {})
    assert packed == archive(given, told, {})
    folder = tmp_path_factory.mktemp("zip")
    with zipfile.ZipFile(io.BytesIO(packed)) as archived:
        assert {entry.date_time for entry in archived.infolist()} == {(2026, 1, 2, 0, 0, 0)}
        archived.extractall(folder)
    (root,) = folder.iterdir()
    return root


def test_every_link_of_an_unpacked_archive_leads_to_a_file_in_it(unpacked: Path, reading) -> None:
    broken = set()
    for path in unpacked.rglob("*.html"):
        here = path.relative_to(unpacked).as_posix()
        assert ROOT not in path.read_text(encoding="utf-8")
        page = reading(path)
        for link in (*page.values("href"), *page.values("src")):
            target = link.partition("#")[0]
            if not target or ":" in target:
                continue
            if not (
                unpacked / posixpath.normpath(posixpath.join(posixpath.dirname(here), target))
            ).is_file():
                broken.add((here, link))
    assert not broken


def test_an_archive_holds_no_other_release_and_no_archive(unpacked: Path) -> None:
    names = {path.relative_to(unpacked).parts[0] for path in unpacked.rglob("*")}
    assert names.isdisjoint({"r", "zip", "data-files"})
    assert not list(unpacked.rglob("*.zip"))
    assert (unpacked / "index.html").is_file()


def test_a_report_is_printed_as_a_tagged_pdf_with_every_number(site, pages) -> None:
    program("chromium", "pdfinfo", "pdftotext")
    html = pages["report/state/index.html"]
    content = report_pdf.to_pdf(html, dict(assets()), "2026-01-02")
    assert content == report_pdf.to_pdf(html, dict(assets()), "2026-01-02")
    assert b"/Lang (en-GB)" in content
    told = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True).stdout
    assert re.search(rb"Tagged:\s+yes", told)
    assert re.search(rb"Title:\s+State", told)
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    table = html[html.index("<table") : html.rindex("</table>")]
    for cell in re.findall(r"<td[^>]*>(.*?)</td>", table):
        words = markup.unescape(re.sub(r"<[^>]+>", "", cell)).split()
        assert all(word in text for word in words), cell


def test_a_site_offers_its_archive_and_makes_it_once(made, tmp_path: Path, reading) -> None:
    first = make_site(made.base, tmp_path, today=TODAY, formats=Formats(zip="site"))
    packed = tmp_path / f"zip/site-{first.version}.zip"
    before = packed.read_bytes()
    assert len(before) < 15_000_000
    for page, link in (
        ("formats/index.html", f"../zip/{packed.name}"),
        (f"r/{first.version}/formats/index.html", f"../../../zip/{packed.name}"),
    ):
        assert link in reading(tmp_path / page).values("href")
    again = make_site(made.base, tmp_path, today=TODAY, formats=Formats(zip="site"))
    assert again.written == 0
    packed.unlink()
    make_site(made.base, tmp_path, today=TODAY, formats=Formats(zip="site"))
    assert packed.read_bytes() == before
