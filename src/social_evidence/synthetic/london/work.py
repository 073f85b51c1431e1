"""Who is in work in synthetic London, so that the printed gaps of employment come out."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.answers import (
    Aim,
    Crowd,
    borough_shares,
    member,
    place_mask,
)
from social_evidence.synthetic.london.chance import Codes, Mask, uniforms
from social_evidence.synthetic.london.outcomes import OUTCOMES, Outcome
from social_evidence.synthetic.london.places import read_places

_ETHNIC_GAPS: Final = {
    "indian": 0.03,
    "pakistani": 0.24,
    "bangladeshi": 0.24,
    "black": 0.10,
    "mixed": 0.16,
    "chinese": 0.14,
    "other_asian": 0.14,
    "other": 0.14,
}
"""Behind white Londoners of working age, 2016."""
_SEX_GAP: Final = {"london": 0.14, "rest_of_england": 0.09, "rest_of_uk": 0.09}
_DISABILITY_GAP: Final = {"london": 0.27, "rest_of_england": 0.29, "rest_of_uk": 0.31}
_UNEMPLOYED: Final = {"london": 0.057, "rest_of_england": 0.047, "rest_of_uk": 0.05}
_YOUNG: Final = {"black": 0.32, "white": 0.14}
"""Unemployment of young men of London, of those in the labour market."""


class Workforce(Crowd, Protocol):
    """What this module needs to know of a city."""

    def answer(self, outcome: Outcome | str, year: float) -> Mask:
        """Return who says yes in a year."""
        ...


def employment_aims(city: Crowd, outcome: Outcome) -> list[Aim]:
    """List employment rates by borough and sex, ethnic group, disability and sex.

    Rates of groups follow from the printed gaps and the groups' own sizes, so that together they
    give the rate of all.
    """
    asked = city.applies(outcome)
    aims = _borough_rates(city, outcome, asked)
    for place in ("london", "rest_of_england", "rest_of_uk"):
        here = place_mask(city, place) & asked
        total = outcome.share_in(place)
        if place == "london":
            aims += _rates(city, here, total, "ethnic", _ETHNIC_GAPS)
        aims += _rates(city, here, total, "disability", {"disabled": _DISABILITY_GAP[place]})
        aims += _rates(city, here, total, "sex", {"female": _SEX_GAP[place]})
    return aims


def _rates(
    city: Crowd, here: Mask, total: float, column: str, behind: dict[str, float]
) -> list[Aim]:
    """Turn gaps to the best-placed group into rates that give the rate of all."""
    groups = [(member(city, column, (group,)) & here, gap) for group, gap in behind.items()]
    best = total + sum(float(mask.sum()) * gap for mask, gap in groups) / float(here.sum())
    others = here & ~np.logical_or.reduce([mask for mask, _ in groups])
    return [*((mask, best - gap) for mask, gap in groups), (others, best)]


def _borough_rates(city: Crowd, outcome: Outcome, asked: Mask) -> list[Aim]:
    places = read_places()
    aims: list[Aim] = []
    half = _SEX_GAP["london"] / 2
    for sex, column, rate in (
        ("male", "men_employed", outcome.london + half),
        ("female", "women_employed", outcome.london - half),
    ):
        mine = member(city, "sex", (sex,)) & asked
        people = np.bincount(city.area[mine], minlength=len(codes.AREAS))[:33]
        shares = borough_shares(places.columns[column][:33], people, rate, 1.0)
        aims += [((city.area == index) & mine, float(to)) for index, to in enumerate(shares)]
    return aims


def seeking_aims(city: Workforce, outcome: Outcome) -> list[Aim]:
    """List shares of those out of work who look for it, so that unemployment rates come out."""
    asked = city.applies(outcome)
    employed = city.answer("employed", outcome.year)
    young = (city.age < 25) & member(city, "sex", ("male",)) & asked & place_mask(city, "london")
    aims = [
        _looking(member(city, "ethnic", (group,)) & young, employed, rate)
        for group, rate in _YOUNG.items()
    ]
    for place, rate in _UNEMPLOYED.items():
        aims.append(_looking(place_mask(city, place) & asked, employed, rate))
    # The blocks come first, so that the rates of the young, which are printed, hold exactly.
    return [*aims[2:], *aims[:2]]


def _looking(people: Mask, employed: Mask, rate: float) -> Aim:
    out = people & ~employed
    wanted = rate / (1 - rate) * float((people & employed).sum()) / max(1.0, float(out.sum()))
    return out, min(0.95, wanted)


def activities(city: Workforce, year: float) -> Codes:
    """Return everybody's place in or out of the labour market in a year."""
    employed = city.answer(OUTCOMES["employed"], year)
    seeking = city.answer(OUTCOMES["seeking"], year) & ~employed
    luck: npt.NDArray[np.float32] = uniforms(city.seed, "activity", size=len(city.area))
    student = (city.age < 20) & (luck < 0.92) | (city.age < 25) & (luck < 0.7)
    retired = (city.age >= 65) | (city.age >= 55) & (luck < 0.07 * (city.age - 54))
    late = (city.age >= 65) & (luck < np.clip(0.32 - 0.02 * (city.age - 65.0), 0.005, 1))
    code = {name: number for number, name in enumerate(codes.ACTIVITY)}
    return np.select(
        [
            city.age < 16,
            employed | late,
            seeking,
            student,
            retired,
        ],
        [-1, code["employed"], code["unemployed"], code["student"], code["retired"]],
        code["other_inactive"],
    ).astype(np.int8)
