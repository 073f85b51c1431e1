"""The sample design as arrays: who was drawn with whom, from how many, with which weight.

Notation: n rows; at each stage H strata, U sampling units, n_h units sampled and N_h units in the
population of stratum h (infinite: drawn with replacement).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from social_evidence.errors import DesignError
from social_evidence.methods.arrays import Bools, Codes, Floats, Ints

Number = TypeVar("Number", np.int64, np.float64)
LonelyPsu = Literal["fail", "remove", "certainty", "adjust", "average"]

_CODES_NAMED = 5
"""How many stratum codes an error message lists."""


class Adjustment(Protocol):
    """What calibrating the weights does to the variance."""

    def residual(self, weighted: Floats) -> Floats:
        """Return weighted influence values (n, k) with the calibrated part taken out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of sampling. Units are numbered by stratum, strata by the unit they lie in.

    Attributes:
        unit: (n,) sampling unit of each row, 0 … U-1.
        stratum: (U,) stratum of each unit, 0 … H-1, never falling.
        sampled: (H,) units sampled in each stratum, zero-weight rows included.
        population: (H,) units in the population of each stratum; infinity with replacement.
        population_by_row: (n,) the same by row, only where it differs within a stratum, else
            None; the first unit of the stratum, or of a domain's part of it, then counts.
        parent: (H,) unit of the stage above that each stratum lies in; 0 at the first stage.
        share: (H,) share of the units above that was sampled, multiplied over all stages above.
    """

    unit: Ints
    stratum: Ints
    sampled: Ints
    population: Floats
    parent: Ints
    share: Floats
    population_by_row: Floats | None = None

    def populations(self, rows: Ints, column: Ints, width: int) -> Floats:
        """Return the population of each stratum as each of several subsets of rows shows it.

        Args:
            rows: Rows present, rising.
            column: The subset 0 … width-1 that each belongs to.
            width: The number of subsets.

        Returns:
            (H, width), or (H, 1) where every row of a stratum says the same.
        """
        if self.population_by_row is None:
            return self.population[:, None]
        order = rows[by_unit := np.argsort(self.unit[rows], kind="stable")]
        keys, first = np.unique(
            self.stratum[self.unit[order]] * width + column[by_unit], return_index=True
        )
        seen = np.repeat(self.population, width)
        seen[keys] = self.population_by_row[order[first]]
        return seen.reshape(-1, width)

    def lonely(self, population: Floats) -> Bools:
        """(H, k) strata with one unit sampled out of more than one: no variance can be seen."""
        alone = (self.sampled == 1) & (self.share > 0)
        return np.asarray(alone[:, None] & (population > 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDesign:
    """A sample with its weights, stages and rules; make one with `make_design`.

    Attributes:
        weight: (n,) final weights; calibrated where there is an adjustment.
        stages: the stages of sampling, the first one first.
        lonely_psu: what a stratum with one sampled unit adds to the variance.
        adjust_domain_lonely: whether `adjust` and `average` also apply to a stratum with one
            unit left in a domain.
        adjustments: calibrations, in the order in which they were made.
    """

    weight: Floats
    stages: tuple[Stage, ...]
    lonely_psu: LonelyPsu = "fail"
    adjust_domain_lonely: bool = False
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def n_rows(self) -> int:
        """Rows of the whole sample."""
        return int(self.weight.size)

    @property
    def psu(self) -> Ints:
        """(n,) primary sampling unit of each row, 0 … U-1."""
        return self.stages[0].unit

    @property
    def stratum(self) -> Ints:
        """(n,) first-stage stratum of each row, 0 … H-1."""
        return self.stages[0].stratum[self.stages[0].unit]

    @property
    def is_calibrated(self) -> bool:
        """Whether the weights were calibrated, which also changes the variance."""
        return bool(self.adjustments)


def make_design(
    weight: Floats | None = None,
    *,
    strata: Sequence[Codes | None] = (),
    units: Sequence[Codes] = (),
    fpc: Sequence[Floats] = (),
    lonely_psu: LonelyPsu = "fail",
    adjust_domain_lonely: bool = False,
) -> SampleDesign:
    """Check a sample design and number its strata and units.

    Every later number depends on the design, so what cannot be used is refused here and not
    where it first does harm.

    Args:
        weight: (n,) weights, zero allowed (the row and its unit stay in the design). None: the
            product of population over sample size at each stage where `fpc` is given, else 1.
        strata: Stratum codes (n,), one array a stage; None or absent: no strata at that stage.
            Strata of a later stage are always read within the unit above.
        units: Sampling-unit codes (n,), one array a stage, the first stage first; always read
            within stratum and within the unit above. Empty: each row is its own unit.
        fpc: Finite population (n,), one array a stage: units in the population of the stratum
            (all at least 1; infinity: with replacement) or sampling fractions (all at most 1).
            Empty: with replacement. Fewer stages than `units`: the later ones were taken in full.
            Where values differ within a stratum, the first unit present counts, as in R.
        lonely_psu: Rule for a stratum with one sampled unit: `fail` refuses; `remove` and
            `certainty` add nothing; `adjust` centres at the mean over all strata; `average`
            adds the mean of the other strata.
        adjust_domain_lonely: Whether `adjust` and `average` also hold where a domain leaves one
            unit of several.

    Returns:
        The design, its units numbered so that those of one stratum stand together.

    Raises:
        DesignError: A weight is missing or negative; a code is missing; lengths differ; the
            population is smaller than the sample; a stratum has one sampled unit and the rule is
            `fail`; the rule is unknown.

    Source:
        Lumley (2004), Analysis of complex survey samples, Journal of Statistical Software 9(8);
        conventions of R package survey 4.5 for nested units, finite populations and single-unit
        strata.
    """
    if lonely_psu not in get_args(LonelyPsu):
        raise DesignError(
            f"lonely_psu is {lonely_psu!r}; it must be one of {', '.join(get_args(LonelyPsu))}."
        )
    n = _rows(weight, [*strata, *units, *fpc])
    codes = list(units) or [np.arange(n)]
    layers = [*strata, *([None] * len(codes))][: max(len(codes), len(strata))]
    if len(strata) > len(codes) or len(fpc) > len(codes):
        raise DesignError(
            f"The design names {len(codes)} stage(s) of sampling units but {len(strata)} of strata "
            f"and {len(fpc)} of population sizes; each needs the units of its stage."
        )
    populations = _as_populations(fpc)
    depth = max(1, len(fpc))
    stages = _stages(layers[:depth], codes[:depth], populations, are_sizes=_are_sizes(fpc))
    design = SampleDesign(
        weight=_weights(weight, stages, n, has_fpc=bool(fpc)),
        stages=stages,
        lonely_psu=lonely_psu,
        adjust_domain_lonely=adjust_domain_lonely,
    )
    if lonely_psu == "fail":
        _refuse_lonely(stages, layers)
    return design


def degrees_of_freedom(
    design: SampleDesign, domain: Ints | None = None, n_domains: int = 1
) -> Ints:
    """Count primary units minus strata in each domain.

    A unit counts if it has a row with a weight other than zero in the domain, whether or not
    that row answered the item: refusing one question does not change how people were drawn.

    Args:
        design: The design.
        domain: (n,) domain of each row, 0 … c-1; negative: in none. None: one domain of all rows.
        n_domains: c.

    Returns:
        (c,) degrees of freedom; 0 in an empty domain.

    Source:
        R package survey 4.5, `degf`; Korn and Graubard (1999), Analysis of Health Surveys, 5.2.
    """
    codes = np.zeros(design.n_rows, dtype=np.int64) if domain is None else domain
    inside = (codes >= 0) & (design.weight != 0)
    units = _distinct_per_domain(codes[inside], design.psu[inside], n_domains)
    strata = _distinct_per_domain(codes[inside], design.stratum[inside], n_domains)
    return units - strata


def _distinct_per_domain(domain: Ints, code: Ints, n_domains: int) -> Ints:
    width = int(code.max()) + 1 if code.size else 1
    pairs = np.unique(domain * width + code)
    return np.bincount(pairs // width, minlength=n_domains).astype(np.int64)


def _rows(weight: Floats | None, columns: Sequence[Codes | None]) -> int:
    lengths = {int(c.shape[0]) for c in [weight, *columns] if c is not None}
    if not lengths:
        raise DesignError(
            "The design has neither weights nor units nor strata, so the number of rows is "
            "unknown; give at least the weights."
        )
    if len(lengths) > 1:
        raise DesignError(
            f"The columns of the design have different lengths ({sorted(lengths)}); every one "
            "needs a value for each row of the file."
        )
    return lengths.pop()


def _stages(
    layers: Sequence[Codes | None],
    codes: Sequence[Codes],
    populations: Sequence[Floats],
    *,
    are_sizes: bool,
) -> tuple[Stage, ...]:
    n = codes[0].shape[0]
    stages: list[Stage] = []
    above = np.zeros(n, dtype=np.int64)
    share_above = np.ones(1)
    for level, units in enumerate(codes, start=1):
        layer = layers[level - 1]
        stratum = (
            above if layer is None else _nested(above, _numbered(layer, f"strata, stage {level}"))
        )
        unit = _nested(stratum, _numbered(units, f"units, stage {level}"))
        stratum_of_unit = _first_per_code(unit, stratum)
        sampled = np.bincount(stratum_of_unit).astype(np.int64)
        by_row = (
            _by_row(populations[level - 1], sampled[stratum], level, are_sizes=are_sizes)
            if populations
            else np.full(n, np.inf)
        )
        population = _first_per_code(stratum_of_unit, _first_per_code(unit, by_row))
        parent = _first_per_code(stratum, above)
        stages.append(
            Stage(
                unit=unit,
                stratum=stratum_of_unit,
                sampled=sampled,
                population=population,
                parent=parent,
                share=share_above[parent],
                population_by_row=None if (by_row == population[stratum]).all() else by_row,
            )
        )
        smallest = np.full(sampled.size, np.inf)
        np.minimum.at(smallest, stratum, by_row)
        share_above = (share_above[parent] * sampled / smallest)[stratum_of_unit]
        above = unit
    return tuple(stages)


def _numbered(codes: Codes, what: str) -> Ints:
    """Return codes as 0, 1, … in sorted order."""
    missing = 0
    if codes.dtype.kind == "f":
        missing = int(np.isnan(codes).sum())
    elif codes.dtype.kind == "O":
        missing = sum(code is None for code in codes)
    if missing:
        raise DesignError(
            f"{missing} rows have no code in the design's {what}; a row whose place in the sample "
            "is unknown makes every variance wrong. Complete the column."
        )
    return np.unique(codes, return_inverse=True)[1].astype(np.int64).reshape(-1)


def _nested(outer: Ints, inner: Ints) -> Ints:
    """Number the pairs (outer, inner), those of one outer code together."""
    pairs = outer * (int(inner.max(initial=0)) + 1) + inner
    return np.asarray(np.unique(pairs, return_inverse=True)[1], dtype=np.int64)


def _first_per_code(code: Ints, value: NDArray[Number]) -> NDArray[Number]:
    """Return the first value that goes with each code, in order of the codes."""
    return value[np.unique(code, return_index=True)[1]]


def _are_sizes(fpc: Sequence[Floats]) -> bool:
    return any(bool((np.asarray(f) > 1).any()) for f in fpc)


def _as_populations(fpc: Sequence[Floats]) -> list[Floats]:
    values = [np.asarray(f, dtype=np.float64) for f in fpc]
    if not values:
        return []
    every = np.concatenate(values)
    faulty = int((~(every >= 0)).sum())
    if faulty:
        raise DesignError(
            f"{faulty} finite-population values are missing or negative; each must be the number "
            "of units in the stratum's population, or the share of them that was sampled."
        )
    if (every > 1).any() and (every < 1).any():
        raise DesignError(
            f"The finite-population values mix sizes (over 1: {int((every > 1).sum())}) and "
            f"fractions (under 1: {int((every < 1).sum())}); give one or the other."
        )
    return values


def _by_row(value: Floats, sampled: Ints, level: int, *, are_sizes: bool) -> Floats:
    """(n,) population size of each row's stratum, checked against its sample."""
    with np.errstate(divide="ignore"):
        population = value if are_sizes else sampled / value
    small = int((population < sampled * (1 - 1e-12)).sum())
    if small:
        raise DesignError(
            f"In {small} of {value.size} rows the population at stage {level} is smaller than the "
            "number of units sampled from it; correct the finite-population values."
        )
    return np.asarray(population)


