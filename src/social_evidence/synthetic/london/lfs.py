"""The Labour Force Survey: person files of quarters, whole households, a fifth back a year later.

A household is asked in five successive quarters, so one in five households of a quarter is in the
same quarter of the next year: those drawn for both years have a key of their own. The sample is
one of addresses without clusters. Outside London it is thinned to about forty thousand people.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from social_evidence.synthetic.london.labour import Columns, answering, person_columns, pooled
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample, sample_addresses, weigh
from social_evidence.synthetic.london.sizes import Size

_RESPONSE: Final = 0.6
_LONDON: Final = 7_000
"""Addresses of a quarter in London."""
_ELSEWHERE: Final = 28_000
_RETURNING: Final = 0.2


def sample_of(city: City, quarter: str, year: int, size: Size) -> Sample:
    """Draw the people of one quarter.

    Args:
        city: Synthetic London.
        quarter: `Q1` or `Q3`.
        year: Calendar year.
        size: Sizes of the samples.

    Returns:
        People of answering households, with weights that gross up to the whole population.
    """
    cohorts = []
    for start, kind, part in (
        (year, "once", 1 - 2 * _RETURNING),
        (year, "twice", _RETURNING),
        (year - 1, "twice", _RETURNING),
    ):
        key = ("lfs", quarter, kind, start)
        for place, households in (("london", _LONDON), ("elsewhere", _ELSEWHERE)):
            drawn = sample_addresses(
                city,
                (*key, place),
                households=size.scaled(households * part),
                where=city.is_london if place == "london" else ~city.is_london,
                strata="region",
                minimum_age=0,
            )
            cohorts.append(answering(city, drawn, key, rate=_RESPONSE, wave=year - start))
    return weigh(city, pooled(city, cohorts), by="region", grossing=True, minimum_age=0)


def quarter_columns(
    city: City, people: Sample, moment: float, draw: np.random.Generator
) -> Columns:
    """Write down what every quarter holds: the household's number and what both surveys hold."""
    household = 100_000_000 + city.household[people.rows].astype(np.int64)
    return {"HSERIALP": household} | person_columns(city, people, moment, draw)
