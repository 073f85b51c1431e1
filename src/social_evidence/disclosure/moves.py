"""Changes of hidden counts that keep every sum: the cheap proofs that a count stays uncertain.

Take two areas and two groups, all four counts hidden: one person more here, one fewer there, and no
sum tells. Whoever finds such a move has shown, without any programme, how far each of its cells
can lie from what it is. Every move is whole-numbered, is held against the sums themselves, and
stays possible whatever else is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from social_evidence.disclosure.parts import BOUNDLESS, Web

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_LONGEST = 64  # cells of a sum that are paired with one another: more cost more than they prove
_REMEMBERED = 400  # moves kept: more cost more to compare than they save


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Pairs of cells that leave one sum as it is when both change, by what they do to the others.

    Attributes:
        one, other: (p,) the cells' places.
        way, back: (p,) +1 or -1, how each changes.
        starts: (g,) where the pairs begin that do the same to all sums.
        alone: (g,) true where that is nothing: each such pair is a move by itself.
    """

    one: Ints
    other: Ints
    way: Ints
    back: Ints
    starts: Ints
    alone: Bools


class Squares:
    """All moves of two cells, and of two pairs of cells that undo one another.

    They are found by what each pair does to the sums: two pairs that do the same make a move, one
    forwards and one backwards. For each pair the best partner is looked for, not every one.
    """

    def __init__(self, sums: sparse.csr_array, room: Ints, may_move: Bools) -> None:
        """Find pairs.

        Args:
            sums: (m, n) rows of +1 and -1 whose product with the counts is 0.
            room: (n,) how far each count can fall.
            may_move: (n,) cells that are ever hidden.
        """
        self._pairs = _pairs(sums, may_move)
        pairs = self._pairs
        limits = [
            (pairs.one, pairs.way),
            (pairs.other, pairs.back),
        ]
        self._ahead = _steps(room, limits, 1)
        self._backwards = _steps(room, limits, -1)
        self._group = np.repeat(
            np.arange(len(pairs.starts)), np.diff([*pairs.starts, len(pairs.one)])
        )
        cells = np.concatenate([pairs.one, pairs.other])
        self._order = np.argsort(cells, kind="stable")
        self._cells, self._cell_starts = np.unique(cells[self._order], return_index=True)
        self._is_up = np.concatenate([pairs.way, pairs.back])[self._order] > 0

    def spread(self, hidden: Bools) -> tuple[Ints, Ints]:
        """Say how far each cell can fall and rise by one such move.

        Args:
            hidden: (n,) cells that may move now.

        Returns:
            (n,) steps down and (n,) steps up, 0 where no move is found.
        """
        down, up = np.zeros(len(hidden), dtype=np.int64), np.zeros(len(hidden), dtype=np.int64)
        pairs = self._pairs
        if not pairs.one.size:
            return down, up
        is_there = hidden[pairs.one] & hidden[pairs.other]
        ahead = np.where(is_there, self._ahead, 0)
        backwards = np.where(is_there, self._backwards, 0)
        alone = pairs.alone[self._group]
        forth = np.where(alone, ahead, np.minimum(ahead, self._best_other(backwards)))
        back = np.where(alone, backwards, np.minimum(backwards, self._best_other(ahead)))
        twice = (
            np.concatenate([forth, forth])[self._order],
            np.concatenate([back, back])[self._order],
        )
        rise = np.where(self._is_up, *twice)
        fall = np.where(self._is_up, *twice[::-1])
        up[self._cells] = np.maximum.reduceat(rise, self._cell_starts)
        down[self._cells] = np.maximum.reduceat(fall, self._cell_starts)
        return down, up

    def _best_other(self, steps: Ints) -> Ints:
        """Give each pair the most steps of any other pair that does the same."""
        starts, group = self._pairs.starts, self._group
        most = np.maximum.reduceat(steps, starts)
        places = np.arange(len(steps))
        first = np.minimum.reduceat(np.where(steps == most[group], places, len(steps)), starts)
        rest = steps.copy()
        rest[first] = 0
        second = np.maximum.reduceat(rest, starts)
        return np.where(places == first[group], second[group], most[group])


