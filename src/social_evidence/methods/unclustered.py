"""Estimates from squares and products where each respondent or household is its own unit.

With hundreds of thousands of units a row per unit and cell is the file once more. Sums per
stratum and cell of wy, wx and of their squares and product hold the same variance, because the
sum of z² over units is a polynomial in them.

The price is cancellation: where a cell's y hardly differs from R·x, the polynomial subtracts
nearly equal numbers and about log10(mean² / variance) of sixteen digits are lost (none to speak
of for a share, six for values like 1000 ± 1). Taking a constant times x off y before the scan
changes no variance of a ratio and cures it. What cannot be told from rounding becomes zero.

Notation: r rows, one for each stratum with a unit in a cell; c cells, m measures, H strata.
Y = w·y and X = w·x of one unit; z = (Y - R·X) / (cell's sum of X).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from social_evidence.methods.arrays import Floats, Ints, sum_by_code
from social_evidence.methods.strata import Pairs, Strata, centre_and_scale
from social_evidence.methods.totals import CellEstimates

_ROUNDING = 1e-13
"""Sums of squares under this share of the terms they are made of are taken as zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SquareSums:
    """Sums per stratum and cell over units that are respondents or households.

    Attributes:
        cell: (r,) cell of each row, 0 … c-1; a pair of cell and stratum occurs once.
        stratum: (r,) stratum of each row, 0 … H-1.
        wy: (r, m) sums of Y.
        wx: (r, m) sums of X, over the same answered units.
        wyy: (r, m) sums of Y².
        wyx: (r, m) sums of Y·X.
        wxx: (r, m) sums of X².
        n_cells: c, cells without a row included.
        found: (r, m) units with an answer in the cell, of weight zero or not; None: more than
            one. It matters only to the rules `adjust` and `average` for single units.
    """

    cell: Ints
    stratum: Ints
    wy: Floats
    wx: Floats
    wyy: Floats
    wyx: Floats
    wxx: Floats
    n_cells: int
    found: Ints | None = None


def ratios(sums: SquareSums, strata: Strata) -> CellEstimates:
    """Estimate Y / X in every cell: proportions, means and rates.

    Args:
        sums: Sums, squares and products per stratum and cell.
        strata: All strata of the sample, with every unit drawn, also those in no cell.

    Returns:
        Estimates in order of the cells; NaN where X adds up to zero.

    Raises:
        ValueError: A stratum has two rows in one cell.

    Source:
        As in `totals.ratios`, the sum of squares expanded in Y and X.
    """
    return _estimates(sums, strata, is_ratio=True)


def totals(sums: SquareSums, strata: Strata) -> CellEstimates:
    """Estimate the weighted total Y in every cell.

    Args:
        sums: Sums, squares and products per stratum and cell.
        strata: All strata of the sample.

    Returns:
        Estimates in order of the cells; NaN where X adds up to zero: nobody answered.

    Raises:
        ValueError: A stratum has two rows in one cell.

    Source:
        As in `totals.totals`.
    """
    return _estimates(sums, strata, is_ratio=False)


