"""The Survey of Londoners: one tab-separated file for 2018-19 and one for 2021-22.

No variable of the deposits is known for sure: every name is the definition's guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london.attitudes import (
    BELONGS_LOCALLY,
    GET_ON_LONDON,
    VOLUNTEERED_LISTED,
    Values,
    ethnic_five,
    four_steps,
    of,
    unanswered,
)
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample, respond, sample_addresses, weigh
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.writing import write_delimited

SOURCE: Final = "survey_of_londoners"
WAVES: Final = ("fy2018-19", "fy2021-22")

_PEOPLE: Final = {"fy2018-19": 6_601, "fy2021-22": 8_630}
_RESPONSE: Final = 0.3
_ADULTS: Final = 1.74
_WHITE_FIRST: Final = np.array([3, 4, 2, 1, 5])


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write one file a survey.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: `fy2018-19` and `fy2021-22`.
        size: Sizes of the samples.
    """
    return [_write_survey(city, folder, wave, size) for wave in waves]


def sample_of(city: City, wave: str, size: Size) -> Sample:
    """Draw all adults of London addresses that answer.

    Args:
        city: Synthetic London.
        wave: Financial year.
        size: Sizes of the samples.

    Returns:
        People with weights of mean one.
    """
    key = ("survey_of_londoners", wave)
    addresses = sample_addresses(
        city,
        key,
        households=size.scaled(_PEOPLE[wave] / (_RESPONSE * _ADULTS)),
        where=city.is_london,
        strata="area",
    )
    answered = respond(city, addresses, key, rate=_RESPONSE)
    return weigh(city, answered, by="area", where=city.is_london)


def _write_survey(city: City, folder: Path, wave: str, size: Size) -> Path:
    people = sample_of(city, wave, size)
    draw = city.stream("survey_of_londoners", wave, "answers")
    year = int(wave[2:6]) + 0.75

    def given(values: Values, share: float = 0.02) -> Values:
        return unanswered(values, draw, share, -8)

    columns = {
        "serial": people.rows,
        "cohesion": given(of(people, city.agreement(GET_ON_LONDON, year))),
        "belonglocal": given(of(people, four_steps(city, BELONGS_LOCALLY, year))),
        "volformal": given(2 - of(people, city.answer(VOLUNTEERED_LISTED, year)), 0.01),
        "lonely": given(of(people, city.loneliness(year))),
        "sex": given(2 - of(people, city.sex), 0.01),
        "ageband": given(of(people, city.age_band), 0.01),
        "ethnic5": given(_WHITE_FIRST[ethnic_five(city, people)]),
        "disability": given(2 - of(people, city.is_disabled)),
        "tenure": given(1 + of(people, city.tenure)),
        "religion": given(1 + of(people, city.religion)),
        "sexuality": given(1 + of(people, city.orientation), 0.05),
        "bornuk": given(1 + of(people, city.born_outside).astype(np.int64), 0.01),
        "activity": given(1 + of(people, city.activity_in(year))),
        "highqual": given(1 + of(people, city.qualification), 0.03),
        "weight_final": np.round(people.weight, 6),
    }
    name = f"survey_of_londoners_{wave[2:6]}_{wave[-2:]}.tab"
    return write_delimited(folder / "survey_of_londoners" / name, columns, separator="\t")
