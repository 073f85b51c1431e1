from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from social_evidence.charts.lettering import text_width, widest, wrap

words = st.text(st.characters(categories=["L", "N", "P"]), max_size=60)


@given(words, words)
def test_text_is_as_wide_as_its_parts(one: str, two: str) -> None:
    assert abs(text_width(one + two) - text_width(one) - text_width(two)) < 1e-6


def test_bold_text_is_wider() -> None:
    assert text_width("Higher", bold=True) > text_width("Higher")


def test_accents_take_no_room_of_their_own() -> None:
    assert text_width("e\u0301") == text_width("e") == text_width("é")


def test_letters_of_square_scripts_take_an_em() -> None:
    assert text_width("漢", size=14) == 14


@given(st.text("abcdefgh WM", max_size=80), st.floats(40, 300))
def test_lines_fit_and_lose_nothing(text: str, width: float) -> None:
    lines = wrap(text, width)
    assert all(text_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_word_is_broken_only_where_no_line_can_hold_it() -> None:
    assert wrap("Hammersmith and Fulham", 120) == ("Hammersmith", "and Fulham")
    assert len(wrap("W" * 100, 100)) > 10


def test_no_text_is_one_empty_line() -> None:
    assert wrap("", 100) == ("",)
    assert widest([]) == 0.0
