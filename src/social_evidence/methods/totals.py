"""Estimates for every cell and measure at once, from weighted sums per sampled unit and cell.

This is the narrow waist of the system: whatever engine scanned the file, value, variance, degrees
of freedom and design effect of all cells follow from its sums, without going back to respondents
and without ever holding a table of all units by all cells.

Notation: r rows, one for each sampled unit (PSU) with somebody in a cell; c cells, m measures,
H strata. Per row Y = sum of w·y and X = sum of w·x over the unit's respondents in the cell; for a
mean x is 1 for those who answered. z = (Y - R·X) / (cell's sum of X), R the cell's ratio.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.methods.strata import NOISE, Pairs, Strata, centre_and_scale

_BLOCK = 4_000_000
"""Numbers of one array held at once while cells are worked off in blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSums:
    """Weighted sums per sampled unit and cell: one row a pair, in any order.

    Attributes:
        cell: (r,) cell of each row, 0 … c-1.
        stratum: (r,) stratum of the row's unit, 0 … H-1.
        unit: (r,) sampled unit, unique over all strata.
        wy: (r, m) sums of weight × numerator.
        wx: (r, m) sums of weight × denominator, over the same answered respondents.
        n_cells: c, cells without a row included.
        present: (r, m) whether the unit has an answered row, of weight zero or not; None: always.
            It matters only to the rules `adjust` and `average` for single units.
    """

    cell: Ints
    stratum: Ints
    unit: Ints
    wy: Floats
    wx: Floats
    n_cells: int
    present: Bools | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEstimates:
    """Estimates of m measures in c cells; NaN where there is nothing to estimate from.

    Attributes:
        value: (c, m) estimates.
        variance: (c, m) design variances, each cell as its own subset.
        below: (c, m) sums of weight × denominator.
    """

    value: Floats
    variance: Floats
    below: Floats


def ratios(sums: UnitSums, strata: Strata) -> CellEstimates:
    """Estimate Y / X in every cell: proportions, means and rates.

    Args:
        sums: Weighted sums per sampled unit and cell.
        strata: All strata of the sample, with every unit drawn, also those in no cell.

    Returns:
        Estimates in order of the cells; NaN where X adds up to zero.

    Raises:
        ValueError: A unit has two rows in one cell, which would count it as two units.

    Source:
        Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, 5.6 and 10.3, with
        the sum of squares over absent units written as (n_h - m_h) times the squared mean.
    """
    return _estimates(sums, strata, is_ratio=True)


def totals(sums: UnitSums, strata: Strata) -> CellEstimates:
    """Estimate the weighted total Y in every cell.

    Args:
        sums: Weighted sums per sampled unit and cell.
        strata: All strata of the sample.

    Returns:
        Estimates in order of the cells; NaN where X adds up to zero: nobody answered.

    Raises:
        ValueError: As in `ratios`.

    Source:
        Särndal, Swensson and Wretman (1992), 3.3.
    """
    return _estimates(sums, strata, is_ratio=False)


