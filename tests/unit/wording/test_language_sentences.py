"""Sentences of the shipped languages: by rule, with every number of the release in them."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.model.comparison import Comparison
from social_evidence.model.estimate import Estimate
from social_evidence.site.language_files import language_files, language_of
from social_evidence.wording.language import Language
from social_evidence.wording.language_figures import (
    Unit,
    about,
    between,
    figure_words,
    group_words,
    period_words,
)
from social_evidence.wording.language_sentences import (
    Subject,
    caution,
    certainty,
    compared,
    found,
    headline,
    in_table,
    told_of_place,
    verdict_word,
)
from social_evidence.wording.phrases import Phrase, plain

LANGUAGES = {one.code: language_of(one) for one in language_files()}
SHARE = Unit("share")
POINTS = Unit("share", "difference")


def said(language: Language, phrase: Phrase) -> str:
    """Plain text without isolates, digits 0 to 9."""
    text = re.sub("[\u2066-\u2069]", "", plain(phrase, language.direction))
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)


def row(**changes: object) -> Estimate:
    given_ = {
        "population": "residents",
        "measure": "trust",
        "part": "all",
        "series": "survey",
        "period": "fy2021-22",
        "area": "E12000007",
        "breakdown": "all",
        "group": "all",
        "statistic": "proportion",
        "period_start": date(2021, 4, 1),
        "period_end": date(2022, 3, 31),
        "unit": "share",
        "estimate": 0.612,
        "standard_error": 0.01,
        "lower": 0.581,
        "upper": 0.643,
        "level": 0.95,
        "interval_method": "logit",
        "degrees_of_freedom": 100.0,
        "design_effect": 1.2,
        "base": 1249,
        "effective_base": 1000.0,
        "numerator": None,
        "denominator": None,
        "method": "survey",
        "variance_basis": "design",
        "source": "survey",
        "status": "shown",
        "reliability": "A",
        "flags": "",
        "version_first": "2026.1.0",
        "version_revised": "",
    }
    names = {one.name for one in dataclasses.fields(Estimate)}
    return Estimate(**{key: value for key, value in (given_ | changes).items() if key in names})


def comparison(**changes: object) -> Comparison:
    given_ = {
        "population": "residents",
        "measure": "trust",
        "part": "all",
        "series": "survey",
        "kind": "area",
        "breakdown": "all",
        "group_from": "all",
        "group_to": "all",
        "area_from": "E12000007",
        "area_to": "E09000007",
        "period_from": "fy2021-22",
        "period_to": "fy2021-22",
        "statistic": "proportion",
        "difference": -0.05,
        "standard_error": 0.01,
        "lower": -0.081,
        "upper": -0.019,
        "level": 0.95,
        "degrees_of_freedom": 100.0,
        "p_value": 0.01,
        "p_adjusted": 0.02,
        "family": "one",
        "verdict": "lower",
        "status": "shown",
    }
    names = {one.name for one in dataclasses.fields(Comparison)}
    return Comparison(**{key: value for key, value in (given_ | changes).items() if key in names})


SUBJECT = Subject(title=Phrase(("TITLE",)), place=Phrase(("PLACE",)))
OTHER = Phrase(("OTHER",))


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("en", "TITLE: about 6 in 10, 61% (PLACE, 2021/22)."),
        ("cy", "TITLE: tua 6 o bob 10, 61% (PLACE, 2021/22)."),
        ("pl", "TITLE: około 6 na 10, 61% (PLACE, 2021/22)."),
        ("bn", "TITLE: প্রতি 10 জনে প্রায় 6 জন, 61% (PLACE, 2021/22)।"),
        ("ar", "TITLE: نحو 6 من كل 10، 61% (PLACE، 2021/22)."),
    ],
)
def test_the_headline_in_each_language(code: str, told: str) -> None:
    language = LANGUAGES[code]
    assert said(language, headline(language, row(), SHARE, SUBJECT)) == told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("en", "The true figure is very likely between 58% and 65%."),
        ("pl", "Prawdziwa wartość wynosi najprawdopodobniej od 58% do 65%."),
        ("ar", "الرقم الحقيقي على الأرجح بين 58% و 65%."),
    ],
)
def test_the_range_in_a_sentence(code: str, told: str) -> None:
    language = LANGUAGES[code]
    assert said(language, certainty(language, row(), SHARE)) == told


EVERY = st.sampled_from(sorted(LANGUAGES))


@given(code=EVERY, thousandths=st.integers(0, 1000), width=st.integers(0, 200))
def test_no_language_shows_another_figure_than_english(
    code: str, thousandths: int, width: int
) -> None:
    value = thousandths / 1000
    lower, upper = max(0, thousandths - width) / 1000, min(1000, thousandths + width) / 1000
    told = [
        re.findall(r"\d+", said(LANGUAGES[one], phrase))
        for one in (code, "en")
        for phrase in (
            figure_words(LANGUAGES[one], value, SHARE),
            between(LANGUAGES[one], lower, upper, SHARE),
            between(LANGUAGES[one], -lower, upper, POINTS),
        )
    ]
    assert told[:3] == told[3:]


@given(code=EVERY, thousandths=st.integers(0, 1000))
def test_a_fraction_is_said_only_within_two_points(code: str, thousandths: int) -> None:
    language = LANGUAGES[code]
    told = said(language, about(language, thousandths / 1000))
    found_ = [int(text) for text in re.findall(r"\d+", told)]
    if len(found_) == 2:
        assert abs(min(found_) / max(found_) - thousandths / 1000) <= 0.0201
    elif told:
        assert abs(0.5 - thousandths / 1000) <= 0.0201


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_no_language_says_a_fraction_that_the_range_denies(code: str) -> None:
    language = LANGUAGES[code]
    narrow = row(estimate=0.586, lower=0.577, upper=0.595)
    wide = row(estimate=0.586, lower=0.55, upper=0.62)
    words = said(language, about(language, 0.6))
    assert words not in said(language, headline(language, narrow, SHARE, SUBJECT))
    assert words in said(language, headline(language, wide, SHARE, SUBJECT))


POLISH = {
    0.01: "1 punkt procentowy",
    0.02: "2 punkty procentowe",
    0.05: "5 punktów procentowych",
    0.22: "22 punkty procentowe",
    0.12: "12 punktów procentowych",
}


@pytest.mark.parametrize(("value", "told"), POLISH.items())
def test_polish_points_follow_their_number(value: float, told: str) -> None:
    assert said(LANGUAGES["pl"], figure_words(LANGUAGES["pl"], value, POINTS)) == told


def test_polish_decimals_have_a_form_of_their_own() -> None:
    unit = Unit("share", "difference", 1)
    told = said(LANGUAGES["pl"], figure_words(LANGUAGES["pl"], 0.015, unit))
    assert told == "1,5 punktu procentowego"


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "1 شخص"),
        (2, "2 شخص"),
        (5, "5 أشخاص"),
        (15, "15 شخصًا"),
        (100, "100 شخص"),
    ],
)
def test_arabic_people_follow_their_number(count: int, told: str) -> None:
    assert said(LANGUAGES["ar"], figure_words(LANGUAGES["ar"], count, Unit("people"))) == told


@pytest.mark.parametrize(("count", "told"), [(2, "2 bwynt canran"), (3, "3 phwynt canran")])
def test_welsh_letters_change_after_their_number(count: int, told: str) -> None:
    assert said(LANGUAGES["cy"], figure_words(LANGUAGES["cy"], count / 100, POINTS)) == told


@pytest.mark.parametrize(
    ("label", "polish"),
    [
        ("2016", "2016"),
        ("2014-2015", "2014 do 2015"),
        ("fy2016-17", "2016/17"),
        ("fy2016-18", "2016/17 do 2017/18"),
        ("y2023-06", "12 miesięcy do czerwca 2023"),
        ("2016Q3", "lipiec 2016 – wrzesień 2016"),
        ("2016-12-01", "1 grudnia 2016"),
        ("2016-09", "wrzesień 2016"),
        ("p2018-2020", "2018 do 2020"),
    ],
)
def test_periods_in_polish(label: str, polish: str) -> None:
    assert said(LANGUAGES["pl"], period_words(LANGUAGES["pl"], label)) == polish


def test_ages_are_written_by_rule_in_the_digits_of_the_language() -> None:
    bengali = LANGUAGES["bn"]
    assert plain(group_words(bengali, "16 to 24")) == "১৬ থেকে ২৪ বছর বয়সী"
    assert plain(group_words(bengali, "65 and over")) == "৬৫ বছর ও তার বেশি বয়সী"
    assert plain(group_words(bengali, "Under 16")) == "১৬ বছরের কম বয়সী"
    assert group_words(bengali, "Martian").language == "en"


def marked(phrase: Phrase) -> Iterator[str]:
    if phrase.language:
        yield plain(phrase)
    for part in phrase.parts:
        if isinstance(part, Phrase):
            yield from marked(part)


@pytest.mark.parametrize("code", sorted(LANGUAGES))
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"status": "low_base"},
        {"status": "protected", "estimate": None, "lower": None, "upper": None},
        {"status": "not_asked", "estimate": None, "lower": None, "upper": None},
        {"status": "not_available", "estimate": None, "lower": None, "upper": None},
        {"status": "not_applicable", "estimate": None, "lower": None, "upper": None},
        {"estimate": None, "lower": None, "upper": None, "base": 0},
        {"lower": None, "upper": None},
        {"lower": None, "upper": None, "method": "administrative"},
        {"lower": None, "upper": None, "method": "published"},
        {"method": "administrative", "unit": "per_1000", "statistic": "rate", "estimate": 2.41},
        {"unit": "pounds", "statistic": "mean", "estimate": 1240.5, "lower": 1.0, "upper": 2.0},
        {"unit": "score", "statistic": "mean", "estimate": 7.43, "lower": 7.4, "upper": 7.5},
        {"estimate": 0.0001},
        {"estimate": 0.9999},
        {"statistic": "difference", "estimate": 0.05},
    ],
)
def test_every_state_of_a_figure_is_said_wholly_in_the_language(
    code: str, changes: dict[str, object]
) -> None:
    language = LANGUAGES[code]
    one = row(**changes)
    unit = Unit(one.unit, one.statistic)
    told = (
        headline(language, one, unit, SUBJECT),
        told_of_place(language, one, unit, Phrase(("PLACE",))),
        certainty(language, one, unit),
        caution(language, one),
        *in_table(language, one, unit),
    )
    assert [text for phrase in told for text in marked(phrase)] == []
    assert all(told[:3])


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_hidden_figure_is_in_no_sentence(code: str) -> None:
    language = LANGUAGES[code]
    hidden = row(status="protected", estimate=0.612, lower=0.581, upper=0.643)
    told = (
        headline(language, hidden, SHARE, SUBJECT),
        certainty(language, hidden, SHARE),
        *in_table(language, hidden, SHARE),
    )
    assert not re.search(r"\d", " ".join(said(language, phrase) for phrase in told))


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_gap_names_both_groups_and_says_which_is_behind(code: str) -> None:
    language = LANGUAGES[code]
    subject = dataclasses.replace(SUBJECT, group=Phrase(("ONE",)), reference=Phrase(("TWO",)))
    behind = row(statistic="difference", estimate=0.051, lower=0.02, upper=0.08)
    ahead = dataclasses.replace(behind, estimate=-0.051)
    below, above = (said(language, headline(language, r, POINTS, subject)) for r in (behind, ahead))
    assert "ONE" in below
    assert "TWO" in below
    assert below != above
    assert re.findall(r"\d+", below) == re.findall(r"\d+", above) == ["2021", "22", "5"]


VERDICTS = [
    {},
    {"verdict": "higher", "difference": 0.05, "lower": 0.019, "upper": 0.081},
    {"verdict": "no_clear_difference", "lower": -0.02, "upper": 0.03},
    {"verdict": "cannot_say"},
    {"verdict": "higher", "lower": None, "upper": None, "p_value": 0.01},
    {"status": "protected", "difference": None, "lower": None, "upper": None},
]


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_verdict_is_said_wholly_in_the_language_and_each_otherwise(code: str) -> None:
    language = LANGUAGES[code]
    told = [compared(language, comparison(**changes), SHARE, OTHER) for changes in VERDICTS]
    assert [text for phrase in told for text in marked(phrase)] == []
    assert all("OTHER" in said(language, phrase) for phrase in told)
    assert len({said(language, phrase) for phrase in told[:4]}) == 4
    assert not compared(language, None, SHARE, OTHER)


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_nothing_unclear_is_called_higher_or_lower(code: str) -> None:
    language = LANGUAGES[code]
    words = {
        verdict: said(language, verdict_word(language, comparison(verdict=verdict)))
        for verdict in ("higher", "lower", "no_clear_difference", "cannot_say")
    }
    assert len(set(words.values())) == 4
    unclear = comparison(verdict="no_clear_difference", lower=-0.02, upper=0.03)
    told = said(language, compared(language, unclear, SHARE, OTHER)).casefold()
    for word in (words["higher"], words["lower"]):
        assert not re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", told)


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_what_is_to_be_used_with_care_says_why(code: str) -> None:
    language = LANGUAGES[code]
    few = said(language, caution(language, row(status="low_base")))
    wide = said(language, caution(language, row(reliability="D")))
    assert few
    assert wide
    assert few != wide
    assert not caution(language, row(reliability="C"))
    assert not caution(language, row(status="protected", estimate=None, reliability=None))


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_range_that_seems_clear_by_itself_is_told_as_by_itself(code: str) -> None:
    language = LANGUAGES[code]
    alone = comparison(verdict="no_clear_difference", lower=-0.081, upper=-0.019)
    across = comparison(verdict="no_clear_difference", lower=-0.081, upper=0.019)
    told = said(language, compared(language, alone, SHARE, OTHER))
    assert re.sub(r"\d+", "", told) != re.sub(
        r"\d+", "", said(language, compared(language, across, SHARE, OTHER))
    )
    assert said(language, between(language, -0.081, -0.019, POINTS)) in told


def test_a_gap_and_its_verdict_look_the_same_way() -> None:
    gap = comparison(kind="gap", difference=0.05, lower=0.019, upper=0.081, verdict="lower")
    english = LANGUAGES["en"]
    assert said(english, compared(english, gap, SHARE, OTHER)) == (
        "Compared with OTHER: clearly lower; the difference is very likely between −9 and −1 "
        "percentage points."
    )


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_finding_names_who_differs_and_counts_the_others(code: str) -> None:
    language = LANGUAGES[code]
    names = {
        ("higher", False): [Phrase(("A",)), Phrase(("B",))],
        ("no_clear_difference", False): [Phrase((str(n),)) for n in range(11)],
    }
    first, last = found(language, names, OTHER, are_areas=True)
    assert "A" in said(language, first)
    assert "B" in said(language, first)
    assert re.findall(r"\d+", said(language, last)) == ["11"]
    assert found(language, {}, OTHER, are_areas=False) == []
