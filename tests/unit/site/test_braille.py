"""Pages of Braille have 40 cells and 25 lines, whatever is told."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.site.braille import CELLS, LINES, to_brf

KINDS = st.sampled_from("#-.")
WORDS = st.text("ABC,4 ", max_size=200)


def pages(brf: str) -> list[list[str]]:
    return [page.removesuffix("\r\n").split("\r\n") for page in brf.split("\f")]


@given(st.lists(st.tuples(KINDS, WORDS), max_size=60))
@settings(max_examples=100, deadline=None)
def test_every_page_has_25_lines_of_at_most_40_cells(blocks: list[tuple[str, str]]) -> None:
    for page in pages(to_brf(blocks)):
        assert len(page) == LINES
        assert all(len(line) <= CELLS for line in page)


@given(st.lists(st.tuples(KINDS, WORDS), max_size=60))
@settings(max_examples=100, deadline=None)
def test_nothing_is_lost_between_lines_and_pages(blocks: list[tuple[str, str]]) -> None:
    told = "".join("".join(page[:-1]) for page in pages(to_brf(blocks)))
    assert told.replace(" ", "") == "".join(words for _, words in blocks).replace(" ", "")


def test_a_page_ends_with_its_number_in_braille_digits() -> None:
    numbers = [page[-1].strip() for page in pages(to_brf([(".", "A")] * 300))]
    assert numbers[:3] == ["#A", "#B", "#C"]
    assert numbers[9:11] == ["#AJ", "#AA"]


def test_a_heading_goes_with_what_follows_it() -> None:
    blocks = [("-", "A")] * (LINES - 2) + [("#", "HEAD"), (".", "B")]
    first, second = pages(to_brf(blocks))
    assert not any("HEAD" in line for line in first)
    assert second[0].strip() == "HEAD"
