"""What the surveys of attitudes share: questions of their own wording, and how answers go missing.

A question that is asked in other words, on another scale or without an interviewer gets other
answers, so each has an outcome of its own: shares differ between surveys as they do in print.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.outcomes import Outcome
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample

Values = npt.NDArray[Any]

_YOUNG_LESS: Final = {"age_band": {"16_24": -0.42, "25_34": -0.48, "65_over": 0.5}}
GET_ON_ALONE: Final = Outcome(
    id="get_on_alone",
    year=2016.75,
    london=0.82,
    rest=0.812,
    effects={"age_band": {"65_over": 0.2}, "disability": {"disabled": -0.3}},
    deprivation=-0.2,
    drift=-0.004,
)
"""That people of different backgrounds get on, answered alone: Community Life Survey."""
GET_ON_LONDON: Final = Outcome(
    id="get_on_london",
    year=2018.75,
    london=0.75,
    effects={"age_band": {"65_over": 0.2}, "disability": {"disabled": -0.3}},
    deprivation=-0.2,
)
"""The same in the Survey of Londoners."""
TRUSTS_MANY: Final = Outcome(
    id="trusts_many",
    year=2016.75,
    london=0.31,
    rest=0.44,
    effects={"age_band": {"16_24": -0.6, "65_over": 0.7}, "tenure": {"social_rent": -0.6}},
    neighbourhood_spread=0.35,
    deprivation=-0.35,
)
"""That many of the people in the neighbourhood can be trusted."""
BELONGS_STRONGLY: Final = Outcome(
    id="belongs_strongly",
    year=2016.75,
    london=0.595,
    rest=0.625,
    effects=_YOUNG_LESS
    | {
        "sex": {"female": 0.08},
        "disability": {"disabled": -0.4},
        "orientation": {"gay_lesbian": -0.5, "bisexual": -0.6},
    },
    drift=-0.006,
)
"""Belonging very or fairly strongly to the neighbourhood: Community Life Survey."""
BELONGS_LOCALLY: Final = Outcome(
    id="belongs_locally", year=2018.75, london=0.74, effects=_YOUNG_LESS, drift=-0.017
)
"""The same of the local area: Survey of Londoners."""
BELONGS_TO_BOROUGH: Final = Outcome(
    id="belongs_to_borough", year=2021.75, london=0.70, effects=_YOUNG_LESS
)
"""Agreeing that one belongs to the borough: a borough's own survey."""
VOLUNTEERED_LISTED: Final = Outcome(
    id="volunteered_listed",
    year=2018.75,
    london=0.28,
    effects={
        "age_band": {"25_34": -0.2, "65_over": 0.2},
        "social_class": {"higher": 0.3, "routine": -0.5},
    },
    boroughs="volunteered",
    borough_weight=0.4,
    drift=-0.03,
)
"""Unpaid help to groups, clubs and organisations: Survey of Londoners."""

_FOUR: Final = (0.4, 1.0, 1.7)


def four_steps(city: City, outcome: Outcome | str, year: float) -> Values:
    """Return answers on a scale without a middle: 1 and 2 are a yes, 0 is not asked."""
    return city.scale(outcome, year, _FOUR)


def of_four(city: City, outcome: Outcome | str, year: float) -> Values:
    """Return answers on a scale of four of which only the first, 1, is a yes."""
    return city.scale(outcome, year, (1.0, 1.6, 1.92))


def of(people: Sample, column: npt.NDArray[Any]) -> Values:
    """Return a column of the city for the people drawn."""
    return np.asarray(column[people.rows])


def ethnic_five(city: City, people: Sample) -> Values:
    """Return the place of each person's ethnic group among `codes.ETHNIC_FIVE`."""
    return np.asarray(codes.FIVE_OF_NINE)[of(people, city.ethnic)]


def said(labels: Sequence[str], places: Values) -> Values:
    """Turn places in a list of answers, from 0, into the answers' words."""
    return np.asarray(np.array(labels, dtype=object)[places])


def one_of(draw: np.random.Generator, options: Sequence[Sequence[str]], places: Values) -> Values:
    """Turn each place into one of several words for it, by chance."""
    luck = draw.random(len(places))
    words = [said(some, (luck * len(some)).astype(np.int64)) for some in options]
    return np.choose(np.asarray(places), words)


def unanswered(values: Values, draw: np.random.Generator, share: float, code: str | int) -> Values:
    """Put a code for no answer in the place of some answers, by chance."""
    lost = draw.random(len(values)) < share
    wide = values if isinstance(code, str) else values.astype(np.int64)
    return np.where(lost, code, wide)
