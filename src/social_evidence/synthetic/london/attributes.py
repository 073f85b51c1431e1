"""Give the people of synthetic London what surveys ask for: faith, birthplace, home, schooling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.chance import (
    Codes,
    Mask,
    draw,
    draw_to_shares,
    stream,
    uniforms,
)
from social_evidence.synthetic.london.households import (
    CHILD,
    REFERENCE,
    Dwellers,
)
from social_evidence.synthetic.london.places import Floats, Places

_FAITHS: Final = np.array(
    [
        [41, 52, 0.4, 0.1, 1.5, 0.8, 0.05, 0.6],
        [44, 42, 0.8, 1.0, 0.8, 9, 0.4, 0.8],
        [8, 12, 0.3, 46, 0.1, 12, 20, 1.5],
        [3, 1.5, 0.1, 0.3, 0.05, 94, 0.3, 0.2],
        [3, 1, 0.1, 1.5, 0.05, 93, 0.1, 0.2],
        [66, 20, 12, 0.2, 0.1, 0.8, 0.05, 0.6],
        [13, 25, 9, 20, 0.1, 27, 3, 1.5],
        [11, 70, 0.2, 0.2, 0.1, 17, 0.05, 0.7],
        [18, 25, 2, 3, 3, 42, 4, 2],
    ]
)
"""Religions by ethnic group, in rough percent; each area's own shares are met afterwards."""
_TENURES: Final = np.array(
    [
        [3.0, 18.0, 22.0, 57.0],
        [8.0, 48.0, 20.0, 24.0],
        [38.0, 38.0, 16.0, 8.0],
        [72.0, 6.0, 18.0, 4.0],
    ]
)
"""Tenures by age of the reference person: under 35, to 49, to 64, older."""
_SCHOOLING: Final = np.array(
    [
        [30.0, 38.0, 24.0, 4.0, 4.0],
        [52.0, 20.0, 15.0, 7.0, 6.0],
        [36.0, 20.0, 22.0, 10.0, 12.0],
        [22.0, 17.0, 18.0, 13.0, 30.0],
    ]
)
"""Qualifications by age: to 24, to 44, to 64, older."""
_CLASSES: Final = np.array(
    [
        [72.0, 18.0, 8.0, 2.0],
        [34.0, 30.0, 31.0, 5.0],
        [22.0, 29.0, 43.0, 6.0],
        [16.0, 24.0, 50.0, 10.0],
        [8.0, 20.0, 55.0, 17.0],
    ]
)
"""Social classes by qualification."""
_DEGREES: Final = np.array([1.0, 0.85, 1.55, 0.85, 0.6, 1.6, 1.1, 0.9, 1.0])
_BORN_OUTSIDE: Final = np.array([0.03, 0.88, 0.25, 0.55, 0.50, 0.48, 0.72, 0.68, 0.55, 0.66])
"""Adults born outside the country: white British, white other, then the other eight groups."""
_OTHER_LANGUAGE: Final = np.array([0.01, 0.72, 0.15, 0.38, 0.42, 0.48, 0.62, 0.50, 0.22, 0.60])
_HOMES_OF_OTHERS: Final = 0.55
"""Children are born outside the country so much more seldom than adults of their group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """What the people are, one entry each; `City` says what the columns mean."""

    ethnic_18: Codes
    religion: Codes
    is_disabled: Mask
    born_outside: Mask
    other_language: Mask
    non_british: Mask
    orientation: Codes
    qualification: Codes
    social_class: Codes
    nssec8: Codes
    tenure: Codes
    years_here: npt.NDArray[np.float32]
    close_friends: Codes
    propensity: npt.NDArray[np.float32]


def make_attributes(
    people: Dwellers, area: Codes, deprivation: Floats, places: Places, seed: int
) -> Attributes:
    """Draw the columns one after the other, each given those before it."""
    adult = people.age >= 16
    fine = _fine_ethnic(people, area, seed)
    origin = _origin(fine)
    born = _binary(people, area, places, seed, "born_outside", _BORN_OUTSIDE, origin)
    speaks = np.where(born, 1.15, 0.55)[:, None] * 1.0
    language = _language(people, area, places, seed, origin, speaks[:, 0])
    qualification = _qualifications(people, area, places, seed)
    social_class = np.where(
        adult,
        draw(_chance(people, seed, "class"), _rows(_CLASSES), np.maximum(qualification, 0)),
        -1,
    ).astype(np.int8)
    tenure = _tenures(people, area, places, seed)
    return Attributes(
        ethnic_18=fine,
        religion=draw_to_shares(
            _chance(people, seed, "religion"),
            _rows(_by_age(_FAITHS)),
            people.ethnic * 2 + (people.age >= 45),
            area,
            places.religion,
        ),
        is_disabled=_disabilities(people, area, deprivation, places, seed),
        born_outside=born,
        other_language=language,
        non_british=_nationalities(people, seed, origin, born),
        orientation=_orientations(people, seed),
        qualification=qualification,
        social_class=social_class,
        nssec8=_finer_classes(people, seed, social_class),
        tenure=tenure,
        years_here=_years(people, area, places, seed, tenure),
        close_friends=_friends(people, seed),
        propensity=_propensities(people, area, seed),
    )


def _chance(people: Dwellers, seed: int, name: str) -> npt.NDArray[np.float32]:
    return uniforms(seed, name, size=len(people.age))


def _rows(table: Floats) -> Floats:
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def _by_age(table: Floats) -> Floats:
    """Double the rows: younger people without a religion more often, older ones less."""
    younger, older = table.copy(), table.copy()
    younger[:, 0] *= 1.25
    older[:, 0] *= 0.7
    return np.stack([younger, older], axis=1).reshape(-1, table.shape[1])


def _fine_ethnic(people: Dwellers, area: Codes, seed: int) -> Codes:
    """Split the nine groups into those of Understanding Society's `racel_dv`."""
    chance = _chance(people, seed, "fine ethnic groups")
    british = np.where(area < codes.REST_OF_ENGLAND, 0.66, 0.93)
    white = np.select([chance < british, chance < british + 0.025], [1, 2], 4)
    mixed = 5 + np.floor(chance * 4)
    black = np.select([chance < 0.33, chance < 0.86], [14, 15], 16)
    other = np.where(chance < 0.35, 17, 97)
    fixed = np.array([0, 0, 9, 10, 11, 12, 13, 0, 0])[people.ethnic]
    return np.select(
        [people.ethnic == 0, people.ethnic == 1, people.ethnic == 7, people.ethnic == 8],
        [white, mixed, black, other],
        fixed,
    ).astype(np.int8)


