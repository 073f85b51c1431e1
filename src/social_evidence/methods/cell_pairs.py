"""Differences between many pairs of cells of one sample, each with its covariance.

A borough is part of its city and a group part of everybody, two groups of one neighbourhood share
sampled units, and strata of fixed size tie even cells without a common unit to each other. The
variance of a difference is V_aa + V_bb - 2 V_ab, and all V come from one pass over the entries of
the smaller cells: their influence is met with that of the other cell in the same unit.

Notation: c cells, m measures, n entries (one for each unit with somebody in a cell), p pairs,
H strata with n_h units and factor s_h = (1 - f) n_h / (n_h - 1). z is the influence of a unit on a
cell's estimate; Z its sum over a stratum. V_ab = Σ s_h z_a z_b - Σ s_h Z_a Z_b / n_h.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.methods.strata import Pairs, Strata, centre_and_scale

_ROUNDING = 1e-12
"""A variance below this share of the two it is left over from is rounding, and is none."""
_ROWS = 2_000_000
"""Entries met at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Something known of cells by unit, or by stratum: entries of one cell stand together.

    Attributes:
        starts: (c + 1,) where the entries of each cell begin.
        key: (n,) unit or stratum of each entry, ascending within a cell.
        value: (n, m) numbers.
        n_keys: units or strata there are.
    """

    starts: Ints
    key: Ints
    value: Floats
    n_keys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Sums over the units of a stratum and cell, where units are not known one by one.

    Attributes:
        starts: (c + 1,) where the rows of each cell begin.
        stratum: (n,) stratum of each row.
        yy: (n, m) sums of (wy)²; `yx` of (wy)(wx), `xx` of (wx)².
        slope: (c, m) the ratio of each cell, 0 for a total.
        below: (c, m) its sum of weight × denominator, 1 for a total.
    """

    starts: Ints
    stratum: Ints
    yy: Floats
    yx: Floats
    xx: Floats
    slope: Floats
    below: Floats

    def squares(self, part: Ints, whole: Ints, factor: Floats) -> Floats:
        """Sum the products of influence on a part and on its whole over the part's units.

        Args:
            part: (p,) cells.
            whole: (p,) cells that hold all units of the part, or the part itself.
            factor: (H,) what each stratum is multiplied by.

        Returns:
            (p, m) Σ s z_part z_whole.

        Source:
            As in `unclustered.covariance`.
        """
        cell = np.repeat(np.arange(self.starts.size - 1), np.diff(self.starts))
        sums = np.zeros((3, *self.slope.shape))
        for place, values in enumerate((self.yy, self.yx, self.xx)):
            np.add.at(sums[place], cell, values * factor[self.stratum][:, None])
        yy, yx, xx = sums[:, part]
        own, other = self.slope[part], self.slope[whole]
        spread = yy - (own + other) * yx + own * other * xx
        return np.asarray(spread / (self.below[part] * self.below[whole]))


@dataclass(frozen=True, slots=True, kw_only=True)
class CellInfluence:
    """Influence of sampled units on the estimates of some cells.

    Attributes:
        entries: (n, m) influence z by unit, or of whole strata where units are not known one by
            one. Impossible estimates have NaN throughout.
        present: the same entries: units with somebody in the cell and the measure's domain.
        stratum: (U,) stratum of each unit; where an entry is a stratum, the stratum itself.
        strata: of the whole sample.
        squares: (c, m) Σ s z² over a cell's own units, where units are not known one by one;
            None: from the entries.
    """

    entries: Entries
    present: Entries
    stratum: Ints
    strata: Strata
    squares: Floats | None = None


def meet(first: Entries, second: Entries, pairs: Ints) -> Floats:
    """Sum products of what two cells have at the same key.

    Args:
        first: Of the first cell of each pair; entries of these are walked through, so it should
            be the smaller one.
        second: Of the second cell; it may be `first`.
        pairs: (p, 2) cells.

    Returns:
        (p, m) Σ over common keys of first × second.
    """
    found = np.zeros((len(pairs), first.value.shape[1]))
    if not len(pairs):
        return found
    order = np.argsort(pairs[:, 1], kind="stable")
    whole = pairs[order, 1]
    bounds = [0, *(np.flatnonzero(whole[1:] != whole[:-1]) + 1).tolist(), len(pairs)]
    if 3 * (len(bounds) - 1) > len(pairs):
        return _joined(first, second, pairs)
    # Many parts of few wholes: each whole is laid out once, and its parts look up in it.
    table = np.zeros((second.n_keys, second.value.shape[1]))
    for start, stop in itertools.pairwise(bounds):
        own = slice(*second.starts[whole[start] + np.arange(2)])
        table[second.key[own]] = second.value[own]
        found[order[start:stop]] = _met(first, table, pairs[order[start:stop], 0])
        table[second.key[own]] = 0.0
    return found


