"""Who is in synthetic Understanding Society: samples that join, people who leave, weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample
from social_evidence.synthetic.london.sizes import Size

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

ADDRESSES_A_POINT: Final[Mapping[str, int]] = {
    "london": 15,
    "rest_of_england": 30,
    "wales_scotland": 30,
    "northern_ireland": 30,
}
"""Frame -> addresses in a neighbourhood; outside London the made-up neighbourhoods are few."""
FIRST_RESPONSE: Final = 0.62
ATTRITION: Final = 0.045
SELF_COMPLETION: Final = 0.86
PROXY: Final = 0.03
TEMPORARY: Final = 0.03
"""Share of people who live with a sampled person and describe nobody but themselves."""
NORTHERN_IRELAND: Final = 12
_LONELY: Final = 900_000
_COMPONENT: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One of the samples the study is made of.

    Attributes:
        id: Its usual name.
        first: The wave it joined in.
        addresses: Frame -> addresses drawn, at full size.
    """

    id: str
    first: int
    addresses: Mapping[str, int]


COMPONENTS: Final = (
    Component(
        id="general",
        first=1,
        addresses={
            "london": 4_700,
            "rest_of_england": 26_000,
            "wales_scotland": 5_300,
            "northern_ireland": 1_500,
        },
    ),
    Component(
        id="british_household_panel",
        first=2,
        addresses={"london": 450, "rest_of_england": 3_200, "wales_scotland": 2_200},
    ),
    Component(
        id="ethnic_minority_boost", first=6, addresses={"london": 900, "rest_of_england": 900}
    ),
    Component(
        id="general_refreshed",
        first=14,
        addresses={"london": 500, "rest_of_england": 2_700, "wales_scotland": 500},
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """The people drawn for one component in one frame, whether or not they ever answer."""

    component: Component
    frame: str
    people: Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Interviewed:
    """The adults of one wave, a row each, in the order of their numbers.

    Attributes:
        sample: Rows of the city, strata and PSUs.
        interview: (n,) weights of the interview; 0 for proxies and temporary members.
        self_completion: (n,) weights of the self-completion; 0 as well without one.
        is_proxy: (n,) somebody else answered.
        completed: (n,) filled the self-completion in.
    """

    sample: Sample
    interview: Floats
    self_completion: Floats
    is_proxy: Bools
    completed: Bools


def issue(city: City, size: Size) -> tuple[Issued, ...]:
    """Draw every component once; nobody is drawn for two of them.

    Args:
        city: The population.
        size: How large the samples are.
    """
    frames = {
        "london": city.is_london,
        "rest_of_england": (city.region < 10) & ~city.is_london,
        "wales_scotland": (city.region == 10) | (city.region == 11),
        "northern_ireland": city.region == NORTHERN_IRELAND,
    }
    drawn = np.zeros(len(city), dtype=np.bool_)
    found = []
    for number, component in enumerate(COMPONENTS):
        for frame, addresses in component.addresses.items():
            people = city.sample_addresses(
                (f"ukhls_{component.id}", frame),
                households=size.scaled(addresses),
                where=frames[frame],
                take=ADDRESSES_A_POINT[frame],
            )
            people = _numbered(people.take(~drawn[people.rows]), number, frame)
            drawn[people.rows] = True
            found.append(Issued(component=component, frame=frame, people=people))
    return tuple(found)


def _numbered(people: Sample, number: int, frame: str) -> Sample:
    """Give each component strata of its own; in Northern Ireland each holds one PSU."""
    psu = people.psu + _COMPONENT * number
    if frame == "northern_ireland":
        return replace(people, psu=psu, stratum=_LONELY + people.psu)
    return replace(people, psu=psu, stratum=people.stratum + _COMPONENT * number)


def interviewed(city: City, issued: Sequence[Issued], wave: int) -> Interviewed:
    """Find out who answers in one wave, and weigh them.

    Args:
        city: The population.
        issued: Everybody ever drawn.
        wave: Its number, from 1.
    """
    parts = [
        city.respond(
            _as_they_answered(city, _shared(one, issued, wave), FIRST_RESPONSE),
            ("ukhls", f"wave_{wave}"),
            rate=FIRST_RESPONSE,
            wave=wave - one.component.first,
            attrition=ATTRITION,
        )
        for one in issued
        if one.component.first <= wave
    ]
    sample = Sample.joined(parts)
    sample = sample.take(np.argsort(sample.rows, kind="stable"))
    draw = city.stream("ukhls", f"wave_{wave}", "mode")
    is_proxy = draw.random(len(sample)) < PROXY
    temporary = city.stream("ukhls", "temporary").random(len(city)) < TEMPORARY
    counts = ~is_proxy & ~temporary[sample.rows]
    asked = _as_they_answered(city, sample, SELF_COMPLETION)
    answered = city.respond(asked, ("ukhls_self_completion", f"wave_{wave}"), rate=SELF_COMPLETION)
    completed = np.isin(sample.rows, answered.rows) & ~is_proxy
    return Interviewed(
        sample=sample,
        interview=_weights(city, sample, counts),
        self_completion=_weights(city, asked, counts & completed),
        is_proxy=is_proxy,
        completed=completed,
    )


def _shared(one: Issued, issued: Sequence[Issued], wave: int) -> Sample:
    """Let the components of a frame stand for it together, each by its number of people.

    Each alone would stand for the whole frame.
    """
    together = sum(
        len(other.people)
        for other in issued
        if other.frame == one.frame and other.component.first <= wave
    )
    share = len(one.people) / max(together, 1)
    return replace(one.people, weight=one.people.weight * share)


def _as_they_answered(city: City, asked: Sample, rate: float) -> Sample:
    """Weigh people up by how seldom their like answer.

    The study's own models of non-response know tenure, work, health and what was said before;
    here they know how readily each answers.
    """
    ready = city.propensity[asked.rows].astype(np.float64)
    chance = np.clip(ready * rate / ready.mean(), 0.0, 1.0)
    return replace(asked, weight=asked.weight / chance)


def _weights(city: City, sample: Sample, counts: Bools) -> Floats:
    """Weigh those who count to the population; the mean of the weights above 0 is 1."""
    weights = np.zeros(len(sample))
    own = city.weigh(sample.take(counts), by="region").weight
    weights[counts] = own / own.mean()
    return weights
