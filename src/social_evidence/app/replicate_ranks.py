"""Degrees of freedom of replicate weights: the rank of each domain's own weights, as in R.

The rank of a matrix of weights is that of its cross-products, and cross-products of parts add up:
so each finest cell keeps an R × R matrix, a cell is the sum of its parts, and a part whose rank is
already the file's keeps nothing, as more rows cannot lower it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from social_evidence.app.held import HeldTable
from social_evidence.app.waves import WaveTable, replicate_rank
from social_evidence.engine.codes import rows
from social_evidence.methods.arrays import Floats
from social_evidence.methods.replication import rank_of_gram
from social_evidence.plan.codes import identifier
from social_evidence.plan.scan import Scan

Place = tuple[str, tuple[str, ...], tuple[int, ...]]
"""Condition, dimensions and codes of a finest cell."""

_FULL: Final = None
_EVERYBODY: Final = "true"


@dataclass(frozen=True, slots=True)
class Ranks:
    """Cross-products of the replicate weights in every finest cell that a scan asks for.

    whole: rank in the whole file. products: none where a cell's own rank is the file's.
    """

    scan: Scan
    whole: int
    products: Mapping[Place, Floats | None]

    def degrees_of_freedom(
        self, item: int, dimensions: Sequence[str], cells: Sequence[Sequence[str]]
    ) -> int:
        """Count degrees of freedom of one or several cells together: their rank less one.

        Args:
            item: Which item of the scan; only rows it asks of count.
            dimensions: Of the cells.
            cells: Groups of each cell, in the order of the dimensions.
        """
        total = np.zeros((0, 0))
        for place in {
            place for groups in cells for place in self._places(item, dimensions, groups)
        }:
            if place not in self.products:
                continue
            product = self.products[place]
            if product is _FULL:
                return self.whole - 1
            total = total + product if total.size else product
        return max(rank_of_gram(total) - 1, 0) if total.size else 0

    def _places(
        self, item: int, dimensions: Sequence[str], groups: Sequence[str]
    ) -> Iterator[Place]:
        known = {dimension.id: dimension for dimension in self.scan.dimensions}
        codes = [
            next(group.codes for group in known[name].groups if group.id == own)
            for name, own in zip(dimensions, groups, strict=True)
        ]
        where = _condition(self.scan, item)
        for code in itertools.product(*codes):
            yield where, tuple(dimensions), code


def replicate_ranks(scan: Scan, table: HeldTable | WaveTable) -> Ranks:
    """Form the cross-products of the replicate weights, a batch of rows at a time.

    Args:
        scan: Its dimensions, sets of cells and items; it must have replicate weights.
        table: The wave.
    """
    whole = replicate_rank(table, scan.sampling.replicates)
    products: dict[Place, Floats | None] = {}
    expressions = _expressions(scan)
    for batch in table.batches():
        part = HeldTable(
            name=table.name,
            digest="",
            file_digests=(),
            table=pa.Table.from_batches([batch]),
        )
        people = rows(part, columns=scan.columns, derived=scan.derived, expressions=expressions)
        _add_rows(scan, people, whole, products)
    return Ranks(scan, whole, products)


def _condition(scan: Scan, item: int) -> str:
    """Write which rows an item asks of, answered or not."""
    conditions = (scan.universe, scan.items[item].where)
    return " and ".join(f"({own})" for own in conditions if own) or _EVERYBODY


def _conditions(scan: Scan) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_condition(scan, item) for item in range(len(scan.items))))


def _expressions(scan: Scan) -> dict[str, str]:
    """Name what is needed of every row: replicate weights, codes of dimensions, conditions."""
    sampling = scan.sampling
    found = {f"r{at}": identifier(name) for at, name in enumerate(sampling.replicates)}
    found |= {f"d_{one.id}": f"coalesce({one.sql}, {one.size})" for one in scan.dimensions}
    conditions = _conditions(scan)
    if sampling.weight:
        known = f"{identifier(sampling.weight)} is not null"
        conditions = tuple(f"{known} and ({own})" for own in conditions)
    return found | {f"c{at}": own for at, own in enumerate(conditions)}


def _add_rows(
    scan: Scan, people: pa.Table, whole: int, products: dict[Place, Floats | None]
) -> None:
    """Add the cross-products of some rows to every finest cell they stand in."""
    names = [f"r{at}" for at in range(len(scan.sampling.replicates))]
    weights = np.nan_to_num(np.column_stack([_numbers(people.column(name)) for name in names]))
    for at, condition in enumerate(_conditions(scan)):
        inside = pc.fill_null(people.column(f"c{at}"), False).to_numpy()
        for dimensions in scan.cells:
            codes = [_numbers(people.column(f"d_{name}"))[inside] for name in dimensions]
            cells = np.column_stack([np.zeros(int(inside.sum())), *codes]).astype(np.int64)
            found, place_of = np.unique(cells, axis=0, return_inverse=True)
            for number, code in enumerate(found):
                place = (condition, tuple(dimensions), tuple(int(one) for one in code[1:]))
                if products.get(place, weights) is _FULL:
                    continue
                own = weights[inside][place_of.ravel() == number]
                known = products.get(place)
                product = own.T @ own if known is None else known + own.T @ own
                # Finding a rank is slow, and few rows seldom have that of the file.
                is_full = len(own) >= whole and rank_of_gram(product) == whole
                products[place] = _FULL if is_full else product


def _numbers(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.to_numpy(), dtype=np.float64)
