"""Taking Part, adults: one tab-separated file a financial year.

No variable of the deposit is known for sure: every name is the definition's guess. The sample is
drawn in clusters, which the files do not show, as in the End User Licence files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london.attitudes import (
    Values,
    ethnic_five,
    of,
    unanswered,
)
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample, respond, sample_addresses, weigh
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.writing import write_delimited

SOURCE: Final = "taking_part"
WAVES: Final = tuple(f"fy{year}-{year % 100 + 1}" for year in range(2014, 2020))
ANCHORS: Final = ("fy2014-15", "fy2015-16", "fy2016-17")
"""The strategy's two years, and the one without which a pool would lack a half."""

_RESPONSE: Final = 0.53
_PEOPLE: Final = 9_000
_ENGLAND: Final = 9
"""The last region of England."""
_WHITE_FIRST: Final = np.array([3, 4, 2, 1, 5])
"""Codes of the five ethnic groups in the order of `codes.ETHNIC_FIVE`."""
_NO_ANSWER: Final = -8


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write one file a financial year.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Financial years, such as `fy2014-15`.
        size: Sizes of the samples.
    """
    return [_write_year(city, folder, wave, size) for wave in waves]


def sample_of(city: City, wave: str, size: Size) -> Sample:
    """Draw one adult at each address of England that answers.

    Args:
        city: Synthetic London.
        wave: Financial year.
        size: Sizes of the samples.

    Returns:
        People with weights of mean one.
    """
    key = ("taking_part", wave)
    england = city.region <= _ENGLAND
    addresses = sample_addresses(
        city,
        key,
        households=size.scaled(_PEOPLE / _RESPONSE),
        where=england,
        take=20,
        persons="one",
    )
    return weigh(city, respond(city, addresses, key, rate=_RESPONSE), by="region", where=england)


def _write_year(city: City, folder: Path, wave: str, size: Size) -> Path:
    people = sample_of(city, wave, size)
    start = int(wave[2:6])
    draw = city.stream("taking_part", wave, "answers")
    columns = {
        "serial": people.rows,
        "gor": of(people, city.region),
        "volunt": _volunteered(city, people, start + 0.75, draw),
        "sport4wk": 2 - of(people, city.answer("active_sport", start + 0.75)),
        "sex": 2 - of(people, city.sex),
        "age": of(people, city.age),
        "ethnic5": unanswered(_WHITE_FIRST[ethnic_five(city, people)], draw, 0.01, _NO_ANSWER),
        "disabled": unanswered(2 - of(people, city.is_disabled), draw, 0.01, _NO_ANSWER),
        "nssec3": unanswered(1 + of(people, city.social_class), draw, 0.03, _NO_ANSWER),
        "tenure": unanswered(1 + of(people, city.tenure), draw, 0.01, _NO_ANSWER),
        "religion": unanswered(1 + of(people, city.religion), draw, 0.02, _NO_ANSWER),
        f"rimweight{start % 100}": np.round(people.weight, 6),
    }
    name = f"taking_part_{start}_{start % 100 + 1}_adult.tab"
    return write_delimited(folder / "taking_part" / name, columns, separator="\t")


def _volunteered(city: City, people: Sample, year: float, draw: np.random.Generator) -> Values:
    answer = 2 - of(people, city.answer("volunteered", year))
    return unanswered(answer, draw, 0.004, -9)
