"""What a workbook may not be, and how names and texts are made fit for it."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from social_evidence.errors import DefinitionError
from social_evidence.publish.sheets import (
    LONGEST_NAME,
    Column,
    Line,
    Sheet,
    Table,
    Workbook,
    number_column,
    sheet_names,
    text_column,
    visible,
)


def workbook(*names: str) -> Workbook:
    sheets = tuple(Sheet(name=name, lines=(Line(text="x"),)) for name in names)
    return Workbook(title="t", subject="s", created=date(2026, 1, 1), sheets=sheets)


def test_a_blank_cell_is_refused() -> None:
    with pytest.raises(DefinitionError, match="1 blank cells in 'Base'"):
        Table(name="t", columns=(Column(heading="Base", values=pa.array([1, None])),))


def test_a_word_fills_a_cell_without_a_number() -> None:
    table = Table(name="t", columns=(number_column("Base", [1, None], word="[x]"),))
    assert table.rows == 2


@pytest.mark.parametrize("headings", [("Base", "base"), ("Base", "")])
def test_headings_are_there_and_differ(headings: tuple[str, str]) -> None:
    with pytest.raises(DefinitionError, match="headings"):
        Table(name="t", columns=tuple(text_column(heading, ["a"]) for heading in headings))


@pytest.mark.parametrize("names", [("A", "a"), ("A" * 32,), ("a/b",), ("",), ("it's",)])
def test_sheet_names_that_a_program_would_refuse_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(DefinitionError, match="Sheets are named"):
        workbook(*names)


@given(st.lists(st.text(max_size=40), unique=True, max_size=8))
def test_made_sheet_names_are_always_good(ids: list[str]) -> None:
    names = sheet_names(ids, taken=["Cover"])
    assert list(names) == ids
    assert all(len(name) <= LONGEST_NAME for name in names.values())
    workbook("Cover", *names.values())


def test_long_ids_that_begin_alike_get_numbers() -> None:
    names = sheet_names(["a" * 40, "a" * 41])
    assert list(names.values()) == ["a" * 31, "a" * 29 + "_2"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\tb", "a␉b"),
        ("a\r\nb", "a␍␊b"),
        ("a\x00b\x7f", "a␀b␡"),
        ("a\x85\u2028", "a\ufffd\ufffd"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_what_cannot_be_seen_is_drawn(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_a_text_longer_than_a_cell_says_that_it_is_cut() -> None:
    assert visible("a" * 40_000).endswith("a […]")
    assert len(visible("a" * 40_000)) == 32_767


@given(st.text())
def test_texts_become_visible_once(text: str) -> None:
    assert visible(visible(text)) == visible(text)