def itself(first: Entries, second: Entries) -> Floats:
    """Sum products of two things known of the same entries, by cell.

    Args:
        first: Of the cells.
        second: Of the same cells, entry by entry.

    Returns:
        (c, m) sums.
    """
    found = np.zeros((first.starts.size - 1, first.value.shape[1]))
    filled = np.flatnonzero(np.diff(first.starts))
    if filled.size:
        products = first.value * second.value
        found[filled] = np.add.reduceat(products, first.starts[filled], axis=0)
    return found


def _rows(entries: Entries, cells: Ints) -> tuple[Ints, Ints]:
    """List the entries of some cells one after the other, and how many each has."""
    lengths = entries.starts[cells + 1] - entries.starts[cells]
    ends = np.cumsum(lengths)
    rows = np.repeat(entries.starts[cells] - (ends - lengths), lengths)
    return rows + np.arange(rows.size), lengths


def _joined(first: Entries, second: Entries, pairs: Ints) -> Floats:
    """Sum products over common keys by matching sorted keys, where few pairs share a cell."""
    found = np.zeros((len(pairs), first.value.shape[1]))
    size = (np.diff(first.starts)[pairs[:, 0]] + np.diff(second.starts)[pairs[:, 1]]).cumsum()
    start = 0
    while start < len(pairs):
        before = size[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(size, before + _ROWS, side="right")))
        rows, lengths = _rows(first, pairs[start:stop, 0])
        others, other_lengths = _rows(second, pairs[start:stop, 1])
        number = np.arange(stop - start)
        pair = np.repeat(number, lengths)
        key = pair * second.n_keys + first.key[rows]
        known = np.repeat(number, other_lengths) * second.n_keys + second.key[others]
        place = np.minimum(np.searchsorted(known, key), max(known.size - 1, 0))
        met = np.flatnonzero(known[place] == key) if known.size else np.zeros(0, dtype=np.int64)
        products = first.value[rows[met]] * second.value[others[place[met]]]
        for column in range(products.shape[1]):
            summed = np.bincount(pair[met], products[:, column], minlength=stop - start)
            found[start:stop, column] = summed
        start = stop
    return found


def _met(first: Entries, table: Floats, cells: Ints) -> Floats:
    """Sum the products of some cells' entries with one other cell's, laid out by key."""
    sums = np.zeros((cells.size, table.shape[1]))
    ends = np.cumsum(first.starts[cells + 1] - first.starts[cells])
    start = 0
    while start < cells.size:
        before = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + _ROWS, side="right")))
        rows, lengths = _rows(first, cells[start:stop])
        filled = np.flatnonzero(lengths)
        if filled.size:
            products = first.value[rows] * table[first.key[rows]]
            begins = (np.cumsum(lengths) - lengths)[filled]
            sums[start + filled] = np.add.reduceat(products, begins, axis=0)
        start = stop
    return sums


def by_stratum(cells: CellInfluence) -> tuple[Entries, Entries]:
    """Add influence up over the units of each stratum, and note strata with somebody in a cell.

    Args:
        cells: Influence by unit; units of one stratum have neighbouring numbers.

    Returns:
        Sums of influence Z, and 1 where somebody is present, by stratum.
    """
    entries, present = cells.entries, cells.present
    n_cells, n_strata = entries.starts.size - 1, cells.strata.sampled.size
    cell = np.repeat(np.arange(n_cells), np.diff(entries.starts))
    stratum = cells.stratum[entries.key]
    new = np.r_[True, (cell[1:] != cell[:-1]) | (stratum[1:] != stratum[:-1])]
    first = np.flatnonzero(new) if cell.size else np.zeros(0, dtype=np.int64)
    starts = np.searchsorted(cell[first], np.arange(n_cells + 1))

    def added(values: Floats, how: np.ufunc) -> Entries:
        summed = how.reduceat(values, first, axis=0) if first.size else values[:0]
        return Entries(starts=starts, key=stratum[first], value=summed, n_keys=n_strata)

    return added(entries.value, np.add), added(present.value, np.maximum)


