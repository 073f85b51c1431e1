"""The array engine: sums by sparse matrix products, exact in double precision.

The encoded table is sorted by leading codes and PSU, so neighbouring rows fall into neighbouring
cells. A run of rows becomes a matrix of lanes (rows x lanes); a sparse matrix with a single 1 for
each row and set of cells adds them up. Lanes are integers below 2^(61 - log2 rows): while a
run is shorter than rows / 257, no sum in it passes 2^53, and doubles add such integers exactly,
in any order. Between runs the sums are 64-bit integers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy import sparse

from social_evidence.engine.encode import Encoded
from social_evidence.engine.joint import Joint, cell_of, joint_sets, margin_of, packed
from social_evidence.engine.work import Stream, work_of
from social_evidence.model.table import SourceTable
from social_evidence.plan import sql
from social_evidence.plan.lanes import Lane, Lanes, Mask
from social_evidence.plan.parts import PART_BYTES, Part
from social_evidence.plan.scan import Scan
from social_evidence.plan.totals import Ints, Totals, TotalsBatch

# Rows of a run: the lanes of so many rows stay in a processor's own cache, and counts in 16 bits.
_RUN: Final = 4_096
# Numbers in a run's matrix of lanes, whatever the number of lanes.
_NUMBERS: Final = 2_000_000
# Shorter tables are summed as 64-bit integers, where runs of rows / 257 would be too short.
_SHORT: Final = 131_072
# Of the rows, so many-th a run may be: 2^61 / 257 and what rounding adds stay below 2^53.
_SHARE: Final = 257
# Cells made for every block whether or not it has rows in them, for each row at most.
_EMPTY_CELLS: Final = 4
# Rows a block must have for each cell of sets that are added up as one.
_ROWS_PER_CELL: Final = 16

Columns = dict[str, NDArray[Any]]
_Term = tuple[NDArray[Any] | None, NDArray[np.bool_] | None]


def totals(
    scan: Scan,
    table: SourceTable,
    *,
    threads: int | None = None,
    part_bytes: int = PART_BYTES,
) -> Totals:
    """Sum every item in every cell, by sparse matrix products; an `engine.registry.Engine`."""
    work = work_of(scan, table, threads=threads, part_bytes=part_bytes)

    def stream() -> Stream:
        workers = threads or os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as pool:
            for part in work.parts:
                yield part, _part(_Kernel(scan, work.lanes, work.source, part), pool, workers)

    return work.totals(stream)


def _part(kernel: _Kernel, pool: ThreadPoolExecutor, workers: int) -> Iterator[TotalsBatch]:
    """Sum the row groups of one part, each by itself, and hand on their sums in order."""
    groups = kernel.row_groups()
    # Never more row groups at once than threads: what waits to be used is memory.
    for start in range(0, len(groups), workers):
        for batches in pool.map(kernel.sum_group, groups[start : start + workers]):
            yield from batches


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Sums of one row group for some joint sets.

    joints : the sets, with the first cell of each within a block
    width  : cells of a block
    number : (rows, joints) place of each row's cell in `kept`, never falling from block to block
    kept   : cells with rows, as block x width + cell
    sums   : of each kind of lane, (kept, lanes of that kind)
    """

    joints: tuple[tuple[Joint, int], ...]
    width: int
    number: NDArray[np.int32]
    kept: Ints
    sums: tuple[Ints, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """Lanes that are laid out in one matrix, because they share a type of number.

    kind   : of the matrix: small integers for counts, which are cheaper to add
    places : of the lanes in the scan's order, as a slice where they are neighbours
    lanes  : themselves
    """

    kind: type[np.generic]
    places: slice | list[int]
    lanes: tuple[Lane, ...]


class _Kernel:
    """Everything that stays the same over the rows of one part."""

    def __init__(self, scan: Scan, wanted: Lanes, source: Encoded, part: Part) -> None:
        self._lanes = wanted.lanes
        self._source = source
        self._codes = part.codes
        self._scales = source.scales
        self._sheets = _sheets(wanted.lanes, np.int64 if source.rows < _SHORT else np.float64)
        longest = source.rows if source.rows < _SHORT else source.rows // _SHARE
        self._run = max(1, min(_RUN, longest, _NUMBERS // len(wanted.lanes)))
        self._block_columns = sql.sort_columns(scan)
        self._unit = sql.unit_column(scan) if scan.sampling.form != "replicates" else None
        self._metadata = pq.read_metadata(source.path)
        self._joints = joint_sets(
            scan, part.sets, room=source.rows / max(1, source.blocks) / _ROWS_PER_CELL
        )

    def row_groups(self) -> list[int]:
        """List the row groups that may hold rows of this part."""
        metadata = self._metadata
        everything = range(metadata.num_row_groups)
        codes = self._codes
        if codes is None:
            return list(everything)
        at = metadata.schema.names.index(self._block_columns[0])
        bounds = [metadata.row_group(n).column(at).statistics for n in everything]
        return [
            n
            for n, found in zip(everything, bounds, strict=True)
            if found is None or (found.min < codes.stop and found.max >= codes.start)
        ]

    def sum_group(self, group: int) -> list[TotalsBatch]:
        """Sum one row group: a batch for each set."""
        columns = self._read(group)
        rows = _length(columns)
        if not rows:
            return []
        first, block = _blocks([columns[name] for name in self._block_columns], rows)
        tables = self._tables(columns, block, first.size)
        terms = [self._terms(sheet, columns) for sheet in self._sheets]
        for start in range(0, rows, self._run):
            run = slice(start, min(start + self._run, rows))
            matrices = [
                _matrix(sheet, pairs, run) for sheet, pairs in zip(self._sheets, terms, strict=True)
            ]
            for table in tables:
                _add_run(table, run, matrices)
        found = []
        for table in tables:
            found += list(_batches(table, self._in_order(table), columns, first, self._unit))
        return found

    def _in_order(self, table: _Table) -> Ints:
        """Put the sums of all sheets into the scan's order of lanes."""
        sums = np.empty((table.kept.size, len(self._lanes)), dtype=np.int64)
        for sheet, part in zip(self._sheets, table.sums, strict=True):
            sums[:, sheet.places] = part
        return sums

    def _read(self, group: int) -> Columns:
        names = dict.fromkeys(self._block_columns)
        names |= dict.fromkeys(name for joint in self._joints for name in joint.columns)
        for lane in self._lanes:
            parts_of = (lane.value, lane.factor, *(mask.column for mask in lane.masks))
            names |= dict.fromkeys(name for name in parts_of if name is not None)
        with pq.ParquetFile(self._source.path, metadata=self._metadata) as file:
            table = file.read_row_group(group, columns=list(names), use_threads=False)
        columns = {name: table.column(name).to_numpy() for name in names}
        if self._codes is None:
            return columns
        leading = columns[self._block_columns[0]]
        start, stop = np.searchsorted(leading, [self._codes.start, self._codes.stop])
        return {name: values[start:stop] for name, values in columns.items()}

    def _tables(self, columns: Columns, block: Ints, blocks: int) -> list[_Table]:
        """Number the cells of a row group: small sets together, each large one by itself."""
        room = _EMPTY_CELLS * block.size + _RUN
        small = [joint for joint in self._joints if blocks * joint.cells <= room]
        large = [[joint] for joint in self._joints if blocks * joint.cells > room]
        groups = [small, *large] if small else large
        return [self._table(columns, block, blocks, group) for group in groups]

    def _table(self, columns: Columns, block: Ints, blocks: int, group: Sequence[Joint]) -> _Table:
        width = sum(joint.cells for joint in group)
        offsets = np.cumsum([0, *(joint.cells for joint in group)])[:-1].tolist()
        number = np.empty((block.size, len(group)), dtype=np.int64)
        base = block * width
        for n, (joint, offset) in enumerate(zip(group, offsets, strict=True)):
            np.add(cell_of(columns, joint), base + offset, out=number[:, n])
        kept, place = packed(number, blocks * width, spare=_EMPTY_CELLS * number.size + _RUN)
        return _Table(
            joints=tuple(zip(group, offsets, strict=True)),
            width=width,
            number=place,
            kept=kept,
            sums=tuple(
                np.zeros((kept.size, len(sheet.lanes)), dtype=np.int64) for sheet in self._sheets
            ),
        )

    def _terms(self, sheet: _Sheet, columns: Columns) -> list[_Term]:
        """Give what each lane of a sheet is made of: its numbers, and which rows pass."""
        masks: dict[Mask, NDArray[np.bool_]] = {}
        values: dict[tuple[str | None, str | None], NDArray[Any] | None] = {}
        found = []
        for lane in sheet.lanes:
            key = (lane.value, lane.factor)
            if key not in values:
                values[key] = self._values(columns, lane, sheet.kind)
            found.append((values[key], _passes(columns, lane, masks)))
        return found

    def _values(self, columns: Columns, lane: Lane, kind: type[np.generic]) -> NDArray[Any] | None:
        if lane.value is None:
            return None
        numbers = columns[lane.value]
        if lane.factor is not None:
            numbers = numbers * columns[lane.factor]
        if lane.is_real:
            # rint rounds half to even, as ROUND_EVEN does in SQL.
            numbers = np.rint(np.ldexp(numbers, self._scales[lane.scale]))
        return numbers.astype(kind)


def _sheets(every: Sequence[Lane], kind: type[np.generic]) -> tuple[_Sheet, ...]:
    """Part the lanes into weighted ones and counts; a run is short enough for 16-bit counts."""
    weighted = [place for place, lane in enumerate(every) if lane.value is not None]
    counts = [place for place, lane in enumerate(every) if lane.value is None]
    found = []
    for number, places in ((kind, weighted), (np.int16, counts)):
        neighbours = bool(places) and places == list(range(places[0], places[-1] + 1))
        found.append(
            _Sheet(
                kind=number,
                places=slice(places[0], places[-1] + 1) if neighbours else places,
                lanes=tuple(every[place] for place in places),
            )
        )
    return tuple(found)


def _length(columns: Columns) -> int:
    return int(next(iter(columns.values())).size)


def _blocks(columns: Sequence[NDArray[Any]], rows: int) -> tuple[Ints, Ints]:
    """Find where leading codes or unit change: first row of each block, block of each row."""
    changed = np.zeros(rows, dtype=bool)
    changed[0] = True
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(changed), np.cumsum(changed) - 1


def _passes(
    columns: Columns, lane: Lane, known: dict[Mask, NDArray[np.bool_]]
) -> NDArray[np.bool_] | None:
    """Say which rows a lane's masks let pass; `None` is all."""
    passes = None
    for mask in lane.masks:
        if mask not in known:
            column = columns[mask.column]
            known[mask] = column == mask.state if mask.equal else column != mask.state
        passes = known[mask] if passes is None else passes & known[mask]
    return passes


def _matrix(sheet: _Sheet, terms: Sequence[_Term], run: slice) -> NDArray[Any]:
    """Lay out the lanes of one run side by side."""
    matrix = np.empty((run.stop - run.start, len(terms)), dtype=sheet.kind)
    for n, (values, passes) in enumerate(terms):
        if values is None:
            matrix[:, n] = 1 if passes is None else passes[run]
        elif passes is None:
            matrix[:, n] = values[run]
        else:
            np.multiply(values[run], passes[run], out=matrix[:, n])
    return matrix


def _add_run(table: _Table, run: slice, matrices: Sequence[NDArray[Any]]) -> None:
    """Add one run's lanes to the cells of its rows.

    Cells are numbered block by block and rows are sorted by block, so a run touches neighbouring
    cells only.
    """
    rows = run.stop - run.start
    number = table.number[run]
    low = int(number.min())
    high = int(number.max()) + 1
    inside = (number - low).ravel()
    starts = np.arange(0, inside.size + 1, number.shape[1], dtype=np.int32)
    for matrix, sums in zip(matrices, table.sums, strict=True):
        ones = np.ones(inside.size, dtype=matrix.dtype)
        places = sparse.csc_array((ones, inside, starts), shape=(high - low, rows))
        target = sums[low:high]
        np.add(target, places @ matrix, out=target, casting="unsafe")


def _batches(
    table: _Table, sums: Ints, columns: Columns, first: Ints, unit: str | None
) -> Iterator[TotalsBatch]:
    """Hand on the sums of each set, with the unit and codes they belong to."""
    block, cell = np.divmod(table.kept, table.width)
    for joint, offset in table.joints:
        chosen = np.flatnonzero((cell >= offset) & (cell < offset + joint.cells))
        own = dict(
            zip(
                joint.columns,
                np.unravel_index(cell[chosen] - offset, joint.sizes) if joint.sizes else (),
                strict=True,
            )
        )
        for asked in joint.asked:
            rows, margin = margin_of(block[chosen], own, joint, asked, sums[chosen])
            row = first[block[chosen][rows]]
            codes = np.empty((rows.size, len(asked.names)), dtype=np.int64)
            for n, name in enumerate(asked.names):
                codes[:, n] = own[name][rows] if name in own else columns[name][row]
            units = np.zeros(rows.size) if unit is None else columns[unit][row]
            yield TotalsBatch(
                cells=asked.place, unit=units.astype(np.int64), codes=codes, sums=margin
            )
