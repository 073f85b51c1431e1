"""Pages in a language: its own words and direction, the release's numbers, marked English."""

from __future__ import annotations

import itertools
import posixpath
import re
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

import social_evidence.app.site as sites
import social_evidence.app.site_given as site_given
from social_evidence.app.site import make_site
from social_evidence.cli.main import program
from social_evidence.errors import StoreError
from social_evidence.model.estimate import HIDDEN, Estimate
from social_evidence.site.addresses import MOST_ROWS, cell_folder, cell_ids, decade
from social_evidence.site.language_files import every_language
from social_evidence.site.language_pages import FOR_GOOD, IS_OUT, NEWER, UNREVIEWED
from social_evidence.store.tables import to_estimates
from social_evidence.wording.language import Review
from social_evidence.wording.phrases import plain

ISOLATES = re.compile("[\u2066-\u2069]")


def language_pages_of(preview) -> list[str]:
    return [path for path in preview.pages if path.split("/")[0] in preview.codes]


def test_every_language_has_a_home_a_page_a_measure_and_a_borough_and_its_words(
    preview, given
) -> None:
    assert set(preview.codes) == {"ar", "bn", "cy", "pl"}
    for code in preview.codes:
        paths = {path for path in preview.pages if path.startswith(f"{code}/")}
        assert f"{code}/index.html" in paths
        assert f"{code}/accessibility/index.html" in paths
        assert sum(path.startswith(f"{code}/areas/") for path in paths) == len(given.boroughs)
        there = {measure for measure, _ in given.figures.by_place}
        assert sum(path.startswith(f"{code}/measures/") for path in paths) == len(there)


def test_every_page_names_its_language_and_direction(preview) -> None:
    for path in language_pages_of(preview):
        tag, attributes = preview.pages[path].tags[0]
        code = path.split("/")[0]
        assert (tag, attributes["lang"]) == ("html", code)
        assert attributes["dir"] == ("rtl" if code == "ar" else "ltr")


def test_every_page_has_one_title_and_complete_headings(preview) -> None:
    for path in language_pages_of(preview):
        tags = [tag for tag, _ in preview.pages[path].tags]
        assert tags.count("h1") == 1
        levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
        body = levels[levels.index(1) :]
        assert all(after - before <= 1 for before, after in itertools.pairwise(body))
        ids = [a["id"] for _, a in preview.pages[path].tags if a.get("id")]
        assert len(ids) == len(set(ids))


def test_an_unreviewed_language_says_so_in_itself_and_in_english(preview) -> None:
    for path in language_pages_of(preview):
        page = preview.pages[path]
        english = " ".join(text for text, language in page.words if language == "en")
        assert UNREVIEWED in " ".join(english.split())
        assert any(a.get("name") == "robots" for tag, a in page.tags if tag == "meta")


def test_a_public_site_holds_no_unreviewed_language(made) -> None:
    assert not [path for path in made.pages if path.split("/")[0] in {"ar", "bn", "cy", "pl"}]
    assert "hreflang" not in (made.folder / "index.html").read_text(encoding="utf-8")


def test_a_reviewed_language_bears_no_banner_and_names_its_reviewer(given, pseudo, written) -> None:
    review = Review(by="A test", on="2026-11-22", revised="2026-11-22")
    pages = written(replace(pseudo, review=review))
    assert all(UNREVIEWED not in html for html in pages.values())
    assert "A test" in pages["he/accessibility/index.html"]
    assert "A test" not in written(pseudo)["he/accessibility/index.html"]


def test_every_link_of_a_language_leads_to_a_page(preview) -> None:
    ids = {
        path: {a["id"] for _, a in page.tags if a.get("id")} for path, page in preview.pages.items()
    }
    for path in language_pages_of(preview):
        for tag, attributes in preview.pages[path].tags:
            href = attributes.get("href") or ""
            if tag != "a" or not href:
                continue
            target, _, fragment = href.partition("#")
            there = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            there = path if not target else there
            assert there in preview.pages, (path, href)
            assert not fragment or fragment in ids[there], (path, href)


