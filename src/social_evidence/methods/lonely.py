"""Deviations of sampled units from their stratum, and the rules for strata with one unit.

One unit tells nothing about how units differ. Each rule is a different answer to that, and with
`adjust_domain_lonely` two of them also speak when a domain leaves one unit of several.

Notation: U units, H strata, k columns; a column is one domain or one influence function. A
*group* is the unit of the stage above, within which `adjust` and `average` take their means.
"""

from __future__ import annotations

import numpy as np

from social_evidence.methods.arrays import Bools, Floats, Ints
from social_evidence.methods.design import SampleDesign, Stage


def deviations(
    sums: Floats,
    stage: Stage,
    design: SampleDesign,
    *,
    population: Floats,
    present: Bools | None = None,
) -> Floats:
    """Return scaled deviations whose squares add up to the variance of one stage.

    Args:
        sums: (U, k) weighted influence summed over each unit; zero where it has no row.
        stage: The stage.
        design: The design, for its lonely-unit rule.
        population: (H, k) or (H, 1) units in the population of each stratum.
        present: (U, k) or (U,) units with a row in the domain; None: all.

    Returns:
        (U, k) deviations D: D'D is the covariance that this stage adds. NaN where `average`
        finds no stratum to average over.

    Source:
        R package survey 4.5, `svyrecvar` and its help page `surveyoptions`.
    """
    starts = np.searchsorted(stage.stratum, np.arange(stage.sampled.size))
    stratum_sums = np.add.reduceat(sums, starts, axis=0)
    centre = stratum_sums / stage.sampled[:, None]
    scale = _scale(stage, population)
    if design.lonely_psu in ("adjust", "average"):
        kept = None if present is None else present.reshape(sums.shape[0], -1)
        found = stage.sampled[:, None] if kept is None else _counts(kept, starts)
        lonely = _is_lonely(stage, population, found, also_in_domain=design.adjust_domain_lonely)
        if lonely.any() and design.lonely_psu == "adjust":
            centre = np.where(lonely, _overall(stratum_sums, stage, found > 0), centre)
        elif lonely.any():
            scale = _averaged(scale, stage, lonely, found > 0)
    return (sums - centre[stage.stratum]) * np.sqrt(scale)[stage.stratum]


def _scale(stage: Stage, population: Floats) -> Floats:
    """(H, k) share of the stages above × (1 - f) × n / (n - 1)."""
    left = np.maximum(1 - stage.sampled[:, None] / population, 0)
    per_unit = stage.share * stage.sampled / np.maximum(stage.sampled - 1, 1)
    return np.asarray(left * per_unit[:, None])


def _counts(present: Bools, starts: Ints) -> Ints:
    """(H, k) units present in each stratum."""
    return np.add.reduceat(present.astype(np.int64), starts, axis=0)


def _is_lonely(stage: Stage, population: Floats, found: Ints, *, also_in_domain: bool) -> Bools:
    """(H, k) strata that the rule speaks about."""
    lonely = stage.lonely(population) & (found > 0)
    if also_in_domain:
        # A stratum taken whole has no sampling error, however few of its units a domain leaves.
        whole = stage.sampled[:, None] >= population
        lonely = lonely | ((found == 1) & (stage.sampled[:, None] > 1) & ~whole)
    return lonely


def _overall(stratum_sums: Floats, stage: Stage, here: Bools) -> Floats:
    """(H, k) mean per sampled unit over the strata of the same group that are present."""
    units = np.where(here, stage.sampled[:, None], 0).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        overall = _by_group(stratum_sums, stage) / _by_group(units, stage)
    return np.asarray(overall[stage.parent])


def _averaged(scale: Floats, stage: Stage, lonely: Bools, here: Bools) -> Floats:
    """(H, k) scale that lets each lonely stratum add the mean of the others of its group."""
    strata = _by_group(here.astype(np.float64), stage)
    alone = _by_group(lonely.astype(np.float64), stage)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(strata > alone, strata / (strata - alone), np.nan)
    factor = np.where(alone > 0, factor, 1.0)[stage.parent]
    # A group in which the stages above were not sampled from a finite population adds nothing.
    used = np.where(stage.share[:, None] > 0, scale * factor, 0.0)
    return np.asarray(np.where(lonely & ~np.isnan(used), 0.0, used))


def _by_group(values: Floats, stage: Stage) -> Floats:
    """Add values (H, k) over the strata that lie in the same unit of the stage above."""
    groups = int(stage.parent.max()) + 1
    added = np.zeros((groups, values.shape[1]))
    np.add.at(added, stage.parent, values)
    return added
