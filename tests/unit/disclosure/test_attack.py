"""Intervals of hidden counts, against trying every table there is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from social_evidence.disclosure.attack import LinkedCounts, intervals
from social_evidence.disclosure.secondary import Protection, protect
from social_evidence.errors import DisclosureError


def table(inner):
    """A two-way table with its margins: counts row by row, sums of rows and of columns."""
    inner = np.asarray(inner)
    full = np.vstack([inner, inner.sum(0)])
    full = np.hstack([full, full.sum(1, keepdims=True)])
    rows, columns = full.shape
    place = np.arange(full.size).reshape(full.shape)
    lines = [place[row] for row in range(rows)] + [place[:, column] for column in range(columns)]
    sums = np.zeros((len(lines), full.size), dtype=np.int64)
    for at, line in enumerate(lines):
        sums[at, line[-1]] = 1
        sums[at, line[:-1]] = -1
    return LinkedCounts(
        counts=full.ravel(),
        sums=sparse.csr_array(sums),
        smallest=np.zeros(full.size, dtype=np.int64),
    )


def brute_force(linked, hidden):
    """Try every whole-number table up to the largest count: slow, and obviously right."""
    cells = np.flatnonzero(hidden)
    sums = linked.sums.toarray()
    found = []
    for values in itertools.product(range(int(linked.counts.max()) + 1), repeat=len(cells)):
        tried = linked.counts.copy()
        tried[cells] = values
        if not (sums @ tried).any():
            found.append(values)
    return np.min(found, axis=0), np.max(found, axis=0)


@st.composite
def hidden_tables(draw):
    rows = draw(st.integers(2, 3))
    columns = draw(st.integers(2, 3))
    inner = draw(
        st.lists(
            st.lists(st.integers(0, 4), min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        )
    )
    linked = table(inner)
    # The grand total stays shown: without it nothing need bound what is hidden.
    places = draw(st.sets(st.integers(0, len(linked.counts) - 2), min_size=1, max_size=4))
    hidden = np.zeros(len(linked.counts), dtype=bool)
    hidden[list(places)] = True
    return linked, hidden


@given(hidden_tables())
@settings(max_examples=60, deadline=None)
def test_intervals_are_those_of_trying_every_table(case):
    linked, hidden = case
    found = intervals(linked, hidden)
    low, high = brute_force(linked, hidden)
    assert found.lower.tolist() == low.tolist()
    assert found.upper.tolist() == high.tolist()


@given(hidden_tables())
@settings(max_examples=40, deadline=None)
def test_a_search_that_ends_early_is_never_wider_than_the_truth(case):
    linked, hidden = case
    exact = intervals(linked, hidden)
    early = intervals(linked, hidden, enough=2)
    assert (early.lower >= exact.lower).all()
    assert (early.upper <= exact.upper).all()
    assert ((early.width >= 2) == (exact.width >= 2)).all()


def test_whole_numbers_narrow_what_fractions_allow():
    # Three hidden counts with x + y = 1, y + z = 1, x + z = 2 + w: fractions would allow halves.
    linked = LinkedCounts(
        counts=np.array([1, 0, 1, 1, 1, 2]),
        sums=sparse.csr_array(
            np.array([[1, 1, 0, -1, 0, 0], [0, 1, 1, 0, -1, 0], [1, 0, 1, 0, 0, -1]])
        ),
        smallest=np.zeros(6, dtype=np.int64),
    )
    hidden = np.array([True, True, True, False, False, False])
    found = intervals(linked, hidden)
    assert found.lower.tolist() == found.upper.tolist() == [1, 0, 1]


def test_a_hidden_cell_in_no_sum_is_unbounded():
    linked = LinkedCounts(
        counts=np.array([3, 4]),
        sums=sparse.csr_array((0, 2), dtype=np.int64),
        smallest=np.zeros(2, dtype=np.int64),
    )
    found = intervals(linked, np.array([True, False]))
    assert found.upper.tolist() == [-1]
    assert found.width[0] > 10**9


def test_what_is_known_of_a_cell_narrows_the_others():
    linked = LinkedCounts(
        counts=np.array([10, 6, 4]),
        sums=sparse.csr_array(np.array([[1, -1, -1]])),
        smallest=np.array([0, 5, 0]),
    )
    found = intervals(linked, np.array([False, True, True]))
    assert found.lower.tolist() == [5, 0]
    assert found.upper.tolist() == [10, 5]


def test_sums_that_do_not_hold_are_refused():
    with pytest.raises(DisclosureError, match="sums do not hold"):
        LinkedCounts(
            counts=np.array([3, 1]),
            sums=sparse.csr_array(np.array([[1, -1]])),
            smallest=np.zeros(2, dtype=np.int64),
        )


@given(st.lists(st.lists(st.integers(0, 40), min_size=4, max_size=4), min_size=4, max_size=6))
@settings(max_examples=30, deadline=None)
def test_what_is_protected_is_safe_or_refused(inner):
    linked = table(inner)
    primary = (linked.counts > 0) & (linked.counts < 10)
    primary.reshape(len(inner) + 1, 5)[:, -1] = False
    primary.reshape(len(inner) + 1, 5)[-1] = False
    cost = 1 + np.log1p(linked.counts)
    cost.reshape(len(inner) + 1, 5)[:, -1] = np.inf
    cost.reshape(len(inner) + 1, 5)[-1] = np.inf
    asked = Protection(
        linked=linked, primary=primary, cost=cost, judged=np.ones(len(cost), dtype=bool)
    )
    try:
        hidden = protect(asked)
    except DisclosureError:
        # Refused only where even hiding the whole inside does not make it safe.
        every = np.isfinite(cost)
        found = intervals(linked, every)
        narrow = found.width < asked.width
        assert primary[found.cells][narrow].any()
        return
    assert hidden[primary].all()
    assert not hidden[~np.isfinite(cost)].any()
    if hidden.any():
        assert intervals(linked, hidden).width.min() >= asked.width
