"""What the person files of the two labour market surveys have in common: columns and codes.

Codes that were seen in scripts are written as they are there; the others follow what the
definitions of `catalogues/london` ask to confirm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample, respond

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Columns = dict[str, object]

NO_ANSWER: Final = -8
DOES_NOT_APPLY: Final = -9
ADULT: Final = 16

GOVERNMENT_REGION: Final = np.array([0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
"""Number of a region in government files by its own in `codes.REGIONS`, from 1; 3 is not used."""

_IN_WORK: Final = codes.ACTIVITY.index("employed")
_SEEKING: Final = codes.ACTIVITY.index("unemployed")
_STATUS: Final[Mapping[str, tuple[tuple[int, float], ...]]] = {
    "employed": ((1, 0.84), (2, 0.15), (3, 0.006), (4, 0.004)),
    "unemployed": ((5, 1.0),),
    "student": ((24, 0.85), (13, 0.1), (6, 0.05)),
    "retired": ((29, 0.95), (20, 0.05)),
    "other_inactive": ((25, 0.4), (27, 0.35), (14, 0.1), (30, 0.15)),
}
"""Codes of INECAC05 and how often each stands for an activity."""
_BORN_ABROAD: Final = np.array([356, 616, 50, 566, 586, 372, 642, 388, 710, 380])
_UNITED_KINGDOM: Final = np.array([921, 921, 921, 923, 924, 922])


def answering(
    city: City, drawn: Sample, key: tuple[object, ...], *, rate: float, wave: int = 0
) -> Sample:
    """Keep whole households, by whether their reference person answers: others answer for the rest.

    Args:
        city: Synthetic London.
        drawn: People of the addresses drawn.
        key: The cohort's name.
        rate: Share of households that answer.
        wave: How often they were asked before.
    """
    responding = respond(city, drawn, key, rate=rate, wave=wave)
    first = city.is_reference_person[responding.rows]
    return drawn.take(np.isin(city.household[drawn.rows], city.household[responding.rows][first]))


def pooled(city: City, samples: Sequence[Sample]) -> Sample:
    """Put samples of several cohorts together, the people of an area weighing alike.

    Within an area every household has the same chance over all cohorts, so weights that differ by
    cohort would add nothing but noise.
    """
    joined = Sample.joined(samples)
    people = np.bincount(city.area, city.grossing)
    area = city.area[joined.rows]
    met = np.bincount(area, minlength=people.size)
    return replace(joined, weight=people[area] / met[area])


def person_columns(city: City, sample: Sample, year: float, draw: np.random.Generator) -> Columns:
    """Write down what both surveys hold of every person.

    Args:
        city: Synthetic London.
        sample: People drawn.
        year: When they were asked.
        draw: Chance, for answers that are missing and for finer codes.

    Returns:
        Column name -> values, in the order of the file.
    """
    age = city.age[sample.rows].astype(np.int64)
    child = age < ADULT
    activity = np.where(child, -1, city.activity_in(year)[sample.rows])
    return {
        "AGE": age,
        "SEX": np.where(city.sex[sample.rows] == codes.SEX.index("male"), 1, 2),
        "ETHUKEUL": unanswered(city.ethnic[sample.rows] + 1, draw, 0.004),
        "GOVTOF2": GOVERNMENT_REGION[city.region[sample.rows]],
        "INECAC05": _basic_activity(activity, draw),
        "ILODEFR": _economic_status(activity),
        "DISEA": _adults(np.where(city.is_disabled[sample.rows], 1, 2), child, draw, 0.008),
        "NSECMJ10": np.where(child, DOES_NOT_APPLY, city.nssec8[sample.rows]),
        "HIQUL15D": _qualification(city.qualification[sample.rows], child, draw),
        **_home(city.tenure[sample.rows], draw),
        "CRYOX7": _birth(city.born_outside[sample.rows], draw),
    }


def unanswered(values: npt.ArrayLike, draw: np.random.Generator, share: float) -> Codes:
    """Let a share of people give no answer."""
    own = np.asarray(values, dtype=np.int64)
    return np.where(draw.random(own.size) < share, NO_ANSWER, own)


def _adults(
    values: npt.ArrayLike, child: npt.NDArray[np.bool_], draw: np.random.Generator, share: float
) -> Codes:
    return np.where(child, DOES_NOT_APPLY, unanswered(values, draw, share))


def _economic_status(activity: npt.NDArray[np.integer]) -> Codes:
    status = np.full(activity.size, 3, dtype=np.int64)
    status[activity == _IN_WORK] = 1
    status[activity == _SEEKING] = 2
    status[activity < 0] = 4
    return status


def _basic_activity(activity: npt.NDArray[np.integer], draw: np.random.Generator) -> Codes:
    luck = draw.random(activity.size)
    status = np.full(activity.size, 34, dtype=np.int64)
    for number, name in enumerate(codes.ACTIVITY):
        known, chances = zip(*_STATUS[name], strict=True)
        edges = np.cumsum(chances)[:-1]
        own = activity == number
        status[own] = np.array(known)[np.searchsorted(edges, luck[own], side="right")]
    return status


def _qualification(
    highest: npt.NDArray[np.integer], child: npt.NDArray[np.bool_], draw: np.random.Generator
) -> Codes:
    luck = draw.random(highest.size)
    code = np.array([1, 2, 4, 5, 6])[np.maximum(highest, 0)]
    code[(code == 2) & (luck < 0.6)] = 3
    code[luck > 0.993] = 7
    return np.where(child, DOES_NOT_APPLY, code)


def _home(tenure: npt.NDArray[np.integer], draw: np.random.Generator) -> Columns:
    """Write tenure as TEN1 has it, which does not say whom rent is paid to, and the landlord."""
    luck = draw.random(tenure.size)
    owns, buys, social, private = range(4)
    ten1 = np.array([1, 2, 4, 4])[tenure]
    ten1[(tenure == buys) & (luck < 0.02)] = 3
    ten1[(tenure == private) & (luck < 0.04)] = 5
    ten1[(tenure == owns) & (luck > 0.9995)] = 6
    landlord = np.full(tenure.size, DOES_NOT_APPLY, dtype=np.int64)
    landlord[tenure == social] = np.where(luck[tenure == social] < 0.55, 1, 2)
    landlord[(tenure == private) & (ten1 == 4)] = 7
    return {"TEN1": ten1, "LLORD": landlord}


def _birth(abroad: npt.NDArray[np.bool_], draw: np.random.Generator) -> Codes:
    kingdom = draw.choice(_UNITED_KINGDOM, size=abroad.size)
    return np.where(abroad, draw.choice(_BORN_ABROAD, size=abroad.size), kingdom)