def covariance(
    sums: UnitSums, strata: Strata, estimates: CellEstimates, cells: Ints, measures: Ints
) -> tuple[Floats, Floats]:
    """Return the covariance of a few ratios: groups, areas, waves, measures.

    Cells that share sampled units, as two waves of one panel or a borough and its city do, are
    not independent; this is what a contrast of them needs.

    Args:
        sums: Weighted sums per sampled unit and cell.
        strata: All strata of the sample.
        estimates: What `ratios` made of the same sums.
        cells: (k,) cells.
        measures: (k,) the measure meant in each of them.

    Returns:
        (k,) estimates and (k, k) covariance over the whole sample, NaN in rows and columns of
        impossible estimates.

    Source:
        Särndal, Swensson and Wretman (1992), 5.5; R package survey 4.5, `svyby(covmat = TRUE)`,
        whose single-unit rules look at the whole sample and never at a cell.
    """
    value, below = estimates.value[cells, measures], estimates.below[cells, measures]
    parts = [np.flatnonzero(sums.cell == cell) for cell in cells]
    rows = np.concatenate([*parts, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    units, position = np.unique(sums.unit[rows], return_inverse=True)
    stratum = np.zeros(units.size, dtype=np.int64)
    stratum[position] = sums.stratum[rows]
    z, start = np.zeros((units.size, cells.size)), 0
    impossible = np.isnan(value)
    for j, part in enumerate(parts):
        at = position[start : start + part.size]
        if not impossible[j]:
            y, x = sums.wy[part, measures[j]], sums.wx[part, measures[j]]
            z[at, j] = (y - value[j] * x) / below[j]
        start += part.size
    joint = cross_products(z, stratum, strata)
    joint[impossible, :] = np.nan
    joint[:, impossible] = np.nan
    return value, joint


def cross_products(z: Floats, stratum: Ints, strata: Strata) -> Floats:
    """Return the covariance of totals of influence over units, absent ones included.

    Args:
        z: (u, k) influence added up per unit, for the units that have any.
        stratum: (u,) stratum of each.
        strata: All strata of the sample.

    Returns:
        (k, k) covariance; its single-unit rules look at the whole sample.

    Source:
        As in `covariance`.
    """
    size = strata.sampled.size
    sums = np.zeros((size, z.shape[1]))
    np.add.at(sums, stratum, z)
    every = np.arange(size)
    pairs = Pairs(
        stratum=every,
        starts=np.zeros(1, dtype=np.int64),
        cell=np.zeros(size, dtype=np.int64),
        # In the whole sample a stratum shows all its units; only truly single ones are single.
        found=strata.sampled[:, None],
    )
    centre, scale = centre_and_scale(sums, pairs, strata)
    absent = strata.sampled - np.bincount(stratum, minlength=size)
    root = np.sqrt(scale)
    deviation = (z - centre[stratum]) * root[stratum]
    rest = centre * root * np.sqrt(absent)[:, None]
    joint = deviation.T @ deviation + rest.T @ rest
    real = ~(np.diagonal(joint) <= NOISE**2 * (z**2).sum(axis=0))
    return np.where(real[:, None] & real, joint, 0.0)


def degrees_of_freedom(cell: Ints, stratum: Ints, units: Ints, n_cells: int) -> Ints:
    """Count sampled units minus strata in each cell.

    Args:
        cell: (r,) cell of each row of sums.
        stratum: (r,) stratum of each row.
        units: (r,) sampled units in the row that have a respondent of weight above zero in the
            cell, whether or not the item was answered: 0 or 1 where a row is one unit.
        n_cells: c.

    Returns:
        (c,) degrees of freedom, 0 in an empty cell.

    Source:
        As in `design.degrees_of_freedom`.
    """
    inside = units > 0
    width = int(stratum.max(initial=0)) + 1
    pairs = np.unique(cell[inside] * width + stratum[inside])
    n_units = np.bincount(cell[inside], units[inside], minlength=n_cells)
    return np.asarray(n_units - np.bincount(pairs // width, minlength=n_cells), dtype=np.int64)


def design_effects(
    estimates: CellEstimates, base: Ints, population: Floats, squares: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats]:
    """Compare the variances of ratios with those of simple random samples of the same base.

    Args:
        estimates: What `ratios` returned.
        base: (c, m) unweighted respondents with weight above zero and a valid answer.
        population: (c, m) their sum of weights.
        squares: (c, m) each: sums of w·y², w·y·x and w·x² over them. For a mean x is 1: the
            second is the sum of w·y and the third the sum of w.

    Returns:
        Design effects (c, m) against sampling without and with replacement. NaN where the
        variance of a simple random sample is zero or unknown, and without replacement also where
        the weights add up to less than the base.

    Source:
        Kish (1965), Survey Sampling, 8.2; R package survey 4.5, `deff = TRUE` and
        `deff = "replace"`.
    """
    yy, yx, xx = squares
    value, below = estimates.value, estimates.below
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = yy - 2 * value * yx + value**2 * xx
        # What is left after subtracting nearly equal sums is rounding, not spread.
        spread = np.where(spread <= 1e-13 * (yy + value**2 * xx), 0.0, spread)
        simple = spread / below**2 * population / np.where(base > 1, base - 1, np.nan)
        replace = np.where(simple > 0, estimates.variance / simple, np.nan)
        left = np.where(population < base, np.nan, 1 - base / population)
        return np.where(left > 0, replace / left, np.nan), replace


def _estimates(sums: UnitSums, strata: Strata, *, is_ratio: bool) -> CellEstimates:
    shape = (sums.n_cells, sums.wy.shape[1])
    value, variance, below = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape)
    # With units in order too, the sums do not depend on the order in which rows arrive.
    order = np.lexsort((sums.unit, sums.stratum, sums.cell))
    for rows in _blocks(sums.cell[order], max(1, _BLOCK // max(1, shape[1]))):
        block = order[rows]
        cells = np.unique(sums.cell[block])
        value[cells], variance[cells], below[cells] = _block(sums, block, strata, is_ratio=is_ratio)
    return CellEstimates(value=value, variance=variance, below=below)


def _blocks(cell: Ints, rows: int) -> Iterator[slice]:
    """Cut rows sorted by cell into runs of about the given length that never split a cell."""
    start = 0
    while start < cell.size:
        last = cell[min(start + rows, cell.size) - 1]
        stop = int(np.searchsorted(cell, last, side="right"))
        yield slice(start, stop)
        start = stop


def _block(
    sums: UnitSums, rows: Ints, strata: Strata, *, is_ratio: bool
) -> tuple[Floats, Floats, Floats]:
    """Return value, variance and denominator of the cells in rows sorted by cell and stratum."""
    cell, stratum, unit = sums.cell[rows], sums.stratum[rows], sums.unit[rows]
    if ((cell[1:] == cell[:-1]) & (unit[1:] == unit[:-1])).any():
        raise ValueError("A sampled unit has two rows in one cell; add them up first.")
    y, x = sums.wy[rows], sums.wx[rows]
    new_cell = np.append(True, cell[1:] != cell[:-1])
    new_pair = new_cell | np.append(True, stratum[1:] != stratum[:-1])
    cell_starts, pair_starts = np.flatnonzero(new_cell), np.flatnonzero(new_pair)
    above = np.add.reduceat(y, cell_starts, axis=0)
    below = np.add.reduceat(x, cell_starts, axis=0)
    z = y
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(below != 0, above / below if is_ratio else above, np.nan)
        if is_ratio:
            usable = np.where(below != 0, below, 1.0)
            lengths = np.diff(cell_starts, append=rows.size)
            z = y - np.repeat(np.nan_to_num(value), lengths, axis=0) * x
            z /= np.repeat(usable, lengths, axis=0)
    pairs = Pairs(
        stratum=stratum[pair_starts],
        starts=np.searchsorted(pair_starts, cell_starts),
        cell=np.cumsum(new_cell)[pair_starts] - 1,
        found=_found(sums, rows, pair_starts),
    )
    variance = _variance(z, pair_starts, pairs, strata)
    return value, np.where(np.isnan(value), np.nan, variance), below


def _found(sums: UnitSums, rows: Ints, pair_starts: Ints) -> Ints:
    if sums.present is None:
        return np.diff(pair_starts, append=rows.size)[:, None].astype(np.int64)
    return np.add.reduceat(sums.present[rows].astype(np.int64), pair_starts, axis=0)


def _variance(z: Floats, pair_starts: Ints, pairs: Pairs, strata: Strata) -> Floats:
    """(b, m) variances from influence per unit (r, m), rows of a pair together."""
    centre, scale = centre_and_scale(np.add.reduceat(z, pair_starts, axis=0), pairs, strata)
    lengths = np.diff(pair_starts, append=z.shape[0])
    deviation = z - np.repeat(centre, lengths, axis=0)
    deviation *= deviation
    squares = np.add.reduceat(deviation, pair_starts, axis=0)
    squares += (strata.sampled[pairs.stratum] - lengths)[:, None] * centre**2
    variance = pairs.per_cell(squares * scale)
    np.multiply(z, z, out=deviation)
    size = pairs.per_cell(np.add.reduceat(deviation, pair_starts, axis=0))
    return np.where(variance <= NOISE**2 * size, 0.0, variance)
