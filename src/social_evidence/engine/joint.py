"""Cells of several sets of dimensions added up as one, numbered within blocks of neighbouring rows.

A block is a run of rows with the same leading codes and PSU; its cells are the combinations of the
other codes. Numbers ascend from block to block, so a run of rows touches neighbouring cells only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from social_evidence.plan import sql
from social_evidence.plan.scan import Scan
from social_evidence.plan.totals import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One set of cells: its place in `Scan.cells`, and its encoded columns in the set's order."""

    place: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Sets that are added up as one: every combination of their codes, of which each is a margin.

    columns : encoded columns of the codes that are not leading
    sizes   : number of codes of each
    """

    asked: tuple[Asked, ...]
    columns: tuple[str, ...]
    sizes: tuple[int, ...]

    @property
    def cells(self) -> int:
        """How many cells a block has."""
        return math.prod(self.sizes)


def joint_sets(scan: Scan, places: Sequence[int], *, room: float) -> list[Joint]:
    """Join neighbouring sets while their combinations stay few beside a block's rows.

    Each row is then added once for several sets, and the margins are made from far fewer sums.

    Args:
        scan: What is asked.
        places: Of the sets in `Scan.cells`.
        room: Cells a block may have before joining costs more than it saves.

    Returns:
        The joint sets; every set is in one of them.
    """
    found: list[Joint] = []
    for place in places:
        asked = Asked(
            place=place, names=tuple(sql.code_column(scan, name) for name in scan.cells[place])
        )
        others = [name for name in scan.cells[place] if name not in scan.leading]
        sizes = {sql.code_column(scan, name): scan.dimension(name).size + 1 for name in others}
        last = found[-1] if found else None
        if last is not None:
            both = dict(zip(last.columns, last.sizes, strict=True)) | sizes
            if math.prod(both.values()) <= room:
                found[-1] = Joint(
                    asked=(*last.asked, asked), columns=tuple(both), sizes=tuple(both.values())
                )
                continue
        found.append(Joint(asked=(asked,), columns=tuple(sizes), sizes=tuple(sizes.values())))
    return found


def cell_of(columns: Mapping[str, NDArray[Any]], joint: Joint) -> Ints | int:
    """Number each row's cell within its block: mixed radix of its codes."""
    number: Ints | int = 0
    for column, size in zip(joint.columns, joint.sizes, strict=True):
        number = number * size + columns[column].astype(np.int64)
    return number


def packed(number: Ints, cells: int, *, spare: int) -> tuple[Ints, NDArray[np.int32]]:
    """Number only the cells that have rows, so that memory follows the rows.

    Args:
        number: (rows, sets) cell of each row.
        cells: How many cells there could be.
        spare: How many of them may be looked at one by one; more are sorted instead.

    Returns:
        (kept,) the cells that have rows, ascending, and (rows, sets) each row's place among them.
    """
    if cells <= spare:
        filled = np.zeros(cells, dtype=bool)
        filled[number.ravel()] = True
        kept = np.flatnonzero(filled)
        place = np.empty(cells, dtype=np.int32)
        place[kept] = np.arange(kept.size, dtype=np.int32)
        return kept, place[number]
    kept, inverse = np.unique(number, return_inverse=True)
    return kept, inverse.reshape(number.shape).astype(np.int32)


def margin_of(
    block: Ints, own: dict[str, Ints], joint: Joint, asked: Asked, sums: Ints
) -> tuple[Ints, Ints]:
    """Add the cells of a joint set up to those of one of its sets.

    Args:
        block: (n,) block of each cell.
        own: Codes of each cell, by column.
        joint: The joint set.
        asked: One of its sets.
        sums: (n, lanes) of each cell.

    Returns:
        For each cell of the set one of the n that stands for it, and its sums.
    """
    if len(joint.asked) == 1:
        return np.arange(block.size), sums
    number = block.copy()
    for name, size in zip(joint.columns, joint.sizes, strict=True):
        if name in asked.names:
            number = number * size + own[name]
    _, rows, inverse = np.unique(number, return_index=True, return_inverse=True)
    starts = np.arange(block.size + 1)
    ones = np.ones(block.size, dtype=np.int64)
    places = sparse.csc_array((ones, inverse, starts), shape=(rows.size, block.size))
    return rows, np.asarray(places @ sums)