def covariance(
    sums: SquareSums,
    strata: Strata,
    estimates: CellEstimates,
    cells: Ints,
    measure: int,
    overlap: Ints,
) -> tuple[Floats, Floats]:
    """Return the covariance of one ratio in a few cells, some of which may share units.

    Two cells of one stratum are related even without a common unit, because the number drawn
    from the stratum is fixed; a borough and its city share the borough's units.

    Args:
        sums: Sums, squares and products per stratum and cell.
        strata: All strata of the sample.
        estimates: What `ratios` made of the same sums.
        cells: (k,) cells.
        measure: The measure.
        overlap: (k, k) the cell that holds exactly the units which two of the cells share;
            negative: none. The diagonal is not read.

    Returns:
        (k,) estimates and (k, k) covariance over the whole sample, NaN in rows and columns of
        impossible estimates.

    Source:
        Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, 5.5.
    """
    size = strata.sampled.size
    value, below = estimates.value[cells, measure], estimates.below[cells, measure]
    ratio, scaled = np.nan_to_num(value), np.where(below != 0, below, 1.0)
    sums_z = np.zeros((size, cells.size))
    for j, cell in enumerate(cells):
        rows = np.flatnonzero(sums.cell == cell)
        z = (sums.wy[rows, measure] - ratio[j] * sums.wx[rows, measure]) / scaled[j]
        sums_z[:, j] = sum_by_code(sums.stratum[rows], z, size)
    pairs = Pairs(
        stratum=np.arange(size),
        starts=np.zeros(1, dtype=np.int64),
        cell=np.zeros(size, dtype=np.int64),
        found=strata.sampled[:, None],
    )
    centre, scale = centre_and_scale(sums_z, pairs, strata)
    scale = np.broadcast_to(scale, (size, cells.size))[:, 0]
    joint = np.empty((cells.size, cells.size))
    for i in range(cells.size):
        for j in range(cells.size):
            shared = cells[i] if i == j else overlap[i, j]
            product = _shared_products(sums, shared, measure, ratio[[i, j]], size)
            product /= scaled[i] * scaled[j]
            crossed = centre[:, i] * sums_z[:, j] + centre[:, j] * sums_z[:, i]
            product += strata.sampled * centre[:, i] * centre[:, j] - crossed
            joint[i, j] = (product * scale).sum()
    impossible = np.isnan(value)
    joint[impossible, :] = np.nan
    joint[:, impossible] = np.nan
    return value, joint


def _shared_products(
    sums: SquareSums, cell: int, measure: int, ratio: Floats, n_strata: int
) -> Floats:
    """(H,) sums over the units of a cell of (Y - R·X)(Y - R'·X)."""
    rows = np.flatnonzero(sums.cell == cell) if cell >= 0 else np.zeros(0, dtype=np.int64)
    product = (
        sums.wyy[rows, measure]
        - ratio.sum() * sums.wyx[rows, measure]
        + ratio.prod() * sums.wxx[rows, measure]
    )
    return sum_by_code(sums.stratum[rows], product, n_strata)


def _estimates(sums: SquareSums, strata: Strata, *, is_ratio: bool) -> CellEstimates:
    shape = (sums.n_cells, sums.wy.shape[1])
    value, variance, below = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape)
    if not sums.cell.size:
        return CellEstimates(value=value, variance=variance, below=below)
    order = np.lexsort((sums.stratum, sums.cell))
    same_cell, same_stratum = np.diff(sums.cell[order]) == 0, np.diff(sums.stratum[order]) == 0
    if (same_cell & same_stratum).any():
        raise ValueError("A stratum has two rows in one cell; add them up first.")
    cells, starts = np.unique(sums.cell[order], return_index=True)
    position = np.searchsorted(cells, sums.cell[order])
    y, x = sums.wy[order], sums.wx[order]
    below[cells] = np.add.reduceat(x, starts, axis=0)
    above = np.add.reduceat(y, starts, axis=0)
    usable = np.where(below[cells] != 0, below[cells], 1.0)
    ratio = above / usable if is_ratio else np.zeros_like(above)
    value[cells] = np.where(below[cells] != 0, ratio if is_ratio else above, np.nan)
    divisor = usable[position] if is_ratio else np.ones_like(y)
    slope = ratio[position]
    terms = sums.wyy[order] + slope**2 * sums.wxx[order]
    squares = (terms - 2 * slope * sums.wyx[order]) / divisor**2
    terms = terms / divisor**2
    z = (y - slope * x) / divisor
    found = np.full((y.shape[0], 1), 2) if sums.found is None else sums.found[order]
    pairs = Pairs(stratum=sums.stratum[order], starts=starts, cell=position, found=found)
    variance[cells] = _variance(z, squares, terms, pairs, strata)
    variance = np.where(np.isnan(value), np.nan, variance)
    return CellEstimates(value=value, variance=variance, below=below)


def _variance(sums: Floats, squares: Floats, terms: Floats, pairs: Pairs, strata: Strata) -> Floats:
    """(b, m) variances from sums and sums of squares of z per pair of cell and stratum."""
    centre, scale = centre_and_scale(sums, pairs, strata)
    sampled = strata.sampled[pairs.stratum][:, None]
    spread = squares - 2 * centre * sums + sampled * centre**2
    spread = np.where(spread <= _ROUNDING * (terms + sampled * centre**2), 0.0, spread)
    return pairs.per_cell(spread * scale)
