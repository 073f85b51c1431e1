"""A borough's own residents' survey: a workbook with answers in words, and the same with codes.

Its questions are worded its own way, and one has another scale than the city's. Forty replicate
weights leave out a fortieth of the addresses each.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from social_evidence.synthetic.london import codes
from social_evidence.synthetic.london.attitudes import (
    BELONGS_TO_BOROUGH,
    TRUSTS_MANY,
    Values,
    ethnic_five,
    of,
    of_four,
    unanswered,
)
from social_evidence.synthetic.london.population import City
from social_evidence.synthetic.london.sampling import Sample, respond, sample_addresses, weigh
from social_evidence.synthetic.london.sizes import Size
from social_evidence.synthetic.london.statistical import write_sav
from social_evidence.synthetic.london.workbooks import write_xlsx

SOURCE: Final = "borough_residents_survey"
WAVES: Final = ("fy2021-22",)

_BOROUGH: Final = codes.AREAS.index("E09000023")
_PEOPLE: Final = 1_200
_RESPONSE: Final = 0.45
_LEAST: Final = 250
"""Addresses asked at least, so that every group left out by a replicate has some people."""
_GROUPS: Final = 40
_YEAR: Final = 2021.75
_ADULT: Final = 18
_DONT_KNOW, _NOT_SAID = 98, 99

_AGREE: Final = (
    *("Strongly agree", "Tend to agree", "Neither agree nor disagree"),
    *("Tend to disagree", "Strongly disagree"),
)
_LABELS: Final = {
    "Q5": _AGREE,
    "Q6": ("Many of the people", "Some of the people", "A few of the people", "None of the people"),
    "Q7": (
        *("Strongly agree", "Agree", "Neither agree nor disagree"),
        *("Disagree", "Strongly disagree"),
    ),
    "Q8": ("Yes", "No"),
    "Gender": ("Female", "Male", "In another way"),
    "Ethnicity": (
        *("Asian or Asian British", "Black or Black British", "Mixed or multiple"),
        *("White", "Another ethnic group"),
    ),
    "Disabled": ("Yes", "No"),
    "Tenure": (
        *("Own it outright", "Buying it with a mortgage"),
        *("Rent from the council or a housing association", "Rent privately"),
    ),
}
_TITLES: Final = {
    "Q5": "Local area: people from different backgrounds get on well together",
    "Q6": "How many people nearby can be trusted",
    "Q7": "I feel that I belong to this borough",
    "Q8": "Voluntary work in the last 12 months",
}


def write(city: City, folder: Path, waves: Sequence[str], size: Size) -> list[Path]:
    """Write the workbook and the file for statistical programs.

    Args:
        city: Synthetic London.
        folder: The sources folder.
        waves: `fy2021-22`, or none.
        size: Sizes of the samples.
    """
    if not waves:
        return []
    columns = _columns(city, sample_of(city, size))
    name = folder / "borough_residents_survey" / "Residents survey 2021-22"
    rows = [list(columns), *map(list, zip(*_in_words(columns).values(), strict=True))]
    labels = {
        column: {**dict(enumerate(words, start=1)), _DONT_KNOW: "Don't know"}
        | {_NOT_SAID: "Prefer not to say"}
        for column, words in _LABELS.items()
    }
    return [
        write_xlsx(name.with_name(f"{name.name}.xlsx"), {"Responses": rows}),
        write_sav(name.with_name(f"{name.name}.sav"), columns, labels=labels, titles=_TITLES),
    ]


def sample_of(city: City, size: Size) -> Sample:
    """Draw one adult at each address of the borough that answers.

    Args:
        city: Synthetic London.
        size: Sizes of the samples.

    Returns:
        People with weights that gross up to the borough's adults.
    """
    key = ("borough_residents_survey",)
    here = city.area == _BOROUGH
    addresses = sample_addresses(
        city,
        key,
        households=max(_LEAST, size.scaled(_PEOPLE / _RESPONSE)),
        where=here,
        strata="area",
        persons="one",
        minimum_age=_ADULT,
    )
    answered = respond(city, addresses, key, rate=_RESPONSE)
    return weigh(city, answered, by="area", grossing=True, minimum_age=_ADULT, where=here)


def _columns(city: City, people: Sample) -> dict[str, Values]:
    draw = city.stream("borough_residents_survey", "answers")

    def given(values: Values, share: float = 0.02) -> Values:
        return unanswered(unanswered(values, draw, share, _DONT_KNOW), draw, 0.003, _NOT_SAID)

    gender = 2 - (of(people, city.sex) == 0)
    gender[draw.random(len(people)) < 0.005] = 3
    return {
        "ID": np.arange(1, len(people) + 1),
        "Q5": given(of(people, city.agreement("backgrounds_get_on", _YEAR))),
        "Q6": given(of(people, of_four(city, TRUSTS_MANY, _YEAR))),
        "Q7": given(of(people, city.agreement(BELONGS_TO_BOROUGH, _YEAR))),
        "Q8": given(2 - of(people, city.answer("volunteered", _YEAR)), 0.01),
        "Gender": given(gender, 0.01),
        "Age": of(people, city.age).astype(np.int64),
        "Ethnicity": given(1 + ethnic_five(city, people)),
        "Disabled": given(2 - of(people, city.is_disabled)),
        "Tenure": given(1 + of(people, city.tenure)),
        "weight": np.round(people.weight, 3),
        **_replicates(people, draw),
    }


def _replicates(people: Sample, draw: np.random.Generator) -> dict[str, Values]:
    """Leave out one group of addresses in each replicate; the others stand for it."""
    group = draw.permutation(np.arange(len(people)) % _GROUPS)
    others = _GROUPS / (_GROUPS - 1)
    return {
        f"repwt{number + 1:02d}": np.round(np.where(group == number, 0, people.weight * others), 3)
        for number in range(_GROUPS)
    }


def _in_words(columns: dict[str, Values]) -> dict[str, list[object]]:
    """Put words in the place of codes, as the workbook has them."""
    told: dict[str, list[object]] = {}
    for name, values in columns.items():
        if name in _LABELS:
            words: dict[int, object] = dict(enumerate(_LABELS[name], start=1))
            words |= {_DONT_KNOW: "Don't know", _NOT_SAID: "Prefer not to say"}
            told[name] = [words[int(value)] for value in values]
        else:
            told[name] = values.tolist()
    return told
