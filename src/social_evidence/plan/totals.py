"""`Totals`: what an engine answers to a scan, the narrow waist between files and formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from social_evidence.plan.parts import Part
from social_evidence.plan.scan import Scan

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignTable:
    """The whole sample's design, people in no cell included.

    stratum : (n_psu,) stratum of each PSU, ascending; empty but for the clustered form
    units   : (n_strata,) PSUs in each stratum (clustered), else rows
    strata  : the values of the strata columns, by stratum
    psus    : (n_psu,) the values of the PSU columns, by PSU; what links the units of two waves
    """

    stratum: Ints
    units: Ints
    strata: tuple[tuple[object, ...], ...]
    psus: tuple[tuple[object, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsBatch:
    """Sums of some finest cells of one set. A (cell, unit) may come in pieces, which are added.

    cells : place of the set in `Scan.cells`
    unit  : (n,) PSU (clustered), stratum (unclustered) or 0 (replicates)
    codes : (n, dimensions of the set) fine codes, in the set's order of dimensions
    sums  : (n, n_lanes) fixed-point sums, in the order of `plan.lanes.lanes`
    """

    cells: int
    unit: Ints
    codes: Ints
    sums: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The design, and the sums as a stream of parts.

    rows     : rows in the design
    left_out : rows without a weight, declared to be outside the population
    scales   : (n_lanes,) power of two by which each lane's sums were multiplied
    parts    : starts the stream; each call reads the cached table again. A part's batches must be
               used up before the next part is asked for
    """

    scan: Scan
    design: DesignTable
    rows: int
    left_out: int
    scales: tuple[int, ...]
    parts: Callable[[], Iterator[tuple[Part, Iterator[TotalsBatch]]]]
