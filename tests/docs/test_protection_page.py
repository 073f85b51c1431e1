"""The worked example of the page on protection, recomputed by trying every table there is."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from social_evidence.app.protected_cells import WIDTH
from social_evidence.disclosure.attack import LinkedCounts, intervals
from social_evidence.disclosure.secondary import Protection, protect

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/protection.md").read_text(encoding="utf-8")
CLAIM = re.compile(r"^assert possible\((.+)\) == (\[.+\])$", re.MULTILINE)


def numbers(text: str) -> list[list[int]]:
    pairs = re.findall(r"\((\d+), (\d+)\)", text)
    return [[int(first), int(second)] for first, second in pairs]


@pytest.fixture(scope="module")
def table() -> np.ndarray:
    rows = re.findall(r"^\| (?:North|East|South|City) \|(.+)\|$", PAGE, re.MULTILINE)
    return np.array([[int(cell.strip(" *")) for cell in row.split("|")] for row in rows])


@pytest.fixture(scope="module")
def linked(table: np.ndarray) -> LinkedCounts:
    places = np.arange(16).reshape(4, 4)
    sums = np.zeros((8, 16), dtype=np.int64)
    for line, (*parts, total) in enumerate([*places, *places.T]):
        sums[line, total], sums[line, parts] = 1, -1
    return LinkedCounts(table.ravel(), sparse.csr_array(sums), np.zeros(16, dtype=np.int64))


def every_possible(table: np.ndarray, hidden: list[list[int]]) -> list[list[int]]:
    """Try every value of every hidden count: slow and plain."""
    rows, columns = np.array(hidden).T
    found = []
    for tried in itertools.product(range(41), repeat=len(hidden)):
        other = table.copy()
        other[rows, columns] = tried
        down, across = other[:3].sum(axis=0), other[:, :3].sum(axis=1)
        if (down == other[3]).all() and (across == other[:, 3]).all():
            found.append(tried)
    return np.array([np.min(found, axis=0), np.max(found, axis=0)]).T.tolist()


def test_the_table_adds_up_and_is_the_one_of_the_code_block(table: np.ndarray) -> None:
    assert (table[:3].sum(axis=0) == table[3]).all()
    assert (table[:, :3].sum(axis=1) == table[:, 3]).all()
    assert str(table.tolist()) in PAGE


@pytest.mark.parametrize("number", [0, 1])
def test_what_the_page_says_is_possible_is_what_trying_finds(
    table: np.ndarray, number: int
) -> None:
    hidden, stated = CLAIM.findall(PAGE)[number]
    assert every_possible(table, numbers(hidden)) == numbers(stated)


def test_the_four_counts_move_together_and_no_further(table: np.ndarray) -> None:
    hidden, stated = CLAIM.findall(PAGE)[2]
    rows, columns = np.array(numbers(hidden)).T
    moves = np.array([-1, 1, 1, -1])
    possible = [
        table[rows, columns] + by * moves
        for by in range(-60, 61)
        if (table[rows, columns] + by * moves >= 0).all()
    ]
    found = np.array([np.min(possible, axis=0), np.max(possible, axis=0)]).T.tolist()
    assert found == numbers(stated)


def test_the_program_s_own_choice_leaves_every_hidden_count_uncertain(
    linked: LinkedCounts,
) -> None:
    may_hide = np.zeros((4, 4), dtype=bool)
    may_hide[:3, :3] = True
    asked = Protection(
        linked=linked,
        primary=linked.counts < 10,
        cost=np.where(may_hide.ravel(), 1.0, np.inf),
        judged=np.ones(16, dtype=bool),
        width=WIDTH,
    )
    hidden = protect(asked)
    assert hidden.sum() == 4
    assert intervals(linked, hidden).width.min() >= WIDTH
    assert f"at least **{WIDTH}** wide" in PAGE
