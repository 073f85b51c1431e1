"""The shipped languages: every message in each, with its places and forms; nobody reviewed them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.extract import extract_from_file
from babel.plural import to_gettext

from social_evidence.catalogue.load import examine
from social_evidence.charts.words import ENGLISH as CHART_WORDS
from social_evidence.errors import DefinitionError
from social_evidence.site import language_files
from social_evidence.site.fronts import ABOUT
from social_evidence.site.language_charts import NEEDED, chart_words
from social_evidence.site.language_files import LanguageFile, faults_of, language_of
from social_evidence.wording import labels
from social_evidence.wording.claims import REFUSED, refused_words
from social_evidence.wording.language import header, review_of
from social_evidence.wording.phrases import places

TODAY = date(2026, 11, 23)
FILES = {one.code: one for one in language_files.language_files()}
CODES = sorted(set(FILES) - {"en"})
KEYWORDS = {"say": None, "message": None, "count": (1, 2)}


def test_english_and_four_other_languages_are_shipped() -> None:
    assert set(FILES) == {"ar", "bn", "cy", "en", "pl"}


def test_words_that_claim_too_much_are_refused_in_every_shipped_language() -> None:
    assert set(REFUSED) >= set(FILES)


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_of_a_language_puts_a_result_down_to_something(code: str) -> None:
    messages = language_of(FILES[code]).messages
    sentences = [form for (context, _), forms in messages.items() for form in forms if not context]
    assert {text for text in sentences if refused_words(text, language=code)} == set()


@pytest.mark.parametrize("code", sorted(FILES))
def test_a_file_lacks_no_message_place_or_form(code: str) -> None:
    assert faults_of(FILES[code]) == ()


@pytest.mark.parametrize("code", sorted(FILES))
def test_the_head_states_the_plural_rule_of_unicode(code: str) -> None:
    rule = Locale.parse(code).plural_form
    assert header(FILES[code].text)["Plural-Forms"] == to_gettext(rule)
    assert language_of(FILES[code]).categories[-1] == "other"
    assert len(language_of(FILES[code]).categories) == len(rule.tags) + 1


@pytest.mark.parametrize(("code", "direction"), [("ar", "rtl"), ("bn", "ltr"), ("cy", "ltr")])
def test_the_direction_is_that_of_the_script(code: str, direction: str) -> None:
    assert language_of(FILES[code]).direction == direction


def asked_for(root: Path) -> set[str]:
    """Every message that the program says, read from its own text."""
    source = root / "src" / "social_evidence"
    found: set[str] = set()
    for method, pattern in (
        ("python", "wording/language*.py"),
        ("python", "site/language*.py"),
        ("jinja2.ext:babel_extract", "site/templates/language/*.html"),
    ):
        for path in source.glob(pattern):
            for _, text, _, _ in extract_from_file(method, path, keywords=KEYWORDS):
                found.add(text[0] if isinstance(text, tuple) else text)
    return found


def test_the_english_file_holds_what_the_program_says_and_nothing_else(root: Path) -> None:
    source = language_of(FILES["en"]).messages
    sentences = {text for context, text in source if not context}
    assert sentences == asked_for(root)


def test_the_english_file_repeats_its_messages() -> None:
    for (_, text), forms in language_of(FILES["en"]).messages.items():
        assert len(forms) > 1 or forms[0] == text
        assert places(forms[-1]) == places(text)


def test_charts_have_all_their_words_in_every_language() -> None:
    source = language_of(FILES["en"]).messages
    wanted = {str(getattr(CHART_WORDS, name)) for name in NEEDED}
    assert {text for context, text in source if context == "chart"} == wanted
    for code in CODES:
        words = chart_words(language_of(FILES[code]))
        assert words is not None
        assert words.dots != CHART_WORDS.dots


@pytest.fixture(scope="module")
def london(root: Path) -> Mapping[str, set[str]]:
    """Names of the packaged catalogue, by what they are."""
    catalogue, _ = examine([root / "src" / "social_evidence" / "catalogues" / "london"])
    measures = catalogue.measures.values()
    single = [one for one in catalogue.breakdowns.values() if "*" not in one.id]
    return {
        "measure": {one.title for one in measures},
        "part": {part.title for one in measures for part in one.parts},
        "breakdown": {one.title for one in single},
        "group": {group.label for one in single for group in one.groups},
        "domain": {*labels.DOMAINS.values(), *ABOUT.values()},
    }


@pytest.mark.parametrize("code", CODES)
def test_the_packaged_catalogue_is_translated(code: str, london: Mapping[str, set[str]]) -> None:
    language = language_of(FILES[code])
    ages = re.compile(r"\d+ to \d+|\d+ and over|Under \d+")
    missing = {
        (context, name)
        for context, names in london.items()
        for name in names
        if not language.has(name, context) and not ages.fullmatch(name)
    }
    assert missing == set()


@pytest.mark.parametrize("code", CODES)
def test_nobody_has_reviewed_a_shipped_language_and_the_check_says_what_lacks(code: str) -> None:
    assert FILES[code].lacks(TODAY) == (
        "X-Reviewed-By names nobody",
        "X-Reviewed-On has no date such as 2026-11-22",
    )


def test_no_shipped_language_is_public() -> None:
    assert language_files.public_languages(TODAY) == ()


def reviewed(file: LanguageFile, **changes: str) -> LanguageFile:
    text = file.text.replace("X-Reviewed-By: ", "X-Reviewed-By: A test")
    text = text.replace("X-Reviewed-On: ", "X-Reviewed-On: 2026-11-23")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return LanguageFile(code=file.code, text=text, review=review_of(header(text)))


def test_a_reviewed_language_is_public_from_the_day_of_its_review(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = [FILES["en"], reviewed(FILES["cy"])]
    monkeypatch.setattr(language_files, "language_files", lambda folder=None: iter(ours))
    assert [one.code for one in language_files.public_languages(TODAY)] == ["cy"]
    assert language_files.public_languages(date(2026, 11, 22)) == ()


def test_a_reviewed_language_that_lacks_a_message_is_not_public() -> None:
    text = reviewed(FILES["cy"]).text.replace('msgstr "Cyfnod"', 'msgstr ""')
    broken = LanguageFile(code="cy", text=text, review=review_of(header(text)))
    assert broken.lacks(TODAY) == ("“Period” is not translated",)
    assert language_of(broken).say("Period").language == "en"


def test_a_message_marked_as_unsure_is_not_used() -> None:
    text = FILES["cy"].text.replace('msgid "Period"', '#, fuzzy\nmsgid "Period"')
    unsure = LanguageFile(code="cy", text=text, review=FILES["cy"].review)
    assert faults_of(unsure) == ("“Period” is not translated",)


def test_a_file_that_is_no_catalogue_is_refused_by_name() -> None:
    broken = LanguageFile(code="cy", text='msgid "a"\nnonsense', review=FILES["cy"].review)
    with pytest.raises(DefinitionError, match=r"cy\.po is not a gettext catalogue"):
        language_of(broken)


def test_a_file_of_an_unknown_language_is_refused() -> None:
    unknown = LanguageFile(code="xx", text=FILES["cy"].text, review=FILES["cy"].review)
    with pytest.raises(DefinitionError, match="CLDR has no language"):
        language_of(unknown)


def test_a_new_language_is_one_more_file(tmp_path: Path) -> None:
    text = FILES["cy"].text.replace("Language: cy", "Language: ga")
    (tmp_path / "ga.po").write_text(text, encoding="utf-8")
    (tmp_path / "en.po").write_text(FILES["en"].text, encoding="utf-8")
    found = {one.code: one for one in language_files.language_files(tmp_path)}
    assert set(found) == {"en", "ga"}
    assert language_of(found["ga"]).name == "Gaeilge"


def test_a_file_whose_head_names_another_language_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pl.po").write_text(FILES["cy"].text, encoding="utf-8")
    with pytest.raises(DefinitionError, match="its language is cy"):
        list(language_files.language_files(tmp_path))


def test_babel_is_loaded_only_for_a_site_in_a_language() -> None:
    code = (
        "import sys, datetime, social_evidence.app.site as site; "
        "from social_evidence.site.language_files import public_languages; "
        "public_languages(datetime.date(2026, 11, 22)); sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