def difference_variances(cells: CellInfluence, pairs: Ints, *, nested: Floats | None) -> Floats:
    """Return the variances of the differences between the cells of each pair.

    Args:
        cells: Influence of the sample's units on the cells.
        pairs: (p, 2) cells; where one is part of the other, the part comes first.
        nested: (p, m) Σ s z_a z_b over common units, where entries are strata and so cannot tell;
            None: from the entries.

    Returns:
        (p, m) variances of the whole sample, as a contrast has them; zero where nothing but
        rounding is left, NaN where an estimate is impossible.

    Source:
        Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, 5.5; rules for
        single units as R package survey 4.5 has them for `svyby(covmat = TRUE)`, which look at
        the whole sample and never at a cell.
    """
    scale, is_single = factors(cells.strata)
    entries, (sums, _) = cells.entries, by_stratum(cells)
    to, other = pairs.T
    if cells.squares is None:
        weighted = _scaled(entries, scale[cells.stratum])
        own, shared = itself(entries, weighted), meet(entries, weighted, pairs)
    else:
        own = cells.squares
        shared = np.zeros((len(pairs), own.shape[1])) if nested is None else nested
    size = own[to] + own[other]
    centred = _scaled(sums, np.where(is_single, 0.0, scale / cells.strata.sampled))
    own, shared = own - itself(sums, centred), shared - meet(sums, centred, pairs)
    if is_single.any():
        mean, single = _overall(sums, scale, is_single, cells.strata)
        total = float(scale[is_single].sum())
        own = own + mean * (total * mean - 2 * single)
        shared = shared + total * mean[to] * mean[other]
        shared = shared - mean[to] * single[other] - mean[other] * single[to]
    variance = own[to] + own[other] - 2 * shared
    return np.where(variance <= _ROUNDING * size, 0.0, variance)


def _scaled(entries: Entries, factor: Floats) -> Entries:
    """Multiply what is known of cells by a factor of each key."""
    return Entries(
        starts=entries.starts,
        key=entries.key,
        value=entries.value * factor[entries.key][:, None],
        n_keys=entries.n_keys,
    )


def factors(strata: Strata) -> tuple[Floats, Bools]:
    """Give the factor of each stratum, and which strata are set against the mean of all units.

    Args:
        strata: Of the whole sample.

    Returns:
        (H,) factors (1 - f) n / (n - 1) under the rule for single units, and (H,) single units
        that the rule `adjust` sets against the mean.

    Source:
        As in `strata.centre_and_scale`.
    """
    size = strata.sampled.size
    pairs = Pairs(
        stratum=np.arange(size),
        starts=np.zeros(1, dtype=np.int64),
        cell=np.zeros(size, dtype=np.int64),
        # In the whole sample a stratum shows all its units; only truly single ones are single.
        found=strata.sampled[:, None],
    )
    _, scale = centre_and_scale(np.zeros((size, 1)), pairs, strata)
    is_adjusted = strata.lonely_psu == "adjust"
    return scale[:, 0], strata.lonely & is_adjusted


def _overall(
    sums: Entries, scale: Floats, is_single: Bools,
    strata: Strata,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Give the mean influence over all units, and the scaled influence of single ones, by cell."""
    n_cells, width = sums.starts.size - 1, sums.value.shape[1]
    cell = np.repeat(np.arange(n_cells), np.diff(sums.starts))
    mean, single = np.zeros((n_cells, width)), np.zeros((n_cells, width))
    np.add.at(mean, cell, sums.value / strata.sampled.sum())
    chosen = is_single[sums.key]
    np.add.at(single, cell[chosen], sums.value[chosen] * scale[sums.key[chosen]][:, None])
    return mean, single


def union_degrees_of_freedom(cells: CellInfluence, degrees: Ints, pairs: Ints) -> Ints:
    """Count sampled units minus strata of two cells together; what both have counts once.

    Args:
        cells: Which units have somebody in each cell.
        degrees: (c, m) units minus strata of each cell.
        pairs: (p, 2) cells without people in common; of a part and its whole, the whole's own
            degrees of freedom are those of both.

    Returns:
        (p, m) degrees of freedom.

    Source:
        R package survey 4.5, `degf` of the subset of both domains.
    """
    _, strata = by_stratum(cells)
    together = degrees[pairs[:, 0]] + degrees[pairs[:, 1]]
    if cells.squares is None:
        together = together - meet(cells.present, cells.present, pairs).astype(np.int64)
    return np.asarray(together + meet(strata, strata, pairs).astype(np.int64))