def _origin(fine: Codes) -> npt.NDArray[np.int64]:
    """Number white British (0), white other (1) and the other eight groups (2 to 9)."""
    number = np.full(98, 9)
    number[[1, 2, 4]] = [0, 1, 1]
    number[5:9] = 2
    number[9:14] = [3, 4, 5, 6, 7]
    number[14:17] = 8
    return number[fine]


def _binary(
    people: Dwellers,
    area: Codes,
    places: Places,
    seed: int,
    column: str,
    adults: Floats,
    origin: npt.NDArray[np.int64],
) -> Mask:
    """Draw yes or no by origin and age so that each area meets its share."""
    yes = np.stack([adults * _HOMES_OF_OTHERS * 0.5, adults], axis=1).ravel()
    target = places.columns[column]
    drawn = draw_to_shares(
        _chance(people, seed, column),
        np.stack([1 - yes, yes], axis=1),
        origin * 2 + (people.age >= 16),
        area,
        np.stack([1 - target, target], axis=1),
    )
    return drawn.astype(np.bool_)


def _language(
    people: Dwellers,
    area: Codes,
    places: Places,
    seed: int,
    origin: npt.NDArray[np.int64],
    lift: Floats,
) -> Mask:
    yes = np.clip(
        np.stack([_OTHER_LANGUAGE * 0.3, _OTHER_LANGUAGE * 1.25], axis=1).ravel(), 0, 0.95
    )
    target = places.columns["other_language"]
    drawn = draw_to_shares(
        _chance(people, seed, "other_language"),
        np.stack([1 - yes, yes], axis=1),
        origin * 2 + (lift > 1),
        area,
        np.stack([1 - target, target], axis=1),
    )
    return drawn.astype(np.bool_)


def _nationalities(people: Dwellers, seed: int, origin: npt.NDArray[np.int64], born: Mask) -> Mask:
    """Two in three born outside the country hold no British passport; few of those born here."""
    share = np.where(born, np.where(origin == 1, 0.86, 0.50), np.where(origin >= 1, 0.07, 0.003))
    return np.asarray(_chance(people, seed, "nationality") < share)


def _orientations(people: Dwellers, seed: int) -> Codes:
    shares = np.array([[0.88, 0.03, 0.075, 0.015], [0.935, 0.033, 0.022, 0.01]])
    drawn = draw(_chance(people, seed, "orientation"), shares, (people.age >= 30).astype(np.int64))
    return np.where(people.age >= 16, drawn, -1).astype(np.int8)


