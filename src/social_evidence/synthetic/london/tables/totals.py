"""What the tables count: people of synthetic London by area, sex and age, and sums over areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.outcomes import Outcome
from social_evidence.synthetic.london.population import City

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

BOROUGHS: Final = codes.AREAS[: codes.REST_OF_ENGLAND]
LONDON: Final = "E12000007"
LARGER: Final = {
    "E13000001": "Inner London",
    "E13000002": "Outer London",
    LONDON: "London",
    "E92000001": "England",
}
OLDEST: Final = 90
_GROWTH: Final = {
    1999: 0.83,
    2001: 0.846,
    2006: 0.885,
    2011: 0.955,
    2016: 1.022,
    2020: 1.049,
    2021: 1.026,
    2025: 1.068,
}
"""London's people of a year over those of the city as it is made, which is that of 2015."""


def growth(year: float) -> float:
    """Return the people of a year over those of 2015."""
    return float(np.interp(year, list(_GROWTH), list(_GROWTH.values())))


def residents(city: City, year: int) -> Floats:
    """Count people at the middle of a year.

    Args:
        city: Synthetic London.
        year: Calendar year.

    Returns:
        Areas x two sexes x ages 0 to 90, the last one open; whole numbers. Ages are smoothed over
        five years, because few of the people made up share an age, a sex and an area.
    """
    ages = np.minimum(city.age, OLDEST)
    cell = (city.area.astype(np.int64) * 2 + city.sex) * (OLDEST + 1) + ages
    counted = np.bincount(
        cell, weights=city.grossing, minlength=len(codes.AREAS) * 2 * (OLDEST + 1)
    )
    table = counted.reshape(len(codes.AREAS), 2, OLDEST + 1)
    padded = np.pad(table[:, :, :OLDEST], ((0, 0), (0, 0), (2, 2)), mode="edge")
    table[:, :, :OLDEST] = sum(padded[:, :, at : at + OLDEST] for at in range(5)) / 5
    return np.round(table * growth(year))


def adults(city: City, year: int) -> Floats:
    """Count people of 18 and over at the middle of a year, an entry an area."""
    return np.asarray(residents(city, year)[:, :, 18:].sum(axis=(1, 2)))


def share_by_area(city: City, outcome: Outcome | str, year: float) -> Floats:
    """Return the share of yes in every area among those who are asked."""
    applies = city.applies(outcome, year)
    chance = np.where(applies, np.nan_to_num(city.share(outcome, year)), 0.0)
    return people_by_area(city, chance) / np.maximum(people_by_area(city, applies), 1e-9)


def people_by_area(city: City, weight: npt.NDArray[np.generic]) -> Floats:
    """Add up real people by area, each counted by a weight or where a condition holds."""
    counted = city.grossing * np.asarray(weight, dtype=np.float64)
    added = np.bincount(city.area, weights=counted, minlength=len(codes.AREAS))
    return np.asarray(added, dtype=np.float64)


def with_larger_areas(values: Floats) -> dict[str, float]:
    """Add up counts of areas to inner and outer London, London and England.

    Args:
        values: An entry an area of `codes.AREAS`.

    Returns:
        Area code -> count, boroughs first. The rest of the United Kingdom is in none of them.
    """
    counts = dict(zip(codes.AREAS, map(float, values), strict=True))
    inner = sum(counts[code] for code in BOROUGHS if code in codes.INNER)
    outer = sum(counts[code] for code in BOROUGHS if code not in codes.INNER)
    rest = counts["rest_of_england"]
    larger = (inner, outer, inner + outer, inner + outer + rest)
    return {code: counts[code] for code in BOROUGHS} | dict(zip(LARGER, larger, strict=True))


def mean_of_larger_areas(shares: Floats, people: Floats) -> dict[str, float]:
    """Average shares over the people of larger areas, as `with_larger_areas` adds counts up."""
    above, below = with_larger_areas(shares * people), with_larger_areas(people)
    return {code: above[code] / max(below[code], 1e-9) for code in above}


def name_of(code: str) -> str:
    """Return the name people read for an area's code."""
    return {**codes.AREA_NAMES, **LARGER}[code]


def years_to(waves: Sequence[str], first: int, last: int) -> range:
    """Return the years of a table that goes on up to the last wave asked for."""
    asked = [int(wave.lstrip("fyap")[:4]) for wave in waves]
    return range(first, min(last, max(asked, default=last)) + 1)
