"""From a `Design` by column names to a sample that can be estimated from.

Two kinds of sample answer the same questions: one whose file names strata and units (variance by
linearisation) and one whose file holds replicate weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np

from social_evidence.app.calibration import calibrated
from social_evidence.app.design_columns import (
    names_of,
    places_of,
    population_of,
    replicate_columns,
    replicate_weight_of,
    weight_of,
)
from social_evidence.app.microdata import Columns
from social_evidence.errors import DesignError
from social_evidence.methods import design as sampling
from social_evidence.methods import replicate, replication, taylor
from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.methods.design import SampleDesign, make_design
from social_evidence.methods.interval_methods import ProportionExtras
from social_evidence.methods.intervals import LIKELIHOOD, LOGIT
from social_evidence.methods.profile import DesignKind, WorkingModel, working_model
from social_evidence.methods.replication import ReplicateDesign
from social_evidence.model.design import Calibration, Design

Kind = Literal["mean", "total", "ratio"]


_LINEARISED: Final[dict[Kind, Callable[..., taylor.DomainEstimates]]] = {
    "mean": taylor.means,
    "total": taylor.totals,
    "ratio": taylor.ratios,
}
_REPLICATED: Final[dict[Kind, Callable[..., replicate.ReplicateEstimates]]] = {
    "mean": replicate.means,
    "total": replicate.totals,
    "ratio": replicate.ratios,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Which domain each row is in.

    Attributes:
        code: (n,) domain, 0 … count-1; −1 in none.
        count: Number of domains.
        inside: (n,) rows of the subpopulation asked for.
    """

    code: Ints
    count: int
    inside: Bools

    @property
    def within(self) -> Ints:
        """(n,) the domain inside the subpopulation, −1 elsewhere."""
        return np.asarray(np.where(self.inside, self.code, -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """One statistic in c domains; NaN where impossible.

    Attributes:
        value: (c,) estimates.
        standard_error: (c,) standard errors, each domain as its own subset.
        base: (c,) unweighted respondents with a weight and a valid answer.
        design_effect: (c,) variance over that of a simple random sample of the base.
        covariance: (c, c) over the whole design, where asked for.
        replicates: (c, R) estimates a replicate, for a sample with replicate weights.
    """

    value: Floats
    standard_error: Floats
    base: Ints
    design_effect: Floats
    covariance: Floats | None = None
    replicates: Floats | None = None


class Sample(Protocol):
    """What a statistic needs from a sample."""

    @property
    def weight(self) -> Floats:
        """(n,) final weights."""
        ...

    def estimates(
        self, kind: Kind, values: Sequence[Floats], cells: Cells, *, with_covariance: bool = False
    ) -> Estimates:
        """Estimate a mean, total or ratio in each domain."""
        ...

    def degrees_of_freedom(self, domain: Ints, count: int) -> Ints:
        """Count degrees of freedom in each domain, answered or not."""
        ...

    def joint(
        self, kind: Literal["mean", "total"], items: Floats, inside: Bools
    ) -> tuple[Floats, Floats]:
        """Return means or totals (k,) of items (n, k) over some rows, and their covariance."""
        ...

    def rows(self, cells: Cells) -> Ints:
        """Count the rows that R's `nrow` would count in each domain, answered or not."""
        ...

    def interval_extras(
        self, method: str, y: Floats, cells: Cells, found: Estimates
    ) -> ProportionExtras:
        """Collect what a proportion's interval needs beyond its standard error."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearisedSample:
    """A sample with its strata and units."""

    design: SampleDesign

    @property
    def weight(self) -> Floats:
        """(n,) final weights."""
        return self.design.weight

    def estimates(
        self, kind: Kind, values: Sequence[Floats], cells: Cells, *, with_covariance: bool = False
    ) -> Estimates:
        """Estimate by linearisation; design effects with the finite-population factor, as R."""
        found = _LINEARISED[kind](
            *values,
            self.design,
            cells.code,
            n_domains=cells.count,
            universe=cells.inside,
            with_covariance=with_covariance,
        )
        return Estimates(
            value=found.value,
            standard_error=found.standard_error,
            base=found.base,
            design_effect=found.design_effect,
            covariance=found.covariance,
        )

    def degrees_of_freedom(self, domain: Ints, count: int) -> Ints:
        """Count primary units minus strata with a weight in each domain."""
        return sampling.degrees_of_freedom(self.design, domain, count)

    def joint(
        self, kind: Literal["mean", "total"], items: Floats, inside: Bools
    ) -> tuple[Floats, Floats]:
        """Return means or totals of items over some rows, and their covariance."""
        totals = np.where(inside, self.design.weight, 0.0) @ items
        if kind == "total":
            influence = np.where(inside[:, None], items, 0.0)
            return totals, taylor.covariance(influence, self.design, present=inside)
        population = self.design.weight[inside].sum()
        means = totals / population
        influence = np.where(inside[:, None], items - means, 0.0) / population
        return means, taylor.covariance(influence, self.design, present=inside)

    def rows(self, cells: Cells) -> Ints:
        """Count rows in each domain; a calibrated design keeps all its rows in every subset."""
        if self.design.is_calibrated:
            return np.full(cells.count, self.design.n_rows, dtype=np.int64)
        return _rows(cells)

    def interval_extras(
        self, method: str, y: Floats, cells: Cells, found: Estimates
    ) -> ProportionExtras:
        """Collect rows, base and, for `likelihood`, the working model."""
        kind: DesignKind = "calibrated" if self.design.is_calibrated else "linear"
        return ProportionExtras(
            rows=self.rows(cells),
            base=found.base,
            working=_working(y, self.weight, cells, kind) if method == LIKELIHOOD else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicateSample:
    """A sample with its replicate weights."""

    design: ReplicateDesign

    @property
    def weight(self) -> Floats:
        """(n,) full-sample weights."""
        return self.design.weight

    def estimates(
        self, kind: Kind, values: Sequence[Floats], cells: Cells, *, with_covariance: bool = False
    ) -> Estimates:
        """Estimate once a replicate; the spread of the replicates is the variance."""
        found = _REPLICATED[kind](
            *values,
            self.design,
            cells.code,
            n_domains=cells.count,
            universe=cells.inside,
            with_covariance=with_covariance,
        )
        return Estimates(
            value=found.value,
            standard_error=found.standard_error,
            base=np.zeros(cells.count, dtype=np.int64) if found.base is None else found.base,
            design_effect=np.full(cells.count, np.nan) if found.deff is None else found.deff,
            covariance=found.covariance,
            replicates=found.replicates,
        )

    def degrees_of_freedom(self, domain: Ints, count: int) -> Ints:
        """Return the rank of the replicate weights less one in each domain."""
        return replication.degrees_of_freedom(self.design.replicate_weights, domain, count)

    def joint(
        self, kind: Literal["mean", "total"], items: Floats, inside: Bools
    ) -> tuple[Floats, Floats]:
        """Return means or totals of items over some rows, and their covariance."""
        weights = np.column_stack([self.design.weight, self.design.replicate_weights])[inside]
        found = items[inside].T @ weights
        if kind == "mean":
            with np.errstate(divide="ignore", invalid="ignore"):
                found = found / weights.sum(axis=0)
        return found[:, 0], replication.covariance(found[:, 0], found[:, 1:], self.design.rule)

    def rows(self, cells: Cells) -> Ints:
        """Count rows in each domain."""
        return _rows(cells)

    def interval_extras(
        self, method: str, y: Floats, cells: Cells, found: Estimates
    ) -> ProportionExtras:
        """Collect rows, base and the spread of the replicates on the scale of log-odds."""
        link = None
        if method in {LOGIT, LIKELIHOOD} and found.replicates is not None:
            link = replicate.logit_standard_errors(found.value, found.replicates, self.design.rule)
        return ProportionExtras(
            rows=self.rows(cells),
            base=found.base,
            link_standard_error=link,
            working=_working(y, self.weight, cells, "replicate") if method == LIKELIHOOD else None,
        )


def make_sample(design: Design, columns: Columns) -> Sample:
    """Turn a design into a sample of the file.

    Args:
        design: The design, by column names.
        columns: The file's columns, those of the design among them.

    Returns:
        A sample, its weights calibrated where the design says so.

    Raises:
        DesignError: The design cannot be used: a missing or negative weight, a missing stratum
            or unit, a stratum with one PSU.
        DataError: A weight holds text.
    """
    if design.replicates:
        return ReplicateSample(design=_replicate_design(design, columns))
    return LinearisedSample(design=_linearised_design(design, columns))


def _linearised_design(design: Design, columns: Columns) -> SampleDesign:
    strata = [places_of(name, columns, "strata") for name in names_of(design.strata)]
    units = [*names_of(design.psu), *names_of(design.ssu)]
    population = [population_of(name, columns) for name in names_of(design.fpc)]
    rows = np.arange(columns.rows)
    weight = None if design.weight is None else weight_of(design.weight, columns)
    if weight is None and not population:
        weight = np.ones(columns.rows)
    try:
        made = make_design(
            weight,
            strata=strata,
            units=[places_of(name, columns, "psu") for name in units] or [rows],
            fpc=population,
            lonely_psu=design.lonely_psu,
            adjust_domain_lonely=design.adjust_domain_lonely,
        )
    except DesignError as fault:
        raise DesignError(f"{columns.name}: {fault}") from fault
    return made if design.calibration is None else calibrated(made, design.calibration, columns)


def _replicate_design(design: Design, columns: Columns) -> ReplicateDesign:
    names = replicate_columns(design, columns.table.column_names)
    if design.weight is None:
        raise DesignError(
            "Design: replicate weights need the full-sample weight too, which gives the estimate "
            "whose spread they measure. Name it as weight."
        )
    weights = np.column_stack([replicate_weight_of(name, columns) for name in names])
    weight = weight_of(design.weight, columns)
    rule = replication.replication(
        str(design.replicate_method),
        len(names),
        scale=design.scale,
        rscales=None if design.rscales is None else list(design.rscales),
        mse=design.mse,
        fay=design.fay,
    )
    if design.calibration is not None:
        weight = _recalibrated(weight, design.calibration, columns)
        weights = np.column_stack(
            [_recalibrated(one, design.calibration, columns) for one in weights.T]
        )
    return ReplicateDesign(weight=weight, replicate_weights=weights, rule=rule)


def _recalibrated(weight: Floats, calibration: Calibration, columns: Columns) -> Floats:
    """Make one set of weights meet the known totals; each replicate has to meet them itself."""
    return calibrated(make_design(weight), calibration, columns).weight


def _rows(cells: Cells) -> Ints:
    domain = cells.within
    return np.bincount(domain[domain >= 0], minlength=cells.count).astype(np.int64)


def _working(y: Floats, weight: Floats, cells: Cells, kind: DesignKind) -> WorkingModel:
    return working_model(y, weight, cells.within, n_domains=cells.count, kind=kind)
