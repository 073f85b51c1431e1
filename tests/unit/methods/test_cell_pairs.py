"""Differences of many pairs of cells, against sums over units one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_evidence.methods import cell_pairs, totals, unclustered
from social_evidence.methods.cell_pairs import CellInfluence, Entries, Moments
from social_evidence.methods.strata import make_strata
from social_evidence.methods.totals import UnitSums
from social_evidence.methods.unclustered import SquareSums

CELLS = 5


def sample(seed, n_strata, *, lonely):
    """Draw units in strata with y and x in some cells; cell 4 holds all of cells 0 and 1."""
    chance = np.random.default_rng(seed)
    sizes = chance.integers(2, 6, n_strata)
    if lonely:
        sizes[0] = 1
    stratum = np.repeat(np.arange(n_strata), sizes)
    y = chance.integers(0, 5, (stratum.size, CELLS, 2)).astype(float)
    x = chance.integers(1, 4, (stratum.size, CELLS, 2)).astype(float)
    there = chance.random((stratum.size, CELLS)) < 0.6
    there[:, 1] &= ~there[:, 0]
    there[0, :] = [True, False, True, True, True]
    y, x = y * there[:, :, None], x * there[:, :, None]
    y[:, 4], x[:, 4] = y[:, 0] + y[:, 1], x[:, 0] + x[:, 1]
    there[:, 4] = there[:, 0] | there[:, 1]
    return stratum, sizes, y, x, there


def entries_of(values, there, n_keys):
    """Lay (units, cells, m) numbers out by cell."""
    starts = np.r_[0, np.cumsum(there.sum(axis=0))]
    key = np.concatenate([np.flatnonzero(there[:, cell]) for cell in range(CELLS)])
    value = np.concatenate([values[there[:, cell], cell] for cell in range(CELLS)])
    return Entries(starts=starts, key=key, value=value, n_keys=n_keys)


PAIRS = np.array([*itertools.permutations(range(CELLS), 2), (0, 4), (1, 4)])


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n_strata=st.integers(1, 5),
    rule=st.sampled_from(["fail", "remove", "adjust", "average", "certainty"]),
)
def test_clustered_pairs_have_the_covariance_of_the_two_cells(seed, n_strata, rule):
    is_lonely = rule != "fail" and n_strata > 1
    stratum, sizes, y, x, there = sample(seed, n_strata, lonely=is_lonely)
    strata = make_strata(sizes, lonely_psu=rule)
    ratio = y.sum(axis=0) / np.where(x.sum(axis=0) > 0, x.sum(axis=0), np.nan)
    z = (y - ratio * x) / x.sum(axis=0)
    influence = CellInfluence(
        entries=entries_of(z, there, stratum.size),
        present=entries_of(np.ones_like(z), there, stratum.size),
        stratum=stratum,
        strata=strata,
    )
    found = cell_pairs.difference_variances(influence, PAIRS, nested=None)
    for (at, (to, other)), item in itertools.product(enumerate(PAIRS), range(2)):
        expected = totals.cross_products(
            (np.nan_to_num(z[:, to, item]) - np.nan_to_num(z[:, other, item]))[:, None],
            stratum,
            strata,
        )
        assert found[at, item] == pytest.approx(expected[0, 0], rel=1e-9, abs=1e-15)


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), n_strata=st.integers(1, 5))
def test_units_and_strata_of_two_cells_together_are_counted_once(seed, n_strata):
    stratum, sizes, _, _, there = sample(seed, n_strata, lonely=False)
    ones = np.ones((stratum.size, CELLS, 1))
    entries = entries_of(ones, there, stratum.size)
    influence = CellInfluence(
        entries=entries, present=entries, stratum=stratum, strata=make_strata(sizes)
    )
    own = np.array(
        [[there[:, c].sum() - np.unique(stratum[there[:, c]]).size] for c in range(CELLS)]
    )
    found = cell_pairs.union_degrees_of_freedom(influence, own, PAIRS)
    for row, (to, other) in enumerate(PAIRS):
        both = there[:, to] | there[:, other]
        assert found[row, 0] == both.sum() - np.unique(stratum[both]).size


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), n_strata=st.integers(1, 4))
def test_sums_of_squares_give_what_units_one_by_one_give(seed, n_strata):
    stratum, sizes, y, x, there = sample(seed, n_strata, lonely=False)
    strata = make_strata(sizes)
    rows = [(c, h) for c in range(CELLS) for h in range(n_strata) if there[stratum == h, c].any()]
    inside = [there[:, c] & (stratum == h) for c, h in rows]

    def added(values):
        return np.array(
            [values[own, c].sum(axis=0) for (c, _), own in zip(rows, inside, strict=True)]
        )

    cell, at = np.array(rows).T
    starts = np.searchsorted(cell, np.arange(CELLS + 1))
    sums = SquareSums(
        cell=cell, stratum=at, wy=added(y), wx=added(x), wyy=added(y * y), wyx=added(y * x),
        wxx=added(x * x), n_cells=CELLS,
    )  # fmt: skip
    made = unclustered.ratios(sums, strata)
    slope = np.nan_to_num(made.value)
    below = np.where(made.below != 0, made.below, 1.0)
    moments = Moments(
        starts=starts, stratum=at, yy=sums.wyy, yx=sums.wyx, xx=sums.wxx, slope=slope, below=below
    )
    factor, _ = cell_pairs.factors(strata)
    every = np.arange(CELLS)
    z = (sums.wy - slope[cell] * sums.wx) / below[cell]
    ones = np.ones_like(z)
    influence = CellInfluence(
        entries=Entries(starts=starts, key=at, value=z, n_keys=n_strata),
        present=Entries(starts=starts, key=at, value=ones, n_keys=n_strata),
        stratum=np.arange(n_strata),
        strata=strata,
        squares=moments.squares(every, every, factor),
    )
    pairs = np.array([(0, 4), (1, 4), (0, 1)])
    nested = moments.squares(pairs[:, 0], pairs[:, 1], factor)
    nested[2] = 0.0
    found = cell_pairs.difference_variances(influence, pairs, nested=nested)
    units = UnitSums(
        cell=np.nonzero(there.T)[0], stratum=stratum[np.nonzero(there.T)[1]],
        unit=np.nonzero(there.T)[1], wy=y.transpose(1, 0, 2)[there.T],
        wx=x.transpose(1, 0, 2)[there.T], n_cells=CELLS,
    )  # fmt: skip
    for row, pair in enumerate(pairs):
        for item in range(2):
            _, joint = totals.covariance(units, strata, made, pair, np.full(2, item))
            if np.isnan(joint).any():
                continue
            expected = joint[0, 0] + joint[1, 1] - 2 * joint[0, 1]
            assert found[row, item] == pytest.approx(expected, rel=1e-7, abs=1e-12)
