"""Make households in neighbourhoods in boroughs, and the people who live in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.chance import Codes, Ints, Mask, draw, stream, uniforms
from social_evidence.synthetic.london.places import REGION_SHARES, Floats, Places
from social_evidence.synthetic.london.sizes import Size

REFERENCE, PARTNER, CHILD, GROWN, SHARER, GRANDPARENT = range(6)
_COUPLE: Final = (REFERENCE, PARTNER)
_KINDS: Final = (
    (REFERENCE,),
    _COUPLE,
    (*_COUPLE, CHILD),
    (*_COUPLE, CHILD, CHILD),
    (*_COUPLE, CHILD, CHILD, CHILD),
    (REFERENCE, CHILD),
    (REFERENCE, CHILD, CHILD),
    (*_COUPLE, GROWN),
    (*_COUPLE, CHILD, GROWN),
    (REFERENCE, SHARER),
    (REFERENCE, SHARER, SHARER),
    (*_COUPLE, CHILD, CHILD, GRANDPARENT),
)
"""Kinds of household, by who lives in them."""
_BANDS: Final = ((16, 25), (25, 35), (35, 45), (45, 55), (55, 65), (65, 75), (75, 96))
_FREQUENCY: Final = np.array(
    [
        [3.0, 9.0, 7.0, 9.0, 11.0, 13.0, 16.0],
        [1.5, 8.0, 4.0, 5.0, 12.0, 14.0, 10.0],
        [0.4, 4.0, 5.0, 3.0, 0.7, 0.0, 0.0],
        [0.2, 3.0, 8.0, 4.0, 0.4, 0.0, 0.0],
        [0.0, 0.8, 2.5, 1.0, 0.1, 0.0, 0.0],
        [0.6, 1.2, 1.6, 1.3, 0.2, 0.0, 0.0],
        [0.1, 1.0, 1.5, 0.7, 0.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, 5.0, 4.0, 0.8, 0.0],
        [0.0, 0.0, 1.5, 1.5, 0.3, 0.0, 0.0],
        [1.5, 3.0, 1.0, 0.7, 0.5, 0.2, 0.1],
        [2.0, 2.5, 0.6, 0.2, 0.1, 0.0, 0.0],
        [0.0, 0.2, 0.6, 0.5, 0.0, 0.0, 0.0],
    ]
)
"""How common each kind is by the age band of its reference person, before areas are met."""
_INNER_TILT: Final = np.array([1.6, 1.7, 1.2, 0.9, 0.8, 0.8, 0.8])
_OUTER_TILT: Final = np.array([1.0, 1.15, 1.15, 1.05, 0.95, 0.95, 0.95])
_MIXING: Final = 12.0
"""How alike the neighbourhoods of a borough are in ethnic group (a Dirichlet concentration)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Homes:
    """Households, one entry each, sorted by area and neighbourhood."""

    kind: Codes
    band: Codes
    area: Codes
    neighbourhood: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwellers:
    """People as the first step makes them, one entry each; see `City` for the meaning."""

    household: npt.NDArray[np.int32]
    role: Codes
    person_number: Codes
    benefit_unit: npt.NDArray[np.int32]
    age: Codes
    sex: Codes
    ethnic: Codes


