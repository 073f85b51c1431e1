"""Cheap proofs that a count is safe or is not, against asking of each cell in whole numbers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from social_evidence.disclosure.attack import Attacker, LinkedCounts
from social_evidence.disclosure.moves import Moves, Squares
from social_evidence.disclosure.parts import BOUNDLESS, Web

WIDTH = 5


def cube(inner, *, constant=False):
    """A table with all its margins: counts, and each sum along each of its sides."""
    full = np.asarray(inner, dtype=np.int64)
    for side in range(full.ndim):
        full = np.concatenate([full, full.sum(axis=side, keepdims=True)], axis=side)
    place = np.arange(full.size).reshape(full.shape)
    lines = []
    for side, length in enumerate(full.shape):
        others = [range(n) for at, n in enumerate(full.shape) if at != side]
        for where in itertools.product(*others):
            line = [place[(*where[:side], at, *where[side:])] for at in range(length)]
            lines.append(line)
    counts = np.append(full.ravel(), 1) if constant else full.ravel()
    sums = np.zeros((len(lines), len(counts)), dtype=np.int64)
    for row, (*parts, total) in enumerate(lines):
        sums[row, total], sums[row, parts] = 1, -1
        if constant:  # somebody of whom it is known that he is in no part: known, and never moves
            counts[total] += row % 3
    if constant:
        sums[:, -1] = -(sums[:, :-1] @ counts[:-1])
    return LinkedCounts(counts, sparse.csr_array(sums), np.zeros(len(counts), dtype=np.int64))


def exact(linked, hidden):
    """Ask for each hidden cell's smallest and largest whole number, one programme at a time."""
    cells = np.flatnonzero(hidden)
    sums = linked.sums[:, cells]
    right = sums @ linked.counts[cells]
    ends = []
    for at in range(len(cells)):
        for sign in (1, -1):
            price = np.zeros(len(cells))
            price[at] = sign
            done = optimize.milp(
                price,
                integrality=np.ones(len(cells)),
                bounds=optimize.Bounds(linked.smallest[cells], np.inf),
                constraints=optimize.LinearConstraint(sums, right, right),
            )
            ends.append(np.inf if done.x is None else round(done.x[at]))
    return cells, np.array(ends[::2]), np.array(ends[1::2])


@st.composite
def tables(draw):
    """Small tables of two or three sides with some cells hidden, margins among them."""
    sides = draw(st.sampled_from([(2, 3), (3, 3), (2, 2, 2), (2, 2, 3), (4, 2)]))
    size = int(np.prod(sides))
    inner = draw(st.lists(st.integers(0, 12), min_size=size, max_size=size))
    linked = cube(np.reshape(inner, sides), constant=draw(st.booleans()))
    last = int(np.prod([side + 1 for side in sides]))
    # The grand total stays shown: without it nothing need bound what is hidden.
    chosen = draw(st.lists(st.booleans(), min_size=last - 1, max_size=last - 1))
    hidden = np.zeros(len(linked.counts), dtype=bool)
    hidden[: last - 1] = chosen
    return linked, hidden


@given(tables())
@settings(max_examples=30, deadline=None)
def test_a_move_reaches_nothing_that_is_impossible(case):
    linked, hidden = case
    squares = Squares(linked.sums, linked.counts - linked.smallest, np.ones_like(hidden))
    down, up = squares.spread(hidden)
    cells, low, high = exact(linked, hidden)
    assert (linked.counts[cells] - down[cells] >= low).all()
    assert (linked.counts[cells] + up[cells] <= high).all()
    assert not down[~hidden].any()
    assert not up[~hidden].any()


@given(tables())
@settings(max_examples=30, deadline=None)
def test_what_single_sums_say_leaves_out_nothing_that_is_possible(case):
    linked, hidden = case
    lower, upper = Web(linked.sums).bounds(hidden, linked.counts, linked.smallest)
    cells, low, high = exact(linked, hidden)
    assert (lower[cells] <= low).all()
    assert ((upper[cells] >= high) | (upper[cells] >= BOUNDLESS)).all()
    assert lower[~hidden].tolist() == upper[~hidden].tolist() == linked.counts[~hidden].tolist()


