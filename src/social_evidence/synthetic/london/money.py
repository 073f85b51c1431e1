"""Incomes, housing costs, savings and help in synthetic London, in keeping with the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london.answers import Reals
from social_evidence.synthetic.london.chance import Codes, stream, uniforms
from social_evidence.synthetic.london.places import read_places

if TYPE_CHECKING:
    from social_evidence.synthetic.london.population import City

Floats = npt.NDArray[np.float64]
_EARNED: Final = np.array([640.0, 470.0, 375.0, 320.0, 375.0])
"""Pounds a week after tax by social class; the last is of no class."""
_NOT_EARNED: Final = np.array([0.0, 85.0, 95.0, 235.0, 120.0, 25.0])
"""Pounds a week by activity; the last is a child's."""
_THRESHOLD: Final = 1_500
_INCOME_GROWTH: Final = 0.022
_BASE_YEAR: Final = 2016.0
_NOBODY: Final = -8


def net_incomes(city: City) -> Reals:
    """Return net weekly income of each household, repeated on its people; a few have none."""
    size = len(city)
    luck = uniforms(city.seed, "earnings", size=size)
    spread = np.exp(0.38 * _normal(city.seed, "earnings beside", size))
    earned = _EARNED[city.social_class] * spread
    benefit = _NOT_EARNED[city.activity] * (0.7 + 0.6 * luck)
    own = np.where(city.activity == 0, earned, benefit)
    income = read_places().columns["income"]
    own *= np.sqrt(income / np.median(income))[city.area] * np.where(city.is_london, 1.0, 1.05)
    total = np.bincount(city.household, weights=own)
    nothing = uniforms(city.seed, "no income", size=len(total)) < 0.003
    return np.asarray(np.where(nothing, 0.0, np.round(total, 2))[city.household], dtype=np.float32)


def equivalised(city: City, income: Reals) -> Reals:
    """Divide by the modified OECD scale on which a couple without children is one."""
    older = city.age >= 14
    first = np.where(city.person_number == 1, 0.67, 0.33)
    weight = np.bincount(city.household, weights=np.where(older, first, 0.20))
    return np.asarray(income / weight[city.household], dtype=np.float32)


def thirds(income: Reals, weight: Reals) -> Codes:
    """Cut people into three equal parts by income."""
    order = np.argsort(income, kind="stable")
    share = np.cumsum(weight[order].astype(np.float64))
    cuts = income[order[np.searchsorted(share, share[-1] * np.array([1 / 3, 2 / 3]))]]
    return np.digitize(income, cuts).astype(np.int8)


def savings(city: City, year: float) -> Floats:
    """Return the savings of each benefit unit, repeated on its people."""
    low = city.answer("low_savings", year)
    units = int(city.benefit_unit.max()) + 1
    luck = uniforms(city.seed, "savings", size=units)[city.benefit_unit].astype(np.float64)
    more = _normal(city.seed, "savings beside", units)[city.benefit_unit]
    little = np.where(luck < 0.55, 0.0, np.floor(10 + (luck - 0.55) / 0.45 * (_THRESHOLD - 20)))
    much = np.round(_THRESHOLD + np.exp(8.9 + 1.4 * more))
    return np.where(low, little, much)


def housing(city: City, year: float) -> tuple[Floats, Floats]:
    """Return net income and housing costs; costs pass a third where it is unaffordable."""
    income = np.round(
        city.net_income.astype(np.float64) * (1 + _INCOME_GROWTH) ** (year - _BASE_YEAR), 2
    )
    dear = city.answer("housing_unaffordable", year)
    homes = int(city.household.max()) + 1
    luck = uniforms(city.seed, "housing", year, size=homes)[city.household].astype(np.float64)
    most = np.array([0.13, 0.31, 0.31, 0.32])[city.tenure]
    part = np.where(dear, 0.34 + 0.45 * luck**2, 0.02 + (most - 0.02) * luck)
    without = np.where(dear, 90.0 + 60 * luck, 0.0)
    costs = np.where(income > 0, income * part, without)
    return np.asarray(income), np.asarray(np.round(costs, 2))


def supports(city: City, year: float) -> tuple[Codes, Codes, Codes]:
    """Return how far partner, family and friends can be relied on."""
    size = len(city)
    alone = city.answer("no_one_to_rely_on", year)
    lucks = [uniforms(city.seed, "support", who, year, size=size) for who in range(3)]
    wanted = [0.75, 0.62, 0.45]
    much = [luck < share for luck, share in zip(lucks, wanted, strict=True)]
    much[0] &= city.has_partner
    nobody = ~(much[0] | much[1] | much[2])
    # Whoever has somebody but drew nobody relies on family: the answer decides, not the draw.
    much[1] |= nobody
    answers = []
    for luck, here in zip(lucks, much, strict=True):
        less = np.select([luck < 0.5, luck < 0.85], [2, 3], 4)
        answers.append(np.where(here & ~alone, 1, less))
    answers[0] = np.where(city.has_partner, answers[0], _NOBODY)
    partner, family, friends = (
        np.where(city.is_adult, answer, 0).astype(np.int8) for answer in answers
    )
    return partner, family, friends


def _normal(seed: int, name: str, size: int) -> Floats:
    return stream(seed, name).standard_normal(size)