def _steps(room: Ints, limits: list[tuple[Ints, Ints]], sign: int) -> Ints:
    """Say how often a pair can change before one of its cells is as small as can be."""
    each = [np.where(way * sign < 0, room[cells], BOUNDLESS) for cells, way in limits]
    return np.minimum(*each)


def _pairs(sums: sparse.csr_array, may_move: Bools) -> _Pairs:
    one, other, same_way = _in_one_sum(sums, may_move)
    # A pair may stand in several sums; its key holds both cells and whether they change alike.
    number = sums.shape[1]
    key = np.unique((one * number + other) * 2 + (same_way > 0))
    one, other = key // 2 // number, key // 2 % number
    way, back = np.ones_like(one), np.where(key % 2 > 0, -1, 1)
    # What a pair does to the sums, as one number: equal numbers are compared in full below.
    draw = np.random.default_rng(len(may_move))
    price = draw.integers(-(1 << 62), 1 << 62, size=sums.shape[0], dtype=np.int64)
    done = sums.T @ price
    told = done[one] + back * done[other]
    turn = np.where(told < 0, -1, 1)
    told, way, back = told * turn, way * turn, back * turn
    every = _Told(one, other, way, back, told)
    # A pair whose number no other has is no use: most are gone before the dear comparisons.
    every = every.taken(np.argsort(told, kind="stable")).useful()
    kept = _agreeing(sums, every) & _disjoint(every, number)
    found = every.taken(np.flatnonzero(kept)).useful()
    starts = found.starts
    return _Pairs(found.one, found.other, found.way, found.back, starts, found.told[starts] == 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """Pairs, and the number that tells what each does to the sums; 0 is nothing."""

    one: Ints
    other: Ints
    way: Ints
    back: Ints
    told: Ints

    def taken(self, places: Ints) -> _Told:
        each = (self.one, self.other, self.way, self.back, self.told)
        return _Told(*(values[places] for values in each))

    @property
    def starts(self) -> Ints:
        """Where each number begins, of pairs in its order."""
        return np.asarray(np.flatnonzero(np.r_[True, np.diff(self.told) != 0][: len(self.told)]))

    @property
    def lengths(self) -> Ints:
        """How many pairs have each number."""
        return np.asarray(np.diff(np.r_[self.starts, len(self.told)]))

    def useful(self) -> _Told:
        """Leave out pairs whose number no other has, unless they do nothing to any sum."""
        number = np.repeat(self.lengths, self.lengths)
        return self.taken(np.flatnonzero((number > 1) | (self.told == 0)))


def _in_one_sum(sums: sparse.csr_array, may_move: Bools) -> tuple[Ints, Ints, Ints]:
    """List pairs of movable cells of one sum, and whether they stand on one side of it."""
    found: list[tuple[Ints, Ints, Ints]] = []
    for start, end in zip(sums.indptr[:-1], sums.indptr[1:], strict=True):
        cells, signs = sums.indices[start:end], sums.data[start:end]
        mine = may_move[cells] & (np.abs(signs) == 1)
        cells, signs = cells[mine], signs[mine]
        if 1 < len(cells) <= _LONGEST:
            order = np.argsort(cells)
            cells, signs = cells[order], signs[order]
            a, b = _each_two(len(cells))
            found.append((cells[a], cells[b], signs[a] * signs[b]))
    if not found:
        return (np.empty(0, dtype=np.int64),) * 3
    one, other, same = (np.concatenate(each).astype(np.int64) for each in zip(*found, strict=True))
    return one, other, same


@cache
def _each_two(number: int) -> tuple[Ints, Ints]:
    one, other = np.triu_indices(number, 1)
    return one, other


def _agreeing(sums: sparse.csr_array, pairs: _Told) -> Bools:
    """Check that pairs of one number do the same to every sum as the first of them."""
    number = len(pairs.told)
    if not number:
        return np.zeros(0, dtype=bool)
    cells = np.stack([pairs.one, pairs.other], axis=1).ravel()
    ways = np.stack([pairs.way, pairs.back], axis=1).ravel()
    ends = np.arange(0, 2 * number + 1, 2)
    change = sparse.csr_array((ways, cells, ends), shape=(number, sums.shape[1]))
    done = sparse.csr_array(change @ sums.T)
    expected = sparse.csr_array(done[np.repeat(pairs.starts, pairs.lengths)])
    expected.data *= np.repeat(pairs.told != 0, np.diff(expected.indptr))
    return np.asarray(np.asarray(abs(done - expected).sum(axis=1)).ravel() == 0)


def _disjoint(pairs: _Told, cells: int) -> Bools:
    """Keep, of pairs that do the same, those that share no cell with one before."""
    number = np.repeat(np.arange(len(pairs.starts)), pairs.lengths)
    key = np.concatenate([number * cells + pairs.one, number * cells + pairs.other])
    order = np.argsort(key, kind="stable")
    again = order[1:][np.diff(key[order]) == 0] % max(len(number), 1)
    kept = np.ones(len(number), dtype=bool)
    kept[again] = False
    # A pair that is a move by itself needs no partner.
    return np.asarray(kept | (pairs.told == 0))


class Moves:
    """Moves of many cells, as they were found by programmes."""

    def __init__(self, web: Web, room: Ints) -> None:
        self._web = web
        self._room = room
        self._moved = np.zeros((_REMEMBERED, len(room)), dtype=np.float32)
        self._ahead = np.zeros((_REMEMBERED, len(room)), dtype=np.int32)
        self._back = np.zeros((_REMEMBERED, len(room)), dtype=np.int32)
        self.number = 0

    def add(self, change: Ints, news: Bools | None = None) -> None:
        """Remember a change of the counts.

        One that breaks a sum, or leaves a count below what it can be, is not remembered.

        Args:
            change: (n,) what is added to each count.
            news: (n,) cells of which it tells something new. Where it falls apart, parts without
                any are then left out; all is kept as it is by default.
        """
        moved = change != 0
        is_news = moved.any() if news is None else news.any()
        if not is_news or not self._web.keeps(change) or (change + self._room < 0).any():
            return
        for cells in [np.flatnonzero(moved)] if news is None else self._web.apart(moved):
            if news is None or news[cells].any():
                self._keep(cells, change[cells])

    def all_of(self, hidden: Bools) -> Ints:
        """List a change for each move that fits what is hidden."""
        fits = self._fits(hidden)
        ahead, back = self._ahead[fits], self._back[fits]
        return np.where(ahead.any(axis=1, keepdims=True), ahead, back).astype(np.int64)

    def _keep(self, cells: Ints, change: Ints) -> None:
        change = change // np.gcd.reduce(change)
        room = self._room[cells]
        at = self.number % _REMEMBERED  # the newest take the oldest's place
        self._moved[at] = 0
        self._moved[at, cells] = 1
        for held, way in ((self._ahead, change), (self._back, -change)):
            falls = way < 0
            steps = int((room[falls] // -way[falls]).min()) if falls.any() else BOUNDLESS
            held[at] = 0
            held[at, cells] = np.clip(way * steps, -BOUNDLESS, BOUNDLESS)
        self.number += 1

    def _fits(self, hidden: Bools) -> Ints:
        number = min(self.number, _REMEMBERED)
        return np.flatnonzero((self._moved[:number] @ (~hidden).astype(np.float32)) == 0)

    def spread(self, hidden: Bools) -> tuple[Ints, Ints]:
        """Say how far each cell can fall and rise by one of them, as `Squares.spread`."""
        fits = self._fits(hidden)
        if not fits.size:
            return (np.zeros(len(hidden), dtype=np.int64),) * 2
        both = self._ahead[fits], self._back[fits]
        least = np.minimum(both[0].min(axis=0), both[1].min(axis=0))
        most = np.maximum(both[0].max(axis=0), both[1].max(axis=0))
        return np.maximum(-least, 0).astype(np.int64), np.maximum(most, 0).astype(np.int64)