@given(tables(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_an_attacker_who_remembers_never_calls_safe_what_is_narrow(case, draw):
    linked, hidden = case
    attacker = Attacker(linked)
    order = list(np.flatnonzero(hidden))
    draw.shuffle(order)
    for cell in [None, *order[:3], None]:
        if cell is not None:
            hidden = hidden.copy()
            hidden[cell] = not hidden[cell]
        cells, low, high = exact(linked, hidden)
        found = attacker.intervals(hidden, enough=WIDTH)
        assert ((found.width >= WIDTH) == (high - low >= WIDTH)).all()
        assert (attacker.narrow(hidden, WIDTH)[cells] <= (high - low < WIDTH)).all()


@given(tables(), st.data())
@settings(max_examples=25, deadline=None)
def test_showing_a_cell_is_called_safe_where_it_is(case, data):
    linked, hidden = case
    cells, low, high = exact(linked, hidden)
    if not cells.size:
        return
    shown = data.draw(st.sampled_from(cells.tolist()))
    judged = np.zeros(len(hidden), dtype=bool)
    judged[cells[high - low >= WIDTH]] = True
    judged[shown] = False
    fewer = hidden.copy()
    fewer[shown] = False
    attacker = Attacker(linked)
    attacker.intervals(hidden, enough=WIDTH)
    left, low, high = exact(linked, fewer)
    expected = bool((high - low >= WIDTH)[judged[left]].all())
    assert attacker.is_safe_after(fewer, shown, judged, WIDTH) == expected


def test_two_areas_and_two_groups_trade_people():
    linked = cube([[4, 9], [6, 2]])
    hidden = np.zeros(9, dtype=bool)
    hidden[[0, 1, 3, 4]] = True
    squares = Squares(linked.sums, linked.counts, np.ones(9, dtype=bool))
    down, up = squares.spread(hidden)
    # The upper left cell falls until it or the lower right one is empty, and rises as the others.
    assert down[[0, 1, 3, 4]].tolist() == [2, 6, 6, 2]
    assert up[[0, 1, 3, 4]].tolist() == [6, 2, 2, 6]


def test_a_square_with_a_shown_corner_is_no_move():
    linked = cube([[4, 9], [6, 2]])
    hidden = np.zeros(9, dtype=bool)
    hidden[[0, 1, 3]] = True
    squares = Squares(linked.sums, linked.counts, np.ones(9, dtype=bool))
    assert not np.any(squares.spread(hidden))


def moves(linked):
    return Moves(Web(linked.sums), linked.counts - linked.smallest)


@pytest.mark.parametrize(
    "change",
    [[1, -1, 0, 0, 0, 0, 0, 0, 0], [5, -5, 0, -5, 5, 0, 0, 0, 0]],
    ids=["a sum is broken", "a count falls below nought"],
)
def test_a_change_that_cannot_be_is_not_remembered(change):
    linked = cube([[4, 3], [6, 2]])
    held = moves(linked)
    held.add(np.array(change))
    assert not np.any(held.spread(np.ones(9, dtype=bool)))


def test_a_remembered_move_goes_as_far_as_its_smallest_count_both_ways():
    linked = cube([[4, 3], [6, 2]])
    held = moves(linked)
    held.add(np.array([1, -1, 0, -1, 1, 0, 0, 0, 0]))
    down, up = held.spread(np.ones(9, dtype=bool))
    assert down.tolist() == [2, 3, 0, 3, 2, 0, 0, 0, 0]
    assert up.tolist() == [3, 2, 0, 2, 3, 0, 0, 0, 0]
    shown = np.ones(9, dtype=bool)
    shown[4] = False
    assert not np.any(held.spread(shown))


def test_moves_that_one_attacker_found_are_another_ones_where_they_share_cells(monkeypatch):
    linked = cube([[4, 3, 9], [6, 2, 9], [7, 8, 9]])
    hidden = np.zeros(16, dtype=bool)
    # A ring of six cells: no two pairs of it undo one another, so only a programme finds the move.
    hidden[[0, 1, 5, 6, 8, 10]] = True
    one, other, third = Attacker(linked), Attacker(linked), Attacker(linked)
    assert not np.any(Squares(linked.sums, linked.counts, hidden).spread(hidden))
    found = one.intervals(hidden, enough=WIDTH)
    other.learn_from(one, np.arange(16), hidden)
    third.learn_from(one, np.full(16, 99), hidden)  # none of the cells is his
    monkeypatch.delattr("social_evidence.disclosure.attack.Programme")
    assert (other.intervals(hidden, enough=WIDTH).width >= WIDTH).all()
    assert (found.width >= WIDTH).all()
    with pytest.raises(NameError):
        third.intervals(hidden, enough=WIDTH)
