"""Standard errors of differences between cells of one scan, worked out while its sums are there.

Only a scan knows how two cells vary together. What later becomes the comparisons table needs no
more of it than, for each pair, a standard error and the degrees of freedom of both together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from social_evidence.app.cells import CellNumbers, Sampled
from social_evidence.app.comparison_pairs import Cell, Pair, pairs_within
from social_evidence.methods import cell_pairs, replication, two_values
from social_evidence.methods.arrays import Floats, Ints
from social_evidence.methods.cell_pairs import CellInfluence, Entries, Moments
from social_evidence.model.catalogue import Catalogue
from social_evidence.plan.compile import Reading
from social_evidence.plan.rollup import CellArrays
from social_evidence.plan.scan import Scan

Place = tuple[str, str, str, str]
"""Period label, area, breakdown and group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrasts:
    """Differences between places of one series, by column.

    key: measure, part and series. places: what `other` and `to` are numbers of. standard_error:
    of `to` less `other`; NaN where it cannot be told. degrees_of_freedom: of both together.
    """

    key: tuple[str, str, str]
    places: tuple[Place, ...]
    other: Ints
    to: Ints
    standard_error: Floats
    degrees_of_freedom: Floats


@dataclass(slots=True)
class ScanCells:
    """The cells of a scan as they come, kept for what is compared with what.

    cells: reading -> address -> number of the cell among all.
    """

    scan: Scan
    pieces: list[CellNumbers] = field(default_factory=list)
    cells: dict[int, dict[Cell, int]] = field(default_factory=dict)
    count: int = 0

    def add(self, numbers: CellNumbers) -> int:
        """Take some whole cells in; return the number of the first."""
        first = self.count
        self.pieces.append(numbers)
        self.count += len(numbers.arrays.groups)
        return first

    def contrasts(
        self, catalogue: Catalogue, period: str, readings: Sequence[Reading]
    ) -> tuple[Contrasts, ...]:
        """Work out what is compared within the scan's period."""
        if not self.pieces:
            return ()
        asked = [self._pairs(catalogue, place, reading) for place, reading in enumerate(readings)]
        if not any(pairs for _, pairs in asked):
            return ()
        wanted = _Wanted.of([(numbers, pairs) for numbers, pairs in asked])
        errors, df = _Joined(self.scan, self.pieces).differences(wanted)
        found = []
        for place, (reading, (_, pairs)) in enumerate(zip(readings, asked, strict=True)):
            item = self.pieces[0].arrays.items.index(reading.item)
            rows = wanted.rows[place]
            one, own = reading.wanted, self.cells[place]
            found.append(
                Contrasts(
                    key=(one.measure.id, one.series.part, one.series.id),
                    places=tuple((period, *cell) for cell in own),
                    other=np.array([pair.other for pair in pairs], dtype=np.int64),
                    to=np.array([pair.to for pair in pairs], dtype=np.int64),
                    standard_error=errors[rows, item],
                    degrees_of_freedom=df[rows, item],
                )
            )
        return tuple(found)

    def influence(self) -> tuple[CellInfluence, Ints]:
        """Give the influence of sampled units on every cell, and the cells' degrees of freedom."""
        joined = _Joined(self.scan, self.pieces)
        return joined.influence(), joined.df

    def _pairs(
        self, catalogue: Catalogue, place: int, reading: Reading
    ) -> tuple[list[int], list[Pair]]:
        """List the numbers of a reading's cells, and its pairs by place in that list."""
        own = self.cells.setdefault(place, {})
        return list(own.values()), pairs_within(catalogue, reading.wanted.measure, list(own))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Pairs of cells, each once, and which of them each reading asked for.

    pairs: (p, 2) `to` and `other`. is_part: (p,). rows: reading -> its pairs' rows.
    """

    pairs: Ints
    is_part: Ints
    rows: Mapping[int, Ints]

    @classmethod
    def of(cls, asked: Sequence[tuple[list[int], list[Pair]]]) -> _Wanted:
        listed = [
            np.array([(n[p.to], n[p.other], p.is_part) for p in pairs], dtype=np.int64)
            for n, pairs in asked
        ]
        stacked = np.concatenate([one.reshape(-1, 3) for one in listed])
        unique, place = np.unique(stacked, axis=0, return_inverse=True)
        ends = np.cumsum([len(one) for one in listed])
        rows = dict(enumerate(np.split(place.ravel(), ends[:-1])))
        return cls(pairs=unique[:, :2], is_part=unique[:, 2], rows=rows)


class _Joined:
    """All cells of a scan as one list."""

    def __init__(self, scan: Scan, pieces: Sequence[CellNumbers]) -> None:
        self._pieces = pieces
        self._totals = [place for place, i in enumerate(scan.items) if i.statistic == "total"]
        self._value = _stacked([piece.value for piece in pieces])
        self._error = _stacked([piece.standard_error for piece in pieces])
        self.df = np.concatenate([piece.degrees_of_freedom for piece in pieces])
        self._below = _stacked([piece.estimates.below for piece in pieces])

    @property
    def design(self) -> Sampled:
        return self._pieces[0].sampled

    def differences(self, wanted: _Wanted) -> tuple[Floats, Floats]:
        """Give standard errors and degrees of freedom of `to` less `other`, by pair and item."""
        to, other = wanted.pairs.T
        is_part = wanted.is_part == 1
        df = np.asarray(self.df[other], dtype=np.float64)
        if self._pieces[0].replicates is not None:
            variance = self._by_replicates(to, other)
            df[~is_part] = self._ranks(wanted.pairs[~is_part])
        elif self.design.deff is not None:
            variance = self._by_stated_effect(to, other, is_part)
            df[~is_part] = self._union(self.influence(), wanted.pairs[~is_part])
            return np.sqrt(variance), df
        else:
            influence = self.influence()
            variance = self._by_influence(influence, wanted)
            df[~is_part] = self._union(influence, wanted.pairs[~is_part])
        impossible = np.isnan(self._value[to]) | np.isnan(self._value[other])
        variance = np.where(impossible, np.nan, variance * self.design.inflation)
        return np.sqrt(variance), df

    def _by_replicates(self, to: Ints, other: Ints) -> Floats:
        rule = self.design.rule
        assert rule is not None  # noqa: S101 - the form says so
        replicates = np.concatenate(
            [p.replicates for p in self._pieces if p.replicates is not None]
        )
        found = np.empty((to.size, self._value.shape[1]))
        for item in range(found.shape[1]):
            value = self._value[to, item] - self._value[other, item]
            apart = replicates[to, item] - replicates[other, item]
            found[:, item] = replication.variances(value, apart, rule)
        return found

    def _ranks(self, pairs: Ints) -> Floats:
        """Count the degrees of freedom of cells together from their replicate weights."""
        ranks = self.design.ranks
        assert ranks is not None  # noqa: S101 - the form says so
        owner = [(p.arrays, at) for p in self._pieces for at in range(len(p.arrays.groups))]
        found = np.empty((len(pairs), self._value.shape[1]))
        for row, pair in enumerate(pairs):
            (arrays, _), groups = owner[pair[0]], [owner[c][0].groups[owner[c][1]] for c in pair]
            for item in range(found.shape[1]):
                found[row, item] = ranks.degrees_of_freedom(item, arrays.dimensions, groups)
        return found

    def _by_stated_effect(self, to: Ints, other: Ints, is_part: Ints) -> Floats:
        """Use the variances alone: a stated effect says nothing of how cells vary together."""
        part, whole = self._error[to] ** 2, self._error[other] ** 2
        whole_weight = self._below[other]
        share = self._below[to] / np.where(whole_weight > 0, whole_weight, np.nan)
        nested = two_values.part_of_whole(part, whole, share)
        return np.where(is_part[:, None], nested, two_values.correlated(part, whole, 0.0))

    def _by_influence(self, influence: CellInfluence, wanted: _Wanted) -> Floats:
        nested = None
        if influence.squares is not None:
            to, other = wanted.pairs.T
            factor, _ = cell_pairs.factors(self.design.strata)
            shared = self._moments().squares(to, other, factor)
            nested = np.where(wanted.is_part[:, None] == 1, shared, 0.0)
        return cell_pairs.difference_variances(influence, wanted.pairs, nested=nested)

    def _union(self, influence: CellInfluence, pairs: Ints) -> Ints:
        return cell_pairs.union_degrees_of_freedom(influence, self.df, pairs)

    def influence(self) -> CellInfluence:
        """Lay out the influence of units, or of strata where units are not known one by one."""
        arrays = [piece.arrays for piece in self._pieces]
        unclustered, design = arrays[0].form == "unclustered", self.design
        starts, key = _laid_out(arrays)
        n_keys = design.strata.sampled.size if unclustered else design.stratum.size
        z = _stacked([self._influence_of(piece) for piece in self._pieces])
        present = np.concatenate([_present(one) for one in arrays])
        squares = None
        if unclustered:
            every = np.arange(starts.size - 1)
            factor, _ = cell_pairs.factors(design.strata)
            squares = self._moments().squares(every, every, factor)
        return CellInfluence(
            entries=Entries(starts=starts, key=key, value=z, n_keys=n_keys),
            present=Entries(starts=starts, key=key, value=present, n_keys=n_keys),
            stratum=np.arange(n_keys) if unclustered else design.stratum,
            strata=design.strata,
            squares=squares,
        )

    def _influence_of(self, piece: CellNumbers) -> Floats:
        arrays = piece.arrays
        slope, below = self._line(piece)
        return np.asarray((arrays.y - slope[arrays.cell] * arrays.x) / below[arrays.cell])

    def _line(self, piece: CellNumbers) -> tuple[Floats, Floats]:
        """Give what influence is measured from and by: for a total 0 and 1."""
        slope = piece.value.copy()
        below = np.where(piece.estimates.below != 0, piece.estimates.below, 1.0)
        slope[:, self._totals], below[:, self._totals] = 0.0, 1.0
        return slope, below

    def _moments(self) -> Moments:
        arrays = [piece.arrays for piece in self._pieces]
        starts, stratum = _laid_out(arrays)
        lines = [self._line(piece) for piece in self._pieces]
        return Moments(
            starts=starts,
            stratum=stratum,
            yy=_stacked([one.yy for one in arrays if one.yy is not None]),
            yx=_stacked([one.xy for one in arrays if one.xy is not None]),
            xx=_stacked([one.xx for one in arrays if one.xx is not None]),
            slope=np.concatenate([slope for slope, _ in lines]),
            below=np.concatenate([below for _, below in lines]),
        )


def _stacked(values: Sequence[Floats]) -> Floats:
    return np.concatenate(values) if len(values) > 1 else values[0]


def _laid_out(arrays: Sequence[CellArrays]) -> tuple[Ints, Ints]:
    """Give where each cell's entries begin, and the unit or stratum of every entry."""
    counts = [np.bincount(one.cell, minlength=len(one.groups)) for one in arrays]
    starts = np.r_[0, np.cumsum(np.concatenate(counts))]
    return starts.astype(np.int64), np.concatenate([one.unit for one in arrays])


def _present(arrays: CellArrays) -> Floats:
    """Say which entries have somebody; items of one domain share a column."""
    present = arrays.present
    if present.shape[1] and present.strides[1] == 0:
        present = present[:, :1]
    return (present > 0).astype(np.float64)
