"""How a scan is cut so that its totals fit in memory: by leading code, then by set of cells.

Where areas cross PSUs, one statement can make thirty times the groups of a table whose PSUs lie in
one area each. The leading dimension (usually the area) is what the table is sorted by, so a part is
a run of neighbouring rows, and its totals are finished before the next part's begin.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from social_evidence.plan.scan import Scan

# Totals of one part; estimates made from them hold a few copies of this size.
PART_BYTES: Final = 192 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One piece of work for an engine.

    sets  : places in `Scan.cells`
    codes : run of the first leading dimension's codes; `None` is every row
    reach : every row with a leading code up to this one has been seen once this part is done
    final : no later part holds these sets
    """

    sets: tuple[int, ...]
    codes: range | None
    reach: int
    final: bool


def parts(
    scan: Scan, *, lanes: int, rows: int, blocks: int, units: int, budget: int = PART_BYTES
) -> tuple[Part, ...]:
    """Cut a scan into parts whose totals stay within a budget, as few as possible.

    Args:
        scan: What is asked.
        lanes: Sums per cell.
        rows: Rows of the encoded table.
        blocks: Different (leading codes, unit) pairs in it.
        units: PSUs (clustered), strata (unclustered) or 1 (replicates).
        budget: Bytes a part's totals may take. A single set and code can exceed it.

    Returns:
        Parts; those of one group of sets follow each other, leading codes ascending.
    """
    row_bytes = 8 * lanes
    costs = [min(rows, blocks * _other_cells(scan, cell)) * row_bytes for cell in scan.cells]
    everything = tuple(range(len(scan.cells)))
    last = scan.dimension(scan.leading[0]).size if scan.leading else 0
    if sum(costs) <= budget or not scan.leading:
        groups = _groups(everything, costs, budget)
        return tuple(Part(sets=group, codes=None, reach=last, final=True) for group in groups)
    # A leading code's share of the blocks, and the unions of codes (the city) kept while they grow.
    held = [
        min(cost, _unions(scan) * units * _other_cells(scan, cell) * row_bytes)
        for cost, cell in zip(costs, scan.cells, strict=True)
    ]
    found: list[Part] = []
    for sets in _groups(everything, held, budget):
        cost = sum(costs[place] for place in sets)
        step = max(1, math.floor((last + 1) * budget / max(cost, 1)))
        starts = range(0, last + 1, step)
        for start in starts:
            stop = min(start + step, last + 1)
            final = stop == last + 1
            found.append(Part(sets=sets, codes=range(start, stop), reach=stop - 1, final=final))
    return tuple(found)


def _other_cells(scan: Scan, cell: Sequence[str]) -> int:
    """Count the fine cells of a set within one combination of leading codes."""
    return math.prod(scan.dimension(d).size + 1 for d in cell if d not in scan.leading)


def _unions(scan: Scan) -> int:
    """Count the leading groups made of several codes: they stay open over several parts."""
    return sum(len(group.codes) > 1 for group in scan.dimension(scan.leading[0]).groups)


def _groups(places: Sequence[int], costs: Sequence[int], budget: int) -> list[tuple[int, ...]]:
    """Fill groups of sets, in order, up to the budget; a set above it stands alone."""
    groups: list[list[int]] = []
    filled = 0
    for place in places:
        if groups and filled + costs[place] <= budget:
            groups[-1].append(place)
            filled += costs[place]
        else:
            groups.append([place])
            filled = costs[place]
    return [tuple(group) for group in groups]
