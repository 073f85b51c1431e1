"""From the sums of some cells to their estimates, whatever the form of the design.

One record for clustered, unclustered and replicate designs and for a stated design effect, so
that what follows need not know which it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from social_evidence.app.replicate_ranks import Ranks
from social_evidence.errors import DesignError
from social_evidence.methods import assumed, contrast, replication, totals, unclustered
from social_evidence.methods.arrays import Bools, Floats, Ints, sum_by_code
from social_evidence.methods.replicate import ratios_of_sums
from social_evidence.methods.replication import Replication
from social_evidence.methods.strata import Strata, make_strata
from social_evidence.methods.totals import CellEstimates, UnitSums
from social_evidence.methods.unclustered import SquareSums
from social_evidence.model.source import Source
from social_evidence.plan.rollup import CellArrays
from social_evidence.plan.scan import Scan
from social_evidence.plan.totals import DesignTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """How a source's sample was drawn, ready for the estimators.

    stratum: of each PSU (clustered). rule, ranks: of replicate weights. deff: stated, or None.
    fpc: whether weights sum to the population, so that a finite-population factor has meaning.
    inflation: of all variances, for people in several of the waves that are put together.
    """

    strata: Strata
    stratum: Ints
    rule: Replication | None = None
    ranks: Ranks | None = None
    deff: float | None = None
    fpc: bool = True
    inflation: float = 1.0


def sampled(
    source: Source, design: DesignTable, ranks: Ranks | None = None, *, inflation: float = 1.0
) -> Sampled:
    """Read a source's design against the sample the scan found.

    Args:
        source: Its design.
        design: Strata and units of the whole sample.
        ranks: Of the replicate weights, where there are any.
        inflation: Of all variances, for people in several of the waves put together.

    Raises:
        DesignError: A stratum has one PSU and the source names no rule for it.
    """
    said = source.design
    rule = None
    if said.replicates:
        rule = replication.replication(
            said.replicate_method,
            len(said.replicates),
            scale=said.scale,
            rscales=said.rscales or None,
            mse=said.mse,
            fay=said.fay,
        )
    try:
        strata = make_strata(design.units, lonely_psu=said.lonely_psu)
    except DesignError as fault:
        raise DesignError(f"source {source.id!r}: {fault}") from fault
    return Sampled(
        strata=strata,
        stratum=design.stratum,
        rule=rule,
        ranks=ranks,
        deff=said.deff if said.basis == "assumed_deff" else None,
        fpc=said.weights_sum_to == "population",
        inflation=inflation,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CellNumbers:
    """Estimates of every item in some whole cells; NaN is an impossible value.

    value, standard_error, deff, degrees_of_freedom: (c, m). base: (c, m) unweighted. rows: (c, m)
    with a weight, answered or not.
    """

    arrays: CellArrays
    sampled: Sampled
    estimates: CellEstimates
    value: Floats
    standard_error: Floats
    deff: Floats
    degrees_of_freedom: Ints
    base: Ints
    rows: Ints
    replicates: Floats | None = None

    def difference(self, item: int, left: int, right: int) -> tuple[float, float, int]:
        """Compare two cells without people in common: value, standard error, degrees of freedom.

        Units that both cells share, and strata whose size is fixed, enter by the covariance.
        """
        value, variance = self._contrast(item, left, right)
        return value, float(np.sqrt(variance)), self._union_df(item, left, right)

    def _union_df(self, item: int, left: int, right: int) -> int:
        """Count degrees of freedom of two cells together; a PSU with people in both is one."""
        if self.sampled.ranks is not None:
            pair = [self.arrays.groups[cell] for cell in (left, right)]
            return self.sampled.ranks.degrees_of_freedom(item, self.arrays.dimensions, pair)
        inside = np.isin(self.arrays.cell, (left, right)) & (self.arrays.present[:, item] > 0)
        unit, present = self.arrays.unit[inside], self.arrays.present[inside, item]
        if self.arrays.form == "clustered":
            unit = np.unique(unit)
            present = np.ones(unit.size, dtype=np.int64)
        together = np.zeros(unit.size, dtype=np.int64)
        form = self.arrays.form
        return int(_degrees_of_freedom(self.sampled, form, together, unit, present, 1)[0])

    def _contrast(self, item: int, left: int, right: int) -> tuple[float, float]:
        pair, weights = np.array([left, right]), np.array([1.0, -1.0])
        value = self.value[pair, item]
        if self.replicates is not None and self.sampled.rule is not None:
            joint = replication.covariance(value, self.replicates[pair, item], self.sampled.rule)
        elif self.sampled.deff is not None:
            joint = np.diag(self.standard_error[pair, item] ** 2)
        elif self.arrays.form == "clustered":
            sums = _unit_sums(self._only(pair), self.sampled)
            items = np.full(2, item)
            _, joint = totals.covariance(sums, self.sampled.strata, self.estimates, pair, items)
        else:
            apart = np.full((2, 2), -1)
            sums_of = _square_sums(self._only(pair))
            _, joint = unclustered.covariance(
                sums_of, self.sampled.strata, self.estimates, pair, item, apart
            )
        found = contrast.linear(value, joint, weights)
        variance = float(found.standard_error[0]) ** 2
        # The errors of single cells, from which a stated design effect's are made, have it already.
        is_inflated = self.replicates is None and self.sampled.deff is not None
        return float(found.value[0]), variance * (1.0 if is_inflated else self.sampled.inflation)

    def _only(self, cells: Ints) -> CellArrays:
        """Keep the entries of some cells, so that a contrast does not walk through all."""
        return _entries(self.arrays, np.flatnonzero(np.isin(self.arrays.cell, cells)))


def cell_numbers(scan: Scan, arrays: CellArrays, design: Sampled) -> CellNumbers:
    """Estimate every item in some cells.

    Args:
        scan: What was asked.
        arrays: Sums of whole cells of one set.
        design: How the sample was drawn.
    """
    estimates, variance, replicates = _estimates(scan, arrays, design)
    rows = np.stack(
        [_per_cell(arrays, arrays.present[:, item]) for item in range(len(scan.items))], axis=1
    ).astype(np.int64)
    df = np.stack([_cells_df(arrays, design, item) for item in range(len(scan.items))], axis=1)
    deff, variance = _design_effects(scan, arrays, design, estimates, variance)
    deff, variance = design.inflation * deff, design.inflation * variance
    return CellNumbers(
        arrays=arrays,
        sampled=design,
        estimates=estimates,
        value=estimates.value,
        standard_error=np.sqrt(variance),
        deff=deff,
        degrees_of_freedom=df,
        base=arrays.base,
        rows=rows,
        replicates=replicates,
    )


def units_per_cell(arrays: CellArrays) -> Ints:
    """Count the units with a valid answer in each cell, where an entry is one unit."""
    n_cells, n_items = len(arrays.groups), len(arrays.items)
    counts = [
        np.bincount(arrays.cell[arrays.x[:, item] > 0], minlength=n_cells)
        for item in range(n_items)
    ]
    return np.stack(counts, axis=1).astype(np.int64)


def _estimates(
    scan: Scan, arrays: CellArrays, design: Sampled
) -> tuple[CellEstimates, Floats, Floats | None]:
    """Estimate ratios, and totals where an item is one."""
    if design.rule is not None:
        return _replicate_estimates(scan, arrays, design.rule)
    summed = [place for place, item in enumerate(scan.items) if item.statistic == "total"]
    answered = _answered(scan, arrays, design)
    if arrays.form == "clustered":
        sums = replace(_unit_sums(arrays, design), present=answered)
        found = totals.ratios(sums, design.strata)
        whole = totals.totals(sums, design.strata) if summed else found
    else:
        several = None if answered is None else np.where(answered, 2, 0)
        squares = replace(_square_sums(arrays), found=several)
        found = unclustered.ratios(squares, design.strata)
        whole = unclustered.totals(squares, design.strata) if summed else found
    value, variance = found.value.copy(), found.variance.copy()
    value[:, summed], variance[:, summed] = whole.value[:, summed], whole.variance[:, summed]
    return CellEstimates(value=value, variance=variance, below=found.below), variance, None


def _answered(scan: Scan, arrays: CellArrays, design: Sampled) -> Bools | None:
    """Say which entries hold an answer, where a rule for single units asks: others need it not.

    Those rules look at the strata of the people who answered, as R does when it leaves out the
    others; whether one has people in the cell is not enough.
    """
    if design.strata.lonely_psu not in {"adjust", "average"}:
        return None
    weights = arrays.x.copy()
    for place, item in enumerate(scan.items):
        if item.statistic == "ratio":
            weights[:, place] = arrays.x[:, place + 1]
    return np.asarray(weights > 0)


def _replicate_estimates(
    scan: Scan, arrays: CellArrays, rule: Replication
) -> tuple[CellEstimates, Floats, Floats]:
    n_cells = len(arrays.groups)
    assert arrays.replicate_y is not None  # noqa: S101 - the form says so
    assert arrays.replicate_x is not None  # noqa: S101 - as above
    shape = (n_cells, *arrays.replicate_y.shape[1:])
    y, x = np.zeros(shape[:2]), np.zeros(shape[:2])
    replicate_y, replicate_x = np.zeros(shape), np.zeros(shape)
    y[arrays.cell], x[arrays.cell] = arrays.y, arrays.x
    replicate_y[arrays.cell], replicate_x[arrays.cell] = arrays.replicate_y, arrays.replicate_x
    value, variance, joint = ratios_of_sums(y, x, replicate_y, replicate_x, rule)
    for place, item in enumerate(scan.items):
        if item.statistic == "total":
            value[:, place] = np.where(arrays.base[:, place] > 0, y[:, place], np.nan)
            joint[:, place] = replicate_y[:, place]
            variance[:, place] = replication.variances(value[:, place], joint[:, place], rule)
    return CellEstimates(value=value, variance=variance, below=x), variance, joint


def _unit_sums(arrays: CellArrays, design: Sampled) -> UnitSums:
    return UnitSums(
        cell=arrays.cell,
        stratum=design.stratum[arrays.unit],
        unit=arrays.unit,
        wy=arrays.y,
        wx=arrays.x,
        n_cells=len(arrays.groups),
    )


def _square_sums(arrays: CellArrays) -> SquareSums:
    assert arrays.yy is not None  # noqa: S101 - the form says so
    assert arrays.xy is not None  # noqa: S101 - as above
    assert arrays.xx is not None  # noqa: S101 - as above
    return SquareSums(
        cell=arrays.cell,
        stratum=arrays.unit,
        wy=arrays.y,
        wx=arrays.x,
        wyy=arrays.yy,
        wyx=arrays.xy,
        wxx=arrays.xx,
        n_cells=len(arrays.groups),
    )


def _entries(arrays: CellArrays, rows: Ints) -> CellArrays:
    def kept(values: Floats | None) -> Floats | None:
        return None if values is None else values[rows]

    return replace(
        arrays,
        cell=arrays.cell[rows],
        unit=arrays.unit[rows],
        y=arrays.y[rows],
        x=arrays.x[rows],
        yy=kept(arrays.yy),
        xy=kept(arrays.xy),
        xx=kept(arrays.xx),
        present=arrays.present[rows],
    )


def _per_cell(arrays: CellArrays, values: Ints | Floats) -> Floats:
    return sum_by_code(arrays.cell, np.asarray(values, dtype=np.float64), len(arrays.groups))


def _cells_df(arrays: CellArrays, design: Sampled, item: int) -> Ints:
    """Count sampled units less strata; with replicate weights their rank in the cell less one."""
    if design.ranks is not None:
        ranks, dimensions = design.ranks, arrays.dimensions
        found = [ranks.degrees_of_freedom(item, dimensions, [own]) for own in arrays.groups]
        return np.array(found, dtype=np.int64)
    n_cells, present = len(arrays.groups), arrays.present[:, item]
    return _degrees_of_freedom(design, arrays.form, arrays.cell, arrays.unit, present, n_cells)


def _degrees_of_freedom(
    design: Sampled, form: str, cell: Ints, unit: Ints, present: Ints, n_cells: int
) -> Ints:
    """Count sampled units less strata."""
    if form == "unclustered":
        return totals.degrees_of_freedom(cell, unit, present, n_cells)
    here = (present > 0).astype(np.int64)
    return totals.degrees_of_freedom(cell, design.stratum[unit], here, n_cells)


def _design_effects(
    scan: Scan, arrays: CellArrays, design: Sampled, estimates: CellEstimates, variance: Floats
) -> tuple[Floats, Floats]:
    """Compare variances with those of simple random samples; or make them from a stated effect."""
    known = [place for place, item in enumerate(scan.items) if item.squares]
    deff = np.full(variance.shape, np.nan)
    if not known or arrays.squares is None:
        return deff, variance
    yy, yx, xx = (arrays.squares[:, known, part] for part in range(3))
    squares = (yy, yx, xx)
    part = CellEstimates(
        value=estimates.value[:, known],
        variance=variance[:, known],
        below=estimates.below[:, known],
    )
    base, population = arrays.base[:, known], _population(scan, estimates, known)
    if design.deff is not None:
        made = assumed.variances(
            part.value,
            part.below,
            base,
            population,
            squares,
            design.deff,
        )
        variance = variance.copy()
        variance[:, known] = made
        deff[:, known] = np.where(np.isnan(made), np.nan, design.deff)
        return deff, variance
    without, with_replacement = totals.design_effects(part, base, population, squares)
    deff[:, known] = without if design.fpc else with_replacement
    return deff, variance


def _population(scan: Scan, estimates: CellEstimates, known: list[int]) -> Floats:
    """Give the sum of weights of each item's respondents; a ratio's is in the item after it."""
    own = estimates.below.copy()
    for place, item in enumerate(scan.items):
        if item.statistic == "ratio":
            own[:, place] = estimates.below[:, place + 1]
    return own[:, known]