def test_twins_name_each_other(preview) -> None:
    def twins(path: str) -> set[tuple[str, str]]:
        return {
            (a["hreflang"] or "", posixpath.normpath(posixpath.join(posixpath.dirname(path), href)))
            for tag, a in preview.pages[path].tags
            if tag == "link" and a.get("hreflang") and (href := a.get("href"))
        }

    for path in language_pages_of(preview):
        code, _, plain = path.partition("/")
        found = twins(path)
        assert (code, path) in found
        assert ("en", plain) in found
        assert len(found) == len(preview.codes) + 1
        assert twins(plain) == found


def latin(text: str, code: str) -> str:
    """Write localised numbers as English does, by the marks Unicode names for the locale."""
    text = ISOLATES.sub("", text)
    text = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)
    if code == "pl":
        text = re.sub(r"(?<=\d)\xa0(?=\d)", "", text).replace(",", ".")
    return re.sub(r"(?<=\d),(?=\d)", "", text)


def numbers(text: str) -> list[str]:
    return re.findall(r"−?\d+(?:\.\d+)?", text)


@pytest.fixture(scope="module")
def addressed(made) -> dict[str, Estimate]:
    """Every row of the release by its address."""
    found: dict[str, Estimate] = {}
    places: dict[tuple[str, str], list[Estimate]] = {}
    for row in to_estimates(made.release.estimates):
        places.setdefault((row.measure, row.area), []).append(row)
    for place, rows in places.items():
        ids = cell_ids(rows, [series.id for series in made.measures[place[0]].series])
        for row in rows:
            part = f"{decade(row)}/" if len(rows) > MOST_ROWS else ""
            found[f"{cell_folder(*place)}/{part}index.html#{ids[row.key]}"] = row
    return found


def test_every_number_in_a_table_is_the_release_s_in_every_language(
    preview, made, addressed
) -> None:
    checked = dict.fromkeys(preview.codes, 0)
    for path in language_pages_of(preview):
        code = path.split("/")[0]
        for href, cells in preview.pages[path].rows:
            row = addressed[posixpath.normpath(posixpath.join(posixpath.dirname(path), href))]
            told = made.tell(row)
            figures = [latin(cell, code) for cell in cells]
            if row.status in HIDDEN or row.estimate is None:
                assert not numbers(figures[0]), (path, cells)
                continue
            wanted = numbers(told.value.replace(",", ""))
            per = ["1000"] if row.unit == "per_1000" else []
            assert [n for n in numbers(figures[0]) if [n] != per] == [
                n for n in wanted if [n] != per
            ], (path, cells)
            if row.lower is not None:
                assert numbers(figures[1]) == numbers(told.range.replace(",", "")), (path, cells)
            if row.base is not None and len(cells) > 2 and figures[2]:
                assert numbers(figures[2]) == [str(row.base)]
            checked[code] += 1
    assert min(checked.values()) > 20
    assert len(set(checked.values())) == 1


def unbracketed(text: str) -> str:
    """What of a text stands outside all brackets."""
    depth, outside = 0, []
    for letter in text:
        if letter == "⟦":
            depth += 1
        elif letter == "⟧":
            depth -= 1
        elif depth == 0:
            outside.append(letter)
    assert depth == 0, text
    return "".join(outside)


def blocks(page) -> list[str]:
    return [text for text, language in page.words if language != "en"]


def test_every_word_of_a_page_is_a_message_of_its_language(pseudo, written, listen) -> None:
    for path, html in written(pseudo).items():
        page = listen(html)
        text = "".join(blocks(page))
        outside = unbracketed(text)
        assert not re.search(r"[^\W\d_]", outside), (path, outside)


def test_the_pseudo_language_has_charts_and_they_are_drawn_from_left_to_right(
    pseudo, written, listen
) -> None:
    pages = {path: listen(html) for path, html in written(pseudo).items()}
    drawings = [
        attributes
        for page in pages.values()
        for tag, attributes in page.tags
        if attributes.get("class") == "drawing"
    ]
    assert drawings
    assert all(one["dir"] == "ltr" for one in drawings)


