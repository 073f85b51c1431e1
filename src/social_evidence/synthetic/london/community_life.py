"""The Community Life Survey: a file a year to 2021/22, and the enlarged one of 2023/24.

Every adult of an address may answer; the files name no address. In 2023/24 names are in capitals,
sex is coded the other way round, and every local authority has a sample of its own; the rest of
England is thinned to thirty thousand people, for nothing there is shown by local authority.
Names that the definition guesses are used here as guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.attitudes import (
    BELONGS_STRONGLY,
    GET_ON_ALONE,
    TRUSTS_MANY,
    Values,
    ethnic_five,
    four_steps,
    of,
    of_four,
    unanswered,
)
from social_evidence.synthetic.london.chance import Mask
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample, respond, sample_addresses, weigh
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.writing import write_delimited

SOURCE: Final = "community_life"
ENLARGED: Final = "fy2023-24"
WAVES: Final = tuple(f"fy{year}-{year % 100 + 1}" for year in range(2016, 2022))
ANCHORS: Final = ("fy2016-17",)

_FILES: Final = {
    "fy2016-17": "clrs_2016-17.tab",
    "fy2017-18": "clrs_2017-18_v2.tab",
    "fy2018-19": "clrs_2018-19.tab",
    "fy2019-20": "clrs_2019-20_v2.tab",
    "fy2020-21": "clrs_2020-21_v1.tab",
    "fy2021-22": "clrs_2021-22.tab",
    ENLARGED: "community_life_2023-24.tab",
}
_RESPONSE: Final = 0.35
_ADULTS: Final = 1.74
"""Adults at an address, about."""
_USUAL: Final = 10_000
_LONDON: Final = 18_000
_ELSEWHERE: Final = 30_000
_ENGLAND: Final = 9
_WHITE_FIRST: Final = np.array([3, 4, 2, 1, 5])
_TENURE: Final = np.array([3, 1, 4, 2])
"""Codes of `ZTenure` in the order of `codes.TENURE`."""
_FIVE_YEARS: Final = (18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85)
_PREFER_NOT: Final = 998


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write one file a year.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: Financial years to 2021/22, and `fy2023-24`.
        size: Sizes of the samples.
    """
    return [_write_year(city, folder, wave, size) for wave in waves]


def sample_of(city: City, wave: str, size: Size) -> Sample:
    """Draw all adults of England's addresses that answer.

    Args:
        city: Synthetic London.
        wave: Financial year.
        size: Sizes of the samples.

    Returns:
        People with weights: of mean one, and in 2023/24 that gross up to the population.
    """
    england = city.region <= _ENGLAND
    if wave == ENLARGED:
        parts = (
            _answering(city, (wave, "london"), size.scaled(_LONDON), city.is_london, areas=True),
            _answering(
                city, (wave, "elsewhere"), size.scaled(_ELSEWHERE), england & ~city.is_london
            ),
        )
        return weigh(city, Sample.joined(parts), by="area", grossing=True, where=england)
    people = _answering(city, (wave,), size.scaled(_USUAL), england)
    return weigh(city, people, by="region", where=england)


def _answering(
    city: City, key: tuple[str, ...], people: int, where: Mask, *, areas: bool = False
) -> Sample:
    """Draw addresses for about so many people who answer, as many in each area where asked."""
    named = ("community_life", *key)
    addresses = sample_addresses(
        city,
        named,
        households=people / (_RESPONSE * _ADULTS),
        where=where,
        strata="area" if areas else "region",
        equal_strata=areas,
    )
    return respond(city, addresses, named, rate=_RESPONSE)


def _write_year(city: City, folder: Path, wave: str, size: Size) -> Path:
    people = sample_of(city, wave, size)
    draw = city.stream("community_life", wave, "answers")
    if wave == ENLARGED:
        columns = _enlarged(city, people, draw)
    else:
        columns = _usual(city, people, int(wave[2:6]), draw)
    return write_delimited(folder / "community_life" / _FILES[wave], columns, separator="\t")