def _qualifications(people: Dwellers, area: Codes, places: Places, seed: int) -> Codes:
    age = np.digitize(people.age, (25, 45, 65))
    table = _SCHOOLING[:, None, :] * np.ones((4, 9, 5))
    table[:, :, 0] *= _DEGREES
    degree, none = places.columns["degree"], places.columns["no_qualification"]
    # The shares are of working-age people; older adults hold fewer, which the factors allow for.
    degree, none = degree * 0.92, none * 1.35
    rest = 1 - degree - none
    targets = np.stack([degree, rest * 0.42, rest * 0.38, rest * 0.20, none], axis=1)
    adult = people.age >= 16
    drawn = np.full(len(adult), -1, dtype=np.int8)
    drawn[adult] = draw_to_shares(
        _chance(people, seed, "qualification")[adult],
        _rows(table.reshape(36, 5)),
        (age * 9 + people.ethnic)[adult],
        area[adult],
        targets,
    )
    under = adult & (people.age < 18)
    return np.where(under & (drawn < 2), 2, drawn).astype(np.int8)


def _finer_classes(people: Dwellers, seed: int, social_class: Codes) -> Codes:
    """Split the three classes into the eight of the classification; the last is the same."""
    chance = _chance(people, seed, "finer classes")
    higher = np.where(chance < 0.4, 1, 2)
    intermediate = np.where(chance < 0.55, 3, 4)
    routine = np.select([chance < 0.25, chance < 0.65], [5, 6], 7)
    return np.select(
        [social_class == group for group in range(4)], [higher, intermediate, routine, 8], -1
    ).astype(np.int8)


def _of_household(people: Dwellers, reference_value: npt.NDArray[np.int8]) -> Codes:
    return reference_value[people.household]


def _tenures(people: Dwellers, area: Codes, places: Places, seed: int) -> Codes:
    first = people.role == REFERENCE
    drawn = draw_to_shares(
        uniforms(seed, "tenure", size=int(first.sum())),
        _rows(_TENURES),
        np.digitize(people.age[first], (35, 50, 65)),
        area[first],
        places.tenure,
    )
    return _of_household(people, drawn)


def _disabilities(
    people: Dwellers, area: Codes, deprivation: Floats, places: Places, seed: int
) -> Mask:
    age = np.digitize(people.age, (16, 35, 50, 65, 75))
    poor = np.digitize(deprivation, (-0.5, 0.5))
    base = np.array([0.06, 0.09, 0.13, 0.21, 0.31, 0.48])[:, None] * np.array([0.75, 1.0, 1.3])
    yes = base.ravel()
    target = places.columns["disabled"]
    drawn = draw_to_shares(
        _chance(people, seed, "disability"),
        np.stack([1 - yes, yes], axis=1),
        age * 3 + poor,
        area,
        np.stack([1 - target, target], axis=1),
    )
    return drawn.astype(np.bool_)


_NEWCOMERS: Final = {"E09000033": 0.17, "E09000020": 0.15, "E09000030": 0.14, "E09000007": 0.12}
"""Adults in the borough for less than a year, where the strategy prints it."""


def _years(
    people: Dwellers, area: Codes, places: Places, seed: int, tenure: Codes
) -> npt.NDArray[np.float32]:
    """Draw years in the borough; the chance to have come lately follows tenure and borough."""
    share = places.columns["moved_in_year"] * 0.45
    for code, printed in _NEWCOMERS.items():
        share[codes.AREAS.index(code)] = printed
    first = people.role == REFERENCE
    yes = np.array([0.02, 0.04, 0.05, 0.22])
    lately = draw_to_shares(
        uniforms(seed, "newcomers", size=int(first.sum())),
        np.stack([1 - yes, yes], axis=1),
        tenure[first],
        area[first],
        np.stack([1 - share, share], axis=1),
    )[people.household]
    mean = np.array([24.0, 11.0, 14.0, 4.0])[tenure]
    chance = _chance(people, seed, "years here")[first][people.household]
    years = np.where(lately == 1, chance, np.minimum(1 - mean * np.log(chance), 80))
    return np.asarray(np.minimum(years, people.age + 0.5), dtype=np.float32)


def _friends(people: Dwellers, seed: int) -> Codes:
    chance = stream(seed, "friends")
    many = np.minimum(chance.poisson(4.2, len(people.age)), 15)
    few = chance.random(len(people.age)) < 0.03
    return np.where(people.age >= 16, np.where(few, 0, np.maximum(many, 1)), -1).astype(np.int8)


def _propensities(people: Dwellers, area: Codes, seed: int) -> npt.NDArray[np.float32]:
    """Older people answer more often, young men and Londoners less.

    Readiness follows what weights are made by, and luck: who does not answer is no puzzle that
    weights could not solve, so that intervals can be tried against the truth.
    """
    score = (
        0.45
        + 0.004 * np.minimum(people.age, 75)
        - 0.04 * ((people.sex == 1) & (people.age < 35))
        - 0.05 * (area < codes.REST_OF_ENGLAND)
        + 0.05 * stream(seed, "propensity").standard_normal(len(people.age))
    )
    return np.clip(np.where(people.role == CHILD, 0.6, score), 0.1, 0.95).astype(np.float32)
