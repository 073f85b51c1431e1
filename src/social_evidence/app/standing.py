"""How areas stand to each other in a release: ranks that say how sure they are, and funnels."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from social_evidence.methods import funnel, ranks
from social_evidence.model.estimate import HIDDEN, Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an area stands among others; 1 is the highest figure.

    lower, upper: ranks it has in 95 of 100 draws; equal to `rank` where figures are counts in
    full.
    """

    area: str
    rank: int
    lower: int
    upper: int


def ranked(rows: Sequence[Estimate], areas: Collection[str]) -> list[Standing]:
    """Rank the areas of one figure, with the uncertainty of each rank.

    Areas of one kind have no people in common, and samples are drawn within them or nearly so:
    their figures are drawn again as independent ones. The draws follow from the rows themselves,
    so that the same release gives the same ranks for good.

    Args:
        rows: Estimates that differ in nothing but their area.
        areas: Codes of those to rank.

    Returns:
        Areas whose figure is shown, the highest first. Figures of a sample without a standard
        error have no rank; counts in full have one without uncertainty.

    Raises:
        ValueError: The rows are not of one figure.
    """
    kinds = {
        (r.measure, r.part, r.series, r.period, r.breakdown, r.group, r.statistic) for r in rows
    }
    if len(kinds) > 1:
        raise ValueError(f"Rows of {len(kinds)} different figures cannot be ranked together.")
    chosen = sorted(
        (row for row in rows if row.area in areas and _has_rank(row)), key=lambda row: row.area
    )
    value = np.array([row.estimate for row in chosen], dtype=np.float64)
    error = np.array([row.standard_error or 0.0 for row in chosen], dtype=np.float64)
    found = ranks.ranks(value, error**2, seed=_seed(chosen))
    standings = [
        Standing(area=row.area, rank=int(rank), lower=int(low), upper=int(high))
        for row, rank, low, high in zip(chosen, found.rank, found.lower, found.upper, strict=True)
    ]
    return sorted(standings, key=lambda one: (one.rank, one.area))


def _has_rank(row: Estimate) -> bool:
    is_shown = row.status not in HIDDEN and row.estimate is not None
    is_counted = row.method == "administrative" and row.interval_method == "none"
    return is_shown and (is_counted or bool(row.standard_error))


def _seed(rows: Iterable[Estimate]) -> int:
    """Make a seed of what is ranked: no clock and no order of rows has a part in it."""
    told = "\n".join(repr((row.key, row.estimate, row.standard_error)) for row in rows)
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:8], "big")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelPoint:
    """One area in a funnel: its share beside the limits that chance gives a place of its size.

    inner, outer: lower and upper limit at 95 % and 99.8 %.
    """

    area: str
    share: float
    denominator: float
    inner: tuple[float, float]
    outer: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Areas against their common average.

    over_dispersion: how much more they vary than chance makes them; well above 1, most places
    outside the limits are so for reasons that all share. None without places.
    """

    average: float
    points: tuple[FunnelPoint, ...]
    over_dispersion: float | None


def funnel_of(rows: Sequence[Estimate], areas: Collection[str]) -> Funnel:
    """Lay out a funnel of shares of counts, such as pupils who reach a standard.

    Events set against people are rare among them, so that the limits of a share are those of a
    rate of events as well.

    Args:
        rows: Administrative estimates that differ in nothing but their area.
        areas: Codes of those to show.

    Returns:
        Areas that show both counts, the smallest first.
    """
    chosen = sorted(
        (row for row in rows if row.area in areas and row.numerator is not None
         and row.denominator and row.numerator <= row.denominator),
        key=lambda row: (row.denominator or 0.0, row.area),
    )  # fmt: skip
    x = np.array([row.numerator for row in chosen], dtype=np.float64)
    n = np.array([row.denominator for row in chosen], dtype=np.float64)
    if not chosen:
        return Funnel(average=float("nan"), points=(), over_dispersion=None)
    middle = funnel.average(x, n)
    inner = funnel.binomial_quantile_limits(middle, n)
    outer = funnel.binomial_quantile_limits(middle, n, funnel.ALARM_LEVEL)
    phi = funnel.over_dispersion(funnel.score_z(x, n, middle), winsorised=0.1)
    return Funnel(
        average=middle,
        points=tuple(
            FunnelPoint(
                area=row.area,
                share=float(x[at] / n[at]),
                denominator=float(n[at]),
                inner=(float(inner[0][at]), float(inner[1][at])),
                outer=(float(outer[0][at]), float(outer[1][at])),
            )
            for at, row in enumerate(chosen)
        ),
        over_dispersion=phi if np.isfinite(phi) else None,
    )
