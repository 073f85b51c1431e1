"""Draw people as surveys do: neighbourhoods, addresses, persons, answers refused, weights.

Everything random follows from a key, so that the same key draws the same people in every wave: a
panel is one draw and a `respond` for each wave, a rotating sample several draws joined.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.chance import Ints, Mask
from social_evidence.synthetic.london.places import Floats

if TYPE_CHECKING:
    from social_evidence.synthetic.london.population import City

Key = tuple[object, ...]
Strata = Literal["area", "region", "deprived"] | npt.NDArray[np.integer]
_ROUNDS: Final = 12
_LEAST_FACTOR, _LARGEST_FACTOR = 0.2, 5.0
_WEIGHT_AGES: Final = (16, 25, 35, 50, 65, 75)
_COARSE_AGES: Final = (16, 35, 65)
_FEW: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """People drawn, one entry each.

    Attributes:
        rows: Their row numbers in the city, which are their stable numbers.
        weight: Real people each stands for, by the chance of being drawn until `weigh` makes
            it better.
        probability: Chance of being drawn.
        psu: Primary unit: the neighbourhood, or the household where there is one stage.
        stratum: Stratum of the draw.
    """

    rows: Ints
    weight: Floats
    probability: Floats
    psu: Ints
    stratum: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def values(self, column: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """Return a column of the city for those drawn."""
        return column[self.rows]

    def take(self, chosen: Mask | Ints) -> Sample:
        """Return a part, or another order."""
        return Sample(
            rows=self.rows[chosen],
            weight=self.weight[chosen],
            probability=self.probability[chosen],
            psu=self.psu[chosen],
            stratum=self.stratum[chosen],
        )

    @classmethod
    def joined(cls, parts: Sequence[Sample]) -> Sample:
        """Put samples together, as cohorts of a rotating sample are."""
        return cls(
            rows=np.concatenate([part.rows for part in parts]),
            weight=np.concatenate([part.weight for part in parts]),
            probability=np.concatenate([part.probability for part in parts]),
            psu=np.concatenate([part.psu for part in parts]),
            stratum=np.concatenate([part.stratum for part in parts]),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Frame:
    """The addresses that can be drawn, in the order of stratum, neighbourhood and chance.

    Attributes:
        first: Row of each address's first person.
        stratum: Its stratum, numbered from 0 without gaps.
        block: Its neighbourhood within the stratum, numbered likewise.
        wanted: Addresses wanted of each stratum.
    """

    first: Ints
    stratum: Ints
    block: Ints
    wanted: Floats


def sample_addresses(  # noqa: PLR0913 - a survey's design has that many parts
    city: City,
    key: Key,
    *,
    households: float,
    where: Mask | None = None,
    strata: Strata = "deprived",
    boost: Mapping[str, float] | None = None,
    take: int | None = None,
    equal_strata: bool = False,
    persons: Literal["all", "one"] = "all",
    minimum_age: int = 16,
) -> Sample:
    """Draw addresses and the people in them.

    Args:
        city: The population.
        key: Names the draw: the same key draws the same people.
        households: Addresses wanted over the whole frame.
        where: Who can be drawn, whole households; everybody when None.
        strata: `area`, `region`, `deprived` (region by third of the neighbourhoods' deprivation),
            or a whole number for each person, the same within a neighbourhood.
        boost: Area code → sampling fraction against that of areas not named.
        take: Addresses of each neighbourhood drawn, two stages; None draws addresses at once.
        equal_strata: As many addresses in every stratum, whatever its size.
        persons: Everybody of that age at the address, or one of them by chance.
        minimum_age: From what age people are drawn.
    """
    chance = city.stream("sample", *key)
    frame = _frame(city, where, strata, boost, households, equal_strata)
    if take is None:
        first, probability = _one_stage(frame, chance)
    else:
        first, probability = _two_stages(frame, chance, take)
    order = np.argsort(first, kind="stable")
    first, probability = first[order], probability[order]
    size = city.household_size[first].astype(np.int64)
    address = np.repeat(np.arange(len(first)), size)
    rows = first[address] + np.arange(len(address)) - (np.cumsum(size) - size)[address]
    old = city.age[rows] >= minimum_age
    rows, address = rows[old], address[old]
    chances = probability[address]
    if persons == "one":
        picked, candidates = _one_of_each(address, chance)
        rows, address, chances = rows[picked], address[picked], chances[picked] / candidates
    label = _strata(city, strata)[rows]
    psu = city.household[rows] if take is None else city.neighbourhood[rows]
    return Sample(
        rows=rows.astype(np.int64),
        weight=city.grossing[rows].astype(np.float64) / chances,
        probability=chances,
        psu=psu.astype(np.int64),
        stratum=label.astype(np.int64),
    )


def respond(
    city: City,
    sample: Sample,
    key: Key,
    *,
    rate: float,
    wave: int = 0,
    attrition: float = 0.0,
    stay: float = 0.85,
) -> Sample:
    """Leave out those who do not answer.

    Args:
        city: The population.
        sample: Who was asked.
        key: Names the round of asking; its first part names the panel, whose members' luck stays.
        rate: Share who answer in the first wave, over all of the sample.
        wave: How many waves came before.
        attrition: Share of those answering a wave who are lost for good before the next.
        stay: How far luck of one wave is that of all.
    """
    size = len(city)
    panel = city.stream("respond", key[0])
    lasting, leaves = panel.random(size)[sample.rows], panel.random(size)[sample.rows]
    now = city.stream("respond", *key, wave)
    keeps = now.random(size)[sample.rows] < stay
    luck = np.where(keeps, lasting, now.random(size)[sample.rows])
    ready = city.propensity[sample.rows].astype(np.float64)
    chance = np.clip(ready * rate / max(1e-9, float(ready.mean())), 0, 1)
    survives = leaves < (1 - attrition) ** wave
    return sample.take((luck < chance) & survives)


def weigh(
    city: City,
    sample: Sample,
    *,
    by: Literal["area", "region"] | None = "region",
    grossing: bool = False,
    minimum_age: int = 16,
    where: Mask | None = None,
) -> Sample:
    """Make weights meet the population by age and sex, and by area or region.

    Args:
        city: The population.
        sample: Those who answered.
        by: Second margin, beside age and sex within and outside London.
        grossing: Weights sum to real people; otherwise their mean is one.
        minimum_age: From what age people were drawn.
        where: Whom the sample stands for.
    """
    frame = (minimum_age, None if where is None else _digest(where))
    people = city.age >= minimum_age if where is None else (city.age >= minimum_age) & where
    weight = sample.weight.copy()
    known = [_age_and_sex(city, people, frame, sample)]
    if by is not None:
        known.append(_totals(city, _margin(city, by), people, (*frame, by), sample))
    for _ in range(_ROUNDS):
        for wanted, mine in known:
            met = np.bincount(mine, weight, minlength=len(wanted))
            with np.errstate(divide="ignore", invalid="ignore"):
                factor = np.where(met > 0, wanted / met, 1.0)
            weight = weight * factor[mine]
    design = sample.weight / sample.weight.mean()
    relative = weight / weight.mean() / design
    bound = np.clip(relative, _LEAST_FACTOR, _LARGEST_FACTOR) * design
    total = float(known[0][0].sum())
    scale = total / float(bound.sum()) if grossing else 1 / float(bound.mean())
    return replace(sample, weight=bound * scale)


def _strata(city: City, strata: Strata) -> npt.NDArray[np.integer]:
    if isinstance(strata, np.ndarray):
        return strata
    if strata == "area":
        return city.area
    if strata == "region":
        return city.region
    third = np.digitize(city.deprivation, (-0.43, 0.43))
    return np.asarray(city.region.astype(np.int64) * 3 + third)


def _margin(city: City, by: Literal["area", "region"]) -> npt.NDArray[np.integer]:
    if by == "region":
        return city.region
    return city.area.astype(np.int64) * 13 + np.where(city.is_london, 0, city.region)


def _age_and_sex(city: City, people: Mask, frame: Key, sample: Sample) -> tuple[Floats, Ints]:
    """Count by age and sex in and outside London, in broader classes where few answered."""
    for ages in (_WEIGHT_AGES, _COARSE_AGES):
        cell = city.remember(("age and sex", ages), partial(_classes, city, ages))
        wanted, mine = _totals(city, cell, people, (*frame, ages), sample)
        if np.bincount(mine, minlength=len(wanted))[wanted > 0].min() >= _FEW:
            break
    return wanted, mine


def _classes(city: City, ages: tuple[int, ...]) -> Ints:
    age = np.digitize(city.age, ages).astype(np.int64)
    return np.asarray((age * 2 + city.sex) * 2 + city.is_london)


def _totals(
    city: City, cell: npt.NDArray[np.integer], people: Mask, frame: Key, sample: Sample
) -> tuple[Floats, Ints]:
    """Return the real people of each class and the class of each of the sample."""
    wanted = city.remember(
        ("totals", frame),
        lambda: np.bincount(
            cell[people], city.grossing[people], minlength=int(cell.max()) + 1
        ).astype(np.float64),
    )
    return wanted, cell[sample.rows].astype(np.int64)


def _digest(mask: npt.NDArray[np.generic]) -> str:
    return hashlib.sha256(mask.tobytes()).hexdigest()


def _frame(
    city: City,
    where: Mask | None,
    strata: Strata,
    boost: Mapping[str, float] | None,
    households: float,
    equal_strata: bool,
) -> _Frame:
    """List the addresses by stratum and neighbourhood, with the number wanted of each stratum."""
    named = strata if isinstance(strata, str) else _digest(strata)
    heads, stratum, block = city.remember(
        ("frame", named, None if where is None else _digest(where)),
        lambda: _ordered(city, where, strata),
    )
    fraction = np.ones(len(codes.AREAS))
    for code, factor in (boost or {}).items():
        fraction[codes.AREAS.index(code)] = factor
    size = np.bincount(stratum)
    # Addresses of the whole country are weighed by whom they stand for, so that London, made
    # up on a larger scale, is drawn at the same rate as the rest.
    measure = np.bincount(stratum, fraction[city.area[heads]] * city.grossing[heads])
    share = np.full(len(size), 1 / len(size)) if equal_strata else measure / measure.sum()
    return _Frame(
        first=heads, stratum=stratum, block=block, wanted=np.minimum(households * share, size)
    )


def _ordered(city: City, where: Mask | None, strata: Strata) -> Ints:
    """Return first person, stratum and neighbourhood of each address, in their order."""
    heads = np.flatnonzero(city.is_reference_person)
    if where is not None:
        heads = heads[where[heads]]
    stratum = np.unique(_strata(city, strata)[heads], return_inverse=True)[1]
    block = city.neighbourhood[heads].astype(np.int64)
    order = np.lexsort((block, stratum))
    pair = stratum[order] * (int(block.max()) + 1) + block[order]
    number = np.unique(pair, return_inverse=True)[1]
    return np.stack([heads[order], stratum[order], number]).astype(np.int64)


def _one_stage(frame: _Frame, chance: np.random.Generator) -> tuple[Ints, Floats]:
    """Draw addresses at random within each stratum."""
    number = _whole(frame.wanted, chance)
    size = np.bincount(frame.stratum)
    order = np.lexsort((chance.random(len(frame.first)), frame.stratum))
    place = np.arange(len(order)) - (np.cumsum(size) - size)[frame.stratum[order]]
    picked = order[place < number[frame.stratum[order]]]
    probability = frame.wanted / size
    return frame.first[picked], probability[frame.stratum[picked]]


def _two_stages(frame: _Frame, chance: np.random.Generator, take: int) -> tuple[Ints, Floats]:
    """Draw neighbourhoods by size, systematically, and as many addresses in each."""
    sizes = np.bincount(frame.block)
    stratum = frame.stratum[np.cumsum(sizes) - sizes]
    blocks = np.bincount(stratum)
    totals = np.bincount(frame.stratum).astype(np.float64)
    drawn = np.clip(_whole(frame.wanted / take, chance), 1, blocks)
    interval = totals / drawn
    before = np.cumsum(totals) - totals
    starts = chance.random(len(totals))
    step = np.arange(int(drawn.sum())) - np.repeat(np.cumsum(drawn) - drawn, drawn)
    which = np.repeat(np.arange(len(totals)), drawn)
    points = before[which] + (starts[which] + step) * interval[which]
    picked = np.unique(np.searchsorted(np.cumsum(sizes), points, side="right"))
    inside = np.zeros(len(sizes), dtype=np.bool_)
    inside[picked] = True
    rows = np.flatnonzero(inside[frame.block])
    order = rows[np.lexsort((chance.random(len(rows)), frame.block[rows]))]
    counts = np.bincount(frame.block[order], minlength=len(sizes))
    place = np.arange(len(order)) - (np.cumsum(counts) - counts)[frame.block[order]]
    # Each stratum takes what brings it to its number of addresses.
    each = np.minimum(np.maximum(1, np.round(frame.wanted / drawn)), take * 2)[stratum]
    each = np.minimum(each, sizes)
    kept = order[place < each[frame.block[order]]]
    first_stage = np.minimum(1.0, drawn[stratum] * sizes / totals[stratum])
    probability = first_stage * each / sizes
    return frame.first[kept], probability[frame.block[kept]]


def _whole(wanted: Floats, chance: np.random.Generator) -> Ints:
    """Round up or down by chance, so that the mean is what is wanted."""
    return np.floor(wanted + chance.random(len(wanted))).astype(np.int64)


def _one_of_each(address: Ints, chance: np.random.Generator) -> tuple[Ints, Floats]:
    """Pick one person of each address; return who and among how many."""
    order = np.lexsort((chance.random(len(address)), address))
    sorted_address = address[order]
    new = np.r_[True, sorted_address[1:] != sorted_address[:-1]]
    count = np.bincount(address)
    return order[new], count[sorted_address[new]].astype(np.float64)
