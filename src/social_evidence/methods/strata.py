"""The strata of the whole sample, and the rules for single units, at the level of cells.

Sums per sampled unit and cell hold no row for a unit with nobody in the cell, yet that unit was
drawn and counts. So the number of units per stratum travels beside the sums.

Notation: H strata, c cells, m measures, g pairs of cell and stratum with at least one row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from social_evidence.errors import DesignError
from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.methods.design import LonelyPsu

NOISE = 1e-12
"""A standard error this small beside the root sum of squared influence is rounding, so it is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strata:
    """Strata of a one-stage sample; make it with `make_strata`.

    Attributes:
        sampled: (H,) sampled units in the whole sample, those of weight zero included.
        population: (H,) units in the population; infinity: drawn with replacement.
        lonely_psu: what a stratum with one sampled unit adds to the variance.
        adjust_domain_lonely: whether `adjust` and `average` also apply to a stratum with one
            unit in a cell.
    """

    sampled: Ints
    population: Floats
    lonely_psu: LonelyPsu = "fail"
    adjust_domain_lonely: bool = False

    @property
    def lonely(self) -> Bools:
        """(H,) strata with one unit sampled out of more than one."""
        return np.asarray((self.sampled == 1) & (self.population > 1))

    @property
    def scale(self) -> Floats:
        """(H,) (1 - f) × n / (n - 1), and 1 - f for one unit."""
        left = np.maximum(1 - self.sampled / self.population, 0)
        return np.asarray(left * self.sampled / np.maximum(self.sampled - 1, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of cell and stratum that hold a row, those of one cell together.

    Attributes:
        stratum: (g,) stratum of each pair.
        starts: (b,) where the pairs of each of b cells start.
        cell: (g,) which of the b cells each pair belongs to, 0 … b-1.
        found: (g, m) or (g, 1) units with an answered row.
    """

    stratum: Ints
    starts: Ints
    cell: Ints
    found: Ints

    def per_cell(self, values: Floats) -> Floats:
        """Add values (g, m) up over the strata of each cell (b, m)."""
        return np.add.reduceat(values, self.starts, axis=0)


def make_strata(
    sampled: Ints,
    population: Floats | None = None,
    *,
    lonely_psu: LonelyPsu = "fail",
    adjust_domain_lonely: bool = False,
) -> Strata:
    """Check the strata of a one-stage sample.

    Args:
        sampled: (H,) sampled units per stratum in the whole sample, each at least 1.
        population: (H,) units in the population; None: drawn with replacement.
        lonely_psu: Rule for a stratum with one sampled unit, as in `design.make_design`.
        adjust_domain_lonely: As in `design.make_design`.

    Returns:
        The strata.

    Raises:
        DesignError: A population is smaller than its sample, or a stratum has one sampled unit
            and the rule is `fail`.

    Source:
        As in `design.make_design`.
    """
    size = np.full(sampled.size, np.inf) if population is None else population
    small = int((~(size >= sampled * (1 - 1e-12))).sum())
    if small:
        raise DesignError(
            f"In {small} of {sampled.size} strata the population is missing or smaller than the "
            "number of units sampled from it; correct the finite-population values."
        )
    strata = Strata(
        sampled=sampled,
        population=np.asarray(size, dtype=np.float64),
        lonely_psu=lonely_psu,
        adjust_domain_lonely=adjust_domain_lonely,
    )
    lonely = int(strata.lonely.sum())
    if lonely and lonely_psu == "fail":
        raise DesignError(
            f"{lonely} of {sampled.size} strata have a single sampled unit, so their share of the "
            "variance cannot be seen. Join them to a similar stratum, or choose lonely_psu = "
            "remove, certainty, adjust or average and say so."
        )
    return strata


def centre_and_scale(sums: Floats, pairs: Pairs, strata: Strata) -> tuple[Floats, Floats]:
    """Return the point that squares are taken from in each stratum of a cell, and their factor.

    Args:
        sums: (g, m) influence added up over the units of each pair.
        pairs: The pairs of cell and stratum.
        strata: The strata of the whole sample, with the rule for single units.

    Returns:
        Centre (g, m) and factor (g, m) or (g, 1); the factor is NaN where `average` has no
        stratum left to average over.

    Source:
        R package survey 4.5, `svyrecvar` and its help page `surveyoptions`.
    """
    sampled = strata.sampled[pairs.stratum][:, None]
    centre = sums / sampled
    scale = strata.scale[pairs.stratum][:, None]
    if strata.lonely_psu not in ("adjust", "average"):
        return centre, scale
    here = pairs.found > 0
    lonely = strata.lonely[pairs.stratum][:, None] & here
    if strata.adjust_domain_lonely:
        # A stratum taken whole has no sampling error, however few of its units a domain leaves.
        part = strata.population[pairs.stratum][:, None] > sampled
        lonely = lonely | ((pairs.found == 1) & (sampled > 1) & part)
    if not lonely.any():
        return centre, scale
    if strata.lonely_psu == "adjust":
        units = pairs.per_cell(np.where(here, sampled, 0).astype(np.float64))
        overall = pairs.per_cell(sums) / np.maximum(units, 1)
        return np.where(lonely, overall[pairs.cell], centre), scale
    present = pairs.per_cell(here.astype(np.float64))
    usable = present - pairs.per_cell(lonely.astype(np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(present == usable, 1.0, np.where(usable > 0, present / usable, np.nan))
    spread = factor[pairs.cell]
    return centre, np.where(lonely & ~np.isnan(spread), 0.0, scale * spread)