def test_a_name_without_translation_is_marked_as_english_and_no_other_word_is(
    pseudo, written, listen, given
) -> None:
    bare = replace(
        pseudo,
        messages={
            key: forms
            for key, forms in pseudo.messages.items()
            if key[0] in {"", "chart", "domain", "notice", "site"}
        },
    )
    for path, html in written(bare).items():
        page = listen(html)
        page.words = [one for one in page.words if "–" not in one[0] or "⟦" not in one[0]]
        outside = unbracketed("".join(blocks(page)))
        assert not re.search(r"[^\W\d_]", outside), (path, outside)
    titles = {measure.title for measure in given.catalogue.measures.values()}
    home = listen(written(bare)["he/index.html"])
    assert titles & {text for text, language in home.words if language == "en"}


def test_what_a_translation_or_a_catalogue_says_is_text(pseudo, written, given, listen) -> None:
    hostile = "<script>alert(1)</script>\u202e{x}"
    messages = {
        key: ((f"{hostile}{forms[0]}",) if key[0] in {"measure", "place", "group"} else forms)
        for key, forms in pseudo.messages.items()
    }
    for html in written(replace(pseudo, messages=messages)).values():
        page = listen(html)
        assert [one for one in scripts_of(page) if not is_the_sites(one)] == []
        assert "\u202e" not in html


def scripts_of(page) -> list[dict[str, str]]:
    """The attributes of each script of a page."""
    return [dict(attributes) for tag, attributes in page.tags if tag == "script"]


def is_the_sites(script: dict[str, str]) -> bool:
    """Whether a script is the one file that every page of the site loads."""
    return set(script) == {"src", "defer"} and bool(
        re.fullmatch(r"(\.\./)+static/site\.js", script["src"])
    )


def test_the_language_pages_bring_no_script_and_no_style_of_their_own(preview) -> None:
    for path in language_pages_of(preview):
        scripts = scripts_of(preview.pages[path])
        assert len(scripts) == 1
        assert is_the_sites(scripts[0])
        for tag, attributes in preview.pages[path].tags:
            assert tag not in {"style", "iframe"}
            assert "style" not in attributes
            assert not any(name.startswith("on") for name in attributes)


def test_the_command_says_what_each_language_lacks(made, tmp_path) -> None:
    asked = ["site", str(made.base), "--out", str(tmp_path / "p"), "--preview-languages"]
    told = CliRunner().invoke(program(asked), asked)
    assert told.exit_code == 0
    for code in ("ar", "bn", "cy", "pl"):
        assert f"{code}.po is not for the public: X-Reviewed-By names nobody;" in told.output


def test_a_preview_of_languages_takes_no_public_site_s_place(made) -> None:
    with pytest.raises(StoreError, match="holds a public site"):
        make_site(made.base, made.folder, today=date(2026, 11, 22), preview_languages=True)


def test_a_review_older_than_the_last_change_keeps_the_banner(pseudo, written) -> None:
    stale = Review(by="A test", on="2026-11-21", revised="2026-11-22")
    assert all(UNREVIEWED in html for html in written(replace(pseudo, review=stale)).values())


def test_a_reviewed_language_is_in_the_public_site_and_stays_for_good(
    made, tmp_path, monkeypatch, listen
) -> None:
    review = Review(by="A test", on="2026-11-23", revised="2026-11-23")
    welsh = replace(next(one for one in every_language() if one.code == "cy"), review=review)
    for module in (sites, site_given):
        monkeypatch.setattr(module, "public_languages", lambda today: (welsh,))
    make_site(made.base, tmp_path, today=date(2026, 11, 23))
    (version,) = [path.name for path in (tmp_path / "r").iterdir()]
    for folder in (tmp_path, tmp_path / "r" / version):
        assert (folder / "cy" / "index.html").is_file()
        assert not (folder / "pl").exists()
        assert 'hreflang="cy"' in (folder / "index.html").read_text(encoding="utf-8")
    home = (tmp_path / "cy" / "index.html").read_text(encoding="utf-8")
    assert UNREVIEWED not in home
    assert "noindex" not in home
    kept = (tmp_path / "r" / version / "cy" / "index.html").read_text(encoding="utf-8")
    for page, beside in ((home, FOR_GOOD), (kept, NEWER)):
        assert (plain(welsh.say(beside)), "cy") in listen(page).words
        assert "<!--" not in page
    newer = plain(welsh.say(IS_OUT, version="{version}", day="{day}"))
    assert f'data-newer="{newer}"' in kept
