"""Pupils at the end of key stage 4 and how they did: what the files of the years are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.tables.totals import BOROUGHS, Floats, growth

SEXES: Final = ("Girls", "Boys")
ETHNIC: Final = ("White", "Mixed", "Asian", "Black", "Chinese", "Other", "Unclassified")
MEALS: Final = ("FSM", "FSM all other")
LANGUAGES: Final = ("English", "Other than English")
TOTAL: Final = "Total"
_SCHOOLS_OF_NINE: Final = (0, 1, 2, 2, 2, 4, 2, 3, 5)
"""For each of the nine ethnic groups its place among those that schools record."""
_AGES: Final = (12, 18)
_STATE_FUNDED: Final = 0.9
_UNCLASSIFIED: Final = 0.015
_FREE_MEALS: Final = (0.04, 0.08, 0.46, 0.22)
"""Share eligible by tenure: owners, buyers, social and private tenants."""
_LEVEL: Final = {
    2018: -0.22,
    2019: 0.05,
    2020: 0.14,
    2021: 0.06,
    2022: -0.14,
    2023: -0.12,
    2024: -0.11,
}
"""Log odds of grade 5 or above in English and mathematics by the year the school year began."""
_SEX: Final = (0.12, -0.12)
_ETHNIC_EFFECT: Final = (-0.05, 0.0, 0.28, -0.12, 1.0, 0.05, -0.6)
_MEALS_EFFECT: Final = (-0.72, 0.18)
_REST: Final = -0.3
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Counts of one area and group; names as in the file, `Total` for everybody.

    Attributes:
        sex: Girls, Boys or Total.
        topic: What else the row is of: Total, ethnic group, free school meals or first language.
        group: The group of it.
        pupils: How many there are.
        passed: Those with grade 5 or above in English and mathematics.
    """

    sex: str
    topic: str
    group: str
    pupils: int
    passed: int


def results(city: City, year: int) -> dict[str, tuple[Row, ...]]:
    """Draw a school year's results.

    Args:
        city: Synthetic London.
        year: The calendar year in which the school year began.

    Returns:
        Area code -> rows: boroughs, inner and outer London, London and England.
    """
    draw = city.stream("key_stage_4", year)
    pupils = draw.poisson(_expected(city, year))
    passed = draw.binomial(pupils, _chance(city, year))
    inner = np.array([code in codes.INNER for code in BOROUGHS])
    london = slice(0, len(BOROUGHS))
    areas = {code: [at] for at, code in enumerate(BOROUGHS)}
    areas |= {"E13000001": list(np.flatnonzero(inner)), "E13000002": list(np.flatnonzero(~inner))}
    areas |= {"E12000007": list(range(len(BOROUGHS)))[london]}
    areas |= {"E92000001": list(range(len(BOROUGHS) + 1))}
    return {
        code: tuple(_rows(pupils[which].sum(axis=0), passed[which].sum(axis=0)))
        for code, which in areas.items()
    }


def _expected(city: City, year: int) -> Floats:
    """Expect pupils of one age: areas x sex x ethnic group x free meals x first language."""
    young = (city.age >= _AGES[0]) & (city.age < _AGES[1]) & (city.area <= codes.REST_OF_ENGLAND)
    at = np.flatnonzero(young)
    draw = city.stream("key_stage_4", "pupils")
    meals = draw.random(len(at)) >= np.array(_FREE_MEALS)[city.tenure[at]]
    ethnic = np.array(_SCHOOLS_OF_NINE)[city.ethnic[at]]
    ethnic[draw.random(len(at)) < _UNCLASSIFIED] = ETHNIC.index("Unclassified")
    shape = (len(BOROUGHS) + 1, len(SEXES), len(ETHNIC), len(MEALS), len(LANGUAGES))
    parts = (city.area[at], city.sex[at], ethnic, meals, city.other_language[at])
    cell = np.ravel_multi_index(tuple(np.asarray(part, dtype=np.int64) for part in parts), shape)
    counted = np.bincount(cell, weights=city.grossing[at], minlength=int(np.prod(shape)))
    a_year = _STATE_FUNDED * growth(year) / (_AGES[1] - _AGES[0])
    return np.asarray(counted.reshape(shape) * a_year)


def _chance(city: City, year: int) -> Floats:
    boroughs = city.stream("gcse", "boroughs").normal(0, 0.18, len(BOROUGHS))
    area = np.append(boroughs, _REST)
    odds = (
        _LEVEL[year]
        + area[:, None, None, None, None]
        + np.array(_SEX)[None, :, None, None, None]
        + np.array(_ETHNIC_EFFECT)[None, None, :, None, None]
        + np.array(_MEALS_EFFECT)[None, None, None, :, None]
        + np.zeros(len(LANGUAGES))
    )
    return np.asarray(1 / (1 + np.exp(-odds)))


def _rows(pupils: Ints, passed: Ints) -> Iterator[Row]:
    """Sum sex x ethnic group x free meals x first language over what a row is not of."""
    topics: tuple[tuple[str, tuple[str, ...]], ...] = (
        *((TOTAL, (TOTAL,)), ("Ethnic major", ETHNIC)),
        *(("Free school meals", MEALS), ("First language", LANGUAGES)),
    )
    for axis, (topic, groups) in enumerate(topics):
        others = tuple(one for one in (1, 2, 3) if one != axis)
        of, yes = pupils.sum(axis=others), passed.sum(axis=others)
        for at, group in enumerate(groups):
            column = (slice(None), at) if axis else slice(None)
            for sex, counts in _by_sex(of[column], yes[column]):
                yield Row(sex=sex, topic=topic, group=group, pupils=counts[0], passed=counts[1])


def _by_sex(pupils: Ints, passed: Ints) -> Iterator[tuple[str, tuple[int, int]]]:
    yield TOTAL, (int(pupils.sum()), int(passed.sum()))
    for at, sex in enumerate(SEXES):
        yield sex, (int(pupils[at]), int(passed[at]))