def make_homes(places: Places, size: Size, seed: int) -> Homes:
    """Draw households area by area until each has its number of people."""
    kinds, bands, areas, neighbourhoods = [], [], [], []
    sizes = np.array([len(kind) for kind in _KINDS])
    first = 0
    for index, area in enumerate(codes.AREAS):
        mix = _mix(places, index).ravel()
        people = round(1000 * places.thousands[index] / size.one_in[_block(index)])
        mean = float((mix.reshape(_FREQUENCY.shape).sum(axis=1) * sizes).sum())
        chance = stream(seed, "homes", area)
        cell = chance.choice(len(mix), p=mix, size=int(people / mean * 1.1) + 20)
        kind, band = np.divmod(cell, len(_BANDS))
        kept = int(np.searchsorted(np.cumsum(sizes[kind]), people, side="right"))
        blocks = max(2, round(kept / size.homes))
        kinds.append(kind[:kept])
        bands.append(band[:kept])
        areas.append(np.full(kept, index))
        neighbourhoods.append(first + np.arange(kept) * blocks // kept)
        first += blocks
    return Homes(
        kind=np.concatenate(kinds).astype(np.int8),
        band=np.concatenate(bands).astype(np.int8),
        area=np.concatenate(areas).astype(np.int8),
        neighbourhood=np.concatenate(neighbourhoods).astype(np.int32),
    )


def _block(index: int) -> int:
    """Tell London (0), the rest of England (1) and the rest of the kingdom (2) apart."""
    return max(0, index - codes.REST_OF_ENGLAND + 1)


def _mix(places: Places, index: int) -> Floats:
    """Tilt the household kinds until an area has its shares of children and of older people."""
    area = codes.AREAS[index]
    tilt = np.ones(len(_BANDS))
    if index < codes.REST_OF_ENGLAND:
        tilt = _INNER_TILT if area in codes.INNER else _OUTER_TILT
    frequency = _FREQUENCY * tilt
    sizes = np.array([len(kind) for kind in _KINDS])[:, None] * np.ones(len(_BANDS))
    children = np.array([kind.count(CHILD) for kind in _KINDS])[:, None] * np.ones(len(_BANDS))
    older = np.zeros_like(sizes)
    older[:, 5:] = np.array([min(2, len(kind)) for kind in _KINDS])[:, None]
    older[-1, :5] = 1
    excess = np.stack(
        [
            children - places.columns["under_16"][index] * sizes,
            older - places.columns["over_65"][index] * sizes,
        ]
    )
    power = np.zeros(2)
    for _ in range(60):
        mix = frequency * np.exp(np.tensordot(power, excess, 1))
        mix /= mix.sum()
        off = (excess * mix).sum(axis=(1, 2))
        spread = np.tensordot(excess * mix, excess, axes=((1, 2), (1, 2))) - np.outer(off, off)
        power -= np.linalg.solve(spread, off) * 0.7
    return np.asarray(mix)


def make_regions(homes: Homes) -> Codes:
    """Give every household its region: neighbourhoods outside London share out the regions."""
    regions = np.full(len(homes.area), codes.LONDON_REGION, dtype=np.int8)
    for index, numbers in (
        (codes.REST_OF_ENGLAND, (1, 2, 3, 4, 5, 6, 8, 9)),
        (codes.REST_OF_UK, (10, 11, 12)),
    ):
        here = homes.area == index
        blocks = homes.neighbourhood[here] - homes.neighbourhood[here].min()
        ends = np.cumsum([REGION_SHARES[number] for number in numbers])
        place = (blocks + 0.5) / (blocks.max() + 1)
        regions[here] = np.array(numbers)[np.searchsorted(ends / ends[-1], place)]
    return regions


def make_deprivation(places: Places, homes: Homes, seed: int) -> Floats:
    """Return each neighbourhood's score: high where its borough's incomes are low, mean 0, sd 1."""
    first = np.unique(homes.neighbourhood, return_index=True)[1]
    income = np.log(places.columns["income"])
    borough = -(income - income.mean()) / income.std()
    chance = stream(seed, "deprivation").standard_normal(len(first))
    score = 0.6 * borough[homes.area[first]] + 0.8 * chance
    return np.asarray((score - score.mean()) / score.std())


def make_dwellers(places: Places, homes: Homes, seed: int) -> Dwellers:
    """Fill the households with people of an age, a sex and an ethnic group."""
    sizes = np.array([len(kind) for kind in _KINDS])[homes.kind]
    household = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    starts = np.cumsum(sizes) - sizes
    number = np.arange(len(household)) - starts[household]
    widest = max(len(kind) for kind in _KINDS)
    roles = np.array([[*kind, *[0] * (widest - len(kind))] for kind in _KINDS], dtype=np.int8)
    role = roles[homes.kind[household], number]
    units = np.cumsum(np.isin(role, (REFERENCE, GROWN, SHARER, GRANDPARENT))) - 1
    age = _ages(homes, household, role, seed)
    return Dwellers(
        household=household,
        role=role,
        person_number=(number + 1).astype(np.int8),
        benefit_unit=units.astype(np.int32),
        age=age,
        sex=_sexes(homes, starts[household], role, age, seed),
        ethnic=_ethnic(places, homes, household, role, seed),
    )


def _ages(homes: Homes, household: npt.NDArray[np.int32], role: Codes, seed: int) -> Codes:
    limits = np.array(_BANDS)[homes.band]
    chance = uniforms(seed, "ages of references", size=len(limits))
    oldest = limits[:, 1] - limits[:, 0]
    reference = limits[:, 0] + np.floor(oldest * np.where(homes.band == 6, chance**1.5, chance))
    old = reference[household]
    chance = uniforms(seed, "ages", size=len(role))
    normal = 4 * stream(seed, "ages beside").standard_normal(len(role))
    beside = np.clip(np.round(old + normal), 16, 95)
    beside = np.where((old >= 65) | (beside < 65), beside, 64)
    child = np.floor(chance * np.minimum(16, old - 15))
    grown = 16 + np.floor(chance * np.minimum(14, np.maximum(1, old - 33)))
    grandparent = np.maximum(65, np.minimum(95, old + 24 + np.floor(12 * chance)))
    ages = np.select(
        [role == REFERENCE, role == CHILD, role == GROWN, role == GRANDPARENT],
        [old, child, grown, grandparent],
        beside,
    )
    return np.asarray(ages, dtype=np.int8)


def _sexes(homes: Homes, start: Ints, role: Codes, age: Codes, seed: int) -> Codes:
    chance = uniforms(seed, "sexes", size=len(role))
    lone_parent = np.isin(homes.kind, (5, 6))[np.cumsum(role == REFERENCE) - 1]
    women = np.select(
        [(role == REFERENCE) & lone_parent, (role != CHILD) & (age >= 75)], [0.88, 0.6], 0.5
    )
    sex = (chance >= women).astype(np.int8)
    same = uniforms(seed, "couples of one sex", size=len(role)) < 0.03
    opposite = np.where(same, sex[start], 1 - sex[start])
    return np.where(role == PARTNER, opposite, sex).astype(np.int8)


def _ethnic(
    places: Places, homes: Homes, household: npt.NDArray[np.int32], role: Codes, seed: int
) -> Codes:
    """Draw a group for the household by its neighbourhood; some partners and sharers differ."""
    first = np.unique(homes.neighbourhood, return_index=True)[1]
    wanted = places.ethnic[homes.area[first]] * _MIXING
    gammas = stream(seed, "neighbourhoods").standard_gamma(wanted)
    shares = gammas / gammas.sum(axis=1, keepdims=True)
    own = draw(uniforms(seed, "ethnic", size=len(homes.kind)), shares, homes.neighbourhood)
    ethnic = own[household]
    differs: Mask = uniforms(seed, "mixing", size=len(role)) < np.select(
        [role == PARTNER, role == SHARER], [0.12, 0.6], 0.0
    )
    again = draw(
        uniforms(seed, "ethnic of others", size=len(role)), shares, homes.neighbourhood[household]
    )
    return np.where(differs, again, ethnic).astype(np.int8)
