"""Numbers and dates of each shipped locale, as Unicode has them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.site.language_formats import LocaleFormats

DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("code", "number", "percent", "pounds", "day"),
    [
        ("en", "−1,234.50", "57.5%", "£1,240", "2 November 2026"),
        ("cy", "−1,234.50", "57.5%", "£1,240", "2 Tachwedd 2026"),
        ("pl", "−1\xa0234,50", "57,5%", "1\xa0240\xa0£", "2 listopada 2026"),
        ("bn", "−১,২৩৪.৫০", "৫৭.৫%", "১,২৪০£", "২ নভেম্বর, ২০২৬"),
        ("ar", "−1,234.50", "57.5%", "1,240\xa0£", "2 نوفمبر 2026"),
    ],
)
def test_each_locale_writes_in_its_own_way(
    code: str, number: str, percent: str, pounds: str, day: str
) -> None:
    formats = LocaleFormats.of(code)
    assert formats.number(Decimal("-1234.50")) == number
    assert formats.percent(Decimal("57.5")) == percent
    assert formats.pounds(Decimal(1240)) == pounds
    assert formats.day(DAY) == day


def test_a_month_has_the_form_of_its_place() -> None:
    polish = LocaleFormats.of("pl")
    assert polish.month(DAY, alone=True) == "listopad 2026"
    assert polish.month(DAY, alone=False) == "listopada 2026"


def test_indian_digits_are_grouped_by_lakh() -> None:
    assert LocaleFormats.of("bn").number(Decimal(1234567)) == "১২,৩৪,৫৬৭"


def test_decimals_that_are_written_decide_the_plural() -> None:
    polish = LocaleFormats.of("pl")
    found = [polish.plural(Decimal(text)) for text in ("1", "2", "5", "22", "1.5", "1.0")]
    assert found == ["one", "few", "many", "few", "other", "other"]


@pytest.mark.parametrize("code", ["en", "cy", "pl", "bn", "ar"])
@given(value=st.decimals(-(10**9), 10**9, places=2))
def test_a_number_reads_back_as_itself(code: str, value: Decimal) -> None:
    formats = LocaleFormats.of(code)
    marks = {"−": "-", ",": "." if code == "pl" else "", "\xa0": ""}
    text = "".join(marks.get(letter, letter) for letter in formats.number(value))
    assert Decimal("".join(str(int(c)) if c.isdigit() else c for c in text)) == value
