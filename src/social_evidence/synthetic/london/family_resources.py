"""The sample that the Family Resources Survey and Households Below Average Income share.

Households of neighbourhoods drawn first, all their families, and a household weight: the second
publication is made from the first one's interviews, so a household has the same number in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london.labour import GOVERNMENT_REGION, answering
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample, sample_addresses, weigh
from social_evidence.synthetic.london.sizes import Size

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_RESPONSE: Final = 0.55
_LONDON: Final = 4_000
_ELSEWHERE: Final = 32_000
_TAKE: Final = 25
"""Addresses drawn in a neighbourhood."""

TENURE: Final = ((6, 6), (5, 5), (1, 2), (3, 4))
"""Codes of PTENTYP2 by `codes.TENURE`."""


@dataclass(frozen=True, slots=True, eq=False)
class Families:
    """People of one financial year's households, household by household.

    Attributes:
        people: Who they are.
        serial: (n,) number of the household in the file, from 1.
        unit: (n,) number of the family in its household, from 1.
        weight: (n,) the household's weight, the same for all its people.
        heads: (n,) place of the household's first person.
    """

    people: Sample
    serial: Ints
    unit: Ints
    weight: Floats
    heads: Ints


def families(city: City, wave: str, size: Size) -> Families:
    """Draw the households of a financial year.

    Args:
        city: Synthetic London.
        wave: Label, as fy2015-16.
        size: Sizes of the samples.
    """
    drawn = []
    for place, households in (("london", _LONDON), ("elsewhere", _ELSEWHERE)):
        key = ("frs", wave, place)
        addresses = sample_addresses(
            city,
            key,
            households=size.scaled(households),
            where=city.is_london if place == "london" else ~city.is_london,
            take=_TAKE,
            minimum_age=0,
        )
        drawn.append(answering(city, addresses, key, rate=_RESPONSE))
    people = weigh(city, Sample.joined(drawn), by="region", grossing=True, minimum_age=0)
    return _numbered(city, people.take(np.argsort(people.rows, kind="stable")))


def moment(wave: str) -> float:
    """Return the middle of a financial year: fy2015-16 is 2015.75."""
    return int(wave[2:6]) + 0.75


def region(city: City, people: Sample) -> Ints:
    """Number the regions as government files do."""
    return np.asarray(GOVERNMENT_REGION[city.region[people.rows]], dtype=np.int64)


def tenure(city: City, people: Sample, draw: np.random.Generator) -> Ints:
    """Write a household's tenure in six codes; the finer half of each is the toss of a coin."""
    codes = np.array(TENURE)[city.tenure[people.rows], draw.integers(0, 2, size=len(people))]
    return np.asarray(codes, dtype=np.int64)


def _numbered(city: City, people: Sample) -> Families:
    """Number households and their families, and give all of a household one weight."""
    _, heads, serial = np.unique(
        city.household[people.rows], return_index=True, return_inverse=True
    )
    sizes = np.bincount(serial)
    weight = np.bincount(serial, weights=people.weight) / sizes
    unit = city.benefit_unit[people.rows].astype(np.int64)
    numbers = _ranks(serial, unit)
    return Families(
        people=people,
        serial=serial + 1,
        unit=numbers,
        weight=np.rint(weight)[serial].clip(min=1.0),
        heads=heads[serial],
    )


def _ranks(serial: Ints, unit: Ints) -> Ints:
    """Number the different families of each household from 1."""
    pairs, place = np.unique(np.column_stack([serial, unit]), axis=0, return_inverse=True)
    first = np.r_[True, pairs[1:, 0] != pairs[:-1, 0]]
    start = np.maximum.accumulate(np.where(first, np.arange(first.size), 0))
    return np.asarray((np.arange(first.size) - start + 1)[place.reshape(-1)], dtype=np.int64)
