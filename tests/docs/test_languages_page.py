"""The page on languages says what is so."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from social_evidence.site.language_files import language_files
from social_evidence.site.language_formats import LocaleFormats
from social_evidence.wording.language import PLURALS, header

NAMES = {"en": "English (British)", "cy": "Welsh", "pl": "Polish", "bn": "Bengali", "ar": "Arabic"}


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "languages.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", NAMES)
def test_the_table_of_formats_is_right(page: str, code: str) -> None:
    formats = LocaleFormats.of(code)
    row = next(line for line in page.splitlines() if line.startswith(f"| {NAMES[code]} |"))
    assert [cell.strip() for cell in row.strip("|").split("|")][1:] == [
        text.replace("\xa0", " ")
        for text in (
            formats.number(Decimal("-1234.5")),
            formats.percent(Decimal("57.5")),
            formats.pounds(Decimal(1240)),
            formats.day(date(2026, 11, 2)),
        )
    ]


def test_it_names_every_shipped_language_and_the_fields_of_a_review(page: str) -> None:
    files = list(language_files())
    assert {one.code for one in files} == set(NAMES)
    for one in files:
        assert NAMES[one.code].split()[0] in page
        if one.code != "en":
            assert {"X-Reviewed-By", "X-Reviewed-On"} <= set(header(one.text))
            assert one.lacks(date(2026, 11, 22)), "the page says that nobody has reviewed it"
    assert all(name in page for name in ("X-Reviewed-By", "X-Reviewed-On", "PO-Revision-Date"))


def test_the_order_of_plural_forms_is_the_programs(page: str) -> None:
    assert re.sub(r"\s+", " ", page).count(", ".join(PLURALS)) == 1
