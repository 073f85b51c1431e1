"""Two-year-olds in funded early education: what the editions of several years are made from."""

from __future__ import annotations

from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.tables.totals import Floats, residents

LOWEST, HIGHEST, LONDON_2017, ENGLAND_2017 = 0.39, 0.90, 0.58, 0.71
"""What was printed of 2017: of the boroughs, the City of London left out, of London, of England."""

_SHIFT: Final = {
    2015: -0.48,
    2016: -0.04,
    2017: 0.0,
    2018: 0.13,
    2019: -0.09,
    2020: 0.03,
    2021: -0.31,
    2022: 0.17,
    2023: 0.31,
    2024: 0.38,
    2025: 0.13,
}
"""Log odds of a year against those of 2017."""


def eligible(city: City, year: int) -> Floats:
    """Estimate eligible two-year-olds, an entry an area of `codes.AREAS`."""
    share = 0.30 + 0.06 * city.stream("early_years", "eligible").normal(0, 1, len(codes.AREAS))
    decline = 1 - 0.035 * (year - 2017)
    found = np.round(residents(city, year)[:, :, 2].sum(axis=1) * share * decline)
    return np.asarray(np.maximum(found, 4.0), dtype=np.float64)


def registered(city: City, year: int) -> Floats:
    """Count registered two-year-olds, an entry an area; they can be more than are eligible."""
    children = eligible(city, year)
    share = _of_2017(city)
    odds = np.log(share / (1 - share)) + _SHIFT[year]
    if year != 2017:
        odds = odds + city.stream("early_years", year).normal(0, 0.12, len(odds))
    return np.asarray(np.round(children / (1 + np.exp(-odds))))


def _of_2017(city: City) -> Floats:
    """Bend a made-up order of the boroughs until range and mean are those printed."""
    children = eligible(city, 2017)
    order = city.stream("early_years", "order").beta(2.2, 3.0, len(codes.AREAS))
    boroughs = np.arange(1, codes.REST_OF_ENGLAND)
    place = (order - order[boroughs].min()) / np.ptp(order[boroughs])
    low, high = 0.05, 8.0
    for _ in range(60):
        power = (low + high) / 2
        share = LOWEST + (HIGHEST - LOWEST) * np.clip(place, 0, 1) ** power
        mean = np.average(share[boroughs], weights=children[boroughs])
        low, high = (power, high) if mean > LONDON_2017 else (low, power)
    london = children[: codes.REST_OF_ENGLAND].sum()
    rest = children[codes.REST_OF_ENGLAND]
    share[codes.REST_OF_ENGLAND :] = (ENGLAND_2017 * (london + rest) - LONDON_2017 * london) / rest
    return np.asarray(share)