def _weights(weight: Floats | None, stages: tuple[Stage, ...], n: int, *, has_fpc: bool) -> Floats:
    if weight is None:
        return _implied_weights(stages) if has_fpc else np.ones(n)
    values = np.asarray(weight, dtype=np.float64)
    missing, negative = int(np.isnan(values).sum()), int((values < 0).sum())
    if missing or negative or np.isinf(values).any():
        raise DesignError(
            f"Of {n} weights, {missing} are missing, {negative} negative and "
            f"{int(np.isinf(values).sum())} infinite; each row needs a weight of 0 or more, or "
            "every estimate is wrong. Correct the column, or state in writing that rows without a "
            "weight lie outside the population."
        )
    return values


def _implied_weights(stages: tuple[Stage, ...]) -> Floats:
    weight = np.ones(stages[0].unit.size)
    for stage in stages:
        weight = weight * (stage.population / stage.sampled)[stage.stratum[stage.unit]]
    if not np.isfinite(weight).all():
        raise DesignError(
            "Weights cannot be worked out from an infinite population; give a column of weights."
        )
    return weight


def _refuse_lonely(stages: tuple[Stage, ...], layers: Sequence[Codes | None]) -> None:
    for level, stage in enumerate(stages, start=1):
        lonely = np.flatnonzero(stage.lonely(stage.population[:, None]))
        if lonely.size:
            raise DesignError(
                f"{lonely.size} of {stage.sampled.size} strata at stage {level} have a single "
                f"sampled unit{_named(stage, lonely, layers[level - 1])}, so their share of the "
                "variance cannot be seen. Join them to a similar stratum, or choose "
                "lonely_psu = remove, certainty, adjust or average and say so."
            )


def _named(stage: Stage, lonely: Ints, layer: Codes | None) -> str:
    """Return the codes of the first few strata, where the file has codes for them."""
    if layer is None:
        return ""
    rows = np.unique(stage.stratum[stage.unit], return_index=True)[1][lonely[:_CODES_NAMED]]
    codes = ", ".join(str(code) for code in layer[rows])
    return f" (stratum {codes}{', …' if lonely.size > _CODES_NAMED else ''})"