def _usual(city: City, people: Sample, start: int, draw: np.random.Generator) -> dict[str, Values]:
    """Give the columns of a year to 2021/22; negative codes are no answer."""
    year = start + 0.75

    def given(values: Values, share: float = 0.02) -> Values:
        return unanswered(values, draw, share, -8)

    formal = of(people, city.answer("volunteered_formal", year)).astype(np.int64)
    columns = {
        "Cserial": people.rows,
        "GOR": of(people, city.region),
        "AIntDate_year": start + (draw.random(len(people)) < 0.3),
        "sexg": given(2 - of(people, city.sex), 0.01),
        "Ragecat": given(np.minimum(of(people, city.age_band), 6), 0.01),
        "Ethnic2": given(_WHITE_FIRST[ethnic_five(city, people)]),
        "ZDisab": given(2 - of(people, city.is_disabled)),
        "rnssec3": given(1 + of(people, city.social_class), 0.05),
        "ZTenure": given(_TENURE[of(people, city.tenure)]),
        "Relig2g" if start < 2020 else "Religg": given(1 + of(people, city.religion)),
        "Zforvol": given(formal, 0.01),
        **_neighbourhood(city, people, year, given, ("STogeth", "STrust", "SBeNeigh", "LonOft")),
        "RimWeightAdult": np.round(people.weight, 6),
    }
    return {name: np.asarray(values) for name, values in columns.items()}


def _enlarged(city: City, people: Sample, draw: np.random.Generator) -> dict[str, Values]:
    """Give the columns of 2023/24."""

    def given(values: Values, share: float = 0.02) -> Values:
        return unanswered(values, draw, share, _PREFER_NOT)

    year = 2023.9
    formal = 2 - of(people, city.answer("volunteered_formal", year))
    columns = {
        "SERIAL": people.rows,
        "LAD23CD": _authorities(city, people),
        "NUMADULTS": of(people, city.adults_in_household),
        "SEX": given(1 + of(people, city.sex), 0.01),
        "AGEBAND": given(1 + np.digitize(of(people, city.age), _FIVE_YEARS), 0.01),
        "ETHNIC5": given(_WHITE_FIRST[ethnic_five(city, people)]),
        "DISABILITY": given(2 - of(people, city.is_disabled)),
        "NSSEC3": given(1 + of(people, city.social_class), 0.05),
        "TENURE": given(1 + of(people, city.tenure)),
        "RELIGION": given(1 + of(people, city.religion)),
        "SEXUALID": given(1 + of(people, city.orientation), 0.04),
        "FORVOL": given(formal, 0.01),
        **_neighbourhood(city, people, year, given, ("STOGETH", "STRUST", "SBENEIGH", "LONOFT")),
        "ADULT_WEIGHT": np.round(people.weight, 3),
    }
    return {name: np.asarray(values) for name, values in columns.items()}


def _neighbourhood(
    city: City,
    people: Sample,
    year: float,
    given: Callable[[Values], Values],
    names: Sequence[str],
) -> dict[str, Values]:
    """Give the answers about the neighbourhood, and how often people feel lonely."""
    answers = (
        four_steps(city, GET_ON_ALONE, year),
        of_four(city, TRUSTS_MANY, year),
        four_steps(city, BELONGS_STRONGLY, year),
        city.loneliness(year),
    )
    return {name: given(of(people, one)) for name, one in zip(names, answers, strict=True)}


def _authorities(city: City, people: Sample) -> Values:
    """Give the code of each person's local authority: outside London one stands for a region."""
    area, region = of(people, city.area), of(people, city.region)
    london = np.array(codes.AREAS, dtype=object)[area]
    elsewhere = np.array([f"E0600{number:04d}" for number in range(13)], dtype=object)[region]
    return np.where(area < codes.REST_OF_ENGLAND, london, elsewhere)
